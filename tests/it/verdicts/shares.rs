//! Shares with closures and land cover against a raster: thousands of sample points, each asked
//! by itself.

use geo::Intersects;
use proptest::prelude::*;

use firegrid::domain::footprint::Footprint;
use firegrid::domain::ground::{Ground, RegionData};
use firegrid::domain::landcover::{CoverClass, CoverPatch};
use firegrid::domain::policy::Policy;
use firegrid::domain::position::Position;
use firegrid::domain::verdict::{Sighting, judge};
use firegrid::domain::zone::{OutsideZones, ZoneClass};

use super::{bare, closure, fixture, km_box, noon};

/// Points along a side of the raster; the error of a share is about one row.
const RASTER: usize = 60;

type Box4 = (f64, f64, f64, f64);

prop_compose! {
    fn boxed()(x in -3.0..2.0f64, y in -3.0..2.0f64, w in 0.3..4.0f64, h in 0.3..4.0f64) -> Box4 { (x, y, x + w, y + h) }
}

fn outline((west, south, east, north): Box4) -> geo::MultiPolygon<f64> {
    km_box(west, south, east, north)
}

/// The raster's points of a turned footprint.
fn raster(footprint: &Footprint) -> Vec<geo::Point<f64>> {
    let corners = footprint.to_polygon().exterior().0.clone();
    let (origin, across, along) = (corners[0], corners[1] - corners[0], corners[3] - corners[0]);
    let step = |i: usize| (i as f64 + 0.5) / RASTER as f64;
    (0..RASTER * RASTER).map(|i| geo::Point(origin + across * step(i % RASTER) + along * step(i / RASTER))).collect()
}

