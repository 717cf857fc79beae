//! `firegrid weather set|list`: burn-weather levels, entered by people and read from the region's file.

use serde_json::{Value, json};

use super::acting::Acting;
use super::export::Days;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::burning::local_minute;
use crate::domain::calendar::BurnWeather;
use crate::domain::time::{Date, SignedDuration, local_day, parse_date};
use crate::domain::unit::UnitCode;
use crate::report::objects;
use crate::store::By;
use crate::words::commands::{no_unit, weather as words};

/// Arguments of `weather`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Enter the level of a unit and local day; it counts from now on, and the last entry counts.
    Set {
        /// Code of the unit, usually a county.
        unit: String,
        /// The local day.
        #[arg(value_parser = parse_day)]
        day: Date,
        /// 1 suitable, 2 reduce, 3 do not, 4 strictly forbidden.
        level: u8,
        #[command(flatten)]
        acting: Acting,
        /// Names the command: sent again with the same id it is answered and not done again.
        #[arg(long, value_name = "ID")]
        client_id: Option<String>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// List levels, those of the file first, then entered ones by the time they were entered.
    List {
        /// Levels of this unit only.
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        #[command(flatten)]
        days: Days,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

fn parse_day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let store = app::open_store(&config)?;
    let Some(ground) = output::passed(app::settle_ground(&config, &store).await?) else { return Ok(Done::Fault) };
    let zone = &ground.data().time_zone;
    match args.action {
        Action::Set { unit, day, level, acting, client_id, json } => {
            let by = By { actor: acting.actor(&ground)?, client_id, claimed_at: None };
            let weather = BurnWeather { unit_code: UnitCode(unit), date: day, level };
            let entry = store.whole().carry_out(weather, (by, ground.clone()), app::now()).await?;
            let entered = &entry.entered;
            if json {
                output::json(&objects::weather_entry(&entry))?;
            } else {
                let BurnWeather { unit_code, date, level } = &entered.weather;
                let said = words::entered(level, &local_minute(entered.entered_at, zone));
                output::line(&format!("{unit_code} {date} {said}"));
            }
        }
        Action::List { unit, days, json } => {
            let unit = unit.map(UnitCode);
            if let Some(code) = &unit {
                anyhow::ensure!(ground.unit(code).is_some(), no_unit(code));
            }
            let span = days.span(Some(zone))?;
            // The span is half-open: its last day is the one of its last moment.
            let last_moment = span.until.checked_sub(SignedDuration::from_secs(1)).unwrap_or(span.until);
            let (first, last) = (local_day(span.from, zone), local_day(last_moment, zone));
            let entered = store.whole().entered_weather(first, last).await?;
            let rows = objects::weather(&ground, &entered, (first, last), unit.as_ref());
            if json {
                output::json(&json!({"weather": rows}))?;
            } else {
                for row in &rows {
                    let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                    let level = row.get("level").and_then(Value::as_u64).unwrap_or_default();
                    output::line(&format!(
                        "{}  {}  {level}  {} {}",
                        text("day"),
                        text("unit_code"),
                        // Documents are UTC, lines for people the region's time.
                        match text("entered_at").parse() {
                            Ok(at) => words::entered_at(&local_minute(at, zone)),
                            Err(_from_the_file) => words::OF_THE_FILE.to_owned(),
                        },
                        text("entered_by")
                    ));
                }
            }
        }
    }
    Ok(Done::Completed)
}
