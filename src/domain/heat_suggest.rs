//! Suggests fixed heat sources: places that light on many days, mostly at night, low and steady.
//!
//! Asked by `firegrid heat-sources suggest` with the detections of the last months. A suggestion
//! changes nothing: [`super::heat_approval`] says who may approve a source, and no code path approves one by itself.
//!
//! A cell is a disc about a detection, not a square of a grid: a source on the corner of four
//! squares would fall into four cells that each light too seldom (decision 16).
//!
//! # Source
//! domain.md, fact 10 (Henan 2025, VIIRS, cells of 0.01 degree): 86.7 % of 7,474 cells lit on one
//! day only; the 78 that lit on 30 days or more were 99 % of the night, with a median of 1.11 MW.

mod field;

use std::collections::BTreeSet;

use serde::Serialize;

use super::ground::Ground;
use super::heat_source::HeatSource;
use super::nearest::NearestPlace;
use super::observation::{Observation, Satellite};
use super::position::Position;
use super::time::{Date, SignedDuration, TimeError, TimeZone, Timestamp, day_bounds};
use super::unit::UnitCode;
use field::Field;

/// Width of a cell, km: the cells of the study (0.01 degree are 1.1 by 0.8 km here). A VIIRS pixel
/// centre lies up to 0.4 km from what burns in it. Smaller splits a source, larger takes in the fields round it.
pub const DEFAULT_CELL_KM: f64 = 1.0;

/// Days that are looked back on: a year holds both burning seasons and the months without one, in which a place
/// burnt for straw falls silent. Less misses the small flares (see [`DEFAULT_MIN_DAYS`]).
pub const DEFAULT_LOOK_BACK_DAYS: u32 = 365;

/// Distinct local days a cell must have lit on: half of the study's 30 a year. Fields light on one to five.
/// Fewer would suggest villages that burn in turns; more would miss the two flares of Baicheng.
///
/// # Source
/// Global flaring list of 2017 (Earth Observation Group): both were seen in about 20 of 430 clear nights.
pub const DEFAULT_MIN_DAYS: u32 = 15;

/// Smallest share of night detections. Sources show 0.99, fields burn by day; a tenth leaves room
/// for a field that burnt beside the source. Smaller would take in places that burn all season.
pub const DEFAULT_MIN_NIGHT_SHARE: f64 = 0.9;

/// Largest median FRP, MW: four times the study's median. Larger would take in fields that smoulder by night.
pub const DEFAULT_MAX_MEDIAN_FRP_MW: f64 = 5.0;

/// Largest spread of the FRP, MW: the middle half of the values lies within it. A source burns the same
/// every night; larger would take in fires that differ from night to night.
pub const DEFAULT_MAX_FRP_SPREAD_MW: f64 = 3.0;

/// What makes a place look like a fixed source.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SuggestRules {
    /// Width of a cell, km.
    pub cell_km: f64,
    /// Days that are looked back on, today included.
    pub look_back_days: u32,
    /// Distinct local days a cell must have lit on.
    pub min_days: u32,
    /// Smallest share of detections by night, 0..1.
    pub min_night_share: f64,
    /// Largest median FRP, MW.
    pub max_median_frp_mw: f64,
    /// Largest distance between the quartiles of the FRP, MW.
    pub max_frp_spread_mw: f64,
}

impl Default for SuggestRules {
    fn default() -> Self {
        Self {
            cell_km: DEFAULT_CELL_KM,
            look_back_days: DEFAULT_LOOK_BACK_DAYS,
            min_days: DEFAULT_MIN_DAYS,
            min_night_share: DEFAULT_MIN_NIGHT_SHARE,
            max_median_frp_mw: DEFAULT_MAX_MEDIAN_FRP_MW,
            max_frp_spread_mw: DEFAULT_MAX_FRP_SPREAD_MW,
        }
    }
}

