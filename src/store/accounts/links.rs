//! Personal sign-in links: one use, a short life.

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::json;

use super::{ACCOUNT, Account, AccountError, Accounts, Said, read_account};
use crate::domain::actor::Actor;
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::codec::Millis;

impl Accounts {
    /// Whose a link is that may still be used.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn link_owner(&self, secret_hash: String, now: Timestamp) -> Result<Option<Account>, Error> {
        self.store.read(move |db| owner(db, &secret_hash, now)).await
    }
}

/// Makes a link for an account; earlier ones of it that were not used are void.
pub(super) fn make(
    tx: &Transaction<'_>,
    account: &Account,
    (secret_hash, expires): (&str, Timestamp),
    by: &Actor,
    now: Timestamp,
) -> Result<Said, AccountError> {
    if account.disabled_at.is_some() {
        return Err(AccountError::Disabled(account.name.clone()));
    }
    void_all(tx, account.id, now)?;
    tx.execute(
        "INSERT INTO sign_in_links (secret_hash, account_id, created_at, expires_at, made_by)
         VALUES (?1, ?2, ?3, ?4, ?5)",
        params![secret_hash, account.id, Millis(now), Millis(expires), by.through.accounts.first()],
    )?;
    tx.execute(
        "UPDATE accounts SET link_made_at = ?2, link_made_by = ?3, link_made_through = ?4 WHERE id = ?1",
        params![account.id, Millis(now), by.name, by.through.accounts.first()],
    )?;
    Ok(Some((AccountEvent::LinkMade, json!({"expires_at": expires.to_string()}))))
}

/// Uses a link up: whose it is, and the account that made it; `None` when it may not be used any more.
pub(super) fn use_up(
    tx: &Transaction<'_>,
    secret_hash: &str,
    now: Timestamp,
) -> Result<Option<(Account, Option<String>)>, Error> {
    let Some(account) = owner(tx, secret_hash, now)? else { return Ok(None) };
    let update = "UPDATE sign_in_links SET used_at = ?2 WHERE secret_hash = ?1 RETURNING made_by";
    let made_by = tx.prepare_cached(update)?.query_row(params![secret_hash, Millis(now)], |row| row.get(0))?;
    Ok(Some((account, made_by)))
}

fn owner(db: &rusqlite::Connection, secret_hash: &str, now: Timestamp) -> Result<Option<Account>, Error> {
    let found = db
        .prepare_cached(&format!(
            "{ACCOUNT} JOIN sign_in_links l ON l.account_id = c.id
             WHERE l.secret_hash = ?1 AND l.used_at IS NULL AND l.expires_at > ?2 AND c.disabled_at IS NULL"
        ))?
        .query_row(params![secret_hash, Millis(now)], read_account)
        .optional()?;
    Ok(found)
}

/// Makes void what links of an account were not used.
pub(super) fn void_all(tx: &Transaction<'_>, account_id: i64, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "UPDATE sign_in_links SET expires_at = ?2 WHERE account_id = ?1 AND used_at IS NULL AND expires_at > ?2",
        params![account_id, Millis(now)],
    )?;
    Ok(())
}
