//! Opens the file, checks every safety setting, runs migrations, hands out work to the
//! writer thread and the reader pool, and closes all of it again.
//!
//! What stands at the place is looked at first ([`identity`]); the tip of the log is compared with the one kept
//! outside ([`tip`]); round every commit the file must still be the one that was opened ([`standing`]).

mod accept;
mod connection;
mod identity;
mod lock;
mod readers;
mod standing;
mod tip;
mod waiting;
mod writer;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction};
use tokio::sync::oneshot;

use self::connection::{Interrupts, Making};
use self::identity::Found;
use self::readers::{Readers, Reading};
use self::standing::{FileId, Standing};
use self::tip::TipFile;
use self::writer::{WriteConnection, Writer};
use super::digest::{Digests, Trust};
use super::heads::Head;
use super::interrupt::Asker;
use super::seal::{SealKey, key};
use super::soundness::{self, Depth, Soundness};
use super::{Error, events, schema};
use crate::turns::{Limits, Turns};
pub use accept::Acceptance;
pub use lock::RunLock;
pub use readers::{Lane, Reader};
pub(super) use {
    connection::open_reader, connection::open_untouched, identity::id_inside, identity::write_id,
    tip::write as write_tip,
};

/// SQLite below this has a write-ahead-log corruption bug with two connections.
const MIN_SQLITE: (i32, &str) = (3_051_003, "3.51.3");

/// How long what is being written may go on once the store is to close.
const LAST_WRITES: Duration = Duration::from_secs(2);

/// How long an interrupted read may take to let go of its connection.
const LAST_READS: Duration = Duration::from_millis(500);

/// Files that this process has open, and how often. Whoever reads such a file by itself and closes it takes all locks
/// of the process off it. Source: sqlite.org/howtocorrupt.html, section 2.2, read 2026-11-30.
static OPEN: Mutex<BTreeMap<FileId, usize>> = Mutex::new(BTreeMap::new());

/// Long reads on connections of their own: one at once, and as many may wait as people that ask for one on the same day.
const APART: Limits = Limits { places: 1, each: 1, waiting_each: 2, waiting: 8 };

/// The database of one installation. The last handle that goes closes it; [`Store::close`] does not wait for that.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    /// In whose line this handle reads.
    reader: Reader,
}

struct Inner {
    path: PathBuf,
    writer: Writer,
    readers: Readers,
    interrupts: Arc<Interrupts>,
    standing: Arc<Standing>,
    is_closing: AtomicBool,
    /// It stands among the files that this process has open.
    is_open: AtomicBool,
    soundness: Arc<Soundness>,
    /// It was looked over while it was opened.
    is_looked_over: bool,
    /// Held by whoever reads on a connection of its own; closing waits for it.
    apart: Turns,
    /// What the record is sealed with.
    seal_key: SealKey,
    /// Where heads of the log are written outside.
    heads: Option<PathBuf>,
}

/// What of an installation stands outside its database, where the configuration says so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outside<'a> {
    /// File that heads of the log are written to.
    pub heads: Option<&'a Path>,
    /// File with the key that the record is sealed with; beside the database where none is named.
    pub key: Option<&'a Path>,
    /// A person says that a database which was put back from a copy, or came from elsewhere, counts from now on.
    pub accepted: Option<&'a Acceptance>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.readers.put_idle_away();
        self.writer.take_no_more();
        self.writer.join();
        self.no_longer_open();
    }
}

impl Inner {
    /// Takes the file off those that this process has open, once.
    fn no_longer_open(&self) {
        if !self.is_open.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = open.get_mut(&self.standing.id()) {
            *times = times.saturating_sub(1);
        }
        open.retain(|_, times| *times > 0);
    }
}

/// What a database is believed on.
#[derive(Debug, Clone, Copy)]
enum Belief<'a> {
    /// It must be the one of its folder and hold the tip that was kept outside it.
    Proven,
    /// A person says that it is to count.
    Accepted(&'a Acceptance),
}

