//! The lock of the one service that owns a database; other commands still work beside it.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::super::Error;
use super::super::holder::{UNNAMED, note_self, service_of};
use super::standing::beside;

/// How often, and after which pauses, a service tries again for a lock that a command may be
/// looking at: half a second in all, far longer than a look takes.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Held by the one service that owns a database; released by the system however it ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

/// Claims a database for a service.
///
/// # Errors
/// [`Error::InUse`] when another service holds it.
pub(super) fn claim(database: &Path) -> Result<RunLock, Error> {
    let path = beside(database, ".lock");
    let unusable = |source| Error::File { path: path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(unusable)?;
    // A command may just be asking whether a service runs: that takes no time.
    let mut tries_left = LOCK_TRIES;
    loop {
        match file.try_lock() {
            Ok(()) => {
                note_self(&file);
                return Ok(RunLock { _file: file });
            }
            Err(TryLockError::WouldBlock) if tries_left == 0 => {
                return Err(in_use(database));
            }
            Err(TryLockError::WouldBlock) => {
                tries_left -= 1;
                std::thread::sleep(LOCK_PAUSE);
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
    }
}

/// Whether a service runs on a database.
pub(super) fn is_served(database: &Path) -> bool {
    // Without the file no service ever ran; shared, so that two who ask do not see each other.
    File::open(beside(database, ".lock"))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// That a service runs on a database, and which.
pub(super) fn in_use(database: &Path) -> Error {
    let holder = service_of(&beside(database, ".lock")).unwrap_or_else(|| UNNAMED.to_owned());
    Error::InUse { path: database.to_owned(), holder }
}
