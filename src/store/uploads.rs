//! Photos that come in parts over a bad line: partial files that survive cuts and restarts.
//!
//! An upload is two files under `photos/partial/`: the bytes so far, named by the id, whose length is the one truth
//! of how far it is, and a note of what it is to become. The web calls it part by part; the last byte makes a photo
//! ([`Photos::keep`]) in this order: original safe on disk, its hash in the note, the partial file gone. A stop
//! anywhere between is made good by asking again. It knows no HTTP; whom an upload belongs to is a text of the
//! caller's.

mod note;
mod sweep;
#[cfg(test)]
mod tests;

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Error;
use super::bodies::hex;
use super::photos::files::{ReadOnly, put_safely, sync_folder};
use super::photos::{MAX_PHOTO_BYTES, Photo, PhotoError, Photos};
use crate::domain::time::{SignedDuration, Timestamp};
use note::Note;

/// How long an upload may take, from its first call: an inspector's evening and a day without a line.
pub const UPLOAD_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// Unfinished uploads one owner may have: more than an act has photos; with the largest photos 768 MB.
pub const MAX_OPEN_UPLOADS: usize = 32;

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
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadState {
    /// Names it.
    pub id: String,
    /// Bytes that are safe on disk.
    pub offset: u64,
    /// Bytes in all.
    pub length: u64,
    /// When it is given up.
    pub expires_at: Timestamp,
    /// The hash of the photo it became.
    pub photo: Option<String>,
}

/// Why an upload does not go on.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// There is none of this id, or not for this owner.
    #[error("没有编号为{0}的上传，请重新开始 · there is no upload {0}: begin a new one")]
    Unknown(String),
    /// It took too long.
    #[error("上传已过期（48小时），请重新开始 · the upload expired after 48 hours: begin a new one")]
    Expired,
    /// The part does not follow on what is there.
    #[error(
        "已收到{stands}字节，不能从第{given}字节续传，请先查询进度 · {stands} bytes are here, a part at {given} does not follow: ask with HEAD and go on from there"
    )]
    Offset {
        /// Bytes that are here.
        stands: u64,
        /// Where the part says it begins.
        given: u64,
    },
    /// Another call writes to it right now.
    #[error("该上传正被另一请求写入，请稍候重试 · another call writes to this upload right now: try again in a moment")]
    Busy,
    /// More bytes than were announced.
    #[error("内容超过声明的{0}字节 · more than the announced {0} bytes came: begin a new upload with the right length")]
    BeyondLength(u64),
    /// No picture has this length.
    #[error(
        "照片长度应为1至{MAX_PHOTO_BYTES}字节 · a photo has 1 to {MAX_PHOTO_BYTES} bytes, not {0}: send a smaller one"
    )]
    Length(u64),
    /// Too many at once.
    #[error(
        "未完成的上传已有{MAX_OPEN_UPLOADS}个，请先完成或删除 · {MAX_OPEN_UPLOADS} uploads are unfinished already: finish or delete some first"
    )]
    TooMany,
    /// The whole is not what the sender has.
    #[error("内容与所给 SHA-256 不符，请重新上传 · the bytes do not match the given SHA-256: send the photo again")]
    Checksum,
    /// It was refused before, in these words.
    #[error("{0}")]
    Refused(String),
    /// The whole is no photo.
    #[error(transparent)]
    Photo(PhotoError),
    /// The disk failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The folder of unfinished uploads.
#[derive(Debug, Clone)]
pub struct Uploads {
    folder: PathBuf,
    photos: Photos,
}

/// An upload that nobody else can write to as long as this lives.
#[derive(Debug)]
pub struct UploadWriter {
    id: String,
    file: File,
    path: PathBuf,
    note: Note,
    offset: u64,
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
    /// [`UploadError::Length`], [`UploadError::TooMany`], [`UploadError::Store`].
    pub fn begin(&self, new: NewUpload, now: Timestamp) -> Result<UploadState, UploadError> {
        if new.length == 0 || new.length > MAX_PHOTO_BYTES {
            return Err(UploadError::Length(new.length));
        }
        if self.open_uploads(&new.owner, now)? >= MAX_OPEN_UPLOADS {
            return Err(UploadError::TooMany);
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
        let length = length.map_err(|source| gone_or(source, id, &path))?.len();
        Ok(note.state(id.to_owned(), length))
    }

    /// Opens an upload to append at `offset`.
    ///
    /// # Errors
    /// [`UploadError`]: as [`Self::state`], and [`UploadError::Busy`], [`UploadError::Offset`].
    pub fn writer(&self, id: &str, owner: &str, offset: u64, now: Timestamp) -> Result<UploadWriter, UploadError> {
        self.live_note(id, owner, now)?;
        let path = self.bytes_path(id);
        let failed = |source| gone_or(source, id, &path);
        let file = File::options().read(true).append(true).open(&path).map_err(failed)?;
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
    /// the same. [`UploadError::Store`]: nothing is lost, ask again.
    pub fn finish(&self, writer: UploadWriter) -> Result<Photo, UploadError> {
        let UploadWriter { id, path, mut note, file: _locked, .. } = writer;
        let bytes = std::fs::read(&path).map_err(|source| Error::File { path: path.clone(), source })?;
        let right = note.sha256.as_ref().is_none_or(|hash| *hash == hex(&Sha256::digest(&bytes)));
        let kept = if right {
            self.photos.keep(&bytes, note.file_name.clone()).map_err(|problem| match problem {
                PhotoError::Store(error) => UploadError::Store(error),
                problem => UploadError::Photo(problem),
            })
        } else {
            Err(UploadError::Checksum)
        };
        match &kept {
            Ok(photo) => note.photo = Some(photo.hash.clone()),
            Err(UploadError::Store(_)) => return kept,
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
        Ok(serde_json::from_slice(&text).map_err(|error| Error::unreadable("note of an upload", error))?)
    }

    fn write_note(&self, id: &str, note: &Note) -> Result<(), Error> {
        let text = serde_json::to_vec(note).map_err(|error| Error::unreadable("note of an upload", error))?;
        let path = self.note_path(id);
        put_safely(&path, &text, ReadOnly::No).map_err(|source| Error::File { path, source })
    }

    /// Bytes first: an upload without a note is an orphan, one without bytes would be a riddle.
    fn remove(&self, id: &str) -> Result<(), Error> {
        for path in [self.bytes_path(id), self.note_path(id)] {
            match std::fs::remove_file(&path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::File { path, source });
                }
                _ => {}
            }
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
    /// [`UploadError::BeyondLength`] without writing any, [`UploadError::Store`].
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
    /// [`UploadError::Store`].
    pub fn sync(&self) -> Result<(), UploadError> {
        Ok(self.file.sync_all().map_err(|source| Error::File { path: self.path.clone(), source })?)
    }
}

fn gone_or(source: std::io::Error, id: &str, path: &Path) -> UploadError {
    match source.kind() {
        std::io::ErrorKind::NotFound => UploadError::Unknown(id.to_owned()),
        _ => Error::File { path: path.to_owned(), source }.into(),
    }
}
