//! Reads the values of a row that decide neither place, time nor satellite: what cannot be read is unknown, noted, and
//! takes no fire away.
//!
//! Called by [`super::row`]. The numbers say where a value stops being believable, not where it stops being a number.

use crate::domain::observation::{Confidence, DayNight, Decimal, Instrument, ProcessingLevel};
use crate::source::safe_text::shown;

/// Largest believable pixel side, km.
///
/// MODIS reaches 4.8 km at the edge of its swath; twice that leaves room, while an image index
/// or a value in metres in this column is caught.
const MAX_PIXEL_KM: f64 = 10.0;
/// Largest believable brightness temperature, K; the sensors saturate at 500 K.
const MAX_BRIGHTNESS_K: f64 = 2_000.0;
/// Largest believable fire radiative power of one pixel, MW; the record is near 20,000.
const MAX_FRP_MW: f64 = 1_000_000.0;
/// Longest number that is read; feeds write at most ten characters.
pub(super) const MAX_NUMBER_CHARS: usize = 24;
/// Longest value that is shown.
pub(super) const SHOWN_CHARS: usize = 60;

/// A value of a row that was kept although this value could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// The column.
    pub column: &'static str,
    /// The value as found, escaped and cut to a showable length.
    pub value: String,
    /// What was expected in its place.
    pub expected: &'static str,
    /// What it was read as.
    pub read_as: &'static str,
}

impl std::fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { column, value, expected, read_as } = self;
        write!(f, "{column} is \"{value}\", expected {expected}; read as {read_as}")
    }
}

/// The unknown values of one row, gathered while it is read.
#[derive(Debug, Default)]
pub(super) struct Unknowns(pub Vec<UnknownValue>);

impl Unknowns {
    /// Notes a value that cannot be read.
    pub fn note(&mut self, column: &'static str, value: &str, expected: &'static str, read_as: &'static str) {
        self.0.push(UnknownValue { column, value: shown(value, SHOWN_CHARS), expected, read_as });
    }

    /// A value or, noted, nothing. A column that the table does not have is no value.
    fn known<T>(
        &mut self,
        column: &'static str,
        text: Option<&str>,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text?;
        let value = read(text);
        if value.is_none() {
            self.note(column, text, expected, "unknown");
        }
        value
    }

    pub fn pixel_side(&mut self, column: &'static str, text: Option<&str>) -> Option<f64> {
        let expected = "a pixel side in km above 0 and up to 10";
        self.known(column, text, expected, |text| number_in(text, f64::MIN_POSITIVE, MAX_PIXEL_KM))
    }

    pub fn brightness(&mut self, column: &'static str, text: Option<&str>) -> Option<f64> {
        let expected = "a temperature in K from 0 to 2000";
        self.known(column, text, expected, |text| number_in(text, 0.0, MAX_BRIGHTNESS_K))
    }

    pub fn frp(&mut self, text: Option<&str>) -> Option<f64> {
        let expected = "a power in MW from 0 to 1000000, or nothing";
        self.known("frp", text, expected, |text| number_in(text, 0.0, MAX_FRP_MW))
    }

    pub fn confidence(&mut self, instrument: Instrument, text: Option<&str>) -> Confidence {
        let expected = match instrument {
            Instrument::Viirs => "low, nominal or high (l, n, h)",
            Instrument::Modis => "a whole per cent from 0 to 100",
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
        "d" | "day" | "白天" => Some(DayNight::Day),
        "n" | "night" | "夜间" => Some(DayNight::Night),
        _ => None,
    }
}

fn number_in(text: &str, low: f64, high: f64) -> Option<f64> {
    let number = Some(text).filter(|text| text.len() <= MAX_NUMBER_CHARS).and_then(Decimal::parse)?.to_f64();
    (low..=high).contains(&number).then_some(number)
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
        (Instrument::Modis, text) => {
            (0..=100).find(|percent| same_number(text, f64::from(*percent))).map(Confidence::Percent)
        }
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
