//! Records one poll: one transaction from feed outcome to notices.
//!
//! Called by [`crate::watch`] with what a poll brought. The steps read like the flow:
//! find the rows that are new, settle the detections they make, link the fires, settle the
//! alerts, note what vanished. What a step decides is the domain's business; this file only brings the stored
//! state and the new rows together. A detection, a fire and an alert are values until all of them is known, and are
//! written once, whole (docs/decisions/0045). Recording is not sending: notices are written here,
//! messages leave elsewhere.
//!
//! Order-free: the same rows in any order, with repeats, end in the same detections, fires,
//! verdicts and open alerts. Numbers and surrogate ids depend on what came first.

mod alerts;
#[cfg(test)]
mod cost_tests;
mod detections;
mod fires;
mod observations;
#[cfg(test)]
mod older_rows_tests;
mod reach;
mod rejudge;
pub(super) mod relink;
mod vanished;

pub use rejudge::{RejudgeError, RejudgeOrder, RejudgeScope, RejudgedDetection, Rejudgement, Unjudgeable};

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Transaction, params};

use self::detections::Settled;
use super::codec::Millis;
use super::{Error, Store, policy, source};
use crate::domain::detection::Origin;
use crate::domain::feed_content::{Content, Promise};
use crate::domain::ground::Ground;
use crate::domain::observation::Observation;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::media::Bodies;

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
    wakes: Wakes,
}

/// Whom what is settled may wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wakes {
    /// Whoever the origin of the pixels says.
    AsRecorded,
    /// Nobody for ground that is cold: a pixel recorded live that is older than a day counts as late, and a case that it
    /// opens or widens is for the daily list.
    NobodyForOldGround,
}

impl Wakes {
    fn origin_of(self, origin: Origin, observation: &Observation, now: Timestamp) -> Origin {
        match self {
            Self::NobodyForOldGround if origin == Origin::Live => {
                Origin::Live.max(Origin::by_age(observation.key.acquired_at, now)).min(Origin::Late)
            }
            _ => origin,
        }
    }
}

/// The next free numbers of a table, of which this transaction alone takes any.
struct Next(i64);

impl Next {
    fn of(tx: &Transaction<'_>, greatest: &str) -> Result<Self, Error> {
        let greatest: Option<i64> = tx.prepare_cached(greatest)?.query_row([], |row| row.get(0))?;
        Ok(Self(greatest.unwrap_or(0) + 1))
    }

    /// The first of some numbers that follow each other.
    fn take(&mut self, count: usize) -> i64 {
        let first = self.0;
        self.0 += i64::try_from(count).unwrap_or(i64::MAX);
        first
    }
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
            let wakes = Wakes::AsRecorded;
            let recording =
                Recording { tx, ground: &ground, now, rules: &rules, policy: &policy, origin: batch.origin, wakes };
            recording.run(&batch)
        })
        .await
    }
}

impl Recording<'_> {
    fn run(&self, batch: &Batch) -> Result<Recorded, Error> {
        let Settled { drafts, absorbed, rows, moved, new, revised, neighbour } = self.settle_detections(&batch.kept)?;
        let mut recorded = Recorded {
            read: batch.read,
            new,
            // Every kept row is counted once: each new or revised detection speaks with a row of its own.
            duplicate: (batch.kept.len() as u64).saturating_sub(new + revised),
            revised,
            rejected: batch.rejected.len() as u64,
            with_unknown: batch.unknown.iter().map(|row| &row.raw).collect::<BTreeSet<_>>().len() as u64,
            outside: batch.outside,
            neighbour,
            fires: 0,
            alerts: 0,
        };
        let poll_id = self.write_poll(batch, &recorded)?;
        self.note_doubtful_rows(poll_id, batch)?;
        let linked = self.link_fires(drafts, &absorbed)?;
        self.write_observations(poll_id, &rows)?;
        self.move_rows(&moved)?;
        recorded.fires = linked.made.len() as u64;
        recorded.alerts = self.settle_alerts(&linked)?;
        self.note_vanished(batch)?;
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

    fn write_poll(&self, batch: &Batch, recorded: &Recorded) -> Result<i64, Error> {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.tx.execute(
            "INSERT INTO polls (source_id, file_name, started_at, recorded_at, outcome, http_status, detail, body_hash,
                 header, rows_read, rows_new, rows_duplicate, rows_revised, rows_rejected, rows_outside, rows_neighbour,
                 rows_with_unknown)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                batch.source_id,
                batch.file_name,
                Millis(batch.started_at),
                Millis(self.now),
                batch.outcome,
                batch.http_status,
                batch.detail,
                batch.body_hash,
                batch.header,
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
        Ok(self.tx.last_insert_rowid())
    }
}
