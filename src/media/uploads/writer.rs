//! One upload held open to append: the lock on its file keeps every other writer out, also of other processes, and
//! goes with the file however this ends.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;

use super::note::Note;
use super::problem::UploadError;
use super::state::UploadState;
use crate::media::Error;

/// An upload that nobody else can write to as long as this lives.
#[derive(Debug)]
pub struct UploadWriter {
    pub(super) id: String,
    /// Locked.
    pub(super) file: File,
    pub(super) path: PathBuf,
    pub(super) note: Note,
    pub(super) offset: u64,
}

impl UploadWriter {
    /// Bytes that are here.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the last byte is here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.offset == self.note.length
    }

    /// How far it is.
    #[must_use]
    pub fn state(&self) -> UploadState {
        self.note.clone().state(self.id.clone(), self.offset)
    }

    /// Appends bytes; safe on disk only after [`Self::sync`].
    ///
    /// # Errors
    /// [`UploadError::BeyondLength`] without writing any, [`UploadError::Media`].
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), UploadError> {
        if self.offset + bytes.len() as u64 > self.note.length {
            return Err(UploadError::BeyondLength(self.note.length));
        }
        self.file.write_all(bytes).map_err(|source| Error::File { path: self.path.clone(), source })?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Makes what was appended safe.
    ///
    /// # Errors
    /// [`UploadError::Media`].
    pub fn sync(&self) -> Result<(), UploadError> {
        Ok(self.file.sync_all().map_err(|source| Error::File { path: self.path.clone(), source })?)
    }
}
