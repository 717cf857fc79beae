//! Failed attempts to sign in, and who has to wait because of them; they outlive a restart.

use rusqlite::{Connection, params};

use super::spelled;
use crate::domain::account::{CountedBy, FAILURES_COUNT_FOR, wait_after};
use crate::domain::time::Timestamp;
use crate::store::codec::Millis;
use crate::store::{Error, Store};

/// Longest name to sign in with, characters.
const LONGEST_NAME: usize = 40;

/// An attempt to sign in with a password.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The name that was typed.
    pub name: String,
    /// Where it comes from.
    pub address: String,
    /// Digest of the secret by which the browser may be known.
    pub device_hash: Option<String>,
}

impl Attempt {
    /// What the attempt is counted by: a known device by itself, everybody else by account and by address.
    fn counts(&self, db: &Connection) -> Result<Vec<(CountedBy, String)>, Error> {
        // Anything can be typed; what is longer than a name is counted by its beginning, so that nobody fills the disk.
        let name: String = spelled(&self.name).chars().take(LONGEST_NAME).collect();
        if let Some(device) = &self.device_hash {
            let is_known: bool = db
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM known_devices d JOIN accounts c ON c.id = d.account_id
                     WHERE d.secret_hash = ?1 AND c.name = ?2)",
                )?
                .query_row([device, &name], |row| row.get(0))?;
            if is_known {
                return Ok(vec![(CountedBy::KnownDevice, format!("device:{device}"))]);
            }
        }
        let address = format!("address:{}", self.address);
        Ok(vec![(CountedBy::Account, format!("account:{name}")), (CountedBy::Address, address)])
    }
}

impl Store {
    /// Until when an attempt has to wait; `None`: it may be tried now.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn sign_in_wait(&self, attempt: Attempt, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.read(move |db| {
            let mut until = None;
            for (counted_by, key) in attempt.counts(db)? {
                let mut select = db.prepare_cached("SELECT at FROM sign_in_failures WHERE counted_by = ?1")?;
                let failures: Vec<Timestamp> = select
                    .query_map([&key], |row| row.get::<_, Millis>(0).map(|at| at.0))?
                    .collect::<Result<_, _>>()?;
                until = until.max(wait_after(counted_by, &failures, now));
            }
            Ok(until)
        })
        .await
    }

    /// Counts an attempt that failed; attempts that count no more are forgotten.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn sign_in_failed(&self, attempt: Attempt, now: Timestamp) -> Result<(), Error> {
        self.write(move |tx| {
            let old = now.checked_sub(FAILURES_COUNT_FOR).unwrap_or(Timestamp::MIN);
            tx.execute("DELETE FROM sign_in_failures WHERE at <= ?1", [Millis(old)])?;
            for (_, key) in attempt.counts(tx)? {
                tx.execute("INSERT INTO sign_in_failures (counted_by, at) VALUES (?1, ?2)", params![key, Millis(now)])?;
            }
            Ok(())
        })
        .await
    }
}
