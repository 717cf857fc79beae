//! What firegrid writes is read by its own user alone.
//!
//! What the process makes is closed to others from the start, whoever makes it: the database library, a copy, a list that
//! a command writes. What an earlier version left open is closed when the database is opened.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::Mode;
use rustix::process::umask;

/// What group and others may do.
const OTHERS: u32 = 0o077;

/// The files of a database, by what is added to its name.
const FILES: [&str; 6] = ["", "-wal", "-shm", ".installation", ".tip", ".lock"];

/// The folders beside it.
const FOLDERS: [&str; 3] = ["photos", "bodies", "uploads"];

/// Keeps from others whatever the process makes from now on.
pub fn keep_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// Closes the files of a database and the folders beside it. Its own folder may be one that others share.
pub(super) fn close_to_others(database: &Path) {
    let named = |ending: &str| {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let beside = database.parent().unwrap_or_else(|| Path::new(""));
    let all = FILES.map(named).into_iter().chain(FOLDERS.map(|folder| beside.join(folder)));
    all.for_each(|path| close(&path));
}

fn close(path: &Path) {
    // What is not there needs nothing.
    let Ok(found) = std::fs::symlink_metadata(path) else { return };
    let mut permissions = found.permissions();
    if found.is_symlink() || permissions.mode() & OTHERS == 0 {
        return;
    }
    permissions.set_mode(permissions.mode() & !OTHERS);
    if let Err(error) = std::fs::set_permissions(path, permissions) {
        tracing::warn!("{} can be read by others, and that cannot be changed: {error}", path.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_left_open_is_closed_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let set =
            |name: &str, mode: u32| std::fs::set_permissions(path(name), PermissionsExt::from_mode(mode)).unwrap();
        for name in ["a.sqlite", "a.sqlite-wal", "a.sqlite.tip", "other.txt"] {
            std::fs::write(path(name), "").unwrap();
            set(name, 0o644);
        }
        std::fs::create_dir(path("photos")).unwrap();
        set("photos", 0o755);
        close_to_others(&path("a.sqlite"));
        let mode = |name: &str| std::fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(["a.sqlite", "a.sqlite-wal", "a.sqlite.tip", "photos"].map(mode), [0o600, 0o600, 0o600, 0o700]);
        assert_eq!(mode("other.txt"), 0o644);
    }
}
