//! Lists of plans, one plan whole, and what the ledger sums up.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::Value;

use super::super::codec::{Json, Millis, word};
use super::super::query::Span;
use super::super::{Error, Store};
use super::rows;
use crate::domain::burning::StandingPlan;
use crate::domain::ledger::SeenPixel;
use crate::domain::plan::{PlanId, PlanStatus};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;

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

impl Store {
    /// Plans, by id.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn plans(&self, filter: PlanFilter) -> Result<Vec<StandingPlan>, Error> {
        self.read(move |db| {
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
            Ok(plans)
        })
        .await
    }

    /// One plan with its events.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn plan(&self, id: PlanId) -> Result<Option<PlanDetail>, Error> {
        self.read(move |db| {
            let Some(standing) = rows::standing(db, &id)? else { return Ok(None) };
            Ok(Some(PlanDetail { standing, events: events_of(db, &id)? }))
        })
        .await
    }

    /// The judged detections of a span that stand in a fire and a unit of the city.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn seen_pixels(&self, span: Span) -> Result<Vec<SeenPixel>, Error> {
        self.read(move |db| {
            let mut statement = db.prepare(
                "SELECT fire_id, unit_code, verdict FROM detections
                 WHERE superseded_by IS NULL AND acquired_at >= ?1 AND acquired_at < ?2
                     AND fire_id IS NOT NULL AND unit_code IS NOT NULL ORDER BY fire_id, id",
            )?;
            let pixels = statement.query_map(params![Millis(span.from), Millis(span.until)], |row| {
                Ok(SeenPixel {
                    fire_id: row.get(0)?,
                    unit: UnitCode(row.get(1)?),
                    verdict: word(&row.get::<_, String>(2)?, "verdict", Verdict::from_name)?,
                })
            })?;
            Ok(pixels.collect::<Result<_, _>>()?)
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
