//! Proving the record: its head as it is written down outside, and the walk over all of it.

use std::path::Path;

use rusqlite::Connection;

use super::audit::{self, Audit};
use super::heads::{Head, HeadSeal, head_of, read_heads};
use super::scoped::Scoped;
use super::seal::{Seal, SealKey};
use super::{Error, Store};
use crate::domain::time::Timestamp;
use crate::media::Photos;

impl Store {
    /// The head of the record as it is to be written down outside.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn sealed_head(&self, now: Timestamp) -> Result<Head, Error> {
        let key = self.seal_key().clone();
        self.read(move |db| sealed(db, &key, now)).await
    }

    /// The heads that were written to the file outside; none where there is no such file.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be read or holds something else.
    pub(super) async fn outside_heads(&self) -> Result<Vec<Head>, Error> {
        let Some(file) = self.heads_file().map(Path::to_owned) else { return Ok(Vec::new()) };
        tokio::task::spawn_blocking(move || if file.exists() { read_heads(&file) } else { Ok(Vec::new()) })
            .await
            .map_err(|_gone| Error::Closed)?
    }
}

impl Scoped {
    /// Walks the whole log and everything that must agree with it, and holds it against these heads, or those of the
    /// file outside; `None` for whoever does not see the whole region.
    ///
    /// # Errors
    /// [`Error`] of the database or of the file; faults of the log come back inside.
    pub async fn verify_audit(&self, heads: Option<Vec<Head>>) -> Result<Option<Audit>, Error> {
        if !self.scope().is_whole() {
            return Ok(None);
        }
        let store = self.store();
        let heads = match heads {
            Some(heads) => heads,
            None => store.outside_heads().await?,
        };
        let (photos, key) = (Photos::beside(store.path()), store.seal_key().clone());
        store.read_apart(move |db| audit::verify(db, &heads, &photos, &key)).await.map(Some)
    }
}

fn sealed(db: &Connection, key: &SealKey, now: Timestamp) -> Result<Head, Error> {
    let mut head = Head { at: Some(now), ..head_of(db)? };
    if let Some(seal) = Seal::read(db)? {
        let (revision, state) = (seal.revision, seal.state());
        head.seal =
            Some(HeadSeal { revision, lineage: seal.lineage, state, key: key.id().to_owned(), mac: String::new() });
        let mac = head.mac(key).unwrap_or_default();
        head.seal.iter_mut().for_each(|seal| seal.mac.clone_from(&mac));
    }
    Ok(head)
}
