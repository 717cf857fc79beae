//! Tells a disk that takes nothing more from every other failure, so that people are told what helps: room, not
//! another try.

use rusqlite::{ErrorCode, ffi};

use super::Error;
use crate::media;

impl Error {
    /// Whether the disk did not take what was to be written: full, over a quota, or read-only by now. Nothing of the
    /// write stands then.
    #[must_use]
    pub fn is_disk_refusal(&self) -> bool {
        match self {
            Self::File { source, .. } => media::is_disk_refusal(source),
            Self::Media(error) => error.is_disk_refusal(),
            Self::Sql(rusqlite::Error::SqliteFailure(failure, _)) => is_refusal(*failure),
            _ => false,
        }
    }
}

/// `SQLite` says "full" for ENOSPC alone: a quota, a limit on file sizes and a dying disk are failures of the call that
/// wrote (<https://www.sqlite.org/rescode.html>, read November 2026).
fn is_refusal(failure: ffi::Error) -> bool {
    match failure.code {
        ErrorCode::DiskFull | ErrorCode::ReadOnly => true,
        ErrorCode::SystemIoFailure => matches!(
            failure.extended_code,
            ffi::SQLITE_IOERR_WRITE
                | ffi::SQLITE_IOERR_FSYNC
                | ffi::SQLITE_IOERR_DIR_FSYNC
                | ffi::SQLITE_IOERR_TRUNCATE
                | ffi::SQLITE_IOERR_SHMSIZE
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn a_disk_that_takes_nothing_is_told_from_a_busy_and_a_damaged_database() {
        let file = |kind: ErrorKind| Error::File { path: "data/x".into(), source: kind.into() };
        let sql = |code| Error::Sql(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        let refusals = [
            file(ErrorKind::StorageFull),
            file(ErrorKind::QuotaExceeded),
            file(ErrorKind::ReadOnlyFilesystem),
            sql(ffi::SQLITE_FULL),
            sql(ffi::SQLITE_READONLY),
            sql(ffi::SQLITE_IOERR_WRITE),
            sql(ffi::SQLITE_IOERR_SHMSIZE),
        ];
        assert!(refusals.iter().all(Error::is_disk_refusal));
        let others = [
            file(ErrorKind::NotFound),
            file(ErrorKind::PermissionDenied),
            sql(ffi::SQLITE_BUSY),
            sql(ffi::SQLITE_CORRUPT),
            sql(ffi::SQLITE_IOERR_READ),
            Error::Closed,
        ];
        assert!(!others.iter().any(Error::is_disk_refusal));
        let real = Error::File { path: "x".into(), source: std::io::Error::from_raw_os_error(28) };
        assert!(real.is_disk_refusal(), "ENOSPC");
    }
}
