//! Shares of a footprint: which part of the pixel lies in which unit, under which rule, on
//! what kind of land.
//!
//! Part of [`super::Ground`]; called when a sighting with a pixel size is judged. Everything
//! is clipped to the footprint first and only then united, so that boolean operations work on
//! a few corners.

use std::collections::HashMap;

use geo::{Area, BooleanOps, MultiPolygon};
use serde::{Deserialize, Serialize};

use super::Ground;
use crate::domain::footprint::Footprint;
use crate::domain::landcover::{CoverClass, CoverShare};
use crate::domain::time::DateTime;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::zone::ZoneClass;

/// A unit's share of a footprint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitShare {
    /// The unit.
    pub code: UnitCode,
    /// Its level.
    pub level: UnitLevel,
    /// Share, 0..1.
    pub share: f64,
}

/// Shares of a footprint per zone class; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ZoneShares {
    /// Banned ground; while a closure runs also the limited ground it closes.
    pub ban: f64,
    /// Limited ground that is not banned.
    pub limited: f64,
    /// Ground where no rule is in force.
    pub none: f64,
}

/// Shares of a footprint per unit of every level, per zone class, and per kind of land cover.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// Units with a share, by level from the city down, then by falling share, then by code.
    pub units: Vec<UnitShare>,
    /// Zone classes.
    pub zone_classes: ZoneShares,
    /// Land cover, by falling share, then in the order of the classes; empty where none is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub land_cover: Vec<CoverShare>,
}

impl Shares {
    /// The share of one unit; 0 when it has none.
    #[must_use]
    pub fn of(&self, code: &UnitCode) -> f64 {
        self.units.iter().find(|unit| &unit.code == code).map_or(0.0, |unit| unit.share)
    }
}

/// A share as people read it: whole per cent rounded down, so that the shares of one footprint never seem to be more
/// than all of it. What is there but under one per cent says so, and is no zero.
#[must_use]
pub fn percent_text(share: f64) -> String {
    let percent = whole_percent(share);
    if percent == 0.0 && share > 0.0 { "<1%".to_owned() } else { format!("{percent:.0}%") }
}

/// Whole per cent of a share, rounded down.
#[must_use]
pub fn whole_percent(share: f64) -> f64 {
    // Shares are given to a millionth; what is nearer to the next per cent than that has reached it.
    (share * 100.0 + SHARE_STEP * 100.0).floor()
}

impl Ground {
    /// Shares of a footprint per unit, per class of rule in force at a local moment, and per
    /// kind of land cover.
    #[must_use]
    pub fn shares(&self, footprint: &Footprint, moment: DateTime) -> Shares {
        let near = self.unit_index.near(footprint.envelope());
        Shares {
            units: self.unit_shares(footprint, &near),
            zone_classes: self.zone_shares(footprint, &near, moment),
            land_cover: self.cover_shares(footprint),
        }
    }

    fn unit_shares(&self, footprint: &Footprint, near: &[usize]) -> Vec<UnitShare> {
        let mut share_of: HashMap<UnitCode, f64> = HashMap::new();
        for unit in near.iter().filter_map(|&i| self.data.units.get(i)) {
            let Some(outline) = &unit.outline else { continue };
            let share = footprint.clip(outline).unsigned_area() / footprint.area_km2();
            if share < SHARE_STEP {
                continue;
            }
            *share_of.entry(unit.code.clone()).or_default() += share;
            // Units without an outline are carried by their children, up to the next outline.
            for above in self.line_of(&unit.code).into_iter().skip(1).take_while(|above| above.outline.is_none()) {
                *share_of.entry(above.code.clone()).or_default() += share;
            }
        }
        let mut shares: Vec<_> = share_of
            .into_iter()
            .filter_map(|(code, share)| Some(UnitShare { level: self.unit(&code)?.level, code, share }))
            .collect();
        share_out_overlaps(&mut shares);
        shares.sort_by(|a, b| {
            a.level.cmp(&b.level).then_with(|| b.share.total_cmp(&a.share)).then_with(|| a.code.cmp(&b.code))
        });
        shares
    }

    fn zone_shares(&self, footprint: &Footprint, near_units: &[usize], moment: DateTime) -> ZoneShares {
        let day = moment.date();
        let drawn = |class: ZoneClass| {
            let clipped = self
                .zone_index
                .near(footprint.envelope())
                .into_iter()
                .filter_map(|i| self.data.zones.get(i))
                .filter(|zone| zone.class == class && zone.is_in_force(day))
                .map(|zone| footprint.clip(&zone.outline));
            union(clipped)
        };
        let (mut ban, mut limited) = (drawn(ZoneClass::Ban), drawn(ZoneClass::Limited));
        if let Some(class) = self.outside_class(day) {
            let carriers = near_units.iter().copied().filter(|i| self.carriers.contains(i));
            let city = self.united_units(footprint, carriers);
            match class {
                ZoneClass::Limited => limited = limited.union(&city),
                ZoneClass::Ban => ban = ban.union(&city.difference(&limited)),
            }
        }
        if let Some(closed) = self.closed_ground(footprint, near_units, moment) {
            ban = ban.union(&limited.intersection(&closed));
        }
        let area = footprint.area_km2();
        let ban_share = to_share(ban.unsigned_area() / area);
        let ruled = if limited.0.is_empty() { ban } else { ban.union(&limited) };
        let ruled_share = to_share(ruled.unsigned_area() / area).max(ban_share);
        ZoneShares { ban: ban_share, limited: to_share(ruled_share - ban_share), none: to_share(1.0 - ruled_share) }
    }

