//! A moment as people type it: local time of the region, or an instant with its offset.

use std::str::FromStr;

use crate::domain::time::{DateTime, TimeZone, Timestamp, instant_of, parse_local};
use crate::words::commands::{NOT_A_MOMENT, no_such_time};

/// What the value of such an argument is called in help texts.
pub(super) const VALUE: &str = "YYYY-MM-DDTHH:MM";

/// A moment on the command line: `YYYY-MM-DDTHH:MM` in the region's time, or RFC 3339 with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// An instant, whatever the region.
    Instant(Timestamp),
    /// Local time; which instant it is only the region says.
    Local(DateTime),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(at) = text.parse() {
            return Ok(Self::Instant(at));
        }
        parse_local(text).ok().map(Self::Local).ok_or_else(|| NOT_A_MOMENT.to_string())
    }
}

impl Moment {
    /// The instant.
    ///
    /// # Errors
    /// A local time that the zone has twice or never.
    pub(super) fn instant(self, zone: &TimeZone) -> anyhow::Result<Timestamp> {
        match self {
            Self::Instant(at) => Ok(at),
            Self::Local(local) => instant_of(local, zone).map_err(|error| anyhow::anyhow!(no_such_time(local, &error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_on_the_clock_and_the_instant_with_its_offset_are_the_same_moment() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let read = |text: &str| text.parse::<Moment>().unwrap().instant(&zone).unwrap().to_string();
        for text in ["2026-04-13T12:12", "2026-04-13 12:12", "2026-04-13T12:12:00+08:00", "2026-04-13T04:12:00Z"] {
            assert_eq!(read(text), "2026-04-13T04:12:00Z", "{text}");
        }
        for text in ["2026-04-13", "12:12", "", "2026-04-13T25:00"] {
            assert!(text.parse::<Moment>().is_err(), "{text:?}");
        }
        // A year in which clocks were set forward: an hour that never was is told, not guessed.
        let never = "1986-05-04T02:30".parse::<Moment>().unwrap();
        assert!(never.instant(&zone).is_err());
    }
}
