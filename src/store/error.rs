//! What can go wrong in the store.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

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
    /// A file beside the database failed.
    #[error(transparent)]
    Media(#[from] crate::media::Error),
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
    #[error("cannot bring the tables of {path} to this version of firegrid; nothing in it was changed")]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<refinery::Error>,
    },
    /// The tables were written by a newer firegrid.
    #[error("a newer firegrid has written {path}: use that one, or put back a backup from before it")]
    NewerTables {
        /// The file.
        path: PathBuf,
        /// What is unknown here.
        #[source]
        source: Box<refinery::Error>,
    },
    /// No database where there was one.
    #[error(
        "the database {path} {what}, but {beside} of an installation stands there: nothing was made or changed. Put \
         the database back (a backup, or the disk that it is on); to begin anew, move all of these away first"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// That it is missing or empty.
        what: &'static str,
        /// What stands beside it.
        beside: String,
    },
    /// A file that is no database.
    #[error(
        "{path} is no SQLite database, or its beginning is damaged; it was left as it is. Put the database back, \
         and keep this file"
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// Another program's database.
    #[error("{path} is the database of another program; it was left as it is")]
    ForeignDatabase {
        /// The file.
        path: PathBuf,
    },
    /// A write-ahead log that is not the database's.
    #[error(
        "{path} is not the write-ahead log of the database beside it ({what}); both were left as they are. Put back \
         the files that belong together"
    )]
    ForeignLog {
        /// The log.
        path: PathBuf,
        /// How that is known.
        what: String,
    },
    /// The database of another installation.
    #[error("{path} is the database of installation {found}, but {file} says {expected}; it was left as it is")]
    OtherInstallation {
        /// The database.
        path: PathBuf,
        /// The file with the id.
        file: PathBuf,
        /// Id in the database.
        found: String,
        /// Id beside it.
        expected: String,
    },
    /// The log lacks what was in it before.
    #[error(
        "the log of {path} lacks event {seq}, which {file} says was in it: the database is older than what was \
         acknowledged"
    )]
    RolledBack {
        /// The database.
        path: PathBuf,
        /// The file with the tip of the log.
        file: PathBuf,
        /// The event that is missing or another.
        seq: i64,
    },
    /// The opened file is no longer under its name.
    #[error("{path} {what} while firegrid runs: nothing more is recorded")]
    Gone {
        /// The file.
        path: PathBuf,
        /// What became of it.
        what: &'static str,
    },
    /// The file cannot be written.
    #[error("cannot write {path}: the file or its file system is read-only for this user")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "the database {path} is damaged: {finding}. Nothing was mended or written over. Keep the file; to go on, \
         stop, move its whole folder aside and put a backup in its place (docs/operations.md)"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found first.
        finding: String,
    },
    /// A backup cannot be written.
    #[error("cannot write the backup {path}")]
    Backup {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A backup is not what it should be.
    #[error("the copy {path} does not prove right: {finding}; it was not kept")]
    BadBackup {
        /// The copy.
        path: PathBuf,
        /// What was found first.
        finding: String,
    },
    /// Another `firegrid run` or `demo` owns the database.
    #[error("another firegrid is running on {path} ({holder})")]
    InUse {
        /// The file.
        path: PathBuf,
        /// Process and command, as its lock file says.
        holder: String,
    },
    /// Somebody else kept the write lock of the file.
    #[error(
        "the database {path} has been locked for {waited_secs} s by {holder}: let that finish or end it, then start \
         again"
    )]
    Locked {
        /// The file.
        path: PathBuf,
        /// Process and command, where the system says.
        holder: String,
        /// How long was waited.
        waited_secs: u64,
    },
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
    /// Too many reads of the same account wait already.
    #[error("too many reads of the same account wait for the database")]
    Crowded(#[from] crate::turns::Crowded),
    /// The writer or a reader is gone.
    #[error("the store is closed")]
    Closed,
}

impl Error {
    pub(super) fn unreadable(what: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::Unreadable { what, problem: problem.to_string() }
    }

    /// The error with the file that it is about, where `SQLite` leaves that out; damage becomes [`Error::Damaged`].
    pub(super) fn naming(self, path: &Path) -> Self {
        match self {
            Self::Sql(error) if is_damage(&error) => {
                Self::Damaged { path: path.to_owned(), finding: error.to_string() }
            }
            Self::Sql(rusqlite::Error::SqliteFailure(code, message)) => {
                let message = message.unwrap_or_else(|| code.to_string());
                Self::Sql(rusqlite::Error::SqliteFailure(code, Some(with_name(message, path))))
            }
            Self::Sql(rusqlite::Error::SqlInputError { error, msg, sql, offset }) => {
                Self::Sql(rusqlite::Error::SqlInputError { error, msg: with_name(msg, path), sql, offset })
            }
            other => other,
        }
    }

    /// Whether the store itself cannot work just now, whatever was asked of it.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Gone { .. } | Self::ReadOnly { .. } | Self::Closed)
    }
}

fn with_name(message: String, path: &Path) -> String {
    let shown = path.display().to_string();
    if message.contains(&shown) { message } else { format!("{message}: {shown}") }
}

/// Whether `SQLite` says that the file is damaged.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
