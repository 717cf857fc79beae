//! Reads one row into an observation, or says which value of it cannot be one.
//!
//! No value has a default: what is unknown, unreadable or implausible rejects the row, and only
//! that row. Called by [`super::read`] once the header is known.

use std::borrow::Cow;

use crate::domain::observation::{
    Confidence, DayNight, Decimal, Instrument, Observation, ObservationKey, ProcessingLevel, Satellite,
};
use crate::domain::position::Position;
use crate::domain::time;
use crate::source::safe_text::shown;

use super::header::Columns;

/// Largest believable pixel side, km.
///
/// MODIS reaches 4.8 km at the edge of its swath; twice that leaves room, while an image index
/// or a value in metres in this column is caught.
const MAX_PIXEL_KM: f64 = 10.0;
/// Largest believable brightness temperature, K; the sensors saturate at 500 K.
const MAX_BRIGHTNESS_K: f64 = 2_000.0;
/// Largest believable fire radiative power of one pixel, MW; the record is near 20,000.
const MAX_FRP_MW: f64 = 1_000_000.0;
/// Longest number that is read; feeds write at most ten characters.
const MAX_NUMBER_CHARS: usize = 24;

/// Why a row is not an observation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{column} is \"{value}\", expected {expected}")]
pub struct RowError {
    /// The column, or `row` when the row as a whole is at fault.
    pub column: &'static str,
    /// The value as found, escaped and cut to a showable length.
    pub value: String,
    /// What was expected in its place.
    pub expected: String,
    /// The whole row as published.
    pub raw: String,
}

/// A fault before the raw row is put beside it.
struct Fault {
    column: &'static str,
    value: String,
    expected: String,
}

fn fault(column: &'static str, value: &str, expected: impl Into<String>) -> Fault {
    Fault { column, value: shown(value, 60), expected: expected.into() }
}

