//! Which act starts and ends which clock.

use rusqlite::{OptionalExtension, Transaction};

use super::desk::{common_superior, holder_of, review_desk};
use super::{
    Standing, Start, begin, end, end_of, give, hand_over_replies, is_running, notify, pause_blame, resume, standing,
    start,
};
use crate::domain::alert::{AlertNumber, AlertState, CaseSource, NotifyReason};
use crate::domain::case::Act;
use crate::domain::clock::ClockKind;
use crate::domain::detection::Origin;
use crate::domain::finding::Review;
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::Error;
use crate::store::codec::Millis;

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
pub(super) fn delivered(
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
    let holder = holder_of(ground, case, now);
    for kind in kinds {
        begin(tx, ground, rules, case, (kind, &holder, None), now)?;
    }
    Ok(())
}

/// What an act ends and starts.
pub(in crate::store) fn after_act(
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
    let holder = holder_of(ground, before, now);
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
    let holder = holder_of(ground, before, now);
    if state == AlertState::Acknowledged && before.view.source != CaseSource::Problem {
        begin(tx, ground, rules, before, (ClockKind::OnSite, &holder, None), now)?;
    }
    if matches!(state, AlertState::Acknowledged | AlertState::OnSite) {
        begin(tx, ground, rules, before, (ClockKind::Report, &holder, None), now)?;
    }
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
    let holder = holder_of(ground, &case, now);
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

/// After a case took over what was done for another: its own early clocks end as that says, and the clocks
/// of the other's later steps become its own.
pub(in crate::store) fn after_taking_over(
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
    let unit = &holder_of(ground, &case, now);
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
