//! What a person does to a case: decided by the domain, written with its event, clocks and notices.
//!
//! Server time rules: a phone's own time is kept beside it as a claim. A command may carry an id
//! of the client; the same id twice is one command, however often and however late it comes.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::{Value, json};

use super::super::codec::{Json, Millis};
use super::super::events::{self, NewEvent, SubjectKind};
use super::super::{Error, Store, photos};
use super::{Standing, append_chain, clocks, notify, refresh_scope, standing};
use crate::domain::actor::Actor;
use crate::domain::alert::{AlertNumber, AlertState, NotifyReason};
use crate::domain::case::{Act, By, Effect, Refusal, decide};
use crate::domain::finding::{Finding, Review};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::media::Photo;

/// Something a person wants done to a case.
#[derive(Debug, Clone)]
pub struct Command {
    /// The case.
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
    /// The case.
    pub number: AlertNumber,
    /// Where it stands now.
    pub state: AlertState,
    /// The command changed something: a state, or a fact that was not known.
    pub changed: bool,
    /// The command had been taken before, under the same client id.
    pub repeated: bool,
    /// New cases, where a fire was split.
    pub split_off: Vec<AlertNumber>,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No such case.
    #[error("没有编号为{0}的案件 · there is no case {0}; `firegrid alerts list` shows them")]
    Unknown(AlertNumber),
    /// It lives on in another case, or the fire moved elsewhere.
    #[error("案件{number}已不再单独办理：{instead_zh} · case {number} is no more: {instead}")]
    Gone {
        /// The case.
        number: AlertNumber,
        /// Where it went.
        instead: String,
        /// The same in Chinese.
        instead_zh: String,
    },
    /// The rules do not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The client id belongs to another command.
    #[error(
        "操作编号{0}已用于另一次操作，请换一个 · the client id {0:?} was used for another command; every command needs its own"
    )]
    ForeignId(String),
    /// What it names is not there.
    #[error("案件{number}：{problem_zh} · case {number}: {problem}")]
    Target {
        /// The case.
        number: AlertNumber,
        /// What is missing or in the way, and what to do.
        problem: String,
        /// The same in Chinese.
        problem_zh: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<rusqlite::Error> for ActError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(Error::Sql(error))
    }
}

