//! Words for what the database names by a word: poll outcomes, events, unit codes.

use super::frame::named;
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::lang::Lang;

/// A unit's name; its code where this region version does not know it.
pub(super) fn unit_name(ground: &Ground, code: &UnitCode, lang: Lang) -> String {
    ground.unit(code).map_or_else(|| code.0.clone(), |unit| named(lang, &unit.name, unit.name_en.as_deref()).to_owned())
}

/// The names of a unit and those above it, in the order the language says them.
pub(super) fn full_name(ground: &Ground, code: &UnitCode, lang: Lang) -> String {
    let mut names: Vec<_> =
        ground.line_of(code).into_iter().map(|unit| named(lang, &unit.name, unit.name_en.as_deref())).collect();
    if names.is_empty() {
        return code.0.clone();
    }
    match lang {
        Lang::Zh => {
            names.reverse();
            let repeats =
                |i: usize| names.get(i + 1).is_some_and(|below| below.starts_with(names.get(i).unwrap_or(below)));
            // A cell named after its township would say the township twice.
            names.iter().enumerate().filter(|(i, _)| !repeats(*i)).map(|(_, name)| *name).collect()
        }
        Lang::En => names.join(", "),
    }
}

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

/// What happened to a case.
pub(super) fn event(kind: &str, lang: Lang) -> String {
    let (zh, en) = match kind {
        "recorded" => ("立案", "recorded"),
        "grown" => ("扩大", "grown"),
        "merged" => ("合并", "merged"),
        "superseded" => ("已被修订取代", "superseded"),
        "vanished" => ("卫星初步数据已撤下", "provisional pixel withdrawn"),
        "reappeared" => ("卫星初步数据重新出现", "provisional pixel back"),
        "acknowledged" => ("签收", "acknowledged"),
        "closed" => ("销号", "closed"),
        other => return other.to_owned(),
    };
    lang.pick(zh, en).to_owned()
}

/// The detail of an event, with codes and words turned into names.
pub(super) fn event_detail(ground: &Ground, kind: &str, detail: &str, lang: Lang) -> String {
    let name = |word: &str| match Verdict::from_name(word) {
        Some(verdict) => lang.verdict(verdict).to_owned(),
        None => unit_name(ground, &UnitCode(word.to_owned()), lang),
    };
    match kind {
        "recorded" | "grown" => detail.split_whitespace().map(name).collect::<Vec<_>>().join(lang.pick("、", ", ")),
        "superseded" => lang
            .pick("卫星数据修订后，该火点已不在此处", "a revision of the satellite data moved the fire elsewhere")
            .to_owned(),
        _ => detail.to_owned(),
    }
}

/// Who did it; the service itself is named in words.
pub(super) fn actor(actor: &str, lang: Lang) -> String {
    if actor == "firegrid" { lang.pick("系统", "system").to_owned() } else { actor.to_owned() }
}
