//! Reads FIRMS points in JSON into the same rows as a table: GeoJSON as map programs export it, and the plain list of objects
//! that FIRMS itself delivers.
//!
//! Called by [`super::body`] for files that people bring, never for a feed. The properties of a feature are its fields,
//! found by name as in a table's header; where they hold no place, the point is it, and where both do they must agree. One
//! feature at a time is held, so a large file costs no more than its rows. Without any feature nothing shows that the file
//! is about fires, so an empty one is no table.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::source::safe_text::shown_bytes;

use super::header::{self, Header, dialect_name};
use super::row;
use crate::source::dialect::row_error::whole;
use crate::source::dialect::{BodyError, Foreign, Provenance, ReadOptions, Row, RowError, Table};

/// How far a feature's point and its properties may lie apart, degrees: a hundred metres. Farther, one of them is of another
/// datum, or longitude and latitude are exchanged.
const AGREES_DEG: f64 = 0.001;

/// Reads a body that begins like a JSON object.
pub(super) fn read(body: &[u8], options: &ReadOptions) -> Result<Table, BodyError> {
    if let Err(error) = std::str::from_utf8(body)
        && error.error_len().is_some()
    {
        let before = body.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|&b| b == b'\n').count() as u64;
        return Err(BodyError::NotUtf8 { line });
    }
    let form = if body.trim_ascii_start().starts_with(b"[") { Form::Objects } else { Form::GeoJson };
    let mut features = Features { options, form, rows: Vec::new(), too_many: false, header: None };
    let mut json = serde_json::Deserializer::from_slice(body);
    let collection = match form {
        Form::GeoJson => (Collection { features: &mut features }).deserialize(&mut json),
        Form::Objects => {
            let list = (&mut features).deserialize(&mut json);
            list.map(|()| Found { is_one: true, is_of_other_datum: false })
        }
    };
    let collection = collection.and_then(|found| json.end().map(|()| found)).map_err(|error| {
        let line = u64::try_from(error.line()).unwrap_or_default();
        if error.is_eof() { BodyError::Truncated { line, why: "the JSON text has no end" } } else { not_geojson(body) }
    })?;
    if features.too_many {
        return Err(BodyError::TooManyRows { limit: options.max_rows });
    }
    if !collection.is_one || features.rows.is_empty() {
        return Err(not_geojson(body));
    }
    if collection.is_of_other_datum {
        return Err(BodyError::Unsupported { what: Foreign::OtherDatum });
    }
    let Features { rows, header, .. } = features;
    let (names, unknown, missing, dialect) = header.map_or_else(Default::default, |header| {
        let dialect = format!("{} JSON", dialect_name(&header, &rows));
        (header.names, header.unknown, header.missing, dialect)
    });
    let dialect = if dialect.is_empty() { "JSON".to_owned() } else { dialect };
    Ok(Table { dialect, header: names, unknown_columns: unknown, missing_columns: missing, rows })
}

fn not_geojson(body: &[u8]) -> BodyError {
    BodyError::NotCsv { head: shown_bytes(body, 120) }
}

/// What stands beside the features.
struct Found {
    is_one: bool,
    is_of_other_datum: bool,
}

struct Collection<'a, 'o> {
    features: &'a mut Features<'o>,
}

impl<'de> DeserializeSeed<'de> for Collection<'_, '_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Collection<'_, '_> {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let (mut kind, mut has_features, mut is_of_other_datum) = (String::new(), false, false);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => kind = map.next_value()?,
                // A second list would make it unsure which one is meant.
                "features" if has_features => return Err(A::Error::custom("features stands twice")),
                "features" => {
                    has_features = true;
                    map.next_value_seed(&mut *self.features)?;
                }
                "crs" => is_of_other_datum = is_other_datum(&map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Found { is_one: kind == "FeatureCollection" && has_features, is_of_other_datum })
    }
}

/// Whether a `crs` member names anything but WGS-84 (or China's 2000 system, centimetres from it).
fn is_other_datum(crs: &Value) -> bool {
    let text = crs.to_string().to_ascii_uppercase();
    !crs.is_null() && !["CRS84", "4326", "4490"].iter().any(|known| text.contains(known))
}

