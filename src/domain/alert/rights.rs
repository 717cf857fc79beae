//! Who may do what to an alert: everything follows from the place of the acting unit in the tree.
//!
//! - Field work (acknowledge, arrive, put out, report) is for the people of the line of units on
//!   whose ground the alert lies, up to the responsible unit, and for the candidates: the first
//!   assigned goes, whoever is right in the end. A higher level does it only for somebody, and
//!   names him.
//! - A finding is reviewed by the level that the configuration names, or above; never by the person
//!   or the unit that reported it, nor through an account that did, or that let that one in.
//! - Merging away what a higher level has reviewed is for that level; an alert is merged into another
//!   unit's by their lowest common superior, as a dispute between them is decided.
//! - A unit that the region no longer has leaves its alerts to the city, which reassigns them.
//! - A dispute is decided by the lowest common superior of both units, or above.

use super::{Act, AlertView, By, Entitled, Refusal, ReviewRules};
use crate::domain::alert::AlertState;
use crate::domain::finding::FindingKind;
use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

/// How an acting unit stands to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The responsible unit, one below it, or one the alert lies in.
    Own,
    /// Strictly above the responsible unit.
    Above,
    /// A candidate, a unit the alert reaches or one proposed in a dispute, or below such a one.
    Candidate,
    /// None of these.
    Foreign,
}

/// How a unit stands to an alert.
#[must_use]
pub fn relation(ground: &Ground, alert: &AlertView, unit: &UnitCode) -> Relation {
    let holds = |line_of: &UnitCode, wanted: &UnitCode| ground.line_of(line_of).iter().any(|u| u.code == *wanted);
    if holds(unit, &alert.responsible) {
        Relation::Own
    } else if is_on_line(ground, &alert.responsible, unit) {
        Relation::Above
    } else if alert.others.iter().chain(&alert.proposed).any(|other| holds(unit, other) || holds(other, unit)) {
        Relation::Candidate
    } else {
        Relation::Foreign
    }
}

/// The level that reviews an alert's finding; that level or a higher one may.
#[must_use]
pub fn review_level(rules: ReviewRules, alert: &AlertView) -> UnitLevel {
    let by_finding = match alert.finding {
        Some(FindingKind::NothingFound | FindingKind::CouldNotReach | FindingKind::Reflection) => rules.nothing_found,
        _ => rules.others,
    };
    let by_verdict = if alert.verdict == Some(Verdict::Banned) { rules.banned } else { rules.others };
    // The higher level of the two.
    by_finding.min(by_verdict)
}

pub(super) fn check(
    ground: &Ground,
    rules: ReviewRules,
    alert: &AlertView,
    by: By<'_>,
    act: &Act,
) -> Result<(), Refusal> {
    // firegrid itself acts only through the clocks, which do not come here.
    let Some(unit) = by.actor.unit.as_ref().and_then(|code| ground.unit(code)) else {
        return refuse(alert, by, act, Entitled::Person);
    };
    let relation = relation(ground, alert, &unit.code);
    let is_field = matches!(relation, Relation::Own | Relation::Candidate);
    let (may, who) = match act {
        Act::Acknowledge | Act::Arrive { .. } | Act::PutOut | Act::Report { .. } => {
            (is_field || (relation == Relation::Above && by.on_behalf_of.is_some()), Entitled::Field)
        }
        Act::Dispatch { .. } => (unit.code == alert.responsible || relation == Relation::Above, Entitled::Desk),
        Act::Review { .. } | Act::Rectify { .. } | Act::Close => {
            let level = review_level(rules, alert);
            let may = is_on_line(ground, &alert.responsible, &unit.code) && unit.level <= level;
            if may && matches!(act, Act::Review { .. }) {
                check_not_own(ground, alert, by)?;
            }
            (may, Entitled::Reviewer(level))
        }
        Act::Rectified { .. } | Act::LookBack { .. } | Act::Call { .. } | Act::Keep => {
            (matches!(relation, Relation::Own | Relation::Above), Entitled::OwnOrAbove)
        }
        // Whoever could decide it has nothing to dispute: he reassigns.
        Act::Dispute { proposed } => (
            relation == Relation::Own && !decides(ground, &alert.responsible, proposed, &unit.code),
            Entitled::Disputing,
        ),
        Act::Decide { .. } => {
            let proposed = alert.proposed.as_ref().unwrap_or(&alert.responsible);
            (decides(ground, &alert.responsible, proposed, &unit.code), Entitled::CommonSuperior)
        }
        Act::Reassign { to } => (decides(ground, &alert.responsible, to, &unit.code), Entitled::CommonSuperior),
        Act::Merge { .. } if alert.state >= AlertState::Confirmed => {
            let level = review_level(rules, alert);
            (is_on_line(ground, &alert.responsible, &unit.code) && unit.level <= level, Entitled::Reviewer(level))
        }
        Act::Merge { .. } | Act::Split { .. } => {
            (is_on_line(ground, &alert.responsible, &unit.code), Entitled::Officer)
        }
    };
    if may { Ok(()) } else { refuse(alert, by, act, who) }
}

