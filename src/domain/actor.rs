//! Who does something: a person acting for a unit, or firegrid itself.

mod through;

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

pub use through::{Access, AddressClass, Through};

use super::ground::Ground;
use super::plain_text;
use super::time::Date;
use super::unit::{DutyShift, UnitCode};

/// The name under which firegrid's own acts stand in the record.
pub const SYSTEM: &str = "firegrid";

/// Who acts. Two are the same who have one name and act for one unit, through whatever they do it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Actor {
    /// The person's name; [`SYSTEM`] for firegrid itself.
    pub name: String,
    /// The unit the person acts for; `None` only for firegrid itself.
    pub unit: Option<UnitCode>,
    /// Through what.
    #[serde(skip)]
    pub through: Through,
}

impl PartialEq for Actor {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.unit) == (&other.name, &other.unit)
    }
}

impl Eq for Actor {}

impl Hash for Actor {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.unit).hash(state);
    }
}

impl Actor {
    /// A person acting for a unit.
    #[must_use]
    pub fn person(name: impl Into<String>, unit: UnitCode) -> Self {
        Self::named(name, Some(unit))
    }

    /// Whoever a row of the log names.
    #[must_use]
    pub fn named(name: impl Into<String>, unit: Option<UnitCode>) -> Self {
        Self { name: name.into(), unit, through: Through::default() }
    }

    /// The same, acting through something.
    #[must_use]
    pub fn through(self, through: Through) -> Self {
        Self { through, ..self }
    }

    /// firegrid itself.
    #[must_use]
    pub fn system() -> Self {
        Self::named(SYSTEM, None)
    }
}

/// Why a text does not say who acts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// Nobody of that name holds a unit that day.
    #[error("nobody called {0:?} holds a unit today: write NAME@UNIT, with the code of the unit acted for")]
    Unknown(String),
    /// The name stands for several units.
    #[error("{name:?} holds several units today ({units}): write NAME@UNIT")]
    Ambiguous {
        /// The name.
        name: String,
        /// The codes of the units.
        units: String,
    },
    /// The unit does not exist.
    #[error("there is no unit {0:?} in this region")]
    NoUnit(String),
    /// No name, or firegrid's own.
    #[error("{0:?} names no person")]
    NoName(String),
}

impl Actor {
    /// Whether somebody of this name holds the unit on the day, or sits at its desk then.
    #[must_use]
    pub fn is_listed(&self, ground: &Ground, day: Date) -> bool {
        let Some(unit) = &self.unit else { return false };
        let holds = ground.people_of(unit).any(|holder| holder.name == self.name && holder.holds_on(day));
        // A shift goes into the next day.
        let is_near = |shift: &DutyShift| shift.date == day || day.yesterday().is_ok_and(|before| shift.date == before);
        let sits = |shift: &&DutyShift| [&shift.leader, &shift.officer].contains(&&self.name) && is_near(shift);
        holds || ground.data().duty.iter().filter(|shift| shift.unit_code == *unit).any(|shift| sits(&shift))
    }

    /// As [`Actor::resolve`]; a bare name that is no holder's acts for `unit`, the one that has the alert at hand.
    ///
    /// Lists of people are never complete: whoever works an alert is somebody of its unit until he says
    /// otherwise, and has no more rights than it.
    ///
    /// # Errors
    /// [`ActorError`] when the name is none, or that of several holders.
    pub fn resolve_for(ground: &Ground, text: &str, day: Date, unit: &UnitCode) -> Result<Self, ActorError> {
        match Self::resolve(ground, text, day) {
            Err(ActorError::Unknown(name)) => Ok(Self::person(name, unit.clone())),
            resolved => resolved,
        }
    }

    /// Reads `NAME` or `NAME@UNIT`; a bare name must be that of one holder on the day.
    ///
    /// # Errors
    /// [`ActorError`] when it does not say who acts for which unit.
    pub fn resolve(ground: &Ground, text: &str, day: Date) -> Result<Self, ActorError> {
        let (name, unit) = text.rsplit_once('@').map_or((text, None), |(name, unit)| (name, Some(unit.trim())));
        let name = plain_text::person_name(name);
        let name = name.as_str();
        if name.is_empty() || name == SYSTEM {
            return Err(ActorError::NoName(text.to_owned()));
        }
        if let Some(unit) = unit {
            let code = UnitCode(unit.to_owned());
            return match ground.unit(&code) {
                Some(_) => Ok(Self::person(name, code)),
                None => Err(ActorError::NoUnit(unit.to_owned())),
            };
        }
        let mut units: Vec<_> = ground
            .data()
            .people
            .iter()
            .filter(|holder| holder.name == name && holder.holds_on(day))
            .map(|holder| holder.unit_code.clone())
            .collect();
        units.sort();
        units.dedup();
        match units.as_slice() {
            [] => Err(ActorError::Unknown(name.to_owned())),
            [unit] => Ok(Self::person(name, unit.clone())),
            _ => Err(ActorError::Ambiguous {
                name: name.to_owned(),
                units: units.iter().map(|unit| unit.0.as_str()).collect::<Vec<_>>().join(", "),
            }),
        }
    }
}
