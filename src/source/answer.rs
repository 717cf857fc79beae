//! Turns an HTTP answer into a [`Poll`]. Pure.
//!
//! The one place that decides the outcome of an answer. The order matters: a known refusal sentence counts whatever the status
//! is; then the status; then the body. Only status 200 with a whole table is a success.

use super::Cursor;
use super::dialect::{ReadOptions, Reader};
use super::http::{Fetched, HttpError};
use super::outcome::Outcome;
use super::poll::{Poll, ServerTime, error_text};
use super::refusal::Refusal;
use super::safe_text::{shown, shown_bytes};

/// How the answers of a server are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// Reads a body.
    pub read: Reader,
    /// The refusal that a line of text is.
    pub refusal_in: fn(&str) -> Option<Refusal>,
}

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
            Err(error) => poll.refuse(error),
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
