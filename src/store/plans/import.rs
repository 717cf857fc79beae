//! Plans of a file that somebody imports: all rows or none.
//!
//! A row that says what is known already changes nothing, so a file can be imported twice, and a
//! file written by `plans export` reads back as unchanged. A status beyond `applied` is taken from
//! people who may give it, and dated by the server.

use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use serde::Serialize;
use serde_json::json;

use super::super::Error;
use super::super::by::By;
use super::super::events::{SubjectKind, Trace, trace_of};
use super::super::scoped::Scoped;
use super::{ImportRow, log, rows};
use crate::domain::actor::Actor;
use crate::domain::burning::{
    BurnRules, BurningRefusal, PlanAct, PlanSource, StandingPlan, check_application, check_line, check_right,
};
use crate::domain::event_kind::PlanEventKind;
use crate::domain::ground::Ground;
use crate::domain::plan::{BurnOrder, BurnPlan, PlanId, PlanStatus};
use crate::domain::time::Timestamp;

/// What an import does to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// It is new.
    New,
    /// It says what is known.
    Unchanged,
    /// It replaces what nobody has acted on.
    Updated,
}

/// A row that cannot be imported.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportProblem {
    /// Where it stands in the file.
    pub place: String,
    /// What is wrong.
    pub why: ImportError,
}

/// Why a row cannot be imported; `differing` are the columns in which row and plan differ.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] BurningRefusal),
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// A plan of others has the id; nothing else is told of it.
    #[error("the id {0} cannot be used: choose another")]
    IdTaken(PlanId),
    /// The plan is the region's.
    #[error("plan {id} comes from the region's file and differs ({differing}): change it there")]
    OfRegion {
        /// The plan.
        id: PlanId,
        /// Which columns.
        differing: String,
    },
    /// People have acted on the plan here.
    #[error("plan {id} differs ({differing}) and was acted on here: a file changes it no more")]
    ActedOn {
        /// The plan.
        id: PlanId,
        /// Which columns.
        differing: String,
    },
    /// The plan says something else, and nobody asked to replace it.
    #[error("plan {id} exists and differs ({differing})")]
    Differs {
        /// The plan.
        id: PlanId,
        /// Which columns.
        differing: String,
    },
}

impl ImportError {
    /// Stable word for the kind of fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "plan_refused",
            Self::ClientIdTaken(_) => "client_id_taken",
            Self::IdTaken(_) => "plan_id_taken",
            Self::OfRegion { .. } => "plan_of_region",
            Self::ActedOn { .. } => "plan_acted_on",
            Self::Differs { .. } => "plan_differs",
        }
    }
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// The plans of the file, in its order.
    pub rows: Vec<(PlanId, RowOutcome)>,
    /// The rows that cannot be imported; when there is one, nothing was written.
    pub problems: Vec<ImportProblem>,
    /// The same command was done before; nothing was done now.
    pub repeated: bool,
}

/// What is done with the rows of a file.
#[derive(Debug, Clone)]
pub enum Importing {
    /// It is said what importing them would do; nothing changes. Without an actor his rights are not checked.
    Preview(Option<Actor>),
    /// They are imported in one transaction, or none of them.
    Write(By),
}

impl Scoped {
    /// Imports the rows of a file, or says what that would do; rows of foreign units are refused by the rules.
    ///
    /// With `update`, a row that says something else replaces a plan nobody has acted on yet.
    ///
    /// # Errors
    /// [`Error`] of the database. Rows that cannot be imported come back inside.
    pub async fn import_plans(
        &self,
        rows: Vec<ImportRow>,
        update: bool,
        how: Importing,
        (ground, rules): (Arc<Ground>, BurnRules),
        now: Timestamp,
    ) -> Result<Imported, Error> {
        let by = match how {
            Importing::Write(by) => by,
            Importing::Preview(actor) => {
                let preview = move |db: &Connection| {
                    let desk = Desk { ground: &ground, rules: &rules, actor: actor.as_ref(), update };
                    Ok(desk.look(db, &rows)?.0)
                };
                return self.store().read(preview).await;
            }
        };
        let write = move |tx: &Transaction<'_>| {
            if let Some(trace) = trace_of(tx, by.client_id.as_deref())? {
                return Ok(done_before(&trace, &rows, &by));
            }
            let desk = Desk { ground: &ground, rules: &rules, actor: Some(&by.actor), update };
            let (imported, outcomes) = desk.look(tx, &rows)?;
            if imported.problems.is_empty() {
                // The id of the command stands at the first row that is written: an id names one event.
                let mut by = by.clone();
                for (row, outcome) in rows.iter().zip(outcomes).filter(|(_, outcome)| *outcome != RowOutcome::Unchanged)
                {
                    write_row(tx, row, outcome, &by, &ground, now)?;
                    by.client_id = None;
                }
            }
            Ok(imported)
        };
        self.store().write(write).await
    }
}

