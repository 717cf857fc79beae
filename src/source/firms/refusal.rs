//! Recognises the plain sentences by which FIRMS refuses a request.
//!
//! Asked about every body, whatever the HTTP status was: the same sentence has been seen with 200, 400, 401, 403 and 429.

use crate::source::refusal::Refusal;

impl Refusal {
    /// The refusal that a line of text is, by its first words; alert does not matter.
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
        let alerts = [
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
        for (line, expected) in alerts {
            assert_eq!(Refusal::in_line(line), expected, "{line:?}");
        }
    }
}
