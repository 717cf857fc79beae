//! Fixed heat sources: known ones, suggestions, approval.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const HEAT_SOURCES: Words = words("固定热源", "Fixed heat sources");
pub(crate) const WHAT_APPROVAL_DOES: Words = words(
    "批准后，热源范围内的火点不再告警；批准不追溯，到期前须现场核查后续期。",
    "Once approved, fires on a source raise no alert; an approval never reaches back and is renewed after a look on site.",
);
pub(crate) const ENDING_TO_DAYS: Words = words("处", "");
pub(crate) const DAYS_LEFT: Words = words("天内到期。", "day(s) or less left.");
pub(crate) const APPROVE_ONE: Words = words("批准热源", "Approve a source");
pub(crate) const FIND_SUGGESTIONS: Words = words("查找疑似热源", "Look for suggestions");
pub(crate) const APPROVE_HEAD: Words = words("批准固定热源", "Approve a heat source");
pub(crate) const NAME: Words = words("名称", "Name");
pub(crate) const KIND: Words = words("类型", "Kind");
pub(crate) const LONGITUDE: Words = words("经度（WGS-84）", "Longitude (WGS-84)");
pub(crate) const LATITUDE: Words = words("纬度（WGS-84）", "Latitude (WGS-84)");
pub(crate) const RADIUS: Words = words("半径（米）", "Radius, m");
pub(crate) const WATCHING_UNIT: Words = words("看护单位（代码）", "Unit that watches (code)");
pub(crate) const WATCHER: Words = words("看护人（可不填）", "Person there (may be left out)");
pub(crate) const LAST_DAY_AT_MOST: Words = words("截止日期，最长", "Last day, at most");
pub(crate) const DAYS: Words = words("天", "days");
pub(crate) const APPROVE: Words = words("批准", "Approve");
pub(crate) const SUGGESTIONS: Words = words("疑似固定热源", "Suggestions");
pub(crate) const LOOKED_AT_LAST: Words = words("查看了近", "Looked at the last ");
pub(crate) const LOOKED_AT_DAYS: Words = words("天的", "days, ");
pub(crate) const LOOKED_AT_PIXELS: Words =
    words("个像元。系统不会自行批准。", "pixels. Nothing is approved by itself.");
pub(crate) const NO_SUGGESTION: Words = words("没有符合条件的地点。", "No place looks like one.");
pub(crate) const APPROVE_SUGGESTION: Words = words("核实后批准…", "Approve after a look…");
pub(crate) const KNOWN_SOURCES: Words = words("已知热源", "Known sources");
pub(crate) const NO_SOURCE_YET: Words = words("还没有固定热源。", "There is no heat source yet.");
pub(crate) const PLACE: Words = words("位置", "Place");
pub(crate) const WATCHED_BY: Words = words("看护", "Watched by");
pub(crate) const OF_REGION_FILE: Words = words("区域文件，由运维人员维护", "file of the region, kept by the operator");
pub(crate) const APPROVED: Words = words("批准", "Approved");
pub(crate) const LAST_DAY: Words = words("截止", "Last day");
pub(crate) const ENDED: Words = words("终止于", "ended");
pub(crate) const RENEW_AND_SO_ON: Words = words("续期、移交、终止", "Renew, hand over, end");
pub(crate) const RENEW_UNTIL: Words = words("续期至", "Renew until");
pub(crate) const RENEW: Words = words("续期", "Renew");
pub(crate) const HAND_OVER_TO: Words = words("移交给单位（代码）", "Hand over to the unit (code)");
pub(crate) const HAND_OVER: Words = words("移交", "Hand over");
pub(crate) const WHY_IT_ENDS: Words = words("终止理由", "Why it ends");
pub(crate) const END: Words = words("终止", "End");
pub(crate) const BY_OUTLINE: Words = words("按边界图形", "by its outline");
pub(crate) const RADIUS_SHORT: Words = words("半径", "radius");
pub(crate) const LONGITUDE_FIELD: Words = words("经度", "longitude");
pub(crate) const LATITUDE_FIELD: Words = words("纬度", "latitude");
pub(crate) const NAME_FIELD: Words = words("名称", "name");
pub(crate) const RADIUS_FIELD: Words = words("半径（米）", "radius, m");
pub(crate) const WATCHING_UNIT_FIELD: Words = words("看护单位", "unit that watches");
pub(crate) const CHOOSE_KIND: Words = words("请选择类型", "choose a kind");

pub(crate) fn no_position(why: &str) -> Sentence {
    sentence("坐标无效", why)
}
