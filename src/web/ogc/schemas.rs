//! The forms of the answers, for the `OpenAPI` document.
//!
//! # Source
//! OGC 17-069r4 and its `ogcapi-features-1.yaml`; names of the schemas are those of the standard.

use serde_json::{Value, json};

/// A pointer to another part of the document.
pub(super) fn reference(kind: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{kind}/{name}")})
}

/// All of them, by name.
pub(super) fn schemas() -> Value {
    let list = |name: &str| json!({"type": "array", "items": reference("schemas", name)});
    let text = json!({"type": "string"});
    let numbers = json!({"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}});
    let moment = json!({"type": "string", "format": "date-time", "nullable": true});
    json!({
        "anything": {"type": "object"},
        "link": {
            "type": "object", "required": ["href", "rel"],
            "properties": {"href": text, "rel": text, "type": text, "title": text},
        },
        "landingPage": {
            "type": "object", "required": ["links"],
            "properties": {"title": text, "description": text, "links": list("link")},
        },
        "confClasses": {
            "type": "object", "required": ["conformsTo"],
            "properties": {"conformsTo": {"type": "array", "items": text}, "links": list("link")},
        },
        "extent": {
            "type": "object",
            "properties": {
                "spatial": {"type": "object", "properties": {
                    "bbox": {"type": "array", "minItems": 1, "items": numbers}, "crs": text,
                }},
                "temporal": {"type": "object", "properties": {
                    "interval": {"type": "array", "minItems": 1, "items": {
                        "type": "array", "minItems": 2, "maxItems": 2, "items": moment,
                    }},
                    "trs": text,
                }},
            },
        },
        "collection": {
            "type": "object", "required": ["id", "links"],
            "properties": {
                "id": text, "title": text, "description": text, "links": list("link"),
                "extent": reference("schemas", "extent"), "itemType": text, "crs": {"type": "array", "items": text},
            },
        },
        "collections": {
            "type": "object", "required": ["links", "collections"],
            "properties": {
                "links": list("link"), "collections": list("collection"), "crs": {"type": "array", "items": text},
            },
        },
        "geometryGeoJSON": {
            "type": "object", "nullable": true, "required": ["type", "coordinates"],
            "properties": {
                "type": {"type": "string", "enum": ["Point", "Polygon", "MultiPolygon"]},
                "coordinates": {"type": "array", "items": {}},
            },
        },
        "featureGeoJSON": {
            "type": "object", "required": ["type", "geometry", "properties"],
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                "geometry": reference("schemas", "geometryGeoJSON"),
                "properties": {"type": "object", "nullable": true},
                "links": list("link"),
            },
        },
        "featureCollectionGeoJSON": {
            "type": "object", "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": list("featureGeoJSON"), "links": list("link"),
                "timeStamp": {"type": "string", "format": "date-time"},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
            },
        },
        "problem": {
            "type": "object",
            "properties": {
                "type": text, "title": text, "status": {"type": "integer"}, "detail": text, "detail_zh": text,
                "instance": text, "reference": text,
            },
        },
    })
}
