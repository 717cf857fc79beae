//! Calls about people, judging again, the service and the own account.

use serde_json::json;

use super::alerts::XLSX;
use super::call::{Call, needed, parameter};
use super::{bodies, schemas};
use crate::domain::chain::review::Review;
use crate::report::typed::Typed;
use crate::report::typed::schema::{day, one_of, text};
use crate::store::{LogFilter, Rejudgement};
use crate::web::api::{account, people, rejudgement, service};
use crate::words::api::{examples, office as say};

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    [of_people(), of_rejudgement(), of_service(), of_account()].concat()
}

fn of_people() -> Vec<Call> {
    let date = || parameter("date", &day(), &say::PEOPLE_DATE);
    let unit = || needed("unit", &text(), &say::OF_UNIT);
    vec![
        Call::get("office", "/people", "people", say::PEOPLE)
            .to(people::all)
            .with(&[date()])
            .with_shared(&["unit", "limit", "after"])
            .answers("200", people::People::schema, "A page."),
        Call::get("office", "/people/check", "checkPeople", say::CHECK_PEOPLE).to(people::check).answers(
            "200",
            Review::schema,
            "The review.",
        ),
        Call::get("office", "/people/list", "responsibilityList", say::RESPONSIBILITY_LIST)
            .to(people::list)
            .with(&[unit(), date()])
            .with(&[parameter("format", &one_of(&["text", "csv", "xlsx", "html"]), &say::LIST_FORMAT)])
            .answers_file(&["text/plain", "text/csv", XLSX, "text/html"], "The list."),
        Call::get("office", "/duty", "duty", say::DUTY)
            .to(people::duty)
            .with(&[unit(), parameter("at", &text(), &say::DUTY_AT)])
            .answers("200", people::Duty::schema, "Who is on duty."),
    ]
}

fn of_rejudgement() -> Vec<Call> {
    let of_alert = parameter("alert", &text(), &say::REJUDGE_ALERT);
    vec![
        Call::get("office", "/rejudgement", "previewRejudgement", say::PREVIEW_REJUDGEMENT)
            .to(rejudgement::preview)
            .with_shared(&["open_from", "open_to"])
            .with(&[of_alert])
            .answers("200", Rejudgement::schema, "The difference; nothing was changed.")
            .refuses(&["404"]),
        Call::post("office", "/rejudgement", "rejudge", say::REJUDGE)
            .to(rejudgement::apply)
            .body(bodies::rejudge, examples::rejudge())
            .answers("200", Rejudgement::schema, "What it changed."),
    ]
}

fn of_service() -> Vec<Call> {
    let kinds = LogFilter::kinds();
    let version = |name, said| needed(name, &text(), said);
    vec![
        Call::get("office", "/feeds", "feeds", say::FEEDS).to(service::feeds).answers(
            "200",
            schemas::feeds,
            "The feeds.",
        ),
        Call::get("office", "/audit", "auditLog", say::AUDIT_LOG)
            .to(service::audit)
            .with(&[
                parameter("subject_kind", &one_of(&kinds), &say::LOG_SUBJECT_KIND),
                parameter("subject", &text(), &say::LOG_SUBJECT),
            ])
            .with_shared(&["limit", "after"])
            .answers("200", service::AuditPage::schema, "A page."),
        Call::get("office", "/regions", "regionVersions", say::REGION_VERSIONS)
            .to(service::versions)
            .with_shared(&["limit", "after"])
            .answers("200", service::RegionPage::schema, "A page."),
        Call::get("office", "/regions/difference", "regionDifference", say::REGION_DIFFERENCE)
            .to(service::versions_differ)
            .with(&[version("from", &say::DIFFERENCE_FROM), version("to", &say::DIFFERENCE_TO)])
            .answers("200", schemas::region_difference, "What differs.")
            .refuses(&["422"]),
    ]
}

fn of_account() -> Vec<Call> {
    vec![
        Call::get("office", "/accounts/me", "me", say::ME).to(account::me).answers(
            "200",
            account::Own::schema,
            "The account.",
        ),
        Call::command("delete", "office", "/accounts/me/sessions/{id}", "endSession", say::END_SESSION)
            .to(account::end_session)
            .answers_nothing("204", "It has ended."),
        Call::post("office", "/accounts/{name}/role", "changeRole", say::CHANGE_ROLE)
            .to(account::change_role)
            .body(bodies::new_role, json!({"role": "township", "unit": "220802100"}))
            .answers_nothing("204", "It has changed.")
            .refuses(&["404", "409"]),
    ]
}
