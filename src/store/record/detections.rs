//! Step 2: which pixels the rows of every touched pass are: new ones, and known ones that speak with another row than
//! before. What is found is kept as drafts; they are judged and written with their fires.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Deref;

use rusqlite::params;

use super::super::codec::{Json, Millis, word};
use super::super::judged::Packed;
use super::observations::{NewRow, Pass, StoredRow, by_pass, unknown_rows, variant};
use super::recording::{Next, Recording};
use super::{Error, OriginRule};
use crate::domain::detection::{Origin, diagonal_km, settle};
use crate::domain::observation::{Observation, ObservationKey, ProcessingLevel};
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::{FirstLook, Judgement, Sighting, first_look, judge};

/// An observation of this batch, or a stored one.
#[derive(Debug)]
pub(super) enum Row<'b> {
    Brought(&'b Observation),
    Stored(Box<Observation>),
}

impl Deref for Row<'_> {
    type Target = Observation;

    fn deref(&self) -> &Observation {
        match self {
            Self::Brought(row) => row,
            Self::Stored(row) => row,
        }
    }
}

/// Why a detection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Recorded,
    Revised,
}

impl Cause {
    fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Revised => "revised",
        }
    }
}

/// A detection that is to be written.
#[derive(Debug)]
pub(super) struct Draft<'b> {
    pub speaking: Row<'b>,
    /// The observation that speaks.
    pub speaking_id: i64,
    pub origin: Origin,
    pub cause: Cause,
    pub first_look: FirstLook,
    /// The fire it was in.
    pub fire_id: Option<i64>,
}

/// What settling found.
#[derive(Default)]
pub(super) struct Settled<'b> {
    /// Detections to be made or revised, by id.
    pub drafts: BTreeMap<i64, Draft<'b>>,
    /// Detections that ceased to stand for themselves.
    pub absorbed: BTreeSet<i64>,
    /// Rows to be stored.
    pub rows: Vec<NewRow<'b>>,
    /// Stored rows that belong to another detection now.
    pub moved: Vec<(i64, i64)>,
    pub new: u64,
    pub revised: u64,
    pub neighbour: u64,
}

/// A row of a pass while it is settled.
#[derive(Clone, Copy)]
struct PassRow<'p, 'b> {
    id: i64,
    observation: &'p Observation,
    /// The same, where this batch brought it.
    brought: Option<&'b Observation>,
}

impl Borrow<Observation> for PassRow<'_, '_> {
    fn borrow(&self) -> &Observation {
        self.observation
    }
}

type RowName<'a> = (&'a ObservationKey, ProcessingLevel);

/// A detection as it stands.
struct Known {
    key: ObservationKey,
    level: ProcessingLevel,
    variant: String,
    fire_id: Option<i64>,
    origin: Origin,
}

