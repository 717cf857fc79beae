//! One look at a feed or at a file: what became of it, what it brought, and what to tell of it in technical words.
//!
//! Made by the readers of answers and files, completed by [`crate::watch`], which knows the clock, and recorded.

use std::time::Duration;

use super::Cursor;
use super::dialect::{BodyError, Reason, Table};
use super::drop_folder::DroppedFile;
use super::outcome::{Outcome, RowCounts};
use super::parsed::{OfficialList, Parsed};
use super::safe_text::shown;
use crate::domain::time::Timestamp;

/// Longest detail text, in characters.
pub const MAX_DETAIL_CHARS: usize = 600;

/// One look at a feed, to be committed as one transaction.
#[derive(Debug, Clone)]
pub struct Poll {
    /// What became of it.
    pub outcome: Outcome,
    /// HTTP status, where there was one.
    pub http_status: Option<u16>,
    /// The decoded body as received, for keeping; of error answers its head. The key never is in it.
    pub body: Option<Vec<u8>>,
    /// The rows, when a whole table came.
    pub table: Option<Table>,
    /// The points, when a whole list of days came.
    pub official: Option<OfficialList>,
    /// What to give to the next poll: new after a whole table, as before otherwise.
    pub cursor: Cursor,
    /// What happened in technical words: escaped, capped, without the key.
    pub detail: String,
    /// Why the body is no table, where one came that is none.
    pub why: Option<BodyError>,
    /// How long to wait at least before the next poll.
    pub retry_after: Option<Duration>,
    /// The file it was read from; to be put away after the commit.
    pub file: Option<DroppedFile>,
    /// Rows later than this machine's clock, as [`Poll::note_future_rows`] was told.
    pub future: u64,
    /// From when on the file is to be read again: rows of it are later than this machine's clock.
    pub read_again_at: Option<Timestamp>,
    /// What the server said of the time.
    pub server_time: Option<ServerTime>,
}

/// What a server said of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerTime {
    /// Its own time when it answered.
    Is(Timestamp),
    /// Its certificate is expired or not yet valid by this machine's clock.
    CertificateRefused,
}

impl Poll {
    /// Why rows were rejected, of observations and of official points alike.
    #[must_use]
    pub fn rejected_reasons(&self) -> Vec<Reason> {
        let of_official = self.official.iter().flat_map(|official| official.table.reasons());
        self.table.iter().flat_map(Table::reasons).chain(of_official).collect()
    }

    /// A poll that brought nothing to keep.
    pub(super) fn without_body(outcome: Outcome, detail: String, known: &Cursor) -> Self {
        Self {
            outcome,
            http_status: None,
            body: None,
            table: None,
            official: None,
            cursor: known.clone(),
            detail,
            why: None,
            retry_after: None,
            file: None,
            future: 0,
            read_again_at: None,
            server_time: None,
        }
    }

    pub(super) fn accept(&mut self, table: Table, with_rows: Outcome) {
        self.outcome = Outcome::of_rows(with_rows, table.counts());
        self.detail = shown(&described(&table), MAX_DETAIL_CHARS);
        self.table = Some(table);
    }

    pub(super) fn accept_official(&mut self, list: OfficialList) {
        self.outcome = Outcome::of_rows(Outcome::Parsed, list.table.counts());
        self.detail = shown(&described(&list.table), MAX_DETAIL_CHARS);
        self.official = Some(list);
    }

    pub(super) fn refuse(&mut self, error: BodyError) {
        self.outcome = Outcome::from(&error);
        self.detail = shown(&error.to_string(), MAX_DETAIL_CHARS);
        self.why = Some(error);
    }

    /// Takes the rows that are later than this machine's clock into account, which only the caller knows.
    ///
    /// A body with such rows vouches for nothing: it must be asked for again when the clock is right.
    pub fn note_future_rows(&mut self, future: u64) {
        let Some(table) = self.table.as_ref().filter(|_| future > 0) else { return };
        let counts = RowCounts { future, ..table.counts() };
        self.future = future;
        if self.outcome.is_success() || self.outcome.is_fault_of_rows() {
            let read = if self.http_status.is_some() { Outcome::Fetched } else { Outcome::Parsed };
            self.outcome = Outcome::of_rows(read, counts);
        }
        self.cursor = Cursor::default();
        let detail = format!("{future} of {} rows are later than this machine's clock; {}", counts.rows, self.detail);
        self.detail = shown(&detail, MAX_DETAIL_CHARS);
    }

    /// Takes what the reading of a file gave.
    pub(super) fn take(&mut self, read: Result<Parsed, BodyError>) {
        match read {
            Ok(Parsed::Fires(table)) => self.accept(table, Outcome::Parsed),
            Ok(Parsed::Official(list)) => self.accept_official(list),
            Err(error) => self.refuse(error),
        }
    }
}

/// What a table holds, in one line: its rows, and how many of them were rejected or hold unknown values, by reason.
fn described<T>(table: &Table<T>) -> String {
    let mut parts = vec![format!("{}: {} rows", table.dialect, table.rows.len())];
    let (reasons, unknown) = (table.reasons(), table.unknown_values());
    if let Some(first) = reasons.first() {
        let rejected = table.rejected().count();
        parts.push(format!(
            "{rejected} rejected ({}), first in line {}: {}",
            by_column(&reasons),
            first.first_line,
            first.first
        ));
    }
    if let Some(first) = unknown.first() {
        let text =
            format!("values unknown ({}), first in line {}: {}", by_column(&unknown), first.first_line, first.first);
        parts.push(text);
    }
    if !table.missing_columns.is_empty() {
        parts.push(format!("columns missing, their values unknown: {}", table.missing_columns.join(", ")));
    }
    if !table.unknown_columns.is_empty() {
        let names = shown(&table.unknown_columns.join(", "), 200);
        parts.push(format!("{} unknown columns: {names}", table.unknown_columns.len()));
    }
    parts.join("; ")
}

fn by_column(reasons: &[Reason]) -> String {
    let counted: Vec<_> = reasons.iter().map(|reason| format!("{} {}", reason.column, reason.rows)).collect();
    counted.join(", ")
}

/// What a thread that broke off leaves.
pub(super) fn unread(what: &str, error: &tokio::task::JoinError) -> Poll {
    let detail = format!("{what} ended abnormally: {error}");
    Poll::without_body(Outcome::Unreadable, shown(&detail, MAX_DETAIL_CHARS), &Cursor::default())
}

/// An error and its causes in one showable line.
pub(super) fn error_text(error: &dyn std::error::Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        cause = error.source();
    }
    shown(&parts.join(": "), MAX_DETAIL_CHARS)
}
