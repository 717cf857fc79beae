//! Reads `burn_plans.csv`: burn plans as an office keeps them, one a row, CSV or XLSX.
//!
//! The file says where a plan stands, hardly ever when it got there. What is missing is filled so
//! that a plan never excuses more than the file says ([`read`]). When this server really learned of
//! a plan is decided by the store when the version is activated. Called by [`super::parse`].

use std::collections::BTreeSet;

use geo::MultiPolygon;

use super::faults::Faults;
use super::geometry::GeometryReader;
use super::plot;
use super::properties::check_unique;
use super::table::{self, Row};
use crate::domain::plan::{BurnOrder, BurnPlan, PlanId, PlanStatus};
use crate::domain::time::{self, TimeZone, Timestamp};
use crate::domain::unit::UnitCode;
use crate::words::Label;

/// Columns that have to be there; approver and time of approval may be empty where nothing was approved.
pub const REQUIRED: [&str; 9] = [
    "plan_id",
    "unit_code",
    "window_start",
    "window_end",
    "area_mu",
    "responsible",
    "approver",
    "approved_at",
    "status",
];

/// Columns that may be there.
pub const OPTIONAL: [&str; 2] = ["plot", "note"];

/// Reads the plans; `units` are the codes that exist, local times are those of `zone`.
///
/// # Shape
/// In the order of the file; ids are unique. How the instants of a plan follow from its row:
///
/// | field | from |
/// |---|---|
/// | `received_at` | time of approval, else the beginning of the window |
/// | `approved_at` | time of approval, of `approved`, `ordered`, `lit`, `done` |
/// | `refused_at`, `withdrawn_at` | `received_at`: a plan refused or withdrawn by now excuses nothing |
/// | `orders` | `ordered`, `lit`, `done`: one for the whole window, issued with the approval (id 0) |
/// | `lit_at`, `done_at` | beginning and end of the window |
/// | `burnt_mu` | unknown |
pub fn read(
    file: &str,
    bytes: &[u8],
    (geometry, zone): (&mut GeometryReader<'_>, &TimeZone),
    units: &BTreeSet<&UnitCode>,
    faults: &mut Faults,
) -> Vec<BurnPlan> {
    let rows = table::read(file, bytes, &REQUIRED, &OPTIONAL, faults);
    let mut seen = Vec::with_capacity(rows.len());
    let mut plans = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.required("plan_id", faults);
        seen.extend(id.clone().map(|id| (id, row.place())));
        let plot = plot::read(row, "plot", geometry, faults);
        plans.extend(read_plan(row, id, plot, (zone, units), faults));
    }
    check_unique(file, seen.iter().map(|(id, place)| (id.as_str(), place.as_str())), faults);
    plans
}

fn read_plan(
    row: &Row<'_>,
    id: Option<String>,
    plot: Option<MultiPolygon<f64>>,
    (zone, units): (&TimeZone, &BTreeSet<&UnitCode>),
    faults: &mut Faults,
) -> Option<BurnPlan> {
    let unit_code = row.unit("unit_code", units, faults);
    let window = window(row, zone, faults);
    let area_mu = area(row, faults);
    let responsible = row.required_name("responsible", faults);
    let note = row.optional("note", faults);
    let word = row.required("status", faults);
    let status = word.as_deref().and_then(status_of);
    if let (Some(word), None) = (&word, status) {
        let known = PlanStatus::ALL.map(PlanStatus::name).join(", ");
        row.fault_at("status", "unknown_status", format!("the status is {word:?}, expected one of {known}"), faults);
    }
    let reviewed_by = row.optional_name("approver", faults);
    let decided_at = instant(row, "approved_at", zone, faults);
    let is_approved =
        matches!(status, Some(PlanStatus::Approved | PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done));
    if is_approved && (reviewed_by.is_none() || !row.has("approved_at")) {
        let message = "an approved plan needs \"approver\" and \"approved_at\"; without them it would excuse fires";
        row.fault("approval_missing", message, faults);
        return None;
    }
    let (status, (window_start, window_end)) = (status?, window?);
    let received_at = decided_at.unwrap_or(window_start);
    let is_ordered = matches!(status, PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done);
    let order = || BurnOrder {
        id: 0,
        from: window_start,
        to: window_end,
        issued_at: received_at,
        issued_by: reviewed_by.clone().unwrap_or_default(),
        withdrawn_at: None,
    };
    Some(BurnPlan {
        id: PlanId(id?),
        unit_code: unit_code?,
        plot,
        window_start,
        window_end,
        area_mu: area_mu?,
        responsible: responsible?,
        note,
        received_at,
        approved_at: is_approved.then_some(received_at),
        refused_at: (status == PlanStatus::Refused).then_some(received_at),
        withdrawn_at: (status == PlanStatus::Withdrawn).then_some(received_at),
        lit_at: matches!(status, PlanStatus::Lit | PlanStatus::Done).then_some(window_start),
        done_at: (status == PlanStatus::Done).then_some(window_end),
        burnt_mu: None,
        orders: if is_ordered { vec![order()] } else { Vec::new() },
        reviewed_by,
    })
}

/// The status of an English or Chinese word.
fn status_of(word: &str) -> Option<PlanStatus> {
    PlanStatus::from_name(word).or_else(|| PlanStatus::ALL.into_iter().find(|status| status.label().zh == word))
}

fn window(row: &Row<'_>, zone: &TimeZone, faults: &mut Faults) -> Option<(Timestamp, Timestamp)> {
    let start = row.is_there("window_start", faults).then(|| instant(row, "window_start", zone, faults)).flatten();
    let end = row.is_there("window_end", faults).then(|| instant(row, "window_end", zone, faults)).flatten();
    let (start, end) = (start?, end?);
    if end <= start {
        row.fault("window_reversed", "the window ends when it begins or before: swap the two or mend them", faults);
        return None;
    }
    Some((start, end))
}

/// A local date and time as an instant; absent is `None`.
fn instant(row: &Row<'_>, column: &str, zone: &TimeZone, faults: &mut Faults) -> Option<Timestamp> {
    let local = row.optional_local(column, faults)?;
    let read = time::instant_of(local, zone);
    read.map_err(|error| {
        row.fault_in(column, "bad_time", format!("is {:?}, which is not {}", error.text, error.expected), faults);
    })
    .ok()
}

fn area(row: &Row<'_>, faults: &mut Faults) -> Option<f64> {
    let area = row.required_number("area_mu", faults)?;
    if area > 0.0 {
        return Some(area);
    }
    row.fault_at("area_mu", "bad_area", format!("the area is {area} mu, expected more than 0"), faults);
    None
}
