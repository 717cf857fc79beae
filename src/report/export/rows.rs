//! What each exported thing says: its columns, in order, and its values.
//!
//! Names are those of the domain, in snake case; instants are RFC 3339 in UTC; `reason` is
//! the Chinese sentence and `reason_en` the English one.

use geo::orient::Direction;
use geo::{Coord, MapCoords, MultiPolygon, Orient};
use geojson::Geometry;
use serde_json::{Map, Value, json};

use super::Row;
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::domain::unit::{Unit, UnitLevel};
use crate::domain::zone::Zone;
use crate::store::query::{AlertRow, DetectionRow, FireRow};
use crate::words::Say;

/// Columns of a detection.
pub(super) const DETECTION: &[&str] = &[
    "key",
    "satellite",
    "instrument",
    "acquired_at",
    "longitude",
    "latitude",
    "scan_km",
    "track_km",
    "brightness_k",
    "brightness_background_k",
    "frp_mw",
    "confidence",
    "confidence_raw",
    "day_night",
    "processing_level",
    "origin",
    "recorded_at",
    "verdict",
    "reason",
    "reason_en",
    "county_code",
    "township_code",
    "unit_code",
    "sure_level",
    "may_be_banned",
    "candidates",
    "fire_id",
    "vanished_at",
    "region_version",
];

/// Columns of a fire.
pub(super) const FIRE: &[&str] = &[
    "fire_id",
    "first_seen_at",
    "last_seen_at",
    "longitude",
    "latitude",
    "detections",
    "verdict",
    "max_frp_mw",
    "county_code",
    "township_code",
    "unit_code",
    "first_key",
];

/// Columns of an alert.
pub(super) const ALERT: &[&str] = &[
    "number",
    "fire_id",
    "state",
    "origin",
    "verdict",
    "reason",
    "reason_en",
    "rule",
    "county_code",
    "township_code",
    "responsible_code",
    "unit_code",
    "owner_code",
    "other_units",
    "candidates",
    "sure_level",
    "may_be_banned",
    "longitude",
    "latitude",
    "nearest_place",
    "first_seen_at",
    "last_seen_at",
    "detections",
    "max_frp_mw",
    "first_key",
    "region_version",
    "recorded_at",
    "source",
    "assigned_to",
    "reported_by",
    "description",
    "external_number",
    "letter_number",
    "reply_by",
    "is_disputed",
    "proposed_code",
    "acknowledged_at",
    "on_site_at",
    "put_out_at",
    "reported_at",
    "finding",
    "reviewed_at",
    "review",
    "document_number",
    "rectify_by",
    "closed_at",
    "looked_back_at",
    "overdue",
    "next_due_at",
    "escalated_to",
    "undelivered_at",
    "rekindles",
    "land_cover",
    "merged_into",
    "superseded_at",
];

/// Columns of a unit.
pub(super) const UNIT: &[&str] = &[
    "unit_code",
    "name",
    "name_en",
    "level",
    "parent_code",
    "county_code",
    "township_code",
    "cropland_ha",
    "approximate",
    "region_version",
];

/// Columns of a zone.
pub(super) const ZONE: &[&str] = &[
    "zone_id",
    "name",
    "name_en",
    "class",
    "in_force",
    "valid_from",
    "valid_to",
    "season",
    "authority",
    "basis",
    "approximate",
    "region_version",
];

pub(super) fn detection(row: &DetectionRow) -> Row {
    let (seen, judged) = (&row.observation, &row.judgement);
    let satellite = seen.key.satellite;
    Row {
        geometry: Some(point(seen.position.lon(), seen.position.lat())),
        values: object(json!({
            "key": seen.key.to_string(),
            "satellite": satellite,
            "instrument": satellite.instrument(),
            "acquired_at": seen.key.acquired_at,
            "longitude": seen.position.lon(),
            "latitude": seen.position.lat(),
            "scan_km": seen.scan_km,
            "track_km": seen.track_km,
            "brightness_k": seen.brightness_k,
            "brightness_background_k": seen.brightness_background_k,
            "frp_mw": seen.frp_mw,
            "confidence": seen.confidence.class_name(),
            "confidence_raw": seen.confidence_raw,
            "day_night": seen.day_night,
            "processing_level": seen.level,
            "origin": row.origin,
            "recorded_at": row.recorded_at,
            "verdict": judged.verdict,
            "reason": judged.reason.say().zh,
            "reason_en": judged.reason.say().en,
            "county_code": row.county_code,
            "township_code": judged.township,
            "unit_code": judged.unit,
            "sure_level": judged.sure_level,
            "may_be_banned": judged.may_be_banned,
            "candidates": judged.candidates,
            "fire_id": row.fire_id,
            "vanished_at": row.vanished_at,
            "region_version": judged.region_version,
        })),
    }
}

