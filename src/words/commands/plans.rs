//! `firegrid plans`.

use std::fmt::Display;
use std::path::Path;

use crate::domain::ledger::{LedgerLine, ProgressLine};
use crate::domain::plan::BurnOrder;
use crate::domain::time::Date;
use crate::words::{Sentence, Words, sentence, words};

/// A plan that is done without a picture of its plot.
pub(crate) const NO_PHOTO: Words = words("未附照片", "no photo was given");

/// A command that was sent twice.
pub(crate) const DONE_BEFORE: Words =
    words("该操作此前已完成，未重复办理", "this command was done before; nothing was done now");

/// Over the progress of the season.
pub(crate) const PROGRESS: Words = words("烧除进度（面积：亩）", "progress of the season, areas in mu");

/// How a datum is named to a command that needs one.
pub(crate) const NAME_THE_DATUM: Words = words("请加 --datum 指明坐标系", "name it with --datum");

/// What whoever acts should know.
pub(crate) fn caution(caution: &str) -> String {
    format!("注意 · caution: {caution}")
}

/// An argument that is no moment.
pub(crate) fn not_a_moment(argument: &str, text: &str) -> Sentence {
    sentence(
        format!("{argument}为{text:?}，应为本地日期时间"),
        format!("{argument} is {text:?}, expected a local date and time as YYYY-MM-DDTHH:MM"),
    )
}

/// A plan's window and area.
pub(crate) fn window(from: &str, to: &str, area_mu: f64) -> String {
    format!("{from} 至 {to}  {area_mu} 亩")
}

/// How many plans are listed.
pub(crate) fn listed(plans: usize) -> Sentence {
    sentence(format!("共{plans}个计划"), format!("{plans} plan(s)"))
}

/// An order to burn, from one local time to another.
pub(crate) fn order(order: &BurnOrder, from: &str, to: &str) -> String {
    let state = if order.withdrawn_at.is_some() { "已撤回 taken back" } else { "有效 standing" };
    format!("指令 order {}  {from} 至 {to}  {}  {state}", order.id, order.issued_by)
}

/// A file that is too large to be read.
pub(crate) fn too_large(file: &Path, limit: u64) -> Sentence {
    sentence(format!("文件超过{limit}字节"), format!("{} is larger than {limit} bytes: divide it", file.display()))
}

/// How many plans of a file are new, unchanged and updated.
pub(crate) fn imported((new, unchanged, updated): (usize, usize, usize), suffix: &str) -> Sentence {
    sentence(
        format!("新增{new}、未变{unchanged}、更新{updated}"),
        format!("{new} new, {unchanged} unchanged, {updated} updated{suffix}"),
    )
}

/// Behind an import that was only tried.
pub(crate) const DRY_RUN: &str = "（试运行，未写入 · dry run, nothing written）";

/// Over the ledger of a day.
pub(crate) fn ledger(day: Date) -> Sentence {
    sentence(format!("烧除台账 {day}（面积：亩；火点为卫星疑似火点）"), format!("ledger of {day}, areas in mu"))
}

/// What a line of the ledger counts.
pub(crate) fn ledger_line(line: &LedgerLine) -> String {
    let LedgerLine { plans, orders, burnt, seen, remaining_mu, .. } = line;
    let quota = line.quota_exceeded.as_ref().map_or_else(String::new, |finding| {
        let part = |word: &str, mu: Option<f64>| mu.map_or_else(String::new, |mu| format!("，{word}{mu}"));
        let (ordered, burnt) = (part("下令", finding.ordered_mu), part("实烧", finding.burnt_mu));
        format!("  超出当日限额{}{ordered}{burnt} quota exceeded", finding.quota_mu)
    });
    format!(
        "计划{}个{}亩  指令{}道{}亩  实烧{}亩  卫星火点：计划内{} 未按计划{} 计划外{} 禁烧区{}  待烧{remaining_mu}亩{quota}",
        plans.number,
        plans.mu,
        orders.number,
        orders.mu,
        burnt.mu,
        seen.planned,
        seen.off_plan,
        seen.unplanned,
        seen.banned,
    )
}

/// What a line of the season's progress counts.
pub(crate) fn progress_line(line: &ProgressLine) -> String {
    let ProgressLine { applied, approved, done, burnt_mu, remaining_mu, lapsed_mu, .. } = line;
    let share = line.burnt_share.map_or_else(|| "—".to_owned(), |share| format!("{:.1}%", share * 100.0));
    format!(
        "申请{}个{}亩  批准{}个{}亩  完成{}个{}亩  实烧{burnt_mu}亩  待烧{remaining_mu}亩  逾期未烧{lapsed_mu}亩  完成率{share}",
        applied.number, applied.mu, approved.number, approved.mu, done.number, done.mu,
    )
}

/// What a reload of the region files did to a plan.
pub(crate) fn reloaded(plan: impl Display, outcome: impl Display) -> String {
    format!("烧除计划 {plan} {outcome}")
}
