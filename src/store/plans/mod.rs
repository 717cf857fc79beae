//! Burn plans: applied for, reviewed, ordered, lit, done, withdrawn; each act one transaction with
//! its event.
//!
//! What an act needs and leads to is [`crate::domain::burning`]'s business; this module reads the
//! plan as it stands, asks, and writes the answer. [`region`] takes up the plans of a region
//! version, [`import`] those of a file, [`read`] lists them. Every instant written is the server's.

mod import;
mod read;
pub(super) mod region;
mod rows;

use std::sync::Arc;

use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::by::By;
use super::codec::Millis;
use super::events::{NewEvent, SubjectKind, append, trace_of};
use super::instruction::Instruction;
use super::scoped::Scoped;
use super::{Error, photos, policy};
use crate::domain::burning::{
    BurnRules, BurningRefusal, OrderView, PlanAct, PlanSource, StandingPlan, check_application, check_claim,
    check_line, days_of, decide, order_cautions, order_to_take_back,
};
use crate::domain::event_kind::PlanEventKind;
use crate::domain::ground::Ground;
use crate::domain::ledger::day_ledger;
use crate::domain::plan::{BurnPlan, PlanApplication, PlanId, PlanStatus};
use crate::domain::time::{Timestamp, day_bounds};
use crate::domain::unit::UnitCode;
use crate::media::Photo;

pub use crate::domain::burning::ImportRow;
pub use import::{ImportError, ImportProblem, Imported, Importing, RowOutcome};
pub use read::{PlanDetail, PlanEvent, PlanFilter};
pub use region::{TakenUp, TakenUpPlan};
pub(super) use rows::{Orders, PLAN_COLUMNS, orders_where, read_plan};

/// One act on a plan.
#[derive(Debug, Clone)]
pub struct PlanCommand {
    /// The plan.
    pub id: PlanId,
    /// What is done.
    pub act: PlanAct,
    /// Why, or a note; kept in the event.
    pub note: Option<String>,
    /// Photos that prove it, their originals safe on disk already; named in the event.
    pub photos: Vec<Photo>,
}

/// What an act left.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanAnswer {
    /// The plan as it stands now.
    pub standing: StandingPlan,
    /// The same command was done before; nothing was done now.
    pub repeated: bool,
    /// What an order runs into (closure, hours, weather, quota), Chinese and English; said, not refused.
    pub cautions: Vec<String>,
}

/// Why an act on a plan was not done; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// There is no such plan.
    #[error("there is no burn plan {0}")]
    Unknown(PlanId),
    /// An inspector's account, where a desk decides.
    #[error("an inspector reviews no plan and gives no order: that is a desk's")]
    NotInTheField,
    /// There is one already.
    #[error("there is a burn plan {0} already: choose another id")]
    Exists(PlanId),
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] BurningRefusal),
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A result inside a transaction: a refusal is an answer, only a failure rolls back.
type Answer<T> = Result<Result<T, PlanError>, Error>;

impl Instruction for PlanApplication {
    type With = (By, Arc<Ground>, BurnRules);
    type Answer = PlanAnswer;
    type Refusal = PlanError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (by, ground, _): Self::With,
        now: Timestamp,
    ) -> Result<PlanAnswer, PlanError> {
        apply(tx, self, &by, &ground, now).map_err(|error| within.naming(error))?
    }
}

/// A plan that does not exist here is unknown.
impl Instruction for PlanCommand {
    type With = (By, Arc<Ground>, BurnRules);
    type Answer = PlanAnswer;
    type Refusal = PlanError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (by, ground, rules): Self::With,
        now: Timestamp,
    ) -> Result<PlanAnswer, PlanError> {
        let known = rows::standing(tx, &self.id)?;
        if !known.is_some_and(|standing| within.scope().concerns(&standing.plan.unit_code)) {
            return Err(PlanError::Unknown(self.id));
        }
        let is_of_a_desk =
            matches!(self.act, PlanAct::Approve | PlanAct::Refuse | PlanAct::Order { .. } | PlanAct::TakeBack { .. });
        if within.is_field() && is_of_a_desk {
            return Err(PlanError::NotInTheField);
        }
        act(tx, &self, &by, (&ground, &rules), now).map_err(|error| within.naming(error))?
    }
}

