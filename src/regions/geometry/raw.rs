//! Positions on the plain JSON, looked at one by one before the crate `geojson` reads them.
//!
//! That crate stops at the first bad one without saying where, takes a position of one number, which panics when it is
//! made a coordinate, and one of four. What passed here it reads; rings and their places belong to [`super`].

use geo::Coord;
use geojson::{LineStringType, PointType, Position};
use serde::Deserialize;
use serde_json::Value;

use super::super::faults::Faults;
use super::super::geojson::excerpt;

/// Bad positions told one by one per ring; the rest of the ring is counted.
const TOLD_PER_RING: usize = 3;

/// The code and the message of a fault.
type Flaw = (&'static str, String);

/// The positions of a ring, in the datum of the file; `None` after a fault was added.
pub(super) fn ring(
    file: &str,
    place: &str,
    ring: &Value,
    positions: &[Value],
    faults: &mut Faults,
) -> Option<Vec<Coord<f64>>> {
    let mut bad = 0;
    for (i, value) in positions.iter().enumerate() {
        if let Err((code, message)) = check(value) {
            bad += 1;
            if bad <= TOLD_PER_RING {
                faults.add(file, format!("{place}, position {}", i + 1), code, message);
            }
        }
    }
    if bad > TOLD_PER_RING {
        let message = format!("{} more positions of this ring are not two numbers", bad - TOLD_PER_RING);
        faults.add(file, place, "coordinates_malformed", message);
    }
    if bad > 0 {
        return None;
    }
    match LineStringType::deserialize(ring) {
        Ok(read) => Some(read.iter().filter_map(coordinate).collect()),
        Err(error) => {
            // Not known to happen after the checks above.
            faults.add(file, place, "coordinates_malformed", format!("the ring cannot be read ({error})"));
            None
        }
    }
}

/// The coordinate of a point, in the datum of the file.
///
/// # Errors
/// Code and message of what is wrong with it.
pub(super) fn point(value: &Value) -> Result<Coord<f64>, Flaw> {
    check(value)?;
    let read = PointType::deserialize(value).ok();
    // As above: not known to happen after the check.
    let unreadable = || ("coordinates_malformed", format!("{} cannot be read as a position", excerpt(value)));
    read.as_ref().and_then(coordinate).ok_or_else(unreadable)
}

/// Longitude and latitude; a height is dropped.
fn coordinate(position: &Position) -> Option<Coord<f64>> {
    match *position.as_slice() {
        [x, y, ..] => Some(Coord { x, y }),
        _ => None,
    }
}

fn check(value: &Value) -> Result<(), Flaw> {
    let Value::Array(numbers) = value else {
        return Err((
            "coordinates_malformed",
            format!("found {}, expected a position [longitude, latitude]", excerpt(value)),
        ));
    };
    let wrong = |code| Err((code, format!("{} is not [longitude, latitude]", excerpt(value))));
    match numbers.as_slice() {
        [] => wrong("empty_position"),
        [_] => wrong("short_position"),
        [x, y] | [x, y, Value::Number(_)] => match (x.as_f64(), y.as_f64()) {
            (Some(x), Some(y)) if x.is_finite() && y.is_finite() => Ok(()),
            _ => wrong("position_not_number"),
        },
        [_, _, _] => wrong("position_not_number"),
        _ => wrong("long_position"),
    }
}
