//! The server: gives out, by the real URLs, what would be published by now.
//!
//! [`Simulator`] keeps the burning days round its clock; [`Simulator::router`] answers the
//! rolling files and the area API, `/mapserver/mapkey_status/` and `/truth.json`. Started by
//! `firegrid simulate` and `firegrid demo`. It decides nothing about fires ([`super::day`])
//! or spelling ([`super::write`]).
//!
//! Time: `now` comes from the clock it was given. Rows appear when their latency is over,
//! which [`Options::speed`] may shorten; a row acquired later than `now` never appears, so
//! the service never meets a look from the future. Days are made when the clock reaches
//! them, so a simulator may run for weeks; what is older than any file reaches is dropped.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use super::area::{Quota, Refusal};
use super::day::{BEGINS_AT_HOUR, DayOptions, SimulatedDay, SimulatedRow, burning_day};
use super::truth::{self, Truth};
use super::{elsewhere, moved, routes};
use crate::config::{FirmsFile, FirmsWindow, SourceConfig, SourceKind};
use crate::domain::ground::Ground;
use crate::domain::time::{self, Date, SignedDuration, TimeError, Timestamp};

/// What tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How simulated hours stand to the hours of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The passes come at their real local hours.
    Hours,
    /// The start of the simulator is 16:30 of the simulated day, whatever the clock shows.
    ///
    /// The day's passes then lie one to eight hours back, most of their rows are
    /// published and the rest are coming in, so a demo is worth looking at by night too.
    /// All lie on the local day of the start when it starts after 07:30, all but Terra's
    /// when it starts after 04:00; before that part of them lie on the evening before, as
    /// with any truthful feed: no row is out within two hours of midnight.
    Afternoon,
}

impl Anchor {
    fn text(self) -> &'static str {
        match self {
            Self::Hours => "the passes come at their real local hours",
            Self::Afternoon => "the passes are shifted so that the demo has an afternoon at any hour",
        }
    }
}

/// What the simulator is to be like.
#[derive(Debug, Clone)]
pub struct Options {
    /// Decides, with ground and day, everything that burns and is seen.
    pub seed: u64,
    /// Straw fires lit a day, seen or not.
    pub fires: usize,
    /// How many times faster than the clock rows are published; 1 is real latency.
    pub speed: f64,
    /// How simulated hours stand to the clock.
    pub anchor: Anchor,
    /// Burning days before the first that are there from the start.
    ///
    /// Of the day before, the night passes are under a day old; its day passes are what a
    /// service that starts late finds.
    pub days_before: u8,
    /// Rows an hour and satellite from elsewhere in Asia, as real files hold them.
    pub elsewhere: usize,
    /// The key of the area API.
    pub map_key: String,
    /// Transactions the key may make in ten minutes.
    pub transaction_limit: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            fires: 40,
            speed: 1.0,
            anchor: Anchor::Afternoon,
            days_before: 1,
            elsewhere: 0,
            map_key: "0123456789abcdef0123456789abcdef".to_owned(),
            transaction_limit: 5000,
        }
    }
}

/// Local time that an [`Anchor::Afternoon`] gives the start.
const AFTERNOON: SignedDuration = SignedDuration::from_mins(16 * 60 + 30);

/// Days kept: the longest file reaches a week and a day back, and burning days straddle UTC days.
const KEPT_DAYS: i64 = 10;

/// A FIRMS double on one ground.
pub struct Simulator {
    ground: Arc<Ground>,
    clock: Clock,
    options: Options,
    started: Timestamp,
    shift: SignedDuration,
    days: Mutex<BTreeMap<Date, Arc<SimulatedDay>>>,
    quota: Mutex<Quota>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { options, started, shift, .. } = self;
        write!(f, "Simulator {{ options: {options:?}, started: {started}, shift: {shift} }}")
    }
}

impl Simulator {
    /// A simulator that starts now, with its first days made.
    ///
    /// # Errors
    /// [`TimeError`] when the clock stands at the end of the calendar.
    pub fn new(ground: Arc<Ground>, clock: Clock, options: Options) -> Result<Self, TimeError> {
        let started = clock();
        let shift = match options.anchor {
            Anchor::Hours => SignedDuration::ZERO,
            Anchor::Afternoon => {
                let zone = &ground.data().time_zone;
                let (midnight, _) = time::day_bounds(time::local_day(started, zone), zone)?;
                started.duration_since(moved(midnight, AFTERNOON))
            }
        };
        let quota = Mutex::new(Quota::new(options.transaction_limit));
        let simulator = Self { ground, clock, options, started, shift, days: Mutex::default(), quota };
        simulator.days_until(started)?;
        Ok(simulator)
    }

