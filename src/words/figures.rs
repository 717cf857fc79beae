//! What stands beside counted numbers: whose they are, and why they differ.

use super::{Words, words};
use crate::domain::unit::UnitLevel;

/// Behind the name of the ground that was counted.
pub const TOTAL: Words = words("合计", ", total");
/// The three numbers, each at its place.
pub const COUNTED: Words = words(
    "：热异常像元 {pixels} 个，疑似火点 {fires} 处，告警 {alerts} 件",
    ": {pixels} pixels, {fires} suspected fires, {alerts} alerts",
);
/// Before why alerts and fires differ.
pub const ALERTS: Words = words("告警与疑似火点：", "Alerts and fires: ");
/// Before why pixels are not those of the fires.
pub const PIXELS: Words = words("热异常像元：", "Pixels: ");
/// `n` fires with more than one alert.
pub const CROSSING: Words =
    words("其中跨界 {n} 处分办（多 {more} 件）", "{n} fires across a border have an alert for each side ({more} more)");
/// `n` fires without one.
pub const WITHOUT_ALERT: Words =
    words("{n} 处未生成告警（计划烧除、固定热源、历史数据等）", "{n} without an alert (planned, heat source, archive)");
/// `n` fires that others work.
pub const WORKED_ELSEWHERE: Words = words("{n} 处由辖区外单位承办", "{n} worked by units of other ground");
/// `n` alerts of fires that were counted before.
pub const OF_EARLIER: Words = words("{n} 件属于此前已列出的火点", "{n} alerts of fires listed earlier");
/// `n` alerts of fires that are counted elsewhere.
pub const OF_ELSEWHERE: Words = words("{n} 件的火点主体在辖区外", "{n} alerts of fires that lie on other ground");
/// `n` alerts of fires that are not asked for.
pub const OF_OTHER_VERDICT: Words = words("{n} 件的火点为其他判定", "{n} alerts of fires of another verdict");
/// `n` alerts without a satellite.
pub const REPORTED: Words = words("{n} 件为人工上报", "{n} reported by people");
/// `n` pixels of fires that were counted before.
pub const PIXELS_OF_EARLIER: Words =
    words("{n} 个属于此前已列出的火点（延续燃烧）", "{n} belong to fires listed earlier, which burn on");
/// `n` pixels of fires that are counted elsewhere.
pub const PIXELS_OF_ELSEWHERE: Words =
    words("{n} 个的火点主体在辖区外", "{n} belong to fires that lie on other ground");
/// Said with every ledger.
pub const LEDGER: Words = words(
    "火点为卫星疑似火点，与实际烧除面积不相加",
    "seen are suspected fires; they are never added to what was burnt",
);

/// The line of what belongs to no unit of a level.
#[must_use]
pub fn no_unit(level: Option<UnitLevel>) -> Words {
    match level {
        Some(UnitLevel::County) => words("未归县（市、区）", "no county"),
        Some(UnitLevel::Township) => words("未归乡镇", "no township"),
        _ => words("未归村（网格）", "no village or cell"),
    }
}

/// What the units of a level are called in the head of a column.
#[must_use]
pub fn column(level: Option<UnitLevel>) -> Words {
    match level {
        Some(UnitLevel::City) => words("市", "City"),
        Some(UnitLevel::County) => words("县（市、区）", "County"),
        Some(UnitLevel::Township) => words("乡镇", "Township"),
        Some(UnitLevel::Village) => words("村", "Village"),
        Some(UnitLevel::Hamlet) => words("屯", "Hamlet"),
        Some(UnitLevel::Grid) => words("网格", "Grid cell"),
        None => words("单位", "Unit"),
    }
}
