//! Why a body as a whole is not a fire table. Each variant is an outcome of its own ([`crate::source::outcome`]).

use crate::files::faults::{Fault, Faults};
use crate::source::refusal::Refusal;
use crate::source::safe_text::shown_bytes;

use super::Foreign;

/// Why a body as a whole is not a fire table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Something else: a web page, prose, another table, nothing at all.
    #[error("the body is not a fire table, it begins {head:?}; expected a header line with latitude, longitude, …")]
    NotCsv {
        /// How it begins, escaped and capped.
        head: String,
    },
    /// The server's refusal in words.
    #[error("the server refused: {text}")]
    Refused {
        /// Which.
        refusal: Refusal,
        /// Its words, escaped and capped.
        text: String,
    },
    /// The header, or every row, is not UTF-8.
    #[error("line {line} is not UTF-8 text (GBK or UTF-16, perhaps); expected UTF-8")]
    NotUtf8 {
        /// The first such line.
        line: u64,
    },
    /// It ends in the middle.
    #[error("the body is cut off in line {line}: {why}")]
    Truncated {
        /// The last line.
        line: u64,
        /// What shows it.
        why: &'static str,
    },
    /// Required columns are not there.
    #[error("the header lacks {}", missing.join(", "))]
    MissingColumns {
        /// Which.
        missing: Vec<&'static str>,
    },
    /// Columns that must be there once are there twice.
    #[error("the header has more than one of {}", columns.join(", "))]
    DuplicateColumns {
        /// Which.
        columns: Vec<&'static str>,
    },
    /// A line is longer than any row can be.
    #[error("line {line} is longer than {limit} bytes")]
    RowTooLong {
        /// The line.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// More rows than any feed has.
    #[error("the body has more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// A known kind of file that firegrid does not read.
    #[error("a kind of file that is not read: {}", what.name())]
    Unsupported {
        /// Which kind.
        what: Foreign,
    },
    /// A list or workbook in which it is not sure what is meant.
    #[error("{}", problems.join("; "))]
    Unclear {
        /// What is not sure, and what to do about it.
        problems: Vec<String>,
        /// The code words of the faults among them.
        codes: Vec<&'static str>,
    },
}

impl BodyError {
    /// "Not sure what is meant", by what the reading of a table found.
    pub(in crate::source) fn unclear(faults: Faults) -> Self {
        let told = |fault: Fault| {
            let colon = if fault.place.is_empty() { "" } else { ": " };
            format!("{}{colon}{}", fault.place, fault.message)
        };
        let faults = faults.into_list();
        let codes = faults.iter().map(|fault| fault.code).collect();
        Self::Unclear { problems: faults.into_iter().map(told).collect(), codes }
    }

    /// "Not sure what is meant", with the one problem that there is.
    pub(in crate::source) fn unsure(problem: String) -> Self {
        Self::Unclear { problems: vec![problem], codes: Vec::new() }
    }

    /// "Not a table", with a showable head of what it is instead.
    pub(in crate::source) fn not_csv(bytes: &[u8]) -> Self {
        Self::NotCsv { head: shown_bytes(bytes, 120) }
    }
}
