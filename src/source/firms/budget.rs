//! firegrid's own limit on requests that cost transactions of a FIRMS key. Pure: `now` is given.
//!
//! The server allows 5000 transactions in ten minutes per key and answers overspending with
//! refusals that look like a bad key. firegrid stays far below, so that a fault of its own (a poll loop
//! without pause) is stopped here and named `refused:local_budget`. Keyless files cost nothing.

use std::collections::VecDeque;

use crate::domain::time::{SignedDuration, Timestamp};

/// Transactions that firegrid allows itself in [`WINDOW`]: a fifth of the server's limit, which
/// leaves the rest to others who use the same key.
pub const LIMIT: u32 = 1_000;
/// The server's counting window.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// What was spent lately.
#[derive(Debug, Clone)]
pub struct Budget {
    limit: u32,
    spent: VecDeque<(Timestamp, u32)>,
}

impl Default for Budget {
    fn default() -> Self {
        Self::with_limit(LIMIT)
    }
}

impl Budget {
    /// A budget of so many transactions in [`WINDOW`].
    #[must_use]
    pub fn with_limit(limit: u32) -> Self {
        Self { limit, spent: VecDeque::new() }
    }

    /// Spends transactions, or says how long until there are enough.
    ///
    /// # Errors
    /// The wait, when the budget does not allow the request now.
    pub fn spend(&mut self, cost: u32, now: Timestamp) -> Result<(), SignedDuration> {
        // A clock that was set back must not lock the budget: what lies in the future is forgotten.
        self.spent.retain(|&(at, _)| at <= now && now.duration_since(at) < WINDOW);
        let used: u32 = self.spent.iter().map(|&(_, cost)| cost).sum();
        if used.saturating_add(cost) <= self.limit {
            self.spent.push_back((now, cost));
            return Ok(());
        }
        let mut still_used = used;
        for &(at, freed) in &self.spent {
            still_used -= freed;
            if still_used.saturating_add(cost) <= self.limit {
                return Err(WINDOW - now.duration_since(at));
            }
        }
        Err(WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_window_slides_and_the_wait_is_exact() {
        let mut budget = Budget::with_limit(10);
        assert_eq!(budget.spend(4, at(0)), Ok(()));
        assert_eq!(budget.spend(4, at(60)), Ok(()));
        assert_eq!(budget.spend(4, at(100)), Err(SignedDuration::from_secs(500)));
        assert_eq!(budget.spend(2, at(100)), Ok(()), "a smaller request still fits");
        assert_eq!(budget.spend(4, at(599)), Err(SignedDuration::from_secs(1)));
        assert_eq!(budget.spend(4, at(600)), Ok(()));
    }

    #[test]
    fn a_clock_set_back_frees_the_budget_and_a_giant_request_never_passes() {
        let mut budget = Budget::with_limit(10);
        assert_eq!(budget.spend(10, at(100_000)), Ok(()));
        assert_eq!(budget.spend(10, at(0)), Ok(()));
        assert_eq!(budget.spend(11, at(10_000)), Err(WINDOW));
    }
}