impl Store {
    /// Carries a command out, or says why not; nothing is half done.
    ///
    /// # Errors
    /// [`ActError`]; then nothing was written.
    pub async fn act(
        &self,
        command: Command,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<Done, ActError> {
        self.try_write(move |tx| Acting { tx, ground: &ground, rules: &rules, now, command: &command }.run()).await
    }
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
    fn run(&self) -> Result<Done, ActError> {
        let Command { number, act, actor, on_behalf_of, .. } = self.command;
        if let Some(done) = self.taken_before()? {
            return Ok(done);
        }
        let case = self.living()?;
        let by = By { actor, on_behalf_of: on_behalf_of.as_deref() };
        let effect = decide(self.ground, self.rules.review, &case.view, by, act)?;
        let state = match effect {
            Effect::Moves(state) => state,
            Effect::Notes | Effect::Unchanged => case.view.state,
        };
        let mut done = Done {
            number: number.clone(),
            state,
            changed: effect != Effect::Unchanged,
            repeated: false,
            split_off: vec![],
        };
        if effect == Effect::Unchanged && self.command.client_id.is_none() {
            return Ok(done);
        }
        // Also what changes nothing is kept when it has an id, so that its repetition is recognised.
        let seq = self.append(state, effect)?;
        if effect == Effect::Unchanged {
            return Ok(done);
        }
        self.tx.execute(
            "UPDATE alerts SET state = ?2, revision = revision + 1 WHERE number = ?1",
            params![number.0, state.name()],
        )?;
        self.write(&case, seq, &mut done)?;
        clocks::after_act(self.tx, self.ground, self.rules, &case, act, state, self.now)?;
        refresh_scope(self.tx, self.ground, number)?;
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
        let case = standing(self.tx, &number)?.ok_or_else(|| ActError::Unknown(number.clone()))?;
        Ok(Some(Done { number, state: case.view.state, changed: false, repeated: true, split_off: vec![] }))
    }

    /// The case, while it stands for itself.
    fn living(&self) -> Result<Standing, ActError> {
        let number = &self.command.number;
        let case = standing(self.tx, number)?.ok_or_else(|| ActError::Unknown(number.clone()))?;
        let (instead, instead_zh) = match &case.merged_into {
            Some(heir) => (format!("it was merged into {heir}"), format!("已并入{heir}")),
            None if case.is_superseded => (
                "after a revision of the satellite data, or a rejudgement, no fire asks for it".to_owned(),
                "卫星数据修订或重新判定后已被取代".to_owned(),
            ),
            None => return Ok(case),
        };
        Err(ActError::Gone { number: number.clone(), instead, instead_zh })
    }

    fn append(&self, state: AlertState, effect: Effect) -> Result<i64, Error> {
        let Command { number, act, actor, on_behalf_of, claimed_at, client_id, note, .. } = self.command;
        let mut detail = serde_json::to_value(act).unwrap_or(Value::Null);
        if let Some(fields) = detail.as_object_mut() {
            fields.insert("state".to_owned(), json!(state.name()));
            if !note.is_empty() {
                fields.insert("note".to_owned(), json!(note));
            }
            if effect == Effect::Unchanged {
                fields.insert("unchanged".to_owned(), json!(true));
            }
        }
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

    /// Whatever of the act has a column, a row or a consequence of its own.
    fn write(&self, case: &Standing, seq: i64, done: &mut Done) -> Result<(), ActError> {
        let number = &self.command.number.0;
        let now = Millis(self.now);
        match &self.command.act {
            Act::Dispatch { to, unit } => {
                self.tx.execute(
                    "UPDATE alerts SET assigned_to = ?2, owner_code = ?3, owner_is_chosen = 1 WHERE number = ?1",
                    params![number, to, unit.0],
                )?;
                self.tell(NotifyReason::Reassigned, Some(unit), Some(to))?;
            }
            Act::Acknowledge => self.attend(&["acknowledged_at"])?,
            Act::Arrive { .. } => self.attend(&["on_site_at"])?,
            Act::PutOut => self.attend(&["on_site_at", "put_out_at"])?,
            Act::Report { finding } => self.write_finding(case, finding, seq)?,
            Act::Review { review } => self.write_review(*review)?,
            Act::Rectify { by, document_number } => {
                self.tx.execute(
                    "UPDATE alerts SET rectify_by = ?2, rectified_at = NULL,
                         document_number = coalesce(?3, document_number)
                     WHERE number = ?1",
                    params![number, by.to_string(), document_number],
                )?;
            }
            Act::Rectified { .. } => {
                self.tx.execute("UPDATE alerts SET rectified_at = ?2 WHERE number = ?1", params![number, now])?;
            }
            Act::Close => {
                self.tx.execute("UPDATE alerts SET closed_at = ?2 WHERE number = ?1", params![number, now])?;
            }
            Act::LookBack { is_clean: false } => {
                self.tx.execute(
                    "UPDATE alerts SET rectified_at = NULL, rectify_by = NULL, closed_at = NULL WHERE number = ?1",
                    [number],
                )?;
            }
            Act::LookBack { is_clean: true } => {
                self.tx.execute("UPDATE alerts SET looked_back_at = ?2 WHERE number = ?1", params![number, now])?;
            }
            Act::Dispute { proposed } => {
                let by = self.command.actor.unit.as_ref().map(|code| &code.0);
                self.tx.execute(
                    "UPDATE alerts SET is_disputed = 1, proposed_code = ?2, disputed_by = ?3 WHERE number = ?1",
                    params![number, proposed.0, by],
                )?;
            }
            Act::Decide { accepted } => self.write_decision(case, *accepted)?,
            Act::Reassign { to } => self.reassign(case, to)?,
            Act::Merge { into } => self.merge(case, into, seq)?,
            Act::Split { detections } => done.split_off = self.split(case, detections, seq)?,
            Act::Keep => {
                self.tx.execute("UPDATE alerts SET rekindling_kept = 1 WHERE number = ?1", [number])?;
            }
            Act::Call { .. } => {}
        }
        Ok(())
    }

    /// Somebody was reached and acts: sets instants of the case.
    fn attend(&self, columns: &[&'static str]) -> Result<(), Error> {
        columns.iter().try_for_each(|column| self.stamp(column))?;
        self.tx.execute("UPDATE alerts SET undelivered_at = NULL WHERE number = ?1", [&self.command.number.0])?;
        Ok(())
    }

    /// Sets an instant of the case, the first time.
    fn stamp(&self, column: &'static str) -> Result<(), Error> {
        self.tx.execute(
            &format!("UPDATE alerts SET {column} = coalesce({column}, ?2) WHERE number = ?1"),
            params![self.command.number.0, Millis(self.now)],
        )?;
        Ok(())
    }

    fn tell(&self, reason: NotifyReason, unit: Option<&UnitCode>, person: Option<&str>) -> Result<(), Error> {
        notify(self.tx, &self.command.number, reason, unit, person, self.now)
    }

    fn write_finding(&self, case: &Standing, finding: &Finding, seq: i64) -> Result<(), ActError> {
        let Command { number, actor, on_behalf_of, photos, .. } = self.command;
        if finding.put_out_at.is_some() {
            self.stamp("put_out_at")?;
        }
        self.attend(&[])?;
        // What was reviewed stands; a finding that comes later is in the log, with its photos.
        if case.view.state <= AlertState::Reported {
            // Who really found it is whom it was entered for.
            let finder = on_behalf_of.as_ref().unwrap_or(&actor.name);
            let unit = actor.unit.as_ref().map(|code| &code.0);
            self.tx.execute(
                "UPDATE alerts SET reported_at = ?2, finding_kind = ?3, finder = ?4, finder_unit = ?5
                 WHERE number = ?1",
                params![number.0, Millis(self.now), finding.kind.name(), finder, unit],
            )?;
        }
        photos::file(self.tx, (SubjectKind::Alert, &number.0), photos, seq, self.now)?;
        for hash in &finding.photos {
            let is_known: bool = self.tx.query_row(
                "SELECT EXISTS (SELECT 1 FROM photos WHERE subject_kind = 'alert' AND subject = ?1 AND hash = ?2)",
                params![number.0, hash],
                |row| row.get(0),
            )?;
            if !is_known {
                return Err(ActError::Target {
                    number: number.clone(),
                    problem: format!("the photo {hash} was never uploaded; send it with the finding"),
                    problem_zh: format!("照片{hash}未上传，请随反馈一并上传"),
                });
            }
        }
        Ok(())
    }

    fn write_review(&self, review: Review) -> Result<(), Error> {
        let closed = (review == Review::Excluded).then_some(Millis(self.now));
        self.tx.execute(
            "UPDATE alerts SET reviewed_at = ?2, review = ?3, closed_at = coalesce(?4, closed_at) WHERE number = ?1",
            params![self.command.number.0, Millis(self.now), review.name(), closed],
        )?;
        if review == Review::Excluded {
            // Nobody answers for what was no fire.
            self.end_dispute()?;
        }
        self.tell(NotifyReason::Reviewed, None, None)
    }

    fn write_decision(&self, case: &Standing, accepted: bool) -> Result<(), ActError> {
        self.end_dispute()?;
        match &case.view.proposed {
            Some(proposed) if accepted => self.reassign(case, proposed),
            _ => Ok(()),
        }
    }

    fn end_dispute(&self) -> Result<(), Error> {
        self.tx.execute(
            "UPDATE alerts SET is_disputed = 0, proposed_code = NULL, disputed_by = NULL WHERE number = ?1",
            [&self.command.number.0],
        )?;
        Ok(())
    }

    /// Gives the case to another unit; its chain is appended, the first stays.
    fn reassign(&self, case: &Standing, to: &UnitCode) -> Result<(), ActError> {
        let responsible = self.ground.responsible_for(to);
        let above = |level| self.ground.at_level(to, level).map(|unit| unit.code.0.clone());
        self.tx.execute(
            "UPDATE alerts SET owner_code = ?2, owner_is_chosen = 1, responsible_code = ?3, township_code = ?4,
                 county_code = ?5, assigned_to = NULL, undelivered_at = NULL WHERE number = ?1",
            params![self.command.number.0, to.0, responsible.0, above(UnitLevel::Township), above(UnitLevel::County)],
        )?;
        // Whoever reassigns a disputed case has decided it.
        self.end_dispute()?;
        if case.view.state < AlertState::Reported {
            // The new unit's own attendance begins now.
            self.tx.execute(
                "UPDATE alerts SET acknowledged_at = NULL, on_site_at = NULL WHERE number = ?1",
                [&self.command.number.0],
            )?;
        }
        append_chain(self.tx, self.ground, &self.command.number, to, self.ground.local_day(self.now), self.now)?;
        self.tell(NotifyReason::Reassigned, Some(to), None)?;
        Ok(())
    }
}