    /// What really burns, of all days that are kept.
    ///
    /// # Errors
    /// [`TimeError`] when the clock has come to the end of the calendar.
    pub fn truth(&self) -> Result<Truth, TimeError> {
        let days = self.days_until((self.clock)())?;
        Ok(Truth {
            note: "simulated fires; none of this happened",
            seed: self.options.seed,
            anchor: self.options.anchor.text(),
            shift_seconds: self.shift.as_secs(),
            days: days.iter().map(|day| truth::of_day(day)).collect(),
        })
    }

    /// The routes.
    pub fn router(self: Arc<Self>) -> axum::Router {
        routes::router(self)
    }

    /// Serves until cancelled; requests under way are finished.
    ///
    /// # Errors
    /// Those of the listener.
    pub async fn serve(
        self: Arc<Self>,
        listener: tokio::net::TcpListener,
        cancel: tokio_util::sync::CancellationToken,
    ) -> std::io::Result<()> {
        axum::serve(listener, self.router()).with_graceful_shutdown(cancel.cancelled_owned()).await
    }

    /// What the clock shows.
    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The rows published by `now` that a reader wants, in the order of publication.
    pub(super) fn published(
        &self,
        now: Timestamp,
        wanted: impl Fn(&SimulatedRow) -> bool,
    ) -> Result<Vec<SimulatedRow>, TimeError> {
        let elapsed_secs = now.duration_since(self.started).as_secs_f64() * self.options.speed;
        // A speed beyond all measure: everything there is, is out.
        let elapsed = SignedDuration::try_from_secs_f64(elapsed_secs).unwrap_or(SignedDuration::MAX);
        let reached = moved(self.started, elapsed);
        let days = self.days_until(now)?;
        let rows = days.iter().rev().flat_map(|day| &day.rows);
        let out = rows.filter(|row| row.available_at <= reached && row.acquired_at <= now && wanted(row));
        Ok(out.cloned().collect())
    }

    /// Whether this is the key of the area API.
    pub(super) fn knows_key(&self, key: &str) -> bool {
        key == self.options.map_key
    }

    /// Takes transactions from the key's quota.
    pub(super) fn spend(&self, transactions: u32, now: Timestamp) -> Result<(), Refusal> {
        locked(&self.quota).take(transactions, now)
    }

    /// The key's limit and what it has spent of it.
    pub(super) fn spent(&self, now: Timestamp) -> (u32, u32) {
        let mut quota = locked(&self.quota);
        (quota.limit(), quota.current(now))
    }

    /// Adds what burns far away that day.
    fn with_elsewhere(&self, mut made: SimulatedDay) -> Result<SimulatedDay, TimeError> {
        if let Some(city) = self.ground.city_extent() {
            let (midnight, _) = time::day_bounds(made.day, &self.ground.data().time_zone)?;
            let begins = moved(midnight, SignedDuration::from_hours(BEGINS_AT_HOUR));
            let Options { seed, elsewhere, .. } = self.options;
            made.rows.extend(elsewhere::rows(city, begins, made.day, seed, elsewhere));
        }
        Ok(made)
    }

    /// The kept days until an instant, oldest first; those not yet made are made now.
    fn days_until(&self, now: Timestamp) -> Result<Vec<Arc<SimulatedDay>>, TimeError> {
        let burning_day_of = |at: Timestamp| {
            let hours = moved(at, -self.shift);
            self.ground.local_day(moved(hours, SignedDuration::from_hours(-BEGINS_AT_HOUR)))
        };
        let day_before = |day: Date, n: i64| day.saturating_sub(SignedDuration::from_hours(24 * n));
        let last = burning_day_of(now);
        let first = day_before(burning_day_of(self.started), i64::from(self.options.days_before));
        let first = first.max(day_before(last, KEPT_DAYS - 1));

        let mut days = locked(&self.days);
        days.retain(|day, _| *day >= first);
        // The calendar's last day has no tomorrow: the series ends there.
        let series = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        for day in series.take_while(|day| *day <= last) {
            if let Entry::Vacant(missing) = days.entry(day) {
                let options = DayOptions { fires: self.options.fires };
                let made = burning_day(&self.ground, day, self.options.seed, options)?;
                missing.insert(Arc::new(self.with_elsewhere(made)?.shifted(self.shift)));
            }
        }
        Ok(days.range(..=last).map(|(_, day)| Arc::clone(day)).collect())
    }
}

/// The keyless sources of a configuration, pointing at a simulator.
#[must_use]
pub fn sources(base_url: &str) -> Vec<SourceConfig> {
    let files = [("noaa21", FirmsFile::Noaa21), ("noaa20", FirmsFile::Noaa20), ("modis", FirmsFile::Modis)];
    files
        .map(|(id, satellite)| SourceConfig {
            id: id.to_owned(),
            kind: SourceKind::FirmsFiles {
                satellite,
                region: "Russia_Asia".to_owned(),
                window: FirmsWindow::Day,
                base_url: base_url.trim_end_matches('/').to_owned(),
            },
        })
        .into()
}

/// What a lock guards is replaced whole, so a panic elsewhere leaves nothing half done.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
