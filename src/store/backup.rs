//! A copy of everything, made while the service runs: the database as it is at one moment, and the photos and bodies
//! that its rows name.
//!
//! Those files never change and are named by their hash, so copying them after the database is consistent with it.
//! The copy is written beside its place, synced, proven (pages, rows, chain, hashes), and only then given its name. It
//! is a whole installation: put in the place of the data folder, it runs as it is.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{self, StepResult};
use serde::Serialize;

use super::heads::{Head, head_of};
use super::seal::key;
use super::{Error, Store, open, soundness};
use crate::media::{
    self,
    files::{self, sync_folder},
};
use crate::media::{Bodies, Photos, is_hash};

/// What a backup holds.
#[derive(Debug, Clone, Serialize)]
pub struct Backup {
    /// Where it is.
    pub folder: PathBuf,
    /// Size of the database, bytes.
    pub database_bytes: u64,
    /// Photos.
    pub photos: u64,
    /// Their size, bytes.
    pub photo_bytes: u64,
    /// Raw bodies.
    pub bodies: u64,
    /// Their size, bytes.
    pub body_bytes: u64,
    /// The end of the log in it.
    pub head: Head,
    /// Files that rows name and that could not be copied whole: they were missing or changed before.
    pub missing: Vec<MissingFile>,
}

/// A file that a row names and that is not there, or not what its name says.
#[derive(Debug, Clone, Serialize)]
pub struct MissingFile {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: String,
}

impl Store {
    /// Copies everything into a new folder.
    ///
    /// # Errors
    /// [`Error::Backup`] when the place is taken or cannot be written, [`Error::BadBackup`] when the copy of the
    /// database does not prove right, [`Error`] of the database. Nothing is left at the place then.
    pub async fn backup(&self, to: &Path) -> Result<Backup, Error> {
        let (store, to) = (self.clone(), to.to_owned());
        let failed = |path: &Path, source| Error::Backup { path: path.to_owned(), source };
        if to.symlink_metadata().is_ok() {
            return Err(failed(&to, std::io::ErrorKind::AlreadyExists.into()));
        }
        let unfinished = with_ending(&to, ".part");
        std::fs::create_dir(&unfinished).map_err(|source| failed(&unfinished, source))?;
        let (into, from) = (unfinished.clone(), self.path().to_owned());
        let copied = self.read_apart(move |db| copy_database(db, &from, &into)).await;
        let filled = match copied {
            Ok(database) => {
                let fill = move || fill(&store, &database);
                tokio::task::spawn_blocking(fill).await.map_err(|_gone| Error::Closed).flatten()
            }
            Err(error) => Err(error),
        };
        let named = filled.and_then(|backup| {
            std::fs::rename(&unfinished, &to).map_err(|source| failed(&to, source))?;
            let above = to.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
            sync_folder(above).map_err(|source| failed(&to, source))?;
            Ok(Backup { folder: to.clone(), ..backup })
        });
        if named.is_err()
            && let Err(error) = std::fs::remove_dir_all(&unfinished)
        {
            tracing::warn!("could not remove {}: {error}", unfinished.display());
        }
        named
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Copies the database as the read sees it, in one step: acts go on meanwhile and are not in it.
fn copy_database(db: &Connection, from: &Path, folder: &Path) -> Result<PathBuf, Error> {
    let copy = folder.join(from.file_name().unwrap_or_else(|| "firegrid.sqlite".as_ref()));
    let mut target = Connection::open(&copy)?;
    let step = backup::Backup::new(db, &mut target)?.step(-1)?;
    if step == StepResult::Done {
        Ok(copy)
    } else {
        Err(Error::BadBackup { path: copy, finding: format!("copying stopped: {step:?}") })
    }
}

/// Proves the copied database, brings the files that it names, and has all of it on disk.
fn fill(store: &Store, database: &Path) -> Result<Backup, Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Backup { path, source }
    };
    let folder = database.parent().unwrap_or_else(|| Path::new("."));
    let copy = open::open_untouched(database)?;
    if let Some(finding) = soundness::findings(&copy, Some(store.seal_key()))?.into_iter().next() {
        return Err(Error::BadBackup { path: database.to_owned(), finding });
    }
    let head = head_of(&copy)?;
    if let Some(id) = open::id_inside(&copy)? {
        open::write_id(database, &id)?;
    }
    open::write_tip(database, &head)?;
    copy_key(store.path(), database)?;
    let mut missing = Vec::new();
    // What is no hash is no name of a file of ours, whoever wrote it.
    let named = |mut hashes: Vec<String>| {
        hashes.retain(|hash| is_hash(hash));
        hashes
    };
    let (photos, bodies) = (named(named_photos(&copy)?), named(named_bodies(&copy)?));
    drop(copy);
    let (here, there) = (Photos::beside(store.path()), Photos::beside(database));
    let (mut photo_sizes, mut body_sizes) = (Sizes::default(), Sizes::default());
    for hash in photos {
        match copy_file(&here.path_of(&hash), &there.path_of(&hash), || there.read(&hash).map(drop))? {
            Ok(bytes) => photo_sizes.add(bytes),
            Err(file) => missing.push(file),
        }
    }
    let (here, there) = (Bodies::beside(store.path()), Bodies::beside(database));
    for hash in bodies {
        match copy_file(&here.path_of(&hash), &there.path_of(&hash), || there.read(&hash).map(drop))? {
            Ok(bytes) => body_sizes.add(bytes),
            // Housekeeping may have removed it since the database was copied.
            Err(file) if !file.path.exists() && is_removed(store, &hash)? => {}
            Err(file) => missing.push(file),
        }
    }
    std::fs::File::open(database).and_then(|file| file.sync_all()).map_err(failed(database))?;
    sync_folders(folder).map_err(failed(folder))?;
    let database_bytes = database.metadata().map_err(failed(database))?.len();
    Ok(Backup {
        folder: folder.to_owned(),
        database_bytes,
        photos: photo_sizes.files,
        photo_bytes: photo_sizes.bytes,
        bodies: body_sizes.files,
        body_bytes: body_sizes.bytes,
        head,
        missing,
    })
}

