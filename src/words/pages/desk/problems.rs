//! The problem list.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const PROBLEM_LIST: Words = words("问题清单", "Problem list");
pub(crate) const CSV: Words = words("导出CSV", "CSV");
pub(crate) const XLSX: Words = words("导出XLSX", "XLSX");
pub(crate) const COUNTS_BY_STATE: Words = words("按状态统计", "Counts by state");
pub(crate) const OVER_FIRST: Words = words("已结束的告警只统计前", "Of alerts that are over the first ");
pub(crate) const OVER_COUNTED: Words = words("件，“+”表示还有更多。", " are counted; + stands for more.");
pub(crate) const SEEN_FROM: Words = words("发现日期从", "First seen from");
pub(crate) const ONLY: Words = words("只看", "Only");
pub(crate) const APPLY: Words = words("筛选", "Show");
pub(crate) const SORT: Words = words("排序：", "Order: ");
pub(crate) const BY_CLOCK: Words = words("按时限", "by clock");
pub(crate) const NEWEST: Words = words("最新发现", "newest");
pub(crate) const CANDIDATES: Words =
    words("另有可能涉及本辖区的告警 ", "Alerts of other ground that may concern this one: ");
pub(crate) const CANDIDATES_TAIL: Words = words(" 件，不计入", ", in no number here");
pub(crate) const LIST_CANDIDATES: Words = words("一并列出", "list them too");
pub(crate) const NO_ALERT_FITS: Words = words(
    "没有符合条件的告警。没有告警不等于没有火情，数据覆盖见“数据源”。",
    "No alert fits. No alert does not mean no fire; see Feeds for the coverage.",
);
pub(crate) const ESCALATED_AND_MARKS: Words = words("升级 / 提示", "Escalated / marks");
pub(crate) const NO_CLOCK: Words = words("无计时", "none runs");
pub(crate) const ESCALATED_TO: Words = words("已升级至", "escalated to");
pub(crate) const DISPUTE_WAITS: Words = words("归属异议待裁定", "disputed");
pub(crate) const OPEN: Words = words("未办结", "open");
pub(crate) const ALSO_CLOSED: Words = words("全部（含已办结）", "all, closed ones too");
pub(crate) const WHICH: Words = words("范围", "Which");
pub(crate) const ANY: Words = words("不限", "any");
pub(crate) const LEVEL: Words = words("现由哪级办理", "Level that has it");
pub(crate) const MY_GROUND: Words = words("本辖区", "my ground");
pub(crate) const ALSO_CANDIDATE: Words = words("含可能涉及的", "also as candidate");

pub(crate) fn overdue_by(span: &str) -> Sentence {
    sentence(format!("超时{span}"), format!("overdue by {span}"))
}

pub(crate) fn time_left(span: &str) -> Sentence {
    sentence(format!("还剩{span}"), format!("{span} left"))
}
