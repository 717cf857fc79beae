//! Step 3: links drafts and everything they can reach into fires, and writes each fire whole with its detections.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

use super::super::codec::{Millis, position, word};
use super::super::observed::{COLUMNS, OF_DETECTIONS};
use super::super::{judged, observed};
use super::Error;
use super::detections::{Draft, Row};
use super::reach::{MAX_DIAGONAL_KM, Place, Places, spans_about};
use super::recording::{Next, Recording};
use crate::domain::alert::{AlertDraft, Judged, alerts_of};
use crate::domain::detection::{Origin, diagonal_km};
use crate::domain::fire::{FireDraft, Linkable, group_labelled, stays};
use crate::domain::observation::{Observation, ObservationKey};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::{FirstLook, Judgement, Verdict};

/// A detection while fires are made of it.
#[derive(Debug)]
struct Member<'b> {
    id: i64,
    state: State<'b>,
}

#[derive(Debug)]
enum State<'b> {
    /// Judged and written with its fire.
    Draft(Draft<'b>),
    /// It stands as it is.
    Stored(Box<Stored>),
}

#[derive(Debug)]
struct Stored {
    observation: Observation,
    judgement: Judgement,
    origin: Origin,
    fire_id: Option<i64>,
}

impl Member<'_> {
    fn observation(&self) -> &Observation {
        match &self.state {
            State::Draft(draft) => &draft.speaking,
            State::Stored(stored) => &stored.observation,
        }
    }

    fn key(&self) -> &ObservationKey {
        &self.observation().key
    }

    fn fire_id(&self) -> Option<i64> {
        match &self.state {
            State::Draft(draft) => draft.fire_id,
            State::Stored(stored) => stored.fire_id,
        }
    }

    fn origin(&self) -> Origin {
        match &self.state {
            State::Draft(draft) => draft.origin,
            State::Stored(stored) => stored.origin,
        }
    }

    fn linkable(&self) -> Linkable {
        let is_heat_source = match &self.state {
            State::Draft(draft) => draft.first_look == FirstLook::HeatSource,
            State::Stored(stored) => stored.judgement.verdict == Verdict::HeatSource,
        };
        linkable(self.observation(), is_heat_source)
    }
}

/// A pixel of a fire, as a report by people is held against it.
#[derive(Debug)]
pub(super) struct Pixel<'b> {
    pub responsible: Option<UnitCode>,
    pub observation: Row<'b>,
}

/// A fire after linking, and the alerts that it asks for.
#[derive(Debug)]
pub(super) struct LinkedFire<'b> {
    pub id: i64,
    /// None of its detections was in a fire before: nobody can have said anything of it.
    pub is_unheard_of: bool,
    pub pixels: Vec<Pixel<'b>>,
    pub wanted: Vec<(AlertDraft, Origin)>,
}

/// What linking changed.
#[derive(Debug, Default)]
pub(super) struct Linked<'b> {
    /// Fires that may ask for an alert.
    pub fires: Vec<LinkedFire<'b>>,
    /// Every fire that was there and may have changed or be no more.
    pub before: BTreeSet<i64>,
    /// Fires that were made.
    pub made: BTreeSet<i64>,
    /// There may be an alert without a fire that one of them is.
    pub may_be_reported: bool,
}

