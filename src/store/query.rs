//! What pages, exports and commands read: detections, fires, alerts.
//!
//! Rows come back in the domain's types. One filter serves lists, counts, maps and
//! exports, so that they cannot disagree.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

pub use super::case::AlertRow;
use super::case::{ALERT_COLUMNS, read_alert};
use super::codec::{Json, Millis, position, word};
use super::observed::{COLUMNS, OF_DETECTIONS};
use super::seen::Seen;
use super::{Error, Store, judged, observed};
use crate::domain::alert::{AlertNumber, REKINDLING_KM, REKINDLING_WITHIN};
use crate::domain::case::{ActEvent, Logged};
use crate::domain::chain::Chain;
use crate::domain::detection::Origin;
use crate::domain::ground::Extent;
use crate::domain::observation::{Confidence, DayNight, Observation, Satellite};
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::{Judgement, Verdict};

/// A half-open span of instants: from the first, up to but not including the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub until: Timestamp,
}

impl Span {
    /// All of time.
    pub const ALL: Self = Self { from: Timestamp::MIN, until: Timestamp::MAX };
}

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

/// One thing that happened to an alert.
#[derive(Debug, Clone, Serialize)]
pub struct AlertEvent {
    /// Its place in the log.
    pub seq: i64,
    /// When, server time.
    pub at: Timestamp,
    /// What: recorded, grown, merged, acknowledged, overdue, escalated, ...
    pub kind: String,
    /// Who.
    pub actor: String,
    /// The unit acted for.
    pub actor_unit: Option<UnitCode>,
    /// For or by whom, when another entered it.
    pub on_behalf_of: Option<String>,
    /// When it happened, as the person or phone says.
    pub claimed_at: Option<Timestamp>,
    /// More about it: an object.
    pub detail: serde_json::Value,
}

impl AlertEvent {
    /// What firegrid itself noted, as a text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.detail.get("text").and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// What it says, as a type; `None` for a form that this version does not know.
    #[must_use]
    pub fn logged(&self) -> Option<Logged> {
        super::events::logged(&self.kind, &self.detail)
    }

    /// The act that it is, if somebody did it.
    #[must_use]
    pub fn act(&self) -> Option<ActEvent> {
        match self.logged()? {
            Logged::Act(done) => Some(done),
            Logged::Case(_) => None,
        }
    }
}

/// Everything an alert's page shows.
#[derive(Debug, Clone)]
pub struct AlertDetail {
    /// The alert.
    pub alert: AlertRow,
    /// The detections of its fire, earliest first, those of other townships included.
    pub detections: Vec<DetectionRow>,
    /// The accountable chains, the first as recorded; a change appended another.
    pub chains: Vec<Chain>,
    /// What happened, oldest first.
    pub events: Vec<AlertEvent>,
    /// Other alerts of the same fire.
    pub linked: Vec<AlertRow>,
    /// Alerts of other fires that burnt near here shortly before, latest first.
    pub earlier: Vec<AlertRow>,
}

/// A poll as recorded.
#[derive(Debug, Clone, Serialize)]
pub struct PollRow {
    /// The source.
    pub source_id: String,
    /// The file, where there was one.
    pub file_name: Option<String>,
    /// When it started.
    pub started_at: Timestamp,
    /// Named outcome.
    pub outcome: String,
    /// Outcome in safe words.
    pub detail: String,
    /// Data rows read.
    pub rows_read: u64,
    /// New detections.
    pub rows_new: u64,
    /// Rows rejected.
    pub rows_rejected: u64,
    /// Rows recorded although a value of them could not be read.
    pub rows_with_unknown: u64,
}

/// A row that could not be read or was not believed, or a value of a recorded row that is unknown.
#[derive(Debug, Clone)]
pub struct DoubtfulView {
    /// The source it came from.
    pub source_id: String,
    /// When its poll started.
    pub at: Timestamp,
    /// Line in the body.
    pub line: i64,
    /// The row, its beginning.
    pub raw: String,
    /// What is wrong with it.
    pub problem: String,
}

pub(super) const DETECTION_COLUMNS: &str = concat!(
    "d.id, ",
    observed::columns!(),
    ", d.judgement, d.verdict, d.unit_code, d.township_code, d.origin, d.recorded_at, d.county_code, d.fire_id,
    d.vanished_at FROM ",
    observed::of_detections!()
);

