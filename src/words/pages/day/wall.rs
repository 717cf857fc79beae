//! The page for a wall screen.

use crate::words::{Words, words};

pub(crate) const INTERNAL: Words = words("内部工作资料，不得公开", "Internal working material, not for publication");
pub(crate) const THE_DAY: Words = words("当日", "The day");
pub(crate) const NO_DATA_YET: Words = words("尚未收到任何数据", "no data yet");
pub(crate) const NO_FIRE_SO_FAR: Words = words("暂无疑似火点。", "No suspected fire so far.");
pub(crate) const ALERTS: Words = words("告警（累计）", "Alerts (all)");
pub(crate) const OVERDUE: Words = words("超时", "Overdue");
pub(crate) const CLOSED: Words = words("已办结", "Closed");
pub(crate) const PLAN_PROGRESS: Words = words("有序烧除序时进度", "Progress of the burn plans");
pub(crate) const NO_PLAN_YET: Words = words("尚无烧除计划。", "There is no burn plan yet.");
pub(crate) const APPROVED: Words = words("批准（件）", "Approved");
pub(crate) const APPROVED_MU: Words = words("批准（亩）", "Approved, mu");
pub(crate) const BURNT_MU: Words = words("已烧（亩）", "Burnt, mu");
pub(crate) const TO_COME_MU: Words = words("未烧（亩）", "To come, mu");
pub(crate) const LAPSED_MU: Words = words("逾期（亩）", "Lapsed, mu");
pub(crate) const REFRESH_EVERY: Words = words("每", "Asks anew every ");
pub(crate) const REFRESH_SECONDS: Words = words("秒自动刷新", " seconds");
pub(crate) const REFRESH_STOP: Words = words("停止自动刷新", "stop");
pub(crate) const REFRESH_START: Words = words("每分钟自动刷新", "Ask anew every minute");
pub(crate) const PRINTS_A3: Words = words("打印：A3横向", "Prints on A3, landscape");
