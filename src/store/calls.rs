//! What calls with an idempotency key were answered, kept so that a repeat is answered the same.
//!
//! The web asks before a call and notes after it; what a key and a fingerprint are is decided there. Doing a command
//! twice is prevented by its client id in the log, not here: a call that broke off may be sent again.

use rusqlite::{OptionalExtension, Transaction, params};

use super::codec::Millis;
use super::{Accounts, Error, Store};
use crate::domain::time::{SignedDuration, Timestamp};

/// Answers are kept this long: a phone that was offline over a weekend and a day sends again within it.
pub const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A call that has no answer after this was broken off: no answer takes longer than half of it.
const BROKEN_OFF: SignedDuration = SignedDuration::from_secs(60);

/// A call as it comes in.
#[derive(Debug, Clone)]
pub struct Call {
    /// Whose.
    pub account_id: i64,
    /// The key it came with.
    pub key: String,
    /// Hash of what it asks.
    pub fingerprint: String,
}

/// What a call was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Status.
    pub status: u16,
    /// Media type, where there was a body.
    pub content_type: Option<String>,
    /// Body.
    pub body: Vec<u8>,
}

/// What is known of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It is new, and noted as begun.
    New,
    /// It was answered.
    Answered(Answered),
    /// The key was used for another call.
    Differs,
    /// It is being worked on just now.
    Running,
}

type Row = (String, Timestamp, Option<u16>, Option<String>, Option<Vec<u8>>);

impl Accounts {
    /// Looks a call up, and notes it as begun when it is new.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn begin_call(&self, call: Call, now: Timestamp) -> Result<Known, Error> {
        self.store
            .write(move |tx| {
                let found: Option<Row> = tx
                    .prepare_cached(
                        "SELECT fingerprint, begun_at, status, content_type, body FROM answered_calls
                     WHERE account_id = ?1 AND key = ?2",
                    )?
                    .query_row(params![call.account_id, call.key], |row| {
                        Ok((row.get(0)?, row.get::<_, Millis>(1)?.0, row.get(2)?, row.get(3)?, row.get(4)?))
                    })
                    .optional()?;
                if let Some(known) = found.and_then(|row| known(row, &call, now)) {
                    return Ok(known);
                }
                tx.prepare_cached(
                    "INSERT INTO answered_calls (account_id, key, fingerprint, begun_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (account_id, key) DO UPDATE SET fingerprint = excluded.fingerprint,
                     begun_at = excluded.begun_at, status = NULL, content_type = NULL, body = NULL",
                )?
                .execute(params![call.account_id, call.key, call.fingerprint, Millis(now)])?;
                Ok(Known::New)
            })
            .await
    }

    /// Notes what a call was answered; `None` where it did nothing and may be sent otherwise under the same key.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn end_call(&self, call: Call, answered: Option<Answered>) -> Result<(), Error> {
        self.store
            .write(move |tx| {
                match answered {
                    Some(Answered { status, content_type, body }) => tx.execute(
                        "UPDATE answered_calls SET status = ?3, content_type = ?4, body = ?5
                         WHERE account_id = ?1 AND key = ?2",
                        params![call.account_id, call.key, status, content_type, body],
                    )?,
                    None => tx.execute(
                        "DELETE FROM answered_calls WHERE account_id = ?1 AND key = ?2 AND status IS NULL",
                        params![call.account_id, call.key],
                    )?,
                };
                Ok(())
            })
            .await
    }
}

impl Store {
    /// Removes answers that are kept no longer and returns how many.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) async fn remove_old_calls(&self, now: Timestamp) -> Result<u64, Error> {
        let before = now.checked_sub(ANSWERS_KEPT).unwrap_or(Timestamp::MIN);
        let old: Vec<(i64, String)> = self
            .read(move |db| {
                let mut select = db.prepare("SELECT account_id, key FROM answered_calls WHERE begun_at < ?1")?;
                let rows = select.query_map([Millis(before)], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let remove = move |tx: &Transaction<'_>, (account, key): &(i64, String)| {
            // Unless the key was used anew meanwhile.
            let mut delete =
                tx.prepare_cached("DELETE FROM answered_calls WHERE account_id = ?1 AND key = ?2 AND begun_at < ?3")?;
            Ok(delete.execute(params![account, key, Millis(before)])?)
        };
        let removed: usize = self.write_in_portions(old, remove).await?.into_iter().sum();
        Ok(removed as u64)
    }
}

/// What a row says of a call; `None` when it is as if there were none.
fn known((fingerprint, begun_at, status, content_type, body): Row, call: &Call, now: Timestamp) -> Option<Known> {
    let age = now.duration_since(begun_at);
    if age > ANSWERS_KEPT {
        return None;
    }
    if fingerprint != call.fingerprint {
        return Some(Known::Differs);
    }
    match status {
        Some(status) => Some(Known::Answered(Answered { status, content_type, body: body.unwrap_or_default() })),
        None => (age < BROKEN_OFF).then_some(Known::Running),
    }
}
