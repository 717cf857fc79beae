//! The thread that owns the write connection: it takes jobs from a queue, one transaction each, and is the last to
//! close.

use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle, Transaction, TransactionBehavior};

use super::super::Error;
use super::super::digest::Digests;
use super::connection::keep_log_on_close;
use super::standing::Standing;
use super::tip::TipFile;

/// What the thread does.
pub(super) type Job = Box<dyn FnOnce(&mut WriteConnection) + Send>;

/// The write connection, with what is done round every transaction.
pub(super) struct WriteConnection {
    pub connection: Connection,
    pub standing: Arc<Standing>,
    pub digests: Digests,
    pub tip: TipFile,
}

impl WriteConnection {
    /// Runs one immediate transaction; an error rolls all of it back.
    ///
    /// What comes back well is on disk, in the file that stands under the name of the database.
    ///
    /// # Errors
    /// Those of the work; [`Error::Gone`] when the file no longer stands there, [`Error`] of the database.
    pub(super) fn transaction<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.standing.check()?;
        let path = self.connection.path().map(|path| Path::new(path).to_owned()).unwrap_or_default();
        let named = |error: rusqlite::Error| E::from(Error::from(error).naming(&path));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(named)?;
        self.digests.begin(&transaction)?;
        let value = work(&transaction)?;
        self.digests.write(&transaction)?;
        self.standing.check()?;
        transaction.commit().map_err(named)?;
        self.standing.check_committed()?;
        self.tip.follow(&self.connection);
        Ok(value)
    }

    /// Closes the connection; the last one of all processes brings the write-ahead log into the file and removes it.
    fn close(self) {
        let Self { connection, standing, tip, .. } = self;
        if standing.check().is_err() {
            // What stands under the name now is another's: closing as usual would remove its log.
            return;
        }
        tip.sync();
        // Idle readers of this process do not hinder it, and nobody is waited for: what another process reads or
        // writes just now, it brings into the file itself.
        let checkpoint = || {
            connection.busy_timeout(Duration::ZERO)?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            keep_log_on_close(&connection, false)
        };
        if let Err(error) = checkpoint() {
            tracing::warn!("the write-ahead log stays beside the database, and is read at the next start: {error}");
        }
    }
}

/// The queue and the thread.
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    interrupt: InterruptHandle,
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives none.
    pub(super) fn start(mut writing: WriteConnection) -> std::io::Result<Self> {
        let interrupt = writing.connection.get_interrupt_handle();
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new().name("firegrid-writer".to_owned()).spawn(move || {
            while let Ok(job) = queue.recv() {
                // A panic in one job rolls its transaction back and must not end the writer:
                // its caller is told that the answer will not come.
                let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut writing)));
                if done.is_err() {
                    tracing::error!("a write to the database panicked; it was rolled back");
                }
            }
            writing.close();
        })?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)), interrupt })
    }

    /// Queues a job.
    ///
    /// # Errors
    /// [`Error::Closed`] when no more are taken.
    pub(super) fn send(&self, job: Job) -> Result<(), Error> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.as_ref().ok_or(Error::Closed)?.send(job).map_err(|_gone| Error::Closed)
    }

    /// Takes no more jobs; those that were queued are still done.
    pub(super) fn take_no_more(&self) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Rolls back what is being written.
    pub(super) fn interrupt(&self) {
        self.interrupt.interrupt();
    }

    /// Waits until the thread has done what was queued and has closed the connection.
    pub(super) fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A job that holds the last handle of the store lets go of it here: the thread does not wait for itself.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != std::thread::current().id())
            && thread.join().is_err()
        {
            tracing::error!("the writer of the database panicked");
        }
    }
}
