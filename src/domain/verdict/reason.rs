//! The reason of a verdict: the rule that decided, with its dates and its basis.
//!
//! Stored as JSON with every judgement. Judgements of years ago must still read: fields are
//! only added, with a default, and variants are never renamed.

use serde::{Deserialize, Serialize};

use super::matching::PlanMatch;
use super::rule::{GroundRule, OutsideRule, ZoneRule};
use crate::domain::plan::PlanId;
use crate::domain::time::{Date, DateTime};

/// The rule that decided, with its dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// A drawn zone was in force there.
    Zone(ZoneRule),
    /// City ground outside every zone in force.
    OutsideZones(OutsideRule),
    /// Limited ground that a closure turned into banned ground.
    Closure {
        /// What the closure is called.
        name: String,
        /// First local moment inside.
        from: DateTime,
        /// First local moment after.
        to: DateTime,
        /// The document it rests on.
        basis: Option<String>,
        /// What the ground is otherwise.
        ground: GroundRule,
    },
    /// Limited ground, and a burn plan that fits.
    Planned {
        /// The plan and what was compared.
        plan: Box<PlanMatch>,
        /// What the ground is.
        ground: GroundRule,
    },
    /// Limited ground, and a burn plan near that does not fit.
    OffPlan {
        /// The plan, what was compared, and what does not fit.
        plan: Box<PlanMatch>,
        /// What the ground is.
        ground: GroundRule,
    },
    /// An approved fixed source.
    HeatSource {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// From the pixel centre to the source's edge, km.
        distance_km: f64,
        /// Last day of the approval.
        expires: Date,
    },
    /// No rule in force: what was drawn there and is out of season, if anything.
    NoRule {
        /// Ids of zones that hold the point and were not in force.
        not_in_force: Vec<String>,
    },
    /// Outside the city, within the belt.
    Neighbour {
        /// Distance to the city, km.
        distance_km: f64,
        /// Width of the belt, km.
        belt_km: f64,
    },
}

impl Reason {
    /// The burn plan that decided, whether it fits or not.
    #[must_use]
    pub fn plan(&self) -> Option<&PlanId> {
        match self {
            Self::Planned { plan, .. } | Self::OffPlan { plan, .. } => Some(&plan.plan),
            _ => None,
        }
    }
}

impl From<GroundRule> for Reason {
    fn from(rule: GroundRule) -> Self {
        match rule {
            GroundRule::Zone(zone) => Self::Zone(zone),
            GroundRule::OutsideZones(outside) => Self::OutsideZones(outside),
        }
    }
}
