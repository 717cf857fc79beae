//! Step 4: brings the recorded alerts in line with what the fires now say, and writes
//! notices for what people must be told.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::super::alert::log_event;
use super::super::codec::{Json, Millis, word};
use super::fires::{LinkedFire, Member, Touched};
use super::{Error, Recording};
use crate::domain::alert::{
    AlertDraft, AlertNumber, AlertState, Judged, NOTICE_EXPIRES_AFTER, NotifyReason, alerts_of,
};
use crate::domain::chain::chain_of;
use crate::domain::detection::Origin;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

/// The actor of what firegrid itself does.
pub(super) const SYSTEM: &str = "firegrid";

/// An alert as it stands before this recording.
#[derive(Debug, Clone)]
struct Standing {
    number: AlertNumber,
    responsible: UnitCode,
    state: AlertState,
    verdict: Verdict,
    unit: UnitCode,
    units: BTreeSet<UnitCode>,
    origin: Origin,
    first_key: String,
    fire_id: i64,
}

impl Recording<'_> {
    /// Returns the number of alerts created.
    pub(super) fn settle_alerts(&self, touched: &Touched) -> Result<u64, Error> {
        let mut standing = self.standing_alerts(touched)?;
        let mut created = 0;
        for fire in &touched.fires {
            let judged: Vec<_> = fire
                .members
                .iter()
                .map(|m| Judged { detection_id: m.id, observation: &m.observation, judgement: &m.judgement })
                .collect();
            for draft in alerts_of(self.ground, &judged) {
                let known = standing.remove(&(fire.id, draft.responsible.clone())).unwrap_or_default();
                created += u64::from(self.settle_alert(fire, &draft, known)?);
            }
        }
        // What no fire asks for any more: a revision moved the pixel or changed its ground.
        for alert in standing.into_values().flatten() {
            self.supersede(&alert)?;
        }
        Ok(created)
    }

    /// The alerts of all involved fires, by the fire their earliest detection belongs to now.
    ///
    /// They are taken out of the index of standing alerts for the while, so that fires may
    /// swap alerts; each is put back, merged or superseded below.
    fn standing_alerts(&self, touched: &Touched) -> Result<BTreeMap<(i64, UnitCode), Vec<Standing>>, Error> {
        let mut by_fire: BTreeMap<(i64, UnitCode), Vec<Standing>> = BTreeMap::new();
        let mut select = self.tx.prepare_cached(
            "SELECT a.number, a.responsible_code, a.state, a.verdict, a.unit_code, a.other_units, a.origin, a.first_key,
                    coalesce(heir.fire_id, first.fire_id, a.fire_id)
             FROM alerts a JOIN detections first ON first.id = a.first_detection
             LEFT JOIN detections heir ON heir.id = first.superseded_by
             WHERE a.fire_id = ?1 AND a.merged_into IS NULL AND a.superseded_at IS NULL",
        )?;
        let mut park = self.tx.prepare_cached("UPDATE alerts SET superseded_at = ?2 WHERE number = ?1")?;
        for fire in &touched.involved {
            let alerts = select
                .query_map([fire], |row| {
                    let unit = UnitCode(row.get(4)?);
                    let mut units: BTreeSet<UnitCode> = row.get::<_, Json<_>>(5)?.0;
                    units.insert(unit.clone());
                    Ok(Standing {
                        number: AlertNumber(row.get(0)?),
                        responsible: UnitCode(row.get(1)?),
                        state: word(&row.get::<_, String>(2)?, "alert state", AlertState::from_name)?,
                        verdict: word(&row.get::<_, String>(3)?, "verdict", Verdict::from_name)?,
                        unit,
                        units,
                        origin: word(&row.get::<_, String>(6)?, "origin", Origin::from_name)?,
                        first_key: row.get(7)?,
                        fire_id: row.get(8)?,
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            for alert in alerts {
                park.execute(params![alert.number.0, Millis(self.now)])?;
                by_fire.entry((alert.fire_id, alert.responsible.clone())).or_default().push(alert);
            }
        }
        Ok(by_fire)
    }

    /// Creates, updates or merges the alerts of one fire and township; true when one was created.
    fn settle_alert(&self, fire: &LinkedFire, draft: &AlertDraft, mut known: Vec<Standing>) -> Result<bool, Error> {
        let there: Vec<&Member> =
            fire.members.iter().filter(|m| m.judgement.responsible.as_ref() == Some(&draft.responsible)).collect();
        let origin = there.iter().map(|m| m.origin).min().unwrap_or(Origin::History);
        // A closed case takes nothing open into it: nothing is closed, or reopened, by itself.
        let closed = |alert: &Standing| alert.state == AlertState::Closed;
        known.sort_by(|a, b| {
            closed(a).cmp(&closed(b)).then_with(|| a.first_key.cmp(&b.first_key)).then_with(|| a.number.cmp(&b.number))
        });
        let mut known = known.into_iter();
        let Some(mut survivor) = known.next() else {
            // Archives are recorded and judged; they open no case.
            if origin == Origin::History {
                return Ok(false);
            }
            self.create_alert(fire, draft, &there, origin)?;
            return Ok(true);
        };
        for other in known {
            self.merge(&other, &survivor)?;
            // What a person has done for one of them is done for the fire they turned out to be.
            if !closed(&other) {
                survivor.state = survivor.state.max(other.state);
            }
        }
        self.tx.execute(
            "UPDATE alerts SET state = ?2 WHERE number = ?1",
            params![survivor.number.0, survivor.state.name()],
        )?;
        self.update_alert(fire, draft, &there, &survivor, origin)?;
        Ok(false)
    }

    fn create_alert(
        &self,
        fire: &LinkedFire,
        draft: &AlertDraft,
        there: &[&Member],
        origin: Origin,
    ) -> Result<(), Error> {
        let number = self.next_number()?;
        let above = |level| self.ground.at_level(&draft.responsible, level).map(|unit| unit.code.0.clone());
        self.tx.execute(
            "INSERT INTO alerts (number, fire_id, responsible_code, township_code, county_code, owner_code, unit_code,
                 state, origin, verdict, reason, may_be_banned, candidates, other_units, first_detection, first_key, first_seen_at,
                 last_seen_at, detections, region_version, recorded_at, source, lon, lat)
             VALUES (?1, ?2, ?3, ?4, ?5, '', '', ?6, ?7, '', '', 0, '[]', '[]', ?8, '', 0, 0, 0, '', ?9, 'satellite', 0, 0)",
            params![
                number.0,
                fire.id,
                draft.responsible.0,
                above(UnitLevel::Township),
                above(UnitLevel::County),
                AlertState::Open.name(),
                origin.name(),
                draft.first_detection,
                Millis(self.now),
            ],
        )?;
        self.write_draft(&number, fire, draft, there, origin)?;
        self.append_chain(&number, draft)?;
        log_event(self.tx, &number, self.now, "recorded", SYSTEM, draft.verdict.name())?;
        self.notify(&number, NotifyReason::First, origin)
    }

    fn update_alert(
        &self,
        fire: &LinkedFire,
        draft: &AlertDraft,
        there: &[&Member],
        before: &Standing,
        origin: Origin,
    ) -> Result<(), Error> {
        self.write_draft(&before.number, fire, draft, there, before.origin.min(origin))?;
        if before.unit != draft.likely_unit {
            self.append_chain(&before.number, draft)?;
        }
        let mut units: BTreeSet<_> = draft.other_units.iter().cloned().collect();
        units.insert(draft.likely_unit.clone());
        let reached: Vec<_> = units.difference(&before.units).map(|unit| unit.0.as_str()).collect();
        if before.origin != Origin::Live && origin == Origin::Live && before.state != AlertState::Closed {
            // What was only listed so far is burning now: this is the first that people hear of it.
            return self.notify(&before.number, NotifyReason::First, origin);
        }
        let turned_banned = draft.verdict == Verdict::Banned && before.verdict != Verdict::Banned;
        if reached.is_empty() && !turned_banned {
            return Ok(());
        }
        let mut detail = reached.join(" ");
        if turned_banned {
            detail.push_str(" banned");
        }
        log_event(self.tx, &before.number, self.now, "grown", SYSTEM, detail.trim())?;
        if before.state == AlertState::Closed {
            // Nothing reopens a closed case by itself.
            return Ok(());
        }
        self.notify(&before.number, NotifyReason::Grown, origin)
    }

    /// Everything of an alert that follows from its detections.
    fn write_draft(
        &self,
        number: &AlertNumber,
        fire: &LinkedFire,
        draft: &AlertDraft,
        there: &[&Member],
        origin: Origin,
    ) -> Result<(), Error> {
        let of = |id: i64| {
            there.iter().find(|m| m.id == id).ok_or_else(|| Error::unreadable("alert", "its detection is missing"))
        };
        let (deciding, first) = (of(draft.deciding_detection)?, of(draft.first_detection)?);
        self.tx.execute(
            "UPDATE alerts SET fire_id = ?2, owner_code = ?3, unit_code = ?4, verdict = ?5, reason = ?6,
                 may_be_banned = ?7, sure_level = ?8, candidates = ?9, other_units = ?10, nearest_place = ?11,
                 first_detection = ?12, first_key = ?13, first_seen_at = ?14, last_seen_at = ?15, detections = ?16,
                 max_frp_mw = ?17, region_version = ?18, origin = ?19, lon = ?20, lat = ?21, superseded_at = NULL
             WHERE number = ?1",
            params![
                number.0,
                fire.id,
                draft.owner.0,
                draft.likely_unit.0,
                draft.verdict.name(),
                Json(&deciding.judgement.reason),
                draft.may_be_banned,
                draft.sure_level.map(UnitLevel::name),
                Json(&draft.candidates),
                Json(&draft.other_units),
                self.ground.nearest_place(first.observation.position).map(Json),
                draft.first_detection,
                draft.first_key.to_string(),
                Millis(draft.seen.0),
                Millis(draft.seen.1),
                draft.detections,
                draft.max_frp_mw,
                deciding.judgement.region_version.0,
                origin.name(),
                first.observation.position.lon(),
                first.observation.position.lat(),
            ],
        )?;
        Ok(())
    }

    /// Keeps the accountable chain of the likely unit as it stood on the day the fire was first seen there.
    fn append_chain(&self, number: &AlertNumber, draft: &AlertDraft) -> Result<(), Error> {
        let day = self.ground.local_day(draft.seen.0);
        let chain = chain_of(self.ground, &draft.likely_unit, day);
        self.tx.execute(
            "INSERT INTO alert_chains (alert_number, at, unit_code, chain) VALUES (?1, ?2, ?3, ?4)",
            params![number.0, Millis(self.now), draft.likely_unit.0, Json(chain)],
        )?;
        Ok(())
    }

    fn merge(&self, other: &Standing, survivor: &Standing) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE alerts SET merged_into = ?2, superseded_at = NULL WHERE number = ?1",
            params![other.number.0, survivor.number.0],
        )?;
        log_event(self.tx, &other.number, self.now, "merged", SYSTEM, &survivor.number.0)?;
        log_event(self.tx, &survivor.number, self.now, "merged", SYSTEM, &other.number.0)
    }

    fn supersede(&self, alert: &Standing) -> Result<(), Error> {
        // It was set aside when it was read; that is what superseded means.
        log_event(self.tx, &alert.number, self.now, "superseded", SYSTEM, "a revision of the satellite data")
    }

    /// Writes the notice of a live alert; late ones are for the daily list and wake nobody.
    fn notify(&self, number: &AlertNumber, reason: NotifyReason, origin: Origin) -> Result<(), Error> {
        if origin != Origin::Live {
            return Ok(());
        }
        let expires_at = self.now.saturating_add(NOTICE_EXPIRES_AFTER).unwrap_or(self.now);
        self.tx.execute(
            "INSERT INTO notices (alert_number, reason, generation, created_at, expires_at)
             SELECT ?1, ?2, coalesce(max(generation), 0) + 1, ?3, ?4 FROM notices WHERE alert_number = ?1",
            params![number.0, reason.name(), Millis(self.now), Millis(expires_at)],
        )?;
        Ok(())
    }

    fn next_number(&self) -> Result<AlertNumber, Error> {
        let day = self.ground.local_day(self.now);
        let first = AlertNumber::new(day, 0);
        let prefix = first.0.split_once('-').map_or("", |(day, _)| day).to_owned();
        let used: u32 = self.tx.query_row(
            "SELECT count(*) FROM alerts WHERE number >= ?1 || '-' AND number < ?1 || '.'",
            [prefix],
            |row| row.get(0),
        )?;
        Ok(AlertNumber::new(day, used + 1))
    }
}