/// Brings the key where it stands beside the database; one that the configuration names elsewhere stays there, apart
/// from what it seals.
fn copy_key(from: &Path, to: &Path) -> Result<(), Error> {
    let (from, to) = (key::path_beside(from), key::path_beside(to));
    match std::fs::read(&from) {
        Ok(bytes) => files::put_secret(&to, &bytes).map_err(|source| Error::Backup { path: to, source }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::Backup { path: from, source }),
    }
}

/// How much was copied of a kind.
#[derive(Default)]
struct Sizes {
    files: u64,
    bytes: u64,
}

impl Sizes {
    fn add(&mut self, bytes: u64) {
        (self.files, self.bytes) = (self.files + 1, self.bytes + bytes);
    }
}

/// Copies a file and proves it by its name; what is missing or does not prove right comes back as such and is not kept.
///
/// # Errors
/// [`Error::Backup`] when the copy cannot be written.
fn copy_file(
    from: &Path,
    to: &Path,
    prove: impl Fn() -> Result<(), media::Error>,
) -> Result<Result<u64, MissingFile>, Error> {
    let missing = |problem: String| Ok(Err(MissingFile { path: from.to_owned(), problem }));
    // Whole in memory, some megabytes: so it is plain whether reading or writing failed.
    let (bytes, permissions) = match std::fs::read(from).and_then(|bytes| Ok((bytes, from.metadata()?.permissions()))) {
        Ok(found) => found,
        Err(error) => return missing(error.to_string()),
    };
    let write = || {
        std::fs::create_dir_all(to.parent().unwrap_or_else(|| Path::new(".")))?;
        let mut file = std::fs::File::create(to)?;
        file.write_all(&bytes)?;
        file.set_permissions(permissions)?;
        file.sync_all()
    };
    write().map_err(|source| Error::Backup { path: to.to_owned(), source })?;
    if let Err(error) = prove() {
        std::fs::remove_file(to).map_err(|source| Error::Backup { path: to.to_owned(), source })?;
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        return missing(format!("it does not prove right by its name: {error}{cause}"));
    }
    Ok(Ok(bytes.len() as u64))
}

/// Photos that the database names: of alerts and plans, in findings, and those sent and not named by either yet.
fn named_photos(db: &Connection) -> Result<Vec<String>, Error> {
    let hashes = db
        .prepare(
            "SELECT hash FROM photos UNION SELECT hash FROM photo_senders
             UNION SELECT p.value FROM events e, json_each(e.detail, '$.finding.photos') p
                 WHERE e.subject_kind = 'alert' AND e.kind = 'reported'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(hashes)
}

/// Raw bodies that are still kept.
fn named_bodies(db: &Connection) -> Result<Vec<String>, Error> {
    let hashes = db
        .prepare("SELECT DISTINCT body_hash FROM polls WHERE body_hash IS NOT NULL AND body_removed_at IS NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(hashes)
}

fn is_removed(store: &Store, hash: &str) -> Result<bool, Error> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM polls WHERE body_hash = ?1 AND body_removed_at IS NULL)";
    Ok(open::open_reader(store.path())?.query_row(sql, [hash], |row| row.get(0))?)
}

/// Makes the names in a folder and in those below it safe.
fn sync_folders(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}
