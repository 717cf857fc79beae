//! Linking in portions against linking everything at once: what a recording does not look at must not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firegrid::domain::detection::diagonal_km;
use firegrid::domain::fire::{DEFAULT_LINK_GAP, Linkable, group};
use firegrid::domain::observation::{Observation, Satellite};
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::verdict::Verdict;
use firegrid::store::query::{DetectionRow, FireRow, Span};
use firegrid::store::{Batch, Store};
use proptest::prelude::*;

use crate::ground_fixture::{ground, row};

fn now() -> Timestamp {
    "2026-04-15T07:00:00Z".parse().unwrap()
}

pub fn batch(rows: Vec<Observation>) -> Batch {
    crate::ground_fixture::batch(rows, now())
}

/// Pixels of both sensors, from nadir to the largest that are read, over two days, some on the flare.
fn rows() -> impl Strategy<Value = Vec<Observation>> {
    let one = (0u32..300, 0u32..200, 0i64..17, 0usize..3, any::<bool>());
    proptest::collection::vec(one, 1..40).prop_map(|rows| {
        rows.into_iter()
            .map(|(x, y, pass, size, on_flare)| {
                let start: Timestamp = "2026-04-13T00:12:00Z".parse().unwrap();
                // Three hours apart, so that six hours, the gap, lie on its edge.
                let at = start + SignedDuration::from_hours(3 * pass);
                let (west, south) = if on_flare { (122.24, 45.84) } else { (122.0, 45.8) };
                let step = if on_flare { 0.0001 } else { 0.001 };
                let mut row = row(west + f64::from(x) * step, south + f64::from(y) * step, &at.to_string());
                let (satellite, scan_km, track_km) =
                    [(Satellite::Noaa20, 0.4, 0.4), (Satellite::Terra, 4.8, 2.0), (Satellite::Aqua, 10.0, 10.0)][size];
                (row.key.satellite, row.scan_km, row.track_km) = (satellite, Some(scan_km), Some(track_km));
                row
            })
            .collect()
    })
}

/// The fires by the rule, over everything recorded, as sets of keys.
fn by_the_rule(detections: &[DetectionRow]) -> BTreeSet<BTreeSet<String>> {
    let linkables: Vec<_> = detections
        .iter()
        .map(|detection| Linkable {
            position: detection.observation.position,
            acquired_at: detection.observation.key.acquired_at,
            diagonal_km: diagonal_km(&detection.observation),
            is_heat_source: detection.judgement.verdict == Verdict::HeatSource,
        })
        .collect();
    let key = |i: usize| detections[i].observation.key.to_string();
    group(&linkables, DEFAULT_LINK_GAP).into_iter().map(|fire| fire.into_iter().map(key).collect()).collect()
}

fn as_recorded(detections: &[DetectionRow]) -> BTreeSet<BTreeSet<String>> {
    let mut fires: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for detection in detections {
        fires.entry(detection.fire_id.unwrap()).or_default().insert(detection.observation.key.to_string());
    }
    fires.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn fires_recorded_in_portions_are_those_of_the_rule_over_everything(
        rows in rows(),
        cuts in proptest::collection::vec(1usize..6, 0..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
            let mut rest = rows;
            for cut in cuts.into_iter().chain([usize::MAX]) {
                let portion: Vec<_> = rest.drain(..cut.min(rest.len())).collect();
                store.record(batch(portion), ground(), Arc::default(), now()).await.unwrap();
                let detections = store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
                assert_eq!(as_recorded(&detections), by_the_rule(&detections));
            }
            let recorded: usize = store.whole().in_span::<FireRow>(Span::ALL).await.unwrap().len();
            assert_eq!(recorded, as_recorded(&store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap()).len(), "no fire is left over");
        });
    }
}

/// Pixels recorded before their size was kept apart are linked all the same.
#[tokio::test]
async fn pixels_recorded_by_an_older_version_are_linked_with_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
    let first = row(122.08, 45.92, "2026-04-15T04:12:00Z");
    store.record(batch(vec![first]), ground(), Arc::default(), now()).await.unwrap();
    let db = rusqlite::Connection::open(store.path()).unwrap();
    assert_eq!(db.execute("UPDATE detections SET diagonal_km = NULL", []).unwrap(), 1);
    let second = row(122.08, 45.926, "2026-04-15T05:12:00Z");
    store.record(batch(vec![second]), ground(), Arc::default(), now()).await.unwrap();
    assert_eq!(store.whole().in_span::<FireRow>(Span::ALL).await.unwrap().len(), 1);
}
