//! Step 4: brings the recorded alerts in line with what the fires now say, and writes notices for
//! what people must be told.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::super::alert::{
    self, Numbers, append_chain, cancel_clocks, hand_over_replies, note_event, notify, refresh_scope, review_follows,
    start_clocks, start_new_clocks,
};
use super::super::codec::{Json, Millis, optional_word, word};
use super::super::query::{Place, earlier_near};
use super::fires::{Linked, LinkedFire};
use super::{Error, Recording};
use crate::domain::alert::joining::{self, Reported};
use crate::domain::alert::{AlertDraft, AlertNumber, AlertSource, AlertState, NotifyReason};
use crate::domain::alert::{AlertEvent, AlertRecord, AlertView, Beginning, Setting};
use crate::domain::detection::Origin;
use crate::domain::observation::{Confidence, Observation};
use crate::domain::position::Position;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

/// An alert as it stands before this recording.
#[derive(Debug, Clone)]
struct Standing {
    number: AlertNumber,
    source: AlertSource,
    /// Whose ground it is; a person may have reassigned who answers for it.
    ground_code: UnitCode,
    state: AlertState,
    verdict: Option<Verdict>,
    unit: UnitCode,
    units: BTreeSet<UnitCode>,
    origin: Origin,
    first_key: String,
    /// The fire that its earliest detection belongs to now.
    fire_id: i64,
}

/// What is being settled: one township of a fire.
#[derive(Clone, Copy)]
struct Wanted<'a, 'b> {
    fire: &'a LinkedFire<'b>,
    draft: &'a AlertDraft,
    origin: Origin,
    may_be_reported: bool,
}

impl<'a> Wanted<'a, '_> {
    /// The pixels there.
    fn pixels(&self) -> impl Iterator<Item = &'a Observation> + Clone + use<'a> {
        let (pixels, responsible) = (&self.fire.pixels, &self.draft.responsible);
        let there = pixels.iter().filter(move |pixel| pixel.responsible.as_ref() == Some(responsible));
        there.map(|pixel| &*pixel.observation)
    }
}

/// Whether an alert stands also when no fire asks for it: people reported it, or found something there.
fn stands_alone(source: AlertSource, state: AlertState) -> bool {
    source != AlertSource::Satellite || state >= AlertState::Reported
}

