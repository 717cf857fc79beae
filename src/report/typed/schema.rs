//! The schemas that answers are described with, and the named ones among them.

use std::fmt::Display;

use serde_json::{Map, Value, json};

/// The named schemas that a document refers to, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Schemas(Map<String, Value>);

impl Schemas {
    /// A reference to a schema, which is made when it is first met.
    pub(crate) fn named(&mut self, name: &'static str, schema: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // What refers to itself finds its name.
            self.0.insert(name.to_owned(), Value::Null);
            let schema = schema(self);
            self.0.insert(name.to_owned(), schema);
        }
        named(name)
    }

    /// All of them, by name.
    pub(crate) fn into_components(self) -> Map<String, Value> {
        self.0
    }
}

/// A reference to a schema of the components.
pub(crate) fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A text.
pub(crate) fn text() -> Value {
    json!({"type": "string"})
}

/// A number.
pub(crate) fn number() -> Value {
    json!({"type": "number"})
}

/// Degrees on both sides of 0.
pub(crate) fn degrees(most: i32) -> Value {
    json!({"type": "number", "minimum": -most, "maximum": most})
}

/// A whole number, 0 or more.
pub(crate) fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

/// True or false.
pub(crate) fn flag() -> Value {
    json!({"type": "boolean"})
}

/// An instant.
pub(crate) fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// A local day.
pub(crate) fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

/// One of some words.
pub(crate) fn one_of(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// The value, or null.
pub(crate) fn maybe(schema: &Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// A list.
pub(crate) fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

/// An object with any fields.
pub(crate) fn anything() -> Value {
    json!({"type": "object"})
}

/// An object of our own: all its fields are always there.
pub(crate) fn object(fields: Vec<(&'static str, Value)>) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let fields: Map<String, Value> = fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({"type": "object", "properties": fields, "required": names, "additionalProperties": false})
}

/// An object of which only some fields are always there.
pub(crate) fn partly(fields: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": fields, "required": required, "additionalProperties": false})
}

/// The schema with what is said of it.
pub(crate) fn said(mut schema: Value, words: &dyn Display) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".to_owned(), words.to_string().into());
    }
    schema
}
