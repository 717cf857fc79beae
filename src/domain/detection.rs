//! Detections: one satellite pixel, made of one or more observations.
//!
//! The same pixel may be published several times at rising processing levels, with
//! slightly moved coordinates. [`pair`] decides which observations are the same pixel,
//! from the whole set of one satellite and minute, so the order of arrival does not
//! matter.

use std::borrow::Borrow;

use super::named::named;
use super::observation::{Observation, ObservationKey};

/// One satellite pixel: the observations that are the same look at the same ground. `R` is a row, or what stands for one.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection<R> {
    speaking: R,
    /// Lower levels of the same pixel, falling.
    superseded: Vec<R>,
}

impl<R: Copy> Detection<R> {
    /// The observation of the highest processing level; it speaks for the pixel.
    #[must_use]
    pub fn speaking(&self) -> R {
        self.speaking
    }

    /// All observations of the pixel, the speaking one first.
    pub fn observations(&self) -> impl Iterator<Item = R> {
        std::iter::once(self.speaking).chain(self.superseded.iter().copied())
    }
}

/// A pixel of a pass, and the known detections that it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled<R> {
    /// The pixel.
    pub detection: Detection<R>,
    /// The detection that it stays; `None`: it is a new one.
    pub known: Option<i64>,
    /// Detections that no longer stand for themselves: it is they too.
    pub absorbed: Vec<i64>,
}

/// Pairs all rows of a pass, known and new, and says which detection each pixel stays: a known detection stays with the
/// row that spoke for it, which `spoke_for` tells; of several the oldest stays and takes the others in.
pub fn settle<R: Borrow<Observation> + Copy>(
    rows: Vec<R>,
    spoke_for: impl Fn(&Observation) -> Option<i64>,
) -> Vec<Settled<R>> {
    let settled = pair(rows).into_iter().map(|detection| {
        let mut ids: Vec<i64> = detection.observations().filter_map(|row| spoke_for(row.borrow())).collect();
        ids.sort_unstable();
        let mut ids = ids.into_iter();
        Settled { known: ids.next(), absorbed: ids.collect(), detection }
    });
    settled.collect()
}

/// Half the mean side of a pixel in km; nadir size where the feed does not say.
///
/// The one meaning of "half a pixel" in firegrid: how far two processing levels of one
/// pixel may differ, how far from a heat source or a plot a pixel still counts as on it.
#[must_use]
pub fn half_pixel_km(observation: &Observation) -> f64 {
    let (scan_km, track_km) = pixel_km(observation);
    (scan_km + track_km) / 4.0
}

/// Pixel sides (scan, track) in km; nadir size of the sensor where the feed does not say.
///
/// The smallest, because what this decides (is it the same pixel, is it on a heat source, is it on a plot) can only take
/// an alert away. Banned ground is looked for under the largest: [`crate::domain::footprint::Footprint::of`].
#[must_use]
pub fn pixel_km(observation: &Observation) -> (f64, f64) {
    let nadir = observation.key.satellite.instrument().nadir_pixel_km();
    (observation.scan_km.unwrap_or(nadir), observation.track_km.unwrap_or(nadir))
}

/// Diagonal of a pixel in km: how far its fire may lie from that of another decides about linking.
#[must_use]
pub fn diagonal_km(observation: &Observation) -> f64 {
    let (scan_km, track_km) = pixel_km(observation);
    scan_km.hypot(track_km)
}

/// Pairs the observations of one satellite and minute into detections.
///
/// Rows of the highest level start the detections. Each lower level, falling, is paired
/// one to one with the detections made so far: nearest first, ties by key, only when
/// under half a pixel apart (of the speaking row). What finds no partner is a detection
/// of its own. Two rows of the same level are always two detections; rows of the same
/// key and level are one row, of which the greatest rank speaks.
///
/// # Shape
/// Detections sorted by the key of their speaking observation. The result depends only on the
/// set of observations, not on their order or repetition.
#[must_use]
pub fn pair<R: Borrow<Observation> + Copy>(mut rows: Vec<R>) -> Vec<Detection<R>> {
    rows.sort_by(|a, b| {
        let (a, b): (&Observation, &Observation) = (a.borrow(), b.borrow());
        b.level.cmp(&a.level).then_with(|| a.key.cmp(&b.key)).then_with(|| b.rank().cmp(&a.rank()))
    });
    rows.dedup_by(|later, earlier| {
        let (later, earlier): (&Observation, &Observation) = ((*later).borrow(), (*earlier).borrow());
        later.level == earlier.level && later.key == earlier.key
    });

    let level_of = |row: &R| Borrow::<Observation>::borrow(row).level;
    let mut detections: Vec<Detection<R>> = Vec::new();
    let mut rest = rows.into_iter().peekable();
    while let Some(level) = rest.peek().map(level_of) {
        let mut of_level: Vec<Option<R>> = Vec::new();
        while let Some(row) = rest.next_if(|row| level_of(row) == level) {
            of_level.push(Some(row));
        }
        for (row, detection) in nearest_pairs(&of_level, &detections) {
            let (Some(slot), Some(detection)) = (of_level.get_mut(row), detections.get_mut(detection)) else {
                continue;
            };
            detection.superseded.extend(slot.take());
        }
        detections
            .extend(of_level.into_iter().flatten().map(|speaking| Detection { speaking, superseded: Vec::new() }));
    }
    detections.sort_by(|a, b| key_of(&a.speaking).cmp(key_of(&b.speaking)));
    detections
}

