//! Where something is: units by name, moments in the region's time, positions as offices write them.

use super::Lang;
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// A unit's name; its code where this region version does not know it.
#[must_use]
pub fn unit_name(ground: &Ground, code: &UnitCode, lang: Lang) -> String {
    ground.unit(code).map_or_else(|| code.0.clone(), |unit| lang.name(&unit.name, unit.name_en.as_deref()).to_owned())
}

/// The names of a unit and those above it, in the order the language says them.
#[must_use]
pub fn full_name(ground: &Ground, code: &UnitCode, lang: Lang) -> String {
    let mut names: Vec<_> =
        ground.line_of(code).into_iter().map(|unit| lang.name(&unit.name, unit.name_en.as_deref())).collect();
    if names.is_empty() {
        return code.0.clone();
    }
    match lang {
        Lang::Zh => {
            names.reverse();
            let repeats =
                |i: usize| names.get(i + 1).is_some_and(|below| below.starts_with(names.get(i).unwrap_or(below)));
            // A cell named after its township would say the township twice.
            names.iter().enumerate().filter(|(i, _)| !repeats(*i)).map(|(_, name)| *name).collect()
        }
        Lang::En => names.join(", "),
    }
}

/// Local date and minute of an instant.
#[must_use]
pub fn local(ground: &Ground, at: Timestamp) -> String {
    ground.data().time_zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Degrees, minutes and seconds to a tenth (3 m): longitude first in Chinese, latitude first in English.
#[must_use]
pub fn dms(position: Position, lang: Lang) -> String {
    let lon = angle(position.lon());
    let lat = angle(position.lat());
    let east = if position.lon() < 0.0 { ("西经", "W") } else { ("东经", "E") };
    let north = if position.lat() < 0.0 { ("南纬", "S") } else { ("北纬", "N") };
    match lang {
        Lang::Zh => format!("{}{lon}，{}{lat}", east.0, north.0),
        Lang::En => format!("{lat}{}, {lon}{}", north.1, east.1),
    }
}

/// Rounded before it is taken apart, so that sixty seconds never show.
fn angle(degrees: f64) -> String {
    let tenths = (degrees.abs() * 36_000.0).round();
    let (whole, rest) = ((tenths / 36_000.0).floor(), tenths % 36_000.0);
    let (minutes, seconds) = ((rest / 600.0).floor(), (rest % 600.0) / 10.0);
    format!("{whole:.0}°{minutes:02.0}′{seconds:04.1}″")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_minutes_seconds_carry_over_and_name_the_hemisphere() {
        let at = |lon, lat| Position::from_lon_lat(lon, lat).unwrap();
        let cases = [
            (at(122.84, 45.62), "东经122°50′24.0″，北纬45°37′12.0″"),
            (at(122.999_999, 45.0), "东经123°00′00.0″，北纬45°00′00.0″"),
            (at(122.016_66, 45.999_72), "东经122°01′00.0″，北纬45°59′59.0″"),
            (at(-0.5, -10.255), "西经0°30′00.0″，南纬10°15′18.0″"),
        ];
        for (position, expected) in cases {
            assert_eq!(dms(position, Lang::Zh), expected);
        }
        assert_eq!(dms(at(122.84, 45.62), Lang::En), "45°37′12.0″N, 122°50′24.0″E");
    }
}
