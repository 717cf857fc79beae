//! `firegrid plans list|show|export`.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::Desk;
use crate::cli::export::Days;
use crate::cli::{Done, output};
use crate::domain::burning::{StandingPlan, distance_km};
use crate::domain::plan::{PlanId, PlanStatus};
use crate::domain::position::Position;
use crate::domain::time::{Date, day_bounds, parse_date};
use crate::domain::unit::UnitCode;
use crate::report::export::Heads;
use crate::report::export::{self, Format};
use crate::store::PlanFilter;
use crate::store::query::Span;
use crate::words::commands::{no_unit, plans as said};
use crate::words::{self, Lang};

/// Which plans.
#[derive(Debug, clap::Args)]
pub(super) struct FilterArgs {
    /// Plans of this unit and everything below it.
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Plans of this status: applied, approved, refused, ordered, lit, done, withdrawn.
    #[arg(long, value_parser = parse_status)]
    status: Option<PlanStatus>,
    /// Plans whose window touches this local day.
    #[arg(long, value_name = "DATE", value_parser = parse_day, conflicts_with_all = ["from", "to"])]
    day: Option<Date>,
    #[command(flatten)]
    days: Days,
    /// Plans near a place, `LON,LAT` in WGS-84 degrees.
    #[arg(long, value_name = "LON,LAT", value_parser = parse_place, allow_hyphen_values = true)]
    near: Option<Position>,
    /// How near, km.
    #[arg(long, value_name = "KM", default_value_t = 5.0, requires = "near")]
    within: f64,
}

/// Arguments of `plans list`.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    filter: FilterArgs,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans show`.
#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    /// The plan.
    id: String,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// Arguments of `plans export`.
#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// In which form.
    #[arg(long, default_value = "csv")]
    format: FormatArg,
    /// Which heads: our names, or those of the office; both are read by `plans import`.
    #[arg(long, default_value = "names")]
    heads: HeadsArg,
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    filter: FilterArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    Csv,
    Xlsx,
    Json,
    Geojson,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum HeadsArg {
    Names,
    Chinese,
}

fn parse_status(text: &str) -> Result<PlanStatus, String> {
    let words = || PlanStatus::ALL.map(PlanStatus::name).join(", ");
    PlanStatus::from_name(text).ok_or_else(|| format!("expected one of {}", words()))
}

/// Reads a local day.
pub(super) fn parse_day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

fn parse_place(text: &str) -> Result<Position, String> {
    let expected = || format!("{text:?} is not LON,LAT in degrees");
    let (lon, lat) = text.split_once(',').ok_or_else(expected)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_not_one| expected());
    Position::from_lon_lat(number(lon)?, number(lat)?).map_err(|error| error.to_string())
}

impl FilterArgs {
    async fn plans(&self, desk: &Desk) -> anyhow::Result<Vec<StandingPlan>> {
        let units = match &self.unit {
            Some(code) => Some(subtree(desk, &UnitCode(code.clone()))?),
            None => None,
        };
        let window = match self.day {
            Some(day) => {
                let (from, until) = day_bounds(day, desk.zone())?;
                Span { from, until }
            }
            None => self.days.span(Some(desk.zone()))?,
        };
        let filter = PlanFilter { units, status: self.status, window: Some(window) };
        let mut plans = desk.store.whole().plans(filter).await?;
        if let Some(place) = self.near {
            plans.retain(|standing| distance_km(&desk.ground, &standing.plan, place) <= self.within);
        }
        Ok(plans)
    }
}

/// A unit and everything below it.
pub(super) fn subtree(desk: &Desk, top: &UnitCode) -> anyhow::Result<std::collections::BTreeSet<UnitCode>> {
    anyhow::ensure!(desk.ground.unit(top).is_some(), no_unit(top));
    Ok(desk.ground.subtree(top))
}

pub(super) async fn list(args: &ListArgs, desk: &Desk) -> anyhow::Result<Done> {
    let plans = args.filter.plans(desk).await?;
    if args.json {
        let documents: Vec<Value> = plans.iter().map(|standing| desk.document(standing)).collect();
        output::json(&json!({"plans": documents, "region_version": desk.ground.version()}))?;
        return Ok(Done::Completed);
    }
    for standing in &plans {
        output::line(&desk.line(standing));
    }
    output::note(&said::listed(plans.len()).to_string());
    Ok(Done::Completed)
}

pub(super) async fn show(args: ShowArgs, desk: &Desk) -> anyhow::Result<Done> {
    let id = PlanId(args.id);
    let Some(detail) = desk.store.whole().plan(id.clone()).await? else {
        return Err(crate::store::PlanError::Unknown(id).into());
    };
    if args.json {
        let mut document = desk.document(&detail.standing);
        if let Value::Object(fields) = &mut document {
            fields.insert("events".to_owned(), json!(detail.events));
        }
        output::json(&document)?;
        return Ok(Done::Completed);
    }
    output::line(&desk.line(&detail.standing));
    for order in &detail.standing.plan.orders {
        output::line(&format!("  {}", said::order(order, &desk.local(order.from), &desk.local(order.to))));
    }
    for event in &detail.events {
        let unit = event.actor_unit.as_deref().map_or(String::new(), |unit| format!("@{unit}"));
        let (zh, en) = (words::plan_event(&event.kind, Lang::Zh), words::plan_event(&event.kind, Lang::En));
        output::line(&format!("  {}  {zh} {en}  {}{unit}", desk.local(event.at), event.actor));
    }
    Ok(Done::Completed)
}

pub(super) async fn export(args: &ExportArgs, desk: &Desk) -> anyhow::Result<Done> {
    let plans = args.filter.plans(desk).await?;
    let format = match args.format {
        FormatArg::Csv => Format::Csv,
        FormatArg::Xlsx => Format::Xlsx,
        FormatArg::Json => Format::Json,
        FormatArg::Geojson => Format::GeoJson,
    };
    let heads = match args.heads {
        HeadsArg::Names => Heads::Names,
        HeadsArg::Chinese => Heads::Chinese,
    };
    output::document(&export::burn_plans(&desk.ground, &plans, heads, format)?, args.output.as_deref())?;
    Ok(Done::Completed)
}
