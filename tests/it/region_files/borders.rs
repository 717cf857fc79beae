//! Points on and next to borders: the index agrees with exact integer arithmetic everywhere.
//!
//! The oracle shares nothing with the index: coordinates become whole multiples of 2^-49
//! degrees (exact for every double of at least 1/8 in size), and side and crossing tests are done in
//! 128-bit integers, where they cannot round.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the oracle asserts that its numbers are whole and in range"
)]

use std::path::Path;

use firegrid::domain::locate::PolygonIndex;
use firegrid::domain::position::Position;
use firegrid::regions;
use geo::{Coord, MultiPolygon};

use super::{Outlines, contract_folder, passes, small_region};

/// 2^49: longitudes stay below 2^57 steps, differences below 2^58, products below 2^116.
const SCALE: f64 = 562_949_953_421_312.0;

type Exact = (i128, i128);

fn exact(c: Coord<f64>) -> Exact {
    let whole = |number: f64| {
        let scaled = number * SCALE;
        assert!(scaled.fract() == 0.0 && number.abs() < 256.0, "{number} is not a whole multiple of 2^-49");
        scaled as i128
    };
    (whole(c.x), whole(c.y))
}

/// Edges of an outline in horizontal bands, so that a point is tested against those at its height only.
struct Oracle {
    bands: Vec<Vec<(Exact, Exact)>>,
    /// West, south, east, north.
    bounds: (i128, i128, i128, i128),
    band_height: i128,
}

impl Oracle {
    fn new(outline: &MultiPolygon<f64>) -> Self {
        let rings = outline.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        let edges: Vec<(Exact, Exact)> =
            rings.flat_map(|ring| ring.0.windows(2).map(|pair| (exact(pair[0]), exact(pair[1])))).collect();
        let (xs, ys) = (|| edges.iter().map(|(a, _)| a.0), || edges.iter().map(|(a, _)| a.1));
        let (low, high) = (ys().min().unwrap(), ys().max().unwrap());
        let count = edges.len() / 8 + 1;
        let band_height = (high - low) / count as i128 + 1;
        let mut bands = vec![Vec::new(); count + 1];
        for &(a, b) in &edges {
            let band = |y: i128| ((y - low) / band_height) as usize;
            for band in &mut bands[band(a.1.min(b.1))..=band(a.1.max(b.1))] {
                band.push((a, b));
            }
        }
        Self { bands, bounds: (xs().min().unwrap(), low, xs().max().unwrap(), high), band_height }
    }

    fn is_near(&self, other: &Self) -> bool {
        // A thousandth of a degree, far more than one double.
        let margin = (SCALE / 1000.0) as i128;
        let (a, b) = (self.bounds, other.bounds);
        a.0 - margin <= b.2 && b.0 - margin <= a.2 && a.1 - margin <= b.3 && b.1 - margin <= a.3
    }

