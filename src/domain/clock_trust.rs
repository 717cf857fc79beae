//! Whether this machine's clock is believed: the one guard of everything that decides or deletes by the time.
//!
//! Pure: [`crate::vitals`] keeps one guard for the process and tells it what both clocks show, what servers say
//! the time is (HTTP `Date`), what rows prove to have passed, and what the database knew before. Whoever decides by
//! the time asks for the present here: the wall clock while it is believed, else the best that is known.
//! The reasons behind each rule stand in docs/decisions/0034.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::named::named;
use super::screening::FUTURE_TOLERANCE;
use super::time::{SignedDuration, Timestamp};

/// A clock this far off a server's date, or behind what has certainly passed, is wrong: as for rows of the future,
/// beyond any sane clock, and far above what a slow answer adds.
pub const TOLERANCE: SignedDuration = FUTURE_TOLERANCE;

/// A wall clock that moves this much more or less than the machine's steady clock has jumped.
/// Ordinary correction (NTP slewing) moves it by far less between two looks.
pub const JUMP: SignedDuration = SignedDuration::from_mins(1);

/// How long a small jump is doubted where no server can be asked: time for a person or NTP to set it right, short
/// against every deadline that wakes a level up.
pub const HOLD: Duration = Duration::from_mins(5);

/// A jump ahead by more than this is no correction and no wrong zone of a few hours: it would make live rows late.
pub const GREAT: SignedDuration = SignedDuration::from_hours(12);

/// How long a great jump, or a clock behind what was recorded, is doubted where nothing else is learned. After a day a
/// station without a network is taken at its word, so that a clock that was ahead and was set right heals by itself.
pub const ACCEPT_AFTER: Duration = Duration::from_hours(24);

/// A service is seldom down for longer than this; a clock that says so at the start, and that nobody confirms, fires no
/// deadline for as long as a great jump is doubted.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How long a server's date counts: well over the longest pause between two polls.
pub const EVIDENCE_LASTS: Duration = Duration::from_hours(24);

/// What both clocks of the machine show at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The wall clock.
    pub wall: Timestamp,
    /// The time since some fixed moment on the steady clock.
    pub steady: Duration,
}

impl Moment {
    /// What the wall clock shows at another moment when it goes on as the steady clock does.
    fn carried_to(self, steady: Duration) -> Timestamp {
        let passed = SignedDuration::try_from(steady.saturating_sub(self.steady)).unwrap_or(SignedDuration::MAX);
        self.wall.checked_add(passed).unwrap_or(Timestamp::MAX)
    }
}

named! {
    /// Why the clock is doubted.
    pub enum DoubtReason {
        ServerDate = "server_date",
        Certificate = "certificate",
        Recorded = "recorded",
        FutureRows = "future_rows",
        Jumped = "jumped",
    }
}

/// What is wrong with the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Why.
    pub reason: DoubtReason,
    /// How far it is ahead of the present; negative: behind it.
    pub by: SignedDuration,
}

impl Doubt {
    /// Whether it is the same fault: the same reason, and about as far off.
    #[must_use]
    pub fn is_like(self, other: Self) -> bool {
        let differs = self.by.checked_sub(other.by).is_none_or(|by| by.abs() > TOLERANCE);
        self.reason == other.reason && !differs
    }

    /// The present as far as it is known. Rows of the future prove that the clock is behind or the feed wrong, and
    /// not which, so they correct nothing.
    fn corrected(self, wall: Timestamp) -> Timestamp {
        match self.reason {
            DoubtReason::FutureRows => wall,
            _ => wall.checked_sub(self.by).unwrap_or(wall),
        }
    }

    /// How long it lasts when nothing else is learned.
    fn lasts(self) -> Duration {
        let is_small = if self.by.is_negative() { self.by.abs() <= TOLERANCE } else { self.by < GREAT };
        if is_small && self.reason == DoubtReason::Jumped { HOLD } else { ACCEPT_AFTER }
    }
}

/// How far the clock is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belief {
    /// A server says the same time.
    Proven,
    /// Nothing speaks against it.
    Plausible,
    /// It is wrong.
    Doubted(Doubt),
}

impl Belief {
    /// What is wrong, if anything.
    #[must_use]
    pub fn doubt(self) -> Option<Doubt> {
        match self {
            Self::Doubted(doubt) => Some(doubt),
            Self::Proven | Self::Plausible => None,
        }
    }
}

