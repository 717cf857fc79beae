//! Gaps and overlaps between sibling units, with their area.
//!
//! Sisters are units with an outline whose nearest ancestor with an outline is the same: grid
//! cells under townships that have none are compared within their county. Gaps are looked for only
//! where all of them have outlines and the ancestor has one to compare with. A point in a gap
//! belongs to the lowest unit that holds it; that rule is the domain's, not this file's.

use std::collections::{BTreeMap, HashMap, HashSet};

use geo::{BooleanOps, BoundingRect, MultiPolygon, unary_union};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::domain::unit::{Unit, UnitCode};
use crate::regions::Warning;
use crate::regions::area::{polygon_km2, width_m};
use crate::regions::faults::fault;

/// Smaller patches are not told, km²: a hectare. Coordinates rounded to five decimals shift an
/// edge of ten kilometres by less than that.
pub const MIN_PATCH_KM2: f64 = 0.01;

/// Patches narrower than this on average are not told, metres: two outlines whose coordinates are
/// rounded to five decimals on their own differ by up to 1.4 m along the whole of a common border.
pub const MIN_WIDTH_M: f64 = 2.0;

/// Overlapping pairs told one by one, largest first; the rest are summed up.
const TOLD_PAIRS: usize = 20;

/// The units with their ancestors at hand.
#[derive(Debug)]
pub struct Tree<'a> {
    units: &'a [Unit],
    by_code: HashMap<&'a UnitCode, &'a Unit>,
}

impl<'a> Tree<'a> {
    /// The tree of checked units.
    #[must_use]
    pub fn of(units: &'a [Unit]) -> Self {
        Self { units, by_code: units.iter().map(|unit| (&unit.code, unit)).collect() }
    }

    /// A unit's parents, nearest first.
    pub fn above(&self, unit: &'a Unit) -> impl Iterator<Item = &'a Unit> + '_ {
        let parent = |unit: &&'a Unit| unit.parent.as_ref().and_then(|code| self.by_code.get(code).copied());
        std::iter::successors(parent(&unit), parent)
    }

    /// Units with an outline none of whose ancestors has one: together they are the city.
    pub fn top(&self) -> impl Iterator<Item = &'a Unit> + '_ {
        let outlined = self.units.iter().filter(|unit| unit.outline.is_some());
        outlined.filter(|unit| self.outlined_above(unit).is_none())
    }

    fn outlined_above(&self, unit: &'a Unit) -> Option<&'a Unit> {
        self.above(unit).find(|above| above.outline.is_some())
    }
}

/// Overlaps, gaps and overhangs, in the order of the codes of the units above.
#[must_use]
pub fn warnings(tree: &Tree<'_>, file: &str) -> Vec<Warning> {
    let mut siblings_of: BTreeMap<Option<&UnitCode>, Vec<&Unit>> = BTreeMap::new();
    for unit in tree.units.iter().filter(|unit| unit.outline.is_some()) {
        siblings_of.entry(tree.outlined_above(unit).map(|above| &above.code)).or_default().push(unit);
    }
    let open = with_undrawn_ground(tree);
    let mut found = Vec::new();
    for (above, siblings) in &siblings_of {
        found.extend(overlaps(siblings, *above, file));
        let Some(above) = above.and_then(|code| tree.by_code.get(code)) else { continue };
        found.extend(compare_with(above, siblings, !open.contains(&above.code), file));
    }
    found
}

/// Units with an outline below which somebody without an outline has ground that nobody draws.
fn with_undrawn_ground<'a>(tree: &Tree<'a>) -> HashSet<&'a UnitCode> {
    let mut carried: HashSet<&UnitCode> = HashSet::new();
    for unit in tree.units.iter().filter(|unit| unit.outline.is_some()) {
        carried.extend(tree.above(unit).map(|above| &above.code));
    }
    let undrawn = tree.units.iter().filter(|unit| unit.outline.is_none() && !carried.contains(&unit.code));
    undrawn.filter_map(|unit| Some(&tree.outlined_above(unit)?.code)).collect()
}

struct Overlap<'a> {
    pair: (&'a Unit, &'a Unit),
    km2: f64,
    at: String,
}

