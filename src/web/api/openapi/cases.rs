//! Calls about cases.

use serde_json::{Value, json};

use super::words::{Call, parameter};
use crate::domain::unit::UnitLevel;
use crate::web::api::openapi::types::{flag, one_of, text};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(
            "cases",
            "/cases",
            "listCases",
            ("案件列表", "The problem list, latest first; 100 a page unless `limit` says otherwise, 1000 at most."),
        )
        .with(&filters())
        .with_shared(&["unit", "from", "to", "limit", "after"])
        .answers("200", "CasePage", "A page."),
        Call::post(
            "cases",
            "/cases",
            "addCase",
            (
                "上报案件",
                "A case that people bring: patrol, video, inspection, complaint, official list, problem. Who complained \
                 comes back nowhere.",
            ),
        )
        .body(
            "NewCase",
            &json!({"source": "patrol", "lon": 122.72, "lat": 45.62, "description": "路边有烟", "client_id": "p-1"}),
        )
        .answers("201", "CaseAdded", "It is a case of its own.")
        .answers("200", "CaseAdded", "It joined a case, or was taken before."),
        Call::get("cases", "/cases/counts", "countCases", ("案件统计", "Counts by ground, source and state."))
            .with(&filters())
            .with_shared(&["unit", "from", "to"])
            .answers("200", "CaseCounts", "The counts."),
        Call::get("cases", "/cases/export", "exportCases", ("导出案件", "All cases of a filter as a file, at most 20,000: more is a 422."))
            .with(&filters())
            .with_shared(&["unit", "from", "to", "format", "heads"])
            .answers_file(&FILES, "The file.")
            .refuses(&["422"]),
        Call::get(
            "cases",
            "/cases/{number}",
            "oneCase",
            ("案件详情", "One case: chains of people, everything that happened, clocks, what else burnt there."),
        )
        .answers("200", "CaseDetail", "The case."),
        Call::post(
            "cases",
            "/cases/{number}/acts",
            "actOnCase",
            (
                "办理案件",
                "What somebody does to a case. `act` says what; each act has its own fields and refuses others. What is \
                 allowed follows from the state, the acting unit's place in the tree, and the content.",
            ),
        )
        .body("CaseAct", &json!({"act": "acknowledge", "client_id": "h-1"}))
        .answers("200", "CaseDone", "Done, or done before."),
    ]
}

/// Forms of a table.
pub(super) const FILES: [&str; 4] = ["text/csv", XLSX, "application/json", "application/geo+json"];

/// A workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn filters() -> Vec<Value> {
    let levels = UnitLevel::ALL.map(UnitLevel::name);
    vec![
        parameter("candidates", &flag(), "含候选单位 · also cases where the unit is only a candidate"),
        parameter("state", &text(), "状态 · states, by commas"),
        parameter("open", &flag(), "未结 · neither excluded nor closed"),
        parameter("source", &text(), "来源 · sources, by commas"),
        parameter("verdict", &text(), "判定 · verdicts, by commas"),
        parameter("level", &one_of(&levels), "层级 · level of the unit that has the case"),
        parameter("overdue", &flag(), "超时 · a clock ran out"),
        parameter("undelivered", &flag(), "未送达 · nobody could be reached"),
        parameter("disputed", &flag(), "有异议 · a dispute waits"),
        parameter("external_number", &text(), "外部编号 · number in an outside list"),
    ]
}
