//! Area of outlines as firegrid understands them: edges are straight in longitude and latitude.
//!
//! Geodesic measures do not fit: they bend the long east-west edges of a grid, and two outlines
//! of the same ground with different vertices then differ. Used by the survey and the difference.

use geo::{Coord, LineString, MultiPolygon, Polygon};

/// Mean radius of the earth, km, as in [`crate::domain::position`].
const RADIUS_KM: f64 = 6_371.008_8;

/// Area on the mean sphere, km², holes left out; the ellipsoid differs by less than half a percent.
#[must_use]
pub fn outline_km2(outline: &MultiPolygon<f64>) -> f64 {
    // An empty sum is minus zero, which would be printed with its sign.
    outline.iter().map(polygon_km2).fold(0.0, |sum, part| sum + part)
}

/// As [`outline_km2`], for one part.
#[must_use]
pub fn polygon_km2(polygon: &Polygon<f64>) -> f64 {
    let holes: f64 = polygon.interiors().iter().map(ring_km2).sum();
    (ring_km2(polygon.exterior()) - holes).max(0.0)
}

/// Mean width of a long thin polygon, metres: its area by half its circumference.
#[must_use]
pub fn width_m(polygon: &Polygon<f64>) -> f64 {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let circumference_km: f64 = rings.flat_map(LineString::lines).map(|edge| length_km(edge.start, edge.end)).sum();
    if circumference_km > 0.0 { 2000.0 * polygon_km2(polygon) / circumference_km } else { 0.0 }
}

/// The integral of the sine of latitude over longitude, taken exactly along every straight edge.
fn ring_km2(ring: &LineString<f64>) -> f64 {
    // Any constant may be taken off the sine; one near it keeps small rings exact.
    let base = ring.0.first().map_or(0.0, |c| c.y.to_radians().sin());
    let sum: f64 = ring
        .lines()
        .map(|edge| {
            let half = (edge.end.y - edge.start.y).to_radians() / 2.0;
            let middle = f64::midpoint(edge.start.y, edge.end.y).to_radians();
            let mean_sine = middle.sin() * if half == 0.0 { 1.0 } else { half.sin() / half };
            (edge.end.x - edge.start.x).to_radians() * (mean_sine - base)
        })
        .sum();
    sum.abs() * RADIUS_KM * RADIUS_KM
}

fn length_km(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let shrink = f64::midpoint(a.y, b.y).to_radians().cos();
    ((b.x - a.x) * shrink).hypot(b.y - a.y).to_radians() * RADIUS_KM
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(west: f64, south: f64, east: f64, north: f64) -> Polygon<f64> {
        geo::Rect::new((west, south), (east, north)).to_polygon()
    }

    #[test]
    fn a_band_of_the_sphere_has_its_textbook_area() {
        // 2 pi R^2 (sin b - sin a), a ninetieth of the way round.
        let expected = 4f64.to_radians() * RADIUS_KM.powi(2) * (46f64.to_radians().sin() - 44f64.to_radians().sin());
        assert!((polygon_km2(&rect(121.0, 44.0, 125.0, 46.0)) / expected - 1.0).abs() < 1e-12);
    }

    #[test]
    fn it_is_additive_blind_to_winding_and_leaves_holes_out() {
        let whole = polygon_km2(&rect(122.0, 45.0, 123.0, 46.0));
        let parts = polygon_km2(&rect(122.0, 45.0, 122.3, 46.0)) + polygon_km2(&rect(122.3, 45.0, 123.0, 46.0));
        assert!((whole - parts).abs() < 1e-8, "{whole} {parts}");
        let mut turned = rect(122.0, 45.0, 123.0, 46.0);
        turned.exterior_mut(|ring| ring.0.reverse());
        assert!((polygon_km2(&turned) - whole).abs() < 1e-9);
        let hole = rect(122.2, 45.2, 122.4, 45.4);
        let ring = Polygon::new(turned.exterior().clone(), vec![hole.exterior().clone()]);
        assert!((polygon_km2(&ring) + polygon_km2(&hole) - whole).abs() < 1e-8);
    }

    #[test]
    fn the_width_of_a_strip_is_its_width() {
        // A strip of a thousandth of a degree of latitude, 111 m.
        let width = width_m(&rect(122.0, 45.0, 123.0, 45.001));
        assert!((width - 111.0).abs() < 0.5, "{width}");
    }
}
