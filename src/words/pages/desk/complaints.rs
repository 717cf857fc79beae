//! Complaints and their deadlines.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const COMPLAINTS: Words = words("举报信访", "Complaints");
pub(crate) const OPEN_ONLY: Words = words("只看未办结", "open only");
pub(crate) const JOINED_ALERT: Words = words("已并入已有告警：", "It is part of an alert that was there: ");
pub(crate) const TAKEN: Words = words("已登记：", "Taken: ");
pub(crate) const BY_REPLY_DAY: Words = words("按答复期限", "By the day of reply");
pub(crate) const NO_COMPLAINT: Words = words("没有举报信访告警。", "No complaint.");
pub(crate) const CONTENT: Words = words("反映内容", "What");
pub(crate) const COMPLAINANT: Words = words("举报人（保密）", "Who complained (confidential)");
pub(crate) const NOT_GIVEN: Words = words("未留", "not given");
pub(crate) const TAKE_COMPLAINT: Words = words("登记举报信访", "Take a complaint");
pub(crate) const CONTENT_RULE: Words =
    words("反映内容（必填，勿写举报人身份）", "What is complained of (needed; nothing about who complains)");
pub(crate) const LONGITUDE: Words = words("经度（必填）", "Longitude (needed)");
pub(crate) const LATITUDE: Words = words("纬度（必填）", "Latitude (needed)");
pub(crate) const READ_FROM: Words = words("坐标来源", "Read from");
pub(crate) const FROM_GPS: Words = words("卫星定位、天地图", "GPS, Tianditu (WGS-84)");
pub(crate) const FROM_AMAP: Words = words("高德、腾讯地图", "AMap, Tencent (GCJ-02)");
pub(crate) const FROM_BAIDU: Words = words("百度地图", "Baidu (BD-09)");
pub(crate) const SEEN_AT: Words = words("发现时间（不填为现在）", "Seen at (now, if left out)");
pub(crate) const LETTER_NUMBER: Words = words("来信文号", "Number of the letter");
pub(crate) const COMPLAINANT_KEPT_APART: Words = words(
    "举报人（另行保密存放，仅市级办公室可见；可不填）",
    "Who complains (kept apart, shown to the city's office alone; may be left out)",
);
pub(crate) const ADDRESS: Words = words("地址", "Address");
pub(crate) const TAKE_IT: Words = words("登记", "Take it");
pub(crate) const JOINS_BY_ITSELF: Words =
    words("与已有火点相符时自动并入该告警。", "Where it is a fire that is an alert already, it becomes part of it.");
pub(crate) const PHONE_FIELD: Words = words("举报人电话", "complainant's telephone");
pub(crate) const SEEN_AT_FIELD: Words = words("发现时间", "the time it was seen");
pub(crate) const CONTENT_FIELD: Words = words("反映内容", "what is complained of");
pub(crate) const DUE_TODAY: Words = words("今日到期", "due today");
pub(crate) const CHOOSE_DATUM: Words = words("请选择坐标来源", "choose what the position was read from");

/// Days until a reply is due; behind it where they are negative.
pub(crate) fn days_left(days: i32) -> Sentence {
    match days {
        0 => DUE_TODAY.into(),
        days if days < 0 => sentence(format!("逾期{}天", -days), format!("{} d late", -days)),
        days => sentence(format!("还剩{days}天"), format!("{days} d left")),
    }
}
