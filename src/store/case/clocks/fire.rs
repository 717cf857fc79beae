//! Deadlines that are due, each fired exactly once.
//!
//! [`Store::fire_due`] is called by the service's loop; a row that is due fires in one transaction with its
//! event, its notice and the clock of the next desk, so that neither a crash nor a second process can fire
//! it twice.

use std::sync::Arc;

use rusqlite::{Transaction, params};
use serde_json::json;

use super::after::delivered;
use super::desk::{desk_above, holder_of};
use super::{Standing, Start, end, note, note_detail, notify, refresh_scope, standing, start};
use crate::domain::alert::{AlertNumber, AlertState, NotifyReason};
use crate::domain::chain::on_duty;
use crate::domain::clock::{ClockKind, LATE_AFTER};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::store::codec::{Millis, word};
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
    /// The case.
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

/// A row that is due.
struct Due {
    id: i64,
    number: AlertNumber,
    kind: ClockKind,
    unit: UnitCode,
    step: u32,
    at: Timestamp,
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
        self.write(move |tx| {
            let (portion, mut clocks) = (Portion::begin(), Vec::new());
            for due in due_rows(tx, now, limit)? {
                clocks.push(fire(tx, &ground, &rules, due, now)?);
                if portion.is_over() {
                    break;
                }
            }
            Ok(Fired { clocks, next_due_at: next_due(tx)? })
        })
        .await
    }

    /// When the next deadline is due; cheap, asked by the loop.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn next_due_at(&self) -> Result<Option<Timestamp>, Error> {
        self.read(next_due).await
    }

    /// Notes that a message reached the people of a case (or one of them): their clocks start then.
    ///
    /// The hook for channels; until there are any, recording counts as delivery.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn note_delivered(
        &self,
        number: AlertNumber,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        delivered_at: Timestamp,
    ) -> Result<(), Error> {
        self.write(move |tx| {
            let Some(case) = standing(tx, &number)?.filter(Standing::stands) else { return Ok(()) };
            tx.execute("UPDATE alerts SET undelivered_at = NULL WHERE number = ?1", [&number.0])?;
            if case.view.state == AlertState::Open {
                delivered(tx, &ground, &rules, &case, delivered_at)?;
            }
            Ok(())
        })
        .await
    }

    /// Notes that nobody of a case could be reached: it is undelivered, never overdue, and the next
    /// desk hears of it at once.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn note_undelivered(
        &self,
        number: AlertNumber,
        ground: Arc<Ground>,
        rules: Arc<Rules>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.write(move |tx| {
            let Some(case) = standing(tx, &number)?.filter(Standing::stands) else { return Ok(()) };
            if case.view.state != AlertState::Open {
                return Ok(());
            }
            let is_new = tx.execute(
                "UPDATE alerts SET undelivered_at = ?2 WHERE number = ?1 AND undelivered_at IS NULL",
                params![number.0, Millis(now)],
            )?;
            if is_new == 0 {
                // The next desk has heard of it, and its own clock runs: a further attempt that failed must
                // not start that anew.
                return Ok(());
            }
            // Clocks of whoever was not reached do not run.
            end(tx, &number, &[ClockKind::Acknowledge, ClockKind::OnSite, ClockKind::Report], "cancelled", now)?;
            note(tx, &number, now, "undelivered", &case.view.owner.0)?;
            let holder = holder_of(&ground, &case, now);
            escalate(tx, &ground, &rules, &case, (ClockKind::Acknowledge, &holder, 0), "undelivered", now)?;
            Ok(())
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

fn due_rows(tx: &Transaction<'_>, now: Timestamp, limit: u32) -> Result<Vec<Due>, Error> {
    let mut select = tx.prepare_cached(
        "SELECT id, alert_number, kind, unit_code, step, due_at FROM deadlines
         WHERE fired_at IS NULL AND ended_at IS NULL AND due_at IS NOT NULL AND due_at <= ?1
         ORDER BY due_at, id LIMIT ?2",
    )?;
    let rows = select.query_map(params![Millis(now), limit], |row| {
        Ok(Due {
            id: row.get(0)?,
            number: AlertNumber(row.get(1)?),
            kind: word(&row.get::<_, String>(2)?, "clock", ClockKind::from_name)?,
            unit: UnitCode(row.get(3)?),
            step: row.get(4)?,
            at: row.get::<_, Millis>(5)?.0,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn fire(tx: &Transaction<'_>, ground: &Ground, rules: &Rules, due: Due, now: Timestamp) -> Result<FiredClock, Error> {
    let was_late = now.duration_since(due.at) > LATE_AFTER;
    tx.prepare_cached("UPDATE deadlines SET fired_at = ?2, was_late = ?3 WHERE id = ?1 AND fired_at IS NULL")?
        .execute(params![due.id, Millis(now), was_late])?;
    let case = standing(tx, &due.number)?
        .ok_or_else(|| Error::unreadable("deadline", format!("its case {} is missing", due.number)))?;
    let escalated_to = if due.kind == ClockKind::LookBack {
        look_back_due(tx, ground, &case, was_late, now)?;
        None
    } else {
        let detail = json!({
            "clock": due.kind.name(), "unit": due.unit.0, "step": due.step,
            "due_at": due.at.to_string(), "late": was_late, "state": case.view.state.name(),
        });
        note_detail(tx, &due.number, now, "overdue", &detail)?;
        escalate(tx, ground, rules, &case, (due.kind, &due.unit, due.step), due.kind.name(), now)?
    };
    Ok(FiredClock { number: due.number, kind: due.kind, unit: due.unit, due_at: due.at, was_late, escalated_to })
}

/// The look-back is no fault of anybody: the case comes up again, and its unit is told.
fn look_back_due(
    tx: &Transaction<'_>,
    ground: &Ground,
    case: &Standing,
    was_late: bool,
    now: Timestamp,
) -> Result<(), Error> {
    let number = &case.view.number;
    end(tx, number, &[ClockKind::LookBack], "cancelled", now)?;
    if case.view.state != AlertState::Closed {
        return Ok(());
    }
    tx.execute(
        "UPDATE alerts SET state = ?2, revision = revision + 1 WHERE number = ?1",
        params![number.0, AlertState::LookbackDue.name()],
    )?;
    let detail = json!({"state": AlertState::LookbackDue.name(), "late": was_late});
    note_detail(tx, number, now, "lookback_due", &detail)?;
    notify(tx, number, NotifyReason::Lookback, Some(&case.view.responsible), None, now)?;
    refresh_scope(tx, ground, number)
}

/// Tells the desk one level up why, and starts its own clock; `None` at the ceiling.
fn escalate(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    case: &Standing,
    (kind, from, step): (ClockKind, &UnitCode, u32),
    why: &str,
    now: Timestamp,
) -> Result<Option<UnitCode>, Error> {
    let number = &case.view.number;
    let Some(desk) = desk_above(ground, case, from, case.ceiling(&rules.clocks)) else {
        let detail = json!({"clock": kind.name(), "unit": from.0, "why": why, "state": case.view.state.name()});
        note_detail(tx, number, now, "ceiling_reached", &detail)?;
        return Ok(None);
    };
    tx.execute(
        "UPDATE alerts SET escalated_to = ?2, revision = revision + 1 WHERE number = ?1",
        params![number.0, desk.0],
    )?;
    let detail = json!({
        "clock": kind.name(), "from": from.0, "to": desk.0, "why": why, "state": case.view.state.name(),
        // Whom the message is for is asked again when it is sent; the record says who it was then.
        "on_duty": on_duty(ground, &desk, now),
    });
    note_detail(tx, number, now, "escalated", &detail)?;
    notify(tx, number, NotifyReason::Escalated, Some(&desk), None, now)?;
    let level = ground.unit(&desk).map_or(UnitLevel::City, |unit| unit.level);
    let due_at = rules.clocks.due_at(kind, level, case.view.verdict, now, &ground.data().time_zone);
    if kind != ClockKind::Reply {
        start(tx, &Start { number, kind, unit: &desk, person: None, step: step + 1, due_at }, now)?;
    }
    Ok(Some(desk))
}
