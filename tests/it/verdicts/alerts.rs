//! What an alert says of several pixels: verdict, zone and shares of the one that decides, and nothing twice.

use std::collections::BTreeMap;

use geo::BoundingRect;
use proptest::prelude::*;

use firegrid::domain::alert::{AlertDraft, Judged, alerts_of, deciding};
use firegrid::domain::ground::{Ground, RegionData, whole_percent};
use firegrid::domain::observation::Observation;
use firegrid::domain::policy::Policy;
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::domain::verdict::{Judgement, Sighting, Verdict, judge};
use firegrid::domain::zone::ZoneClass;

use super::{bare, fixture, km_box};

/// Minutes past noon, kilometres east and north of the centre of cell A-a-2, side of the pixel.
type Pixel = (u8, f64, f64, f64);

fn row((minutes, east, north, side): Pixel) -> Observation {
    let place = km_box(east, north, east + 1.0, north + 1.0).bounding_rect().unwrap().min();
    let mut row = fixture::row(place.x, place.y, &format!("2026-04-13T04:{minutes:02}:00Z"));
    (row.scan_km, row.track_km) = (Some(side), Some(side));
    row
}

fn judged(ground: &Ground, pixels: &[Pixel]) -> Vec<(Observation, Judgement)> {
    let judged = |pixel: &Pixel| {
        let row = row(*pixel);
        let judgement = judge(ground, &Policy::default(), &Sighting::of(&row))?;
        Some((row, judgement))
    };
    pixels.iter().filter_map(judged).collect()
}

fn refer(fire: &[(Observation, Judgement)]) -> Vec<Judged<'_>> {
    let judged = (0..).zip(fire);
    judged.map(|(detection_id, (observation, judgement))| Judged { detection_id, observation, judgement }).collect()
}

/// The alert of the township A-a.
fn alert(ground: &Ground, fire: &[(Observation, Judgement)]) -> AlertDraft {
    alerts_of(ground, &refer(fire)).into_iter().find(|draft| draft.responsible.0 == "A-a").unwrap()
}

fn codes(draft: &AlertDraft) -> Vec<&str> {
    draft.candidates.iter().map(|unit| unit.code.0.as_str()).collect()
}

/// A ban zone that covers all of cell A-a-1, west of the centre.
fn with_ban() -> Ground {
    let zone = fixture::zone("ban", ZoneClass::Ban, None, fixture::rectangle(122.0, 45.9, 122.1, 46.0));
    Ground::build(RegionData { zones: vec![zone], ..bare() })
}

#[test]
fn verdict_zone_and_shares_of_an_alert_are_those_of_the_pixel_that_decides() {
    let ground = with_ban();
    // The first pixel is limited ground, far from the zone; the second lies wholly inside it.
    let fire = judged(&ground, &[(0, 0.0, 0.0, 0.4), (5, -6.0, 0.0, 0.4)]);
    let draft = alert(&ground, &fire);
    assert_eq!((draft.verdict, draft.deciding_detection, draft.first_detection), (Verdict::Banned, 1, 0));
    let decides = deciding(&refer(&fire)).unwrap().judgement;
    let banned = decides.shares.as_ref().unwrap().zone_classes.ban;
    assert!(banned > 0.999, "a banned alert shows banned ground: {banned}");
    assert_eq!(draft.likely_unit.0, "A-a-2", "the first cell keeps the alert");
    assert_eq!(draft.sure_level, Some(UnitLevel::Township), "the pixel that decides is in the next cell");
    assert_eq!(draft.other_units, [UnitCode("A-a-1".to_owned())]);
    assert!(draft.candidates.is_empty(), "what the fire reaches is no mere candidate: {:?}", draft.candidates);
}

