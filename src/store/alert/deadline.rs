//! A clock of an alert as lists and pages read it.

use serde::Serialize;

use crate::domain::alert::AlertNumber;
use crate::domain::clock::ClockKind;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::codec::{Millis, word};

/// A clock of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineRow {
    /// The alert.
    pub number: AlertNumber,
    /// The clock.
    pub kind: ClockKind,
    /// Whose it is.
    pub unit_code: UnitCode,
    /// The person, where it is one person's.
    pub person: Option<String>,
    /// 0 for the first holder, then one more at every escalation.
    pub step: u32,
    /// When it started; `None` until its person was reached.
    pub starts_at: Option<Timestamp>,
    /// When it is due; `None` while it waits or is paused.
    pub due_at: Option<Timestamp>,
    /// When it fired.
    pub fired_at: Option<Timestamp>,
    /// It fired later than it should have: the service was down.
    pub was_late: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// `met`, `missed` or `cancelled`.
    pub outcome: Option<String>,
}

pub(in crate::store) const DEADLINES: &str =
    "SELECT alert_number, kind, unit_code, person, step, starts_at, due_at, fired_at, was_late,
    ended_at, outcome FROM deadlines";

pub(in crate::store) fn read_deadline(row: &rusqlite::Row<'_>) -> rusqlite::Result<DeadlineRow> {
    let instant = |i: usize| row.get::<_, Option<Millis>>(i).map(|at| at.map(|at| at.0));
    Ok(DeadlineRow {
        number: AlertNumber(row.get(0)?),
        kind: word(&row.get::<_, String>(1)?, "clock", ClockKind::from_name)?,
        unit_code: UnitCode(row.get(2)?),
        person: row.get(3)?,
        step: row.get(4)?,
        starts_at: instant(5)?,
        due_at: instant(6)?,
        fired_at: instant(7)?,
        was_late: row.get(8)?,
        ended_at: instant(9)?,
        outcome: row.get(10)?,
    })
}
