//! Calls about cases.

use serde_json::{Value, json};

use super::bodies;
use super::call::{Call, parameter};
use crate::domain::unit::UnitLevel;
use crate::report::typed::Typed;
use crate::report::typed::schema::{flag, one_of, text};
use crate::store::{Added, Done};
use crate::web::api::cases;
use crate::words::api::{cases as say, examples};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get("cases", "/cases", "listCases", say::LIST_CASES)
            .to(cases::list)
            .with(&filters())
            .with_shared(&["unit", "from", "to", "limit", "after"])
            .answers("200", cases::CasePage::schema, "A page."),
        Call::post("cases", "/cases", "addCase", say::ADD_CASE)
            .to(cases::add)
            .body(bodies::new_case, examples::new_case())
            .answers("201", Added::schema, "It is a case of its own.")
            .answers("200", Added::schema, "It joined a case, or was taken before."),
        Call::get("cases", "/cases/counts", "countCases", say::COUNT_CASES)
            .to(cases::counts)
            .with(&filters())
            .with_shared(&["unit", "from", "to"])
            .answers("200", cases::Counted::schema, "The counts."),
        Call::get("cases", "/cases/export", "exportCases", say::EXPORT_CASES)
            .to(cases::export)
            .with(&filters())
            .with_shared(&["unit", "from", "to", "format", "heads"])
            .answers_file(&FILES, "The file.")
            .refuses(&["422"]),
        Call::get("cases", "/cases/{number}", "oneCase", say::ONE_CASE).to(cases::one).answers(
            "200",
            cases::CaseDetail::schema,
            "The case.",
        ),
        Call::post("cases", "/cases/{number}/acts", "actOnCase", say::ACT_ON_CASE)
            .to(cases::act)
            .body(bodies::case_act, json!({"act": "acknowledge", "client_id": "h-1"}))
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
