//! The area API's requests: reading them, refusing them as the real server does, counting
//! what they cost.
//!
//! Called by [`super::server`]; pure. Refusals are plain text, and a key that has spent its
//! quota is refused whatever it asks for.
//!
//! # Source
//! The texts for keys, days and quota are those measured on the real server in 2026. What
//! it says to an unknown source, a broken box or a broken date has not been seen; those
//! three texts are our own.

use std::collections::VecDeque;

use super::flown::{Flown, Sensor};
use crate::domain::ground::Extent;
use crate::domain::position::Position;
use crate::domain::time::{self, Date, SignedDuration, TimeZone, Timestamp};

/// A request the server understands.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaRequest {
    /// The data set asked for.
    pub dataset: Dataset,
    /// The box asked for.
    pub area: Extent,
    /// First UTC day, inclusive.
    pub first_day: Date,
    /// Last UTC day, inclusive.
    pub last_day: Date,
    /// What it costs of the quota.
    pub transactions: u32,
}

impl AreaRequest {
    /// Whether a row of some place and moment is asked for.
    #[must_use]
    pub fn wants(&self, position: Position, acquired_at: Timestamp) -> bool {
        let day = time::local_day(acquired_at, &TimeZone::UTC);
        self.area.holds(position.to_point().0) && (self.first_day..=self.last_day).contains(&day)
    }
}

/// A data set of the area API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dataset {
    /// Its sensor, which decides the columns.
    pub instrument: Sensor,
    /// Satellites with rows in it; none where it is dead or months behind.
    pub satellites: &'static [Flown],
}

impl Dataset {
    /// The data set of a name; `None` for those the real server does not have either.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let viirs = |satellites| Self { instrument: Sensor::Viirs, satellites };
        let modis = |satellites| Self { instrument: Sensor::Modis, satellites };
        Some(match name {
            "VIIRS_NOAA20_NRT" => viirs(&[Flown::Noaa20]),
            "VIIRS_NOAA21_NRT" => viirs(&[Flown::Noaa21]),
            "MODIS_NRT" => modis(&[Flown::Terra, Flown::Aqua]),
            // Delivery of Suomi-NPP ended on 1 November 2026; standard products lag months.
            "VIIRS_SNPP_NRT" | "VIIRS_SNPP_SP" | "VIIRS_NOAA20_SP" => viirs(&[]),
            "MODIS_SP" => modis(&[]),
            _ => return None,
        })
    }
}

/// Why a request is refused; the text is what the server answers, status 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not the key of this simulator.
    #[error("Invalid MAP_KEY.")]
    Key,
    /// More days than five, none, or no number.
    #[error("Invalid day range. Expects [1..5].")]
    Days,
    /// The key has spent its quota.
    #[error("Exceeding allowed transaction limit.")]
    Quota,
    /// No such data set.
    #[error("Invalid source.")]
    Source,
    /// Not a box.
    #[error("Invalid area. Expects west,south,east,north or world.")]
    Area,
    /// Not a date.
    #[error("Invalid date. Expects YYYY-MM-DD.")]
    Date,
}

/// The parts of a request's path after the key.
#[derive(Debug, Clone, Copy)]
pub struct AreaPath<'a> {
    /// Data set.
    pub source: &'a str,
    /// `west,south,east,north` or `world`.
    pub area: &'a str,
    /// Number of days.
    pub days: &'a str,
    /// First day, where given.
    pub date: Option<&'a str>,
}

/// Reads a request; without a date the last of its days is `today`.
///
/// # Errors
/// The [`Refusal`] of the first part that is wrong.
pub fn read(path: AreaPath<'_>, today: Date) -> Result<AreaRequest, Refusal> {
    let dataset = Dataset::of(path.source).ok_or(Refusal::Source)?;
    let area = read_box(path.area).ok_or(Refusal::Area)?;
    let days: u32 = path.days.parse().map_err(|_not_a_number| Refusal::Days)?;
    if !(1..=5).contains(&days) {
        return Err(Refusal::Days);
    }
    let further = SignedDuration::from_hours(24 * (i64::from(days) - 1));
    let (first_day, last_day) = match path.date {
        Some(date) => {
            let first = time::parse_date(date).map_err(|_not_a_date| Refusal::Date)?;
            (first, first.checked_add(further).map_err(|_end_of_calendar| Refusal::Date)?)
        }
        None => (today.checked_sub(further).map_err(|_end_of_calendar| Refusal::Date)?, today),
    };
    Ok(AreaRequest { dataset, area, first_day, last_day, transactions: days * TRANSACTIONS_A_DAY })
}

/// Transactions a day of a request costs.
///
/// The one request that was measured, a box of 10 by 10 degrees over two days, cost about
/// four. How the cost grows with the box is not known, so here it does not.
const TRANSACTIONS_A_DAY: u32 = 2;

fn read_box(text: &str) -> Option<Extent> {
    if text == "world" {
        return Some(Extent { west: -180.0, south: -90.0, east: 180.0, north: 90.0 });
    }
    // What is not a number is no box; the refusal says what is expected.
    let numbers: Vec<f64> = text.split(',').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let &[west, south, east, north] = numbers.as_slice() else { return None };
    let on_globe = Position::from_lon_lat(west, south).is_ok() && Position::from_lon_lat(east, north).is_ok();
    (on_globe && west < east && south < north).then_some(Extent { west, south, east, north })
}

