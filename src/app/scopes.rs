//! Keeps the scopes of alerts in step with the tree of units that is judged by: after the start, and after every region
//! version that is taken up.
//!
//! Beside everything else the service does, never before it listens: what takes long is done in short portions by
//! [`Store::refresh_scopes`], and a service that is stopped goes on where it was.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;

use crate::domain::ground::Ground;
use crate::store::Store;

/// How often it is looked for alerts that somebody acted on by the tree before, in the moment of the change.
const LOOK: Duration = Duration::from_mins(1);

/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// Keeps them written until cancelled.
pub(super) async fn keep_written(store: Store, mut ground: channel::Receiver<Arc<Ground>>, cancel: CancellationToken) {
    loop {
        let current = ground.borrow_and_update().clone();
        let refreshed = tokio::select! {
            () = cancel.cancelled() => return,
            refreshed = store.refresh_scopes(current) => refreshed,
        };
        let wait = match refreshed {
            Ok(0) => LOOK,
            Ok(alerts) => {
                tracing::info!(alerts, "looked at the units of {alerts} alerts after a change of the region");
                LOOK
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "cannot bring the lists of units up to date");
                RETRY
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            // Without a sender nothing changes any more; the cancellation follows.
            _ = ground.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}
