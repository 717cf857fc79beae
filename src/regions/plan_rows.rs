//! Reads a file of burn plans that somebody imports: rows, checked by themselves.
//!
//! The same columns as the region's `burn_plans.csv`, but the times of approval are not believed:
//! the server dates what it learns here ([`crate::store`] holds the rows against what is known).
//! Times are local, in the region's zone. Called by `firegrid plans import` and the API.

use std::collections::BTreeMap;

use super::faults::Faults;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::manifest::{FileEntry, Section};
use super::plot;
use super::table::{self, Row};
use crate::config::Fault;
use crate::domain::burning::{ImportRow, MAX_AREA_MU};
use crate::domain::datum::Datum;
use crate::domain::ground::Ground;
use crate::domain::plan::{PlanApplication, PlanId, PlanStatus};
use crate::domain::time::{self, TimeZone, Timestamp};
use crate::domain::unit::UnitCode;
use crate::words::file_faults::all_glossed;
use crate::words::{Label, region_files as said};

const REQUIRED: [&str; 6] = ["plan_id", "unit_code", "window_start", "window_end", "area_mu", "responsible"];
const OPTIONAL: [&str; 6] = ["approver", "approved_at", "status", "plot", "note", "burnt_mu"];

/// Code of the faults about the values of a plan; the message has its own Chinese half.
const BAD_VALUE: &str = "plan_value";

/// The code of a plot whose datum nobody named.
pub const DATUM_MISSING: &str = "datum_missing";

/// What a spreadsheet takes for the beginning of a formula; exports put a quote before it.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The rows of a file of plans, and what whoever imports it should know.
#[derive(Debug)]
pub struct PlanRows {
    /// The plans, in the order of the file.
    pub rows: Vec<ImportRow>,
    /// Columns that were not read, rows that stand twice.
    pub warnings: Vec<Fault>,
}

/// Reads a file of plans, CSV or XLSX; `datum` is that of its plots, and may be left out where no row has one.
///
/// # Errors
/// Every fault of every row; then no row is good for anything.
pub fn read_file(file: &str, bytes: &[u8], datum: Option<Datum>, ground: &Ground) -> Result<PlanRows, Vec<Fault>> {
    let entry = datum.map(|datum| FileEntry { section: Section::BurnPlans, path: file.to_owned(), datum });
    let plots = entry.as_ref().map(|entry| GeometryReader::new(entry, Some(ground.data().extent)));
    let mut faults = Faults::default();
    let rows = read(file, bytes, ground, plots, &mut faults);
    let warnings = all_glossed(faults.take_warnings());
    if faults.is_empty() { Ok(PlanRows { rows, warnings }) } else { Err(all_glossed(faults.into_list())) }
}

/// Reads the rows; `plots` reads their outlines, `None` when no datum was declared.
fn read(
    file: &str,
    bytes: &[u8],
    ground: &Ground,
    mut plots: Option<GeometryReader<'_>>,
    faults: &mut Faults,
) -> Vec<ImportRow> {
    let rows = table::read(file, bytes, &REQUIRED, &OPTIONAL, faults);
    let mut first_of: BTreeMap<String, String> = BTreeMap::new();
    let mut read = Vec::new();
    for row in &rows {
        let Some(plan) = read_row(row, ground, plots.as_mut(), faults) else { continue };
        if let Some(first) = first_of.get(&plan.application.id.0) {
            row.fault_at(
                "plan_id",
                "duplicate_id",
                format!("plan_id {:?} stands at {first} already", plan.application.id.0),
                faults,
            );
        } else {
            first_of.insert(plan.application.id.0.clone(), row.place());
        }
        read.push(plan);
    }
    read
}

