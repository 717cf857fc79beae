//! What the API says to a call that asks too much, or names what is not there.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const TOO_MANY_DAYS: Words =
    words("一次最多查询31天，请分段查询", "at most 31 days are answered at once: divide the span into several calls");
pub(crate) const TOO_MANY_CASES: Words = words(
    "案件超过20000起，请按日期（from、to）或单位分次导出",
    "more than 20,000 cases: export them in parts, by days (`from`, `to`) or by unit",
);
pub(crate) const COMPLAINANT_PHONE: Words = words("举报人电话", "complainant's telephone");
pub(crate) const NO_SESSION: Words = words("没有这个登录设备", "this account has no such session");

/// The files of a stored version of the region cannot be read any more.
pub(crate) fn unreadable_version(why: &str) -> Sentence {
    sentence(
        format!("该版本的区域文件已无法读取：{why}"),
        format!("the files of this version cannot be read any more: {why}"),
    )
}
