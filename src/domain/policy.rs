//! What decides beside the region version: burn plans, weather levels entered by people, heat
//! sources approved in firegrid, and the tolerances of judging.
//!
//! The store loads a [`Policy`] for the time it judges; [`super::verdict::judge`] takes from it
//! only what was known at the moment of acquisition.

use super::calendar::BurnWeather;
use super::heat_source::HeatSource;
use super::plan::BurnPlan;
use super::time::Timestamp;

/// Tolerances of matching fires with burn plans.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanRules {
    /// A plan whose plot is farther from the pixel centre than half a pixel, but not farther
    /// than this, km, is near: the fire is off plan, not unplanned.
    pub near_km: f64,
    /// A plan whose window begins or ended at most this many hours away is near.
    pub near_hours: u32,
    /// Burning needs the day's order, not only an approved plan.
    pub need_order: bool,
}

impl Default for PlanRules {
    fn default() -> Self {
        // Two kilometres: a VIIRS pixel at the swath edge and a field track. Three days: a plan
        // moved by weather is still the same plan in people's minds.
        Self { near_km: 2.0, near_hours: 72, need_order: true }
    }
}

/// A burn-weather level as a person entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredWeather {
    /// The level, its unit and day.
    pub weather: BurnWeather,
    /// When it was entered, server time; it binds nobody before.
    pub entered_at: Timestamp,
    /// Who entered it.
    pub entered_by: String,
}

/// What decides beside the region version.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Tolerances.
    pub plans_rules: PlanRules,
    /// Plans whose window may matter, by id.
    pub plans: Vec<BurnPlan>,
    /// Levels entered by people, oldest first.
    pub weather: Vec<EnteredWeather>,
    /// Heat sources approved in firegrid.
    pub heat_sources: Vec<HeatSource>,
}
