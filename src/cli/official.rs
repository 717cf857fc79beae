//! `firegrid official list`: the points of official lists of days.

use serde_json::json;

use super::export::Days;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::time::{SignedDuration, local_day};
use crate::store::OfficialRow;
use crate::words::commands::official as words;

/// Arguments of `official`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the points, by day; all days unless some are named.
    List {
        /// Points of this list only, by its id in the configuration.
        #[arg(long = "of", value_name = "LIST")]
        list: Option<String>,
        #[command(flatten)]
        days: Days,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    let Some(ground) = output::passed(app::settle_ground(&config, &store).await?) else { return Ok(Done::Fault) };
    let zone = &ground.data().time_zone;
    let Action::List { list, days, json } = args.action;
    let span = days.span(Some(zone))?;
    // The span is half-open: its last day is the one of its last moment.
    let last_moment = span.until.checked_sub(SignedDuration::from_secs(1)).unwrap_or(span.until);
    let days = (local_day(span.from, zone), local_day(last_moment, zone));
    let rows = store.official_points(days, list).await?;
    if json {
        let points: Vec<_> = rows.iter().map(object).collect();
        output::json(&json!({"official_points": points}))?;
        return Ok(Done::Completed);
    }
    for row in &rows {
        output::line(&line(row));
    }
    output::note(&words::listed(rows.len()).to_string());
    Ok(Done::Completed)
}

fn object(row: &OfficialRow) -> serde_json::Value {
    let point = &row.point;
    json!({
        "list": row.list, "day": point.day, "lon": point.position.lon(), "lat": point.position.lat(),
        "places": point.places, "satellite": point.satellite, "row": row.row_number, "body_hash": row.body_hash,
        "recorded_at": row.recorded_at, "raw": point.raw,
    })
}

fn line(row: &OfficialRow) -> String {
    let point = &row.point;
    let places = point.places.iter().filter(|place| !place.is_empty()).cloned().collect::<Vec<_>>().join(" ");
    let satellite = point.satellite.as_ref().map(|word| format!("  {word}")).unwrap_or_default();
    let (lon, lat) = (point.position.lon(), point.position.lat());
    let row = words::row(&row.list, row.row_number);
    format!("{}  {lon:.5},{lat:.5}  {places}{satellite}  {row}", point.day)
}
