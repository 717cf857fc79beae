//! What does not fit between a fire and a burn plan.
//!
//! Found by [`super::matching`]; stored with the judgement, so every misfit carries its numbers
//! and its dates in local time.

use serde::{Deserialize, Serialize};

use crate::domain::calendar::PermittedHours;
use crate::domain::ground::Ground;
use crate::domain::plan::{BurnOrder, PlanStatus};
use crate::domain::policy::WeatherLevel;
use crate::domain::time::{DateTime, Time, Timestamp};

/// A day's order, in local time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSpan {
    /// Its id.
    pub id: i64,
    /// First moment inside.
    pub from: DateTime,
    /// First moment after.
    pub to: DateTime,
    /// When it had been taken back, if it was when the fire was seen.
    pub withdrawn_at: Option<DateTime>,
}

impl OrderSpan {
    /// The span of an order as it was known at a moment.
    pub(super) fn of(order: &BurnOrder, at: Timestamp, ground: &Ground) -> Self {
        let local = |instant| ground.local_moment(instant);
        let withdrawn_at = order.withdrawn_at.filter(|withdrawn| *withdrawn <= at).map(local);
        Self { id: order.id, from: local(order.from), to: local(order.to), withdrawn_at }
    }
}

/// What came only after the fire was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateWhat {
    /// The plan itself was received.
    Plan,
    /// The plan was approved.
    Approval,
    /// The order was issued.
    Order,
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "misfit", rename_all = "snake_case")]
pub enum Misfit {
    /// The fire is off the plot.
    Plot {
        /// From the pixel centre to the plot or unit, km; `None` when that is not drawn.
        distance_km: Option<f64>,
        /// Half a pixel, km.
        tolerance_km: f64,
    },
    /// The fire is outside the plan's window.
    Window {
        /// When the fire was seen, local.
        at: DateTime,
        /// First local moment of the window.
        from: DateTime,
        /// First local moment after it.
        to: DateTime,
    },
    /// The fire is outside the permitted hours.
    Hour {
        /// When the fire was seen, local.
        at: Time,
        /// The permitted hours.
        hours: PermittedHours,
    },
    /// The burn weather forbade it.
    Weather {
        /// The level of the place and day.
        weather: WeatherLevel,
        /// The highest level permitted.
        max: u8,
    },
    /// No order of the day was running.
    NoOrder {
        /// The order nearest in time that was known then, if there was any.
        nearest: Option<OrderSpan>,
    },
    /// Plan, approval or order came only after the fire was seen.
    Late {
        /// What came late.
        what: LateWhat,
        /// When it came, local.
        at: DateTime,
    },
    /// The plan was only applied for, or refused.
    NotApproved {
        /// Where it stood: applied or refused.
        status: PlanStatus,
    },
    /// Too much of the footprint is banned ground.
    BanShare {
        /// The share, 0..1.
        share: f64,
    },
}

impl Misfit {
    /// The word used in JSON and API.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Plot { .. } => "plot",
            Self::Window { .. } => "window",
            Self::Hour { .. } => "hour",
            Self::Weather { .. } => "weather",
            Self::NoOrder { .. } => "no_order",
            Self::Late { .. } => "late",
            Self::NotApproved { .. } => "not_approved",
            Self::BanShare { .. } => "ban_share",
        }
    }

    /// Its place in a list of misfits.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Plot { .. } => 0,
            Self::Window { .. } => 1,
            Self::Hour { .. } => 2,
            Self::Weather { .. } => 3,
            Self::NoOrder { .. } => 4,
            Self::Late { .. } => 5,
            Self::NotApproved { .. } => 6,
            Self::BanShare { .. } => 7,
        }
    }
}
