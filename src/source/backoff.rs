//! How long to wait before a feed is polled again. Pure: no clock, no chance.
//!
//! Asked by the poller after every poll. Nothing is ever given up: even an "invalid" key is only a slow
//! retry, because a throttled valid key is answered the same.

use std::time::Duration;

use super::outcome::Outcome;
use super::refusal::Refusal;

/// First wait after a passing fault (unless the interval is shorter).
///
/// Soon enough that a dropped connection costs a minute and not a whole interval.
pub const PASSING_FIRST: Duration = Duration::from_mins(1);
/// Longest wait after passing faults: an outage is over at most this long before firegrid sees it.
pub const PASSING_MAX: Duration = Duration::from_mins(15);
/// First wait after a refusal: the server's transaction counter drains in ten minutes.
pub const REFUSED_FIRST: Duration = Duration::from_mins(10);
/// Longest wait after refusals and after faults that need a person.
pub const REFUSED_MAX: Duration = Duration::from_hours(1);
/// Longest `Retry-After` that is honoured; "in ten years" must not switch a feed off.
pub const RETRY_AFTER_MAX: Duration = Duration::from_hours(1);

/// What the wait depends on.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// How the last poll went.
    pub outcome: Outcome,
    /// Failed polls in a row, the last one included; 0 after a success.
    pub consecutive_failures: u32,
    /// The configured interval.
    pub interval: Duration,
    /// What the server asked for.
    pub retry_after: Option<Duration>,
    /// Any number; the same one gives the same jitter.
    pub jitter_seed: u64,
}

/// Returns the time from the end of a poll to the start of the next.
///
/// After a success the interval. After failures doubling waits up to the cap of their kind, never
/// shorter than a `Retry-After` (itself capped), and up to a tenth longer by jitter, so that many feeds that
/// failed together do not come back together.
#[must_use]
pub fn next_attempt(attempt: &Attempt) -> Duration {
    // A feed whose rows are at fault answers well, and its next body may hold good ones.
    if attempt.outcome.is_success() || attempt.outcome.is_fault_of_rows() {
        return attempt.interval;
    }
    let (first, longest) = match attempt.outcome {
        Outcome::Refused(Refusal::LocalBudget) => (attempt.interval.min(PASSING_FIRST), PASSING_MAX),
        Outcome::Refused(_) | Outcome::RateLimited => (attempt.interval.max(REFUSED_FIRST), REFUSED_MAX),
        outcome if outcome.needs_a_person() => (attempt.interval, REFUSED_MAX),
        _ => (attempt.interval.min(PASSING_FIRST), PASSING_MAX),
    };
    // An operator who polls less often than the cap wants no more haste after a fault.
    let longest = longest.max(attempt.interval);
    let doublings = attempt.consecutive_failures.saturating_sub(1).min(16);
    let wait = first.saturating_mul(1 << doublings).min(longest);
    let asked = attempt.retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
    let wait = wait.max(asked);
    wait + wait.mul_f64(fraction(attempt.jitter_seed) / 10.0)
}

/// A number in 0..1 that is spread evenly over seeds (the finaliser of `SplitMix64`).
fn fraction(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60;

    fn wait(outcome: Outcome, failures: u32, retry_after: Option<u64>) -> Duration {
        next_attempt(&Attempt {
            outcome,
            consecutive_failures: failures,
            interval: Duration::from_secs(10 * MINUTE),
            retry_after: retry_after.map(Duration::from_secs),
            jitter_seed: u64::from(failures),
        })
    }

    fn about(found: Duration, seconds: u64) -> bool {
        let low = Duration::from_secs(seconds);
        (low..=low.mul_f64(1.1)).contains(&found)
    }

    #[test]
    fn a_success_waits_the_interval_and_not_more() {
        for outcome in [Outcome::Fetched, Outcome::NoRows, Outcome::Unchanged] {
            assert_eq!(wait(outcome, 0, None), Duration::from_secs(10 * MINUTE));
        }
        for outcome in [Outcome::NoReadableRows, Outcome::MostRowsRejected, Outcome::FutureRows] {
            assert_eq!(wait(outcome, 9, None), Duration::from_secs(10 * MINUTE), "the feed itself answers");
        }
    }

    #[test]
    fn waits_double_up_to_the_cap_of_their_kind() {
        let cases = [
            (Outcome::Unreachable, [1, 2, 4, 8, 15, 15]),
            (Outcome::HttpStatus(503), [1, 2, 4, 8, 15, 15]),
            (Outcome::Truncated, [1, 2, 4, 8, 15, 15]),
            (Outcome::Refused(Refusal::InvalidKey), [10, 20, 40, 60, 60, 60]),
            (Outcome::Refused(Refusal::Quota), [10, 20, 40, 60, 60, 60]),
            (Outcome::NotCsv, [10, 20, 40, 60, 60, 60]),
            (Outcome::HttpStatus(404), [10, 20, 40, 60, 60, 60]),
        ];
        for (outcome, minutes) in cases {
            for (failures, minutes) in (1..).zip(minutes) {
                let found = wait(outcome, failures, None);
                assert!(about(found, minutes * MINUTE), "{outcome} after {failures}: {found:?}");
            }
        }
    }

    #[test]
    fn retry_after_is_honoured_but_ten_years_are_not() {
        assert!(about(wait(Outcome::HttpStatus(503), 1, Some(300)), 300));
        assert!(about(wait(Outcome::RateLimited, 1, Some(1)), 10 * MINUTE), "never sooner than the own wait");
        assert!(about(wait(Outcome::RateLimited, 1, Some(315_360_000)), 60 * MINUTE));
    }

    #[test]
    fn a_short_interval_retries_at_its_own_pace() {
        let found = next_attempt(&Attempt {
            outcome: Outcome::Unreachable,
            consecutive_failures: 1,
            interval: Duration::from_secs(10),
            retry_after: None,
            jitter_seed: 0,
        });
        assert!(about(found, 10), "{found:?}");
    }

    proptest! {
        #[test]
        fn no_feed_is_ever_given_up_or_hammered(
            which in 0usize..64, failures in 1u32..u32::MAX, interval in 10u64..100_000,
            retry_after in proptest::option::of(0u64..u64::MAX), jitter_seed in any::<u64>(),
        ) {
            let all = Outcome::examples();
            let outcome = all[which % all.len()];
            let interval = Duration::from_secs(interval);
            let retry_after = retry_after.map(Duration::from_secs);
            let found = next_attempt(&Attempt {
                outcome, consecutive_failures: failures, interval, retry_after, jitter_seed,
            });
            prop_assert!(found >= interval.min(PASSING_FIRST));
            prop_assert!(found <= interval.max(REFUSED_MAX).mul_f64(1.1));
        }
    }
}
