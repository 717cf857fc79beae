//! What the people on the ground found: the finding of an alert, and the review of it.

use serde::{Deserialize, Serialize};

use super::named::named;
use super::position::Position;
use super::time::Timestamp;

named! {
    /// What was found on site.
    pub enum FindingKind {
        Straw = "straw",
        Stubble = "stubble",
        Weeds = "weeds",
        Rubbish = "rubbish",
        Ritual = "ritual",
        PlannedBurn = "planned_burn",
        ForestGrass = "forest_grass",
        IndustrialSource = "industrial_source",
        Reflection = "reflection",
        /// Only the scar was seen.
        BurntOut = "burnt_out",
        NothingFound = "nothing_found",
        CouldNotReach = "could_not_reach",
    }
}

impl FindingKind {
    /// Whether something burnt or burns there.
    #[must_use]
    pub fn is_fire(self) -> bool {
        !matches!(
            self,
            Self::IndustrialSource | Self::Reflection | Self::BurntOut | Self::NothingFound | Self::CouldNotReach
        )
    }

    /// Whether a photo has to show it: a fire, a scar, or that there is nothing.
    #[must_use]
    pub fn needs_photo(self) -> bool {
        self.is_fire() || matches!(self, Self::BurntOut | Self::NothingFound)
    }
}

/// The finding of an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// Burnt area, mu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burnt_mu: Option<f64>,
    /// What burnt, in words (maize straw, rice stubble).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// When it was put out, as the person says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put_out_at: Option<Timestamp>,
    /// Where the phone was, WGS-84; a claim, not a proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// SHA-256 of the originals of its photos.
    #[serde(default)]
    pub photos: Vec<String>,
}

named! {
    /// What a higher level makes of a finding.
    pub enum Review {
        Confirmed = "confirmed",
        /// Not straw, not a fire; the alert closes at once.
        Excluded = "excluded",
        SentBack = "sent_back",
    }
}
