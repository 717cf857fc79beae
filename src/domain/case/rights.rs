//! Who may do what to a case: everything follows from the place of the acting unit in the tree.
//!
//! - Field work (acknowledge, arrive, put out, report) is for the people of the line of units on
//!   whose ground the case lies, up to the responsible unit, and for the candidates: the first
//!   assigned goes, whoever is right in the end. A higher level does it only for somebody, and
//!   names him.
//! - A finding is reviewed by the level that the configuration names, or above; never by the person
//!   or the unit that reported it, nor through an account that did, or that let that one in.
//! - Merging away what a higher level has reviewed is for that level; a case is merged into another
//!   unit's by their lowest common superior, as a dispute between them is decided.
//! - A unit that the region no longer has leaves its cases to the city, which reassigns them.
//! - A dispute is decided by the lowest common superior of both units, or above.

use super::{Act, By, CaseView, Entitled, Refusal, ReviewRules};
use crate::domain::alert::AlertState;
use crate::domain::finding::FindingKind;
use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

/// How an acting unit stands to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The responsible unit, one below it, or one the case lies in.
    Own,
    /// Strictly above the responsible unit.
    Above,
    /// A candidate, a unit the case reaches or one proposed in a dispute, or below such a one.
    Candidate,
    /// None of these.
    Foreign,
}

/// How a unit stands to a case.
#[must_use]
pub fn relation(ground: &Ground, case: &CaseView, unit: &UnitCode) -> Relation {
    let holds = |line_of: &UnitCode, wanted: &UnitCode| ground.line_of(line_of).iter().any(|u| u.code == *wanted);
    if holds(unit, &case.responsible) {
        Relation::Own
    } else if is_on_line(ground, &case.responsible, unit) {
        Relation::Above
    } else if case.others.iter().chain(&case.proposed).any(|other| holds(unit, other) || holds(other, unit)) {
        Relation::Candidate
    } else {
        Relation::Foreign
    }
}

/// The level that reviews a case's finding; that level or a higher one may.
#[must_use]
pub fn review_level(rules: ReviewRules, case: &CaseView) -> UnitLevel {
    let by_finding = match case.finding {
        Some(FindingKind::NothingFound | FindingKind::CouldNotReach | FindingKind::Reflection) => rules.nothing_found,
        _ => rules.others,
    };
    let by_verdict = if case.verdict == Some(Verdict::Banned) { rules.banned } else { rules.others };
    // The higher level of the two.
    by_finding.min(by_verdict)
}

pub(super) fn check(
    ground: &Ground,
    rules: ReviewRules,
    case: &CaseView,
    by: By<'_>,
    act: &Act,
) -> Result<(), Refusal> {
    // firegrid itself acts only through the clocks, which do not come here.
    let Some(unit) = by.actor.unit.as_ref().and_then(|code| ground.unit(code)) else {
        return refuse(case, by, act, Entitled::Person);
    };
    let relation = relation(ground, case, &unit.code);
    let is_field = matches!(relation, Relation::Own | Relation::Candidate);
    let (may, who) = match act {
        Act::Acknowledge | Act::Arrive { .. } | Act::PutOut | Act::Report { .. } => {
            (is_field || (relation == Relation::Above && by.on_behalf_of.is_some()), Entitled::Field)
        }
        Act::Dispatch { .. } => (unit.code == case.responsible || relation == Relation::Above, Entitled::Desk),
        Act::Review { .. } | Act::Rectify { .. } | Act::Close => {
            let level = review_level(rules, case);
            let may = is_on_line(ground, &case.responsible, &unit.code) && unit.level <= level;
            if may && matches!(act, Act::Review { .. }) {
                check_not_own(ground, case, by)?;
            }
            (may, Entitled::Reviewer(level))
        }
        Act::Rectified { .. } | Act::LookBack { .. } | Act::Call { .. } | Act::Keep => {
            (matches!(relation, Relation::Own | Relation::Above), Entitled::OwnOrAbove)
        }
        // Whoever could decide it has nothing to dispute: he reassigns.
        Act::Dispute { proposed } => (
            relation == Relation::Own && !decides(ground, &case.responsible, proposed, &unit.code),
            Entitled::Disputing,
        ),
        Act::Decide { .. } => {
            let proposed = case.proposed.as_ref().unwrap_or(&case.responsible);
            (decides(ground, &case.responsible, proposed, &unit.code), Entitled::CommonSuperior)
        }
        Act::Reassign { to } => (decides(ground, &case.responsible, to, &unit.code), Entitled::CommonSuperior),
        Act::Merge { .. } if case.state >= AlertState::Confirmed => {
            let level = review_level(rules, case);
            (is_on_line(ground, &case.responsible, &unit.code) && unit.level <= level, Entitled::Reviewer(level))
        }
        Act::Merge { .. } | Act::Split { .. } => (is_on_line(ground, &case.responsible, &unit.code), Entitled::Officer),
    };
    if may { Ok(()) } else { refuse(case, by, act, who) }
}

/// Whether a person may merge a case into another one: they may be two units', and then no side
/// alone decides.
///
/// # Errors
/// [`Refusal::Rights`] when somebody higher has to.
pub fn check_merge(ground: &Ground, case: &CaseView, heir: &CaseView, by: By<'_>) -> Result<(), Refusal> {
    let may = by.actor.unit.as_ref().is_some_and(|unit| decides(ground, &case.responsible, &heir.responsible, unit));
    let act = Act::Merge { into: heir.number.clone() };
    if may { Ok(()) } else { refuse(case, by, &act, Entitled::CommonSuperior) }
}

fn refuse(case: &CaseView, by: By<'_>, act: &Act, who: Entitled) -> Result<(), Refusal> {
    Err(Refusal::Rights {
        number: case.number.clone(),
        act: act.kind(),
        unit: by.actor.unit.as_ref().map_or_else(|| by.actor.name.clone(), |code| code.0.clone()),
        who,
    })
}

/// Nobody reviews himself, and no unit itself; only the city, which has nobody above, has another
/// of its people do it.
fn check_not_own(ground: &Ground, case: &CaseView, by: By<'_>) -> Result<(), Refusal> {
    let Some(finder) = &case.finder else { return Ok(()) };
    let same_unit = finder.unit == by.actor.unit;
    let is_top = by.actor.unit.as_ref().and_then(|code| ground.unit(code)).is_some_and(|unit| unit.parent.is_none());
    let reported = |name: &str| finder.name == name || case.reporters.iter().any(|reporter| reporter == name);
    let same_person = reported(&by.actor.name) || by.on_behalf_of.is_some_and(reported);
    // Two names typed into one account are one person for all that can be known.
    let same_account = by.actor.through.shares_account(&case.reporter_accounts);
    if same_person || same_account || (same_unit && !is_top) {
        return Err(Refusal::OwnFinding {
            number: case.number.clone(),
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
/// One unit is its own superior here: a township moves a case between its own cells.
fn decides(ground: &Ground, one: &UnitCode, other: &UnitCode, unit: &UnitCode) -> bool {
    is_on_line(ground, one, unit) && is_on_line(ground, other, unit)
}