pub(super) fn fire(row: &FireRow) -> Row {
    let (lon, lat) = (rounded(row.lon), rounded(row.lat));
    Row {
        geometry: Some(point(lon, lat)),
        values: object(json!({
            "fire_id": row.id,
            "first_seen_at": row.first_seen_at,
            "last_seen_at": row.last_seen_at,
            "longitude": lon,
            "latitude": lat,
            "detections": row.detections,
            "verdict": row.verdict,
            "max_frp_mw": row.max_frp_mw,
            "county_code": row.county_code,
            "township_code": row.township_code,
            "unit_code": row.unit_code,
            "first_key": row.first_key,
        })),
    }
}

pub(super) fn alert(row: &AlertRow) -> Row {
    let mut values = object(json!({
            "number": row.number,
            "fire_id": row.fire_id,
            "state": row.state,
            "origin": row.origin,
            "verdict": row.verdict,
            "reason": row.reason.as_ref().map(|reason| reason.say().zh),
            "reason_en": row.reason.as_ref().map(|reason| reason.say().en),
            "rule": row.reason,
            "county_code": row.county_code,
            "township_code": row.township_code,
            "responsible_code": row.responsible_code,
            "unit_code": row.unit_code,
            "owner_code": row.owner_code,
            "other_units": row.other_units,
            "candidates": row.candidates,
            "sure_level": row.sure_level,
            "may_be_banned": row.may_be_banned,
            "longitude": row.lon,
            "latitude": row.lat,
            "nearest_place": row.nearest_place,
            "first_seen_at": row.first_seen_at,
            "last_seen_at": row.last_seen_at,
            "detections": row.detections,
            "max_frp_mw": row.max_frp_mw,
            "first_key": row.first_key,
            "region_version": row.region_version,
            "recorded_at": row.recorded_at,
    }));
    values.append(&mut life(row));
    Row { geometry: Some(point(row.lon, row.lat)), values }
}

/// What people made of a case, and where it went.
fn life(row: &AlertRow) -> Map<String, Value> {
    object(json!({
            "source": row.source,
            "assigned_to": row.assigned_to,
            "reported_by": row.reported_by,
            "description": row.description,
            "external_number": row.external_number,
            "letter_number": row.letter_number,
            "reply_by": row.reply_by,
            "is_disputed": row.is_disputed,
            "proposed_code": row.proposed_code,
            "acknowledged_at": row.acknowledged_at,
            "on_site_at": row.on_site_at,
            "put_out_at": row.put_out_at,
            "reported_at": row.reported_at,
            "finding": row.finding,
            "reviewed_at": row.reviewed_at,
            "review": row.review,
            "document_number": row.document_number,
            "rectify_by": row.rectify_by,
            "closed_at": row.closed_at,
            "looked_back_at": row.looked_back_at,
            "overdue": row.overdue,
            "next_due_at": row.next_due_at,
            "escalated_to": row.escalated_to,
            "undelivered_at": row.undelivered_at,
            "rekindles": row.rekindles,
            "land_cover": row.land_cover,
            "merged_into": row.merged_into,
            "superseded_at": row.superseded_at,
    }))
}

pub(super) fn unit(ground: &Ground, unit: &Unit) -> Row {
    let above = |level| ground.at_level(&unit.code, level).map(|unit| &unit.code);
    Row {
        geometry: unit.outline.as_ref().map(multi_polygon),
        values: object(json!({
            "unit_code": unit.code,
            "name": unit.name,
            "name_en": unit.name_en,
            "level": unit.level,
            "parent_code": unit.parent,
            "county_code": above(UnitLevel::County),
            "township_code": above(UnitLevel::Township),
            "cropland_ha": unit.cropland_ha,
            "approximate": unit.approximate,
            "region_version": ground.version(),
        })),
    }
}

pub(super) fn zone(ground: &Ground, zone: &Zone, day: Date) -> Row {
    Row {
        geometry: Some(multi_polygon(&zone.outline)),
        values: object(json!({
            "zone_id": zone.id,
            "name": zone.name,
            "name_en": zone.name_en,
            "class": zone.class,
            "in_force": zone.is_in_force(day),
            "valid_from": zone.valid_from,
            "valid_to": zone.valid_to,
            "season": zone.season,
            "authority": zone.authority,
            "basis": zone.basis,
            "approximate": zone.approximate,
            "region_version": ground.version(),
        })),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        // The builders above only make objects.
        _ => Map::new(),
    }
}

fn point(lon: f64, lat: f64) -> Geometry {
    Geometry::new_point([lon, lat])
}

/// RFC 7946 wants outer rings counter-clockwise and holes clockwise.
pub(super) fn multi_polygon(outline: &MultiPolygon<f64>) -> Geometry {
    let outline = outline.orient(Direction::Default).map_coords(|c| Coord { x: rounded(c.x), y: rounded(c.y) });
    match outline.0.as_slice() {
        [single] => Geometry::from(single),
        _ => Geometry::from(&outline),
    }
}

/// Seven decimals: about a centimetre, without the tail of computed floats.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}
