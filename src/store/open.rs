//! Opens the file, checks every safety setting, runs migrations, and hands out work to the
//! writer thread and the reader pool.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Error, events};

mod embedded {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    refinery::embed_migrations!("migrations/sqlite");
}

/// SQLite below this has a write-ahead-log corruption bug with two connections.
const MIN_SQLITE: (i32, &str) = (3_051_003, "3.51.3");

/// How long a writer or reader waits for another process's short transaction.
const BUSY_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

/// Readers beside the one writer: enough for two cores and a slow page.
const READERS: usize = 4;

/// How often, and after which pauses, a service tries again for a lock that a command may be
/// looking at: half a second in all, far longer than a look takes.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The database of one installation.
#[derive(Clone)]
pub struct Store {
    writer: mpsc::Sender<Job>,
    readers: deadpool_sqlite::Pool,
    path: PathBuf,
}

/// Held by the one service that owns a database; released by the system however it ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl Store {
    /// Opens or makes the database, migrated to this version.
    ///
    /// # Errors
    /// [`Error`] when the library is too old, the file cannot be used, a safety setting does
    /// not take, or the tables were written by a newer version.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if rusqlite::version_number() < MIN_SQLITE.0 {
            return Err(Error::LibraryTooOld { found: rusqlite::version(), needed: MIN_SQLITE.1 });
        }
        let unusable = |source| Error::File { path: path.to_owned(), source };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(unusable)?;
        }
        let mut connection = Connection::open(path)?;
        prepare_writer(&connection)?;
        // Grouped: tables and the note that they were made are one transaction, so that a kill
        // leaves both or neither. Another process may be doing the same right now; then the
        // second look finds its work done.
        let migrate = |connection: &mut Connection| embedded::migrations::runner().set_grouped(true).run(connection);
        migrate(&mut connection)
            .or_else(|_first| migrate(&mut connection))
            .map_err(|source| Error::Migration { path: path.to_owned(), source: Box::new(source) })?;
        events::adopt_first_log(&mut connection)?;
        let (writer, jobs) = mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("firegrid-writer".to_owned())
            .spawn(move || {
                while let Ok(job) = jobs.recv() {
                    // A panic in one job rolls its transaction back and must not end the writer:
                    // its caller is told that the answer will not come.
                    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut connection)));
                    if done.is_err() {
                        tracing::error!("a write to the database panicked; it was rolled back");
                    }
                }
            })
            .map_err(unusable)?;
        Ok(Self { writer, readers: reader_pool(path)?, path: path.to_owned() })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Claims the database for a service; other commands still work beside it.
    ///
    /// # Errors
    /// [`Error::InUse`] when another service holds it.
    pub fn lock_for_run(&self) -> Result<RunLock, Error> {
        let path = self.lock_path();
        let unusable = |source| Error::File { path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(unusable)?;
        // A command may just be asking whether a service runs: that takes no time.
        let mut tries_left = LOCK_TRIES;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(RunLock { _file: file }),
                Err(std::fs::TryLockError::WouldBlock) if tries_left == 0 => {
                    return Err(Error::InUse(self.path.clone()));
                }
                Err(std::fs::TryLockError::WouldBlock) => {
                    tries_left -= 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
                Err(std::fs::TryLockError::Error(source)) => return Err(unusable(source)),
            }
        }
    }

    /// Whether a service runs on the database.
    #[must_use]
    pub fn is_served(&self) -> bool {
        // Without the file no service ever ran; shared, so that two who ask do not see each other.
        File::open(self.lock_path())
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)))
    }

    fn lock_path(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".lock");
        name.into()
    }

    /// Runs one immediate transaction on the writer thread; an error rolls all of it back.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.try_write(work).await
    }

    /// As [`Self::write`], for work that may be refused for other reasons than the database's.
    pub(super) async fn try_write<T: Send + 'static, E: From<Error> + Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // The caller may have gone away; the transaction stands all the same.
            let _ = answer.send(in_transaction(connection, work));
        });
        self.writer.send(job).map_err(|_gone| Error::Closed)?;
        answered.await.map_err(|_gone| Error::Closed)?
    }

    /// Leaves a note to the writer thread, without waiting for it: a page is not kept back by what is being recorded.
    /// For what harms nobody when the service dies before it is written. A failure goes to the log.
    pub(super) fn write_aside(
        &self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let job: Job = Box::new(move |connection| {
            let done = in_transaction(connection, work);
            if let Err(error) = done {
                tracing::warn!(error = &error as &dyn std::error::Error, "{what} was not written down");
            }
        });
        self.writer.send(job).map_err(|_gone| Error::Closed)
    }

    /// Runs one consistent read on a pooled connection.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let reader = self.readers.get().await.map_err(|_gone| Error::Closed)?;
        reader
            .interact(move |connection| {
                let snapshot = connection.transaction()?;
                work(&snapshot)
            })
            .await
            .map_err(|_gone| Error::Closed)?
    }

    /// Whether the database answers a write; for `/readyz`.
    ///
    /// # Errors
    /// [`Error`] when it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.write(|tx| {
            // Takes the write lock and touches the file header without changing a row.
            tx.pragma_update(None, "user_version", 0)?;
            Ok(())
        })
        .await
    }
}

fn in_transaction<T, E: From<Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(|error| E::from(error.into()))?;
    let value = work(&transaction)?;
    transaction.commit().map_err(|error| E::from(error.into()))?;
    Ok(value)
}

fn prepare_writer(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // WAL lets pages be read while a poll is recorded; FULL is what survives a power cut.
    for (pragma, value, expected) in
        [("journal_mode", "WAL", "wal"), ("synchronous", "FULL", "2"), ("foreign_keys", "ON", "1")]
    {
        while_busy(|| connection.pragma_update(None, pragma, value))?;
        expect_pragma(connection, pragma, expected)?;
    }
    Ok(())
}

/// Tries again while another process has the file: a new file becomes a WAL file under a lock that `SQLite` does not
/// wait for, whatever the busy timeout says.
fn while_busy(mut work: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let started = std::time::Instant::now();
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

fn reader_pool(path: &Path) -> Result<deadpool_sqlite::Pool, Error> {
    use deadpool_sqlite::{Config, Hook, HookError, Pool, Runtime};
    let config = Config::new(path);
    let builder: deadpool_sqlite::PoolBuilder = config.builder(Runtime::Tokio1).map_err(|_gone| Error::Closed)?;
    let pool: Result<Pool, _> = builder
        .max_size(READERS)
        .post_create(Hook::async_fn(|reader, _| {
            Box::pin(async move {
                let prepared = reader
                    .interact(|connection| {
                        connection.busy_timeout(BUSY_TIMEOUT)?;
                        connection.pragma_update(None, "query_only", "ON")
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
