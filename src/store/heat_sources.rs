//! Heat sources that people approved in firegrid: approved, handed over, renewed, ended, each an event.
//!
//! Who may do what is [`crate::domain::heat_approval`]'s business; here it is asked and written in
//! one transaction. Judging reads what is here through [`super::policy`]; recorded judgements do not
//! change by any of it.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Value, json};

use super::Error;
use super::by::By;
use super::codec::{Millis, position, word};
use super::events::{self, NewEvent, SubjectKind};
use super::instruction::Instruction;
use super::scoped::Scoped;
use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::heat_approval::{self, ApprovalRules, ApprovedHeatSource, HeatAct, HeatRefusal, NewHeatSource};
use crate::domain::heat_source::{HeatSource, HeatSourceKind};
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;

/// Why an act on heat sources did not happen.
#[derive(Debug, thiserror::Error)]
pub enum HeatError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] HeatRefusal),
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// What an act on a heat source left.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatAnswer {
    /// The source as it stands now.
    pub source: ApprovedHeatSource,
    /// The same command was done before; nothing was done now.
    pub repeated: bool,
}

/// A result inside a transaction: a refusal is an answer, only a failure rolls back.
type Answer<T> = Result<Result<T, HeatError>, Error>;

const COLUMNS: &str = "id, name, kind, lon, lat, radius_m, unit_code, watched_by, approved_by, approved_on, expires,
    approved_at, ended_on FROM heat_sources";

impl Scoped {
    /// The heat sources ever approved in firegrid of the units here and of those above, in the order of their approval.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn heat_sources(&self) -> Result<Vec<ApprovedHeatSource>, Error> {
        let mut sources = self.store().read(all).await?;
        sources.retain(|source| self.scope().concerns(&source.unit));
        Ok(sources)
    }
}

/// Approves a heat source from today on.
impl Instruction for NewHeatSource {
    type With = (By, Arc<Ground>, ApprovalRules);
    type Answer = HeatAnswer;
    type Refusal = HeatError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (by, ground, rules): Self::With,
        now: Timestamp,
    ) -> Result<HeatAnswer, HeatError> {
        approve(tx, &self, &by, (&ground, &rules), now).map_err(|error| within.naming(error))?
    }
}

/// Hands over, renews or ends the heat source of an id; one that does not exist here is unknown.
impl Instruction for (String, HeatAct) {
    type With = (By, Arc<Ground>, ApprovalRules);
    type Answer = HeatAnswer;
    type Refusal = HeatError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (by, ground, rules): Self::With,
        now: Timestamp,
    ) -> Result<HeatAnswer, HeatError> {
        let (id, act) = self;
        if !one(tx, &id)?.is_some_and(|source| within.scope().concerns(&source.unit)) {
            return Err(HeatRefusal::Unknown(id).into());
        }
        do_act(tx, &id, act, &by, (&ground, &rules), now).map_err(|error| within.naming(error))?
    }
}

fn approve(
    tx: &Transaction<'_>,
    draft: &NewHeatSource,
    by: &By,
    (ground, rules): (&Ground, &ApprovalRules),
    now: Timestamp,
) -> Answer<HeatAnswer> {
    let today = ground.local_day(now);
    if let Some(trace) = events::trace_of(tx, by.client_id.as_deref())? {
        let source = one(tx, &trace.subject)?;
        let is_this = trace.is_of(&by.actor, (SubjectKind::HeatSource, &trace.subject)) && trace.kind == APPROVED;
        let known = source.filter(|source| is_this && source.name == draft.name);
        return Ok(known.map(|source| HeatAnswer { source, repeated: true }).ok_or_else(|| taken(by)));
    }
    if let Err(refusal) = heat_approval::may_approve(ground, rules, &by.actor, draft, today) {
        return Ok(Err(refusal.into()));
    }
    let known = all(tx)?;
    let here = known.iter().map(ApprovedHeatSource::source);
    let same_name = here
        .chain(ground.data().heat_sources.iter().cloned())
        .find(|source| source.name == draft.name && source.is_approved_on(today));
    if let Some(source) = same_name {
        return Ok(Err(HeatRefusal::NameTaken { name: source.name, id: source.id }.into()));
    }
    let source = approved(draft, free_id(&known, ground, today), &by.actor, today, now);
    insert(tx, &source)?;
    log(tx, now, &source, APPROVED, by, &json!({"source": source}))?;
    Ok(Ok(HeatAnswer { source, repeated: false }))
}

fn do_act(
    tx: &Transaction<'_>,
    id: &str,
    act: HeatAct,
    by: &By,
    (ground, rules): (&Ground, &ApprovalRules),
    now: Timestamp,
) -> Answer<HeatAnswer> {
    let today = ground.local_day(now);
    let Some(before) = one(tx, id)? else { return Ok(Err(HeatRefusal::Unknown(id.to_owned()).into())) };
    if let Some(trace) = events::trace_of(tx, by.client_id.as_deref())? {
        let is_this = trace.is_of(&by.actor, (SubjectKind::HeatSource, id)) && trace.kind == kind_of(&act);
        return Ok(if is_this { Ok(HeatAnswer { source: before, repeated: true }) } else { Err(taken(by)) });
    }
    if let Err(refusal) = heat_approval::may_act(ground, rules, &by.actor, &before, &act, today) {
        return Ok(Err(refusal.into()));
    }
    let mut after = before.clone();
    let kind = kind_of(&act);
    let detail = apply(&mut after, act, today);
    tx.execute(
        "UPDATE heat_sources SET unit_code = ?2, watched_by = ?3, expires = ?4, ended_on = ?5,
             ended_at = CASE WHEN ?5 IS NULL THEN NULL ELSE ?6 END WHERE id = ?1",
        params![
            after.id,
            after.unit.0,
            after.watched_by,
            after.expires.to_string(),
            after.ended_on.map(|day| day.to_string()),
            Millis(now)
        ],
    )?;
    log(tx, now, &after, kind, by, &detail(&before))?;
    Ok(Ok(HeatAnswer { source: after, repeated: false }))
}

