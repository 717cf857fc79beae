//! Shifts that were handed over at a desk: the event in the log, and the row that lists read.
//!
//! What a handover must hold is [`crate::domain::handover`]'s business; the open alerts are counted here, in the same
//! transaction, so that the record says what was true at that moment. It moves no alert.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::json;

use super::Error;
use super::by::By;
use super::codec::Millis;
use super::events::{self, NewEvent, SubjectKind};
use super::instruction::Instruction;
use super::scoped::Scoped;
use crate::domain::ground::Ground;
use crate::domain::handover::{BadHandover, DeskShifts, Handover, check};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

const HANDED_OVER: &str = "handed_over";

/// Handing a shift over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// What is handed over.
    pub handover: Handover,
    /// When the shift began that is meant, of those at the desk now; `None` leaves it to the hour.
    pub shift: Option<Timestamp>,
}

/// A shift that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverRow {
    /// What was handed over.
    pub handover: Handover,
    /// When.
    pub at: Timestamp,
    /// When the shift began.
    pub shift_began_at: Timestamp,
    /// Alerts of the unit that were not over then.
    pub open_alerts: u32,
}

/// Why a shift was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// What was typed is no handover.
    #[error(transparent)]
    Bad(#[from] BadHandover),
    /// The desk is not of the own ground.
    #[error("the unit {0} is not of your ground")]
    Foreign(UnitCode),
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

const COLUMNS: &str = "SELECT unit_code, at, shift_began_at, gives, takes, note, open_cases FROM handovers";

impl Scoped {
    /// The last handovers of one desk, or of all desks here, latest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn handovers(&self, of: Option<&UnitCode>, limit: u32) -> Result<Vec<HandoverRow>, Error> {
        let below = of.map_or_else(|| json!(self.scope().below()), |desk| json!([desk])).to_string();
        self.store()
            .read(move |db| {
                let mut select = db.prepare_cached(&format!(
                    "{COLUMNS} WHERE unit_code IN (SELECT value FROM json_each(?1)) ORDER BY at DESC, id DESC LIMIT ?2"
                ))?;
                let rows = select.query_map(params![below, limit], read)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }
}

/// Records that a shift was handed over at a desk of the own ground; the same command twice is one handover.
impl Instruction for HandOver {
    type With = (By, Arc<Ground>);
    type Answer = HandoverRow;
    type Refusal = HandoverError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (by, ground): Self::With,
        now: Timestamp,
    ) -> Result<HandoverRow, HandoverError> {
        let unit = &self.handover.unit;
        if ground.unit(unit).is_none() || !within.scope().holds(unit) {
            return Err(HandoverError::Foreign(unit.clone()));
        }
        check(&self.handover)?;
        record(tx, self, &by, &ground, now)
    }
}

fn record(
    tx: &Transaction<'_>,
    HandOver { handover, shift }: HandOver,
    by: &By,
    ground: &Ground,
    now: Timestamp,
) -> Result<HandoverRow, HandoverError> {
    let subject = (SubjectKind::Desk, handover.unit.0.as_str());
    if let Some(trace) = events::trace_of(tx, by.client_id.as_deref())? {
        let known =
            if trace.is_of(&by.actor, subject) && trace.kind == HANDED_OVER { row_of(tx, trace.seq)? } else { None };
        let id = by.client_id.clone().unwrap_or_default();
        return known.filter(|row| row.handover == handover).ok_or(HandoverError::ClientIdTaken(id));
    }
    let shift_began_at = shift_meant(tx, &handover.unit, shift, ground, now)?;
    let open_alerts: u32 = tx
        .prepare_cached("SELECT count(*) FROM alert_scope WHERE unit_code = ?1 AND is_open = 1 AND relation = 'own'")
        .and_then(|mut count| count.query_row([&handover.unit.0], |row| row.get(0)))
        .map_err(Error::Sql)?;
    let detail = json!({
        "gives": handover.gives, "takes": handover.takes, "note": handover.note, "open_cases": open_alerts,
        "shift_began_at": shift_began_at.to_string(),
    });
    let event = NewEvent {
        subject,
        kind: HANDED_OVER,
        actor: &by.actor,
        on_behalf_of: None,
        claimed_at: by.claimed_at,
        client_id: by.client_id.as_deref(),
        detail: &detail,
    };
    let seq = events::append(tx, now, &event)?;
    tx.execute(
        "INSERT INTO handovers (event_seq, unit_code, at, shift_began_at, gives, takes, note, open_cases)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            seq,
            handover.unit.0,
            Millis(now),
            Millis(shift_began_at),
            handover.gives,
            handover.takes,
            handover.note,
            open_alerts
        ],
    )
    .map_err(Error::Sql)?;
    Ok(HandoverRow { handover, at: now, shift_began_at, open_alerts })
}

/// When the shift began that is handed over: the one that was named, else the one that just ended and still waits,
/// else the running one.
fn shift_meant(
    tx: &Transaction<'_>,
    unit: &UnitCode,
    named: Option<Timestamp>,
    ground: &Ground,
    now: Timestamp,
) -> Result<Timestamp, Error> {
    let shifts = DeskShifts::at(ground, unit, now);
    if let Some(shift) = named.and_then(|began| shifts.that_began(began)) {
        return Ok(shift.began);
    }
    match shifts.just_ended(now) {
        Some(ended) if !was_handed_over(tx, unit, ended.began)? => Ok(ended.began),
        _ => Ok(shifts.running.began),
    }
}

fn was_handed_over(db: &Connection, unit: &UnitCode, began: Timestamp) -> Result<bool, Error> {
    let mut select = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM handovers WHERE unit_code = ?1 AND at >= ?2 AND shift_began_at = ?2)",
    )?;
    Ok(select.query_row(params![unit.0, Millis(began)], |row| row.get(0))?)
}

fn row_of(tx: &Transaction<'_>, seq: i64) -> Result<Option<HandoverRow>, Error> {
    let mut select = tx.prepare_cached(&format!("{COLUMNS} WHERE event_seq = ?1"))?;
    Ok(select.query_row([seq], read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<HandoverRow> {
    Ok(HandoverRow {
        handover: Handover { unit: UnitCode(row.get(0)?), gives: row.get(3)?, takes: row.get(4)?, note: row.get(5)? },
        at: row.get::<_, Millis>(1)?.0,
        shift_began_at: row.get::<_, Millis>(2)?.0,
        open_alerts: row.get(6)?,
    })
}
