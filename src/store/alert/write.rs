//! Writes what follows for an alert: its row, chain, events, clocks and notices.

use rusqlite::{Transaction, params};

use super::super::Error;
use super::super::codec::{Json, Millis};
use super::super::events::{self, NewEvent, SubjectKind};
use super::clocks::{last_rectify_due, running, write as write_clock};
use super::standing::{Standing, standing, write_view};
use crate::domain::actor::Actor;
use crate::domain::alert::{self, AlertView, Consequences, Setting};
use crate::domain::alert::{AlertNumber, NOTICE_EXPIRES_AFTER, NotifyReason};
use crate::domain::chain::chain_of;
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;

/// Writes what follows from something for an alert; its scope, and what reaches beyond it, are its caller's.
pub(super) fn apply(
    tx: &Transaction<'_>,
    at: Setting<'_>,
    before: &AlertView,
    follows: &Consequences,
) -> Result<(), Error> {
    let number = &before.number;
    if follows.alert != *before {
        write_view(tx, &follows.alert)?;
    }
    if let Some(unit) = &follows.chain {
        append_chain(tx, at.ground, number, unit, at.ground.local_day(at.now), at.now)?;
    }
    follows.events.iter().try_for_each(|event| note_event(tx, number, at.now, event))?;
    follows.clocks.iter().try_for_each(|clock| write_clock(tx, clock))?;
    for notice in &follows.notices {
        notify(tx, number, notice.reason, notice.unit.as_ref(), notice.person.as_deref(), at.now)?;
    }
    Ok(())
}

/// The alert that lives on takes over what people did for the one merged into it, where that went further.
pub(in crate::store) fn take_over(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    survivor: &AlertNumber,
    merged: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let (Some(kept), Some(other)) = (standing(tx, survivor)?, standing(tx, merged)?) else { return Ok(()) };
    let at = Setting { ground, rules, now };
    let (running, rectify_due) = (running(tx, survivor)?, last_rectify_due(tx, merged)?);
    apply(tx, at, &kept.view, &alert::take_over(at, (&kept.view, &running), (&other.view, rectify_due)))
}

/// The desk that reviews an alert.
pub(in crate::store) fn review_desk(ground: &Ground, rules: &Rules, alert: &Standing) -> UnitCode {
    alert::review_desk(ground, rules.review, &alert.view)
}

/// The free numbers of a local day, counted once for all alerts of a transaction.
pub(in crate::store) struct Numbers {
    day: Date,
    used: Option<u32>,
}

impl Numbers {
    /// Those of a day.
    pub(in crate::store) fn of(day: Date) -> Self {
        Self { day, used: None }
    }

    /// The next free one.
    pub(in crate::store) fn next(&mut self, tx: &Transaction<'_>) -> Result<AlertNumber, Error> {
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

/// Appends what firegrid itself notes about an alert.
pub(in crate::store) fn note_event(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    now: Timestamp,
    event: &alert::AlertEvent,
) -> Result<(), Error> {
    let (kind, detail) = events::parts(event);
    let (system, subject) = (Actor::system(), (SubjectKind::Alert, number.0.as_str()));
    events::append(tx, now, &NewEvent::plain(subject, &kind, &system, &detail)).map(drop)
}

/// Writes what people are to be told: `unit` names a desk, `person` one person of it; without either the
/// people of the alert are meant.
pub(in crate::store) fn notify(
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
pub(in crate::store) fn append_chain(
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
