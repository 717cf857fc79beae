//! The rule that ground itself is under, before closures and plans: a drawn zone in force, or
//! what city ground outside every zone is.
//!
//! Part of [`super::reason`]; stored with judgements, so fields are only added, with a default.

use serde::{Deserialize, Serialize};

use crate::domain::time::Date;
use crate::domain::zone::{Zone, ZoneClass};

/// A drawn zone as a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneRule {
    /// The zone's id.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its rule.
    pub class: ZoneClass,
    /// Its season, as written.
    pub season: Option<String>,
    /// Its first day.
    pub valid_from: Option<Date>,
    /// Its last day.
    pub valid_to: Option<Date>,
    /// Who drew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// The document it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

impl From<&Zone> for ZoneRule {
    fn from(zone: &Zone) -> Self {
        Self {
            id: zone.id.clone(),
            name: zone.name.clone(),
            class: zone.class,
            season: zone.season.as_ref().map(ToString::to_string),
            valid_from: zone.valid_from,
            valid_to: zone.valid_to,
            authority: zone.authority.clone(),
            basis: zone.basis.clone(),
        }
    }
}

/// What city ground outside every zone in force is, as a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutsideRule {
    /// What such ground is.
    pub class: ZoneClass,
    /// When, as written.
    pub season: Option<String>,
}

/// The rule that ground itself is under, before closures and plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum GroundRule {
    /// A drawn zone.
    Zone(ZoneRule),
    /// City ground outside every zone in force.
    OutsideZones(OutsideRule),
}

impl GroundRule {
    /// What such ground is.
    #[must_use]
    pub fn class(&self) -> ZoneClass {
        match self {
            Self::Zone(zone) => zone.class,
            Self::OutsideZones(outside) => outside.class,
        }
    }
}
