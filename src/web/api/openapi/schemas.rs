//! Schemas of what is no row: problems, features, feeds, events, and what may be anything.

use serde_json::{Value, json};

use super::parts::{coverage_fields, fault, joined, object};
use crate::report::export::{UnitOf, ZoneOf};
use crate::report::typed::schema::{anything, count, flag, instant, list, maybe, one_of, partly, text};
use crate::report::typed::{Row, Schemas};
use crate::store::query::{DetectionRow, FireRow};
use crate::words::api::examples;

/// The document itself.
pub(super) fn anything_at_all(schemas: &mut Schemas) -> Value {
    schemas.named("Anything", |_| anything())
}

/// What differs between two versions of a region.
pub(super) fn region_difference(schemas: &mut Schemas) -> Value {
    schemas.named("RegionDifference", |_| anything())
}

/// Schemas that no call answers with by itself: refusals, and what stands in the stream.
pub(super) fn beside_calls(schemas: &mut Schemas) {
    schemas.named("Problem", |_| problem());
    schemas.named("Change", |_| change());
}

fn problem() -> Value {
    let fields = json!({
        "type": text(), "title": text(), "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do, in English."},
        "detail_zh": {"type": "string", "description": "The same in Chinese."},
        "instance": text(),
        "reference": {"type": "string", "description": "Also in the log of the service."},
        "faults": list(&fault()),
    });
    let required = ["type", "title", "status", "detail", "detail_zh", "instance", "reference"];
    joined(partly(&fields, &required), json!({"examples": [examples::problem()]}))
}

/// What stands in the data of an event.
fn change() -> Value {
    let fields = json!({
        "seq": count(), "subject_kind": one_of(&["alert", "plan"]), "subject": text(), "kind": text(), "at": instant(),
        "state": text(), "number": text(),
    });
    partly(&fields, &["seq", "subject_kind", "subject", "kind", "at"])
}

/// The feeds.
pub(super) fn feeds(schemas: &mut Schemas) -> Value {
    schemas.named("Feeds", |schemas| {
        let more = json!({
            "label": text(), "last_detail": maybe(&text()), "consecutive_failures": count(),
            "next_attempt_at": maybe(&instant()),
        });
        let feed = object(joined(coverage_fields(schemas), more));
        object(json!({
            "feeds": list(&feed), "as_of": instant(), "late_after_hours": count(), "stale_after_hours": count(),
            "simulated": flag(),
        }))
    })
}

/// Detections as features.
pub(super) fn detections(schemas: &mut Schemas) -> Value {
    schemas.named("Detections", features::<DetectionRow>)
}

/// Fires as features.
pub(super) fn fires(schemas: &mut Schemas) -> Value {
    schemas.named("Fires", features::<FireRow>)
}

/// Zones as features.
pub(super) fn zones(schemas: &mut Schemas) -> Value {
    schemas.named("Zones", features::<ZoneOf<'_>>)
}

/// Units as features.
pub(super) fn units(schemas: &mut Schemas) -> Value {
    schemas.named("Units", features::<UnitOf<'_>>)
}

/// A `GeoJSON` document (RFC 7946) whose features are rows of a kind.
fn features<R: Row>(schemas: &mut Schemas) -> Value {
    let geometry = json!({
        "type": "object", "required": ["type", "coordinates"],
        "properties": {"type": one_of(&["Point", "Polygon", "MultiPolygon"]), "coordinates": {"type": "array"}},
    });
    let feature = json!({
        "type": "object", "required": ["type", "geometry", "properties"],
        "properties": {"type": {"const": "Feature"}, "geometry": maybe(&geometry), "properties": R::schema(schemas)},
    });
    json!({
        "type": "object", "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": list(&feature)},
    })
}
