//! What a call for features wants: how many, where, when, and from where on.

use crate::domain::ground::Extent;
use crate::domain::time::TimeZone;
use crate::store::features::FeatureFilter;
use crate::web::ask::Ask;
use crate::web::problem::Problem;
use crate::web::when;

/// Parameters of a list of features, beside `lang`.
pub(super) const LIST_PARAMETERS: &[&str] = &["bbox", "datetime", "limit", "after", "f"];

/// Features of a page unless asked otherwise, and at most.
pub(super) const PAGE: u32 = 100;
pub(super) const MAX_PAGE: u32 = 1000;

const BBOX: &str = "west,south,east,north in degrees, or with the lowest and highest height after south and north";
const DATETIME: &str = "a moment as 2026-04-13T04:00:00Z, a local day as 2026-04-13, or an interval of two with / between them, .. for \
                        an open end";

/// How many features a page has. More than the most is the most: the standard wants no error there.
pub(super) fn limit(ask: &Ask) -> Result<u32, Problem> {
    let Some(text) = ask.param("limit").map(str::trim) else { return Ok(PAGE) };
    let is_number = text.chars().all(|c| c.is_ascii_digit()) && text.chars().any(|c| c != '0');
    if !is_number {
        return Err(Problem::BadParameter {
            name: "limit",
            value: text.to_owned(),
            expected: "a whole number from 1 up",
        });
    }
    // What is too large for a number is larger than the most.
    Ok(text.parse().unwrap_or(MAX_PAGE).min(MAX_PAGE))
}

/// Where and when; local times are of this zone.
pub(super) fn filter(ask: &Ask, zone: &TimeZone) -> Result<FeatureFilter, Problem> {
    let area = match ask.param("bbox") {
        None => None,
        Some(text) => Some(bbox(text).ok_or_else(|| Problem::BadParameter {
            name: "bbox",
            value: text.to_owned(),
            expected: BBOX,
        })?),
    };
    let (from, to) = match ask.param("datetime") {
        None => (None, None),
        Some(text) => when::interval(text, zone).ok_or_else(|| Problem::BadParameter {
            name: "datetime",
            value: text.to_owned(),
            expected: DATETIME,
        })?,
    };
    Ok(FeatureFilter { area, from, to })
}

/// Four numbers, or six with heights, which nothing here has. West greater than east crosses the antimeridian.
///
/// Map programs ask for what their window shows: that reaches beyond the poles when it is drawn small, and longitudes go
/// on beyond 180 degrees when the map is pushed round. What such a box holds of the earth is meant. One that holds none
/// of it is refused: most often latitude came first, or metres of a projected grid.
fn bbox(text: &str) -> Option<Extent> {
    let parts = text.split([',', ' ']).map(str::trim).filter(|part| !part.is_empty());
    let numbers: Vec<f64> = parts.map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let (west, south, east, north) = match *numbers.as_slice() {
        [west, south, east, north] => (west, south, east, north),
        [west, south, low, east, north, high] if low <= high => (west, south, east, north),
        _ => return None,
    };
    let is_on_earth =
        numbers.iter().all(|number| number.is_finite()) && south <= north && south <= 90.0 && north >= -90.0;
    let (west, east) = is_on_earth.then(|| longitudes(west, east)).flatten()?;
    Some(Extent { west, south: south.max(-90.0), east, north: north.min(90.0) })
}

/// Both ends from -180 to 180 degrees, however often the map was pushed round.
fn longitudes(west: f64, east: f64) -> Option<(f64, f64)> {
    const TURN: f64 = 360.0;
    /// A map that was pushed round further than this is none.
    const FARTHEST: f64 = 10.0 * TURN;
    let is_plain = |degrees: f64| (-180.0..=180.0).contains(&degrees);
    if is_plain(west) && is_plain(east) {
        return Some((west, east));
    }
    if east < west || west.abs() > FARTHEST || east.abs() > FARTHEST {
        return None;
    }
    if east - west >= TURN {
        return Some((-180.0, 180.0));
    }
    let round = |degrees: f64| if is_plain(degrees) { degrees } else { (degrees + 180.0).rem_euclid(TURN) - 180.0 };
    Some((round(west), round(east)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_have_four_numbers_or_six_and_what_they_hold_of_the_earth_is_meant() {
        let read = |text| bbox(text).map(|area| [area.west, area.south, area.east, area.north]);
        let cases = [
            ("122,45,123,46", [122.0, 45.0, 123.0, 46.0]),
            ("122,45,-10,123,46,500", [122.0, 45.0, 123.0, 46.0]),
            ("170,-10,-170,10", [170.0, -10.0, -170.0, 10.0]),
            ("122,45,122,45", [122.0, 45.0, 122.0, 45.0]),
            // Blanks after the commas, or in their place.
            ("122, 45, 123, 46", [122.0, 45.0, 123.0, 46.0]),
            (" 122 45 123 46 ", [122.0, 45.0, 123.0, 46.0]),
            ("1.22e2,45.0,123.00,46", [122.0, 45.0, 123.0, 46.0]),
            // A map drawn small, or pushed round.
            ("-200,-100,200,100", [-180.0, -90.0, 180.0, 90.0]),
            ("0,-95,10,95", [0.0, -90.0, 10.0, 90.0]),
            ("1,2,3,95", [1.0, 2.0, 3.0, 90.0]),
            ("482,45,483,46", [122.0, 45.0, 123.0, 46.0]),
            ("-238,45,-237,46", [122.0, 45.0, 123.0, 46.0]),
            ("170,40,190,50", [170.0, 40.0, -170.0, 50.0]),
            ("-190,40,-170,50", [170.0, 40.0, -170.0, 50.0]),
            ("122,45,180.0000001,46", [122.0, 45.0, -179.999_999_9, 46.0]),
        ];
        for (text, expected) in cases {
            let found = read(text).unwrap_or([f64::NAN; 4]);
            let is_near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6);
            assert!(is_near, "{text:?} is {found:?}");
        }
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,3,x",
            "122,46,123,45",
            "1,91,2,92",
            // Latitude first, and metres.
            "45,122,46,123",
            "13600000,5600000,13700000,5700000",
            "181,1,-181,2",
            "nan,1,2,3",
            "1,2,inf,3",
            "1,2,9,3,4,5",
            "99999,1,99999,2",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
