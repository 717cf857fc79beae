//! The rule that ground itself is under, before closures and plans: a drawn zone in force, or
//! what city ground outside every zone is.
//!
//! Part of [`super::reason`]; stored with judgements, so fields are only added, with a default.

use serde::{Deserialize, Serialize};

use super::words::{dates_en, dates_zh};
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

    pub(super) fn text_zh(&self) -> String {
        match self {
            Self::Zone(zone) => format!("{}；{}", zone.place_zh(), zone.dates_zh()),
            Self::OutsideZones(outside) => format!("{}；{}", outside.place_zh(), outside.dates_zh()),
        }
    }

    pub(super) fn text_en(&self) -> String {
        match self {
            Self::Zone(zone) => format!("{}; {}", zone.place_en(), zone.dates_en()),
            Self::OutsideZones(outside) => format!("{}; {}", outside.place_en(), outside.dates_en()),
        }
    }
}

impl ZoneRule {
    pub(super) fn place_zh(&self) -> String {
        let class = if self.class == ZoneClass::Ban { "禁烧区" } else { "限烧区" };
        format!("位于{class}“{}”内", self.name)
    }

    pub(super) fn place_en(&self) -> String {
        let class = if self.class == ZoneClass::Ban { "burn-ban zone" } else { "burn-limited zone" };
        format!("inside {} ({}), {class}", self.name, self.id)
    }

    pub(super) fn dates_zh(&self) -> String {
        let dates = dates_zh(self.season.as_deref(), self.valid_from, self.valid_to);
        match (&self.basis, &self.authority) {
            (None, None) => dates,
            (Some(basis), None) => format!("{dates}；依据：{basis}"),
            (None, Some(authority)) => format!("{dates}；划定单位：{authority}"),
            (Some(basis), Some(authority)) => format!("{dates}；依据：{basis}；划定单位：{authority}"),
        }
    }

    pub(super) fn dates_en(&self) -> String {
        let dates = dates_en(self.season.as_deref(), self.valid_from, self.valid_to);
        match (&self.basis, &self.authority) {
            (None, None) => dates,
            (Some(basis), None) => format!("{dates}; basis: {basis}"),
            (None, Some(authority)) => format!("{dates}; drawn by {authority}"),
            (Some(basis), Some(authority)) => format!("{dates}; basis: {basis}; drawn by {authority}"),
        }
    }
}

impl OutsideRule {
    pub(super) fn place_zh(&self) -> &'static str {
        match self.class {
            ZoneClass::Ban => "位于已划区域之外，全市此类地面按禁烧区管理",
            ZoneClass::Limited => "位于已划区域之外，按限烧区管理",
        }
    }

    pub(super) fn place_en(&self) -> &'static str {
        match self.class {
            ZoneClass::Ban => "outside every drawn zone, which counts as banned ground",
            ZoneClass::Limited => "outside every drawn zone, which counts as limited ground",
        }
    }

    pub(super) fn dates_zh(&self) -> String {
        dates_zh(self.season.as_deref(), None, None)
    }

    pub(super) fn dates_en(&self) -> String {
        dates_en(self.season.as_deref(), None, None)
    }
}
