//! An observation: one row of a feed, as published, read into types that cannot be wrong.
//!
//! Made by [`crate::source`]'s dialect readers, paired into detections by
//! [`crate::domain::detection`]. Place, time and satellite are read or the row is rejected; every other
//! value that cannot be read is unknown here (`None` or `Unknown`), never a usual value.

mod values;

use serde::{Deserialize, Serialize};

use super::position::Position;
use super::time::{Date, Timestamp, date};

pub use values::Values;

/// The platform that carried the sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Satellite {
    /// Suomi NPP; delivery ended 1 November 2026, archives only.
    #[serde(rename = "Suomi-NPP")]
    SuomiNpp,
    /// NOAA-20 (JPSS-1).
    #[serde(rename = "NOAA-20")]
    Noaa20,
    /// NOAA-21 (JPSS-2).
    #[serde(rename = "NOAA-21")]
    Noaa21,
    /// EOS Terra (AM).
    Terra,
    /// EOS Aqua (PM).
    Aqua,
    /// Himawari-8, geostationary over 140.7 E; standby since December 2022.
    #[serde(rename = "Himawari-8")]
    Himawari8,
    /// Himawari-9, geostationary over 140.7 E.
    #[serde(rename = "Himawari-9")]
    Himawari9,
    /// FengYun-3D (PM).
    #[serde(rename = "FY-3D")]
    Fy3d,
    /// FengYun-3F (AM).
    #[serde(rename = "FY-3F")]
    Fy3f,
    /// FengYun-4A, geostationary.
    #[serde(rename = "FY-4A")]
    Fy4a,
    /// FengYun-4B, geostationary.
    #[serde(rename = "FY-4B")]
    Fy4b,
    /// GEO-KOMPSAT-2A, geostationary over 128.2 E.
    #[serde(rename = "GK-2A")]
    Gk2a,
}

/// How a satellite goes over the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Orbit {
    /// Sun-synchronous, over the poles.
    Polar {
        /// Inclination, degrees.
        inclination_deg: f64,
        /// Time of one turn, minutes.
        period_min: f64,
        /// Whether it goes north by day.
        ascends_by_day: bool,
    },
    /// Above one place of the equator: its grid lies along parallels and meridians.
    Geostationary,
}

impl Satellite {
    /// Every satellite firegrid knows, in the order of the enum.
    pub const ALL: [Self; 12] = [
        Self::SuomiNpp,
        Self::Noaa20,
        Self::Noaa21,
        Self::Terra,
        Self::Aqua,
        Self::Himawari8,
        Self::Himawari9,
        Self::Fy3d,
        Self::Fy3f,
        Self::Fy4a,
        Self::Fy4b,
        Self::Gk2a,
    ];

