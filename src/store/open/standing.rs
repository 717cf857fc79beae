//! Whether the files that are open still are the ones that stand under their names.
//!
//! `SQLite` goes on writing to a file that was removed, moved or replaced, and what is written there is lost with the
//! process. So device and inode are compared round every commit ([`super::Store`]) and by a timer of the service.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::super::Error;

/// Which file a name means: its device and its inode there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    pub(super) fn of(metadata: &std::fs::Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    fn at(path: &Path) -> std::io::Result<Self> {
        std::fs::metadata(path).map(|metadata| Self::of(&metadata))
    }
}

/// The files that are open.
#[derive(Debug)]
pub(super) struct Standing {
    database: PathBuf,
    database_id: FileId,
    log: PathBuf,
    /// Known from the first commit on: only then there surely is one.
    log_id: OnceLock<FileId>,
}

impl Standing {
    /// Takes down which file was opened.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be looked at.
    pub(super) fn of(database: &Path) -> Result<Self, Error> {
        let database_id = FileId::at(database).map_err(|source| Error::File { path: database.to_owned(), source })?;
        let log = beside(database, "-wal");
        Ok(Self { database: database.to_owned(), database_id, log, log_id: OnceLock::new() })
    }

    /// The opened file.
    pub(super) fn id(&self) -> FileId {
        self.database_id
    }

    /// Compares what stands there with what is open; two looks at names, no reading.
    ///
    /// # Errors
    /// [`Error::Gone`] when the database or its write-ahead log is no longer under its name.
    pub(super) fn check(&self) -> Result<(), Error> {
        Self::same(&self.database, self.database_id)?;
        match self.log_id.get() {
            Some(id) => Self::same(&self.log, *id),
            None => Ok(()),
        }
    }

    /// As [`Self::check`], after a commit: from the first one on the write-ahead log is known too.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(super) fn check_committed(&self) -> Result<(), Error> {
        if self.log_id.get().is_none()
            && let Ok(id) = FileId::at(&self.log)
        {
            self.log_id.get_or_init(|| id);
        }
        self.check()
    }

    fn same(path: &Path, id: FileId) -> Result<(), Error> {
        match FileId::at(path) {
            Ok(found) if found == id => Ok(()),
            Ok(_) => Err(Error::Gone { path: path.to_owned(), what: "was replaced by another file" }),
            Err(_) => Err(Error::Gone { path: path.to_owned(), what: "was removed or cannot be reached" }),
        }
    }
}

/// The name of a file that belongs to a database: its own with more at the end.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
