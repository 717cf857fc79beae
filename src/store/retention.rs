//! How long raw bodies are kept: a season where they bore alerts, a configured time otherwise.
//!
//! Only whole bodies go; the rows inside the region, with the header, hash and outcome of
//! their poll, stay.

use rusqlite::params;

use super::codec::Millis;
use super::{Error, Store};
use crate::domain::time::{SignedDuration, Timestamp};

/// A body that bore an alert is kept this long: a burning season (15 September to 31 May) and
/// the weeks in which its cases are still argued about.
pub const SEASON: SignedDuration = SignedDuration::from_hours(24 * 300);

impl Store {
    /// Removes bodies that are no longer needed, and what a kill left of others, and returns how many.
    ///
    /// # Errors
    /// [`Error`] of the database or of a file that cannot be removed.
    pub async fn remove_old_bodies(&self, keep: SignedDuration, now: Timestamp) -> Result<u64, Error> {
        let before = |age| now.checked_sub(age).unwrap_or(Timestamp::MIN);
        let (plain, season) = (before(keep), before(SEASON.max(keep)));
        let old = self
            .write(move |tx| {
                let old: Vec<String> = tx
                    .prepare(
                        "SELECT body_hash FROM polls p WHERE body_hash IS NOT NULL AND body_removed_at IS NULL
                     GROUP BY body_hash
                     HAVING max(recorded_at) < ?1
                        AND (max(recorded_at) < ?2 OR NOT EXISTS (
                            SELECT 1 FROM polls q
                            JOIN observations o ON o.poll_id = q.id
                            JOIN detections d ON d.id = o.detection_id
                            JOIN alerts a ON a.fire_id = d.fire_id
                            WHERE q.body_hash = p.body_hash))",
                    )?
                    .query_map(params![Millis(plain), Millis(season)], |row| row.get(0))?
                    .collect::<Result<_, _>>()?;
                for hash in &old {
                    tx.execute(
                        "UPDATE polls SET body_removed_at = ?2 WHERE body_hash = ?1 AND body_removed_at IS NULL",
                        params![hash, Millis(now)],
                    )?;
                }
                Ok(old)
            })
            .await?;
        // Only now: a commit that failed must not leave a row naming a body that is gone.
        Ok(self.remove_unnamed_bodies(old).await? + self.remove_stray_bodies(now).await?)
    }
}
