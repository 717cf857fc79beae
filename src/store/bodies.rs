//! Raw bodies, compressed and named by their hash, beside the database file.
//!
//! A body is on disk, synced and renamed into place, before any row names it, so that a
//! decision can always be replayed from what was really received.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::Error;

/// The folder of kept bodies.
#[derive(Debug, Clone)]
pub struct Bodies {
    folder: PathBuf,
}

impl Bodies {
    /// The bodies that belong to a database file: `bodies/` beside it.
    #[must_use]
    pub fn beside(database: &Path) -> Self {
        Self { folder: database.parent().unwrap_or_else(|| Path::new(".")).join("bodies") }
    }

    /// Keeps a body and returns its name, the SHA-256 of the uncompressed bytes in hex.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be written and synced.
    pub fn keep(&self, body: &[u8]) -> Result<String, Error> {
        let hash = hex::encode(Sha256::digest(body));
        let path = self.path_of(&hash);
        if path.exists() {
            return Ok(hash);
        }
        let failed = |source| Error::File { path: path.clone(), source };
        let folder = path.parent().unwrap_or(&self.folder);
        std::fs::create_dir_all(folder).map_err(failed)?;
        // The process id keeps two commands that receive the same body out of each other's file.
        let unfinished = path.with_extension(format!("part{}", std::process::id()));
        let file = std::fs::File::create(&unfinished).map_err(failed)?;
        let mut encoder = GzEncoder::new(file, Compression::default());
        encoder.write_all(body).map_err(failed)?;
        encoder.finish().and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&unfinished, &path).map_err(failed)?;
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(hash)
    }

    /// Reads a kept body back.
    ///
    /// # Errors
    /// [`Error::File`] when it is gone or damaged, [`Error::Unreadable`] when its hash is another.
    pub fn read(&self, hash: &str) -> Result<Vec<u8>, Error> {
        let path = self.path_of(hash);
        let failed = |source| Error::File { path: path.clone(), source };
        let file = std::fs::File::open(&path).map_err(failed)?;
        let mut body = Vec::new();
        GzDecoder::new(file).read_to_end(&mut body).map_err(failed)?;
        if hex::encode(Sha256::digest(&body)) == hash {
            Ok(body)
        } else {
            Err(Error::unreadable("body", format!("{} does not match its name", path.display())))
        }
    }

    /// Removes a body that is no longer needed; one that is gone already is no fault.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be removed.
    pub fn remove(&self, hash: &str) -> Result<(), Error> {
        let path = self.path_of(hash);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Error::File { path, source }),
            _ => Ok(()),
        }
    }

    pub(super) fn path_of(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("__")).join(format!("{hash}.gz"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_and_a_damaged_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::beside(&folder.path().join("firegrid.sqlite"));
        let hash = bodies.keep(b"latitude,longitude\n").unwrap();
        assert_eq!(bodies.read(&hash).unwrap(), b"latitude,longitude\n");
        assert_eq!(bodies.keep(b"latitude,longitude\n").unwrap(), hash, "keeping twice is keeping once");
        let other = bodies.keep(b"something else").unwrap();
        std::fs::copy(bodies.path_of(&other), bodies.path_of(&hash)).unwrap();
        assert!(matches!(bodies.read(&hash), Err(Error::Unreadable { .. })));
        bodies.remove(&hash).unwrap();
        bodies.remove(&hash).unwrap();
        assert!(bodies.read(&hash).is_err());
    }
}
