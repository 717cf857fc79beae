//! What the live map loads: the day as columns, and the outlines under it.
//!
//! Says in schemas what [`crate::report::day_map`] and [`crate::report::base_layers`] write.

use serde_json::{Map, Value, json};

use super::schemas::freshness;
use super::words::{Call, parameter};
use crate::domain::alert::AlertState;
use crate::domain::observation::Satellite;
use crate::domain::verdict::Verdict;
use crate::report::day_map::CONFIDENCES;
use crate::web::api::openapi::types::{count, day, flag, instant, list, maybe, named, number, object, one_of, text};

/// How columns of steps are read.
const STEPS: &str = "Steps: each value minus the one before, the first from 0.";

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "day",
            "/map/day",
            "mapOfDay",
            (
                "火点图（当日）",
                "The day as columns of small integers: entry n of every column of a table is its row n. The tag leaves out \
                 `generated_at`: 304 says that the day is unchanged.",
            ),
        )
        .with(&[
            parameter("date", &day(), "日期 · local day; today by default"),
            parameter("unit", &text(), "单位代码 · code of a unit; everything below it too"),
            parameter("verdict", &text(), "判定 · verdicts, by commas"),
        ])
        .answers("200", "MapDay", "The day.")
        .heads(&["vary"]),
        Call::get(
            "day",
            "/map/base",
            "mapBase",
            ("火点图（底图）", "Outlines of units and zones, simplified to some 15 m: the same as long as the region version."),
        )
        .answers("200", "MapBase", "The outlines.")
        .heads(&["vary"]),
    ]
}

/// What is answered, by name.
pub(super) fn schemas() -> Map<String, Value> {
    let schemas = [("MapDay", map_day()), ("MapPixels", pixels()), ("MapFires", fires()), ("MapAlerts", alerts())];
    let base = [("MapBase", base()), ("Rings", rings())];
    schemas.into_iter().chain(base).map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn said(mut schema: Value, description: &str) -> Value {
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".to_owned(), description.into());
    }
    schema
}

fn map_day() -> Value {
    let state = freshness();
    let newest = "最新观测 · newest acquisition, local, MM-DD HH:MM; null: none is known";
    let feed = object(json!({
        "feed": text(), "state": state, "words": said(text(), "状态 · the state in the language asked for"),
        "newest": said(maybe(&text()), newest),
    }));
    object(json!({
        "generated_at": said(instant(), "生成时刻 · when it was made; no part of the tag"),
        "simulated": said(flag(), "模拟数据 · the fires are made up"),
        "coverage": said(list(&feed), "数据源状态 · what each feed is worth: no point is not no fire"),
        "data_up_to": said(maybe(&text()), "数据截至 · newest acquisition of all that was received, local, MM-DD HH:MM; null: none"),
        "figures": named("Figures"),
        "date": said(day(), "日期 · the local day"),
        "region_version": text(),
        "words": words(),
        "zones_in_force": said(list(&count()), "当日有效区域 · places in the `zones` of the base, of zones in force that day"),
        "detections": named("MapPixels"), "fires": named("MapFires"), "alerts": named("MapAlerts"),
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
            "units": said(list(&unit), "单位 · code and full name of each unit that an alert names"),
        })),
        "词表 · what the numbers of word columns stand for: places in these lists, from 0",
    )
}

fn column(of: &Value, description: &str) -> Value {
    said(list(of), description)
}

fn steps(description: &str) -> Value {
    column(&json!({"type": "integer"}), &format!("{description}. {STEPS}"))
}

/// Whether a row is in the total.
fn counted() -> Value {
    column(&json!({"enum": [0, 1]}), "计入合计 · 1: in the total of `figures`; 0: a neighbour's, or of other ground")
}

/// Places in a list of words.
fn places(words: usize, description: &str) -> Value {
    column(&json!({"type": "integer", "minimum": 0, "maximum": words.saturating_sub(1)}), description)
}

/// Whole numbers of which -1 is none.
fn or_none(description: &str) -> Value {
    column(&json!({"type": "integer", "minimum": -1}), &format!("{description}; -1: none"))
}

