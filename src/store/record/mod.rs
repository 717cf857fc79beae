//! Records one poll: one transaction from feed outcome to notices.
//!
//! Called by [`crate::watch`] with what a poll brought. The steps read like the flow:
//! file the observations, settle the detections they make, link the fires, settle the
//! alerts, note what vanished. What a step decides is the domain's business; this file only brings the stored
//! state and the new rows together. Recording is not sending: notices are written here,
//! messages leave elsewhere.
//!
//! Order-free: the same rows in any order, with repeats, end in the same detections, fires,
//! verdicts and open alerts. Numbers and surrogate ids depend on what came first.

mod alerts;
mod detections;
mod fires;
mod observations;
mod reach;
mod rejudge;
pub(super) mod relink;
mod vanished;

pub use rejudge::{RejudgeError, RejudgeOrder, RejudgeScope, RejudgedDetection, Rejudgement, Unjudgeable};

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Transaction, params};

use super::codec::Millis;
use super::{Bodies, Error, Store, policy, source};
use crate::domain::detection::Origin;
use crate::domain::feed_content::{Content, Promise};
use crate::domain::ground::Ground;
use crate::domain::observation::Observation;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;

/// How new detections get their origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginRule {
    /// By age of the acquisition when recorded.
    ByAge,
    /// By age of the acquisition at this instant, where the clock alone must not decide.
    AsOf(Timestamp),
    /// All the same.
    Fixed(Origin),
}

/// A row that could not be read or was not believed, or a value of a row that is kept all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubtfulRow {
    /// Line in the body, counted from 1.
    pub line: u64,
    /// The row as published.
    pub raw: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What the next poll of a source needs to know.
#[derive(Debug, Clone, Default)]
pub struct CursorUpdate {
    /// What the feed wants to be told at its next poll; text that only the feed reads.
    pub cursor: Option<String>,
    /// What it was given for.
    pub cursor_for: Option<String>,
    /// The poll proves that the feed answers: it succeeded.
    pub succeeded: bool,
    /// When to ask again.
    pub next_attempt_at: Option<Timestamp>,
    /// What the source is to hold.
    pub promise: Promise,
    /// What its table held, where a whole one came.
    pub content: Option<Content>,
}

/// What one poll or one file brought.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The source, or `ingest`.
    pub source_id: String,
    /// The file, where there was one.
    pub file_name: Option<String>,
    /// When the poll started.
    pub started_at: Timestamp,
    /// Named outcome.
    pub outcome: String,
    /// HTTP status, where there was one.
    pub http_status: Option<u16>,
    /// Outcome in safe words.
    pub detail: String,
    /// Name of the kept body.
    pub body_hash: Option<String>,
    /// Header line of the body.
    pub header: Option<String>,
    /// Data rows in the body.
    pub read: u64,
    /// Rows beyond the belt.
    pub outside: u64,
    /// Rows rejected.
    pub rejected: Vec<DoubtfulRow>,
    /// Values of kept rows that are unknown, once a value.
    pub unknown: Vec<DoubtfulRow>,
    /// Rows inside the region and its belt.
    pub kept: Vec<Observation>,
    /// Oldest and newest acquisition over all rows of a whole table, outside ones included.
    pub acquired_within: Option<(Timestamp, Timestamp)>,
    /// How new detections get their origin.
    pub origin: OriginRule,
    /// State of the source; `None` for files given by hand.
    pub cursor: Option<CursorUpdate>,
}

/// What recording changed, counted from what the database did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Data rows in the body.
    pub read: u64,
    /// Rows that made a new detection.
    pub new: u64,
    /// Rows known before, or older levels of a known pixel.
    pub duplicate: u64,
    /// Rows of a higher level that now speak for a known pixel.
    pub revised: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows inside the region and its belt that hold a value which could not be read; recorded like any other.
    pub with_unknown: u64,
    /// Rows beyond the belt.
    pub outside: u64,
    /// New detections in the belt; part of `new`.
    pub neighbour: u64,
    /// Fires created.
    pub fires: u64,
    /// Alerts created.
    pub alerts: u64,
}

impl std::ops::AddAssign for Recorded {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.new += other.new;
        self.duplicate += other.duplicate;
        self.revised += other.revised;
        self.rejected += other.rejected;
        self.with_unknown += other.with_unknown;
        self.outside += other.outside;
        self.neighbour += other.neighbour;
        self.fires += other.fires;
        self.alerts += other.alerts;
    }
}

