//! Who may approve, hand over, renew and end a fixed heat source, and for how long.
//!
//! A heat source silences alarms, so a person answers for each: approval has a unit that watches
//! over it and an expiry, and never reaches back before the day it was given. The store asks here
//! before it writes; the sources of the region's file are the operator's and are not changed here.

use serde::Serialize;

use super::actor::Actor;
use super::ground::Ground;
use super::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape, MAX_RADIUS_M};
use super::named::named;
use super::position::Position;
use super::time::{Date, SignedDuration, Timestamp};
use super::unit::{UnitCode, UnitLevel};

/// How an installation approves fixed sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovalRules {
    /// The lowest level that may decide, for units on its own line.
    pub level: UnitLevel,
    /// Longest approval or renewal, days from today. A source that was torn down must not silence for years.
    pub longest_days: u32,
    /// An approval that ends within this many days is listed as expiring soon.
    pub soon_days: u32,
}

impl Default for ApprovalRules {
    fn default() -> Self {
        // A year is one round of both burning seasons; a month is time for a visit and a signature.
        Self { level: UnitLevel::County, longest_days: 366, soon_days: 30 }
    }
}

/// A source to be approved.
#[derive(Debug, Clone, PartialEq)]
pub struct NewHeatSource {
    /// Name; no two sources in force share one.
    pub name: String,
    /// Kind.
    pub kind: HeatSourceKind,
    /// Centre.
    pub centre: Position,
    /// Radius, metres.
    pub radius_m: f64,
    /// The unit that watches over it.
    pub unit: UnitCode,
    /// The person there, where one is named.
    pub watched_by: Option<String>,
    /// Last day, inclusive.
    pub expires: Date,
}

/// A source approved in firegrid, as recorded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ApprovedHeatSource {
    /// Id, `HS-YYYYMMDD-N` by the day of approval.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HeatSourceKind,
    /// Centre.
    pub centre: Position,
    /// Radius, metres.
    pub radius_m: f64,
    /// The unit that watches over it.
    pub unit: UnitCode,
    /// The person there, where one is named.
    pub watched_by: Option<String>,
    /// Who approved it.
    pub approved_by: String,
    /// Local day of approval, inclusive.
    pub approved_on: Date,
    /// Last local day, inclusive.
    pub expires: Date,
    /// When it was approved, server time.
    pub approved_at: Timestamp,
    /// The local day on which it was taken back; that day it counts no more.
    pub ended_on: Option<Date>,
}

impl ApprovedHeatSource {
    /// The source as judging sees it.
    #[must_use]
    pub fn source(&self) -> HeatSource {
        // Silence is the greater harm: on the day of its end it excuses nothing.
        let before_end = self.ended_on.map(|day| day.yesterday().unwrap_or(Date::MIN));
        HeatSource {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind,
            shape: HeatSourceShape::Circle { centre: self.centre, radius_m: self.radius_m },
            approved_by: self.approved_by.clone(),
            approved_on: self.approved_on,
            expires: before_end.map_or(self.expires, |day| day.min(self.expires)),
        }
    }

    /// Where its approval stands on a day.
    #[must_use]
    pub fn standing(&self, today: Date, rules: &ApprovalRules) -> HeatStanding {
        if self.ended_on.is_some() { HeatStanding::Ended } else { HeatStanding::of(&self.source(), today, rules) }
    }
}

/// Where an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeatStanding {
    /// 即将到期: in force, and to be renewed or let go.
    ExpiresSoon,
    /// 有效
    InForce,
    /// 未生效: approved from a later day on.
    NotYet,
    /// 已到期
    Expired,
    /// 已终止: taken back.
    Ended,
}

impl HeatStanding {
    /// Where the approval of a source stands on a day.
    #[must_use]
    pub fn of(source: &HeatSource, today: Date, rules: &ApprovalRules) -> Self {
        if today < source.approved_on {
            Self::NotYet
        } else if source.expires < today {
            Self::Expired
        } else if source.expires <= days_after(today, rules.soon_days) {
            Self::ExpiresSoon
        } else {
            Self::InForce
        }
    }
}

/// What may be done with an approved source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeatAct {
    /// 移交: another unit, and person, watches over it.
    HandOver {
        /// The unit.
        unit: UnitCode,
        /// The person there, where one is named.
        watched_by: Option<String>,
    },
    /// 续期
    Renew {
        /// The new last day, inclusive.
        expires: Date,
    },
    /// 终止, before its expiry.
    End {
        /// Why.
        why: String,
    },
}

