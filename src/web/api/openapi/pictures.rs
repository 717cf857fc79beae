//! Calls that show a day and follow it.

use super::heads::Kept;
use super::words::{Call, parameter};
use crate::web::api::openapi::types::{day, text};

const GEOJSON: &str = "application/geo+json";

/// The calls.
pub(super) fn calls() -> Vec<Call> {
    let span = ["from", "to", "county", "outside", "limit", "after"];
    vec![
        Call::get("day", "/openapi.json", "openapi", ("本文件", "This document.")).answers(
            "200",
            "Anything",
            "The document.",
        ),
        Call::get(
            "day",
            "/events",
            "followEvents",
            (
                "事件流（SSE）",
                "Server-sent events of changes in the cases and plans the account sees: `case`, `plan`, and `gone` when a \
                 case is shown no more. `id` is the place in the log: send it as `Last-Event-ID` to go on. Four streams an \
                 account; a comment every 15 s; ends when the account may not come in any more.",
            ),
        )
        .with(&[parameter("after", &text(), "续传 · as `Last-Event-ID`, for programs that cannot set it")])
        .kept(Kept::Stream)
        .answers_file(&["text/event-stream"], "The stream; the data of an event is a Change.")
        .refuses(&["429"]),
        Call::get(
            "day",
            "/figures",
            "figures",
            (
                "统计数",
                "Pixels, suspected fires and alerts of a period, on the own ground or a unit of it: the numbers of every \
                 page and list. Neighbours and other ground are in no total; `reasons` say why there are more or fewer \
                 alerts than fires.",
            ),
        )
        .with(&[
            parameter("from", &text(), "起始 · local day, or a moment; today by default"),
            parameter("to", &text(), "截止 · local day, inclusive, or a moment, not included; one day alone is that day"),
            parameter("unit", &text(), "单位代码 · code of a unit of the own ground"),
            parameter("verdict", &text(), "判定 · verdicts, by commas"),
        ])
        .answers("200", "PeriodFigures", "The numbers."),
        Call::get(
            "day",
            "/alerts",
            "alertsOfDays",
            ("当日告警", "Alerts first seen on some days, latest first, at most 31 days a call and 1000 a page, with what the feeds are worth."),
        )
        .with_shared(&span)
        .answers("200", "AlertPage", "A page."),
        Call::get(
            "day",
            "/detections.geojson",
            "detectionsOfDays",
            ("当日像元", "Detections of some days: centres of satellite pixels, not fires. At most 31 days a call and 5000 a page; `Link` names \
              the next."),
        )
        .with_shared(&span)
        .answers_as(GEOJSON, "200", "Detections", "A page."),
        Call::get(
            "day",
            "/fires.geojson",
            "firesOfDays",
            ("当日疑似火点", "Suspected fires of some days, made of detections. At most 31 days a call and 5000 a page; `Link` names the next."),
        )
        .with_shared(&span)
        .answers_as(GEOJSON, "200", "Fires", "A page."),
        Call::get("day", "/zones.geojson", "zones", ("禁烧、限烧区", "All zones, with whether each is in force on a day."))
            .with(&[parameter("date", &day(), "日期 · local day; today by default")])
            .answers_as(GEOJSON, "200", "Zones", "All of them."),
        Call::get("day", "/units.geojson", "units", ("责任单位", "All units of the region; some have no outline."))
            .answers_as(GEOJSON, "200", "Units", "All of them."),
    ]
}
