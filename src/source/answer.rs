//! Turns an HTTP answer into a [`Poll`], and what was read of any body into its outcome. Pure.
//!
//! The one place that decides the outcome. The order matters: a known refusal sentence counts whatever the status
//! is; then the status; then the body. Only status 200 with a whole table is a success.

use super::dialect::{BodyError, ReadOptions, Reason, Table};
use super::fetch::Dialect;
use super::http::{Fetched, HttpError};
use super::outcome::{Outcome, RowCounts};
use super::safe_text::{shown, shown_bytes};
use super::{Cursor, MAX_DETAIL_CHARS, OfficialList, Poll, ServerTime, error_text};

/// The poll that an HTTP answer is; `known` is the cursor that was asked with.
pub(super) fn of_answer(fetched: Fetched, known: &Cursor, dialect: Dialect) -> Poll {
    let Fetched { status, body, validators, retry_after, redirects_to, server_date } = fetched;
    let mut poll = Poll::without_body(Outcome::HttpStatus(status), String::new(), known);
    poll.http_status = Some(status);
    poll.retry_after = retry_after;
    poll.server_time = server_date.map(ServerTime::Is);
    if status == 200 {
        match (dialect.read)(&body, &ReadOptions::default()) {
            Ok(table) => {
                poll.accept(table, Outcome::Fetched);
                // Only a table that was read to its end, and not in vain, may vouch for "unchanged" next time.
                if poll.outcome.is_success() {
                    poll.cursor = Cursor::of_validators(&validators);
                }
            }
            Err(error) => poll.refuse(&error),
        }
        poll.body = Some(body);
        return poll;
    }
    (poll.outcome, poll.detail) = of_status((status, &body, redirects_to.as_deref()), known, dialect);
    if !body.is_empty() {
        poll.body = Some(body);
    }
    poll
}

fn of_status(
    (status, body, redirects_to): (u16, &[u8], Option<&str>),
    known: &Cursor,
    dialect: Dialect,
) -> (Outcome, String) {
    let first_line = body.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    if let Some(refusal) = (dialect.refusal_in)(&shown_bytes(first_line.trim_ascii(), 400)) {
        let text = shown_bytes(first_line.trim_ascii(), 200);
        return (Outcome::Refused(refusal), format!("HTTP {status}: {text}"));
    }
    let head = if body.is_empty() { "empty".to_owned() } else { format!("{:?}", shown_bytes(body, 120)) };
    match status {
        304 if !known.validators().is_empty() => (Outcome::Unchanged, "HTTP 304".to_owned()),
        304 => (Outcome::HttpStatus(304), "HTTP 304 although nothing was asked to be compared".to_owned()),
        300..400 => {
            let target = shown(redirects_to.unwrap_or("nowhere"), 120);
            (Outcome::Redirected, format!("HTTP {status} to {target}, not followed"))
        }
        429 => (Outcome::RateLimited, format!("HTTP 429, body {head}")),
        206 => (Outcome::HttpStatus(206), "HTTP 206: a part of the file, though all of it was asked for".to_owned()),
        _ => (Outcome::HttpStatus(status), format!("HTTP {status}, body {head}")),
    }
}

/// The poll that a failed request is.
pub(super) fn of_error(error: &HttpError, known: &Cursor) -> Poll {
    let server_time = error.is_of_time().then_some(ServerTime::CertificateRefused);
    Poll { server_time, ..Poll::without_body(Outcome::from(error), error_text(error), known) }
}

impl Poll {
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

    pub(super) fn refuse(&mut self, error: &BodyError) {
        self.outcome = Outcome::from(error);
        self.detail = shown(&error.to_string(), MAX_DETAIL_CHARS);
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
