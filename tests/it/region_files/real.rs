//! The real outlines: the two datums of one set meet, and the strict reader takes them as they are.

use std::time::Instant;

use firegrid::domain::datum::Datum;
use firegrid::domain::ground::RegionData;
use firegrid::domain::position::Position;
use firegrid::regions;
use geo::Coord;

use super::{Outlines, contract_folder};

fn load(outlines: Outlines, datum: &str) -> Option<RegionData> {
    let folder = tempfile::tempdir().unwrap();
    contract_folder(folder.path(), outlines, datum, &[])?;
    let loaded = regions::load(folder.path());
    Some(loaded.unwrap_or_else(|faults| panic!("{} faults, first: {}", faults.len(), faults[0])).data)
}

/// The vertices of every ring, without the closing one; the two sets begin their rings at different vertices.
fn rings(region: &RegionData) -> Vec<Vec<Coord<f64>>> {
    let outlines = region.units.iter().filter_map(|unit| unit.outline.as_ref());
    let rings = outlines.flatten().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings.map(|ring| ring.0[1..].to_vec()).collect()
}

/// Distances of the vertices of each ring to their partners, from the shift of `shift_to` that fits the first one best.
fn distances_m(rings: &[Vec<Coord<f64>>], others: &[Vec<Coord<f64>>], shift_to: &[Vec<Coord<f64>>]) -> Vec<f64> {
    assert_eq!(rings.len(), others.len());
    let mut distances = Vec::new();
    for ((ring, other), fit) in rings.iter().zip(others).zip(shift_to) {
        assert_eq!(ring.len(), other.len());
        let nearest =
            (0..fit.len()).min_by(|&i, &j| metres(fit[i], ring[0]).total_cmp(&metres(fit[j], ring[0]))).unwrap();
        distances.extend((0..ring.len()).map(|i| metres(ring[i], other[(i + nearest) % other.len()])));
    }
    distances
}

fn metres(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let position = |c: Coord<f64>| Position::from_lon_lat(c.x, c.y).unwrap();
    position(a).distance_km(position(b)) * 1000.0
}

#[test]
fn the_gcj02_set_lies_on_the_wgs84_set_when_declared_and_half_a_kilometre_off_when_not() {
    let (Some(wgs84), Some(declared), Some(undeclared)) = (
        load(Outlines::CountiesWgs84, "wgs84"),
        load(Outlines::CountiesGcj02, "gcj02"),
        load(Outlines::CountiesGcj02, "wgs84"),
    ) else {
        return;
    };
    let (wgs84, declared, undeclared) = (rings(&wgs84), rings(&declared), rings(&undeclared));
    let near = distances_m(&wgs84, &declared, &declared);
    assert!(near.len() > 17_000);
    let farthest = near.into_iter().fold(0.0, f64::max);
    assert!(farthest < 1.0, "declared as gcj02 the farthest vertex is {farthest} m off");
    let offs = distances_m(&wgs84, &undeclared, &declared);
    let (least, most) = offs.into_iter().fold((f64::MAX, 0.0_f64), |(low, high), off| (low.min(off), high.max(off)));
    assert!(least > 400.0 && most < 600.0, "declared as wgs84 they are half a kilometre off: {least} to {most} m");
    for c in declared.into_iter().flatten() {
        let back = Datum::Gcj02.to_wgs84(Datum::Gcj02.from_wgs84(c));
        assert!(metres(back, c) < 0.1, "round trip at {c:?}");
    }
}

#[test]
fn the_real_townships_load_in_seconds_and_tile_their_counties() {
    let started = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    if contract_folder(folder.path(), Outlines::TownshipsWgs84, "wgs84", &[]).is_none() {
        return;
    }
    let loaded = regions::load(folder.path()).unwrap_or_else(|faults| panic!("{} faults: {}", faults.len(), faults[0]));
    assert_eq!(loaded.data.units.len(), 1 + 5 + 94);
    let seconds = started.elapsed().as_secs_f64();
    assert!(seconds < 20.0, "{seconds} s");
    let codes: Vec<_> = loaded.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, ["units_without_outline", "units_without_holder"], "neither gap nor overlap nor overhang");
}