/// The answer to an import whose id is known already.
fn done_before(trace: &Trace, rows: &[ImportRow], by: &By) -> Imported {
    let is_import =
        [PlanEventKind::Imported, PlanEventKind::Changed].map(PlanEventKind::name).contains(&trace.kind.as_str());
    let is_this =
        is_import && rows.iter().any(|row| trace.is_of(&by.actor, (SubjectKind::Plan, &row.application.id.0)));
    if is_this {
        let rows = rows.iter().map(|row| (row.application.id.clone(), RowOutcome::Unchanged)).collect();
        return Imported { rows, problems: Vec::new(), repeated: true };
    }
    let why = ImportError::ClientIdTaken(by.client_id.clone().unwrap_or_default());
    let problem = ImportProblem { place: String::new(), why };
    Imported { rows: Vec::new(), problems: vec![problem], repeated: false }
}

/// What the rows are held against.
struct Desk<'a> {
    ground: &'a Ground,
    rules: &'a BurnRules,
    actor: Option<&'a Actor>,
    update: bool,
}

impl Desk<'_> {
    fn look(&self, db: &Connection, rows: &[ImportRow]) -> Result<(Imported, Vec<RowOutcome>), Error> {
        let mut imported = Imported::default();
        for row in rows {
            let known = rows::standing(db, &row.application.id)?;
            match self
                .check(row)
                .map_err(ImportError::from)
                .and_then(|()| self.reaches(&row.application.id, known.as_ref()))
                .and_then(|()| self.outcome(row, known.as_ref()))
            {
                Ok(outcome) => imported.rows.push((row.application.id.clone(), outcome)),
                Err(why) => imported.problems.push(ImportProblem { place: row.place.clone(), why }),
            }
        }
        let outcomes = imported.rows.iter().map(|(_, outcome)| *outcome).collect();
        Ok((imported, outcomes))
    }

    fn check(&self, row: &ImportRow) -> Result<(), BurningRefusal> {
        check_application(self.ground, &row.application)?;
        let Some(actor) = self.actor else { return Ok(()) };
        let unit = &row.application.unit_code;
        let act = match row.status {
            PlanStatus::Applied | PlanStatus::Withdrawn => return check_line(self.ground, actor, unit).map(|_| ()),
            PlanStatus::Approved => PlanAct::Approve,
            PlanStatus::Refused => PlanAct::Refuse,
            PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done => {
                let (from, to) = (row.application.window_start, row.application.window_end);
                check_right(self.ground, self.rules, actor, PlanAct::Order { from, to }, unit)?;
                PlanAct::Approve
            }
        };
        check_right(self.ground, self.rules, actor, act, unit)?;
        if row.application.responsible == actor.name {
            return Err(BurningRefusal::OwnPlan { actor: actor.name.clone(), plan: row.application.id.0.clone() });
        }
        Ok(())
    }

    /// Refuses a plan of others under the same id, and tells nothing of it: neither whose it is nor what it says.
    fn reaches(&self, id: &PlanId, known: Option<&StandingPlan>) -> Result<(), ImportError> {
        let (Some(actor), Some(known)) = (self.actor, known) else { return Ok(()) };
        let Some(unit) = &actor.unit else { return Ok(()) };
        let is_within = known.plan.unit_code == *unit
            || self.ground.line_of(&known.plan.unit_code).iter().any(|above| above.code == *unit);
        if is_within { Ok(()) } else { Err(ImportError::IdTaken(id.clone())) }
    }

    fn outcome(&self, row: &ImportRow, known: Option<&StandingPlan>) -> Result<RowOutcome, ImportError> {
        let Some(known) = known else { return Ok(RowOutcome::New) };
        let differing = differences(row, known);
        if differing.is_empty() {
            return Ok(RowOutcome::Unchanged);
        }
        let (id, differing) = (row.application.id.clone(), differing.join(", "));
        if known.source == PlanSource::Region {
            return Err(ImportError::OfRegion { id, differing });
        }
        if known.acted_at.is_some() {
            return Err(ImportError::ActedOn { id, differing });
        }
        if !self.update {
            return Err(ImportError::Differs { id, differing });
        }
        Ok(RowOutcome::Updated)
    }
}

