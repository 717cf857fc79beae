//! The burning policy of a day: closures, permitted hours, burn-weather levels, quotas.
//!
//! Read from `calendar.toml` and `burn_weather.csv` by [`crate::regions`], asked by
//! [`crate::domain::verdict`]. Everything is a matter of local wall-clock time at the place
//! and moment of acquisition.

use serde::{Deserialize, Serialize};

use super::time::{Date, DateTime, Time};
use super::unit::UnitCode;

/// The worst burn-weather level: burning strictly forbidden.
///
/// # Source
/// Heilongjiang's burn-weather index of 2017: 1 suitable, 2 reduce, 3 do not, 4 strictly forbidden.
pub const WORST_WEATHER_LEVEL: u8 = 4;

/// A time in which limited ground counts as banned: a national event, a heavy-pollution alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// What it is called.
    pub name: String,
    /// First local moment inside.
    pub from: DateTime,
    /// First local moment after.
    pub to: DateTime,
    /// The units it holds for, with everything below them; empty means everywhere.
    pub units: Vec<UnitCode>,
    /// The document it rests on.
    pub basis: Option<String>,
}

impl Closure {
    /// Whether it is running at a local moment.
    #[must_use]
    pub fn is_running(&self, at: DateTime) -> bool {
        self.from <= at && at < self.to
    }
}

/// The local hours in which planned burning is permitted; half-open, may cross midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermittedHours {
    /// First moment inside.
    pub from: Time,
    /// First moment after; midnight stands for the end of the day.
    pub to: Time,
}

impl PermittedHours {
    /// Whether a local time of day is permitted.
    #[must_use]
    pub fn hold(&self, at: Time) -> bool {
        if self.from < self.to { self.from <= at && at < self.to } else { self.from <= at || at < self.to }
    }
}

/// The largest area that may be burnt by plan in a unit on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quota {
    /// The units it holds for, each by itself; empty means every unit that has a plan.
    pub units: Vec<UnitCode>,
    /// Area, mu (15 mu are a hectare).
    pub area_mu: f64,
}

/// What `calendar.toml` says; without the file nothing is closed and every hour is permitted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calendar {
    /// Closures, in the order of the file.
    pub closures: Vec<Closure>,
    /// When planned burning is permitted; `None` is always.
    pub hours: Option<PermittedHours>,
    /// Highest burn-weather level at which planned burning is permitted; `None` asks for no level.
    pub max_weather_level: Option<u8>,
    /// Daily quotas, in the order of the file.
    pub quotas: Vec<Quota>,
}

/// The burn-weather level of a county (or any unit) and local day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnWeather {
    /// The unit.
    pub unit_code: UnitCode,
    /// The local day.
    pub date: Date,
    /// 1 suitable, 2 reduce, 3 do not, 4 strictly forbidden.
    pub level: u8,
}
