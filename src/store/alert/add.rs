//! Alerts that people bring: found on patrol, seen by a camera, told by a citizen, listed by a
//! higher office, or a problem without a fire.
//!
//! They run through the same machine as those of the satellites. A report of a fire that is an alert
//! already joins it, by the rule of [`crate::domain::alert::joining`], and is kept as an event.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use super::super::codec::{Json, Millis};
use super::super::events::{self, NewEvent, SubjectKind};
use super::super::instruction::Instruction;
use super::super::observed::{COLUMNS, OF_DETECTIONS};
use super::super::query::{Place, earlier_near, sees_alert};
use super::super::scoped::Scoped;
use super::super::{Error, observed, policy};
use super::act::holds_all;
use super::clocks::{after_recording, start_reply};
use super::write::{Numbers, append_chain, note_event, notify};
use super::{refresh_scope, standing};
use crate::domain::actor::Actor;
use crate::domain::alert::AlertEvent;
use crate::domain::alert::joining::{self, Reported};
use crate::domain::alert::{AlertNumber, AlertSource, AlertState, NotifyReason};
use crate::domain::detection::Origin;
use crate::domain::ground::Ground;
use crate::domain::observation::Observation;
use crate::domain::phone::Phone;
use crate::domain::plain_text;
use crate::domain::position::Position;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::{Sighting, judge};

/// Who complained; kept apart from the alert and shown to few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Complainant {
    /// Name.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Address.
    pub address: Option<String>,
}

impl Complainant {
    /// Who complained, as it was entered, without what cannot be seen in it; blank is absent.
    #[must_use]
    pub fn new(name: Option<String>, phone: Option<Phone>, address: Option<String>) -> Self {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            name: name.and_then(|name| said(plain_text::person_name(&name))),
            phone,
            address: address.and_then(|address| said(plain_text::visible(&address))),
        }
    }
}

/// What a person brings.
#[derive(Debug, Clone)]
pub struct NewAlert {
    /// Where it comes from; not the satellite.
    pub source: AlertSource,
    /// Where it is, WGS-84.
    pub position: Position,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// What was reported.
    pub description: String,
    /// Who enters it.
    pub actor: Actor,
    /// Who found it, where that is somebody else; a complainant never stands here.
    pub reported_by: Option<String>,
    /// Its number in an outside list.
    pub external_number: Option<String>,
    /// The letter it came with.
    pub letter_number: Option<String>,
    /// Last local day to answer it.
    pub reply_by: Option<Date>,
    /// Who complained.
    pub complainant: Option<Complainant>,
    /// Names the command: the same id twice is one alert.
    pub client_id: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Added {
    /// The alert it is.
    pub number: AlertNumber,
    /// It joined an alert that was there.
    pub joined: bool,
    /// It had been taken before, under the same client id.
    pub repeated: bool,
}

/// Why it was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The position is not on the city's ground.
    #[error("{lon}, {lat} lies outside the city: check the order (longitude first) and the datum (WGS-84)")]
    Outside {
        /// Longitude.
        lon: f64,
        /// Latitude.
        lat: f64,
    },
    /// Seen later than now.
    #[error("seen at {0}, which is in the future")]
    Future(Timestamp),
    /// A complaint whose answer is due before today.
    #[error("the answer was due on {0}, before today: check the letter")]
    ReplyPast(Date),
    /// Satellites bring their own alerts.
    #[error("a satellite alert comes from a feed, not by hand")]
    Satellite,
    /// The actor has no right to enter alerts there.
    #[error("{0} is of another county: tell that county's duty desk")]
    Rights(UnitCode),
    /// The client id belongs to another command.
    #[error("the client id {0:?} was used for another command; every command needs its own")]
    ForeignId(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<rusqlite::Error> for AddError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(Error::Sql(error))
    }
}

/// Reports may run ahead of the server's clock by this much, as phones' clocks do.
const CLOCK_SLACK: crate::domain::time::SignedDuration = crate::domain::time::SignedDuration::from_mins(5);

