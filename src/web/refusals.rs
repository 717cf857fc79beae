//! What was refused, told in the log and counted: one line and one count for each kind.
//!
//! Whoever tries doors is refused thousands of times, so the log has a few lines of each kind a minute and says how many
//! it left out; the counts have all.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;

use super::ask::Ask;
use super::layers::logged;
use crate::web::problem::Problem;

/// Lines of one kind in a minute.
const LINES: u32 = 20;
const MINUTE: Duration = Duration::from_mins(1);

/// Why somebody was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// 401: nobody is in, or by a token that is none.
    Nobody,
    /// 401: a password that is wrong.
    Password,
    /// 429: too many passwords before.
    Waits,
    /// 429: anything else too often.
    TooMany,
    /// 403: not for the role.
    Role,
    /// 403: not of the own ground.
    Scope,
    /// 403: the token only reads.
    OnlyReads,
    /// 403: in another's name.
    Name,
    /// 403: by the rules of alerts and plans.
    Rights,
    /// 403: a page of another site.
    CrossSite,
    /// 403: past the proxy.
    Proxy,
    /// 421: another host.
    Host,
    /// A personal link that is none.
    DeadLink,
}

impl Kind {
    const ALL: [Self; 13] = [
        Self::Nobody,
        Self::Password,
        Self::Waits,
        Self::TooMany,
        Self::Role,
        Self::Scope,
        Self::OnlyReads,
        Self::Name,
        Self::Rights,
        Self::CrossSite,
        Self::Proxy,
        Self::Host,
        Self::DeadLink,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Password => "password",
            Self::Waits => "waits",
            Self::TooMany => "too_many",
            Self::Role => "role",
            Self::Scope => "scope",
            Self::OnlyReads => "only_reads",
            Self::Name => "name",
            Self::Rights => "rights",
            Self::CrossSite => "cross_site",
            Self::Proxy => "proxy",
            Self::Host => "host",
            Self::DeadLink => "dead_link",
        }
    }

    /// What kind of refusal a problem is, if it is one.
    fn of(problem: &Problem) -> Option<Self> {
        Some(match problem {
            Problem::SignIn => Self::Nobody,
            Problem::NotForRole(_) => Self::Role,
            Problem::ForeignUnit(_) | Problem::UnitRemoved(_) => Self::Scope,
            Problem::OnlyReads => Self::OnlyReads,
            Problem::NotYourName(_) => Self::Name,
            Problem::CrossSite => Self::CrossSite,
            Problem::NotThroughProxy => Self::Proxy,
            Problem::WrongHost => Self::Host,
            Problem::DeadLink => Self::DeadLink,
            other => match other.status() {
                StatusCode::UNAUTHORIZED => Self::Nobody,
                StatusCode::FORBIDDEN => Self::Rights,
                StatusCode::TOO_MANY_REQUESTS => Self::TooMany,
                _ => return None,
            },
        })
    }
}

/// Begins all counts at nothing: an alarm needs a zero to rise from.
pub(super) fn start_counts() {
    for kind in Kind::ALL {
        count(kind, 0);
    }
}

fn count(kind: Kind, times: u64) {
    metrics::counter!("firegrid_refusals_total", "kind" => kind.word()).increment(times);
}

/// Tells of a problem where it is a refusal.
pub(super) fn note_problem(problem: &Problem, ask: &Ask) {
    if let Some(kind) = Kind::of(problem) {
        note(kind, ask);
    }
}

/// Tells of a refusal.
pub(super) fn note(kind: Kind, ask: &Ask) {
    static LOG: Mutex<BTreeMap<Kind, Lines>> = Mutex::new(BTreeMap::new());
    count(kind, 1);
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let left_out = log.entry(kind).or_default().take(Instant::now());
    drop(log);
    if let Some(left_out) = left_out {
        let client = ask.client.map(|client| client.to_string());
        let account = ask.visitor.as_ref().map(|me| me.account.name.as_str());
        tracing::info!(
            kind = kind.word(),
            path = logged(&ask.path),
            client,
            account,
            id = %ask.id,
            left_out,
            "refused"
        );
    }
}

/// The lines of one kind in this minute.
#[derive(Default)]
struct Lines {
    since: Option<Instant>,
    written: u32,
    left_out: u64,
}

impl Lines {
    /// How many were left out before this one; `None` where this one is too.
    fn take(&mut self, now: Instant) -> Option<u64> {
        if self.since.is_none_or(|since| now.duration_since(since) >= MINUTE) {
            (self.since, self.written) = (Some(now), 0);
        }
        if self.written >= LINES {
            self.left_out += 1;
            return None;
        }
        self.written += 1;
        Some(std::mem::take(&mut self.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_leaves_a_few_lines_and_how_many_were_left_out() {
        let (mut lines, start) = (Lines::default(), Instant::now());
        let written = (0..1000).filter(|_| lines.take(start).is_some()).count();
        assert_eq!(written, 20);
        assert_eq!(lines.take(start + MINUTE), Some(980));
        assert_eq!(lines.take(start + MINUTE), Some(0));
    }
}
