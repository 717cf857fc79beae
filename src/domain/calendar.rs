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

    /// The hours as people write them, `08:00` and `24:00`.
    #[must_use]
    pub fn texts(&self) -> (String, String) {
        let to = if self.to == Time::midnight() { "24:00".to_owned() } else { self.to.strftime("%H:%M").to_string() };
        (self.from.strftime("%H:%M").to_string(), to)
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

impl Calendar {
    /// The closures that are running at a local moment, in the order of the file.
    pub fn running(&self, at: DateTime) -> impl Iterator<Item = &Closure> {
        self.closures.iter().filter(move |closure| closure.is_running(at))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: &str, to: &str) -> PermittedHours {
        PermittedHours { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn permitted_hours_are_half_open_and_may_cross_midnight() {
        let cases = [
            ("08:00", "16:00", "07:59:59", false),
            ("08:00", "16:00", "08:00:00", true),
            ("08:00", "16:00", "15:59:59", true),
            ("08:00", "16:00", "16:00:00", false),
            ("20:00", "04:00", "23:59:59", true),
            ("20:00", "04:00", "00:00:00", true),
            ("20:00", "04:00", "04:00:00", false),
            ("08:00", "00:00", "23:59:59", true),
            ("08:00", "00:00", "00:00:00", false),
            ("00:00", "00:00", "12:00:00", true),
        ];
        for (from, to, at, permitted) in cases {
            assert_eq!(hours(from, to).hold(at.parse().unwrap()), permitted, "{from}..{to} at {at}");
        }
        assert_eq!(hours("08:00", "00:00").texts(), ("08:00".to_owned(), "24:00".to_owned()));
    }

    #[test]
    fn a_closure_begins_with_its_first_moment_and_ends_before_its_last() {
        let closure = Closure {
            name: "重污染天气".to_owned(),
            from: "2026-03-01T00:00".parse().unwrap(),
            to: "2026-03-02T12:00".parse().unwrap(),
            units: Vec::new(),
            basis: None,
        };
        let calendar = Calendar { closures: vec![closure], ..Calendar::default() };
        let cases = [
            ("2026-02-28T23:59:59", 0),
            ("2026-03-01T00:00:00", 1),
            ("2026-03-02T11:59:59", 1),
            ("2026-03-02T12:00:00", 0),
        ];
        for (at, running) in cases {
            assert_eq!(calendar.running(at.parse().unwrap()).count(), running, "{at}");
        }
    }
}
