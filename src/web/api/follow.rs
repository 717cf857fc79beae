//! `GET /api/v1/events`: what changes in alerts and plans, told as it happens (server-sent events).
//!
//! An event's id is its place in the log, so a stream that broke off goes on where it was (`Last-Event-ID`). Who is told
//! what is decided by [`crate::store::Scoped::changes`]. Whether the reader may still come in is looked at whenever
//! something changed, and every half minute otherwise; a stream does not keep a session alive.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::hub::{Full, Seat};
use crate::store::{Change, Scoped};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Visitor, known_by};
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::words::api::refusals;

/// A comment is sent this often while nothing happens: proxies close what is silent for longer, often 60 s.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A browser that lost the stream asks again after this.
const RETRY: Duration = Duration::from_secs(5);

/// Whether the reader may still come in is looked at least this often.
const LOOK_WHO: Duration = Duration::from_secs(30);

/// Says that the service stops, so that streams end with it. Put in as an extension by whoever serves.
#[derive(Debug, Clone)]
pub struct Stopping(pub CancellationToken);

/// `GET /api/v1/events`
pub(super) async fn stream(
    State(web): State<Arc<Web>>,
    me: Me,
    ask: Ask,
    headers: HeaderMap,
    stopping: Option<Extension<Stopping>>,
) -> Response {
    let opened = async {
        ask.only(&["after"])?;
        let seat = web.events.seat(me.account.id).map_err(refused)?;
        // Followed before the end is read, so that nothing falls between the two.
        let last = web.events.follow(&web.site.health);
        let end = web.site.health.last_event().await?;
        let after = after_of(&ask, &headers)?.map_or(end, |after| after.min(end));
        let stop = stopping.map_or_else(CancellationToken::new, |Extension(Stopping(stop))| stop);
        let reader = Reader {
            web: web.clone(),
            headers,
            store: me.store,
            last,
            after,
            told_to: after,
            queue: VecDeque::new(),
            gone: HashSet::new(),
            looked: Instant::now(),
            is_first: true,
            stop,
            _seat: seat,
        };
        let events = stream::unfold(reader, |mut reader| async move {
            let event = reader.next().await?;
            Some((Ok::<_, Infallible>(event), reader))
        });
        let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
        let head = response.headers_mut();
        head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // nginx would collect a stream before it passes it on.
        head.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    };
    document(&ask, opened.await)
}

fn refused(full: Full) -> Problem {
    match full {
        Full::Account => Problem::refused(StatusCode::TOO_MANY_REQUESTS, refusals::FOUR_STREAMS),
        Full::All => Problem::refused(StatusCode::SERVICE_UNAVAILABLE, refusals::TOO_MANY_STREAMS),
    }
}

/// Behind which event the stream goes on: what the browser had last, or what the address says.
fn after_of(ask: &Ask, headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let given = headers.get("last-event-id").map(|value| value.to_str().unwrap_or("?"));
    let Some(text) = given.or_else(|| ask.param("after")) else { return Ok(None) };
    let seq = text.parse().ok().filter(|seq: &i64| *seq >= 0);
    let bad = || Problem::BadParameter { name: "after", value: text.to_owned(), expected: "the id of an event" };
    seq.map(Some).ok_or_else(bad)
}

/// Somebody who follows.
struct Reader {
    web: Arc<Web>,
    headers: HeaderMap,
    store: Scoped,
    last: watch::Receiver<i64>,
    /// The last event that was looked at.
    after: i64,
    /// The last event the reader had when the stream began.
    told_to: i64,
    queue: VecDeque<Change>,
    /// Alerts that were told as gone.
    gone: HashSet<String>,
    looked: Instant,
    is_first: bool,
    stop: CancellationToken,
    _seat: Seat,
}

impl Reader {
    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.is_first) {
            return Some(Event::default().retry(RETRY).comment("firegrid"));
        }
        loop {
            while let Some(change) = self.queue.pop_front() {
                if let Some(event) = self.told(&change) {
                    return Some(event);
                }
            }
            if self.after >= *self.last.borrow_and_update() {
                self.wait().await?;
            }
            if !self.may_still_follow().await {
                return None;
            }
            match self.store.changes(self.after, self.told_to).await {
                Ok(read) => {
                    self.after = read.read_to;
                    self.queue.extend(read.changes);
                }
                Err(error) => {
                    // The browser asks again and goes on from the last event it had.
                    tracing::error!("changes cannot be read for a stream: {error}");
                    return None;
                }
            }
        }
    }

    /// Until something changed or it is time to look who reads; `None` when the service stops.
    async fn wait(&mut self) -> Option<()> {
        tokio::select! {
            () = self.stop.cancelled() => None,
            changed = self.last.changed() => changed.ok(),
            () = tokio::time::sleep_until(self.looked + LOOK_WHO) => Some(()),
        }
    }

    async fn may_still_follow(&mut self) -> bool {
        self.looked = Instant::now();
        match known_by::still_in(&self.web, &self.headers).await {
            Ok(Visitor::In(me)) => {
                // Its unit may be another, or another region version may rule.
                self.store = me.store.clone();
                true
            }
            Ok(_) => false,
            Err(error) => {
                tracing::error!("cannot verify the session of an event-stream client: {error}");
                false
            }
        }
    }

    /// The event of a change; an alert is gone once.
    fn told(&mut self, change: &Change) -> Option<Event> {
        if change.kind == "gone" {
            if !self.gone.insert(change.subject.clone()) {
                return None;
            }
        } else {
            self.gone.remove(&change.subject);
        }
        let name = match change.kind.as_str() {
            "gone" => "gone",
            _ if change.subject_kind == "plan" => "plan",
            _ => "case",
        };
        Event::default().id(change.seq.to_string()).event(name).json_data(change).ok()
    }
}
