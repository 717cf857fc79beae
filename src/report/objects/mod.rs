//! What is known as JSON objects: alerts, plans, heat sources, people, the log.
//!
//! The `--json` of the command line and the answers of the API are these, so that both say the same.
//! Instants are UTC, as everywhere inside; local times are for lists that people read. Alerts, detections, fires,
//! zones and units are declared in [`super::export`], which also makes tables and features of them.

mod alerts;
mod burning;
mod heat_sources;
mod log;
mod people;
mod plans;
mod rejudged;

pub use burning::{WeatherLevelOf, weather, weather_entry};
pub use heat_sources::{
    HeatOrigin, KnownHeatSource, approved_heat_source, heat_sources, region_heat_source, suggestion,
};
pub use plans::{ImportOf, PlanActed, PlanLife, PlanOf, import, plan, plan_answer};
pub use rejudged::rejudgement;