impl SuggestRules {
    /// The instants, half-open, that can fall on the days looked back on from a local day.
    ///
    /// # Errors
    /// For a day beyond what instants can say.
    pub fn looked_at(&self, until: Date, zone: &TimeZone) -> Result<(Timestamp, Timestamp), TimeError> {
        let (midnight, next) = day_bounds(until, zone)?;
        // One day more than asked: days are not all of 24 hours.
        let back = SignedDuration::from_hours(24 * (i64::from(self.look_back_days) + 1));
        Ok((midnight.checked_sub(back).unwrap_or(Timestamp::MIN), next))
    }
}

/// The known source nearest to a suggestion, whether it is in force or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestSource {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// From the suggestion's centre to its edge, km.
    pub distance_km: f64,
    /// Last day of its approval.
    pub expires: Date,
}

/// A place that looks like a fixed source; somebody must go and see.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// Median of its pixel centres.
    pub centre: Position,
    /// Radius about the centre, metres, within which, half a pixel added, all its detections lie.
    pub radius_m: f64,
    /// The lowest unit there; `None` outside the city.
    pub unit: Option<UnitCode>,
    /// Number of detections.
    pub detections: usize,
    /// Distinct local days with a detection.
    pub days: usize,
    /// Distinct local days with a detection by night.
    pub nights: usize,
    /// Share of detections by night, 0..1.
    pub night_share: f64,
    /// Median FRP, MW.
    pub median_frp_mw: f64,
    /// Distance between the quartiles of the FRP, MW.
    pub frp_spread_mw: f64,
    /// First acquisition.
    pub first_seen_at: Timestamp,
    /// Last acquisition.
    pub last_seen_at: Timestamp,
    /// Who saw it, in the order of the enum.
    pub satellites: BTreeSet<Satellite>,
    /// The nearest known source.
    pub nearest_source: Option<NearestSource>,
    /// The nearest named place.
    pub nearest_place: Option<NearestPlace>,
}

/// Suggests fixed sources among detections up to today that no source in `known` excuses today.
///
/// # Shape
/// Most days first, ties by the earliest detection. The same detections in any order, with
/// repetitions, give the same suggestions.
#[must_use]
pub fn suggest(
    ground: &Ground,
    known: &[HeatSource],
    detections: &[Observation],
    today: Date,
    rules: &SuggestRules,
) -> Vec<Suggestion> {
    let in_force: Vec<_> = known.iter().filter(|source| source.is_approved_on(today)).collect();
    let mut field = Field::of(ground, detections, today, rules);
    field.take(|lit| in_force.iter().any(|source| source.distance_km(lit.position) <= lit.half_pixel_km));

    let mut suggestions = Vec::new();
    for centre in field.busiest_first(rules) {
        let Some(found) = field.cell_about(centre, rules) else { continue };
        // The middle of what a source approved too small leaves round it is the source again.
        if in_force.iter().any(|source| source.distance_km(found.centre) <= 0.0) {
            continue;
        }
        // Whatever an approval of it would excuse is no second source beside it.
        field.take(|lit| found.centre.distance_km(lit.position) <= found.radius_m / 1000.0 + lit.half_pixel_km);
        suggestions.push(Suggestion {
            unit: ground.unit_at(found.centre).map(|unit| unit.code.clone()),
            nearest_source: nearest_source(found.centre, known),
            nearest_place: ground.nearest_place(found.centre),
            ..found
        });
    }
    suggestions.sort_by(|a, b| {
        b.days.cmp(&a.days).then(a.first_seen_at.cmp(&b.first_seen_at)).then(order(a.centre, b.centre))
    });
    suggestions
}

fn nearest_source(centre: Position, known: &[HeatSource]) -> Option<NearestSource> {
    known
        .iter()
        .map(|source| (source.distance_km(centre), source))
        .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)))
        .map(|(distance_km, source)| NearestSource {
            id: source.id.clone(),
            name: source.name.clone(),
            distance_km,
            expires: source.expires,
        })
}

fn order(a: Position, b: Position) -> std::cmp::Ordering {
    a.lon().total_cmp(&b.lon()).then_with(|| a.lat().total_cmp(&b.lat()))
}
