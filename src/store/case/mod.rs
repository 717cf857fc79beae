//! Cases: their rows, what people do to them, their clocks, and the lists of them.
//!
//! What an act does is decided in [`crate::domain::case`], as a value; here it is written ([`apply`]) with its event,
//! in one transaction. [`super::record`] opens and changes cases from satellite data through the same helpers.

mod act;
#[cfg(test)]
mod act_tests;
mod add;
mod clocks;
mod list;
mod merging;
pub(super) mod mine;
mod row;
mod scope;
mod standing;
mod worklist;

use rusqlite::{Connection, Transaction, params};

use super::codec::{Json, Millis, word};
use super::events::{self, NewEvent, SubjectKind};
use super::query::sees_alert;
use super::seen::Seen;
use super::{Error, Store};
use crate::domain::actor::Actor;
use crate::domain::alert::{AlertNumber, NOTICE_EXPIRES_AFTER, NotifyReason};
use crate::domain::case::{self, CaseView, Consequences, Setting};
use crate::domain::chain::chain_of;
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;

pub use act::{ActError, BadTarget, Command, Done, Instead};
pub use add::{AddError, Added, Complainant, NewCase};
pub use clocks::{Fired, FiredClock};
pub(super) use clocks::{
    after_recording as start_clocks, cancel_all as cancel_clocks, hand_over_replies, of_new as start_new_clocks,
    review_follows,
};
pub use list::{CaseCount, CaseFilter, CaseTotal, Cursor, DeadlineRow, ENDED_COUNTED, OpenCases, Page, StateCounts};
pub(super) use merging::no_heir;
pub use mine::{MY_PAGE, MyCase, MyClock, MyCursor, MyList, Relation};
pub use row::AlertRow;
pub(super) use row::{ALERT_COLUMNS, read_alert};
pub(super) use scope::{of_new as scope_of_new, refresh_by_number as refresh_scope};
pub(super) use standing::{Standing, standing};
use standing::{standing_row, write_view};
pub use worklist::{CaseEvent, WorkOrder, WorkPage, WorkPlace, WorkRow};

/// Writes what follows from something for a case; its scope, and what reaches beyond it, are its caller's.
fn apply(tx: &Transaction<'_>, at: Setting<'_>, before: &CaseView, follows: &Consequences) -> Result<(), Error> {
    let number = &before.number;
    if follows.case != *before {
        write_view(tx, &follows.case)?;
    }
    if let Some(unit) = &follows.chain {
        append_chain(tx, at.ground, number, unit, at.ground.local_day(at.now), at.now)?;
    }
    follows.events.iter().try_for_each(|event| note_event(tx, number, at.now, event))?;
    follows.clocks.iter().try_for_each(|clock| clocks::write(tx, clock))?;
    for notice in &follows.notices {
        notify(tx, number, notice.reason, notice.unit.as_ref(), notice.person.as_deref(), at.now)?;
    }
    Ok(())
}

/// A case that may be seen, as deciding looks at it; `None` when it does not stand for itself.
pub(super) fn view_of(db: &Connection, number: &AlertNumber, seen: &Seen) -> Result<Option<CaseView>, Error> {
    if !sees_alert(db, number, seen)? {
        return Ok(None);
    }
    Ok(standing(db, number)?.filter(Standing::stands).map(|case| case.view))
}

pub(super) fn optional_word<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    what: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    row.get::<_, Option<String>>(column)?.map(|text| word(&text, what, &from_name)).transpose()
}

/// The case that lives on takes over what people did for the one merged into it, where that went further.
pub(super) fn take_over(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    survivor: &AlertNumber,
    merged: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let (Some(kept), Some(other)) = (standing(tx, survivor)?, standing(tx, merged)?) else { return Ok(()) };
    let at = Setting { ground, rules, now };
    let (running, rectify_due) = (clocks::running(tx, survivor)?, clocks::last_rectify_due(tx, merged)?);
    apply(tx, at, &kept.view, &case::take_over(at, (&kept.view, &running), (&other.view, rectify_due)))
}

/// The desk that reviews a case.
pub(super) fn review_desk(ground: &Ground, rules: &Rules, case: &Standing) -> UnitCode {
    case::review_desk(ground, rules.review, &case.view)
}

/// The free numbers of a local day, counted once for all cases of a transaction.
pub(super) struct Numbers {
    day: Date,
    used: Option<u32>,
}

impl Numbers {
    /// Those of a day.
    pub(super) fn of(day: Date) -> Self {
        Self { day, used: None }
    }

