//! Calls about people, judging again, the service and the own account.

use serde_json::json;

use super::cases::XLSX;
use super::words::{Call, needed, parameter};
use crate::store::LogFilter;
use crate::web::api::openapi::types::{day, one_of, text};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    [people(), rejudgement(), service(), account()].concat()
}

fn people() -> Vec<Call> {
    let date = || parameter("date", &day(), "日期 · local day; today by default");
    let unit = || needed("unit", &text(), "单位代码 · code of a unit");
    vec![
        Call::get(
            "office",
            "/people",
            "people",
            (
                "责任人",
                "Who holds which unit of the own ground on a day, with telephones; not for accounts that only look.",
            ),
        )
        .with(&[date()])
        .with_shared(&["unit", "limit", "after"])
        .answers("200", "People", "A page."),
        Call::get(
            "office",
            "/people/check",
            "checkPeople",
            ("责任人检查", "What has to be mended, without telephones."),
        )
        .answers("200", "PeopleReview", "The review."),
        Call::get(
            "office",
            "/people/list",
            "responsibilityList",
            ("责任清单", "The responsibility list of a unit, a file."),
        )
        .with(&[unit(), date()])
        .with(&[parameter("format", &one_of(&["text", "csv", "xlsx", "html"]), "格式 · text by default")])
        .answers_file(&["text/plain", "text/csv", XLSX, "text/html"], "The list."),
        Call::get("office", "/duty", "duty", ("值班", "The shift that is running, and the desk that answers."))
            .with(&[unit(), parameter("at", &text(), "时刻 · moment, local allowed; now by default")])
            .answers("200", "Duty", "Who is on duty."),
    ]
}

fn rejudgement() -> Vec<Call> {
    let of_alert = parameter("alert", &text(), "编号 · number of a case, instead of days");
    vec![
        Call::get(
            "office",
            "/rejudgement",
            "previewRejudgement",
            (
                "重新判定（预览）",
                "The difference that judging again would make: at most 31 days, or the fire of one case.",
            ),
        )
        .with_shared(&["open_from", "open_to"])
        .with(&[of_alert])
        .answers("200", "Rejudgement", "The difference; nothing was changed.")
        .refuses(&["404"]),
        Call::post(
            "office",
            "/rejudgement",
            "rejudge",
            ("重新判定", "Judges again what was shown; `expect` is the hash of the difference."),
        )
        .body(
            "Rejudge",
            &json!({"from": "2026-04-13", "why": "热源补录", "expect": "f9b7c6da329d", "client_id": "j-1"}),
        )
        .answers("200", "Rejudgement", "What it changed."),
    ]
}

fn service() -> Vec<Call> {
    let kinds = LogFilter::kinds();
    let version = |name, said| needed(name, &text(), said);
    vec![
        Call::get("office", "/feeds", "feeds", ("数据源", "How far each feed can be believed, and why.")).answers(
            "200",
            "Feeds",
            "The feeds.",
        ),
        Call::get(
            "office",
            "/audit",
            "auditLog",
            (
                "操作日志",
                "The log, latest first, for accounts of the whole region; what is about accounts, for administrators.",
            ),
        )
        .with(&[
            parameter("subject_kind", &one_of(&kinds), "对象类别 · what it is about"),
            parameter("subject", &text(), "对象 · number or id"),
        ])
        .with_shared(&["limit", "after"])
        .answers("200", "AuditPage", "A page."),
        Call::get(
            "office",
            "/regions",
            "regionVersions",
            ("区划版本", "Stored versions of the region, the latest active first."),
        )
        .with_shared(&["limit", "after"])
        .answers("200", "RegionPage", "A page."),
        Call::get(
            "office",
            "/regions/difference",
            "regionDifference",
            ("版本差异", "What differs between two versions, for accounts of the whole region; never telephones."),
        )
        .with(&[version("from", "旧版本 · the old version"), version("to", "新版本 · the new version")])
        .answers("200", "RegionDifference", "What differs.")
        .refuses(&["422"]),
    ]
}

fn account() -> Vec<Call> {
    vec![
        Call::get("office", "/accounts/me", "me", ("本账号", "The own account, its devices and its tokens.")).answers(
            "200",
            "Me",
            "The account.",
        ),
        Call::post("office", "/accounts/me/sessions/{id}", "endSession", ("退出设备", "Ends one of the own sessions."))
            .method("delete")
            .answers_nothing("204", "It has ended."),
        Call::post(
            "office",
            "/accounts/{name}/role",
            "changeRole",
            (
                "更改角色",
                "Makes an account another role, or another unit's, for administrators; its devices sign in again, its links and tokens end.",
            ),
        )
        .body("NewRole", &json!({"role": "township", "unit": "220802100"}))
        .answers_nothing("204", "It has changed.")
        .refuses(&["404", "409"]),
    ]
}
