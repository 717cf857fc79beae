//! What the API says to a call that asks too much, or names what is not there.

use crate::words::{Sentence, Words, sentence, words};

pub(crate) const TOO_MANY_DAYS: Words =
    words("一次最多查询31天，请分段查询", "at most 31 days are answered at once: divide the span into several calls");
pub(crate) const TOO_MANY_ALERTS: Words = words(
    "告警超过20000起，请按日期（from、to）或单位分次导出",
    "more than 20,000 alerts: export them in parts, by days (`from`, `to`) or by unit",
);
pub(crate) const NO_SESSION: Words = words("没有这个登录设备", "this account has no such session");

/// The files of a stored version of the region cannot be read any more.
pub(crate) fn unreadable_version(why: &str) -> Sentence {
    sentence(
        format!("该版本的区域文件已无法读取：{why}"),
        format!("the files of this version cannot be read any more: {why}"),
    )
}

pub(crate) const FOUR_STREAMS: Words =
    words("此账号已有4个事件流", "this account follows in four places already: close one");
pub(crate) const TOO_MANY_STREAMS: Words =
    words("事件流过多，请稍后再试", "too many follow just now: try again in a minute");
pub(crate) const TUS_VERSION: Words =
    words("请求头 Tus-Resumable 应为 1.0.0", "the header Tus-Resumable has to be 1.0.0");
pub(crate) const NO_PHOTO: Words = words("没有这张照片，请核对哈希值", "there is no such photo: check the hash");
pub(crate) const KEY_RUNNING: Words =
    words("相同 Idempotency-Key 的请求正在处理", "a call of this Idempotency-Key is being worked on: ask again");

/// A part of an upload has another type than parts have.
pub(crate) fn part_type(expected: &str) -> Sentence {
    sentence(format!("Content-Type 应为 {expected}"), format!("the Content-Type of a part has to be {expected}"))
}

/// A key names another call.
pub(crate) fn key_taken(key: &str) -> Sentence {
    sentence(
        format!("Idempotency-Key“{key}”已用于另一请求"),
        format!("the Idempotency-Key {key:?} was used for another call: take a new one"),
    )
}
