//! The region files beside a running service: which ground it starts by, and when it takes another one up.
//!
//! Files with faults never change what is judged by, nor keep a service from starting that has judged before: it goes on
//! by the version it knows, and says so until good files are there.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::signal::unix::Signal;
use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;

use super::{activate, stored_ground, stored_ground_if_sound};
use crate::config::Fault;
use crate::domain::ground::Ground;
use crate::regions;
use crate::store::Store;
use crate::vitals::Vitals;

/// How often the service looks for a region version that another process activated.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often files with faults are read again: to say it no longer once they are mended, not to take them up.
const READ_AGAIN: Duration = Duration::from_mins(1);

/// The ground of the files, made the active version; where they have faults, that of the version judged by before.
///
/// # Errors
/// When the database cannot be used. Faults of the files come back inside where nothing stands in for them.
pub(super) async fn ground_to_start_by(
    store: &Store,
    folder: &Path,
    vitals: &Vitals,
) -> anyhow::Result<Result<Arc<Ground>, Vec<Fault>>> {
    let faults = match regions::load(folder) {
        Ok(loaded) => {
            activate(store, &loaded).await?;
            return Ok(Ok(Arc::new(Ground::build(loaded.data))));
        }
        Err(faults) => faults,
    };
    let Some(ground) = stored_ground_if_sound(store).await? else { return Ok(Err(faults)) };
    not_taken_up(&faults, vitals);
    tracing::error!(
        region.version = %ground.version(),
        "starting by region version {} of the database; mend the files in {} and run `firegrid regions reload`",
        ground.version().short(),
        folder.display(),
    );
    Ok(Ok(ground))
}

/// Takes up region versions that become active, and reads the files anew on SIGHUP.
pub(super) async fn follow(
    store: Store,
    folder: std::path::PathBuf,
    ground: channel::Sender<Arc<Ground>>,
    mut hangup: Signal,
    (vitals, cancel): (Arc<Vitals>, CancellationToken),
) {
    let mut read_at = Instant::now();
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            _ = hangup.recv() => reload(&store, &folder, &vitals).await,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        if !vitals.region_faults().is_empty() && read_at.elapsed() >= READ_AGAIN {
            look_again(&folder, &vitals).await;
            read_at = Instant::now();
        }
        // A database that cannot be read just now keeps the ground that is in use.
        match super::active_version(&store).await {
            Ok(Some(version)) if version != *ground.borrow().version() => match stored_ground(&store).await {
                Ok(Some(new)) => {
                    tracing::info!(region.version = %version, "judging by region version {} from now on", version.short());
                    ground.send_replace(new);
                    // Somebody has made good files the active ones.
                    vitals.region_files_read(Vec::new());
                }
                Ok(None) => {}
                Err(error) => tracing::error!("cannot take up region version {}: {error:#}", version.short()),
            },
            Ok(_) => {}
            Err(error) => tracing::warn!("cannot read which region version is active: {error}"),
        }
    }
}

/// Whether the files still have faults, and which.
async fn look_again(folder: &Path, vitals: &Vitals) {
    let folder = folder.to_owned();
    match tokio::task::spawn_blocking(move || regions::load(&folder).err()).await {
        Ok(faults) => vitals.region_files_read(texts(&faults.unwrap_or_default())),
        Err(error) => tracing::error!("reading the region files again ended: {error}"),
    }
}

async fn reload(store: &Store, folder: &Path, vitals: &Vitals) {
    match regions::load(folder) {
        Ok(loaded) => match activate(store, &loaded).await {
            Ok(_) => vitals.region_files_read(Vec::new()),
            Err(error) => tracing::error!("cannot store the reloaded region: {error:#}"),
        },
        Err(faults) => not_taken_up(&faults, vitals),
    }
}

fn not_taken_up(faults: &[Fault], vitals: &Vitals) {
    metrics::counter!("firegrid_zone_reload_failures_total").increment(1);
    for fault in faults {
        tracing::error!("region file fault: {fault}");
    }
    tracing::error!("the region files have {} fault(s); the version in use stays", faults.len());
    vitals.region_files_read(texts(faults));
}

fn texts(faults: &[Fault]) -> Vec<String> {
    faults.iter().map(ToString::to_string).collect()
}
