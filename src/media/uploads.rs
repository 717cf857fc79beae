//! Photos that come in parts over a bad line: partial files that survive cuts and restarts.
//!
//! An upload is two files under `photos/partial/`: the bytes so far, named by the id, whose length is the one truth
//! of how far it is, and a note of what it is to become. The web calls it part by part; the last byte makes a photo
//! ([`Photos::keep`]) in this order: original safe on disk, its hash in the note, the partial file gone. A stop
//! anywhere between is made good by asking again. It knows no HTTP; whom an upload belongs to is a text of the
//! caller's.

mod note;
mod problem;
mod spool;
mod state;
mod sweep;
#[cfg(test)]
mod tests;
mod writer;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Error;
use super::files::{ReadOnly, put_safely, remove, sync_folder};
use super::photos::{MAX_PHOTO_BYTES, Photo, PhotoError, Photos};
use crate::domain::time::Timestamp;
use note::Note;

pub use problem::UploadError;
pub use spool::Spool;
pub use state::{UPLOAD_LIFE, UploadState};
pub use writer::UploadWriter;

/// Longest file name that is kept, characters.
const MAX_NAME_CHARS: usize = 200;

/// An upload that is to begin.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Whose it is; nobody else can find it.
    pub owner: String,
    /// Its length, bytes.
    pub length: u64,
    /// The name of the file; for people, never used as a path.
    pub file_name: Option<String>,
    /// SHA-256 of the whole, hex, when the sender knows it.
    pub sha256: Option<String>,
    /// Unfinished uploads that its owner may have, this one included.
    pub most_open: usize,
}

/// The folder of unfinished uploads.
#[derive(Debug, Clone)]
pub struct Uploads {
    folder: PathBuf,
    photos: Photos,
}

impl Uploads {
    /// The uploads that belong to a database file: `photos/partial/` beside it.
    #[must_use]
    pub fn beside(database: &Path) -> Self {
        let photos = Photos::beside(database);
        Self { folder: photos.folder().join("partial"), photos }
    }

    /// Begins an upload. Two calls at once may pass the limit together; it bounds the disk, not a right.
    ///
    /// # Errors
    /// [`UploadError::Length`], [`UploadError::TooMany`], [`UploadError::Media`].
    pub fn begin(&self, new: NewUpload, now: Timestamp) -> Result<UploadState, UploadError> {
        if new.length == 0 || new.length > MAX_PHOTO_BYTES {
            return Err(UploadError::Length(new.length));
        }
        if self.open_uploads(&new.owner, now)? >= new.most_open {
            return Err(UploadError::TooMany(new.most_open));
        }
        // Not secret: an id finds nothing without its owner.
        let id = format!("{:032x}", fastrand::u128(..));
        let note = Note {
            owner: new.owner,
            length: new.length,
            file_name: new.file_name.map(|name| name.chars().take(MAX_NAME_CHARS).collect()),
            sha256: new.sha256.map(|hash| hash.to_ascii_lowercase()),
            begun_at: now,
            photo: None,
            refused: None,
        };
        let path = self.bytes_path(&id);
        let made = std::fs::create_dir_all(&self.folder).and_then(|()| File::create_new(&path));
        made.and_then(|file| file.sync_all()).map_err(|source| Error::File { path, source })?;
        self.write_note(&id, &note)?;
        Ok(note.state(id, 0))
    }

    /// How far an upload is; what it says is safe on disk.
    ///
    /// # Errors
    /// [`UploadError`]: unknown, expired, refused before, or the disk failed.
    pub fn state(&self, id: &str, owner: &str, now: Timestamp) -> Result<UploadState, UploadError> {
        let note = self.live_note(id, owner, now)?;
        if note.photo.is_some() {
            let length = note.length;
            return Ok(note.state(id.to_owned(), length));
        }
        let path = self.bytes_path(id);
        let length = File::open(&path).and_then(|file| {
            // A call that broke off wrote without syncing.
            file.sync_all()?;
            file.metadata()
        });
        let length = match length {
            Ok(file) => file.len(),
            Err(source) => {
                // Gone since the note was read: whoever wrote the last byte has just made the photo.
                let note = self.live_note(id, owner, now)?;
                if note.photo.is_none() {
                    return Err(gone_or(source, id, &path));
                }
                note.length
            }
        };
        Ok(self.live_note(id, owner, now)?.state(id.to_owned(), length))
    }

