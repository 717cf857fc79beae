//! Originals of photos: immutable files beside the database ([`folder`]), named by their SHA-256.
//!
//! An original is looked at within limits ([`limits`], [`look`]), written, synced, made read-only and renamed into place
//! before any row of the store names it, and never written again. It is evidence: it keeps its metadata, of which
//! when and where are read as claims ([`claims`]). People look at copies ([`copies`]).

mod claims;
mod copies;
mod folder;
mod kind;
mod limits;
mod look;

use sha2::{Digest, Sha256};

use super::Error;
use super::files::{self, ReadOnly, is_older, names_in, remove, shelves};
use crate::domain::time::{SignedDuration, Timestamp};

pub use claims::Claims;
pub use copies::{CopySize, THUMB_SIDE, VIEW_SIDE};
pub use folder::Photos;
pub(crate) use folder::is_hash;
pub use kind::{PhotoError, PhotoKind};
pub use limits::{MAX_PHOTO_BYTES, MAX_PIXELS, MAX_SIDE};

/// Longest name of a file that is kept, characters: as of most file systems.
const MAX_NAME_CHARS: usize = 255;

/// A photo whose original is safe on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// SHA-256 of the original, hex.
    pub hash: String,
    /// What it is.
    pub kind: PhotoKind,
    /// Size of the original.
    pub bytes: i64,
    /// The name it came with; for people, never used as a path.
    pub file_name: Option<String>,
    /// What the camera says.
    pub claims: Claims,
}

impl Photo {
    fn of(hash: String, kind: PhotoKind, bytes: &[u8], file_name: Option<String>) -> Self {
        // A stranger's text of any length: as much of it as a name has.
        let plain = |name: String| name.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
        let file_name = file_name.map(plain);
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Self { hash, kind, bytes: size, file_name, claims: Claims::of(kind, bytes) }
    }
}

impl Photos {
    /// Looks at a picture, keeps its original and makes its copies; keeping it twice is keeping it once. Slow: it
    /// decodes.
    ///
    /// # Errors
    /// [`PhotoError`] when it is no picture that can be shown, too large, or cannot be written and synced.
    pub fn keep(&self, bytes: &[u8], file_name: Option<String>) -> Result<Photo, PhotoError> {
        if bytes.len() as u64 > MAX_PHOTO_BYTES {
            return Err(PhotoError::TooLarge(bytes.len() as u64));
        }
        let kind = PhotoKind::taken(bytes)?;
        let hash = hex::encode(Sha256::digest(bytes));
        let path = self.path_of(&hash);
        // An original that stands was looked at when it came, and its writer may not have come to making its name
        // safe. One that is damaged is written again: these bytes are the right ones.
        if self.read(&hash).is_ok() {
            files::sync_name(&path).map_err(|source| Error::File { path, source })?;
        } else {
            let picture = look::decode(kind, bytes)?;
            files::put_safely(&path, bytes, ReadOnly::Yes).map_err(|source| Error::File { path, source })?;
            self.keep_copies(&hash, picture)?;
        }
        Ok(Photo::of(hash, kind, bytes, file_name))
    }

    /// An original that was kept before.
    ///
    /// # Errors
    /// As [`Self::read`]; a name that is no hash is [`Error::Changed`].
    pub fn find(&self, hash: &str) -> Result<Photo, Error> {
        if !is_hash(hash) {
            return Err(Error::changed("photo", format!("{hash:?} is no SHA-256 in hex")));
        }
        let bytes = self.read(hash)?;
        let kind = PhotoKind::of(&bytes).ok_or_else(|| Error::changed("photo", "it is no picture"))?;
        Ok(Photo::of(hash.to_owned(), kind, &bytes, None))
    }

    /// Originals that were written longer ago.
    pub(crate) fn older_than(&self, age: SignedDuration, now: Timestamp) -> Result<Vec<String>, Error> {
        let mut old = Vec::new();
        for shelf in shelves(self.folder())? {
            let names = names_in(&shelf)?.into_iter().filter(|name| is_hash(name));
            old.extend(names.filter(|name| is_older(&shelf.join(name), age, now)));
        }
        Ok(old)
    }

    pub(crate) fn remove(&self, hash: &str) -> Result<(), Error> {
        for size in [CopySize::View, CopySize::Thumb] {
            if let Some(copy) = self.copy_path(hash, size) {
                remove(&copy)?;
            }
        }
        remove(&self.path_of(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png() -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(3, 2).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn an_original_comes_back_and_a_changed_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("firegrid.sqlite"));
        let photo = photos.keep(&png(), Some("../../etc/passwd".to_owned())).unwrap();
        assert_eq!(photos.keep(&png(), None).unwrap().hash, photo.hash, "keeping twice is keeping once");
        assert_eq!(photos.read(&photo.hash).unwrap(), png());
        let holds = |hash: &str| photos.holds(hash).unwrap();
        assert!(holds(&photo.hash) && !holds(&photo.hash.to_uppercase()) && !holds("../x"));
        let path = photos.path_of(&photo.hash);
        assert!(path.metadata().unwrap().permissions().readonly());
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(photos.read(&photo.hash), Err(Error::File { .. })));
        std::fs::write(&path, b"another picture").unwrap();
        assert!(matches!(photos.read(&photo.hash), Err(Error::Changed { .. })));
        assert_eq!(photos.keep(&png(), None).unwrap().hash, photo.hash, "the right bytes are written again");
        assert_eq!(photos.read(&photo.hash).unwrap(), png());
    }

    #[test]
    fn a_file_name_is_kept_as_far_as_it_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("firegrid.sqlite"));
        let name = |text: String| photos.keep(&png(), Some(text)).unwrap().file_name.unwrap();
        assert_eq!(name("现\u{1b}[2J场.png\n".to_owned()), "现[2J场.png");
        assert_eq!(name("长".repeat(100_000)).chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn what_was_refused_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("firegrid.sqlite"));
        for bytes in [&b"<svg onload=alert(1)>"[..], b"", b"\xFF\xD8\xFF\xE0 a picture by its first bytes"] {
            photos.keep(bytes, Some("a.jpg".to_owned())).unwrap_err();
        }
        assert!(!photos.folder().exists());
    }

    #[test]
    fn the_same_picture_may_come_twice_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let photos = Photos::beside(&folder.path().join("firegrid.sqlite"));
        std::thread::scope(|scope| {
            let kept: Vec<_> = (0..8).map(|_| scope.spawn(|| photos.keep(&png(), None).unwrap().hash)).collect();
            for hash in kept {
                assert_eq!(photos.read(&hash.join().unwrap()).unwrap(), png());
            }
        });
    }
}
