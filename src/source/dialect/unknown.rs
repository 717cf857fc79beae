//! Values of a row that decide neither place, time nor satellite: what cannot be read is unknown, noted, and takes no
//! fire away.
//!
//! Called by the readers of rows of each feed. The numbers say where a value stops being believable, not where it stops
//! being a number.

use std::borrow::Cow;

use crate::domain::observation::Decimal;
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
pub(in crate::source) const MAX_NUMBER_CHARS: usize = 24;
/// Longest value that is shown.
pub(in crate::source) const SHOWN_CHARS: usize = 60;

/// A value of a row that was kept although this value could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    /// The column.
    pub column: Cow<'static, str>,
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
pub(in crate::source) struct Unknowns(pub Vec<UnknownValue>);

impl Unknowns {
    /// Notes a value that cannot be read.
    pub fn note(
        &mut self,
        column: impl Into<Cow<'static, str>>,
        value: &str,
        expected: &'static str,
        read_as: &'static str,
    ) {
        self.0.push(UnknownValue { column: column.into(), value: shown(value, SHOWN_CHARS), expected, read_as });
    }

    /// A value or, noted, nothing. A column that the table does not have is no value.
    pub fn known<T>(
        &mut self,
        column: impl Into<Cow<'static, str>>,
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

    pub fn frp(&mut self, column: impl Into<Cow<'static, str>>, text: Option<&str>) -> Option<f64> {
        let expected = "a power in MW from 0 to 1000000, or nothing";
        self.known(column, text, expected, |text| number_in(text, 0.0, MAX_FRP_MW))
    }
}

/// A number between two bounds, both inclusive.
pub(in crate::source) fn number_in(text: &str, low: f64, high: f64) -> Option<f64> {
    let number = Some(text).filter(|text| text.len() <= MAX_NUMBER_CHARS).and_then(Decimal::parse)?.to_f64();
    (low..=high).contains(&number).then_some(number)
}
