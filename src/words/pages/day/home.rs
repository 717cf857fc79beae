//! The page of a day.

use crate::words::{Words, words};

pub(crate) const DAY_FIRE_MAP: Words = words("火点图", "fire map");
pub(crate) const ALERTS: Words = words("告警", "Alerts");
pub(crate) const DAY_NOT_BEGUN: Words = words("该日尚未开始。", "This day has not begun.");
pub(crate) const NO_FIRE_ON_DAY: Words = words("当日暂无疑似火点", "No suspected fire so far on this day");
pub(crate) const COVERAGE_IS_OF_NOW: Words = words(
    "以上为数据源目前的状态；该日个别过境是否缺测，尚不能逐一核对。",
    "This is the state of the feeds now; whether a single pass of that day was missed cannot be told yet.",
);
pub(crate) const FRAMES_ARE_PIXELS: Words = words("小框为卫星像元范围。", "Small frames are satellite pixels.");
pub(crate) const LIVE_MAP: Words = words("交互地图（筛选、时间轴）", "Live map (filters, time slider)");
pub(crate) const MAP_ALONE: Words = words("单独打开地图（SVG）", "The map by itself (SVG)");
pub(crate) const NO_ALERT_ON_DAY: Words = words(
    "当日暂无告警。以上为数据覆盖情况；没有火点不等于没有火情。",
    "No alert on this day so far; see the coverage above. No fire point does not mean no fire.",
);
pub(crate) const CANDIDATES: Words = words(
    "辖区外、可能涉及本辖区的告警（不计入合计）",
    "Alerts of other ground that may concern this one (in no total)",
);
pub(crate) const LATE: Words = words("延迟入库", "late");
pub(crate) const MAY_BE_BANNED: Words = words(
    "像元部分在禁烧区内，可能属禁烧区火点",
    "part of the pixel is banned ground: it may be a fire in the ban zone",
);
pub(crate) const OR_IN: Words = words("也可能在：", "or in: ");
pub(crate) const CONFIDENCE: Words = words("置信度", "confidence ");
pub(crate) const PIXELS: Words = words("个像元", " px");