    /// The glossary name, also used in the database and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SuomiNpp => "Suomi-NPP",
            Self::Noaa20 => "NOAA-20",
            Self::Noaa21 => "NOAA-21",
            Self::Terra => "Terra",
            Self::Aqua => "Aqua",
            Self::Himawari8 => "Himawari-8",
            Self::Himawari9 => "Himawari-9",
            Self::Fy3d => "FY-3D",
            Self::Fy3f => "FY-3F",
            Self::Fy4a => "FY-4A",
            Self::Fy4b => "FY-4B",
            Self::Gk2a => "GK-2A",
        }
    }

    /// The satellite of a glossary name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|satellite| satellite.name() == name)
    }

    /// The day it was launched: no row of it is older.
    ///
    /// # Source
    /// The mission pages of NASA and NOAA; for the others the WMO OSCAR database. Days are UTC.
    #[must_use]
    pub fn launched_on(self) -> Date {
        match self {
            Self::Terra => date(1999, 12, 18),
            Self::Aqua => date(2002, 5, 4),
            Self::SuomiNpp => date(2011, 10, 28),
            Self::Noaa20 => date(2017, 11, 18),
            Self::Noaa21 => date(2022, 11, 10),
            Self::Himawari8 => date(2014, 10, 7),
            Self::Himawari9 => date(2016, 11, 2),
            Self::Fy3d => date(2017, 11, 14),
            Self::Fy3f => date(2023, 8, 3),
            Self::Fy4a => date(2016, 12, 10),
            Self::Fy4b => date(2021, 6, 2),
            Self::Gk2a => date(2018, 12, 4),
        }
    }

    /// The fire sensor it carries.
    #[must_use]
    pub fn instrument(self) -> Instrument {
        match self {
            Self::SuomiNpp | Self::Noaa20 | Self::Noaa21 => Instrument::Viirs,
            Self::Terra | Self::Aqua => Instrument::Modis,
            Self::Himawari8 | Self::Himawari9 => Instrument::Ahi,
            Self::Fy3d | Self::Fy3f => Instrument::Mersi,
            Self::Fy4a | Self::Fy4b => Instrument::Agri,
            Self::Gk2a => Instrument::Ami,
        }
    }

    /// How it goes over the ground.
    ///
    /// # Source
    /// Inclination and period of the sun-synchronous orbits: Terra and Aqua 98.2 degrees and 98.8 min, Suomi-NPP and
    /// NOAA-20/21 98.7 and 101.4, FengYun-3 98.8 and 101.5 (WMO OSCAR). Terra and FY-3F descend by day.
    #[must_use]
    pub fn orbit(self) -> Orbit {
        let (inclination_deg, period_min) = match self.instrument() {
            Instrument::Viirs => (98.7, 101.4),
            Instrument::Modis => (98.2, 98.8),
            Instrument::Mersi => (98.8, 101.5),
            Instrument::Ahi | Instrument::Agri | Instrument::Ami => return Orbit::Geostationary,
        };
        Orbit::Polar { inclination_deg, period_min, ascends_by_day: !matches!(self, Self::Terra | Self::Fy3f) }
    }
}

impl std::fmt::Display for Satellite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// The sensor that saw the pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Instrument {
    /// VIIRS, 375 m at nadir.
    #[serde(rename = "VIIRS")]
    Viirs,
    /// MODIS, 1 km at nadir.
    #[serde(rename = "MODIS")]
    Modis,
    /// AHI of Himawari, 2 km below the satellite.
    #[serde(rename = "AHI")]
    Ahi,
    /// MERSI of FengYun-3, 1 km at nadir in the thermal channels.
    #[serde(rename = "MERSI")]
    Mersi,
    /// AGRI of FengYun-4, 4 km below the satellite in the thermal channels.
    #[serde(rename = "AGRI")]
    Agri,
    /// AMI of GEO-KOMPSAT-2A, 2 km below the satellite.
    #[serde(rename = "AMI")]
    Ami,
}

impl Instrument {
    /// The name as feeds and glossary write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viirs => "VIIRS",
            Self::Modis => "MODIS",
            Self::Ahi => "AHI",
            Self::Mersi => "MERSI",
            Self::Agri => "AGRI",
            Self::Ami => "AMI",
        }
    }

    /// Pixel sides (scan, track) at the edge of the swath in km, the largest a pixel of this sensor gets; of a
    /// geostationary one the largest over China.
    ///
    /// # Source
    /// The greatest `scan` and `track` of whole days of FIRMS files: VIIRS 0.80 and 0.78, MODIS 4.82 and 2.0. The others
    /// by geometry: MERSI at 55.1 degrees of scan from 836 km; a geostationary pixel seen 60 degrees from the zenith
    /// is twice as long as below the satellite.
    #[must_use]
    pub fn largest_pixel_km(self) -> (f64, f64) {
        match self {
            Self::Viirs => (0.8, 0.8),
            Self::Modis => (4.9, 2.0),
            Self::Mersi => (5.7, 2.1),
            Self::Ahi | Self::Ami => (4.4, 4.4),
            Self::Agri => (8.8, 8.8),
        }
    }

    /// Pixel side at nadir in km, the smallest a pixel of this sensor gets.
    ///
    /// # Source
    /// FIRMS attribute pages: VIIRS I-band 375 m, MODIS 1 km; WMO OSCAR for the others.
    #[must_use]
    pub fn nadir_pixel_km(self) -> f64 {
        match self {
            Self::Viirs => 0.375,
            Self::Modis | Self::Mersi => 1.0,
            Self::Ahi | Self::Ami => 2.0,
            Self::Agri => 4.0,
        }
    }
}

