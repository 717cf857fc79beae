//! Why a server, or firegrid's own budget, refused a request.
//!
//! Part of an [`outcome`](super::outcome). The sentences by which a server says it are its feed's
//! ([`super::firms`]); what to do about it is [`super::backoff`]'s business. A throttled key that is valid is called
//! invalid too, so no refusal is ever taken as permanent.

/// Why the server (or firegrid's own budget) refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// "Invalid `MAP_KEY`."; also what a valid key gets when it is throttled hard.
    InvalidKey,
    /// "Exceeding allowed transaction limit."
    Quota,
    /// "Invalid day range. Expects [1..5]."
    DayRange,
    /// "`MAP_KEY` is invalid or your have exceeded your transaction/time limit."
    KeyOrQuota,
    /// Another sentence that starts with "Invalid".
    Unknown,
    /// firegrid's own transaction budget is spent; nothing was sent.
    LocalBudget,
}

impl Refusal {
    /// Every refusal, for tables of words and tests.
    pub const ALL: [Self; 6] =
        [Self::InvalidKey, Self::Quota, Self::DayRange, Self::KeyOrQuota, Self::Unknown, Self::LocalBudget];

    /// The outcome word, `refused:` included.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidKey => "refused:invalid_key",
            Self::Quota => "refused:quota",
            Self::DayRange => "refused:day_range",
            Self::KeyOrQuota => "refused:key_or_quota",
            Self::Unknown => "refused:unknown",
            Self::LocalBudget => "refused:local_budget",
        }
    }
}
