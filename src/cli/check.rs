//! `firegrid check`: every fault of configuration and region files at once.

use serde::Serialize;

use super::{Done, output};
use crate::config::{Config, Fault};
use crate::regions;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    /// Empty while the region has faults.
    region_version: String,
    warnings: Vec<Fault>,
    faults: Vec<Fault>,
}

pub(super) fn run(args: &Args, file: &std::path::Path, config: Result<Config, Vec<Fault>>) -> anyhow::Result<Done> {
    // A broken configuration still has a region to check: the default or the environment's.
    let (config, mut faults) = match config {
        Ok(config) => (config, Vec::new()),
        Err(faults) => (region_of_a_broken(file), faults),
    };
    let mut checked = Checked { ok: false, region_version: String::new(), warnings: Vec::new(), faults: Vec::new() };
    match regions::load(&config.region) {
        Ok(loaded) => {
            checked.region_version = loaded.data.version.0;
            checked.warnings = loaded.warnings;
        }
        Err(region_faults) => faults.extend(region_faults),
    }
    checked.ok = faults.is_empty();
    checked.faults = faults;
    if args.json {
        output::json(&checked)?;
    } else {
        print(&checked);
    }
    Ok(if checked.ok { Done::Completed } else { Done::Fault })
}

fn region_of_a_broken(file: &std::path::Path) -> Config {
    let mut config = Config::default();
    let named = std::fs::read_to_string(file)
        .ok()
        .and_then(|text| toml::from_str::<toml::Table>(&text).ok())
        .and_then(|table| Some(table.get("region")?.as_str()?.to_owned()));
    if let Some(folder) = std::env::var_os("FIREGRID_REGION") {
        config.region = folder.into();
    } else if let Some(folder) = named {
        config.region = folder.into();
    }
    config
}

fn print(checked: &Checked) {
    for warning in &checked.warnings {
        output::line(&format!("warning: {warning}"));
    }
    for fault in &checked.faults {
        output::line(&format!("fault: {fault}"));
    }
    if checked.ok {
        output::line(&format!("ok: region version {}", checked.region_version));
    } else {
        output::line(&format!("{} fault(s)", checked.faults.len()));
    }
}
