//! What is missing in a responsibility chain.

use serde::{Deserialize, Serialize};

use crate::domain::ground::Ground;
use crate::domain::unit::{Unit, UnitCode};

/// Something missing that moves a question one level up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "gap", rename_all = "snake_case")]
pub enum Gap {
    /// The place lies in this unit, but between the outlines of those below it.
    BetweenUnits {
        /// The lowest unit that holds the place.
        code: UnitCode,
        /// Its Chinese name.
        name: String,
    },
    /// The place lies in this unit, and some of those below it have no outline: which of them it is cannot be said.
    NoOutline {
        /// The lowest unit that holds the place.
        code: UnitCode,
        /// Its Chinese name.
        name: String,
        /// How many of the units directly below have none.
        undrawn: usize,
    },
    /// Nobody holds this unit that day.
    NoHolder {
        /// The unit.
        code: UnitCode,
        /// Its Chinese name.
        name: String,
    },
    /// No shift is on duty at this unit's desk at that moment.
    NoShift {
        /// The unit.
        code: UnitCode,
        /// Its Chinese name.
        name: String,
    },
}

/// The gap that a place lies in whose lowest unit is this one; `None` when there is nothing below,
/// as under any grid, whatever its level.
#[must_use]
pub fn gap_at(ground: &Ground, unit: &Unit) -> Option<Gap> {
    let below: Vec<&Unit> = ground.children(&unit.code).collect();
    if below.is_empty() {
        return None;
    }
    let undrawn = below.iter().filter(|unit| !is_drawn(ground, unit)).count();
    let (code, name) = (unit.code.clone(), unit.name.clone());
    Some(if undrawn > 0 { Gap::NoOutline { code, name, undrawn } } else { Gap::BetweenUnits { code, name } })
}

/// Whether a unit has an outline, or units below it carry its ground.
fn is_drawn(ground: &Ground, unit: &Unit) -> bool {
    // The reader has made sure that levels fall; asked again, it bounds the depth here.
    let mut below = ground.children(&unit.code).filter(|below| below.level > unit.level);
    unit.outline.is_some() || below.any(|below| is_drawn(ground, below))
}