/// A fire stands where its earliest detection inside the city stands.
pub(super) const FIRE_COLUMNS: &str = "f.id, f.first_seen_at, f.last_seen_at, f.lon, f.lat, f.detections, f.verdict,
    f.max_frp_mw, f.first_key, d.unit_code, d.township_code, d.county_code
    FROM fires f JOIN detections d ON d.id = (
        SELECT id FROM detections m WHERE m.fire_id = f.id AND m.superseded_by IS NULL
        ORDER BY m.unit_code IS NULL, m.acquired_at, m.key LIMIT 1)";

impl Store {
    /// Detections acquired in a span, earliest first, neighbours included.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn detections(&self, span: Span) -> Result<Vec<DetectionRow>, Error> {
        self.read(move |db| detections_of(db, span, &Seen::default())).await
    }

    /// Fires that were first seen in a span, earliest first, those outside the city included.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn fires(&self, span: Span) -> Result<Vec<FireRow>, Error> {
        self.read(move |db| fires_of(db, span, &Seen::default())).await
    }

    /// Alerts whose fire was first seen there in a span: worst verdict first, then newest.
    ///
    /// Merged and superseded ones are left out: what they said is said by others.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alerts(&self, span: Span) -> Result<Vec<AlertRow>, Error> {
        self.read(move |db| alerts_of(db, span, &Seen::default())).await
    }

    /// One alert with all that belongs to it, merged and superseded ones too.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert(&self, number: &AlertNumber) -> Result<Option<AlertDetail>, Error> {
        let number = number.clone();
        self.read(move |db| alert_of(db, &number, &Seen::default())).await
    }

    /// The latest polls, newest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_polls(&self, limit: u32) -> Result<Vec<PollRow>, Error> {
        self.read(move |db| {
            let mut select = db.prepare_cached(
                "SELECT source_id, file_name, started_at, outcome, detail, rows_read, rows_new, rows_rejected,
                     rows_with_unknown
                 FROM polls ORDER BY id DESC LIMIT ?1",
            )?;
            let count = |row: &Row<'_>, i: usize| row.get::<_, i64>(i).map(|n| u64::try_from(n).unwrap_or_default());
            let rows = select.query_map([limit], |row| {
                Ok(PollRow {
                    source_id: row.get(0)?,
                    file_name: row.get(1)?,
                    started_at: row.get::<_, Millis>(2)?.0,
                    outcome: row.get(3)?,
                    detail: row.get(4)?,
                    rows_read: count(row, 5)?,
                    rows_new: count(row, 6)?,
                    rows_rejected: count(row, 7)?,
                    rows_with_unknown: count(row, 8)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The latest rejected rows, newest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_rejected(&self, limit: u32) -> Result<Vec<DoubtfulView>, Error> {
        self.read(move |db| {
            doubtful(
                db,
                "SELECT p.source_id, p.started_at, r.line, substr(r.raw, 1, 200), r.problem
                 FROM rejected_rows r JOIN polls p ON p.id = r.poll_id ORDER BY r.id DESC LIMIT ?1",
                limit,
            )
        })
        .await
    }

    /// The latest unknown values of recorded rows, newest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_unknown_values(&self, limit: u32) -> Result<Vec<DoubtfulView>, Error> {
        self.read(move |db| {
            doubtful(
                db,
                "SELECT p.source_id, p.started_at, u.line, substr(u.raw, 1, 200), u.problem
                 FROM unknown_values u JOIN polls p ON p.id = u.poll_id ORDER BY u.id DESC LIMIT ?1",
                limit,
            )
        })
        .await
    }

    /// Number of notices written so far, by reason.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn notice_counts(&self) -> Result<Vec<(String, u64)>, Error> {
        self.read(|db| {
            let mut select =
                db.prepare_cached("SELECT reason, count(*) FROM notices GROUP BY reason ORDER BY reason")?;
            let rows = select
                .query_map([], |row| Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default())))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn doubtful(db: &Connection, statement: &str, limit: u32) -> Result<Vec<DoubtfulView>, Error> {
    let mut select = db.prepare_cached(statement)?;
    let rows = select.query_map([limit], |row| {
        Ok(DoubtfulView {
            source_id: row.get(0)?,
            at: row.get::<_, Millis>(1)?.0,
            line: row.get(2)?,
            raw: row.get(3)?,
            problem: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The values of a span, where a statement's conditions begin.
pub(super) fn bounds(span: Span) -> Vec<Value> {
    vec![Value::from(span.from.as_millisecond()), Value::from(span.until.as_millisecond())]
}

pub(super) fn detections_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<DetectionRow>, Error> {
    let mut values = bounds(span);
    let may_see = seen.detection("d", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {DETECTION_COLUMNS} WHERE d.superseded_by IS NULL AND d.acquired_at >= ?1
         AND d.acquired_at < ?2 AND {may_see} ORDER BY d.acquired_at, d.key"
    ))?;
    let rows = select.query_map(params_from_iter(values), read_detection)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn pixels_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<PixelRow>, Error> {
    let mut values = bounds(span);
    let may_see = seen.detection("d", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT d.id, d.satellite, d.acquired_at, d.lon, d.lat, d.verdict, d.unit_code, d.fire_id,
             coalesce(o.observation, d.observation), d.township_code, d.county_code
         FROM {OF_DETECTIONS}
         WHERE d.superseded_by IS NULL AND d.acquired_at >= ?1 AND d.acquired_at < ?2 AND {may_see}
         ORDER BY d.acquired_at, d.key"
    ))?;
    let rows = select.query_map(params_from_iter(values), |row| {
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
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was seen in a span and not taken back by its feed since, as published: a third of a [`DetectionRow`].
pub(super) fn standing_observations_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<Observation>, Error> {
    let mut values = bounds(span);
    let may_see = seen.detection("d", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM {OF_DETECTIONS}
         WHERE d.superseded_by IS NULL AND d.vanished_at IS NULL
         AND d.acquired_at >= ?1 AND d.acquired_at < ?2 AND {may_see} ORDER BY d.acquired_at, d.key"
    ))?;
    let rows = select.query_map(params_from_iter(values), |row| observed::read(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn fires_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<FireRow>, Error> {
    let mut values = bounds(span);
    let may_see = seen.fire("f", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {FIRE_COLUMNS} WHERE f.merged_into IS NULL AND f.first_seen_at >= ?1 AND f.first_seen_at < ?2
         AND {may_see} ORDER BY f.first_seen_at, f.first_key"
    ))?;
    let rows = select.query_map(params_from_iter(values), read_fire)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn alerts_of(db: &Connection, span: Span, seen: &Seen) -> Result<Vec<AlertRow>, Error> {
    let mut values = bounds(span);
    let may_see = seen.alert("a", &mut values);
    let mut select = db.prepare_cached(&format!(
        "SELECT {ALERT_COLUMNS} WHERE a.merged_into IS NULL AND a.superseded_at IS NULL
         AND a.first_seen_at >= ?1 AND a.first_seen_at < ?2 AND {may_see} ORDER BY a.first_seen_at DESC, a.number"
    ))?;
    let rows = select.query_map(params_from_iter(values), read_alert)?;
    let mut alerts = rows.collect::<Result<Vec<_>, _>>()?;
    alerts.sort_by_key(|alert| (alert.verdict.is_none(), alert.verdict));
    Ok(alerts)
}

/// One alert, if it may be seen; of the alerts beside it, those that may.
pub(super) fn alert_of(db: &Connection, number: &AlertNumber, seen: &Seen) -> Result<Option<AlertDetail>, Error> {
    let mut values = vec![Value::from(number.0.clone())];
    let may_see = seen.any_alert("a", &mut values);
    let alert = db
        .prepare_cached(&format!("SELECT {ALERT_COLUMNS} WHERE a.number = ?1 AND {may_see}"))?
        .query_row(params_from_iter(values), read_alert)
        .optional()?;
    let Some(alert) = alert else { return Ok(None) };
    let mut detail = detail_of(db, alert)?;
    for beside in [&mut detail.linked, &mut detail.earlier] {
        let mut kept = Vec::with_capacity(beside.len());
        for row in beside.drain(..) {
            if sees_alert(db, &row.number, seen)? {
                kept.push(row);
            }
        }
        *beside = kept;
    }
    Ok(Some(detail))
}

/// Whether an alert exists and may be seen.
pub(super) fn sees_alert(db: &Connection, number: &AlertNumber, seen: &Seen) -> Result<bool, Error> {
    let mut values = vec![Value::from(number.0.clone())];
    let may_see = seen.any_alert("a", &mut values);
    let mut select = db.prepare_cached(&format!("SELECT 1 FROM alerts a WHERE a.number = ?1 AND {may_see}"))?;
    Ok(select.exists(params_from_iter(values))?)
}

fn detail_of(db: &Connection, alert: AlertRow) -> Result<AlertDetail, Error> {
    let detections = db
        .prepare_cached(&format!(
            "SELECT {DETECTION_COLUMNS} WHERE d.superseded_by IS NULL AND d.fire_id = ?1 ORDER BY d.acquired_at, d.key"
        ))?
        .query_map([alert.fire_id], read_detection)?
        .collect::<Result<_, _>>()?;
    let chains = db
        .prepare_cached("SELECT chain FROM alert_chains WHERE alert_number = ?1 ORDER BY id")?
        .query_map([&alert.number.0], |row| Ok(row.get::<_, Json<Chain>>(0)?.0))?
        .collect::<Result<_, _>>()?;
    let events = db
        .prepare_cached(
            "SELECT seq, at, kind, actor, actor_unit, on_behalf_of, claimed_at, detail FROM events
             WHERE subject_kind = 'alert' AND subject = ?1 ORDER BY seq",
        )?
        .query_map([&alert.number.0], read_event)?
        .collect::<Result<_, _>>()?;
    let linked = db
        .prepare_cached(&format!(
            "SELECT {ALERT_COLUMNS} WHERE a.fire_id = ?1 AND a.number <> ?2 AND a.merged_into IS NULL
             AND a.superseded_at IS NULL ORDER BY a.number"
        ))?
        .query_map(params![alert.fire_id, alert.number.0], read_alert)?
        .collect::<Result<_, _>>()?;
    let earlier = all_earlier_near(db, &alert)?;
    Ok(AlertDetail { alert, detections, chains, events, linked, earlier })
}

/// Where and when a case began, as earlier ones are looked for near it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub position: Position,
    pub first_seen_at: Timestamp,
    /// Cases of the same fire are not meant.
    pub fire_id: Option<i64>,
}

/// The case of another fire within [`REKINDLING_KM`] and [`REKINDLING_WITHIN`] before one that was seen last.
pub(super) fn earlier_near(db: &Connection, number: &AlertNumber, place: Place) -> Result<Option<AlertNumber>, Error> {
    let read = |row: &Row<'_>| Ok((AlertNumber(row.get(0)?), row.get(1)?, row.get(2)?));
    let found: Vec<(AlertNumber, f64, f64)> = near_before(db, NUMBER_AND_PLACE, (number, place), read)?;
    Ok(found.into_iter().find(|(_, lon, lat)| is_near(place.position, (*lon, *lat))).map(|(number, ..)| number))
}

const NUMBER_AND_PLACE: &str = "a.number, a.lon, a.lat FROM alerts a";

/// Cases of other fires near a stored one and before it, latest first.
fn all_earlier_near(db: &Connection, alert: &AlertRow) -> Result<Vec<AlertRow>, Error> {
    let Ok(position) = Position::from_lon_lat(alert.lon, alert.lat) else { return Ok(Vec::new()) };
    let place = Place { position, first_seen_at: alert.first_seen_at, fire_id: alert.fire_id };
    let found = near_before(db, ALERT_COLUMNS, (&alert.number, place), read_alert)?;
    Ok(found.into_iter().filter(|row| is_near(position, (row.lon, row.lat))).collect())
}

fn is_near(here: Position, (lon, lat): (f64, f64)) -> bool {
    Position::from_lon_lat(lon, lat).is_ok_and(|there| here.distance_km(there) <= REKINDLING_KM)
}

/// Those in the box about a place.
fn near_before<T>(
    db: &Connection,
    columns: &str,
    (number, place): (&AlertNumber, Place),
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    let (lon, lat) = (place.position.lon(), place.position.lat());
    let reach = Extent { west: lon, south: lat, east: lon, north: lat }.grown_km(REKINDLING_KM);
    let since = place.first_seen_at.checked_sub(REKINDLING_WITHIN).unwrap_or(Timestamp::MIN);
    let (lat_bands, lon_bands) = (Json(bands(reach.south, reach.north)), Json(bands(reach.west, reach.east)));
    let mut select = db.prepare_cached(&earlier_near_sql(columns))?;
    // Long-burning fires are seen for days; the index on the first sight needs some bound.
    let index_from = since.checked_sub(REKINDLING_WITHIN).unwrap_or(Timestamp::MIN);
    let values = params![
        place.fire_id,
        Millis(since),
        Millis(place.first_seen_at),
        reach.west,
        reach.east,
        reach.south,
        reach.north,
        number.0,
        Millis(index_from),
        lat_bands,
        lon_bands
    ];
    Ok(select.query_map(values, read)?.collect::<Result<_, _>>()?)
}

/// ?1 fire, ?2 last seen since, ?3 first seen before, ?4 to ?7 the box, ?8 but this one, ?9 first seen since, ?10 and
/// ?11 its bands.
fn earlier_near_sql(columns: &str) -> String {
    format!(
        "SELECT {columns} WHERE a.number <> ?8 AND (?1 IS NULL OR a.fire_id IS DISTINCT FROM ?1)
         AND a.merged_into IS NULL AND a.superseded_at IS NULL AND a.source <> 'problem'
         AND a.last_seen_at >= ?2 AND a.first_seen_at < ?3 AND a.first_seen_at >= ?9
         AND a.lat_band IN (SELECT value FROM json_each(?10)) AND a.lon_band IN (SELECT value FROM json_each(?11))
         AND a.lon BETWEEN ?4 AND ?5 AND a.lat BETWEEN ?6 AND ?7 ORDER BY a.last_seen_at DESC, a.number"
    )
}

/// The bands that a stretch of degrees lies in, as the columns `lat_band` and `lon_band` number them: tenths of a degree,
/// cut towards zero as SQLite's `CAST` does.
#[expect(clippy::cast_possible_truncation, reason = "tenths of a degree")]
fn bands(from: f64, to: f64) -> Vec<i64> {
    ((from * 10.0) as i64..=(to * 10.0) as i64).collect()
}

pub(super) fn read_detection(row: &Row<'_>) -> rusqlite::Result<DetectionRow> {
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

pub(super) fn read_fire(row: &Row<'_>) -> rusqlite::Result<FireRow> {
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

pub(super) fn read_event(row: &Row<'_>) -> rusqlite::Result<AlertEvent> {
    Ok(AlertEvent {
        seq: row.get(0)?,
        at: row.get::<_, Millis>(1)?.0,
        kind: row.get(2)?,
        actor: row.get(3)?,
        actor_unit: row.get::<_, Option<String>>(4)?.map(UnitCode),
        on_behalf_of: row.get(5)?,
        claimed_at: row.get::<_, Option<Millis>>(6)?.map(|at| at.0),
        detail: row.get::<_, Json<_>>(7)?.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_burnt_near_is_looked_up_by_place_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let plan: Vec<String> = store
            .read(|db| {
                let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {}", earlier_near_sql(NUMBER_AND_PLACE)))?;
                Ok(explain
                    .query_map(params_from_iter(vec![Value::Null; 11]), |row| row.get("detail"))?
                    .collect::<Result<_, _>>()?)
            })
            .await
            .unwrap();
        let place = "alerts_by_place (lat_band=? AND lon_band=? AND first_seen_at>? AND first_seen_at<?)";
        assert!(plan.iter().any(|step| step.contains(place)), "{plan:#?}");
    }

    #[test]
    fn a_stretch_has_the_bands_that_sqlite_gives_its_ends() {
        let db = Connection::open_in_memory().unwrap();
        for degrees in [122.1, 122.099_999, 45.9, 45.3, 0.05, -0.05, -0.1, -33.7, 179.999, -180.0] {
            let band: i64 = db.query_row("SELECT CAST(?1 * 10 AS INTEGER)", [degrees], |row| row.get(0)).unwrap();
            assert_eq!(bands(degrees, degrees), [band], "{degrees}");
        }
        assert_eq!(bands(-0.15, 0.25), [-1, 0, 1, 2]);
    }
}
