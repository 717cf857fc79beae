//! Reads `places.csv`: named points for "2.3 km north-east of ...", and the seats of units.

use std::collections::BTreeSet;

use geo::Coord;

use super::faults::Faults;
use super::geometry;
use super::table::{self, Row};
use crate::domain::datum::Datum;
use crate::domain::ground::Extent;
use crate::domain::nearest::Place;
use crate::domain::position::Position;
use crate::domain::unit::UnitCode;

const REQUIRED: [&str; 3] = ["name", "lon", "lat"];
const OPTIONAL: [&str; 3] = ["name_en", "kind", "unit_code"];

/// Reads the places of a file in a datum; `units` are the codes that exist.
pub fn read(
    file: &str,
    bytes: &[u8],
    (datum, extent): (Datum, Option<Extent>),
    units: &BTreeSet<&UnitCode>,
    faults: &mut Faults,
) -> Vec<Place> {
    let rows = table::read(file, bytes, &REQUIRED, &OPTIONAL, faults);
    rows.iter()
        .filter_map(|row| {
            let position = position(row, datum, extent, faults);
            let unit_code = row.optional("unit_code", faults).map(UnitCode);
            if let Some(code) = unit_code.as_ref().filter(|code| !units.contains(code)) {
                row.fault_at("unit_code", "unknown_unit", format!("no unit has the code {:?}", code.0), faults);
            }
            let name = row.required("name", faults);
            let (name_en, kind) = (row.optional("name_en", faults), row.optional("kind", faults));
            Some(Place { name: name?, name_en, position: position?, kind, unit_code })
        })
        .collect()
}

fn position(row: &Row<'_>, datum: Datum, extent: Option<Extent>, faults: &mut Faults) -> Option<Position> {
    let (lon, lat) = (row.required_number("lon", faults), row.required_number("lat", faults));
    let raw = Coord { x: lon?, y: lat? };
    match geometry::convert(datum, extent, raw) {
        Ok(c) => Position::from_lon_lat(c.x, c.y).ok(),
        Err(hint) => {
            let message = format!("({}, {}) (lon, lat) lies outside the extent{hint}", raw.x, raw.y);
            row.fault("out_of_extent", message, faults);
            None
        }
    }
}
