//! What is said of the operator's files beside their faults ([`super::file_faults`]): two versions of a region compared, and
//! rows of a file of burn plans that are no plan.

use std::fmt::Display;

use super::{Sentence, Words, sentence, words};
use crate::domain::ground::RegionVersion;

/// Responsible units.
pub const UNITS: Words = words("单位", "units");
/// Ban and limited zones.
pub const ZONES: Words = words("分区", "zones");
/// Responsible people.
pub const PEOPLE: Words = words("责任人", "people");
/// Permanent heat sources.
pub const HEAT_SOURCES: Words = words("热源", "heat sources");
/// Named places.
pub const PLACES: Words = words("地名", "places");
/// Times at which nothing may burn.
pub const CLOSURES: Words = words("管控时段", "closures");
/// Levels of burn weather.
pub const BURN_WEATHER: Words = words("焚烧气象等级", "burn weather");
/// Burn plans.
pub const BURN_PLANS: Words = words("烧除计划", "burn plans");
/// Who is on duty.
pub const DUTY: Words = words("值班表", "duty roster");
/// What grows where.
pub const LANDCOVER: Words = words("地表类型", "land cover");

/// Two versions that differ in no record.
pub(crate) const NOTHING_DIFFERS: &str = "内容没有变化 / no record differs";

/// Which versions are compared.
pub(crate) fn versions(from: &RegionVersion, to: &RegionVersion) -> String {
    format!("区划版本 / region version: {} -> {}", from.short(), to.short())
}

/// The settings that differ.
pub(crate) fn settings(names: &[&str]) -> String {
    format!("设置 / settings: {}", names.join(", "))
}

/// The ground that a zone gained and lost, km².
pub(crate) fn area(zone: impl Display, gained_km2: f64, lost_km2: f64) -> String {
    format!("面积 / area: {zone} +{gained_km2:.3} km² -{lost_km2:.3} km²")
}

/// How many records of a kind were added, removed and changed.
pub(crate) fn counts(kind: Words, (added, removed, changed): (usize, usize, usize)) -> String {
    format!(
        "{} / {}: 新增 {added} 删除 {removed} 修改 {changed} / {added} added, {removed} removed, {changed} changed",
        kind.zh, kind.en
    )
}

/// A window that ends before it begins.
pub(crate) const WINDOW_REVERSED: Words = words("烧除时段的结束不晚于开始", "window_end is not after window_start");

/// A plot whose datum nobody named.
pub(crate) const PLOT_WITHOUT_DATUM: Words =
    words("有地块坐标但没有声明坐标系", "a plot, but no datum is declared, which is wgs84, cgcs2000, gcj02 or bd09");

/// An area that no plan has.
pub(crate) fn not_an_area(column: &str, mu: f64, most: f64) -> Sentence {
    sentence(
        format!("“{column}”为{mu}亩，应大于0且不超过{most}"),
        format!("{column:?} is {mu} mu, expected more than 0 and at most {most}"),
    )
}

/// A status that no plan has.
pub(crate) fn not_a_status(text: &str, known: &str) -> Sentence {
    sentence(format!("状态为{text:?}，应为{known}"), format!("the status is {text:?}, expected one of {known}"))
}

/// A plot of too few corners.
pub(crate) fn too_few_corners(corners: usize) -> Sentence {
    sentence(format!("只有{corners}个拐点，地块至少要有3个"), format!("{corners} corner(s), a plot has 3 at least"))
}

/// A line of a plot that is no corner.
pub(crate) fn not_a_corner(line: usize, found: &str) -> Sentence {
    sentence(
        format!("第{line}行“{found}”不是一个拐点，应为“经度,纬度”，如122.65,45.52"),
        format!("line {line} {found:?} is no corner, expected longitude and latitude as 122.65,45.52"),
    )
}
