//! Writes whole files: a name never stands for half a file.
//!
//! Whatever is written beside the database is written here, each under a name of its own first, so that two writers
//! of one file never meet: not in one process, and not from two that share a folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Error;
use crate::domain::time::{SignedDuration, Timestamp};

/// In the name of every file that is not finished; the sweepers know them by it.
pub(crate) const UNFINISHED: &str = ".part";

/// Writes a file so that it survives a power cut: file, name, and the folders on the way. Nothing is left of one that
/// could not be written: on a full disk it would take the room that is missing.
pub(crate) fn put_safely(path: &Path, bytes: &[u8], read_only: ReadOnly) -> std::io::Result<()> {
    std::fs::create_dir_all(folder_of(path))?;
    let unfinished = unfinished(path);
    let written = write_synced(&unfinished, bytes, read_only).and_then(|()| std::fs::rename(&unfinished, path));
    discard_unless(&unfinished, written)?;
    sync_name(path)
}

/// As [`put_safely`], for what only the owner of the file may read; it never stands there readable to others.
pub(crate) fn put_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::create_dir_all(folder_of(path))?;
    let unfinished = unfinished(path);
    let write = || {
        let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)
    };
    discard_unless(&unfinished, write())?;
    sync_folder(folder_of(path))
}

/// Whether a file may be written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadOnly {
    /// Never.
    Yes,
    /// It is replaced now and then.
    No,
}

/// Writes a file that can be made again: whole or not at all while the machine runs, unsynced.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder_of(path))?;
    let unfinished = unfinished(path);
    let written = std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, path));
    discard_unless(&unfinished, written)
}

/// Makes the name of a file that stands safe, whoever wrote it: the shelf, the folder of its kind and that of the
/// database, of which the first file makes two.
pub(crate) fn sync_name(path: &Path) -> std::io::Result<()> {
    let mut folders = path.ancestors().skip(1).take(3).filter(|folder| !folder.as_os_str().is_empty());
    folders.try_for_each(sync_folder)
}

/// Makes the names in a folder safe.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Removes a file; one that is gone already is no fault.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::File { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// The folders `00` to `ff` in a folder.
pub(crate) fn shelves(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let names = names_in(folder)?.into_iter().filter(|name| name.len() == 2);
    Ok(names.map(|name| folder.join(name)).filter(|path| path.is_dir()).collect())
}

/// The names in a folder; none where there is no folder yet.
pub(crate) fn names_in(folder: &Path) -> Result<Vec<String>, Error> {
    let failed = |source| Error::File { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        // Names that are no text are none of ours.
        names.extend(entry.map_err(failed)?.file_name().into_string().ok());
    }
    Ok(names)
}

/// Last changed longer ago than `age`. One that cannot be asked is looked at the next time.
pub(crate) fn is_older(path: &Path, age: SignedDuration, now: Timestamp) -> bool {
    let changed = path.metadata().and_then(|data| data.modified()).ok();
    let changed = changed.and_then(|at| Timestamp::try_from(at).ok());
    changed.is_some_and(|at| now.duration_since(at) > age)
}

fn write_synced(path: &Path, bytes: &[u8], read_only: ReadOnly) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    file.write_all(bytes)?;
    if read_only == ReadOnly::Yes {
        let mut permissions = file.metadata()?.permissions();
        permissions.set_readonly(true);
        file.set_permissions(permissions)?;
    }
    file.sync_all()
}

fn discard_unless(unfinished: &Path, written: std::io::Result<()>) -> std::io::Result<()> {
    if written.is_err() {
        // What cannot be removed now is swept later; the first error says more.
        let _ = std::fs::remove_file(unfinished);
    }
    written
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name beside the final one that nobody else writes. The process id alone would not do: two calls of one process
/// write at once, and every container has a process 1.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!("{UNFINISHED}{}-{:016x}", std::process::id(), fastrand::u64(..)));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).unwrap();
        // A file cannot take the name of a folder.
        put_safely(&taken, b"x", ReadOnly::No).unwrap_err();
        put(&taken, b"x").unwrap_err();
        assert_eq!(names_in(folder.path()).unwrap(), ["taken"]);
    }

    #[test]
    fn no_two_unfinished_files_have_one_name() {
        let path = Path::new("a/b");
        let names: std::collections::BTreeSet<_> = (0..1000).map(|_| unfinished(path)).collect();
        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|name| name.to_string_lossy().starts_with("a/b.part")));
    }
}
