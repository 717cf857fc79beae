//! Calls about burning in order: plans, weather, heat sources.

use crate::words::{Words, words};

pub(crate) const LIST_PLANS: Words = words("计划列表", "Burn plans, by id; 100 a page, 1000 at most.");
pub(crate) const APPLY_FOR_PLAN: Words = words("申请计划", "An application, which others review.");
pub(crate) const EXPORT_PLANS: Words = words("导出计划", "All plans of a filter as a file.");
pub(crate) const IMPORT_PLANS: Words =
    words("导入计划", "CSV or XLSX, told by its content: all rows, or none and every fault.");
pub(crate) const ONE_PLAN: Words = words("计划详情", "One plan and everything that happened to it.");
pub(crate) const ACT_ON_PLAN: Words =
    words("办理计划", "Review, order, take back, light, done, withdraw. `cautions` say what an order runs into.");
pub(crate) const LEDGER: Words =
    words("当日台账", "A line per unit. `seen` are suspected fires; they are never added to what was burnt.");
pub(crate) const PROGRESS: Words = words("烧除进度", "Applied, approved, done and remaining, by unit.");
pub(crate) const WEATHER: Words = words("焚烧气象等级", "Levels of the region's file, then the entered ones.");
pub(crate) const ENTER_WEATHER: Words = words("录入气象等级", "A level, 1 to 4. It counts from now on.");
pub(crate) const HEAT_SOURCES: Words = words("固定热源", "All that are known, those that expire soon first.");
pub(crate) const APPROVE_HEAT_SOURCE: Words = words("批准热源", "Approves one from today on.");
pub(crate) const SUGGEST_HEAT_SOURCES: Words =
    words("疑似热源", "Places that look like one; nothing counts before a person approves it.");
pub(crate) const ACT_ON_HEAT_SOURCE: Words = words("办理热源", "Hand over, renew, end.");
pub(crate) const OF_STATUS: Words = words("状态", "where the plan stands");
pub(crate) const OF_WINDOW_DAY: Words = words("日期", "whose window touches the day; not beside from and to");
pub(crate) const OF_NEAR: Words = words("附近", "LON,LAT in WGS-84 degrees");
pub(crate) const OF_WITHIN: Words = words("距离", "kilometres, beside near; 5 by default");
pub(crate) const IMPORT_AS: Words = words("办理人", "who imports, for tokens that may act for others");
pub(crate) const IMPORT_DATUM: Words = words("坐标系", "needed where a row has a plot");
pub(crate) const IMPORT_DRY_RUN: Words = words("试运行", "show and change nothing");
pub(crate) const IMPORT_UPDATE: Words = words("更新", "rows that differ replace what is here");
pub(crate) const IMPORT_CLIENT_ID: Words = words("命令编号", "names the command");
pub(crate) const IMPORT_FILE: Words = words("文件名", "its name, for faults");
pub(crate) const LEDGER_DAY: Words = words("日期", "local day; today by default");
pub(crate) const SUGGEST_UNTIL: Words = words("截至", "local day; today by default");
