//! A body that waits on disk: whoever waits for a decoder or a reader of tables takes no memory meanwhile.
//!
//! It lies beside the unfinished uploads, belongs to one request and goes with it; what a kill leaves is swept as every
//! unfinished file is. It is not synced: nobody was told that it is here.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use super::Uploads;
use crate::media::Error;
use crate::media::files::UNFINISHED;
use crate::media::photos::{Photo, PhotoError, Photos};

/// A body on disk; removed when dropped.
#[derive(Debug)]
pub struct Spool {
    file: File,
    path: PathBuf,
    length: u64,
}

impl Uploads {
    /// An empty body.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be made.
    pub fn spool(&self) -> Result<Spool, Error> {
        let path = self.folder.join(format!("body{UNFINISHED}{:032x}", fastrand::u128(..)));
        let made = std::fs::create_dir_all(&self.folder)
            .and_then(|()| OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path));
        let file = made.map_err(|source| Error::File { path: path.clone(), source })?;
        Ok(Spool { file, path, length: 0 })
    }
}

impl Spool {
    /// Bytes that are here.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds what came.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(|source| Error::File { path: self.path.clone(), source })?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// All of it.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn read(&self) -> Result<Vec<u8>, Error> {
        std::fs::read(&self.path).map_err(|source| Error::File { path: self.path.clone(), source })
    }

    /// All of it, a piece at a time.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn pieces(&self, mut take: impl FnMut(&[u8])) -> Result<(), Error> {
        let failed = |source| Error::File { path: self.path.clone(), source };
        let mut file = BufReader::with_capacity(64 * 1024, File::open(&self.path).map_err(failed)?);
        loop {
            let piece = file.fill_buf().map_err(failed)?;
            let length = piece.len();
            if length == 0 {
                return Ok(());
            }
            take(piece);
            file.consume(length);
        }
    }

    /// Keeps it as a photo. Slow: it decodes.
    ///
    /// # Errors
    /// As [`Photos::keep`].
    pub fn keep(&self, photos: &Photos, file_name: Option<String>) -> Result<Photo, PhotoError> {
        photos.keep(&self.read()?, file_name)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed now is swept later.
        let _ = std::fs::remove_file(&self.path);
    }
}
