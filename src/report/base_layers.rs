//! What lies under the live map: outlines of units and zones, simplified and in small integers.
//!
//! Called by [`crate::web`] once per region version. Rings are steps of 1e-5 degree from point to point; docs/api.md
//! says how they are read. Which zones are in force belongs to a day: see [`super::day_map`].

use geo::{Coord, InteriorPoint, LineString, MultiPolygon, Simplify};
use serde::Serialize;

use super::day_map::STEPS_PER_DEGREE;
use crate::domain::ground::Ground;
use crate::domain::unit::{Unit, UnitLevel};
use crate::domain::zone::Zone;

/// Outlines may deviate by this much, degrees: some 15 m, a pixel of the closest view that makes sense for pixels of
/// 400 m. More would save bytes and let borders of neighbours visibly part.
const TOLERANCE_DEG: f64 = 0.000_14;

/// Units below townships are drawn only up to this many: more would be a mesh, and megabytes.
const MAX_LOWER_UNITS: usize = 3000;

/// The unchanging part of a region version's map.
#[derive(Debug, Serialize)]
pub struct BaseLayers {
    region_version: String,
    /// West, south, east, north of the city, degrees.
    extent: [f64; 4],
    units: Vec<UnitShape>,
    zones: Vec<ZoneShape>,
}

/// Polygons, each of rings, each of steps: x, y, x, y ...; the first ring is the outer one, rings are not closed.
type Rings = Vec<Vec<Vec<i64>>>;

#[derive(Debug, Serialize)]
struct UnitShape {
    code: String,
    name: String,
    name_en: Option<String>,
    level: &'static str,
    /// Where its name is written.
    label: Option<[f64; 2]>,
    rings: Rings,
}

#[derive(Debug, Serialize)]
struct ZoneShape {
    name: String,
    name_en: Option<String>,
    class: &'static str,
    rings: Rings,
}

impl BaseLayers {
    /// Writes the outlines of a region version.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let data = ground.data();
        let extent = ground.city_extent().unwrap_or(data.extent);
        let lower = data.units.iter().filter(|unit| unit.level > UnitLevel::Township && unit.outline.is_some()).count();
        let lowest = if lower > MAX_LOWER_UNITS { UnitLevel::Township } else { UnitLevel::Grid };
        Self {
            region_version: data.version.0.clone(),
            extent: [extent.west, extent.south, extent.east, extent.north],
            units: data.units.iter().filter(|unit| unit.level <= lowest).filter_map(unit_shape).collect(),
            zones: data.zones.iter().map(zone_shape).collect(),
        }
    }
}

fn unit_shape(unit: &Unit) -> Option<UnitShape> {
    let outline = unit.outline.as_ref()?;
    Some(UnitShape {
        code: unit.code.0.clone(),
        name: unit.name.clone(),
        name_en: unit.name_en.clone(),
        level: unit.level.name(),
        label: outline.interior_point().map(|at| [at.x(), at.y()].map(rounded)),
        rings: rings_of(outline),
    })
}

fn zone_shape(zone: &Zone) -> ZoneShape {
    ZoneShape {
        name: zone.name.clone(),
        name_en: zone.name_en.clone(),
        class: zone.class.name(),
        rings: rings_of(&zone.outline),
    }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * STEPS_PER_DEGREE).round() / STEPS_PER_DEGREE
}

fn rings_of(outline: &MultiPolygon<f64>) -> Rings {
    let polygon = |polygon: &geo::Polygon<f64>| -> Vec<Vec<i64>> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring_of).collect()
    };
    outline.iter().map(polygon).collect()
}

fn ring_of(ring: &LineString<f64>) -> Vec<i64> {
    let simple = ring.simplify(TOLERANCE_DEG);
    // A ring that would vanish is kept as it is: small, and somebody's ground.
    let kept = if simple.0.len() >= 4 { &simple } else { ring };
    let open = kept.0.split_last().map_or(&[][..], |(_, open)| open);
    let mut before = (0, 0);
    let mut written = Vec::with_capacity(open.len() * 2);
    for at in open.iter().map(whole) {
        written.extend([at.0 - before.0, at.1 - before.1]);
        before = at;
    }
    written
}

#[expect(clippy::cast_possible_truncation, reason = "degrees in steps of 1e-5 fit")]
fn whole(c: &Coord<f64>) -> (i64, i64) {
    ((c.x * STEPS_PER_DEGREE).round() as i64, (c.y * STEPS_PER_DEGREE).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_written_as_steps_and_not_closed() {
        let square = LineString::from(vec![(122.0, 45.0), (122.5, 45.0), (122.5, 45.5), (122.0, 45.5), (122.0, 45.0)]);
        let expected = vec![12_200_000, 4_500_000, 50_000, 0, 0, 50_000, -50_000, 0];
        assert_eq!(ring_of(&square), expected);
    }

    #[test]
    fn a_ring_smaller_than_the_tolerance_is_kept_whole() {
        let tiny = LineString::from(vec![(122.0, 45.0), (122.000_05, 45.0), (122.000_05, 45.000_05), (122.0, 45.0)]);
        assert_eq!(ring_of(&tiny).len(), 6, "three corners");
    }
}