    /// Opens an upload to append at `offset`.
    ///
    /// # Errors
    /// [`UploadError`]: as [`Self::state`], and [`UploadError::Busy`], [`UploadError::Offset`].
    pub fn writer(&self, id: &str, owner: &str, offset: u64, now: Timestamp) -> Result<UploadWriter, UploadError> {
        self.live_note(id, owner, now)?;
        let path = self.bytes_path(id);
        let failed = |source| gone_or(source, id, &path);
        let file = match File::options().read(true).append(true).open(&path) {
            Ok(file) => file,
            // Gone since the note was read: whoever wrote beside this one has just made the photo.
            Err(_) if !self.live_note(id, owner, now)?.is_open() => return Err(UploadError::Busy),
            Err(source) => return Err(failed(source)),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(UploadError::Busy),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // Read under the lock: whoever held it before may have made the photo; the next question tells.
        let note = self.live_note(id, owner, now)?;
        if !note.is_open() {
            return Err(UploadError::Busy);
        }
        let stands = file.metadata().map_err(failed)?.len();
        if stands != offset {
            return Err(UploadError::Offset { stands, given: offset });
        }
        Ok(UploadWriter { id: id.to_owned(), file, path, note, offset })
    }

    /// Makes the photo of an upload whose last byte is here. Slow: it decodes.
    ///
    /// # Errors
    /// [`UploadError::Checksum`] and [`UploadError::Photo`]: the bytes are thrown away, and later calls are answered
    /// the same. [`UploadError::Media`]: nothing is lost, ask again.
    pub fn finish(&self, writer: UploadWriter) -> Result<Photo, UploadError> {
        let UploadWriter { id, path, mut note, file: _locked, .. } = writer;
        let bytes = std::fs::read(&path).map_err(|source| Error::File { path: path.clone(), source })?;
        let right = note.sha256.as_ref().is_none_or(|hash| *hash == hex::encode(Sha256::digest(&bytes)));
        let kept = if right {
            self.photos.keep(&bytes, note.file_name.clone()).map_err(|problem| match problem {
                PhotoError::Media(error) => UploadError::Media(error),
                problem => UploadError::Photo(problem),
            })
        } else {
            Err(UploadError::Checksum)
        };
        match &kept {
            Ok(photo) => note.photo = Some(photo.hash.clone()),
            Err(UploadError::Media(_)) => return kept,
            Err(refusal) => note.refused = Some(refusal.to_string()),
        }
        self.write_note(&id, &note)?;
        std::fs::remove_file(&path).map_err(|source| Error::File { path, source })?;
        kept
    }

    /// Gives an upload up. A photo it became stays.
    ///
    /// # Errors
    /// [`UploadError`]: unknown, expired, refused before, busy, or the disk failed.
    pub fn give_up(&self, id: &str, owner: &str, now: Timestamp) -> Result<(), UploadError> {
        let state = self.state(id, owner, now)?;
        // Holds the lock until both files are gone.
        let _writer = match state.photo {
            Some(_) => None,
            None => Some(self.writer(id, owner, state.offset, now)?),
        };
        Ok(self.remove(id)?)
    }

    fn open_uploads(&self, owner: &str, now: Timestamp) -> Result<usize, Error> {
        let is_open = |id: &String| {
            self.note(id).is_ok_and(|note| note.owner == owner && note.is_open() && note.expires_at() > now)
        };
        Ok(self.ids()?.iter().filter(|id| is_open(id)).count())
    }

    fn live_note(&self, id: &str, owner: &str, now: Timestamp) -> Result<Note, UploadError> {
        let note = self.note(id)?;
        if note.owner != owner {
            return Err(UploadError::Unknown(id.to_owned()));
        }
        if note.expires_at() <= now {
            return Err(UploadError::Expired);
        }
        match note.refused {
            Some(refused) => Err(UploadError::Refused(refused)),
            None => Ok(note),
        }
    }

    fn note(&self, id: &str) -> Result<Note, UploadError> {
        let unknown = || UploadError::Unknown(id.to_owned());
        if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(unknown());
        }
        let path = self.note_path(id);
        let text = std::fs::read(&path).map_err(|source| gone_or(source, id, &path))?;
        Ok(serde_json::from_slice(&text).map_err(|error| Error::changed("note of an upload", error))?)
    }

    fn write_note(&self, id: &str, note: &Note) -> Result<(), Error> {
        let text = serde_json::to_vec(note).map_err(|error| Error::changed("note of an upload", error))?;
        let path = self.note_path(id);
        put_safely(&path, &text, ReadOnly::No).map_err(|source| Error::File { path, source })
    }

    /// Bytes first: an upload without a note is an orphan, one without bytes would be a riddle.
    fn remove(&self, id: &str) -> Result<(), Error> {
        for path in [self.bytes_path(id), self.note_path(id)] {
            remove(&path)?;
        }
        sync_folder(&self.folder).map_err(|source| Error::File { path: self.folder.clone(), source })
    }

    fn bytes_path(&self, id: &str) -> PathBuf {
        self.folder.join(id)
    }

    fn note_path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }
}

fn gone_or(source: std::io::Error, id: &str, path: &Path) -> UploadError {
    match source.kind() {
        std::io::ErrorKind::NotFound => UploadError::Unknown(id.to_owned()),
        _ => Error::File { path: path.to_owned(), source }.into(),
    }
}
