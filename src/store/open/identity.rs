//! What stands where a database is to be opened, looked at before `SQLite` touches anything.
//!
//! `SQLite` makes a new database where there is none, removes the write-ahead log beside an empty one, and plays any
//! log into any file. So this looks first, with plain reads: a new database is made only where nothing of an
//! installation stands, and a file that is another program's, another installation's or no database is left as it is.
//! Each installation has an id, in the database and in a file beside it. Why: docs/decisions/0032.

use std::fs::{File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::super::Error;
use super::connection::open_untouched;
use super::standing::beside;
use crate::media::files::{self, ReadOnly};

/// `PRAGMA application_id` of our databases: `FGrd` in ASCII.
pub(super) const APPLICATION_ID: u32 = 0x4647_7264;

/// How every `SQLite` file begins. Source: sqlite.org/fileformat2.html, section 1.3, read 2026-11-30.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Size of the header of a database, bytes.
const HEADER: usize = 100;

/// Sizes of the header of a write-ahead log and of the header of each frame in it, bytes.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// How a write-ahead log begins, but for its last bit, which says how its checksums are to be read.
const LOG_MAGIC: u32 = 0x377f_0682;

/// What stands at the place of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing of an installation: a database may be made.
    Nothing,
    /// A database of ours.
    Ours,
    /// One without our mark: of an earlier version, or another program's.
    Unmarked,
}

/// The file with the id of the installation.
pub(super) fn id_path(database: &Path) -> PathBuf {
    beside(database, ".installation")
}

/// Looks at the place of a database without changing anything.
///
/// # Errors
/// [`Error::Missing`] when there is no database, or an empty one, beside what belongs to one;
/// [`Error::NotADatabase`], [`Error::ForeignDatabase`] and [`Error::ForeignLog`] for what is not ours;
/// [`Error::Damaged`] when it is cut; [`Error::File`] when it cannot be read.
pub(super) fn look(database: &Path) -> Result<Found, Error> {
    let failed = |source| Error::File { path: database.to_owned(), source };
    match std::fs::metadata(database) {
        Ok(metadata) if metadata.is_dir() => Err(failed(std::io::ErrorKind::IsADirectory.into())),
        Ok(metadata) if metadata.len() > 0 => look_into(database, &metadata),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
        nothing => {
            let kept = what_stands_beside(database);
            let what = if nothing.is_ok() { "is empty" } else { "is missing" };
            if kept.is_empty() {
                Ok(Found::Nothing)
            } else {
                Err(Error::Missing { path: database.to_owned(), what, beside: kept.join(", ") })
            }
        }
    }
}

fn look_into(database: &Path, metadata: &Metadata) -> Result<Found, Error> {
    let failed = |source| Error::File { path: database.to_owned(), source };
    let mut header = Vec::with_capacity(HEADER);
    File::open(database).and_then(|file| file.take(HEADER as u64).read_to_end(&mut header)).map_err(failed)?;
    if header.len() < HEADER || !header.starts_with(MAGIC) {
        return Err(Error::NotADatabase { path: database.to_owned() });
    }
    let found = mark(&header).ok_or_else(|| Error::ForeignDatabase { path: database.to_owned() })?;
    let page = match u16_at(&header, 16) {
        // The largest size does not fit into its field.
        1 => 65_536,
        size => u64::from(size),
    };
    if !look_at_log(database, page, found)? {
        whole(database, metadata.len(), page, &header)?;
    }
    Ok(found)
}

/// Whose the first page of a database is; `None` when it is another program's.
fn mark(header: &[u8]) -> Option<Found> {
    match u32_at(header, 68) {
        APPLICATION_ID => Some(Found::Ours),
        0 => Some(Found::Unmarked),
        _ => None,
    }
}

