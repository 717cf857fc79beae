//! A start waits while somebody else writes, and says for whom.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::super::Error;
use super::super::holder::{UNNAMED, holders_of};
use super::connection::BUSY_TIMEOUT;

/// How long a start waits while somebody else writes: longer than any command of firegrid holds the lock, shorter than
/// a person waits without looking.
pub(super) const START_WAIT: Duration = Duration::from_mins(2);

/// How often it says for whom.
const START_LOOK: Duration = Duration::from_secs(5);

/// Waits until the write lock can be had, and says who has it; nothing is changed.
pub(super) fn wait_for_lock(connection: &mut Connection, path: &Path, longest: Duration) -> Result<(), Error> {
    let started = Instant::now();
    loop {
        connection.busy_timeout(START_LOOK.min(longest))?;
        match connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(Transaction::rollback) {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                let holder = holders_of(path).unwrap_or_else(|| UNNAMED.to_owned());
                let waited_secs = started.elapsed().as_secs();
                if started.elapsed() >= longest {
                    return Err(Error::Locked { path: path.to_owned(), holder, waited_secs });
                }
                tracing::warn!(waited_secs, "waiting for the database {}: {holder} is writing", path.display());
            }
            done => {
                connection.busy_timeout(BUSY_TIMEOUT)?;
                return Ok(done?);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_start_waits_while_somebody_writes_and_says_who() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("firegrid.sqlite");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        let writer = |seconds: &str| {
            let script = format!(
                "import sqlite3, sys, time; db = sqlite3.connect(sys.argv[1], isolation_level=None); \
                 db.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep({seconds})"
            );
            let mut child = std::process::Command::new("python3")
                .args(["-c", &script])
                .arg(&path)
                .stdout(std::process::Stdio::piped())
                .spawn()
                .ok()?;
            let mut said = [0; 4];
            std::io::Read::read_exact(child.stdout.as_mut()?, &mut said).ok()?;
            Some(child)
        };
        let Some(mut other) = writer("60") else {
            eprintln!("SKIPPED: who holds a lock; it needs python3");
            return;
        };
        let mut connection = Connection::open(&path).unwrap();
        let error = wait_for_lock(&mut connection, &path, Duration::from_millis(300)).unwrap_err();
        let told = error.to_string();
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(told.contains(&format!("process {}: ", other.id())) && told.contains("python3 -c"), "{told}");
        let mut short = writer("1").unwrap();
        wait_for_lock(&mut connection, &path, Duration::from_secs(30)).expect("it waits for the end of the other");
        short.wait().unwrap();
    }
}
