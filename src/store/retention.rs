//! How long raw bodies are kept: a season where they bore alerts, a configured time otherwise.
//!
//! A file that brought official points stays as long as they do. Only whole bodies go; the rows inside the region, with the header, hash and outcome of
//! their poll, stay.

use rusqlite::{Transaction, params};

use super::codec::Millis;
use super::{Error, Store};
use crate::domain::time::{SignedDuration, Timestamp};

/// A body that bore an alert is kept this long: a burning season (15 September to 31 May) and
/// the weeks in which its alerts are still argued about.
pub const SEASON: SignedDuration = SignedDuration::from_hours(24 * 300);

/// What is removed when its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Old {
    /// Bodies that are no longer needed, kept so long where they bore no alert, and what a kill left of others.
    Bodies(SignedDuration),
    /// Originals of photos, their copies and their senders, that no alert and no plan has named for so long.
    Photos(SignedDuration),
    /// Answers of calls.
    Answers,
}

impl Store {
    /// Removes what is old and returns how many went.
    ///
    /// # Errors
    /// [`Error`] of the database, of a folder that cannot be read or a file that cannot be removed.
    pub async fn remove_old(&self, what: Old, now: Timestamp) -> Result<u64, Error> {
        match what {
            Old::Bodies(keep) => self.remove_old_bodies(keep, now).await,
            Old::Photos(keep) => self.remove_unattached_photos(keep, now).await,
            Old::Answers => self.remove_old_calls(now).await,
        }
    }

    async fn remove_old_bodies(&self, keep: SignedDuration, now: Timestamp) -> Result<u64, Error> {
        let before = |age| now.checked_sub(age).unwrap_or(Timestamp::MIN);
        let (plain, season) = (before(keep), before(SEASON.max(keep)));
        let old: Vec<String> = self
            .read(move |db| {
                let mut select = db.prepare(
                    "SELECT body_hash FROM polls p WHERE body_hash IS NOT NULL AND body_removed_at IS NULL
                       AND NOT EXISTS (SELECT 1 FROM official_points o WHERE o.body_hash = p.body_hash)
                     GROUP BY body_hash
                     HAVING max(recorded_at) < ?1
                        AND (max(recorded_at) < ?2 OR NOT EXISTS (
                            SELECT 1 FROM polls q
                            CROSS JOIN observations o ON o.poll_id = q.id
                            CROSS JOIN detections d ON d.id = o.detection_id
                            CROSS JOIN alerts a ON a.fire_id = d.fire_id
                            WHERE q.body_hash = p.body_hash AND q.body_removed_at IS NULL))",
                )?;
                let rows = select.query_map(params![Millis(plain), Millis(season)], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let note_removed = move |tx: &Transaction<'_>, hash: &String| {
            // Unless it came again meanwhile.
            let noted = tx
                .prepare_cached(
                    "UPDATE polls SET body_removed_at = ?2 WHERE body_hash = ?1 AND body_removed_at IS NULL
                       AND NOT EXISTS (SELECT 1 FROM polls r WHERE r.body_hash = ?1 AND r.body_removed_at IS NULL
                           AND r.recorded_at >= ?3)",
                )?
                .execute(params![hash, Millis(now), Millis(plain)])?;
            Ok((noted > 0).then(|| hash.clone()))
        };
        let old: Vec<String> = self.write_in_portions(old, note_removed).await?.into_iter().flatten().collect();
        // Only now: a commit that failed must not leave a row naming a body that is gone.
        Ok(self.remove_unnamed_bodies(old).await? + self.remove_stray_bodies(now).await?)
    }
}