/// Reads the fields of a row; their number must be the header's.
pub(super) fn read(fields: &[Cow<'_, str>], columns: &Columns, raw: &str) -> Result<Observation, RowError> {
    if fields.len() != columns.width {
        let expected = format!("{} fields", columns.width);
        return Err(whole(raw, &format!("{} fields", fields.len()), expected));
    }
    observation(fields, columns, raw).map_err(|Fault { column, value, expected }| RowError {
        column,
        value,
        expected,
        raw: raw.to_owned(),
    })
}

/// The error of a row whose fields cannot even be told apart.
pub(super) fn whole(raw: &str, value: &str, expected: impl Into<String>) -> RowError {
    let Fault { column, value, expected } = fault("row", value, expected);
    RowError { column, value, expected, raw: raw.to_owned() }
}

fn observation(fields: &[Cow<'_, str>], columns: &Columns, raw: &str) -> Result<Observation, Fault> {
    let field = |i: usize| fields.get(i).map_or("", AsRef::as_ref);
    if let Some(odd) = fields.iter().find(|text| text.chars().any(char::is_control)) {
        return Err(fault("row", odd, "no control characters"));
    }
    let instrument = instrument(columns, columns.instrument.map(field))?;
    let satellite = satellite(instrument, field(columns.satellite))?;
    let (lat, lon) = (decimal("latitude", field(columns.latitude))?, decimal("longitude", field(columns.longitude))?);
    let position = position(&lat, &lon)?;
    let acquired_at = time::parse_acquisition(field(columns.acq_date), field(columns.acq_time)).map_err(|error| {
        let column = if error.text == field(columns.acq_time) { "acq_time" } else { "acq_date" };
        fault(column, &error.text, error.expected)
    })?;
    let version_raw = field(columns.version);
    let confidence_raw = field(columns.confidence);
    Ok(Observation {
        key: ObservationKey { satellite, acquired_at, lon, lat },
        position,
        level: level(version_raw)?,
        scan_km: Some(pixel_side("scan", field(columns.scan))?),
        track_km: Some(pixel_side("track", field(columns.track))?),
        brightness_k: Some(brightness("brightness", field(columns.brightness))?),
        brightness_background_k: optional(field(columns.brightness_background), |text| {
            brightness("background brightness", text)
        })?,
        frp_mw: optional(field(columns.frp), |text| {
            number_in("frp", text, 0.0, MAX_FRP_MW, "a power in MW from 0 to 1000000, or nothing")
        })?,
        confidence: confidence(instrument, confidence_raw)?,
        confidence_raw: confidence_raw.to_owned(),
        day_night: day_night(field(columns.daynight))?,
        version_raw: version_raw.to_owned(),
        source_type: columns.source_type.map(|i| source_type(field(i))).transpose()?,
        raw: raw.to_owned(),
    })
}

/// The sensor of a row: its own column speaks, else the channel names of the header.
///
/// A table that names the channels the MODIS way may still carry VIIRS rows (tools rename them);
/// VIIRS channel names with a MODIS row are a contradiction.
fn instrument(columns: &Columns, text: Option<&str>) -> Result<Instrument, Fault> {
    match (text, columns.channels_of) {
        (None, by_header) => Ok(by_header),
        (Some("VIIRS"), _) => Ok(Instrument::Viirs),
        (Some("MODIS"), Instrument::Modis) => Ok(Instrument::Modis),
        (Some(other), Instrument::Modis) => Err(fault("instrument", other, "VIIRS or MODIS")),
        (Some(other), Instrument::Viirs) => Err(fault("instrument", other, "VIIRS, as the header's channels say")),
    }
}

/// The satellite by every spelling seen, within its sensor: `1` is NOAA-20 in VIIRS tables only.
fn satellite(instrument: Instrument, text: &str) -> Result<Satellite, Fault> {
    match (instrument, text) {
        (Instrument::Viirs, "N" | "NPP" | "SNPP" | "S-NPP" | "Suomi-NPP" | "Suomi NPP") => Ok(Satellite::SuomiNpp),
        (Instrument::Viirs, "N20" | "1" | "J1" | "NOAA-20" | "NOAA20") => Ok(Satellite::Noaa20),
        (Instrument::Viirs, "N21" | "J2" | "NOAA-21" | "NOAA21") => Ok(Satellite::Noaa21),
        (Instrument::Modis, "T" | "Terra") => Ok(Satellite::Terra),
        (Instrument::Modis, "A" | "Aqua") => Ok(Satellite::Aqua),
        (Instrument::Viirs, other) => Err(fault("satellite", other, "a VIIRS satellite: N, N20, N21 or 1 (NOAA-20)")),
        (Instrument::Modis, other) => Err(fault("satellite", other, "a MODIS satellite: T, A, Terra or Aqua")),
    }
}

fn decimal(column: &'static str, text: &str) -> Result<Decimal, Fault> {
    Some(text)
        .filter(|text| text.len() <= MAX_NUMBER_CHARS)
        .and_then(Decimal::parse)
        .ok_or_else(|| fault(column, text, "a plain decimal number"))
}

fn position(lat: &Decimal, lon: &Decimal) -> Result<Position, Fault> {
    use crate::domain::position::PositionError;
    if lat.as_str() == "0" && lon.as_str() == "0" {
        return Err(fault("latitude", "0, longitude 0", "a place; 0/0 is what broken tables write"));
    }
    Position::from_lon_lat(lon.to_f64(), lat.to_f64()).map_err(|error| match error {
        PositionError::Longitude(_) => fault("longitude", lon.as_str(), "degrees from -180 to 180"),
        PositionError::Latitude(_) => fault("latitude", lat.as_str(), "degrees from -90 to 90"),
    })
}

/// Nothing for an empty text, for the two columns that feeds really leave empty.
fn optional(text: &str, read: impl Fn(&str) -> Result<f64, Fault>) -> Result<Option<f64>, Fault> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

fn number_in(column: &'static str, text: &str, low: f64, high: f64, expected: &'static str) -> Result<f64, Fault> {
    Some(text)
        .filter(|text| text.len() <= MAX_NUMBER_CHARS)
        .and_then(Decimal::parse)
        .map(|decimal| decimal.to_f64())
        .filter(|number| (low..=high).contains(number))
        .ok_or_else(|| fault(column, text, expected))
}

fn pixel_side(column: &'static str, text: &str) -> Result<f64, Fault> {
    number_in(column, text, f64::MIN_POSITIVE, MAX_PIXEL_KM, "a pixel side in km above 0 and up to 10")
}

fn brightness(column: &'static str, text: &str) -> Result<f64, Fault> {
    number_in(column, text, 0.0, MAX_BRIGHTNESS_K, "a temperature in K from 0 to 2000")
}

fn confidence(instrument: Instrument, text: &str) -> Result<Confidence, Fault> {
    match (instrument, text) {
        (Instrument::Viirs, "l" | "low") => Ok(Confidence::Low),
        (Instrument::Viirs, "n" | "nominal") => Ok(Confidence::Nominal),
        (Instrument::Viirs, "h" | "high") => Ok(Confidence::High),
        (Instrument::Viirs, other) => Err(fault("confidence", other, "low, nominal or high (l, n, h)")),
        (Instrument::Modis, text) => text
            .parse()
            .ok()
            .filter(|percent| *percent <= 100 && text.bytes().all(|b| b.is_ascii_digit()))
            .map(Confidence::Percent)
            .ok_or_else(|| fault("confidence", text, "a whole per cent from 0 to 100")),
    }
}

fn day_night(text: &str) -> Result<DayNight, Fault> {
    match text {
        "D" => Ok(DayNight::Day),
        "N" => Ok(DayNight::Night),
        other => Err(fault("daynight", other, "D or N")),
    }
}

fn source_type(text: &str) -> Result<u8, Fault> {
    match text {
        "0" => Ok(0),
        "1" => Ok(1),
        "2" => Ok(2),
        "3" => Ok(3),
        other => Err(fault("type", other, "0, 1, 2 or 3")),
    }
}

/// The processing level: a collection number, then the level; a bare number is standard processing.
fn level(text: &str) -> Result<ProcessingLevel, Fault> {
    let bad = || fault("version", text, "a collection number with NRT, RT, URT or no suffix, such as 2.0NRT");
    let suffix = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (collection, suffix) = text.split_at(suffix);
    if collection.is_empty() || collection.starts_with(['-', '+', '.']) || Decimal::parse(collection).is_none() {
        return Err(bad());
    }
    match suffix {
        "" => Ok(ProcessingLevel::Sp),
        other => ProcessingLevel::from_name(other).filter(|level| *level != ProcessingLevel::Sp).ok_or_else(bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_read_from_the_version() {
        let cases = [
            ("2.0NRT", Some(ProcessingLevel::Nrt)),
            ("2.0RT", Some(ProcessingLevel::Rt)),
            ("2.0URT", Some(ProcessingLevel::Urt)),
            ("6.1NRT", Some(ProcessingLevel::Nrt)),
            ("6.0NRT", Some(ProcessingLevel::Nrt)),
            ("6.03", Some(ProcessingLevel::Sp)),
            ("6.2", Some(ProcessingLevel::Sp)),
            ("61.03", Some(ProcessingLevel::Sp)),
            ("2", Some(ProcessingLevel::Sp)),
            ("2.0SP", None),
            ("2.0nrt", None),
            ("2.0NR", None),
            ("2.", None),
            ("NRT", None),
            ("-2.0NRT", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(level(text).ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn satellites_belong_to_their_sensor() {
        assert_eq!(satellite(Instrument::Viirs, "1").ok(), Some(Satellite::Noaa20));
        for (instrument, text) in [
            (Instrument::Modis, "1"),
            (Instrument::Modis, "N"),
            (Instrument::Viirs, "T"),
            (Instrument::Viirs, "Aqua"),
            (Instrument::Viirs, "n"),
            (Instrument::Viirs, "N22"),
            (Instrument::Viirs, ""),
        ] {
            assert!(satellite(instrument, text).is_err(), "{instrument:?} {text:?}");
        }
    }
}
