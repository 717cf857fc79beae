//! Devices that came in: made, seen, listed, ended.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use serde_json::json;

use super::address::class_of_address;
use super::{ACCOUNT, Account, AccountError, Accounts, Said, note, read_account};
use crate::domain::account::Stay;
use crate::domain::actor::{Access, Actor, Through};
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::store::Error;
use crate::store::codec::{Millis, word};

/// A session that is used is written down at most this often: lists of devices need no more.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// How a device came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// With a password.
    Password,
    /// By a personal link.
    Link,
    /// By the city's own sign-on.
    SignOn,
    /// By a button of the demonstration.
    Demo,
}

impl SignInMethod {
    const ALL: [Self; 4] = [Self::Password, Self::Link, Self::SignOn, Self::Demo];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Link => "link",
            Self::SignOn => "sign_on",
            Self::Demo => "demo",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.name() == name)
    }
}

/// A session to be opened.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Digest of its secret.
    pub secret_hash: String,
    /// Whose it is.
    pub account_id: i64,
    /// How it came in.
    pub how: SignInMethod,
    /// What the browser says of itself.
    pub device: String,
    /// Where it came in from.
    pub address: String,
    /// How long it lasts.
    pub stay: Stay,
    /// Digest of the secret by which the browser will be known.
    pub device_hash: Option<String>,
    /// Digest of the one by which it was known so far: it is known by that no longer.
    pub known_as: Option<String>,
    /// Digest of the session that the browser had so far: it ends.
    pub replaces: Option<String>,
}

/// A device that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    /// Surrogate id.
    pub id: i64,
    /// How it came in.
    pub how: SignInMethod,
    /// What the browser says of itself.
    pub device: String,
    /// Where it came in from.
    pub address: String,
    /// When it came in.
    pub created_at: Timestamp,
    /// When it was last seen, to five minutes.
    pub last_seen_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// When whoever is in last proved who he is.
    pub proved_at: Timestamp,
}

/// Somebody who is in.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The device.
    pub session: SessionRow,
    /// Who.
    pub account: Account,
    /// The account that made the link it came in by.
    pub let_in_by: Option<String>,
}

const SESSION: &str = "s.id, s.how, s.device, s.address, s.created_at, s.last_seen_at, s.expires_at,
    coalesce(s.proved_at, s.created_at)";

fn read_session(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    let at = |i: usize| row.get::<_, Millis>(i).map(|at| at.0);
    Ok(SessionRow {
        id: row.get(0)?,
        how: word(&row.get::<_, String>(1)?, "way in", SignInMethod::from_name)?,
        device: row.get(2)?,
        address: row.get(3)?,
        created_at: at(4)?,
        last_seen_at: at(5)?,
        expires_at: at(6)?,
        proved_at: at(7)?,
    })
}

