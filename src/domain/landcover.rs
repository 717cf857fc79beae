//! Land cover: what grows or stands on the ground, named with a verdict and never a reason to
//! drop anything (a reed fire is a fire, but not straw).

use serde::{Deserialize, Serialize};

/// A kind of land cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverClass {
    /// 耕地
    Cropland,
    /// 草地
    Grass,
    /// 林地
    Forest,
    /// 湿地
    Wetland,
    /// 建设用地
    BuiltUp,
    /// 水域
    Water,
    /// 其他
    Other,
}

impl CoverClass {
    /// All classes, in the order of the file's description.
    pub const ALL: [Self; 7] =
        [Self::Cropland, Self::Grass, Self::Forest, Self::Wetland, Self::BuiltUp, Self::Water, Self::Other];

    /// The word used in files, database and API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cropland => "cropland",
            Self::Grass => "grass",
            Self::Forest => "forest",
            Self::Wetland => "wetland",
            Self::BuiltUp => "built_up",
            Self::Water => "water",
            Self::Other => "other",
        }
    }

    /// The class of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// A patch of one kind of land cover.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverPatch {
    /// The kind.
    pub class: CoverClass,
    /// WGS-84 outline, closed rings, normalised winding.
    pub outline: geo::MultiPolygon<f64>,
}

/// The share of a footprint under one kind of land cover.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CoverShare {
    /// The kind.
    pub class: CoverClass,
    /// Share, 0..1; what no patch covers is in none of the shares.
    pub share: f64,
}
