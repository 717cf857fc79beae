//! Squares laid over an outline, in whole steps of five decimals.
//!
//! Sister cells have to share their rounded vertices, so rounding comes first: the outline is
//! rounded, cut at every lattice line it crosses, and those points are rounded once, for both
//! sides. Afterwards no edge leaves its square, and every vertex of every piece is a whole step.

use geo::orient::Direction;
use geo::{BooleanOps, BoundingRect, Coord, LineString, MultiPolygon, Orient, Polygon, Rect};

use crate::domain::position::KM_PER_DEGREE;
use crate::regions::topology;

/// Steps of one degree: five decimals, about a metre.
const STEPS: f64 = 100_000.0;

/// Axis-parallel squares over the box of an outline.
///
/// # Units
/// All in steps of 0.00001 degrees, whole numbers.
#[derive(Debug, Clone, Copy)]
pub struct Lattice {
    west: f64,
    south: f64,
    /// Width of a square: as long on the ground as its height, at the middle latitude.
    width: f64,
    height: f64,
    columns: usize,
    rows: usize,
}

impl Lattice {
    /// Squares of a side over an outline, beginning at its south-west corner.
    #[must_use]
    pub fn over(outline: &MultiPolygon<f64>, cell_km: f64) -> Self {
        let bounds = outline.bounding_rect().unwrap_or_else(|| Rect::new((0.0, 0.0), (0.0, 0.0)));
        let (low, high) = (bounds.min(), bounds.max());
        let middle = f64::midpoint(low.y, high.y).to_radians().cos().max(0.01);
        let height = (cell_km / KM_PER_DEGREE * STEPS).round().max(1.0);
        let width = (cell_km / (KM_PER_DEGREE * middle) * STEPS).round().max(1.0);
        let (west, south) = ((low.x * STEPS).floor(), (low.y * STEPS).floor());
        let count = |steps: f64, size: f64| (steps / size).ceil().max(1.0);
        Self {
            west,
            south,
            width,
            height,
            columns: whole(count((high.x * STEPS).ceil() - west, width)),
            rows: whole(count((high.y * STEPS).ceil() - south, height)),
        }
    }

    /// How many squares cover the box.
    #[must_use]
    pub fn squares(&self) -> usize {
        self.columns.saturating_mul(self.rows)
    }

    /// Area of a square in square degrees.
    #[must_use]
    pub fn square_area(&self) -> f64 {
        self.width * self.height / (STEPS * STEPS)
    }

    /// The connected pieces of the outline in every square, with the row and column of the square.
    ///
    /// # Shape
    /// From the south-west, row by row; a square that the outline crosses may have several.
    #[must_use]
    pub fn pieces(&self, outline: &MultiPolygon<f64>) -> Vec<((usize, usize), Polygon<f64>)> {
        let outline = self.noded(&snapped(outline));
        let mut pieces = Vec::new();
        for row in 0..self.rows {
            // A strip first: every square then meets a few edges instead of all.
            let strip = snapped(&outline.intersection(&self.rect((row, 0), self.columns)));
            if strip.0.is_empty() {
                continue;
            }
            for column in 0..self.columns {
                let part = snapped(&strip.intersection(&self.rect((row, column), 1)));
                pieces.extend(part.into_iter().map(|piece| ((row, column), piece)));
            }
        }
        pieces
    }

    /// The box of some squares of a row.
    fn rect(&self, (row, column): (usize, usize), columns: usize) -> Polygon<f64> {
        let corner = |column: usize, row: usize| Coord {
            x: (self.west + self.width * column as f64) / STEPS,
            y: (self.south + self.height * row as f64) / STEPS,
        };
        Rect::new(corner(column, row), corner(column + columns, row + 1)).to_polygon()
    }

    /// The outline with a vertex, a whole step, wherever an edge crosses a lattice line.
    fn noded(&self, outline: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        let ring = |ring: &LineString<f64>| {
            let mut nodes: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
            for line in ring.lines() {
                nodes.push(line.start);
                nodes.extend(self.crossings(line.start, line.end));
            }
            nodes.extend(nodes.first().copied());
            nodes.dedup();
            LineString::new(nodes)
        };
        let polygon = |polygon: &Polygon<f64>| {
            Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
        };
        MultiPolygon::new(outline.iter().map(polygon).collect())
    }

    /// Where an edge crosses lattice lines, from its start to its end.
    fn crossings(&self, start: Coord<f64>, end: Coord<f64>) -> Vec<Coord<f64>> {
        let (a, b) = (start * STEPS, end * STEPS);
        let along_x = lines_between(a.x, b.x, self.west, self.width).into_iter().map(|x| {
            let t = (x - a.x) / (b.x - a.x);
            (t, Coord { x, y: (a.y + t * (b.y - a.y)).round() })
        });
        let along_y = lines_between(a.y, b.y, self.south, self.height).into_iter().map(|y| {
            let t = (y - a.y) / (b.y - a.y);
            (t, Coord { x: (a.x + t * (b.x - a.x)).round(), y })
        });
        let mut crossings: Vec<_> = along_x.chain(along_y).collect();
        crossings.sort_by(|p, q| p.0.total_cmp(&q.0));
        crossings.into_iter().map(|(_, c)| Coord { x: c.x / STEPS, y: c.y / STEPS }).collect()
    }
}

/// Lattice lines strictly between two numbers; at most as many as the lattice has, for it covers the outline.
fn lines_between(a: f64, b: f64, first: f64, size: f64) -> Vec<f64> {
    let (low, high) = (a.min(b), a.max(b));
    let mut line = first + size * ((low - first) / size).floor();
    let mut lines = Vec::new();
    while line < high {
        if line > low {
            lines.push(line);
        }
        line += size;
    }
    lines
}

fn whole(count: f64) -> usize {
    // A lattice of more squares than this is refused by the caller.
    const MOST: f64 = 1e6;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..1e6 and whole")]
    let count = count.clamp(1.0, MOST) as usize;
    count
}

/// The outline rounded to whole steps, made valid again where rounding closed a neck or a bay.
///
/// Parts that rounding leaves without area vanish.
#[must_use]
pub fn snapped(outline: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let mut result = rounded(outline);
    // A repair can make new vertices, whose rounding can touch again; two rounds settle what
    // occurs on real outlines, and the reader refuses whatever does not settle.
    for _ in 0..4 {
        if topology::flaws(&result).is_empty() {
            break;
        }
        result = rounded(&result.union(&MultiPolygon::new(Vec::new())));
    }
    result.orient(Direction::Default)
}

fn rounded(outline: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let ring = |ring: &LineString<f64>| {
        let mut nodes: Vec<_> = ring
            .0
            .iter()
            .map(|c| Coord { x: (c.x * STEPS).round() / STEPS, y: (c.y * STEPS).round() / STEPS })
            .collect();
        nodes.dedup();
        (nodes.len() >= 4).then(|| LineString::new(nodes))
    };
    let parts = outline.iter().filter_map(|polygon| {
        Some(Polygon::new(ring(polygon.exterior())?, polygon.interiors().iter().filter_map(ring).collect()))
    });
    MultiPolygon::new(parts.collect())
}