/// What is known of the time beside the wall clock.
#[derive(Debug, Clone, Default)]
pub struct ClockGuard {
    /// What the server of each source said last.
    servers: BTreeMap<String, Moment>,
    /// Sources whose server's certificate is not valid by this clock.
    certificates: BTreeSet<String>,
    /// The wall clock when it was last believed.
    expected: Option<Moment>,
    /// What has certainly passed: nothing may be removed by a later time.
    floor: Option<Moment>,
    /// The newest row of a feed that lies in the future.
    future_row: Option<Timestamp>,
    /// Steady time since which it is doubted without a server's word.
    doubted_since: Option<Duration>,
    /// Steady time of the first look.
    started: Option<Duration>,
}

impl ClockGuard {
    /// Takes up what the database knew to have passed.
    pub fn recall(&mut self, certain_at: Timestamp, steady: Duration) {
        self.raise_floor(Moment { wall: certain_at, steady });
    }

    /// A server answered: `date` is its time, `now` what the clocks showed when the answer came.
    pub fn hear(&mut self, source: &str, date: Timestamp, now: Moment) {
        self.certificates.remove(source);
        self.servers.insert(source.to_owned(), Moment { wall: date, steady: now.steady });
    }

    /// A server's certificate is expired or not yet valid by this clock.
    pub fn refuse_certificate(&mut self, source: &str) {
        self.certificates.insert(source.to_owned());
    }

    /// A row that was believed proves that its acquisition has passed.
    pub fn see(&mut self, acquired_at: Timestamp, steady: Duration) {
        self.raise_floor(Moment { wall: acquired_at, steady });
    }

    /// Most rows of a feed lie in the future, the newest at `acquired_at`; `None`: they do not.
    pub fn see_future(&mut self, acquired_at: Option<Timestamp>) {
        self.future_row = acquired_at;
    }

    /// Looks at both clocks.
    pub fn look(&mut self, now: Moment) -> Belief {
        self.started.get_or_insert(now.steady);
        let belief = self.judge(now);
        match belief {
            Belief::Proven => {
                (self.expected, self.floor) = (Some(now), Some(now));
                (self.future_row, self.doubted_since) = (None, None);
            }
            Belief::Plausible => self.settle(now),
            Belief::Doubted(doubt) if doubt.reason != DoubtReason::ServerDate => {
                let since = *self.doubted_since.get_or_insert(now.steady);
                if now.steady.saturating_sub(since) >= doubt.lasts() {
                    self.accept(now);
                    return Belief::Plausible;
                }
            }
            Belief::Doubted(_) => {}
        }
        belief
    }

    /// The present: the wall clock, or the best that is known while it is doubted.
    pub fn present(&mut self, now: Moment) -> Timestamp {
        self.look(now).doubt().map_or(now.wall, |doubt| doubt.corrected(now.wall))
    }

    /// The latest instant that has certainly passed, for whatever removes by age; `None` while the clock is doubted.
    ///
    /// A clock that nobody confirmed may be ahead: then it is what was certain before and the steady time since.
    pub fn certain(&mut self, now: Moment) -> Option<Timestamp> {
        match self.look(now) {
            Belief::Doubted(_) => None,
            Belief::Proven => Some(now.wall),
            Belief::Plausible => self.floor.map(|floor| floor.carried_to(now.steady).min(now.wall)),
        }
    }

    /// The instant by which deadlines are due: by every account, so that no wrong clock fires them in a mass.
    ///
    /// After a start a clock that is far beyond the record is given time to be confirmed or contradicted.
    pub fn due_by(&mut self, now: Moment) -> Timestamp {
        let belief = self.look(now);
        if let Belief::Doubted(doubt) = belief {
            return doubt.corrected(now.wall).min(now.wall);
        }
        let floor = self.floor.map_or(now.wall, |floor| floor.carried_to(now.steady));
        let gap = now.wall.duration_since(floor);
        let wait = if gap > LONGEST_PAUSE { ACCEPT_AFTER } else { HOLD };
        let is_new = self.started.is_none_or(|started| now.steady.saturating_sub(started) < wait);
        if belief == Belief::Plausible && gap > GREAT && is_new { floor } else { now.wall }
    }

