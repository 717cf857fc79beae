//! Longitude and latitude of a list, in the way and the datum that its mapping names.
//!
//! Called for each row. Numbers that lie in China only when the two are exchanged are exchanged: such a row is refused,
//! not turned round.

use std::ops::RangeInclusive;

use geo::Coord;

use super::cells::Columns;
use crate::config::{Degrees, ListConfig};
use crate::domain::datum::Datum;
use crate::domain::observation::Decimal;
use crate::domain::plain_text;
use crate::domain::position::Position;
use crate::files::table::RawRow;
use crate::source::dialect::row_error::{Fault, position};
use crate::source::dialect::unknown::MAX_NUMBER_CHARS;
use crate::source::vocabulary::{DEGREE_SIGNS, EAST, Marks, NORTH, SIXTIETH_SIGNS};

/// China with a margin, degrees: what its lists are about.
const LONGITUDES: RangeInclusive<f64> = 70.0..=140.0;
const LATITUDES: RangeInclusive<f64> = 0.0..=56.0;

/// A place: as it makes the key of a row, and as a position. Of a shifted datum both are what the shift leaves, to 0.00001
/// degree, a metre.
#[derive(Debug)]
pub(super) struct Place {
    pub lon: Decimal,
    pub lat: Decimal,
    pub position: Position,
}

/// The place of a row.
pub(super) fn read(row: &RawRow, list: &ListConfig, columns: &Columns) -> Result<Place, Fault> {
    let of = |column: &super::cells::Column, marks: &Marks| {
        let text = column.needed_text(row)?;
        degrees(&text, list.degrees, marks).ok_or_else(|| column.fault(&text, expected(list.degrees)))
    };
    let (lon, lat) = (of(&columns.longitude, &EAST)?, of(&columns.latitude, &NORTH)?);
    let (x, y) = (lon.to_f64(), lat.to_f64());
    let is_in_china = |x: f64, y: f64| LONGITUDES.contains(&x) && LATITUDES.contains(&y);
    if !is_in_china(x, y) && is_in_china(y, x) {
        let expected =
            format!("a longitude: it and {} look exchanged; mend the file or the mapping", columns.latitude.name);
        return Err(columns.longitude.fault(lon.as_str(), expected));
    }
    let names = ((columns.latitude.name.as_str(), &lat), (columns.longitude.name.as_str(), &lon));
    let as_published = position(names.0, names.1)?;
    if matches!(list.datum, Datum::Wgs84 | Datum::Cgcs2000) {
        return Ok(Place { position: as_published, lon, lat });
    }
    let Coord { x, y } = list.datum.to_wgs84(Coord { x, y });
    let rounded = |degrees: f64| Decimal::parse(&format!("{degrees:.5}")).unwrap_or_else(|| lon.clone());
    let (lon, lat) = (rounded(x), rounded(y));
    let position = position((names.0.0, &lat), (names.1.0, &lon))?;
    Ok(Place { lon, lat, position })
}

fn expected(degrees: Degrees) -> &'static str {
    match degrees {
        Degrees::Decimal => {
            "decimal degrees such as 122.84; for degrees, minutes and seconds the mapping says degrees = \"dms\""
        }
        Degrees::Dms => "degrees, minutes and seconds such as 122°50′24″, as the mapping says",
    }
}

fn degrees(text: &str, how: Degrees, marks: &Marks) -> Option<Decimal> {
    let plain = plain_text::compatible(&plain_text::visible(text));
    let plain = plain.trim();
    let plain = marks.before.iter().find_map(|mark| plain.strip_prefix(mark)).unwrap_or(plain);
    let plain = marks.behind.iter().find_map(|mark| plain.strip_suffix(mark)).unwrap_or(plain).trim();
    if plain.len() > MAX_NUMBER_CHARS {
        return None;
    }
    match how {
        Degrees::Decimal => Decimal::parse(plain.strip_suffix(DEGREE_SIGNS).unwrap_or(plain).trim_end()),
        Degrees::Dms => of_parts(plain),
    }
}

/// The decimal degrees of `122°50′24″`, `122度50分24秒`, `122 50 24`, `122:50:24`, `122°50.4′`.
fn of_parts(text: &str) -> Option<Decimal> {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let is_mark = |c: char| c.is_whitespace() || SIXTIETH_SIGNS.contains(c);
    if !text.chars().all(|c| is_digit(c) || is_mark(c)) {
        return None;
    }
    let parts: Vec<&str> = text.split(is_mark).filter(|part| !part.is_empty()).collect();
    let (last, whole) = parts.split_last()?;
    let numbers: Vec<f64> =
        parts.iter().map(|part| Decimal::parse(part).map(|part| part.to_f64())).collect::<Option<_>>()?;
    // Minutes alone need their fraction: 122°50′ might as well have lost its seconds.
    let is_whole = match whole.len() {
        1 => last.contains('.'),
        2 => true,
        _ => false,
    };
    let is_sixtieth = numbers.iter().skip(1).all(|part| (0.0..60.0).contains(part));
    if !is_whole || !is_sixtieth || whole.iter().any(|part| part.contains('.')) {
        return None;
    }
    let degrees = numbers.iter().rev().fold(0.0, |below, part| part + below / 60.0);
    Decimal::parse(&format!("{degrees:.6}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_as_the_mapping_says_and_in_no_other_way() {
        let cases = [
            ("122.84", Degrees::Decimal, Some("122.84")),
            (" 122.840 ", Degrees::Decimal, Some("122.84")),
            ("１２２．８４", Degrees::Decimal, Some("122.84")),
            ("东经122.84°", Degrees::Decimal, Some("122.84")),
            ("E122.84", Degrees::Decimal, Some("122.84")),
            ("122.84E", Degrees::Decimal, Some("122.84")),
            ("122.84度", Degrees::Decimal, Some("122.84")),
            ("122°50′24″", Degrees::Decimal, None),
            ("122 50 24", Degrees::Decimal, None),
            ("122,84", Degrees::Decimal, None),
            ("W122.84", Degrees::Decimal, None),
            ("北纬45.62", Degrees::Decimal, None),
            ("1.2284E2", Degrees::Decimal, None),
            ("", Degrees::Decimal, None),
            ("122°50′24″", Degrees::Dms, Some("122.84")),
            ("东经122°50′24″", Degrees::Dms, Some("122.84")),
            ("122度50分24秒", Degrees::Dms, Some("122.84")),
            ("122°50'24\"", Degrees::Dms, Some("122.84")),
            ("122 50 24", Degrees::Dms, Some("122.84")),
            ("122:50:24.0", Degrees::Dms, Some("122.84")),
            ("122°50.4′", Degrees::Dms, Some("122.84")),
            ("122.84", Degrees::Dms, None),
            ("122°50′", Degrees::Dms, None),
            ("122°60′00″", Degrees::Dms, None),
            ("122°50′24″30", Degrees::Dms, None),
            ("122.5°50′24″", Degrees::Dms, None),
        ];
        for (text, how, expected) in cases {
            let found = degrees(text, how, &EAST);
            assert_eq!(found.as_ref().map(Decimal::as_str), expected, "{text:?} {how:?}");
        }
    }
}
