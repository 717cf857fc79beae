//! Official points: what lists of days say, kept beside the detections and never mixed with them.
//!
//! A point is known by what it says, not by the file: the same list saved anew, or sent again with more rows, adds only
//! what is new. A row that a list holds twice is two points.

use std::collections::HashMap;

use rusqlite::{Row, Transaction, params};
use serde_json::json;

use super::codec::{Json, Millis, position, word};
use super::events::{NewEvent, SubjectKind, append};
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::official::OfficialPoint;
use crate::domain::time::{Date, Timestamp, parse_date};
use crate::media::Bodies;

/// The points of one list that are to be recorded.
#[derive(Debug, Clone)]
pub struct OfficialBatch {
    /// The mapping by which it was read.
    pub list: String,
    /// The file, where there is one.
    pub file_name: Option<String>,
    /// Name of the kept body.
    pub body_hash: String,
    /// The points that concern this ground, with their rows.
    pub points: Vec<(u64, OfficialPoint)>,
    /// Rows that concern other ground.
    pub outside: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

/// What recording a list changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfficialRecorded {
    /// Points that were not known.
    pub new: u64,
    /// Points that were.
    pub known: u64,
}

/// A recorded point.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficialRow {
    /// The mapping by which it was read.
    pub list: String,
    /// What it says.
    pub point: OfficialPoint,
    /// The file that brought it first.
    pub body_hash: String,
    /// The row in that file.
    pub row_number: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl Store {
    /// Records the points of a list that are not known yet, and the list in the log where there are any.
    ///
    /// # Errors
    /// [`Error`] of the database, or a body that is not on disk.
    pub async fn record_official(&self, batch: OfficialBatch, now: Timestamp) -> Result<OfficialRecorded, Error> {
        let bodies = Bodies::beside(self.path());
        self.write(move |tx| {
            bodies.must_hold(&batch.body_hash)?;
            record(tx, &batch, now)
        })
        .await
    }

    /// The points of some days, both inclusive, of one list or of all, in the order of day, list and row.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn official_points(
        &self,
        (first, last): (Date, Date),
        list: Option<String>,
    ) -> Result<Vec<OfficialRow>, Error> {
        self.read(move |db| {
            let mut select = db.prepare_cached(
                "SELECT list, day, lon, lat, places, satellite, raw, body_hash, row_number, recorded_at
                 FROM official_points WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR list = ?3)
                 ORDER BY day, list, row_number, id",
            )?;
            let rows = select.query_map(params![first.to_string(), last.to_string(), list], read_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn record(tx: &Transaction<'_>, batch: &OfficialBatch, now: Timestamp) -> Result<OfficialRecorded, Error> {
    let mut recorded = OfficialRecorded::default();
    let mut seen: HashMap<String, i64> = HashMap::new();
    let mut insert = tx.prepare_cached(
        "INSERT INTO official_points (list, identity, nth, day, lon, lat, places, satellite, raw, body_hash, row_number,
             recorded_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (list, identity, nth) DO NOTHING",
    )?;
    for (row, point) in &batch.points {
        let identity = point.identity();
        let nth = seen.entry(identity.clone()).or_default();
        *nth += 1;
        let is_new = insert.execute(params![
            batch.list,
            identity,
            *nth,
            point.day.to_string(),
            point.position.lon(),
            point.position.lat(),
            Json(&point.places),
            point.satellite,
            point.raw,
            batch.body_hash,
            i64::try_from(*row).unwrap_or(i64::MAX),
            Millis(now),
        ])?;
        recorded.new += is_new as u64;
    }
    recorded.known = batch.points.len() as u64 - recorded.new;
    if recorded.new > 0 {
        let detail = json!({
            "file": batch.file_name, "body_hash": batch.body_hash, "new": recorded.new, "known": recorded.known,
            "outside": batch.outside, "rejected": batch.rejected,
        });
        let subject = (SubjectKind::OfficialList, batch.list.as_str());
        append(tx, now, &NewEvent::plain(subject, "recorded", &Actor::system(), &detail))?;
    }
    Ok(recorded)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<OfficialRow> {
    let day: String = row.get(1)?;
    Ok(OfficialRow {
        list: row.get(0)?,
        point: OfficialPoint {
            day: word(&day, "day", |text| parse_date(text).ok())?,
            position: position(row, 2)?,
            places: row.get::<_, Json<Vec<String>>>(4)?.0,
            satellite: row.get(5)?,
            raw: row.get(6)?,
        },
        body_hash: row.get(7)?,
        row_number: row.get::<_, i64>(8)?.try_into().unwrap_or_default(),
        recorded_at: row.get::<_, Millis>(9)?.0,
    })
}
