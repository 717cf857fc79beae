//! The clocks of one alert: rows that start, end, pause and pass to another unit.

use super::Setting;
use crate::domain::alert::AlertNumber;
use crate::domain::clock::ClockKind;
use crate::domain::named::named;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;

named! {
    /// How a clock ended.
    pub enum Outcome {
        /// In time.
        Met = "met",
        /// After it had fired.
        Missed = "missed",
        /// Nobody waits for it any more.
        Cancelled = "cancelled",
    }
}

/// A clock that runs, or that ends now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Its row; `None` for one that starts now.
    pub id: Option<i64>,
    /// Whose alert it is.
    pub number: AlertNumber,
    /// What it waits for.
    pub kind: ClockKind,
    /// Whose it is.
    pub unit: UnitCode,
    /// One person of it.
    pub person: Option<String>,
    /// 0 for the first holder, then one more for each desk it was escalated to.
    pub step: u32,
    /// When it started.
    pub starts_at: Timestamp,
    /// When it is due; `None` while it is paused.
    pub due_at: Option<Timestamp>,
    /// What is left of it while it is paused, ms.
    pub remaining_ms: Option<i64>,
    /// When it fired.
    pub fired_at: Option<Timestamp>,
    /// It fired later than it should have.
    pub was_late: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// The running clocks of an alert while something is decided.
pub(super) struct Clocks<'a> {
    setting: Setting<'a>,
    before: &'a [Clock],
    now: Vec<Clock>,
}

/// A clock to be started.
pub(super) struct Start<'a> {
    pub kind: ClockKind,
    pub unit: &'a UnitCode,
    pub person: Option<&'a str>,
    pub step: u32,
    pub due_at: Timestamp,
}

impl<'a> Clocks<'a> {
    pub fn of(setting: Setting<'a>, before: &'a [Clock]) -> Self {
        Self { setting, before, now: before.to_vec() }
    }

    /// What starts, ends or changes.
    pub fn changed(self) -> Vec<Clock> {
        self.now.into_iter().filter(|clock| !self.before.contains(clock)).collect()
    }

    fn running(&mut self) -> impl Iterator<Item = &mut Clock> {
        self.now.iter_mut().filter(|clock| clock.ended_at.is_none())
    }

    /// Those of blame that have not fired: a dispute pauses them.
    fn of_blame(&mut self) -> impl Iterator<Item = &mut Clock> {
        self.running().filter(|clock| clock.kind.is_of_blame() && clock.fired_at.is_none())
    }

    pub fn is_running(&self, kind: ClockKind) -> bool {
        self.lowest(kind).is_some()
    }

    /// The running clock of a kind of whoever has it first.
    pub fn lowest(&self, kind: ClockKind) -> Option<&Clock> {
        let running = self.now.iter().filter(|clock| clock.ended_at.is_none() && clock.kind == kind);
        running.min_by_key(|clock| clock.step)
    }

    pub fn start(&mut self, number: &AlertNumber, clock: &Start<'_>) {
        self.now.push(Clock {
            id: None,
            number: number.clone(),
            kind: clock.kind,
            unit: clock.unit.clone(),
            person: clock.person.map(str::to_owned),
            step: clock.step,
            starts_at: self.setting.now,
            due_at: Some(clock.due_at),
            remaining_ms: None,
            fired_at: None,
            was_late: false,
            ended_at: None,
            outcome: None,
        });
    }

    /// When the usual clock of a kind is due for a unit; one that is no more has the time of `otherwise`.
    pub fn due_at(
        &self,
        kind: ClockKind,
        unit: &UnitCode,
        verdict: Option<Verdict>,
        otherwise: UnitLevel,
    ) -> Timestamp {
        let Setting { ground, rules, now } = self.setting;
        let level = ground.unit(unit).map_or(otherwise, |unit| unit.level);
        rules.clocks.due_at(kind, level, verdict, now, &ground.data().time_zone)
    }

    /// Ends the running clocks of some kinds; one that had fired was missed.
    pub fn end(&mut self, kinds: &[ClockKind], outcome: Outcome) {
        let now = self.setting.now;
        for clock in self.running().filter(|clock| kinds.contains(&clock.kind)) {
            clock.ended_at = Some(now);
            let is_missed = outcome == Outcome::Met && clock.fired_at.is_some();
            clock.outcome = Some(if is_missed { Outcome::Missed } else { outcome });
        }
    }

    /// A clock that is still its first holder's becomes another unit's, and keeps its due time.
    pub fn give(&mut self, kind: ClockKind, to: &UnitCode) {
        let own = |clock: &&mut Clock| clock.kind == kind && clock.step == 0 && clock.fired_at.is_none();
        self.running().filter(own).for_each(|clock| clock.unit = to.clone());
    }

    /// Whoever was promised a reply waits for it at another alert.
    pub fn hand_over_replies(&mut self, to: &AlertNumber) {
        self.running().filter(|clock| clock.kind == ClockKind::Reply).for_each(|clock| clock.number = to.clone());
    }

    pub fn pause_blame(&mut self) {
        let now = self.setting.now;
        for clock in self.of_blame() {
            if let Some(due_at) = clock.due_at.take() {
                let left = due_at.as_millisecond() - now.as_millisecond();
                clock.remaining_ms = Some(left.max(0));
            }
        }
    }

    pub fn resume_blame(&mut self) {
        let now = self.setting.now;
        for clock in self.of_blame() {
            if let Some(left) = clock.remaining_ms.take() {
                clock.due_at = now.checked_add(SignedDuration::from_millis(left)).ok();
            }
        }
    }

    /// A clock's time is over.
    pub fn fire(&mut self, id: i64, was_late: bool) {
        let now = self.setting.now;
        for clock in self.running().filter(|clock| clock.id == Some(id)) {
            clock.fired_at = Some(now);
            clock.was_late = was_late;
        }
    }
}
