//! Removes bodies that no row names: those whose time is over, and what a kill left behind.
//!
//! Called by the housekeeping of the service. A file goes inside a write transaction that has looked for rows naming
//! it, and recording asserts its body in the transaction of its row ([`Bodies::must_hold`]): whichever of the two
//! comes first, also from another process, no row names a body that is gone.

use rusqlite::Connection;

use super::{Error, Store};
use crate::domain::time::Timestamp;
use crate::media::{Bodies, files};

/// Bodies looked up and removed in one transaction: a few milliseconds, between which acts are written.
const TOGETHER: usize = 100;

impl Store {
    /// Removes the files of those bodies that no row names any more and returns how many went.
    ///
    /// # Errors
    /// [`Error`] of the database or of a file that cannot be removed.
    pub(super) async fn remove_unnamed_bodies(&self, hashes: Vec<String>) -> Result<u64, Error> {
        let mut removed = 0;
        for some in hashes.chunks(TOGETHER) {
            let (bodies, some) = (Bodies::beside(self.path()), some.to_vec());
            removed += self
                .write(move |tx| {
                    let unnamed = without_row(tx, some)?;
                    unnamed.iter().try_for_each(|hash| files::remove(&bodies.path_of(hash)))?;
                    Ok(unnamed.len() as u64)
                })
                .await?;
        }
        Ok(removed)
    }

    /// Removes bodies without a row and unfinished files that a kill left behind, and returns how many.
    ///
    /// # Errors
    /// [`Error`] of the database, of a folder that cannot be read or a file that cannot be removed.
    pub(super) async fn remove_stray_bodies(&self, now: Timestamp) -> Result<u64, Error> {
        let bodies = Bodies::beside(self.path());
        let looked = tokio::task::spawn_blocking(move || bodies.remove_unfinished(now));
        let (unfinished, old) = looked.await.map_err(|_stopping| Error::Closed)??;
        // Nearly all of them have a row, and asking for it keeps no writer waiting.
        let strays = self.read(|db| without_row(db, old)).await?;
        Ok(unfinished + self.remove_unnamed_bodies(strays).await?)
    }
}

fn without_row(db: &Connection, hashes: Vec<String>) -> Result<Vec<String>, Error> {
    let mut select = db.prepare_cached(
        "SELECT 1 FROM polls WHERE body_hash = ?1 AND body_removed_at IS NULL
         UNION ALL SELECT 1 FROM official_points WHERE body_hash = ?1",
    )?;
    let mut unnamed = Vec::new();
    for hash in hashes {
        if !select.exists([&hash])? {
            unnamed.push(hash);
        }
    }
    Ok(unnamed)
}
