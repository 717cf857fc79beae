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

use std::collections::BTreeSet;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use serde::Serialize;

use super::detection::half_pixel_km;
use super::ground::{Extent, Ground};
use super::heat_source::HeatSource;
use super::nearest::NearestPlace;
use super::observation::{DayNight, Observation, Satellite};
use super::position::Position;
use super::time::{Date, SignedDuration, Timestamp};
use super::unit::UnitCode;

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

/// Smallest radius suggested, metres: positions are published to about a hundred metres.
const MIN_RADIUS_M: f64 = 100.0;

/// Radii are rounded up to this, metres: nobody surveys them finer.
const RADIUS_STEP_M: f64 = 50.0;

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

impl Suggestion {
    /// Why it is suggested, in a Chinese sentence.
    #[must_use]
    pub fn why_zh(&self) -> String {
        format!(
            "有{}天出现热异常，{:.0}%在夜间，火辐射功率中位数{:.1}兆瓦、四分位距{:.1}兆瓦，疑为固定热源；须现场核实后批准",
            self.days,
            self.night_share * 100.0,
            self.median_frp_mw,
            self.frp_spread_mw,
        )
    }

    /// Why it is suggested, in an English sentence.
    #[must_use]
    pub fn why_en(&self) -> String {
        format!(
            "lit on {} days, {:.0} % by night, median {:.1} MW, quartiles {:.1} MW apart: looks like a fixed source; \
             to be seen on site before anybody approves it",
            self.days,
            self.night_share * 100.0,
            self.median_frp_mw,
            self.frp_spread_mw,
        )
    }
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

/// A detection as suggesting looks at it.
#[derive(Debug, Clone)]
struct Lit {
    position: Position,
    at: Timestamp,
    day: Date,
    is_night: bool,
    frp_mw: Option<f64>,
    half_pixel_km: f64,
    satellite: Satellite,
}

/// The detections of the span by key, and which of them are explained already.
struct Field {
    lit: Vec<Lit>,
    taken: Vec<bool>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
}

impl Field {
    fn of(ground: &Ground, detections: &[Observation], today: Date, rules: &SuggestRules) -> Self {
        let back = SignedDuration::from_hours(24 * i64::from(rules.look_back_days));
        let before = today.checked_sub(back).unwrap_or(Date::MIN);
        let mut rows: Vec<_> = detections.iter().collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| (b.level, b.rank()).cmp(&(a.level, a.rank()))));
        rows.dedup_by(|later, earlier| later.key == earlier.key);
        let lit: Vec<_> = rows
            .into_iter()
            .map(|row| Lit {
                position: row.position,
                at: row.key.acquired_at,
                day: ground.local_day(row.key.acquired_at),
                is_night: row.day_night == DayNight::Night,
                frp_mw: row.frp_mw,
                half_pixel_km: half_pixel_km(row),
                satellite: row.key.satellite,
            })
            .filter(|lit| before < lit.day && lit.day <= today)
            .collect();
        let places =
            lit.iter().enumerate().map(|(i, lit)| GeomWithData::new([lit.position.lon(), lit.position.lat()], i));
        Self { taken: vec![false; lit.len()], tree: RTree::bulk_load(places.collect()), lit }
    }

    /// Leaves out what is explained already.
    fn take(&mut self, is_explained: impl Fn(&Lit) -> bool) {
        for (taken, lit) in self.taken.iter_mut().zip(&self.lit) {
            *taken |= is_explained(lit);
        }
    }

    /// The detections not yet explained in the cell about a position.
    fn within(&self, centre: Position, rules: &SuggestRules) -> Vec<&Lit> {
        let reach_km = rules.cell_km / 2.0;
        let (lon, lat) = (centre.lon(), centre.lat());
        // One per cent more than the rule needs: the box only preselects.
        let window = Extent { west: lon, south: lat, east: lon, north: lat }.grown_km(reach_km * 1.01);
        let window = AABB::from_corners([window.west, window.south], [window.east, window.north]);
        let mut places: Vec<_> = self.tree.locate_in_envelope_intersecting(window).map(|near| near.data).collect();
        places.sort_unstable();
        places
            .into_iter()
            .filter(|&i| self.taken.get(i) == Some(&false))
            .filter_map(|i| self.lit.get(i))
            .filter(|lit| lit.position.distance_km(centre) <= reach_km)
            .collect()
    }

    /// Middles of the cells that lit on enough days, busiest first, ties by the key of the pixel they were found from.
    fn busiest_first(&self, rules: &SuggestRules) -> Vec<Position> {
        let mut busy: Vec<_> = (0..)
            .zip(&self.lit)
            .filter_map(|(i, lit): (usize, _)| {
                // About the pixel itself a cell holds only one side of the source, when the pixel lies at its edge.
                let centre = middle(&self.within(lit.position, rules))?;
                Some((days_of(&self.within(centre, rules)).len(), i, centre))
            })
            .filter(|(days, ..)| *days >= min_days(rules))
            .collect();
        busy.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        busy.into_iter().map(|(.., centre)| centre).collect()
    }

    /// What a cell holds that is not explained yet, when it looks like a fixed source.
    fn cell_about(&self, centre: Position, rules: &SuggestRules) -> Option<Suggestion> {
        let members = self.within(centre, rules);
        let centre = middle(&members)?;
        let (days, nights) = (days_of(&members), days_of(members.iter().filter(|lit| lit.is_night).copied()));
        let mut frp: Vec<_> = members.iter().filter_map(|lit| lit.frp_mw).collect();
        frp.sort_by(f64::total_cmp);
        // Without a single value nothing says that it burns low.
        let (low, median, high) = (quantile(&frp, 0.25)?, quantile(&frp, 0.5)?, quantile(&frp, 0.75)?);
        let night_share = members.iter().filter(|lit| lit.is_night).count() as f64 / members.len().max(1) as f64;
        let is_source = days.len() >= min_days(rules)
            && night_share >= rules.min_night_share
            && median <= rules.max_median_frp_mw
            && high - low <= rules.max_frp_spread_mw;
        is_source.then_some(())?;
        let reach_km =
            members.iter().map(|lit| lit.position.distance_km(centre) - lit.half_pixel_km).fold(0.0, f64::max);
        Some(Suggestion {
            centre,
            radius_m: ((reach_km * 1000.0 / RADIUS_STEP_M).ceil() * RADIUS_STEP_M).max(MIN_RADIUS_M),
            unit: None,
            detections: members.len(),
            days: days.len(),
            nights: nights.len(),
            night_share,
            median_frp_mw: median,
            frp_spread_mw: high - low,
            first_seen_at: members.iter().map(|lit| lit.at).min()?,
            last_seen_at: members.iter().map(|lit| lit.at).max()?,
            satellites: members.iter().map(|lit| lit.satellite).collect(),
            nearest_source: None,
            nearest_place: None,
        })
    }
}

