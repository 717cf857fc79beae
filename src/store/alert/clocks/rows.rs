//! The clocks of alerts as rows.

use rusqlite::{Connection, Row, Transaction, params};

use crate::domain::alert::AlertNumber;
use crate::domain::alert::{Clock, Outcome};
use crate::domain::clock::ClockKind;
use crate::domain::ground::Ground;
use crate::domain::time::{Date, Timestamp, day_bounds};
use crate::domain::unit::UnitCode;
use crate::store::Error;
use crate::store::codec::{Columns, Millis};

/// The clocks of an alert that run, in the order they were started.
pub(in crate::store) fn running(db: &Connection, number: &AlertNumber) -> Result<Vec<Clock>, Error> {
    let mut select = db.prepare_cached(
        "SELECT id, alert_number, kind, unit_code, person, step, starts_at, due_at, remaining_ms, fired_at, was_late
         FROM deadlines WHERE alert_number = ?1 AND ended_at IS NULL ORDER BY id",
    )?;
    let clocks = select.query_map([&number.0], read)?;
    Ok(clocks.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Clock> {
    let c = Columns::of(row);
    let instant = |name: &str| c.take::<Option<Millis>>(name).map(|at| at.map(|at| at.0));
    Ok(Clock {
        id: c.take("id")?,
        number: AlertNumber(c.take("alert_number")?),
        kind: c.word("kind", "clock", ClockKind::from_name)?,
        unit: UnitCode(c.take("unit_code")?),
        person: c.take("person")?,
        step: c.take("step")?,
        starts_at: c.take::<Millis>("starts_at")?.0,
        due_at: instant("due_at")?,
        remaining_ms: c.take("remaining_ms")?,
        fired_at: instant("fired_at")?,
        was_late: c.take("was_late")?,
        ended_at: None,
        outcome: None,
    })
}

/// Writes a clock: a new row, or the one it has.
pub(in crate::store) fn write(tx: &Transaction<'_>, clock: &Clock) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO deadlines (id, alert_number, kind, unit_code, person, step, starts_at, due_at, remaining_ms,
             fired_at, was_late, ended_at, outcome)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET alert_number = excluded.alert_number, unit_code = excluded.unit_code,
             due_at = excluded.due_at, remaining_ms = excluded.remaining_ms, fired_at = excluded.fired_at,
             was_late = excluded.was_late, ended_at = excluded.ended_at, outcome = excluded.outcome",
    )?
    .execute(params![
        clock.id,
        clock.number.0,
        clock.kind.name(),
        clock.unit.0,
        clock.person,
        clock.step,
        Millis(clock.starts_at),
        clock.due_at.map(Millis),
        clock.remaining_ms,
        clock.fired_at.map(Millis),
        clock.was_late,
        clock.ended_at.map(Millis),
        clock.outcome.map(Outcome::name),
    ])?;
    Ok(())
}

/// When the last rectification of an alert was due, ended or not.
pub(in crate::store) fn last_rectify_due(db: &Connection, number: &AlertNumber) -> Result<Option<Timestamp>, Error> {
    let last: Option<Millis> = db
        .prepare_cached("SELECT max(due_at) FROM deadlines WHERE alert_number = ?1 AND kind = 'rectify'")?
        .query_row([&number.0], |row| row.get(0))?;
    Ok(last.map(|at| at.0))
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
    let bounds = day_bounds(day, &ground.data().time_zone).map_err(|problem| Error::unreadable("date", problem))?;
    tx.prepare_cached(
        "INSERT INTO deadlines (alert_number, kind, unit_code, step, starts_at, due_at)
         VALUES (?1, 'reply', ?2, 0, ?3, ?4)",
    )?
    .execute(params![number.0, unit.0, Millis(now), Millis(bounds.1)])?;
    Ok(())
}

/// Whoever was promised a reply to an alert still waits for it when the alert lives on in another.
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

/// Cancels every clock of an alert that is no more.
pub(in crate::store) fn cancel_all(tx: &Transaction<'_>, number: &AlertNumber, now: Timestamp) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE deadlines SET ended_at = ?2, outcome = 'cancelled' WHERE alert_number = ?1 AND ended_at IS NULL",
    )?
    .execute(params![number.0, Millis(now)])?;
    Ok(())
}