    /// The instant against which the age of a live feed's rows counts, when its newest row is of `newest`.
    ///
    /// While nobody confirms a clock that is over a day later than what is certain, the feed's own content says how
    /// late it is: a live feed is never late by this clock alone.
    pub fn age_reference(&mut self, now: Moment, newest: Option<Timestamp>) -> Timestamp {
        let belief = self.look(now);
        let floor = self.floor.map_or(now.wall, |floor| floor.carried_to(now.steady));
        match belief {
            Belief::Plausible if now.wall.duration_since(floor) > SignedDuration::from_hours(24) => {
                newest.map_or(floor, |newest| newest.max(floor)).min(now.wall)
            }
            _ => belief.doubt().map_or(now.wall, |doubt| doubt.corrected(now.wall)),
        }
    }

    fn judge(&self, now: Moment) -> Belief {
        let doubted = |reason, by| Belief::Doubted(Doubt { reason, by });
        let off = |anchor: &Moment| now.wall.duration_since(anchor.carried_to(now.steady));
        let is_fresh = |anchor: &&Moment| now.steady.saturating_sub(anchor.steady) <= EVIDENCE_LASTS;
        let offsets: Vec<_> = self.servers.values().filter(is_fresh).map(off).collect();
        // Two clocks that agree outvote a third.
        if offsets.iter().any(|by| by.abs() <= TOLERANCE) {
            return Belief::Proven;
        }
        // A cache on the way says an old time, never one that is still to come: the latest is the present.
        if let Some(by) = offsets.into_iter().min() {
            return doubted(DoubtReason::ServerDate, by);
        }
        if let Some(by) = self.floor.as_ref().map(off) {
            if by < -TOLERANCE {
                return doubted(DoubtReason::Recorded, by);
            }
            if by > GREAT && !self.certificates.is_empty() {
                return doubted(DoubtReason::Certificate, by);
            }
        }
        let ahead_of_us = self.future_row.map(|row| now.wall.duration_since(row));
        if let Some(by) = ahead_of_us.filter(|by| *by < -TOLERANCE) {
            return doubted(DoubtReason::FutureRows, by);
        }
        match self.expected.as_ref().map(off) {
            // It was said to be behind by a feed's rows, and was set right.
            Some(by) if by.is_positive() && self.future_row.is_some() => Belief::Plausible,
            Some(by) if by.abs() > JUMP => doubted(DoubtReason::Jumped, by),
            _ => Belief::Plausible,
        }
    }

    /// Nothing speaks against the clock: the steady time goes on from here.
    fn settle(&mut self, now: Moment) {
        self.expected = Some(now);
        self.floor.get_or_insert(now);
        self.doubted_since = None;
    }

    /// Nothing was learned for so long that the clock is taken at its word. What may be removed does not jump with it.
    fn accept(&mut self, now: Moment) {
        if self.floor.is_some_and(|floor| floor.carried_to(now.steady) > now.wall) {
            self.floor = Some(now);
        }
        self.certificates.clear();
        self.future_row = None;
        self.settle(now);
    }