/// Why an act on heat sources is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HeatRefusal {
    /// firegrid itself, or somebody acting for no unit.
    #[error("a heat source silences alarms: only a person acting for a unit may decide on one")]
    NoPerson,
    /// The unit is unknown.
    #[error("there is no unit {0} in this region")]
    NoUnit(UnitCode),
    /// The acting unit is too low, or not above the unit that watches.
    #[error("{actor} may not decide for {unit}: that takes {unit}'s own line at {} level or above", level.name())]
    NoRight {
        /// The acting unit.
        actor: UnitCode,
        /// The unit that watches over the source.
        unit: UnitCode,
        /// The level that decides.
        level: UnitLevel,
    },
    /// The text is empty.
    #[error("the {} is empty: the record needs it", field.name())]
    Empty {
        /// Which.
        field: HeatField,
    },
    /// The radius is not one.
    #[error("the radius is {0} m, expected more than 0 and at most {MAX_RADIUS_M} m")]
    Radius(f64),
    /// The last day is not after today, or too far away.
    #[error(
        "the last day is {expires}, expected one from {first} to {last}: approvals are short and renewed after a look"
    )]
    Expiry {
        /// The day asked for.
        expires: Date,
        /// First day allowed.
        first: Date,
        /// Last day allowed.
        last: Date,
    },
    /// The name is taken.
    #[error("{name:?} is in force already as {id}: renew that one, or give this one a name of its own")]
    NameTaken {
        /// The name.
        name: String,
        /// Who has it.
        id: String,
    },
    /// No such source.
    #[error("there is no heat source {0} approved in firegrid; those of the region's file are changed there")]
    Unknown(String),
    /// It is over.
    #[error("heat source {id} is over since {since}: approve it anew after a look, an approval does not reach back")]
    Over {
        /// The source.
        id: String,
        /// The first day it no longer counted.
        since: Date,
    },
}

named! {
    /// What an approval has to say.
    pub enum HeatField {
        Name = "name",
        Reason = "reason",
    }
}

/// Whether somebody may approve a source today.
///
/// # Errors
/// The first [`HeatRefusal`] that applies.
pub fn may_approve(
    ground: &Ground,
    rules: &ApprovalRules,
    actor: &Actor,
    draft: &NewHeatSource,
    today: Date,
) -> Result<(), HeatRefusal> {
    may_decide(ground, rules, actor, &draft.unit)?;
    if draft.name.trim().is_empty() {
        return Err(HeatRefusal::Empty { field: HeatField::Name });
    }
    if !(draft.radius_m > 0.0 && draft.radius_m <= MAX_RADIUS_M) {
        return Err(HeatRefusal::Radius(draft.radius_m));
    }
    check_expiry(rules, draft.expires, today, today)
}

/// Whether somebody may do something with an approved source today.
///
/// # Errors
/// The first [`HeatRefusal`] that applies.
pub fn may_act(
    ground: &Ground,
    rules: &ApprovalRules,
    actor: &Actor,
    source: &ApprovedHeatSource,
    act: &HeatAct,
    today: Date,
) -> Result<(), HeatRefusal> {
    may_decide(ground, rules, actor, &source.unit)?;
    if !source.source().is_approved_on(today) {
        let since = source.ended_on.unwrap_or_else(|| days_after(source.expires, 1));
        return Err(HeatRefusal::Over { id: source.id.clone(), since });
    }
    match act {
        HeatAct::HandOver { unit, .. } if ground.unit(unit).is_none() => Err(HeatRefusal::NoUnit(unit.clone())),
        HeatAct::Renew { expires } => check_expiry(rules, *expires, days_after(source.expires, 1), today),
        HeatAct::End { why } if why.trim().is_empty() => Err(HeatRefusal::Empty { field: HeatField::Reason }),
        HeatAct::HandOver { .. } | HeatAct::End { .. } => Ok(()),
    }
}

/// The acting unit must stand on the watching unit's line, at the deciding level or above.
fn may_decide(ground: &Ground, rules: &ApprovalRules, actor: &Actor, unit: &UnitCode) -> Result<(), HeatRefusal> {
    let Some(acting) = &actor.unit else { return Err(HeatRefusal::NoPerson) };
    if ground.unit(unit).is_none() {
        return Err(HeatRefusal::NoUnit(unit.clone()));
    }
    // Levels fall as they grow: a lesser level is a higher unit.
    let may = ground.line_of(unit).iter().any(|above| above.code == *acting && above.level <= rules.level);
    if may {
        Ok(())
    } else {
        Err(HeatRefusal::NoRight { actor: acting.clone(), unit: unit.clone(), level: rules.level })
    }
}

fn check_expiry(rules: &ApprovalRules, expires: Date, first: Date, today: Date) -> Result<(), HeatRefusal> {
    let last = days_after(today, rules.longest_days);
    if (first..=last).contains(&expires) { Ok(()) } else { Err(HeatRefusal::Expiry { expires, first, last }) }
}

fn days_after(day: Date, days: u32) -> Date {
    day.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Date::MAX)
}
