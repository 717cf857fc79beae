//! What a person does to an alert: decided by the domain, written with its event, clocks and notices.
//!
//! Server time rules: a phone's own time is kept beside it as a claim. A command may carry an id
//! of the client; the same id twice is one command, however often and however late it comes.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::Value;

use super::super::codec::Json;
use super::super::events::{self, NewEvent, SubjectKind};
use super::super::instruction::Instruction;
use super::super::query::sees_alert;
use super::super::scoped::Scoped;
use super::super::{Error, photos};
use super::clocks::running;
use super::write::apply;
use super::{Standing, refresh_scope, standing};
use crate::domain::actor::Actor;
use crate::domain::alert::{Act, ActEvent, Beyond, By, Consequences, Effect, Refusal, Setting, decide};
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::media::Photo;

/// Something a person wants done to an alert.
#[derive(Debug, Clone)]
pub struct Command {
    /// The alert.
    pub number: AlertNumber,
    /// What.
    pub act: Act,
    /// Who enters it.
    pub actor: Actor,
    /// For or by whom, when another enters it (代签收); both names are kept.
    pub on_behalf_of: Option<String>,
    /// When it happened, as the person or phone says.
    pub claimed_at: Option<Timestamp>,
    /// Names the command: the same id twice is one command.
    pub client_id: Option<String>,
    /// A note for the record.
    pub note: String,
    /// Photos of a finding, their originals safe on disk already.
    pub photos: Vec<Photo>,
}

impl Command {
    /// An act with nothing beside it.
    #[must_use]
    pub fn plain(number: AlertNumber, act: Act, actor: Actor) -> Self {
        Self {
            number,
            act,
            actor,
            on_behalf_of: None,
            claimed_at: None,
            client_id: None,
            note: String::new(),
            photos: Vec::new(),
        }
    }
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Done {
    /// The alert.
    pub number: AlertNumber,
    /// Where it stands now.
    pub state: AlertState,
    /// The command changed something: a state, or a fact that was not known.
    pub changed: bool,
    /// The command had been taken before, under the same client id.
    pub repeated: bool,
    /// New alerts, where a fire was split.
    pub split_off: Vec<AlertNumber>,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No such alert.
    #[error("there is no alert {0}")]
    Unknown(AlertNumber),
    /// It lives on in another alert, or the fire moved elsewhere.
    #[error("alert {number} is no more: {instead}")]
    Gone {
        /// The alert.
        number: AlertNumber,
        /// Where it went.
        instead: Instead,
    },
    /// The rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The client id belongs to another command.
    #[error("the client id {0:?} was used for another command; every command needs its own")]
    ForeignId(String),
    /// What it names is not there.
    #[error("alert {number}: {problem}")]
    Target {
        /// The alert.
        number: AlertNumber,
        /// What is missing or in the way.
        problem: BadTarget,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Where an alert went that stands for itself no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Instead {
    /// It lives on in another one.
    #[error("it was merged into {0}")]
    MergedInto(AlertNumber),
    /// Nothing is left of it.
    #[error("after a revision of the satellite data, or a rejudgement, no fire asks for it")]
    Superseded,
    /// One of both.
    #[error("it was merged or set aside")]
    Either,
}

/// What a command names that is not there, or in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// A photo of the finding.
    #[error("the photo {0} was never uploaded; send it with the finding")]
    NoPhoto(String),
    /// The alert to merge into.
    #[error("there is no alert {0} to merge into")]
    NoHeir(AlertNumber),
    /// The alert to merge into is itself merged or set aside.
    #[error("{0} is no more; merge into an alert that stands")]
    HeirGone(AlertNumber),
    /// The alert to merge into is over, this one is not.
    #[error("{heir} is {}: an open alert is not merged into one that is over", .state.name())]
    HeirOver {
        /// The one to merge into.
        heir: AlertNumber,
        /// Where it stands.
        state: AlertState,
    },
    /// The verdict of this one would be lost.
    #[error("its verdict is graver than that of {0}: merge that alert into this one")]
    Graver(AlertNumber),
    /// Another alert has this fire on the ground of the one to merge into.
    #[error("{beside} is the case of the same fire on the ground of {heir}: merge {heir} into {beside} first")]
    Beside {
        /// The one to merge into.
        heir: AlertNumber,
        /// The one that has the fire there.
        beside: String,
    },
    /// No satellite saw the fire that is to be split.
    #[error("no satellite saw this fire: there is nothing to split")]
    Unseen,
    /// A detection of another fire.
    #[error("{0:?} is no detection of this fire")]
    ForeignDetection(String),
    /// Every detection was named.
    #[error("at least one detection has to stay with the alert")]
    NothingStays,
}

impl From<rusqlite::Error> for ActError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(Error::Sql(error))
    }
}

/// An alert that does not exist here is unknown, and so is one it would be merged into.
impl Instruction for Command {
    type With = (Arc<Ground>, Arc<Rules>);
    type Answer = Done;
    type Refusal = ActError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (ground, rules): Self::With,
        now: Timestamp,
    ) -> Result<Done, ActError> {
        let (number, seen) = (&self.number, within.seen());
        if !sees_alert(tx, number, &seen)? {
            return Err(ActError::Unknown(number.clone()));
        }
        within.check_try(number, self.act.kind())?;
        if let Act::Merge { into } = &self.act
            && !sees_alert(tx, into, &seen)?
        {
            return Err(no_heir(number, into));
        }
        Acting { tx, ground: &ground, rules: &rules, now, command: &self }.run()
    }
}

/// There is no alert to merge into; also what is said of one that whoever asks does not see.
pub(super) fn no_heir(number: &AlertNumber, into: &AlertNumber) -> ActError {
    ActError::Target { number: number.clone(), problem: BadTarget::NoHeir(into.clone()) }
}

