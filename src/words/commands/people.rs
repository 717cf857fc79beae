//! `firegrid people`.

use crate::domain::chain::review::{ROSTER_DAYS, RUNS_OUT_WITHIN_DAYS, Review, Stand};
use crate::domain::ground::RegionVersion;

/// A region without a roster.
pub(crate) const NO_ROSTER: &str = "没有值班表 / no duty roster";

/// How many units and people there are on a day.
pub(crate) fn counts(review: &Review) -> String {
    let Review { day, units, people, .. } = review;
    format!("{day}：{units} 个单位，{people} 名责任人 / {units} units, {people} people")
}

/// Over the units that nobody holds.
pub(crate) fn without_holder(units: usize) -> String {
    format!("没有责任人的单位 / units without holder: {units}")
}

/// Who answers for a unit that nobody holds.
pub(crate) fn answers(stand: Option<&Stand>) -> String {
    match stand {
        None => "上级也无责任人 / nobody above".to_owned(),
        Some(Stand { unit, person }) => format!("由{}{person}负责 / answered by {}", unit.name, unit.code),
    }
}

/// Over the people whose time runs out.
pub(crate) fn running_out(people: usize) -> String {
    format!("{RUNS_OUT_WITHIN_DAYS} 天内到期的责任人 / people who run out within {RUNS_OUT_WITHIN_DAYS} days: {people}")
}

/// Over the units that have no outline.
pub(crate) fn without_outline(units: usize) -> String {
    format!("没有边界的单位 / units without outline: {units}")
}

/// Over the days on which a desk has nobody.
pub(crate) fn without_shift(desks: usize, days: usize) -> String {
    format!(
        "未来 {ROSTER_DAYS} 天没有排班的日子 / days of the coming {ROSTER_DAYS} without a shift ({desks} desks): {days}"
    )
}

/// How many people cannot be called.
pub(crate) fn without_phone(people: usize) -> String {
    format!("没有电话的责任人 / people without telephone: {people}")
}

/// Over the gaps of responsibility that alerts fell through.
pub(crate) fn gaps(gaps: usize) -> String {
    format!("告警遇到的责任空缺 / gaps that alerts fell through: {gaps}")
}

/// How many alerts fell through a gap, and the last of them; the gap is named in both languages.
pub(crate) fn gap((zh, en): (&str, &str), alerts: impl std::fmt::Display, last: (&str, &str)) -> String {
    let (number, at) = last;
    format!("{zh}：{alerts} 件，最近 {number}（{at}） / {en}, alerts: {alerts}")
}

/// What a list leaves out.
pub(crate) fn more(rest: usize) -> String {
    format!("… 另有 {rest} 项，见 --json / {rest} more, see --json")
}

/// An import that was only tried.
pub(crate) fn would_import(rows: usize) -> String {
    format!("试运行：{rows} 行无误，未作任何改动 / dry run: {rows} rows are good, nothing was changed")
}

/// An import that is in use.
pub(crate) fn imported(rows: usize, version: &RegionVersion) -> String {
    let version = version.short();
    format!("已导入 {rows} 行，区划版本 {version} 已启用 / {rows} rows imported, region version {version} is in use")
}
