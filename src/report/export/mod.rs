//! Export documents: detections, fires, alerts, units and zones as `GeoJSON`, CSV or JSON.
//!
//! One row builder per noun ([`rows`]) feeds one writer per format ([`write`]), so that the
//! command line, the API and every format say the same. Pure: rows in, text out; which rows
//! is the caller's business.

pub mod plans;
mod rows;
mod write;

use serde_json::{Map, Value};

use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::store::query::{AlertRow, DetectionRow, FireRow};

/// The form of an export document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 7946: a feature collection, longitude first, WGS-84.
    GeoJson,
    /// RFC 4180 with a header line; UTF-8 without a byte order mark.
    Csv,
    /// A JSON array of flat objects, without outlines.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::GeoJson, Self::Csv, Self::Json];

    /// The word of the command line and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The format of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The media type of a document of this format.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// One exported thing: its shape on the ground and its named values.
struct Row {
    /// A `GeoJSON` geometry, or `null` where the thing has none.
    geometry: Value,
    /// The values, in the order of the columns.
    values: Map<String, Value>,
}

/// What a document holds, before it has a form.
struct Table {
    /// Names of the values; the header line of a document without rows too.
    columns: &'static [&'static str],
    rows: Vec<Row>,
}

impl Table {
    fn write(&self, format: Format) -> String {
        match format {
            Format::GeoJson => write::geojson(self),
            Format::Csv => write::csv(self),
            Format::Json => write::json(self),
        }
    }
}

/// The document of some detections.
#[must_use]
pub fn detections(rows: &[DetectionRow], format: Format) -> String {
    Table { columns: rows::DETECTION, rows: rows.iter().map(rows::detection).collect() }.write(format)
}

/// The document of some fires.
#[must_use]
pub fn fires(rows: &[FireRow], format: Format) -> String {
    Table { columns: rows::FIRE, rows: rows.iter().map(rows::fire).collect() }.write(format)
}

/// The document of some alerts.
#[must_use]
pub fn alerts(rows: &[AlertRow], format: Format) -> String {
    Table { columns: rows::ALERT, rows: rows.iter().map(rows::alert).collect() }.write(format)
}

/// The objects of [`alerts`] as JSON, for a document that holds more than them.
#[must_use]
pub fn alert_objects(rows: &[AlertRow]) -> Vec<Value> {
    rows.iter().map(|row| Value::Object(rows::alert(row).values)).collect()
}

/// The document of the units of a region version; units without outline have no geometry.
#[must_use]
pub fn units(ground: &Ground, format: Format) -> String {
    let rows = ground.data().units.iter().map(|unit| rows::unit(ground, unit)).collect();
    Table { columns: rows::UNIT, rows }.write(format)
}

/// The document of the zones of a region version, with whether each is in force on a local day.
#[must_use]
pub fn zones(ground: &Ground, day: Date, format: Format) -> String {
    let rows = ground.data().zones.iter().map(|zone| rows::zone(ground, zone, day)).collect();
    Table { columns: rows::ZONE, rows }.write(format)
}

/// The document of some burn plans, in office column order.
#[must_use]
pub fn burn_plans(ground: &Ground, plans: &[StandingPlan], heads: plans::Heads, format: Format) -> String {
    let rows = plans.iter().map(|standing| plans::row(ground, standing, heads)).collect();
    Table { columns: heads.columns(), rows }.write(format)
}