impl<'b> Recording<'_> {
    /// Links drafts, and stored detections of which something changed that linking asks for.
    pub(super) fn link_fires(
        &self,
        drafts: BTreeMap<i64, Draft<'b>>,
        changed: &BTreeSet<i64>,
    ) -> Result<Linked<'b>, Error> {
        let mut linked = Linked::default();
        if drafts.is_empty() && changed.is_empty() {
            return Ok(linked);
        }
        let (groups, involved) = self.groups(drafts, changed)?;
        let befores: Vec<BTreeSet<i64>> =
            groups.iter().map(|members| members.iter().filter_map(Member::fire_id).collect()).collect();
        let mut ids = Next::of(self.tx, "SELECT max(id) FROM fires")?;
        let mut survivor_of: BTreeMap<i64, i64> = BTreeMap::new();
        let mut kept = BTreeSet::new();
        // An alert may also lose its fire, and wait for another, by this very recording.
        linked.may_be_reported = !involved.is_empty() || self.is_any_reported()?;
        for ((members, before), stays) in groups.into_iter().zip(&befores).zip(stays(&befores)) {
            let id = stays.unwrap_or_else(|| ids.take(1));
            if stays.is_some() {
                kept.insert(id)
            } else {
                linked.made.insert(id)
            };
            for old in before {
                survivor_of.entry(*old).or_insert(id);
            }
            // An archive's new fire asks for nothing unless people reported it.
            let is_silent = !linked.may_be_reported && members.iter().all(|member| member.origin() == Origin::History);
            let judgements = self.write_fire(id, &members)?;
            if !is_silent {
                linked.fires.push(self.asked_for((id, before.is_empty()), members, &judgements));
            }
        }
        for gone in involved.difference(&kept) {
            // A fire whose only detection was absorbed by another has no group of its own.
            let into = survivor_of.get(gone).copied().or(self.successor_of(*gone)?);
            self.tx.execute("UPDATE fires SET merged_into = ?2 WHERE id = ?1", params![gone, into])?;
        }
        linked.before = involved;
        Ok(linked)
    }

    /// Groups of detections that burn together, each earliest first, by the key of their first; and every fire that any
    /// of them was in.
    fn groups(
        &self,
        drafts: BTreeMap<i64, Draft<'b>>,
        changed: &BTreeSet<i64>,
    ) -> Result<(Vec<Vec<Member<'b>>>, BTreeSet<i64>), Error> {
        let (members, involved) = self.reachable(drafts, changed)?;
        let linkables: Vec<_> = members.iter().map(Member::linkable).collect();
        let labels = self.labels(&members)?;
        let places = group_labelled(&linkables, &labels, self.rules.link_gap);
        drop(linkables);
        let mut members: Vec<_> = members.into_iter().map(Some).collect();
        let mut take = |place: usize| members.get_mut(place).and_then(Option::take);
        let mut groups: Vec<Vec<Member<'b>>> =
            places.into_iter().map(|places| places.into_iter().filter_map(&mut take).collect()).collect();
        for members in &mut groups {
            members.sort_by(|a, b| a.key().acquired_at.cmp(&b.key().acquired_at).then_with(|| a.key().cmp(b.key())));
        }
        groups.sort_by(|a, b| a.first().map(Member::key).cmp(&b.first().map(Member::key)));
        Ok((groups, involved))
    }

    /// The changed detections, every fire they were in, and every fire near enough in time
    /// and place that it may join them: whole fires, so that no old link is forgotten.
    fn reachable(
        &self,
        drafts: BTreeMap<i64, Draft<'b>>,
        changed: &BTreeSet<i64>,
    ) -> Result<(Vec<Member<'b>>, BTreeSet<i64>), Error> {
        let places = self.places_about(&drafts, changed)?;
        let ids: BTreeSet<i64> = drafts.keys().chain(changed).copied().collect();
        let mut near: BTreeSet<i64> = places.near(&ids, self.rules.link_gap);
        let mut involved: BTreeSet<i64> = near.iter().filter_map(|id| places.fire_of(*id)).collect();
        drop(places);
        involved.extend(drafts.values().filter_map(|draft| draft.fire_id));
        for &id in changed {
            // Also one that no longer stands for itself: its fire must let it go.
            let fire: Option<Option<i64>> = self
                .tx
                .prepare_cached("SELECT fire_id FROM detections WHERE id = ?1")?
                .query_row([id], |row| row.get(0))
                .optional()?;
            involved.extend(fire.flatten());
            near.insert(id);
        }
        let mut stored: BTreeMap<i64, Member<'b>> = BTreeMap::new();
        for &fire in &involved {
            for member in self.members("d.fire_id = ?1", fire)? {
                stored.insert(member.id, member);
            }
        }
        for id in near.into_iter().filter(|id| !drafts.contains_key(id)) {
            if !stored.contains_key(&id) {
                stored.extend(self.members("d.id = ?1", id)?.into_iter().map(|member| (member.id, member)));
            }
        }
        stored.extend(drafts.into_iter().map(|(id, draft)| (id, Member { id, state: State::Draft(draft) })));
        Ok((stored.into_values().collect(), involved))
    }

    /// Where and when the drafts are, and every stored detection within a link gap of what changed.
    ///
    /// One question for each run of moments that follow each other within a gap, instead of one
    /// for each changed detection: most of a fire day burns within hours of the rest.
    fn places_about(&self, drafts: &BTreeMap<i64, Draft<'_>>, changed: &BTreeSet<i64>) -> Result<Places, Error> {
        let gap_ms = i64::try_from(self.rules.link_gap.as_millis()).unwrap_or(i64::MAX);
        let mut moment = self.tx.prepare_cached("SELECT acquired_at FROM detections WHERE id = ?1")?;
        let mut moments: BTreeSet<i64> =
            drafts.values().map(|draft| draft.speaking.key.acquired_at.as_millisecond()).collect();
        for &id in changed {
            moments.extend(moment.query_row([id], |row| row.get::<_, i64>(0)).optional()?);
        }
        let mut select = self.tx.prepare_cached(
            "SELECT id, acquired_at, lon, lat, diagonal_km, fire_id FROM detections
             WHERE superseded_by IS NULL AND acquired_at BETWEEN ?1 AND ?2",
        )?;
        // It may turn out to be on a heat source, or on none, by this very recording.
        let place = |(id, draft): (&i64, &Draft<'_>)| Place {
            id: *id,
            pixel: linkable(&draft.speaking, false),
            fire_id: draft.fire_id,
        };
        let mut found: Vec<Place> = drafts.iter().map(place).collect();
        for (from, until) in spans_about(&moments, gap_ms) {
            let rows = select.query_map([from, until], |row| {
                Ok(Place {
                    id: row.get(0)?,
                    pixel: Linkable {
                        position: position(row, 2)?,
                        acquired_at: row.get::<_, Millis>(1)?.0,
                        diagonal_km: row.get::<_, Option<f64>>(4)?.unwrap_or(MAX_DIAGONAL_KM),
                        is_heat_source: false,
                    },
                    fire_id: row.get(5)?,
                })
            })?;
            for row in rows {
                let row = row?;
                if !drafts.contains_key(&row.id) {
                    found.push(row);
                }
            }
        }
        Ok(Places::of(found))
    }

    fn members(&self, condition: &str, value: i64) -> Result<Vec<Member<'b>>, Error> {
        let mut statement = self.tx.prepare_cached(&format!(
            "SELECT {COLUMNS}, d.id, d.judgement, d.verdict, d.unit_code, d.township_code, d.origin, d.fire_id
             FROM {OF_DETECTIONS} WHERE d.superseded_by IS NULL AND {condition}"
        ))?;
        let rows = statement.query_map([Value::from(value)], |row| {
            let stored = Stored {
                observation: observed::read(row, 0)?,
                judgement: judged::read(row, 7)?,
                origin: word(row.get_ref(11)?.as_str()?, "origin", Origin::from_name)?,
                fire_id: row.get(12)?,
            };
            Ok(Member { id: row.get(6)?, state: State::Stored(Box::new(stored)) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What people said of each detection: which label it has, if any. Nobody said anything of one that is new.
    fn labels(&self, members: &[Member<'_>]) -> Result<Vec<Option<i64>>, Error> {
        let mut select = self.tx.prepare_cached("SELECT label FROM fire_labels WHERE detection_id = ?1")?;
        let labels = members.iter().map(|member| match &member.state {
            State::Draft(draft) if draft.fire_id.is_none() => Ok(None),
            _ => Ok(select.query_row([member.id], |row| row.get(0)).optional()?),
        });
        labels.collect()
    }

    /// Where the detections of a fire went that were absorbed by others.
    fn successor_of(&self, fire: i64) -> Result<Option<i64>, Error> {
        Ok(self
            .tx
            .query_row(
                "SELECT heir.fire_id FROM detections gone JOIN detections heir ON heir.id = gone.superseded_by
                 WHERE gone.fire_id = ?1 ORDER BY gone.id LIMIT 1",
                [fire],
                |row| row.get(0),
            )
            .optional()?
            .flatten())
    }

    /// Judges what is new of a fire and writes it, the fire first because its detections name it.
    fn write_fire(&self, id: i64, members: &[Member<'b>]) -> Result<Vec<Option<Judgement>>, Error> {
        let judge = |member: &Member<'b>| match &member.state {
            State::Draft(draft) => self.judge(&draft.speaking).map(Some),
            State::Stored(_) => Ok(None),
        };
        let judgements = members.iter().map(judge).collect::<Result<Vec<_>, _>>()?;
        let judged = with_judgements(members, &judgements);
        let said: Vec<_> = judged.iter().map(|one| (one.observation, one.judgement.verdict)).collect();
        if let Some(draft) = FireDraft::of(&said) {
            self.write_fire_row(id, &draft)?;
        }
        let mut update = self.tx.prepare_cached("UPDATE detections SET fire_id = ?2 WHERE id = ?1")?;
        for (member, one) in members.iter().zip(&judged) {
            match &member.state {
                State::Draft(draft) => self.write_detection((member.id, id), draft, one.judgement)?,
                State::Stored(stored) if stored.fire_id != Some(id) => drop(update.execute([member.id, id])?),
                State::Stored(_) => {}
            }
        }
        drop((judged, said));
        Ok(judgements)
    }

    /// The alerts that a fire asks for.
    fn asked_for(
        &self,
        (id, is_unheard_of): (i64, bool),
        members: Vec<Member<'b>>,
        judgements: &[Option<Judgement>],
    ) -> LinkedFire<'b> {
        let judged = with_judgements(&members, judgements);
        let drafts = alerts_of(self.ground, &judged);
        let there: Vec<(Option<UnitCode>, Origin)> = members
            .iter()
            .zip(&judged)
            .map(|(member, one)| {
                let origin = self.wakes.origin_of(member.origin(), one.observation, self.now);
                (one.judgement.responsible.clone(), origin)
            })
            .collect();
        drop(judged);
        let origin_in = |unit: &UnitCode| {
            let origins = there.iter().filter(|(responsible, _)| responsible.as_ref() == Some(unit));
            origins.map(|(_, origin)| *origin).min().unwrap_or(Origin::History)
        };
        let wanted = drafts.into_iter().map(|draft| (origin_in(&draft.responsible), draft));
        let wanted = wanted.map(|(origin, draft)| (draft, origin)).collect();
        let pixel = |(member, (responsible, _)): (Member<'b>, (Option<UnitCode>, Origin))| Pixel {
            responsible,
            observation: match member.state {
                State::Draft(draft) => draft.speaking,
                State::Stored(stored) => Row::Stored(Box::new(stored.observation)),
            },
        };
        LinkedFire { id, is_unheard_of, wanted, pixels: members.into_iter().zip(there).map(pixel).collect() }
    }

    fn write_fire_row(&self, id: i64, draft: &FireDraft) -> Result<(), Error> {
        let statement = "INSERT INTO fires (id, first_seen_at, last_seen_at, lon, lat, detections, verdict, max_frp_mw,
                 first_key, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET merged_into = NULL, first_seen_at = excluded.first_seen_at,
                 last_seen_at = excluded.last_seen_at, lon = excluded.lon, lat = excluded.lat,
                 detections = excluded.detections, verdict = excluded.verdict, max_frp_mw = excluded.max_frp_mw,
                 first_key = excluded.first_key";
        self.tx.prepare_cached(statement)?.execute(params![
            id,
            Millis(draft.seen.0),
            Millis(draft.seen.1),
            draft.lon,
            draft.lat,
            draft.detections,
            draft.verdict.name(),
            draft.max_frp_mw,
            draft.first_key.to_string(),
            Millis(self.now),
        ])?;
        Ok(())
    }
}

/// Each detection with the judgement that it has from now on.
fn with_judgements<'a>(members: &'a [Member<'_>], judgements: &'a [Option<Judgement>]) -> Vec<Judged<'a>> {
    let pairs = members.iter().zip(judgements);
    let judged = pairs.filter_map(|(member, judgement)| {
        let judgement = match &member.state {
            State::Draft(_) => judgement.as_ref()?,
            State::Stored(stored) => &stored.judgement,
        };
        Some(Judged { detection_id: member.id, observation: member.observation(), judgement })
    });
    judged.collect()
}

fn linkable(observation: &Observation, is_heat_source: bool) -> Linkable {
    Linkable {
        position: observation.position,
        acquired_at: observation.key.acquired_at,
        diagonal_km: diagonal_km(observation),
        is_heat_source,
    }
}
