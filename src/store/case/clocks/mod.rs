//! The clocks of cases: as rows ([`rows`]), started, and fired when they are due ([`fire`]).
//!
//! Which of them an act starts and ends, and whose they are, is decided in [`crate::domain::case`].

mod fire;
mod rows;

use rusqlite::Transaction;

use super::super::Error;
use super::write::apply;
use super::{Standing, standing};
use crate::domain::alert::AlertNumber;
use crate::domain::case::{self, Setting};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;

pub use fire::{Delivery, Fired, FiredClock};
pub(in crate::store) use rows::{cancel_all, hand_over_replies, last_rectify_due, running, start_reply, write};

/// Starts the clocks of a case that was made in this transaction and has none yet.
pub(in crate::store) fn of_new(tx: &Transaction<'_>, at: Setting<'_>, case: &Standing) -> Result<(), Error> {
    apply(tx, at, &case.view, &case::recorded(at, &case.view, case.origin, &[]))
}

/// Starts the clocks of a case that people hear of from now on.
pub(in crate::store) fn after_recording(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    number: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(Standing { view, origin, .. }) = standing(tx, number)? else { return Ok(()) };
    let at = Setting { ground, rules, now };
    apply(tx, at, &view, &case::recorded(at, &view, origin, &running(tx, number)?))
}

/// Puts the review clock of a case right after its verdict changed.
pub(in crate::store) fn review_follows(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    number: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(Standing { view, .. }) = standing(tx, number)?.filter(|case| case.view.waits_for_review()) else {
        return Ok(());
    };
    let at = Setting { ground, rules, now };
    apply(tx, at, &view, &case::review_follows(at, &view, &running(tx, number)?))
}
