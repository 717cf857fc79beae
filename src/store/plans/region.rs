//! Takes up the burn plans of a region version when it becomes the active one (decision 12).
//!
//! The first version a database ever knows is believed, with the plans' own approvals: there is
//! nothing to hold them against. In a later version a plan is received when the version is
//! activated, whatever its row says, so that a back-dated row excuses no fire. What a person has
//! acted on here a file changes no more; nothing is ever deleted.

use rusqlite::{OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use wkt::ToWkt;

use super::super::Error;
use super::{log, rows};
use crate::domain::actor::Actor;
use crate::domain::burning::{PlanSource, StandingPlan, status_of};
use crate::domain::event_kind::PlanEventKind;
use crate::domain::plan::{BurnPlan, PlanId};
use crate::domain::time::Timestamp;
use crate::store::by::By;

/// What became of a plan of the region's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakenUp {
    /// New, believed with its own approval.
    Believed,
    /// New, received now.
    Received,
    /// Known, its row says something else now; taken up, and received now if it matters for judging.
    Changed,
    /// Known, its row says something else now, but a person has acted on it here: kept as it is.
    Kept,
    /// Known, no longer in the file: kept.
    Absent,
}

impl TakenUp {
    fn event(self) -> Option<PlanEventKind> {
        match self {
            Self::Believed | Self::Received => Some(PlanEventKind::Received),
            Self::Changed => Some(PlanEventKind::Changed),
            // Told at every activation until somebody mends the file; nothing is done.
            Self::Kept | Self::Absent => None,
        }
    }
}

/// One plan of the region's file that is not simply as before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenUpPlan {
    /// The plan.
    pub plan_id: PlanId,
    /// What became of it.
    pub outcome: TakenUp,
}

/// Takes up the plans of a version; what is as before is not told.
///
/// # Shape
/// Outcomes in the order of the file, then the plans that are no longer in it, by id.
pub(in crate::store) fn take_up(
    tx: &Transaction<'_>,
    plans: &[BurnPlan],
    is_first_version: bool,
    now: Timestamp,
) -> Result<Vec<TakenUpPlan>, Error> {
    let mut told = Vec::new();
    for plan in plans {
        if let Some(outcome) = take_up_one(tx, plan, is_first_version, now)? {
            told.push(TakenUpPlan { plan_id: plan.id.clone(), outcome });
        }
    }
    let known = rows::standing_where(tx, "source = 'region'", &[])?;
    for standing in known {
        if plans.iter().all(|plan| plan.id != standing.plan.id) {
            told.push(TakenUpPlan { plan_id: standing.plan.id, outcome: TakenUp::Absent });
        }
    }
    Ok(told)
}

fn take_up_one(
    tx: &Transaction<'_>,
    plan: &BurnPlan,
    is_first: bool,
    now: Timestamp,
) -> Result<Option<TakenUp>, Error> {
    let hash = row_hash(plan);
    let (outcome, taken) = match rows::standing(tx, &plan.id)? {
        None if is_first => (TakenUp::Believed, Some(believed(plan, now))),
        None => (TakenUp::Received, Some(received(plan, now))),
        Some(known) => {
            let before: Option<String> = tx
                .query_row("SELECT source_hash FROM burn_plans WHERE id = ?1", [&plan.id.0], |row| row.get(0))
                .optional()?
                .flatten();
            if before.as_deref() == Some(hash.as_str()) {
                return Ok(None);
            }
            // A plan that was imported or applied for here is not the file's to change.
            if known.acted_at.is_some() || known.source != PlanSource::Region {
                (TakenUp::Kept, None)
            } else {
                let matters = before.is_none_or(|before| what_judges(&before) != what_judges(&hash));
                (TakenUp::Changed, Some(changed(tx, plan, known.plan, matters, now)?))
            }
        }
    };
    let Some(taken) = taken else { return Ok(Some(outcome)) };
    let standing = StandingPlan {
        status: status_of(&taken),
        source: PlanSource::Region,
        applicant: None,
        acted_at: None,
        plan: taken,
    };
    match outcome {
        TakenUp::Changed => rows::overwrite(tx, &standing, Some(&hash))?,
        _ => rows::insert(tx, &standing, Some(&hash))?,
    }
    if let Some(kind) = outcome.event() {
        let mut detail = rows::facts(&standing.plan);
        if let serde_json::Value::Object(fields) = &mut detail {
            fields.insert("status".to_owned(), json!(standing.status));
            fields.insert("received_at".to_owned(), json!(standing.plan.received_at.to_string()));
            fields.insert("approved_at_in_file".to_owned(), json!(plan.approved_at.map(|at| at.to_string())));
            fields.insert("outcome".to_owned(), json!(outcome));
        }
        log(tx, &By::now(Actor::system()), &plan.id, kind, &detail, now)?;
    }
    Ok(Some(outcome))
}

/// A plan as its own row says, for want of anything to hold it against.
fn believed(plan: &BurnPlan, now: Timestamp) -> BurnPlan {
    BurnPlan { received_at: plan.approved_at.unwrap_or(now), ..plan.clone() }
}

/// A plan that this server learns of now: nothing about it was known, approved or ordered before.
fn received(plan: &BurnPlan, now: Timestamp) -> BurnPlan {
    let not_before = |at: Option<Timestamp>| at.map(|at| at.max(now));
    let mut plan = plan.clone();
    plan.received_at = now;
    plan.approved_at = not_before(plan.approved_at);
    plan.refused_at = not_before(plan.refused_at);
    plan.withdrawn_at = not_before(plan.withdrawn_at);
    plan.lit_at = not_before(plan.lit_at);
    plan.done_at = not_before(plan.done_at);
    for order in &mut plan.orders {
        order.issued_at = order.issued_at.max(now);
    }
    plan
}

/// A changed row. When it matters for judging, what the plan said until now is set aside and the
/// row is received now; a new note or spelling takes nothing from what was known.
fn changed(
    tx: &Transaction<'_>,
    row: &BurnPlan,
    known: BurnPlan,
    matters: bool,
    now: Timestamp,
) -> Result<BurnPlan, Error> {
    if matters {
        rows::set_aside(tx, &known.id, now)?;
        return Ok(received(row, now));
    }
    // Its orders stand already.
    let orders = Vec::new();
    Ok(BurnPlan { responsible: row.responsible.clone(), note: row.note.clone(), orders, ..known })
}

/// Two hashes of a row, joined by a colon: of what judging asks, and of the rest.
///
/// Only of what the row itself says, in forms of our own: a later firegrid that reads the same row
/// must not take it for another one, because a changed row is received anew.
fn row_hash(plan: &BurnPlan) -> String {
    let millis = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.as_millisecond().to_string());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let judging = [
        plan.unit_code.0.clone(),
        plan.plot.as_ref().map(ToWkt::wkt_string).unwrap_or_default(),
        millis(Some(plan.window_start)),
        millis(Some(plan.window_end)),
        plan.area_mu.to_string(),
        status_of(plan).name().to_owned(),
        text(&plan.reviewed_by),
        millis(plan.approved_at),
        plan.burnt_mu.map_or_else(String::new, |mu| mu.to_string()),
    ];
    let rest = [plan.responsible.clone(), text(&plan.note)];
    let sha = |fields: &[String]| hex::encode(Sha256::digest(fields.join("\n").as_bytes()));
    format!("{}:{}", sha(&judging), sha(&rest))
}

fn what_judges(hash: &str) -> &str {
    hash.split_once(':').map_or(hash, |(judging, _)| judging)
}
