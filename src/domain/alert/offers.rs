//! Which acts a person may do to an alert now: what a page offers, so that no button is refused.
//!
//! Nothing is decided here a second time: each act is tried on [`check`] with the simplest content it can have.
//! Merging and splitting need another alert or some pixels to be chosen first and are not offered.

use super::{Act, ActKind, AlertView, By, Effect, ReviewRules, allowed_in, check};
use crate::domain::actor::Actor;
use crate::domain::finding::{Finding, FindingKind, Review};
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;

/// In whose name an act is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InNameOf {
    /// The own one, or another's.
    Anybody,
    /// Only another's, who has to be named (代签收).
    Another,
}

/// An act that is open to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub kind: ActKind,
    /// In whose name.
    pub in_name_of: InNameOf,
}

/// The acts that a person may do now and that change something, in the order of [`ActKind::ALL`].
///
/// Whoever has arrived need not acknowledge any more, and late facts are taken but not asked for.
#[must_use]
pub fn acts_open_to(ground: &Ground, rules: ReviewRules, alert: &AlertView, actor: &Actor) -> Vec<Offer> {
    let units = other_units(ground, alert);
    let is_moot = |kind: &ActKind| *kind == ActKind::Acknowledge && alert.on_site_at.is_some();
    let allowed = allowed_in(alert.state).into_iter().filter(|kind| !is_moot(kind));
    allowed
        .filter_map(|kind| {
            let simplest = simplest(alert, kind, &units);
            let opens = |on_behalf_of| {
                let by = By { actor, on_behalf_of };
                simplest.iter().any(|act| is_open(ground, rules, alert, by, act))
            };
            if opens(None) {
                Some(Offer { kind, in_name_of: InNameOf::Anybody })
            } else if opens(Some("")) {
                Some(Offer { kind, in_name_of: InNameOf::Another })
            } else {
                None
            }
        })
        .collect()
}

/// Whether an act would be taken now and change something.
#[must_use]
pub fn is_open(ground: &Ground, rules: ReviewRules, alert: &AlertView, by: By<'_>, act: &Act) -> bool {
    matches!(check(ground, rules, alert, by, act), Ok(Effect::Moves(_) | Effect::Notes))
}

/// Units that an alert may be said to belong to, without the one that has it.
///
/// # Shape
/// The likeliest first: candidates and units the fire reaches, then the siblings of the owner, then those of the units
/// above it; each once.
#[must_use]
pub fn other_units(ground: &Ground, alert: &AlertView) -> Vec<UnitCode> {
    let mut units: Vec<UnitCode> = Vec::new();
    let mut add = |code: &UnitCode| {
        if *code != alert.owner && ground.unit(code).is_some() && !units.contains(code) {
            units.push(code.clone());
        }
    };
    alert.others.iter().chain(&alert.proposed).for_each(&mut add);
    // A desk has siblings and cells of its own.
    ground.children(&alert.owner).for_each(|unit| add(&unit.code));
    for unit in ground.line_of(&alert.owner) {
        let siblings = unit.parent.iter().flat_map(|parent| ground.children(parent));
        siblings.for_each(|unit| add(&unit.code));
    }
    units
}

/// The contents of an act that are tried: it is open when one of them is taken.
fn simplest(alert: &AlertView, kind: ActKind, units: &[UnitCode]) -> Vec<Act> {
    let text = String::new;
    match kind {
        ActKind::Dispatch => vec![Act::Dispatch { to: text(), unit: alert.responsible.clone() }],
        ActKind::Acknowledge => vec![Act::Acknowledge],
        ActKind::Arrive => vec![Act::Arrive { position: None }],
        ActKind::PutOut => vec![Act::PutOut],
        ActKind::Report => vec![Act::Report { finding: bare_finding(FindingKind::CouldNotReach) }],
        ActKind::Review => vec![Act::Review { review: Review::Confirmed }],
        ActKind::Rectify => vec![Act::Rectify { by: Date::MAX, document_number: None }],
        ActKind::Rectified => vec![Act::Rectified { result: text(), handed_over_to: None }],
        ActKind::Close => vec![Act::Close],
        ActKind::LookBack => vec![Act::LookBack { is_clean: true }],
        ActKind::Dispute => units.iter().map(|unit| Act::Dispute { proposed: unit.clone() }).collect(),
        ActKind::Decide => vec![Act::Decide { accepted: false }],
        ActKind::Reassign => units.iter().map(|unit| Act::Reassign { to: unit.clone() }).collect(),
        ActKind::Call => vec![Act::Call { whom: text(), answered: true }],
        ActKind::Keep => vec![Act::Keep],
        ActKind::Merge | ActKind::Split => Vec::new(),
    }
}

/// A finding that says no more than its kind.
#[must_use]
pub fn bare_finding(kind: FindingKind) -> Finding {
    Finding { kind, burnt_mu: None, material: None, action: None, put_out_at: None, position: None, photos: Vec::new() }
}
