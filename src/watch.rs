//! One cycle: fetch, parse, screen, then locate, judge, group and record in one transaction;
//! and the loop round it.
//!
//! Reads top to bottom like the flow. [`crate::source`] fetches and parses, [`screen`] keeps
//! what concerns this ground, [`Store::record`] does the rest by the rules of
//! [`crate::domain`]. It does not send anything to anybody.

mod official;
mod promise;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::config::{Config, SourceConfig, SourceKind};
use crate::domain::clock_trust::{Belief, Doubt};
use crate::domain::feed_content::{Content, Cover};
use crate::domain::ground::Ground;
use crate::domain::rules::Rules;
use crate::domain::screening::{DropReason, FUTURE_TOLERANCE, Screening, is_future, screen as screen_row};
use crate::domain::time::{SignedDuration, Timestamp};
use crate::media::Bodies;
use crate::source::dialect::Table;
use crate::source::{Ask, Cursor, Feed, Network, Outcome, Poll, ServerTime, backoff};
use crate::store::{self, Batch, CursorUpdate, DoubtfulRow, OfficialBatch, OriginRule, Recorded, SourceState, Store};
use crate::vitals::Vitals;
use crate::words::dropped_files;
use promise::promise_of;

/// What every cycle needs.
#[derive(Clone)]
pub struct Watch {
    /// Where everything is recorded.
    pub store: Store,
    /// Where raw bodies are kept.
    pub bodies: Bodies,
    /// The ground in force; replaced when the region files are reloaded.
    pub ground: tokio::sync::watch::Receiver<Arc<Ground>>,
    /// By which everything is judged and linked.
    pub rules: Arc<Rules>,
    /// The machine's wall clock, as it is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Whether that clock is believed, and what could not be recorded.
    pub vitals: Arc<Vitals>,
}

impl Watch {
    /// The present: the wall clock, or the best that is known while it is doubted.
    fn now(&self) -> Timestamp {
        self.vitals.present((self.clock)())
    }
}

/// What screening a table gave.
#[derive(Debug, Default)]
pub struct Screened {
    /// Rows inside the region and its belt.
    pub kept: Vec<crate::domain::observation::Observation>,
    /// Rows that could not be read or were not believed.
    pub rejected: Vec<DoubtfulRow>,
    /// Rows that are kept although some of their values are unknown, once a value.
    pub unknown: Vec<DoubtfulRow>,
    /// Rows beyond the belt.
    pub outside: u64,
    /// Rows later than this machine's clock, those beyond the belt included: the clock or the body is wrong.
    pub future: u64,
    /// The latest of them inside the region and its belt.
    pub newest_future: Option<Timestamp>,
    /// Oldest and newest believable acquisition over all rows.
    pub acquired_within: Option<(Timestamp, Timestamp)>,
}

/// Screens the rows of a table: every row is kept, outside, or rejected with its reason.
#[must_use]
pub fn screen(table: &Table, ground: &Ground, now: Timestamp) -> Screened {
    let mut screened = Screened::default();
    for row in &table.rows {
        let doubt =
            |problem: &str| DoubtfulRow { line: row.line, raw: row.raw().to_owned(), problem: row.named(problem) };
        let observation = match &row.result {
            Ok(observation) => observation,
            Err(error) => {
                screened.rejected.push(doubt(&error.to_string()));
                continue;
            }
        };
        let acquired_at = observation.key.acquired_at;
        match screen_row(ground, observation.position, acquired_at, now) {
            Screening::Keep(_) => {
                screened.unknown.extend(row.unknown.iter().map(|value| doubt(&value.to_string())));
                screened.kept.push(observation.clone());
            }
            Screening::Drop(DropReason::Outside) => screened.outside += 1,
            Screening::Drop(DropReason::Future) => {
                screened.newest_future = screened.newest_future.max(Some(acquired_at));
                screened.rejected.push(doubt(&format!("acquired at {acquired_at}, later than this machine's clock")));
            }
        }
        screened.future += u64::from(is_future(acquired_at, now));
        // Also rows from elsewhere prove that the feed is alive; future ones prove nothing.
        if acquired_at <= now {
            let (oldest, newest) = screened.acquired_within.unwrap_or((acquired_at, acquired_at));
            screened.acquired_within = Some((oldest.min(acquired_at), newest.max(acquired_at)));
        }
    }
    screened
}

