//! Tokens that programs come in with.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use serde_json::json;

use super::{ACCOUNT, Account, AccountError, Accounts, Said, power, read_account};
use crate::domain::account::TokenPower;
use crate::domain::actor::Actor;
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::store::Error;
use crate::store::codec::Millis;

/// The use of a token is written down at most this often.
const SEEN_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Digest of its secret.
    pub secret_hash: String,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub power: TokenPower,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenRow {
    /// Surrogate id.
    pub id: i64,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub power: TokenPower,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to an hour.
    pub last_used_at: Option<Timestamp>,
}

/// Whoever comes in with a token.
#[derive(Debug, Clone)]
pub struct TokenHolder {
    /// The token's surrogate id.
    pub token: i64,
    /// Who.
    pub account: Account,
    /// What it may do.
    pub power: TokenPower,
    /// The account that made the token.
    pub made_by: Option<String>,
}

impl Accounts {
    /// Whose a token is and what it may do; `None` when it is unknown, ended or too old, or the account is disabled.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn token_holder(&self, secret_hash: String, now: Timestamp) -> Result<Option<TokenHolder>, Error> {
        let found = self
            .store
            .read(move |db| {
                let found = db
                    .prepare_cached(
                        "SELECT id, account_id, power, last_used_at, made_by FROM api_tokens
                         WHERE secret_hash = ?1 AND ended_at IS NULL AND expires_at > ?2",
                    )?
                    .query_row(params![secret_hash, Millis(now)], |row| {
                        let used = row.get::<_, Option<Millis>>(3)?.map(|at| at.0);
                        let power = power(&row.get::<_, String>(2)?)?;
                        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, power, used, row.get(4)?))
                    })
                    .optional()?;
                let Some((token, account_id, power, used, made_by)) = found else { return Ok(None) };
                let account = db
                    .prepare_cached(&format!("{ACCOUNT} WHERE c.id = ?1 AND c.disabled_at IS NULL"))?
                    .query_row([account_id], read_account)
                    .optional()?;
                Ok(account.map(|account| (TokenHolder { token, account, power, made_by }, used)))
            })
            .await?;
        let Some((holder, used)) = found else { return Ok(None) };
        let id = holder.token;
        if used.is_none_or(|used| now.duration_since(used) >= SEEN_EVERY) {
            // Many calls may come before the first is written down; one of them changes a row.
            self.store.write_aside("the use of a token", move |tx| {
                tx.execute(
                    "UPDATE api_tokens SET last_used_at = ?2 WHERE id = ?1 AND last_used_at IS NOT DISTINCT FROM ?3",
                    params![id, Millis(now), used.map(Millis)],
                )?;
                Ok(())
            })?;
        }
        Ok(Some(holder))
    }
}

/// Makes a token for an account.
pub(super) fn make(
    tx: &Transaction<'_>,
    account: &Account,
    new: &NewToken,
    by: &Actor,
    now: Timestamp,
) -> Result<Said, AccountError> {
    if account.disabled_at.is_some() {
        return Err(AccountError::Disabled(account.name.clone()));
    }
    tx.execute(
        "INSERT INTO api_tokens (secret_hash, account_id, label, power, created_at, expires_at, made_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            new.secret_hash,
            account.id,
            new.label,
            new.power.name(),
            Millis(now),
            Millis(new.expires_at),
            by.through.accounts.first()
        ],
    )?;
    let detail = json!({"label": new.label, "power": new.power, "expires_at": new.expires_at.to_string()});
    Ok(Some((AccountEvent::TokenAdded, detail)))
}

/// The tokens of an account that have not ended, latest first.
pub(super) fn all_of(db: &Connection, account_id: i64, now: Timestamp) -> Result<Vec<TokenRow>, Error> {
    let mut select = db.prepare_cached(
        "SELECT id, label, power, created_at, expires_at, last_used_at FROM api_tokens
         WHERE account_id = ?1 AND ended_at IS NULL AND expires_at > ?2 ORDER BY id DESC",
    )?;
    let rows = select.query_map(params![account_id, Millis(now)], |row| {
        Ok(TokenRow {
            id: row.get(0)?,
            label: row.get(1)?,
            power: power(&row.get::<_, String>(2)?)?,
            created_at: row.get::<_, Millis>(3)?.0,
            expires_at: row.get::<_, Millis>(4)?.0,
            last_used_at: row.get::<_, Option<Millis>>(5)?.map(|at| at.0),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ends a token of an account; `None` when there is none of this id.
pub(super) fn end(tx: &Transaction<'_>, account_id: i64, id: i64, now: Timestamp) -> Result<Said, Error> {
    let ended = tx.execute(
        "UPDATE api_tokens SET ended_at = ?3 WHERE id = ?1 AND account_id = ?2 AND ended_at IS NULL",
        params![id, account_id, Millis(now)],
    )?;
    Ok((ended > 0).then(|| (AccountEvent::TokenEnded, json!({"token": id}))))
}

/// Ends all tokens of an account.
pub(super) fn end_all(tx: &Transaction<'_>, account_id: i64, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "UPDATE api_tokens SET ended_at = ?2 WHERE account_id = ?1 AND ended_at IS NULL",
        params![account_id, Millis(now)],
    )?;
    Ok(())
}