impl Accounts {
    /// How many devices of each account are in; accounts without one are left out.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn devices_by_account(&self, now: Timestamp) -> Result<HashMap<i64, usize>, Error> {
        self.store
            .read(move |db| {
                let mut select = db.prepare_cached(
                    "SELECT account_id, count(*) FROM sessions WHERE ended_at IS NULL AND expires_at > ?1
                 GROUP BY account_id",
                )?;
                let counts = select.query_map([Millis(now)], |row| {
                    Ok((row.get(0)?, usize::try_from(row.get::<_, i64>(1)?).unwrap_or_default()))
                })?;
                Ok(counts.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Whoever is in under a secret; `None` when it is unknown, ended or too old, or the account is disabled.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn visit(&self, secret_hash: String, now: Timestamp) -> Result<Option<Visit>, Error> {
        self.store
            .read(move |db| {
                let session = db
                    .prepare_cached(&format!(
                        "SELECT {SESSION}, s.account_id, s.let_in_by FROM sessions s
                     WHERE s.secret_hash = ?1 AND s.ended_at IS NULL AND s.expires_at > ?2"
                    ))?
                    .query_row(params![secret_hash, Millis(now)], |row| {
                        Ok((read_session(row)?, row.get::<_, i64>(8)?, row.get(9)?))
                    })
                    .optional()?;
                let Some((session, account_id, let_in_by)) = session else { return Ok(None) };
                let account = db
                    .prepare_cached(&format!("{ACCOUNT} WHERE c.id = ?1 AND c.disabled_at IS NULL"))?
                    .query_row([account_id], read_account)
                    .optional()?;
                Ok(account.map(|account| Visit { session, account, let_in_by }))
            })
            .await
    }

    /// Notes that a session is used; written down every five minutes at most.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn session_used(&self, visit: &Visit, stay: Stay, now: Timestamp) -> Result<(), Error> {
        let (id, seen) = (visit.session.id, visit.session.last_seen_at);
        if now.duration_since(seen) < SEEN_EVERY {
            return Ok(());
        }
        let expires = stay.ends(visit.session.created_at, now);
        // Many pages may be asked for before the first is written down; one of them changes a row.
        self.store.write_aside("the use of a session", move |tx| {
            tx.execute(
                "UPDATE sessions SET last_seen_at = ?2, expires_at = ?3
                 WHERE id = ?1 AND ended_at IS NULL AND last_seen_at = ?4",
                params![id, Millis(now), Millis(expires), Millis(seen)],
            )?;
            Ok(())
        })
    }
}

/// Opens a session, for whoever came in by himself or by a link of another account; the account, and who acts by it.
pub(super) fn open(
    tx: &Transaction<'_>,
    new: &NewSession,
    let_in_by: Option<&str>,
    now: Timestamp,
) -> Result<(Account, Actor), AccountError> {
    let account =
        tx.prepare_cached(&format!("{ACCOUNT} WHERE c.id = ?1"))?.query_row([new.account_id], read_account)?;
    if account.disabled_at.is_some() {
        return Err(AccountError::Disabled(account.name));
    }
    let expires = new.stay.ends(now, now);
    tx.execute(
        "INSERT INTO sessions (secret_hash, account_id, how, device, address, created_at, last_seen_at, expires_at,
             let_in_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)",
        params![
            new.secret_hash,
            account.id,
            new.how.name(),
            new.device,
            new.address,
            Millis(now),
            Millis(expires),
            let_in_by
        ],
    )?;
    let by = account.actor().through(Through {
        accounts: [account.name.as_str()].into_iter().chain(let_in_by).map(str::to_owned).collect(),
        access: Some(Access::Session(tx.last_insert_rowid())),
        address: new.address.parse().ok().map(class_of_address),
    });
    if let Some(replaced) = &new.replaces {
        end_replaced(tx, replaced, &by, now)?;
    }
    if let Some(device) = &new.device_hash {
        // A secret that somebody else put into this browser must not make him known.
        if let Some(known_as) = &new.known_as {
            tx.execute("UPDATE known_devices SET secret_hash = ?2 WHERE secret_hash = ?1", params![known_as, device])?;
        }
        tx.execute(
            "INSERT INTO known_devices (secret_hash, account_id, last_seen_at) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at",
            params![device, account.id, Millis(now)],
        )?;
    }
    let detail = json!({"how": new.how.name(), "device": new.device, "address": new.address});
    note(tx, &account, AccountEvent::SignedIn, &by, &detail, now)?;
    Ok((account, by))
}

/// Ends the session that a browser had before it came in anew, whosever it was.
fn end_replaced(tx: &Transaction<'_>, secret_hash: &str, by: &Actor, now: Timestamp) -> Result<(), Error> {
    let found = tx
        .prepare_cached("SELECT id, account_id FROM sessions WHERE secret_hash = ?1 AND ended_at IS NULL")?
        .query_row([secret_hash], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    let Some((id, account_id)) = found else { return Ok(()) };
    let account = tx.prepare_cached(&format!("{ACCOUNT} WHERE c.id = ?1"))?.query_row([account_id], read_account)?;
    tx.execute("UPDATE sessions SET ended_at = ?2 WHERE id = ?1", params![id, Millis(now)])?;
    note(tx, &account, AccountEvent::SessionEnded, by, &json!({"session": id, "replaced": true}), now)
}

/// The sessions of an account that have not ended, latest first.
pub(super) fn sessions_of(db: &Connection, account_id: i64, now: Timestamp) -> Result<Vec<SessionRow>, Error> {
    let mut select = db.prepare_cached(&format!(
        "SELECT {SESSION} FROM sessions s WHERE s.account_id = ?1 AND s.ended_at IS NULL AND s.expires_at > ?2
         ORDER BY s.last_seen_at DESC, s.id DESC"
    ))?;
    let rows = select.query_map(params![account_id, Millis(now)], read_session)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many browsers are known as an account's.
pub(super) fn known_browsers(db: &Connection, account_id: i64) -> Result<u32, Error> {
    let sql = "SELECT count(*) FROM known_devices WHERE account_id = ?1";
    Ok(db.query_row(sql, [account_id], |row| row.get(0))?)
}

/// Ends one session of an account; `None` when there is none of this id.
pub(super) fn end(tx: &Transaction<'_>, account_id: i64, id: i64, now: Timestamp) -> Result<Said, Error> {
    let ended = tx.execute(
        "UPDATE sessions SET ended_at = ?3 WHERE id = ?1 AND account_id = ?2 AND ended_at IS NULL",
        params![id, account_id, Millis(now)],
    )?;
    Ok((ended > 0).then(|| (AccountEvent::SessionEnded, json!({"session": id}))))
}

/// Notes that whoever is in has just proved again who he is.
pub(super) fn prove(tx: &Transaction<'_>, id: i64, now: Timestamp) -> Result<Said, Error> {
    tx.execute("UPDATE sessions SET proved_at = ?2 WHERE id = ?1", params![id, Millis(now)])?;
    Ok(None)
}

/// Forgets the browsers that are known as an account's, but one.
pub(super) fn forget_browsers(tx: &Transaction<'_>, account_id: i64, keep: Option<&str>) -> Result<Said, Error> {
    let forgotten = tx.execute(
        "DELETE FROM known_devices WHERE account_id = ?1 AND secret_hash IS DISTINCT FROM ?2",
        params![account_id, keep],
    )?;
    Ok((forgotten > 0).then(|| (AccountEvent::BrowsersForgotten, json!({"browsers": forgotten}))))
}

/// Ends all sessions of an account but one.
pub(super) fn end_all(tx: &Transaction<'_>, account_id: i64, keep: Option<i64>, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "UPDATE sessions SET ended_at = ?2 WHERE account_id = ?1 AND ended_at IS NULL AND id IS DISTINCT FROM ?3",
        params![account_id, Millis(now), keep],
    )?;
    Ok(())
}