    /// Even-odd rule over all rings, every edge belonging.
    fn holds(&self, p: Exact) -> bool {
        let (west, south, east, north) = self.bounds;
        if p.0 < west || p.0 > east || p.1 < south || p.1 > north {
            return false;
        }
        let mut inside = false;
        for &(a, b) in self.bands.get(((p.1 - south) / self.band_height) as usize).into_iter().flatten() {
            let side = (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
            let in_box = p.0 >= a.0.min(b.0) && p.0 <= a.0.max(b.0) && p.1 >= a.1.min(b.1) && p.1 <= a.1.max(b.1);
            if side == 0 && in_box {
                return true;
            }
            if (a.1 > p.1) != (b.1 > p.1) && (side > 0) == (b.1 > a.1) {
                inside = !inside;
            }
        }
        inside
    }
}

/// Vertex, edge midpoint, and the eight doubles next to each, of one edge in so many.
fn probes(outline: &MultiPolygon<f64>, one_in: usize) -> Vec<Coord<f64>> {
    let rings = outline.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    let on_edge = rings.flat_map(|ring| {
        ring.0.windows(2).step_by(one_in).flat_map(|pair| {
            [pair[0], Coord { x: f64::midpoint(pair[0].x, pair[1].x), y: f64::midpoint(pair[0].y, pair[1].y) }]
        })
    });
    let around = |number: f64| [number.next_down(), number, number.next_up()];
    on_edge.flat_map(|c| around(c.x).into_iter().flat_map(move |x| around(c.y).map(|y| Coord { x, y }))).collect()
}

/// Compares index and oracle over all outlines at the probes of each; returns how many were compared.
fn compare(outlines: &[&MultiPolygon<f64>], one_in: usize) -> usize {
    let index = PolygonIndex::build(outlines.iter().map(|outline| Some(*outline)));
    let oracles: Vec<_> = outlines.iter().map(|outline| Oracle::new(outline)).collect();
    let mut count = 0;
    for (outline, own) in outlines.iter().zip(&oracles) {
        // No other outline can hold a probe of this one; the probes reach one double beyond it.
        let near: Vec<_> = (0..oracles.len()).filter(|&i| oracles[i].is_near(own)).collect();
        for c in probes(outline, one_in) {
            let found = index.holding(Position::from_lon_lat(c.x, c.y).unwrap());
            let p = exact(c);
            let expected: Vec<_> = near.iter().copied().filter(|&i| oracles[i].holds(p)).collect();
            assert_eq!(found, expected, "at {:?} {:?}", c.x, c.y);
            count += 1;
        }
    }
    count
}

fn compare_region(folder: &Path, one_in: usize) -> usize {
    let region = regions::load(folder).unwrap_or_else(|faults| panic!("{}", faults[0])).data;
    let units: Vec<_> = region.units.iter().filter_map(|unit| unit.outline.as_ref()).collect();
    let zones: Vec<_> = region.zones.iter().map(|zone| &zone.outline).collect();
    compare(&units, one_in) + compare(&zones, one_in)
}

#[test]
fn the_oracle_knows_vertices_edges_holes_and_the_outside() {
    let zone = &passes(small_region()).data.zones[0].outline.clone();
    let oracle = Oracle::new(zone);
    for (x, y, held) in [
        (122.2, 45.2, true),
        (122.2, 45.5, true),
        (122.2_f64.next_down(), 45.5, false),
        (122.3, 45.5, true),
        (122.5, 45.5, false),
        (122.4, 45.5, true),
        (122.4_f64.next_up(), 45.5, false),
        (122.5, 45.9, false),
        (122.5, 45.1, false),
    ] {
        assert_eq!(oracle.holds(exact(Coord { x, y })), held, "{x} {y}");
    }
}

#[test]
fn borders_of_a_small_region_agree_with_exact_arithmetic() {
    let region = passes(small_region()).data;
    let outlines: Vec<_> = region.units.iter().filter_map(|unit| unit.outline.as_ref()).collect();
    let zones: Vec<_> = region.zones.iter().map(|zone| &zone.outline).collect();
    assert_eq!(compare(&outlines, 1) + compare(&zones, 1), (12 + 16) * 2 * 9);
}

/// One edge in how many of the real borders is probed: `make borders` probes each, which takes minutes.
fn real_one_in() -> usize {
    if std::env::var_os("FIREGRID_ALL_BORDERS").is_some() { 1 } else { 7 }
}

#[test]
fn borders_of_the_real_counties_agree_with_exact_arithmetic() {
    let folder = tempfile::tempdir().unwrap();
    if contract_folder(folder.path(), Outlines::CountiesWgs84, "wgs84", &[]).is_some() {
        assert!(compare_region(folder.path(), real_one_in()) * real_one_in() > 17_000 * 2 * 9);
    }
}

#[test]
fn borders_converted_from_gcj02_agree_with_exact_arithmetic() {
    let folder = tempfile::tempdir().unwrap();
    if contract_folder(folder.path(), Outlines::CountiesGcj02, "gcj02", &[]).is_some() {
        assert!(compare_region(folder.path(), real_one_in()) * real_one_in() > 17_000 * 2 * 9);
    }
}

#[test]
fn borders_of_the_shipped_region_agree_with_exact_arithmetic() {
    assert!(compare_region(Path::new("regions/baicheng"), 1) > 700 * 2 * 9);
}
