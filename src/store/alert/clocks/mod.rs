//! The clocks of alerts: as rows ([`rows`]), started, and fired when they are due ([`fire`]).
//!
//! Which of them an act starts and ends, and whose they are, is decided in [`crate::domain::alert`].

mod fire;
mod rows;

use rusqlite::Transaction;

use super::super::Error;
use super::write::apply;
use super::{Standing, standing};
use crate::domain::alert::AlertNumber;
use crate::domain::alert::{self, Setting};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;

pub use fire::{Delivery, Fired, FiredClock};
pub(in crate::store) use rows::{cancel_all, hand_over_replies, last_rectify_due, running, start_reply, write};

/// Starts the clocks of an alert that was made in this transaction and has none yet.
pub(in crate::store) fn of_new(tx: &Transaction<'_>, at: Setting<'_>, alert: &Standing) -> Result<(), Error> {
    apply(tx, at, &alert.view, &alert::recorded(at, &alert.view, alert.origin, &[]))
}

/// Starts the clocks of an alert that people hear of from now on.
pub(in crate::store) fn after_recording(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    number: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(Standing { view, origin, .. }) = standing(tx, number)? else { return Ok(()) };
    let at = Setting { ground, rules, now };
    apply(tx, at, &view, &alert::recorded(at, &view, origin, &running(tx, number)?))
}

/// Puts the review clock of an alert right after its verdict changed.
pub(in crate::store) fn review_follows(
    tx: &Transaction<'_>,
    ground: &Ground,
    rules: &Rules,
    number: &AlertNumber,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(Standing { view, .. }) = standing(tx, number)?.filter(|alert| alert.view.waits_for_review()) else {
        return Ok(());
    };
    let at = Setting { ground, rules, now };
    apply(tx, at, &view, &alert::review_follows(at, &view, &running(tx, number)?))
}