    /// The next free one.
    pub(super) fn next(&mut self, tx: &Transaction<'_>) -> Result<AlertNumber, Error> {
        let used = if let Some(used) = self.used {
            used
        } else {
            let first = AlertNumber::new(self.day, 0);
            let prefix = first.0.split_once('-').map_or("", |(day, _)| day);
            tx.prepare_cached("SELECT count(*) FROM alerts WHERE number >= ?1 || '-' AND number < ?1 || '.'")?
                .query_row([prefix], |row| row.get(0))?
        };
        self.used = Some(used + 1);
        Ok(AlertNumber::new(self.day, used + 1))
    }
}

/// Appends what firegrid itself notes about a case.
pub(super) fn note_event(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    now: Timestamp,
    event: &case::CaseEvent,
) -> Result<(), Error> {
    let (kind, detail) = events::parts(event);
    let (system, subject) = (Actor::system(), (SubjectKind::Alert, number.0.as_str()));
    events::append(tx, now, &NewEvent::plain(subject, &kind, &system, &detail)).map(drop)
}

/// Writes what people are to be told: `unit` names a desk, `person` one person of it; without either the
/// people of the case are meant.
pub(super) fn notify(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    reason: NotifyReason,
    unit: Option<&UnitCode>,
    person: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let expires_at = now.saturating_add(NOTICE_EXPIRES_AFTER).unwrap_or(now);
    tx.prepare_cached(
        "INSERT INTO notices (alert_number, reason, unit_code, person, generation, created_at, expires_at)
         SELECT ?1, ?2, ?3, ?4, coalesce(max(generation), 0) + 1, ?5, ?6 FROM notices WHERE alert_number = ?1",
    )?
    .execute(params![
        number.0,
        reason.name(),
        unit.map(|code| &code.0),
        person,
        Millis(now),
        Millis(expires_at)
    ])?;
    Ok(())
}

/// Keeps the accountable chain of a unit as it stood on a day, and notes where it has gaps.
pub(super) fn append_chain(
    tx: &Transaction<'_>,
    ground: &Ground,
    number: &AlertNumber,
    unit: &UnitCode,
    day: Date,
    now: Timestamp,
) -> Result<(), Error> {
    let chain = chain_of(ground, unit, day);
    tx.prepare_cached("INSERT INTO alert_chains (alert_number, at, unit_code, chain) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![number.0, Millis(now), unit.0, Json(&chain)])?;
    let mut gaps: Vec<(&UnitCode, &str)> = Vec::new();
    // Whoever is told moves up to the first unit that somebody holds: all below it are gaps.
    gaps.extend(chain.iter().take_while(|link| link.holders.is_empty()).map(|link| (&link.code, "no_holder")));
    if ground.children(unit).next().is_some() {
        gaps.push((unit, "no_lower_unit"));
    }
    for (code, kind) in gaps {
        tx.prepare_cached(
            "INSERT INTO responsibility_gaps (unit_code, kind, first_at, last_at, cases, last_alert)
             VALUES (?1, ?2, ?3, ?3, 1, ?4)
             ON CONFLICT DO UPDATE SET last_at = excluded.last_at, last_alert = excluded.last_alert,
                 cases = cases + 1",
        )?
        .execute(params![code.0, kind, Millis(now), number.0])?;
    }
    Ok(())
}

/// Ground where a case did not end with the people it should have.
#[derive(Debug, Clone, serde::Serialize)]
pub struct GapRow {
    /// The unit.
    pub unit_code: UnitCode,
    /// `no_holder`: nobody holds it; `no_lower_unit`: it has lower units, but none where the case lies.
    pub kind: String,
    /// First case that fell through.
    pub first_at: Timestamp,
    /// Last one.
    pub last_at: Timestamp,
    /// How many.
    pub cases: u32,
    /// The last one's number.
    pub last_alert: AlertNumber,
}

impl Store {
    /// Where cases did not end with the people they should have, most frequent first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn responsibility_gaps(&self) -> Result<Vec<GapRow>, Error> {
        self.read(|db| {
            let mut select = db.prepare_cached(
                "SELECT unit_code, kind, first_at, last_at, cases, last_alert FROM responsibility_gaps
                 ORDER BY cases DESC, unit_code, kind",
            )?;
            let rows = select.query_map([], |row| {
                Ok(GapRow {
                    unit_code: UnitCode(row.get(0)?),
                    kind: row.get(1)?,
                    first_at: row.get::<_, Millis>(2)?.0,
                    last_at: row.get::<_, Millis>(3)?.0,
                    cases: row.get(4)?,
                    last_alert: AlertNumber(row.get(5)?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
