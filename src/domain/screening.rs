//! Screening: which detections are kept, and the stated reason for each that is not.

use super::ground::{Ground, Standing};
use super::position::Position;
use super::time::{SignedDuration, Timestamp};

/// Rows acquired further in the future than this are not believed.
///
/// Feeds and servers may disagree by minutes; a quarter of an hour is beyond any sane
/// clock, so such a row is a fault of the feed or of this machine's clock.
pub const FUTURE_TOLERANCE: SignedDuration = SignedDuration::from_mins(15);

/// Whether an acquisition lies so far ahead of a clock that one of the two is wrong.
#[must_use]
pub fn is_future(acquired_at: Timestamp, now: Timestamp) -> bool {
    acquired_at.duration_since(now) > FUTURE_TOLERANCE
}

/// The outcome of screening one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Screening {
    /// Kept, with where it stands.
    Keep(Standing),
    /// Dropped, with the reason.
    Drop(DropReason),
}

/// Why a row was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    /// Outside the city and its belt: counted, not stored.
    Outside,
    /// Acquired in the future: rejected and shown.
    Future,
}

/// Screens one row against the ground and the clock.
#[must_use]
pub fn screen(ground: &Ground, position: Position, acquired_at: Timestamp, now: Timestamp) -> Screening {
    // Place comes first: of a world-wide file only our own rows are worth a complaint.
    match ground.standing(position) {
        Standing::Outside => Screening::Drop(DropReason::Outside),
        _ if is_future(acquired_at, now) => Screening::Drop(DropReason::Future),
        standing => Screening::Keep(standing),
    }
}
