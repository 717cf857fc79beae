//! Step 1: files the rows as published. A row known before changes nothing.

use std::collections::BTreeSet;

use rusqlite::params;
use sha2::{Digest, Sha256};

use super::super::codec::{Json, Millis};
use super::{Error, Recording};
use crate::domain::observation::{Observation, ObservationKey, ProcessingLevel, Satellite};
use crate::domain::time::Timestamp;

/// One satellite and minute: the set that is paired together.
pub(super) type Pass = (Satellite, Timestamp);

/// What filing changed.
pub(super) struct Filed {
    /// Passes that got a row they did not have.
    pub passes: BTreeSet<Pass>,
    /// Key and level of every row that was not known before.
    pub inserted: BTreeSet<(ObservationKey, ProcessingLevel)>,
}

impl Filed {
    /// Whether a row came with this recording.
    pub(super) fn holds(&self, row: &Observation) -> bool {
        self.inserted.contains(&(row.key.clone(), row.level))
    }
}

impl Recording<'_> {
    pub(super) fn file_observations(&self, poll_id: i64, rows: &[Observation]) -> Result<Filed, Error> {
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO observations
                 (satellite, acquired_at, lon, lat, level, variant, observation, poll_id, stored_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
        )?;
        let (mut passes, mut inserted) = (BTreeSet::new(), BTreeSet::new());
        for row in rows {
            let changed = insert.execute(params![
                row.key.satellite.name(),
                Millis(row.key.acquired_at),
                row.key.lon.as_str(),
                row.key.lat.as_str(),
                row.level.name(),
                variant(row),
                Json(row),
                poll_id,
                Millis(self.now)
            ])?;
            if changed > 0 {
                inserted.insert((row.key.clone(), row.level));
                passes.insert((row.key.satellite, row.key.acquired_at));
            }
        }
        Ok(Filed { passes, inserted })
    }
}

/// Tells rows of one key and level with different values apart, whatever dialect spells them.
fn variant(row: &Observation) -> String {
    let values = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        row.scan_km,
        row.track_km,
        row.brightness_k,
        row.brightness_background_k,
        row.frp_mw,
        row.confidence,
        row.day_night,
    );
    hex::encode(Sha256::digest(values.as_bytes()).get(..8).unwrap_or_default())
}
