//! `firegrid alerts list|counts`: the problem list (问题清单) and the office's counts, for people, offices and programs.

use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::super::export::Days;
use super::super::output;
use super::{Desk, word};
use crate::domain::alert::{AlertSource, AlertState};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::report::export::sheet::{self, Cell, Sheet};
use crate::report::export::{self, Format, Heads};
use crate::store::query::AlertRow;
use crate::store::{AlertFilter, Cursor, Ended};
use crate::words::{Label, Lang, Say, commands, local};

/// Which alerts are wanted.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of the command line")]
pub(super) struct ListArgs {
    #[command(flatten)]
    days: Days,
    /// This unit and all below it.
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Also where the unit is only a candidate or proposed.
    #[arg(long, requires = "unit")]
    candidates: bool,
    /// In these states (open, acknowledged, ...); several times or with commas.
    #[arg(long = "state", value_name = "STATE", value_delimiter = ',', value_parser = word(AlertState::from_name, STATES))]
    states: Vec<AlertState>,
    /// Whose owner is of this level.
    #[arg(long, value_name = "LEVEL", value_parser = word(UnitLevel::from_name, LEVELS))]
    level: Option<UnitLevel>,
    /// From these sources.
    #[arg(long = "source", value_name = "SOURCE", value_delimiter = ',', value_parser = word(AlertSource::from_name, SOURCES))]
    sources: Vec<AlertSource>,
    /// Of these verdicts.
    #[arg(long = "verdict", value_name = "VERDICT", value_delimiter = ',', value_parser = word(Verdict::from_name, VERDICTS))]
    verdicts: Vec<Verdict>,
    /// Neither excluded nor closed.
    #[arg(long)]
    open: bool,
    /// A clock ran out and still waits (超时).
    #[arg(long)]
    overdue: bool,
    /// Nobody could be reached (未送达).
    #[arg(long)]
    undelivered: bool,
    /// A dispute waits (有异议).
    #[arg(long)]
    disputed: bool,
    /// The look-back is due (待回头看).
    #[arg(long)]
    lookback_due: bool,
    /// Its number in an outside list.
    #[arg(long, value_name = "NUMBER")]
    external: Option<String>,
    /// At most this many.
    #[arg(long, default_value_t = 10_000)]
    limit: u32,
    /// Only those after this alert, as the document before named it.
    #[arg(long, value_name = "JSON")]
    after: Option<String>,
    /// One JSON document.
    #[arg(long)]
    json: bool,
    /// Another form than lines for people.
    #[arg(long, value_parser = word(Format::from_name, "csv, xlsx, json or geojson"), conflicts_with = "json")]
    format: Option<Format>,
    /// Heads of CSV and XLSX: chinese for the office (its columns, names, local times), names for programs.
    #[arg(long, default_value = "chinese", value_parser = word(Heads::from_name, "names or chinese"))]
    heads: Heads,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE", requires = "format")]
    output: Option<PathBuf>,
}

const STATES: &str =
    "open, acknowledged, on_site, reported, confirmed, rectifying, excluded, closed, lookback_due or looked_back";
const VERDICTS: &str = "banned, off_plan, unplanned, planned, heat_source, unzoned or neighbour";
const LEVELS: &str = "city, county, township, village, hamlet or grid";
const SOURCES: &str = "satellite, patrol, video, inspection, complaint, official or problem";

fn filter_of(desk: &Desk, args: &ListArgs) -> anyhow::Result<AlertFilter> {
    let unit = args.unit.clone().map(UnitCode);
    if let Some(code) = &unit {
        anyhow::ensure!(desk.ground.unit(code).is_some(), commands::no_unit(code));
    }
    let mut states = args.states.clone();
    if args.lookback_due {
        states.push(AlertState::LookbackDue);
    }
    let span = args.days.span(Some(&desk.ground.data().time_zone))?;
    let of_level = |level| {
        let units = desk.ground.data().units.iter().filter(move |unit| unit.level == level);
        units.map(|unit| unit.code.clone()).collect()
    };
    Ok(AlertFilter {
        unit,
        as_candidate: args.candidates,
        states,
        open_only: args.open,
        sources: args.sources.clone(),
        verdicts: args.verdicts.clone(),
        owners: args.level.map(of_level),
        overdue: args.overdue,
        undelivered: args.undelivered,
        disputed: args.disputed,
        span: Some(span),
        external_number: args.external.clone(),
        ..AlertFilter::default()
    })
}

pub(super) async fn list(desk: &Desk, args: &ListArgs) -> anyhow::Result<()> {
    let after: Option<Cursor> = args
        .after
        .as_deref()
        .map(|text| serde_json::from_str(text).context("--after is the `next` of the document before"))
        .transpose()?;
    let filter = filter_of(desk, args)?;
    let page = desk.store.whole().listed_alerts(filter.clone(), after, args.limit).await?;
    if args.json {
        return output::json(&json!({
            "alerts": export::alert_objects(&page.alerts),
            "count": desk.store.whole().count_alerts(filter, Ended::All).await?.alerts,
            "next": page.next,
            "region_version": desk.ground.version(),
        }));
    }
    if let Some(format) = args.format {
        return output::document(
            &export::listed_alerts(&desk.ground, &page.alerts, args.heads, format)?,
            args.output.as_deref(),
        );
    }
    for alert in &page.alerts {
        output::line(&line(desk, alert));
    }
    let shown = page.alerts.len();
    let all = if page.next.is_some() {
        Some(desk.store.whole().count_alerts(filter, Ended::All).await?.alerts)
    } else {
        None
    };
    output::note(&commands::alerts::listed(shown, all).to_string());
    Ok(())
}

pub(super) fn line(desk: &Desk, alert: &AlertRow) -> String {
    let township = desk.ground.unit(&alert.responsible_code);
    let late =
        if alert.overdue > 0 { format!("  {}", commands::alerts::overdue(alert.overdue)) } else { String::new() };
    format!(
        "{}  {}  {}  {}  {}  {}  {}{late}",
        alert.number,
        Lang::Zh.alert_verdict(alert.verdict),
        alert.state.label().zh,
        alert.source.label().zh,
        local(&desk.ground, alert.first_seen_at),
        township.map_or(alert.responsible_code.0.as_str(), |unit| unit.name.as_str()),
        alert.reason.as_ref().map(|reason| reason.say().zh).or_else(|| alert.description.clone()).unwrap_or_default(),
    )
}

pub(super) async fn counts(desk: &Desk, args: &ListArgs) -> anyhow::Result<()> {
    let counts = desk.store.whole().alert_counts(filter_of(desk, args)?).await?;
    let sheet = export::alert_counts(&desk.ground, &counts, args.heads);
    let document = match args.format {
        Some(Format::Csv) => sheet::csv(&sheet).into_bytes(),
        Some(Format::Xlsx) => sheet::workbook(&sheet)?,
        Some(Format::GeoJson) => anyhow::bail!("counts have no place on a map: take csv, xlsx or json"),
        Some(Format::Json) => json!({"counts": counts}).to_string().into_bytes(),
        None if args.json => return output::json(&json!({"counts": counts})),
        None => {
            print_sheet(&sheet);
            return Ok(());
        }
    };
    output::document(&document, args.output.as_deref())
}

/// A short sheet for people at a terminal.
fn print_sheet(sheet: &Sheet) {
    output::line(&sheet.heads.join("\t"));
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
        });
        output::line(&cells.collect::<Vec<_>>().join("\t"));
    }
}
