//! Judging recorded detections again, on somebody's demand: first the difference, then the act.
//!
//! The active region version and the policy as known at each acquisition decide. Applying writes
//! new judgements beside the old ones, says in the log who asked and why, and lets fires and alerts
//! follow by the same steps as a recording. Nobody is woken for old ground: what was seen more than
//! a day ago counts as late here, and archives still open no alert.

mod act;
mod difference;

use serde::Serialize;

use super::super::Error;
use super::super::by::By;
use super::super::query::Span;
use crate::domain::alert::AlertNumber;
use crate::domain::ground::RegionVersion;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Judgement;

/// Which detections are judged again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RejudgeScope {
    /// Those acquired in a span.
    Span(Span),
    /// Those of the fire that an alert stands for.
    Alert(AlertNumber),
}

/// What to do with the difference.
#[derive(Debug, Clone)]
pub struct RejudgeOrder {
    /// Who asked.
    pub by: By,
    /// Why.
    pub why: String,
    /// [`Rejudgement::hash`] of the difference that was shown; anything else is refused.
    pub expect: Option<String>,
}

/// A detection that would be judged otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RejudgedDetection {
    /// Surrogate id.
    pub detection_id: i64,
    /// Key of its speaking observation.
    pub key: String,
    /// When it was acquired.
    pub acquired_at: Timestamp,
    /// The alert it stands under now.
    pub alert: Option<AlertNumber>,
    /// What is recorded.
    pub old: Judgement,
    /// What the rules say now.
    pub new: Judgement,
}

/// A detection that the active region version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudgeable {
    /// Surrogate id.
    pub detection_id: i64,
    /// Key of its speaking observation.
    pub key: String,
}

/// The difference between what is recorded and what the rules say now.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejudgement {
    /// The region version that judged.
    pub region_version: RegionVersion,
    /// Detections looked at.
    pub looked_at: u64,
    /// Those that would be, or were, judged otherwise, by acquisition.
    pub changes: Vec<RejudgedDetection>,
    /// Those beyond the belt of this region version: they keep their judgement.
    pub unjudgeable: Vec<Unjudgeable>,
    /// Names this difference and region version, for [`RejudgeOrder::expect`].
    pub hash: String,
    /// It was written; the number of the event that says so.
    pub applied: Option<i64>,
    /// Alerts that were opened by it.
    pub alerts_opened: u64,
    /// The same command was done before, as event [`Self::applied`]; nothing was done now, and the
    /// difference is what is left by now.
    pub repeated: bool,
}

/// Why nothing was judged again.
#[derive(Debug, thiserror::Error)]
pub enum RejudgeError {
    /// There is no such alert.
    #[error("there is no alert {0}")]
    UnknownAlert(AlertNumber),
    /// Another region version became active.
    #[error("the active region version is {active}, but {judged} judged: look at the difference again")]
    RegionChanged {
        /// Active now.
        active: String,
        /// The one that judged.
        judged: String,
    },
    /// The difference is not the one that was shown.
    #[error("the difference is {found}, not the {expected} that was shown: look again")]
    DifferenceChanged {
        /// What was asked for.
        expected: String,
        /// What it is.
        found: String,
    },
    /// No reason was given.
    #[error("a rejudgement has to say why")]
    NoReason,
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A result inside a transaction: a refusal is an answer, only a failure rolls back.
type Answer<T> = Result<Result<T, RejudgeError>, Error>;
