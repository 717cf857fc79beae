//! The clocks of cases as rows: started, paused, ended, fired exactly once.
//!
//! Which act ends and starts which clock is one function, [`after_act`]. [`Store::fire_due`] is
//! called by the service's loop; a row that is due fires in one transaction with its event, its
//! notice and the clock of the next desk, so that neither a crash nor a second process can fire
//! it twice.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::json;

use super::super::codec::{Millis, word};
use super::super::events::{self, NewEvent, SubjectKind};
use super::super::{Error, Store};
use super::{Standing, note, notify, refresh_scope, standing};
use crate::domain::actor::Actor;
use crate::domain::alert::{AlertNumber, AlertState, CaseSource, NotifyReason};
use crate::domain::case::{Act, review_level};
use crate::domain::chain::{answerable, on_duty};
use crate::domain::clock::{ClockKind, LATE_AFTER, next_desk};
use crate::domain::detection::Origin;
use crate::domain::finding::Review;
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::{Date, Timestamp, day_bounds};
use crate::domain::unit::{UnitCode, UnitLevel};

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

/// Starts the clocks of a new case: the message counts as delivered when it is recorded, until channels
/// say when it really was.
///
/// Late and historical cases wake nobody: their clocks start when somebody acts.
pub(in crate::store) fn after_recording(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    number: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(case) = standing(tx, number)? else { return Ok(()) };
    if case.origin != Origin::Live || case.view.state != AlertState::Open {
        return Ok(());
    }
    delivered(tx, ground, rules, &case, now)
}

/// The clocks of the people of a case, from the moment that their message was delivered.
fn delivered(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    case: &Standing,
    now: Timestamp,
) -> Result<(), Error> {
    let mut kinds = vec![ClockKind::Acknowledge, ClockKind::OnSite, ClockKind::Report];
    if case.view.source == CaseSource::Problem {
        // Nothing burns: there is no half hour to be there in.
        kinds.retain(|kind| *kind != ClockKind::OnSite);
    }
    let holder = holder_of(ground, &case.view.owner, now);
    for kind in kinds {
        begin(tx, ground, rules, case, (kind, &holder, None), now)?;
    }
    Ok(())
}

/// Whose clock it is: the unit's, or that of the first above it that somebody holds. A vacant cell keeps
/// nobody waiting.
fn holder_of(ground: &Ground, unit: &UnitCode, now: Timestamp) -> UnitCode {
    let found = answerable(ground, unit, ground.local_day(now));
    found.answer.map_or_else(|| unit.clone(), |answer| answer.code)
}

