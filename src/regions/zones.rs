//! Reads `zones.geojson`. An empty collection is legal: a city may have drawn no zone yet.

use super::faults::Faults;
use super::geojson;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::properties::{Properties, check_unique};
use super::unknown_properties::UnknownProperties;
use crate::domain::zone::{Zone, ZoneClass};

/// The properties of a zone.
pub const PROPERTIES: [&str; 10] =
    ["id", "name", "class", "name_en", "valid_from", "valid_to", "season", "authority", "basis", "approximate"];

/// Reads the zones; those with a fault are left out.
pub fn read(file: &str, bytes: &[u8], geometry: &mut GeometryReader<'_>, faults: &mut Faults) -> Vec<Zone> {
    let features = geojson::read(file, bytes, faults).unwrap_or_default();
    let mut seen = Vec::with_capacity(features.len());
    let mut zones = Vec::with_capacity(features.len());
    let mut unknown = UnknownProperties::beside(&PROPERTIES);
    for feature in &features {
        let properties = Properties::of(file, feature, "id");
        unknown.look(&properties);
        let outline = geometry.read(properties.place(), &feature.geometry, Accepts::Outline, faults);
        let id = properties.required_text("id", faults);
        seen.extend(id.clone().map(|id| (id, properties.place().to_owned())));
        zones.extend(read_zone(&properties, id, outline, faults));
    }
    unknown.tell(file, faults);
    geometry.tell_repeats(faults);
    check_unique(file, seen.iter().map(|(id, place)| (id.as_str(), place.as_str())), faults);
    zones
}

fn read_zone(properties: &Properties<'_>, id: Option<String>, outline: Geometry, faults: &mut Faults) -> Option<Zone> {
    let name = properties.required_text("name", faults);
    let word = properties.required_text("class", faults);
    let class = word.as_deref().and_then(ZoneClass::from_name);
    if let (Some(word), None) = (&word, class) {
        properties.fault("unknown_class", format!("the class is {word:?}, expected ban or limited"), faults);
    }
    let (valid_from, valid_to) =
        (properties.optional_date("valid_from", faults), properties.optional_date("valid_to", faults));
    properties.check_order(("valid_from", valid_from), ("valid_to", valid_to), faults);
    let season = properties.season("season", faults);
    let name_en = properties.optional_text("name_en", faults);
    let authority = properties.optional_text("authority", faults);
    let basis = properties.optional_text("basis", faults);
    let approximate = properties.flag("approximate", faults);
    let Geometry::Outline(outline) = outline else { return None };
    Some(Zone {
        id: id?,
        name: name?,
        name_en,
        class: class?,
        valid_from,
        valid_to,
        season,
        authority,
        basis,
        approximate,
        outline,
    })
}