fn key_of<R: Borrow<Observation>>(row: &R) -> &ObservationKey {
    &row.borrow().key
}

/// One-to-one pairs (row index, detection index), nearest first.
fn nearest_pairs<R: Borrow<Observation> + Copy>(
    rows: &[Option<R>],
    detections: &[Detection<R>],
) -> Vec<(usize, usize)> {
    let mut candidates: Vec<(f64, &ObservationKey, &ObservationKey, usize, usize)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let Some(row): Option<&Observation> = row.as_ref().map(Borrow::borrow) else { continue };
        for (j, detection) in detections.iter().enumerate() {
            let speaking: &Observation = detection.speaking.borrow();
            let distance_km = row.position.distance_km(speaking.position);
            if distance_km < half_pixel_km(speaking) {
                candidates.push((distance_km, &speaking.key, &row.key, i, j));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)).then_with(|| a.2.cmp(b.2)));
    let (mut used_rows, mut used_detections) = (vec![false; rows.len()], vec![false; detections.len()]);
    let mut pairs = Vec::new();
    for (.., i, j) in candidates {
        let (Some(row_used), Some(detection_used)) = (used_rows.get_mut(i), used_detections.get_mut(j)) else {
            continue;
        };
        if !*row_used && !*detection_used {
            (*row_used, *detection_used) = (true, true);
            pairs.push((i, j));
        }
    }
    pairs
}

named! {
    /// How an alert came to be recorded, which decides whom it wakes.
    pub enum Origin {
        /// Recorded within a day of acquisition: people are told at once.
        Live = "live",
        /// Recorded later than that: daily list only, nobody is woken.
        Late = "late",
        /// From an archive: recorded and judged, no alert, no clock, no message.
        History = "history",
    }
}

impl Origin {
    /// Older than this when recorded, a detection is late.
    pub const LATE_AFTER_HOURS: i64 = 24;

    /// Older than this when recorded, a detection comes from an archive.
    ///
    /// FIRMS can be re-read for five days and rolling files hold seven, so whatever a
    /// service that was down can still catch up with is younger; a month leaves room for
    /// a file brought by hand. Larger would open alerts nobody can visit any more.
    pub const HISTORY_AFTER_DAYS: i64 = 30;

