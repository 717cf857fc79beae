//! From when to when something is recorded.

use rusqlite::Connection;

use super::codec::Millis;
use super::{Error, Health};
use crate::domain::observation::Satellite;
use crate::domain::time::Timestamp;

/// From when to when something is recorded; each an entry at the end of an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedRange {
    /// The earliest acquisition.
    pub detection: Option<Timestamp>,
    /// The earliest first sight of a fire.
    pub fire: Option<Timestamp>,
    /// The earliest first sight of an alert.
    pub alert: Option<Timestamp>,
    /// The newest acquisition of each satellite, whichever way it came: polled, dropped or ingested. Satellites of which
    /// nothing was recorded are left out.
    pub newest: Vec<(Satellite, Timestamp)>,
}

impl Health {
    /// From when to when something is recorded.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn recorded_range(&self) -> Result<RecordedRange, Error> {
        self.store
            .read(|db| {
                let first = |sql: &str| -> rusqlite::Result<Option<Timestamp>> {
                    let found: Option<Millis> = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
                    Ok(found.map(|at| at.0))
                };
                Ok(RecordedRange {
                    detection: first("SELECT min(acquired_at) FROM detections WHERE superseded_by IS NULL")?,
                    fire: first("SELECT min(first_seen_at) FROM fires")?,
                    alert: first(
                        "SELECT min(first_seen_at) FROM alerts WHERE merged_into IS NULL AND superseded_at IS NULL",
                    )?,
                    newest: newest(db)?,
                })
            })
            .await
    }
}

fn newest(db: &Connection) -> Result<Vec<(Satellite, Timestamp)>, Error> {
    let mut select = db.prepare_cached("SELECT max(acquired_at) FROM detections WHERE satellite = ?1")?;
    let mut found = Vec::new();
    for satellite in Satellite::ALL {
        let newest: Option<Millis> = select.query_row([satellite.name()], |row| row.get(0))?;
        found.extend(newest.map(|newest| (satellite, newest.0)));
    }
    Ok(found)
}
