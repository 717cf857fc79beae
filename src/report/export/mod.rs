//! Export documents: detections, fires, alerts, units and zones as `GeoJSON`, CSV, JSON or XLSX.
//!
//! One declaration per noun ([`rows`]) feeds one writer per format ([`mod@write`]), so that the
//! command line, the API, its document and every format say the same. Pure: rows in, bytes out; which rows
//! is the caller's business. Other lists go through [`sheet`] with heads of their own.

mod counts;
mod plans;
mod problem_list;
mod rows;
pub mod sheet;
mod write;

use geojson::{Feature, Geometry};
use serde_json::Value;

use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::report::typed::Typed;
use crate::store::AlertCount;
use crate::store::query::{AlertRow, DetectionRow, FireRow};
pub use rows::{Placed, UnitOf, ZoneOf};
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

/// One line of a table.
struct Line {
    /// Where the thing is; `None` where it has no shape.
    geometry: Option<Geometry>,
    /// The values, in the order of the heads.
    values: Vec<Value>,
}

/// What a document holds, before it has a form.
struct Table {
    /// What it is a table of, in the plural.
    name: &'static str,
    /// Names of the values; the header line of a document without rows too.
    heads: Vec<&'static str>,
    lines: Vec<Line>,
}

impl Table {
    /// The table of some things.
    fn of<R: Placed>(name: &'static str, rows: impl Iterator<Item = R>) -> Self {
        let lines = rows.map(|row| Line { geometry: row.geometry(), values: row.values() });
        Self { name, heads: R::COLUMNS.to_vec(), lines: lines.collect() }
    }

    fn write(self, format: Format) -> Result<Vec<u8>, SheetError> {
        match format {
            Format::GeoJson => Ok(write::geojson(self).into_bytes()),
            Format::Csv => Ok(write::csv(&self).into_bytes()),
            Format::Json => Ok(write::json(self).into_bytes()),
            Format::Xlsx => sheet::workbook(&write::sheet(self)),
        }
    }
}

/// The feature of a thing, for answers that hand them out page by page.
#[must_use]
pub fn feature<R: Placed>(row: &R) -> Feature {
    Feature { geometry: row.geometry(), properties: Some(row.object()), ..Feature::default() }
}

/// The document of some detections.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn detections(rows: &[DetectionRow], format: Format) -> Result<Vec<u8>, SheetError> {
    Table::of("detections", rows.iter()).write(format)
}

/// The document of some fires.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn fires(rows: &[FireRow], format: Format) -> Result<Vec<u8>, SheetError> {
    Table::of("fires", rows.iter()).write(format)
}

/// The document of some alerts.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn alerts(rows: &[AlertRow], format: Format) -> Result<Vec<u8>, SheetError> {
    Table::of("alerts", rows.iter()).write(format)
}

/// The problem list (问题清单).
///
/// In CSV and XLSX with Chinese heads: office column order, names for codes, local times. Otherwise the
/// document of [`alerts`], which programs read.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn listed_alerts(ground: &Ground, rows: &[AlertRow], heads: Heads, format: Format) -> Result<Vec<u8>, SheetError> {
    match (heads, format) {
        (Heads::Chinese, Format::Csv | Format::Xlsx) => problem_list::table(ground, rows).write(format),
        _ => alerts(rows, format),
    }
}

/// The office's counts of alerts as a sheet, for [`sheet::csv`] or [`sheet::workbook`].
///
/// With Chinese heads names stand for codes and the last row is the total; with our names there is none,
/// so that programs may add up a column.
#[must_use]
pub fn alert_counts(ground: &Ground, counts: &[AlertCount], heads: Heads) -> sheet::Sheet {
    counts::sheet(ground, counts, heads)
}

/// The objects of [`alerts`] as JSON, for a document that holds more than them.
#[must_use]
pub fn alert_objects(rows: &[AlertRow]) -> Vec<Value> {
    rows.iter().map(Typed::json).collect()
}

/// The document of the units of a region version; units without outline have no geometry.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn units(ground: &Ground, format: Format) -> Result<Vec<u8>, SheetError> {
    let units = ground.data().units.iter();
    Table::of("units", units.map(|unit| UnitOf { ground, unit })).write(format)
}

/// The document of the zones of a region version, with whether each is in force on a local day.
///
/// # Errors
/// [`SheetError`], of workbooks only.
pub fn zones(ground: &Ground, day: Date, format: Format) -> Result<Vec<u8>, SheetError> {
    let zones = ground.data().zones.iter();
    Table::of("zones", zones.map(|zone| ZoneOf { ground, zone, day })).write(format)
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
    plans::table(ground, plans, heads).write(format)
}