/// Polls one source once and records what came: one transaction per body. That nothing could be recorded is kept in
/// [`Vitals`], for pages that are read while the database or the disk refuses.
///
/// # Errors
/// [`store::Error`] when a poll could not be recorded; then nothing of it is.
pub async fn cycle(
    watch: &Watch,
    feed: &mut Feed,
    network: &Network,
    interval: Duration,
) -> Result<Recorded, store::Error> {
    let recorded = poll_and_record(watch, feed, network, interval).await;
    match &recorded {
        Ok(_) => watch.vitals.recorded(feed.id()),
        Err(error) => watch.vitals.not_recorded(feed.id(), cause(error), watch.now()),
    }
    recorded
}

async fn poll_and_record(
    watch: &Watch,
    feed: &mut Feed,
    network: &Network,
    interval: Duration,
) -> Result<Recorded, store::Error> {
    let state = state_of(watch, feed.id()).await?;
    let ground = watch.ground.borrow().clone();
    let started_at = watch.now();
    // "Unchanged" is only true of the same address, and only enough while the same ground is
    // watched: a wider one needs the rows that were let go before.
    let cursor_for = format!("{} {}", feed.fingerprint(), ground.version());
    let is_of_this = state.cursor_for.as_deref() == Some(cursor_for.as_str());
    let known = Cursor::kept(state.cursor.clone().filter(|_| is_of_this));
    let ask = Ask {
        extent: ground.city_extent().unwrap_or(ground.data().extent),
        belt_km: ground.data().neighbour_belt_km,
        cursor: &known,
        // Files carry the times of this machine's clock, right or wrong.
        now: (watch.clock)(),
    };
    let mut total = Recorded::default();
    for poll in feed.poll(&ask, network).await {
        learn_time(watch, feed.id(), &poll);
        let Prepared { poll, mut batch, official, content } = prepared(watch, &ground, feed, poll, started_at).await?;
        let (now, belief) = (watch.now(), watch.vitals.belief((watch.clock)()));
        let mut cursor = cursor_after(&poll, &state, interval, now);
        if poll.future > 0 {
            ask_again(&mut cursor, belief, now);
        }
        if let Some(Doubt { reason, by }) = belief.doubt() {
            batch.detail = format!("{}; clock doubted ({}): {} s ahead", batch.detail, reason.name(), by.as_secs());
        }
        batch.cursor = Some(CursorUpdate {
            cursor_for: Some(cursor_for.clone()),
            promise: promise_of(feed.kind()),
            content,
            ..cursor
        });
        if let Some(official) = official {
            // Known points change nothing: a stop before the poll is recorded has the file read again.
            watch.store.record_official(official, now).await?;
        }
        let recorded = watch.store.record(batch, ground.clone(), watch.rules.clone(), now).await?;
        count(feed.id(), &poll, &recorded);
        report(feed.id(), &poll, &recorded);
        put_away(feed, &poll);
        total += recorded;
    }
    Ok(total)
}

/// A feed whose rows were refused as of the future is asked again after this long, while nobody knows whether it is
/// the feed or the clock that is wrong.
const FUTURE_RETRY: SignedDuration = SignedDuration::from_mins(1);

/// Rows were refused as of the future, so they must come again.
fn ask_again(cursor: &mut CursorUpdate, belief: Belief, now: Timestamp) {
    // Where a server agrees with the clock it is the feed that is wrong, and there is no haste.
    if belief != Belief::Proven {
        let soon = now.checked_add(FUTURE_RETRY).ok();
        cursor.next_attempt_at = cursor.next_attempt_at.min(soon).or(soon);
    }
}

