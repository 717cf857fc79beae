//! Parts of schemas that are written beside what is answered.

use serde_json::{Map, Value, json};

use crate::domain::freshness::Freshness;
use crate::report::typed::schema::{instant, list, maybe, text};
use crate::report::typed::{Schemas, Typed};

/// An object of our own: all its fields are always there.
#[expect(clippy::needless_pass_by_value, reason = "literals are handed over, at a hundred places")]
pub(super) fn object(fields: Value) -> Value {
    let names: Vec<String> = fields.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    json!({"type": "object", "properties": fields, "required": names, "additionalProperties": false})
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

/// A fault or warning about a file that was sent.
pub(in crate::web::api) fn fault() -> Value {
    object(json!({"file": text(), "where": text(), "code": text(), "message": text()}))
}

/// What a feed is worth.
pub(in crate::web::api) fn coverage(schemas: &mut Schemas) -> Value {
    schemas.named("Coverage", |schemas| object(coverage_fields(schemas)))
}

/// The same as fields, for what says more.
pub(super) fn coverage_fields(schemas: &mut Schemas) -> Value {
    let satellite = json!({
        "satellite": text(), "state": Freshness::schema(schemas), "newest_acquired_at": maybe(&instant()),
    });
    json!({
        "feed": text(), "state": Freshness::schema(schemas), "satellites": list(&object(satellite)),
        "silences": list(&text()), "newest_acquired_at": maybe(&instant()), "last_success_at": maybe(&instant()),
        "last_attempt_at": maybe(&instant()), "last_outcome": maybe(&text()),
    })
}
