//! The loop that fires deadlines: sleeps until the next one is due, or a little while, since other
//! processes and requests start clocks too.
//!
//! Works by the wall clock, because people's deadlines do; watches it against the steady clock, so
//! that a clock that jumps does not expire every case at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;

use crate::domain::clock::{JumpGuard, Pulse};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::store::{FiredClock, Store};

/// Longest sleep: a deadline started meanwhile by another process fires at most this much late.
const LOOK: Duration = Duration::from_secs(5);

/// Deadlines fired in one transaction: a storm is worked off in steps that let other writes in.
const BATCH: u32 = 200;

/// Fires deadlines until cancelled.
pub(super) async fn keep_firing(
    store: Store,
    ground: channel::Receiver<Arc<Ground>>,
    rules: Arc<Rules>,
    cancel: CancellationToken,
) {
    // There from the start: whoever watches its increase needs a zero for it to rise from.
    metrics::counter!("firegrid_clock_jump_total").increment(0);
    let started = Instant::now();
    let mut guard = JumpGuard::default();
    loop {
        let now = super::now();
        let wait = match guard.look(now, started.elapsed()) {
            Pulse::Steady => step(&store, &ground, &rules, now).await,
            Pulse::Jumped(by) => {
                metrics::counter!("firegrid_clock_jump_total").increment(1);
                tracing::error!(
                    seconds = by.as_secs(),
                    "the clock of this machine jumped by {} s: no deadline fires for a while; set it right if it is wrong",
                    by.as_secs()
                );
                LOOK
            }
            Pulse::Held => LOOK,
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Fires what is due and says how long there is nothing to do.
async fn step(store: &Store, ground: &channel::Receiver<Arc<Ground>>, rules: &Arc<Rules>, now: Timestamp) -> Duration {
    // Mostly nothing is due: a cheap look, no write.
    match store.next_due_at().await {
        Ok(Some(at)) if at <= now => {}
        Ok(next) => return until(next, now),
        Err(error) => {
            tracing::error!("cannot read the deadlines: {error}");
            return LOOK;
        }
    }
    let ground = ground.borrow().clone();
    match store.fire_due(ground, rules.clone(), now, BATCH).await {
        Ok(fired) => {
            fired.clocks.iter().for_each(report);
            until(fired.next_due_at, now)
        }
        Err(error) => {
            tracing::error!("cannot fire the deadlines: {error}");
            LOOK
        }
    }
}

fn until(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let wait = next.map(|at| Duration::try_from(at.duration_since(now)).unwrap_or_default());
    wait.unwrap_or(LOOK).min(LOOK)
}

fn report(fired: &FiredClock) {
    metrics::counter!("firegrid_deadlines_fired_total", "clock" => fired.kind.name()).increment(1);
    tracing::info!(
        alert.number = %fired.number,
        clock = fired.kind.name(),
        unit = %fired.unit,
        late = fired.was_late,
        "the {} clock of case {} ran out at {}; {}",
        fired.kind.name(),
        fired.number,
        fired.due_at,
        fired.escalated_to.as_ref().map_or_else(|| "nobody higher is told".to_owned(), |desk| format!("{desk} is told")),
    );
}
