//! When a fire that people reported and a fire that a satellite saw are the same one.
//!
//! The rule, by place and time: the reported position lies in the footprint of one of the
//! fire's pixels, or not farther from its edge than [`NEAR_KM`]; and it was reported as seen
//! not more than [`WITHIN`] before the fire was first seen or after it was last seen. Among
//! several the nearest in place, then the lowest number. The finder is not blamed for what he
//! found: the alert stays what people made it, and says which satellite saw it too.

use crate::domain::footprint::Footprint;
use crate::domain::observation::Observation;
use crate::domain::position::Position;
use crate::domain::time::{SignedDuration, Timestamp};

/// How far outside a footprint a reported position may lie, km: what a phone's position, a
/// finger on a map or a walk round the field may be off.
pub const NEAR_KM: f64 = 0.5;

/// How far apart in time a report and a fire may be: the gap that also links detections.
pub const WITHIN: SignedDuration = SignedDuration::from_hours(6);

/// What a person reported.
#[derive(Debug, Clone, Copy)]
pub struct Reported {
    /// Where.
    pub position: Position,
    /// When it was seen.
    pub seen_at: Timestamp,
}

/// How far a report lies from a fire, km beyond the nearest footprint; `None` when they are not
/// the same fire.
#[must_use]
pub fn distance_km<'a>(reported: Reported, fire: impl Iterator<Item = &'a Observation> + Clone) -> Option<f64> {
    let times = || fire.clone().map(|pixel| pixel.key.acquired_at);
    let (first, last) = (times().min()?, times().max()?);
    let is_then = reported.seen_at.duration_since(last) <= WITHIN && first.duration_since(reported.seen_at) <= WITHIN;
    if !is_then {
        return None;
    }
    let nearest = fire.map(|pixel| beyond_km(reported.position, pixel)).fold(f64::INFINITY, f64::min);
    (nearest <= NEAR_KM).then_some(nearest)
}

/// How far outside a pixel's footprint a position lies, km; 0 inside.
fn beyond_km(position: Position, pixel: &Observation) -> f64 {
    Footprint::of(pixel).distance_km(position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::detection::tests::observation;
    use crate::domain::observation::ProcessingLevel;

    fn pixel() -> Observation {
        // 0.4 by 0.4 km at 122.84, 45.62, seen at 04:12Z.
        observation(ProcessingLevel::Nrt, 12_284_000, 4_562_000)
    }

    fn at(north_km: f64, hours: i64) -> Option<f64> {
        let position = Position::from_lon_lat(122.84, 45.62 + north_km / 111.195).unwrap();
        let seen_at = pixel().key.acquired_at + SignedDuration::from_mins(hours * 60);
        distance_km(Reported { position, seen_at }, [pixel()].iter())
    }

    #[test]
    fn a_report_within_half_a_kilometre_of_the_pixel_is_the_same_fire() {
        assert_eq!(at(0.1, 0), Some(0.0), "inside the footprint");
        assert!(at(0.6, 0).is_some(), "0.4 km beyond the edge");
        assert!(at(1.0, 0).is_none(), "0.8 km beyond the edge");
    }

    #[test]
    fn six_hours_are_the_limit_on_both_sides() {
        for (hours, same) in [(-6, true), (-7, false), (6, true), (7, false)] {
            assert_eq!(at(0.0, hours).is_some(), same, "{hours}");
        }
    }

    #[test]
    fn a_fire_without_pixels_matches_nothing() {
        let reported = Reported { position: pixel().position, seen_at: pixel().key.acquired_at };
        assert_eq!(distance_km(reported, [].iter()), None);
    }
}
