//! `firegrid people import`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::super::acting::Acting;
use super::super::{Done, output};
use crate::app;
use crate::config::Config;
use crate::domain::ground::Ground;
use crate::regions::bundle::MAX_FILE_BYTES;
use crate::regions::import::{self, Import, List};
use crate::regions::{self, Bundle};
use crate::store::{RegionAct, Store};
use crate::words::commands::people as words;

/// What is asked for.
pub(super) struct Order {
    pub file: PathBuf,
    pub list: List,
    pub dry_run: bool,
    pub json: bool,
    pub acting: Acting,
}

pub(super) async fn run(config: &Config, order: &Order) -> anyhow::Result<Done> {
    let bytes = read(&order.file)?;
    let name = order.file.file_name().unwrap_or(order.file.as_os_str()).to_string_lossy().into_owned();
    let import = match import::prepare(&config.region, order.list, &name, &bytes) {
        Ok(import) => import,
        Err(faults) if order.json => {
            output::json(&json!({"ok": false, "faults": faults}))?;
            return Ok(Done::Fault);
        }
        Err(faults) => {
            output::faults(&faults);
            return Ok(Done::Fault);
        }
    };
    output::warnings(&import.warnings);
    let store = app::open_store(config)?;
    refuse_other_changes(&store, &import).await?;
    let before = app::stored_ground_if_sound(&store).await?;
    let actor = match &before {
        Some(ground) => order.acting.actor(ground)?,
        None => order.acting.actor(&Ground::build(import.loaded.data.clone()))?,
    };
    let difference = before.as_ref().map(|ground| regions::difference(ground.data(), &import.loaded.data));
    if !order.dry_run {
        import
            .write(&config.region)
            .with_context(|| format!("cannot replace {} in {}", import.path, config.region.display()))?;
        let kind = match order.list {
            List::People => "people_imported",
            List::Duty => "duty_imported",
        };
        let act = RegionAct { actor, kind, detail: json!({"file": name, "rows": import.rows}) };
        app::activate_by(&store, &import.loaded, act).await.with_context(|| {
            format!("{} is replaced but not in use yet; run `firegrid regions reload`", import.path)
        })?;
    }
    tell(order, &import, difference.as_ref())?;
    Ok(Done::Completed)
}

fn tell(order: &Order, import: &Import, difference: Option<&regions::Difference>) -> anyhow::Result<()> {
    let version = &import.loaded.data.version;
    if order.json {
        return output::json(&json!({
            "ok": true, "dry_run": order.dry_run, "rows": import.rows, "file": import.path,
            "region_version": version, "difference": difference, "warnings": import.warnings, "faults": [],
        }));
    }
    if let Some(difference) = difference {
        output::text(&difference.to_string())?;
    }
    output::line(&if order.dry_run { words::would_import(import.rows) } else { words::imported(import.rows, version) });
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", file.display());
    let length = std::fs::metadata(file).with_context(cannot)?.len();
    anyhow::ensure!(
        length <= MAX_FILE_BYTES,
        "{} has {length} bytes, at most {MAX_FILE_BYTES} are read",
        file.display()
    );
    std::fs::read(file).with_context(cannot)
}

/// An import makes the whole folder the active version, so nothing else in it may wait to be used:
/// a half-drawn zone must not come into force because somebody's telephone changed.
async fn refuse_other_changes(store: &Store, import: &Import) -> anyhow::Result<()> {
    let Some(stored) = app::active_region(store).await? else { return Ok(()) };
    let active = Bundle::from_bytes(&stored.bundle).context("the region version in use cannot be unpacked")?;
    let new = &import.loaded.bundle;
    let names: std::collections::BTreeSet<_> = active.files.keys().chain(new.files.keys()).collect();
    let changed: Vec<&str> = names
        .into_iter()
        .filter(|name| **name != import.path && active.files.get(*name) != new.files.get(*name))
        .map(String::as_str)
        .collect();
    anyhow::ensure!(
        changed.is_empty(),
        "the region folder has changes that are not in use yet ({}): look at them and use them first with \
         `firegrid regions reload`, then import again",
        changed.join(", ")
    );
    Ok(())
}
