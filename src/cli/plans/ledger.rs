//! `firegrid plans ledger|progress`.

use serde_json::json;

use super::Desk;
use super::list::{parse_day, subtree};
use crate::app;
use crate::cli::export::Days;
use crate::cli::{Done, output};
use crate::domain::ledger::{self, LedgerLine, ProgressLine};
use crate::domain::time::{Date, day_bounds};
use crate::domain::unit::UnitCode;
use crate::store::PlanFilter;
use crate::store::query::Span;
use crate::words::commands::plans as words;
use crate::words::figures::LEDGER;
use crate::words::level_zh;

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
            "day": day, "lines": lines, "note": LEDGER.to_string(), "region_version": desk.ground.version(),
        }))?;
        return Ok(Done::Completed);
    }
    output::line(&words::ledger(day).to_string());
    for line in &lines {
        output::line(&ledger_text(desk, line));
    }
    Ok(Done::Completed)
}

fn ledger_text(desk: &Desk, line: &LedgerLine) -> String {
    let name = desk.ground.unit(&line.unit_code).map_or("", |unit| unit.name.as_str());
    format!("{:<12} {} {name}  {}", line.unit_code.0, level_zh(line.level), words::ledger_line(line))
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
        return Ok(Done::Completed);
    }
    output::line(&words::PROGRESS.to_string());
    for line in &lines {
        output::line(&progress_text(desk, line));
    }
    Ok(Done::Completed)
}

fn progress_text(desk: &Desk, line: &ProgressLine) -> String {
    let name = desk.ground.unit(&line.unit_code).map_or("", |unit| unit.name.as_str());
    format!("{:<12} {} {name}  {}", line.unit_code.0, level_zh(line.level), words::progress_line(line))
}
