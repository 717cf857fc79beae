//! Reads a file of burn plans that somebody imports: rows, checked by themselves.
//!
//! The same columns as the region's `burn_plans.csv`, but the times of approval are not believed:
//! the server dates what it learns here ([`crate::store`] holds the rows against what is known).
//! Times are local, in the region's zone. Called by `firegrid plans import`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wkt::Wkt;
use wkt::types::Polygon;

use super::faults::Faults;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::manifest::{FileEntry, Section};
use super::table::{self, Row};
use crate::config::Fault;
use crate::domain::burning::MAX_AREA_MU;
use crate::domain::datum::Datum;
use crate::domain::ground::Ground;
use crate::domain::plan::{BurnPlan, PlanId, PlanStatus};
use crate::domain::time::{DateTime, TimeZone, Timestamp, parse_date};
use crate::domain::unit::UnitCode;

const REQUIRED: [&str; 6] = ["plan_id", "unit_code", "window_start", "window_end", "area_mu", "responsible"];
const OPTIONAL: [&str; 6] = ["approver", "approved_at", "status", "plot", "note", "burnt_mu"];

/// Longest outline of a plot as WKT, characters: some thousand corners, far more than a field has.
const MAX_PLOT_CHARS: usize = 100_000;

/// Code of the faults about the values of a plan; the message has its own Chinese half.
const BAD_VALUE: &str = "plan_value";

/// What a spreadsheet takes for the beginning of a formula; exports put a quote before it.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

const NOT_A_PLOT: &str = "地块不是 WKT 的 POLYGON 或 MULTIPOLYGON · the plot is not a WKT POLYGON or MULTIPOLYGON";

/// A row that passed.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanRow {
    /// Where it stands in the file.
    pub place: String,
    /// What it applies for; received at the epoch, without any act.
    pub plan: BurnPlan,
    /// The status it claims; `applied` where it names none.
    pub status: PlanStatus,
    /// Who approved or refused it, as the file says.
    pub approver: Option<String>,
    /// Area really burnt, mu.
    pub burnt_mu: Option<f64>,
}

