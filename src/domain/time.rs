//! Time as firegrid uses it: UTC instants inside, local days only through a named zone.
//!
//! The one place that knows the time library; everything else takes [`Timestamp`],
//! [`Date`] and [`TimeZone`] from here. Instants are stored as epoch milliseconds.

pub use jiff::civil::{Date, DateTime, Time, date};
pub use jiff::tz::TimeZone;
pub use jiff::{SignedDuration, Timestamp};

use serde::{Deserialize, Serialize};

mod written;

pub use written::{
    is_moment_format, parse_acquisition, parse_acquisition_instant, parse_moment_as, parse_written_date,
};

/// Why a text is not a date, a time or a season.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct TimeError {
    /// The text as it was found.
    pub text: String,
    /// What was expected in its place.
    pub expected: &'static str,
}

impl TimeError {
    fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.to_owned(), expected }
    }
}

/// Returns the local calendar day of an instant.
#[must_use]
pub fn local_day(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// Returns the half-open interval of instants that make up a local day.
///
/// # Errors
/// [`TimeError`] when the day lies outside the years -9999..9999.
pub fn day_bounds(day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), TimeError> {
    let expected = "a day whose start and end are representable";
    let bad = |_| TimeError::new(&day.to_string(), expected);
    let midnight = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).map_err(bad);
    let (start, next) = (midnight(day)?, midnight(day.tomorrow().map_err(bad)?)?);
    Ok((start, next))
}

/// Reads a calendar date in the one form firegrid accepts, `YYYY-MM-DD`.
///
/// # Errors
/// [`TimeError`] for any other form and for days that do not exist.
pub fn parse_date(text: &str) -> Result<Date, TimeError> {
    let bad = || TimeError::new(text, "a date as YYYY-MM-DD");
    let shape_is_right = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !shape_is_right {
        return Err(bad());
    }
    text.parse().ok().ok_or_else(bad)
}

/// Reads a local time of day, `HH:MM` or `H:MM`.
///
/// # Errors
/// [`TimeError`] for any other form; `24:00` is no beginning of anything, see [`parse_end_time`].
pub fn parse_time(text: &str) -> Result<Time, TimeError> {
    time_of(text).ok_or_else(|| TimeError::new(text, "a local time of day as HH:MM, 00:00 to 23:59"))
}

/// Reads the local time of day at which something ends; `24:00` is midnight at the end of the day.
///
/// # Errors
/// [`TimeError`] for any other form.
pub fn parse_end_time(text: &str) -> Result<Time, TimeError> {
    if clock(text) == Some((24, 0)) {
        return Ok(Time::midnight());
    }
    time_of(text).ok_or_else(|| TimeError::new(text, "a local time of day as HH:MM, 00:00 to 24:00"))
}

/// Reads a local date and time, `YYYY-MM-DDTHH:MM` or with a blank between the two; seconds may
/// follow, `24:00` is midnight at the end of the day.
///
/// # Errors
/// [`TimeError`] for any other form, a bare date among them: whether its beginning or its end is
/// meant cannot be told.
pub fn parse_local(text: &str) -> Result<DateTime, TimeError> {
    let bad = || TimeError::new(text, "a local date and time as YYYY-MM-DDTHH:MM");
    let (date, clock_text) = text.split_once(['T', ' ']).ok_or_else(bad)?;
    let date = parse_date(date).ok().ok_or_else(bad)?;
    let (clock_text, second) = match clock_text.rsplit_once(':').filter(|(front, _)| front.contains(':')) {
        Some((front, second)) => (front, two_digits(second).filter(|second| *second < 60).ok_or_else(bad)?),
        None => (clock_text, 0),
    };
    let end_of_day = clock(clock_text) == Some((24, 0)) && second == 0;
    if end_of_day {
        return Ok(date.tomorrow().ok().ok_or_else(bad)?.at(0, 0, 0, 0));
    }
    let (hour, minute) = clock(clock_text).ok_or_else(bad)?;
    Ok(date.to_datetime(Time::new(hour, minute, second, 0).ok().ok_or_else(bad)?))
}

