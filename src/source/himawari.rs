//! Reads a list of the Himawari L2 wildfire product (JAXA P-Tree, `H09_…_L2WLF010_….csv`).
//!
//! Two lines begin with `#`: when it was observed and processed, and the names of 14 columns. Times are UTC. A row is a
//! cell of the product's grid of 0.02 degrees, which is taken as the pixel. Which satellite it is of stands in the name of
//! the file alone. How its figures are read: decision 43.
//!
//! # Source
//! `README_Himawari_L2WLF.txt` of P-Tree, and the code of ODIN-fire/odin-rs (`odin_himawari`): level 1 cold, 2
//! smoldering, 3 flaming; reliability 1 low, 3 normal, 5 high; QF 0 normal, 1 saturated, 2 low confidence. FRP is given
//! in watts a square metre and the area in square kilometres, so that their product is in megawatts.

use std::borrow::Cow;

use crate::domain::observation::{Confidence, Observation, ObservationKey, ProcessingLevel, Satellite};
use crate::domain::position::{KM_PER_DEGREE, Position};
use crate::domain::sun;
use crate::domain::time::{self, Timestamp};

use super::dialect::lines::{Line, Lines, TooLong, fields, trimmed, without_bom};
use super::dialect::row_error::{Fault, decimal, fault, position, since_launch, whole};
use super::dialect::unknown::{SHOWN_CHARS, UnknownValue, Unknowns, number_in};
use super::dialect::{BodyError, ReadOptions, Row, RowError, Table};
use super::safe_text::shown;

/// Side of a cell of the grid, degrees.
const CELL_DEG: f64 = 0.02;

/// Largest believable area of a fire, square kilometres: a cell has under five.
const MAX_AREA_KM2: f64 = 1_000.0;

/// When Himawari-9 took over: a later list without its satellite in its name is of it.
///
/// # Source
/// Japan Meteorological Agency, notice of the switch on 13 December 2022, 05:00 UTC.
const NINE_SINCE: &str = "2022-12-13T05:00:00Z";

/// The columns that are read.
const NAMES: [&str; 11] =
    ["Year", "Month", "Day", "Time(UTC)", "Lat", "Lon", "Area(km^2)", "Level", "Reliability", "FRP(Wm^-2)", "QF"];

/// Where they stand, in the same order.
type Columns = [usize; NAMES.len()];

/// Whether a body begins like such a list.
pub(super) fn is_one(body: &[u8]) -> bool {
    let body = without_bom(body);
    let start = String::from_utf8_lossy(body.get(..1024).unwrap_or(body));
    let comments: Vec<&str> = start.lines().take_while(|line| line.starts_with('#')).collect();
    comments.iter().any(|line| line.contains("UTC")) && start.starts_with('#')
}

/// Reads a list.
pub(super) fn read(body: &[u8], options: &ReadOptions) -> Result<Table, BodyError> {
    let body = without_bom(body);
    let (mut names, mut rows, mut end): (Option<Vec<String>>, Vec<Row>, _) = (None, Vec::new(), None);
    let mut columns = None;
    let by_name = options.file_name.as_deref().and_then(satellite_in);
    for line in Lines::new(body, options.max_row_bytes) {
        let limit = options.max_row_bytes;
        let line = line.map_err(|TooLong { line }| BodyError::RowTooLong { line, limit })?;
        let text = std::str::from_utf8(line.bytes).map_err(|_unreadable| BodyError::NotUtf8 { line: line.number })?;
        if let Some(comment) = text.strip_prefix('#').filter(|_| columns.is_none()) {
            if comment.contains("Lat") {
                let found = names_of(comment);
                columns = Some(places_of(&found)?);
                names = Some(found);
            }
            end = Some((line, 0, 0));
            continue;
        }
        let Some(columns) = &columns else { return Err(BodyError::MissingColumns { missing: NAMES.to_vec() }) };
        if rows.len() >= options.max_rows {
            return Err(BodyError::TooManyRows { limit: options.max_rows });
        }
        let width = names.as_ref().map_or(0, Vec::len);
        let read = read_row(text, columns, width, by_name);
        end = Some((line, fields(text).map_or(0, |fields| fields.len()), width));
        rows.push(Row::of(line.number, read));
    }
    let Some(header) = names else { return Err(BodyError::MissingColumns { missing: NAMES.to_vec() }) };
    check_end(end, options)?;
    Ok(Table {
        dialect: "Himawari L2 WLF".to_owned(),
        header,
        unknown_columns: Vec::new(),
        missing_columns: Vec::new(),
        rows,
    })
}

