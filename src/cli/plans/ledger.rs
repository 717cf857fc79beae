//! `firegrid plans ledger|progress`.

use serde_json::json;

use super::Desk;
use super::list::{parse_day, subtree};
use crate::app;
use crate::cli::export::Days;
use crate::cli::{Done, output};
use crate::domain::burning::level_zh;
use crate::domain::ledger::{self, LedgerLine, ProgressLine};
use crate::domain::time::{Date, day_bounds};
use crate::domain::unit::UnitCode;
use crate::report::objects::LEDGER_NOTE;
use crate::store::PlanFilter;
use crate::store::query::Span;

/// Arguments of `plans ledger`.
#[derive(Debug, clap::Args)]
pub(super) struct LedgerArgs {
    /// The local day; default today.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    day: Option<Date>,
    /// This unit and everything below it.
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans progress`.
#[derive(Debug, clap::Args)]
pub(super) struct ProgressArgs {
    #[command(flatten)]
    days: Days,
    /// This unit and everything below it.
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn ledger(args: &LedgerArgs, desk: &Desk) -> anyhow::Result<Done> {
    let day = args.day.unwrap_or_else(|| desk.ground.local_day(app::now()));
    let (from, until) = day_bounds(day, desk.zone())?;
    // Plans of later days remain to be burnt too.
    let window = Some(Span { from, until: Span::ALL.until });
    let plans = desk.store.whole().plans(PlanFilter { window, ..PlanFilter::default() }).await?;
    let seen = desk.store.whole().in_span(Span { from, until }).await?;
    let mut lines = ledger::day_ledger(&desk.ground, day, (from, until), &plans, &seen);
    if let Some(unit) = &args.unit {
        let wanted = subtree(desk, &UnitCode(unit.clone()))?;
        lines.retain(|line| wanted.contains(&line.unit_code));
    }
    if args.json {
        output::json(&json!({
            "day": day, "lines": lines, "note": LEDGER_NOTE, "region_version": desk.ground.version(),
        }))?;
        return Ok(Done::Well);
    }
    output::line(&format!("烧除台账 {day}（面积：亩；火点为卫星疑似火点） · ledger of {day}, areas in mu"));
    for line in &lines {
        output::line(&ledger_text(desk, line));
    }
    Ok(Done::Well)
}

fn ledger_text(desk: &Desk, line: &LedgerLine) -> String {
    let name = desk.ground.unit(&line.unit_code).map_or("", |unit| unit.name.as_str());
    let seen = &line.seen;
    let quota = line.quota_exceeded.map_or_else(String::new, |finding| {
        let part = |word: &str, mu: Option<f64>| mu.map_or_else(String::new, |mu| format!("，{word}{mu}"));
        format!(
            "  超出当日限额{}{}{} quota exceeded",
            finding.quota_mu,
            part("下令", finding.ordered_mu),
            part("实烧", finding.burnt_mu)
        )
    });
    format!(
        "{:<12} {} {name}  计划{}个{}亩  指令{}道{}亩  实烧{}亩  卫星火点：计划内{} 未按计划{} 计划外{} 禁烧区{}  待烧{}亩{quota}",
        line.unit_code.0,
        level_zh(line.level),
        line.plans.number,
        line.plans.mu,
        line.orders.number,
        line.orders.mu,
        line.burnt.mu,
        seen.planned,
        seen.off_plan,
        seen.unplanned,
        seen.banned,
        line.remaining_mu,
    )
}

pub(super) async fn progress(args: &ProgressArgs, desk: &Desk) -> anyhow::Result<Done> {
    let window = Some(args.days.span(Some(desk.zone()))?);
    let plans = desk.store.whole().plans(PlanFilter { window, ..PlanFilter::default() }).await?;
    let now = app::now();
    let mut lines = ledger::progress(&desk.ground, &plans, now);
    if let Some(unit) = &args.unit {
        let wanted = subtree(desk, &UnitCode(unit.clone()))?;
        lines.retain(|line| wanted.contains(&line.unit_code));
    }
    if args.json {
        output::json(&json!({"as_of": now.to_string(), "lines": lines}))?;
        return Ok(Done::Well);
    }
    output::line("烧除进度（面积：亩） · progress of the season, areas in mu");
    for line in &lines {
        output::line(&progress_text(desk, line));
    }
    Ok(Done::Well)
}

fn progress_text(desk: &Desk, line: &ProgressLine) -> String {
    let name = desk.ground.unit(&line.unit_code).map_or("", |unit| unit.name.as_str());
    let share = line.burnt_share.map_or_else(|| "—".to_owned(), |share| format!("{:.1}%", share * 100.0));
    format!(
        "{:<12} {} {name}  申请{}个{}亩  批准{}个{}亩  完成{}个{}亩  实烧{}亩  待烧{}亩  逾期未烧{}亩  完成率{share}",
        line.unit_code.0,
        level_zh(line.level),
        line.applied.number,
        line.applied.mu,
        line.approved.number,
        line.approved.mu,
        line.done.number,
        line.done.mu,
        line.burnt_mu,
        line.remaining_mu,
        line.lapsed_mu,
    )
}
