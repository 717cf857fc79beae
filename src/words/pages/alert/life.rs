//! The facts of an alert: where it came from, its finding, what followed.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const OUTSIDE_NUMBER: Words = words("外部编号", "Outside number");
pub(crate) const DISPATCHED_TO: Words = words("承办人", "Dispatched to");
pub(crate) const FINDING: Words = words("核查结果", "Finding");
pub(crate) const PUT_OUT: Words = words("扑灭", "put out");
pub(crate) const UNTIL: Words = words("限期 ", "until ");
pub(crate) const DOCUMENT: Words = words("文书号 ", "document ");
pub(crate) const RECTIFICATION: Words = words("整改", "Rectification");
pub(crate) const HANDED_TO: Words = words("移交 ", "handed to ");
pub(crate) const RECTIFIED: Words = words("整改结果", "Rectified");
pub(crate) const CLOSED: Words = words("销号", "Closed");
pub(crate) const LOOK_BACK: Words = words("回头看", "Look-back");
pub(crate) const DISPUTE: Words = words("归属异议", "Dispute");
pub(crate) const ESCALATED_TO: Words = words("已升级至", "Escalated to");
pub(crate) const REKINDLED_FROM: Words = words("可能是此前告警复燃：", "an earlier alert may burn again: ");
pub(crate) const REKINDLING: Words = words("疑似复燃", "Possible rekindling");
pub(crate) const LAND_COVER: Words = words("土地覆盖", "Land cover");
pub(crate) const GROUND_HINT: Words = words("地类提示", "Ground");
pub(crate) const ESCALATED: Words = words("（升级）", " (escalated)");

/// How many photos belong to a finding; nothing where there is none.
pub(crate) fn photos(count: usize) -> Sentence {
    match count {
        0 => sentence("", ""),
        1 => sentence("照片 1 张", "1 photo"),
        n => sentence(format!("照片 {n} 张"), format!("{n} photos")),
    }
}

pub(crate) fn dispute_waits(proposed: &str) -> Sentence {
    sentence(format!("待裁定，提出归属：{proposed}"), format!("waits for a decision; proposed: {proposed}"))
}
