//! What a changed detection is linked with by time and distance, before anything else of it is read.
//!
//! Used by [`super::fires`], which loads whole what this finds. The places are held in memory for one
//! recording, in a tree, because asking the database once for every changed detection makes a
//! fire day slow: its index goes by time, and a day is all of one time.

use std::collections::{BTreeMap, BTreeSet};

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use crate::domain::fire::{Linkable, MIN_LINK_KM, are_linked};
use crate::domain::ground::Extent;
use crate::domain::time::SignedDuration;

/// Stands for the diagonal of a pixel recorded before diagonals were, km: that of the largest pixel that is read
/// at all (ten by ten), so that nothing is missed.
pub(super) const MAX_DIAGONAL_KM: f64 = 14.2;

/// A stored detection as preselecting needs it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub id: i64,
    /// As if under no heat source.
    pub pixel: Linkable,
    pub fire_id: Option<i64>,
}

/// Places by id, and in a tree.
pub(super) struct Places {
    by_id: BTreeMap<i64, Place>,
    tree: RTree<GeomWithData<[f64; 2], i64>>,
    widest_km: f64,
}

impl Places {
    pub(super) fn of(places: Vec<Place>) -> Self {
        let point = |place: &Place| [place.pixel.position.lon(), place.pixel.position.lat()];
        let points = places.iter().map(|place| GeomWithData::new(point(place), place.id)).collect();
        Self {
            tree: RTree::bulk_load(points),
            widest_km: places.iter().map(|place| place.pixel.diagonal_km).fold(MIN_LINK_KM, f64::max),
            by_id: places.into_iter().map(|place| (place.id, place)).collect(),
        }
    }

    /// Everything that is linked with some of the places by time and distance, themselves included.
    pub(super) fn near(&self, ids: &BTreeSet<i64>, link_gap: SignedDuration) -> BTreeSet<i64> {
        let mut near = BTreeSet::new();
        for place in ids.iter().filter_map(|id| self.by_id.get(id)) {
            let (lon, lat) = (place.pixel.position.lon(), place.pixel.position.lat());
            // One per cent more than the rule needs: the box only preselects.
            let reach_km = MIN_LINK_KM.max(f64::midpoint(place.pixel.diagonal_km, self.widest_km)) * 1.01;
            let reach = Extent { west: lon, south: lat, east: lon, north: lat }.grown_km(reach_km);
            let window = AABB::from_corners([reach.west, reach.south], [reach.east, reach.north]);
            let there = self.tree.locate_in_envelope(window).filter_map(|found| self.by_id.get(&found.data));
            near.extend(there.filter(|other| are_linked(&place.pixel, &other.pixel, link_gap)).map(|other| other.id));
        }
        near
    }

    pub(super) fn fire_of(&self, id: i64) -> Option<i64> {
        self.by_id.get(&id)?.fire_id
    }
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
    use crate::domain::fire::DEFAULT_LINK_GAP;
    use crate::domain::position::Position;
    use crate::domain::time::Timestamp;

    #[test]
    fn moments_within_two_gaps_are_one_question_and_no_moment_is_asked_twice() {
        let spans = |moments: &[i64]| spans_about(&moments.iter().copied().collect(), 10);
        assert_eq!(spans(&[]), []);
        assert_eq!(spans(&[0, 20, 5]), [(-10, 30)]);
        assert_eq!(spans(&[0, 21]), [(-10, 10), (11, 31)]);
        assert_eq!(spans(&[i64::MAX, i64::MIN]), [(i64::MIN, i64::MIN + 10), (i64::MAX - 10, i64::MAX)]);
    }

    proptest! {
        /// By every pair, and only of what the spans of the changed ones hold.
        #[test]
        fn the_tree_finds_what_looking_at_every_pair_finds(
            points in proptest::collection::vec(
                (122.0..122.2f64, 45.5..45.7f64, 0i64..40, prop_oneof![0.4..0.6f64, 1.0..14.2f64], any::<bool>()), 0..60),
        ) {
            let start: Timestamp = "2026-04-13T00:00:00Z".parse().unwrap();
            let places: Vec<_> = (0..).zip(&points).map(|(id, &(lon, lat, hours, diagonal_km, _))| Place {
                id,
                pixel: Linkable {
                    position: Position::from_lon_lat(lon, lat).unwrap(),
                    acquired_at: start + SignedDuration::from_hours(hours),
                    diagonal_km,
                    is_heat_source: false,
                },
                fire_id: None,
            }).collect();
            let changed: Vec<_> = places.iter().zip(&points).filter(|(_, point)| point.4).map(|(place, _)| place).collect();
            let expected: BTreeSet<i64> = places.iter()
                .filter(|other| changed.iter().any(|place| are_linked(&place.pixel, &other.pixel, DEFAULT_LINK_GAP)))
                .map(|other| other.id).collect();
            let ids = changed.iter().map(|place| place.id).collect();
            let at = |place: &Place| place.pixel.acquired_at.as_millisecond();
            let moments = changed.iter().map(|place| at(place)).collect();
            let spans = spans_about(&moments, 6 * 3_600_000);
            let loaded = places.iter().filter(|place| spans.iter().any(|(from, until)| (*from..=*until).contains(&at(place))));
            let found = Places::of(loaded.cloned().collect()).near(&ids, DEFAULT_LINK_GAP);
            prop_assert_eq!(found, expected);
        }
    }
}
