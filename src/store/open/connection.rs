//! Connections: how they are opened, which safety settings they get, how what they run is interrupted.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, InterruptHandle, OpenFlags};

use super::super::Error;
use super::standing::beside;

/// How long a writer or reader waits for another process's short transaction.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(15);

/// Pause before trying again for a lock that `SQLite` does not wait for.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Statements kept prepared by the writer: those of a recording, and one for each table that is digested.
const WRITER_STATEMENTS: usize = 256;

/// Whether a database is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Making {
    /// Where there is none, or an empty one.
    New,
    /// There is one: should it be gone by now, none is made in its place.
    Existing,
}

/// Opens the write connection.
///
/// # Errors
/// [`Error::ReadOnly`] when the file cannot be written, [`Error`] of the database.
pub(super) fn open_writer(path: &Path, making: Making) -> Result<Connection, Error> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if making == Making::New {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly("main")? {
        return Err(Error::ReadOnly { path: path.to_owned() });
    }
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(WRITER_STATEMENTS);
    Ok(connection)
}

/// Opens a connection for one long read, beside those of pages.
///
/// # Errors
/// [`Error`] of the database.
pub(in crate::store) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| Error::from(error).naming(path))?;
    #[cfg(test)]
    crate::store::plan_tests::listen(&connection);
    prepare_reader(&connection).map_err(|error| Error::from(error).naming(path))?;
    Ok(connection)
}

/// Opens a database for a look, leaving it and all beside it as it is; where something waits in its log, that is read
/// too.
///
/// # Errors
/// [`Error`] of the database.
pub(in crate::store) fn open_untouched(path: &Path) -> Result<Connection, Error> {
    let has_log = std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    // Reading through a log needs its index, which is made beside it.
    let how = if has_log { "?mode=ro" } else { "?mode=ro&immutable=1" };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(address(path) + how, flags)?)
}

/// Whether closing the connection leaves the write-ahead log as it is, even as the last one: no log is played into a
/// file that was not looked at, and none is removed by its name once another stands there.
pub(super) fn keep_log_on_close(connection: &Connection, keep: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep).map(|_| ())
}

/// Takes the safety settings of a write connection and reads each back.
///
/// # Errors
/// [`Error::Pragma`] when one did not take, [`Error`] of the database.
pub(super) fn prepare_writer(connection: &Connection) -> Result<(), Error> {
    // WAL lets pages be read while a poll is recorded; FULL is what survives a power cut.
    for (pragma, value, expected) in
        [("journal_mode", "WAL", "wal"), ("synchronous", "FULL", "2"), ("foreign_keys", "ON", "1")]
    {
        while_busy(|| connection.pragma_update(None, pragma, value))?;
        expect_pragma(connection, pragma, expected)?;
    }
    Ok(())
}

/// Pages that a reader keeps while it reads, KiB; taken only by statements that read so many.
const READER_CACHE_KIB: i64 = 16 * 1024;

fn prepare_reader(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Negative: KiB. A list of many alerts goes to their rows in no order; with SQLite's own 2 MB most of them are read
    // from the system again and again. Only quickness hangs on it: a damaged file, which refuses, is told by what is read.
    let _ = connection.pragma_update(None, "cache_size", -READER_CACHE_KIB);
    // The writer closes last and brings the log into the file.
    keep_log_on_close(connection, true)?;
    connection.pragma_update(None, "query_only", "ON")
}

/// Tries again while another process has the file: a new file becomes a WAL file under a lock that `SQLite` does not
/// wait for, whatever the busy timeout says.
fn while_busy(mut work: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let started = Instant::now();
    loop {
        match work() {
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                    && started.elapsed() < BUSY_TIMEOUT =>
            {
                std::thread::sleep(LOCK_PAUSE);
            }
            done => return done,
        }
    }
}

/// A setting that silently did not take has hidden faults before: read every one back.
fn expect_pragma(connection: &Connection, pragma: &'static str, expected: &'static str) -> Result<(), Error> {
    let found: String = connection.pragma_query_value(None, pragma, |row| {
        let value: rusqlite::types::Value = row.get(0)?;
        Ok(match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text.to_lowercase(),
            other => format!("{other:?}"),
        })
    })?;
    if found == expected { Ok(()) } else { Err(Error::Pragma { pragma, found, expected }) }
}

/// What interrupts the statements that run on connections of a store.
#[derive(Default)]
pub(super) struct Interrupts(Mutex<Vec<InterruptHandle>>);

impl Interrupts {
    /// Adds a connection.
    pub(super) fn add(&self, connection: &Connection) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(connection.get_interrupt_handle());
    }

    /// Interrupts what runs on any of them now; a statement that begins later is not touched.
    pub(super) fn interrupt(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(InterruptHandle::interrupt);
    }
}

/// A pool of so many connections to read with.
///
/// # Errors
/// [`Error::Closed`] when it cannot be set up.
pub(super) fn reader_pool(
    path: &Path,
    interrupts: &Arc<Interrupts>,
    places: usize,
) -> Result<deadpool_sqlite::Pool, Error> {
    use deadpool_sqlite::{Config, Hook, HookError, Pool, Runtime};
    let builder: deadpool_sqlite::PoolBuilder =
        Config::new(address(path) + EXISTING).builder(Runtime::Tokio1).map_err(|_gone| Error::Closed)?;
    let interrupts = interrupts.clone();
    let pool: Result<Pool, _> = builder
        .max_size(places)
        .post_create(Hook::async_fn(move |reader, _| {
            let interrupts = interrupts.clone();
            Box::pin(async move {
                let prepared = reader
                    .interact(move |connection| {
                        interrupts.add(connection);
                        #[cfg(test)]
                        crate::store::plan_tests::listen(connection);
                        prepare_reader(connection)
                    })
                    .await;
                match prepared {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(HookError::Message(error.to_string().into())),
                    Err(error) => Err(HookError::Message(error.to_string().into())),
                }
            })
        }))
        .build();
    pool.map_err(|_gone| Error::Closed)
}

/// Opens what exists: the pool opens by name alone, and would make a new database where it is gone.
const EXISTING: &str = "?mode=rw";

/// The address of a database by which how it is opened can be said too.
fn address(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            // Writing to a text does not fail.
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_kind_is_the_same_file_by_its_address() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a b.sqlite", "数据.sqlite", "100%?x=#1&.sqlite", "a'b\"c.sqlite"] {
            let path = folder.path().join(name);
            let existing = address(&path) + EXISTING;
            assert!(Connection::open(&existing).is_err(), "{name} is made where it is gone");
            Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
            assert!(Connection::open(&existing).unwrap().table_exists(None, "t").unwrap(), "{name}");
        }
    }
}
