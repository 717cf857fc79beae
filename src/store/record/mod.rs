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
mod batch;
#[cfg(test)]
mod cost_tests;
mod detections;
mod fires;
mod observations;
#[cfg(test)]
mod older_rows_tests;
mod reach;
mod recording;
mod rejudge;
pub(super) mod relink;
mod vanished;

pub use batch::{Batch, CursorUpdate, DoubtfulRow, OriginRule, Recorded};
pub use rejudge::{RejudgeError, RejudgeOrder, RejudgeScope, RejudgedDetection, Rejudgement, Unjudgeable};

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::params;

use self::detections::Settled;
use self::recording::{Recording, Wakes};
use super::codec::Millis;
use super::{Error, Store, policy, source};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::media::Bodies;

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
