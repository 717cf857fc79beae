//! Reads `heat_sources.geojson`: approved fixed sources, as a point with a radius or an outline.
//!
//! Approver, day of approval and expiry are required, because a heat source silences alarms.

use super::faults::Faults;
use super::geojson;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::properties::{Properties, check_unique};
use super::unknown_properties::UnknownProperties;
use crate::domain::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape, MAX_RADIUS_M};
use crate::domain::position::Position;

/// The properties of a heat source.
pub const PROPERTIES: [&str; 7] = ["id", "name", "kind", "radius_m", "approved_by", "approved_on", "expires"];

/// Reads the heat sources; those with a fault are left out.
pub fn read(file: &str, bytes: &[u8], geometry: &mut GeometryReader<'_>, faults: &mut Faults) -> Vec<HeatSource> {
    let features = geojson::read(file, bytes, faults).unwrap_or_default();
    let mut seen = Vec::with_capacity(features.len());
    let mut sources = Vec::with_capacity(features.len());
    let mut unknown = UnknownProperties::beside(&PROPERTIES);
    for feature in &features {
        let properties = Properties::of(file, feature, "id");
        unknown.look(&properties);
        let read = geometry.read(properties.place(), &feature.geometry, Accepts::PointOrOutline, faults);
        let id = properties.required_text("id", faults);
        seen.extend(id.clone().map(|id| (id, properties.place().to_owned())));
        sources.extend(read_source(&properties, id, read, faults));
    }
    unknown.tell(file, faults);
    geometry.tell_repeats(faults);
    check_unique(file, seen.iter().map(|(id, place)| (id.as_str(), place.as_str())), faults);
    sources
}

fn read_source(
    properties: &Properties<'_>,
    id: Option<String>,
    geometry: Geometry,
    faults: &mut Faults,
) -> Option<HeatSource> {
    let shape = shape(properties, geometry, faults);
    let name = properties.required_text("name", faults);
    let word = properties.required_text("kind", faults);
    let kind = word.as_deref().and_then(HeatSourceKind::from_name);
    if let (Some(word), None) = (&word, kind) {
        let message = format!("the kind is {word:?}, expected flare, kiln, plant, solar, landfill or other");
        properties.fault("unknown_kind", message, faults);
    }
    let approved_by = properties.required_text("approved_by", faults);
    let approved_on = properties.required_date("approved_on", faults);
    let expires = properties.required_date("expires", faults);
    properties.check_order(("approved_on", approved_on), ("expires", expires), faults);
    Some(HeatSource {
        id: id?,
        name: name?,
        kind: kind?,
        shape: shape?,
        approved_by: approved_by?,
        approved_on: approved_on?,
        expires: expires?,
    })
}

fn shape(properties: &Properties<'_>, geometry: Geometry, faults: &mut Faults) -> Option<HeatSourceShape> {
    match geometry {
        Geometry::Point(point) => {
            if !properties.has("radius_m") {
                let message = "a point needs \"radius_m\", the radius in metres within which fires are its own";
                properties.fault("radius_missing", message, faults);
                return None;
            }
            let radius_m = properties.amount("radius_m", faults)?;
            if radius_m == 0.0 || radius_m > MAX_RADIUS_M {
                let message = format!("\"radius_m\" is {radius_m}, expected more than 0 and at most {MAX_RADIUS_M} m");
                properties.fault("bad_radius", message, faults);
                return None;
            }
            // The reader has checked that it lies in the extent, so on the globe.
            let centre = Position::from_lon_lat(point.x, point.y).ok()?;
            Some(HeatSourceShape::Circle { centre, radius_m })
        }
        Geometry::Outline(outline) => {
            if properties.has("radius_m") {
                let message = "an outline has no \"radius_m\"; delete it, or draw a point";
                properties.fault("radius_not_allowed", message, faults);
                return None;
            }
            Some(HeatSourceShape::Outline(outline))
        }
        Geometry::Absent | Geometry::Faulty => None,
    }
}
