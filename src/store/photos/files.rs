//! Writes whole files: a name never stands for half a file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// In the name of every file that is not finished; the sweeper knows them by it.
pub(in crate::store) const UNFINISHED: &str = ".part";

/// Writes a file so that it survives a power cut: file, name, and the folders on the way.
pub(in crate::store) fn put_safely(path: &Path, bytes: &[u8], read_only: ReadOnly) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let unfinished = unfinished(path);
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    if read_only == ReadOnly::Yes {
        let mut permissions = file.metadata()?.permissions();
        permissions.set_readonly(true);
        file.set_permissions(permissions)?;
    }
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    // The shelf, the folder of photos and that of the database: the first photo makes two of them.
    let mut folders = path.ancestors().skip(1).take(3).filter(|folder| !folder.as_os_str().is_empty());
    folders.try_for_each(sync_folder)
}

/// Whether a file may be written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum ReadOnly {
    /// Never.
    Yes,
    /// It is replaced now and then.
    No,
}

/// Writes a file that can be made again: whole or not at all while the machine runs, unsynced.
pub(super) fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    let unfinished = unfinished(path);
    std::fs::write(&unfinished, bytes)?;
    std::fs::rename(&unfinished, path)
}

/// Makes the names in a folder safe.
pub(in crate::store) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// A name beside the final one that no other thread or process writes.
fn unfinished(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!("{UNFINISHED}{}-{count}", std::process::id()));
    path.with_file_name(name)
}
