//! The named outcome of a poll: what became of one attempt to read a feed.
//!
//! Made by [`crate::source`] from an answer, a file or an error; recorded with every poll, shown
//! on pages, counted in metrics. How long to wait afterwards is [`crate::source::backoff`]; the words
//! people read stand in `words`.

use std::borrow::Cow;

use super::dialect::BodyError;
use super::http::HttpError;
use super::refusal::Refusal;

/// What became of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A whole table with rows came over the network.
    Fetched,
    /// A whole table with rows was in a file.
    Parsed,
    /// A whole table without rows. Not yet "no fires": only coverage can say that.
    NoRows,
    /// A whole table came, and not one of its rows could be read: its form has changed, or somebody changed it.
    NoReadableRows,
    /// A whole table came, and more than half of its rows were rejected. The others are recorded.
    MostRowsRejected,
    /// A whole table came, and most of its rows are later than this machine's clock: the clock is wrong, or the table. The
    /// others are recorded.
    FutureRows,
    /// The server says that nothing changed since the last good poll.
    Unchanged,
    /// The server, or firegrid's own budget, refused.
    Refused(Refusal),
    /// The body is something else: a web page, prose, another table, nothing.
    NotCsv,
    /// The body is text in another encoding.
    NotUtf8,
    /// The body ends in the middle.
    Truncated,
    /// The header lacks required columns.
    MissingColumns,
    /// The header has required columns more than once.
    DuplicateColumns,
    /// The body, decoded, exceeds the size limit.
    TooLarge,
    /// A line exceeds the row limit.
    RowTooLong,
    /// More rows than the limit.
    TooManyRows,
    /// A kind of file that firegrid knows but does not read.
    Unsupported,
    /// The server sent us elsewhere; never followed.
    Redirected,
    /// HTTP 429 without one of the known sentences.
    RateLimited,
    /// Another HTTP status than 200.
    HttpStatus(u16),
    /// No connection, or it broke before an answer.
    Unreachable,
    /// The name could not be resolved.
    UnreachableDns,
    /// The answer did not come, or not to its end, in time.
    TimedOut,
    /// No trusted encrypted connection: certificate, clock, protocol, or no CA certificates here.
    TlsFailed,
    /// The key is not set, cannot be read or cannot be a key.
    KeyMissing,
    /// The configured address is not one firegrid may use.
    BadAddress,
    /// The file or folder cannot be read.
    Unreadable,
}

/// What became of the rows of a whole table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// All of them.
    pub rows: u64,
    /// Those that could not be read.
    pub unreadable: u64,
    /// Those later than this machine's clock, wherever they lie.
    pub future: u64,
}

impl Outcome {
    /// The outcome of a whole table by its rows; `read` is what it is when they are well.
    #[must_use]
    pub fn of_rows(read: Self, counts: RowCounts) -> Self {
        let RowCounts { rows, unreadable, future } = counts;
        let readable = rows.saturating_sub(unreadable);
        if rows == 0 {
            Self::NoRows
        } else if readable == 0 {
            Self::NoReadableRows
        } else if future * 2 > readable {
            Self::FutureRows
        } else if (unreadable + future) * 2 > rows {
            Self::MostRowsRejected
        } else {
            read
        }
    }

    /// Whether a whole table came and only its rows are at fault: the feed answers, and what could be read is recorded.
    #[must_use]
    pub fn is_fault_of_rows(&self) -> bool {
        matches!(self, Self::NoReadableRows | Self::MostRowsRejected | Self::FutureRows)
    }