/// How far along the processing chain a row is; later ones replace earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProcessingLevel {
    /// The version column says nothing that can be read: ranks lowest, any known level speaks instead.
    #[serde(rename = "unknown")]
    Unknown,
    /// Ultra real time, under a minute after acquisition.
    #[serde(rename = "URT")]
    Urt,
    /// Real time, under an hour.
    #[serde(rename = "RT")]
    Rt,
    /// Near real time, under three hours.
    #[serde(rename = "NRT")]
    Nrt,
    /// Standard product, months later.
    #[serde(rename = "SP")]
    Sp,
}

impl ProcessingLevel {
    /// The name as feeds and glossary write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Urt => "URT",
            Self::Rt => "RT",
            Self::Nrt => "NRT",
            Self::Sp => "SP",
        }
    }

    /// The level of a glossary name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Unknown, Self::Urt, Self::Rt, Self::Nrt, Self::Sp].into_iter().find(|level| level.name() == name)
    }
}

/// How sure the algorithm is that the pixel holds a fire; the raw text is kept beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Written in no alphabet of this sensor, or not at all: ranks lowest, but is not known to be low.
    Unknown,
    /// VIIRS low: sun glint or a weak day pixel.
    Low,
    /// VIIRS nominal.
    Nominal,
    /// VIIRS high: saturated.
    High,
    /// MODIS: 0..=100 per cent.
    Percent(u8),
}

impl Confidence {
    /// The class people read: MODIS below 30 % is low, from 80 % high.
    ///
    /// # Source
    /// MODIS Collection 6 active fire user's guide, table of confidence classes.
    #[must_use]
    pub fn class(self) -> Self {
        match self {
            Self::Percent(0..30) => Self::Low,
            Self::Percent(30..80) => Self::Nominal,
            Self::Percent(_) => Self::High,
            class => class,
        }
    }

    /// The class as an API word: `low`, `nominal`, `high` or `unknown`.
    #[must_use]
    pub fn class_name(self) -> &'static str {
        match self.class() {
            Self::Unknown => "unknown",
            Self::Low => "low",
            Self::Nominal => "nominal",
            Self::High | Self::Percent(_) => "high",
        }
    }
}

/// Whether the pixel was seen by day or by night: as the feed says, else by the sun ([`crate::domain::sun`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DayNight {
    /// Day.
    #[serde(rename = "D")]
    Day,
    /// Night.
    #[serde(rename = "N")]
    Night,
}

impl DayNight {
    /// The feed's letter, `D` or `N`.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Day => "D",
            Self::Night => "N",
        }
    }
}

/// A decimal number in the one spelling firegrid compares: no plus sign, no leading or
/// trailing zeros, no exponent, no minus zero.
///
/// Positions are compared as published, not as floats, so `45.10000` of one dialect and
/// `45.1` of another are the same place and `45.10001` is not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Decimal(String);

