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

use super::{Act, By, CaseView, Refusal, ReviewRules};
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
        return refuse(case, by, act, "a person acting for a unit", "须由代表某一责任单位的人员办理");
    };
    let relation = relation(ground, case, &unit.code);
    let is_field = matches!(relation, Relation::Own | Relation::Candidate);
    let (may, who, who_zh) = match act {
        Act::Acknowledge | Act::Arrive { .. } | Act::PutOut | Act::Report { .. } => (
            is_field || (relation == Relation::Above && by.on_behalf_of.is_some()),
            "the people of the responsible unit and the candidates; a higher level names whom it acts for (--for)",
            "责任单位及可能涉及单位的人员；上级代办须写明被代办人（--for）",
        ),
        Act::Dispatch { .. } => (
            unit.code == case.responsible || relation == Relation::Above,
            "the responsible unit's desk and the levels above",
            "责任单位值班室及其上级",
        ),
        Act::Review { .. } | Act::Rectify { .. } | Act::Close => {
            let level = review_level(rules, case);
            let may = is_on_line(ground, &case.responsible, &unit.code) && unit.level <= level;
            if may && matches!(act, Act::Review { .. }) {
                check_not_own(ground, case, by)?;
            }
            (may, level_words(level).0, level_words(level).1)
        }
        Act::Rectified { .. } | Act::LookBack { .. } | Act::Call { .. } | Act::Keep => (
            matches!(relation, Relation::Own | Relation::Above),
            "the responsible unit and the levels above",
            "责任单位及其上级",
        ),
        // Whoever could decide it has nothing to dispute: he reassigns.
        Act::Dispute { proposed } => (
            relation == Relation::Own && !decides(ground, &case.responsible, proposed, &unit.code),
            "the responsible unit and those below it, where a unit above them decides; your own units you reassign",
            "责任单位及其下级，且须由其上级裁定；本单位内部请用改派",
        ),
        Act::Decide { .. } => {
            let proposed = case.proposed.as_ref().unwrap_or(&case.responsible);
            (decides(ground, &case.responsible, proposed, &unit.code), COMMON.0, COMMON.1)
        }
        Act::Reassign { to } => (decides(ground, &case.responsible, to, &unit.code), COMMON.0, COMMON.1),
        Act::Merge { .. } if case.state >= AlertState::Confirmed => {
            let level = review_level(rules, case);
            (
                is_on_line(ground, &case.responsible, &unit.code) && unit.level <= level,
                level_words(level).0,
                level_words(level).1,
            )
        }
        Act::Merge { .. } | Act::Split { .. } => (
            is_on_line(ground, &case.responsible, &unit.code),
            "an officer of the responsible unit or above",
            "责任单位或其上级的人员",
        ),
    };
    if may { Ok(()) } else { refuse(case, by, act, who, who_zh) }
}

/// Whether a person may merge a case into another one: they may be two units', and then no side
/// alone decides.
///
/// # Errors
/// [`Refusal::Rights`] when somebody higher has to.
pub fn check_merge(ground: &Ground, case: &CaseView, heir: &CaseView, by: By<'_>) -> Result<(), Refusal> {
    let may = by.actor.unit.as_ref().is_some_and(|unit| decides(ground, &case.responsible, &heir.responsible, unit));
    let act = Act::Merge { into: heir.number.clone() };
    if may { Ok(()) } else { refuse(case, by, &act, COMMON.0, COMMON.1) }
}

const COMMON: (&str, &str) = ("the lowest common superior of both units, or above", "双方的最低共同上级及以上");

fn refuse(case: &CaseView, by: By<'_>, act: &Act, who: &str, who_zh: &str) -> Result<(), Refusal> {
    Err(Refusal::Rights {
        number: case.number.clone(),
        act: act.kind(),
        unit: by.actor.unit.as_ref().map_or_else(|| by.actor.name.clone(), |code| code.0.clone()),
        who: who.to_owned(),
        who_zh: who_zh.to_owned(),
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

fn level_words(level: UnitLevel) -> (&'static str, &'static str) {
    match level {
        UnitLevel::City => ("the city", "市级"),
        UnitLevel::County => ("the county or the city above the case", "案件所在县区或市级"),
        UnitLevel::Township => ("the township, the county or the city above the case", "案件所在乡镇、县区或市级"),
        UnitLevel::Village | UnitLevel::Hamlet | UnitLevel::Grid => {
            ("a unit of the review level above the case", "案件所在的审核层级单位")
        }
    }
}
