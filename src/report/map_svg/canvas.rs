//! The flat sheet that a map is drawn on: degrees to drawing units, outlines to path data.
//!
//! Equirectangular about the middle of the view: over a city of 250 km lengths are right
//! within a per cent, which is less than the width of a mark.

use geo::{Area, Coord, LineString, MultiPolygon, Simplify};

use super::{WIDTH, number};
use crate::domain::footprint::Footprint;
use crate::domain::ground::Extent;
use crate::domain::position::{KM_PER_DEGREE, LocalFrame, Position};

/// Outlines may deviate from the truth by this much when drawn, in drawing units.
const TOLERANCE: f64 = 0.4;

/// Parts smaller than this are not drawn, square units.
const MIN_AREA: f64 = 0.5;

/// A view of the ground, `WIDTH` units wide.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    frame: LocalFrame,
    /// A little more than the view: lines along its sides fall outside.
    clip: Footprint,
    pub px_per_km: f64,
    pub height: f64,
}

impl Canvas {
    /// The view of a box given in degrees.
    pub fn of(extent: Extent) -> Option<Self> {
        let (lon, lat) = (f64::midpoint(extent.west, extent.east), f64::midpoint(extent.south, extent.north));
        let centre = Position::from_lon_lat(lon, lat).ok()?;
        let width_km = (extent.east - extent.west) * KM_PER_DEGREE * lat.to_radians().cos();
        let height_km = (extent.north - extent.south) * KM_PER_DEGREE;
        Some(Self::about(centre, width_km, height_km))
    }

    /// The view of a rectangle about a position.
    pub fn about(centre: Position, width_km: f64, height_km: f64) -> Self {
        let px_per_km = WIDTH / width_km.max(0.1);
        Self {
            frame: LocalFrame::about(centre),
            clip: Footprint::new(centre, width_km * 1.04, height_km * 1.04, 0.0),
            px_per_km,
            height: height_km * px_per_km,
        }
    }

    /// Where a coordinate (x = longitude, y = latitude) is drawn.
    pub fn to_px(&self, degrees: Coord<f64>) -> Coord<f64> {
        self.km_to_px(self.frame.to_km(degrees))
    }

    /// Whether a place of the sheet can be seen, with some units to spare.
    pub fn shows(&self, px: Coord<f64>, margin: f64) -> bool {
        (margin..=WIDTH - margin).contains(&px.x) && (margin..=self.height - margin).contains(&px.y)
    }

    /// Path data of the part of an outline in view; empty when there is none.
    pub fn path(&self, outline: &MultiPolygon<f64>) -> String {
        let mut data = String::new();
        for polygon in &self.clip.clip(outline) {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let px: LineString<f64> = ring.coords().map(|&c| self.km_to_px(c)).collect();
                write_ring(&mut data, &px.simplify(TOLERANCE));
            }
        }
        data
    }

    /// Path data of a footprint, whole and exact.
    pub fn footprint(&self, footprint: &Footprint) -> String {
        let corners = footprint.to_polygon();
        let mut data = String::new();
        write_line(&mut data, corners.exterior().coords().map(|&c| self.to_px(c)));
        data
    }

    fn km_to_px(&self, km: Coord<f64>) -> Coord<f64> {
        Coord { x: WIDTH / 2.0 + km.x * self.px_per_km, y: self.height / 2.0 - km.y * self.px_per_km }
    }
}

fn write_ring(data: &mut String, ring: &LineString<f64>) {
    let area = geo::Polygon::new(ring.clone(), Vec::new()).unsigned_area();
    if ring.0.len() >= 4 && area >= MIN_AREA {
        write_line(data, ring.coords().copied());
    }
}

/// A closed line: its start, then steps between rounded places, so that errors do not add up.
fn write_line(data: &mut String, ring: impl Iterator<Item = Coord<f64>>) {
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    let mut before: Option<Coord<f64>> = None;
    for c in ring {
        let here = Coord { x: tenth(c.x), y: tenth(c.y) };
        let (command, step) = match before {
            None => ("M", here),
            Some(before) => ("l", here - before),
        };
        let (x, y) = (number(step.x), number(step.y));
        if command == "l" && x == "0" && y == "0" {
            continue;
        }
        let gap = if y.starts_with('-') { "" } else { " " };
        data.push_str(command);
        data.push_str(&x);
        data.push_str(gap);
        data.push_str(&y);
        before = Some(here);
    }
    data.push('z');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas() -> Canvas {
        Canvas::of(Extent { west: 122.0, south: 45.0, east: 123.0, north: 46.0 }).unwrap()
    }

    #[test]
    fn west_is_left_and_north_is_up() {
        let canvas = canvas();
        let centre = canvas.to_px(Coord { x: 122.5, y: 45.5 });
        assert!((centre.x - WIDTH / 2.0).abs() < 1e-9 && (centre.y - canvas.height / 2.0).abs() < 1e-9);
        let north_west = canvas.to_px(Coord { x: 122.0, y: 46.0 });
        assert!(north_west.x.abs() < 1e-6 && north_west.y.abs() < 1e-6, "{north_west:?}");
        assert!(canvas.height > WIDTH, "a degree of latitude is longer than one of longitude");
    }

    #[test]
    fn an_outline_out_of_view_draws_nothing_and_a_huge_one_only_its_part() {
        let square = |west: f64, side: f64| {
            MultiPolygon::new(vec![
                geo::Rect::new((west, 45.5 - side / 2.0), (west + side, 45.5 + side / 2.0)).to_polygon(),
            ])
        };
        assert_eq!(canvas().path(&square(125.0, 0.5)), "");
        let data = canvas().path(&square(100.0, 60.0));
        assert!(!data.is_empty() && data.len() < 80, "{data}");
    }

    #[test]
    fn drawn_outlines_have_no_long_floats() {
        let circle: LineString<f64> = (0..=360)
            .map(|i| f64::from(i).to_radians().sin_cos())
            .map(|(s, c)| (122.5 + 0.2 * c, 45.5 + 0.2 * s))
            .collect();
        let data = canvas().path(&MultiPolygon::new(vec![geo::Polygon::new(circle, Vec::new())]));
        assert!(data.len() > 100 && data.len() < 1500, "simplified: {}", data.len());
        let longest = data.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(str::len).max().unwrap();
        assert!(longest <= 5, "{data}");
    }
}