fn share(points: &[geo::Point<f64>], holds: impl Fn(&geo::Point<f64>) -> bool) -> f64 {
    points.iter().filter(|point| holds(point)).count() as f64 / points.len() as f64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_banned_share_includes_limited_ground_of_closed_units_and_nothing_else(
        bans in prop::collection::vec(boxed(), 0..3),
        limits in prop::collection::vec(boxed(), 0..3),
        outside in prop::sample::select(vec![OutsideZones::Limited, OutsideZones::Ban, OutsideZones::None]),
        closed in prop::sample::subsequence(vec!["A-a-2", "A-c", "B", "S"], 0..3),
        everywhere in prop::bool::weighted(0.2),
        (east_km, north_km) in (-4.0..4.5f64, -6.0..1.0f64),
        (scan, track, heading) in (0.4..5.0f64, 0.4..5.0f64, 0.0..180.0f64),
    ) {
        let mut data = bare();
        data.outside_zones = outside;
        data.zones = (bans.iter().enumerate().map(|(i, b)| fixture::zone(&format!("b{i}"), ZoneClass::Ban, None, outline(*b))))
            .chain(limits.iter().enumerate().map(|(i, b)| fixture::zone(&format!("l{i}"), ZoneClass::Limited, None, outline(*b))))
            .collect();
        let (from, to) = ("2026-04-13T00:00", "2026-04-14T00:00");
        if !closed.is_empty() {
            data.calendar.closures.push(closure(from, to, &closed));
        }
        if everywhere {
            data.calendar.closures.push(closure(from, to, &[]));
        }
        let corner = km_box(east_km, north_km, east_km + 1.0, north_km + 1.0);
        let centre = corner.0[0].exterior().0[0];
        let centre = Position::from_lon_lat(centre.x, centre.y).unwrap();
        let footprint = Footprint::new(centre, scan, track, heading);
        let points = raster(&footprint);

        // The fixture's picture, read off by hand: columns at 122.0, 122.1, 122.2, 122.3.
        let in_city = |p: &geo::Point<f64>| (122.0..=122.3).contains(&p.x()) && (45.8..=46.0).contains(&p.y());
        let in_closed = |p: &geo::Point<f64>| in_city(p) && closed.iter().any(|unit| match *unit {
            "A-a-2" => (122.1..=122.2).contains(&p.x()) && p.y() >= 45.9,
            "A-c" => p.x() <= 122.2 && p.y() <= 45.9,
            "B" => p.x() >= 122.2,
            _ => true,
        });
        let inside = |boxes: &[Box4], p: &geo::Point<f64>| boxes.iter().any(|b| outline(*b).intersects(p));
        let class = |p: &geo::Point<f64>| {
            let is_limited = inside(&limits, p);
            let drawn_ban = inside(&bans, p);
            let outside_ban = outside == OutsideZones::Ban && in_city(p) && !is_limited;
            let limited = is_limited || (outside == OutsideZones::Limited && in_city(p));
            let shut = everywhere || in_closed(p);
            match (drawn_ban || outside_ban || (limited && shut), limited) {
                (true, _) => "ban",
                (false, true) => "limited",
                _ => "none",
            }
        };
        let shares = Ground::build(data).shares(&footprint, "2026-04-13T12:00".parse().unwrap()).zone_classes;
        for (name, found) in [("ban", shares.ban), ("limited", shares.limited), ("none", shares.none)] {
            let expected = share(&points, |p| class(p) == name);
            prop_assert!((found - expected).abs() < 0.04, "{name}: {found} against {expected}");
        }
        prop_assert!((shares.ban + shares.limited + shares.none - 1.0).abs() < 2e-6);
    }

    #[test]
    fn land_cover_is_shared_per_kind_whatever_overlaps(
        patches in prop::collection::vec((prop::sample::select(CoverClass::ALL.to_vec()), boxed()), 0..6),
        side in 0.4..5.0f64, heading in 0.0..180.0f64,
    ) {
        let landcover = patches.iter().map(|(class, b)| CoverPatch { class: *class, outline: outline(*b) }).collect();
        let ground = Ground::build(RegionData { landcover, ..bare() });
        let centre = Position::from_lon_lat(super::CENTRE.0, super::CENTRE.1).unwrap();
        let footprint = Footprint::new(centre, side, side, heading);
        let points = raster(&footprint);
        let found = ground.shares(&footprint, "2026-04-13T12:00".parse().unwrap()).land_cover;
        for class in CoverClass::ALL {
            let boxes: Vec<_> = patches.iter().filter(|(of, _)| *of == class).map(|(_, b)| outline(*b)).collect();
            let expected = share(&points, |p| boxes.iter().any(|b| b.intersects(p)));
            let share = found.iter().find(|cover| cover.class == class).map_or(0.0, |cover| cover.share);
            prop_assert!((share - expected).abs() < 0.04, "{class:?}: {share} against {expected}");
        }
        prop_assert!(found.windows(2).all(|two| two[0].share >= two[1].share));
    }
}

#[test]
fn land_cover_drops_nothing_and_changes_no_verdict() {
    let sighting = |data: RegionData| {
        let centre = Position::from_lon_lat(super::CENTRE.0, super::CENTRE.1).unwrap();
        let footprint = Some(Footprint::new(centre, 0.4, 0.4, 0.0));
        let sighting = Sighting { position: centre, acquired_at: noon(), footprint, half_pixel_km: 0.2 };
        judge(&Ground::build(data), &Policy::default(), &sighting).unwrap()
    };
    let reed = CoverPatch { class: CoverClass::Wetland, outline: km_box(-1.0, -1.0, 0.1, 1.0) };
    let (plain, mut named) = (sighting(bare()), sighting(RegionData { landcover: vec![reed], ..bare() }));
    let cover = &mut named.shares.as_mut().unwrap().land_cover;
    assert!(cover.len() == 1 && (cover[0].share - 0.75).abs() < 1e-4, "{cover:?}");
    cover.clear();
    assert_eq!(named, plain);
    let json = serde_json::to_string(&plain).unwrap();
    assert!(!json.contains("land_cover"), "a region without land cover says nothing of it: {json}");
}
