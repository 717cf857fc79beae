//! The readers: connections for pages and connections for programs, given out by turns of accounts.
//!
//! What a program asks for may take seconds, and a page must not wait for it: the two have connections of their own. Among
//! those who read the same way, accounts take turns ([`crate::turns`]).

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::connection::{Interrupts, reader_pool};
use crate::store::Error;
use crate::turns::{Limits, Turn, Turns, Whose};

/// Connections that pages read with: enough for two cores and a slow page.
const FOR_PAGES: usize = 4;

/// Connections that programs read with: long reads, of which more at once only take longer each.
const FOR_PROGRAMS: usize = 2;

/// Reads of one account that may wait: those of all its screens and phones. More is no office.
const WAITING_EACH: usize = 100;

/// Reads that may wait in all; each is a request that somebody waits for.
const WAITING: usize = 2000;

/// Which connections are read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Those of pages, which people wait for.
    Pages,
    /// Those of documents and layers, which programs read.
    Programs,
}

/// Who reads, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// With which connections.
    pub lane: Lane,
    /// In whose line.
    pub whose: Whose,
}

impl Reader {
    /// firegrid itself.
    pub(in crate::store) const SERVICE: Self = Self { lane: Lane::Pages, whose: Whose::Service };
}

/// All readers of a store.
pub(super) struct Readers {
    pages: Pooled,
    programs: Pooled,
}

struct Pooled {
    pool: deadpool_sqlite::Pool,
    turns: Turns,
}

/// A connection to read with, and the place of whoever reads.
pub(super) struct Reading {
    pub reader: deadpool_sqlite::Object,
    /// Goes with the work: who gives up does not make room for another while his statement still runs.
    pub turn: Turn,
}

impl Readers {
    /// Opens none yet.
    ///
    /// # Errors
    /// [`Error::Closed`] when the pools cannot be set up.
    pub fn new(path: &Path, interrupts: &Arc<Interrupts>) -> Result<Self, Error> {
        let pooled = |places| {
            // One account never has all of them.
            let limits = Limits { places, each: places / 2, waiting_each: WAITING_EACH, waiting: WAITING };
            Ok::<_, Error>(Pooled { pool: reader_pool(path, interrupts, places)?, turns: Turns::new(limits) })
        };
        Ok(Self { pages: pooled(FOR_PAGES)?, programs: pooled(FOR_PROGRAMS)? })
    }

    /// Waits for a connection.
    ///
    /// # Errors
    /// [`Error::Crowded`] when too many of the same wait, [`Error::Closed`], [`Error`] of the database.
    pub async fn take(&self, asked: &Reader, path: &Path) -> Result<Reading, Error> {
        let Pooled { pool, turns } = match asked.lane {
            Lane::Pages => &self.pages,
            Lane::Programs => &self.programs,
        };
        let turn = turns.take(asked.whose.clone()).await?;
        let reader = pool.get().await.map_err(|error| match error {
            deadpool_sqlite::PoolError::Backend(error) => Error::from(error).naming(path),
            _ => Error::Closed,
        })?;
        Ok(Reading { reader, turn })
    }

    /// Closes the connections that nobody reads with; here and now, where the pool would do it some time.
    pub fn put_idle_away(&self) {
        for Pooled { pool, .. } in self.both() {
            pool.retain(|reader, _| {
                if let (Ok(mut connection), Ok(nothing)) = (reader.try_lock(), Connection::open_in_memory()) {
                    drop(std::mem::replace(&mut *connection, nothing));
                }
                false
            });
        }
    }

    /// Whether every connection is closed.
    pub fn are_closed(&self) -> bool {
        self.both().into_iter().all(|pooled| pooled.pool.status().size == 0)
    }

    /// Gives out none any more.
    pub fn close(&self) {
        self.both().into_iter().for_each(|pooled| pooled.pool.close());
    }

    fn both(&self) -> [&Pooled; 2] {
        [&self.pages, &self.programs]
    }
}