impl<'b> Recording<'_> {
    pub(super) fn settle_detections(&self, rows: &'b [Observation]) -> Result<Settled<'b>, Error> {
        let mut settled = Settled::default();
        let mut detection_ids = Next::of(self.tx, "SELECT max(id) FROM detections")?;
        let mut row_ids = Next::of(self.tx, "SELECT max(id) FROM observations")?;
        for (pass, brought) in by_pass(rows) {
            let stored = self.stored_rows(pass)?;
            let unknown = unknown_rows(&brought, &stored);
            if !unknown.is_empty() {
                let ids = (&mut detection_ids, &mut row_ids);
                let known = self.known_detections(pass, &stored)?;
                self.settle_pass(&stored, unknown, &known, ids, &mut settled)?;
            }
        }
        Ok(settled)
    }

    fn settle_pass(
        &self,
        stored: &[StoredRow],
        unknown: Vec<(&'b Observation, String)>,
        known: &BTreeMap<i64, Known>,
        (detection_ids, row_ids): (&mut Next, &mut Next),
        settled: &mut Settled<'b>,
    ) -> Result<(), Error> {
        let by_name: HashMap<RowName<'_>, i64> = known.iter().map(|(id, one)| ((&one.key, one.level), *id)).collect();
        let new_names: HashSet<RowName<'_>> = unknown.iter().map(|(row, _)| (&row.key, row.level)).collect();
        let first_row = row_ids.take(unknown.len());
        let brought = (first_row..).zip(&unknown).map(|(id, (row, _))| (id, *row, Some(*row)));
        let rows = stored.iter().map(|row| (row.id, &row.observation, None)).chain(brought);
        let rows = rows.map(|(id, observation, brought)| PassRow { id, observation, brought }).collect();
        let mut owners: HashMap<RowName<'_>, i64> = HashMap::new();
        for pixel in settle(rows, |row| by_name.get(&(&row.key, row.level)).copied()) {
            let speaking = pixel.detection.speaking();
            let is_new_row = new_names.contains(&(&speaking.observation.key, speaking.observation.level));
            let before = pixel.known.and_then(|id| known.get(&id));
            let id = pixel.known.unwrap_or_else(|| detection_ids.take(1));
            for row in pixel.detection.observations() {
                owners.insert((&row.observation.key, row.observation.level), id);
            }
            for absorbed in pixel.absorbed {
                self.tx
                    .prepare_cached("UPDATE detections SET superseded_by = ?2 WHERE id = ?1")?
                    .execute([absorbed, id])?;
                settled.absorbed.insert(absorbed);
            }
            let draft = match before {
                Some(known) if known.is_said_by(speaking.observation) => continue,
                Some(known) => {
                    settled.revised += u64::from(speaking.observation.level > known.level && is_new_row);
                    self.draft(speaking, Cause::Revised, known.origin, known.fire_id)?
                }
                None => self.draft(speaking, Cause::Recorded, self.origin_of(speaking.observation), None)?,
            };
            // A known row may become a detection of its own because a new one took its partner: that
            // is a new detection, but no new row, and rows are what is counted.
            if before.is_none() && is_new_row {
                settled.new += 1;
                settled.neighbour += u64::from(draft.first_look == FirstLook::Neighbour);
            }
            settled.drafts.insert(id, draft);
        }
        for row in stored {
            let owner = owners.get(&(&row.observation.key, row.observation.level));
            settled.moved.extend(owner.filter(|owner| row.detection != Some(**owner)).map(|owner| (row.id, *owner)));
        }
        for (id, (observation, variant)) in (first_row..).zip(unknown) {
            let detection = owners.get(&(&observation.key, observation.level)).copied().unwrap_or_default();
            settled.rows.push(NewRow { id, observation, variant, detection });
        }
        Ok(())
    }

    fn draft(
        &self,
        speaking: PassRow<'_, 'b>,
        cause: Cause,
        origin: Origin,
        fire_id: Option<i64>,
    ) -> Result<Draft<'b>, Error> {
        let first_look = first_look(self.ground, self.policy, speaking.observation)
            .ok_or_else(|| beyond_the_belt(speaking.observation))?;
        let row = speaking.brought.map_or_else(|| Row::Stored(Box::new(speaking.observation.clone())), Row::Brought);
        Ok(Draft { speaking: row, speaking_id: speaking.id, origin, cause, first_look, fire_id })
    }

    fn origin_of(&self, row: &Observation) -> Origin {
        match self.origin {
            OriginRule::ByAge => Origin::by_age(row.key.acquired_at, self.now),
            OriginRule::AsOf(at) => Origin::by_age(row.key.acquired_at, at),
            OriginRule::Fixed(origin) => origin,
        }
    }

    fn known_detections(
        &self,
        (satellite, acquired_at): Pass,
        rows: &[StoredRow],
    ) -> Result<BTreeMap<i64, Known>, Error> {
        if rows.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: HashMap<i64, &StoredRow> = rows.iter().map(|row| (row.id, row)).collect();
        let mut select = self.tx.prepare_cached(
            "SELECT id, speaking_id, observation, fire_id, origin FROM detections
             WHERE satellite = ?1 AND acquired_at = ?2 AND superseded_by IS NULL ORDER BY id",
        )?;
        let known = select.query_map(params![satellite.name(), Millis(acquired_at)], |row| {
            let speaking = row.get::<_, Option<i64>>(1)?.and_then(|id| rows.get(&id));
            let (key, level, variant) = if let Some(StoredRow { observation, variant, .. }) = speaking {
                (observation.key.clone(), observation.level, variant.clone())
            } else {
                // From before V0025.
                let observation = row.get::<_, Json<Observation>>(2)?.0;
                let variant = variant(&observation);
                (observation.key, observation.level, variant)
            };
            let origin = word(row.get_ref(4)?.as_str()?, "origin", Origin::from_name)?;
            Ok((row.get(0)?, Known { key, level, variant, fire_id: row.get(3)?, origin }))
        })?;
        Ok(known.collect::<Result<_, _>>()?)
    }

    pub(super) fn judge(&self, observation: &Observation) -> Result<Judgement, Error> {
        judge(self.ground, self.policy, &Sighting::of(observation)).ok_or_else(|| beyond_the_belt(observation))
    }

    /// Writes a detection of a fire, whole.
    pub(super) fn write_detection(
        &self,
        (id, fire_id): (i64, i64),
        draft: &Draft<'_>,
        judgement: &Judgement,
    ) -> Result<(), Error> {
        let statement = match draft.cause {
            Cause::Recorded => {
                "INSERT INTO detections (id, fire_id, key, lon, lat, level, judgement, verdict, unit_code, township_code,
                     county_code, diagonal_km, speaking_id, judged_at, judged_because, satellite, acquired_at, origin,
                     recorded_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?14)"
            }
            Cause::Revised => {
                keep_judgement(self.tx, id)?;
                "UPDATE detections SET fire_id = ?2, key = ?3, lon = ?4, lat = ?5, level = ?6, judgement = ?7,
                     verdict = ?8, unit_code = ?9, township_code = ?10, county_code = ?11, diagonal_km = ?12,
                     speaking_id = ?13, judged_at = ?14, judged_because = ?15, rejudgement_id = NULL,
                     satellite = ?16, acquired_at = ?17, origin = ?18, observation = NULL, vanished_at = NULL
                 WHERE id = ?1"
            }
        };
        let speaking = &*draft.speaking;
        let county = judgement.unit.as_ref().and_then(|unit| self.ground.at_level(unit, UnitLevel::County));
        self.tx.prepare_cached(statement)?.execute(params![
            id,
            fire_id,
            speaking.key.to_string(),
            speaking.position.lon(),
            speaking.position.lat(),
            speaking.level.name(),
            Packed(judgement),
            judgement.verdict.name(),
            judgement.unit.as_ref().map(|code| &code.0),
            judgement.township.as_ref().map(|code| &code.0),
            county.map(|county| &county.code.0),
            diagonal_km(speaking),
            draft.speaking_id,
            Millis(self.now),
            draft.cause.name(),
            speaking.key.satellite.name(),
            Millis(speaking.key.acquired_at),
            draft.origin.name(),
        ])?;
        Ok(())
    }

