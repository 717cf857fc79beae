//! A refusal in the words of whoever refused, with the rows of a table that are at fault.

use axum::http::StatusCode;

use crate::regions::faults::Fault;
use crate::words::Sentence;

/// A call that was refused, in the words of whoever refused it; nothing was changed.
#[derive(Debug)]
pub(in crate::web) struct Refused {
    /// The status.
    pub status: StatusCode,
    /// Why.
    pub why: Sentence,
    /// The rows of an uploaded table that are at fault.
    pub faults: Vec<Fault>,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.why.fmt(f)
    }
}
