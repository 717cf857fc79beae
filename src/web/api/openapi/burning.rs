//! Calls about burning in order: plans, weather, heat sources.

use serde_json::{Value, json};

use super::cases::{FILES, XLSX};
use super::words::{Call, parameter};
use crate::domain::plan::PlanStatus;
use crate::web::api::openapi::types::{day, flag, one_of, text};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    [plans(), sums(), weather(), heat_sources()].concat()
}

fn filters() -> Vec<Value> {
    let statuses = PlanStatus::ALL.map(PlanStatus::name);
    let within = json!({"type": "number", "minimum": 0});
    vec![
        parameter("status", &one_of(&statuses), "状态 · where the plan stands"),
        parameter("day", &day(), "日期 · whose window touches the day; not beside from and to"),
        parameter("near", &text(), "附近 · LON,LAT in WGS-84 degrees"),
        parameter("within", &within, "距离 · kilometres, beside near; 5 by default"),
    ]
}

fn plans() -> Vec<Call> {
    let application = json!({
        "plan_id": "P-1", "unit": "220101", "window_start": "2026-04-13T06:00", "window_end": "2026-04-15T18:00",
        "area_mu": 120.5, "responsible": "李四", "datum": "wgs84", "client_id": "apply-P-1",
        "plot": "POLYGON((122.65 45.52,122.66 45.52,122.66 45.53,122.65 45.53,122.65 45.52))",
    });
    let of_import = [
        parameter("as", &text(), "办理人 · who imports, for tokens that may act for others"),
        parameter("datum", &one_of(&["wgs84", "cgcs2000", "gcj02", "bd09"]), "坐标系 · needed where a row has a plot"),
        parameter("dry_run", &flag(), "试运行 · show and change nothing"),
        parameter("update", &flag(), "更新 · rows that differ replace what is here"),
        parameter("client_id", &text(), "命令编号 · names the command"),
        parameter("file", &text(), "文件名 · its name, for faults"),
    ];
    vec![
        Call::get("burning", "/plans", "listPlans", ("计划列表", "Burn plans, by id; 100 a page, 1000 at most."))
            .with(&filters())
            .with_shared(&["unit", "open_from", "open_to", "limit", "after"])
            .answers("200", "PlanPage", "A page."),
        Call::post("burning", "/plans", "applyForPlan", ("申请计划", "An application, which others review."))
            .body("NewPlan", &application)
            .answers("201", "PlanAnswer", "It was made.")
            .answers("200", "PlanAnswer", "It was made before."),
        Call::get("burning", "/plans/export", "exportPlans", ("导出计划", "All plans of a filter as a file."))
            .with(&filters())
            .with_shared(&["unit", "open_from", "open_to", "format", "heads"])
            .answers_file(&FILES, "The file.")
            .refuses(&["422"]),
        Call::post(
            "burning",
            "/plans/import",
            "importPlans",
            ("导入计划", "CSV or XLSX, told by its content: all rows, or none and every fault."),
        )
        .with(&of_import)
        .file_body(&["text/csv", XLSX, "application/octet-stream"], "At most 8 MiB.")
        .answers("200", "PlanImport", "What it did, or would do."),
        Call::get("burning", "/plans/{id}", "onePlan", ("计划详情", "One plan and everything that happened to it."))
            .answers("200", "PlanDetail", "The plan."),
        Call::post(
            "burning",
            "/plans/{id}/acts",
            "actOnPlan",
            ("办理计划", "Review, order, take back, light, done, withdraw. `cautions` say what an order runs into."),
        )
        .body("PlanAct", &json!({"act": "approve", "note": "同意", "client_id": "a-1"}))
        .answers("200", "PlanAnswer", "Done, or done before."),
    ]
}

fn sums() -> Vec<Call> {
    vec![
        Call::get(
            "burning",
            "/plans/ledger",
            "ledger",
            ("当日台账", "A line per unit. `seen` are suspected fires; they are never added to what was burnt."),
        )
        .with(&[parameter("day", &day(), "日期 · local day; today by default")])
        .with_shared(&["unit"])
        .answers("200", "Ledger", "The ledger."),
        Call::get(
            "burning",
            "/plans/progress",
            "progress",
            ("烧除进度", "Applied, approved, done and remaining, by unit."),
        )
        .with_shared(&["open_from", "open_to", "unit"])
        .answers("200", "Progress", "The progress."),
    ]
}

fn weather() -> Vec<Call> {
    vec![
        Call::get(
            "burning",
            "/weather",
            "weather",
            ("焚烧气象等级", "Levels of the region's file, then the entered ones."),
        )
        .with_shared(&["unit", "open_from", "open_to"])
        .answers("200", "WeatherList", "The levels."),
        Call::post("burning", "/weather", "enterWeather", ("录入气象等级", "A level, 1 to 4. It counts from now on."))
            .body("NewWeather", &json!({"unit": "2201", "day": "2026-04-13", "level": 3, "client_id": "w-1"}))
            .answers("201", "WeatherEntry", "It was entered.")
            .answers("200", "WeatherEntry", "It was entered before."),
    ]
}

fn heat_sources() -> Vec<Call> {
    let approval = json!({
        "name": "火炬", "kind": "flare", "lon": 122.715, "lat": 45.615, "radius_m": 300, "unit": "220101",
        "watched_by": "张三", "expires": "2026-10-01", "client_id": "approve-1",
    });
    vec![
        Call::get(
            "burning",
            "/heat-sources",
            "heatSources",
            ("固定热源", "All that are known, those that expire soon first."),
        )
        .with_shared(&["limit", "after"])
        .answers("200", "HeatSourcePage", "A page."),
        Call::post("burning", "/heat-sources", "approveHeatSource", ("批准热源", "Approves one from today on."))
            .body("NewHeatSource", &approval)
            .answers("201", "HeatAnswer", "It was approved.")
            .answers("200", "HeatAnswer", "It was approved before."),
        Call::get(
            "burning",
            "/heat-sources/suggestions",
            "suggestHeatSources",
            ("疑似热源", "Places that look like one; nothing counts before a person approves it."),
        )
        .with(&[parameter("until", &day(), "截至 · local day; today by default")])
        .answers("200", "Suggestions", "The places."),
        Call::post("burning", "/heat-sources/{id}/acts", "actOnHeatSource", ("办理热源", "Hand over, renew, end."))
            .body("HeatAct", &json!({"act": "renew", "expires": "2026-12-01", "client_id": "r-1"}))
            .answers("200", "HeatAnswer", "Done, or done before."),
    ]
}
