//! A `GeoJSON` file as a list of raw features, checked as a document and nothing more.
//!
//! The file is walked as plain JSON (`json.rs`) before the crate `geojson` sees a feature's frame: that stops at
//! the first fault and takes what has no meaning here, such as features without properties (decision 30). The records
//! are read by [`super::units`], [`super::zones`], [`super::heat_sources`] and [`super::landcover`], the geometry by
//! [`super::geometry`].
//!
//! # Source
//! RFC 7946; the `crs` member is of the older `GeoJSON` 2008 and still written by many tools.

use ::geojson::Feature;
use serde_json::{Map, Value};

use super::faults::Faults;
use super::{json, text};

/// Most features of a file. A prefecture-level city has a few thousand grid cells.
pub const MAX_FEATURES: usize = 50_000;

/// The member that names a reference system.
const CRS: &str = "crs";

/// Names a `crs` member may end with: CRS84, and the degrees of WGS-84 and CGCS2000.
const ACCEPTED_CRS: [&str; 3] = ["CRS84", "4326", "4490"];

/// A feature as it stands in the file.
#[derive(Debug)]
pub struct RawFeature {
    /// Its number in the file, from 1.
    pub number: usize,
    /// All of it but the geometry.
    frame: Feature,
    /// Its geometry, as yet unchecked; `Null` where the file says so.
    pub geometry: Value,
}

impl RawFeature {
    /// Its properties, in the order of the file.
    pub fn properties(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.frame.properties.iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// A property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.frame.property(name)
    }

    /// The members that stand beside its properties and mean nothing to anybody.
    pub fn foreign_members(&self) -> impl Iterator<Item = (&str, &Value)> {
        let members = self.frame.foreign_members.iter().flatten().map(|(name, value)| (name.as_str(), value));
        members.filter(|(name, _)| *name != CRS)
    }

    /// Its properties, for another feature.
    #[must_use]
    pub fn into_properties(self) -> Map<String, Value> {
        self.frame.properties.unwrap_or_default()
    }
}

/// Reads the features, those with a broken frame left out; `None` when the file is no feature collection.
pub fn read(file: &str, bytes: &[u8], faults: &mut Faults) -> Option<Vec<RawFeature>> {
    let text = text::decode(file, bytes, faults)?;
    let document = json::parse(file, text, faults)?;
    let Value::Object(mut document) = document else {
        let message = format!("the file holds {}, expected a GeoJSON FeatureCollection", kind(&document));
        faults.add(file, "", "not_feature_collection", message);
        return None;
    };
    check_crs(file, "", &document, faults);
    if document.get("type").and_then(Value::as_str) != Some("FeatureCollection") {
        let found = document.get("type").map_or("no type".to_owned(), |found| format!("type {}", excerpt(found)));
        let message = format!(
            "the file has {found}, expected \"FeatureCollection\"; a bare geometry or feature has to be wrapped in one"
        );
        faults.add(file, "", "not_feature_collection", message);
        return None;
    }
    let Some(Value::Array(features)) = document.get_mut("features").map(Value::take) else {
        faults.add(file, "", "not_feature_collection", "the collection has no list \"features\"");
        return None;
    };
    if features.len() > MAX_FEATURES {
        let message = format!("{} features, at most {MAX_FEATURES} are read", features.len());
        faults.add(file, "", "too_many_features", message);
        return None;
    }
    let framed = features.into_iter().enumerate().filter_map(|(i, feature)| frame(file, i + 1, feature, faults));
    Some(framed.collect())
}

fn frame(file: &str, number: usize, feature: Value, faults: &mut Faults) -> Option<RawFeature> {
    let place = format!("feature {number}");
    let Value::Object(mut feature) = feature else {
        faults.add(file, place, "not_feature", format!("found {}, expected a feature", kind(&feature)));
        return None;
    };
    if feature.get("type").and_then(Value::as_str) != Some("Feature") {
        let found = feature.get("type").map_or("no type".to_owned(), |found| format!("type {}", excerpt(found)));
        faults.add(file, place, "not_feature", format!("has {found}, expected \"Feature\""));
        return None;
    }
    check_crs(file, &place, &feature, faults);
    if !feature.get("properties").is_some_and(Value::is_object) {
        faults.add(file, place, "property_missing", "the feature has no \"properties\"");
        return None;
    }
    let geometry = match feature.get_mut("geometry").map(Value::take) {
        Some(Value::Object(geometry)) => {
            check_crs(file, &place, &geometry, faults);
            Value::Object(geometry)
        }
        Some(other) => other,
        None => {
            let message = "the feature has no \"geometry\"; write null where a unit has no outline";
            faults.add(file, place.as_str(), "geometry_missing", message);
            Value::Null
        }
    };
    match serde_json::from_value(Value::Object(feature)) {
        Ok(frame) => Some(RawFeature { number, frame, geometry }),
        Err(error) => {
            let message = format!("is no feature ({error}); \"id\" is a text or a number, \"bbox\" a list of numbers");
            faults.add(file, place, "not_feature", message);
            None
        }
    }
}

fn check_crs(file: &str, place: &str, object: &Map<String, Value>, faults: &mut Faults) {
    let Some(crs) = object.get(CRS) else { return };
    let name = crs.get("properties").and_then(|properties| properties.get("name")).and_then(Value::as_str);
    let last = name.map(|name| name.rsplit([':', '/', '#']).next().unwrap_or_default());
    if last.is_none_or(|last| !ACCEPTED_CRS.contains(&last)) {
        let message = format!(
            "the crs member is {}, expected none, or CRS84, EPSG:4326 or EPSG:4490; export in degrees of longitude and latitude",
            excerpt(crs)
        );
        faults.add(file, place, "crs_not_accepted", message);
    }
}

/// What a JSON value is, in words.
#[must_use]
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The start of a JSON value as text, short enough for a message.
#[must_use]
pub fn excerpt(value: &Value) -> String {
    const LENGTH: usize = 60;
    let text = match value {
        // Lists and objects can be as large as the file.
        Value::Array(_) | Value::Object(_) if !is_small(value) => return kind(value).to_owned(),
        _ => value.to_string(),
    };
    if text.chars().count() <= LENGTH {
        return text;
    }
    text.chars().take(LENGTH).chain(['…']).collect()
}

fn is_small(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.len() <= 8 && list.iter().all(is_small),
        Value::Object(map) => map.len() <= 4 && map.values().all(is_small),
        _ => true,
    }
}
