//! The clocks of cases as rows.
//!
//! What an act starts and ends is in [`after`], whose clock it is in [`desk`], what happens when one is due in
//! [`fire`]; this file has the rows themselves.

mod after;
mod desk;
mod fire;

use rusqlite::{Transaction, params};

use super::super::Error;
use super::super::codec::Millis;
use super::{Standing, note, note_detail, notify, refresh_scope, standing};
use crate::domain::alert::AlertNumber;
use crate::domain::clock::ClockKind;
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp, day_bounds};
use crate::domain::unit::{UnitCode, UnitLevel};

pub(in crate::store) use after::{after_act, after_recording, after_taking_over, review_follows};
pub(in crate::store) use desk::review_desk;
pub use fire::{Fired, FiredClock};

/// A clock to be started.
struct Start<'a> {
    number: &'a AlertNumber,
    kind: ClockKind,
    unit: &'a UnitCode,
    person: Option<&'a str>,
    step: u32,
    due_at: Timestamp,
}

fn start(tx: &Transaction<'_>, clock: &Start<'_>, now: Timestamp) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO deadlines (alert_number, kind, unit_code, person, step, starts_at, due_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        clock.number.0,
        clock.kind.name(),
        clock.unit.0,
        clock.person,
        clock.step,
        Millis(now),
        Millis(clock.due_at)
    ])?;
    Ok(())
}

/// Starts the usual clock of a kind for a unit, unless one of that kind is running for the case.
fn begin(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    case: &Standing,
    (kind, unit, person): (ClockKind, &UnitCode, Option<&str>),
    now: Timestamp,
) -> Result<(), Error> {
    if is_running(tx, &case.view.number, kind)? {
        return Ok(());
    }
    let level = ground.unit(unit).map_or(UnitLevel::Township, |unit| unit.level);
    let due_at = rules.clocks.due_at(kind, level, case.view.verdict, now, &ground.data().time_zone);
    start(tx, &Start { number: &case.view.number, kind, unit, person, step: 0, due_at }, now)
}

fn is_running(tx: &Transaction<'_>, number: &AlertNumber, kind: ClockKind) -> Result<bool, Error> {
    Ok(tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM deadlines WHERE alert_number = ?1 AND kind = ?2 AND ended_at IS NULL)",
        )?
        .query_row(params![number.0, kind.name()], |row| row.get(0))?)
}

/// Ends the running clocks of some kinds: met in time, missed when they had fired, or cancelled.
fn end(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    kinds: &[ClockKind],
    outcome: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let mut update = tx.prepare_cached(
        "UPDATE deadlines SET ended_at = ?3, outcome = iif(fired_at IS NOT NULL AND ?4 = 'met', 'missed', ?4)
         WHERE alert_number = ?1 AND kind = ?2 AND ended_at IS NULL",
    )?;
    for kind in kinds {
        update.execute(params![number.0, kind.name(), Millis(now), outcome])?;
    }
    Ok(())
}

/// A clock that is still its first holder's becomes another unit's, and keeps its due time.
fn give(tx: &Transaction<'_>, number: &AlertNumber, kind: ClockKind, to: &UnitCode) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE deadlines SET unit_code = ?3
         WHERE alert_number = ?1 AND kind = ?2 AND step = 0 AND ended_at IS NULL AND fired_at IS NULL",
    )?
    .execute(params![number.0, kind.name(), to.0])?;
    Ok(())
}

/// A reply date given from outside is due at the end of that local day.
pub(in crate::store) fn start_reply(
    tx: &Transaction<'_>,
    ground: &Ground,
    number: &AlertNumber,
    unit: &UnitCode,
    day: Date,
    now: Timestamp,
) -> Result<(), Error> {
    let due_at = end_of(ground, day)?;
    start(tx, &Start { number, kind: ClockKind::Reply, unit, person: None, step: 0, due_at }, now)
}

/// Whoever was promised a reply to a case still waits for it when the case lives on in another.
pub(in crate::store) fn hand_over_replies(
    tx: &Transaction<'_>,
    from: &AlertNumber,
    to: &AlertNumber,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE deadlines SET alert_number = ?2 WHERE alert_number = ?1 AND kind = 'reply' AND ended_at IS NULL",
    )?
    .execute(params![from.0, to.0])?;
    Ok(())
}

fn end_of(ground: &Ground, day: Date) -> Result<Timestamp, Error> {
    let bounds = day_bounds(day, &ground.data().time_zone);
    Ok(bounds.map_err(|problem| Error::unreadable("date", problem))?.1)
}

fn blame_kinds() -> impl Iterator<Item = ClockKind> {
    ClockKind::ALL.into_iter().filter(|kind| kind.is_of_blame())
}

fn pause_blame(tx: &Transaction<'_>, number: &AlertNumber, now: Timestamp) -> Result<(), Error> {
    let mut pause = tx.prepare_cached(
        "UPDATE deadlines SET remaining_ms = max(due_at - ?3, 0), due_at = NULL
         WHERE alert_number = ?1 AND kind = ?2 AND ended_at IS NULL AND fired_at IS NULL AND due_at IS NOT NULL",
    )?;
    for kind in blame_kinds() {
        pause.execute(params![number.0, kind.name(), Millis(now)])?;
    }
    Ok(())
}

fn resume(tx: &Transaction<'_>, number: &AlertNumber, now: Timestamp) -> Result<(), Error> {
    let mut resume = tx.prepare_cached(
        "UPDATE deadlines SET due_at = ?3 + remaining_ms, remaining_ms = NULL
         WHERE alert_number = ?1 AND kind = ?2 AND ended_at IS NULL AND remaining_ms IS NOT NULL",
    )?;
    for kind in blame_kinds() {
        resume.execute(params![number.0, kind.name(), Millis(now)])?;
    }
    Ok(())
}

/// Cancels every clock of a case that is no more.
pub(in crate::store) fn cancel_all(tx: &Transaction<'_>, number: &AlertNumber, now: Timestamp) -> Result<(), Error> {
    end(tx, number, &ClockKind::ALL, "cancelled", now)
}
