//! What makes "no point" say less than "no fire", what came of a poll, and a clock that is not believed.
//!
//! What counts as a silence is decided in [`crate::domain::freshness`].

use super::{Label, Lang};
use crate::domain::clock_trust::{Doubt, DoubtReason};
use crate::domain::freshness::Silence;
use crate::domain::observation::Satellite;
use crate::domain::time::{SignedDuration, TimeZone, Timestamp};

/// A span in the two largest units that matter.
#[must_use]
pub fn age_text(age: SignedDuration, lang: Lang) -> String {
    let (hours, minutes) = (age.as_hours(), age.as_mins() % 60);
    let (days, rest) = (hours / 24, hours % 24);
    match lang {
        Lang::Zh if hours >= 48 => format!("{days}天{rest}小时"),
        Lang::Zh if hours >= 1 => format!("{hours}小时{minutes}分"),
        Lang::Zh => format!("{minutes}分钟"),
        Lang::En if hours >= 48 => format!("{days} d {rest} h"),
        Lang::En if hours >= 1 => format!("{hours} h {minutes} min"),
        Lang::En => format!("{minutes} min"),
    }
}

/// A silence in words; moments are told in the region's time.
#[must_use]
pub fn silence_text(silence: &Silence, lang: Lang, zone: &TimeZone) -> String {
    let local = |at: Timestamp| zone.to_datetime(at).strftime("%m-%d %H:%M").to_string();
    let since = |at: Option<Timestamp>| at.map_or_else(|| lang.pick("从未", "never").to_owned(), local);
    let zh = lang == Lang::Zh;
    match silence {
        Silence::NotRecorded { since, why } if zh => format!("自{}起无法记录：{why}", local(*since)),
        Silence::NotRecorded { since, why } => format!("cannot be recorded since {}: {why}", local(*since)),
        Silence::Refused => lang.pick("数据源拒绝了最近一次请求", "the server refused the last request").to_owned(),
        Silence::Never => lang.pick("尚未取得任何可读的数据", "nothing readable has come from it yet").to_owned(),
        Silence::Old { age, limit, .. } if zh => {
            format!("最新观测在{}前，已超过{}小时", age_text(*age, lang), limit.as_hours())
        }
        Silence::Old { age, limit, .. } => {
            format!("newest acquisition {} ago, more than {} h", age_text(*age, lang), limit.as_hours())
        }
        Silence::Failing { since: at, .. } if zh => format!("连续读取失败，上次成功：{}", since(*at)),
        Silence::Failing { since: at, .. } => format!("every poll fails; the last that did not: {}", since(*at)),
        Silence::NotAsked { since } if zh => format!("应于{}读取而一直未读取", local(*since)),
        Silence::NotAsked { since } => format!("it was to be asked at {} and was not", local(*since)),
        Silence::Satellite { satellite, newest } if zh => {
            format!("没有{satellite}卫星的新数据（其最新观测：{}）", since(*newest))
        }
        Silence::Satellite { satellite, newest } => {
            format!("nothing new of {satellite} (its newest acquisition: {})", since(*newest))
        }
        Silence::NotNear { newest } if zh => format!("本地周边一千公里内没有记录（最新：{}）", since(*newest)),
        Silence::NotNear { newest } => format!("no row within 1,000 km of this ground (newest: {})", since(*newest)),
        Silence::FewRows { rows, usual } if zh => format!("只有{rows}条记录，平时约{usual}条"),
        Silence::FewRows { rows, usual } => format!("{rows} rows, where there are usually about {usual}"),
        Silence::Foreign { rows, satellites } if zh => {
            format!("混入了其他卫星的{rows}条记录（{}）", names(satellites, "、"))
        }
        Silence::Foreign { rows, satellites } => {
            format!("{rows} rows are of another satellite ({})", names(satellites, ", "))
        }
        Silence::Unreadable { unreadable, rows } if zh => format!("{rows}条记录中有{unreadable}条无法读取"),
        Silence::Unreadable { unreadable, rows } => format!("{unreadable} of {rows} rows could not be read"),
        Silence::Future { rows } if zh => format!("{rows}条记录晚于当前时间，暂不采信"),
        Silence::Future { rows } => format!("{rows} rows lie in the future and are not believed"),
    }
}

