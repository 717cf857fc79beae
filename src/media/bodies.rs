//! Raw bodies, compressed and named by their hash, beside the database file.
//!
//! A body is on disk, synced and renamed into place, before any row names it, so that a
//! decision can always be replayed from what was really received. The store removes what no row names any more.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::Error;
use super::files::{self, ReadOnly, UNFINISHED, is_older, names_in, shelves};
use crate::domain::time::{SignedDuration, Timestamp};

/// A file without a row is no leftover before this: a body is kept a moment before its row is written, and a slow
/// disk makes the moment long.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_hours(24);

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
    /// A file that stands under the name is read before it is trusted, and written again where it is damaged: these
    /// bytes are the right ones. Feeds with the same body may be kept at the same moment.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be written and synced.
    pub fn keep(&self, body: &[u8]) -> Result<String, Error> {
        let hash = hex::encode(Sha256::digest(body));
        let path = self.path_of(&hash);
        let failed = |source| Error::File { path: path.clone(), source };
        match self.read(&hash) {
            // Whoever wrote it may not have come to making its name safe.
            Ok(_whole) => files::sync_name(&path).map_err(failed)?,
            Err(unusable) => {
                if path.exists() {
                    tracing::warn!(path = %path.display(), "a raw body is damaged and is written again: {unusable}");
                }
                let packed = pack(body).map_err(failed)?;
                files::put_safely(&path, &packed, ReadOnly::No).map_err(failed)?;
            }
        }
        Ok(hash)
    }

    /// Reads a kept body back.
    ///
    /// # Errors
    /// [`Error::File`] when it is gone or damaged, [`Error::Changed`] when its hash is another.
    pub fn read(&self, hash: &str) -> Result<Vec<u8>, Error> {
        let path = self.path_of(hash);
        let failed = |source| Error::File { path: path.clone(), source };
        let file = std::fs::File::open(&path).map_err(failed)?;
        let mut body = Vec::new();
        GzDecoder::new(file).read_to_end(&mut body).map_err(failed)?;
        if hex::encode(Sha256::digest(&body)) == hash {
            Ok(body)
        } else {
            Err(Error::changed("body", format!("{} does not match its name", path.display())))
        }
    }

    /// Asserts that a body stands, in the transaction of the row that is to name it: housekeeping removes bodies
    /// only inside a transaction too, so that no row ever names one that is gone.
    ///
    /// # Errors
    /// [`Error::File`] when it does not.
    pub(crate) fn must_hold(&self, hash: &str) -> Result<(), Error> {
        let path = self.path_of(hash);
        path.metadata().map(|_stands| ()).map_err(|source| Error::File { path, source })
    }

    pub(crate) fn path_of(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("__")).join(format!("{hash}.gz"))
    }

    /// Removes what is unfinished and old; returns how many, and the hashes of whole files that are old.
    pub(crate) fn remove_unfinished(&self, now: Timestamp) -> Result<(u64, Vec<String>), Error> {
        let (mut removed, mut old) = (0, Vec::new());
        for path in self.old_files(now)? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.contains(UNFINISHED) {
                files::remove(&path)?;
                removed += 1;
            } else if let Some(hash) = name.strip_suffix(".gz") {
                old.push(hash.to_owned());
            }
        }
        Ok((removed, old))
    }

    fn old_files(&self, now: Timestamp) -> Result<Vec<PathBuf>, Error> {
        let mut old = Vec::new();
        for shelf in shelves(&self.folder)? {
            let paths = names_in(&shelf)?.into_iter().map(|name| shelf.join(name));
            old.extend(paths.filter(|path| is_older(path, LEFT_BEHIND, now)));
        }
        Ok(old)
    }
}

fn pack(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(folder: &tempfile::TempDir) -> Bodies {
        Bodies::beside(&folder.path().join("firegrid.sqlite"))
    }

    #[test]
    fn a_body_comes_back_and_a_damaged_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = bodies(&folder);
        let hash = bodies.keep(b"latitude,longitude\n").unwrap();
        assert_eq!(bodies.read(&hash).unwrap(), b"latitude,longitude\n");
        assert_eq!(bodies.keep(b"latitude,longitude\n").unwrap(), hash, "keeping twice is keeping once");
        let other = bodies.keep(b"something else").unwrap();
        std::fs::copy(bodies.path_of(&other), bodies.path_of(&hash)).unwrap();
        assert!(matches!(bodies.read(&hash), Err(Error::Changed { .. })));
    }

    #[test]
    fn a_damaged_file_under_the_name_is_not_trusted_but_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = bodies(&folder);
        let hash = bodies.keep(b"latitude,longitude\n").unwrap();
        let path = bodies.path_of(&hash);
        let packed = std::fs::read(&path).unwrap();
        let flipped = packed.iter().map(|byte| byte ^ 1).collect();
        for damaged in [Vec::new(), packed[..packed.len() / 2].to_vec(), flipped, b"a page".to_vec()] {
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(bodies.keep(b"latitude,longitude\n").unwrap(), hash);
            assert_eq!(bodies.read(&hash).unwrap(), b"latitude,longitude\n");
        }
    }

    #[test]
    fn the_same_body_may_be_kept_by_many_at_once() {
        // A header alone, as three feeds answer on a quiet day, and a body that takes a while to write.
        let large: Vec<u8> = (0..2_000_000_u32).flat_map(u32::to_le_bytes).collect();
        for body in [&b"latitude,longitude\n"[..], &large] {
            for _ in 0..10 {
                let folder = tempfile::tempdir().unwrap();
                let bodies = bodies(&folder);
                let kept = std::thread::scope(|scope| {
                    let keepers: Vec<_> = (0..6).map(|_| scope.spawn(|| bodies.keep(body))).collect();
                    keepers.into_iter().map(|keeper| keeper.join().unwrap().unwrap()).collect::<Vec<_>>()
                });
                assert!(kept.windows(2).all(|two| two[0] == two[1]));
                assert_eq!(bodies.read(&kept[0]).unwrap(), body);
                let shelf = bodies.folder.join(&kept[0][..2]);
                assert_eq!(files::names_in(&shelf).unwrap(), [format!("{}.gz", kept[0])], "nothing unfinished");
            }
        }
    }
}
