//! What is known of each source: its cursor, its freshness, its last outcome.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::codec::Millis;
use super::record::Batch;
use super::{Error, Store};
use crate::domain::freshness::FeedSigns;
use crate::domain::time::Timestamp;

/// A source as last left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    /// The source.
    pub id: String,
    /// `ETag` of the last complete body.
    pub etag: Option<String>,
    /// `Last-Modified` of the last complete body.
    pub last_modified: Option<String>,
    /// What the two were given for: address and region version. For anything else they prove nothing.
    pub validators_for: Option<String>,
    /// Start of the last poll.
    pub last_attempt_at: Option<Timestamp>,
    /// Its named outcome.
    pub last_outcome: Option<String>,
    /// The outcome in safe words.
    pub last_detail: Option<String>,
    /// Last poll that succeeded.
    pub last_success_at: Option<Timestamp>,
    /// Newest acquisition ever seen in the feed, outside rows included.
    pub newest_acquired_at: Option<Timestamp>,
    /// Failed polls since the last success.
    pub consecutive_failures: u32,
    /// When it will be asked again.
    pub next_attempt_at: Option<Timestamp>,
}

impl SourceState {
    /// What freshness is judged by.
    #[must_use]
    pub fn signs(&self) -> FeedSigns {
        FeedSigns {
            newest_acquired_at: self.newest_acquired_at,
            is_refused: self.last_outcome.as_deref().is_some_and(|outcome| outcome.starts_with("refused")),
        }
    }
}

const COLUMNS: &str =
    "id, etag, last_modified, validators_for, last_attempt_at, last_outcome, last_detail, last_success_at,
    newest_acquired_at, consecutive_failures, next_attempt_at";

impl Store {
    /// The state of one source; a fresh one when it was never polled.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn source_state(&self, id: &str) -> Result<SourceState, Error> {
        let id = id.to_owned();
        self.read(move |db| {
            let found =
                db.query_row(&format!("SELECT {COLUMNS} FROM sources WHERE id = ?1"), [&id], read_state).optional()?;
            Ok(found.unwrap_or_else(|| SourceState { id, ..SourceState::default() }))
        })
        .await
    }

    /// All sources ever polled, by id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn source_states(&self) -> Result<Vec<SourceState>, Error> {
        self.read(|db| {
            let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} FROM sources ORDER BY id"))?;
            Ok(select.query_map([], read_state)?.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn read_state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    let instant = |i: usize| row.get::<_, Option<Millis>>(i).map(|value| value.map(|millis| millis.0));
    Ok(SourceState {
        id: row.get(0)?,
        etag: row.get(1)?,
        last_modified: row.get(2)?,
        validators_for: row.get(3)?,
        last_attempt_at: instant(4)?,
        last_outcome: row.get(5)?,
        last_detail: row.get(6)?,
        last_success_at: instant(7)?,
        newest_acquired_at: instant(8)?,
        consecutive_failures: row.get(9)?,
        next_attempt_at: instant(10)?,
    })
}

/// Moves a source's state on, in the transaction that records its poll.
pub(super) fn update(tx: &Transaction<'_>, batch: &Batch, now: Timestamp) -> Result<(), Error> {
    let Some(cursor) = &batch.cursor else { return Ok(()) };
    tx.execute(
        "INSERT INTO sources (id, etag, last_modified, last_attempt_at, last_outcome, last_detail, last_success_at,
             newest_acquired_at, consecutive_failures, next_attempt_at, validators_for)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?7, ?8, NULL), ?9, iif(?7, 0, 1), ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET
             etag = excluded.etag,
             last_modified = excluded.last_modified,
             validators_for = excluded.validators_for,
             last_attempt_at = excluded.last_attempt_at,
             last_outcome = excluded.last_outcome,
             last_detail = excluded.last_detail,
             last_success_at = coalesce(excluded.last_success_at, last_success_at),
             newest_acquired_at = max(coalesce(excluded.newest_acquired_at, newest_acquired_at),
                                      coalesce(newest_acquired_at, excluded.newest_acquired_at)),
             consecutive_failures = iif(?7, 0, consecutive_failures + 1),
             next_attempt_at = excluded.next_attempt_at",
        params![
            batch.source_id,
            cursor.etag,
            cursor.last_modified,
            Millis(batch.started_at),
            batch.outcome,
            batch.detail,
            cursor.succeeded,
            Millis(now),
            batch.acquired_within.map(|(_, newest)| Millis(newest)),
            cursor.next_attempt_at.map(Millis),
            cursor.validators_for,
        ],
    )?;
    Ok(())
}
