//! The number of an alert, where it stands, where it comes from, and why somebody is told of it.

use serde::{Deserialize, Serialize};

use crate::domain::named::named;
use crate::domain::time::Date;

/// `YYYYMMDD-NNNN`: local day of first recording and a running number, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertNumber(pub String);

impl AlertNumber {
    /// The `n`th alert first recorded on a local day, counted from 1.
    #[must_use]
    pub fn new(day: Date, n: u32) -> Self {
        Self(format!("{:04}{:02}{:02}-{n:04}", day.year(), day.month(), day.day()))
    }
}

impl std::fmt::Display for AlertNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

named! {
    /// Where an alert stands.
    ///
    /// The moves between the states are in [`super::moves`].
    pub enum AlertState {
        Open = "open",
        Acknowledged = "acknowledged",
        OnSite = "on_site",
        /// A finding waits for review.
        Reported = "reported",
        Confirmed = "confirmed",
        Rectifying = "rectifying",
        /// Not straw, not a fire; the alert is over.
        Excluded = "excluded",
        Closed = "closed",
        LookbackDue = "lookback_due",
        LookedBack = "looked_back",
    }
}

impl AlertState {
    /// Whether the alert is over: excluded or closed, looked back on or not. Nothing reopens it by itself.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Excluded | Self::Closed | Self::LookbackDue | Self::LookedBack)
    }
}

named! {
    /// Where an alert comes from.
    pub enum AlertSource {
        Satellite = "satellite",
        /// Found on patrol.
        Patrol = "patrol",
        Video = "video",
        Inspection = "inspection",
        Complaint = "complaint",
        Official = "official",
        /// No fire; straw left in a belt, a gap in a ledger.
        Problem = "problem",
    }
}

named! {
    /// Why a message goes out now.
    pub enum NotifyReason {
        /// The alert is new.
        First = "first",
        /// It reached another grid cell, or its verdict turned to banned.
        Grown = "grown",
        /// A clock ran out, or somebody could not be reached.
        Escalated = "escalated",
        /// The alert went to another unit or person.
        Reassigned = "reassigned",
        /// A finding was confirmed, excluded or sent back.
        Reviewed = "reviewed",
        /// The look-back is due.
        Lookback = "lookback",
        /// A reply date is near or past.
        Reminder = "reminder",
        /// The next step waits for this desk: a finding to review, a dispute to decide, a rectification.
        Waiting = "waiting",
    }
}
