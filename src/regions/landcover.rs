//! Reads `landcover.geojson`: patches of cropland, grass, forest and so on.

use super::faults::Faults;
use super::geojson;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::properties::Properties;
use crate::domain::landcover::{CoverClass, CoverPatch};

/// Reads the patches; those with a fault are left out.
pub fn read(file: &str, bytes: &[u8], geometry: &mut GeometryReader<'_>, faults: &mut Faults) -> Vec<CoverPatch> {
    let features = geojson::read(file, bytes, faults).unwrap_or_default();
    let patches = features.iter().filter_map(|feature| {
        let properties = Properties::of(file, feature, "class");
        let outline = geometry.read(properties.place(), &feature.geometry, Accepts::Outline, faults);
        let word = properties.required_text("class", faults);
        let class = word.as_deref().and_then(CoverClass::from_name);
        if let (Some(word), None) = (&word, class) {
            let known = CoverClass::ALL.map(CoverClass::name).join(", ");
            properties.fault("unknown_cover", format!("the class is {word:?}, expected one of {known}"), faults);
        }
        let Geometry::Outline(outline) = outline else { return None };
        Some(CoverPatch { class: class?, outline })
    });
    patches.collect()
}
