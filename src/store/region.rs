//! Region versions, stored whole, and which of them rules.

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::Value;

use super::codec::Millis;
use super::events::{self, NewEvent, SubjectKind};
use super::plans::TakenUpPlan;
use super::plans::region::take_up;
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::ground::RegionVersion;
use crate::domain::plan::BurnPlan;
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

/// A region version becoming the active one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionTurn {
    /// Content hash.
    pub version: RegionVersion,
    /// When.
    pub activated_at: Timestamp,
    /// Size of its packed files.
    pub bytes: i64,
    /// Who did what to the files, where a person did it through firegrid; else whoever runs the server.
    pub by: Option<(String, String)>,
}

/// A region version in the list of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RegionRow {
    /// Content hash.
    pub version: RegionVersion,
    /// Id of the region.
    pub region_id: String,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// When it last became the active one; `None` if it never did.
    pub activated_at: Option<Timestamp>,
    /// It is the active one.
    pub is_active: bool,
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

/// What activating a region version did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// The active version is another one now.
    pub changed: bool,
    /// What became of its burn plans that are not simply as before.
    pub plans: Vec<TakenUpPlan>,
}

impl Store {
    /// Stores a region version (once), makes it the active one from now on and takes up its burn plans.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn activate_region(
        &self,
        region_id: &str,
        version: RegionVersion,
        bundle: Vec<u8>,
        plans: Vec<BurnPlan>,
        now: Timestamp,
    ) -> Result<Activation, Error> {
        let region_id = region_id.to_owned();
        self.write(move |tx| activate(tx, &region_id, &version, &bundle, &plans, now)).await
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
        plans: Vec<BurnPlan>,
        act: RegionAct,
        now: Timestamp,
    ) -> Result<Activation, Error> {
        let region_id = region_id.to_owned();
        self.write(move |tx| {
            let activation = activate(tx, &region_id, &version, &bundle, &plans, now)?;
            let subject = (SubjectKind::Region, version.0.as_str());
            events::append(tx, now, &NewEvent::plain(subject, act.kind, &act.actor, &act.detail))?;
            Ok(activation)
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

    /// Every time a region version became the active one, the latest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_history(&self) -> Result<Vec<RegionTurn>, Error> {
        self.read(|db| {
            // What a person did to the files stands in the log of the version, at the moment it was activated or after.
            let mut select = db.prepare(
                "SELECT a.version, a.activated_at, length(v.bundle),
                     (SELECT e.actor FROM events e WHERE e.subject_kind = 'region' AND e.subject = a.version
                         AND e.at >= a.activated_at ORDER BY e.seq LIMIT 1),
                     (SELECT e.kind FROM events e WHERE e.subject_kind = 'region' AND e.subject = a.version
                         AND e.at >= a.activated_at ORDER BY e.seq LIMIT 1)
                 FROM region_activations a JOIN region_versions v USING (version) ORDER BY a.id DESC",
            )?;
            let turns = select.query_map([], |row| {
                Ok(RegionTurn {
                    version: RegionVersion(row.get(0)?),
                    activated_at: row.get::<_, Millis>(1)?.0,
                    bytes: row.get(2)?,
                    by: row.get::<_, Option<String>>(3)?.zip(row.get(4)?),
                })
            })?;
            Ok(turns.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// All stored versions, the latest active first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_versions(&self) -> Result<Vec<RegionRow>, Error> {
        self.read(|db| {
            let mut select = db.prepare_cached(
                "SELECT v.version, v.region_id, v.stored_at, max(a.activated_at),
                     coalesce(max(a.id) = (SELECT max(id) FROM region_activations), 0)
                 FROM region_versions v LEFT JOIN region_activations a USING (version)
                 GROUP BY v.version ORDER BY max(a.id) DESC, v.stored_at DESC, v.version",
            )?;
            let rows = select.query_map([], |row| {
                Ok(RegionRow {
                    version: RegionVersion(row.get(0)?),
                    region_id: row.get(1)?,
                    stored_at: row.get::<_, Millis>(2)?.0,
                    activated_at: row.get::<_, Option<Millis>>(3)?.map(|at| at.0),
                    is_active: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The files of a version that was stored, packed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_bundle(&self, version: RegionVersion) -> Result<Option<Vec<u8>>, Error> {
        self.read(move |db| {
            let bundle = db
                .query_row("SELECT bundle FROM region_versions WHERE version = ?1", [version.0], |row| row.get(0))
                .optional()?;
            Ok(bundle)
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
    plans: &[BurnPlan],
    now: Timestamp,
) -> Result<Activation, Error> {
    tx.execute(
        "INSERT INTO region_versions (version, region_id, stored_at, bundle) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (version) DO NOTHING",
        params![version.0, region_id, Millis(now), bundle],
    )?;
    let active: Option<String> = tx
        .query_row("SELECT version FROM region_activations ORDER BY id DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    let is_first_version: bool = tx.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM region_activations WHERE version <> ?1)",
        [&version.0],
        |row| row.get(0),
    )?;
    let changed = active.as_deref() != Some(version.0.as_str());
    if changed {
        tx.execute(
            "INSERT INTO region_activations (version, activated_at) VALUES (?1, ?2)",
            params![version.0, Millis(now)],
        )?;
    }
    // Also a version that is active already may have plans nobody took up: those of a
    // database from before firegrid knew plans.
    let known: bool =
        tx.query_row("SELECT EXISTS (SELECT 1 FROM burn_plans WHERE source = 'region')", [], |row| row.get(0))?;
    let plans = if changed || !known { take_up(tx, plans, is_first_version, now)? } else { Vec::new() };
    Ok(Activation { changed, plans })
}
