//! Region versions, stored whole, and which of them rules.

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::Value;

use super::codec::Millis;
use super::events::{self, NewEvent, SubjectKind};
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::ground::RegionVersion;
use crate::domain::time::Timestamp;

/// A region version as stored.
#[derive(Debug, Clone)]
pub struct StoredRegion {
    /// Content hash.
    pub version: RegionVersion,
    /// The files, in the container of [`crate::regions`].
    pub bundle: Vec<u8>,
    /// When it became the active one.
    pub activated_at: Timestamp,
}

/// What a person did to the files of a region, for the log.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionAct {
    /// Who did it.
    pub actor: Actor,
    /// What was done, `people_imported` or `duty_imported`.
    pub kind: &'static str,
    /// More about it, a JSON object without personal data.
    pub detail: Value,
}

impl Store {
    /// Stores a region version (once) and makes it the active one from now on.
    ///
    /// Returns whether the active version changed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn activate_region(
        &self,
        region_id: &str,
        version: RegionVersion,
        bundle: Vec<u8>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let region_id = region_id.to_owned();
        self.write(move |tx| activate(tx, &region_id, &version, &bundle, now)).await
    }

    /// As [`Store::activate_region`], because a person did something to the files; recorded in the
    /// log with the version, also when the version is the active one already.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn activate_region_by(
        &self,
        region_id: &str,
        version: RegionVersion,
        bundle: Vec<u8>,
        act: RegionAct,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let region_id = region_id.to_owned();
        self.write(move |tx| {
            let changed = activate(tx, &region_id, &version, &bundle, now)?;
            let subject = (SubjectKind::Region, version.0.as_str());
            events::append(tx, now, &NewEvent::plain(subject, act.kind, &act.actor, &act.detail))?;
            Ok(changed)
        })
        .await
    }

    /// The hash of the active region version; cheap, asked before every cycle.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn active_region_version(&self) -> Result<Option<RegionVersion>, Error> {
        self.read(|db| {
            let version = db
                .query_row("SELECT version FROM region_activations ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
                .optional()?;
            Ok(version.map(RegionVersion))
        })
        .await
    }

    /// The active region version, whole.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn active_region(&self) -> Result<Option<StoredRegion>, Error> {
        self.read(|db| {
            Ok(db
                .query_row(
                    "SELECT v.version, v.bundle, a.activated_at FROM region_activations a
                     JOIN region_versions v USING (version) ORDER BY a.id DESC LIMIT 1",
                    [],
                    |row| {
                        Ok(StoredRegion {
                            version: RegionVersion(row.get(0)?),
                            bundle: row.get(1)?,
                            activated_at: row.get::<_, Millis>(2)?.0,
                        })
                    },
                )
                .optional()?)
        })
        .await
    }
}

fn activate(
    tx: &Transaction<'_>,
    region_id: &str,
    version: &RegionVersion,
    bundle: &[u8],
    now: Timestamp,
) -> Result<bool, Error> {
    tx.execute(
        "INSERT INTO region_versions (version, region_id, stored_at, bundle) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (version) DO NOTHING",
        params![version.0, region_id, Millis(now), bundle],
    )?;
    let active: Option<String> = tx
        .query_row("SELECT version FROM region_activations ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    if active.as_deref() == Some(version.0.as_str()) {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO region_activations (version, activated_at) VALUES (?1, ?2)",
        params![version.0, Millis(now)],
    )?;
    Ok(true)
}
