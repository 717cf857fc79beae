//! A secret given as text or as a file; it prints as `***` and never reaches a log.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

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

    /// Whether the configuration file itself holds it.
    #[must_use]
    pub fn is_inline(&self) -> bool {
        self.key.is_some()
    }

    /// Why its file keeps nothing secret; `None` when it does, or when there is none.
    #[must_use]
    pub fn exposure(&self) -> Option<String> {
        self.key_file.as_deref().and_then(exposure)
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

/// Why a file keeps nothing secret; `None` when it does. The group may read it: that is how a service is given a key.
#[must_use]
pub fn exposure(file: &Path) -> Option<String> {
    // One that cannot be looked at is told of when it is read.
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    let path = file.display();
    (mode & 0o007 != 0).then(|| {
        format!(
            "{path} holds a secret and is open to everybody on this machine (mode {:03o}): chmod 600 {path}",
            mode & 0o777
        )
    })
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