fn read_row(
    row: &Row<'_>,
    ground: &Ground,
    plots: Option<&mut GeometryReader<'_>>,
    faults: &mut Faults,
) -> Option<ImportRow> {
    let zone = &ground.data().time_zone;
    let id = row.required("plan_id", faults).map(as_written).map(PlanId);
    let unit_code = row.required("unit_code", faults).map(UnitCode);
    if let Some(code) = unit_code.as_ref().filter(|code| ground.unit(code).is_none()) {
        row.fault_at("unit_code", "unknown_unit", format!("no unit has the code {:?}", code.0), faults);
    }
    let (start, end) = (moment(row, "window_start", zone, faults), moment(row, "window_end", zone, faults));
    if start.zip(end).is_some_and(|(start, end)| start >= end) {
        row.fault(BAD_VALUE, said::WINDOW_REVERSED, faults);
    }
    let area_mu = row.required_number("area_mu", faults);
    check_area(row, "area_mu", area_mu, faults);
    let responsible = row.required_name("responsible", faults).map(as_written);
    let status = status(row, faults);
    // Checked so that a spoilt file is told, and then left: the server dates what it learns.
    if row.optional("approved_at", faults).is_some() {
        moment(row, "approved_at", zone, faults);
    }
    let burnt_mu = row.optional("burnt_mu", faults).and_then(|_text| row.required_number("burnt_mu", faults));
    check_area(row, "burnt_mu", burnt_mu, faults);
    let plot = plot(row, plots, faults);
    let approver = row.optional_name("approver", faults);
    let note = row.optional("note", faults).map(as_written);
    let application = PlanApplication {
        id: id?,
        unit_code: unit_code?,
        plot: plot?,
        window_start: start?,
        window_end: end?,
        area_mu: area_mu?,
        responsible: responsible?,
        note,
    };
    Some(ImportRow { place: row.place(), application, status: status?, approver, burnt_mu })
}

/// A local date and time that has to be there, as an instant.
fn moment(row: &Row<'_>, column: &str, zone: &TimeZone, faults: &mut Faults) -> Option<Timestamp> {
    if !row.is_there(column, faults) {
        return None;
    }
    let local = row.optional_local(column, faults)?;
    let read = time::instant_of(local, zone);
    read.map_err(|error| {
        row.fault_in(column, "bad_time", format!("is {:?}, which is not {}", error.text, error.expected), faults);
    })
    .ok()
}

/// Without the quote that exports put before a text a spreadsheet would take for a formula.
fn as_written(mut text: String) -> String {
    let is_defused = text.strip_prefix('\'').is_some_and(|rest| rest.starts_with(FORMULA_SIGNS));
    if is_defused {
        text.remove(0);
    }
    text
}

fn check_area(row: &Row<'_>, column: &str, mu: Option<f64>, faults: &mut Faults) {
    let zero_is_fine = column == "burnt_mu";
    if let Some(mu) = mu.filter(|mu| *mu < 0.0 || *mu > MAX_AREA_MU || (*mu == 0.0 && !zero_is_fine)) {
        row.fault_at(column, BAD_VALUE, said::not_an_area(column, mu, MAX_AREA_MU), faults);
    }
}

fn status(row: &Row<'_>, faults: &mut Faults) -> Option<PlanStatus> {
    let Some(text) = row.optional("status", faults) else { return Some(PlanStatus::Applied) };
    let known =
        PlanStatus::from_name(&text).or_else(|| PlanStatus::ALL.into_iter().find(|status| status.label().zh == text));
    if known.is_none() {
        let words = PlanStatus::ALL.map(PlanStatus::name).join(", ");
        row.fault_at("status", BAD_VALUE, said::not_a_status(&text, &words), faults);
    }
    known
}

/// The plot: `Some(None)` where the row has none, `None` after a fault.
#[expect(clippy::option_option, reason = "absent and faulty are two things here")]
fn plot(
    row: &Row<'_>,
    plots: Option<&mut GeometryReader<'_>>,
    faults: &mut Faults,
) -> Option<Option<geo::MultiPolygon<f64>>> {
    if !row.has("plot") {
        return Some(None);
    }
    let Some(plots) = plots else {
        row.fault_at("plot", DATUM_MISSING, said::PLOT_WITHOUT_DATUM, faults);
        return None;
    };
    plot::read(row, "plot", plots, faults).map(Some)
}

/// Reads a plot given by itself, WKT in a datum; `called` names it in faults.
///
/// # Errors
/// What is wrong with it.
pub fn read_plot(
    called: &str,
    text: &str,
    datum: Datum,
    ground: &Ground,
) -> Result<geo::MultiPolygon<f64>, Vec<Fault>> {
    let entry = FileEntry { section: Section::BurnPlans, path: called.to_owned(), datum };
    let mut faults = Faults::default();
    match plot::to_geojson(text) {
        Ok(geometry) => {
            let mut reader = GeometryReader::new(&entry, Some(ground.data().extent));
            if let Geometry::Outline(outline) = reader.read("", &geometry, Accepts::Outline, &mut faults) {
                return Ok(outline);
            }
        }
        Err((code, message)) => faults.add(&entry.path, "", code, message),
    }
    Err(all_glossed(faults.into_list()))
}
