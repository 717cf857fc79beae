//! Step 2: pairs the observations of every touched pass into detections and judges those
//! that are new or speak with another row than before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::params;

use super::super::codec::{Json, Millis};
use super::observations::{Filed, Pass};
use super::{Error, OriginRule, Recording};
use crate::domain::detection::{Detection, Origin, diagonal_km, pair};
use crate::domain::observation::{Observation, ObservationKey, ProcessingLevel};
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::{Judgement, Sighting, Verdict, judge};

/// What settling changed.
#[derive(Default)]
pub(super) struct Settled {
    /// Detections made or revised, by id; also those that ceased to stand for themselves.
    pub changed: BTreeSet<i64>,
    pub new: u64,
    pub revised: u64,
    pub neighbour: u64,
}

/// What is stored of a pass: which detection each row belongs to, and which row speaks.
struct Stored {
    rows: Vec<(i64, Observation, Option<i64>)>,
    speaking: BTreeMap<i64, (ObservationKey, ProcessingLevel, String)>,
}

impl Recording<'_> {
    pub(super) fn settle_detections(&self, filed: &Filed) -> Result<Settled, Error> {
        let mut settled = Settled::default();
        for pass in &filed.passes {
            self.settle_pass(*pass, filed, &mut settled)?;
        }
        Ok(settled)
    }

    fn settle_pass(&self, pass: Pass, filed: &Filed, settled: &mut Settled) -> Result<(), Error> {
        let stored = self.stored_pass(pass)?;
        let owner: HashMap<(&ObservationKey, ProcessingLevel), i64> =
            stored.rows.iter().filter_map(|(_, row, detection)| Some(((&row.key, row.level), (*detection)?))).collect();
        let groups = pair(stored.rows.iter().map(|(_, row, _)| row.clone()).collect());

        // A known detection stays with the group that holds the row that spoke for it.
        let mut claimed: BTreeMap<i64, usize> = BTreeMap::new();
        for (i, group) in groups.iter().enumerate() {
            for row in group.observations() {
                let Some(&id) = owner.get(&(&row.key, row.level)) else { continue };
                let spoke =
                    stored.speaking.get(&id).is_some_and(|(key, level, _)| *key == row.key && *level == row.level);
                if spoke {
                    claimed.insert(id, i);
                }
            }
        }
        for (i, group) in groups.iter().enumerate() {
            let mut ids = claimed.iter().filter(|(_, at)| **at == i).map(|(id, _)| *id);
            let id = match ids.next() {
                Some(id) => {
                    self.revise(id, group, &stored, filed, settled)?;
                    id
                }
                None => self.create(group, filed, settled)?,
            };
            for absorbed in ids {
                self.tx.execute("UPDATE detections SET superseded_by = ?2 WHERE id = ?1", params![absorbed, id])?;
                settled.changed.insert(absorbed);
            }
            self.own(id, group, &stored)?;
        }
        Ok(())
    }

    fn stored_pass(&self, (satellite, acquired_at): Pass) -> Result<Stored, Error> {
        let mut rows = self.tx.prepare_cached(
            "SELECT id, observation, detection_id FROM observations WHERE satellite = ?1 AND acquired_at = ?2",
        )?;
        let rows = rows
            .query_map(params![satellite.name(), Millis(acquired_at)], |row| {
                Ok((row.get(0)?, row.get::<_, Json<Observation>>(1)?.0, row.get(2)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let mut speaking = self.tx.prepare_cached(
            "SELECT id, observation FROM detections
             WHERE satellite = ?1 AND acquired_at = ?2 AND superseded_by IS NULL",
        )?;
        let speaking = speaking
            .query_map(params![satellite.name(), Millis(acquired_at)], |row| {
                let observation = row.get::<_, Json<Observation>>(1)?.0;
                let fingerprint = fingerprint(&observation);
                Ok((row.get(0)?, (observation.key, observation.level, fingerprint)))
            })?
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(Stored { rows, speaking })
    }

    fn create(&self, group: &Detection, filed: &Filed, settled: &mut Settled) -> Result<i64, Error> {
        let speaking = group.speaking();
        let origin = match self.origin {
            OriginRule::ByAge => Origin::by_age(speaking.key.acquired_at, self.now),
            OriginRule::AsOf(at) => Origin::by_age(speaking.key.acquired_at, at),
            OriginRule::Fixed(origin) => origin,
        };
        self.tx
            .prepare_cached(
                "INSERT INTO detections (satellite, acquired_at, origin, recorded_at,
                     key, lon, lat, level, observation, judgement, verdict)
                 VALUES (?1, ?2, ?3, ?4, '', 0, 0, '', '', '', '')",
            )?
            .execute(params![
                speaking.key.satellite.name(),
                Millis(speaking.key.acquired_at),
                origin.name(),
                Millis(self.now),
            ])?;
        let id = self.tx.last_insert_rowid();
        let verdict = self.judge_and_write(id, speaking, "recorded")?;
        // A known row may become a detection of its own because a new one took its partner: that
        // is a new detection, but no new row, and rows are what is counted.
        if filed.holds(speaking) {
            settled.new += 1;
            settled.neighbour += u64::from(verdict == Verdict::Neighbour);
        }
        settled.changed.insert(id);
        Ok(id)
    }

    /// Writes a detection anew when another row speaks for it now.
    fn revise(
        &self,
        id: i64,
        group: &Detection,
        stored: &Stored,
        filed: &Filed,
        settled: &mut Settled,
    ) -> Result<(), Error> {
        let speaking = group.speaking();
        let Some((_, level_before, before)) = stored.speaking.get(&id) else { return Ok(()) };
        if *before == fingerprint(speaking) {
            return Ok(());
        }
        self.judge_and_write(id, speaking, "revised")?;
        settled.revised += u64::from(speaking.level > *level_before && filed.holds(speaking));
        settled.changed.insert(id);
        Ok(())
    }

    /// Everything of a detection that follows from the row that speaks for it.
    fn judge_and_write(&self, id: i64, speaking: &Observation, cause: &str) -> Result<Verdict, Error> {
        let judgement = self.judge(speaking)?;
        self.tx
            .prepare_cached(
                "UPDATE detections SET key = ?2, lon = ?3, lat = ?4, level = ?5, observation = ?6, judgement = ?7,
                     verdict = ?8, unit_code = ?9, township_code = ?10, county_code = ?11, diagonal_km = ?12,
                     vanished_at = NULL
                 WHERE id = ?1",
            )?
            .execute(params![
                id,
                speaking.key.to_string(),
                speaking.position.lon(),
                speaking.position.lat(),
                speaking.level.name(),
                Json(speaking),
                Json(&judgement),
                judgement.verdict.name(),
                judgement.unit.as_ref().map(|code| &code.0),
                judgement.township.as_ref().map(|code| &code.0),
                self.county_of(&judgement),
                diagonal_km(speaking),
            ])?;
        self.tx
            .prepare_cached(
                "INSERT INTO judgements (detection_id, judged_at, cause, judgement) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![id, Millis(self.now), cause, Json(&judgement)])?;
        Ok(judgement.verdict)
    }

    /// Every row of the group belongs to the detection.
    fn own(&self, id: i64, group: &Detection, stored: &Stored) -> Result<(), Error> {
        let mut update = self.tx.prepare_cached("UPDATE observations SET detection_id = ?2 WHERE id = ?1")?;
        for row in group.observations() {
            for (row_id, known, detection) in &stored.rows {
                if known.key == row.key && known.level == row.level && *detection != Some(id) {
                    update.execute(params![row_id, id])?;
                }
            }
        }
        Ok(())
    }

    fn judge(&self, observation: &Observation) -> Result<Judgement, Error> {
        // Screening kept only rows inside the belt of this same ground.
        judge(self.ground, self.policy, &Sighting::of(observation)).ok_or_else(|| {
            Error::unreadable("observation", format!("{} lies beyond the belt of this region version", observation.key))
        })
    }

    fn county_of(&self, judgement: &Judgement) -> Option<String> {
        let county = self.ground.at_level(judgement.unit.as_ref()?, UnitLevel::County)?;
        Some(county.code.0.clone())
    }
}

/// What makes two speaking rows say the same: everything but the spelling of the row itself.
fn fingerprint(observation: &Observation) -> String {
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        observation.key,
        observation.level,
        observation.scan_km,
        observation.track_km,
        observation.brightness_k,
        observation.brightness_background_k,
        observation.frp_mw,
        observation.confidence,
        observation.day_night,
    )
}