fn taken(by: &By) -> HeatError {
    HeatError::ClientIdTaken(by.client_id.clone().unwrap_or_default())
}

/// The word of the event an approval leaves.
const APPROVED: &str = "approved";

/// The word of the event an act leaves.
fn kind_of(act: &HeatAct) -> &'static str {
    match act {
        HeatAct::HandOver { .. } => "handed_over",
        HeatAct::Renew { .. } => "renewed",
        HeatAct::End { .. } => "ended",
    }
}

/// The sources as judging sees them: those that are over stay, for fires acquired before.
pub(super) fn for_judging(db: &Connection) -> Result<Vec<HeatSource>, Error> {
    Ok(all(db)?.iter().map(ApprovedHeatSource::source).collect())
}

/// Changes a source and returns, given what it was before, the event's detail.
fn apply(
    source: &mut ApprovedHeatSource,
    act: HeatAct,
    today: Date,
) -> impl FnOnce(&ApprovedHeatSource) -> Value + use<> {
    let why = match act {
        HeatAct::HandOver { unit, watched_by } => {
            (source.unit, source.watched_by) = (unit, watched_by);
            None
        }
        HeatAct::Renew { expires } => {
            source.expires = expires;
            None
        }
        HeatAct::End { why } => {
            source.ended_on = Some(today);
            Some(why)
        }
    };
    let after = source.clone();
    move |before: &ApprovedHeatSource| {
        let of = |source: &ApprovedHeatSource| {
            json!({"unit": source.unit, "watched_by": source.watched_by, "expires": source.expires,
                "ended_on": source.ended_on})
        };
        json!({"before": of(before), "after": of(&after), "why": why})
    }
}

fn approved(draft: &NewHeatSource, id: String, actor: &Actor, today: Date, now: Timestamp) -> ApprovedHeatSource {
    ApprovedHeatSource {
        id,
        name: draft.name.clone(),
        kind: draft.kind,
        centre: draft.centre,
        radius_m: draft.radius_m,
        unit: draft.unit.clone(),
        watched_by: draft.watched_by.clone(),
        approved_by: actor.name.clone(),
        approved_on: today,
        expires: draft.expires,
        approved_at: now,
        ended_on: None,
    }
}

/// The first free id of a day, among the sources here and those of the region's file.
fn free_id(known: &[ApprovedHeatSource], ground: &Ground, today: Date) -> String {
    let is_used = |id: &str| {
        known.iter().any(|source| source.id == id) || ground.data().heat_sources.iter().any(|source| source.id == id)
    };
    let id = |n: usize| format!("HS-{}-{n}", today.strftime("%Y%m%d"));
    // One more than there are sources: one of them is free.
    let last = known.len() + ground.data().heat_sources.len() + 1;
    (1..last).map(id).find(|id| !is_used(id)).unwrap_or_else(|| id(last))
}

fn insert(tx: &Transaction<'_>, source: &ApprovedHeatSource) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO heat_sources (id, name, kind, lon, lat, radius_m, unit_code, watched_by, approved_by, approved_on,
             expires, approved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            source.id,
            source.name,
            source.kind.name(),
            source.centre.lon(),
            source.centre.lat(),
            source.radius_m,
            source.unit.0,
            source.watched_by,
            source.approved_by,
            source.approved_on.to_string(),
            source.expires.to_string(),
            Millis(source.approved_at)
        ],
    )?;
    Ok(())
}

fn log(
    tx: &Transaction<'_>,
    now: Timestamp,
    source: &ApprovedHeatSource,
    kind: &str,
    by: &By,
    detail: &Value,
) -> Result<(), Error> {
    let event = NewEvent {
        client_id: by.client_id.as_deref(),
        claimed_at: by.claimed_at,
        ..NewEvent::plain((SubjectKind::HeatSource, &source.id), kind, &by.actor, detail)
    };
    events::append(tx, now, &event)?;
    Ok(())
}

fn all(db: &Connection) -> Result<Vec<ApprovedHeatSource>, Error> {
    let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} ORDER BY approved_at, id"))?;
    Ok(select.query_map([], read)?.collect::<Result<_, _>>()?)
}

fn one(db: &Connection, id: &str) -> Result<Option<ApprovedHeatSource>, Error> {
    Ok(db.query_row(&format!("SELECT {COLUMNS} WHERE id = ?1"), [id], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ApprovedHeatSource> {
    let day = |text: String| word(&text, "local day", |text| text.parse::<Date>().ok());
    Ok(ApprovedHeatSource {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: word(&row.get::<_, String>(2)?, "kind of heat source", HeatSourceKind::from_name)?,
        centre: position(row, 3)?,
        radius_m: row.get(5)?,
        unit: UnitCode(row.get(6)?),
        watched_by: row.get(7)?,
        approved_by: row.get(8)?,
        approved_on: day(row.get(9)?)?,
        expires: day(row.get(10)?)?,
        approved_at: row.get::<_, Millis>(11)?.0,
        ended_on: row.get::<_, Option<String>>(12)?.map(day).transpose()?,
    })
}
