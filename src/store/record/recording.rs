//! One recording under way: what every step of it works with.

use rusqlite::Transaction;

use super::batch::OriginRule;
use crate::domain::detection::Origin;
use crate::domain::ground::Ground;
use crate::domain::observation::Observation;
use crate::domain::policy::Policy;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::store::Error;

/// What every step of one recording needs.
pub(super) struct Recording<'a> {
    pub(super) tx: &'a Transaction<'a>,
    pub(super) ground: &'a Ground,
    pub(super) now: Timestamp,
    pub(super) rules: &'a Rules,
    pub(super) policy: &'a Policy,
    pub(super) origin: OriginRule,
    pub(super) wakes: Wakes,
}

/// Whom what is settled may wake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wakes {
    /// Whoever the origin of the pixels says.
    AsRecorded,
    /// Nobody for ground that is cold: a pixel recorded live that is older than a day counts as late, and an alert that it
    /// opens or widens is for the daily list.
    NobodyForOldGround,
}

impl Wakes {
    pub(super) fn origin_of(self, origin: Origin, observation: &Observation, now: Timestamp) -> Origin {
        match self {
            Self::NobodyForOldGround if origin == Origin::Live => {
                Origin::Live.max(Origin::by_age(observation.key.acquired_at, now)).min(Origin::Late)
            }
            _ => origin,
        }
    }
}

/// The next free numbers of a table, of which this transaction alone takes any.
pub(super) struct Next(i64);

impl Next {
    pub(super) fn of(tx: &Transaction<'_>, greatest: &str) -> Result<Self, Error> {
        let greatest: Option<i64> = tx.prepare_cached(greatest)?.query_row([], |row| row.get(0))?;
        Ok(Self(greatest.unwrap_or(0) + 1))
    }

    /// The first of some numbers that follow each other.
    pub(super) fn take(&mut self, count: usize) -> i64 {
        let first = self.0;
        self.0 += i64::try_from(count).unwrap_or(i64::MAX);
        first
    }
}
