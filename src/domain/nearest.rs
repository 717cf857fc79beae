//! Distances from a position to outlines and named places.

use geo::CoordsIter;
use serde::{Deserialize, Serialize};

use super::position::{LocalFrame, Position};

/// A named point used to say "2.3 km north-east of ...".
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Chinese name.
    pub name: String,
    /// English name where the file gives one.
    pub name_en: Option<String>,
    /// Where it is.
    pub position: Position,
    /// Town, village, ...; free text of the file.
    pub kind: Option<String>,
    /// The unit whose seat it is; `regions grid` gives cells to the nearest seat.
    pub unit_code: Option<super::unit::UnitCode>,
}

/// Where a position lies as seen from the nearest named place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NearestPlace {
    /// The place's Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// Distance, km.
    pub distance_km: f64,
    /// Direction from the place to the position, degrees clockwise from north.
    pub bearing_deg: f64,
}

/// The nearest of the places, ties by name.
#[must_use]
pub fn nearest_place(position: Position, places: &[Place]) -> Option<NearestPlace> {
    places
        .iter()
        .map(|place| (place.position.distance_km(position), place))
        .min_by(|(da, a), (db, b)| da.total_cmp(db).then_with(|| a.name.cmp(&b.name)))
        .map(|(distance_km, place)| NearestPlace {
            name: place.name.clone(),
            name_en: place.name_en.clone(),
            distance_km,
            bearing_deg: place.position.bearing_deg(position),
        })
}

/// Kilometres from a position to the nearest edge of an outline, holes included.
#[must_use]
pub fn distance_to_outline_km(position: Position, outline: &geo::MultiPolygon<f64>) -> f64 {
    let frame = LocalFrame::about(position);
    outline
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .map(|ring| {
            let km: Vec<_> = ring.coords_iter().map(|c| frame.to_km(c)).collect();
            km.array_windows().map(|&[a, b]| distance_from_origin(a, b)).fold(f64::INFINITY, f64::min)
        })
        .fold(f64::INFINITY, f64::min)
}

/// Distance from the origin to the segment a-b.
fn distance_from_origin(a: geo::Coord<f64>, b: geo::Coord<f64>) -> f64 {
    let along = b - a;
    let length_squared = along.x * along.x + along.y * along.y;
    let t =
        if length_squared > 0.0 { (-(a.x * along.x + a.y * along.y) / length_squared).clamp(0.0, 1.0) } else { 0.0 };
    (a.x + t * along.x).hypot(a.y + t * along.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_to_an_outline_is_to_its_nearest_edge() {
        let square: geo::Polygon<f64> = geo::Rect::new((122.0, 45.0), (123.0, 46.0)).to_polygon();
        let outline = geo::MultiPolygon::new(vec![square]);
        let outside = Position::from_lon_lat(123.1, 45.5).unwrap();
        let expected = outside.distance_km(Position::from_lon_lat(123.0, 45.5).unwrap());
        assert!((distance_to_outline_km(outside, &outline) - expected).abs() < 0.01);
        let corner = Position::from_lon_lat(123.0, 46.0).unwrap();
        assert!(distance_to_outline_km(corner, &outline) < 1e-9);
    }
}
