//! The detections of a span, found by place, and the cells they make.
//!
//! Used by [`super::suggest`] alone. A cell is a disc; what is explained already is left out of all of them.

use std::collections::BTreeSet;

use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

use super::{SuggestRules, Suggestion};
use crate::domain::detection::half_pixel_km;
use crate::domain::ground::{Extent, Ground};
use crate::domain::observation::{DayNight, Observation, Satellite};
use crate::domain::position::Position;
use crate::domain::time::{Date, SignedDuration, Timestamp};

/// Smallest radius suggested, metres: positions are published to about a hundred metres.
const MIN_RADIUS_M: f64 = 100.0;

/// Radii are rounded up to this, metres: nobody surveys them finer.
const RADIUS_STEP_M: f64 = 50.0;

/// A detection as suggesting looks at it.
#[derive(Debug, Clone)]
pub(super) struct Lit {
    pub position: Position,
    at: Timestamp,
    day: Date,
    is_night: bool,
    frp_mw: Option<f64>,
    pub half_pixel_km: f64,
    satellite: Satellite,
}

/// The detections of the span by key, and which of them are explained already.
pub(super) struct Field {
    lit: Vec<Lit>,
    taken: Vec<bool>,
    tree: RTree<GeomWithData<[f64; 2], usize>>,
}

impl Field {
    pub(super) fn of(ground: &Ground, detections: &[Observation], today: Date, rules: &SuggestRules) -> Self {
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
    pub(super) fn take(&mut self, is_explained: impl Fn(&Lit) -> bool) {
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
    pub(super) fn busiest_first(&self, rules: &SuggestRules) -> Vec<Position> {
        let mut busy: Vec<_> = (0..)
            .zip(&self.lit)
            .filter_map(|(i, lit): (usize, _)| {
                // About the pixel itself a cell holds only one side of the source, when the pixel lies at its edge.
                let centre = middle(&self.within(lit.position, rules))?;
                Some((days_of(self.within(centre, rules)).len(), i, centre))
            })
            .filter(|(days, ..)| *days >= min_days(rules))
            .collect();
        busy.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        busy.into_iter().map(|(.., centre)| centre).collect()
    }

    /// What a cell holds that is not explained yet, when it looks like a fixed source.
    pub(super) fn cell_about(&self, centre: Position, rules: &SuggestRules) -> Option<Suggestion> {
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
