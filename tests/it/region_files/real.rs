//! The real outlines: the two datums of one set meet, and the strict reader takes them as they are.

use std::time::Instant;

use firegrid::domain::datum::Datum;
use firegrid::domain::ground::RegionData;
use firegrid::domain::position::Position;
use firegrid::regions;
use geo::{Coord, CoordsIter};

use super::{Outlines, contract_folder};

fn load(outlines: Outlines, datum: &str) -> Option<RegionData> {
    let folder = tempfile::tempdir().unwrap();
    contract_folder(folder.path(), outlines, datum, &[])?;
    let loaded = regions::load(folder.path());
    Some(loaded.unwrap_or_else(|faults| panic!("{} faults, first: {}", faults.len(), faults[0])).data)
}

fn vertices(region: &RegionData) -> Vec<Coord<f64>> {
    region.units.iter().filter_map(|unit| unit.outline.as_ref()).flat_map(CoordsIter::coords_iter).collect()
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
    let (wgs84, declared, undeclared) = (vertices(&wgs84), vertices(&declared), vertices(&undeclared));
    assert!(wgs84.len() > 17_000 && wgs84.len() == declared.len() && wgs84.len() == undeclared.len());
    let farthest = wgs84.iter().zip(&declared).map(|(a, b)| metres(*a, *b)).fold(0.0, f64::max);
    assert!(farthest < 1.0, "declared as gcj02 the farthest vertex is {farthest} m off");
    let offs: Vec<_> = wgs84.iter().zip(&undeclared).map(|(a, b)| metres(*a, *b)).collect();
    assert!(offs.iter().all(|off| (450.0..560.0).contains(off)), "declared as wgs84 they are half a kilometre off");
    for c in declared {
        let back = Datum::Gcj02.to_wgs84(Datum::Gcj02.from_wgs84(c));
        assert!(metres(back, c) < 0.1, "round trip at {c:?}");
    }
}

#[test]
fn the_real_townships_load_in_seconds_and_their_overlaps_and_gaps_are_told() {
    let started = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    if contract_folder(folder.path(), Outlines::TownshipsWgs84, "wgs84", &[]).is_none() {
        return;
    }
    let loaded = regions::load(folder.path()).unwrap_or_else(|faults| panic!("{} faults: {}", faults.len(), faults[0]));
    assert_eq!(loaded.data.units.len(), 1 + 5 + 94);
    let seconds = started.elapsed().as_secs_f64();
    assert!(seconds < 20.0, "{seconds} s");
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
}
