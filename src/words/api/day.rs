//! Calls that show a day and follow it.

use crate::words::{Words, words};

pub(crate) const OPENAPI: Words = words("本文件", "This document.");
pub(crate) const FOLLOW_EVENTS: Words = words(
    "事件流（SSE）",
    "Server-sent events of changes in the alerts and plans the account sees: `alert`, `plan`, and `gone` when an alert is \
     shown no more. `id` is the place in the log: send it as `Last-Event-ID` to go on. Four streams an account; a \
     comment every 15 s; ends when the account may not come in any more.",
);
pub(crate) const FIGURES: Words = words(
    "统计数",
    "Pixels, suspected fires and alerts of a period, on the own ground or a unit of it: the numbers of every page and \
     list. Neighbours and other ground are in no total; `reasons` say why there are more or fewer alerts than fires.",
);
pub(crate) const ALERTS_OF_DAYS: Words = words(
    "当日告警",
    "Alerts first seen on some days, latest first, at most 31 days a call and 1000 a page, with what the feeds are \
     worth.",
);
pub(crate) const DETECTIONS_OF_DAYS: Words = words(
    "当日像元",
    "Detections of some days: centres of satellite pixels, not fires. At most 31 days a call and 5000 a page; `Link` \
     names the next.",
);
pub(crate) const FIRES_OF_DAYS: Words = words(
    "当日疑似火点",
    "Suspected fires of some days, made of detections. At most 31 days a call and 5000 a page; `Link` names the next.",
);
pub(crate) const ZONES: Words = words("禁烧、限烧区", "All zones, with whether each is in force on a day.");
pub(crate) const UNITS: Words = words("责任单位", "All units of the region; some have no outline.");
pub(crate) const EVENTS_AFTER: Words = words("续传", "as `Last-Event-ID`, for programs that cannot set it");
pub(crate) const FIGURES_FROM: Words = words("起始", "local day, or a moment; today by default");
pub(crate) const FIGURES_TO: Words =
    words("截止", "local day, inclusive, or a moment, not included; one day alone is that day");
pub(crate) const FIGURES_UNIT: Words = words("单位代码", "code of a unit of the own ground");
pub(crate) const FIGURES_VERDICT: Words = words("判定", "verdicts, by commas");
pub(crate) const ZONES_DATE: Words = words("日期", "local day; today by default");
