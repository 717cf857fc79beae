//! What can go wrong with a file.

use std::io::ErrorKind;
use std::path::PathBuf;

/// A failure of a file beside the database, with what it failed on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or its folder cannot be used.
    #[error("cannot use the file {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What stands there is not what was kept.
    #[error("the stored {what} cannot be read: {problem}; the file may be damaged or written by a newer firegrid")]
    Changed {
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl Error {
    pub(super) fn changed(what: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::Changed { what, problem: problem.to_string() }
    }

    /// Whether a file is gone or not what its name says, so that sending it again makes it good; not where the disk
    /// would not let it be read just now.
    #[must_use]
    pub fn is_lost_file(&self) -> bool {
        match self {
            Self::File { source, .. } => source.kind() == std::io::ErrorKind::NotFound,
            Self::Changed { .. } => true,
        }
    }

    /// Whether the disk did not take what was to be written. Nothing of the write stands then.
    #[must_use]
    pub fn is_disk_refusal(&self) -> bool {
        matches!(self, Self::File { source, .. } if is_disk_refusal(source))
    }
}

/// Whether a disk took nothing: full, over a quota, or read-only by now.
pub(crate) fn is_disk_refusal(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge | ErrorKind::ReadOnlyFilesystem
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_read_just_now_is_not_taken_for_lost() {
        let file = |kind: std::io::ErrorKind| Error::File { path: "photos/x".into(), source: kind.into() };
        assert!(file(std::io::ErrorKind::NotFound).is_lost_file());
        assert!(Error::changed("photo", "it does not match its name").is_lost_file());
        let of_the_moment =
            [std::io::ErrorKind::PermissionDenied, std::io::ErrorKind::StorageFull, std::io::ErrorKind::Other];
        assert!(of_the_moment.into_iter().all(|kind| !file(kind).is_lost_file()));
    }
}
