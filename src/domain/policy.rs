//! What decides beside the region version: burn plans, weather levels entered by people, heat
//! sources approved in firegrid, and the tolerances of judging.
//!
//! The store loads a [`Policy`] for the time it judges; [`super::verdict::judge`] takes from it
//! only what was known at the moment of acquisition.

use serde::{Deserialize, Serialize};

use super::calendar::BurnWeather;
use super::ground::{Ground, RegionData};
use super::heat_source::HeatSource;
use super::plan::BurnPlan;
use super::time::{Date, Timestamp};
use super::unit::UnitCode;

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

/// The burn-weather level that held at a place and moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeatherLevel {
    /// The unit it was given for.
    pub unit: UnitCode,
    /// The local day.
    pub date: Date,
    /// 1 suitable to 4 strictly forbidden.
    pub level: u8,
    /// A person entered it in firegrid; otherwise the region's file gives it.
    pub entered: bool,
}

/// What decides beside the region version.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Tolerances.
    pub plan_rules: PlanRules,
    /// Plans whose window may matter, by id.
    pub plans: Vec<BurnPlan>,
    /// Levels entered by people, oldest first.
    pub weather: Vec<EnteredWeather>,
    /// Heat sources approved in firegrid.
    pub heat_sources: Vec<HeatSource>,
}

impl Policy {
    /// The policy of the region's files alone, with the usual tolerances: what holds where no
    /// database has taken up the plans.
    #[must_use]
    pub fn from_region(data: &RegionData) -> Self {
        Self { plans: data.burn_plans.clone(), ..Self::default() }
    }

    /// The burn-weather level that a fire acquired at a moment in a unit stood under: of the
    /// nearest unit upwards that has one for the local day. What a person had entered by then
    /// beats the file; what was entered later binds nothing.
    #[must_use]
    pub fn weather_at(&self, ground: &Ground, unit: &UnitCode, at: Timestamp) -> Option<WeatherLevel> {
        let date = ground.local_day(at);
        ground.line_of(unit).into_iter().find_map(|above| {
            let entered = self.entered_level(&above.code, date, at);
            let level = entered.or_else(|| ground.burn_weather_level(&above.code, date))?;
            Some(WeatherLevel { unit: above.code.clone(), date, level, entered: entered.is_some() })
        })
    }

    /// The last level entered for a unit and day by a moment; of one instant the last in the list.
    fn entered_level(&self, unit: &UnitCode, date: Date, at: Timestamp) -> Option<u8> {
        self.weather
            .iter()
            .filter(|entry| entry.entered_at <= at && entry.weather.date == date && entry.weather.unit_code == *unit)
            .max_by_key(|entry| entry.entered_at)
            .map(|entry| entry.weather.level)
    }
}
