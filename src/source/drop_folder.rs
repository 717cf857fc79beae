//! The drop folder: finds files that are ready, reads them safely, puts them away afterwards.
//!
//! Called by [`crate::source`] for a `drop_folder` source. A file is read only when it is a regular file (no symbolic
//! link, pipe or folder, whatever its name) and has settled. It is put away by [`DroppedFile::put_away`]
//! *after* the poll's transaction is committed; a crash in between reads it again, which changes nothing.
//! The content hash is a file's identity: the same name with new content is a new file.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::safe_text::shown;

/// A file that was not written to for so long has settled.
///
/// Shorter and a copy over a slow line is read half; longer and people wait for nothing.
pub const SETTLE: Duration = Duration::from_secs(30);
/// Most files read in one poll, so that a folder of a million files neither fills the memory nor blocks
/// the other feeds; the next poll goes on.
pub const FILES_PER_POLL: usize = 32;
/// Largest file, packed or not.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// Names of ignored entries that are remembered, so that each is reported once.
const REMEMBERED: usize = 1_000;

/// Endings of files that programs are still writing.
const UNFINISHED: [&str; 6] = ["part", "partial", "tmp", "crdownload", "filepart", "swp"];

/// Why a folder or a file in it cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {path}")]
pub struct FolderError {
    /// What was tried.
    pub action: &'static str,
    /// On what.
    pub path: PathBuf,
    /// Why not.
    #[source]
    pub source: io::Error,
}

/// An entry that is left where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Its name, escaped.
    pub name: String,
    /// Why.
    pub why: &'static str,
}

/// What a look into the folder found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Files to read now, by name, at most [`FILES_PER_POLL`].
    pub ready: Vec<PathBuf>,
    /// Whether more files are ready than that.
    pub more: bool,
    /// Files that are still being written.
    pub waiting: usize,
    /// Entries ignored for the first time.
    pub ignored: Vec<Ignored>,
}

/// Looks into a folder again and again, and remembers what it saw.
#[derive(Debug, Default)]
pub struct Scanner {
    /// Files not settled at the last look: size and time of change.
    young: BTreeMap<OsString, (u64, SystemTime)>,
    reported: BTreeSet<OsString>,
    /// Files that could not be read or moved, as they were then, and until when they are passed over.
    aside: BTreeMap<OsString, (Stamp, Option<SystemTime>)>,
}

impl Scanner {
    /// Passes a file over until it changes (its permissions included).
    pub fn set_aside(&mut self, path: &Path) {
        self.pass_over(path, None);
    }

    /// Passes a file over until it changes or a moment has come.
    pub fn set_aside_until(&mut self, path: &Path, until: SystemTime) {
        self.pass_over(path, Some(until));
    }

    fn pass_over(&mut self, path: &Path, until: Option<SystemTime>) {
        if let (Some(name), Ok(metadata)) = (path.file_name(), fs::symlink_metadata(path))
            && self.aside.len() < REMEMBERED
        {
            self.aside.insert(name.to_owned(), (Stamp::of(&metadata), until));
        }
    }

    /// Looks into the folder.
    ///
    /// A file has settled when it is older than [`SETTLE`] or has not changed since the last look. Hidden files and
    /// names that mark unfinished copies are passed over silently.
    ///
    /// # Errors
    /// [`FolderError`] when the folder cannot be listed.
    pub fn scan(&mut self, folder: &Path, now: SystemTime) -> Result<Scan, FolderError> {
        let fails = |source| FolderError { action: "list the drop folder", path: folder.to_owned(), source };
        let mut scan = Scan::default();
        let mut ready: BTreeSet<OsString> = BTreeSet::new();
        let before = std::mem::take(&mut self.young);
        for entry in fs::read_dir(folder).map_err(fails)? {
            let entry = entry.map_err(fails)?;
            let name = entry.file_name();
            // `DirEntry::metadata` does not follow symbolic links. A file gone since is no fault.
            let Ok(metadata) = entry.metadata() else { continue };
            if is_unfinished(&name) || is_own_folder(&name, &metadata) {
                continue;
            }
            if let Some(why) = not_regular(&metadata) {
                if self.reported.len() < REMEMBERED && self.reported.insert(name.clone()) {
                    scan.ignored.push(Ignored { name: shown(&name.to_string_lossy(), 100), why });
                }
                continue;
            }
            if let Some((stamp, until)) = self.aside.get(&name)
                && *stamp == Stamp::of(&metadata)
                && until.is_none_or(|until| now < until)
            {
                continue;
            }
            let changed = metadata.modified().map_err(fails)?;
            let seen = (metadata.len(), changed);
            let is_old = now.duration_since(changed).is_ok_and(|age| age >= SETTLE);
            if is_old || before.get(&name) == Some(&seen) {
                ready.insert(name.clone());
                if ready.len() > FILES_PER_POLL {
                    ready.pop_last();
                    scan.more = true;
                }
            }
            if !is_old {
                scan.waiting += 1;
                if self.young.len() < REMEMBERED {
                    self.young.insert(name, seen);
                }
            }
        }
        scan.waiting = scan.waiting.saturating_sub(ready.iter().filter(|name| self.young.contains_key(*name)).count());
        scan.ready = ready.into_iter().map(|name| folder.join(name)).collect();
        Ok(scan)
    }
}

