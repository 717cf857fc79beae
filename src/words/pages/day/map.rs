//! The live fire map.

use crate::words::{Words, words};

pub(crate) const LIVE_MAP: Words = words("动态地图", "live fire map");
pub(crate) const DAY_PAGE: Words = words("当日火点", "Day page");
pub(crate) const FILTERS: Words = words("筛选", "Filters");
pub(crate) const UNIT: Words = words("区域", "Unit");
pub(crate) const FROM: Words = words("从", "From");
pub(crate) const ALERT_STATE: Words = words("告警状态", "State of the alert");
pub(crate) const CONFIDENCE: Words = words("置信度", "Confidence");
pub(crate) const NOTHING_TICKED: Words = words("不勾选即全部显示。", "Nothing ticked shows everything.");
pub(crate) const APPLY: Words = words("应用", "Apply");
pub(crate) const PLAY: Words = words("播放", "Play");
pub(crate) const PAUSE: Words = words("暂停", "Pause");
pub(crate) const FOOTPRINTS: Words = words("像元范围", "Pixel footprints");
pub(crate) const ZONES: Words = words("禁烧/限烧区", "Zones");
pub(crate) const OUTLINES: Words = words("区划边界", "Unit outlines");
pub(crate) const KEYS: Words = words(
    "火点图：方向键移动，加减号缩放，回车打开离中心最近的告警；右侧列表内容相同",
    "Fire map: arrow keys move, plus and minus zoom, Enter opens the alert nearest the middle; the list says the same",
);
pub(crate) const SIMULATED: Words = words("演示数据：火点均为模拟", "demonstration: simulated fires");
pub(crate) const CHOSEN: Words = words("所选告警", "Chosen alert");
pub(crate) const CLOSE: Words = words("关闭", "Close");
pub(crate) const TIME: Words = words("时间", "Time");
pub(crate) const PLACE: Words = words("地点", "Place");
pub(crate) const PIXELS: Words = words("像元", "Pixels");
pub(crate) const OPEN_ALERT: Words = words("打开告警", "Open the alert");
pub(crate) const FRAMES_ARE_PIXELS: Words =
    words("小框为卫星像元范围，火点在其中某处。", "Small frames are satellite pixels; the fire is somewhere inside.");
pub(crate) const ALERTS_ON_MAP: Words = words("图上的告警", "Alerts on the map");
pub(crate) const NEARBY_FIRES: Words = words("；图上另有市外邻近火点 ", "; also on the map, outside the city: ");
pub(crate) const NEARBY_PIXELS: Words = words(" 处、像元 ", " fires, ");
pub(crate) const NEARBY_TAIL: Words = words(" 个，不计入", " pixels, not counted");
pub(crate) const OTHER_FIRES: Words =
    words("；另有辖区外、可能涉及的火点 ", "; of other ground, and may concern this one: ");
pub(crate) const OTHER_PIXELS: Words = words(" 个、告警 ", " pixels, ");
pub(crate) const OTHER_ALERTS: Words = words(" 件，不计入", " alerts, not counted");
pub(crate) const ALERT_AND_TIME: Words = words("告警、时间", "Alert, time");
pub(crate) const VERDICT_STATE_PLACE: Words = words("判定、状态、地点", "Verdict, state, place");
pub(crate) const NO_ALERT_PASSES: Words = words(
    "没有符合筛选条件的告警；没有火点不等于没有火情。",
    "No alert passes the filters; no fire point does not mean no fire.",
);
pub(crate) const PROBLEM: Words = words("问题线索", "problem, no fire");
pub(crate) const SHOW_ON_MAP: Words = words("在图上显示", "Show on the map");
pub(crate) const LIVE_COUNTS: Words =
    words("{t}：热异常像元 {p} 个，疑似火点 {f} 处，告警 {a} 件", "{t}: {p} pixels, {f} suspected fires, {a} alerts");
pub(crate) const LIVE_OTHERS: Words = words(
    "；图上另有火点 {f} 处、像元 {p} 个、告警 {a} 件，不计入（市外邻近、辖区外或此前已列出）",
    "; also on the map and not counted: {f} fires, {p} pixels, {a} alerts (outside, or listed earlier)",
);
pub(crate) const LIVE_CHECKED: Words = words("已于 {t} 核对", "checked at {t}");
pub(crate) const LIVE_STALE: Words =
    words("无法更新，以下为 {t} 的数据", "cannot be refreshed; this is the state of {t}");
pub(crate) const LIVE_NO_ALERT: Words = words("此火点没有告警", "this fire has no alert");
pub(crate) const LIVE_NEWEST: Words = words("最新观测 {t}", "newest acquisition {t}");
pub(crate) const LIVE_FIRST_ONLY: Words =
    words("仅列出前 {n} 件，请缩小筛选范围", "only the first {n} are listed; narrow the filters");
pub(crate) const LOW: Words = words("低", "low");
pub(crate) const NOMINAL: Words = words("中", "nominal");
pub(crate) const HIGH: Words = words("高", "high");
