//! Reads one row into an observation, or says which value of it cannot be one.
//!
//! Place, time and satellite must be sure: what is unknown, unreadable or implausible there rejects the row, and only
//! that row. Every other value may be unknown ([`super::side`]). Called by [`super::body`] once the header is known.

use std::borrow::Cow;

use crate::domain::observation::{Instrument, Observation, ObservationKey, Satellite};
use crate::domain::sun;
use crate::domain::time::{self, Timestamp};
use crate::source::safe_text::shown;

use super::header::{Columns, When};
use crate::source::dialect::lines::trimmed;
use crate::source::dialect::row_error::{Fault, RowError, decimal, fault, position, since_launch, whole};
use crate::source::dialect::unknown::{SHOWN_CHARS, UnknownValue, Unknowns};

/// An observation and the values of its row that are unknown.
pub(super) type Read = (Observation, Vec<UnknownValue>);

/// Reads the fields of a row; their number must be the header's. Empty ones behind the last are those of a spreadsheet.
pub(super) fn read(fields: &[Cow<'_, str>], columns: &Columns, raw: &str) -> Result<Read, RowError> {
    let is_wide = fields.iter().skip(columns.width).any(|field| !trimmed(field).is_empty());
    if fields.len() < columns.width || is_wide {
        let expected = format!("{} fields", columns.width);
        return Err(whole(raw, &format!("{} fields", fields.len()), expected));
    }
    observation(fields, columns, raw).map_err(|fault| fault.in_row(raw))
}

fn observation(fields: &[Cow<'_, str>], columns: &Columns, raw: &str) -> Result<Read, Fault> {
    let field = |i: usize| fields.get(i).map_or("", |field| trimmed(field));
    let side = |i: Option<usize>| i.map(field);
    // Two columns that feeds really leave empty: nothing there is not news.
    let side_or_empty = |i: Option<usize>| side(i).filter(|text| !text.is_empty());
    let mut unknown = Unknowns::default();

    let satellite = satellite(columns.channels_of, side(columns.instrument), field(columns.satellite), &mut unknown)?;
    let (lat, lon) = (decimal("latitude", field(columns.latitude))?, decimal("longitude", field(columns.longitude))?);
    let position = position(("latitude", &lat), ("longitude", &lon))?;
    let acquired_at = acquired_at(columns.when, field, satellite)?;

    let observation = Observation {
        key: ObservationKey { satellite, acquired_at, lon, lat },
        position,
        level: unknown.level(side(columns.version)),
        scan_km: unknown.pixel_side("scan", side(columns.scan)),
        track_km: unknown.pixel_side("track", side(columns.track)),
        brightness_k: unknown.brightness("brightness", side(columns.brightness)),
        brightness_background_k: unknown
            .brightness("background brightness", side_or_empty(columns.brightness_background)),
        frp_mw: unknown.frp("frp", side_or_empty(columns.frp)),
        confidence: unknown.confidence(satellite.instrument(), side(columns.confidence)),
        // A text that is no confidence may be anything: pages and exports get it in a showable form.
        confidence_raw: shown(side(columns.confidence).unwrap_or_default(), SHOWN_CHARS),
        day_night: unknown.day_night(side(columns.daynight), sun::day_or_night(acquired_at, position)),
        version_raw: shown(side(columns.version).unwrap_or_default(), SHOWN_CHARS),
        source_type: unknown.source_type(side(columns.source_type)),
        raw: raw.to_owned(),
    };
    Ok((observation, unknown.0))
}

/// The minute of acquisition, not before its satellite was launched: a row of 1970 is a table with broken dates.
fn acquired_at<'a>(when: When, field: impl Fn(usize) -> &'a str, satellite: Satellite) -> Result<Timestamp, Fault> {
    let (date_column, read) = match when {
        When::DateAndTime(date, time) => {
            let read = time::parse_acquisition(field(date), field(time)).map_err(|error| {
                let column = if error.text == field(time) { "acq_time" } else { "acq_date" };
                fault(column, &error.text, error.expected)
            });
            ("acq_date", read)
        }
        When::Instant(instant) => {
            let read = time::parse_acquisition_instant(field(instant));
            ("acq_datetime", read.map_err(|error| fault("acq_datetime", &error.text, error.expected)))
        }
    };
    let at = read?;
    since_launch(date_column, at, satellite)?;
    Ok(at)
}

/// The satellite of a row, which must fit its sensor: the row's own column speaks, else the channel names of the header.
///
/// A table that names the channels the MODIS way may still carry VIIRS rows (tools rename them);
/// VIIRS channel names with a MODIS row are a contradiction.
fn satellite(
    by_header: Option<Instrument>,
    instrument: Option<&str>,
    text: &str,
    unknown: &mut Unknowns,
) -> Result<Satellite, Fault> {
    let instrument = match instrument.map(str::to_ascii_uppercase).as_deref() {
        Some("VIIRS") => Some(Instrument::Viirs),
        Some("MODIS") if by_header == Some(Instrument::Viirs) => {
            return Err(fault("instrument", "MODIS", "VIIRS, as the header's channels say"));
        }
        Some("MODIS") => Some(Instrument::Modis),
        // The satellite says it too.
        Some(_) => {
            unknown.note("instrument", instrument.unwrap_or_default(), "VIIRS or MODIS", "the satellite's sensor");
            None
        }
        None => by_header,
    };
    let expected = match instrument {
        Some(Instrument::Viirs) => "a VIIRS satellite: N, N20, N21 or 1 (NOAA-20)",
        Some(_) => "a MODIS satellite: T, A, Terra or Aqua",
        None => "a satellite: N, N20, N21, 1 (NOAA-20), T or A",
    };
    let fits = |satellite: &Satellite| instrument.is_none_or(|wanted| satellite.instrument() == wanted);
    named_satellite(text).filter(fits).ok_or_else(|| fault("satellite", text, expected))
}

/// The satellite by every spelling seen. The letters of one sensor are never those of the other: `1` is NOAA-20.
fn named_satellite(text: &str) -> Option<Satellite> {
    match text {
        "N" | "NPP" => return Some(Satellite::SuomiNpp),
        "N20" | "1" | "J1" => return Some(Satellite::Noaa20),
        "N21" | "J2" => return Some(Satellite::Noaa21),
        "T" => return Some(Satellite::Terra),
        "A" => return Some(Satellite::Aqua),
        _ => {}
    }
    match text.to_ascii_uppercase().replace([' ', '_'], "-").as_str() {
        "SNPP" | "S-NPP" | "SUOMI-NPP" => Some(Satellite::SuomiNpp),
        "NOAA-20" | "NOAA20" => Some(Satellite::Noaa20),
        "NOAA-21" | "NOAA21" => Some(Satellite::Noaa21),
        "TERRA" => Some(Satellite::Terra),
        "AQUA" => Some(Satellite::Aqua),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(instrument: Option<Instrument>, text: &str) -> Option<Satellite> {
        satellite(instrument, None, text, &mut Unknowns::default()).ok()
    }

    #[test]
    fn satellites_belong_to_their_sensor() {
        assert_eq!(found(Some(Instrument::Viirs), "1"), Some(Satellite::Noaa20));
        assert_eq!(found(Some(Instrument::Modis), "TERRA"), Some(Satellite::Terra));
        assert_eq!(found(None, "NOAA 20"), Some(Satellite::Noaa20));
        for (instrument, text) in [
            (Instrument::Modis, "1"),
            (Instrument::Modis, "N"),
            (Instrument::Viirs, "T"),
            (Instrument::Viirs, "Aqua"),
            (Instrument::Viirs, "n"),
            (Instrument::Viirs, "N22"),
            (Instrument::Viirs, ""),
        ] {
            assert!(found(Some(instrument), text).is_none(), "{instrument:?} {text:?}");
        }
    }
}
