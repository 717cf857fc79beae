//! What a changed detection might be linked with: a box in time and place, no more.
//!
//! Used by [`super::fires`], which links exactly what this preselects. The places are held in
//! memory for one recording, in a tree, because asking the database once for every changed
//! detection makes a fire day slow: its index goes by time, and a day is all of one time.

use std::collections::{BTreeMap, BTreeSet};

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use crate::domain::ground::Extent;
use crate::domain::time::SignedDuration;

/// No pixel pair links farther than this, km: twice the diagonal of the largest MODIS pixel.
const MAX_LINK_KM: f64 = 12.0;

/// A stored detection as preselecting needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub id: i64,
    /// Epoch milliseconds.
    pub at: i64,
    pub lon: f64,
    pub lat: f64,
    pub fire_id: Option<i64>,
}

/// Places by id, and in a tree.
pub(super) struct Places {
    by_id: BTreeMap<i64, Place>,
    tree: RTree<GeomWithData<[f64; 2], (i64, i64)>>,
}

impl Places {
    pub(super) fn of(places: Vec<Place>) -> Self {
        let points = places.iter().map(|place| GeomWithData::new([place.lon, place.lat], (place.at, place.id)));
        Self {
            tree: RTree::bulk_load(points.collect()),
            by_id: places.into_iter().map(|place| (place.id, place)).collect(),
        }
    }

    /// Everything within the box of some of the places, themselves included.
    pub(super) fn near(&self, ids: &BTreeSet<i64>, gap_ms: i64) -> BTreeSet<i64> {
        let mut near = BTreeSet::new();
        for place in ids.iter().filter_map(|id| self.by_id.get(id)) {
            let here = Extent { west: place.lon, south: place.lat, east: place.lon, north: place.lat };
            let reach = here.grown_km(MAX_LINK_KM);
            let window = AABB::from_corners([reach.west, reach.south], [reach.east, reach.north]);
            let (from, until) = (place.at.saturating_sub(gap_ms), place.at.saturating_add(gap_ms));
            let there = self.tree.locate_in_envelope(window).map(|found| found.data);
            near.extend(there.filter(|(at, _)| (from..=until).contains(at)).map(|(_, id)| id));
        }
        near
    }

    pub(super) fn fire_of(&self, id: i64) -> Option<i64> {
        self.by_id.get(&id)?.fire_id
    }
}

/// A link gap in milliseconds.
pub(super) fn gap_ms(gap: SignedDuration) -> i64 {
    i64::try_from(gap.as_millis()).unwrap_or(i64::MAX)
}

/// The moments with a gap on both sides, as spans that do not overlap, both ends inclusive, rising.
pub(super) fn spans_about(moments: &BTreeSet<i64>, gap_ms: i64) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for &at in moments {
        let (from, until) = (at.saturating_sub(gap_ms), at.saturating_add(gap_ms));
        match spans.last_mut() {
            Some(last) if from <= last.1 => last.1 = until,
            _ => spans.push((from, until)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_within_two_gaps_are_one_question_and_no_moment_is_asked_twice() {
        let spans = |moments: &[i64]| spans_about(&moments.iter().copied().collect(), 10);
        assert_eq!(spans(&[]), []);
        assert_eq!(spans(&[0, 20, 5]), [(-10, 30)]);
        assert_eq!(spans(&[0, 21]), [(-10, 10), (11, 31)]);
        assert_eq!(spans(&[i64::MAX, i64::MIN]), [(i64::MIN, i64::MIN + 10), (i64::MAX - 10, i64::MAX)]);
    }

    proptest! {
        /// The way of before: every pair, by the conditions of the old query.
        #[test]
        fn the_tree_finds_what_asking_for_each_detection_found(
            points in proptest::collection::vec((122.0..122.6f64, 45.5..46.0f64, 0i64..40, any::<bool>()), 0..60),
        ) {
            let hour = 3_600_000;
            let places: Vec<_> = (0..).zip(&points).map(|(id, &(lon, lat, hours, _))| {
                Place { id, at: hours * hour, lon, lat, fire_id: (id % 3 == 0).then_some(id / 6) }
            }).collect();
            let changed: BTreeSet<i64> = places.iter().zip(&points).filter(|(_, p)| p.3).map(|(place, _)| place.id).collect();
            let gap = 6 * hour;
            let mut expected = BTreeSet::new();
            for place in places.iter().filter(|place| changed.contains(&place.id)) {
                let reach = Extent { west: place.lon, south: place.lat, east: place.lon, north: place.lat }.grown_km(12.0);
                expected.extend(places.iter().filter(|other| {
                    (place.at - gap..=place.at + gap).contains(&other.at)
                        && (reach.west..=reach.east).contains(&other.lon)
                        && (reach.south..=reach.north).contains(&other.lat)
                }).map(|other| other.id));
            }
            // Only what the spans of the changed ones hold is loaded at all.
            let moments = places.iter().filter(|place| changed.contains(&place.id)).map(|place| place.at).collect();
            let spans = spans_about(&moments, gap);
            let loaded: Vec<_> =
                places.iter().copied().filter(|place| spans.iter().any(|(from, until)| (*from..=*until).contains(&place.at))).collect();
            prop_assert_eq!(Places::of(loaded).near(&changed, gap), expected);
        }
    }
}