/// The last line must prove that it is whole.
fn check_end(end: Option<(Line<'_>, usize, usize)>, options: &ReadOptions) -> Result<(), BodyError> {
    let Some((line, found, wanted)) = end else { return Ok(()) };
    let truncated = |why| Err(BodyError::Truncated { line: line.number, why });
    if found < wanted {
        truncated("the last row has too few fields")
    } else if !(line.terminated || options.allow_missing_final_newline && wanted > 0) {
        truncated("the last row has no line feed at its end")
    } else {
        Ok(())
    }
}

fn names_of(comment: &str) -> Vec<String> {
    comment.split(',').map(|name| trimmed(name).to_owned()).collect()
}

fn places_of(names: &[String]) -> Result<Columns, BodyError> {
    let places =
        |wanted: &str| (0..).zip(names).filter(|(_, name)| *name == wanted).map(|(i, _)| i).collect::<Vec<_>>();
    let missing: Vec<_> = NAMES.into_iter().filter(|name| places(name).is_empty()).collect();
    if !missing.is_empty() {
        return Err(BodyError::MissingColumns { missing });
    }
    let columns: Vec<_> = NAMES.into_iter().filter(|name| places(name).len() > 1).collect();
    if !columns.is_empty() {
        return Err(BodyError::DuplicateColumns { columns });
    }
    Ok(NAMES.map(|name| places(name).first().copied().unwrap_or_default()))
}

/// The satellite that the name of a file begins with.
fn satellite_in(name: &str) -> Option<Satellite> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_uppercase();
    match name.get(..4) {
        Some("H08_") => Some(Satellite::Himawari8),
        Some("H09_") => Some(Satellite::Himawari9),
        _ => None,
    }
}

type Read = (Observation, Vec<UnknownValue>);

fn read_row(text: &str, columns: &Columns, width: usize, by_name: Option<Satellite>) -> Result<Read, RowError> {
    let Some(fields) = fields(text) else { return Err(whole(text, text, "quotes that pair")) };
    if fields.len() != width {
        return Err(whole(text, &format!("{} fields", fields.len()), format!("{width} fields")));
    }
    observation(&fields, columns, text, by_name).map_err(|fault| fault.in_row(text))
}

