//! Lists of plans, one plan whole, and what the ledger sums up.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use super::super::Error;
use super::super::codec::{Json, Millis};
use super::super::query::Span;
use super::super::scoped::Scoped;
use super::rows;
use crate::domain::burning::StandingPlan;
use crate::domain::plan::{PlanId, PlanStatus};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// Which plans are asked for; everything left out asks for all.
#[derive(Debug, Clone, Default)]
pub struct PlanFilter {
    /// Plans of these units only: a subtree, as its codes.
    pub units: Option<BTreeSet<UnitCode>>,
    /// Plans of this status only.
    pub status: Option<PlanStatus>,
    /// Plans whose window touches this span only.
    pub window: Option<Span>,
}

/// An event in a plan's life.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlanEvent {
    /// Its number in the log.
    pub seq: i64,
    /// Server time.
    pub at: Timestamp,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// For which unit; `None` for firegrid itself.
    pub actor_unit: Option<String>,
    /// When it happened, as the person said.
    pub claimed_at: Option<Timestamp>,
    /// What it says.
    pub detail: Value,
}

/// A plan with its events, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanDetail {
    /// The plan.
    pub standing: StandingPlan,
    /// Its events.
    pub events: Vec<PlanEvent>,
}

impl Scoped {
    /// Plans of the units here, and of those above, whose ground is here too; by id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn plans(&self, filter: PlanFilter) -> Result<Vec<StandingPlan>, Error> {
        let scope = self.scope().clone();
        self.store()
            .read(move |db| {
                let window = filter.window.unwrap_or(Span::ALL);
                let status = filter.status.map(PlanStatus::name);
                let mut plans = rows::standing_where(
                    db,
                    "window_start < ?1 AND window_end > ?2 AND (?3 IS NULL OR status = ?3)",
                    &[&Millis(window.until), &Millis(window.from), &status],
                )?;
                if let Some(units) = &filter.units {
                    plans.retain(|standing| units.contains(&standing.plan.unit_code));
                }
                plans.retain(|standing| scope.concerns(&standing.plan.unit_code));
                Ok(plans)
            })
            .await
    }

    /// One plan with its events.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn plan(&self, id: PlanId) -> Result<Option<PlanDetail>, Error> {
        let scope = self.scope().clone();
        self.store()
            .read(move |db| {
                let found = rows::standing(db, &id)?;
                let Some(standing) = found.filter(|found| scope.concerns(&found.plan.unit_code)) else {
                    return Ok(None);
                };
                Ok(Some(PlanDetail { standing, events: events_of(db, &id)? }))
            })
            .await
    }
}

fn events_of(db: &Connection, id: &PlanId) -> Result<Vec<PlanEvent>, Error> {
    let mut statement = db.prepare(
        "SELECT seq, at, kind, actor, actor_unit, claimed_at, detail FROM events
         WHERE subject_kind = 'plan' AND subject = ?1 ORDER BY seq",
    )?;
    let events = statement.query_map([&id.0], |row| {
        Ok(PlanEvent {
            seq: row.get(0)?,
            at: row.get::<_, Millis>(1)?.0,
            kind: row.get(2)?,
            actor: row.get(3)?,
            actor_unit: row.get(4)?,
            claimed_at: row.get::<_, Option<Millis>>(5)?.map(|at| at.0),
            detail: row.get::<_, Json<Value>>(6)?.0,
        })
    })?;
    Ok(events.collect::<Result<_, _>>()?)
}