/// Whether the detail of an event is that of an act.
fn is_told_in(detail: &Value, act: &Act) -> bool {
    holds_all(detail, &serde_json::to_value(act).unwrap_or(Value::Null))
}

/// Whether an event's detail, as it was read back, has every field of an object.
pub(super) fn holds_all(detail: &Value, said: &Value) -> bool {
    // Through text as the detail went: a number that was printed and read may differ in its last bit.
    let said: Value = serde_json::from_str(&said.to_string()).unwrap_or(Value::Null);
    said.as_object().is_some_and(|fields| fields.iter().all(|(name, value)| detail.get(name) == Some(value)))
}

/// One command being carried out.
pub(super) struct Acting<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) ground: &'a Ground,
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
    pub(super) command: &'a Command,
}

impl Acting<'_> {
    pub(super) fn run(&self) -> Result<Done, ActError> {
        let Command { number, act, actor, on_behalf_of, .. } = self.command;
        if let Some(done) = self.taken_before()? {
            return Ok(done);
        }
        let alert = self.living()?;
        let by = By { actor, on_behalf_of: on_behalf_of.as_deref() };
        let at = Setting { ground: self.ground, rules: self.rules, now: self.now };
        let follows = decide(at, &alert.view, &running(self.tx, number)?, by, act)?;
        let (state, changed) = (follows.alert.state, follows.effect != Effect::Unchanged);
        let mut done = Done { number: number.clone(), state, changed, repeated: false, split_off: vec![] };
        if !changed && self.command.client_id.is_none() {
            return Ok(done);
        }
        // Also what changes nothing is kept when it has an id, so that its repetition is recognised.
        let seq = self.append(&follows)?;
        if changed {
            apply(self.tx, at, &alert.view, &follows)?;
            done.split_off = self.reach_beyond(&alert, &follows.beyond, seq)?;
            refresh_scope(self.tx, self.ground, number)?;
        }
        Ok(done)
    }

    /// The answer to a command that came before under the same id.
    fn taken_before(&self) -> Result<Option<Done>, ActError> {
        let Some(id) = &self.command.client_id else { return Ok(None) };
        let found: Option<(String, Actor, Value)> = self
            .tx
            .prepare_cached("SELECT subject, actor, actor_unit, detail FROM events WHERE client_id = ?1")?
            .query_row([id], |row| {
                let unit = row.get::<_, Option<String>>(2)?.map(UnitCode);
                Ok((row.get(0)?, Actor::named(row.get::<_, String>(1)?, unit), row.get::<_, Json<_>>(3)?.0))
            })
            .optional()?;
        let Some((subject, actor, detail)) = found else { return Ok(None) };
        // Who it was and what he said, too: two phones that count from 1 must not swallow each other's.
        if subject != self.command.number.0 || actor != self.command.actor || !is_told_in(&detail, &self.command.act) {
            return Err(ActError::ForeignId(id.clone()));
        }
        let number = self.command.number.clone();
        let alert = standing(self.tx, &number)?.ok_or_else(|| ActError::Unknown(number.clone()))?;
        Ok(Some(Done { number, state: alert.view.state, changed: false, repeated: true, split_off: vec![] }))
    }

    /// The alert, while it stands for itself.
    fn living(&self) -> Result<Standing, ActError> {
        let number = &self.command.number;
        let alert = standing(self.tx, number)?.ok_or_else(|| ActError::Unknown(number.clone()))?;
        let instead = match &alert.view.record.merged_into {
            Some(heir) => Instead::MergedInto(heir.clone()),
            None if alert.is_superseded => Instead::Superseded,
            None => return Ok(alert),
        };
        Err(ActError::Gone { number: number.clone(), instead })
    }

    fn append(&self, follows: &Consequences) -> Result<i64, Error> {
        let Command { number, act, actor, on_behalf_of, claimed_at, client_id, note, .. } = self.command;
        let event = ActEvent {
            act: act.clone(),
            state: follows.alert.state,
            note: note.clone(),
            unchanged: follows.effect == Effect::Unchanged,
        };
        let detail = serde_json::to_value(&event).unwrap_or(Value::Null);
        let event = NewEvent {
            subject: (SubjectKind::Alert, &number.0),
            kind: act.kind().event(),
            actor,
            on_behalf_of: on_behalf_of.as_deref(),
            claimed_at: *claimed_at,
            client_id: client_id.as_deref(),
            detail: &detail,
        };
        events::append(self.tx, self.now, &event)
    }

    /// Whatever of the act is no column, clock or notice of its alert; the new alerts where a fire was split.
    fn reach_beyond(&self, alert: &Standing, beyond: &Beyond, seq: i64) -> Result<Vec<AlertNumber>, ActError> {
        match beyond {
            Beyond::Nothing => {}
            Beyond::Photos(hashes) => self.file_photos(hashes, seq)?,
            Beyond::Merge(into) => self.merge(alert, into, seq)?,
            Beyond::Split(detections) => return self.split(alert, detections, seq),
        }
        Ok(Vec::new())
    }

    fn file_photos(&self, hashes: &[String], seq: i64) -> Result<(), ActError> {
        let Command { number, photos, .. } = self.command;
        photos::file(self.tx, (SubjectKind::Alert, &number.0), photos, seq, self.now)?;
        for hash in hashes {
            let is_known: bool = self.tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM photos WHERE subject_kind = 'alert' AND subject = ?1 AND hash = ?2)",
                params![number.0, hash],
                |row| row.get(0),
            )?;
            if !is_known {
                return Err(ActError::Target { number: number.clone(), problem: BadTarget::NoPhoto(hash.clone()) });
            }
        }
        Ok(())
    }
}
