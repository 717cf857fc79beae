//! How the database is: whether it answers, whether it is whole and where it was; how far it was read.

use std::sync::Arc;

use rusqlite::OptionalExtension;

use super::soundness::Soundness;
use super::{Error, Store};

/// How a database is.
#[derive(Clone)]
pub struct Health {
    pub(super) store: Store,
    /// What was found of damage.
    pub soundness: Arc<Soundness>,
}

impl Store {
    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        Health { store: self.clone(), soundness: self.soundness().clone() }
    }
}

impl Health {
    /// Whether it answers a write; for `/readyz`.
    ///
    /// # Errors
    /// [`Error`] when it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.store
            .write(|tx| {
                // Takes the write lock and touches the file header without changing a row.
                tx.pragma_update(None, "user_version", 0)?;
                Ok(())
            })
            .await
    }

    /// Whether the file still stands where it was opened; cheap.
    ///
    /// # Errors
    /// [`Error::Gone`] when it does not: then nothing that is written is kept.
    pub fn check_standing(&self) -> Result<(), Error> {
        self.store.check_standing()
    }

    /// The number of the last event; cheap, asked every second while somebody follows.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn last_event(&self) -> Result<i64, Error> {
        self.store
            .read(|db| {
                let last = db
                    .prepare_cached("SELECT seq FROM events ORDER BY seq DESC LIMIT 1")?
                    .query_row([], |row| row.get(0))
                    .optional()?;
                Ok(last.unwrap_or_default())
            })
            .await
    }
}
