//! Region versions, stored whole, and which of them rules.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::Value;

use super::codec::Millis;
use super::events::{self, NewEvent, SubjectKind};
use super::plans::TakenUpPlan;
use super::plans::region::take_up;
use super::scoped::Scoped;
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::ground::RegionVersion;
use crate::domain::plan::BurnPlan;
use crate::domain::time::Timestamp;

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

/// The versions of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// All that are stored, the latest active first.
    pub versions: Vec<RegionRow>,
    /// Every time that one became the active one, the latest first.
    pub turns: Vec<RegionTurn>,
}

impl Regions {
    /// The version that is active now.
    #[must_use]
    pub fn active(&self) -> Option<&RegionVersion> {
        self.versions.iter().find(|row| row.is_active).map(|row| &row.version)
    }
}

/// The files of a region.
#[derive(Debug, Clone)]
pub struct RegionFiles {
    /// Id of the region.
    pub region_id: String,
    /// Content hash.
    pub version: RegionVersion,
    /// The files, in the container of [`crate::regions`].
    pub bundle: Vec<u8>,
    /// Their burn plans.
    pub plans: Vec<BurnPlan>,
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
    /// Stores a region version (once), makes it the active one from now on and takes up its burn plans. Where a person did
    /// something to the files, it is recorded in the log with the version, also when that is the active one already.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn activate_region(
        &self,
        files: RegionFiles,
        act: Option<RegionAct>,
        now: Timestamp,
    ) -> Result<Activation, Error> {
        self.write(move |tx| {
            let activation = activate(tx, &files, now)?;
            if let Some(RegionAct { actor, kind, detail }) = &act {
                let subject = (SubjectKind::Region, files.version.0.as_str());
                events::append(tx, now, &NewEvent::plain(subject, kind, actor, detail))?;
            }
            Ok(activation)
        })
        .await
    }
}

/// Versions of the region are everybody's. People in a bundle are for the whole region alone: whoever shows one leaves
/// them out for others.
impl Scoped {
    /// All stored versions, and every time that one became the active one.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn regions(&self) -> Result<Regions, Error> {
        self.store().read(|db| Ok(Regions { versions: versions(db)?, turns: turns(db)? })).await
    }

    /// The files of a version that was stored, packed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn region_bundle(&self, version: RegionVersion) -> Result<Option<Vec<u8>>, Error> {
        self.store()
            .read(move |db| {
                let bundle = db
                    .query_row("SELECT bundle FROM region_versions WHERE version = ?1", [version.0], |row| row.get(0))
                    .optional()?;
                Ok(bundle)
            })
            .await
    }
}

fn turns(db: &Connection) -> Result<Vec<RegionTurn>, Error> {
    // What a person did to the files stands in the log of the version, at the moment it was activated or after.
    let mut select = db.prepare_cached(
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
}

fn versions(db: &Connection) -> Result<Vec<RegionRow>, Error> {
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
}

fn activate(tx: &Transaction<'_>, files: &RegionFiles, now: Timestamp) -> Result<Activation, Error> {
    let RegionFiles { region_id, version, bundle, plans } = files;
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
