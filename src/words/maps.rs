//! What is written on maps and sketches.

use super::{Sentence, Words, sentence, words};
use crate::domain::time::Date;

/// The unit of the scale bar.
pub const KM: Words = words("公里", "km");
/// On the arrow.
pub const NORTH: Words = words("北", "N");
/// Before the number of a map that was reviewed.
pub const REVIEW_NUMBER: Words = words("审图号：", "map review number ");
/// On maps that were never reviewed.
pub const INTERNAL: Words = words("内部工作资料，不得公开", "internal working material, not for publication");
/// On every map of a demonstration.
pub const SIMULATED: Words = words("演示数据：火点均为模拟", "demonstration: simulated fires");

/// What a sketch of an alert shows.
pub const PIXELS: Words = words(
    "矩形为卫星像元范围，火点在其中某处，十字为像元中心。",
    "Rectangles are satellite pixels, the fire is somewhere inside; crosses are pixel centres.",
);
/// What a sketch of a burn plan shows.
pub const PLOT: Words = words(
    "粗线框为烧除地块；斜线为生效的禁烧区，底色为生效的限烧区，虚线为未生效的分区。",
    "The thick frame is the plot; hatched: ban zone in force, shaded: limited zone in force, dashed: zones out of force.",
);

/// The title of a comparison of two region versions.
pub const VERSIONS: Words = words("两个区划版本的范围变化", "What lies elsewhere between the two region versions");
/// What such a comparison shows.
pub const VERSIONS_KEY: Words = words(
    "灰线为旧版本的边界；加号为新增，叉号为删除，菱形为范围变化（虚线旧、实线新）。",
    "Grey lines are the old version; a plus is added, a cross is removed, a diamond lies elsewhere (dashed: old, solid: \
     new).",
);
/// An outline that only the new version has.
pub const ADDED: Words = words("新增", "added");
/// An outline that only the old version has.
pub const REMOVED: Words = words("删除", "removed");
/// An outline that lies elsewhere now.
pub const MOVED: Words = words("范围变化", "outline changed");

/// In the key: a ban zone in force.
pub const BAN_ZONE: Words = words("禁烧区", "ban zone");
/// In the key: a limited zone in force.
pub const LIMITED_ZONE: Words = words("限烧区", "limited zone");
/// In the key: a zone out of force.
pub const NOT_IN_FORCE: Words = words("当日未生效", "not in force");

/// The title of the map of a day.
#[must_use]
pub fn day_title(region: &str, region_en: &str, day: Date) -> Sentence {
    sentence(format!("{region} {day} 秸秆焚烧疑似火点图"), format!("{region_en}, {day}: suspected straw fires"))
}

/// What the map of a day shows, from its figures in a sentence of either language and the fires outside the ground.
#[must_use]
pub fn day_description(figures: &str, outside: u64) -> Sentence {
    let (also_zh, also_en) = match outside {
        0 => (String::new(), String::new()),
        n => (format!("；另有辖区外 {n} 处，不计入"), format!("; and {n} fires outside, not counted")),
    };
    sentence(
        format!("{figures}{also_zh}。明细见列表。"),
        format!("{figures}{also_en}; the list says the same in words."),
    )
}