/// Reads the rows; `plots` reads their outlines, `None` when no datum was declared.
pub fn read(
    file: &str,
    bytes: &[u8],
    ground: &Ground,
    mut plots: Option<GeometryReader<'_>>,
    faults: &mut Faults,
) -> Vec<PlanRow> {
    let rows = table::read(file, bytes, &REQUIRED, &OPTIONAL, faults);
    let mut first_of: BTreeMap<String, String> = BTreeMap::new();
    let mut read = Vec::new();
    for row in &rows {
        let Some(plan) = read_row(row, ground, plots.as_mut(), faults) else { continue };
        if let Some(first) = first_of.get(&plan.plan.id.0) {
            row.fault("duplicate_id", format!("plan_id {:?} stands at {first} already", plan.plan.id.0), faults);
        } else {
            first_of.insert(plan.plan.id.0.clone(), row.place());
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
) -> Option<PlanRow> {
    let zone = &ground.data().time_zone;
    let id = row.required("plan_id", faults).map(as_written).map(PlanId);
    let unit_code = row.required("unit_code", faults).map(UnitCode);
    if let Some(code) = unit_code.as_ref().filter(|code| ground.unit(code).is_none()) {
        row.fault("unknown_unit", format!("no unit has the code {:?}", code.0), faults);
    }
    let (start, end) = (moment(row, "window_start", zone, faults), moment(row, "window_end", zone, faults));
    if start.zip(end).is_some_and(|(start, end)| start >= end) {
        row.fault(BAD_VALUE, "烧除时段的结束不晚于开始 · window_end is not after window_start", faults);
    }
    let area_mu = row.required_number("area_mu", faults);
    check_area(row, "area_mu", area_mu, faults);
    let responsible = row.required("responsible", faults).map(as_written);
    let status = status(row, faults);
    // Checked so that a spoilt file is told, and then left: the server dates what it learns.
    if row.optional("approved_at", faults).is_some() {
        moment(row, "approved_at", zone, faults);
    }
    let burnt_mu = row.optional("burnt_mu", faults).and_then(|_text| row.required_number("burnt_mu", faults));
    check_area(row, "burnt_mu", burnt_mu, faults);
    let plot = plot(row, plots, faults);
    let approver = row.optional("approver", faults);
    let note = row.optional("note", faults).map(as_written);
    let plan = BurnPlan {
        id: id?,
        unit_code: unit_code?,
        plot: plot?,
        window_start: start?,
        window_end: end?,
        area_mu: area_mu?,
        responsible: responsible?,
        note,
        received_at: Timestamp::UNIX_EPOCH,
        reviewed_by: None,
        approved_at: None,
        refused_at: None,
        withdrawn_at: None,
        lit_at: None,
        done_at: None,
        burnt_mu: None,
        orders: Vec::new(),
    };
    Some(PlanRow { place: row.place(), plan, status: status?, approver, burnt_mu })
}

/// A local date and time, `YYYY-MM-DDTHH:MM` or with a blank between; seconds may follow.
fn moment(row: &Row<'_>, column: &str, zone: &TimeZone, faults: &mut Faults) -> Option<Timestamp> {
    let text = row.required(column, faults)?;
    let read = local_moment(&text, zone);
    if read.is_none() {
        let message = format!(
            "“{column}”为{text:?}，应为本地日期时间 · {column:?} is {text:?}, expected a local date and time as \
             YYYY-MM-DDTHH:MM"
        );
        row.fault(BAD_VALUE, message, faults);
    }
    read
}

/// The instant of a local date and time; `24:00` is midnight at the end of the day. A bare date is
/// none: whether its beginning or its end is meant cannot be told.
#[must_use]
pub fn local_moment(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let (day, clock) = text.split_once(['T', ' '])?;
    let day = parse_date(day).ok()?;
    let local: DateTime = match clock {
        "24:00" | "24:00:00" => day.tomorrow().ok()?.at(0, 0, 0, 0),
        _ => format!("{day}T{}", padded(clock)?).parse().ok()?,
    };
    zone.to_ambiguous_timestamp(local).unambiguous().ok()
}

/// `H:MM` or `HH:MM`, with or without seconds, as `HH:MM...`.
fn padded(clock: &str) -> Option<String> {
    let parts: Vec<&str> = clock.split(':').collect();
    let digits = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let whole = (2..=3).contains(&parts.len()) && parts.iter().all(digits);
    let full = parts.iter().skip(1).all(|part| part.len() == 2);
    (whole && full).then(|| if clock.find(':') == Some(1) { format!("0{clock}") } else { clock.to_owned() })
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
        let message = format!(
            "“{column}”为{mu}亩，应大于0且不超过{MAX_AREA_MU} · {column:?} is {mu} mu, expected more than 0 and at most \
             {MAX_AREA_MU}"
        );
        row.fault(BAD_VALUE, message, faults);
    }
}

fn status(row: &Row<'_>, faults: &mut Faults) -> Option<PlanStatus> {
    let Some(text) = row.optional("status", faults) else { return Some(PlanStatus::Applied) };
    let known =
        PlanStatus::from_name(&text).or_else(|| PlanStatus::ALL.into_iter().find(|status| status.label_zh() == text));
    if known.is_none() {
        let words = PlanStatus::ALL.map(PlanStatus::name).join(", ");
        let message = format!("状态为{text:?}，应为{words} · the status is {text:?}, expected one of {words}");
        row.fault(BAD_VALUE, message, faults);
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
    let Some(text) = row.optional_within("plot", MAX_PLOT_CHARS, faults) else { return Some(None) };
    let Some(plots) = plots else {
        let message = "有地块坐标但没有声明坐标系，请加 --datum · a plot, but no datum is declared: add --datum \
                       wgs84, cgcs2000, gcj02 or bd09";
        row.fault("datum_missing", message, faults);
        return None;
    };
    let Some(geometry) = geojson_of(&text) else {
        row.fault(BAD_VALUE, NOT_A_PLOT, faults);
        return None;
    };
    match plots.read(&format!("{}, plot", row.place()), &geometry, Accepts::Outline, faults) {
        Geometry::Outline(outline) => Some(Some(outline)),
        Geometry::Absent | Geometry::Point(_) | Geometry::Faulty => None,
    }
}

/// Reads a plot given by itself, WKT in a datum.
///
/// # Errors
/// What is wrong with it.
pub fn read_plot(text: &str, datum: Datum, ground: &Ground) -> Result<geo::MultiPolygon<f64>, Vec<Fault>> {
    let entry = FileEntry { section: Section::BurnPlans, path: "--plot".to_owned(), datum };
    let mut faults = Faults::default();
    if let Some(geometry) = geojson_of(text) {
        let mut reader = GeometryReader::new(&entry, Some(ground.data().extent));
        if let Geometry::Outline(outline) = reader.read("", &geometry, Accepts::Outline, &mut faults) {
            return Ok(outline);
        }
    } else {
        faults.add(&entry.path, "", BAD_VALUE, NOT_A_PLOT);
    }
    Err(faults.into_list())
}

/// WKT as a `GeoJSON` geometry, ring by ring as written, so that the one reader of outlines checks it.
fn geojson_of(text: &str) -> Option<Value> {
    let rings = |polygon: &Polygon<f64>| -> Value {
        let rings = polygon.rings().iter().map(|ring| ring.coords().iter().map(|c| json!([c.x, c.y])).collect());
        Value::Array(rings.collect())
    };
    match text.parse().ok()? {
        Wkt::Polygon(polygon) => Some(json!({"type": "Polygon", "coordinates": rings(&polygon)})),
        Wkt::MultiPolygon(parts) => {
            let parts: Vec<Value> = parts.polygons().iter().map(rings).collect();
            Some(json!({"type": "MultiPolygon", "coordinates": parts}))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_moments_are_read_in_one_form_and_a_bare_date_is_none() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let read = |text: &str| local_moment(text, &zone).map(|at| at.to_string());
        for (text, expected) in [
            ("2026-04-13T08:00", "2026-04-13T00:00:00Z"),
            ("2026-04-13 8:00", "2026-04-13T00:00:00Z"),
            ("2026-04-13T08:00:30", "2026-04-13T00:00:30Z"),
            ("2026-04-13T24:00", "2026-04-13T16:00:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["2026-04-13", "2026-04-13T", "2026-04-13T8", "2026-04-31T08:00", "2026-04-13T24:01", "8:00", ""] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn outlines_keep_their_rings_as_written() {
        let unclosed = geojson_of("POLYGON((1 2, 3 4, 5 6))").unwrap();
        assert_eq!(unclosed["coordinates"][0].as_array().unwrap().len(), 3, "closing it is for the reader to refuse");
        assert!(geojson_of("POINT(1 2)").is_none() && geojson_of("field of Zhang").is_none());
    }
}