    /// The part of a footprint in units that are closed at a local moment; `None` when nothing
    /// is. A unit's ground includes everything below it, as for the pixel's centre.
    fn closed_ground(
        &self,
        footprint: &Footprint,
        near_units: &[usize],
        moment: DateTime,
    ) -> Option<MultiPolygon<f64>> {
        let running: Vec<_> = self.data.calendar.running(moment).collect();
        if running.is_empty() {
            return None;
        }
        if running.iter().any(|closure| closure.units.is_empty()) {
            return Some(footprint.rectangle());
        }
        let is_closed = |i: &usize| {
            self.data.units.get(*i).is_some_and(|unit| {
                let line = self.line_of(&unit.code);
                running.iter().flat_map(|closure| &closure.units).any(|code| line.iter().any(|u| u.code == *code))
            })
        };
        Some(self.united_units(footprint, near_units.iter().copied().filter(is_closed)))
    }

    fn united_units(&self, footprint: &Footprint, units: impl Iterator<Item = usize>) -> MultiPolygon<f64> {
        let outlines = units.filter_map(|i| self.data.units.get(i)?.outline.as_ref());
        union(outlines.map(|outline| footprint.clip(outline)))
    }

    fn cover_shares(&self, footprint: &Footprint) -> Vec<CoverShare> {
        let mut clipped: HashMap<CoverClass, Vec<MultiPolygon<f64>>> = HashMap::new();
        // Part by part: a file may hold all forest of a city as one feature.
        for (i, part) in self.cover_index.parts_near(footprint.envelope()) {
            let Some(patch) = self.data.landcover.get(i) else { continue };
            clipped.entry(patch.class).or_default().push(footprint.clip_parts(std::iter::once(part)));
        }
        let mut shares: Vec<_> = clipped
            .into_iter()
            .map(|(class, parts)| CoverShare {
                class,
                share: to_share(union(parts.into_iter()).unsigned_area() / footprint.area_km2()),
            })
            .filter(|cover| cover.share > 0.0)
            .collect();
        shares.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.class.cmp(&b.class)));
        shares
    }
}

/// Shares are given to a millionth, a square metre of a VIIRS pixel: what boolean operations
/// lose by working on a fine raster is far below.
const SHARE_STEP: f64 = 1e-6;

fn to_share(share: f64) -> f64 {
    ((share / SHARE_STEP).round() / SHARE_STEP.recip()).clamp(0.0, 1.0)
}

/// Outlines of one level that overlap claim some ground twice: then each unit holds its part of what all of them
/// claim, and the level is one footprint again. To whom such ground belongs is a question for those who drew it.
fn share_out_overlaps(shares: &mut [UnitShare]) {
    let mut claimed: HashMap<UnitLevel, f64> = HashMap::new();
    for unit in shares.iter() {
        *claimed.entry(unit.level).or_default() += unit.share;
    }
    for unit in shares {
        let all = claimed.get(&unit.level).copied().unwrap_or(1.0);
        unit.share = to_share(unit.share / all.max(1.0));
    }
}

/// The union of clipped outlines; parts of no area vanish.
fn union(parts: impl Iterator<Item = MultiPolygon<f64>>) -> MultiPolygon<f64> {
    let empty = || MultiPolygon::new(Vec::new());
    // Even a single part goes through the overlay once: it removes the clip's zero-width bridges.
    parts.filter(|part| part.unsigned_area() > 0.0).fold(empty(), |all, part| all.union(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_whole_never_read_as_more_than_it_and_a_little_is_not_nothing() {
        let cases = [(0.0, "0%"), (0.000_001, "<1%"), (0.009_9, "<1%"), (0.01, "1%"), (0.29, "29%"), (1.0, "100%")];
        for (share, expected) in cases {
            assert_eq!(percent_text(share), expected, "{share}");
        }
        for parts in [&[0.166_667; 6][..], &[0.496, 0.504], &[0.335, 0.335, 0.33], &[0.995, 0.005]] {
            let said: f64 = parts.iter().map(|share| whole_percent(*share)).sum();
            assert!(said <= 100.0, "{parts:?} read as {said}");
        }
    }
}
