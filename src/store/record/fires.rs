//! Step 3: links changed detections and everything they can reach into fires.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};

use super::super::codec::{Json, Millis, word};
use super::reach::{MAX_DIAGONAL_KM, Place, Places, spans_about};
use super::{Error, Recording};
use crate::domain::detection::{Origin, diagonal_km};
use crate::domain::fire::{Linkable, group_labelled};
use crate::domain::observation::Observation;
use crate::domain::position::Position;
use crate::domain::verdict::{Judgement, Verdict};

/// A stored detection as linking and alerting need it.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub id: i64,
    pub observation: Observation,
    pub judgement: Judgement,
    pub origin: Origin,
    pub fire_id: Option<i64>,
}

/// A fire after linking: its id, the fires it took in, its detections earliest first.
#[derive(Debug)]
pub(super) struct LinkedFire {
    pub id: i64,
    pub members: Vec<Member>,
}

/// What linking changed.
#[derive(Debug, Default)]
pub(super) struct Linked {
    pub touched: Touched,
    pub created: u64,
}

/// Fires whose detections may differ from before, and fires that are no more.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub fires: Vec<LinkedFire>,
    /// Every fire id that was involved, the surviving ones included.
    pub involved: BTreeSet<i64>,
}

impl Recording<'_> {
    pub(super) fn link_fires(&self, changed: &BTreeSet<i64>) -> Result<Linked, Error> {
        if changed.is_empty() {
            return Ok(Linked::default());
        }
        let (members, involved) = self.reachable(changed)?;
        let linkables: Vec<_> = members.iter().map(linkable).collect();
        let labels = self.labels(&members)?;
        let mut groups: Vec<Vec<Member>> = group_labelled(&linkables, &labels, self.rules.link_gap)
            .into_iter()
            .map(|places| places.into_iter().filter_map(|i| members.get(i).cloned()).collect())
            .collect();
        for members in &mut groups {
            members.sort_by(|a, b| {
                let time = |m: &Member| m.observation.key.acquired_at;
                time(a).cmp(&time(b)).then_with(|| a.observation.key.cmp(&b.observation.key))
            });
        }
        groups.sort_by(|a, b| a.first().map(|m| &m.observation.key).cmp(&b.first().map(|m| &m.observation.key)));

        // The oldest recorded fire of a group gives it its id; what several groups share
        // (a fire that fell apart because a row was revised) goes to the earliest of them.
        let mut claimed: BTreeSet<i64> = BTreeSet::new();
        let mut survivor_of: BTreeMap<i64, i64> = BTreeMap::new();
        let mut linked = Linked::default();
        for members in groups {
            let before: BTreeSet<i64> = members.iter().filter_map(|m| m.fire_id).collect();
            let (id, is_new) = match before.iter().find(|id| !claimed.contains(id)) {
                Some(&id) => (id, false),
                None => (self.create_fire()?, true),
            };
            linked.created += u64::from(is_new);
            claimed.insert(id);
            for old in before {
                survivor_of.entry(old).or_insert(id);
            }
            self.write_fire(id, &members)?;
            linked.touched.fires.push(LinkedFire { id, members });
        }
        for gone in involved.difference(&claimed) {
            // A fire whose only detection was absorbed by another has no group of its own.
            let into = survivor_of.get(gone).copied().or(self.successor_of(*gone)?);
            self.tx.execute("UPDATE fires SET merged_into = ?2 WHERE id = ?1", params![gone, into])?;
        }
        linked.touched.involved = involved;
        linked.touched.involved.extend(claimed);
        Ok(linked)
    }

    /// The changed detections, every fire they were in, and every fire near enough in time
    /// and place that it may join them: whole fires, so that no old link is forgotten.
    fn reachable(&self, changed: &BTreeSet<i64>) -> Result<(Vec<Member>, BTreeSet<i64>), Error> {
        let places = self.places_about(changed)?;
        let mut near: BTreeSet<i64> = places.near(changed, self.rules.link_gap);
        let mut involved: BTreeSet<i64> = near.iter().filter_map(|id| places.fire_of(*id)).collect();
        let mut members: BTreeMap<i64, Member> = BTreeMap::new();
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
        for &fire in &involved {
            for member in self.members("fire_id = ?1", &[Value::from(fire)])? {
                near.remove(&member.id);
                members.insert(member.id, member);
            }
        }
        for id in near {
            for member in self.members("id = ?1", &[Value::from(id)])? {
                members.insert(member.id, member);
            }
        }
        Ok((members.into_values().collect(), involved))
    }

    /// Where and when every detection within a link gap of a changed one was seen.
    ///
    /// One question for each run of moments that follow each other within a gap, instead of one
    /// for each changed detection: most of a fire day burns within hours of the rest.
    fn places_about(&self, changed: &BTreeSet<i64>) -> Result<Places, Error> {
        let gap_ms = i64::try_from(self.rules.link_gap.as_millis()).unwrap_or(i64::MAX);
        let mut moment = self.tx.prepare_cached("SELECT acquired_at FROM detections WHERE id = ?1")?;
        let mut moments: BTreeSet<i64> = BTreeSet::new();
        for &id in changed {
            moments.extend(moment.query_row([id], |row| row.get::<_, i64>(0)).optional()?);
        }
        let mut select = self.tx.prepare_cached(
            "SELECT id, acquired_at, lon, lat, diagonal_km, fire_id FROM detections
             WHERE superseded_by IS NULL AND acquired_at BETWEEN ?1 AND ?2",
        )?;
        let mut found = Vec::new();
        for (from, until) in spans_about(&moments, gap_ms) {
            let rows = select.query_map([from, until], |row| {
                let (lon, lat): (f64, f64) = (row.get(2)?, row.get(3)?);
                Ok(Place {
                    id: row.get(0)?,
                    pixel: Linkable {
                        position: word(&format!("{lon} {lat}"), "position", |_| Position::from_lon_lat(lon, lat).ok())?,
                        acquired_at: row.get::<_, Millis>(1)?.0,
                        diagonal_km: row.get::<_, Option<f64>>(4)?.unwrap_or(MAX_DIAGONAL_KM),
                        // It may turn out to be one, or to be none, by this very recording.
                        is_heat_source: false,
                    },
                    fire_id: row.get(5)?,
                })
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        Ok(Places::of(found))
    }

    fn members(&self, condition: &str, values: &[Value]) -> Result<Vec<Member>, Error> {
        let mut statement = self.tx.prepare_cached(&format!(
            "SELECT id, observation, judgement, origin, fire_id FROM detections
             WHERE superseded_by IS NULL AND {condition}"
        ))?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), read_member)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What people said of each detection: which label it has, if any.
    fn labels(&self, members: &[Member]) -> Result<Vec<Option<i64>>, Error> {
        let mut select = self.tx.prepare_cached("SELECT label FROM fire_labels WHERE detection_id = ?1")?;
        let labels = members.iter().map(|member| Ok(select.query_row([member.id], |row| row.get(0)).optional()?));
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

    /// A fire with an id and nothing else; [`Self::write_fire`] says what it is.
    fn create_fire(&self) -> Result<i64, Error> {
        self.tx.execute(
            "INSERT INTO fires (created_at, first_seen_at, last_seen_at, lon, lat, detections, verdict, first_key)
             VALUES (?1, 0, 0, 0, 0, 0, '', '')",
            params![Millis(self.now)],
        )?;
        Ok(self.tx.last_insert_rowid())
    }

    fn write_fire(&self, id: i64, members: &[Member]) -> Result<(), Error> {
        let summary = Summary::of(members);
        self.tx.execute(
            "UPDATE fires SET merged_into = NULL, first_seen_at = ?2, last_seen_at = ?3, lon = ?4, lat = ?5,
                 detections = ?6, verdict = ?7, max_frp_mw = ?8, first_key = ?9 WHERE id = ?1",
            params![
                id,
                summary.first_seen,
                summary.last_seen,
                summary.lon,
                summary.lat,
                summary.detections,
                summary.verdict.name(),
                summary.max_frp_mw,
                summary.first_key
            ],
        )?;
        let mut update = self.tx.prepare_cached("UPDATE detections SET fire_id = ?2 WHERE id = ?1")?;
        for member in members.iter().filter(|member| member.fire_id != Some(id)) {
            update.execute(params![member.id, id])?;
        }
        Ok(())
    }
}

fn read_member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        id: row.get(0)?,
        observation: row.get::<_, Json<Observation>>(1)?.0,
        judgement: row.get::<_, Json<Judgement>>(2)?.0,
        origin: word(&row.get::<_, String>(3)?, "origin", Origin::from_name)?,
        fire_id: row.get(4)?,
    })
}

