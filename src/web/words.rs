//! Words for what the database names by a word: poll outcomes, events, unit codes.

use super::frame::named;
use crate::domain::actor::SYSTEM;
use crate::domain::alert::AlertState;
use crate::domain::case::ActKind;
use crate::domain::clock::ClockKind;
use crate::domain::finding::{FindingKind, Review};
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::lang::Lang;
use crate::store::query::AlertEvent;

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
    if let Some(act) = ActKind::ALL.into_iter().find(|act| act.event() == kind && *act != ActKind::Merge) {
        return lang.pick(act.label_zh(), act.label_en()).to_owned();
    }
    let (zh, en) = match kind {
        "recorded" => ("立案", "recorded"),
        "grown" => ("扩大", "grown"),
        "merged" | "merged_here" => ("合并", "merged"),
        "superseded" => ("已被修订取代", "superseded"),
        "vanished" => ("卫星初步数据已撤下", "provisional pixel withdrawn"),
        "reappeared" => ("卫星初步数据重新出现", "provisional pixel back"),
        "joined" => ("卫星随后也观测到", "a satellite saw it too"),
        "reported_too" => ("人员也已上报", "people reported it too"),
        "parted" => ("卫星数据修订后不再对应", "the satellite's fire moved away"),
        "possible_rekindling" => ("疑似复燃", "possible rekindling"),
        "took_over" => ("沿用被并案件的办理进度", "took over what was done"),
        "overdue" => ("超时", "overdue"),
        "escalated" => ("升级提醒", "escalated"),
        "ceiling_reached" => ("已到升级上限", "no higher level is told"),
        "undelivered" => ("未送达", "undelivered"),
        "lookback_due" => ("到期待回头看", "look-back due"),
        "fire_followed_by" => ("火点由另一案件跟进", "another case follows the fire"),
        "follows_fire_of" => ("跟进已结案件的火点", "follows the fire of a case that is over"),
        "burns_after_close" => ("结案后再次观测到火点", "fire seen after the case was closed"),
        other => return other.to_owned(),
    };
    lang.pick(zh, en).to_owned()
}

/// The detail of an event, with codes and words turned into names.
pub(super) fn event_detail(ground: &Ground, event: &AlertEvent, lang: Lang) -> String {
    let name = |word: &str| match Verdict::from_name(word) {
        Some(verdict) => lang.verdict(verdict).to_owned(),
        None => unit_name(ground, &UnitCode(word.to_owned()), lang),
    };
    let field = |key: &str| event.detail.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    let unit = |key: &str| unit_name(ground, &UnitCode(field(key).to_owned()), lang);
    let clock = |key: &str| match ClockKind::from_name(field(key)) {
        Some(kind) => lang.pick(kind.label_zh(), kind.name()).to_owned(),
        None => lang.pick("未送达", "undelivered").to_owned(),
    };
    let text = match event.kind.as_str() {
        "recorded" | "grown" if event.actor == SYSTEM => {
            event.text().split_whitespace().map(name).collect::<Vec<_>>().join(lang.pick("、", ", "))
        }
        "superseded" => lang
            .pick(
                "卫星数据修订或重新判定后，此处不再有须告警的火点",
                "after a revision or a rejudgement no fire here asks for an alert",
            )
            .to_owned(),
        "undelivered" => unit_name(ground, &UnitCode(event.text().to_owned()), lang),
        "took_over" => AlertState::from_name(event.text()).map(|s| lang.alert_state(s)).unwrap_or_default().to_owned(),
        "overdue" => format!("{} {}", clock("clock"), unit("unit")),
        "escalated" => format!("{} → {}（{}）", unit("from"), unit("to"), clock("why")),
        "reported" => {
            let kind = event.detail.pointer("/finding/kind").and_then(serde_json::Value::as_str);
            let kind = kind.and_then(FindingKind::from_name);
            kind.map(|kind| lang.pick(kind.label_zh(), kind.label_en())).unwrap_or_default().to_owned()
        }
        "reviewed" => match Review::from_name(field("review")) {
            Some(review) => lang.pick(review.label_zh(), review.name()).to_owned(),
            None => String::new(),
        },
        "dispatched" => format!("{} {}", field("to"), unit("unit")),
        "reassigned" => unit("to"),
        "disputed" => unit("proposed"),
        "merged" if event.actor != SYSTEM => field("into").to_owned(),
        "merged_here" => field("from").to_owned(),
        "called" => field("whom").to_owned(),
        "recorded" | "reported_too" => field("description").to_owned(),
        _ => event.text().to_owned(),
    };
    let note = field("note");
    if note.is_empty() { text } else { format!("{text} {note}").trim().to_owned() }
}

/// Who did it; the service itself is named in words.
pub(super) fn actor(actor: &str, lang: Lang) -> String {
    if actor == SYSTEM { lang.pick("系统", "system").to_owned() } else { actor.to_owned() }
}