/// Takes up what a server said of the time.
fn learn_time(watch: &Watch, source_id: &str, poll: &Poll) {
    match poll.server_time {
        Some(ServerTime::Is(date)) => watch.vitals.hear(source_id, date, (watch.clock)()),
        Some(ServerTime::CertificateRefused) => watch.vitals.refuse_certificate(source_id),
        None => {}
    }
}

/// A poll that is ready to be recorded.
struct Prepared {
    poll: Poll,
    batch: Batch,
    official: Option<OfficialBatch>,
    content: Option<Content>,
}

/// As [`batch_of`], off the runtime's threads: writing a body to disk and locating the rows of a burning day take
/// longer than a page may wait for its thread.
async fn prepared(
    watch: &Watch,
    ground: &Arc<Ground>,
    feed: &Feed,
    poll: Poll,
    started_at: Timestamp,
) -> Result<Prepared, store::Error> {
    let (bodies, ground, source_id) = (watch.bodies.clone(), ground.clone(), feed.id().to_owned());
    let (vitals, wall, promise) = (watch.vitals.clone(), (watch.clock)(), promise_of(feed.kind()));
    let work = tokio::task::spawn_blocking(move || {
        let content = poll.table.as_ref().map(|table| {
            let unreadable = table.rejected().count() as u64;
            Content::of(table.observations(), unreadable, &promise, ground.data().extent, vitals.latest(wall))
        });
        if let Some(content) = &content {
            vitals.see(content);
        }
        let newest = content.as_ref().and_then(Content::newest_at);
        let origin = match promise.cover {
            // A file may be an archive.
            Cover::Brought => OriginRule::ByAge,
            Cover::Wide | Cover::Small => OriginRule::AsOf(vitals.age_reference(wall, newest)),
        };
        let given = Given { source_id: &source_id, file_name: None, started_at, origin };
        let mut poll = poll;
        let (batch, official) = batch_of(&bodies, &mut poll, &ground, given, vitals.latest(wall))?;
        Ok(Prepared { poll, batch, official, content })
    });
    match work.await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_stopping) => Err(store::Error::Closed),
    }
}

/// What a poll does not say itself.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The source, or `ingest`.
    pub source_id: &'a str,
    /// The file, where it was given by hand.
    pub file_name: Option<&'a str>,
    /// When the poll started.
    pub started_at: Timestamp,
    /// How new detections get their origin.
    pub origin: OriginRule,
}

/// What a poll brought, ready to be recorded: itself and, of a list of days, its points. The body is on disk before any row
/// names it. The poll is told which of its rows are later than `now`, which may change its outcome and ends what its cursor vouches for.
///
/// # Errors
/// [`store::Error`] when the body cannot be kept.
pub fn batch_of(
    bodies: &Bodies,
    poll: &mut Poll,
    ground: &Ground,
    given: Given<'_>,
    now: Timestamp,
) -> Result<(Batch, Option<OfficialBatch>), store::Error> {
    let body_hash = poll.body.as_deref().map(|body| bodies.keep(body)).transpose()?;
    let screened = poll.table.as_ref().map(|table| screen(table, ground, now)).unwrap_or_default();
    poll.note_future_rows(screened.future);
    // A dropped file is never asked for again: it waits where it lies until its rows can be believed.
    poll.read_again_at = screened.newest_future.and_then(|newest| newest.checked_sub(FUTURE_TOLERANCE).ok());
    let dropped = poll.file.as_ref().map(|file| file.name.as_str());
    let file_name = given.file_name.or(dropped);
    let days = poll.official.as_ref().map(|list| (list, official::screen(list, ground, now)));
    let of_days = days.as_ref().map_or(0, |(list, _)| list.table.rows.len());
    let doubtful_days = days.as_ref().map(|(_, days)| days.rejected.clone()).unwrap_or_default();
    let outside_days = days.as_ref().map_or(0, |(_, days)| days.outside);
    let official = days.zip(body_hash.as_deref()).map(|((list, days), hash)| days.batch(&list.list, file_name, hash));
    let header = poll.table.as_ref().map(|table| &table.header);
    let header = header.or(poll.official.as_ref().map(|list| &list.table.header));
    let batch = Batch {
        source_id: given.source_id.to_owned(),
        file_name: file_name.map(str::to_owned),
        started_at: given.started_at,
        outcome: poll.outcome.name().into_owned(),
        http_status: poll.http_status,
        detail: dropped_files::detail(poll),
        body_hash,
        header: header.map(|names| names.join(",")),
        read: (poll.table.as_ref().map_or(0, |table| table.rows.len()) + of_days) as u64,
        outside: screened.outside + outside_days,
        rejected: screened.rejected.into_iter().chain(doubtful_days).collect(),
        unknown: screened.unknown,
        kept: screened.kept,
        acquired_within: screened.acquired_within,
        origin: given.origin,
        cursor: None,
    };
    Ok((batch, official))
}

