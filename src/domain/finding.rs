//! What the people on the ground found: the finding of a case, and the review of it.

use serde::{Deserialize, Serialize};

use super::position::Position;
use super::time::Timestamp;

/// What was found on site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// 秸秆
    Straw,
    /// 根茬、残茬
    Stubble,
    /// 杂草、落叶
    Weeds,
    /// 垃圾
    Rubbish,
    /// 祭祀用火
    Ritual,
    /// 计划烧除
    PlannedBurn,
    /// 林草火情
    ForestGrass,
    /// 固定工业热源
    IndustrialSource,
    /// 反光等误报
    Reflection,
    /// 已烧过: only the scar was seen.
    BurntOut,
    /// 未发现火点
    NothingFound,
    /// 未能到达
    CouldNotReach,
}

impl FindingKind {
    /// All kinds, in the order of the form.
    pub const ALL: [Self; 12] = [
        Self::Straw,
        Self::Stubble,
        Self::Weeds,
        Self::Rubbish,
        Self::Ritual,
        Self::PlannedBurn,
        Self::ForestGrass,
        Self::IndustrialSource,
        Self::Reflection,
        Self::BurntOut,
        Self::NothingFound,
        Self::CouldNotReach,
    ];

    /// The word used in database and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Straw => "straw",
            Self::Stubble => "stubble",
            Self::Weeds => "weeds",
            Self::Rubbish => "rubbish",
            Self::Ritual => "ritual",
            Self::PlannedBurn => "planned_burn",
            Self::ForestGrass => "forest_grass",
            Self::IndustrialSource => "industrial_source",
            Self::Reflection => "reflection",
            Self::BurntOut => "burnt_out",
            Self::NothingFound => "nothing_found",
            Self::CouldNotReach => "could_not_reach",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The words people read.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Straw => "秸秆",
            Self::Stubble => "根茬、残茬",
            Self::Weeds => "杂草、落叶",
            Self::Rubbish => "垃圾",
            Self::Ritual => "祭祀用火",
            Self::PlannedBurn => "计划烧除",
            Self::ForestGrass => "林草火情",
            Self::IndustrialSource => "固定工业热源",
            Self::Reflection => "反光等误报",
            Self::BurntOut => "已烧过（有过火痕迹）",
            Self::NothingFound => "未发现火点",
            Self::CouldNotReach => "未能到达",
        }
    }

    /// The words people read, in English.
    #[must_use]
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Straw => "straw",
            Self::Stubble => "stubble or residue",
            Self::Weeds => "weeds or leaves",
            Self::Rubbish => "rubbish",
            Self::Ritual => "ritual fire",
            Self::PlannedBurn => "planned burn",
            Self::ForestGrass => "forest or grass",
            Self::IndustrialSource => "fixed industrial source",
            Self::Reflection => "reflection",
            Self::BurntOut => "burnt out, scar seen",
            Self::NothingFound => "nothing found",
            Self::CouldNotReach => "could not reach",
        }
    }

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

/// The finding of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// What a higher level makes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// 认定
    Confirmed,
    /// 排除: not straw, not a fire; the case closes at once.
    Excluded,
    /// 退回补充
    SentBack,
}

impl Review {
    /// The word used in database and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Excluded => "excluded",
            Self::SentBack => "sent_back",
        }
    }

    /// The review of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Confirmed, Self::Excluded, Self::SentBack].into_iter().find(|review| review.name() == name)
    }

    /// The words people read.
    #[must_use]
    pub fn label_zh(self) -> &'static str {
        match self {
            Self::Confirmed => "认定",
            Self::Excluded => "排除",
            Self::SentBack => "退回补充",
        }
    }
    /// The words people read, in English.
    #[must_use]
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Excluded => "excluded",
            Self::SentBack => "sent back",
        }
    }
}