impl Store {
    /// Opens or makes the database, migrated to this version.
    ///
    /// # Errors
    /// [`Error`] when the library is too old, the file cannot be used or is not the database of this place, a safety
    /// setting does not take, or the tables were written by a newer version.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_witnessed(path, Outside::default())
    }

    /// As [`Store::open`], held against the tip that was last written elsewhere: where there is one, no new database
    /// is made, and the log must hold it. Where a person accepts the database as it is, that is recorded in its log; its
    /// id and the tip of its log are written beside it, and all of it is sealed anew.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Error::InUse`] where it is to be accepted while a service runs.
    pub fn open_witnessed(path: &Path, outside: Outside<'_>) -> Result<Self, Error> {
        match outside.accepted {
            Some(_) if lock::is_served(path) => Err(lock::in_use(path)),
            Some(acceptance) => Self::open_believed(path, outside, Belief::Accepted(acceptance)),
            None => Self::open_believed(path, outside, Belief::Proven),
        }
    }

    fn open_believed(path: &Path, outside: Outside<'_>, belief: Belief<'_>) -> Result<Self, Error> {
        if rusqlite::version_number() < MIN_SQLITE.0 {
            return Err(Error::LibraryTooOld { found: rusqlite::version(), needed: MIN_SQLITE.1 });
        }
        let unusable = |source| Error::File { path: path.to_owned(), source };
        let witness = match (belief, outside.heads) {
            (Belief::Proven, Some(file)) => witness_in(file, path)?,
            _ => None,
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        std::fs::create_dir_all(folder).map_err(unusable)?;
        // One at a time: nobody looks at what another is making.
        let _turn = File::open(folder).and_then(|folder| folder.lock().map(|()| folder)).map_err(unusable)?;
        let making = look(path)?;
        let was_left_open = std::fs::metadata(standing::beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
        let connection = connection::open_writer(path, making).map_err(|error| error.naming(path))?;
        // Until it is known whose it is, a log that was left is not played into the file.
        connection::keep_log_on_close(&connection, was_left_open)?;
        let standing = Arc::new(Standing::of(path)?);
        // Whoever was killed left a log; or it is the log of another file.
        let is_looked_over = was_left_open && !lock::is_served(path);
        if let (Making::Existing, Belief::Proven) = (making, belief) {
            believe(&connection, path, witness.as_ref()).map_err(|error| error.naming(path))?;
            if is_looked_over {
                soundness::look_quickly(&connection, path, Depth::Everything)?;
            }
        }
        let seal_key = SealKey::read_or_make(outside.key.unwrap_or(&key::path_beside(path)))?;
        let writing =
            set_up(connection, path, &standing, (belief, seal_key.clone())).map_err(|error| error.naming(path))?;
        let interrupts = Arc::new(Interrupts::default());
        let readers = Readers::new(path, &interrupts)?;
        let writer = Writer::start(writing).map_err(unusable)?;
        *OPEN.lock().unwrap_or_else(PoisonError::into_inner).entry(standing.id()).or_default() += 1;
        let inner = Inner {
            path: path.to_owned(),
            writer,
            readers,
            interrupts,
            standing,
            is_closing: AtomicBool::new(false),
            is_open: AtomicBool::new(true),
            soundness: Arc::default(),
            is_looked_over,
            apart: Turns::new(APART),
            seal_key,
            heads: outside.heads.map(Path::to_owned),
        };
        Ok(Self { inner: Arc::new(inner), reader: Reader::SERVICE })
    }

    /// Claims the database for a service; other commands still work beside it.
    ///
    /// # Errors
    /// [`Error::InUse`] when another service holds it.
    pub fn lock_for_run(&self) -> Result<RunLock, Error> {
        lock::claim(self.path())
    }

    /// Whether a service runs on the database.
    #[must_use]
    pub fn is_served(&self) -> bool {
        lock::is_served(self.path())
    }

    /// The same store, read in somebody's line.
    pub(super) fn read_by(&self, reader: Reader) -> Self {
        Self { inner: self.inner.clone(), reader }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    pub(super) fn soundness(&self) -> &Arc<Soundness> {
        &self.inner.soundness
    }

    /// What the record is sealed with.
    pub(super) fn seal_key(&self) -> &SealKey {
        &self.inner.seal_key
    }

    /// Where heads of the log are written outside, if anywhere.
    pub(super) fn heads_file(&self) -> Option<&Path> {
        self.inner.heads.as_deref()
    }

    pub(super) fn is_looked_over(&self) -> bool {
        self.inner.is_looked_over
    }

    /// Whether the file still stands where it was opened; cheap.
    ///
    /// # Errors
    /// [`Error::Gone`] when it does not: then nothing that is written is kept.
    pub(super) fn check_standing(&self) -> Result<(), Error> {
        self.inner.standing.check()
    }

    /// Interrupts every read that runs now; whoever waits for one gets an error.
    pub fn interrupt_reads(&self) {
        self.inner.interrupts.interrupt();
    }

    /// Ends all work on the database and closes it: what was queued is written, reads are interrupted, and the
    /// write-ahead log is brought into the file. Whatever is asked afterwards is [`Error::Closed`].
    pub async fn close(&self) {
        let inner = &self.inner;
        inner.is_closing.store(true, Ordering::Release);
        inner.interrupts.interrupt();
        self.close_readers().await;
        inner.writer.take_no_more();
        let closing = self.clone();
        let mut joined = tokio::task::spawn_blocking(move || closing.inner.writer.join());
        if tokio::time::timeout(LAST_WRITES, &mut joined).await.is_err() {
            tracing::warn!("what is still being written is rolled back: the service stops");
            inner.writer.interrupt();
            // A panic of the thread has been logged there.
            let _ = joined.await;
        }
        inner.no_longer_open();
    }

    /// Closes every reader's connection, and interrupts those that still read.
    async fn close_readers(&self) {
        let (readers, started) = (&self.inner.readers, Instant::now());
        loop {
            readers.put_idle_away();
            if readers.are_closed() && self.inner.apart.are_all_free() {
                break;
            }
            if started.elapsed() > LAST_READS {
                tracing::warn!("a read of the database did not end in time; the write-ahead log may stay");
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            // Work of several statements goes on with its next one after an interrupt.
            self.inner.interrupts.interrupt();
        }
        readers.close();
    }

    /// Runs one immediate transaction on the writer thread; an error rolls all of it back.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let path = self.inner.path.clone();
        self.try_write(move |tx| work(tx).map_err(|error| error.naming(&path))).await
    }

    /// As [`Self::write`], for work that may be refused for other reasons than the database's.
    pub(super) async fn try_write<T: Send + 'static, E: std::error::Error + From<Error> + Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (answer, answered) = oneshot::channel();
        self.inner.writer.send(Box::new(move |writing| {
            // The caller may have gone away; the transaction stands all the same.
            let _ = answer.send(writing.transaction(work));
        }))?;
        let done = answered.await.map_err(|_gone| Error::Closed)?;
        if let Err(error) = &done {
            self.inner.soundness.hear(error);
        }
        done
    }

    /// Leaves a note to the writer thread, without waiting for it: a page is not kept back by what is being recorded.
    /// For what harms nobody when the service dies before it is written. A failure goes to the log.
    pub(super) fn write_aside(
        &self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        self.inner.writer.send(Box::new(move |writing| {
            if let Err(error) = writing.transaction(work) {
                tracing::warn!(error = &error as &dyn std::error::Error, "{what} was not written down");
            }
        }))
    }

    /// Runs one consistent read on a pooled connection.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let Reading { reader, turn } = self.inner.readers.take(&self.reader, &self.inner.path).await?;
        if self.inner.is_closing.load(Ordering::Acquire) {
            return Err(Error::Closed);
        }
        // Dropped with this future: a request that is given up takes its statement with it.
        let asker = Asker::new();
        let is_gone = asker.is_gone();
        let read = reader
            .interact(move |connection| {
                let _turn = turn;
                is_gone.interrupts(connection, |connection| {
                    let snapshot = connection.transaction()?;
                    work(&snapshot)
                })
            })
            .await
            .map_err(|_gone| Error::Closed)?;
        if let Err(error) = &read {
            self.inner.soundness.hear(error);
        }
        read.map_err(|error| error.naming(&self.inner.path))
    }

    /// Runs one long read on a connection of its own, so that no page waits for it; one such at a time. It ends when
    /// nobody waits for it any more, as every read does.
    pub(super) async fn read_apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        // Before a thread is taken: those who wait must not hold the threads that pages need.
        let turn = self.inner.apart.take(self.reader.whose.clone()).await?;
        let asker = Asker::new();
        let (store, is_gone) = (self.clone(), asker.is_gone());
        let read = move || {
            let (inner, _turn) = (&store.inner, turn);
            let mut connection = open_reader(&inner.path)?;
            inner.interrupts.add(&connection);
            if inner.is_closing.load(Ordering::Acquire) {
                return Err(Error::Closed);
            }
            let read = is_gone.interrupts(&mut connection, |connection| {
                let snapshot = connection.transaction()?;
                work(&snapshot)
            });
            read.map_err(|error| error.naming(&inner.path))
        };
        tokio::task::spawn_blocking(read).await.map_err(|_gone| Error::Closed)?
    }
}

