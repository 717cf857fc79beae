//! Turns what came, an HTTP answer or the content of a file, into a [`Poll`]. Pure.
//!
//! The one place that decides the outcome. The order matters: a known refusal sentence counts whatever the status
//! is; then the status; then the body. Only status 200 with a whole table is a success.

use super::dialect::{self, BodyError, ReadOptions, Table};
use super::http::{Fetched, HttpError, Validators};
use super::outcome::Outcome;
use super::refusal::Refusal;
use super::safe_text::{shown, shown_bytes};
use super::{MAX_DETAIL_CHARS, Poll, error_text};

/// The poll that an HTTP answer is; `known` are the validators that were sent.
pub(super) fn of_answer(fetched: Fetched, known: &Validators) -> Poll {
    let Fetched { status, body, validators, retry_after, redirects_to } = fetched;
    let mut poll = Poll::without_body(Outcome::HttpStatus(status), String::new(), known);
    poll.http_status = Some(status);
    poll.retry_after = retry_after;
    if status == 200 {
        match dialect::read(&body, &ReadOptions::default()) {
            Ok(table) => {
                // Only a table that was read to its end may vouch for "unchanged" next time.
                poll.validators = validators;
                poll.accept(table, Outcome::Fetched);
            }
            Err(error) => poll.refuse(&error),
        }
        poll.body = Some(body);
        return poll;
    }
    (poll.outcome, poll.detail) = of_status(status, &body, redirects_to.as_deref(), known);
    if !body.is_empty() {
        poll.body = Some(body);
    }
    poll
}

fn of_status(status: u16, body: &[u8], redirects_to: Option<&str>, known: &Validators) -> (Outcome, String) {
    let first_line = body.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    if let Some(refusal) = Refusal::in_line(&shown_bytes(first_line.trim_ascii(), 400)) {
        let text = shown_bytes(first_line.trim_ascii(), 200);
        return (Outcome::Refused(refusal), format!("HTTP {status}: {text}"));
    }
    let head = if body.is_empty() { "empty".to_owned() } else { format!("{:?}", shown_bytes(body, 120)) };
    match status {
        304 if !known.is_empty() => (Outcome::Unchanged, "HTTP 304".to_owned()),
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
pub(super) fn of_error(error: &HttpError, known: &Validators) -> Poll {
    Poll::without_body(Outcome::from(error), error_text(error), known)
}

/// The poll that the decoded content of a file is.
pub(super) fn of_content(content: Vec<u8>, options: &ReadOptions) -> Poll {
    let mut poll = Poll::without_body(Outcome::Parsed, String::new(), &Validators::default());
    match dialect::read(&content, options) {
        Ok(table) => poll.accept(table, Outcome::Parsed),
        Err(error) => poll.refuse(&error),
    }
    poll.body = Some(content);
    poll
}

impl Poll {
    fn accept(&mut self, table: Table, with_rows: Outcome) {
        let (rows, rejected) = (table.rows.len(), table.rejected().count());
        self.outcome = if rows == 0 { Outcome::NoRows } else { with_rows };
        let mut parts = vec![format!("{}: {rows} rows", table.dialect)];
        if let Some((line, error)) = table.rejected().next() {
            parts.push(format!("{rejected} rejected, first in line {line}: {error}"));
        }
        if !table.unknown_columns.is_empty() {
            let names = shown(&table.unknown_columns.join(", "), 200);
            parts.push(format!("{} unknown columns: {names}", table.unknown_columns.len()));
        }
        self.detail = shown(&parts.join("; "), MAX_DETAIL_CHARS);
        self.table = Some(table);
    }

    fn refuse(&mut self, error: &BodyError) {
        self.outcome = Outcome::from(error);
        self.detail = shown(&error.to_string(), MAX_DETAIL_CHARS);
    }
}
