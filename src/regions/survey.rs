//! Looks over a region that passed and tells what its owner should know; never refuses.
//!
//! The comparison of sibling units is in [`siblings`]; here stand the counts, the zones beyond the
//! city and what has run out. Called by [`super::parse`] and, with a day, by [`super::Loaded`].

pub mod siblings;

use std::collections::HashSet;

use geo::{BooleanOps, unary_union};

use super::Warning;
use super::area::outline_km2;
use super::faults::fault;
use super::manifest::{MANIFEST, Manifest, Section, wide_extent};
use crate::domain::ground::RegionData;
use crate::domain::time::Date;
use crate::domain::unit::Unit;
use siblings::Tree;

/// A zone that reaches further than this share of its area beyond the city is named. Less is
/// what two drawings of one border differ by.
const OUTSIDE_SHARE: f64 = 0.01;

/// Codes named as examples in a count.
const EXAMPLES: usize = 5;

/// Everything that does not depend on the day.
#[must_use]
pub fn survey(data: &RegionData, manifest: &Manifest) -> Vec<Warning> {
    let units_file = manifest.path_of(Section::Units);
    let mut warnings: Vec<Warning> = Vec::new();
    if let Some(message) = wide_extent(&data.extent) {
        warnings.push(fault(MANIFEST, "extent", "extent_wide", message));
    }
    warnings.extend(missing_outlines(data).map(|(code, message)| fault(units_file, "", code, message)));
    warnings.extend(without_holder(data, manifest));
    warnings.extend(approximate(data).map(|message| fault(units_file, "", "approximate_outlines", message)));
    let tree = Tree::of(&data.units);
    warnings.extend(siblings::warnings(&tree, units_file));
    warnings.extend(zones_outside(data, &tree, manifest.path_of(Section::Zones)));
    warnings
}

/// Heat sources past their expiry and zones past their last day.
#[must_use]
pub fn run_out(data: &RegionData, manifest: &Manifest, day: Date) -> Vec<Warning> {
    let sources = data.heat_sources.iter().filter(|source| source.expires < day).map(|source| {
        let message = format!("the approval expired on {}; it silences no alarm any more", source.expires);
        let place = format!("id {:?}", source.id);
        fault(manifest.path_of(Section::HeatSources), place, "heat_source_expired", message)
    });
    let zones = data.zones.iter().filter_map(|zone| Some((zone, zone.valid_to.filter(|last| *last < day)?)));
    let zones = zones.map(|(zone, last)| {
        let message = format!("was in force until {last} and is not any more");
        fault(manifest.path_of(Section::Zones), format!("id {:?}", zone.id), "zone_ended", message)
    });
    sources.chain(zones).collect()
}

fn missing_outlines(data: &RegionData) -> Option<(&'static str, String)> {
    let without: Vec<&Unit> = data.units.iter().filter(|unit| unit.outline.is_none()).collect();
    if without.len() == data.units.len() {
        return Some(("no_outline", "no unit has an outline, so no point on earth lies in the city".to_owned()));
    }
    let message = count_of("units have no outline; their ground is carried by those above or below", &without, data);
    (!without.is_empty()).then_some(("units_without_outline", message))
}

fn without_holder(data: &RegionData, manifest: &Manifest) -> Option<Warning> {
    let held: HashSet<_> = data.people.iter().map(|holder| &holder.unit_code).collect();
    let without: Vec<&Unit> = data.units.iter().filter(|unit| !held.contains(&unit.code)).collect();
    let message = count_of("units have nobody who answers for them; alerts go to the unit above", &without, data);
    let file = manifest.path_of(Section::People);
    (!without.is_empty()).then(|| fault(file, "", "units_without_holder", message))
}

fn approximate(data: &RegionData) -> Option<String> {
    let units = data.units.iter().filter(|unit| unit.approximate).count();
    let zones = data.zones.iter().filter(|zone| zone.approximate).count();
    (units + zones > 0).then(|| {
        format!(
            "{units} of {} units and {zones} of {} zones are approximate, not official",
            data.units.len(),
            data.zones.len()
        )
    })
}

fn count_of(what: &str, units: &[&Unit], data: &RegionData) -> String {
    let examples: Vec<_> = units.iter().take(EXAMPLES).map(|unit| unit.code.0.as_str()).collect();
    let more = if units.len() > EXAMPLES { ", …" } else { "" };
    format!("{} of {} {what}: {}{more}", units.len(), data.units.len(), examples.join(", "))
}

fn zones_outside(data: &RegionData, tree: &Tree<'_>, file: &str) -> Vec<Warning> {
    let city = unary_union(tree.top().filter_map(|unit| unit.outline.as_ref()));
    if city.0.is_empty() {
        return Vec::new();
    }
    let outside = data.zones.iter().filter_map(|zone| {
        let (whole, beyond) = (outline_km2(&zone.outline), outline_km2(&zone.outline.difference(&city)));
        let message = format!("{beyond:.3} of its {whole:.3} km² lie outside the city, where it has no effect");
        (beyond > OUTSIDE_SHARE * whole).then(|| fault(file, format!("id {:?}", zone.id), "zone_outside_city", message))
    });
    outside.collect()
}