fn cursor_after(poll: &Poll, state: &SourceState, interval: Duration, now: Timestamp) -> CursorUpdate {
    let wait = backoff::next_attempt(&backoff::Attempt {
        outcome: poll.outcome,
        consecutive_failures: if poll.outcome.is_success() { 0 } else { state.consecutive_failures + 1 },
        interval,
        retry_after: poll.retry_after,
        jitter_seed: now.as_millisecond().unsigned_abs(),
    });
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::ZERO);
    CursorUpdate {
        cursor: poll.cursor.text().map(str::to_owned),
        succeeded: poll.outcome.is_success(),
        next_attempt_at: now.checked_add(wait).ok(),
        ..CursorUpdate::default()
    }
}

/// Moves a dropped file out of the way, after it was recorded.
fn put_away(feed: &mut Feed, poll: &Poll) {
    let Some(file) = &poll.file else { return };
    if let Some(until) = poll.read_again_at {
        tracing::warn!(
            source.id = feed.id(),
            "{} stays in the drop folder: rows of it are later than this machine's clock",
            file.name
        );
        feed.set_aside_until(file, until);
        return;
    }
    if let Err(error) = file.put_away(dropped_files::note(poll).as_deref()) {
        tracing::error!(source.id = feed.id(), error = %describe(&error), "could not put away {}", file.name);
        // Left where it is, it must not keep later files from being read.
        feed.set_aside(file);
    }
}

/// Polls one source for ever, at its own pace: a slow or failing feed delays no other.
pub async fn keep_polling(
    watch: Watch,
    source: SourceConfig,
    network: Arc<Network>,
    interval: Duration,
    cancel: CancellationToken,
) {
    let mut feed = Feed::new(source.clone());
    // After a restart the stored back-off still holds, so that a crash loop does not hammer the server.
    let mut wait = first_wait(&watch, &source).await;
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        let ended = tokio::select! {
            () = cancel.cancelled() => return,
            ended = cycle(&watch, &mut feed, &network, interval) => ended,
        };
        if let Err(error) = ended {
            tracing::error!(source.id = %source.id, error = %describe(&error), "could not record a poll of {}", source.id);
            wait = RECORD_RETRY;
            continue;
        }
        wait = match state_of(&watch, &source.id).await {
            Ok(state) => until(state.next_attempt_at, watch.now(), interval),
            Err(error) => {
                tracing::error!(source.id = %source.id, error = %describe(&error), "could not read the state of {}", source.id);
                RECORD_RETRY
            }
        };
    }
}

/// A disk that is full or a database that is locked is asked again after this long; short,
/// because the feed itself is well and space may come back any moment.
const RECORD_RETRY: Duration = Duration::from_secs(30);

/// Between the first polls of two feeds after a start, so that a start does not fetch, read and record all of them in one
/// moment, in which pages are asked for too. Later polls keep the distance.
const FIRST_POLL_GAP: Duration = Duration::from_secs(1);

