//! What a row says beside its name (key and level): the form that it is stored in, and what tells two rows of one name
//! apart.

use serde::{Deserialize, Serialize};

use super::{Confidence, DayNight, Observation, ObservationKey, ProcessingLevel};
use crate::domain::position::{Position, PositionError};

/// The form of [`Values`] and of [`Observation::canonical`]. Another one is another number; the old ones stay readable.
const FORM: u8 = 1;

/// What a row says beside its name, in order: the form, pixel size along scan and track, brightness of the fire and the
/// background channel, radiative power, confidence, the same as published, day or night, the version column, the
/// archive's `type`, the row. `T` holds text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Values<T>(
    pub u8,
    pub Option<f64>,
    pub Option<f64>,
    pub Option<f64>,
    pub Option<f64>,
    pub Option<f64>,
    pub Confidence,
    pub T,
    pub DayNight,
    pub T,
    pub Option<u8>,
    pub T,
);

impl Observation {
    /// What it says beside its name.
    #[must_use]
    pub fn values(&self) -> Values<&str> {
        Values(
            FORM,
            self.scan_km,
            self.track_km,
            self.brightness_k,
            self.brightness_background_k,
            self.frp_mw,
            self.confidence,
            &self.confidence_raw,
            self.day_night,
            &self.version_raw,
            self.source_type,
            &self.raw,
        )
    }

    /// The observation of a name that says some values.
    ///
    /// # Errors
    /// [`PositionError`] when the key names no place on earth.
    pub fn of(key: ObservationKey, level: ProcessingLevel, values: Values<String>) -> Result<Self, PositionError> {
        let Values(
            _,
            scan_km,
            track_km,
            brightness_k,
            brightness_background_k,
            frp_mw,
            confidence,
            confidence_raw,
            day_night,
            version_raw,
            source_type,
            raw,
        ) = values;
        Ok(Self {
            position: Position::from_lon_lat(key.lon.to_f64(), key.lat.to_f64())?,
            key,
            level,
            scan_km,
            track_km,
            brightness_k,
            brightness_background_k,
            frp_mw,
            confidence,
            confidence_raw,
            day_night,
            version_raw,
            source_type,
            raw,
        })
    }

    /// The values that two rows of one name differ by when they are two, whatever dialect spells them: the form, then
    /// each value in order, `-` where it is unknown. Never changed: stored rows are known by it.
    #[must_use]
    pub fn canonical(&self) -> String {
        use std::fmt::Write as _;
        let mut text = FORM.to_string();
        let numbers = [self.scan_km, self.track_km, self.brightness_k, self.brightness_background_k, self.frp_mw];
        for number in numbers {
            // Writing to a text cannot fail.
            let _ = match number {
                Some(number) => write!(text, " {number}"),
                None => write!(text, " -"),
            };
        }
        let _ = match self.confidence {
            Confidence::Percent(percent) => write!(text, " {percent}%"),
            class => write!(text, " {}", class.class_name()),
        };
        text.push(' ');
        text.push_str(self.day_night.letter());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::detection::tests::observation;

    #[test]
    fn the_canonical_form_is_what_it_was_when_rows_were_stored() {
        let full = observation(ProcessingLevel::Nrt, 12_284_000, 4_562_000);
        assert_eq!(full.canonical(), "1 0.4 0.4 330 290 2.5 nominal D");
        let poor = Observation {
            scan_km: None,
            frp_mw: Some(0.0),
            confidence: Confidence::Percent(45),
            day_night: DayNight::Night,
            ..full.clone()
        };
        assert_eq!(poor.canonical(), "1 - 0.4 330 290 0 45% N");
        let spelled = Observation { raw: "x".to_owned(), version_raw: "2".to_owned(), ..full.clone() };
        assert_eq!(spelled.canonical(), full.canonical(), "another spelling is no other row");
    }
}
