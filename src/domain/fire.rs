//! Fires: one burning, seen as one or more detections.
//!
//! Two detections are linked when they are near in time and place; a fire is a connected
//! group. The rule is order-free: it looks at the whole set, so the same detections in any
//! order are the same fires.

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use std::collections::BTreeSet;

use super::ground::Extent;
use super::observation::{Observation, ObservationKey};
use super::position::Position;
use super::time::{SignedDuration, Timestamp};
use super::verdict::Verdict;

/// Detections at most this far apart in time may be one fire, unless configured otherwise.
///
/// Six hours bridge the gap between the passes of one half day; a shorter gap would count
/// a field that burns from noon to evening as two fires.
pub const DEFAULT_LINK_GAP: SignedDuration = SignedDuration::from_hours(6);

/// Detections at most this far apart are linked whatever their pixel size, km: two VIIRS
/// pixels at nadir with one unlit pixel between them.
pub const MIN_LINK_KM: f64 = 0.8;

/// What linking looks at in a detection.
#[derive(Debug, Clone)]
pub struct Linkable {
    /// Pixel centre.
    pub position: Position,
    /// When it was seen.
    pub acquired_at: Timestamp,
    /// Diagonal of the pixel, km.
    pub diagonal_km: f64,
    /// Under an approved heat source: links only with its like.
    pub is_heat_source: bool,
}

/// Whether two detections are directly linked.
#[must_use]
pub fn are_linked(a: &Linkable, b: &Linkable, link_gap: SignedDuration) -> bool {
    a.is_heat_source == b.is_heat_source
        && a.acquired_at.duration_since(b.acquired_at).abs() <= link_gap
        && a.position.distance_km(b.position) <= MIN_LINK_KM.max(f64::midpoint(a.diagonal_km, b.diagonal_km))
}

/// What is recorded of a fire, derived from its detections.
#[derive(Debug, Clone, PartialEq)]
pub struct FireDraft {
    /// First and last acquisition.
    pub seen: (Timestamp, Timestamp),
    /// Mean longitude of the detections.
    pub lon: f64,
    /// Mean latitude of the detections.
    pub lat: f64,
    /// Number of detections.
    pub detections: u32,
    /// The worst verdict.
    pub verdict: Verdict,
    /// Greatest radiative power, MW.
    pub max_frp_mw: Option<f64>,
    /// Key of the earliest detection: what identifies the fire whatever came first.
    pub first_key: ObservationKey,
}

impl FireDraft {
    /// Of detections with their verdicts, earliest first; `None` of none.
    #[must_use]
    pub fn of(members: &[(&Observation, Verdict)]) -> Option<Self> {
        let rows = || members.iter().map(|(row, _)| *row);
        let count = members.len() as f64;
        let times = || rows().map(|row| row.key.acquired_at);
        Some(Self {
            seen: (times().min()?, times().max()?),
            lon: rows().map(|row| row.position.lon()).sum::<f64>() / count,
            lat: rows().map(|row| row.position.lat()).sum::<f64>() / count,
            detections: u32::try_from(members.len()).unwrap_or(u32::MAX),
            verdict: members.iter().map(|(_, verdict)| *verdict).min()?,
            max_frp_mw: rows().filter_map(|row| row.frp_mw).max_by(f64::total_cmp),
            first_key: rows().next()?.key.clone(),
        })
    }
}

/// Which recorded fire each group of detections stays, by the fires that its detections were in: the oldest one that
/// no group before it took. What several groups share, a fire that fell apart, goes to the first of them.
#[must_use]
pub fn stays(groups: &[BTreeSet<i64>]) -> Vec<Option<i64>> {
    let mut taken = BTreeSet::new();
    let stays = groups.iter().map(|before| {
        let id = before.iter().find(|id| !taken.contains(*id)).copied();
        taken.extend(id);
        id
    });
    stays.collect()
}

