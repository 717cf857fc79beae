//! Point location: which outlines hold a point, borders included.
//!
//! The exact version: an R-tree over the boxes of the outlines' parts, then geo's
//! `Intersects`, whose side tests use robust predicates. It is the reference every faster
//! index has to equal, on borders too. `Contains` is never used: it leaves out the border,
//! and a point on the common edge of two zones would be in neither.

use geo::{BoundingRect, Intersects, MultiPolygon, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::position::Position;

/// An index over outlines; each is known by its place in the list it was built from.
#[derive(Debug, Clone, Default)]
pub struct PolygonIndex {
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, Part>>,
    parts: Vec<Polygon<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    outline: usize,
    polygon: usize,
}

impl PolygonIndex {
    /// Builds the index; an absent outline holds no point.
    #[must_use]
    pub fn build<'a>(outlines: impl Iterator<Item = Option<&'a MultiPolygon<f64>>>) -> Self {
        let (mut parts, mut entries) = (Vec::new(), Vec::new());
        for (outline, geometry) in outlines.enumerate() {
            for polygon in geometry.into_iter().flat_map(MultiPolygon::iter) {
                let Some(bounds) = polygon.bounding_rect() else { continue };
                let envelope = Rectangle::from_corners(bounds.min().into(), bounds.max().into());
                entries.push(GeomWithData::new(envelope, Part { outline, polygon: parts.len() }));
                parts.push(polygon.clone());
            }
        }
        Self { tree: RTree::bulk_load(entries), parts }
    }

    /// The outlines that hold a position, a border counting as held by both sides.
    ///
    /// # Shape
    /// Places in the list the index was built from, rising, each once.
    #[must_use]
    pub fn holding(&self, position: Position) -> Vec<usize> {
        let point = position.to_point();
        let here = AABB::from_point([position.lon(), position.lat()]);
        let mut found: Vec<usize> = self
            .tree
            .locate_in_envelope_intersecting(here)
            .filter(|entry| self.parts.get(entry.data.polygon).is_some_and(|part| part.intersects(&point)))
            .map(|entry| entry.data.outline)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The outlines whose box touches a box given in degrees (west, south, east, north).
    ///
    /// # Shape
    /// Places in the list the index was built from, rising, each once.
    #[must_use]
    pub fn near(&self, (west, south, east, north): (f64, f64, f64, f64)) -> Vec<usize> {
        let window = AABB::from_corners([west, south], [east, north]);
        let mut found: Vec<usize> =
            self.tree.locate_in_envelope_intersecting(window).map(|entry| entry.data.outline).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The parts of outlines whose own box touches a box given in degrees (west, south, east,
    /// north), each with its outline's place in the list the index was built from.
    pub fn parts_near(
        &self,
        (west, south, east, north): (f64, f64, f64, f64),
    ) -> impl Iterator<Item = (usize, &Polygon<f64>)> {
        let window = AABB::from_corners([west, south], [east, north]);
        self.tree
            .locate_in_envelope_intersecting(window)
            .filter_map(|entry| Some((entry.data.outline, self.parts.get(entry.data.polygon)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_on_a_shared_edge_is_held_by_both_sides() {
        let square = |x: f64| MultiPolygon::new(vec![geo::Rect::new((x, 45.0), (x + 1.0, 46.0)).to_polygon()]);
        let outlines = [square(122.0), square(123.0)];
        let index = PolygonIndex::build(outlines.iter().map(Some));
        let holding = |lon, lat| index.holding(Position::from_lon_lat(lon, lat).unwrap());
        assert_eq!(holding(123.0, 45.5), [0, 1]);
        assert_eq!(holding(122.0, 45.0), [0], "a corner belongs");
        assert_eq!(holding(123.5, 46.0), [1], "an upper edge belongs");
        assert!(holding(121.999, 45.5).is_empty());
    }

    #[test]
    fn a_point_in_a_hole_is_not_held_and_an_absent_outline_holds_nothing() {
        let shell = geo::Rect::new((122.0, 45.0), (123.0, 46.0)).to_polygon();
        let hole = geo::Rect::new((122.4, 45.4), (122.6, 45.6)).to_polygon();
        let ring = MultiPolygon::new(vec![Polygon::new(shell.exterior().clone(), vec![hole.exterior().clone()])]);
        let index = PolygonIndex::build([None, Some(&ring)].into_iter());
        let holding = |lon, lat| index.holding(Position::from_lon_lat(lon, lat).unwrap());
        assert!(holding(122.5, 45.5).is_empty());
        assert_eq!(holding(122.4, 45.5), [1], "the edge of a hole belongs");
        assert!(PolygonIndex::default().holding(Position::from_lon_lat(0.0, 0.0).unwrap()).is_empty());
    }
}