fn apply(
    tx: &Transaction<'_>,
    application: PlanApplication,
    by: &By,
    ground: &Ground,
    now: Timestamp,
) -> Answer<PlanAnswer> {
    match done_before(tx, by, &application.id, PlanEventKind::Applied)? {
        Ok(false) => {}
        Ok(true) => return repeated(tx, application.id),
        Err(taken) => return Ok(Err(taken)),
    }
    let checked = check_application(ground, &application)
        .and_then(|()| check_line(ground, &by.actor, &application.unit_code).map(|_level| ()))
        .and_then(|()| check_claim(by.claimed_at.unwrap_or(now), now, &ground.data().time_zone));
    if let Err(refusal) = checked {
        return Ok(Err(refusal.into()));
    }
    if rows::standing(tx, &application.id)?.is_some() {
        return Ok(Err(PlanError::Exists(application.id)));
    }
    let standing = StandingPlan {
        status: PlanStatus::Applied,
        source: PlanSource::Entered,
        applicant: Some(by.actor.clone()),
        acted_at: Some(now),
        plan: application.received(now),
    };
    rows::insert(tx, &standing, None)?;
    log(tx, by, &standing.plan.id, PlanEventKind::Applied, &rows::facts(&standing.plan), now)?;
    Ok(Ok(PlanAnswer { standing, repeated: false, cautions: Vec::new() }))
}

