//! Why an act on a plan is refused.

use super::{MAX_AREA_MU, PlanAct};
use crate::domain::named::named;
use crate::domain::plan::PlanStatus;
use crate::domain::time::{TimeZone, Timestamp};
use crate::domain::unit::UnitLevel;

/// Why an act is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BurningRefusal {
    /// The plan's status does not allow it.
    #[error("plan {plan} is {}, which does not allow that it is {}", .status.name(), .act.event().name())]
    Status {
        /// The plan.
        plan: String,
        /// Where it stands.
        status: PlanStatus,
        /// What was asked for.
        act: PlanAct,
    },
    /// The acting unit does not answer for the plan's ground.
    #[error("{actor} acts for {unit}, which is neither {of} nor above it")]
    NotAbove {
        /// Who.
        actor: String,
        /// The unit acted for.
        unit: String,
        /// The plan's unit.
        of: String,
    },
    /// The acting unit is of too low a level.
    #[error("{unit} is a {}, and a plan is {} by a unit of {} level or above", .found.name(), .act.event().name(), .needed.name())]
    Level {
        /// What was asked for.
        act: PlanAct,
        /// Lowest level that may.
        needed: UnitLevel,
        /// The level of the acting unit.
        found: UnitLevel,
        /// The acting unit.
        unit: String,
    },
    /// The applicant or the responsible person reviews himself.
    #[error(
        "{actor}, or the account in use, applied for plan {plan} or answers for its burning: somebody else has to \
         review it"
    )]
    OwnPlan {
        /// Who.
        actor: String,
        /// The plan.
        plan: String,
    },
    /// The unit does not exist in the region version in use.
    #[error("there is no unit {0} in the region version in use")]
    NoUnit(String),
    /// A value cannot be right.
    #[error(transparent)]
    Value(#[from] BadValue),
}

/// A value that cannot be right; moments are local minutes.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the names of the fields say it, and the error in the line above")]
pub enum BadValue {
    #[error("a plan id has 1 to 64 characters")]
    Id,
    #[error("the window ends at {to}, not after its start {from}")]
    EmptyWindow { from: String, to: String },
    #[error("the window {from} to {to} is in no believable year, expected {first} to {last}")]
    Year { from: String, to: String, first: i16, last: i16 },
    #[error("nobody is named who answers for the burning")]
    NobodyResponsible,
    #[error("the {} is {mu} mu, expected more than 0 and at most {MAX_AREA_MU}", .of.name())]
    Area { of: Area, mu: f64 },
    #[error("the claimed time {claimed} does not fit the server's {now}: at most 72 hours may be made up for")]
    Claim { claimed: String, now: String },
    #[error("an order from {from} to {to} is none: it ends after it begins and lasts 24 hours at most")]
    OrderSpan { from: String, to: String },
    #[error("the time ordered ended at {0}; no order is given for the past")]
    PastOrder(String),
    #[error("the order leaves the plan's window, {from} to {to}")]
    OutsideWindow { from: String, to: String },
    #[error("order {id} ({from} to {to}) stands already: take it back first")]
    Overlap { id: i64, from: String, to: String },
    #[error("no order can be taken back: they were lit, are over or were taken back")]
    NothingToTakeBack,
    #[error("that order cannot be taken back (lit, over, taken back or not of this plan); possible: {}", ids(.possible))]
    NotToTakeBack { possible: Vec<i64> },
    #[error("several orders stand, name one: {}", ids(.0))]
    WhichOrder(Vec<i64>),
    #[error("no order runs at {at} ({}): it must not be lit", spans(.orders, " to "))]
    NoOrderRuns { at: String, orders: Vec<(String, String)> },
    #[error("{at} is outside the plan's window, {from} to {to}: it must not be lit")]
    LitOutsideWindow { at: String, from: String, to: String },
}

named! {
    /// Which area.
    pub enum Area {
        Planned = "planned area",
        Burnt = "burnt area",
    }
}

/// Ids of orders in a row; 0 where there is none.
#[must_use]
pub fn ids(orders: &[i64]) -> String {
    let ids: Vec<_> = orders.iter().map(ToString::to_string).collect();
    if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }
}

/// Spans in a row, with a word between the ends of each.
#[must_use]
pub fn spans(spans: &[(String, String)], to: &str) -> String {
    spans.iter().map(|(from, until)| format!("{from}{to}{until}")).collect::<Vec<_>>().join(", ")
}

/// An instant as office people write it: local date and minute.
#[must_use]
pub fn local_minute(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}
