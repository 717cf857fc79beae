//! Export documents: detections, fires, alerts, units and zones as `GeoJSON`, CSV, JSON or XLSX.
//!
//! One row builder per noun ([`rows`]) feeds one writer per format ([`mod@write`]), so that the
//! command line, the API and every format say the same. Pure: rows in, bytes out; which rows
//! is the caller's business. Other lists go through [`sheet`] with heads of their own.

mod cases;
mod counts;
pub mod features;
mod plans;
mod rows;
pub mod sheet;
mod write;

use geojson::Geometry;
use serde_json::{Map, Value};

use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::store::CaseCount;
use crate::store::query::{AlertRow, DetectionRow, FireRow};
pub use sheet::SheetError;

/// The form of an export document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 7946: a feature collection, longitude first, WGS-84.
    GeoJson,
    /// RFC 4180 with a header line; UTF-8 without a byte order mark.
    Csv,
    /// A JSON array of flat objects, without outlines.
    Json,
    /// A workbook of one sheet, with the columns of CSV.
    Xlsx,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::GeoJson, Self::Csv, Self::Json, Self::Xlsx];

    /// The word of the command line and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
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
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Which heads a table for the office has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heads {
    /// Our names, as everywhere else.
    Names,
    /// The words of the office.
    Chinese,
}

impl Heads {
    /// The heads of a word of the command line.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "names" => Some(Self::Names),
            "chinese" => Some(Self::Chinese),
            _ => None,
        }
    }
}

/// One exported thing: its shape on the ground and its named values.
struct Row {
    /// Where it is; `None` where the thing has no shape.
    geometry: Option<Geometry>,
    /// The values, in the order of the columns.
    values: Map<String, Value>,
}

/// What a document holds, before it has a form.
struct Table {
    /// What it is a table of, in the plural.
    name: &'static str,
    /// Names of the values; the header line of a document without rows too.
    columns: &'static [&'static str],
    rows: Vec<Row>,
}

impl Table {
    fn write(self, format: Format) -> Result<Vec<u8>, SheetError> {
        match format {
            Format::GeoJson => Ok(write::geojson(self).into_bytes()),
            Format::Csv => Ok(write::csv(&self).into_bytes()),
            Format::Json => Ok(write::json(&self).into_bytes()),
            Format::Xlsx => sheet::workbook(&write::sheet(&self)),
        }
    }
}

/// The document of some detections.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn detections(rows: &[DetectionRow], format: Format) -> Result<Vec<u8>, SheetError> {
    Table { name: "detections", columns: rows::DETECTION, rows: rows.iter().map(rows::detection).collect() }
        .write(format)
}

/// The document of some fires.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn fires(rows: &[FireRow], format: Format) -> Result<Vec<u8>, SheetError> {
    Table { name: "fires", columns: rows::FIRE, rows: rows.iter().map(rows::fire).collect() }.write(format)
}

/// The document of some alerts.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn alerts(rows: &[AlertRow], format: Format) -> Result<Vec<u8>, SheetError> {
    Table { name: "alerts", columns: rows::ALERT, rows: rows.iter().map(rows::alert).collect() }.write(format)
}

/// The problem list (问题清单).
///
/// In CSV and XLSX with Chinese heads: office column order, names for codes, local times. Otherwise the
/// document of [`alerts`], which programs read.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn cases(ground: &Ground, rows: &[AlertRow], heads: Heads, format: Format) -> Result<Vec<u8>, SheetError> {
    match (heads, format) {
        (Heads::Chinese, Format::Csv | Format::Xlsx) => cases::table(ground, rows).write(format),
        _ => alerts(rows, format),
    }
}

/// The office's counts of cases as a sheet, for [`sheet::csv`] or [`sheet::workbook`].
///
/// With Chinese heads names stand for codes and the last row is the total; with our names there is none,
/// so that programs may add up a column.
#[must_use]
pub fn case_counts(ground: &Ground, counts: &[CaseCount], heads: Heads) -> sheet::Sheet {
    counts::sheet(ground, counts, heads)
}

/// The objects of [`alerts`] as JSON, for a document that holds more than them.
#[must_use]
pub fn alert_objects(rows: &[AlertRow]) -> Vec<Value> {
    rows.iter().map(|row| Value::Object(rows::alert(row).values)).collect()
}

/// The document of the units of a region version; units without outline have no geometry.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn units(ground: &Ground, format: Format) -> Result<Vec<u8>, SheetError> {
    let rows = ground.data().units.iter().map(|unit| rows::unit(ground, unit)).collect();
    Table { name: "units", columns: rows::UNIT, rows }.write(format)
}

/// The document of the zones of a region version, with whether each is in force on a local day.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn zones(ground: &Ground, day: Date, format: Format) -> Result<Vec<u8>, SheetError> {
    let rows = ground.data().zones.iter().map(|zone| rows::zone(ground, zone, day)).collect();
    Table { name: "zones", columns: rows::ZONE, rows }.write(format)
}

/// The document of some burn plans, in office column order.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn burn_plans(
    ground: &Ground,
    plans: &[StandingPlan],
    heads: Heads,
    format: Format,
) -> Result<Vec<u8>, SheetError> {
    let rows = plans.iter().map(|standing| plans::row(ground, standing, heads)).collect();
    Table { name: "burn_plans", columns: plans::columns(heads), rows }.write(format)
}
