//! Why a row is not an observation, and the reading of what every dialect must be sure of: place and launch.
//!
//! Called by the readers of rows of each feed.

use std::borrow::Cow;

use crate::domain::observation::{Decimal, Satellite};
use crate::domain::position::{Position, PositionError};
use crate::domain::time::{self, Timestamp};
use crate::source::safe_text::shown;

use super::unknown::{MAX_NUMBER_CHARS, SHOWN_CHARS};

/// Why a row is not an observation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{column} is \"{value}\", expected {expected}")]
pub struct RowError {
    /// The column, or `row` when the row as a whole is at fault.
    pub column: Cow<'static, str>,
    /// The value as found, escaped and cut to a showable length.
    pub value: String,
    /// What was expected in its place.
    pub expected: String,
    /// The whole row as published.
    pub raw: String,
}

/// A fault before the raw row is put beside it.
#[derive(Debug)]
pub(in crate::source) struct Fault {
    pub column: Cow<'static, str>,
    pub value: String,
    pub expected: String,
}

impl Fault {
    pub(in crate::source) fn in_row(self, raw: &str) -> RowError {
        let Self { column, value, expected } = self;
        RowError { column, value, expected, raw: raw.to_owned() }
    }
}

pub(in crate::source) fn fault(
    column: impl Into<Cow<'static, str>>,
    value: &str,
    expected: impl Into<String>,
) -> Fault {
    Fault { column: column.into(), value: shown(value, SHOWN_CHARS), expected: expected.into() }
}

/// The error of a row whose fields cannot even be told apart.
pub(in crate::source) fn whole(raw: &str, value: &str, expected: impl Into<String>) -> RowError {
    fault("row", value, expected).in_row(raw)
}

/// A plain decimal number.
pub(in crate::source) fn decimal(column: impl Into<Cow<'static, str>>, text: &str) -> Result<Decimal, Fault> {
    Some(text)
        .filter(|text| text.len() <= MAX_NUMBER_CHARS)
        .and_then(Decimal::parse)
        .ok_or_else(|| fault(column, text, "a plain decimal number"))
}

/// The place of a latitude and a longitude, whose columns are named.
pub(in crate::source) fn position(
    (lat_column, lat): (&str, &Decimal),
    (lon_column, lon): (&str, &Decimal),
) -> Result<Position, Fault> {
    if lat.as_str() == "0" && lon.as_str() == "0" {
        let expected = "a place; 0/0 is what broken tables write";
        return Err(fault(lat_column.to_owned(), &format!("0, {lon_column} 0"), expected));
    }
    Position::from_lon_lat(lon.to_f64(), lat.to_f64()).map_err(|error| match error {
        PositionError::Longitude(_) => fault(lon_column.to_owned(), lon.as_str(), "degrees from -180 to 180"),
        PositionError::Latitude(_) => fault(lat_column.to_owned(), lat.as_str(), "degrees from -90 to 90"),
    })
}

/// Refuses an acquisition before its satellite was launched: a row of 1970 is a table with broken dates.
pub(in crate::source) fn since_launch(column: &str, at: Timestamp, satellite: Satellite) -> Result<(), Fault> {
    let launched = satellite.launched_on();
    if time::local_day(at, &time::TimeZone::UTC) < launched {
        let expected = format!("a day since {satellite} was launched on {launched}");
        return Err(fault(column.to_owned(), &at.to_string(), expected));
    }
    Ok(())
}
