//! Personal sign-in links: one use, a short life.

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::json;

use super::second_step::{self, NewStep};
use super::sessions::{self, NewSession};
use super::{ACCOUNT, Account, AccountError, named, note, read_account, spelled};
use crate::domain::actor::Actor;
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::Timestamp;
use crate::store::codec::Millis;
use crate::store::{Error, Store};

impl Store {
    /// Makes a link for an account; earlier ones of it that were not used are void.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::Disabled`], or of the database.
    pub async fn make_link(
        &self,
        name: &str,
        secret_hash: String,
        expires: Timestamp,
        by: Actor,
        now: Timestamp,
    ) -> Result<Account, AccountError> {
        let name = spelled(name);
        self.try_write(move |tx| {
            let account = named(tx, &name)?;
            if account.disabled_at.is_some() {
                return Err(AccountError::Disabled(account.name));
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
            note(tx, &account, AccountEvent::LinkMade, &by, &json!({"expires_at": expires.to_string()}), now)?;
            Ok(account)
        })
        .await
    }

    /// Whose a link is that may still be used.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn link_owner(&self, secret_hash: String, now: Timestamp) -> Result<Option<Account>, Error> {
        self.read(move |db| owner(db, &secret_hash, now)).await
    }

    /// Uses a link up and opens a session with it, both or neither; `None` when it is unknown, used or too old.
    /// The account of `session` is the link's, whatever it says.
    ///
    /// # Errors
    /// [`AccountError::Disabled`], or of the database.
    pub async fn sign_in_by_link(
        &self,
        secret_hash: String,
        mut session: NewSession,
        now: Timestamp,
    ) -> Result<Option<Account>, AccountError> {
        self.try_write(move |tx| {
            let Some((account, made_by)) = use_up(tx, &secret_hash, now)? else { return Ok(None) };
            session.account_id = account.id;
            sessions::open(tx, &session, made_by.as_deref(), now).map(|(account, _)| Some(account))
        })
        .await
    }

    /// Uses a link up for the first step of its account, both or neither; `None` when it is unknown, used or too old.
    /// The account of `step` is the link's, whatever it says.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn first_step_by_link(
        &self,
        secret_hash: String,
        mut step: NewStep,
        now: Timestamp,
    ) -> Result<Option<Account>, Error> {
        self.write(move |tx| {
            let Some((account, made_by)) = use_up(tx, &secret_hash, now)? else { return Ok(None) };
            step.account_id = account.id;
            second_step::ask(tx, &step, made_by.as_deref())?;
            Ok(Some(account))
        })
        .await
    }
}

/// Uses a link up: whose it is, and the account that made it; `None` when it may not be used any more.
fn use_up(tx: &Transaction<'_>, secret_hash: &str, now: Timestamp) -> Result<Option<(Account, Option<String>)>, Error> {
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
