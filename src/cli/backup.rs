//! `firegrid backup`: a proven copy of everything, also while the service runs.

use std::path::PathBuf;

use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::store::Backup;
use crate::words::commands::backup as words;

/// Arguments of `backup`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The new folder; it must not exist, the one above it must.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    // Opening would make a database where there is none; an empty backup is none.
    anyhow::ensure!(config.database.exists(), "there is no database {} to back up", config.database.display());
    let backup = app::open_store(&config)?.backup(&args.to).await?;
    if args.json {
        output::json(&backup)?;
    } else {
        say(&backup);
    }
    Ok(if backup.missing.is_empty() { Done::Completed } else { Done::PartialFailure })
}

fn say(backup: &Backup) {
    for file in &backup.missing {
        output::note(&words::missing(&file.path, &file.problem).to_string());
    }
    output::line(&words::done(backup).to_string());
}
