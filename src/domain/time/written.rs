//! Dates and acquisition times as people and programs write them, where the meaning is sure.
//!
//! Used by the readers of feeds and tables. A year of four digits comes first, so day and month cannot be confused;
//! `10/11/2026` has two meanings and is never read.

use super::{Date, DateTime, SignedDuration, TimeError, TimeZone, Timestamp, date};

/// Reads a calendar date in any form that has one meaning: `2026-10-10`, `2026/1/1`, `2026.10.10`, `2026年10月10日`.
///
/// A midnight behind it (`2026/10/10 0:00`, `2026-10-10T00:00:00Z`), as spreadsheets and map programs write it, belongs to
/// the date.
///
/// # Errors
/// [`TimeError`] for any other form and for days that do not exist.
pub fn parse_written_date(text: &str) -> Result<Date, TimeError> {
    let bad = || TimeError::new(text, "a date with its year first, as YYYY-MM-DD or YYYY/M/D");
    let (day, rest) = split_date(text).ok_or_else(bad)?;
    let clock = rest.strip_prefix(['T', ' ']).map(|clock| zone_of(clock.trim_start()));
    match clock {
        None if rest.is_empty() => Ok(day),
        Some(Some((clock, SignedDuration::ZERO))) if is_midnight(clock) => Ok(day),
        _ => Err(bad()),
    }
}

/// Reads a FIRMS `acq_date` + `acq_time` pair as the UTC minute of acquisition.
///
/// The date has any form of [`parse_written_date`]. `acq_time` is a number of the form HMM without padding in the area API (`44`
/// is 00:44), padded in the rolling files (`0044`), `00:44` in the LANCE text files; programs that pass the
/// file on write `00:44:00` or `44.0`. `2400` is midnight at the end of the day.
///
/// # Errors
/// [`TimeError`] naming the text that is not a date or a time of day.
pub fn parse_acquisition(acq_date: &str, acq_time: &str) -> Result<Timestamp, TimeError> {
    let date = parse_written_date(acq_date)?;
    let bad_time = || TimeError::new(acq_time, "a UTC time as HHMM, HMM or HH:MM");
    at_minute(date, minutes_of_day(acq_time).ok_or_else(bad_time)?).ok_or_else(bad_time)
}

/// Reads date and time of an acquisition in one text, `2026-10-10 04:12:00` or `2026-10-10T04:12Z`, to the minute.
///
/// UTC unless an offset stands behind it, as everything of FIRMS is.
///
/// # Errors
/// [`TimeError`] for any other form; a bare date too, which is no moment.
pub fn parse_acquisition_instant(text: &str) -> Result<Timestamp, TimeError> {
    let bad = || TimeError::new(text, "a UTC date and time as YYYY-MM-DD HH:MM:SS");
    let (date, rest) = split_date(text).ok_or_else(bad)?;
    let (clock, offset) =
        rest.strip_prefix(['T', ' ']).and_then(|clock| zone_of(clock.trim_start())).ok_or_else(bad)?;
    let minutes = clock.contains(':').then(|| minutes_of_day(clock)).flatten().ok_or_else(bad)?;
    at_minute(date, minutes).and_then(|local| local.checked_sub(offset).ok()).ok_or_else(bad)
}

/// Reads a local date and time written in a form that is said in signs such as `%d/%m/%Y %H:%M`.
///
/// # Errors
/// [`TimeError`] when the text is not of that form.
pub fn parse_moment_as(format: &str, text: &str) -> Result<DateTime, TimeError> {
    DateTime::strptime(format, text).map_err(|_unlike| TimeError::new(text, "of the form that was said"))
}

/// Whether signs say a whole moment: what is written by them is read by them again, to the minute.
#[must_use]
pub fn is_moment_format(format: &str) -> bool {
    let moment = date(2026, 10, 9).at(21, 43, 0, 0);
    let written = jiff::fmt::strtime::format(format, moment);
    written.is_ok_and(|text| parse_moment_as(format, &text) == Ok(moment))
}

fn at_minute(date: Date, minutes: i64) -> Option<Timestamp> {
    // A date at the end of time has no instant: then the text is as bad as any other.
    let midnight = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    midnight.checked_add(SignedDuration::from_mins(minutes)).ok()
}

/// The date at the beginning of a text, and what follows it.
fn split_date(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = digits(text, 4..=4)?;
    let (month_end, day_end) = match rest.chars().next()? {
        separator @ ('-' | '/' | '.') => (separator, None),
        '年' => ('月', Some('日')),
        _ => return None,
    };
    let (month, rest) = digits(rest.strip_prefix(['-', '/', '.', '年'])?, 1..=2)?;
    let (day, rest) = digits(rest.strip_prefix(month_end)?, 1..=2)?;
    let rest = day_end.map_or(Some(rest), |end| rest.strip_prefix(end))?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, rest))
}

/// A number of so many digits at the beginning of a text, and what follows it.
fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<(i16, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(length).filter(|_| lengths.contains(&length))?;
    Some((number.parse().ok()?, rest))
}