    /// The stable word recorded, counted and exported.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Fetched => "fetched",
            Self::Parsed => "parsed",
            Self::NoRows => "no_rows",
            Self::NoReadableRows => "no_readable_rows",
            Self::MostRowsRejected => "most_rows_rejected",
            Self::FutureRows => "future_rows",
            Self::Unchanged => "unchanged",
            Self::Refused(refusal) => refusal.name(),
            Self::NotCsv => "not_csv",
            Self::NotUtf8 => "not_utf8",
            Self::Truncated => "truncated",
            Self::MissingColumns => "missing_columns",
            Self::DuplicateColumns => "duplicate_columns",
            Self::TooLarge => "too_large",
            Self::RowTooLong => "row_too_long",
            Self::TooManyRows => "too_many_rows",
            Self::Unsupported => "unsupported",
            Self::Redirected => "redirected",
            Self::RateLimited => "rate_limited",
            Self::HttpStatus(status) => return Cow::Owned(format!("http_{status}")),
            Self::Unreachable => "unreachable",
            Self::UnreachableDns => "unreachable:dns",
            Self::TimedOut => "timed_out",
            Self::TlsFailed => "tls_failed",
            Self::KeyMissing => "key_missing",
            Self::BadAddress => "bad_address",
            Self::Unreadable => "unreadable",
        })
    }

    /// The outcome that was recorded by this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let status = name.strip_prefix("http_").and_then(|status| status.parse().ok()).map(Self::HttpStatus);
        status.or_else(|| Self::examples().into_iter().find(|outcome| outcome.name() == name))
    }

    /// Whether the feed was really read: a whole table, or word that it has not changed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Fetched | Self::Parsed | Self::NoRows | Self::Unchanged)
    }

    /// Whether someone must act: waiting alone will hardly heal it.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        match self {
            // A throttled key is called invalid too, but a wrong one never heals: someone must look.
            Self::Refused(refusal) => {
                matches!(refusal, Refusal::InvalidKey | Refusal::DayRange | Refusal::KeyOrQuota | Refusal::Unknown)
            }
            Self::HttpStatus(status) => (400..500).contains(status),
            Self::Fetched
            | Self::Parsed
            | Self::NoRows
            | Self::Unchanged
            | Self::Truncated
            | Self::RateLimited
            | Self::Unreachable
            | Self::UnreachableDns
            | Self::TimedOut => false,
            Self::NoReadableRows
            | Self::MostRowsRejected
            | Self::FutureRows
            | Self::NotCsv
            | Self::NotUtf8
            | Self::MissingColumns
            | Self::DuplicateColumns
            | Self::TooLarge
            | Self::RowTooLong
            | Self::TooManyRows
            | Self::Unsupported
            | Self::Redirected
            | Self::TlsFailed
            | Self::KeyMissing
            | Self::BadAddress
            | Self::Unreadable => true,
        }
    }

    /// One of every kind, for tables of words and tests.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        let mut all = vec![
            Self::Fetched,
            Self::Parsed,
            Self::NoRows,
            Self::NoReadableRows,
            Self::MostRowsRejected,
            Self::FutureRows,
            Self::Unchanged,
            Self::NotCsv,
            Self::NotUtf8,
            Self::Truncated,
            Self::MissingColumns,
            Self::DuplicateColumns,
            Self::TooLarge,
            Self::RowTooLong,
            Self::TooManyRows,
            Self::Unsupported,
            Self::Redirected,
            Self::RateLimited,
            Self::HttpStatus(404),
            Self::HttpStatus(503),
            Self::Unreachable,
            Self::UnreachableDns,
            Self::TimedOut,
            Self::TlsFailed,
            Self::KeyMissing,
            Self::BadAddress,
            Self::Unreadable,
        ];
        all.extend(Refusal::ALL.map(Self::Refused));
        all
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.name())
    }
}

impl From<&BodyError> for Outcome {
    fn from(error: &BodyError) -> Self {
        match error {
            BodyError::NotCsv { .. } => Self::NotCsv,
            BodyError::Refused { refusal, .. } => Self::Refused(*refusal),
            BodyError::NotUtf8 { .. } => Self::NotUtf8,
            BodyError::Truncated { .. } => Self::Truncated,
            BodyError::MissingColumns { .. } => Self::MissingColumns,
            BodyError::DuplicateColumns { .. } => Self::DuplicateColumns,
            BodyError::RowTooLong { .. } => Self::RowTooLong,
            BodyError::TooManyRows { .. } => Self::TooManyRows,
            BodyError::Unsupported { .. } | BodyError::Unclear { .. } => Self::Unsupported,
        }
    }
}

impl From<&HttpError> for Outcome {
    fn from(error: &HttpError) -> Self {
        match error {
            HttpError::Address(_) => Self::BadAddress,
            HttpError::NoCertificates(_) | HttpError::Tls { .. } => Self::TlsFailed,
            HttpError::Dns { .. } => Self::UnreachableDns,
            HttpError::Unreachable { .. } => Self::Unreachable,
            HttpError::TimedOut { .. } => Self::TimedOut,
            HttpError::TooLarge { .. } => Self::TooLarge,
            HttpError::Cut { .. } => Self::Truncated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_own_plain_word() {
        let names: Vec<_> = Outcome::examples().iter().map(|outcome| outcome.name().into_owned()).collect();
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        for (name, outcome) in names.iter().zip(Outcome::examples()) {
            assert_eq!(Outcome::from_name(name), Some(outcome));
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b':';
            assert!(name.bytes().all(plain), "{name}");
        }
    }

    #[test]
    fn a_table_is_judged_by_what_became_of_its_rows() {
        // (rows, unreadable, future)
        let cases = [
            ((0, 0, 0), Outcome::NoRows),
            ((10, 0, 0), Outcome::Fetched),
            ((10, 5, 0), Outcome::Fetched),
            ((10, 6, 0), Outcome::MostRowsRejected),
            ((10, 10, 0), Outcome::NoReadableRows),
            ((1, 1, 0), Outcome::NoReadableRows),
            ((10, 0, 5), Outcome::Fetched),
            ((10, 0, 6), Outcome::FutureRows),
            ((10, 9, 1), Outcome::FutureRows),
            ((10, 4, 2), Outcome::MostRowsRejected),
        ];
        for ((rows, unreadable, future), expected) in cases {
            let found = Outcome::of_rows(Outcome::Fetched, RowCounts { rows, unreadable, future });
            assert_eq!(found, expected, "{rows} {unreadable} {future}");
        }
    }

    #[test]
    fn only_a_read_table_or_an_unchanged_one_is_a_success() {
        let good: Vec<_> =
            Outcome::examples().into_iter().filter(Outcome::is_success).map(|outcome| outcome.name()).collect();
        assert_eq!(good, ["fetched", "parsed", "no_rows", "unchanged"]);
        assert!(!Outcome::examples().iter().any(|outcome| outcome.is_success() && outcome.needs_a_person()));
    }
}