/// Takes an alert that a person brings, or joins it to the one it is already. Fires are reported wherever they burn.
impl Instruction for NewAlert {
    type With = (Arc<Ground>, Arc<Rules>);
    type Answer = Added;
    type Refusal = AddError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (ground, rules): Self::With,
        now: Timestamp,
    ) -> Result<Added, AddError> {
        let mut added = Adding { tx, ground: &ground, rules: &rules, now, new: &self }.run()?;
        // That a fire was known already is told to whoever sees its alert.
        added.joined = added.joined && sees_alert(tx, &added.number, &within.seen())?;
        Ok(added)
    }
}

struct Adding<'a> {
    tx: &'a Transaction<'a>,
    ground: &'a Ground,
    rules: &'a Rules,
    now: Timestamp,
    new: &'a NewAlert,
}

impl Adding<'_> {
    fn run(&self) -> Result<Added, AddError> {
        if let Some(added) = self.taken_before()? {
            return Ok(added);
        }
        let NewAlert { position, seen_at, source, .. } = self.new;
        if *source == AlertSource::Satellite {
            return Err(AddError::Satellite);
        }
        if seen_at.duration_since(self.now) > CLOCK_SLACK {
            return Err(AddError::Future(*seen_at));
        }
        // Lists of higher offices come late; whoever takes a complaint himself has the letter before him.
        let today = self.ground.local_day(self.now);
        if let Some(day) = self.new.reply_by.filter(|day| *source == AlertSource::Complaint && *day < today) {
            return Err(AddError::ReplyPast(day));
        }
        let unit = self
            .ground
            .unit_at(*position)
            .map(|unit| unit.code.clone())
            .ok_or(AddError::Outside { lon: position.lon(), lat: position.lat() })?;
        self.check_rights(&unit)?;
        let joined = if *source == AlertSource::Problem { None } else { self.known_alert(&unit)? };
        let is_joined = joined.is_some();
        let number = match joined {
            Some(number) => number,
            None => self.create(&unit)?,
        };
        let kind = if is_joined { "reported_too" } else { "recorded" };
        let seq = self.append(&number, kind)?;
        if is_joined {
            self.add_numbers(&number)?;
        }
        self.keep_complainant(&number)?;
        if let Some(day) = self.new.reply_by {
            start_reply(self.tx, self.ground, &number, &self.ground.responsible_for(&unit), day, self.now)?;
        }
        tracing::debug!(seq, "alert {number} taken");
        Ok(Added { number, joined: is_joined, repeated: false })
    }

    fn taken_before(&self) -> Result<Option<Added>, AddError> {
        let Some(id) = &self.new.client_id else { return Ok(None) };
        let found: Option<(String, String, Actor, Value)> = self
            .tx
            .prepare_cached("SELECT subject, kind, actor, actor_unit, detail FROM events WHERE client_id = ?1")?
            .query_row([id], |row| {
                let unit = row.get::<_, Option<String>>(3)?.map(UnitCode);
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    Actor::named(row.get::<_, String>(2)?, unit),
                    row.get::<_, Json<_>>(4)?.0,
                ))
            })
            .optional()?;
        match found {
            None => Ok(None),
            Some((number, kind, actor, detail))
                if matches!(kind.as_str(), "recorded" | "reported_too") && self.is_told_by(&actor, &detail) =>
            {
                Ok(Some(Added { number: AlertNumber(number), joined: kind == "reported_too", repeated: true }))
            }
            Some(_) => Err(AddError::ForeignId(id.clone())),
        }
    }

    /// Whether an event is this very report: two phones that count from 1 must not swallow each other's.
    /// When it was seen is not compared: a repetition may say "now" again.
    fn is_told_by(&self, actor: &Actor, detail: &Value) -> bool {
        let NewAlert { source, position, description, .. } = self.new;
        let said = json!({
            "source": source.name(), "lon": position.lon(), "lat": position.lat(), "description": description,
        });
        *actor == self.new.actor && holds_all(detail, &said)
    }

    /// Whoever enters an alert works in the same county, or above it: a patrol sees fires across the
    /// border of its township, and those count.
    fn check_rights(&self, unit: &UnitCode) -> Result<(), AddError> {
        let Some(actor) = &self.new.actor.unit else { return Ok(()) };
        let (here, there) = (self.ground.line_of(unit), self.ground.line_of(actor));
        let is_above = here.iter().any(|up| up.code == *actor);
        let shares_county =
            here.iter().any(|up| up.level >= UnitLevel::County && there.iter().any(|other| other.code == up.code));
        if is_above || shares_county { Ok(()) } else { Err(AddError::Rights(actor.clone())) }
    }

    /// A standing alert of the same ground that this is a report of.
    fn known_alert(&self, unit: &UnitCode) -> Result<Option<AlertNumber>, AddError> {
        let NewAlert { position, seen_at, reply_by, external_number, .. } = self.new;
        let responsible = self.ground.responsible_for(unit);
        let reach = i64::try_from(joining::WITHIN.as_millis()).unwrap_or(i64::MAX);
        let at = seen_at.as_millisecond();
        let numbers: Vec<(AlertNumber, i64)> = self
            .tx
            .prepare_cached(
                "SELECT number, fire_id FROM alerts
                 WHERE fire_id IS NOT NULL AND merged_into IS NULL AND superseded_at IS NULL AND state <> 'excluded'
                   AND first_seen_at <= ?1 AND last_seen_at >= ?2 AND ground_code = ?3
                   -- what burns after a case was closed is another one: a report must not vanish in it; nor
                   -- does one that waits for an answer, or has another number outside
                   AND (closed_at IS NULL OR (closed_at >= ?4 AND ?5))
                   AND (?6 IS NULL OR coalesce(external_number, ?6) = ?6) ORDER BY number",
            )?
            .query_map(
                params![at + reach, at - reach, responsible.0, at, reply_by.is_none(), external_number],
                |row| Ok((AlertNumber(row.get(0)?), row.get(1)?)),
            )?
            .collect::<Result<_, _>>()?;
        let mut nearest: Option<(f64, AlertNumber)> = None;
        for (number, fire) in numbers {
            let pixels = self.pixels(fire)?;
            let reported = Reported { position: *position, seen_at: *seen_at };
            let Some(km) = joining::distance_km(reported, pixels.iter()) else { continue };
            if nearest.as_ref().is_none_or(|(best, _)| km < *best) {
                nearest = Some((km, number));
            }
        }
        Ok(nearest.map(|(_, number)| number))
    }

    fn pixels(&self, fire: i64) -> Result<Vec<Observation>, Error> {
        let mut select = self.tx.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM {OF_DETECTIONS} WHERE d.fire_id = ?1 AND d.superseded_by IS NULL"
        ))?;
        let pixels = select.query_map([fire], |row| observed::read(row, 0))?;
        Ok(pixels.collect::<Result<_, _>>()?)
    }

    fn create(&self, unit: &UnitCode) -> Result<AlertNumber, Error> {
        let NewAlert { source, position, seen_at, .. } = self.new;
        let number = Numbers::of(self.ground.local_day(self.now)).next(self.tx)?;
        let responsible = self.ground.responsible_for(unit);
        let above = |level| self.ground.at_level(unit, level).map(|unit| unit.code.0.clone());
        let policy = policy::load(self.tx, self.rules, &self.ground.data().time_zone, std::iter::once(*seen_at))?;
        let sighting = Sighting { position: *position, acquired_at: *seen_at, footprint: None, half_pixel_km: 0.0 };
        let judgement = match source {
            AlertSource::Problem => None,
            _ => judge(self.ground, &policy, &sighting),
        };
        // A report is never history: a person brings it now. Older than a day it wakes nobody.
        let origin = Origin::by_age(*seen_at, self.now).min(Origin::Late);
        let place = Place { position: *position, first_seen_at: *seen_at, fire_id: None };
        let rekindled = match source {
            AlertSource::Problem => None,
            _ => earlier_near(self.tx, &number, place)?,
        };
        let text = |text: &Option<String>| text.as_ref().filter(|text| !text.trim().is_empty()).cloned();
        self.tx.execute(
            "INSERT INTO alerts (number, source, ground_code, responsible_code, township_code, county_code, owner_code,
                 unit_code, state, origin, verdict, reason, may_be_banned, sure_level, candidates, other_units,
                 nearest_place, lon, lat, first_key, first_seen_at, last_seen_at, detections, region_version,
                 recorded_at, reported_by, description, external_number, letter_number, reply_by, rekindles)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?6, 'open', ?7, ?8, ?9, 0, ?10, '[]', '[]', ?11, ?12, ?13, '', ?14,
                 ?14, 0, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
            params![
                number.0,
                source.name(),
                responsible.0,
                above(UnitLevel::Township),
                above(UnitLevel::County),
                unit.0,
                origin.name(),
                judgement.as_ref().map(|judged| judged.verdict.name()),
                judgement.as_ref().map(|judged| Json(&judged.reason)),
                self.ground.unit(unit).map(|unit| unit.level.name()),
                self.ground.nearest_place(*position).map(Json),
                position.lon(),
                position.lat(),
                Millis(*seen_at),
                self.ground.version().0,
                Millis(self.now),
                text(&self.new.reported_by),
                self.new.description,
                text(&self.new.external_number),
                text(&self.new.letter_number),
                self.new.reply_by.map(|day| day.to_string()),
                rekindled.as_ref().map(|earlier| &earlier.0),
            ],
        )?;
        append_chain(self.tx, self.ground, &number, unit, self.ground.local_day(*seen_at), self.now)?;
        if let Some(earlier) = rekindled {
            note_event(self.tx, &number, self.now, &AlertEvent::PossibleRekindling { text: earlier })?;
        }
        refresh_scope(self.tx, self.ground, &number)?;
        if origin == Origin::Live {
            notify(self.tx, &number, NotifyReason::First, None, None, self.now)?;
            after_recording(self.tx, self.ground, self.rules, &number, self.now)?;
        }
        Ok(number)
    }

    fn append(&self, number: &AlertNumber, kind: &str) -> Result<i64, Error> {
        let NewAlert { source, position, description, reported_by, external_number, letter_number, .. } = self.new;
        let verdict = standing(self.tx, number)?.and_then(|alert| alert.view.verdict);
        // The complainant does not stand in the log: it is shown to everybody who may see the alert.
        let detail = json!({
            "source": source.name(), "lon": position.lon(), "lat": position.lat(), "description": description,
            "reported_by": reported_by, "external_number": external_number, "letter_number": letter_number,
            "reply_by": self.new.reply_by.map(|day| day.to_string()), "state": AlertState::Open.name(),
            "text": verdict.map_or("problem", crate::domain::verdict::Verdict::name),
        });
        let mut detail = detail;
        if kind != "recorded"
            && let Some(fields) = detail.as_object_mut()
        {
            // It moves nothing: the alert has a state of its own.
            fields.remove("state");
        }
        let event = NewEvent {
            subject: (SubjectKind::Alert, &number.0),
            kind,
            actor: &self.new.actor,
            on_behalf_of: None,
            claimed_at: Some(self.new.seen_at),
            client_id: self.new.client_id.as_deref(),
            detail: &detail,
        };
        events::append(self.tx, self.now, &event)
    }

    /// An alert is found by the numbers and the reply date of a report that joined it.
    fn add_numbers(&self, number: &AlertNumber) -> Result<(), Error> {
        let NewAlert { external_number, letter_number, reply_by, .. } = self.new;
        self.tx.execute(
            "UPDATE alerts SET external_number = coalesce(external_number, ?2),
                 letter_number = coalesce(letter_number, ?3),
                 reply_by = CASE WHEN ?4 < coalesce(reply_by, '9999') THEN ?4 ELSE reply_by END, revision = revision + 1 WHERE number = ?1",
            params![number.0, external_number, letter_number, reply_by.map(|day| day.to_string())],
        )?;
        Ok(())
    }

    fn keep_complainant(&self, number: &AlertNumber) -> Result<(), Error> {
        let Some(Complainant { name, phone, address }) = &self.new.complainant else { return Ok(()) };
        // Another one who complains of the same fire stands beside the first: whoever is complained of may be an office
        // that enters complaints, and nothing of this is in the log.
        let beside = |column: &str| {
            format!(
                "{column} = CASE WHEN {column} IS NULL THEN excluded.{column} WHEN excluded.{column} IS NULL OR
                     instr('；' || {column} || '；', '；' || excluded.{column} || '；') > 0 THEN {column}
                     ELSE {column} || '；' || excluded.{column} END"
            )
        };
        self.tx.execute(
            &format!(
                "INSERT INTO complainants (alert_number, name, phone, address) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET {}, {}, {}",
                beside("name"),
                beside("phone"),
                beside("address")
            ),
            params![number.0, name, phone.as_ref().map(Phone::as_str), address],
        )?;
        Ok(())
    }
}
