//! Removes uploads that were given up, and files that a stop left unfinished.
//!
//! Called by the housekeeping of the service. It never touches an original, an upload that somebody writes to, or
//! a file that is younger than an upload may be.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::{UPLOAD_LIFE, Uploads};
use crate::domain::time::Timestamp;
use crate::media::Error;
use crate::media::files::{UNFINISHED, is_older, names_in, shelves};

impl Uploads {
    /// Removes what expired and returns how many uploads and orphaned files went.
    ///
    /// # Errors
    /// [`Error::File`] of a folder that cannot be read or a file that cannot be removed.
    pub fn sweep(&self, now: Timestamp) -> Result<u64, Error> {
        let mut removed = 0;
        for id in self.ids()? {
            let expired = match self.note(&id) {
                Ok(note) => note.expires_at() <= now,
                // A note that cannot be read is no reason to keep it for ever.
                Err(_unreadable) => is_older(&self.note_path(&id), UPLOAD_LIFE, now),
            };
            if expired && !is_written(&self.bytes_path(&id)) {
                self.remove(&id)?;
                removed += 1;
            }
        }
        for orphan in self.orphans()? {
            if is_older(&orphan, UPLOAD_LIFE, now) && !is_written(&orphan) {
                std::fs::remove_file(&orphan).map_err(|source| Error::File { path: orphan, source })?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// The ids that have a note.
    pub(super) fn ids(&self) -> Result<Vec<String>, Error> {
        let names = names_in(&self.folder)?.into_iter();
        Ok(names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect())
    }

    /// Files that belong to nothing: bytes without a note, and unfinished files beside originals and copies.
    fn orphans(&self) -> Result<Vec<PathBuf>, Error> {
        let mut orphans = Vec::new();
        for name in names_in(&self.folder)? {
            let path = self.folder.join(&name);
            let is_part = name.contains(UNFINISHED);
            if is_part || (name.strip_suffix(".json").is_none() && !self.note_path(&name).exists()) {
                orphans.push(path);
            }
        }
        let originals = self.photos.folder();
        for shelf in shelves(originals)?.into_iter().chain(shelves(&originals.join("copies"))?) {
            let names = names_in(&shelf)?.into_iter();
            orphans.extend(names.filter(|name| name.contains(UNFINISHED)).map(|name| shelf.join(name)));
        }
        Ok(orphans)
    }
}

fn is_written(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock)))
}
