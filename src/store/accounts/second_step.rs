//! The second step of signing in: set up, asked for, passed, taken away.
//!
//! Codes themselves are not known here: what compares them ([`crate::credentials`]) says which step of time one is of,
//! and each step is used once.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;

use super::sessions::{self, NewSession, SignInMethod};
use super::{ACCOUNT, Account, AccountError, Accounts, Said, note, read_account};
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::codec::{Millis, word};

/// Codes that may be tried before the first step has to be done anew.
const TRIES: i64 = 5;

/// Somebody who passed the first step.
#[derive(Debug, Clone)]
pub struct NewStep {
    /// Digest of what the form of the second step brings back.
    pub secret_hash: String,
    /// Whose.
    pub account_id: i64,
    /// How the first step was passed.
    pub how: SignInMethod,
    /// Until when the second one may be passed.
    pub expires_at: Timestamp,
}

/// Who is asked for a code.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The account.
    pub account: Account,
    /// How it passed the first step.
    pub how: SignInMethod,
    /// What its authenticator shares, in base 32.
    pub secret: String,
}

/// What proves the second step.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A code of the authenticator, by its step of time.
    Step(i64),
    /// Digest of a recovery code.
    Recovery(String),
}

/// What an account has set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondStep {
    /// Since when.
    pub since: Timestamp,
    /// Recovery codes that were not used yet.
    pub codes_left: u32,
}

/// A second step to be set up.
#[derive(Debug, Clone)]
pub struct NewSecondStep {
    /// What the authenticator shares, in base 32.
    pub secret: String,
    /// The step of time of the code that proved it.
    pub step: i64,
    /// Digests of its recovery codes.
    pub code_hashes: Vec<String>,
    /// The session in which it is done, which stays.
    pub session: Option<i64>,
}

impl Accounts {
    /// Who may be asked for a code under a secret; `None` when it is unknown or too old, too many codes were wrong, or
    /// the account is disabled or has no second step any more.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn asked_second_step(&self, secret_hash: String, now: Timestamp) -> Result<Option<Asked>, Error> {
        self.store
            .read(move |db| {
                let Some(Step { account_id: id, how, .. }) = step(db, &secret_hash, now)? else { return Ok(None) };
                let account = db
                    .prepare_cached(&format!("{ACCOUNT} WHERE c.id = ?1 AND c.disabled_at IS NULL"))?
                    .query_row([id], read_account)
                    .optional()?;
                let secret: Option<String> =
                    db.query_row("SELECT totp_secret FROM accounts WHERE id = ?1", [id], |row| row.get(0))?;
                Ok(account.zip(secret).map(|(account, secret)| Asked { account, how, secret }))
            })
            .await
    }
}

/// What an account has set up; `None`: nothing.
pub(super) fn set_up(db: &Connection, account_id: i64) -> Result<Option<SecondStep>, Error> {
    let since: Option<Millis> =
        db.query_row("SELECT totp_since FROM accounts WHERE id = ?1", [account_id], |row| row.get(0))?;
    let codes_left = db.query_row(
        "SELECT count(*) FROM recovery_codes WHERE account_id = ?1 AND used_at IS NULL",
        [account_id],
        |row| row.get(0),
    )?;
    Ok(since.map(|since| SecondStep { since: since.0, codes_left }))
}

/// Sets the second step of an account up. Recovery codes of before are void, and its other sessions end.
pub(super) fn set(tx: &Transaction<'_>, account_id: i64, new: &NewSecondStep, now: Timestamp) -> Result<Said, Error> {
    clear(tx, account_id)?;
    tx.execute(
        "UPDATE accounts SET totp_secret = ?2, totp_since = ?3, totp_step = ?4 WHERE id = ?1",
        params![account_id, new.secret, Millis(now), new.step],
    )?;
    for hash in &new.code_hashes {
        tx.execute("INSERT INTO recovery_codes (account_id, code_hash) VALUES (?1, ?2)", params![account_id, hash])?;
    }
    sessions::end_all(tx, account_id, new.session, now)?;
    Ok(Some((AccountEvent::SecondStepSet, json!({}))))
}

