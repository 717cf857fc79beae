//! The types that schemas are made of.

use serde_json::{Map, Value, json};

/// A schema of the components.
pub(super) fn named(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// A text.
pub(super) fn text() -> Value {
    json!({"type": "string"})
}

/// A number.
pub(super) fn number() -> Value {
    json!({"type": "number"})
}

/// A whole number, 0 or more.
pub(super) fn count() -> Value {
    json!({"type": "integer", "minimum": 0})
}

/// True or false.
pub(super) fn flag() -> Value {
    json!({"type": "boolean"})
}

/// An instant.
pub(super) fn instant() -> Value {
    json!({"type": "string", "format": "date-time"})
}

/// A local day.
pub(super) fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

/// One of some words.
pub(super) fn one_of(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// The value, or null.
pub(super) fn maybe(schema: &Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// A list.
pub(super) fn list(of: &Value) -> Value {
    json!({"type": "array", "items": of})
}

/// An object with any fields.
pub(super) fn anything() -> Value {
    json!({"type": "object"})
}

/// An object of our own: all its fields are always there.
#[expect(clippy::needless_pass_by_value, reason = "literals are handed over, at a hundred places")]
pub(super) fn object(fields: Value) -> Value {
    let names: Vec<String> = fields.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    json!({"type": "object", "properties": fields, "required": names, "additionalProperties": false})
}

/// An object of which only some fields are always there.
pub(super) fn partly(fields: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": fields, "required": required, "additionalProperties": false})
}

/// Both objects' fields.
pub(super) fn joined(one: Value, other: Value) -> Value {
    let mut fields = Map::new();
    for part in [one, other] {
        if let Value::Object(part) = part {
            fields.extend(part);
        }
    }
    Value::Object(fields)
}
