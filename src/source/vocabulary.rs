//! The Chinese words in the lists that people bring and that are read: heads, marks of a place, parts of a time.

/// Heads of two columns by which a list shows to hold places.
pub(super) const PLACE_HEADS: [[&str; 2]; 2] = [["经度", "纬度"], ["东经", "北纬"]];
/// Marks that may stand before or behind a number without changing it.
#[derive(Debug)]
pub(super) struct Marks {
    pub before: [&'static str; 3],
    pub behind: [&'static str; 1],
}
/// Those of a longitude; a western one is in no list of China.
pub(super) const EAST: Marks = Marks { before: ["东经", "E", "e"], behind: ["E"] };
/// Those of a latitude.
pub(super) const NORTH: Marks = Marks { before: ["北纬", "N", "n"], behind: ["N"] };
/// What stands behind decimal degrees.
pub(super) const DEGREE_SIGNS: [char; 2] = ['°', '度'];
/// What stands between and behind degrees, minutes and seconds.
pub(super) const SIXTIETH_SIGNS: &str = "°度′'’分″\"”秒:";
/// What stands behind an hour.
pub(super) const HOUR_SIGNS: [char; 2] = ['时', '点'];
/// By day.
pub(super) const DAY: &str = "白天";
/// By night.
pub(super) const NIGHT: &str = "夜间";
