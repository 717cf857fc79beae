//! Logs to standard error and metrics to `/metrics`; set up once by [`crate::cli`].
//!
//! Nobody waits for the log: its lines are handed to a thread, and where standard error takes no more, because a disk is
//! full, a pipe is closed or its reader sleeps, lines are lost and counted, and the service runs on.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Lines that wait for standard error before more are lost: a burst of every feed and page at once, some 500 kB.
const LINES_WAITING: usize = 4096;

/// How long the end of a command waits for the last lines to be taken.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Where lines wait; `None` until logging starts.
static LOG: OnceLock<SyncSender<Entry>> = OnceLock::new();

/// Lines that found no room since the last that did.
static LOST: AtomicU64 = AtomicU64::new(0);

/// What waits for the thread that writes.
enum Entry {
    Line(Vec<u8>),
    /// Answered when everything before it was written.
    Flush(SyncSender<()>),
}

/// Starts logging. `FIREGRID_LOG` chooses what is logged (default `info` of firegrid itself),
/// `FIREGRID_LOG_FORMAT=json` how.
///
/// Standard output stays free: it belongs to a command's result.
pub fn start_logging() {
    let (sender, entries) = sync_channel(LINES_WAITING);
    let writer = std::thread::Builder::new().name("firegrid-log".to_owned()).spawn(move || write_all(&entries));
    // A second start (tests) keeps the first log; without a thread there is none.
    if writer.is_err() || LOG.set(sender).is_err() {
        return;
    }
    let filter = EnvFilter::try_from_env("FIREGRID_LOG").unwrap_or_else(|_| EnvFilter::new("firegrid=info,warn"));
    let registry = tracing_subscriber::registry().with(filter);
    let colours = io::IsTerminal::is_terminal(&io::stderr());
    let to_stderr = tracing_subscriber::fmt::layer().with_writer(|| Line).with_ansi(colours);
    let json = std::env::var("FIREGRID_LOG_FORMAT").is_ok_and(|format| format == "json");
    // As above, where another library set one up.
    let _ = if json { registry.with(to_stderr.json()).try_init() } else { registry.with(to_stderr).try_init() };
}

/// Waits a moment for the lines that were logged so far, at the end of a command.
pub fn flush_logging() {
    let Some(log) = LOG.get() else { return };
    let (written, is_written) = sync_channel(1);
    if log.try_send(Entry::Flush(written)).is_ok() {
        // Whoever takes no lines is not waited for longer.
        let _ = is_written.recv_timeout(LAST_LINES);
    }
}

/// Installs the metrics recorder and returns what renders it.
///
/// # Errors
/// When a recorder is installed already.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    Ok(PrometheusBuilder::new().install_recorder()?)
}

/// One line of the log, which comes in one piece.
struct Line;

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let taken = LOG.get().is_some_and(|log| log.try_send(Entry::Line(line.to_owned())).is_ok());
        if !taken {
            LOST.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("firegrid_log_lines_lost_total").increment(1);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_all(entries: &Receiver<Entry>) {
    for entry in entries {
        match entry {
            Entry::Line(line) => {
                let lost = LOST.swap(0, Ordering::Relaxed);
                // There is no other place to say that standard error takes nothing.
                if lost > 0 {
                    let _ = writeln!(
                        io::stderr(),
                        "{lost} lines of the log were lost: standard error took them too slowly"
                    );
                }
                let _ = io::stderr().write_all(&line);
            }
            // Whoever asked may have stopped waiting.
            Entry::Flush(written) => drop(written.try_send(())),
        }
    }
}
