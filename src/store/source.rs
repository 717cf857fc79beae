//! What is known of each source: its cursor, its freshness, its last outcome, what its last table held.

use rusqlite::{Connection, Row, Transaction, params};

use super::codec::{Json, Millis, word};
use super::record::Batch;
use super::{CursorUpdate, Error, Health};
use crate::domain::feed_content::{Content, Cover, Promise, usual_rows};
use crate::domain::freshness::{FeedSigns, SatelliteSigns};
use crate::domain::observation::Satellite;
use crate::domain::time::Timestamp;

/// A source as last left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceState {
    /// The source.
    pub id: String,
    /// What the feed wants to be told at its next poll; text that only the feed reads.
    pub cursor: Option<String>,
    /// What it was given for: address and region version. For anything else it proves nothing.
    pub cursor_for: Option<String>,
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
    /// The same near this ground.
    pub newest_near_at: Option<Timestamp>,
    /// Failed polls since the last success.
    pub consecutive_failures: u32,
    /// When it will be asked again.
    pub next_attempt_at: Option<Timestamp>,
    /// What it is to hold.
    pub promise: Promise,
    /// What its last whole table held.
    pub content: Option<Content>,
    /// How many rows its tables usually have; `None` before the first.
    pub usual_rows: Option<u64>,
    /// What is known of its satellites, in the order of their names.
    pub satellites: Vec<SatelliteSigns>,
}

impl SourceState {
    /// The state of one source among all; a fresh one when it was never polled.
    #[must_use]
    pub fn among(all: Vec<Self>, id: &str) -> Self {
        let found = all.into_iter().find(|state| state.id == id);
        found.unwrap_or_else(|| Self { id: id.to_owned(), ..Self::default() })
    }

    /// What freshness is judged by.
    #[must_use]
    pub fn signs(&self) -> FeedSigns {
        FeedSigns {
            promise: self.promise.clone(),
            newest_acquired_at: self.newest_acquired_at,
            newest_near_at: self.newest_near_at,
            is_refused: self.last_outcome.as_deref().is_some_and(|outcome| outcome.starts_with("refused")),
            last_success_at: self.last_success_at,
            consecutive_failures: self.consecutive_failures,
            next_attempt_at: self.next_attempt_at,
            content: self.content.clone(),
            usual_rows: self.usual_rows.unwrap_or_default(),
            satellites: self.satellites.clone(),
        }
    }
}

const COLUMNS: &str = "id, cursor, validators_for, last_attempt_at, last_outcome, last_detail, last_success_at,
    newest_acquired_at, newest_near_at, consecutive_failures, next_attempt_at, cover, satellites, content, usual_rows";

impl Health {
    /// All sources ever polled, by id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn source_states(&self) -> Result<Vec<SourceState>, Error> {
        self.store
            .read(|db| {
                let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} FROM sources ORDER BY id"))?;
                let mut states = select.query_map([], read_state)?.collect::<Result<Vec<_>, _>>()?;
                for state in &mut states {
                    state.satellites = satellites_of(db, &state.id)?;
                }
                Ok(states)
            })
            .await
    }
}

fn read_state(row: &Row<'_>) -> rusqlite::Result<SourceState> {
    let instant = |i: usize| row.get::<_, Option<Millis>>(i).map(|value| value.map(|millis| millis.0));
    let cover: Option<String> = row.get(11)?;
    let cover = cover.map(|text| word(&text, "cover of a source", Cover::from_name)).transpose()?;
    let satellites: Option<Json<_>> = row.get(12)?;
    let content: Option<Json<Content>> = row.get(13)?;
    Ok(SourceState {
        id: row.get(0)?,
        cursor: row.get(1)?,
        cursor_for: row.get(2)?,
        last_attempt_at: instant(3)?,
        last_outcome: row.get(4)?,
        last_detail: row.get(5)?,
        last_success_at: instant(6)?,
        newest_acquired_at: instant(7)?,
        newest_near_at: instant(8)?,
        consecutive_failures: row.get(9)?,
        next_attempt_at: instant(10)?,
        promise: Promise {
            cover: cover.unwrap_or_default(),
            satellites: satellites.map(|json| json.0).unwrap_or_default(),
        },
        content: content.map(|json| json.0),
        usual_rows: row_count(row, 14)?,
        satellites: Vec::new(),
    })
}

fn row_count(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.and_then(|count| u64::try_from(count).ok()))
}