/// The outcome of a poll in words; an outcome this version does not know stays as it is.
#[must_use]
pub fn outcome(word: &str, lang: Lang) -> String {
    let (zh, en) = match word {
        "fetched" => ("已获取", "read"),
        "parsed" => ("已读入", "read"),
        "unchanged" => ("无变化", "unchanged"),
        "no_rows" => ("完整，无记录", "whole, no rows"),
        "no_readable_rows" => ("没有一行能读出", "no readable row"),
        "most_rows_rejected" => ("过半的行不合格", "most rows rejected"),
        "future_rows" => ("多数行晚于本机时钟", "most rows later than this clock"),
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

fn names(satellites: &[Satellite], between: &str) -> String {
    satellites.iter().map(|satellite| satellite.name()).collect::<Vec<_>>().join(between)
}

/// What is wrong with this machine's clock, what firegrid does about it, and what to do.
#[must_use]
pub fn doubt_text(doubt: Doubt, lang: Lang) -> String {
    let by = age_text(doubt.by.abs(), lang);
    let is_behind = doubt.by.is_negative();
    let meanwhile = match doubt.reason {
        DoubtReason::FutureRows => lang.pick(
            "晚于本机时间的记录暂不采信并反复重读，不清理任何数据",
            "rows of its future are read again and again, and nothing is removed",
        ),
        _ => lang.pick(
            "在此期间按校正后的时间记录火点和办理，不清理任何数据",
            "meanwhile fires and acts are recorded by a corrected time, and nothing is removed",
        ),
    };
    match lang {
        Lang::Zh => format!(
            "{}{by}（{}）。{meanwhile}。请立即校准本机时间（启用 NTP 对时）。",
            if is_behind { "慢" } else { "快" },
            doubt.reason.label().zh,
        ),
        Lang::En => format!(
            "{by} {} ({}); {meanwhile}. Set it right now (NTP).",
            if is_behind { "behind" } else { "ahead" },
            doubt.reason.label().en,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::freshness::Freshness;

    #[test]
    fn every_silence_and_doubt_is_said_in_both_languages() {
        let at: Timestamp = "2026-04-13T04:00:00Z".parse().unwrap();
        let hours = SignedDuration::from_hours;
        let silences = [
            Silence::NotRecorded { since: at, why: "disk full".to_owned() },
            Silence::Refused,
            Silence::Never,
            Silence::Old { age: hours(13), limit: hours(12), state: Freshness::Late },
            Silence::Failing { since: Some(at), state: Freshness::Late },
            Silence::Failing { since: None, state: Freshness::Late },
            Silence::NotAsked { since: at },
            Silence::Satellite { satellite: Satellite::Terra, newest: None },
            Silence::NotNear { newest: Some(at) },
            Silence::FewRows { rows: 1, usual: 4000 },
            Silence::Foreign { rows: 3, satellites: vec![Satellite::Noaa20, Satellite::Noaa21] },
            Silence::Unreadable { unreadable: 5, rows: 10 },
            Silence::Future { rows: 2 },
        ];
        let has_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for silence in silences {
            let text = |lang| silence_text(&silence, lang, &TimeZone::UTC);
            assert!(has_chinese(&text(Lang::Zh)), "{}", text(Lang::Zh));
            assert!(text(Lang::En).is_ascii(), "{}", text(Lang::En));
        }
        let doubt = |by| Doubt { reason: DoubtReason::ServerDate, by };
        assert!(doubt_text(doubt(hours(-24)), Lang::En).starts_with("24 h 0 min behind"));
        assert!(doubt_text(doubt(hours(24 * 365)), Lang::Zh).starts_with("快365天0小时"));
    }
}
