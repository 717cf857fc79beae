//! What a call for features wants: how many, where, when, and from where on.

use crate::domain::ground::Extent;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::store::features::FeatureFilter;
use crate::web::ask::Ask;
use crate::web::error::Problem;

/// Parameters of a list of features, beside `lang`.
pub(super) const LIST_PARAMETERS: &[&str] = &["bbox", "datetime", "limit", "after", "f"];

/// Features of a page unless asked otherwise, and at most.
pub(super) const PAGE: u32 = 100;
pub(super) const MAX_PAGE: u32 = 1000;

const BBOX: &str = "west,south,east,north in degrees, or with the lowest and highest height after south and north";
const DATETIME: &str =
    "a moment as 2026-04-13T04:00:00Z, or an interval of two with / between them, .. for an open end";

/// How many features a page has. More than the most is the most: the standard wants no error there.
pub(super) fn limit(ask: &Ask) -> Result<u32, Problem> {
    let Some(text) = ask.param("limit") else { return Ok(PAGE) };
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

/// Where and when.
pub(super) fn filter(ask: &Ask) -> Result<FeatureFilter, Problem> {
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
        Some(text) => interval(text).ok_or_else(|| Problem::BadParameter {
            name: "datetime",
            value: text.to_owned(),
            expected: DATETIME,
        })?,
    };
    Ok(FeatureFilter { area, from, to })
}

/// Four numbers, or six with heights, which nothing here has. West greater than east crosses the antimeridian.
fn bbox(text: &str) -> Option<Extent> {
    let numbers: Vec<f64> = text.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let (west, south, east, north) = match *numbers.as_slice() {
        [west, south, east, north] => (west, south, east, north),
        [west, south, low, east, north, high] if low <= high => (west, south, east, north),
        _ => return None,
    };
    // Also keeps out what is not finite.
    let corners_are_on_earth =
        Position::from_lon_lat(west, south).is_ok() && Position::from_lon_lat(east, north).is_ok();
    (corners_are_on_earth && south <= north).then_some(Extent { west, south, east, north })
}

/// A moment, or two with at most one end open; both belong to it.
fn interval(text: &str) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
    let Some((from, to)) = text.split_once('/') else {
        let at = text.parse().ok()?;
        return Some((Some(at), Some(at)));
    };
    let end = |text: &str| match text {
        "" | ".." => Some(None),
        text => text.parse::<Timestamp>().ok().map(Some),
    };
    match (end(from)?, end(to)?) {
        (None, None) => None,
        (Some(from), Some(to)) if to < from => None,
        ends => Some(ends),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_have_four_numbers_or_six_and_lie_on_the_earth() {
        let read = |text| bbox(text).map(|area| [area.west, area.south, area.east, area.north]);
        assert_eq!(read("122,45,123,46"), Some([122.0, 45.0, 123.0, 46.0]));
        assert_eq!(read("122,45,-10,123,46,500"), Some([122.0, 45.0, 123.0, 46.0]));
        assert_eq!(read("170,-10,-170,10"), Some([170.0, -10.0, -170.0, 10.0]), "across the antimeridian");
        assert_eq!(read("122,45,122,45"), Some([122.0, 45.0, 122.0, 45.0]), "a point");
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,3,x",
            "122,46,123,45",
            "1,91,2,92",
            "181,1,2,2",
            "nan,1,2,3",
            "1,2,inf,3",
            "1,2,9,3,4,5",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn times_are_a_moment_or_an_interval_with_one_open_end_at_most() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        let (noon, later) = (at("2026-04-13T04:00:00Z"), at("2026-04-13T05:00:00Z"));
        assert_eq!(interval("2026-04-13T12:00:00+08:00"), Some((noon, noon)));
        assert_eq!(interval("2026-04-13T04:00:00Z/2026-04-13T05:00:00Z"), Some((noon, later)));
        for open in ["2026-04-13T04:00:00Z/..", "2026-04-13T04:00:00Z/"] {
            assert_eq!(interval(open), Some((noon, None)), "{open:?}");
        }
        assert_eq!(interval("../2026-04-13T05:00:00Z"), Some((None, later)));
        for text in [
            "",
            "../..",
            "/",
            "today",
            "2026-04-13",
            "2026-04-13T05:00:00Z/2026-04-13T04:00:00Z",
            "2026-04-13T04:00:00Z/2026-04-13T05:00:00Z/..",
        ] {
            assert_eq!(interval(text), None, "{text:?}");
        }
    }
}