#[test]
fn an_alert_never_names_its_own_unit_as_a_candidate() {
    let ground = Ground::build(bare());
    // East of the border of the cells by 100 m, then west of it: each pixel names the other's cell.
    let east = (0, -3.77, 0.0, 1.0);
    let west = (5, -3.97, 0.0, 1.0);
    for pixels in [vec![east, west], vec![west, east], vec![east, east, west]] {
        let fire = judged(&ground, &pixels);
        let draft = alert(&ground, &fire);
        assert!(!codes(&draft).contains(&draft.likely_unit.0.as_str()), "{:?}", draft.candidates);
    }
    let alone = judged(&ground, &[east]);
    assert_eq!(codes(&alert(&ground, &alone)), ["A-a-1"], "the other cell is one, as long as no pixel stands in it");
}

#[test]
fn outlines_that_overlap_never_hold_more_than_the_whole_pixel() {
    let mut data = bare();
    // Two villages drawn over the same ground, each of them all of the pixel, and a third over half of it.
    let village = |code: &str, west: f64| {
        fixture::unit(code, code, UnitLevel::Village, Some("A-a"), Some(km_box(west, -2.0, 2.0, 2.0)))
    };
    data.units.extend([village("A-a-x", -2.0), village("A-a-y", -2.0), village("A-a-z", 0.0)]);
    let ground = Ground::build(data);
    let fire = judged(&ground, &[(0, 0.0, 0.0, 0.4)]);
    let shares = fire[0].1.shares.as_ref().unwrap();
    let of = |code: &str| shares.of(&UnitCode(code.to_owned()));
    assert!((of("A-a-x") - 0.4).abs() < 1e-3 && (of("A-a-z") - 0.2).abs() < 1e-3, "{shares:?}");
    assert!(of("A-a-2") > 0.999, "the cells do not overlap");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn candidates_are_others_and_no_level_holds_more_than_the_whole(
        pixels in prop::collection::vec((0_u8..50, -5.0..4.0f64, -6.5..5.0f64, 0.4..5.0f64), 1..6),
        villages in prop::collection::vec((-4.0..2.0f64, 0.5..4.0f64), 0..5),
        ban in any::<bool>(),
    ) {
        let mut data = bare();
        if ban {
            data.zones = vec![fixture::zone("ban", ZoneClass::Ban, None, km_box(-6.0, -3.0, -1.0, 3.0))];
        }
        data.units.extend(villages.iter().enumerate().map(|(i, (west, wide))| {
            let code = format!("A-a-v{i}");
            fixture::unit(&code, &code, UnitLevel::Village, Some("A-a"), Some(km_box(*west, -2.0, west + wide, 2.0)))
        }));
        let ground = Ground::build(data);
        let fire = judged(&ground, &pixels);
        for (_, judgement) in &fire {
            let mut levels: BTreeMap<UnitLevel, (f64, f64)> = BTreeMap::new();
            for unit in judgement.shares.iter().flat_map(|shares| &shares.units) {
                let level = levels.entry(unit.level).or_default();
                *level = (level.0 + unit.share, level.1 + whole_percent(unit.share));
            }
            for (level, (share, percent)) in levels {
                prop_assert!(share < 1.0 + 1e-5 && percent <= 100.0, "{level:?}: {share}, read as {percent}");
            }
        }
        for draft in alerts_of(&ground, &refer(&fire)) {
            let deciding = &fire[usize::try_from(draft.deciding_detection).unwrap()].1;
            prop_assert_eq!(deciding.verdict, draft.verdict);
            let mut levels: BTreeMap<UnitLevel, f64> = BTreeMap::new();
            for unit in &draft.candidates {
                *levels.entry(unit.level).or_default() += whole_percent(unit.share);
                let shares = deciding.shares.as_ref().unwrap();
                let is_its = (shares.of(&unit.code) - unit.share).abs() < 1e-12;
                prop_assert!(is_its, "another pixel's share of {}", unit.code.0);
                let own = ground.line_of(&draft.likely_unit).iter().any(|above| above.code == unit.code);
                prop_assert!(!own && !draft.other_units.contains(&unit.code), "{} names itself", unit.code.0);
            }
            prop_assert!(levels.values().all(|percent| *percent <= 100.0), "{:?}", draft.candidates);
        }
    }
}