/// Groups detections into fires.
///
/// # Shape
/// One list of places in `detections` per fire, places rising, fires by their first place.
#[must_use]
pub fn group(detections: &[Linkable], link_gap: SignedDuration) -> Vec<Vec<usize>> {
    let tree = RTree::bulk_load(
        detections
            .iter()
            .enumerate()
            .map(|(i, d)| GeomWithData::new([d.position.lon(), d.position.lat()], i))
            .collect(),
    );
    let widest_km = detections.iter().map(|d| d.diagonal_km).fold(MIN_LINK_KM, f64::max);
    let mut sets = DisjointSets::new(detections.len());
    for (i, detection) in detections.iter().enumerate() {
        let (lon, lat) = (detection.position.lon(), detection.position.lat());
        // One per cent more than the rule needs: the box only preselects.
        let reach = Extent { west: lon, south: lat, east: lon, north: lat }.grown_km(widest_km * 1.01);
        let window = AABB::from_corners([reach.west, reach.south], [reach.east, reach.north]);
        for near in tree.locate_in_envelope_intersecting(window) {
            let j = near.data;
            if j < i && detections.get(j).is_some_and(|other| are_linked(detection, other, link_gap)) {
                sets.join(i, j);
            }
        }
    }
    sets.groups()
}

/// Groups detections into fires as [`group`] does, keeping what a person said: pixels of one label
/// burn together however far apart, pixels of two labels do not.
///
/// An unlabelled pixel linked with several labels goes to its nearest labelled one (ties: earlier
/// in time, then the lower label), so that later data joins the part it belongs to.
///
/// # Shape
/// As [`group`]; `labels` has one entry per detection.
#[must_use]
pub fn group_labelled(detections: &[Linkable], labels: &[Option<i64>], link_gap: SignedDuration) -> Vec<Vec<usize>> {
    let natural = group(detections, link_gap);
    if labels.iter().all(Option::is_none) {
        return natural;
    }
    let mut sets = DisjointSets::new(detections.len());
    for members in &natural {
        for &[a, b] in members.array_windows() {
            sets.join(a, b);
        }
    }
    let label_of = |i: usize| labels.get(i).copied().flatten();
    let mut first_of: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for i in 0..detections.len() {
        if let Some(label) = label_of(i) {
            let first = *first_of.entry(label).or_insert(i);
            sets.join(first, i);
        }
    }
    let mut parted: Vec<Vec<usize>> = Vec::new();
    for members in sets.groups() {
        let labelled: Vec<(usize, i64)> = members.iter().filter_map(|&i| Some((i, label_of(i)?))).collect();
        let mut parts: std::collections::BTreeMap<Option<i64>, Vec<usize>> = std::collections::BTreeMap::new();
        for &i in &members {
            parts.entry(nearest_label(detections, &labelled, i)).or_default().push(i);
        }
        parted.extend(parts.into_values());
    }
    parted.sort();
    parted
}

/// The label of a pixel: its own, else that of the nearest labelled one of its group.
fn nearest_label(detections: &[Linkable], labelled: &[(usize, i64)], i: usize) -> Option<i64> {
    if let Some((_, own)) = labelled.iter().find(|(j, _)| *j == i) {
        return Some(*own);
    }
    let here = detections.get(i)?;
    labelled
        .iter()
        .filter_map(|&(j, label)| {
            let there = detections.get(j)?;
            Some((here.position.distance_km(there.position), there.acquired_at, label))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)).then_with(|| a.2.cmp(&b.2)))
        .map(|(.., label)| label)
}

