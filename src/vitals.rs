//! What the running service knows of itself and the database cannot tell: whether this machine's clock is believed,
//! which feeds could not be recorded, and whether the region files have faults that keep them from being taken up.
//!
//! One [`Vitals`] for the process, made by [`crate::app`]; [`crate::watch`] tells it what it learns, everything that
//! decides by the time asks it for the present, and [`crate::web`] shows it. The rules are those of
//! [`crate::domain::clock_trust`]. Kept in memory, because it must be known while nothing can be written.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::clock_trust::{Belief, ClockGuard, Doubt, Moment};
use crate::domain::feed_content::Content;
use crate::domain::time::Timestamp;

/// Shared by everything that runs; see the module.
pub struct Vitals {
    /// The time since some fixed moment, on a clock that nobody sets.
    steady: Box<dyn Fn() -> Duration + Send + Sync>,
    guard: Mutex<ClockGuard>,
    unrecorded: Mutex<BTreeMap<String, Unrecorded>>,
    region_faults: Mutex<Vec<String>>,
}

/// That a feed's polls cannot be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// Since when.
    pub since: Timestamp,
    /// Why, in the words of whatever refused.
    pub why: String,
}

impl Default for Vitals {
    fn default() -> Self {
        let started = Instant::now();
        Self::with_steady(move || started.elapsed())
    }
}

impl Vitals {
    /// With another steady clock.
    #[must_use]
    pub fn with_steady(steady: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self {
            steady: Box::new(steady),
            guard: Mutex::default(),
            unrecorded: Mutex::default(),
            region_faults: Mutex::default(),
        }
    }

    /// The present when the wall clock shows `wall`: the same, or the best that is known while it is doubted.
    #[must_use]
    pub fn present(&self, wall: Timestamp) -> Timestamp {
        self.guard().present(self.moment(wall))
    }

    /// How far the wall clock is believed.
    #[must_use]
    pub fn belief(&self, wall: Timestamp) -> Belief {
        self.guard().look(self.moment(wall))
    }

    /// What is wrong with the wall clock, if anything.
    #[must_use]
    pub fn doubt(&self, wall: Timestamp) -> Option<Doubt> {
        self.belief(wall).doubt()
    }

    /// The latest instant that has certainly passed, for whatever removes by age; `None` while the clock is doubted.
    #[must_use]
    pub fn certain(&self, wall: Timestamp) -> Option<Timestamp> {
        self.guard().certain(self.moment(wall))
    }

    /// The later of the wall clock and the present: what lies after it is of the future by any account.
    #[must_use]
    pub fn latest(&self, wall: Timestamp) -> Timestamp {
        self.present(wall).max(wall)
    }

    /// The instant by which deadlines are due, by every account.
    #[must_use]
    pub fn due_by(&self, wall: Timestamp) -> Timestamp {
        self.guard().due_by(self.moment(wall))
    }

    /// Against what the age of a live feed's rows counts, when its newest row is of `newest`.
    #[must_use]
    pub fn age_reference(&self, wall: Timestamp, newest: Option<Timestamp>) -> Timestamp {
        self.guard().age_reference(self.moment(wall), newest)
    }

    /// Takes up what the database knew to have passed.
    pub fn recall(&self, certain_at: Timestamp) {
        let steady = (self.steady)();
        self.guard().recall(certain_at, steady);
    }

    /// The server of a source answered at its own `date`.
    pub fn hear(&self, source: &str, date: Timestamp, wall: Timestamp) {
        self.guard().hear(source, date, self.moment(wall));
    }

    /// The server of a source has a certificate that is not valid by this clock.
    pub fn refuse_certificate(&self, source: &str) {
        self.guard().refuse_certificate(source);
    }

    /// A whole table came: its rows prove that some time has passed, or doubt the clock.
    pub fn see(&self, content: &Content) {
        let steady = (self.steady)();
        let mut guard = self.guard();
        if let Some(newest) = content.newest_at() {
            guard.see(newest, steady);
        }
        // Only a table can take back what a table said: one without rows says nothing.
        if content.rows > 0 {
            guard.see_future(content.mostly_future());
        }
    }

    /// A poll of a source could not be recorded.
    pub fn not_recorded(&self, source: &str, why: String, now: Timestamp) {
        let mut unrecorded = self.unrecorded.lock().unwrap_or_else(PoisonError::into_inner);
        unrecorded.entry(source.to_owned()).or_insert_with(|| Unrecorded { since: now, why: String::new() }).why = why;
    }

    /// A poll of a source was recorded.
    pub fn recorded(&self, source: &str) {
        self.unrecorded.lock().unwrap_or_else(PoisonError::into_inner).remove(source);
    }

    /// Whether, since when and why a source cannot be recorded.
    #[must_use]
    pub fn unrecorded(&self, source: &str) -> Option<Unrecorded> {
        self.unrecorded.lock().unwrap_or_else(PoisonError::into_inner).get(source).cloned()
    }

    /// The region files were read: the faults that keep them from being taken up, or none.
    pub fn region_files_read(&self, faults: Vec<String>) {
        *self.region_faults.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// The faults that keep the region files from being taken up, as they were last read; none while all is well.
    #[must_use]
    pub fn region_faults(&self) -> Vec<String> {
        self.region_faults.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn moment(&self, wall: Timestamp) -> Moment {
        Moment { wall, steady: (self.steady)() }
    }

    fn guard(&self) -> MutexGuard<'_, ClockGuard> {
        // A panic elsewhere leaves no guard half changed: each call changes one thing.
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Vitals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vitals").field("guard", &self.guard()).finish_non_exhaustive()
    }
}
