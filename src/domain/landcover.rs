//! Land cover: what grows or stands on the ground, named with a verdict and never a reason to
//! drop anything (a reed fire is a fire, but not straw).

use serde::{Deserialize, Serialize};

use super::named::named;

named! {
    /// A kind of land cover.
    pub enum CoverClass {
        Cropland = "cropland",
        Grass = "grass",
        Forest = "forest",
        Wetland = "wetland",
        BuiltUp = "built_up",
        Water = "water",
        Other = "other",
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
    }
}