fn overlaps(siblings: &[&Unit], above: Option<&UnitCode>, file: &str) -> Vec<Warning> {
    let mut found: Vec<Overlap<'_>> = neighbours(siblings).into_iter().filter_map(|(a, b)| overlap(a, b)).collect();
    found.sort_by(|a, b| b.km2.total_cmp(&a.km2));
    let rest = found.split_off(found.len().min(TOLD_PAIRS));
    let mut warnings: Vec<_> = found
        .iter()
        .map(|Overlap { pair: (a, b), km2, at }| {
            let place = format!("code {:?} and {:?}", a.code.0, b.code.0);
            fault(file, place, "siblings_overlap", format!("overlap by {km2:.3} km², for example at {at}"))
        })
        .collect();
    if !rest.is_empty() {
        let (pairs, km2) = (rest.len(), rest.iter().map(|overlap| overlap.km2).sum::<f64>());
        let message = format!("and {pairs} more pairs overlap, by {km2:.3} km² together");
        let place = above.map(|code| format!("under code {:?}", code.0)).unwrap_or_default();
        warnings.push(fault(file, place, "siblings_overlap", message));
    }
    warnings
}

/// Pairs whose boxes have an area in common, each once.
fn neighbours<'a>(siblings: &[&'a Unit]) -> Vec<(&'a Unit, &'a Unit)> {
    let boxes = siblings.iter().enumerate().filter_map(|(i, unit)| {
        let rect = unit.outline.as_ref()?.bounding_rect()?;
        Some(GeomWithData::new(Rectangle::from_corners(rect.min().into(), rect.max().into()), i))
    });
    let boxes: Vec<_> = boxes.collect();
    let tree = RTree::bulk_load(boxes.clone());
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for here in &boxes {
        let window: AABB<[f64; 2]> = rstar::RTreeObject::envelope(here.geom());
        let hits = tree.locate_in_envelope_intersecting(window).map(|hit| hit.data);
        pairs.extend(hits.filter(|&j| j > here.data).map(|j| (here.data, j)));
    }
    pairs.sort_unstable();
    pairs.into_iter().filter_map(|(i, j)| Some((*siblings.get(i)?, *siblings.get(j)?))).collect()
}

fn overlap<'a>(a: &'a Unit, b: &'a Unit) -> Option<Overlap<'a>> {
    let common = a.outline.as_ref()?.intersection(b.outline.as_ref()?);
    let (km2, at) = patches(common)?;
    Some(Overlap { pair: (a, b), km2, at })
}

fn compare_with(above: &Unit, siblings: &[&Unit], is_fully_drawn: bool, file: &str) -> Vec<Warning> {
    let Some(outline) = &above.outline else { return Vec::new() };
    let together = unary_union(siblings.iter().filter_map(|unit| unit.outline.as_ref()));
    let place = format!("code {:?}", above.code.0);
    let mut warnings = Vec::new();
    if is_fully_drawn && let Some((km2, at)) = patches(outline.difference(&together)) {
        let message =
            format!("{km2:.3} km² of it lie in none of the {} units below, for example at {at}", siblings.len());
        warnings.push(fault(file, place.as_str(), "siblings_gap", message));
    }
    if let Some((km2, at)) = patches(together.difference(outline)) {
        let message = format!("the units below reach {km2:.3} km² beyond its outline, for example at {at}");
        warnings.push(fault(file, place.as_str(), "siblings_overhang", message));
    }
    warnings
}

/// Area of the patches worth telling, and a corner of the largest.
fn patches(ground: MultiPolygon<f64>) -> Option<(f64, String)> {
    let patches = ground.into_iter().map(|patch| (polygon_km2(&patch), patch));
    let patches: Vec<_> =
        patches.filter(|(km2, patch)| *km2 >= MIN_PATCH_KM2 && width_m(patch) >= MIN_WIDTH_M).collect();
    let (_, largest) = patches.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let corner = largest.exterior().0.first()?;
    Some((patches.iter().map(|(km2, _)| km2).sum(), format!("({:.5}, {:.5})", corner.x, corner.y)))
}
