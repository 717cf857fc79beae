//! How far a plan's ground is from a place, for lists; matching fires has rules of its own.

use geo::Intersects;

use crate::domain::ground::Ground;
use crate::domain::nearest::distance_to_outline_km;
use crate::domain::plan::BurnPlan;
use crate::domain::position::Position;

/// From a place to the plot, km, or to the unit's outline; a unit without one is as far as can be.
#[must_use]
pub fn distance_km(ground: &Ground, plan: &BurnPlan, place: Position) -> f64 {
    let unit = ground.unit(&plan.unit_code);
    match plan.plot.as_ref().or_else(|| unit.and_then(|unit| unit.outline.as_ref())) {
        Some(outline) if outline.intersects(&place.to_point()) => 0.0,
        Some(outline) => distance_to_outline_km(place, outline),
        None => f64::INFINITY,
    }
}
