//! Reads `landcover.geojson`: patches of cropland, grass, forest and so on.

use super::faults::Faults;
use super::geojson;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::properties::Properties;
use super::unknown_properties::UnknownProperties;
use crate::domain::landcover::{CoverClass, CoverPatch};

/// The properties of a patch.
pub const PROPERTIES: [&str; 1] = ["class"];

/// Reads the patches; those with a fault are left out.
pub fn read(file: &str, bytes: &[u8], geometry: &mut GeometryReader<'_>, faults: &mut Faults) -> Vec<CoverPatch> {
    let features = geojson::read(file, bytes, faults).unwrap_or_default();
    let mut unknown = UnknownProperties::beside(&PROPERTIES);
    let mut patches = Vec::with_capacity(features.len());
    for feature in &features {
        let properties = Properties::of(file, feature, "class");
        unknown.look(&properties);
        let outline = geometry.read(properties.place(), &feature.geometry, Accepts::Outline, faults);
        let word = properties.required_text("class", faults);
        let class = word.as_deref().and_then(CoverClass::from_name);
        if let (Some(word), None) = (&word, class) {
            let known = CoverClass::ALL.map(CoverClass::name).join(", ");
            properties.fault("unknown_cover", format!("the class is {word:?}, expected one of {known}"), faults);
        }
        if let (Some(class), Geometry::Outline(outline)) = (class, outline) {
            patches.push(CoverPatch { class, outline });
        }
    }
    unknown.tell(file, faults);
    geometry.tell_repeats(faults);
    patches
}
