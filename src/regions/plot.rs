//! Reads the outline of a plot in a table: WKT, checked like the outlines of the `GeoJSON` files.
//!
//! # Source
//! OGC 06-103r4 (Simple feature access, part 1), section 7: well-known text.

use geo::MultiPolygon;
use geojson::{GeometryValue, PolygonType};
use serde_json::Value;
use wkt::Wkt;
use wkt::types::Polygon;

use super::faults::Faults;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::table::Row;
use crate::words::{Sentence, region_files as said};

/// Longest text of a plot, in characters: some nine hundred corners.
pub const MAX_PLOT_CHARS: usize = 20_000;

/// The plot of a row, WGS-84; `None` when there is none, or after a fault was added.
pub fn read(
    row: &Row<'_>,
    column: &str,
    geometry: &mut GeometryReader<'_>,
    faults: &mut Faults,
) -> Option<MultiPolygon<f64>> {
    let text = row.optional_within(column, MAX_PLOT_CHARS, faults)?;
    let as_geojson = match to_geojson(&text) {
        Ok(value) => value,
        Err((code, message)) => {
            row.fault_at(column, code, format!("\"{column}\": {message}"), faults);
            return None;
        }
    };
    let read = geometry.read(&row.place(), &as_geojson, Accepts::Outline, faults);
    geometry.tell_repeats(faults);
    match read {
        Geometry::Outline(outline) => Some(outline),
        Geometry::Absent | Geometry::Point(_) | Geometry::Faulty => None,
    }
}

/// WKT to the same shape as `GeoJSON`, so that one set of checks serves both.
///
/// # Errors
/// Code and message of what is wrong with it.
pub(super) fn to_geojson(text: &str) -> Result<Value, (&'static str, String)> {
    const EXPECTED: &str = "POLYGON ((lon lat, lon lat, …)) or MULTIPOLYGON (((…)), ((…)))";
    // Looked at first: only these two have a bounded depth.
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase();
    if word != "POLYGON" && word != "MULTIPOLYGON" {
        let found: String = text.chars().take(20).collect();
        return Err(("geometry_type", format!("begins with {found:?}, expected {EXPECTED}")));
    }
    match text.parse::<Wkt<f64>>() {
        Ok(Wkt::Polygon(polygon)) => Ok((&GeometryValue::Polygon { coordinates: rings(&polygon) }).into()),
        Ok(Wkt::MultiPolygon(parts)) => {
            let coordinates = parts.polygons().iter().map(rings).collect();
            Ok((&GeometryValue::MultiPolygon { coordinates }).into())
        }
        Ok(_) => Err(("geometry_type", format!("another geometry, expected {EXPECTED}"))),
        Err(error) => Err(("wkt_syntax", format!("cannot be read as WKT ({error}), expected {EXPECTED}"))),
    }
}

/// Corners typed one a line, longitude and latitude, as WKT; text that begins with a letter is taken for WKT already.
///
/// Where only one of the two can be a latitude (at most 90), the order does not matter.
///
/// # Errors
/// Which line cannot be read.
pub fn corners_to_wkt(text: &str) -> Result<String, Sentence> {
    let text = text.trim();
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(text.to_owned());
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut corners =
        lines.map(|(i, line)| corner(line).ok_or_else(|| bad_corner(i, line))).collect::<Result<Vec<_>, _>>()?;
    if corners.len() < 3 {
        return Err(said::too_few_corners(corners.len()));
    }
    if let Some(first) = corners.first().cloned().filter(|first| corners.last() != Some(first)) {
        corners.push(first);
    }
    Ok(format!("POLYGON (({}))", corners.join(", ")))
}

fn corner(line: &str) -> Option<String> {
    let parts: Vec<&str> =
        line.split([',', '，', ';', '；', ' ', '\t', '、']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let [first, second] = parts.as_slice() else { return None };
    let (a, b): (f64, f64) = (first.parse().ok()?, second.parse().ok()?);
    let is_latitude_first = a.abs() <= 90.0 && b.abs() > 90.0;
    (a.is_finite() && b.is_finite()).then(|| if is_latitude_first { format!("{b} {a}") } else { format!("{a} {b}") })
}

fn bad_corner(i: usize, line: &str) -> Sentence {
    let found: String = line.chars().take(40).collect();
    said::not_a_corner(i + 1, &found)
}

fn rings(polygon: &Polygon<f64>) -> PolygonType {
    polygon.rings().iter().map(|ring| ring.coords().iter().map(|c| [c.x, c.y].into()).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_read_in_any_order_that_can_only_mean_one_thing_and_the_ring_is_closed() {
        let expected = Ok("POLYGON ((122.65 45.52, 122.66 45.52, 122.66 45.53, 122.65 45.52))".to_owned());
        assert_eq!(corners_to_wkt("122.65,45.52\n\n122.66，45.52\n 122.66 45.53\n"), expected);
        assert_eq!(corners_to_wkt("45.52 122.65\n45.52 122.66\n45.53 122.66\n45.52 122.65"), expected);
        assert_eq!(corners_to_wkt(" POLYGON((0 0))"), Ok("POLYGON((0 0))".to_owned()));
    }

    #[test]
    fn a_line_that_is_no_corner_is_named() {
        assert!(corners_to_wkt("122.65,45.52\n122.66").unwrap_err().en.contains("line 2 \"122.66\""));
        assert!(corners_to_wkt("122.65,45.52\n122.66,45.52").unwrap_err().en.contains("2 corner(s)"));
        assert!(corners_to_wkt("122.65,NaN\n1,2\n3,4").unwrap_err().en.contains("line 1"));
    }
}