    fn raise_floor(&mut self, to: Moment) {
        if self.floor.is_none_or(|floor| floor.carried_to(to.steady) < to.wall) {
            self.floor = Some(to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600;

    fn start() -> Timestamp {
        "2026-04-13T04:00:00Z".parse().unwrap()
    }

    /// Both clocks after so many true seconds, the wall clock off by so many.
    fn moment(seconds: u64, off: i64) -> Moment {
        let wall = start() + SignedDuration::from_secs(i64::try_from(seconds).unwrap() + off);
        Moment { wall, steady: Duration::from_secs(seconds) }
    }

    fn truth(seconds: u64) -> Timestamp {
        moment(seconds, 0).wall
    }

    fn reason(belief: Belief) -> Option<(DoubtReason, i64)> {
        belief.doubt().map(|doubt| (doubt.reason, doubt.by.as_secs()))
    }

    #[test]
    fn a_clock_that_a_server_contradicts_is_doubted_and_corrected_until_they_agree() {
        for off in [-DAY, DAY, 2 * DAY, 365 * DAY, -54 * 365 * DAY] {
            let mut guard = ClockGuard::default();
            guard.hear("noaa20", truth(0), moment(0, 0));
            assert_eq!(guard.look(moment(1, 0)), Belief::Proven);
            assert_eq!(reason(guard.look(moment(25, off))), Some((DoubtReason::ServerDate, off)), "{off}");
            assert_eq!(guard.present(moment(25, off)), truth(25), "{off}");
            assert_eq!(guard.certain(moment(25, off)), None, "{off}: nothing is removed");
            guard.hear("noaa20", truth(600), moment(600, off));
            assert_eq!(guard.present(moment(605, off)), truth(605), "{off}");
            assert_eq!(guard.look(moment(610, 0)), Belief::Proven, "{off}: set right");
            assert_eq!(guard.certain(moment(610, 0)), Some(truth(610)), "{off}");
        }
    }

    #[test]
    fn a_wrong_clock_at_the_start_is_found_by_the_first_answer() {
        for off in [-DAY, DAY, 2 * DAY, 365 * DAY, -54 * 365 * DAY] {
            let mut guard = ClockGuard::default();
            guard.recall(truth(0), Duration::ZERO);
            let before = guard.look(moment(1, off));
            assert_eq!(before.doubt().is_some(), off < 0, "{off}: what was recorded shows only that it is behind");
            assert!(guard.certain(moment(2, off)).is_none_or(|at| at <= truth(2)), "{off}");
            guard.hear("noaa20", truth(3), moment(3, off));
            assert_eq!(reason(guard.look(moment(4, off))), Some((DoubtReason::ServerDate, off)), "{off}");
        }
    }

    #[test]
    fn one_server_that_agrees_outvotes_one_that_does_not() {
        let mut guard = ClockGuard::default();
        guard.hear("broken", truth(365 * 86_400), moment(0, 0));
        assert!(guard.look(moment(1, 0)).doubt().is_some());
        guard.hear("good", truth(2), moment(2, 0));
        assert_eq!(guard.look(moment(3, 0)), Belief::Proven);
    }

    #[test]
    fn an_answer_from_a_cache_does_not_hide_a_later_one() {
        let mut guard = ClockGuard::default();
        guard.hear("cached", truth(0), moment(7200, DAY));
        guard.hear("fresh", truth(7200), moment(7200, DAY));
        assert_eq!(guard.present(moment(7201, DAY)), truth(7201));
    }

    #[test]
    fn a_server_that_fell_silent_long_ago_says_nothing() {
        let mut guard = ClockGuard::default();
        guard.hear("noaa20", truth(0), moment(0, 0));
        assert_eq!(guard.look(moment(1, 0)), Belief::Proven);
        assert_eq!(guard.look(moment(86_401, 0)), Belief::Plausible);
    }

    #[test]
    fn a_small_jump_that_nobody_explains_is_doubted_for_a_while_and_one_set_back_at_once_is_forgotten() {
        let mut guard = ClockGuard::default();
        assert_eq!(guard.look(moment(0, 0)), Belief::Plausible);
        assert_eq!(reason(guard.look(moment(10, 8 * 3600))), Some((DoubtReason::Jumped, 8 * 3600)));
        assert_eq!(guard.present(moment(15, 8 * 3600)), truth(15));
        assert_eq!(guard.look(moment(20, 0)), Belief::Plausible, "set right again");
        assert!(guard.look(moment(25, 8 * 3600)).doubt().is_some());
        assert_eq!(guard.look(moment(325, 8 * 3600)), Belief::Plausible, "believed after a while");
        assert_eq!(guard.certain(moment(330, 8 * 3600)), Some(truth(330)), "but nothing is removed by it");
    }

    #[test]
    fn a_great_jump_and_a_clock_behind_the_record_are_doubted_for_a_day() {
        for off in [DAY, 365 * DAY, -3600, -DAY] {
            let mut guard = ClockGuard::default();
            assert_eq!(guard.look(moment(0, 0)), Belief::Plausible);
            assert!(guard.look(moment(10, off)).doubt().is_some());
            assert!(guard.look(moment(86_000, off)).doubt().is_some(), "{off}");
            assert_eq!(guard.look(moment(86_410, off)), Belief::Plausible, "{off}");
            let certain = guard.certain(moment(86_420, off)).unwrap();
            assert!(certain <= moment(86_420, off.min(0)).wall, "{off}: {certain}");
        }
    }

    #[test]
    fn refused_certificates_doubt_a_clock_that_is_far_from_the_record_and_no_other() {
        let mut guard = ClockGuard::default();
        guard.recall(truth(0), Duration::ZERO);
        guard.refuse_certificate("noaa20");
        assert_eq!(guard.look(moment(1, 3600)), Belief::Plausible, "it is the certificate that is wrong");
        let mut guard = ClockGuard::default();
        guard.recall(truth(0), Duration::ZERO);
        assert_eq!(guard.look(moment(1, 365 * DAY)), Belief::Plausible, "the host may have been off for a year");
        guard.refuse_certificate("noaa20");
        assert_eq!(reason(guard.look(moment(2, 365 * DAY))).map(|(reason, _)| reason), Some(DoubtReason::Certificate));
        guard.hear("noaa20", moment(3, 365 * DAY).wall, moment(3, 365 * DAY));
        assert_eq!(guard.look(moment(4, 365 * DAY)), Belief::Proven);
    }

    #[test]
    fn rows_of_the_future_doubt_the_clock_and_correct_nothing_until_it_passes_them() {
        let mut guard = ClockGuard::default();
        assert_eq!(guard.look(moment(0, 0)), Belief::Plausible);
        guard.see_future(Some(truth(7200)));
        assert_eq!(reason(guard.look(moment(10, 0))), Some((DoubtReason::FutureRows, 10 - 7200)));
        assert_eq!(guard.present(moment(10, 0)), truth(10));
        assert_eq!(guard.look(moment(7200, 0)), Belief::Plausible);
        let mut set_right = ClockGuard::default();
        set_right.look(moment(0, -DAY));
        set_right.see_future(Some(truth(0) - SignedDuration::from_hours(2)));
        assert!(set_right.look(moment(10, -DAY)).doubt().is_some());
        assert_eq!(set_right.look(moment(20, 0)), Belief::Plausible, "it jumped to where the rows said");
        guard.see_future(Some(truth(20_000)));
        guard.hear("noaa20", truth(7300), moment(7300, 0));
        assert_eq!(guard.look(moment(7301, 0)), Belief::Proven, "then it is the feed that is wrong");
    }

    #[test]
    fn after_a_start_far_beyond_the_record_deadlines_wait_for_somebody_to_confirm_the_clock() {
        let due = |off, steady, date: Option<i64>| {
            let mut guard = ClockGuard::default();
            guard.recall(truth(0), Duration::ZERO);
            guard.look(moment(1, off));
            if let Some(date) = date {
                guard.hear("noaa20", moment(2, date).wall, moment(2, off));
            }
            guard.due_by(moment(steady, off))
        };
        assert_eq!(due(3600, 10, None), moment(10, 3600).wall, "a short pause");
        assert_eq!(due(2 * DAY, 10, None), truth(10));
        assert_eq!(due(2 * DAY, 310, None), moment(310, 2 * DAY).wall, "nobody is there to ask");
        assert_eq!(due(365 * DAY, 310, None), truth(310));
        assert_eq!(due(365 * DAY, 86_410, None), moment(86_410, 365 * DAY).wall);
        assert_eq!(due(365 * DAY, 10, Some(0)), truth(10), "it is wrong");
        assert_eq!(due(365 * DAY, 10, Some(365 * DAY)), moment(10, 365 * DAY).wall, "it was off for a year");
        assert_eq!(due(-DAY, 10, Some(0)), moment(10, -DAY).wall, "not even what is due by a corrected time alone");
    }

    #[test]
    fn a_live_feed_is_not_late_by_an_unconfirmed_clock_alone() {
        let newest = Some(truth(0) - SignedDuration::from_hours(2));
        let reference = |off: i64, date: Option<Timestamp>| {
            let mut guard = ClockGuard::default();
            guard.recall(truth(0), Duration::ZERO);
            if let Some(date) = date {
                guard.hear("noaa20", date, moment(9, off));
            }
            guard.age_reference(moment(10, off), newest)
        };
        assert_eq!(reference(365 * DAY, None), truth(10));
        assert_eq!(reference(3600, None), moment(10, 3600).wall, "an hour is a pause of the service");
        assert_eq!(reference(365 * DAY, Some(truth(9))), truth(10));
        assert_eq!(reference(365 * DAY, Some(moment(9, 365 * DAY).wall)), moment(10, 365 * DAY).wall, "it was off");
    }
}
