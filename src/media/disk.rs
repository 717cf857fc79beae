//! How much room a disk has.

use std::path::Path;

use super::Error;

/// Bytes that are free for this user on the disk of a file or folder that stands.
///
/// # Errors
/// [`Error::File`] when the system does not say.
pub fn free_bytes(path: &Path) -> Result<u64, Error> {
    let disk =
        rustix::fs::statvfs(path).map_err(|source| Error::File { path: path.to_owned(), source: source.into() })?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