/// The columns in which a row and a known plan differ.
///
/// An earlier status is no difference: the file is only older than what has happened since.
fn differences(row: &ImportRow, known: &StandingPlan) -> Vec<&'static str> {
    let (new, old) = (&row.application, &known.plan);
    let is_older = rank(row.status) < rank(known.status);
    let mut differing = Vec::new();
    let mut note = |differs: bool, column| differing.extend(differs.then_some(column));
    note(new.unit_code != old.unit_code, "unit_code");
    note(new.window_start != old.window_start, "window_start");
    note(new.window_end != old.window_end, "window_end");
    note((new.area_mu - old.area_mu).abs() > f64::EPSILON, "area_mu");
    note(new.responsible != old.responsible, "responsible");
    note(new.plot != old.plot, "plot");
    note(new.note != old.note, "note");
    note(row.status != known.status && !is_older, "status");
    differing
}

/// How far a plan has come; of two that ended otherwise neither is before the other.
fn rank(status: PlanStatus) -> u8 {
    match status {
        PlanStatus::Applied => 0,
        PlanStatus::Approved => 1,
        PlanStatus::Ordered => 2,
        PlanStatus::Lit => 3,
        PlanStatus::Done | PlanStatus::Refused | PlanStatus::Withdrawn => 4,
    }
}

fn write_row(
    tx: &Transaction<'_>,
    row: &ImportRow,
    outcome: RowOutcome,
    by: &By,
    ground: &Ground,
    now: Timestamp,
) -> Result<(), Error> {
    let id = &row.application.id;
    let standing = StandingPlan {
        plan: dated(row, &by.actor, now),
        status: row.status,
        source: PlanSource::Import,
        applicant: applicant(row, &by.actor, ground),
        acted_at: None,
    };
    let kind = match outcome {
        RowOutcome::Unchanged => return Ok(()),
        RowOutcome::New => {
            rows::insert(tx, &standing, None)?;
            PlanEventKind::Imported
        }
        RowOutcome::Updated => {
            rows::set_aside(tx, id, now)?;
            rows::overwrite(tx, &standing, None)?;
            PlanEventKind::Changed
        }
    };
    let mut detail = rows::facts(&standing.plan);
    if let serde_json::Value::Object(fields) = &mut detail {
        fields.insert("status".to_owned(), json!(row.status));
        fields.insert("approver".to_owned(), json!(standing.plan.reviewed_by));
    }
    log(tx, by, id, kind, &detail, now)?;
    Ok(())
}

/// Who applied: the importer, unless he acts for a unit above the plan's and only enters what others applied for.
fn applicant(row: &ImportRow, actor: &Actor, ground: &Ground) -> Option<Actor> {
    let own =
        actor.unit.as_ref() == Some(&row.application.unit_code) || ground.unit(&row.application.unit_code).is_none();
    (own && row.status == PlanStatus::Applied).then(|| actor.clone())
}

/// The plan with the instants its status asks for, all of them now. What is ordered in a file is
/// ordered for its whole window, as in the region's file.
fn dated(row: &ImportRow, actor: &Actor, now: Timestamp) -> BurnPlan {
    let mut plan = row.application.clone().received(now);
    let reviewer = row.approver.clone().unwrap_or_else(|| actor.name.clone());
    match row.status {
        PlanStatus::Applied => return plan,
        PlanStatus::Withdrawn => plan.withdrawn_at = Some(now),
        PlanStatus::Refused => (plan.refused_at, plan.reviewed_by) = (Some(now), Some(reviewer)),
        PlanStatus::Approved | PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done => {
            (plan.approved_at, plan.reviewed_by) = (Some(now), Some(reviewer));
        }
    }
    if matches!(row.status, PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done) {
        plan.orders.push(BurnOrder {
            id: 0,
            from: plan.window_start,
            to: plan.window_end,
            issued_at: now,
            issued_by: actor.name.clone(),
            withdrawn_at: None,
        });
    }
    if matches!(row.status, PlanStatus::Lit | PlanStatus::Done) {
        plan.lit_at = Some(now);
    }
    if row.status == PlanStatus::Done {
        (plan.done_at, plan.burnt_mu) = (Some(now), row.burnt_mu);
    }
    plan
}
