//! Words for the outcomes of polls; those of cases and units are in [`crate::report::words`].

use crate::report::lang::Lang;

/// The outcome of a poll in words; an outcome this version does not know stays as it is.
pub(super) fn outcome(word: &str, lang: Lang) -> String {
    let (zh, en) = match word {
        "fetched" => ("已获取", "read"),
        "parsed" => ("已读入", "read"),
        "unchanged" => ("无变化", "unchanged"),
        "no_rows" => ("完整，无记录", "whole, no rows"),
        "not_csv" => ("不是数据表", "not a table"),
        "not_utf8" => ("编码错误", "wrong encoding"),
        "truncated" => ("数据被截断", "cut short"),
        "missing_columns" => ("缺少列", "columns missing"),
        "duplicate_columns" => ("列重复", "columns twice"),
        "too_large" | "row_too_long" | "too_many_rows" => ("超过上限", "too large"),
        "unsupported" => ("不支持的文件", "unsupported file"),
        "redirected" => ("要求转址，未跟随", "redirected, not followed"),
        "rate_limited" => ("请求过于频繁", "too many requests"),
        "unreachable" | "unreachable:dns" => ("连接不上", "unreachable"),
        "timed_out" => ("超时", "timed out"),
        "tls_failed" => ("加密连接失败", "no trusted connection"),
        "key_missing" => ("没有可用密钥", "no usable key"),
        "bad_address" => ("地址不可用", "bad address"),
        "unreadable" => ("无法读取", "unreadable"),
        word if word.starts_with("refused") => ("被拒绝", "refused"),
        word if word.starts_with("http_") => ("服务器返回错误状态", "error status"),
        other => return other.to_owned(),
    };
    lang.pick(zh, en).to_owned()
}
