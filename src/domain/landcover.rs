//! Land cover: what grows or stands on the ground, named with a verdict and never a reason to
//! drop anything (a reed fire is a fire, but not straw).

use serde::{Deserialize, Serialize};

use super::ground::whole_percent;
use super::named::named;

named! {
    /// A kind of land cover.
    pub enum CoverClass {
        Cropland = "cropland" ("耕地", "cropland"),
        Grass = "grass" ("草地", "grassland"),
        Forest = "forest" ("林地", "forest"),
        Wetland = "wetland" ("湿地", "wetland"),
        BuiltUp = "built_up" ("建设用地", "built-up land"),
        Water = "water" ("水域", "water"),
        Other = "other" ("其他土地", "other land"),
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

/// The leading kind of land cover, where that is not cropland: a fire there is hardly straw.
///
/// `None` also where more of the footprint is covered by no patch than by the leading kind:
/// what is not mapped may well be cropland. Ties go to the kind named first in
/// [`CoverClass::ALL`], so to cropland.
#[must_use]
pub fn not_straw_ground(shares: &[CoverShare]) -> Option<CoverShare> {
    let mapped: f64 = shares.iter().map(|cover| cover.share).sum();
    let leading =
        shares.iter().min_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.class.cmp(&b.class))).copied()?;
    (leading.class != CoverClass::Cropland && leading.share > 1.0 - mapped).then_some(leading)
}

impl CoverShare {
    /// What is said with a verdict of a leading kind that is not cropland, in Chinese.
    #[must_use]
    pub fn not_straw_zh(&self) -> String {
        format!("像元范围以{}为主（{:.0}%），不是秸秆地块", self.class.label_zh(), whole_percent(self.share))
    }

    /// What is said with a verdict of a leading kind that is not cropland, in English.
    #[must_use]
    pub fn not_straw_en(&self) -> String {
        format!("the pixel is mostly {} ({:.0} %), not straw ground", self.class.label_en(), whole_percent(self.share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_leading_kind_other_than_cropland_is_named() {
        use CoverClass::{Cropland, Grass, Wetland};
        let cases = [
            (vec![], None),
            (vec![(Cropland, 0.7), (Wetland, 0.3)], None),
            (vec![(Cropland, 0.3), (Wetland, 0.7)], Some(Wetland)),
            (vec![(Cropland, 0.5), (Wetland, 0.5)], None),
            (vec![(Grass, 0.5), (Wetland, 0.5)], Some(Grass)),
            (vec![(Wetland, 0.3)], None),
            (vec![(Wetland, 0.6)], Some(Wetland)),
        ];
        for (shares, named) in cases {
            let shares: Vec<_> = shares.into_iter().map(|(class, share)| CoverShare { class, share }).collect();
            assert_eq!(not_straw_ground(&shares).map(|cover| cover.class), named, "{shares:?}");
        }
        let reed = CoverShare { class: Wetland, share: 0.724 };
        assert_eq!(reed.not_straw_zh(), "像元范围以湿地为主（72%），不是秸秆地块");
        assert_eq!(reed.not_straw_en(), "the pixel is mostly wetland (72 %), not straw ground");
    }
}
