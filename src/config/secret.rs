//! A secret given as text or as a file; it prints as `***` and never reaches a log.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// A secret of the configuration: `key = "..."` or `key_file = "..."`, not both.
#[derive(Clone, Deserialize, Default)]
pub struct Secret {
    key: Option<SecretString>,
    key_file: Option<PathBuf>,
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither `key` nor `key_file`.
    #[error("no key: set `key_file` to a file that holds it (or `key` to the key itself)")]
    Missing,
    /// Both.
    #[error("`key` and `key_file` are both set: keep one, best `key_file`")]
    Both,
    /// The file cannot be read.
    #[error("cannot read the key file {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds nothing.
    #[error("the key file {0} is empty")]
    Empty(PathBuf),
}

impl Secret {
    /// A secret held in memory.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self { key: Some(SecretString::from(text)), key_file: None }
    }

    /// Reads the secret anew, so that a rotated file is used at the next poll.
    ///
    /// # Errors
    /// [`SecretError`] when there is none, there are two, or the file cannot be read.
    pub fn reveal(&self) -> Result<SecretString, SecretError> {
        match (&self.key, &self.key_file) {
            (Some(_), Some(_)) => Err(SecretError::Both),
            (None, None) => Err(SecretError::Missing),
            (Some(key), None) => Ok(SecretString::from(key.expose_secret())),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| SecretError::Unreadable { path: path.clone(), source })?;
                match text.trim() {
                    "" => Err(SecretError::Empty(path.clone())),
                    key => Ok(SecretString::from(key)),
                }
            }
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
