//! Whose clock it is: the holder of a cell, the desk that reviews, decides, or hears of a missed one.

use super::{AlertView, ReviewRules, review_level};
use crate::domain::chain::answerable;
use crate::domain::clock::next_desk;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};

/// Whose clock an alert's is: its owner's, or that of the first unit above it that somebody holds. A vacant cell
/// keeps nobody waiting.
pub(super) fn holder_of(ground: &Ground, alert: &AlertView, now: Timestamp) -> UnitCode {
    let found = answerable(ground, &alert.owner, ground.local_day(now));
    found.answer.map_or_else(|| alert.owner.clone(), |answer| answer.code)
}

/// The unit of a level above another, or the lowest one higher up; the city for a unit that is no more.
fn desk_at(ground: &Ground, below: &UnitCode, level: UnitLevel) -> UnitCode {
    let line = ground.line_of(below);
    let desk = line.iter().find(|unit| unit.level <= level).or(line.last()).copied().or(ground.top());
    desk.map_or_else(|| below.clone(), |unit| unit.code.clone())
}

/// The desk one level up that hears of a missed clock; `None` at the ceiling. A unit that the region no longer has
/// leaves it to the unit that answers for the alert, or to the city.
pub(super) fn desk_above(ground: &Ground, alert: &AlertView, from: &UnitCode, ceiling: UnitLevel) -> Option<UnitCode> {
    if ground.unit(from).is_some() {
        return next_desk(ground, from, ceiling);
    }
    let responsible = ground.unit(&alert.responsible).or(ground.top());
    responsible.map(|unit| unit.code.clone())
}

/// The lowest unit above (or equal to) both.
pub(super) fn common_superior(ground: &Ground, one: &UnitCode, other: &UnitCode) -> UnitCode {
    let line = ground.line_of(other);
    let common = ground.line_of(one).into_iter().find(|unit| line.iter().any(|above| above.code == unit.code));
    let common = common.or(ground.top());
    common.map_or_else(|| one.clone(), |unit| unit.code.clone())
}

/// The desk that reviews an alert's finding.
#[must_use]
pub fn review_desk(ground: &Ground, rules: ReviewRules, alert: &AlertView) -> UnitCode {
    desk_at(ground, &alert.responsible, review_level(rules, alert))
}
