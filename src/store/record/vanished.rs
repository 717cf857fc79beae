//! Step 5: notes provisional pixels that their feed no longer holds.
//!
//! Real-time rows roll off when near-real-time rows replace them, and some are never
//! replaced: the later processing found no fire there. That is worth knowing on site, and no
//! reason to delete anything or to close an alert.

use std::collections::BTreeSet;

use rusqlite::params;

use super::super::alert::note_event;
use super::super::codec::Millis;
use super::{Batch, Error, Recording};
use crate::domain::alert::AlertEvent;
use crate::domain::alert::AlertNumber;

impl Recording<'_> {
    /// Compares a whole table of a feed with the provisional pixels that came from it.
    ///
    /// Only pixels between the oldest and the newest row of the table are looked at: what lies
    /// outside has rolled off with its day.
    pub(super) fn note_vanished(&self, batch: &Batch) -> Result<(), Error> {
        let (Some(_), Some((oldest, newest))) = (&batch.cursor, batch.acquired_within) else { return Ok(()) };
        if batch.file_name.is_some() {
            // A dropped file says what it holds, not what the feed holds no more.
            return Ok(());
        }
        let here: BTreeSet<String> = batch.kept.iter().map(|row| row.key.to_string()).collect();
        let provisional: Vec<(i64, String, bool, Option<i64>)> = self
            .tx
            .prepare_cached(
                "SELECT d.id, d.key, d.vanished_at IS NOT NULL, d.fire_id FROM detections d
                 WHERE d.level IN ('URT', 'RT') AND d.superseded_by IS NULL AND d.acquired_at BETWEEN ?1 AND ?2
                   AND EXISTS (SELECT 1 FROM observations o JOIN polls p ON p.id = o.poll_id
                               WHERE o.detection_id = d.id AND p.source_id = ?3)",
            )?
            .query_map(params![Millis(oldest), Millis(newest), batch.source_id], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        for (id, key, was_gone, fire) in provisional {
            let is_gone = !here.contains(&key);
            if is_gone == was_gone {
                continue;
            }
            let since = is_gone.then_some(Millis(self.now));
            self.tx.execute("UPDATE detections SET vanished_at = ?2 WHERE id = ?1", params![id, since])?;
            for number in self.standing_numbers(fire)? {
                let text = key.clone();
                let event = if is_gone { AlertEvent::Vanished { text } } else { AlertEvent::Reappeared { text } };
                note_event(self.tx, &number, self.now, &event)?;
            }
        }
        Ok(())
    }

    fn standing_numbers(&self, fire: Option<i64>) -> Result<Vec<AlertNumber>, Error> {
        let mut select = self.tx.prepare_cached(
            "SELECT number FROM alerts WHERE fire_id = ?1 AND merged_into IS NULL AND superseded_at IS NULL",
        )?;
        let numbers = select.query_map([fire], |row| Ok(AlertNumber(row.get(0)?)))?;
        Ok(numbers.collect::<Result<_, _>>()?)
    }
}
