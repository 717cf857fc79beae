//! Dates and times as people type them into tables: more forms than the contract's, each with one meaning.
//!
//! `2026/10/1`, `2026.10.1`, `2026年10月1日`, `20261001`, with the day of the week behind it or midnight; `8时30分`,
//! `08:00:00`. A year and a month alone, two figures for a year and a day before its month stay refused: nobody can tell
//! what was meant. Called by [`super::cell`]; the strict forms are [`crate::domain::time`]'s.

use crate::domain::plain_text;
use crate::domain::time::{self, Date, DateTime, Time, TimeError};
use crate::files::vocabulary::{DAY, HOUR, MINUTE, MONTH, WEEKDAY, WEEKDAYS, YEAR};

/// Years in which something in a table can happen; outside it a number is no date.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Reads a date.
pub(crate) fn date(text: &str) -> Result<Date, TimeError> {
    time::parse_date(text).or_else(|strict| bare_date(text).ok_or(strict))
}

/// Reads a time of day.
pub(crate) fn time_of_day(text: &str) -> Result<Time, TimeError> {
    time::parse_time(text).or_else(|strict| clock(text).and_then(|clock| time::parse_time(&clock).ok()).ok_or(strict))
}

/// Reads a time of day at which something ends.
pub(crate) fn end_time(text: &str) -> Result<Time, TimeError> {
    let read = || time::parse_end_time(&clock(text)?).ok();
    time::parse_end_time(text).or_else(|strict| read().ok_or(strict))
}

/// Reads a date and time.
pub(crate) fn local(text: &str) -> Result<DateTime, TimeError> {
    let read = || {
        let plain = plain_text::compatible(text);
        let (date, rest) = split(plain.trim())?;
        time::parse_local(&format!("{date}T{}", clock_with_seconds(rest)?)).ok()
    };
    time::parse_local(text).or_else(|strict| read().ok_or(strict))
}

/// A date with nothing behind it but midnight.
fn bare_date(text: &str) -> Option<Date> {
    let plain = plain_text::compatible(text);
    let (date, rest) = split(plain.trim())?;
    let is_midnight = || clock(rest).is_some_and(|clock| time::parse_time(&clock) == Ok(Time::midnight()));
    (rest.is_empty() || is_midnight()).then_some(date)
}

/// The date at the beginning of a text, and what stands behind it without the day of the week.
fn split(plain: &str) -> Option<(Date, &str)> {
    let (year, rest) = figures(plain, 4..=4)?;
    let (month, day, rest) = if let Some(rest) = rest.trim_start().strip_prefix(YEAR) {
        let (month, rest) = figures(rest.trim_start(), 1..=2)?;
        let (day, rest) = figures(rest.trim_start().strip_prefix(MONTH)?.trim_start(), 1..=2)?;
        (month, day, rest.trim_start().strip_prefix(DAY)?)
    } else if let Some(sign) = rest.chars().next().filter(|sign| ['-', '/', '.'].contains(sign)) {
        let (month, rest) = figures(rest.strip_prefix(sign)?, 1..=2)?;
        let (day, rest) = figures(rest.strip_prefix(sign)?, 1..=2)?;
        (month, day, rest)
    } else {
        let (month, rest) = figures(rest, 2..=2)?;
        let (day, rest) = figures(rest, 2..=2)?;
        (month, day, rest)
    };
    let begins_weekday = WEEKDAY.iter().any(|word| rest.starts_with(word));
    let ends = |c: char| c.is_whitespace() || matches!(c, 'T' | '(');
    let is_end = plain.contains(YEAR) || begins_weekday || rest.chars().next().is_none_or(ends);
    let year = i16::try_from(year).ok().filter(|year| is_end && YEARS.contains(year))?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, without_weekday(rest.trim()).trim_start_matches('T').trim()))
}

