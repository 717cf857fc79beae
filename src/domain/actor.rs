//! Who does something: a person acting for a unit, or firegrid itself.

use serde::{Deserialize, Serialize};

use super::ground::Ground;
use super::plain_text;
use super::time::Date;
use super::unit::UnitCode;

/// The name under which firegrid's own acts stand in the record.
pub const SYSTEM: &str = "firegrid";

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The person's name; [`SYSTEM`] for firegrid itself.
    pub name: String,
    /// The unit the person acts for; `None` only for firegrid itself.
    pub unit: Option<UnitCode>,
}

impl Actor {
    /// A person acting for a unit.
    #[must_use]
    pub fn person(name: impl Into<String>, unit: UnitCode) -> Self {
        Self { name: name.into(), unit: Some(unit) }
    }

    /// firegrid itself.
    #[must_use]
    pub fn system() -> Self {
        Self { name: SYSTEM.to_owned(), unit: None }
    }
}

/// Why a text does not say who acts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActorError {
    /// Nobody of that name holds a unit that day.
    #[error(
        "今日没有名为“{0}”的责任人，请写作“姓名@单位代码” · nobody called {0:?} holds a unit today: write NAME@UNIT, with the code of the \
         unit acted for"
    )]
    Unknown(String),
    /// The name stands for several units.
    #[error(
        "“{name}”今日负责多个单位（{units}），请写作“姓名@单位代码” · {name:?} holds several units today ({units}): write NAME@UNIT"
    )]
    Ambiguous {
        /// The name.
        name: String,
        /// The codes of the units.
        units: String,
    },
    /// The unit does not exist.
    #[error("本区域没有单位{0} · there is no unit {0:?} in this region")]
    NoUnit(String),
    /// No name, or firegrid's own.
    #[error("“{0}”不是人员姓名 · {0:?} names no person")]
    NoName(String),
}

impl Actor {
    /// As [`Actor::resolve`]; a bare name that is no holder's acts for `unit`, the one that has the case at hand.
    ///
    /// Lists of people are never complete: whoever works a case is somebody of its unit until he says
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
