//! The latest polls, and the rows of them that could not be read or believed.

use rusqlite::{Connection, Row};
use serde::Serialize;

use crate::domain::time::Timestamp;
use crate::store::codec::Millis;
use crate::store::{Error, Scoped};

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

/// What the feeds sent last.
#[derive(Debug, Clone)]
pub struct LatestPolls {
    /// The polls, newest first.
    pub polls: Vec<PollRow>,
    /// Rejected rows, newest first. They hold places, so only the whole region sees them.
    pub rejected: Vec<DoubtfulView>,
    /// Unknown values of recorded rows, newest first; seen likewise.
    pub unknown_values: Vec<DoubtfulView>,
}

impl Scoped {
    /// The latest polls, and the latest rows that are doubtful; so many of each.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn latest_polls(&self, polls: u32, doubtful: u32) -> Result<LatestPolls, Error> {
        let doubtful = if self.scope().is_whole() { doubtful } else { 0 };
        let read = move |db: &Connection| {
            Ok(LatestPolls {
                polls: latest(db, polls)?,
                rejected: doubtful_rows(
                    db,
                    "SELECT p.source_id, p.started_at, r.line, substr(r.raw, 1, 200), r.problem
                     FROM rejected_rows r JOIN polls p ON p.id = r.poll_id ORDER BY r.id DESC LIMIT ?1",
                    doubtful,
                )?,
                unknown_values: doubtful_rows(
                    db,
                    "SELECT p.source_id, p.started_at, u.line, substr(u.raw, 1, 200), u.problem
                     FROM unknown_values u JOIN polls p ON p.id = u.poll_id ORDER BY u.id DESC LIMIT ?1",
                    doubtful,
                )?,
            })
        };
        self.store().read(read).await
    }
}

fn latest(db: &Connection, limit: u32) -> Result<Vec<PollRow>, Error> {
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
}

fn doubtful_rows(db: &Connection, statement: &str, limit: u32) -> Result<Vec<DoubtfulView>, Error> {
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
