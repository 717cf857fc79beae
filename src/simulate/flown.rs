//! The satellites that the simulation flies, and their sensors: fewer than firegrid knows.
//!
//! What is simulated (orbits, optics, noise, files) is said for these alone, so that a satellite that firegrid learns to
//! read costs nothing here.

use serde::Serialize;

use crate::domain::observation::Satellite;

/// A satellite that is flown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "Satellite")]
pub enum Flown {
    /// NOAA-20.
    Noaa20,
    /// NOAA-21.
    Noaa21,
    /// Terra.
    Terra,
    /// Aqua.
    Aqua,
}

impl Flown {
    /// The satellite as everything else knows it.
    #[must_use]
    pub fn satellite(self) -> Satellite {
        match self {
            Self::Noaa20 => Satellite::Noaa20,
            Self::Noaa21 => Satellite::Noaa21,
            Self::Terra => Satellite::Terra,
            Self::Aqua => Satellite::Aqua,
        }
    }

    /// Its sensor.
    #[must_use]
    pub fn sensor(self) -> Sensor {
        match self {
            Self::Noaa20 | Self::Noaa21 => Sensor::Viirs,
            Self::Terra | Self::Aqua => Sensor::Modis,
        }
    }
}

impl std::fmt::Display for Flown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.satellite().fmt(f)
    }
}

impl From<Flown> for Satellite {
    fn from(flown: Flown) -> Self {
        flown.satellite()
    }
}

/// A sensor that is flown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sensor {
    /// VIIRS.
    Viirs,
    /// MODIS.
    Modis,
}

impl Sensor {
    /// The name as feeds write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Viirs => "VIIRS",
            Self::Modis => "MODIS",
        }
    }
}