/// The number at the beginning of a text and what follows; all its figures are taken.
fn figures(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(u16, &str)> {
    let all = text.bytes().take_while(u8::is_ascii_digit).count();
    let taken = all.min(*count.end());
    // Of figures without signs between them the next part takes the rest.
    let is_whole = all == taken || count.start() == count.end();
    let (number, rest) = text.split_at_checked(taken)?;
    if is_whole && count.contains(&taken) { Some((number.parse().ok()?, rest)) } else { None }
}

fn without_weekday(rest: &str) -> &str {
    let inner = rest.strip_prefix('(').unwrap_or(rest);
    let Some(day) = WEEKDAY.iter().find_map(|word| inner.strip_prefix(word)) else { return rest };
    let Some(behind) = day.strip_prefix(WEEKDAYS) else { return rest };
    behind.strip_prefix(')').unwrap_or(behind).trim_start()
}

/// A time of day as `HH:MM`; seconds may only be zero.
fn clock(text: &str) -> Option<String> {
    let with_seconds = clock_with_seconds(plain_text::compatible(text).trim())?;
    match with_seconds.matches(':').count() {
        2 => with_seconds.strip_suffix(":00").map(str::to_owned),
        _ => Some(with_seconds),
    }
}

/// A time of day as `HH:MM` or `HH:MM:SS`, from that, from `8时30分`, `8点`; a fraction of zeros is left out.
fn clock_with_seconds(plain: &str) -> Option<String> {
    let whole = match plain.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => plain,
    };
    let (hour, rest) = figures(whole, 1..=2)?;
    let Some(minutes) = rest.strip_prefix(HOUR) else { return Some(whole.to_owned()) };
    let minutes = minutes.trim().trim_end_matches(MINUTE);
    let minute = if minutes.is_empty() { 0 } else { figures(minutes, 1..=2).filter(|(_, rest)| rest.is_empty())?.0 };
    Some(format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_every_form_that_has_one_meaning() {
        for text in [
            "2020-01-01",
            "2020-1-1",
            "2020/1/1",
            "2020/01/01",
            "2020.1.1",
            "2020年1月1日",
            "2020 年 1 月 1 日",
            "2020年1月1号",
            "20200101",
            "２０２０／１／１",
            "2020-01-01T00:00:00",
            "2020-01-01T00:00:00.000",
            "2020/1/1 0:00:00",
            "2020-01-01 00:00",
            "2020/1/1 星期三",
            "2020年1月1日（周三）",
        ] {
            assert_eq!(date(text).map(|date| date.to_string()), Ok("2020-01-01".to_owned()), "{text}");
        }
    }

    #[test]
    fn a_date_that_could_mean_something_else_is_refused() {
        for text in [
            "2020.01",
            "2020年1月",
            "20/1/1",
            "1/1/2020",
            "1.1.2020",
            "2020/13/1",
            "2020-02-30",
            "202011",
            "2020111",
            "202001011",
            "2020/1.1",
            "2020-01-01 08:00",
            "2020-01-01T00:00:00Z",
            "2020-01-01T00:00:00+08:00",
            "43831",
            "1月1日",
            "2020/1/1-2020/1/5",
            "2020/1/1、2",
            "30000101",
            "",
        ] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_and_moments_are_read_like_dates() {
        for (text, expected) in [
            ("8:00", "08:00"),
            ("８：００", "08:00"),
            ("08:00:00", "08:00"),
            ("8时30分", "08:30"),
            ("8点", "08:00"),
            ("20点05", "20:05"),
        ] {
            assert_eq!(time_of_day(text).unwrap().strftime("%H:%M").to_string(), expected, "{text}");
        }
        assert_eq!(end_time("24时").unwrap(), Time::midnight());
        assert_eq!(end_time("24:00:00").unwrap(), Time::midnight());
        for text in ["8", "8:5", "24时", "8点半", "25:00", "8:00-9:00", "08:00:30"] {
            assert!(time_of_day(text).is_err(), "{text}");
        }
        for (text, expected) in [
            ("2026/10/20 8:00", "2026-10-20T08:00:00"),
            ("2026年10月20日8时30分", "2026-10-20T08:30:00"),
            ("2026.10.20 08:00:15", "2026-10-20T08:00:15"),
            ("2026/10/20（周二） 24:00", "2026-10-21T00:00:00"),
        ] {
            assert_eq!(local(text).unwrap().to_string(), expected, "{text}");
        }
        for text in ["2026/10/20", "2026年10月20日", "8:00", "2026/10/20 8"] {
            assert!(local(text).is_err(), "{text}");
        }
    }
}