/// Whether a database is to be made; what is not ours is refused untouched.
fn look(path: &Path) -> Result<Making, Error> {
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_open_here = std::fs::metadata(path).is_ok_and(|metadata| open.contains_key(&FileId::of(&metadata)));
    let found = if is_open_here { Found::Ours } else { identity::look(path)? };
    Ok(match found {
        Found::Ours => Making::Existing,
        Found::Unmarked if identity::made_by_earlier_firegrid(path)? => Making::Existing,
        Found::Nothing | Found::Unmarked => Making::New,
    })
}

/// The tip that was last written elsewhere, and the file it is in.
fn witness_in(file: &Path, database: &Path) -> Result<Option<(PathBuf, Head)>, Error> {
    // A file that cannot be read is no witness; whoever appends to it says so.
    let head = std::fs::read_to_string(file).ok().and_then(|text| Head::last_in(&text)).filter(|head| head.seq > 0);
    match head {
        Some(_) if !database.exists() => {
            Err(Error::Missing { path: database.to_owned(), what: "is missing", beside: file.display().to_string() })
        }
        head => Ok(head.map(|head| (file.to_owned(), head))),
    }
}

/// Whether the database is the one of its folder and has lost nothing that is known outside of it.
fn believe(connection: &Connection, path: &Path, witness: Option<&(PathBuf, Head)>) -> Result<(), Error> {
    identity::compare(connection, path)?;
    if let Some(tip) = tip::read(path) {
        tip::compare(connection, path, &tip::path_of(path), &tip)?;
    }
    match witness {
        Some((file, head)) => tip::compare(connection, path, file, head),
        None => Ok(()),
    }
}

/// Settings, tables, id, and what is done round every transaction.
fn set_up(
    mut connection: Connection,
    path: &Path,
    standing: &Arc<Standing>,
    (belief, key): (Belief<'_>, SealKey),
) -> Result<WriteConnection, Error> {
    waiting::wait_for_lock(&mut connection, path, waiting::START_WAIT)?;
    connection::prepare_writer(&connection)?;
    schema::migrate(&mut connection, path)?;
    events::adopt_first_log(&mut connection)?;
    let trust = match belief {
        Belief::Proven => Trust::Seal,
        Belief::Accepted(acceptance) => {
            accept::record(&mut connection, path, acceptance)?;
            Trust::Person
        }
    };
    identity::settle(&connection, path)?;
    #[cfg(test)]
    super::plan_tests::listen(&connection);
    let digests = Digests::of(&mut connection, key, trust)?;
    let mut tip = TipFile::open(path)?;
    tip.follow(&connection);
    // From here on it is known to be ours: closing it as the last one brings the log into the file.
    connection::keep_log_on_close(&connection, false)?;
    Ok(WriteConnection { connection, standing: standing.clone(), digests, tip })
}
