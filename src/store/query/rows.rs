//! Rows of detections, fires and pixels, and how they are read.

use rusqlite::Row;
use serde::Serialize;

use crate::domain::detection::Origin;
use crate::domain::observation::{Observation, Satellite};
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::{Judgement, Verdict};
use crate::store::codec::{Millis, position, word};
use crate::store::observed::PixelLook;
use crate::store::{judged, observed};

/// A stored detection with its judgement in force.
#[derive(Debug, Clone)]
pub struct DetectionRow {
    /// Surrogate id.
    pub id: i64,
    /// The speaking observation.
    pub observation: Observation,
    /// The judgement in force.
    pub judgement: Judgement,
    /// How it came to be recorded.
    pub origin: Origin,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// County of its unit.
    pub county_code: Option<UnitCode>,
    /// The fire it belongs to.
    pub fire_id: Option<i64>,
    /// Since when its feed no longer holds it; only provisional pixels vanish.
    pub vanished_at: Option<Timestamp>,
}

/// What a map shows of a detection. Its judgement and the row as published, most of what is stored of it, are not read.
#[derive(Debug, Clone, PartialEq)]
pub struct PixelRow {
    /// Surrogate id.
    pub id: i64,
    /// The platform.
    pub satellite: Satellite,
    /// When it was seen.
    pub acquired_at: Timestamp,
    /// Pixel centre.
    pub position: Position,
    /// The verdict in force.
    pub verdict: Verdict,
    /// The lowest unit that holds the centre; `None` outside the city.
    pub unit_code: Option<UnitCode>,
    /// Its township.
    pub township_code: Option<UnitCode>,
    /// Its county.
    pub county_code: Option<UnitCode>,
    /// The fire it belongs to.
    pub fire_id: Option<i64>,
    /// What the speaking observation says of it.
    pub look: PixelLook,
}

/// A stored fire.
#[derive(Debug, Clone, Serialize)]
pub struct FireRow {
    /// Surrogate id.
    pub id: i64,
    /// First acquisition.
    pub first_seen_at: Timestamp,
    /// Last acquisition.
    pub last_seen_at: Timestamp,
    /// Mean longitude of its detections.
    pub lon: f64,
    /// Mean latitude of its detections.
    pub lat: f64,
    /// Number of detections.
    pub detections: u32,
    /// Worst verdict of its detections.
    pub verdict: Verdict,
    /// Greatest radiative power, MW.
    pub max_frp_mw: Option<f64>,
    /// Key of its earliest detection.
    pub first_key: String,
    /// Where its earliest detection inside the city stands; `None` for a fire of the belt alone.
    pub unit_code: Option<UnitCode>,
    /// The township there.
    pub township_code: Option<UnitCode>,
    /// The county there.
    pub county_code: Option<UnitCode>,
}

pub(in crate::store) const DETECTION_COLUMNS: &str = concat!(
    "d.id, ",
    observed::columns!(),
    ", d.judgement, d.verdict, d.unit_code, d.township_code, d.origin, d.recorded_at, d.county_code, d.fire_id,
    d.vanished_at FROM ",
    observed::of_detections!()
);

pub(super) const PIXEL_COLUMNS: &str = concat!(
    "d.id, d.satellite, d.acquired_at, d.lon, d.lat, d.verdict, d.unit_code, d.fire_id,
    coalesce(o.observation, d.observation), d.township_code, d.county_code FROM ",
    observed::of_detections!()
);

/// A fire stands where its earliest detection inside the city stands.
pub(in crate::store) const FIRE_COLUMNS: &str =
    "f.id, f.first_seen_at, f.last_seen_at, f.lon, f.lat, f.detections, f.verdict,
    f.max_frp_mw, f.first_key, d.unit_code, d.township_code, d.county_code
    FROM fires f JOIN detections d ON d.id = (
        SELECT id FROM detections m WHERE m.fire_id = f.id AND m.superseded_by IS NULL
        ORDER BY m.unit_code IS NULL, m.acquired_at, m.key LIMIT 1)";

pub(in crate::store) fn read_detection(row: &Row<'_>) -> rusqlite::Result<DetectionRow> {
    Ok(DetectionRow {
        id: row.get(0)?,
        observation: observed::read(row, 1)?,
        judgement: judged::read(row, 7)?,
        origin: word(&row.get::<_, String>(11)?, "origin", Origin::from_name)?,
        recorded_at: row.get::<_, Millis>(12)?.0,
        county_code: row.get::<_, Option<String>>(13)?.map(UnitCode),
        fire_id: row.get(14)?,
        vanished_at: row.get::<_, Option<Millis>>(15)?.map(|millis| millis.0),
    })
}

pub(in crate::store) fn read_fire(row: &Row<'_>) -> rusqlite::Result<FireRow> {
    let code = |i: usize| row.get::<_, Option<String>>(i).map(|code| code.map(UnitCode));
    Ok(FireRow {
        id: row.get(0)?,
        first_seen_at: row.get::<_, Millis>(1)?.0,
        last_seen_at: row.get::<_, Millis>(2)?.0,
        lon: row.get(3)?,
        lat: row.get(4)?,
        detections: row.get(5)?,
        verdict: word(&row.get::<_, String>(6)?, "verdict", Verdict::from_name)?,
        max_frp_mw: row.get(7)?,
        first_key: row.get(8)?,
        unit_code: code(9)?,
        township_code: code(10)?,
        county_code: code(11)?,
    })
}

/// Reads a pixel from [`PIXEL_COLUMNS`].
pub(super) fn read_pixel(row: &Row<'_>) -> rusqlite::Result<PixelRow> {
    Ok(PixelRow {
        id: row.get(0)?,
        satellite: word(row.get_ref(1)?.as_str()?, "satellite", Satellite::from_name)?,
        acquired_at: row.get::<_, Millis>(2)?.0,
        position: position(row, 3)?,
        verdict: word(row.get_ref(5)?.as_str()?, "verdict", Verdict::from_name)?,
        unit_code: row.get::<_, Option<String>>(6)?.map(UnitCode),
        township_code: row.get::<_, Option<String>>(9)?.map(UnitCode),
        county_code: row.get::<_, Option<String>>(10)?.map(UnitCode),
        fire_id: row.get(7)?,
        look: observed::read_look(row, 8)?,
    })
}
