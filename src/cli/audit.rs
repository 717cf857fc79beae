//! `firegrid audit`: proves the record, and writes its head outside the database.

use std::path::PathBuf;

use anyhow::Context;

use super::acting::Acting;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::ground::Ground;
use crate::regions;
use crate::store::audit::{Audit, Verdict, read_heads};
use crate::store::{Acceptance, Outside, Store};
use crate::words::Say;
use crate::words::commands::audit as words;

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Walk the hash chain, hold every row against its seal, and name what was edited, removed or moved. Exit code 0:
    /// proven, 1: broken, 2: unproven, because no head was written outside.
    Verify {
        /// A file of heads written earlier; also finds a log that was cut or rewritten whole.
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Accept a database that was put back from a copy, or comes from elsewhere, as the one that counts.
    AcceptRestored {
        #[command(flatten)]
        acting: Acting,
        /// Why, for the record; what was acknowledged since and is not in it is given up.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Print the head of the record: number and hash of the last event, and what is sealed.
    Head {
        /// Append it to this file.
        #[arg(long, value_name = "FILE")]
        append: Option<PathBuf>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(args: Args, config: Config) -> anyhow::Result<Done> {
    if let Action::AcceptRestored { acting, why } = args.action {
        return accept_restored(&acting, why, &config).await;
    }
    let store = app::open_store(&config)?;
    match args.action {
        Action::AcceptRestored { .. } => Ok(Done::Completed),
        Action::Verify { heads, json } => {
            let heads = heads.map(|file| read_heads(&file)).transpose()?;
            let audit = store.whole().verify_audit(heads).await?.context("the whole record was not to be seen")?;
            if json {
                output::json(&audit)?;
            } else {
                print(&audit);
            }
            Ok(match audit.verdict {
                Verdict::Proven => Done::Completed,
                Verdict::Unproven => Done::Unproven,
                Verdict::Broken => Done::Fault,
            })
        }
        Action::Head { append, json } => {
            let head = store.sealed_head(app::now()).await?;
            if let Some(file) = append {
                app::append_head(&file, &head)?;
            }
            if json {
                output::json(&head)?;
            } else {
                output::line(&head.to_string());
            }
            Ok(Done::Completed)
        }
    }
}

fn print(audit: &Audit) {
    for fault in &audit.faults {
        output::line(&words::fault(fault.say()));
    }
    for row in &audit.damage {
        output::line(&words::fault(row.say()));
    }
    output::line(&words::verified(audit).to_string());
    if audit.verdict == Verdict::Unproven {
        output::note(&words::UNPROVEN.to_string());
    }
}

async fn accept_restored(acting: &Acting, why: String, config: &Config) -> anyhow::Result<Done> {
    anyhow::ensure!(config.database.exists(), "there is no database {}", config.database.display());
    let Some(loaded) = output::passed(regions::load(&config.region)) else { return Ok(Done::Fault) };
    let actor = acting.actor(&Ground::build(loaded.data))?;
    let acceptance = Acceptance { actor, why, at: app::now() };
    let store =
        Store::open_witnessed(&config.database, Outside { accepted: Some(&acceptance), ..app::outside(config) })?;
    let head = store.sealed_head(app::now()).await?;
    if let Some(file) = &config.audit.heads {
        app::append_head(file, &head)?;
    }
    output::line(&words::accepted(head.seq, &config.database).to_string());
    Ok(Done::Completed)
}