impl Decimal {
    /// Reads and normalises a plain decimal text.
    ///
    /// # Shape
    /// `None` for anything but an optional sign, digits, and an optional point with at
    /// least one digit after it: `-8.`, `.`, `1e5`, `NaN` and `1,5` are all refused. A
    /// number may start with its point (`.64`), as some feeds write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None if digits.is_empty() => return None,
            None => (digits, ""),
        };
        if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let sign = if negative && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Some(Self(format!("{sign}{whole}{point}{fraction}")))
    }

    /// The number; every normalised decimal text is one.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// The normalised text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What makes two rows the same look at the same pixel, whatever feed brought them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObservationKey {
    /// The platform.
    pub satellite: Satellite,
    /// Minute of acquisition, UTC.
    pub acquired_at: Timestamp,
    /// Longitude as published, normalised.
    pub lon: Decimal,
    /// Latitude as published, normalised.
    pub lat: Decimal,
}

impl std::fmt::Display for ObservationKey {
    /// One line that sorts and compares like the key: `NOAA-20 2022-04-13T04:12:00Z 123.4 45.1`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} {}", self.satellite, self.acquired_at, self.lon.as_str(), self.lat.as_str())
    }
}

/// One row of a feed, as published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Identity over all dialects and feeds.
    pub key: ObservationKey,
    /// Pixel centre, WGS-84; the same numbers as in the key.
    pub position: Position,
    /// Processing level, read from the version column.
    pub level: ProcessingLevel,
    /// Pixel size along the scan, km; absent where the feed does not say or says nothing believable.
    pub scan_km: Option<f64>,
    /// Pixel size along the track, km.
    pub track_km: Option<f64>,
    /// Brightness temperature of the fire channel (VIIRS I4, MODIS 21/22), K.
    pub brightness_k: Option<f64>,
    /// Brightness temperature of the background channel (VIIRS I5, MODIS 31), K.
    pub brightness_background_k: Option<f64>,
    /// Fire radiative power, MW; 0 is a genuine value, absent is absent.
    pub frp_mw: Option<f64>,
    /// Confidence, one enum for all sensors.
    pub confidence: Confidence,
    /// Confidence as published; escaped and cut to a showable length where it is unknown.
    pub confidence_raw: String,
    /// Day or night, as published or by the sun.
    pub day_night: DayNight,
    /// The version column as published, for example `2.0NRT`; escaped and cut where the level is unknown.
    pub version_raw: String,
    /// The archive's `type` column: 0 vegetation, 1 volcano, 2 static land source, 3 offshore.
    pub source_type: Option<u8>,
    /// The whole row as published, for replay and evidence.
    pub raw: String,
}

impl Observation {
    /// A total order over rows of one key and level that does not depend on arrival.
    ///
    /// Two rows with the same key and level should be equal; if a feed ever republishes
    /// one with other values, the greater of the two speaks, whichever came first.
    #[must_use]
    pub fn rank(&self) -> impl Ord + use<> {
        let number = |value: Option<f64>| value.map(f64::to_bits);
        (
            self.confidence,
            number(self.frp_mw),
            number(self.brightness_k),
            number(self.brightness_background_k),
            number(self.scan_km),
            number(self.track_km),
            self.day_night,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_different_spelling_are_the_same_number() {
        let same = [
            ("45.10000", "45.1"),
            ("+45.1", "45.1"),
            ("045.1", "45.1"),
            ("-0.0", "0"),
            (".64", "0.64"),
            ("-.5", "-0.5"),
            ("100", "100"),
            ("100.0", "100"),
        ];
        for (text, normal) in same {
            assert_eq!(Decimal::parse(text).unwrap().as_str(), normal, "{text}");
        }
    }

    #[test]
    fn cut_and_foreign_numbers_are_refused() {
        for text in ["", "-", "118.", "-8.", ".", "1e5", "NaN", "inf", "1,5", " 1", "1 ", "0x1", "--1", "1.2.3", "１"]
        {
            assert!(Decimal::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn modis_per_cent_becomes_a_class_and_is_not_silently_medium() {
        let class = |p| Confidence::Percent(p).class_name();
        assert_eq!(
            [class(0), class(29), class(30), class(79), class(80), class(100)],
            ["low", "low", "nominal", "nominal", "high", "high"]
        );
    }
}