fn is_unfinished(name: &OsString) -> bool {
    let text = name.to_string_lossy().to_ascii_lowercase();
    text.starts_with(['.', '~']) || text.rsplit_once('.').is_some_and(|(_, ending)| UNFINISHED.contains(&ending))
}

fn is_own_folder(name: &OsString, metadata: &Metadata) -> bool {
    metadata.is_dir() && (name == "done" || name == "bad")
}

fn not_regular(metadata: &Metadata) -> Option<&'static str> {
    if metadata.is_symlink() {
        Some("a symbolic link; put the file itself here")
    } else if metadata.is_dir() {
        Some("a folder; put files here")
    } else if metadata.is_file() {
        None
    } else {
        Some("not a regular file")
    }
}

/// A file that was read from the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedFile {
    /// Its name, escaped for people.
    pub name: String,
    /// SHA-256 of its bytes as they lie there, lower-case hex: its identity.
    pub sha256: String,
    path: PathBuf,
    stamp: Stamp,
}

/// What tells that a path still holds the same file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    content_changed: (i64, i64),
    status_changed: (i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            content_changed: (metadata.mtime(), metadata.mtime_nsec()),
            status_changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl DroppedFile {
    /// Where it lay when it was read.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a file whole; `None` when it is no longer the regular, unchanging file it was.
    ///
    /// The bytes are cut at one over `limit`, so that the caller sees that there is more.
    ///
    /// # Errors
    /// [`FolderError`] when it cannot be read.
    pub fn read(path: &Path, limit: usize) -> Result<Option<(Self, Vec<u8>)>, FolderError> {
        let fails = |source| FolderError { action: "read the dropped file", path: path.to_owned(), source };
        let before = fs::symlink_metadata(path).map_err(fails)?;
        if !before.is_file() {
            return Ok(None);
        }
        let file = File::open(path).map_err(fails)?;
        // The opened file must be the one that was looked at: not a link put in its place meanwhile.
        if Stamp::of(&file.metadata().map_err(fails)?) != Stamp::of(&before) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        (&file).take(one_more).read_to_end(&mut bytes).map_err(fails)?;
        if Stamp::of(&file.metadata().map_err(fails)?) != Stamp::of(&before) {
            return Ok(None);
        }
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let name = shown(&path.file_name().unwrap_or_default().to_string_lossy(), 200);
        Ok(Some((Self { name, sha256, path: path.to_owned(), stamp: Stamp::of(&before) }, bytes)))
    }

    /// Moves the file to `done/` or, with a note of why beside it, to `bad/`; returns where it now lies.
    ///
    /// To be called after the poll's transaction is committed. A file that has changed since it was read stays where it
    /// is (`None`) and is read again. The new name begins with the content hash, so nothing is overwritten but
    /// the same content.
    ///
    /// # Errors
    /// [`FolderError`] when it cannot be moved.
    pub fn put_away(&self, why_bad: Option<&str>) -> Result<Option<PathBuf>, FolderError> {
        let fails = |action, path: &Path| {
            let path = path.to_owned();
            move |source| FolderError { action, path, source }
        };
        match fs::symlink_metadata(&self.path) {
            Ok(now) if Stamp::of(&now) == self.stamp => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fails("look at", &self.path)(error)),
        }
        let (Some(folder), Some(name)) = (self.path.parent(), self.path.file_name()) else { return Ok(None) };
        let target_folder = folder.join(if why_bad.is_some() { "bad" } else { "done" });
        fs::create_dir_all(&target_folder).map_err(fails("make the folder", &target_folder))?;
        let mut new_name = OsString::from(self.sha256.get(..12).unwrap_or_default());
        new_name.push("_");
        new_name.push(name);
        let target = target_folder.join(&new_name);
        if let Some(why) = why_bad {
            new_name.push(".reason.txt");
            let note = target_folder.join(&new_name);
            fs::write(&note, why).map_err(fails("write", &note))?;
        }
        fs::rename(&self.path, &target).map_err(fails("move the file to", &target))?;
        Ok(Some(target))
    }
}