/// Union-find over `0..n`.
struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    fn new(n: usize) -> Self {
        Self { parent: (0..n).collect() }
    }

    fn root(&mut self, mut i: usize) -> usize {
        while let Some(&up) = self.parent.get(i).filter(|&&up| up != i) {
            let above = self.parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.parent.get_mut(i) {
                *slot = above;
            }
            i = above;
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        // The lower place is always the root, so groups come out in order.
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }

    fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for i in 0..self.parent.len() {
            groups.entry(self.root(i)).or_default().push(i);
        }
        groups.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(lon: f64, lat: f64, minutes: i64) -> Linkable {
        let start: Timestamp = "2026-04-13T04:00:00Z".parse().unwrap();
        Linkable {
            position: Position::from_lon_lat(lon, lat).unwrap(),
            acquired_at: start + SignedDuration::from_mins(minutes),
            diagonal_km: 0.55,
            is_heat_source: false,
        }
    }

    #[test]
    fn the_gap_and_the_distance_hold_on_both_sides_of_their_value() {
        let first = at(122.84, 45.62, 0);
        let linked = |other: &Linkable| are_linked(&first, other, DEFAULT_LINK_GAP);
        assert!(linked(&at(122.84, 45.62, 360)));
        assert!(!linked(&at(122.84, 45.62, 361)));
        // 0.00719 degrees of latitude are 0.7995 km, 0.00720 are 0.8006 km.
        assert!(linked(&at(122.84, 45.62719, 0)));
        assert!(!linked(&at(122.84, 45.62720, 0)));
    }

    #[test]
    fn large_pixels_link_as_far_as_their_mean_diagonal() {
        let mut wide = at(122.84, 45.62, 0);
        wide.diagonal_km = 5.0;
        let mut other = at(122.84, 45.62 + 2.9 / 111.195, 0);
        other.diagonal_km = 1.0;
        assert!(are_linked(&wide, &other, DEFAULT_LINK_GAP), "2.9 km, mean diagonal 3.0");
        other.diagonal_km = 0.7;
        assert!(!are_linked(&wide, &other, DEFAULT_LINK_GAP), "2.9 km, mean diagonal 2.85");
    }

    #[test]
    fn heat_sources_link_only_with_each_other() {
        let field = at(122.84, 45.62, 0);
        let mut flare = field.clone();
        flare.is_heat_source = true;
        let groups = group(&[field.clone(), flare.clone(), field, flare], DEFAULT_LINK_GAP);
        assert_eq!(groups, [vec![0, 2], vec![1, 3]]);
    }

    #[test]
    fn what_a_person_joined_or_parted_stays_so_and_later_pixels_go_to_the_nearer_part() {
        // 0, 1 and 2 are one fire in a row; 3 burns far away.
        let row = [at(122.84, 45.62, 0), at(122.84, 45.626, 0), at(122.84, 45.632, 0), at(123.5, 45.62, 0)];
        let grouped = |labels: [Option<i64>; 4]| group_labelled(&row, &labels, DEFAULT_LINK_GAP);
        assert_eq!(grouped([None; 4]), [vec![0, 1, 2], vec![3]]);
        assert_eq!(grouped([Some(7), None, None, Some(7)]), [vec![0, 1, 2, 3]], "joined");
        assert_eq!(
            grouped([Some(1), None, Some(2), None]),
            [vec![0, 1], vec![2], vec![3]],
            "parted; 1 is as near, lower label"
        );
        let mut later = row.clone();
        later[1].position = Position::from_lon_lat(122.84, 45.628).unwrap();
        let parted = group_labelled(&later, &[Some(1), None, Some(2), None], DEFAULT_LINK_GAP);
        assert_eq!(parted, [vec![0], vec![1, 2], vec![3]], "the middle pixel is nearer to the second");
    }

    #[test]
    fn nothing_makes_no_fire() {
        assert!(group(&[], DEFAULT_LINK_GAP).is_empty());
    }

    proptest! {
        #[test]
        fn grouping_equals_the_naive_closure_in_any_order(
            points in proptest::collection::vec((0.0..0.1f64, 0.0..0.1f64, 0i64..1500, 0.4..5.0f64, any::<bool>()), 0..40),
        ) {
            let detections: Vec<_> = points.iter().map(|&(dx, dy, minutes, diagonal, heat)| {
                let mut d = at(122.8 + dx, 45.6 + dy, minutes);
                d.diagonal_km = diagonal;
                d.is_heat_source = heat;
                d
            }).collect();
            let groups = group(&detections, DEFAULT_LINK_GAP);
            // Naive: repeat "take the smaller label of any linked pair" until nothing changes.
            let mut label: Vec<usize> = (0..detections.len()).collect();
            let mut changed = true;
            while changed {
                changed = false;
                for i in 0..detections.len() {
                    for j in 0..detections.len() {
                        if are_linked(&detections[i], &detections[j], DEFAULT_LINK_GAP) && label[j] < label[i] {
                            label[i] = label[j];
                            changed = true;
                        }
                    }
                }
            }
            for members in &groups {
                for &member in members {
                    prop_assert_eq!(label[member], members[0]);
                }
            }
            prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), detections.len());
        }
    }
}