fn time_of(text: &str) -> Option<Time> {
    let (hour, minute) = clock(text)?;
    Time::new(hour, minute, 0, 0).ok()
}

/// Hour and minute of `HH:MM` or `H:MM`, not yet checked as a time.
fn clock(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    let hour = if hour.len() == 1 { two_digits(&format!("0{hour}"))? } else { two_digits(hour)? };
    Some((hour, two_digits(minute)?))
}

fn two_digits(text: &str) -> Option<i8> {
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// The instant of a local date and time.
///
/// # Errors
/// [`TimeError`] when clocks were set so that the zone has that time twice or never.
pub fn instant_of(local: DateTime, zone: &TimeZone) -> Result<Timestamp, TimeError> {
    let unambiguous = zone.to_ambiguous_timestamp(local).unambiguous();
    unambiguous.ok().ok_or_else(|| TimeError::new(&local.to_string(), "a local time that the zone has exactly once"))
}

/// The local date and time of a spreadsheet's serial number: days since 1899-12-30, to the second.
///
/// `None` outside 1900-03-01..9999: before, spreadsheets count a day that never was.
#[must_use]
pub fn of_serial(days: f64) -> Option<DateTime> {
    const DAYS: std::ops::Range<f64> = 61.0..2_958_466.0;
    if !DAYS.contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^38 seconds")]
    let seconds = (days * 86_400.0).round() as i64;
    DateTime::new(1899, 12, 30, 0, 0, 0, 0).ok()?.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// The time of day of a spreadsheet's serial number below one day, to the second.
#[must_use]
pub fn time_of_serial(days: f64) -> Option<Time> {
    if !(0.0..1.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be below 86401 seconds")]
    let seconds = (days * 86_400.0).round() as i64;
    Time::midnight().checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// A yearly recurring span of local days, both ends inclusive; may cross the year's end.
///
/// Several spans may be joined, as in `03-01..05-31,09-15..11-30`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Season {
    spans: Vec<(MonthDay, MonthDay)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        if month.len() != 2 || day.len() != 2 {
            return None;
        }
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // 2024 is a leap year: 02-29 is allowed and means the last day of February.
        Date::new(2024, month, day).ok()?;
        Some(Self { month, day })
    }

    /// The day in the season's calendar, where 28 February of a common year also counts
    /// as the 29th: "02-29 means the last day of February".
    fn is_end_of_february(self) -> bool {
        self.month == 2 && self.day == 29
    }
}

impl Season {
    /// Whether a local day lies in the season.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        let last_of_february = !day.in_leap_year() && day.month() == 2 && day.day() == 28;
        let today = MonthDay { month: day.month(), day: day.day() };
        self.spans.iter().any(|&(from, to)| {
            let starts = from <= today || (from.is_end_of_february() && last_of_february);
            let ends = today <= to;
            if from <= to { starts && ends } else { starts || ends }
        })
    }
}

impl std::str::FromStr for Season {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let bad = || TimeError::new(text, "a season as MM-DD..MM-DD, several joined by ','");
        let spans = text
            .split(',')
            .map(|span| {
                let (from, to) = span.trim().split_once("..")?;
                Some((MonthDay::parse(from)?, MonthDay::parse(to)?))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(bad)?;
        Ok(Self { spans })
    }
}

impl TryFrom<String> for Season {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Season> for String {
    fn from(season: Season) -> Self {
        season.to_string()
    }
}

impl std::fmt::Display for Season {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, (from, to)) in self.spans.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            write!(f, "{comma}{:02}-{:02}..{:02}-{:02}", from.month, from.day, to.month, to.day)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_read_in_one_form_and_end_of_day_only_where_something_ends() {
        for (text, expected) in [("08:00", "08:00:00"), ("8:05", "08:05:00"), ("23:59", "23:59:00")] {
            assert_eq!(parse_time(text).unwrap().to_string(), expected);
            assert_eq!(parse_end_time(text).unwrap().to_string(), expected);
        }
        assert_eq!(parse_end_time("24:00").unwrap(), Time::midnight());
        for text in ["24:00", "24:01", "8", "8:5", "08:60", "-1:00", "08:00:00", "", "八点", "8：00"] {
            assert!(parse_time(text).is_err(), "{text:?}");
        }
        for (text, expected) in [
            ("2026-10-01T08:00", "2026-10-01T08:00:00"),
            ("2026-10-01 8:00:30", "2026-10-01T08:00:30"),
            ("2026-12-31T24:00", "2027-01-01T00:00:00"),
        ] {
            assert_eq!(parse_local(text).unwrap().to_string(), expected);
        }
        for text in ["2026-10-01", "2026-10-01T", "2026-10-01T24:01", "2026-10-01T08:00+08:00", "2026-10-01T08:00:60"] {
            assert!(parse_local(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_local_time_that_is_skipped_or_doubled_is_no_instant() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text: &str| instant_of(parse_local(text).unwrap(), &zone);
        assert_eq!(at("2026-06-01T12:00").unwrap().to_string(), "2026-06-01T10:00:00Z");
        assert!(at("2026-03-29T02:30").is_err() && at("2026-10-25T02:30").is_err());
    }

    #[test]
    fn serial_numbers_of_spreadsheets_are_days_from_the_thirtieth_of_december() {
        let cases = [
            (61.0, "1900-03-01T00:00:00"),
            (46_296.0, "2026-10-01T00:00:00"),
            (46_296.0 + 8.0 / 24.0, "2026-10-01T08:00:00"),
        ];
        for (days, expected) in cases {
            assert_eq!(of_serial(days).unwrap().to_string(), expected);
        }
        assert!(of_serial(60.0).is_none() && of_serial(20_261_001.0).is_none() && of_serial(f64::NAN).is_none());
        assert_eq!(time_of_serial(16.5 / 24.0).unwrap().to_string(), "16:30:00");
        assert!(time_of_serial(1.0).is_none());
    }

    #[test]
    fn the_local_day_turns_at_sixteen_hundred_utc_in_shanghai() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let day = |text: &str| local_day(text.parse().unwrap(), &zone).to_string();
        assert_eq!(day("2026-06-10T15:59:59Z"), "2026-06-10");
        assert_eq!(day("2026-06-10T16:00:00Z"), "2026-06-11");
        let (start, end) = day_bounds("2026-06-11".parse().unwrap(), &zone).unwrap();
        assert_eq!(
            (start.to_string(), end.to_string()),
            ("2026-06-10T16:00:00Z".into(), "2026-06-11T16:00:00Z".into())
        );
    }

    #[test]
    fn seasons_are_inclusive_and_may_cross_the_year() {
        let season: Season = "09-15..05-31".parse().unwrap();
        let cases = [
            ("2026-09-14", false),
            ("2026-09-15", true),
            ("2026-12-31", true),
            ("2027-01-01", true),
            ("2027-05-31", true),
            ("2027-06-01", false),
        ];
        for (day, inside) in cases {
            assert_eq!(season.contains(day.parse().unwrap()), inside, "{day}");
        }
    }

    #[test]
    fn the_29th_of_february_means_the_last_day_of_february() {
        let from: Season = "02-29..03-05".parse().unwrap();
        let to: Season = "02-01..02-29".parse().unwrap();
        for (day, in_from, in_to) in [
            ("2023-02-28", true, true),
            ("2024-02-28", false, true),
            ("2024-02-29", true, true),
            ("2023-03-01", true, false),
            ("2023-02-27", false, true),
        ] {
            assert_eq!(from.contains(day.parse().unwrap()), in_from, "{day}");
            assert_eq!(to.contains(day.parse().unwrap()), in_to, "{day}");
        }
    }

    #[test]
    fn several_spans_join_and_bad_ones_are_named() {
        let season: Season = "03-01..05-31,09-15..11-30".parse().unwrap();
        assert!(season.contains("2026-10-01".parse().unwrap()));
        assert!(!season.contains("2026-07-01".parse().unwrap()));
        assert_eq!(season.to_string(), "03-01..05-31,09-15..11-30");
        for text in ["", "3-1..5-31", "02-30..03-01", "03-01", "03-01...05-31", "13-01..01-01"] {
            assert!(text.parse::<Season>().is_err(), "{text:?}");
        }
    }
}
