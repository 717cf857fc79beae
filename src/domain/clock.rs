//! The clocks of an alert: which run when, how long, when they are due, and whom a missed one wakes.
//!
//! Pure: the store keeps a row per clock and asks here. A person's clock starts when his message
//! was delivered, not when the satellite flew over, and rests in his quiet hours; a duty desk has
//! no quiet hours. What was never delivered is undelivered, not overdue.

use super::ground::Ground;
use super::named::named;
use super::observation::Confidence;
use super::time::{Date, DateTime, SignedDuration, Time, TimeZone, Timestamp};
use super::unit::{UnitCode, UnitLevel};
use super::verdict::Verdict;

named! {
    /// What a clock waits for.
    pub enum ClockKind {
        Acknowledge = "acknowledge",
        OnSite = "on_site",
        PutOut = "put_out",
        Report = "report",
        Review = "review",
        Rectify = "rectify",
        /// Not a person's deadline; when it comes the look-back is due.
        LookBack = "look_back",
        Decide = "decide",
        /// The date given by whoever sent the letter.
        Reply = "reply",
    }
}

impl ClockKind {
    /// Whether it is about blame rather than attendance: a dispute pauses it.
    #[must_use]
    pub fn is_of_blame(self) -> bool {
        matches!(self, Self::Report | Self::Rectify)
    }

    /// How long it runs unless configured otherwise.
    ///
    /// # Source
    /// Response within 30 minutes is what Chaoyang (2022) and Dunhua (2023) ask for; the others are
    /// the product's defaults.
    #[must_use]
    pub fn default_minutes(self) -> u32 {
        match self {
            Self::Acknowledge => 10,
            Self::OnSite | Self::PutOut => 30,
            Self::Report => 120,
            Self::Review | Self::Decide => 24 * 60,
            Self::Rectify => 7 * 24 * 60,
            Self::LookBack => 30 * 24 * 60,
            // Its date comes with the letter.
            Self::Reply => 0,
        }
    }
}

/// Local hours in which a person's clocks rest; half-open, may cross midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// First moment.
    pub from: Time,
    /// First moment after.
    pub to: Time,
}

impl QuietHours {
    /// Reads `HH:MM..HH:MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let time = |text: &str| -> Option<Time> {
            let (hour, minute) = text.trim().split_once(':')?;
            Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
        };
        let (from, to) = (time(from)?, time(to)?);
        (from != to).then_some(Self { from, to })
    }

    /// The quiet span that holds a moment or is the next one after it.
    fn next(self, at: DateTime) -> Option<(DateTime, DateTime)> {
        // Yesterday's span may reach into today.
        let days = [at.date().yesterday().ok()?, at.date(), at.date().tomorrow().ok()?];
        days.into_iter().filter_map(|day| self.on(day)).find(|(_, end)| *end > at)
    }

    fn on(self, day: Date) -> Option<(DateTime, DateTime)> {
        let last = if self.from < self.to { day } else { day.tomorrow().ok()? };
        Some((day.to_datetime(self.from), last.to_datetime(self.to)))
    }
}

/// One exception from the default times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockRule {
    /// The clock.
    pub kind: ClockKind,
    /// For units of this level only.
    pub level: Option<UnitLevel>,
    /// For alerts of this verdict only.
    pub verdict: Option<Verdict>,
    /// Minutes.
    pub minutes: u32,
}

/// How high a missed clock may climb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceilings {
    /// For fires in the ban zone.
    pub banned: UnitLevel,
    /// For the others.
    pub others: UnitLevel,
    /// For a single pixel of low confidence, whatever its verdict: it never wakes the mayor.
    pub low_confidence: UnitLevel,
}

impl Default for Ceilings {
    fn default() -> Self {
        Self { banned: UnitLevel::City, others: UnitLevel::County, low_confidence: UnitLevel::County }
    }
}

