//! Who holds the database: said when somebody has to wait for it.
//!
//! The one service of a database writes itself into the lock file ([`note_self`], [`service_of`]); whoever holds SQLite's
//! own locks, be it a command of firegrid or another program, is named by the system's list of file locks
//! ([`holders_of`]). Nothing is decided by either.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The system's list of file locks; Linux alone has it.
const LOCKS: &str = "/proc/locks";

/// What is said where neither a lock file nor the system names the holder of a lock.
pub(super) const UNNAMED: &str = "a process that cannot be named";

/// Longest text that is read of a lock file or a command line.
const LONGEST: u64 = 300;

/// Writes this process into a lock file that it holds. The lock counts, the text is for people: what cannot be written
/// is left out.
pub(super) fn note_self(mut file: &File) {
    let text = format!("process {}: {}\n", std::process::id(), command_of(std::process::id()).unwrap_or_default());
    let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes()));
    if let Err(error) = written {
        tracing::debug!("the lock file does not say who holds it: {error}");
    }
}

/// The service that a lock file names.
pub(super) fn service_of(lock: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(lock).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Who else holds a lock on a database or on the files beside it, as `process 12: sqlite3 data/firegrid.sqlite`;
/// `None` where the system does not say.
pub(super) fn holders_of(database: &Path) -> Option<String> {
    let beside = |ending: &str| {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        std::fs::metadata(name).ok().map(|meta| meta.ino())
    };
    let files: Vec<u64> = ["", "-shm", "-wal", "-journal"].into_iter().filter_map(beside).collect();
    let locks = std::fs::read_to_string(LOCKS).ok()?;
    let mut processes: Vec<u32> = locks.lines().filter_map(|line| holder_in(line, &files)).collect();
    processes.sort_unstable();
    processes.dedup();
    processes.retain(|process| *process != std::process::id());
    let named = |process: &u32| format!("process {process}: {}", command_of(*process).unwrap_or_default());
    let named: Vec<String> = processes.iter().map(named).collect();
    (!named.is_empty()).then(|| named.join("; "))
}

/// The process of a line such as `1: POSIX  ADVISORY  WRITE 4711 fe:00:12345 120 120` that holds a lock on one of some
/// files to write; who only reads keeps nobody waiting.
fn holder_in(line: &str, files: &[u64]) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, _, _, "WRITE", process, file, ..] = words.as_slice() else { return None };
    let inode: u64 = file.rsplit(':').next()?.parse().ok()?;
    if files.contains(&inode) { process.parse().ok() } else { None }
}

/// The command line of a process, without what its environment holds.
fn command_of(process: u32) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(format!("/proc/{process}/cmdline")).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    let words: Vec<_> = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy).collect();
    Some(words.join(" ").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_systems_list_names_who_writes() {
        let line = "3: POSIX  ADVISORY  WRITE 4711 fe:00:12345 120 120";
        assert_eq!(holder_in(line, &[12_345]), Some(4711));
        assert_eq!(holder_in(line, &[99]), None);
        assert_eq!(holder_in("3: POSIX  ADVISORY  READ  4711 fe:00:12345 123 123", &[12_345]), None, "a reader");
        assert_eq!(holder_in("3: -> POSIX ADVISORY WRITE 4711 fe:00:12345 120 120", &[12_345]), None, "one who waits");
        assert_eq!(holder_in("", &[12_345]), None);
    }

    #[test]
    fn a_lock_file_says_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("firegrid.sqlite.lock");
        assert_eq!(service_of(&path), None);
        std::fs::write(&path, "process 1: something longer that was there before and is gone\n").unwrap();
        note_self(&File::options().write(true).open(&path).unwrap());
        let told = service_of(&path).unwrap();
        assert!(told.starts_with(&format!("process {}: ", std::process::id())), "{told}");
        assert!(!told.contains("gone"), "{told}");
    }
}
