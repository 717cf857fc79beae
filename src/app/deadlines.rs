//! The loop that fires deadlines: sleeps until the next one is due, or a little while, since other
//! processes and requests start clocks too. It looks at the machine's clocks as often, and notes in the database what
//! has certainly passed and whether the clock is doubted.
//!
//! A deadline fires when it is due both by the wall clock and by the present as [`Vitals`] knows it, so that a clock
//! that is wrong or jumps does not expire every alert at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch as channel;
use tokio_util::sync::CancellationToken;

use crate::domain::clock_trust::{Belief, Doubt, HOLD};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::time::Timestamp;
use crate::store::{self, ClockFound, FiredClock, Store};
use crate::vitals::Vitals;
use crate::words::Label;

/// Longest sleep: a deadline started meanwhile by another process fires at most this much late.
const LOOK: Duration = Duration::from_secs(5);

/// Deadlines fired in one transaction: a storm is worked off in steps that let other writes in.
const BATCH: u32 = 200;

/// How often it is noted what has certainly passed: a clock that was set back by more than this and the tolerance while
/// the service was down is noticed at the start.
const NOTE: Duration = Duration::from_mins(5);

/// Fires deadlines until cancelled.
pub(super) async fn keep_firing(
    store: Store,
    ground: channel::Receiver<Arc<Ground>>,
    rules: Arc<Rules>,
    vitals: Arc<Vitals>,
    cancel: CancellationToken,
) {
    // There from the start: whoever watches its increase needs a zero for it to rise from.
    metrics::counter!("firegrid_clock_jump_total").increment(0);
    let mut noted = Noted::of(&store).await;
    loop {
        noted.look(&store, &vitals, super::now()).await;
        let wait = step(&store, &ground, &rules, vitals.due_by(super::now())).await;
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// What was said of the clock last.
struct Noted {
    /// Since when the service runs.
    started: Instant,
    /// The doubt that was logged.
    told: Option<Doubt>,
    /// The doubt that the database holds.
    written: Option<Doubt>,
    /// When it was last noted what has certainly passed.
    certain_at: Option<Instant>,
}

impl Noted {
    /// What the database holds.
    async fn of(store: &Store) -> Self {
        let known = store.known_clock().await.unwrap_or_else(|error| {
            tracing::warn!("cannot read what is known of the clock: {error}");
            None
        });
        let written = known.and_then(|known| known.doubt);
        Self { started: Instant::now(), told: None, written, certain_at: None }
    }

    /// Looks at the clock and notes what is new.
    async fn look(&mut self, store: &Store, vitals: &Vitals, wall: Timestamp) {
        let written = match vitals.belief(wall) {
            Belief::Doubted(doubt) => self.doubted(store, vitals, doubt, wall).await,
            // Nobody has said yet whether the doubt of before the start is over.
            Belief::Plausible if self.written.is_some() && self.told.is_none() && self.started.elapsed() < HOLD => {
                Ok(())
            }
            Belief::Proven | Belief::Plausible => self.believed(store, vitals, wall).await,
        };
        // What could not be written is tried again at the next look; pages and metrics say it meanwhile.
        if let Err(error) = written {
            tracing::warn!("cannot note what is known of the clock: {error}");
        }
    }

    async fn doubted(
        &mut self,
        store: &Store,
        vitals: &Vitals,
        doubt: Doubt,
        wall: Timestamp,
    ) -> Result<(), store::Error> {
        if !self.told.is_some_and(|told| told.is_like(doubt)) {
            tell(doubt);
            self.told = Some(doubt);
        }
        if !self.written.is_some_and(|written| written.is_like(doubt)) {
            store.note_clock(ClockFound::Doubted { doubt, wall }, vitals.present(wall)).await?;
            (self.written, self.certain_at) = (Some(doubt), None);
        }
        Ok(())
    }

    async fn believed(&mut self, store: &Store, vitals: &Vitals, wall: Timestamp) -> Result<(), store::Error> {
        if self.certain_at.is_some_and(|at| at.elapsed() < NOTE) {
            return Ok(());
        }
        let Some(certain) = vitals.certain(wall) else { return Ok(()) };
        if self.told.take().is_some() {
            tracing::info!("the clock of this machine is believed again");
        }
        store.note_clock(ClockFound::Certain(certain), wall).await?;
        (self.written, self.certain_at) = (None, Some(Instant::now()));
        Ok(())
    }
}

fn tell(doubt: Doubt) {
    metrics::counter!("firegrid_clock_jump_total").increment(1);
    let (reason, seconds) = (doubt.reason.name(), doubt.by.as_secs());
    tracing::error!(
        reason,
        seconds,
        "the clock of this machine is {} s {}: {}; set it right (NTP): until then times are corrected and nothing is removed",
        seconds.unsigned_abs(),
        if seconds < 0 { "behind" } else { "ahead" },
        doubt.reason.label().en,
    );
}

/// Fires what is due and says how long there is nothing to do.
async fn step(store: &Store, ground: &channel::Receiver<Arc<Ground>>, rules: &Arc<Rules>, now: Timestamp) -> Duration {
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
        "the {} clock of alert {} ran out at {}; {}",
        fired.kind.name(),
        fired.number,
        fired.due_at,
        fired.escalated_to.as_ref().map_or_else(|| "nobody higher is told".to_owned(), |desk| format!("{desk} is told")),
    );
}
