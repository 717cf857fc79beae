//! Originals of photos: immutable files beside the database, named by their SHA-256.
//!
//! An original is written, synced, made read-only and renamed into place before any row names
//! it, and never written again. It is evidence: it keeps its metadata and is shown to nobody as
//! it is.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Transaction, params};
use sha2::{Digest, Sha256};

use super::Error;
use super::bodies::hex;
use super::codec::Millis;
use super::events::SubjectKind;
use crate::domain::time::Timestamp;

/// Largest original, bytes: what a phone's best camera makes, with room.
pub const MAX_PHOTO_BYTES: u64 = 24 * 1024 * 1024;

/// The kinds of pictures that are taken, told by their content and never by their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoKind {
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// WebP
    WebP,
}

impl PhotoKind {
    /// The kind by the first bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// A photo whose original is safe on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// SHA-256 of the original, hex.
    pub hash: String,
    /// What it is.
    pub kind: PhotoKind,
    /// Size of the original.
    pub bytes: i64,
    /// The name it came with; for people, never used as a path.
    pub file_name: Option<String>,
}

/// Why bytes are not taken as a photo.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// Too large.
    #[error(
        "照片有{0}字节，不得超过{MAX_PHOTO_BYTES}字节 · the photo has {0} bytes, at most {MAX_PHOTO_BYTES} are taken: send a smaller one"
    )]
    TooLarge(u64),
    /// Another kind of file.
    #[error("不是 JPEG、PNG 或 WebP 图片 · this is no JPEG, PNG or WebP picture, whatever its name says")]
    NoPicture,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The folder of originals.
#[derive(Debug, Clone)]
pub struct Photos {
    folder: PathBuf,
}

impl Photos {
    /// The originals that belong to a database file: `photos/` beside it.
    #[must_use]
    pub fn beside(database: &Path) -> Self {
        Self { folder: database.parent().unwrap_or_else(|| Path::new(".")).join("photos") }
    }

    /// Keeps an original; keeping it twice is keeping it once.
    ///
    /// # Errors
    /// [`PhotoError`] when it is no picture, too large, or cannot be written and synced.
    pub fn keep(&self, bytes: &[u8], file_name: Option<String>) -> Result<Photo, PhotoError> {
        if bytes.len() as u64 > MAX_PHOTO_BYTES {
            return Err(PhotoError::TooLarge(bytes.len() as u64));
        }
        let kind = PhotoKind::of(bytes).ok_or(PhotoError::NoPicture)?;
        let hash = hex(&Sha256::digest(bytes));
        let path = self.path_of(&hash);
        let photo = Photo { hash, kind, bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX), file_name };
        if !path.exists() {
            self.write(&path, bytes).map_err(|source| Error::File { path, source })?;
        }
        Ok(photo)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder)?;
        let unfinished = path.with_extension(format!("part{}", std::process::id()));
        let mut file = std::fs::File::create(&unfinished)?;
        file.write_all(bytes)?;
        let mut permissions = file.metadata()?.permissions();
        permissions.set_readonly(true);
        file.set_permissions(permissions)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)?;
        std::fs::File::open(folder)?.sync_all()
    }

    /// Reads an original back and checks it against its name.
    ///
    /// # Errors
    /// [`Error::File`] when it is gone, [`Error::Unreadable`] when it was changed.
    pub fn read(&self, hash: &str) -> Result<Vec<u8>, Error> {
        let path = self.path_of(hash);
        let mut bytes = Vec::new();
        std::fs::File::open(&path)
            .and_then(|file| file.take(MAX_PHOTO_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|source| Error::File { path: path.clone(), source })?;
        if hex(&Sha256::digest(&bytes)) == hash {
            Ok(bytes)
        } else {
            Err(Error::unreadable("photo", format!("{} does not match its name", path.display())))
        }
    }

    /// An original that was kept before.
    ///
    /// # Errors
    /// As [`Self::read`]; a name that is no hash is [`Error::Unreadable`].
    pub fn find(&self, hash: &str) -> Result<Photo, Error> {
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(Error::unreadable("photo", format!("{hash:?} is no SHA-256 in hex")));
        }
        let bytes = self.read(hash)?;
        let kind = PhotoKind::of(&bytes).ok_or_else(|| Error::unreadable("photo", "it is no picture"))?;
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(Photo { hash: hash.to_owned(), kind, bytes: size, file_name: None })
    }

    fn path_of(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("__")).join(hash)
    }
}

/// Writes that a case or plan has photos, their originals safe on disk already.
pub(super) fn file(
    tx: &Transaction<'_>,
    (kind, subject): (SubjectKind, &str),
    photos: &[Photo],
    event_seq: i64,
    now: Timestamp,
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO photos (hash, subject_kind, subject, media_type, bytes, file_name, added_at, event_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
    )?;
    for photo in photos {
        insert.execute(params![
            photo.hash,
            kind.name(),
            subject,
            photo.kind.media_type(),
            photo.bytes,
            photo.file_name,
            Millis(now),
            event_seq
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0 a very small picture";

    #[test]
    fn an_original_comes_back_and_a_changed_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("firegrid.sqlite"));
        let photo = photos.keep(JPEG, Some("../../etc/passwd".to_owned())).unwrap();
        assert_eq!(photos.keep(JPEG, None).unwrap().hash, photo.hash, "keeping twice is keeping once");
        assert_eq!(photos.read(&photo.hash).unwrap(), JPEG);
        let path = photos.path_of(&photo.hash);
        assert!(path.metadata().unwrap().permissions().readonly());
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(photos.read(&photo.hash), Err(Error::File { .. })));
        std::fs::write(&path, b"another picture").unwrap();
        assert!(matches!(photos.read(&photo.hash), Err(Error::Unreadable { .. })));
    }

    #[test]
    fn only_pictures_are_taken_and_only_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("firegrid.sqlite"));
        for bytes in [&b"<svg onload=alert(1)>"[..], b"", b"GIF89a", b"RIFF....WAVE", b"%PDF-1.7"] {
            assert!(matches!(photos.keep(bytes, Some("a.jpg".to_owned())), Err(PhotoError::NoPicture)), "{bytes:?}");
        }
        assert_eq!(PhotoKind::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(PhotoKind::WebP));
        assert_eq!(PhotoKind::of(b"\x89PNG\r\n\x1a\n"), Some(PhotoKind::Png));
    }
}