/// Takes the second step of an account away; `None` when it has none.
pub(super) fn remove(tx: &Transaction<'_>, account: &Account) -> Result<Said, Error> {
    if !account.has_second_step {
        return Ok(None);
    }
    clear(tx, account.id)?;
    Ok(Some((AccountEvent::SecondStepRemoved, json!({}))))
}

/// Counts a code that was wrong.
pub(super) fn failed(tx: &Transaction<'_>, secret_hash: &str) -> Result<(), Error> {
    tx.execute("UPDATE sign_in_steps SET failures = failures + 1 WHERE secret_hash = ?1", [secret_hash])?;
    Ok(())
}

/// Uses a proof up and opens a session with it; `None` when it was used before, is none of the account, or the step is
/// over.
pub(super) fn pass(
    tx: &Transaction<'_>,
    (secret_hash, proof): (&str, &Proof),
    session: NewSession,
    now: Timestamp,
) -> Result<Option<Account>, AccountError> {
    let Some(Step { account_id, let_in_by, .. }) = step(tx, secret_hash, now)? else { return Ok(None) };
    if !use_up(tx, account_id, proof, now)? {
        return Ok(None);
    }
    forget_asked(tx, account_id)?;
    let session = NewSession { account_id, ..session };
    let (account, by) = sessions::open(tx, &session, let_in_by.as_deref(), now)?;
    if matches!(proof, Proof::Recovery(_)) {
        note(tx, &account, AccountEvent::RecoveryCodeUsed, &by, &json!({}), now)?;
    }
    Ok(Some(account))
}

/// A first step that was passed.
struct Step {
    account_id: i64,
    how: SignInMethod,
    /// The account that made the link it was passed by.
    let_in_by: Option<String>,
}

/// The first step of a secret that may still be followed by the second.
fn step(db: &Connection, secret_hash: &str, now: Timestamp) -> Result<Option<Step>, Error> {
    let found = db
        .prepare_cached(
            "SELECT account_id, how, let_in_by FROM sign_in_steps
             WHERE secret_hash = ?1 AND expires_at > ?2 AND failures < ?3",
        )?
        .query_row(params![secret_hash, Millis(now), TRIES], |row| {
            let how = word(&row.get::<_, String>(1)?, "way in", SignInMethod::from_name)?;
            Ok(Step { account_id: row.get(0)?, how, let_in_by: row.get(2)? })
        })
        .optional()?;
    Ok(found)
}

/// Uses a proof up; false when it was used before or is none of the account.
fn use_up(tx: &Transaction<'_>, account_id: i64, proof: &Proof, now: Timestamp) -> Result<bool, Error> {
    let used = match proof {
        Proof::Step(step) => tx.execute(
            "UPDATE accounts SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2",
            params![account_id, step],
        )?,
        Proof::Recovery(hash) => tx.execute(
            "UPDATE recovery_codes SET used_at = ?3 WHERE account_id = ?1 AND code_hash = ?2 AND used_at IS NULL",
            params![account_id, hash, Millis(now)],
        )?,
    };
    Ok(used > 0)
}

/// Remembers who passed the first step, and which account made the link it was passed by.
pub(super) fn ask(tx: &Transaction<'_>, new: &NewStep, let_in_by: Option<&str>) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO sign_in_steps (secret_hash, account_id, how, expires_at, let_in_by) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.secret_hash, new.account_id, new.how.name(), Millis(new.expires_at), let_in_by],
    )?;
    Ok(())
}

/// Forgets whoever passed the first step only: what it was passed with is void.
pub(super) fn forget_asked(tx: &Transaction<'_>, account_id: i64) -> Result<(), Error> {
    tx.execute("DELETE FROM sign_in_steps WHERE account_id = ?1", [account_id])?;
    Ok(())
}

fn clear(tx: &Transaction<'_>, account_id: i64) -> Result<(), Error> {
    tx.execute(
        "UPDATE accounts SET totp_secret = NULL, totp_since = NULL, totp_step = NULL WHERE id = ?1",
        [account_id],
    )?;
    tx.execute("DELETE FROM recovery_codes WHERE account_id = ?1", [account_id])?;
    forget_asked(tx, account_id)
}
