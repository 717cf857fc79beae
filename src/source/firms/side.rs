//! Reads the values of a row that FIRMS writes in alphabets of its own: confidence, level, day or night, type.
//!
//! Called by [`super::row`].

use crate::domain::observation::{Confidence, DayNight, Decimal, Instrument, ProcessingLevel};
use crate::source::dialect::unknown::{Unknowns, number_in};
use crate::source::vocabulary::{DAY, NIGHT};

impl Unknowns {
    pub fn confidence(&mut self, instrument: Instrument, text: Option<&str>) -> Confidence {
        let expected = match instrument {
            Instrument::Viirs => "low, nominal or high (l, n, h)",
            _ => "a whole per cent from 0 to 100",
        };
        self.known("confidence", text, expected, |text| confidence(instrument, text)).unwrap_or(Confidence::Unknown)
    }

    pub fn level(&mut self, text: Option<&str>) -> ProcessingLevel {
        let expected = "a collection number with NRT, RT, URT or no suffix, such as 2.0NRT";
        self.known("version", text, expected, level).unwrap_or(ProcessingLevel::Unknown)
    }

    /// Day or night as the feed says, else as the sun stood.
    pub fn day_night(&mut self, text: Option<&str>, by_sun: DayNight) -> DayNight {
        let Some(text) = text else { return by_sun };
        day_night(text).unwrap_or_else(|| {
            let read_as = match by_sun {
                DayNight::Day => "day, by the sun",
                DayNight::Night => "night, by the sun",
            };
            self.note("daynight", text, "D or N", read_as);
            by_sun
        })
    }

    pub fn source_type(&mut self, text: Option<&str>) -> Option<u8> {
        self.known("type", text, "0, 1, 2 or 3", |text| (0..=3).find(|kind| same_number(text, f64::from(*kind))))
    }
}

/// Day or night in every spelling that has one meaning.
fn day_night(text: &str) -> Option<DayNight> {
    match text.to_ascii_lowercase().as_str() {
        "d" | "day" | DAY => Some(DayNight::Day),
        "n" | "night" | NIGHT => Some(DayNight::Night),
        _ => None,
    }
}

fn same_number(text: &str, number: f64) -> bool {
    number_in(text, number, number).is_some()
}

fn confidence(instrument: Instrument, text: &str) -> Option<Confidence> {
    match (instrument, text.to_ascii_lowercase().as_str()) {
        (Instrument::Viirs, "l" | "low") => Some(Confidence::Low),
        (Instrument::Viirs, "n" | "nominal") => Some(Confidence::Nominal),
        (Instrument::Viirs, "h" | "high") => Some(Confidence::High),
        (Instrument::Viirs, _) => None,
        // Table programs write a column of numbers with a gap in it as 62.0.
        (_, text) => (0..=100).find(|percent| same_number(text, f64::from(*percent))).map(Confidence::Percent),
    }
}

/// The processing level: a collection number, then the level; a bare number is standard processing.
fn level(text: &str) -> Option<ProcessingLevel> {
    let suffix = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (collection, suffix) = text.split_at_checked(suffix)?;
    if collection.starts_with(['-', '+', '.']) || Decimal::parse(collection).is_none() {
        return None;
    }
    match suffix.to_ascii_uppercase().as_str() {
        "" => Some(ProcessingLevel::Sp),
        "NRT" => Some(ProcessingLevel::Nrt),
        "RT" => Some(ProcessingLevel::Rt),
        "URT" => Some(ProcessingLevel::Urt),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_read_from_the_version() {
        let cases = [
            ("2.0NRT", Some(ProcessingLevel::Nrt)),
            ("2.0nrt", Some(ProcessingLevel::Nrt)),
            ("2.0RT", Some(ProcessingLevel::Rt)),
            ("2.0URT", Some(ProcessingLevel::Urt)),
            ("6.1NRT", Some(ProcessingLevel::Nrt)),
            ("6.03", Some(ProcessingLevel::Sp)),
            ("61.03", Some(ProcessingLevel::Sp)),
            ("2", Some(ProcessingLevel::Sp)),
            ("2.0SP", None),
            ("2.0NR", None),
            ("2.", None),
            ("NRT", None),
            ("-2.0NRT", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(level(text), expected, "{text:?}");
        }
    }

    #[test]
    fn confidence_is_read_in_the_alphabet_of_its_sensor_only() {
        use Instrument::{Modis, Viirs};
        let cases = [
            (Viirs, "l", Some(Confidence::Low)),
            (Viirs, "Nominal", Some(Confidence::Nominal)),
            (Viirs, "H", Some(Confidence::High)),
            (Viirs, "62", None),
            (Viirs, "medium", None),
            (Viirs, "", None),
            (Modis, "0", Some(Confidence::Percent(0))),
            (Modis, "62.0", Some(Confidence::Percent(62))),
            (Modis, "100", Some(Confidence::Percent(100))),
            (Modis, "101", None),
            (Modis, "-1", None),
            (Modis, "62.5", None),
            (Modis, "n", None),
            (Modis, "", None),
        ];
        for (instrument, text, expected) in cases {
            assert_eq!(confidence(instrument, text), expected, "{instrument:?} {text:?}");
        }
        assert!(Confidence::Unknown < Confidence::Low, "it ranks lowest");
    }
}