    /// Notes which detection stored rows belong to now.
    pub(super) fn move_rows(&self, moved: &[(i64, i64)]) -> Result<(), Error> {
        let mut update = self.tx.prepare_cached("UPDATE observations SET detection_id = ?2 WHERE id = ?1")?;
        for (row, detection) in moved {
            update.execute([row, detection])?;
        }
        Ok(())
    }
}

impl Known {
    /// Whether a row says what spoke for it before: everything but the spelling.
    fn is_said_by(&self, row: &Observation) -> bool {
        self.key == row.key && self.level == row.level && self.variant == variant(row)
    }
}

/// Keeps the judgement in force before another one takes its place. One of before V0025 is kept already.
pub(super) fn keep_judgement(tx: &rusqlite::Transaction<'_>, detection: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO judgements (detection_id, judged_at, cause, judgement, rejudgement_id, verdict, unit_code,
             township_code)
         SELECT id, judged_at, judged_because, judgement, rejudgement_id, verdict, unit_code, township_code
         FROM detections
         WHERE id = ?1 AND judged_at IS NOT NULL",
    )?
    .execute([detection])?;
    Ok(())
}

fn beyond_the_belt(observation: &Observation) -> Error {
    // Screening kept only rows inside the belt of this same ground.
    Error::unreadable("observation", format!("{} lies beyond the belt of this region version", observation.key))
}