/// A file that is shorter than its header says was cut; only while nothing waits in a log, which may hold the rest.
fn whole(database: &Path, len: u64, page: u64, header: &[u8]) -> Result<(), Error> {
    let said = page * u64::from(u32_at(header, 28));
    // The size in the header counts when it was written with the last change. Source: as above.
    if len < said && u32_at(header, 24) == u32_at(header, 92) {
        let finding = format!("it has {len} bytes and should have {said}: it was cut");
        return Err(Error::Damaged { path: database.to_owned(), finding });
    }
    Ok(())
}

/// Looks at the write-ahead log; true when there is one with something in it.
fn look_at_log(database: &Path, page: u64, found: Found) -> Result<bool, Error> {
    let path = beside(database, "-wal");
    let failed = |source| Error::File { path: path.clone(), source };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    let len = file.metadata().map_err(failed)?.len();
    if len < LOG_HEADER as u64 {
        return Ok(false);
    }
    let mut header = [0; LOG_HEADER];
    file.read_exact_at(&mut header, 0).map_err(failed)?;
    // Room that was taken for a log of which nothing came to the disk: nothing in it was acknowledged.
    if header.iter().all(|byte| *byte == 0) {
        return Ok(false);
    }
    let foreign = |what: &str| Error::ForeignLog { path: path.clone(), what: what.to_owned() };
    if u32_at(&header, 0) & !1 != LOG_MAGIC {
        return Err(foreign("it does not begin like one"));
    }
    if u64::from(u32_at(&header, 8)) != page {
        return Err(foreign("its pages have another size"));
    }
    let salts = (u32_at(&header, 16), u32_at(&header, 20));
    let frames = (LOG_HEADER as u64..).step_by(usize::try_from(page).unwrap_or(HEADER) + FRAME_HEADER);
    let (mut holds_any, mut last_mark) = (false, None);
    for at in frames.take_while(|at| at + FRAME_HEADER as u64 + page <= len) {
        let mut frame = [0; FRAME_HEADER + HEADER];
        file.read_exact_at(&mut frame, at).map_err(failed)?;
        // Frames of another generation are left from before the log was begun anew.
        if (u32_at(&frame, 8), u32_at(&frame, 12)) != salts {
            break;
        }
        holds_any = true;
        let first_page = frame.get(FRAME_HEADER..).unwrap_or_default();
        if u32_at(&frame, 0) == 1 && first_page.starts_with(MAGIC) {
            last_mark = Some(mark(first_page).ok_or_else(|| foreign("it holds pages of another database"))?);
        }
    }
    // The first start leaves pages from before it was marked in its log; the last one is marked once the file is.
    if (last_mark, found) == (Some(Found::Unmarked), Found::Ours) {
        return Err(foreign("it holds pages of an unmarked database"));
    }
    Ok(holds_any)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|part| part.try_into().ok()).map_or(0, u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// What of an installation stands beside a database that is not there: names, for the message.
fn what_stands_beside(database: &Path) -> Vec<String> {
    let has_content = |path: &Path| std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0);
    let has_entries = |path: &Path| std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some());
    let folder = database.parent().unwrap_or_else(|| Path::new("."));
    let files = ["-wal", ".installation", ".tip"].map(|ending| beside(database, ending));
    let folders = ["photos", "bodies", "uploads"].map(|name| folder.join(name));
    let lock = beside(database, ".lock");
    let mut found: Vec<PathBuf> = files.into_iter().filter(|path| has_content(path)).collect();
    // Empty in itself, it is there because a service ran here.
    found.extend(Some(lock).filter(|path| path.exists()));
    found.extend(folders.into_iter().filter(|path| has_entries(path)));
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    found.iter().filter_map(name).collect()
}

