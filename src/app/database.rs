//! What the service watches of its database: that the file stands where it was opened, and that it is whole.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::store::{Look, Store};

/// How often it is looked whether the file still stands there: two looks at names.
const STANDING_CHECK: Duration = Duration::from_secs(1);

/// How long the file may be gone before the service ends: a disk that was mounted anew is back by then. Nothing is
/// acknowledged meanwhile.
const GONE_FOR: Duration = Duration::from_secs(10);

/// How long after the start the file is looked over for the first time: the first polls go before.
const FIRST_CHECK: Duration = Duration::from_mins(1);

/// How often it is looked over.
const CHECK: Duration = Duration::from_hours(24);

/// Ends with an error when the database no longer stands where it was opened and does not come back.
///
/// # Errors
/// What became of it.
pub(super) async fn watch_standing(store: Store, cancel: CancellationToken) -> anyhow::Result<()> {
    let mut gone_since: Option<Instant> = None;
    loop {
        match (store.health().check_standing(), gone_since) {
            (Ok(()), Some(_)) => {
                tracing::warn!("the database is back: recording goes on");
                gone_since = None;
            }
            (Err(error), None) => {
                tracing::error!("{error}; ending in {} s if it stays so", GONE_FOR.as_secs());
                gone_since = Some(Instant::now());
            }
            (Err(error), Some(since)) if since.elapsed() > GONE_FOR => return Err(error.into()),
            (Ok(()), None) | (Err(_), Some(_)) => {}
        }
        tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            () = tokio::time::sleep(STANDING_CHECK) => {}
        }
    }
}

/// Looks over the database soon after the start, once a day, and when a statement meets damage.
pub(super) async fn keep_checking(store: Store, cancel: CancellationToken) {
    metrics::gauge!("firegrid_db_damaged").set(0.0);
    let mut wait = FIRST_CHECK;
    let health = store.health();
    loop {
        let is_known = health.soundness.damage().is_some();
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            // Once it is known to be damaged, further errors tell nothing new.
            () = health.soundness.heard_of_damage(), if !is_known => {}
        }
        look_over(&store, &cancel).await;
        wait = CHECK;
    }
}

async fn look_over(store: &Store, cancel: &CancellationToken) {
    while !cancel.is_cancelled() {
        match store.take_up_digests().await {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                tracing::error!("cannot take up rows that have no digest yet: {error}");
                break;
            }
        }
    }
    let started = Instant::now();
    match store.check(Look::Whole).await {
        Ok(found) if found.is_empty() => {
            tracing::info!(seconds = started.elapsed().as_secs(), "looked over the database: it is whole");
            metrics::gauge!("firegrid_db_checked_timestamp_seconds").set(super::now().as_second() as f64);
        }
        Ok(found) => {
            metrics::gauge!("firegrid_db_damaged").set(1.0);
            for finding in &found {
                tracing::error!("damage: {finding}");
            }
            tracing::error!(
                "the database {} is damaged: keep the file, stop, move its folder aside, and put a backup in its place",
                store.path().display()
            );
        }
        Err(_) if cancel.is_cancelled() => {}
        Err(error) => tracing::error!("cannot look over the database: {error}"),
    }
}