fn pixels() -> Value {
    let table = object(json!({
        "id": steps("像元编号 · id of the detection"),
        "minute": steps("观测时刻 · whole minutes since the local midnight the day began with"),
        "lon": steps("中心经度 · WGS-84 longitude of the centre, 1e-5 degree"),
        "lat": steps("中心纬度 · WGS-84 latitude of the centre, 1e-5 degree"),
        "ax": column(&json!({"type": "integer"}), "扫描向半边（东）· half the scan side as a vector, east part, decimetres; 0 with \
            `ay` and `b` 0: no footprint is known"),
        "ay": column(&json!({"type": "integer"}), "扫描向半边（北）· its north part, decimetres"),
        "b": column(&count(), "轨道向半边长 · length of half the track side, a quarter turn to the left of (ax, ay), decimetres; 0: \
            no footprint is known"),
        "verdict": places(Verdict::ALL.len(), "判定 · place in words.verdicts"),
        "confidence": places(CONFIDENCES.len(), "置信度 · place in words.confidences"),
        "satellite": places(Satellite::ALL.len(), "卫星 · place in words.satellites"),
        "frp": or_none("辐射功率 · fire radiative power, 0.1 MW"),
        "fire": or_none("所属火点 · row in `fires`, when its fire was first seen this day and is asked for"),
        "counted": counted(),
    }));
    said(
        table,
        "像元 · pixels acquired that day; a pixel is not a fire. Corners are centre ± a ± b, with 111.19508 km to a degree of \
        latitude, and that times the cosine of the centre's latitude to one of longitude.",
    )
}

fn fires() -> Value {
    let table = object(json!({
        "id": steps("火点编号 · id of the fire"),
        "first": steps("首次发现 · first seen, whole minutes since the local midnight the day began with"),
        "last": steps("最近发现 · last seen, the same; more than a day's for what burnt on"),
        "lon": steps("经度 · WGS-84 longitude, 1e-5 degree"),
        "lat": steps("纬度 · WGS-84 latitude, 1e-5 degree"),
        "verdict": places(Verdict::ALL.len(), "判定 · place in words.verdicts"),
        "pixels": column(&count(), "像元数 · number of its pixels, of all days"),
        "counted": counted(),
    }));
    said(table, "疑似火点 · suspected fires first seen that day")
}

fn alerts() -> Value {
    let table = object(json!({
        "number": column(&text(), "编号 · number of the case"),
        "fire": or_none("火点 · row in `fires`"),
        "verdict": column(
            &json!({"type": "integer", "minimum": -1, "maximum": Verdict::ALL.len() - 1}),
            "判定 · place in words.verdicts; -1: none, nobody judged what people brought",
        ),
        "state": places(AlertState::ALL.len(), "状态 · place in words.states"),
        "first": steps("首次发现 · first seen, whole minutes since the local midnight the day began with"),
        "last": steps("最近发现 · last seen, the same; more than a day's for what burnt on"),
        "lon": steps("经度 · WGS-84 longitude, 1e-5 degree"),
        "lat": steps("纬度 · WGS-84 latitude, 1e-5 degree"),
        "unit": column(&count(), "责任单位 · place in words.units"),
        "place": column(&maybe(&text()), "方位 · where it is from the nearest named place, in words; null: no place is near"),
        "counted": counted(),
    }));
    said(table, "告警 · alerts first seen that day, worst first")
}

fn base() -> Value {
    let point = json!({"type": "array", "items": number(), "minItems": 2, "maxItems": 2});
    let unit = object(json!({
        "code": text(), "name": text(), "name_en": maybe(&text()), "level": named("Level"),
        "label": said(maybe(&point), "名称位置 · where its name is written, longitude and latitude in degrees; null: nowhere"),
        "rings": named("Rings"),
    }));
    let zone = object(json!({
        "name": text(), "name_en": maybe(&text()), "class": one_of(&["ban", "limited"]), "rings": named("Rings"),
    }));
    let extent = json!({"type": "array", "items": number(), "minItems": 4, "maxItems": 4});
    object(json!({
        "region_version": text(),
        "extent": said(extent, "范围 · west, south, east, north of the city, degrees"),
        "units": said(list(&unit), "单位 · units with an outline; below townships only up to 3,000"),
        "zones": said(list(&zone), "区域 · all zones, in force or not; `zones_in_force` of a day points here"),
    }))
}

fn rings() -> Value {
    let ring = json!({"type": "array", "items": {"type": "integer"}, "minItems": 6});
    said(
        list(&list(&ring)),
        "轮廓 · polygons, each of rings, each of steps x, y, x, y … from point to point in 1e-5 degree (WGS-84, \
        longitude first), the first from 0; not closed; the first ring of a polygon is the outer one",
    )
}