fn min_days(rules: &SuggestRules) -> usize {
    // One day at least, or every detection alone would look like a source.
    usize::try_from(rules.min_days).unwrap_or(usize::MAX).max(1)
}

fn days_of<'a>(lit: impl IntoIterator<Item = impl std::borrow::Borrow<&'a Lit>>) -> BTreeSet<Date> {
    lit.into_iter().map(|lit| lit.borrow().day).collect()
}

/// The position of the median longitude and latitude: unlike the mean, one far pixel does not move it.
fn middle(lit: &[&Lit]) -> Option<Position> {
    let median = |of: fn(Position) -> f64| {
        let mut values: Vec<_> = lit.iter().map(|lit| of(lit.position)).collect();
        values.sort_by(f64::total_cmp);
        quantile(&values, 0.5)
    };
    Position::from_lon_lat(median(Position::lon)?, median(Position::lat)?).ok()
}

/// A quantile of rising values, interpolated between neighbours; `None` of nothing.
fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let at = q * (values.len().checked_sub(1)? as f64);
    let below = values.iter().enumerate().take_while(|(i, _)| *i as f64 <= at).last()?;
    let above = values.get(below.0 + 1).unwrap_or(below.1);
    Some(below.1 + (above - below.1) * (at - below.0 as f64))
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