/// A reply date given from outside is due at the end of that local day.
pub(super) fn start_reply(
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

fn end_of(ground: &Ground, day: Date) -> Result<Timestamp, Error> {
    let bounds = day_bounds(day, &ground.data().time_zone);
    Ok(bounds.map_err(|problem| Error::unreadable("date", problem))?.1)
}

/// What an act ends and starts.
pub(super) fn after_act(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    before: &Standing,
    act: &Act,
    state: AlertState,
    now: Timestamp,
) -> Result<(), Error> {
    use ClockKind as K;
    let number = &before.view.number;
    let met = |kinds: &[K]| end(tx, number, kinds, "met", now);
    let cancel = |kinds: &[K]| end(tx, number, kinds, "cancelled", now);
    let begin =
        |kind: K, unit: &UnitCode, person: Option<&str>| begin(tx, ground, rules, before, (kind, unit, person), now);
    let is_field_over = before.view.state >= AlertState::Reported;
    let holder = holder_of(ground, &before.view.owner, now);
    match act {
        Act::Dispatch { to, unit } => {
            met(&[K::Acknowledge])?;
            if state == AlertState::Open {
                begin(K::Acknowledge, unit, Some(to))?;
            }
            if is_running(tx, number, K::OnSite)? {
                cancel(&[K::OnSite])?;
                begin(K::OnSite, unit, Some(to))?;
            }
            // The desk that dispatches gains no time for the finding by it.
            give(tx, number, K::Report, unit)?;
        }
        Act::Acknowledge => {
            met(&[K::Acknowledge])?;
            go_on(tx, ground, rules, before, state, now)?;
        }
        Act::Arrive { .. } => {
            met(&[K::Acknowledge, K::OnSite])?;
            if !is_field_over && before.view.put_out_at.is_none() && before.view.source != CaseSource::Problem {
                begin(K::PutOut, &holder, None)?;
            }
            go_on(tx, ground, rules, before, state, now)?;
        }
        Act::PutOut => {
            met(&[K::Acknowledge, K::OnSite, K::PutOut])?;
            go_on(tx, ground, rules, before, state, now)?;
        }
        Act::Report { .. } if before.view.state > AlertState::Reported => {
            // Too late for the review, so the desk that reviewed has to hear of it.
            let desk = review_desk(ground, rules, before);
            notify(tx, number, NotifyReason::Waiting, Some(&desk), None, now)?;
        }
        Act::Report { .. } => {
            met(&[K::Acknowledge, K::OnSite, K::PutOut, K::Report])?;
            review_follows(tx, ground, rules, number, now)?;
        }
        Act::Review { review } => {
            met(&[K::Review])?;
            match review {
                // What is confirmed is rectified or closed in that time.
                Review::Confirmed => begin(K::Rectify, &holder, None)?,
                Review::Excluded => {
                    met(&[K::Reply])?;
                    cancel(&K::ALL)?;
                }
                Review::SentBack => begin(K::Report, &holder, None)?,
            }
        }
        Act::Rectify { by, .. } => {
            cancel(&[K::Rectify, K::Review])?;
            let due_at = end_of(ground, *by)?;
            start(tx, &Start { number, kind: K::Rectify, unit: &holder, person: None, step: 0, due_at }, now)?;
            notify(tx, number, NotifyReason::Waiting, Some(&holder), None, now)?;
        }
        Act::Rectified { .. } => {
            met(&[K::Rectify])?;
            review_follows(tx, ground, rules, number, now)?;
        }
        Act::Close => {
            // What closes a case is the answer to whoever asked.
            met(&[K::Rectify, K::Review, K::Reply])?;
            cancel(&[K::Acknowledge, K::OnSite, K::PutOut, K::Report, K::Decide])?;
            begin(K::LookBack, &before.view.responsible, None)?;
        }
        Act::LookBack { is_clean: true } => met(&[K::LookBack])?,
        Act::LookBack { is_clean: false } => {
            cancel(&[K::LookBack])?;
            begin(K::Rectify, &holder, None)?;
            notify(tx, number, NotifyReason::Waiting, Some(&holder), None, now)?;
        }
        Act::Dispute { proposed } => {
            pause_blame(tx, number, now)?;
            let judge = common_superior(ground, &before.view.responsible, proposed);
            begin(K::Decide, &judge, None)?;
            notify(tx, number, NotifyReason::Waiting, Some(&judge), None, now)?;
        }
        Act::Decide { accepted } => {
            met(&[K::Decide])?;
            resume(tx, number, now)?;
            if *accepted {
                follow_owner(tx, ground, rules, before, now)?;
            }
        }
        Act::Reassign { .. } => {
            // Whoever reassigns a disputed case has decided it.
            met(&[K::Decide])?;
            resume(tx, number, now)?;
            follow_owner(tx, ground, rules, before, now)?;
        }
        Act::Merge { into } => {
            hand_over_replies(tx, number, into)?;
            cancel(&K::ALL)?;
        }
        Act::Call { .. } | Act::Split { .. } | Act::Keep => {}
    }
    Ok(())
}

/// Starts what follows an act on site and does not run yet: of a late case, or of one whose people
/// were not reached, no clock ran until somebody acted.
fn go_on(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    before: &Standing,
    state: AlertState,
    now: Timestamp,
) -> Result<(), Error> {
    let holder = holder_of(ground, &before.view.owner, now);
    if state == AlertState::Acknowledged && before.view.source != CaseSource::Problem {
        begin(tx, ground, rules, before, (ClockKind::OnSite, &holder, None), now)?;
    }
    if matches!(state, AlertState::Acknowledged | AlertState::OnSite) {
        begin(tx, ground, rules, before, (ClockKind::Report, &holder, None), now)?;
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

/// The clocks after a case got another owner. Another responsible unit has its whole time; one that
/// moves the case among its own gains none for the finding.
fn follow_owner(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    before: &Standing,
    now: Timestamp,
) -> Result<(), Error> {
    use ClockKind as K;
    let number = &before.view.number;
    let Some(case) = standing(tx, number)? else { return Ok(()) };
    let holder = holder_of(ground, &case.view.owner, now);
    if before.view.state >= AlertState::Reported {
        give(tx, number, K::Rectify, &holder)?;
        if case.view.responsible != before.view.responsible {
            end(tx, number, &[K::Review], "cancelled", now)?;
        }
        return review_follows(tx, ground, rules, number, now);
    }
    end(tx, number, &[K::Acknowledge, K::OnSite, K::PutOut], "cancelled", now)?;
    if case.view.responsible == before.view.responsible {
        give(tx, number, K::Report, &holder)?;
    } else {
        end(tx, number, &[K::Report], "cancelled", now)?;
    }
    delivered(tx, ground, rules, &case, now)
}

/// The desk that reviews a case's finding.
pub(in crate::store) fn review_desk(ground: &Ground, rules: &Rules, case: &Standing) -> UnitCode {
    desk_at(ground, &case.view.responsible, review_level(rules.review, &case.view))
}

/// Whose clock the review is follows from finding, verdict and responsible unit: starts it where none runs
/// for a reported or rectified case, and gives it to the right desk where it is another's. A further finding
/// gives the reviewer no more time.
pub(in crate::store) fn review_follows(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    number: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(case) = standing(tx, number)?.filter(|case| case.view.waits_for_review()) else { return Ok(()) };
    let reviewer = review_desk(ground, rules, &case);
    let running: Option<String> = tx
        .prepare_cached(
            "SELECT unit_code FROM deadlines WHERE alert_number = ?1 AND kind = 'review' AND ended_at IS NULL
             ORDER BY step LIMIT 1",
        )?
        .query_row([&number.0], |row| row.get(0))
        .optional()?;
    match running {
        Some(unit) if unit == reviewer.0 => return Ok(()),
        Some(_) => give(tx, number, ClockKind::Review, &reviewer)?,
        None => begin(tx, ground, rules, &case, (ClockKind::Review, &reviewer, None), now)?,
    }
    notify(tx, number, NotifyReason::Waiting, Some(&reviewer), None, now)
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

/// The unit of a level above another, or the lowest one higher up; the city for a unit that is no more.
fn desk_at(ground: &Ground, below: &UnitCode, level: UnitLevel) -> UnitCode {
    let line = ground.line_of(below);
    let desk = line.iter().find(|unit| unit.level <= level).or(line.last()).copied().or(ground.top());
    desk.map_or_else(|| below.clone(), |unit| unit.code.clone())
}

/// The desk one level up that hears of a missed clock. A unit that the region no longer has leaves it to
/// the unit that answers for the case, or to the city.
fn desk_above(ground: &Ground, case: &Standing, from: &UnitCode, ceiling: UnitLevel) -> Option<UnitCode> {
    if ground.unit(from).is_some() {
        return next_desk(ground, from, ceiling);
    }
    let responsible = ground.unit(&case.view.responsible).or(ground.top());
    responsible.map(|unit| unit.code.clone())
}

/// The lowest unit above (or equal to) both.
fn common_superior(ground: &Ground, one: &UnitCode, other: &UnitCode) -> UnitCode {
    let line = ground.line_of(other);
    let common = ground.line_of(one).into_iter().find(|unit| line.iter().any(|above| above.code == unit.code));
    let common = common.or(ground.top());
    common.map_or_else(|| one.clone(), |unit| unit.code.clone())
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

/// After a case took over what was done for another: its own early clocks end as that says, and the clocks
/// of the other's later steps become its own.
pub(super) fn after_taking_over(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    survivor: &AlertNumber,
    merged: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    use ClockKind as K;
    let Some(case) = standing(tx, survivor)? else { return Ok(()) };
    let met: &[K] = match case.view.state {
        AlertState::Open => &[],
        AlertState::Acknowledged => &[K::Acknowledge],
        AlertState::OnSite => &[K::Acknowledge, K::OnSite],
        _ => &[K::Acknowledge, K::OnSite, K::PutOut, K::Report],
    };
    end(tx, survivor, met, "met", now)?;
    let last_rectify: Option<Millis> = tx
        .prepare_cached("SELECT max(due_at) FROM deadlines WHERE alert_number = ?1 AND kind = 'rectify'")?
        .query_row([&merged.0], |row| row.get(0))?;
    let unit = &case.view.owner;
    match (case.view.state, last_rectify) {
        (state @ (AlertState::Acknowledged | AlertState::OnSite), _) => go_on(tx, ground, rules, &case, state, now),
        (AlertState::Confirmed, _) => begin(tx, ground, rules, &case, (K::Rectify, unit, None), now),
        (AlertState::Rectifying, last) if !case.view.is_rectified => match last {
            Some(due) => {
                let clock = Start { number: survivor, kind: K::Rectify, unit, person: None, step: 0, due_at: due.0 };
                start(tx, &clock, now)
            }
            None => begin(tx, ground, rules, &case, (K::Rectify, unit, None), now),
        },
        _ => review_follows(tx, ground, rules, survivor, now),
    }
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
    /// Fires the deadlines that are due, at most `limit` of them, each exactly once.
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
            let mut clocks = Vec::new();
            for due in due_rows(tx, now, limit)? {
                clocks.push(fire(tx, &ground, &rules, due, now)?);
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
            let holder = holder_of(&ground, &case.view.owner, now);
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
        let system = Actor::system();
        let event = NewEvent::plain((SubjectKind::Alert, &due.number.0), "overdue", &system, &detail);
        events::append(tx, now, &event)?;
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
    let system = Actor::system();
    events::append(tx, now, &NewEvent::plain((SubjectKind::Alert, &number.0), "lookback_due", &system, &detail))?;
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
        let system = Actor::system();
        let event = NewEvent::plain((SubjectKind::Alert, &number.0), "ceiling_reached", &system, &detail);
        events::append(tx, now, &event)?;
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
    let system = Actor::system();
    events::append(tx, now, &NewEvent::plain((SubjectKind::Alert, &number.0), "escalated", &system, &detail))?;
    notify(tx, number, NotifyReason::Escalated, Some(&desk), None, now)?;
    let level = ground.unit(&desk).map_or(UnitLevel::City, |unit| unit.level);
    let due_at = rules.clocks.due_at(kind, level, case.view.verdict, now, &ground.data().time_zone);
    if kind != ClockKind::Reply {
        start(tx, &Start { number, kind, unit: &desk, person: None, step: step + 1, due_at }, now)?;
    }
    Ok(Some(desk))
}
