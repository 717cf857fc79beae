//! What the live map loads.

use crate::words::{Words, words};

pub(crate) const MAP_OF_DAY: Words = words(
    "火点图（当日）",
    "The day as columns of small integers: entry n of every column of a table is its row n. The tag leaves out \
     `generated_at`: 304 says that the day is unchanged.",
);
pub(crate) const MAP_BASE: Words = words(
    "火点图（底图）",
    "Outlines of units and zones, simplified to some 15 m: the same as long as the region version.",
);
pub(crate) const ASKED_DATE: Words = words("日期", "local day; today by default");
pub(crate) const ASKED_UNIT: Words = words("单位代码", "code of a unit; everything below it too");
pub(crate) const ASKED_VERDICT: Words = words("判定", "verdicts, by commas");
pub(crate) const FEED_NEWEST: Words = words("最新观测", "newest acquisition, local, MM-DD HH:MM; null: none is known");
pub(crate) const FEED_STATE: Words = words("状态", "the state in the language asked for");
pub(crate) const GENERATED_AT: Words = words("生成时刻", "when it was made; no part of the tag");
pub(crate) const SIMULATED: Words = words("模拟数据", "the fires are made up");
pub(crate) const COVERAGE: Words = words("数据源状态", "what each feed is worth: no point is not no fire");
pub(crate) const DATA_UP_TO: Words =
    words("数据截至", "newest acquisition of all that was received, local, MM-DD HH:MM; null: none");
pub(crate) const DATE: Words = words("日期", "the local day");
pub(crate) const ZONES_IN_FORCE: Words =
    words("当日有效区域", "places in the `zones` of the base, of zones in force that day");
pub(crate) const WORD_UNITS: Words = words("单位", "code and full name of each unit that an alert names");
pub(crate) const WORD_LISTS: Words =
    words("词表", "what the numbers of word columns stand for: places in these lists, from 0");
pub(crate) const COUNTED: Words =
    words("计入合计", "1: in the total of `figures`; 0: a neighbour's, or of other ground");
pub(crate) const PIXEL_ID: Words = words("像元编号", "id of the detection");
pub(crate) const PIXEL_MINUTE: Words = words("观测时刻", "whole minutes since the local midnight the day began with");
pub(crate) const PIXEL_LON: Words = words("中心经度", "WGS-84 longitude of the centre, 1e-5 degree");
pub(crate) const PIXEL_LAT: Words = words("中心纬度", "WGS-84 latitude of the centre, 1e-5 degree");
pub(crate) const PIXEL_B: Words = words(
    "轨道向半边长",
    "length of half the track side, a quarter turn to the left of (ax, ay), decimetres; 0: no footprint is known",
);
pub(crate) const PIXEL_VERDICT: Words = words("判定", "place in words.verdicts");
pub(crate) const PIXEL_CONFIDENCE: Words = words("置信度", "place in words.confidences");
pub(crate) const PIXEL_SATELLITE: Words = words("卫星", "place in words.satellites");
pub(crate) const PIXEL_FRP: Words = words("辐射功率", "fire radiative power, 0.1 MW");
pub(crate) const PIXEL_FIRE: Words =
    words("所属火点", "row in `fires`, when its fire was first seen this day and is asked for");
pub(crate) const PIXELS: Words = words(
    "像元",
    "pixels acquired that day; a pixel is not a fire. Corners are centre ± a ± b, with 111.19508 km to a degree of \
     latitude, and that times the cosine of the centre's latitude to one of longitude.",
);
pub(crate) const FIRE_ID: Words = words("火点编号", "id of the fire");
pub(crate) const FIRE_FIRST: Words =
    words("首次发现", "first seen, whole minutes since the local midnight the day began with");
pub(crate) const FIRE_LAST: Words = words("最近发现", "last seen, the same; more than a day's for what burnt on");
pub(crate) const FIRE_LON: Words = words("经度", "WGS-84 longitude, 1e-5 degree");
pub(crate) const FIRE_LAT: Words = words("纬度", "WGS-84 latitude, 1e-5 degree");
pub(crate) const FIRE_VERDICT: Words = words("判定", "place in words.verdicts");
pub(crate) const FIRE_PIXELS: Words = words("像元数", "number of its pixels, of all days");
pub(crate) const FIRES: Words = words("疑似火点", "suspected fires first seen that day");
pub(crate) const ALERT_NUMBER: Words = words("编号", "number of the alert");
pub(crate) const ALERT_FIRE: Words = words("火点", "row in `fires`");
pub(crate) const ALERT_VERDICT: Words =
    words("判定", "place in words.verdicts; -1: none, nobody judged what people brought");
pub(crate) const ALERT_STATE: Words = words("状态", "place in words.states");
pub(crate) const ALERT_FIRST: Words =
    words("首次发现", "first seen, whole minutes since the local midnight the day began with");
pub(crate) const ALERT_LAST: Words = words("最近发现", "last seen, the same; more than a day's for what burnt on");
pub(crate) const ALERT_LON: Words = words("经度", "WGS-84 longitude, 1e-5 degree");
pub(crate) const ALERT_LAT: Words = words("纬度", "WGS-84 latitude, 1e-5 degree");
pub(crate) const ALERT_UNIT: Words = words("责任单位", "place in words.units");
pub(crate) const ALERT_PLACE: Words =
    words("方位", "where it is from the nearest named place, in words; null: no place is near");
pub(crate) const ALERTS: Words = words("告警", "alerts first seen that day, worst first");
pub(crate) const UNIT_LABEL: Words =
    words("名称位置", "where its name is written, longitude and latitude in degrees; null: nowhere");
pub(crate) const EXTENT: Words = words("范围", "west, south, east, north of the city, degrees");
pub(crate) const UNITS: Words = words("单位", "units with an outline; below townships only up to 3,000");
pub(crate) const ZONES: Words = words("区域", "all zones, in force or not; `zones_in_force` of a day points here");
pub(crate) const RINGS: Words = words(
    "轮廓",
    "polygons, each of rings, each of steps x, y, x, y … from point to point in 1e-5 degree (WGS-84, longitude \
     first), the first from 0; not closed; the first ring of a polygon is the outer one",
);
pub(crate) const PIXEL_AX: Words = words(
    "扫描向半边（东）",
    "half the scan side as a vector, east part, decimetres; 0 with `ay` and `b` 0: no footprint is known",
);
pub(crate) const PIXEL_AY: Words = words("扫描向半边（北）", "its north part, decimetres");