/// Whether a person may merge an alert into another one: they may be two units', and then no side
/// alone decides.
///
/// # Errors
/// [`Refusal::Rights`] when somebody higher has to.
pub fn check_merge(ground: &Ground, alert: &AlertView, heir: &AlertView, by: By<'_>) -> Result<(), Refusal> {
    let may = by.actor.unit.as_ref().is_some_and(|unit| decides(ground, &alert.responsible, &heir.responsible, unit));
    let act = Act::Merge { into: heir.number.clone() };
    if may { Ok(()) } else { refuse(alert, by, &act, Entitled::CommonSuperior) }
}

fn refuse(alert: &AlertView, by: By<'_>, act: &Act, who: Entitled) -> Result<(), Refusal> {
    Err(Refusal::Rights {
        number: alert.number.clone(),
        act: act.kind(),
        unit: by.actor.unit.as_ref().map_or_else(|| by.actor.name.clone(), |code| code.0.clone()),
        who,
    })
}

/// Nobody reviews himself, and no unit itself; only the city, which has nobody above, has another
/// of its people do it.
fn check_not_own(ground: &Ground, alert: &AlertView, by: By<'_>) -> Result<(), Refusal> {
    let Some(finder) = &alert.finder else { return Ok(()) };
    let same_unit = finder.unit == by.actor.unit;
    let is_top = by.actor.unit.as_ref().and_then(|code| ground.unit(code)).is_some_and(|unit| unit.parent.is_none());
    let reported = |name: &str| finder.name == name || alert.reporters.iter().any(|reporter| reporter == name);
    let same_person = reported(&by.actor.name) || by.on_behalf_of.is_some_and(reported);
    // Two names typed into one account are one person for all that can be known.
    let same_account = by.actor.through.shares_account(&alert.reporter_accounts);
    if same_person || same_account || (same_unit && !is_top) {
        return Err(Refusal::OwnFinding {
            number: alert.number.clone(),
            finder: finder.name.clone(),
            finder_unit: finder.unit.as_ref().map(|code| code.0.clone()).unwrap_or_default(),
        });
    }
    Ok(())
}

/// Whether a unit is another one or stands above it. Above a unit that is no more stands the city alone.
fn is_on_line(ground: &Ground, of: &UnitCode, unit: &UnitCode) -> bool {
    if ground.unit(of).is_none() {
        return ground.top().is_some_and(|top| top.code == *unit);
    }
    ground.line_of(of).iter().any(|above| above.code == *unit)
}

/// Whether a unit is the lowest common superior of two, or above it.
///
/// One unit is its own superior here: a township moves an alert between its own cells.
fn decides(ground: &Ground, one: &UnitCode, other: &UnitCode, unit: &UnitCode) -> bool {
    is_on_line(ground, one, unit) && is_on_line(ground, other, unit)
}
