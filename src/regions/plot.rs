//! Reads the outline of a plot in a table: WKT, checked like the outlines of the `GeoJSON` files.
//!
//! # Source
//! OGC 06-103r4 (Simple feature access, part 1), section 7: well-known text.

use geo::MultiPolygon;
use serde_json::{Value, json};
use wkt::Wkt;
use wkt::types::Polygon;

use super::faults::Faults;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::table::Row;

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
            row.fault(code, format!("\"{column}\": {message}"), faults);
            return None;
        }
    };
    match geometry.read(&row.place(), &as_geojson, Accepts::Outline, faults) {
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
        Ok(Wkt::Polygon(polygon)) => Ok(json!({"type": "Polygon", "coordinates": rings(&polygon)})),
        Ok(Wkt::MultiPolygon(parts)) => {
            let parts: Vec<Value> = parts.polygons().iter().map(rings).collect();
            Ok(json!({"type": "MultiPolygon", "coordinates": parts}))
        }
        Ok(_) => Err(("geometry_type", format!("another geometry, expected {EXPECTED}"))),
        Err(error) => Err(("wkt_syntax", format!("cannot be read as WKT ({error}), expected {EXPECTED}"))),
    }
}

fn rings(polygon: &Polygon<f64>) -> Value {
    let ring = |ring: &wkt::types::LineString<f64>| -> Value {
        ring.coords().iter().map(|c| json!([c.x, c.y])).collect::<Vec<_>>().into()
    };
    polygon.rings().iter().map(ring).collect::<Vec<_>>().into()
}
