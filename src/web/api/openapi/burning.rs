//! Calls about burning in order: plans, weather, heat sources.

use serde_json::{Value, json};

use super::alerts::{FILES, XLSX};
use super::bodies;
use super::call::{Call, parameter};
use crate::domain::plan::PlanStatus;
use crate::report::objects::{PlanActed, PlanLife};
use crate::report::typed::Typed;
use crate::report::typed::schema::{day, flag, one_of, text};
use crate::store::WeatherEntry;
use crate::web::api::{burning, heat_sources, plan_import, plans};
use crate::web::forms::plan_file;
use crate::words::api::{burning as say, examples};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    [of_plans(), sums(), of_weather(), of_heat_sources()].concat()
}

fn filters() -> Vec<Value> {
    let statuses = PlanStatus::ALL.map(PlanStatus::name);
    let within = json!({"type": "number", "minimum": 0});
    vec![
        parameter("status", &one_of(&statuses), &say::OF_STATUS),
        parameter("day", &day(), &say::OF_WINDOW_DAY),
        parameter("near", &text(), &say::OF_NEAR),
        parameter("within", &within, &say::OF_WITHIN),
    ]
}

fn of_plans() -> Vec<Call> {
    let of_import = [
        parameter("as", &text(), &say::IMPORT_AS),
        parameter("datum", &one_of(&["wgs84", "cgcs2000", "gcj02", "bd09"]), &say::IMPORT_DATUM),
        parameter("dry_run", &flag(), &say::IMPORT_DRY_RUN),
        parameter("update", &flag(), &say::IMPORT_UPDATE),
        parameter("client_id", &text(), &say::IMPORT_CLIENT_ID),
        parameter("file", &text(), &say::IMPORT_FILE),
    ];
    vec![
        Call::get("burning", "/plans", "listPlans", say::LIST_PLANS)
            .to(plans::list)
            .with(&filters())
            .with_shared(&["unit", "open_from", "open_to", "limit", "after"])
            .answers("200", plans::PlanPage::schema, "A page."),
        Call::post("burning", "/plans", "applyForPlan", say::APPLY_FOR_PLAN)
            .to(plans::apply)
            .body(bodies::new_plan, examples::new_plan())
            .answers("201", PlanActed::schema, "It was made.")
            .answers("200", PlanActed::schema, "It was made before."),
        Call::get("burning", "/plans/export", "exportPlans", say::EXPORT_PLANS)
            .to(plans::export)
            .with(&filters())
            .with_shared(&["unit", "open_from", "open_to", "format", "heads"])
            .answers_file(&FILES, "The file.")
            .refuses(&["422"]),
        Call::post("burning", "/plans/import", "importPlans", say::IMPORT_PLANS)
            .to(plan_import::import)
            .takes(plan_file::MAX_BYTES)
            .with(&of_import)
            .file_body(&["text/csv", XLSX, "application/octet-stream"], "At most 8 MiB.")
            .answers("200", plan_import::Done::schema, "What it did, or would do."),
        Call::get("burning", "/plans/{id}", "onePlan", say::ONE_PLAN).to(plans::one).answers(
            "200",
            PlanLife::schema,
            "The plan.",
        ),
        Call::post("burning", "/plans/{id}/acts", "actOnPlan", say::ACT_ON_PLAN)
            .to(plans::act)
            .body(bodies::plan_act, examples::plan_act())
            .answers("200", PlanActed::schema, "Done, or done before."),
    ]
}

fn sums() -> Vec<Call> {
    vec![
        Call::get("burning", "/plans/ledger", "ledger", say::LEDGER)
            .to(burning::ledger)
            .with(&[parameter("day", &day(), &say::LEDGER_DAY)])
            .with_shared(&["unit"])
            .answers("200", burning::Ledger::schema, "The ledger."),
        Call::get("burning", "/plans/progress", "progress", say::PROGRESS)
            .to(burning::progress)
            .with_shared(&["open_from", "open_to", "unit"])
            .answers("200", burning::Progress::schema, "The progress."),
    ]
}

fn of_weather() -> Vec<Call> {
    vec![
        Call::get("burning", "/weather", "weather", say::WEATHER)
            .to(burning::weather)
            .with_shared(&["unit", "open_from", "open_to"])
            .answers("200", burning::Levels::schema, "The levels."),
        Call::post("burning", "/weather", "enterWeather", say::ENTER_WEATHER)
            .to(burning::enter_weather)
            .body(bodies::new_weather, json!({"unit": "2201", "day": "2026-04-13", "level": 3, "client_id": "w-1"}))
            .answers("201", WeatherEntry::schema, "It was entered.")
            .answers("200", WeatherEntry::schema, "It was entered before."),
    ]
}

fn of_heat_sources() -> Vec<Call> {
    vec![
        Call::get("burning", "/heat-sources", "heatSources", say::HEAT_SOURCES)
            .to(heat_sources::list)
            .with_shared(&["limit", "after"])
            .answers("200", heat_sources::HeatSourcePage::schema, "A page."),
        Call::post("burning", "/heat-sources", "approveHeatSource", say::APPROVE_HEAT_SOURCE)
            .to(heat_sources::approve)
            .body(bodies::new_heat_source, examples::new_heat_source())
            .answers("201", heat_sources::HeatAnswered::schema, "It was approved.")
            .answers("200", heat_sources::HeatAnswered::schema, "It was approved before."),
        Call::get("burning", "/heat-sources/suggestions", "suggestHeatSources", say::SUGGEST_HEAT_SOURCES)
            .to(heat_sources::suggestions)
            .with(&[parameter("until", &day(), &say::SUGGEST_UNTIL)])
            .answers("200", heat_sources::Suggestions::schema, "The places."),
        Call::post("burning", "/heat-sources/{id}/acts", "actOnHeatSource", say::ACT_ON_HEAT_SOURCE)
            .to(heat_sources::act)
            .body(bodies::heat_act, json!({"act": "renew", "expires": "2026-12-01", "client_id": "r-1"}))
            .answers("200", heat_sources::HeatAnswered::schema, "Done, or done before."),
    ]
}
