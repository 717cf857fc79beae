//! What all streams of events share: one look at the log a second, and how many streams there may be.
//!
//! The look goes on only while somebody follows.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::store::Health;

/// How often the end of the log is looked at: people wait for an alert, not for a second.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Most streams of one account: a desk has a wall, a map and a list open, and one that is being closed.
const PER_ACCOUNT: usize = 4;

/// Most streams in all: each holds a connection, and reads when something changed.
const IN_ALL: usize = 400;

/// The end of the log, and who follows it.
pub(in crate::web) struct Hub {
    last: watch::Sender<i64>,
    is_looking: AtomicBool,
    in_all: AtomicUsize,
    by_account: Mutex<HashMap<i64, usize>>,
}

/// Why there is no stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// The account has as many as it may.
    Account,
    /// There are as many as there may be.
    All,
}

/// A stream's place among the others; leaving it makes room.
pub(super) struct Seat {
    hub: Arc<Hub>,
    account: i64,
}

impl Hub {
    /// A hub that nobody follows yet.
    pub(in crate::web) fn new() -> Arc<Self> {
        Arc::new(Self {
            last: watch::Sender::new(0),
            is_looking: AtomicBool::new(false),
            in_all: AtomicUsize::new(0),
            by_account: Mutex::default(),
        })
    }

    /// Takes a seat for an account.
    pub(super) fn seat(self: &Arc<Self>, account: i64) -> Result<Seat, Full> {
        let mut seats = self.by_account.lock().unwrap_or_else(PoisonError::into_inner);
        let own = seats.entry(account).or_default();
        if *own >= PER_ACCOUNT {
            return Err(Full::Account);
        }
        if self.in_all.load(Ordering::Relaxed) >= IN_ALL {
            return Err(Full::All);
        }
        *own += 1;
        self.in_all.fetch_add(1, Ordering::Relaxed);
        Ok(Seat { hub: self.clone(), account })
    }

    /// The number of the last event, as it grows; looks for it from now on.
    pub(super) fn follow(self: &Arc<Self>, health: &Health) -> watch::Receiver<i64> {
        let receiver = self.last.subscribe();
        if !self.is_looking.swap(true, Ordering::AcqRel) {
            tokio::spawn(self.clone().look(health.clone()));
        }
        receiver
    }

    async fn look(self: Arc<Self>, health: Health) {
        let mut is_well = true;
        loop {
            match health.last_event().await {
                Ok(last) => {
                    is_well = true;
                    self.last.send_if_modified(|known| std::mem::replace(known, last) != last);
                }
                // Said once: it is asked again in a second.
                Err(error) if is_well => {
                    is_well = false;
                    tracing::error!("the end of the log cannot be read: {error}");
                }
                Err(_) => {}
            }
            if self.last.is_closed() {
                self.is_looking.store(false, Ordering::Release);
                // Somebody may have come between the two; whoever sets the flag again looks on.
                if self.last.is_closed() || self.is_looking.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.hub.by_account.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = seats.get_mut(&self.account) {
            *own -= 1;
            if *own == 0 {
                seats.remove(&self.account);
            }
        }
        self.hub.in_all.fetch_sub(1, Ordering::Relaxed);
    }
}