/// Waits for the turn of the feed in this place of the configuration, or for `cancel`. A folder costs no fetching and
/// waits for nobody.
pub async fn first_turn(place: usize, source: &SourceConfig, cancel: &CancellationToken) {
    if matches!(source.kind, SourceKind::DropFolder { .. }) {
        return;
    }
    let gaps = u32::try_from(place).unwrap_or(u32::MAX);
    tokio::select! {
        () = cancel.cancelled() => {}
        () = tokio::time::sleep(FIRST_POLL_GAP.saturating_mul(gaps)) => {}
    }
}

async fn state_of(watch: &Watch, source: &str) -> Result<SourceState, store::Error> {
    Ok(SourceState::among(watch.store.health().source_states().await?, source))
}

async fn first_wait(watch: &Watch, source: &SourceConfig) -> Duration {
    match state_of(watch, &source.id).await {
        Ok(state) if state.consecutive_failures > 0 => until(state.next_attempt_at, watch.now(), Duration::ZERO),
        _ => Duration::ZERO,
    }
}

/// How long until an instant, at least a second, at most an hour; `otherwise` where none is set.
fn until(at: Option<Timestamp>, now: Timestamp, otherwise: Duration) -> Duration {
    let Some(at) = at else { return otherwise };
    // A clock that jumped must neither hammer the server nor stop polling.
    Duration::try_from(at.duration_since(now))
        .unwrap_or_default()
        .clamp(Duration::from_secs(1), Duration::from_hours(1))
}

/// What really happened, without the paths that stand before it: pages that anybody may open say it.
fn cause(error: &store::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn report(source_id: &str, poll: &Poll, recorded: &Recorded) {
    let outcome = poll.outcome.name();
    let outcome = outcome.as_ref();
    if poll.outcome == Outcome::Unchanged {
        tracing::debug!(source.id = source_id, outcome, "{source_id} is unchanged");
    } else if poll.outcome.is_success() {
        tracing::info!(
            source.id = source_id,
            outcome,
            read = recorded.read,
            new = recorded.new,
            revised = recorded.revised,
            rejected = recorded.rejected,
            alerts = recorded.alerts,
            "recorded {} new detections and {} new alerts from {source_id}",
            recorded.new,
            recorded.alerts,
        );
        if recorded.rejected * 100 > recorded.read {
            tracing::warn!(
                source.id = source_id,
                rejected = recorded.rejected,
                read = recorded.read,
                "more than 1 % of the rows from {source_id} could not be read: its form may have changed"
            );
        }
        if recorded.with_unknown > 0 {
            tracing::warn!(
                source.id = source_id,
                rows = recorded.with_unknown,
                detail = %poll.detail,
                "{} rows from {source_id} were recorded with values that could not be read",
                recorded.with_unknown
            );
        }
    } else {
        tracing::warn!(source.id = source_id, outcome, detail = %poll.detail, "poll of {source_id} gave no data: {outcome}");
    }
}

fn count(source_id: &str, poll: &Poll, recorded: &Recorded) {
    let feed = || metrics::Label::new("feed", source_id.to_owned());
    metrics::counter!(
        "firegrid_feed_attempts_total",
        vec![feed(), metrics::Label::new("outcome", poll.outcome.name().into_owned())]
    )
    .increment(1);
    let rows = BTreeMap::from([
        ("new", recorded.new),
        ("duplicate", recorded.duplicate),
        ("revised", recorded.revised),
        ("rejected", recorded.rejected),
        ("with_unknown_values", recorded.with_unknown),
        ("outside", recorded.outside),
    ]);
    for (result, n) in rows {
        metrics::counter!("firegrid_feed_rows_total", vec![feed(), metrics::Label::new("result", result)]).increment(n);
    }
    metrics::counter!("firegrid_alerts_total").increment(recorded.alerts);
}

/// The pace of polling a configuration asks for.
#[must_use]
pub fn interval(config: &Config) -> Duration {
    Duration::from_secs(config.polling.interval_secs)
}
