//! `firegrid audit`: proves the log, and writes its head outside the database.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::acting::Acting;
use super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::ground::Ground;
use crate::regions;
use crate::store::audit::Head;
use crate::store::{Acceptance, Store};

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Walk the hash chain and name every row that was edited, removed or moved.
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
    /// Print the head of the log: number and hash of the last event.
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
        Action::AcceptRestored { .. } => Ok(Done::Well),
        Action::Verify { heads, json } => {
            let file = heads.or(config.audit.heads.filter(|file| file.exists()));
            let heads = file.as_deref().map(read_heads).transpose()?.unwrap_or_default();
            let audit = store.verify_audit(heads).await?;
            if json {
                output::json(&audit)?;
            } else {
                for fault in &audit.faults {
                    output::line(&format!("错误 · fault: {fault}"));
                }
                for row in &audit.damage {
                    output::line(&format!("错误 · fault: {row}"));
                }
                let faults = audit.faults.len() + audit.damage.len();
                output::line(&format!(
                    "核对记录{0}条、案件{1}件、照片{2}张、数据行{6}条、外存链头{3}个：{4} · {0} events, {1} cases, {2} photos, {6} rows, \
                     {3} outside heads: {5}",
                    audit.events,
                    audit.cases,
                    audit.photos,
                    audit.heads,
                    if faults == 0 { "无误".to_owned() } else { format!("{faults}处错误") },
                    if faults == 0 { "ok".to_owned() } else { format!("{faults} fault(s)") },
                    audit.rows,
                ));
                if audit.heads == 0 {
                    output::note(
                        "未给外存链头（--heads）时，末尾被截断的记录看不出来 · without heads from outside (--heads) a log that was cut at its \
                         end looks whole",
                    );
                }
            }
            Ok(if audit.is_faultless() { Done::Well } else { Done::Fault })
        }
        Action::Head { append, json } => {
            let head = store.audit_head().await?;
            if let Some(file) = append {
                app::append_head(&file, &head, app::now())?;
            }
            if json {
                output::json(&head)?;
            } else {
                output::line(&format!("{} {}", head.seq, head.hash));
            }
            Ok(Done::Well)
        }
    }
}

async fn accept_restored(acting: &Acting, why: String, config: &Config) -> anyhow::Result<Done> {
    anyhow::ensure!(config.database.exists(), "there is no database {}", config.database.display());
    let Some(loaded) = output::passed(regions::load(&config.region)) else { return Ok(Done::Fault) };
    let actor = acting.actor(&Ground::build(loaded.data))?;
    let store = Store::accept_restored(&config.database, &Acceptance { actor, why, at: app::now() })?;
    let head = store.audit_head().await?;
    if let Some(file) = &config.audit.heads {
        app::append_head(file, &head, app::now())?;
    }
    output::line(&format!(
        "已采用，并记入操作记录第{0}条 · accepted, and recorded as event {0}: {1}",
        head.seq,
        config.database.display()
    ));
    Ok(Done::Well)
}

fn read_heads(file: &Path) -> anyhow::Result<Vec<Head>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the heads in {}", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(i, line)| {
            Head::parse(line).with_context(|| {
                format!("{} line {}: expected the number and the hash of an event", file.display(), i + 1)
            })
        })
        .collect()
}
