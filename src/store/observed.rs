//! Observations to columns and back.
//!
//! Satellite, moment, place and level of a row stand in columns, because rows are looked for by them; the rest is one
//! column, as a list ([`Values`]). A detection names the observation that speaks for it. Rows of before V0025 hold
//! a whole observation as an object, in both tables; they are read as they are, and rewritten when their detection is.

use rusqlite::Row;
use rusqlite::types::{FromSqlError, Type};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::codec::{Millis, word};
use crate::domain::observation::{
    Confidence, DayNight, Decimal, Observation, ObservationKey, ProcessingLevel, Satellite, Values,
};

/// Some of an [`Observation`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PixelLook {
    /// Pixel size along the scan, km.
    pub scan_km: Option<f64>,
    /// Pixel size along the track, km.
    pub track_km: Option<f64>,
    /// Fire radiative power, MW.
    pub frp_mw: Option<f64>,
    /// Confidence.
    pub confidence: Confidence,
    /// Day or night.
    pub day_night: DayNight,
}

/// The columns of the observation that speaks for a detection, in the order of [`read`]; of [`of_detections`].
macro_rules! columns {
    () => {
        "o.satellite, o.acquired_at, o.lon, o.lat, o.level, coalesce(o.observation, d.observation)"
    };
}

/// Detections `d`, each with the observation `o` that speaks for it.
macro_rules! of_detections {
    () => {
        "detections d LEFT JOIN observations o ON o.id = d.speaking_id"
    };
}

pub(super) use {columns, of_detections};

/// [`columns`], for a statement that is put together.
pub(super) const COLUMNS: &str = columns!();

/// [`of_detections`], for a statement that is put together.
pub(super) const OF_DETECTIONS: &str = of_detections!();

/// Reads an observation from six columns, the first of them being column `first`: `satellite`, `acquired_at`, `lon`, `lat`,
/// `level` and `observation`; of a detection [`COLUMNS`].
pub(super) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Observation> {
    let text = row.get_ref(first + 5)?.as_str()?;
    if is_whole(text) {
        return parse(text, first + 5);
    }
    let decimal = |column: usize| word(row.get_ref(column)?.as_str()?, "coordinate", Decimal::parse);
    let key = ObservationKey {
        satellite: word(row.get_ref(first)?.as_str()?, "satellite", Satellite::from_name)?,
        acquired_at: row.get::<_, Millis>(first + 1)?.0,
        lon: decimal(first + 2)?,
        lat: decimal(first + 3)?,
    };
    let level = word(row.get_ref(first + 4)?.as_str()?, "level", ProcessingLevel::from_name)?;
    let values: Values<String> = parse(text, first + 5)?;
    Observation::of(key, level, values)
        .map_err(|problem| rusqlite::Error::FromSqlConversionFailure(first + 2, Type::Text, Box::new(problem)))
}

/// Reads what a map shows of an observation from the last of these columns.
pub(super) fn read_look(row: &Row<'_>, column: usize) -> rusqlite::Result<PixelLook> {
    let text = row.get_ref(column)?.as_str()?;
    if is_whole(text) {
        return parse(text, column);
    }
    let Values(_, scan_km, track_km, _, _, frp_mw, confidence, IgnoredAny, day_night, ..) = parse(text, column)?;
    Ok(PixelLook { scan_km, track_km, frp_mw, confidence, day_night })
}

/// Whether it is an observation of before V0025.
fn is_whole(text: &str) -> bool {
    text.starts_with('{')
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(FromSqlError::Other(Box::new(error))))
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, ToSql, params};

    use super::*;
    use crate::domain::observation::Confidence;
    use crate::ground_fixture::row;
    use crate::store::codec::Json;

    /// Through the database and back: whole, and what a map shows of it.
    fn stored(text: &dyn ToSql, row: &Observation) -> (Observation, PixelLook) {
        let (key, db) = (&row.key, Connection::open_in_memory().unwrap());
        let (lon, lat) = (key.lon.as_str(), key.lat.as_str());
        let values = params![key.satellite.name(), Millis(key.acquired_at), lon, lat, row.level.name(), text];
        let select = "SELECT ?1, ?2, ?3, ?4, ?5, ?6";
        db.query_row(select, values, |row| Ok((read(row, 0)?, read_look(row, 5)?))).unwrap()
    }

    #[test]
    fn an_observation_reads_back_as_it_was_in_both_forms() {
        let full = row(122.02, 45.97, "2026-04-13T04:12:00Z");
        let poor = Observation {
            level: ProcessingLevel::Unknown,
            scan_km: None,
            frp_mw: None,
            confidence: Confidence::Percent(45),
            source_type: Some(2),
            ..full.clone()
        };
        for row in [full, poor] {
            let (scan_km, track_km, frp_mw) = (row.scan_km, row.track_km, row.frp_mw);
            let look = PixelLook { scan_km, track_km, frp_mw, confidence: row.confidence, day_night: row.day_night };
            assert_eq!(stored(&Json(row.values()), &row), (row.clone(), look.clone()));
            assert_eq!(stored(&Json(&row), &row), (row.clone(), look));
        }
    }
}