impl Recording<'_> {
    /// Returns the number of alerts created.
    pub(super) fn settle_alerts(&self, linked: &Linked<'_>) -> Result<u64, Error> {
        let mut standing = self.standing_alerts(linked)?;
        let mut numbers = Numbers::of(self.ground.local_day(self.now));
        let mut created = 0;
        for fire in &linked.fires {
            for (draft, origin) in &fire.wanted {
                let known = standing.remove(&(fire.id, draft.responsible.clone())).unwrap_or_default();
                let wanted = Wanted { fire, draft, origin: *origin, may_be_reported: linked.may_be_reported };
                created += u64::from(self.settle_alert(wanted, known, &mut numbers)?);
            }
        }
        // What no fire asks for any more: a revision moved the pixel or changed its ground.
        self.supersede(&standing.into_values().flatten().collect::<Vec<_>>())?;
        Ok(created)
    }

    /// The alerts of all fires that may have changed, by the fire their earliest detection belongs to now.
    ///
    /// Those that go with their detection to another fire let go of the one before at once, so that fires may swap
    /// alerts.
    fn standing_alerts(&self, linked: &Linked<'_>) -> Result<BTreeMap<(i64, UnitCode), Vec<Standing>>, Error> {
        let mut by_fire: BTreeMap<(i64, UnitCode), Vec<Standing>> = BTreeMap::new();
        let mut select = self.tx.prepare_cached(
            "SELECT a.number, a.ground_code, a.state, a.verdict, a.unit_code, a.other_units, a.origin, a.first_key,
                    coalesce(heir.fire_id, first.fire_id, a.fire_id), a.source
             FROM alerts a LEFT JOIN detections first ON first.id = a.first_detection
             LEFT JOIN detections heir ON heir.id = first.superseded_by
             WHERE a.fire_id = ?1 AND a.merged_into IS NULL AND a.superseded_at IS NULL",
        )?;
        for fire in &linked.before {
            let alerts = select
                .query_map([fire], |row| {
                    let unit = UnitCode(row.get(4)?);
                    let mut units: BTreeSet<UnitCode> = row.get::<_, Json<_>>(5)?.0;
                    units.insert(unit.clone());
                    Ok(Standing {
                        number: AlertNumber(row.get(0)?),
                        source: word(&row.get::<_, String>(9)?, "alert source", AlertSource::from_name)?,
                        ground_code: UnitCode(row.get(1)?),
                        state: word(&row.get::<_, String>(2)?, "alert state", AlertState::from_name)?,
                        verdict: optional_word(row, 3, "verdict", Verdict::from_name)?,
                        unit,
                        units,
                        origin: word(&row.get::<_, String>(6)?, "origin", Origin::from_name)?,
                        first_key: row.get(7)?,
                        fire_id: row.get(8)?,
                    })
                })?
                .collect::<Result<Vec<_>, _>>()?;
            for alert in alerts {
                if alert.fire_id != *fire {
                    self.let_go_of_fire(&alert.number)?;
                }
                by_fire.entry((alert.fire_id, alert.ground_code.clone())).or_default().push(alert);
            }
        }
        Ok(by_fire)
    }

    fn let_go_of_fire(&self, number: &AlertNumber) -> Result<(), Error> {
        self.tx.prepare_cached("UPDATE alerts SET fire_id = NULL WHERE number = ?1")?.execute([&number.0])?;
        Ok(())
    }

    /// Creates, updates or merges the alerts of one fire and township; true when one was created.
    fn settle_alert(
        &self,
        wanted: Wanted<'_, '_>,
        mut known: Vec<Standing>,
        numbers: &mut Numbers,
    ) -> Result<bool, Error> {
        // An alert that is over takes nothing open into it: nothing is closed, or reopened, by itself.
        // Among the others what people made of it comes first.
        known.sort_by(|a, b| {
            let rank = |s: &Standing| (s.state.is_over(), s.source == AlertSource::Satellite);
            rank(a).cmp(&rank(b)).then_with(|| a.first_key.cmp(&b.first_key)).then_with(|| a.number.cmp(&b.number))
        });
        let mut known = known.into_iter();
        let Some(survivor) = known.next() else {
            if let Some(reported) = self.reported_alert(wanted)? {
                self.join_reported(wanted, reported)?;
                return Ok(false);
            }
            // Archives are recorded and judged; they open no alert. What a person merged stays merged.
            if wanted.origin == Origin::History || self.is_merged_by_person(wanted)? {
                return Ok(false);
            }
            self.create_alert(wanted, numbers)?;
            return Ok(true);
        };
        for other in known {
            if other.state.is_over() {
                self.let_go(&other, &survivor)?;
            } else {
                self.merge(&other, &survivor)?;
            }
        }
        self.update_alert(wanted, &survivor)?;
        Ok(false)
    }

    fn create_alert(&self, wanted: Wanted<'_, '_>, numbers: &mut Numbers) -> Result<(), Error> {
        let Wanted { fire, draft, origin, .. } = wanted;
        let number = numbers.next(self.tx)?;
        let above = |level| self.ground.at_level(&draft.responsible, level).map(|unit| unit.code.0.clone());
        let place = Place { position: draft.position, first_seen_at: draft.seen.0, fire_id: Some(fire.id) };
        let rekindled = earlier_near(self.tx, &number, place)?;
        let alert = as_new_alert(&number, wanted);
        let scope = alert::scope_of_new(self.ground, &alert, draft.seen.0);
        self.tx
            .prepare_cached(
                "INSERT INTO alerts (number, source, fire_id, ground_code, responsible_code, township_code, county_code,
                     owner_code, unit_code, state, origin, verdict, reason, may_be_banned, sure_level, candidates,
                     other_units, land_cover, nearest_place, lon, lat, first_detection, first_key, first_seen_at,
                     last_seen_at, detections, max_frp_mw, confidence, region_version, recorded_at, rekindles,
                     scope_digest)
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                     ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)",
            )?
            .execute(params![
                number.0,
                alert.view.source.name(),
                fire.id,
                draft.responsible.0,
                above(UnitLevel::Township),
                above(UnitLevel::County),
                draft.owner.0,
                draft.likely_unit.0,
                alert.view.state.name(),
                origin.name(),
                draft.verdict.name(),
                Json(&draft.reason),
                draft.may_be_banned,
                draft.sure_level.map(UnitLevel::name),
                Json(&draft.candidates),
                Json(&draft.other_units),
                Json(&draft.land_cover),
                self.ground.nearest_place(draft.position).map(Json),
                draft.position.lon(),
                draft.position.lat(),
                draft.first_detection,
                draft.first_key.to_string(),
                Millis(draft.seen.0),
                Millis(draft.seen.1),
                draft.detections,
                draft.max_frp_mw,
                draft.confidence.map(Confidence::class_name),
                draft.region_version.0,
                Millis(self.now),
                rekindled.as_ref().map(|earlier| &earlier.0),
                scope.digest(),
            ])?;
        append_chain(self.tx, self.ground, &number, &draft.likely_unit, self.ground.local_day(draft.seen.0), self.now)?;
        let recorded = AlertEvent::Recorded(Beginning::Seen { text: draft.verdict });
        note_event(self.tx, &number, self.now, &recorded)?;
        if let Some(earlier) = rekindled {
            note_event(self.tx, &number, self.now, &AlertEvent::PossibleRekindling { text: earlier })?;
        }
        scope.write(self.tx, self.ground, &number)?;
        self.notify(&number, NotifyReason::First, origin)?;
        start_new_clocks(self.tx, Setting { ground: self.ground, rules: self.rules, now: self.now }, &alert)
    }

    fn update_alert(&self, wanted: Wanted<'_, '_>, before: &Standing) -> Result<(), Error> {
        let Wanted { draft, origin, .. } = wanted;
        let number = &before.number;
        if before.state.is_over() && origin == Origin::Live {
            self.note_burning_after_close(number, draft)?;
        }
        self.write_draft(number, Wanted { origin: before.origin.min(origin), ..wanted })?;
        // A graver verdict may be another desk's to review.
        review_follows(self.tx, self.ground, self.rules, number, self.now)?;
        if before.unit != draft.likely_unit && before.source == AlertSource::Satellite {
            let day = self.ground.local_day(draft.seen.0);
            append_chain(self.tx, self.ground, number, &draft.likely_unit, day, self.now)?;
        }
        let mut units: BTreeSet<_> = draft.other_units.iter().cloned().collect();
        units.insert(draft.likely_unit.clone());
        let reached: Vec<_> = units.difference(&before.units).map(|unit| unit.0.as_str()).collect();
        refresh_scope(self.tx, self.ground, number)?;
        if before.origin != Origin::Live && origin == Origin::Live && !before.state.is_over() {
            // What was only listed so far is burning now: this is the first that people hear of it.
            self.notify(number, NotifyReason::First, origin)?;
            return start_clocks(self.tx, self.ground, self.rules, number, self.now);
        }
        let turned_banned = draft.verdict == Verdict::Banned && before.verdict != Some(Verdict::Banned);
        if reached.is_empty() && !turned_banned {
            return Ok(());
        }
        let mut detail = reached.join(" ");
        if turned_banned {
            detail.push_str(" banned");
        }
        note_event(self.tx, number, self.now, &AlertEvent::Grown { text: detail.trim().to_owned() })?;
        if before.state.is_over() {
            // Nothing reopens a closed alert by itself.
            return Ok(());
        }
        self.notify(number, NotifyReason::Grown, origin)
    }

    /// Nothing reopens an alert that is over by itself; but that its fire is seen again after it was closed
    /// must not pass unheard: the desk that reviewed it is told, once, and may split the new pixels off.
    fn note_burning_after_close(&self, number: &AlertNumber, draft: &AlertDraft) -> Result<(), Error> {
        let is_first: bool = self
            .tx
            .prepare_cached(
                "SELECT coalesce(closed_at < ?2 AND last_seen_at <= closed_at, 0) FROM alerts WHERE number = ?1",
            )?
            .query_row(params![number.0, Millis(draft.seen.1)], |row| row.get(0))?;
        let Some(alert) = alert::standing(self.tx, number)?.filter(|_| is_first) else { return Ok(()) };
        let desk = alert::review_desk(self.ground, self.rules, &alert);
        note_event(self.tx, number, self.now, &AlertEvent::BurnsAfterClose { text: draft.seen.1 })?;
        notify(self.tx, number, NotifyReason::Grown, Some(&desk), None, self.now)
    }

    /// Everything of an alert that follows from its detections. Where a person chose who has the alert,
    /// or reported where it burns, that stays.
    fn write_draft(
        &self,
        number: &AlertNumber,
        Wanted { fire, draft, origin, .. }: Wanted<'_, '_>,
    ) -> Result<(), Error> {
        self.tx
            .prepare_cached(
                "UPDATE alerts SET fire_id = ?2, owner_code = CASE WHEN owner_is_chosen THEN owner_code ELSE ?3 END,
                     unit_code = CASE WHEN source = 'satellite' THEN ?4 ELSE unit_code END, verdict = ?5, reason = ?6,
                     may_be_banned = ?7, sure_level = ?8, candidates = ?9, other_units = ?10,
                     nearest_place = CASE WHEN source = 'satellite' THEN ?11 ELSE nearest_place END,
                     first_detection = ?12, first_key = ?13,
                     first_seen_at = CASE WHEN source = 'satellite' OR ?14 < first_seen_at THEN ?14
                                          ELSE first_seen_at END,
                     last_seen_at = CASE WHEN source = 'satellite' OR ?15 > last_seen_at THEN ?15 ELSE last_seen_at END,
                     detections = ?16, max_frp_mw = ?17, region_version = ?18, origin = ?19,
                     lon = CASE WHEN source = 'satellite' THEN ?20 ELSE lon END,
                     lat = CASE WHEN source = 'satellite' THEN ?21 ELSE lat END,
                     confidence = ?22, land_cover = ?23, revision = revision + 1
                 WHERE number = ?1",
            )?
            .execute(params![
                number.0,
                fire.id,
                draft.owner.0,
                draft.likely_unit.0,
                draft.verdict.name(),
                Json(&draft.reason),
                draft.may_be_banned,
                draft.sure_level.map(UnitLevel::name),
                Json(&draft.candidates),
                Json(&draft.other_units),
                self.ground.nearest_place(draft.position).map(Json),
                draft.first_detection,
                draft.first_key.to_string(),
                Millis(draft.seen.0),
                Millis(draft.seen.1),
                draft.detections,
                draft.max_frp_mw,
                draft.region_version.0,
                origin.name(),
                draft.position.lon(),
                draft.position.lat(),
                draft.confidence.map(Confidence::class_name),
                Json(&draft.land_cover),
            ])?;
        Ok(())
    }

    /// Whether there is any alert that people made of a fire before a satellite's data came.
    pub(super) fn is_any_reported(&self) -> Result<bool, Error> {
        let exists = "SELECT EXISTS (SELECT 1 FROM alerts WHERE fire_id IS NULL AND source <> 'problem'
                          AND state <> 'excluded' AND merged_into IS NULL AND superseded_at IS NULL)";
        Ok(self.tx.prepare_cached(exists)?.query_row([], |row| row.get(0))?)
    }

    /// The alert people made of this fire before any satellite's data came, if there is one.
    fn reported_alert(&self, wanted: Wanted<'_, '_>) -> Result<Option<AlertNumber>, Error> {
        if !wanted.may_be_reported {
            return Ok(None);
        }
        let draft = wanted.draft;
        let reach = i64::try_from(joining::WITHIN.as_millis()).unwrap_or(i64::MAX);
        let mut select = self.tx.prepare_cached(
            "SELECT number, lon, lat, first_seen_at FROM alerts
             WHERE fire_id IS NULL AND ground_code = ?1 AND first_seen_at BETWEEN ?2 AND ?3
               AND source <> 'problem' AND state <> 'excluded'
               -- what burns after a case was closed is another one
               AND (closed_at IS NULL OR closed_at >= ?4)
               AND merged_into IS NULL AND superseded_at IS NULL ORDER BY number",
        )?;
        let span = (draft.seen.0.as_millisecond() - reach, draft.seen.1.as_millisecond() + reach);
        let rows = select.query_map(params![draft.responsible.0, span.0, span.1, Millis(draft.seen.0)], |row| {
            Ok((AlertNumber(row.get(0)?), row.get(1)?, row.get(2)?, row.get::<_, Millis>(3)?.0))
        })?;
        let mut nearest: Option<(f64, AlertNumber)> = None;
        for row in rows {
            let (number, lon, lat, seen_at) = row?;
            let Ok(position) = Position::from_lon_lat(lon, lat) else { continue };
            let Some(km) = joining::distance_km(Reported { position, seen_at }, wanted.pixels()) else { continue };
            if nearest.as_ref().is_none_or(|(best, _)| km < *best) {
                nearest = Some((km, number));
            }
        }
        Ok(nearest.map(|(_, number)| number))
    }

    /// A satellite saw what people had reported: the alert stays theirs, and says so.
    fn join_reported(&self, wanted: Wanted<'_, '_>, number: AlertNumber) -> Result<(), Error> {
        let Some(alert) = alert::standing(self.tx, &number)? else { return Ok(()) };
        let joined = AlertEvent::Joined { text: wanted.draft.first_key.to_string() };
        note_event(self.tx, &number, self.now, &joined)?;
        let before = Standing {
            number,
            source: alert.view.source,
            ground_code: alert.ground_code,
            state: alert.view.state,
            verdict: alert.view.verdict,
            units: std::iter::once(alert.view.unit.clone()).collect(),
            unit: alert.view.unit,
            // The people of the alert know of it already.
            origin: alert.origin.min(wanted.origin),
            first_key: String::new(),
            fire_id: wanted.fire.id,
        };
        self.update_alert(wanted, &before)
    }

    /// Whether a person merged this fire's alert of this township into another that still says it: when the
    /// heir is no more, or the fires were parted again, nobody would have the fire.
    fn is_merged_by_person(&self, Wanted { fire, draft, .. }: Wanted<'_, '_>) -> Result<bool, Error> {
        if fire.is_unheard_of {
            return Ok(false);
        }
        let mut select = self.tx.prepare_cached(
            "WITH RECURSIVE heirs (number) AS (
                 SELECT a.merged_into FROM alerts a LEFT JOIN detections first ON first.id = a.first_detection
                 LEFT JOIN detections heir ON heir.id = first.superseded_by
                 WHERE a.merged_by IS NOT NULL AND a.ground_code = ?2
                   AND coalesce(heir.fire_id, first.fire_id, a.fire_id) = ?1
                 UNION SELECT a.merged_into FROM heirs h JOIN alerts a ON a.number = h.number
                 WHERE a.merged_into IS NOT NULL)
             SELECT a.ground_code, a.source, a.state FROM heirs h JOIN alerts a ON a.number = h.number
             LEFT JOIN detections first ON first.id = a.first_detection
             LEFT JOIN detections heir ON heir.id = first.superseded_by
             WHERE a.merged_into IS NULL AND a.superseded_at IS NULL
               AND coalesce(heir.fire_id, first.fire_id, a.fire_id) = ?1",
        )?;
        let heirs = select.query_map(params![fire.id, draft.responsible.0], |row| {
            let source = word(&row.get::<_, String>(1)?, "alert source", AlertSource::from_name)?;
            let state = word(&row.get::<_, String>(2)?, "alert state", AlertState::from_name)?;
            Ok((UnitCode(row.get(0)?), stands_alone(source, state)))
        })?;
        for heir in heirs {
            let (ground, stands_alone) = heir?;
            if stands_alone || fire.wanted.iter().any(|(draft, _)| draft.responsible == ground) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An alert that is over keeps what was found and is looked back on, although its fire grew into one that
    /// another alert follows: it stands without the fire.
    fn let_go(&self, over: &Standing, survivor: &Standing) -> Result<(), Error> {
        self.tx
            .execute("UPDATE alerts SET fire_id = NULL, revision = revision + 1 WHERE number = ?1", [&over.number.0])?;
        let followed = AlertEvent::FireFollowedBy { text: survivor.number.clone() };
        note_event(self.tx, &over.number, self.now, &followed)?;
        let follows = AlertEvent::FollowsFireOf { text: over.number.clone() };
        note_event(self.tx, &survivor.number, self.now, &follows)?;
        refresh_scope(self.tx, self.ground, &over.number)
    }

    /// One of two alerts becomes the other: what a person did for either is done for the fire they
    /// turned out to be.
    fn merge(&self, other: &Standing, survivor: &Standing) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE alerts SET merged_into = ?2 WHERE number = ?1",
            params![other.number.0, survivor.number.0],
        )?;
        let merged = |text: &AlertNumber| AlertEvent::Merged { text: text.clone() };
        note_event(self.tx, &other.number, self.now, &merged(&survivor.number))?;
        note_event(self.tx, &survivor.number, self.now, &merged(&other.number))?;
        hand_over_replies(self.tx, &other.number, &survivor.number)?;
        cancel_clocks(self.tx, &other.number, self.now)?;
        refresh_scope(self.tx, self.ground, &other.number)?;
        alert::take_over(self.tx, self.ground, self.rules, &survivor.number, &other.number, self.now)
    }

    /// Sets alerts aside that no fire asks for any more. What people reported or found stands without a satellite.
    fn supersede(&self, alerts: &[Standing]) -> Result<(), Error> {
        // None of them holds a fire any longer that another of them may keep.
        for alert in alerts {
            if stands_alone(alert.source, alert.state) {
                self.let_go_of_fire(&alert.number)?;
            } else {
                self.tx
                    .prepare_cached("UPDATE alerts SET superseded_at = ?2 WHERE number = ?1")?
                    .execute(params![alert.number.0, Millis(self.now)])?;
            }
        }
        for alert in alerts {
            if !stands_alone(alert.source, alert.state) {
                let superseded = AlertEvent::Superseded { text: "no fire asks for it any more".to_owned() };
                note_event(self.tx, &alert.number, self.now, &superseded)?;
                cancel_clocks(self.tx, &alert.number, self.now)?;
                refresh_scope(self.tx, self.ground, &alert.number)?;
            } else if !self.keeps_merged_fire(alert)? {
                self.tx.execute(
                    "UPDATE alerts SET first_detection = NULL, first_key = '', detections = 0, max_frp_mw = NULL,
                         confidence = NULL, candidates = '[]', other_units = '[]', revision = revision + 1
                     WHERE number = ?1",
                    [&alert.number.0],
                )?;
                let parted = AlertEvent::Parted { text: alert.first_key.clone() };
                note_event(self.tx, &alert.number, self.now, &parted)?;
                refresh_scope(self.tx, self.ground, &alert.number)?;
            }
        }
        Ok(())
    }

    /// A fire of another township that a person merged into an alert stays with it; true when there is one.
    fn keeps_merged_fire(&self, alert: &Standing) -> Result<bool, Error> {
        let kept = self
            .tx
            .prepare_cached(
                "UPDATE alerts SET fire_id = merged.fire FROM (
                     SELECT coalesce(heir.fire_id, first.fire_id, a.fire_id) AS fire FROM events e
                     JOIN alerts a ON a.number = json_extract(e.detail, '$.from') AND a.merged_into = ?1
                     LEFT JOIN detections first ON first.id = a.first_detection
                     LEFT JOIN detections heir ON heir.id = first.superseded_by
                     WHERE e.subject_kind = 'alert' AND e.subject = ?1 AND e.kind = 'merged_here'
                       AND a.fire_id IS NOT NULL ORDER BY e.seq DESC LIMIT 1) AS merged
                 WHERE number = ?1 AND NOT EXISTS (
                     SELECT 1 FROM alerts b WHERE b.fire_id = merged.fire AND b.ground_code = ?2 AND b.number <> ?1
                       AND b.merged_into IS NULL AND b.superseded_at IS NULL)",
            )?
            .execute(params![alert.number.0, alert.ground_code.0])?;
        Ok(kept > 0)
    }

    /// Writes the notice of a live alert; late ones are for the daily list and wake nobody.
    fn notify(&self, number: &AlertNumber, reason: NotifyReason, origin: Origin) -> Result<(), Error> {
        if origin != Origin::Live {
            return Ok(());
        }
        notify(self.tx, number, reason, None, None, self.now)
    }
}

/// An alert as clocks and scopes look at it, before its row is written.
fn as_new_alert(number: &AlertNumber, Wanted { fire, draft, origin, .. }: Wanted<'_, '_>) -> alert::Standing {
    alert::Standing {
        view: AlertView {
            number: number.clone(),
            source: AlertSource::Satellite,
            state: AlertState::Open,
            verdict: Some(draft.verdict),
            responsible: draft.responsible.clone(),
            owner: draft.owner.clone(),
            unit: draft.likely_unit.clone(),
            others: draft.candidates.iter().map(|share| &share.code).chain(&draft.other_units).cloned().collect(),
            is_disputed: false,
            proposed: None,
            acknowledged_at: None,
            on_site_at: None,
            put_out_at: None,
            finding: None,
            finder: None,
            reporters: Vec::new(),
            reporter_accounts: Vec::new(),
            rectified_at: None,
            rekindles: None,
            record: AlertRecord::default(),
        },
        origin,
        fire_id: Some(fire.id),
        ground_code: draft.responsible.clone(),
        detections: draft.detections,
        confidence: draft.confidence,
        is_superseded: false,
    }
}