/// A clock time without the zone behind it, and the zone's offset from UTC: none is none.
fn zone_of(clock: &str) -> Option<(&str, SignedDuration)> {
    if let Some(clock) = clock.strip_suffix('Z').or_else(|| clock.strip_suffix("UTC")) {
        return Some((clock.trim_end(), SignedDuration::ZERO));
    }
    let Some(sign) = clock.rfind(['+', '-']) else { return Some((clock, SignedDuration::ZERO)) };
    let (clock, offset) = clock.split_at_checked(sign)?;
    let (is_west, offset) = (offset.starts_with('-'), offset.get(1..)?);
    let (hours, minutes) = match (offset.split_once(':'), offset.len()) {
        (Some(parts), _) => parts,
        (None, 4) => offset.split_at_checked(2)?,
        (None, _) => (offset, "0"),
    };
    let ((hours, ""), (minutes, "")) = (digits(hours, 1..=2)?, digits(minutes, 1..=2)?) else { return None };
    let offset = SignedDuration::from_mins(i64::from(hours) * 60 + i64::from(minutes));
    Some((clock.trim_end(), if is_west { -offset } else { offset }))
}

fn is_midnight(clock: &str) -> bool {
    clock.contains(':') && minutes_of_day(clock) == Some(0) && !clock.bytes().any(|b| (b'1'..=b'9').contains(&b))
}

/// The minute of the day of `HHMM`, `HMM`, `HH:MM` or `HH:MM:SS`; 1440 for the end of the day.
fn minutes_of_day(text: &str) -> Option<i64> {
    let (hour, minute) = if let Some((hour, rest)) = text.split_once(':') {
        let (minute, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
        let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        let ((hour, ""), (minute, "")) = (digits(hour, 1..=2)?, digits(minute, 2..=2)?) else { return None };
        let is_second = digits(seconds, 1..=2).is_some_and(|(second, rest)| second < 60 && rest.is_empty());
        if !is_second || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        (hour, minute)
    } else {
        // A column of numbers with a gap in it comes out of table programs as 412.0.
        let (number, "") = digits(text.strip_suffix(".0").unwrap_or(text), 1..=4)? else { return None };
        (number / 100, number % 100)
    };
    let is_time = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
    is_time.then(|| i64::from(hour) * 60 + i64::from(minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_with_its_year_first_is_read_in_every_form_and_no_other_is() {
        for text in [
            "2026-01-09",
            "2026/1/9",
            "2026/01/09",
            "2026.1.9",
            "2026-1-9",
            "2026年1月9日",
            "2026年01月09日",
            "2026/1/9 0:00",
            "2026-01-09T00:00:00Z",
            "2026/01/09 00:00:00+00",
            "2026-01-09 00:00:00.000",
        ] {
            assert_eq!(parse_written_date(text).unwrap().to_string(), "2026-01-09", "{text}");
        }
        for text in [
            "10/11/2026",
            "9.1.2026",
            "20260109",
            "2026-01/09",
            "2026/13/1",
            "2026-02-30",
            "26-1-9",
            "2026-1",
            "2026年1月9",
            "2026-01-09 08:00",
            "2026-01-09T00:00:00+08:00",
            "2026-01-09 ",
            "2026-01-09x",
            "46031",
            "",
        ] {
            assert!(parse_written_date(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn acquisition_times_are_numbers_whatever_their_padding() {
        let cases = [
            ("0", "00:00"),
            ("44", "00:44"),
            ("0044", "00:44"),
            ("00:44", "00:44"),
            ("0:44", "00:44"),
            ("930", "09:30"),
            ("09:30:59", "09:30"),
            ("930.0", "09:30"),
            ("2359", "23:59"),
        ];
        for (text, expected) in cases {
            let at = parse_acquisition("2022/4/13", text).unwrap();
            assert_eq!(at.to_string(), format!("2022-04-13T{expected}:00Z"), "{text}");
        }
        assert_eq!(parse_acquisition("2022-04-13", "2400").unwrap().to_string(), "2022-04-14T00:00:00Z");
        for text in [
            "2401", "2360", "60", "-5", "4.5", "12345", "", "ab", "4:5", "04:60", "04:12:60", "04:12:", "123.45",
            "04:3", ":30", "1:2:3", "٤٤",
        ] {
            assert!(parse_acquisition("2022-04-13", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_instant_in_one_text_is_utc_unless_it_says_otherwise() {
        for text in [
            "2026-10-10 04:12:00",
            "2026-10-10T04:12Z",
            "2026/10/10 4:12",
            "2026-10-10T04:12:59.5+00:00",
            "2026-10-10 12:12:00+08",
            "2026-10-10T12:12+0800",
            "2026-10-09T23:12:00-05:00",
            "2026-10-10 04:12:00 UTC",
        ] {
            assert_eq!(parse_acquisition_instant(text).unwrap().to_string(), "2026-10-10T04:12:00Z", "{text}");
        }
        for text in ["2026-10-10", "2026-10-10 412", "2026-10-10 25:00", "10/10/2026 04:12", "2026-10-10T04:12 CST", ""]
        {
            assert!(parse_acquisition_instant(text).is_err(), "{text:?}");
        }
    }
}
