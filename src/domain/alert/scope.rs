//! Which units an alert concerns: it stands on their lists, and its changes are theirs to see.

use std::collections::BTreeMap;

use super::AlertView;
use crate::domain::ground::Ground;
use crate::domain::named::named;
use crate::domain::unit::UnitCode;

named! {
    /// Why an alert is on a unit's list; where it is there for several reasons, the first counts.
    pub enum Concern {
        /// It is worked here or below, or lies here.
        Own = "own",
        /// The fire may be here, or reaches here.
        Candidate = "candidate",
        /// Somebody says that the ground is ours.
        Proposed = "proposed",
    }
}

/// The units an alert concerns, each with its strongest reason; none where it lives on in another.
///
/// # Shape
/// By code: the responsible unit, the owner, the place, candidates and a proposed unit, each with those above it.
#[must_use]
pub fn units_of(ground: &Ground, alert: &AlertView) -> BTreeMap<UnitCode, Concern> {
    let mut units = BTreeMap::new();
    if alert.record.merged_into.is_some() {
        return units;
    }
    let mut add = |from: &UnitCode, concern: Concern| {
        // A unit that a later region version no longer has still has its alert.
        units.entry(from.clone()).or_insert(concern);
        for unit in ground.line_of(from) {
            units.entry(unit.code.clone()).or_insert(concern);
        }
    };
    for own in [&alert.responsible, &alert.owner] {
        add(own, Concern::Own);
    }
    // Its place is its own too while it answers for it; after a reassignment it is a neighbour's.
    let is_here = ground.line_of(&alert.unit).iter().any(|unit| unit.code == alert.responsible);
    add(&alert.unit, if is_here { Concern::Own } else { Concern::Candidate });
    for other in &alert.others {
        add(other, Concern::Candidate);
    }
    if let Some(proposed) = &alert.proposed {
        add(proposed, Concern::Proposed);
    }
    units
}
