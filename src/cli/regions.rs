//! `firegrid regions reload|grid`.

use std::path::PathBuf;

use anyhow::Context;

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::regions::grid::Inside;
use crate::regions::{self, grid};
use crate::store::Activation;
use crate::words::Label;
use crate::words::commands::plans::reloaded;

/// Arguments of `regions`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Read the region files, show what would change, and make them the active version.
    ///
    /// A running service takes the new version up at its next cycle; a bad file changes nothing.
    Reload {
        /// Only show the difference.
        #[arg(long)]
        dry_run: bool,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Cut approximate grid cells inside units and print a new units.geojson.
    Grid {
        /// Cut inside every unit of this level that has an outline.
        #[arg(long, default_value = "county", value_parser = parse_level, value_name = "LEVEL")]
        inside: UnitLevel,
        /// Cut inside these units only.
        #[arg(long = "unit", value_name = "CODE")]
        units: Vec<String>,
        /// Side of a cell, km.
        #[arg(long, default_value_t = grid::DEFAULT_CELL_KM, value_name = "KM")]
        cell: f64,
        /// Also draw approximate outlines of units that carry cells and have none.
        #[arg(long)]
        outlines: bool,
        /// Write to this file instead of standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

fn parse_level(text: &str) -> Result<UnitLevel, String> {
    UnitLevel::from_name(text).ok_or_else(|| "expected city, county, township, village, hamlet or grid".to_owned())
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    let loaded = match regions::load(&config.region) {
        Ok(loaded) => loaded,
        Err(faults) => {
            output::faults(&faults);
            output::note("the region version in use stays as it is");
            return Ok(Done::Fault);
        }
    };
    match args.action {
        Action::Reload { dry_run, json } => {
            let store = app::open_store(&config)?;
            let before = app::stored_ground_if_sound(&store).await?;
            let difference = before.as_ref().map(|ground| regions::difference(ground.data(), &loaded.data));
            let version = loaded.data.version.clone();
            let activation = if dry_run {
                let changed = before.as_ref().is_none_or(|ground| *ground.version() != version);
                Activation { changed, plans: Vec::new() }
            } else {
                app::activate_and_tell(&store, &loaded).await?
            };
            let changed = activation.changed;
            if json {
                output::json(&serde_json::json!({
                    "region_version": version, "changed": changed, "dry_run": dry_run,
                    "difference": difference, "warnings": loaded.warnings, "plans": activation.plans,
                }))?;
            } else {
                for warning in &loaded.warnings {
                    output::note(&format!("warning: {warning}"));
                }
                if let Some(difference) = &difference {
                    output::text(&difference.to_string())?;
                }
                for plan in &activation.plans {
                    output::line(&reloaded(&plan.plan_id, plan.outcome.label()));
                }
                output::line(&match (changed, dry_run) {
                    (false, _) => format!("region version {version} is in use already"),
                    (true, true) => format!("dry run: region version {version} would be used from now on"),
                    (true, false) => format!("region version {version} is used from now on"),
                });
            }
        }
        Action::Grid { inside, units, cell, outlines, output: file } => {
            let inside = if units.is_empty() {
                Inside::Level(inside)
            } else {
                Inside::Units(units.into_iter().map(UnitCode).collect())
            };
            let cut = grid::cut(&loaded, &grid::Options { inside, cell_km: cell, outlines })?;
            match file {
                Some(file) => {
                    std::fs::write(&file, &cut.geojson).with_context(|| format!("cannot write {}", file.display()))?;
                }
                None => output::text(&cut.geojson)?,
            }
            output::note(&format!("{} cells, {} approximate outlines, in WGS-84", cut.cells, cut.outlined.len()));
            for unit in &cut.without_seat {
                output::note(&format!("no unit in {unit} has a seat in places.csv: its cells belong to it directly"));
            }
        }
    }
    Ok(Done::Completed)
}