    /// The origin by age of the acquisition when it is recorded.
    #[must_use]
    pub fn by_age(acquired_at: super::time::Timestamp, now: super::time::Timestamp) -> Self {
        let age = now.duration_since(acquired_at);
        if age > super::time::SignedDuration::from_hours(Self::HISTORY_AFTER_DAYS * 24) {
            Self::History
        } else if age > super::time::SignedDuration::from_hours(Self::LATE_AFTER_HOURS) {
            Self::Late
        } else {
            Self::Live
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::observation::{Confidence, DayNight, Decimal, ProcessingLevel, Satellite};
    use crate::domain::position::Position;

    /// An observation at a place given in 1/100,000 degree, for tests all over the domain.
    pub(crate) fn observation(level: ProcessingLevel, lon_e5: i64, lat_e5: i64) -> Observation {
        let decimal = |e5: i64| Decimal::parse(&format!("{}.{:05}", e5 / 100_000, e5 % 100_000)).unwrap();
        let (lon, lat) = (decimal(lon_e5), decimal(lat_e5));
        Observation {
            position: Position::from_lon_lat(lon.to_f64(), lat.to_f64()).unwrap(),
            key: ObservationKey {
                satellite: Satellite::Noaa20,
                acquired_at: "2026-04-13T04:12:00Z".parse().unwrap(),
                lon,
                lat,
            },
            level,
            scan_km: Some(0.4),
            track_km: Some(0.4),
            brightness_k: Some(330.0),
            brightness_background_k: Some(290.0),
            frp_mw: Some(2.5),
            confidence: Confidence::Nominal,
            confidence_raw: "nominal".to_owned(),
            day_night: DayNight::Day,
            version_raw: "2.0NRT".to_owned(),
            source_type: None,
            raw: String::new(),
        }
    }

    #[test]
    fn a_pixel_of_unknown_size_is_read_so_that_no_alert_is_lost() {
        use crate::domain::footprint::Footprint;
        let known = observation(ProcessingLevel::Nrt, 12_284_000, 4_562_000);
        let unknown = Observation { scan_km: None, track_km: None, ..known.clone() };
        assert!(
            (Footprint::of(&unknown).area_km2() - 0.64).abs() < 1e-9,
            "banned ground is looked for under the largest"
        );
        assert!(half_pixel_km(&unknown) <= half_pixel_km(&known), "what excuses is looked for near the centre");
        let half = Observation { track_km: None, ..known };
        assert!((Footprint::of(&half).area_km2() - 0.32).abs() < 1e-9, "each side for itself");
    }

    #[test]
    fn an_nrt_row_speaks_for_the_rt_row_it_replaces() {
        let rt = observation(ProcessingLevel::Rt, 12_284_000, 4_562_000);
        let nrt = observation(ProcessingLevel::Nrt, 12_284_100, 4_562_050);
        let detections = pair(vec![&rt, &nrt]);
        assert_eq!(detections.len(), 1);
        assert_eq!(detections[0].speaking(), &nrt);
        assert_eq!(detections[0].observations().nth(1), Some(&rt));
    }

    #[test]
    fn two_rows_of_one_level_are_two_detections_however_near() {
        // Scan overlap: VIIRS really reports one fire pixel twice about 115 m apart.
        let a = observation(ProcessingLevel::Nrt, 12_284_000, 4_562_000);
        let b = observation(ProcessingLevel::Nrt, 12_284_000, 4_562_100);
        let provisional = observation(ProcessingLevel::Rt, 12_284_000, 4_562_080);
        let detections = pair(vec![&a, &b, &provisional]);
        assert_eq!(detections.len(), 2);
        assert_eq!(detections[1].speaking(), &b);
        assert_eq!(detections[1].observations().count(), 2, "the provisional row belongs to the nearer one");
    }

    #[test]
    fn a_known_detection_stays_with_its_row_and_takes_in_what_a_higher_level_joins() {
        // What spoke for which detection, what there is: which one each pixel is, and which ones it takes in.
        type Alert<'a> = (&'a [(&'a Observation, i64)], Vec<&'a Observation>, Vec<(Option<i64>, Vec<i64>)>);
        let rt = observation(ProcessingLevel::Rt, 12_284_000, 4_562_000);
        let other_rt = observation(ProcessingLevel::Rt, 12_290_000, 4_562_000);
        let nrt = observation(ProcessingLevel::Nrt, 12_284_100, 4_562_050);
        let sp = observation(ProcessingLevel::Sp, 12_284_120, 4_562_040);
        let alerts: [Alert<'_>; 5] = [
            (&[], vec![&rt], vec![(None, vec![])]),
            (&[(&rt, 7)], vec![&rt, &nrt], vec![(Some(7), vec![])]),
            (&[(&rt, 7)], vec![&rt, &other_rt], vec![(Some(7), vec![]), (None, vec![])]),
            (&[(&rt, 7), (&nrt, 9)], vec![&rt, &nrt, &sp], vec![(Some(7), vec![9])]),
            (&[(&nrt, 9), (&other_rt, 3)], vec![&other_rt, &nrt], vec![(Some(9), vec![]), (Some(3), vec![])]),
        ];
        for (spoke, rows, expected) in alerts {
            let spoke_for = |row: &Observation| {
                spoke.iter().find(|(known, _)| (&known.key, known.level) == (&row.key, row.level)).map(|(_, id)| *id)
            };
            let settled = settle(rows, spoke_for);
            let found: Vec<_> = settled.into_iter().map(|pixel| (pixel.known, pixel.absorbed)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn half_a_pixel_is_the_limit_on_both_sides() {
        let nrt = observation(ProcessingLevel::Nrt, 12_284_000, 4_562_000);
        // 0.00179 degrees of latitude are 199 m, 0.00181 are 201 m; half a pixel is 200 m.
        let near = observation(ProcessingLevel::Rt, 12_284_000, 4_562_179);
        let far = observation(ProcessingLevel::Rt, 12_284_000, 4_562_181);
        assert_eq!(pair(vec![&nrt, &near]).len(), 1);
        assert_eq!(pair(vec![&nrt, &far]).len(), 2);
    }

    #[test]
    fn age_decides_the_origin() {
        let now = "2026-04-13T12:00:00Z".parse().unwrap();
        let origin = |text: &str| Origin::by_age(text.parse().unwrap(), now);
        assert_eq!(origin("2026-04-12T12:00:00Z"), Origin::Live);
        assert_eq!(origin("2026-04-12T11:59:00Z"), Origin::Late);
        assert_eq!(origin("2026-03-14T12:00:00Z"), Origin::Late);
        assert_eq!(origin("2026-03-14T11:59:00Z"), Origin::History);
    }

    proptest! {
        #[test]
        fn pairing_depends_on_the_set_and_not_on_the_order(
            (rows, mixed) in proptest::collection::vec((0u8..3, 0i64..400, 0i64..400), 1..14).prop_flat_map(|rows| {
                let twice = [rows.clone(), rows.clone()].concat();
                (Just(rows), Just(twice).prop_shuffle())
            }),
        ) {
            let levels = [ProcessingLevel::Rt, ProcessingLevel::Nrt, ProcessingLevel::Sp];
            let observations = |rows: Vec<(u8, i64, i64)>| rows
                .into_iter()
                .map(|(level, dx, dy)| observation(levels[usize::from(level)], 12_284_000 + dx, 4_562_000 + dy))
                .collect::<Vec<_>>();
            let (rows, mixed) = (observations(rows), observations(mixed));
            prop_assert_eq!(pair(rows.iter().collect()), pair(mixed.iter().collect()));
        }
    }
}
