//! `firegrid people import|check|list`: the lists of people and the duty roster.

mod import;
mod print;

use std::path::PathBuf;

use clap::ValueEnum;

use super::acting::Acting;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::chain::review;
use crate::domain::time::{Date, parse_date};
use crate::domain::unit::UnitCode;
use crate::report::export::sheet;
use crate::report::responsibility::ResponsibilityList;
use crate::store::GapRow;
use crate::words::commands::no_unit;

/// Arguments of `people`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Take a list of people (or a duty roster) from CSV or XLSX into the region, whole or not at all.
    ///
    /// The file is the whole list: whoever it does not name is gone. Every fault is named by its
    /// row. The region's file is replaced and the new version used from now on.
    Import {
        /// The file, CSV or XLSX; heads as in people.csv, English or Chinese.
        file: PathBuf,
        /// The file is a duty roster (值班表).
        #[arg(long)]
        duty: bool,
        /// Only check and show what would change.
        #[arg(long)]
        dry_run: bool,
        /// One JSON document.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        acting: Acting,
    },
    /// What has to be mended: units without holder, people who run out, days without a shift, and gaps that
    /// alerts fell through.
    Check {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// The responsibility list (责任清单) of a unit and everything below it.
    List {
        /// Code of the unit.
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// In which form; html is a page to be printed on A4.
        #[arg(long, default_value = "text")]
        format: ListFormat,
        /// As of this local day instead of today.
        #[arg(long, value_name = "DATE", value_parser = parse_day)]
        date: Option<Date>,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ListFormat {
    Text,
    Csv,
    Xlsx,
    Html,
}

/// What `check --json` prints.
#[derive(serde::Serialize)]
struct Check {
    #[serde(flatten)]
    review: review::Review,
    /// Where alerts really ended higher up than they should have.
    #[serde(rename = "case_gaps")]
    alert_gaps: Vec<GapRow>,
}

/// The gaps that alerts fell through; none where nothing was ever recorded.
async fn alert_gaps(config: &Config) -> anyhow::Result<Vec<GapRow>> {
    if !config.database.exists() {
        return Ok(Vec::new());
    }
    Ok(app::open_store(config)?.whole().responsibility_gaps().await?)
}

fn parse_day(text: &str) -> Result<Date, String> {
    parse_date(text).map_err(|error| error.to_string())
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    match args.action {
        Action::Import { file, duty, dry_run, json, acting } => {
            let list = if duty { crate::regions::import::List::Duty } else { crate::regions::import::List::People };
            import::run(&config, &import::Order { file, list, dry_run, json, acting }).await
        }
        Action::Check { json } => {
            let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
            let review = review::review(&ground, ground.local_day(app::now()));
            let gaps = alert_gaps(&config).await?;
            if json {
                output::json(&Check { review, alert_gaps: gaps })?;
            } else {
                print::review(&review);
                print::alert_gaps(&ground, &gaps);
            }
            Ok(Done::Completed)
        }
        Action::List { unit, format, date, output: file } => {
            let Some(ground) = output::passed(app::ground_of(&config).await?) else { return Ok(Done::Fault) };
            let day = date.unwrap_or_else(|| ground.local_day(app::now()));
            let code = UnitCode(unit);
            let Some(list) = ResponsibilityList::of(&ground, &code, day) else {
                anyhow::bail!(no_unit(&code));
            };
            let document = match format {
                ListFormat::Text => list.text().into_bytes(),
                ListFormat::Csv => sheet::csv(&list.sheet()).into_bytes(),
                ListFormat::Xlsx => sheet::workbook(&list.sheet())?,
                ListFormat::Html => list.html()?.into_bytes(),
            };
            output::document(&document, file.as_deref())?;
            Ok(Done::Completed)
        }
    }
}
