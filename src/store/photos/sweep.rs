//! Removes originals that nothing names: sent and never used, or left by a stop.
//!
//! Called by the housekeeping of the service. A file goes inside a write transaction that has looked for rows naming it,
//! and whoever sends the same picture again counts as a sender of today: what somebody is about to use stays.

use rusqlite::{Connection, params};

use crate::domain::time::{SignedDuration, Timestamp};
use crate::media::Photos;
use crate::store::codec::Millis;
use crate::store::{Error, Store};

/// Originals looked up and removed in one transaction: a few milliseconds, between which acts are written.
const TOGETHER: usize = 50;

impl Store {
    /// Removes originals, their copies and their senders that no alert and no plan has named for so long; how many went.
    ///
    /// # Errors
    /// [`Error`] of the database, of a folder that cannot be read or a file that cannot be removed.
    pub(in crate::store) async fn remove_unattached_photos(
        &self,
        kept_for: SignedDuration,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let photos = Photos::beside(self.path());
        let looked = tokio::task::spawn_blocking(move || photos.older_than(kept_for, now));
        let old = looked.await.map_err(|_stopping| Error::Closed)??;
        let since = now.checked_sub(kept_for).unwrap_or(Timestamp::MIN);
        // Nearly all of them belong to an alert, and asking for it keeps no writer waiting.
        let unattached = self.read(move |db| unattached(db, old, since)).await?;
        let mut removed = 0;
        for some in unattached.chunks(TOGETHER) {
            let (photos, some) = (Photos::beside(self.path()), some.to_vec());
            removed += self
                .write(move |tx| {
                    let gone = self::unattached(tx, some, since)?;
                    for hash in &gone {
                        tx.prepare_cached("DELETE FROM photo_senders WHERE hash = ?1")?.execute([hash])?;
                        photos.remove(hash)?;
                    }
                    Ok(gone.len() as u64)
                })
                .await?;
        }
        Ok(removed)
    }
}

/// Those that no alert and no plan names and nobody has sent since.
fn unattached(db: &Connection, hashes: Vec<String>, since: Timestamp) -> Result<Vec<String>, Error> {
    let mut is_named = db.prepare_cached("SELECT 1 FROM photos WHERE hash = ?1")?;
    let mut is_fresh = db.prepare_cached("SELECT 1 FROM photo_senders WHERE hash = ?1 AND sent_at > ?2")?;
    let mut unattached = Vec::new();
    for hash in hashes {
        if !is_named.exists([&hash])? && !is_fresh.exists(params![hash, Millis(since)])? {
            unattached.push(hash);
        }
    }
    Ok(unattached)
}
