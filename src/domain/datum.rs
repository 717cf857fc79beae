//! Datum conversion between WGS-84, CGCS2000, GCJ-02 and BD-09.
//!
//! Inside firegrid everything is WGS-84. GCJ-02 and BD-09 come in through region files that
//! declare them and go out through links that open a map app; at Baicheng GCJ-02 lies
//! 504 m away from WGS-84, more than a VIIRS pixel. CGCS2000 differs from WGS-84 by
//! centimetres and is taken as equal.
//!
//! # Source
//! The published GCJ-02 and BD-09 formulas with their usual constants (Krassovsky
//! ellipsoid a = 6378245, e2 = 0.00669342162296594323). There is no closed inverse: it is
//! found by iteration, whose third step is exact to 0.1 mm here.

use geo::Coord;
use serde::{Deserialize, Serialize};

/// The datum a geometry file declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// World Geodetic System 1984.
    Wgs84,
    /// China Geodetic Coordinate System 2000; equal to WGS-84 for this purpose.
    Cgcs2000,
    /// The shifted datum of AMap and Tencent.
    Gcj02,
    /// The doubly shifted datum of Baidu.
    Bd09,
}

impl Datum {
    /// Converts a coordinate of this datum (x = longitude, y = latitude, degrees) to WGS-84.
    #[must_use]
    pub fn to_wgs84(self, c: Coord<f64>) -> Coord<f64> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => c,
            Self::Gcj02 => invert(c, wgs84_to_gcj02),
            Self::Bd09 => invert(invert(c, gcj02_to_bd09), wgs84_to_gcj02),
        }
    }

    /// Converts a WGS-84 coordinate (x = longitude, y = latitude, degrees) to this datum.
    #[must_use]
    pub fn from_wgs84(self, c: Coord<f64>) -> Coord<f64> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => c,
            Self::Gcj02 => wgs84_to_gcj02(c),
            Self::Bd09 => gcj02_to_bd09(wgs84_to_gcj02(c)),
        }
    }
}

const SEMI_MAJOR_M: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

/// Outside this box (degrees) the mainland shift is not applied and coordinates pass unchanged.
const MAINLAND: (f64, f64, f64, f64) = (72.004, 0.829_3, 137.834_7, 55.827_1);

fn wgs84_to_gcj02(c: Coord<f64>) -> Coord<f64> {
    let (west, south, east, north) = MAINLAND;
    if !(west..=east).contains(&c.x) || !(south..=north).contains(&c.y) {
        return c;
    }
    let (x, y) = (c.x - 105.0, c.y - 35.0);
    let phi = c.y.to_radians();
    let flattening = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let metres_per_degree_lat =
        SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (flattening * flattening.sqrt()) * std::f64::consts::PI / 180.0;
    let metres_per_degree_lon = SEMI_MAJOR_M / flattening.sqrt() * phi.cos() * std::f64::consts::PI / 180.0;
    Coord { x: c.x + east_m(x, y) / metres_per_degree_lon, y: c.y + north_m(x, y) / metres_per_degree_lat }
}

/// `amplitude x (2/3) x (sum of weight x sin(pi x frequency))`, the shape all terms share.
fn waves(terms: [(f64, f64); 2]) -> f64 {
    terms.iter().map(|&(weight, turns)| weight * (turns * std::f64::consts::PI).sin()).sum::<f64>() * 2.0 / 3.0
}

fn east_m(x: f64, y: f64) -> f64 {
    300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + waves([(20.0, 6.0 * x), (20.0, 2.0 * x)])
        + waves([(20.0, x), (40.0, x / 3.0)])
        + waves([(150.0, x / 12.0), (300.0, x / 30.0)])
}

fn north_m(x: f64, y: f64) -> f64 {
    -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + waves([(20.0, 6.0 * x), (20.0, 2.0 * x)])
        + waves([(20.0, y), (40.0, y / 3.0)])
        + waves([(160.0, y / 12.0), (320.0, y / 30.0)])
}

fn gcj02_to_bd09(c: Coord<f64>) -> Coord<f64> {
    let turn = std::f64::consts::PI * 3000.0 / 180.0;
    let radius = c.x.hypot(c.y) + 2e-5 * (c.y * turn).sin();
    let angle = c.y.atan2(c.x) + 3e-6 * (c.x * turn).cos();
    Coord { x: radius * angle.cos() + 0.006_5, y: radius * angle.sin() + 0.006 }
}

/// Inverts a small smooth shift by fixed-point iteration.
fn invert(target: Coord<f64>, forward: impl Fn(Coord<f64>) -> Coord<f64>) -> Coord<f64> {
    // Each step shrinks the error about a hundredfold; six steps reach the last bits.
    (0..6).fold(target, |guess, _| guess + target - forward(guess))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::position::Position;

    fn metres(a: Coord<f64>, b: Coord<f64>) -> f64 {
        let position = |c: Coord<f64>| Position::from_lon_lat(c.x, c.y).unwrap();
        position(a).distance_km(position(b)) * 1000.0
    }

    #[test]
    fn gcj02_agrees_with_independently_computed_points() {
        // 白城, 通榆, 镇赉: computed outside this project from the public formula.
        let cases = [
            ((122.84, 45.62), (122.845_870, 45.621_906)),
            ((123.09, 44.81), (123.096_382, 44.812_131)),
            ((123.20, 45.85), (123.206_443, 45.852_017)),
        ];
        for ((x, y), (gx, gy)) in cases {
            let off = metres(Datum::Gcj02.from_wgs84(Coord { x, y }), Coord { x: gx, y: gy });
            assert!(off < 0.2, "{off} m at {x} {y}");
        }
    }

    #[test]
    fn abroad_nothing_is_shifted() {
        let berlin = Coord { x: 13.4, y: 52.5 };
        assert_eq!(Datum::Gcj02.from_wgs84(berlin), berlin);
    }

    proptest! {
        #[test]
        fn the_round_trip_is_under_ten_centimetres(x in 121.0..125.0f64, y in 43.0..47.0f64) {
            let c = Coord { x, y };
            for datum in [Datum::Gcj02, Datum::Bd09, Datum::Cgcs2000, Datum::Wgs84] {
                let off = metres(datum.to_wgs84(datum.from_wgs84(c)), c);
                prop_assert!(off < 0.1, "{datum:?}: {off} m");
            }
            prop_assert!(metres(Datum::Gcj02.from_wgs84(c), c) > 400.0, "the shift is really applied");
        }
    }
}