/// Transactions a key may make in [`Quota::INTERVAL`], and those it made.
#[derive(Debug)]
pub struct Quota {
    limit: u32,
    /// When and how many, oldest first.
    spent: VecDeque<(Timestamp, u32)>,
}

impl Quota {
    /// The span over which transactions are counted.
    pub const INTERVAL: SignedDuration = SignedDuration::from_mins(10);

    /// An untouched quota.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { limit, spent: VecDeque::new() }
    }

    /// The limit.
    #[must_use]
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Transactions of the last ten minutes.
    pub fn current(&mut self, now: Timestamp) -> u32 {
        while self.spent.front().is_some_and(|(at, _)| now.duration_since(*at) >= Self::INTERVAL) {
            self.spent.pop_front();
        }
        self.spent.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// Takes transactions from the quota.
    ///
    /// # Errors
    /// [`Refusal::Quota`] when fewer are left; nothing is taken then.
    pub fn take(&mut self, transactions: u32, now: Timestamp) -> Result<(), Refusal> {
        if self.current(now).saturating_add(transactions) > self.limit {
            return Err(Refusal::Quota);
        }
        self.spent.push_back((now, transactions));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-04-13";

    fn read_path(source: &str, area: &str, days: &str, date: Option<&str>) -> Result<AreaRequest, Refusal> {
        read(AreaPath { source, area, days, date }, TODAY.parse().unwrap())
    }

    #[test]
    fn what_the_server_does_not_understand_it_refuses_by_name() {
        let cases = [
            ("VIIRS_NOAA21_SP", "121,44,125,47", "2", None, Refusal::Source),
            ("GOES_NRT", "121,44,125,47", "2", None, Refusal::Source),
            ("MODIS_NRT", "121,44,125", "2", None, Refusal::Area),
            ("MODIS_NRT", "125,44,121,47", "2", None, Refusal::Area),
            ("MODIS_NRT", "121,44,125,97", "2", None, Refusal::Area),
            ("MODIS_NRT", "a,b,c,d", "2", None, Refusal::Area),
            ("MODIS_NRT", "NaN,44,125,47", "2", None, Refusal::Area),
            ("MODIS_NRT", "world", "0", None, Refusal::Days),
            ("MODIS_NRT", "world", "6", None, Refusal::Days),
            ("MODIS_NRT", "world", "-1", None, Refusal::Days),
            ("MODIS_NRT", "world", "two", None, Refusal::Days),
            ("MODIS_NRT", "world", "2", Some("13-04-2026"), Refusal::Date),
        ];
        for (source, area, days, date, refusal) in cases {
            assert_eq!(read_path(source, area, days, date), Err(refusal), "{source} {area} {days} {date:?}");
        }
    }

    #[test]
    fn days_count_back_from_today_and_forward_from_a_date() {
        let days = |days, date| {
            let request = read_path("MODIS_NRT", "world", days, date).unwrap();
            (request.first_day.to_string(), request.last_day.to_string())
        };
        assert_eq!(days("1", None), ("2026-04-13".into(), "2026-04-13".into()));
        assert_eq!(days("5", None), ("2026-04-09".into(), "2026-04-13".into()));
        assert_eq!(days("2", Some("2026-03-31")), ("2026-03-31".into(), "2026-04-01".into()));
    }

    #[test]
    fn a_request_wants_its_box_with_edges_and_its_days_in_utc() {
        let request = read_path("MODIS_NRT", "121,44,125,47", "1", None).unwrap();
        let wants = |lon, lat, at: &str| request.wants(Position::from_lon_lat(lon, lat).unwrap(), at.parse().unwrap());
        assert!(wants(121.0, 47.0, "2026-04-13T00:00:00Z"));
        assert!(wants(123.0, 45.0, "2026-04-13T23:59:00Z"));
        assert!(!wants(120.999, 45.0, "2026-04-13T12:00:00Z"));
        assert!(!wants(123.0, 47.001, "2026-04-13T12:00:00Z"));
        assert!(!wants(123.0, 45.0, "2026-04-12T23:59:00Z"));
        assert!(!wants(123.0, 45.0, "2026-04-14T00:00:00Z"));
    }

    #[test]
    fn the_quota_is_spent_and_drains_in_ten_minutes() {
        let start: Timestamp = "2026-04-13T00:00:00Z".parse().unwrap();
        let after = |minutes| start + SignedDuration::from_mins(minutes);
        let mut quota = Quota::new(10);
        assert_eq!(quota.take(6, start), Ok(()));
        assert_eq!(quota.take(4, after(5)), Ok(()));
        assert_eq!(quota.take(1, after(9)), Err(Refusal::Quota));
        assert_eq!(quota.current(after(9)), 10, "a refused request costs nothing");
        assert_eq!(quota.take(6, after(10)), Ok(()), "the first six are ten minutes old");
        assert_eq!(quota.take(1, after(14)), Err(Refusal::Quota));
    }

    #[test]
    fn two_days_cost_what_was_measured() {
        let cost = |days| read_path("MODIS_NRT", "120,40,130,50", days, None).unwrap().transactions;
        assert_eq!((cost("1"), cost("2"), cost("5")), (2, 4, 10));
    }
}
