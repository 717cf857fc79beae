//! Zones: polygons with a burning rule, and when the rule is in force.

use serde::{Deserialize, Serialize};

use super::named::named;
use super::time::{Date, Season};
use super::unit::within;

named! {
    /// The rule of a zone. Ban wins: it is the smaller of the two.
    pub enum ZoneClass {
        /// 禁烧区: no fire at any time.
        Ban = "ban",
        /// 限烧区: only under a burn plan.
        Limited = "limited",
    }
}

/// A polygon with a burning rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Unique id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name where the file gives one.
    pub name_en: Option<String>,
    /// The rule.
    pub class: ZoneClass,
    /// First day in force, inclusive, local.
    pub valid_from: Option<Date>,
    /// Last day in force, inclusive, local.
    pub valid_to: Option<Date>,
    /// Yearly season; without one the rule holds all year.
    pub season: Option<Season>,
    /// Who drew it.
    pub authority: Option<String>,
    /// The document it rests on.
    pub basis: Option<String>,
    /// The outline is not the official one.
    pub approximate: bool,
    /// WGS-84 outline, closed rings, normalised winding.
    pub outline: geo::MultiPolygon<f64>,
}

impl Zone {
    /// Whether the rule is in force on a local day: inside its dates and its season.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        within(day, self.valid_from, self.valid_to) && self.season.as_ref().is_none_or(|season| season.contains(day))
    }
}

/// What city ground outside every zone in force is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutsideZones {
    /// It counts as limited ground.
    Limited,
    /// It counts as banned ground.
    Ban,
    /// No rule holds there.
    None,
}

impl OutsideZones {
    /// The zone class such ground gets, if any.
    #[must_use]
    pub fn class(self) -> Option<ZoneClass> {
        match self {
            Self::Limited => Some(ZoneClass::Limited),
            Self::Ban => Some(ZoneClass::Ban),
            Self::None => None,
        }
    }
}
