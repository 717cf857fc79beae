//! Deadlines that are due, each fired exactly once.
//!
//! [`Store::fire_due`] is called by the service's loop; a row that is due fires in one transaction with its
//! event, its notice and the clock of the next desk, so that neither a crash nor a second process can fire
//! it twice.

use std::sync::Arc;

use rusqlite::{Transaction, params};

use super::super::write::apply;
use super::super::{Standing, refresh_scope, standing};
use super::rows::running;
use crate::domain::alert::AlertNumber;
use crate::domain::alert::{self, AlertEvent, Setting};
use crate::domain::clock::ClockKind;
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::codec::Millis;
use crate::store::portions::Portion;
use crate::store::{Error, Store};

/// Deadlines that were due and fired.
#[derive(Debug, Clone, Default)]
pub struct Fired {
    /// What fired, in the order of the due times.
    pub clocks: Vec<FiredClock>,
    /// When the next one is due.
    pub next_due_at: Option<Timestamp>,
}

/// One deadline that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiredClock {
    /// The alert.
    pub number: AlertNumber,
    /// The clock.
    pub kind: ClockKind,
    /// Whose it was.
    pub unit: UnitCode,
    /// When it was due.
    pub due_at: Timestamp,
    /// It fired later than it should have.
    pub was_late: bool,
    /// The desk that was told, if the ceiling was not reached.
    pub escalated_to: Option<UnitCode>,
}

/// What became of a message to the people of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It reached them.
    Reached,
    /// It reached nobody.
    Failed,
}

impl Store {
    /// Fires the deadlines that are due, at most `limit` of them and no longer than a portion lasts, each exactly once.
    ///
    /// # Errors
    /// [`Error`] of the database; then none of them fired.
    pub async fn fire_due(
        &self,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Fired, Error> {
        // Mostly nothing is due: a cheap look, no write.
        let next_due_at = self.read(next_due).await?;
        if next_due_at.is_none_or(|at| at > now) {
            return Ok(Fired { clocks: Vec::new(), next_due_at });
        }
        self.write(move |tx| {
            let (portion, mut clocks) = (Portion::begin(), Vec::new());
            let at = Setting { ground: &ground, rules: &rules, now };
            for (id, number) in due_rows(tx, now, limit)? {
                clocks.extend(fire(tx, at, id, &number)?);
                if portion.is_over() {
                    break;
                }
            }
            Ok(Fired { clocks, next_due_at: next_due(tx)? })
        })
        .await
    }

    /// Notes whether a message reached the people of an alert, or one of them: their clocks start then. Where nobody could
    /// be reached it is undelivered, never overdue, and the next desk hears of it at once.
    ///
    /// The hook for channels; until there are any, recording counts as delivery.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn note_delivery(
        &self,
        (number, delivery): (AlertNumber, Delivery),
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write(move |tx| {
            let Some(alert) = standing(tx, &number)?.filter(Standing::stands) else { return Ok(()) };
            let (at, running) = (Setting { ground: &ground, rules: &rules, now }, running(tx, &number)?);
            let follows = match delivery {
                Delivery::Reached => alert::reached(at, &alert.view, &running),
                Delivery::Failed => alert::unreached(at, &alert.view, alert.ceiling(&rules.clocks), &running),
            };
            apply(tx, at, &alert.view, &follows)
        })
        .await
    }
}

fn next_due(db: &rusqlite::Connection) -> Result<Option<Timestamp>, Error> {
    let next: Option<Millis> = db
        .prepare_cached(
            "SELECT min(due_at) FROM deadlines WHERE fired_at IS NULL AND ended_at IS NULL AND due_at IS NOT NULL",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(next.map(|at| at.0))
}

fn due_rows(tx: &Transaction<'_>, now: Timestamp, limit: u32) -> Result<Vec<(i64, AlertNumber)>, Error> {
    let mut select = tx.prepare_cached(
        "SELECT id, alert_number FROM deadlines
         WHERE fired_at IS NULL AND ended_at IS NULL AND due_at IS NOT NULL AND due_at <= ?1
         ORDER BY due_at, id LIMIT ?2",
    )?;
    let rows = select.query_map(params![Millis(now), limit], |row| Ok((row.get(0)?, AlertNumber(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Fires a clock; `None` for one that another one of this round has ended.
fn fire(tx: &Transaction<'_>, at: Setting<'_>, id: i64, number: &AlertNumber) -> Result<Option<FiredClock>, Error> {
    let alert =
        standing(tx, number)?.ok_or_else(|| Error::unreadable("deadline", format!("its alert {number} is missing")))?;
    let clocks = running(tx, number)?;
    let Some(clock) = clocks.iter().find(|clock| clock.id == Some(id)) else { return Ok(None) };
    let follows = alert::due(at, &alert.view, alert.ceiling(&at.rules.clocks), &clocks, clock);
    apply(tx, at, &alert.view, &follows)?;
    if follows.is_rescoped {
        refresh_scope(tx, at.ground, number)?;
    }
    let escalated_to = follows.events.iter().find_map(|event| match event {
        AlertEvent::Escalated { to, .. } => Some(to.clone()),
        _ => None,
    });
    let was_late = follows.clocks.iter().any(|clock| clock.id == Some(id) && clock.was_late);
    let (kind, unit, due_at) = (clock.kind, clock.unit.clone(), clock.due_at.unwrap_or(at.now));
    Ok(Some(FiredClock { number: number.clone(), kind, unit, due_at, was_late, escalated_to }))
}
