//! Where originals lie, and how one is read back and held against its name.

use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::limits::MAX_PHOTO_BYTES;
use crate::media::Error;

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

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is an original of this name; one that is no hash names none.
    ///
    /// # Errors
    /// [`Error::File`] when the disk does not say: an original that cannot be looked for just now is not gone.
    pub fn holds(&self, hash: &str) -> Result<bool, Error> {
        let path = self.path_of(hash);
        if is_hash(hash) { path.try_exists().map_err(|source| Error::File { path, source }) } else { Ok(false) }
    }

    /// Reads an original back and checks it against its name.
    ///
    /// # Errors
    /// [`Error::File`] when it is gone, [`Error::Changed`] when it was changed.
    pub fn read(&self, hash: &str) -> Result<Vec<u8>, Error> {
        let path = self.path_of(hash);
        let mut bytes = Vec::new();
        std::fs::File::open(&path)
            .and_then(|file| file.take(MAX_PHOTO_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|source| Error::File { path: path.clone(), source })?;
        if hex::encode(Sha256::digest(&bytes)) == hash {
            Ok(bytes)
        } else {
            Err(Error::changed("photo", format!("{} does not match its name", path.display())))
        }
    }

    pub(crate) fn path_of(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("__")).join(hash)
    }
}

/// Whether a text is a SHA-256 in lower-case hex.
pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
