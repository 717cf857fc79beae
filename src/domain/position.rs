//! A place on the earth and the flat local frame used to measure near it.
//!
//! Inside firegrid everything is WGS-84, longitude first; other datums are converted at
//! the edge ([`crate::regions`], links for map apps). Bare `(f64, f64)` pairs are not
//! used in public functions, because every feed and every map app orders them
//! differently.

use serde::{Deserialize, Serialize};

/// Kilometres of one degree of latitude on the mean sphere (radius 6371.0088 km).
///
/// Used only inside a few tens of kilometres, where the difference to the ellipsoid is
/// under 0.4 %, far below the size of a satellite pixel.
pub const KM_PER_DEGREE: f64 = 111.195_08;

/// A WGS-84 position that is known to be finite and on the globe.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "LonLat")]
pub struct Position {
    lon: f64,
    lat: f64,
}

/// A position as it is written down, before it is known to be one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LonLat {
    lon: f64,
    lat: f64,
}

impl TryFrom<LonLat> for Position {
    type Error = PositionError;

    fn try_from(written: LonLat) -> Result<Self, PositionError> {
        Self::from_lon_lat(written.lon, written.lat)
    }
}

/// Why a pair of numbers is not a [`Position`].
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PositionError {
    /// The longitude is not a number in -180..=180.
    #[error("longitude {0} is not in -180..180")]
    Longitude(f64),
    /// The latitude is not a number in -90..=90.
    #[error("latitude {0} is not in -90..90")]
    Latitude(f64),
}

impl Position {
    /// Builds a position from degrees, longitude first.
    ///
    /// # Errors
    /// [`PositionError`] when a number is not finite or off the globe.
    pub fn from_lon_lat(lon: f64, lat: f64) -> Result<Self, PositionError> {
        if !(-180.0..=180.0).contains(&lon) {
            return Err(PositionError::Longitude(lon));
        }
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PositionError::Latitude(lat));
        }
        Ok(Self { lon, lat })
    }

    /// Longitude in degrees, -180..=180.
    #[must_use]
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude in degrees, -90..=90.
    #[must_use]
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// The same position as a geo point (x = longitude, y = latitude).
    #[must_use]
    pub fn to_point(self) -> geo::Point<f64> {
        geo::Point::new(self.lon, self.lat)
    }

    /// Great-circle distance in kilometres (haversine on the mean sphere).
    #[must_use]
    pub fn distance_km(self, other: Self) -> f64 {
        let (phi_a, phi_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_dphi = (phi_b - phi_a) / 2.0;
        let half_dlambda = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_dphi.sin().powi(2) + phi_a.cos() * phi_b.cos() * half_dlambda.sin().powi(2);
        2.0 * 6371.0088 * h.sqrt().min(1.0).asin()
    }

    /// Initial bearing from here to `other`, degrees clockwise from north, 0..360.
    #[must_use]
    pub fn bearing_deg(self, other: Self) -> f64 {
        let (phi_a, phi_b) = (self.lat.to_radians(), other.lat.to_radians());
        let dlambda = (other.lon - self.lon).to_radians();
        let y = dlambda.sin() * phi_b.cos();
        let x = phi_a.cos() * phi_b.sin() - phi_a.sin() * phi_b.cos() * dlambda.cos();
        y.atan2(x).to_degrees().rem_euclid(360.0)
    }
}

/// A flat frame in kilometres (x east, y north) about an origin.
///
/// Equirectangular at the origin's latitude; good to better than 0.5 % within 30 km.
#[derive(Debug, Clone, Copy)]
pub struct LocalFrame {
    origin: Position,
    km_per_degree_lon: f64,
}

impl LocalFrame {
    /// A frame whose origin is `origin`.
    #[must_use]
    pub fn about(origin: Position) -> Self {
        Self { origin, km_per_degree_lon: KM_PER_DEGREE * origin.lat.to_radians().cos() }
    }

    /// Degrees to kilometres from the origin.
    #[must_use]
    pub fn to_km(&self, c: geo::Coord<f64>) -> geo::Coord<f64> {
        geo::Coord { x: (c.x - self.origin.lon) * self.km_per_degree_lon, y: (c.y - self.origin.lat) * KM_PER_DEGREE }
    }

    /// Kilometres from the origin to degrees.
    #[must_use]
    pub fn to_degrees(&self, c: geo::Coord<f64>) -> geo::Coord<f64> {
        geo::Coord { x: c.x / self.km_per_degree_lon + self.origin.lon, y: c.y / KM_PER_DEGREE + self.origin.lat }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_the_globe_is_refused() {
        for (lon, lat) in [(181.0, 0.0), (0.0, 91.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert!(Position::from_lon_lat(lon, lat).is_err(), "{lon} {lat}");
        }
    }

    #[test]
    fn the_local_frame_agrees_with_the_great_circle_within_half_a_percent() {
        let a = Position::from_lon_lat(122.84, 45.62).unwrap();
        let frame = LocalFrame::about(a);
        for (dlon, dlat) in [(0.2, 0.1), (-0.1, 0.2), (0.0, -0.2)] {
            let b = Position::from_lon_lat(122.84 + dlon, 45.62 + dlat).unwrap();
            let flat = frame.to_km(b.to_point().0);
            let ratio = flat.x.hypot(flat.y) / a.distance_km(b);
            assert!((ratio - 1.0).abs() < 0.005, "{ratio}");
        }
    }

    #[test]
    fn bearings_turn_clockwise_from_north() {
        let a = Position::from_lon_lat(122.0, 45.0).unwrap();
        let east = Position::from_lon_lat(122.1, 45.0).unwrap();
        let south = Position::from_lon_lat(122.0, 44.9).unwrap();
        assert!((a.bearing_deg(east) - 90.0).abs() < 0.1);
        assert!((a.bearing_deg(south) - 180.0).abs() < 1e-9);
    }
}
