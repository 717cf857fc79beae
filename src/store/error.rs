//! What can go wrong in the store.

use std::path::PathBuf;

/// A failure of the store, with what it failed on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library is one of those that can corrupt a write-ahead log.
    #[error("the SQLite library is {found}, expected {needed} or newer: older ones can corrupt a write-ahead log")]
    LibraryTooOld {
        /// Version found.
        found: &'static str,
        /// Version needed.
        needed: &'static str,
    },
    /// The file or its folder cannot be used.
    #[error("cannot use the database {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A safety setting did not take.
    #[error("the database setting {pragma} is {found:?}, expected {expected:?}: the file system may not support it")]
    Pragma {
        /// The setting.
        pragma: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// The tables cannot be brought to this version.
    #[error("cannot bring the tables of {path} to this version of firegrid; a newer firegrid may have written it")]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<refinery::Error>,
    },
    /// Another `firegrid run` or `demo` owns the database.
    #[error("another firegrid is running on {0}: stop it first, or give this one its own FIREGRID_DATABASE")]
    InUse(PathBuf),
    /// A statement failed.
    #[error("the database refused a statement")]
    Sql(#[from] rusqlite::Error),
    /// A stored value cannot be read back.
    #[error("the stored {what} cannot be read: {problem}; the database may be damaged or written by a newer firegrid")]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The writer or a reader is gone.
    #[error("the store is closed")]
    Closed,
}

impl Error {
    pub(super) fn unreadable(what: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::Unreadable { what, problem: problem.to_string() }
    }
}
