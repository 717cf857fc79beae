//! Failed attempts to sign in, and who has to wait because of them; they outlive a restart.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{Account, AccountError, Accounts, named, second_step, spelled};
use crate::domain::account::{CountedBy, FAILURES_COUNT_FOR, wait_after};
use crate::domain::time::{SignedDuration, Timestamp};
use crate::store::Error;
use crate::store::codec::Millis;

/// Longest name to sign in with, characters.
const LONGEST_NAME: usize = 40;

/// An attempt to sign in with a password.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The name that was typed.
    pub name: String,
    /// Where it comes from.
    pub address: String,
    /// What the browser says of itself.
    pub browser: String,
    /// Digest of the secret by which the browser may be known.
    pub device_hash: Option<String>,
}

/// A sign-in that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedSignIn {
    /// When.
    pub at: Timestamp,
    /// From where.
    pub address: String,
    /// What the browser said of itself.
    pub device: String,
}

/// How long a failed sign-in is shown, and how many of an account at most: those who guess must not fill the disk.
const SHOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
const SHOWN_AT_MOST: u32 = 50;

/// Whether an attempt to sign in may be made.
#[derive(Debug, Clone)]
pub enum MaySignIn {
    /// Not before a moment.
    From(Timestamp),
    /// Now; with the account of the name, where there is one, and the hash of its password.
    Now(Option<Box<(Account, Option<String>)>>),
}

impl Attempt {
    /// Anything can be typed; what is longer than a name is counted by its beginning, so that nobody fills the disk.
    fn spelled_name(&self) -> String {
        spelled(&self.name).chars().take(LONGEST_NAME).collect()
    }

    /// The browser, where it came in as this account before.
    fn known_device(&self, db: &Connection, name: &str) -> Result<Option<String>, Error> {
        let Some(device) = &self.device_hash else { return Ok(None) };
        let is_known: bool = db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM known_devices d JOIN accounts c ON c.id = d.account_id
                 WHERE d.secret_hash = ?1 AND c.name = ?2)",
            )?
            .query_row([device.as_str(), name], |row| row.get(0))?;
        Ok(is_known.then(|| device.clone()))
    }

    /// What the attempt is counted by: a known device by itself, everybody else by account and by address.
    fn counts(&self, db: &Connection) -> Result<Vec<(CountedBy, String)>, Error> {
        let name = self.spelled_name();
        if let Some(device) = self.known_device(db, &name)? {
            return Ok(vec![(CountedBy::KnownDevice, format!("device:{device}"))]);
        }
        let address = format!("address:{}", self.address);
        Ok(vec![(CountedBy::Account, format!("account:{name}")), (CountedBy::Address, address)])
    }
}

impl Attempt {
    /// Notes it for the owner of the name, if there is one.
    fn keep(&self, tx: &Transaction<'_>, now: Timestamp) -> Result<(), Error> {
        let name = spelled(&self.name);
        let account: Option<i64> =
            tx.query_row("SELECT id FROM accounts WHERE name = ?1", [&name], |row| row.get(0)).optional()?;
        let Some(account) = account else { return Ok(()) };
        tx.execute(
            "INSERT INTO failed_sign_ins (account_id, at, address, device) VALUES (?1, ?2, ?3, ?4)",
            params![account, Millis(now), self.address, self.browser],
        )?;
        let since = now.checked_sub(SHOWN_FOR).unwrap_or(Timestamp::MIN);
        tx.execute(
            "DELETE FROM failed_sign_ins WHERE account_id = ?1 AND (at <= ?2 OR id NOT IN
                 (SELECT id FROM failed_sign_ins WHERE account_id = ?1 ORDER BY id DESC LIMIT ?3))",
            params![account, Millis(since), SHOWN_AT_MOST],
        )?;
        Ok(())
    }
}

impl Accounts {
    /// The digest of the browser that an attempt comes from, where it came in as this account before.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn known_browser(&self, attempt: Attempt) -> Result<Option<String>, Error> {
        self.store.read(move |db| attempt.known_device(db, &attempt.spelled_name())).await
    }

    /// Whether an attempt may be made now, and what it is held against.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn may_sign_in(&self, attempt: Attempt, now: Timestamp) -> Result<MaySignIn, Error> {
        self.store
            .read(move |db| {
                let mut until = None;
                for (counted_by, key) in attempt.counts(db)? {
                    let mut select = db.prepare_cached("SELECT at FROM sign_in_failures WHERE counted_by = ?1")?;
                    let failures: Vec<Timestamp> = select
                        .query_map([&key], |row| row.get::<_, Millis>(0).map(|at| at.0))?
                        .collect::<Result<_, _>>()?;
                    until = until.max(wait_after(counted_by, &failures, now));
                }
                if let Some(until) = until {
                    return Ok(MaySignIn::From(until));
                }
                let account = match named(db, &spelled(&attempt.name)) {
                    Ok(account) => account,
                    Err(AccountError::Store(error)) => return Err(error),
                    Err(_unknown) => return Ok(MaySignIn::Now(None)),
                };
                let hash =
                    db.query_row("SELECT password_hash FROM accounts WHERE id = ?1", [account.id], |row| row.get(0))?;
                Ok(MaySignIn::Now(Some(Box::new((account, hash)))))
            })
            .await
    }

    /// Counts an attempt that failed, also with the second step whose code was wrong; attempts that count no more are
    /// forgotten.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn sign_in_failed(&self, attempt: Attempt, step: Option<String>, now: Timestamp) -> Result<(), Error> {
        self.store
            .write(move |tx| {
                step.map_or(Ok(()), |step| second_step::failed(tx, &step))?;
                let old = now.checked_sub(FAILURES_COUNT_FOR).unwrap_or(Timestamp::MIN);
                tx.execute("DELETE FROM sign_in_failures WHERE at <= ?1", [Millis(old)])?;
                for (_, key) in attempt.counts(tx)? {
                    tx.execute(
                        "INSERT INTO sign_in_failures (counted_by, at) VALUES (?1, ?2)",
                        params![key, Millis(now)],
                    )?;
                }
                attempt.keep(tx, now)
            })
            .await
    }
}

/// The sign-ins under an account's name that failed lately, the newest first.
pub(super) fn failed_of(db: &Connection, account: i64, now: Timestamp) -> Result<Vec<FailedSignIn>, Error> {
    let since = now.checked_sub(SHOWN_FOR).unwrap_or(Timestamp::MIN);
    let mut select = db.prepare_cached(
        "SELECT at, address, device FROM failed_sign_ins WHERE account_id = ?1 AND at > ?2 ORDER BY id DESC",
    )?;
    let rows = select.query_map(params![account, Millis(since)], |row| {
        Ok(FailedSignIn { at: row.get::<_, Millis>(0)?.0, address: row.get(1)?, device: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
