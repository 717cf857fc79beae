//! Calls about alerts.

use std::fmt;

use crate::store::ENDED_COUNTED;
use crate::words::{Words, words};

pub(crate) const LIST_ALERTS: Words =
    words("告警列表", "The problem list, latest first; 100 a page unless `limit` says otherwise, 1000 at most.");
pub(crate) const ADD_ALERT: Words = words(
    "上报告警",
    "An alert that people bring: patrol, video, inspection, complaint, official list, problem. Who complained comes \
     back nowhere.",
);
pub(crate) const COUNT_ALERTS: Words = words("告警统计", "Counts by ground, source and state.");
pub(crate) const EXPORT_ALERTS: Words =
    words("导出告警", "All alerts of a filter as a file, at most 20,000: more is a 422.");
pub(crate) const ONE_ALERT: Words =
    words("告警详情", "One alert: chains of people, everything that happened, clocks, what else burnt there.");
pub(crate) const ACT_ON_ALERT: Words = words(
    "办理告警",
    "What somebody does to an alert. `act` says what; each act has its own fields and refuses others. What is allowed \
     follows from the state, the acting unit's place in the tree, and the content.",
);
pub(crate) const OF_CANDIDATES: Words = words("含候选单位", "also alerts where the unit is only a candidate");
pub(crate) const OF_STATE: Words = words("状态", "states, by commas");
pub(crate) const OF_OPEN: Words = words("未结", "neither excluded nor closed");
pub(crate) const OF_SOURCE: Words = words("来源", "sources, by commas");
pub(crate) const OF_VERDICT: Words = words("判定", "verdicts, by commas");
pub(crate) const OF_LEVEL: Words = words("层级", "level of the unit that has the alert");
pub(crate) const OF_OVERDUE: Words = words("超时", "a clock ran out");
pub(crate) const OF_UNDELIVERED: Words = words("未送达", "nobody could be reached");
pub(crate) const OF_DISPUTED: Words = words("有异议", "a dispute waits");
pub(crate) const OF_EXTERNAL_NUMBER: Words = words("外部编号", "number in an outside list");

/// Said of the number of alerts of all pages: open ones are counted one by one, those that are over up to a limit.
pub(crate) const COUNT: OfAllPages = OfAllPages;

/// Said where that limit was met.
pub(crate) const COUNT_IS_LEAST: &str =
    "There are more that are over than were counted; `/alerts/counts` counts all of them.";

/// [`COUNT`]: it names the limit.
pub(crate) struct OfAllPages;

impl fmt::Display for OfAllPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Of all pages. Alerts that are over are counted up to {ENDED_COUNTED}.")
    }
}
