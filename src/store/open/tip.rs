//! The tip of the log kept outside the database: number and hash of its last event, in a small file beside it.
//!
//! A database that was put back from a copy is whole in itself; that it lacks what was acknowledged since shows only
//! against something outside. The file is written over in place after each commit that appended to the log, without
//! waiting for the disk: after a power cut it may say less than the log, never more.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::super::Error;
use super::super::heads::{Head, head_of};
use super::standing::beside;

/// The file of the tip, kept open.
#[derive(Debug)]
pub(super) struct TipFile {
    path: PathBuf,
    file: File,
    /// The last event that is known to stand in it.
    written: i64,
    is_failing: bool,
}

/// Where the tip of a database is kept.
pub(super) fn path_of(database: &Path) -> PathBuf {
    beside(database, ".tip")
}

/// The tip as it was written; `None` when there is none or it cannot be read: it is a second witness, not a lock.
pub(super) fn read(database: &Path) -> Option<Head> {
    let text = std::fs::read_to_string(path_of(database)).ok()?;
    let tip = Head::parse(&text);
    if tip.is_none() && !text.trim_matches(['\0', '\n', ' ']).is_empty() {
        tracing::warn!("{} cannot be read; it is written anew", path_of(database).display());
    }
    tip
}

/// Whether the log of a database holds a tip that was kept outside, in a file.
///
/// # Errors
/// [`Error::RolledBack`] when it does not, [`Error`] of the database.
pub(super) fn compare(connection: &Connection, database: &Path, file: &Path, tip: &Head) -> Result<(), Error> {
    // Before anything was logged there is nothing to miss; nor in a database from before there was one log.
    if tip.seq == 0 {
        return Ok(());
    }
    let found = if connection.table_exists(None, "events")? {
        connection
            .query_row("SELECT hash FROM events WHERE seq = ?1", [tip.seq], |row| row.get::<_, String>(0))
            .optional()?
    } else {
        None
    };
    if found.as_ref() == Some(&tip.hash) {
        return Ok(());
    }
    Err(Error::RolledBack { path: database.to_owned(), file: file.to_owned(), seq: tip.seq })
}

/// Writes a line with the tip, safely on disk when it returns.
///
/// # Errors
/// [`Error::File`] when it cannot be written.
pub(in crate::store) fn write(database: &Path, tip: &Head) -> Result<(), Error> {
    let mut file = TipFile::open(database)?;
    file.put(tip);
    file.file.sync_all().map_err(|source| Error::File { path: file.path.clone(), source })
}

fn line(tip: &Head) -> String {
    // Always as long: written over in place, it needs no room on a full disk and leaves nothing of the line before.
    format!("{:020} {}\n", tip.seq, tip.hash)
}

impl TipFile {
    /// Opens or makes it.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be opened for writing.
    pub(super) fn open(database: &Path) -> Result<Self, Error> {
        let path = path_of(database);
        match File::options().create(true).truncate(false).write(true).open(&path) {
            Ok(file) => Ok(Self { path, file, written: 0, is_failing: false }),
            Err(source) => Err(Error::File { path, source }),
        }
    }

    /// Writes the tip of the log where it is another than was written last.
    pub(super) fn follow(&mut self, connection: &Connection) {
        // The commit stands whatever becomes of this: the next one tries again.
        let Ok(tip) = head_of(connection) else { return };
        if tip.seq > self.written {
            self.put(&tip);
        }
    }

    fn put(&mut self, tip: &Head) {
        match self.file.write_all_at(line(tip).as_bytes(), 0) {
            Ok(()) => (self.written, self.is_failing) = (tip.seq, false),
            Err(error) if !self.is_failing => {
                self.is_failing = true;
                tracing::warn!("cannot write the tip of the log to {}: {error}", self.path.display());
            }
            // Said once; the file then says less than the log, which is no fault.
            Err(_) => {}
        }
    }

    /// Has it on disk.
    pub(super) fn sync(&self) {
        if let Err(error) = self.file.sync_all() {
            tracing::warn!("cannot write the tip of the log to {}: {error}", self.path.display());
        }
    }
}