fn observation(
    fields: &[Cow<'_, str>],
    columns: &Columns,
    raw: &str,
    by_name: Option<Satellite>,
) -> Result<Read, Fault> {
    let [year, month, day, clock, lat, lon, area, level, reliability, frp, qf] =
        columns.map(|i| fields.get(i).map_or("", |field| trimmed(field)));
    let (lat, lon) = (decimal("Lat", lat)?, decimal("Lon", lon)?);
    let position = position(("Lat", &lat), ("Lon", &lon))?;
    let acquired_at = time::parse_acquisition(&format!("{year}-{month}-{day}"), clock)
        .map_err(|error| fault("Time(UTC)", &error.text, error.expected))?;
    let satellite = satellite_of(by_name, acquired_at)?;
    since_launch("Year", acquired_at, satellite)?;
    let mut unknown = Unknowns::default();
    let confidence = confidence((level, reliability, qf), &mut unknown);
    let (scan_km, track_km) = cell_km(position);
    let observation = Observation {
        key: ObservationKey { satellite, acquired_at, lon, lat },
        position,
        level: ProcessingLevel::Nrt,
        scan_km: Some(scan_km),
        track_km: Some(track_km),
        brightness_k: None,
        brightness_background_k: None,
        frp_mw: frp_mw(frp, area, &mut unknown),
        confidence,
        confidence_raw: shown(&format!("level {level}, reliability {reliability}, QF {qf}"), SHOWN_CHARS),
        day_night: sun::day_or_night(acquired_at, position),
        version_raw: "L2WLF".to_owned(),
        source_type: None,
        raw: raw.to_owned(),
    };
    Ok((observation, unknown.0))
}

/// By the name of the file, else by when the one took over from the other.
fn satellite_of(by_name: Option<Satellite>, at: Timestamp) -> Result<Satellite, Fault> {
    let is_of_nine = NINE_SINCE.parse::<Timestamp>().is_ok_and(|since| at >= since);
    by_name.or_else(|| is_of_nine.then_some(Satellite::Himawari9)).ok_or_else(|| {
        let expected = "a file whose name begins with H08_ or H09_: before December 2022 it may be of either satellite";
        fault("Year", &at.to_string(), expected)
    })
}

/// Sides of a cell in km: along its parallel and along its meridian.
fn cell_km(position: Position) -> (f64, f64) {
    let metres = |km: f64| (km * 1000.0).round() / 1000.0;
    let track_km = CELL_DEG * KM_PER_DEGREE;
    (metres(track_km * position.lat().to_radians().cos()), metres(track_km))
}

/// Power by unit area times the area.
fn frp_mw(frp: &str, area: &str, unknown: &mut Unknowns) -> Option<f64> {
    let per_area = unknown.frp("FRP(Wm^-2)", Some(frp))?;
    let expected = "an area in square kilometres above 0";
    let area_km2 =
        unknown.known("Area(km^2)", Some(area), expected, |text| number_in(text, f64::MIN_POSITIVE, MAX_AREA_KM2))?;
    Some((per_area * area_km2 * 1000.0).round() / 1000.0)
}

/// The class by the reliability; low at most where the algorithm calls the fire cold or its figures uncertain.
fn confidence((level, reliability, qf): (&str, &str, &str), unknown: &mut Unknowns) -> Confidence {
    let by_reliability = unknown.known("Reliability", Some(reliability), "1, 3 or 5", |text| match text {
        "1" => Some(Confidence::Low),
        "3" => Some(Confidence::Nominal),
        "5" => Some(Confidence::High),
        _ => None,
    });
    let is_cold = unknown.known("Level", Some(level), "1, 2 or 3", |text| match text {
        "1" => Some(true),
        "2" | "3" => Some(false),
        _ => None,
    });
    let is_uncertain = unknown.known("QF", Some(qf), "0, 1 or 2", |text| match text {
        "0" | "1" => Some(false),
        "2" => Some(true),
        _ => None,
    });
    let class = by_reliability.unwrap_or(Confidence::Unknown);
    if is_cold == Some(true) || is_uncertain == Some(true) { class.min(Confidence::Low) } else { class }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# 2026 10 10  4 10 UTC  2026 10 10  4 40 UTC\n\
        # ID,Year,Month,Day,Time(UTC),Lat,Lon,Area(km^2),Volcano,Level,Reliability,FRP(Wm^-2),QF,Hot(ID)\n";
    const ROW: &str = "1,2026,10,10,0412,45.62,122.84,4.0,0,2,3,3.75,0,1";

    fn list(row: &str, file_name: Option<&str>) -> Result<Table, BodyError> {
        let options = ReadOptions { file_name: file_name.map(str::to_owned), ..ReadOptions::default() };
        let body = format!("{HEAD}{row}\n");
        assert!(is_one(body.as_bytes()));
        read(body.as_bytes(), &options)
    }

    fn one(row: &str, file_name: Option<&str>) -> Observation {
        list(row, file_name).unwrap().rows.remove(0).result.unwrap()
    }

    #[test]
    fn a_cell_is_a_pixel_of_its_grid_with_its_power_in_megawatts() {
        let found = one(ROW, Some("H09_20261010_0410_L2WLF010_FLDK.06001_06001.csv"));
        assert_eq!(found.key.to_string(), "Himawari-9 2026-10-10T04:12:00Z 122.84 45.62");
        assert_eq!((found.scan_km, found.track_km), (Some(1.555), Some(2.224)));
        assert_eq!((found.frp_mw, found.confidence), (Some(15.0), Confidence::Nominal));
        assert_eq!(found.raw, ROW);
        assert_eq!(one(&ROW.replace("4.0,", ".64,"), None).frp_mw, Some(2.4), "a number may begin with its point");
    }

    #[test]
    fn the_satellite_is_that_of_the_files_name_or_of_the_day() {
        assert_eq!(one(ROW, None).key.satellite, Satellite::Himawari9);
        let old = ROW.replace("2026,10,10", "2019,4,12");
        assert_eq!(one(&old, Some("a/h08_20190412.csv")).key.satellite, Satellite::Himawari8);
        let error = list(&old, Some("list.csv")).unwrap().rows.remove(0).result.unwrap_err();
        assert!(error.expected.contains("either satellite"), "{error}");
    }

    #[test]
    fn reliability_makes_the_class_and_a_cold_or_uncertain_fire_is_low_at_most() {
        // (level, reliability, QF)
        let cases = [
            (("3", "5", "0"), Confidence::High, 0),
            (("2", "3", "1"), Confidence::Nominal, 0),
            (("2", "1", "0"), Confidence::Low, 0),
            (("1", "5", "0"), Confidence::Low, 0),
            (("3", "5", "2"), Confidence::Low, 0),
            (("3", "2", "0"), Confidence::Unknown, 1),
            (("1", "", "0"), Confidence::Unknown, 1),
            (("9", "3", "7"), Confidence::Nominal, 2),
        ];
        for (values, class, noted) in cases {
            let mut unknown = Unknowns::default();
            assert_eq!((confidence(values, &mut unknown), unknown.0.len()), (class, noted), "{values:?}");
        }
    }

    #[test]
    fn what_is_cut_or_lacks_a_column_is_no_list_and_a_bad_row_only_a_bad_row() {
        let whole = format!("{HEAD}{ROW}\n{ROW}\n");
        let options = ReadOptions::default();
        for end in HEAD.len() - 30..whole.len() {
            let cut = whole.get(..end).unwrap();
            let is_at_line = cut.ends_with('\n');
            assert_eq!(read(cut.as_bytes(), &options).is_ok(), is_at_line, "cut at {end}: {cut}");
        }
        let without = whole.replace("Reliability", "Trust");
        assert_eq!(read(without.as_bytes(), &options), Err(BodyError::MissingColumns { missing: vec!["Reliability"] }));
        for (from, to, column) in [
            ("45.62", "145.62", "Lat"),
            ("122.84", "122,84", "row"),
            ("0412", "2561", "Time(UTC)"),
            (",10,10,", ",13,10,", "Time(UTC)"),
            ("2026", "2013", "Year"),
        ] {
            let table = list(&ROW.replace(from, to), Some("H09_x.csv")).or_else(|error| match error {
                BodyError::Truncated { .. } => list(&format!("{}\n{ROW}", ROW.replace(from, to)), Some("H09_x.csv")),
                other => Err(other),
            });
            let error = table.unwrap().rows.remove(0).result.unwrap_err();
            assert_eq!(error.column, column, "{to}: {error}");
        }
        let empty = read(HEAD.as_bytes(), &options).unwrap();
        assert!(empty.rows.is_empty(), "a list of no fire is whole");
        let odd = list(&ROW.replace("3.75,0", "nan,0"), None).unwrap();
        assert_eq!((odd.rows[0].result.as_ref().unwrap().frp_mw, odd.rows[0].unknown.len()), (None, 1));
    }
}
