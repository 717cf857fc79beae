//! What the database knows of this machine's clock: what has certainly passed, and whether the clock is doubted.
//!
//! Written by the service every few minutes, so that a clock that was set back is noticed at the next start. That a doubt
//! begins and ends stands in the log: what was recorded between carries corrected times.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;

use super::codec::{Json, Millis};
use super::events::{NewEvent, SubjectKind, append};
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::clock_trust::{Doubt, DoubtReason};
use crate::domain::time::Timestamp;

/// The subject of events about the clock.
const SUBJECT: &str = "machine";

/// The clock as the service left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownClock {
    /// An instant that has certainly passed.
    pub certain_at: Timestamp,
    /// What was wrong with the clock.
    pub doubt: Option<Doubt>,
}

/// What is found of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockFound {
    /// It is believed; an instant has certainly passed.
    Certain(Timestamp),
    /// It is doubted.
    Doubted {
        /// What is wrong with it.
        doubt: Doubt,
        /// What it shows.
        wall: Timestamp,
    },
}

impl Store {
    /// The clock as it was last known; `None` before a service ran.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn known_clock(&self) -> Result<Option<KnownClock>, Error> {
        self.read(known).await
    }

    /// Notes what was found of the clock; `now` is the present as far as it is known. That a doubt begins or is over
    /// stands in the log, once.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn note_clock(&self, found: ClockFound, now: Timestamp) -> Result<(), Error> {
        self.write(move |tx| {
            let before = known(tx)?.and_then(|before| before.doubt);
            let (kind, detail) = match found {
                ClockFound::Certain(at) => {
                    write_certain(tx, at)?;
                    if before.is_none() {
                        return Ok(());
                    }
                    ("believed", json!({}))
                }
                ClockFound::Doubted { doubt, wall } => {
                    write_doubt(tx, doubt, now)?;
                    if before.is_some_and(|before| before.is_like(doubt)) {
                        return Ok(());
                    }
                    let (reason, ahead_secs) = (doubt.reason.name(), doubt.by.as_secs());
                    ("doubted", json!({"reason": reason, "ahead_secs": ahead_secs, "clock_shows": wall.to_string()}))
                }
            };
            let subject = (SubjectKind::Clock, SUBJECT);
            append(tx, now, &NewEvent::plain(subject, kind, &Actor::system(), &detail)).map(drop)
        })
        .await
    }
}

fn write_certain(tx: &Transaction<'_>, at: Timestamp) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO machine_clock (id, certain_at, doubt) VALUES (1, ?1, NULL)
         ON CONFLICT (id) DO UPDATE SET certain_at = excluded.certain_at, doubt = NULL",
        [Millis(at)],
    )?;
    Ok(())
}

fn write_doubt(tx: &Transaction<'_>, doubt: Doubt, now: Timestamp) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO machine_clock (id, certain_at, doubt) VALUES (1, ?1, ?2)
         ON CONFLICT (id) DO UPDATE SET doubt = excluded.doubt,
             certain_at = CASE WHEN ?3 THEN excluded.certain_at ELSE certain_at END",
        // A server's date is better than what was noted by a clock that may have been wrong before.
        params![Millis(now), Json(doubt), doubt.reason == DoubtReason::ServerDate],
    )?;
    Ok(())
}

fn known(db: &Connection) -> Result<Option<KnownClock>, Error> {
    let found = db
        .prepare_cached("SELECT certain_at, doubt FROM machine_clock WHERE id = 1")?
        .query_row([], |row| {
            let doubt: Option<Json<Doubt>> = row.get(1)?;
            Ok(KnownClock { certain_at: row.get::<_, Millis>(0)?.0, doubt: doubt.map(|json| json.0) })
        })
        .optional()?;
    Ok(found)
}