/// The times and limits of all clocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClockRules {
    /// Exceptions, in the order of the configuration; the last that fits speaks.
    pub rules: Vec<ClockRule>,
    /// When persons' clocks rest.
    pub quiet_hours: Option<QuietHours>,
    /// How high a missed clock may climb.
    pub ceilings: Ceilings,
}

impl ClockRules {
    /// How long a clock runs for a unit of a level and a verdict.
    #[must_use]
    pub fn minutes(&self, kind: ClockKind, level: UnitLevel, verdict: Option<Verdict>) -> u32 {
        let fits = |rule: &&ClockRule| {
            rule.kind == kind
                && rule.level.is_none_or(|wanted| wanted == level)
                && rule.verdict.is_none_or(|wanted| Some(wanted) == verdict)
        };
        self.rules.iter().rev().find(fits).map_or_else(|| kind.default_minutes(), |rule| rule.minutes)
    }

    /// When a clock is due that starts at an instant for a unit of a level.
    ///
    /// Persons (of units below the township) have quiet hours; duty desks and days-long clocks have not.
    #[must_use]
    pub fn due_at(
        &self,
        kind: ClockKind,
        level: UnitLevel,
        verdict: Option<Verdict>,
        starts_at: Timestamp,
        zone: &TimeZone,
    ) -> Timestamp {
        let minutes = self.minutes(kind, level, verdict);
        let runs = SignedDuration::from_mins(i64::from(minutes));
        match self.quiet_hours {
            Some(quiet) if level > UnitLevel::Township => due_with_rest(starts_at, runs, quiet, zone),
            _ => starts_at.checked_add(runs).unwrap_or(Timestamp::MAX),
        }
    }

    /// How high a missed clock of an alert may climb.
    #[must_use]
    pub fn ceiling(&self, verdict: Option<Verdict>, pixels: u32, confidence: Option<Confidence>) -> UnitLevel {
        let is_weak = pixels == 1 && confidence.is_some_and(|confidence| confidence.class() == Confidence::Low);
        let by_verdict = if verdict == Some(Verdict::Banned) { self.ceilings.banned } else { self.ceilings.others };
        // A greater level is a lower unit.
        if is_weak { by_verdict.max(self.ceilings.low_confidence) } else { by_verdict }
    }
}

/// The instant at which `runs` have passed outside the quiet hours.
fn due_with_rest(starts_at: Timestamp, runs: SignedDuration, quiet: QuietHours, zone: &TimeZone) -> Timestamp {
    let (mut at, mut left) = (starts_at, runs);
    // Every round ends a quiet span, at least one a day; deadlines of persons are hours, so a year of
    // rounds is far beyond any.
    for _ in 0..400 {
        let local = zone.to_datetime(at);
        let span =
            quiet.next(local).and_then(|(from, to)| Some((zone.to_timestamp(from).ok()?, zone.to_timestamp(to).ok()?)));
        let Some((rest_from, rest_to)) = span else { break };
        let until_rest = rest_from.duration_since(at);
        if left <= until_rest {
            break;
        }
        if !until_rest.is_negative() {
            left -= until_rest;
        }
        at = rest_to;
    }
    at.checked_add(left).unwrap_or(Timestamp::MAX)
}

/// The desk one level up that hears of a missed clock: the parent of `from`, as far as the ceiling allows.
#[must_use]
pub fn next_desk(ground: &Ground, from: &UnitCode, ceiling: UnitLevel) -> Option<UnitCode> {
    let parent = ground.unit(from)?.parent.as_ref().and_then(|code| ground.unit(code))?;
    (parent.level >= ceiling).then(|| parent.code.clone())
}