/// Looks into a database without our mark, reading only; true when an earlier firegrid made it, false when it holds
/// nothing yet.
///
/// # Errors
/// [`Error::ForeignDatabase`] when it holds tables of another program, [`Error::Missing`] when it holds nothing beside
/// what belongs to a database.
pub(super) fn made_by_earlier_firegrid(database: &Path) -> Result<bool, Error> {
    let connection = open_untouched(database).map_err(|error| error.naming(database))?;
    let count = |sql: &str| -> Result<i64, Error> {
        connection.query_row(sql, [], |row| row.get(0)).map_err(|error| Error::from(error).naming(database))
    };
    let ours = "SELECT count(*) FROM sqlite_schema
                WHERE type = 'table' AND name IN ('refinery_schema_history', 'region_versions', 'detections', 'alerts')";
    if count(ours)? == 4 {
        return Ok(true);
    }
    // What a first start that was killed leaves: the note of migrations, and nothing of it.
    if count("SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'refinery_schema_history'")? > 0 {
        return Err(Error::ForeignDatabase { path: database.to_owned() });
    }
    drop(connection);
    // The log of a first start that was killed is its own, and empty by now.
    let kept: Vec<String> = what_stands_beside(database).into_iter().filter(|name| !name.ends_with("-wal")).collect();
    if kept.is_empty() {
        return Ok(false);
    }
    Err(Error::Missing { path: database.to_owned(), what: "is empty", beside: kept.join(", ") })
}

/// The id of the installation as the file beside the database has it.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
pub(super) fn id_beside(database: &Path) -> Result<Option<String>, Error> {
    let path = id_path(database);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.split_whitespace().next().map(str::to_owned)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File { path, source }),
    }
}

/// The id of the installation as the database has it; `None` before there was one.
///
/// # Errors
/// [`Error`] of the database.
pub(in crate::store) fn id_inside(connection: &Connection) -> Result<Option<String>, Error> {
    if !connection.table_exists(None, "installation")? {
        return Ok(None);
    }
    Ok(connection.query_row("SELECT installation FROM installation", [], |row| row.get(0)).optional()?)
}

/// Whether the database belongs to the installation of its folder.
///
/// # Errors
/// [`Error::OtherInstallation`] when it is another's, or from before the folder had one.
pub(super) fn compare(connection: &Connection, database: &Path) -> Result<(), Error> {
    match (id_beside(database)?, id_inside(connection)?) {
        (Some(expected), found) if found.as_ref() != Some(&expected) => Err(Error::OtherInstallation {
            path: database.to_owned(),
            file: id_path(database),
            found: found.unwrap_or_else(|| "none".to_owned()),
            expected,
        }),
        _ => Ok(()),
    }
}

/// Marks the database as ours and gives it an id where it has none; then writes the id beside it.
///
/// # Errors
/// [`Error`] of the database or of the file.
pub(super) fn settle(connection: &Connection, database: &Path) -> Result<String, Error> {
    let id = if let Some(id) = id_inside(connection)? {
        id
    } else {
        let mut random = [0; 16];
        getrandom::fill(&mut random)
            .map_err(|error| Error::File { path: database.to_owned(), source: std::io::Error::other(error) })?;
        // Another process cannot have been faster: whoever opens holds the folder.
        connection.execute("INSERT INTO installation (id, installation) VALUES (1, ?1)", [hex::encode(random)])?;
        hex::encode(random)
    };
    let marked: u32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if marked != APPLICATION_ID {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    if id_beside(database)?.as_ref() != Some(&id) {
        // Into the file itself, before anything outside says that there is an installation.
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        write_id(database, &id)?;
    }
    Ok(id)
}

/// Writes the id beside a database, safely on disk when it returns.
///
/// # Errors
/// [`Error::File`] when it cannot be written.
pub(in crate::store) fn write_id(database: &Path, id: &str) -> Result<(), Error> {
    let path = id_path(database);
    let text = format!(
        "{id}\n这是本套 firegrid 数据库的编号，请勿删改 · the id of the installation that the database beside belongs to; \
         do not change or remove it\n"
    );
    files::put_safely(&path, text.as_bytes(), ReadOnly::No).map_err(|source| Error::File { path, source })
}
