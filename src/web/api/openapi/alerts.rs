//! Calls about alerts.

use serde_json::{Value, json};

use super::bodies;
use super::call::{Call, parameter};
use crate::domain::unit::UnitLevel;
use crate::report::typed::Typed;
use crate::report::typed::schema::{flag, one_of, text};
use crate::store::{Added, Done};
use crate::web::api::alerts;
use crate::words::api::{alerts as say, examples};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("alerts", "/alerts", "listCases", say::LIST_ALERTS)
            .to(alerts::list)
            .with(&filters())
            .with_shared(&["unit", "from", "to", "limit", "after"])
            .answers("200", alerts::AlertPage::schema, "A page."),
        Call::post("alerts", "/alerts", "addCase", say::ADD_ALERT)
            .to(alerts::add)
            .body(bodies::new_alert, examples::new_alert())
            .answers("201", Added::schema, "It is an alert of its own.")
            .answers("200", Added::schema, "It joined an alert, or was taken before."),
        Call::get("alerts", "/alerts/counts", "countCases", say::COUNT_ALERTS)
            .to(alerts::counts)
            .with(&filters())
            .with_shared(&["unit", "from", "to"])
            .answers("200", alerts::Counted::schema, "The counts."),
        Call::get("alerts", "/alerts/export", "exportCases", say::EXPORT_ALERTS)
            .to(alerts::export)
            .with(&filters())
            .with_shared(&["unit", "from", "to", "format", "heads"])
            .answers_file(&FILES, "The file.")
            .refuses(&["422"]),
        Call::get("alerts", "/alerts/{number}", "oneCase", say::ONE_ALERT).to(alerts::one).answers(
            "200",
            alerts::AlertDetail::schema,
            "The alert.",
        ),
        Call::post("alerts", "/alerts/{number}/acts", "actOnCase", say::ACT_ON_ALERT)
            .to(alerts::act)
            .body(bodies::alert_act, json!({"act": "acknowledge", "client_id": "h-1"}))
            .answers("200", Done::schema, "Done, or done before."),
    ]
}

/// Forms of a table.
pub(super) const FILES: [&str; 4] = ["text/csv", XLSX, "application/json", "application/geo+json"];

/// A workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn filters() -> Vec<Value> {
    let levels = UnitLevel::ALL.map(UnitLevel::name);
    vec![
        parameter("candidates", &flag(), &say::OF_CANDIDATES),
        parameter("state", &text(), &say::OF_STATE),
        parameter("open", &flag(), &say::OF_OPEN),
        parameter("source", &text(), &say::OF_SOURCE),
        parameter("verdict", &text(), &say::OF_VERDICT),
        parameter("level", &one_of(&levels), &say::OF_LEVEL),
        parameter("overdue", &flag(), &say::OF_OVERDUE),
        parameter("undelivered", &flag(), &say::OF_UNDELIVERED),
        parameter("disputed", &flag(), &say::OF_DISPUTED),
        parameter("external_number", &text(), &say::OF_EXTERNAL_NUMBER),
    ]
}
