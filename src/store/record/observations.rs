//! Step 1: which rows are new. A row known before changes nothing.

use std::collections::{BTreeMap, HashSet};

use rusqlite::params;
use sha2::{Digest, Sha256};

use super::super::codec::{Json, Millis};
use super::super::observed;
use super::{Error, Recording};
use crate::domain::observation::{Observation, ObservationKey, ProcessingLevel, Satellite};
use crate::domain::time::Timestamp;

/// One satellite and minute: the set that is paired together.
pub(super) type Pass = (Satellite, Timestamp);

/// A stored row of a pass.
pub(super) struct StoredRow {
    pub id: i64,
    pub observation: Observation,
    pub detection: Option<i64>,
    pub variant: String,
}

/// A row that is to be stored, and the detection that it belongs to.
pub(super) struct NewRow<'b> {
    pub id: i64,
    pub observation: &'b Observation,
    pub variant: String,
    pub detection: i64,
}

/// The rows of a batch by pass.
pub(super) fn by_pass(rows: &[Observation]) -> BTreeMap<Pass, Vec<&Observation>> {
    let mut passes: BTreeMap<Pass, Vec<&Observation>> = BTreeMap::new();
    for row in rows {
        passes.entry((row.key.satellite, row.key.acquired_at)).or_default().push(row);
    }
    passes
}

/// The rows of a pass that are not stored, each once, with their variant.
pub(super) fn unknown_rows<'b>(brought: &[&'b Observation], stored: &[StoredRow]) -> Vec<(&'b Observation, String)> {
    let mut known: HashSet<(&ObservationKey, ProcessingLevel, String)> =
        stored.iter().map(|row| (&row.observation.key, row.observation.level, row.variant.clone())).collect();
    let with_variant = brought.iter().map(|&row| (row, variant(row)));
    with_variant.filter(|(row, variant)| known.insert((&row.key, row.level, variant.clone()))).collect()
}

impl Recording<'_> {
    pub(super) fn stored_rows(&self, (satellite, acquired_at): Pass) -> Result<Vec<StoredRow>, Error> {
        let mut select = self.tx.prepare_cached(
            "SELECT satellite, acquired_at, lon, lat, level, observation, id, detection_id, variant FROM observations
             WHERE satellite = ?1 AND acquired_at = ?2",
        )?;
        let rows = select.query_map(params![satellite.name(), Millis(acquired_at)], |row| {
            let observation = observed::read(row, 0)?;
            let written: String = row.get(8)?;
            let variant = if written.len() == VARIANT_LEN { written } else { variant(&observation) };
            Ok(StoredRow { id: row.get(6)?, detection: row.get(7)?, variant, observation })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stores rows as published.
    pub(super) fn write_observations(&self, poll_id: i64, rows: &[NewRow<'_>]) -> Result<(), Error> {
        let mut insert = self.tx.prepare_cached(
            "INSERT INTO observations (id, satellite, acquired_at, lon, lat, level, variant, observation, poll_id,
                 stored_at, detection_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for NewRow { id, observation, variant, detection } in rows {
            insert.execute(params![
                id,
                observation.key.satellite.name(),
                Millis(observation.key.acquired_at),
                observation.key.lon.as_str(),
                observation.key.lat.as_str(),
                observation.level.name(),
                variant,
                Json(observation.values()),
                poll_id,
                Millis(self.now),
                detection
            ])?;
        }
        Ok(())
    }
}

/// Digits of a variant; those of before V0025 had sixteen, made from a form that no longer is.
const VARIANT_LEN: usize = 12;

/// Tells rows of one key and level with different values apart: the first digits of the SHA-256 of the canonical form.
pub(super) fn variant(row: &Observation) -> String {
    let mut digits = hex::encode(Sha256::digest(row.canonical().as_bytes()));
    digits.truncate(VARIANT_LEN);
    digits
}