/// What every step of one recording needs.
struct Recording<'a> {
    tx: &'a Transaction<'a>,
    ground: &'a Ground,
    now: Timestamp,
    rules: &'a Rules,
    policy: &'a Policy,
    origin: OriginRule,
}

impl Store {
    /// Records one poll in one transaction, by the rules of a region version.
    ///
    /// # Errors
    /// [`Error`] of the database; then nothing of the poll is recorded.
    pub async fn record(
        &self,
        batch: Batch,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let bodies = Bodies::beside(self.path());
        self.write(move |tx| {
            if let Some(hash) = &batch.body_hash {
                bodies.must_hold(hash)?;
            }
            let policy =
                policy::load(tx, &rules, &ground.data().time_zone, batch.kept.iter().map(|row| row.key.acquired_at))?;
            let recording =
                Recording { tx, ground: &ground, now, rules: &rules, policy: &policy, origin: batch.origin };
            recording.run(&batch)
        })
        .await
    }
}

impl Recording<'_> {
    fn run(&self, batch: &Batch) -> Result<Recorded, Error> {
        let poll_id = self.begin_poll(batch)?;
        self.note_doubtful_rows(poll_id, batch)?;
        let filed = self.file_observations(poll_id, &batch.kept)?;
        let settled = self.settle_detections(&filed)?;
        let linked = self.link_fires(&settled.changed)?;
        let alerts = self.settle_alerts(&linked.touched)?;
        self.note_vanished(batch)?;
        let recorded = Recorded {
            read: batch.read,
            new: settled.new,
            // Every kept row is counted once: each new or revised detection speaks with a row of its own.
            duplicate: (batch.kept.len() as u64).saturating_sub(settled.new + settled.revised),
            revised: settled.revised,
            rejected: batch.rejected.len() as u64,
            with_unknown: batch.unknown.iter().map(|row| &row.raw).collect::<BTreeSet<_>>().len() as u64,
            outside: batch.outside,
            neighbour: settled.neighbour,
            fires: linked.created,
            alerts,
        };
        self.finish_poll(poll_id, &recorded)?;
        source::update(self.tx, batch, self.now)?;
        Ok(recorded)
    }

    fn note_doubtful_rows(&self, poll_id: i64, batch: &Batch) -> Result<(), Error> {
        let rejected = "INSERT INTO rejected_rows (poll_id, line, raw, problem) VALUES (?1, ?2, ?3, ?4)
                        ON CONFLICT DO NOTHING";
        let unknown = "INSERT INTO unknown_values (poll_id, line, raw, problem) VALUES (?1, ?2, ?3, ?4)
                       ON CONFLICT DO NOTHING";
        for (statement, rows) in [(rejected, &batch.rejected), (unknown, &batch.unknown)] {
            let mut insert = self.tx.prepare_cached(statement)?;
            for row in rows {
                let line = i64::try_from(row.line).unwrap_or(i64::MAX);
                insert.execute(params![poll_id, line, row.raw, row.problem])?;
            }
        }
        Ok(())
    }

    fn begin_poll(&self, batch: &Batch) -> Result<i64, Error> {
        self.tx.execute(
            "INSERT INTO polls (source_id, file_name, started_at, recorded_at, outcome, http_status, detail, body_hash,
                 header, rows_read, rows_new, rows_duplicate, rows_revised, rows_rejected, rows_outside, rows_neighbour)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, 0, 0, 0, 0, 0, 0)",
            params![
                batch.source_id,
                batch.file_name,
                Millis(batch.started_at),
                Millis(self.now),
                batch.outcome,
                batch.http_status,
                batch.detail,
                batch.body_hash,
                batch.header
            ],
        )?;
        Ok(self.tx.last_insert_rowid())
    }

    fn finish_poll(&self, poll_id: i64, recorded: &Recorded) -> Result<(), Error> {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.tx.execute(
            "UPDATE polls SET rows_read = ?2, rows_new = ?3, rows_duplicate = ?4, rows_revised = ?5,
                 rows_rejected = ?6, rows_outside = ?7, rows_neighbour = ?8, rows_with_unknown = ?9 WHERE id = ?1",
            params![
                poll_id,
                count(recorded.read),
                count(recorded.new),
                count(recorded.duplicate),
                count(recorded.revised),
                count(recorded.rejected),
                count(recorded.outside),
                count(recorded.neighbour),
                count(recorded.with_unknown)
            ],
        )?;
        Ok(())
    }
}
