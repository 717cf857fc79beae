//! What the live map loads: the day as columns, and the outlines under it.
//!
//! Says in schemas what [`crate::report::day_map`] and [`crate::report::base_layers`] write.

use std::fmt::Display;

use serde_json::{Value, json};

use super::call::{Call, parameter};
use crate::domain::alert::AlertState;
use crate::domain::freshness::Freshness;
use crate::domain::observation::Satellite;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::domain::zone::ZoneClass;
use crate::report::day_map::CONFIDENCES;
use crate::report::typed::schema::{count, day, flag, instant, list, maybe, number, said, text};
use crate::report::typed::{Schemas, Typed};
use crate::web::api::map;
use crate::web::api::openapi::figures;
use crate::web::api::openapi::parts::object;
use crate::words::Words;
use crate::words::api::map as say;

/// How columns of steps are read.
const STEPS: &str = "Steps: each value minus the one before, the first from 0.";

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("day", "/map/day", "mapOfDay", say::MAP_OF_DAY)
            .to(map::day)
            .with(&[
                parameter("date", &day(), &say::ASKED_DATE),
                parameter("unit", &text(), &say::ASKED_UNIT),
                parameter("verdict", &text(), &say::ASKED_VERDICT),
            ])
            .answers("200", map_day, "The day.")
            .heads(&["vary"]),
        Call::get("day", "/map/base", "mapBase", say::MAP_BASE)
            .to(map::base)
            .answers("200", base, "The outlines.")
            .heads(&["vary"]),
    ]
}

/// The day.
fn map_day(schemas: &mut Schemas) -> Value {
    schemas.named("MapDay", day_table)
}

fn day_table(schemas: &mut Schemas) -> Value {
    let state = Freshness::schema(schemas);
    let feed = object(json!({
        "feed": text(), "state": state, "words": said(text(), &say::FEED_STATE),
        "newest": said(maybe(&text()), &say::FEED_NEWEST),
    }));
    object(json!({
        "generated_at": said(instant(), &say::GENERATED_AT),
        "simulated": said(flag(), &say::SIMULATED),
        "coverage": said(list(&feed), &say::COVERAGE),
        "data_up_to": said(maybe(&text()), &say::DATA_UP_TO),
        "figures": figures::figures(schemas),
        "date": said(day(), &say::DATE),
        "region_version": text(),
        "words": words(),
        "zones_in_force": said(list(&count()), &say::ZONES_IN_FORCE),
        "detections": schemas.named("MapPixels", |_| pixels()),
        "fires": schemas.named("MapFires", |_| fires()),
        "alerts": schemas.named("MapAlerts", |_| alerts()),
    }))
}

/// The lists that word columns point into.
fn words() -> Value {
    let fixed = |words: &[&str]| json!({"type": "array", "const": words});
    let unit = json!({"type": "array", "prefixItems": [text(), text()], "minItems": 2, "maxItems": 2});
    said(
        object(json!({
            "verdicts": fixed(&Verdict::ALL.map(Verdict::name)),
            "satellites": fixed(&Satellite::ALL.map(Satellite::name)),
            "confidences": fixed(&CONFIDENCES),
            "states": fixed(&AlertState::ALL.map(AlertState::name)),
            "units": said(list(&unit), &say::WORD_UNITS),
        })),
        &say::WORD_LISTS,
    )
}

fn column(of: &Value, words: &dyn Display) -> Value {
    said(list(of), words)
}

fn steps(words: &Words) -> Value {
    column(&json!({"type": "integer"}), &format!("{words}. {STEPS}"))
}

/// Whether a row is in the total.
fn counted() -> Value {
    column(&json!({"enum": [0, 1]}), &say::COUNTED)
}

/// Places in a list of words.
fn places(number: usize, words: &Words) -> Value {
    column(&json!({"type": "integer", "minimum": 0, "maximum": number.saturating_sub(1)}), words)
}

/// Whole numbers of which -1 is none.
fn or_none(words: &Words) -> Value {
    column(&json!({"type": "integer", "minimum": -1}), &format!("{words}; -1: none"))
}

fn pixels() -> Value {
    let table = object(json!({
        "id": steps(&say::PIXEL_ID),
        "minute": steps(&say::PIXEL_MINUTE),
        "lon": steps(&say::PIXEL_LON),
        "lat": steps(&say::PIXEL_LAT),
        "ax": column(&json!({"type": "integer"}), &say::PIXEL_AX),
        "ay": column(&json!({"type": "integer"}), &say::PIXEL_AY),
        "b": column(&count(), &say::PIXEL_B),
        "verdict": places(Verdict::ALL.len(), &say::PIXEL_VERDICT),
        "confidence": places(CONFIDENCES.len(), &say::PIXEL_CONFIDENCE),
        "satellite": places(Satellite::ALL.len(), &say::PIXEL_SATELLITE),
        "frp": or_none(&say::PIXEL_FRP),
        "fire": or_none(&say::PIXEL_FIRE),
        "counted": counted(),
    }));
    said(table, &say::PIXELS)
}

fn fires() -> Value {
    let table = object(json!({
        "id": steps(&say::FIRE_ID),
        "first": steps(&say::FIRE_FIRST),
        "last": steps(&say::FIRE_LAST),
        "lon": steps(&say::FIRE_LON),
        "lat": steps(&say::FIRE_LAT),
        "verdict": places(Verdict::ALL.len(), &say::FIRE_VERDICT),
        "pixels": column(&count(), &say::FIRE_PIXELS),
        "counted": counted(),
    }));
    said(table, &say::FIRES)
}

fn alerts() -> Value {
    let table = object(json!({
        "number": column(&text(), &say::ALERT_NUMBER),
        "fire": or_none(&say::ALERT_FIRE),
        "verdict": column(
            &json!({"type": "integer", "minimum": -1, "maximum": Verdict::ALL.len() - 1}),
            &say::ALERT_VERDICT,
        ),
        "state": places(AlertState::ALL.len(), &say::ALERT_STATE),
        "first": steps(&say::ALERT_FIRST),
        "last": steps(&say::ALERT_LAST),
        "lon": steps(&say::ALERT_LON),
        "lat": steps(&say::ALERT_LAT),
        "unit": column(&count(), &say::ALERT_UNIT),
        "place": column(&maybe(&text()), &say::ALERT_PLACE),
        "counted": counted(),
    }));
    said(table, &say::ALERTS)
}

/// The outlines.
fn base(schemas: &mut Schemas) -> Value {
    schemas.named("MapBase", base_table)
}

fn base_table(schemas: &mut Schemas) -> Value {
    let rings = schemas.named("Rings", |_| rings());
    let point = json!({"type": "array", "items": number(), "minItems": 2, "maxItems": 2});
    let unit = object(json!({
        "code": text(), "name": text(), "name_en": maybe(&text()), "level": UnitLevel::schema(schemas),
        "label": said(maybe(&point), &say::UNIT_LABEL),
        "rings": rings,
    }));
    let zone = object(json!({
        "name": text(), "name_en": maybe(&text()), "class": ZoneClass::schema(schemas), "rings": rings,
    }));
    let extent = json!({"type": "array", "items": number(), "minItems": 4, "maxItems": 4});
    object(json!({
        "region_version": text(),
        "extent": said(extent, &say::EXTENT),
        "units": said(list(&unit), &say::UNITS),
        "zones": said(list(&zone), &say::ZONES),
    }))
}

fn rings() -> Value {
    let ring = json!({"type": "array", "items": {"type": "integer"}, "minItems": 6});
    said(list(&list(&ring)), &say::RINGS)
}
