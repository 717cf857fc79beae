//! What an office has to mend in its lists of people: units nobody holds, people who run out, days without a shift.

use serde::Serialize;

use super::{Answer, answerable};
use crate::domain::ground::Ground;
use crate::domain::time::{Date, SignedDuration};
use crate::domain::unit::{Role, Unit, UnitCode, UnitLevel};

/// People whose last day is at most this far away are told; a month is the time a new list takes.
pub const RUNS_OUT_WITHIN_DAYS: i32 = 30;

/// Days looked at for shifts, today the first.
pub const ROSTER_DAYS: i32 = 7;

/// A unit, as lists name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedUnit {
    /// Level.
    pub level: UnitLevel,
    /// Code.
    pub code: UnitCode,
    /// Chinese name.
    pub name: String,
}

impl From<&Unit> for NamedUnit {
    fn from(unit: &Unit) -> Self {
        Self { level: unit.level, code: unit.code.clone(), name: unit.name.clone() }
    }
}

/// A unit nobody holds, and who answers instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unheld {
    /// The unit.
    #[serde(flatten)]
    pub unit: NamedUnit,
    /// Level, unit and name of the one who answers; `None` when nobody does up to the city.
    pub answered_by: Option<Stand>,
}

/// Who answers instead, without telephone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stand {
    /// The unit the person holds.
    #[serde(flatten)]
    pub unit: NamedUnit,
    /// The person.
    pub person: String,
}

/// A person who runs out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunsOut {
    /// The unit.
    #[serde(flatten)]
    pub unit: NamedUnit,
    /// The person.
    pub person: String,
    /// What he or she does there.
    pub role: Role,
    /// Last day, inclusive.
    pub last_day: Date,
}

/// A day on which no shift of a desk begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoShift {
    /// The unit whose desk it is.
    #[serde(flatten)]
    pub unit: NamedUnit,
    /// The local day.
    pub day: Date,
}

/// What has to be mended, as of a local day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The day.
    pub day: Date,
    /// Units in all.
    pub units: usize,
    /// People who hold a unit that day.
    pub people: usize,
    /// Units that nobody holds, in the order of the file.
    pub without_holder: Vec<Unheld>,
    /// People whose last day is near, the nearest first.
    pub running_out: Vec<RunsOut>,
    /// Units that have no outline, in the order of the file.
    pub without_outline: Vec<NamedUnit>,
    /// Desks of the roster, and the days of the coming week on which none of their shifts begins.
    pub desks: usize,
    /// Those days, by desk.
    pub without_shift: Vec<NoShift>,
    /// How many of the people who hold a unit have no telephone; they are counted, not named.
    pub without_phone: usize,
}

/// Looks over people, outlines and roster of the whole region as of a local day.
#[must_use]
pub fn review(ground: &Ground, day: Date) -> Review {
    review_of(ground, day, |_| true)
}

/// As [`review`], of the units that are wanted.
#[must_use]
pub fn review_of(ground: &Ground, day: Date, is_wanted: impl Fn(&UnitCode) -> bool) -> Review {
    let data = ground.data();
    let holding = || data.people.iter().filter(|holder| is_wanted(&holder.unit_code) && holder.holds_on(day));
    let units: Vec<&Unit> = data.units.iter().filter(|unit| is_wanted(&unit.code)).collect();
    let desks: Vec<&Unit> = units.iter().copied().filter(|unit| ground.has_roster(&unit.code)).collect();
    let mut running_out = running_out(ground, day);
    running_out.retain(|person| is_wanted(&person.unit.code));
    Review {
        day,
        units: units.len(),
        people: holding().count(),
        without_holder: units.iter().filter_map(|unit| unheld(ground, unit, day)).collect(),
        running_out,
        without_outline: units
            .iter()
            .filter(|unit| unit.outline.is_none())
            .map(|unit| NamedUnit::from(*unit))
            .collect(),
        desks: desks.len(),
        without_shift: desks.iter().flat_map(|unit| days_without_shift(ground, unit, day)).collect(),
        without_phone: holding().filter(|holder| holder.phone.is_none()).count(),
    }
}

fn unheld(ground: &Ground, unit: &Unit, day: Date) -> Option<Unheld> {
    if ground.people_of(&unit.code).any(|holder| holder.holds_on(day)) {
        return None;
    }
    let stand = |answer: Answer| Stand {
        unit: NamedUnit { level: answer.level, code: answer.code, name: answer.name },
        person: answer.person.name,
    };
    Some(Unheld { unit: unit.into(), answered_by: answerable(ground, &unit.code, day).answer.map(stand) })
}

fn running_out(ground: &Ground, day: Date) -> Vec<RunsOut> {
    let near = day.saturating_add(SignedDuration::from_hours(24 * i64::from(RUNS_OUT_WITHIN_DAYS)));
    let mut found: Vec<RunsOut> = ground
        .data()
        .people
        .iter()
        .filter(|holder| holder.holds_on(day))
        .filter_map(|holder| {
            let last_day = holder.valid_to.filter(|last| *last <= near)?;
            let unit = ground.unit(&holder.unit_code)?.into();
            Some(RunsOut { unit, person: holder.name.clone(), role: holder.role, last_day })
        })
        .collect();
    found.sort_by(|a, b| a.last_day.cmp(&b.last_day).then_with(|| a.unit.code.cmp(&b.unit.code)));
    found
}

fn days_without_shift(ground: &Ground, unit: &Unit, first: Date) -> Vec<NoShift> {
    let days = (0..ROSTER_DAYS).map(|n| first.saturating_add(SignedDuration::from_hours(24 * i64::from(n))));
    days.filter(|day| !ground.shift_begins_on(&unit.code, *day)).map(|day| NoShift { unit: unit.into(), day }).collect()
}