/// Fired later than its due time by more than this, a deadline is marked late: the service was
/// down or its clock stood still. Well above the pace at which deadlines are looked at.
pub const LATE_AFTER: SignedDuration = SignedDuration::from_mins(2);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn night() -> ClockRules {
        ClockRules { quiet_hours: QuietHours::parse("22:00..05:00"), ..ClockRules::default() }
    }

    #[test]
    fn a_persons_clock_rests_in_his_quiet_hours_and_a_desks_does_not() {
        let due =
            |level, starts: &str| night().due_at(ClockKind::OnSite, level, None, at(starts), &shanghai()).to_string();
        // 21:50 local: ten minutes run before the rest, twenty after it.
        assert_eq!(due(UnitLevel::Grid, "2026-04-13T13:50:00Z"), "2026-04-13T21:20:00Z");
        // 23:00 local: all of it after the rest.
        assert_eq!(due(UnitLevel::Village, "2026-04-13T15:00:00Z"), "2026-04-13T21:30:00Z");
        // 02:00 local, in the part after midnight.
        assert_eq!(due(UnitLevel::Grid, "2026-04-12T18:00:00Z"), "2026-04-12T21:30:00Z");
        // Ends exactly when the rest begins.
        assert_eq!(due(UnitLevel::Grid, "2026-04-13T13:30:00Z"), "2026-04-13T14:00:00Z");
        assert_eq!(due(UnitLevel::Township, "2026-04-13T15:00:00Z"), "2026-04-13T15:30:00Z");
    }

    #[test]
    fn the_last_rule_that_fits_speaks() {
        let rule = |level, verdict, minutes| ClockRule { kind: ClockKind::Acknowledge, level, verdict, minutes };
        let rules = ClockRules {
            rules: vec![
                rule(None, None, 15),
                rule(Some(UnitLevel::County), None, 20),
                rule(None, Some(Verdict::Banned), 5),
            ],
            ..ClockRules::default()
        };
        let minutes = |level, verdict| rules.minutes(ClockKind::Acknowledge, level, verdict);
        assert_eq!(minutes(UnitLevel::Grid, Some(Verdict::Unplanned)), 15);
        assert_eq!(minutes(UnitLevel::County, Some(Verdict::Unplanned)), 20);
        assert_eq!(minutes(UnitLevel::County, Some(Verdict::Banned)), 5);
        assert_eq!(rules.minutes(ClockKind::OnSite, UnitLevel::Grid, None), 30, "others keep their default");
    }

    #[test]
    fn a_single_weak_pixel_never_climbs_as_high_as_a_sure_one() {
        let rules = ClockRules::default();
        let ceiling = |verdict, pixels, confidence| rules.ceiling(Some(verdict), pixels, Some(confidence));
        assert_eq!(ceiling(Verdict::Banned, 1, Confidence::Low), UnitLevel::County);
        assert_eq!(ceiling(Verdict::Banned, 1, Confidence::Percent(29)), UnitLevel::County);
        assert_eq!(ceiling(Verdict::Banned, 2, Confidence::Low), UnitLevel::City);
        assert_eq!(ceiling(Verdict::Banned, 1, Confidence::Nominal), UnitLevel::City);
        assert_eq!(ceiling(Verdict::Unplanned, 9, Confidence::High), UnitLevel::County);
    }

    proptest! {
        #[test]
        fn a_due_time_has_exactly_its_minutes_outside_the_quiet_hours(
            start_minute in 0i64..(60 * 24 * 40), minutes in 0u32..2000, from in 0i8..24, to in 0i8..24,
        ) {
            prop_assume!(from != to);
            let quiet = QuietHours::parse(&format!("{from:02}:00..{to:02}:00")).unwrap();
            let starts_at = at("2026-03-01T00:00:00Z") + SignedDuration::from_mins(start_minute);
            let due = due_with_rest(starts_at, SignedDuration::from_mins(i64::from(minutes)), quiet, &shanghai());
            // Minute by minute: how many of them lie outside.
            let is_quiet = |at: Timestamp| {
                let hour = shanghai().to_datetime(at).hour();
                if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to }
            };
            let (mut now, mut ran) = (starts_at, 0);
            while now < due {
                ran += u32::from(!is_quiet(now));
                now += SignedDuration::from_mins(1);
            }
            prop_assert_eq!(ran, minutes);
        }
    }
}
