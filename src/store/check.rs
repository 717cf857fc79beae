//! Looking a database over while it is used.

use super::soundness::{Depth, findings, look_quickly};
use super::{Error, Store, digest};

/// How closely a database is looked over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// For a moment, at how its pages hang together, where opening it has not done so; for the start of a service.
    Short,
    /// At the whole file: its pages, every row against its digest, the chain of the log and what follows from it. Slow;
    /// pages and acts go on meanwhile.
    Whole,
}

impl Store {
    /// Looks the file over; what is wrong comes back, named, and stays known.
    ///
    /// # Errors
    /// [`Error`] of the database; of a short look also [`Error::Damaged`] with the first finding.
    pub async fn check(&self, look: Look) -> Result<Vec<String>, Error> {
        if look == Look::Short {
            return self.look_quickly().await.map(|()| Vec::new());
        }
        let key = self.seal_key().clone();
        let found = match self.read_apart(move |db| findings(db, Some(&key))).await {
            Ok(found) => found,
            Err(Error::Damaged { finding, .. }) => vec![finding],
            Err(error) => return Err(error),
        };
        if let Some(first) = found.first() {
            self.soundness().note(first.clone());
        }
        Ok(found)
    }

    async fn look_quickly(&self) -> Result<(), Error> {
        if self.is_looked_over() {
            return Ok(());
        }
        let path = self.path().to_owned();
        self.read_apart(move |db| look_quickly(db, &path, Depth::Pages)).await
    }

    /// Takes up some rows that have no digest yet, from before there were any; true while there are more.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn take_up_digests(&self) -> Result<bool, Error> {
        if self.read(digest::are_complete).await? {
            return Ok(false);
        }
        let key = self.seal_key().clone();
        self.write(move |tx| digest::take_up(tx, &key)).await
    }
}