fn satellites_of(db: &Connection, source_id: &str) -> Result<Vec<SatelliteSigns>, Error> {
    let mut select = db.prepare_cached(
        "SELECT satellite, newest_acquired_at, missing_since FROM source_satellites WHERE source_id = ?1
         ORDER BY satellite",
    )?;
    let signs = select.query_map([source_id], |row| {
        let instant = |i: usize| row.get::<_, Option<Millis>>(i).map(|value| value.map(|millis| millis.0));
        Ok(SatelliteSigns {
            satellite: word(&row.get::<_, String>(0)?, "satellite", Satellite::from_name)?,
            newest_acquired_at: instant(1)?,
            missing_since: instant(2)?,
        })
    })?;
    Ok(signs.collect::<Result<_, _>>()?)
}

/// Moves a source's state on, in the transaction that records its poll.
pub(super) fn update(tx: &Transaction<'_>, batch: &Batch, now: Timestamp) -> Result<(), Error> {
    let Some(cursor) = &batch.cursor else { return Ok(()) };
    tx.execute(
        "INSERT INTO sources (id, cursor, last_attempt_at, last_outcome, last_detail, last_success_at,
             newest_acquired_at, consecutive_failures, next_attempt_at, validators_for, cover, satellites)
         VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN ?6 THEN ?7 END, ?8, CASE WHEN ?6 THEN 0 ELSE 1 END, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET
             cursor = excluded.cursor,
             validators_for = excluded.validators_for,
             last_attempt_at = excluded.last_attempt_at,
             last_outcome = excluded.last_outcome,
             last_detail = excluded.last_detail,
             last_success_at = coalesce(excluded.last_success_at, last_success_at),
             newest_acquired_at = CASE WHEN excluded.newest_acquired_at > coalesce(newest_acquired_at, 0)
                                       THEN excluded.newest_acquired_at ELSE newest_acquired_at END,
             consecutive_failures = CASE WHEN ?6 THEN 0 ELSE consecutive_failures + 1 END,
             next_attempt_at = excluded.next_attempt_at,
             cover = excluded.cover,
             satellites = excluded.satellites",
        params![
            batch.source_id,
            cursor.cursor,
            Millis(batch.started_at),
            batch.outcome,
            batch.detail,
            cursor.succeeded,
            Millis(now),
            batch.acquired_within.map(|(_, newest)| Millis(newest)),
            cursor.next_attempt_at.map(Millis),
            cursor.cursor_for,
            cursor.promise.cover.name(),
            Json(&cursor.promise.satellites),
        ],
    )?;
    match &cursor.content {
        Some(content) => keep_content(tx, &batch.source_id, cursor, content, now),
        None => Ok(()),
    }
}

/// Keeps what a whole table held.
fn keep_content(
    tx: &Transaction<'_>,
    source_id: &str,
    cursor: &CursorUpdate,
    content: &Content,
    now: Timestamp,
) -> Result<(), Error> {
    let usual = tx.query_row("SELECT usual_rows FROM sources WHERE id = ?1", [source_id], |row| row_count(row, 0))?;
    tx.execute(
        "UPDATE sources SET content = ?2, usual_rows = ?3,
             newest_near_at = CASE WHEN ?4 > coalesce(newest_near_at, 0) THEN ?4 ELSE newest_near_at END
         WHERE id = ?1",
        params![
            source_id,
            Json(content),
            i64::try_from(usual_rows(usual, content.rows)).unwrap_or(i64::MAX),
            content.newest_near_at.map(Millis),
        ],
    )?;
    let mut seen = tx.prepare_cached(
        "INSERT INTO source_satellites (source_id, satellite, newest_acquired_at) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET missing_since = NULL,
             newest_acquired_at = CASE WHEN excluded.newest_acquired_at > coalesce(newest_acquired_at, 0)
                                       THEN excluded.newest_acquired_at ELSE newest_acquired_at END",
    )?;
    let promised = &cursor.promise.satellites;
    let is_promised = |satellite: &Satellite| promised.is_empty() || promised.contains(satellite);
    for (satellite, newest) in content.newest.iter().filter(|(satellite, _)| is_promised(satellite)) {
        seen.execute(params![source_id, satellite.name(), Millis(*newest)])?;
    }
    if content.rows == 0 || cursor.promise.cover != Cover::Wide {
        // An empty table says of no satellite in particular that it is gone, and a box may be rightly without one.
        return Ok(());
    }
    let mut missing = tx.prepare_cached(
        "INSERT INTO source_satellites (source_id, satellite, missing_since) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET missing_since = coalesce(missing_since, excluded.missing_since)",
    )?;
    for satellite in promised.iter().filter(|satellite| !content.newest.contains_key(satellite)) {
        missing.execute(params![source_id, satellite.name(), Millis(now)])?;
    }
    Ok(())
}