fn linkable(member: &Member) -> Linkable {
    Linkable {
        position: member.observation.position,
        acquired_at: member.observation.key.acquired_at,
        diagonal_km: diagonal_km(&member.observation),
        is_heat_source: member.judgement.verdict == Verdict::HeatSource,
    }
}

/// What a fire's row says of its detections.
struct Summary {
    first_seen: i64,
    last_seen: i64,
    lon: f64,
    lat: f64,
    detections: i64,
    verdict: Verdict,
    max_frp_mw: Option<f64>,
    first_key: String,
}

impl Summary {
    /// Of detections sorted earliest first.
    fn of(members: &[Member]) -> Self {
        let times = || members.iter().map(|m| m.observation.key.acquired_at.as_millisecond());
        let count = members.len().max(1) as f64;
        Self {
            first_seen: times().min().unwrap_or_default(),
            last_seen: times().max().unwrap_or_default(),
            lon: members.iter().map(|m| m.observation.position.lon()).sum::<f64>() / count,
            lat: members.iter().map(|m| m.observation.position.lat()).sum::<f64>() / count,
            detections: i64::try_from(members.len()).unwrap_or(i64::MAX),
            verdict: members.iter().map(|m| m.judgement.verdict).min().unwrap_or(Verdict::Neighbour),
            max_frp_mw: members.iter().filter_map(|m| m.observation.frp_mw).max_by(f64::total_cmp),
            first_key: members.first().map(|m| m.observation.key.to_string()).unwrap_or_default(),
        }
    }
}
