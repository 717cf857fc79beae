//! Times as people and map programs write them: moments with an offset or local to the region's zone, local days, intervals.
//!
//! Read by the parameters and bodies of [`super::api`] and by [`super::ogc`]. A text of which the meaning is sure is
//! read; nothing is rounded or guessed beyond that. The time library itself is known to [`crate::domain::time`] alone.
//!
//! # Source
//! OGC 17-069r4, 7.15.4 (parameter datetime): moments and intervals of RFC 3339, `..` or nothing for an open end. Its
//! own grammar has no bare dates, but QGIS, GDAL and browsers send them.

use crate::domain::time::{self, Date, SignedDuration, TimeError, TimeZone, Timestamp, day_bounds, parse_date};

/// From one moment to another, both inside; `None` for an open end.
pub(super) type Interval = (Option<Timestamp>, Option<Timestamp>);

/// The smallest step of stored moments: what lies this far before the next midnight is the last moment of a day.
const STEP: SignedDuration = SignedDuration::from_millis(1);

/// A moment: RFC 3339 with its offset, or a local date and time.
///
/// # Errors
/// What was expected; a bare date among them, which is a whole day.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Result<Timestamp, TimeError> {
    let text = with_plus(text.trim());
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    time::instant_of(time::parse_local(without_fraction(&text))?, zone)
}

/// A moment, a local day, or two of them with `/` between; both ends belong to it.
///
/// `None` for any other text, and where the end lies before the beginning.
pub(super) fn interval(text: &str, zone: &TimeZone) -> Option<Interval> {
    let (from, to) = text.split_once('/').unwrap_or((text, text));
    let (from, to) = (end(from, zone).ok()?, end(to, zone).ok()?);
    let (from, to) = (from.map(|(first, _)| first), to.map(|(_, last)| last));
    let is_reversed = from.zip(to).is_some_and(|(from, to)| to < from);
    (!is_reversed).then_some((from, to))
}

/// The first and the last moment of one end of an interval; `None` where it is open.
fn end(text: &str, zone: &TimeZone) -> Result<Option<(Timestamp, Timestamp)>, TimeError> {
    match text.trim() {
        "" | ".." => Ok(None),
        text => match parse_date(text) {
            Ok(day) => day_of(day, zone).map(Some),
            Err(_no_date) => moment(text, zone).map(|at| Some((at, at))),
        },
    }
}

fn day_of(day: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), TimeError> {
    let (first, next) = day_bounds(day, zone)?;
    // The next midnight could be taken, so a step back from it can too.
    Ok((first, next.checked_sub(STEP).unwrap_or(next)))
}

/// The text with the `+` of its offset: one that was not written as `%2B` in an address reads as a blank.
fn with_plus(text: &str) -> String {
    match text.rsplit_once(' ') {
        // In "2026-11-30 08:00" the blank stands before a time of day.
        Some((front, offset)) if front.contains(':') && is_offset(offset) => format!("{front}+{offset}"),
        _ => text.to_owned(),
    }
}

/// `08:00`, `0800` or `08`.
fn is_offset(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match text.len() {
        2 | 4 => digits == text.len(),
        5 => digits == 4 && text.chars().nth(2) == Some(':'),
        _ => false,
    }
}

/// Local times of programs have thousandths of seconds, which no moment here needs.
fn without_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((front, fraction)) if !fraction.is_empty() && fraction.chars().all(|c| c.is_ascii_digit()) => front,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_has_its_offset_or_is_local() {
        let eight = at("2026-11-30T00:00:00Z");
        for text in [
            "2026-11-30T00:00:00Z",
            "2026-11-30T00:00:00.000Z",
            "2026-11-30t00:00:00z",
            "2026-11-30T08:00:00+08:00",
            "2026-11-30T08:00:00+0800",
            "2026-11-30 08:00:00+08:00",
            "2026-11-29T18:00:00-06:00",
            // A plus sign that was not encoded.
            "2026-11-30T08:00:00 08:00",
            "2026-11-30T08:00:00 0800",
            "2026-11-30T08:00:00 08",
            "2026-11-30 08:00:00 08:00",
            "2026-11-30T08:00:00.000 08:00",
            // Local.
            "2026-11-30T08:00:00",
            "2026-11-30T08:00:00.000",
            "2026-11-30T08:00",
            "2026-11-30 08:00",
            " 2026-11-30T08:00 ",
        ] {
            assert_eq!(moment(text, &zone()).ok(), Some(eight), "{text:?}");
        }
        for text in ["", "2026-11-30", "08:00", "today", "2026-11-30T08:00:00 8:00", "2026-11-30T08:00:00 08:00 08:00"]
        {
            assert!(moment(text, &zone()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_date_alone_is_the_local_day_from_its_first_to_its_last_moment() {
        let (first, last) = (Some(at("2026-11-29T16:00:00Z")), Some(at("2026-11-30T15:59:59.999Z")));
        let noon = Some(at("2026-11-30T04:00:00Z"));
        let cases = [
            ("2026-11-30", (first, last)),
            ("2026-11-30/2026-11-30", (first, last)),
            ("2026-11-30/..", (first, None)),
            ("2026-11-30/", (first, None)),
            ("../2026-11-30", (None, last)),
            ("/2026-11-30", (None, last)),
            ("2026-11-30/2026-11-30T04:00:00Z", (first, noon)),
            ("2026-11-30T12:00:00 08:00/2026-11-30", (noon, last)),
            ("2026-11-30T12:00/..", (noon, None)),
            ("2026-11-30T04:00:00Z", (noon, noon)),
            (" 2026-11-30 / 2026-11-30 ", (first, last)),
            ("../..", (None, None)),
            ("/", (None, None)),
            ("..", (None, None)),
        ];
        for (text, expected) in cases {
            assert_eq!(interval(text, &zone()), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_time_or_runs_backwards_is_none() {
        for text in [
            "today",
            "2026",
            "2026-11",
            "2026-11-31",
            "2026-13-01/..",
            "2026-12-01/2026-11-30",
            "2026-11-30T05:00:00Z/2026-11-30T04:00:00Z",
            "2026-11-30/2026-12-01/..",
            ".../2026-11-30",
            "2026-11-30/P1D",
        ] {
            assert_eq!(interval(text, &zone()), None, "{text:?}");
        }
    }
}