/// What the elements of the list are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Features of GeoJSON.
    GeoJson,
    /// Objects that are their own properties.
    Objects,
}

/// Turns features into rows while they are read.
struct Features<'o> {
    options: &'o ReadOptions,
    form: Form,
    rows: Vec<Row>,
    too_many: bool,
    /// The header of the last feature whose names were all there; most files need one.
    header: Option<Header>,
}

impl<'de> DeserializeSeed<'de> for &mut Features<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Features<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut features: A) -> Result<(), A::Error> {
        while let Some(feature) = self.next(&mut features)? {
            self.too_many |= self.rows.len() >= self.options.max_rows;
            if !self.too_many {
                let number = self.rows.len() as u64 + 1;
                let read = self.read(feature);
                self.rows.push(Row::of(number, read));
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    geometry: Option<Geometry>,
    #[serde(default)]
    properties: Option<Properties>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Value,
}

/// The properties in their order; a name that stands twice stays twice, so that it is seen.
struct Properties(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the properties of a feature")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Properties(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl Features<'_> {
    fn next<'de, A: SeqAccess<'de>>(&self, list: &mut A) -> Result<Option<Feature>, A::Error> {
        match self.form {
            Form::GeoJson => list.next_element(),
            Form::Objects => {
                let object: Option<Properties> = list.next_element()?;
                Ok(object.map(|object| Feature { geometry: None, properties: Some(object) }))
            }
        }
    }

    fn read(&mut self, feature: Feature) -> Result<row::Read, RowError> {
        let pairs = feature.properties.map_or_else(Vec::new, |properties| properties.0);
        let raw = raw_text(&pairs, feature.geometry.as_ref());
        let point = point_of(feature.geometry, &raw)?;
        let (mut names, mut fields): (Vec<String>, Vec<String>) =
            pairs.into_iter().map(|(name, value)| (name, text_of(&value))).unzip();
        if let (Some([lon, lat]), false) = (&point, header::name_a_latitude(&names)) {
            names.extend(["longitude".to_owned(), "latitude".to_owned()]);
            fields.extend([lon.clone(), lat.clone()]);
        }
        let header = match self.header.take() {
            Some(header) if header.names == names => header,
            _ => Header::of_names(names, Provenance::Person)
                .map_err(|error| whole(&raw, &error.to_string(), "the properties of a FIRMS point"))?,
        };
        let fields: Vec<_> = fields.into_iter().map(std::borrow::Cow::Owned).collect();
        let read = row::read(&fields, &header.columns, &raw);
        self.header = Some(header);
        let (observation, unknown) = read?;
        if let Some([lon, lat]) = point {
            let parts = [(lon, observation.position.lon()), (lat, observation.position.lat())];
            let agrees = |(text, degrees): &(String, f64)| {
                text.parse::<f64>().is_ok_and(|point| (point - degrees).abs() <= AGREES_DEG)
            };
            if !parts.iter().all(agrees) {
                let [(lon, _), (lat, _)] = parts;
                let expected = "the place of the properties latitude and longitude";
                return Err(RowError {
                    column: "geometry".into(),
                    value: format!("{lon}, {lat}"),
                    expected: expected.to_owned(),
                    raw,
                });
            }
        }
        Ok((observation, unknown))
    }
}

/// The point of a geometry as texts, longitude first; nothing where there is none.
fn point_of(geometry: Option<Geometry>, raw: &str) -> Result<Option<[String; 2]>, RowError> {
    let Some(Geometry { kind, coordinates }) = geometry else { return Ok(None) };
    let numbers = coordinates.as_array().map(Vec::as_slice).unwrap_or_default();
    match numbers {
        [lon @ Value::Number(_), lat @ Value::Number(_), ..] if kind == "Point" => {
            Ok(Some([text_of(lon), text_of(lat)]))
        }
        _ => Err(whole(raw, &format!("a geometry of type {kind}"), "a Point with longitude and latitude")),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The feature in one line: its properties and its coordinates, as JSON.
fn raw_text(pairs: &[(String, Value)], geometry: Option<&Geometry>) -> String {
    let mut parts: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
    if let Some(geometry) = geometry {
        parts.push(format!("\"geometry\":{}", geometry.coordinates));
    }
    format!("{{{}}}", parts.join(","))
}