fn act(
    tx: &Transaction<'_>,
    command: &PlanCommand,
    by: &By,
    (ground, rules): (&Ground, &BurnRules),
    now: Timestamp,
) -> Answer<PlanAnswer> {
    match done_before(tx, by, &command.id, command.act.event())? {
        Ok(false) => {}
        Ok(true) => return repeated(tx, command.id.clone()),
        Err(taken) => return Ok(Err(taken)),
    }
    let Some(standing) = rows::standing(tx, &command.id)? else {
        return Ok(Err(PlanError::Unknown(command.id.clone())));
    };
    let at = by.claimed_at.unwrap_or(now);
    let status = match decide(ground, rules, &standing, &by.actor, command.act, (at, now)) {
        Ok(status) => status,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let mut detail = match write_act(tx, &standing.plan, by, command.act, now)? {
        Ok(detail) => detail,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    tx.execute(
        "UPDATE burn_plans SET status = ?2, acted_at = ?3 WHERE id = ?1",
        params![command.id.0, status.name(), Millis(now)],
    )?;
    let cautions = match command.act {
        PlanAct::Order { from, to } => cautions_of(tx, &standing.plan.unit_code, (from, to), ground)?,
        _ => Vec::new(),
    };
    if let Value::Object(fields) = &mut detail {
        fields.insert("status".to_owned(), json!(status));
        if !cautions.is_empty() {
            fields.insert("cautions".to_owned(), json!(cautions));
        }
        fields.extend(command.note.iter().map(|note| ("note".to_owned(), json!(note))));
        if !command.photos.is_empty() {
            let photos = command.photos.iter().map(
                |photo| json!({"sha256": photo.hash, "media_type": photo.kind.media_type(), "bytes": photo.bytes}),
            );
            fields.insert("evidence".to_owned(), json!({"photos": photos.collect::<Vec<_>>()}));
        }
    }
    let seq = log(tx, by, &command.id, command.act.event(), &detail, now)?;
    photos::file(tx, (SubjectKind::Plan, &command.id.0), &command.photos, seq, now)?;
    let standing = rows::standing(tx, &command.id)?.ok_or_else(|| Error::unreadable("burn plan", "it vanished"))?;
    Ok(Ok(PlanAnswer { standing, repeated: false, cautions }))
}

/// What an order that was just written runs into.
fn cautions_of(
    tx: &Transaction<'_>,
    unit: &UnitCode,
    order: (Timestamp, Timestamp),
    ground: &Ground,
) -> Result<Vec<String>, Error> {
    let (mut weather, mut ledger) = (Vec::new(), Vec::new());
    for day in days_of(ground, order) {
        let (start, end) =
            day_bounds(day, &ground.data().time_zone).map_err(|error| Error::unreadable("day of an order", error))?;
        let plans = rows::standing_where(tx, "window_start < ?1 AND window_end > ?2", &[&Millis(end), &Millis(start)])?;
        ledger.extend(day_ledger(ground, day, (start, end), &plans, &[]));
        weather.extend(policy::load_weather(tx, day, day)?);
    }
    Ok(order_cautions(ground, &OrderView { unit, order, part: order }, &weather, &ledger))
}

/// Writes what an act changes beside the status; returns what its event says.
fn write_act(
    tx: &Transaction<'_>,
    plan: &BurnPlan,
    by: &By,
    act: PlanAct,
    now: Timestamp,
) -> Result<Result<Value, BurningRefusal>, Error> {
    let (id, now_column) = (&plan.id.0, Millis(now));
    let who = &by.actor.name;
    match act {
        PlanAct::Approve => tx.execute(
            "UPDATE burn_plans SET approved_at = ?2, reviewed_by = ?3 WHERE id = ?1",
            params![id, now_column, who],
        )?,
        PlanAct::Refuse => tx.execute(
            "UPDATE burn_plans SET refused_at = ?2, reviewed_by = ?3 WHERE id = ?1",
            params![id, now_column, who],
        )?,
        PlanAct::Order { from, to } => {
            let order = rows::insert_order(tx, &plan.id, (from, to), now, who)?;
            return Ok(Ok(json!({"order": order, "from": from.to_string(), "to": to.to_string()})));
        }
        PlanAct::TakeBack { order } => {
            let order = match order_to_take_back(plan, order, now) {
                Ok(order) => order,
                Err(refusal) => return Ok(Err(refusal)),
            };
            tx.execute("UPDATE burn_orders SET withdrawn_at = ?2 WHERE id = ?1", params![order.id, now_column])?;
            let (from, to) = (order.from.to_string(), order.to.to_string());
            return Ok(Ok(json!({"order": order.id, "from": from, "to": to})));
        }
        PlanAct::Light => tx.execute("UPDATE burn_plans SET lit_at = ?2 WHERE id = ?1", params![id, now_column])?,
        PlanAct::Finish { burnt_mu } => {
            tx.execute(
                "UPDATE burn_plans SET done_at = ?2, burnt_mu = ?3 WHERE id = ?1",
                params![id, now_column, burnt_mu],
            )?;
            return Ok(Ok(json!({"burnt_mu": burnt_mu})));
        }
        PlanAct::Withdraw => {
            // Its orders go with it, so that nobody takes a standing order for a go.
            tx.execute(
                "UPDATE burn_orders SET withdrawn_at = ?2 WHERE plan_id = ?1 AND withdrawn_at IS NULL",
                params![id, now_column],
            )?;
            tx.execute("UPDATE burn_plans SET withdrawn_at = ?2 WHERE id = ?1", params![id, now_column])?
        }
    };
    Ok(Ok(json!({})))
}

/// Whether a command of this client id was done before; an error when the id names another one.
fn done_before(tx: &Transaction<'_>, by: &By, id: &PlanId, kind: PlanEventKind) -> Answer<bool> {
    Ok(match trace_of(tx, by.client_id.as_deref())? {
        None => Ok(false),
        Some(trace) if trace.is_of(&by.actor, (SubjectKind::Plan, &id.0)) && trace.kind == kind.name() => Ok(true),
        Some(_) => Err(PlanError::ClientIdTaken(by.client_id.clone().unwrap_or_default())),
    })
}

fn repeated(tx: &Transaction<'_>, id: PlanId) -> Answer<PlanAnswer> {
    Ok(match rows::standing(tx, &id)? {
        Some(standing) => Ok(PlanAnswer { standing, repeated: true, cautions: Vec::new() }),
        None => Err(PlanError::Unknown(id)),
    })
}

fn log(
    tx: &Transaction<'_>,
    by: &By,
    id: &PlanId,
    kind: PlanEventKind,
    detail: &Value,
    now: Timestamp,
) -> Result<i64, Error> {
    let event = NewEvent {
        subject: (SubjectKind::Plan, &id.0),
        kind: kind.name(),
        actor: &by.actor,
        on_behalf_of: None,
        claimed_at: by.claimed_at,
        client_id: by.client_id.as_deref(),
        detail,
    };
    append(tx, now, &event)
}
