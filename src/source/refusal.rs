//! Recognises the plain sentences by which FIRMS refuses a request.
//!
//! Used by the dialect reader on every body, whatever the HTTP status was: the same sentence
//! has been seen with 200, 400, 401, 403 and 429. Does not decide what to do about it
//! ([`crate::source::backoff`]).
//!
//! A throttled key that is valid is called invalid too, so no refusal is ever
//! taken as permanent.

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

    /// The refusal that a line of text is, by its first words; case does not matter.
    ///
    /// # Source
    /// The sentences as published clients recorded them in 2026 (`feeds.md`, section 2).
    #[must_use]
    pub fn in_line(line: &str) -> Option<Self> {
        const LONGEST: usize = 400;
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}');
        if line.len() > LONGEST {
            return None;
        }
        let line = line.to_ascii_lowercase();
        let about_key = line.contains("map_key") || line.contains("map key");
        if line.starts_with("exceeding") && line.contains("limit") {
            Some(Self::Quota)
        } else if about_key && line.contains("exceeded") {
            Some(Self::KeyOrQuota)
        } else if line.starts_with("invalid") && about_key {
            Some(Self::InvalidKey)
        } else if line.starts_with("invalid day range") {
            Some(Self::DayRange)
        } else if line.starts_with("invalid ") {
            Some(Self::Unknown)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_sentences_are_recognised_and_others_are_not() {
        let cases = [
            ("Invalid MAP_KEY.", Some(Refusal::InvalidKey)),
            ("  invalid map_key.\r", Some(Refusal::InvalidKey)),
            ("Exceeding allowed transaction limit.", Some(Refusal::Quota)),
            ("Invalid day range. Expects [1..5].", Some(Refusal::DayRange)),
            (
                "MAP_KEY is invalid or your have exceeded your transaction/time limit. Please try again later.",
                Some(Refusal::KeyOrQuota),
            ),
            ("Invalid source.", Some(Refusal::Unknown)),
            ("latitude,longitude", None),
            ("<html>Invalid MAP_KEY.</html>", None),
            ("Please log in", None),
            ("", None),
        ];
        for (line, expected) in cases {
            assert_eq!(Refusal::in_line(line), expected, "{line:?}");
        }
    }
}
