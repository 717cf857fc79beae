//! What machines ask: alive, ready, metrics.
//!
//! A service whose feeds are silent looks healthy to a process monitor and is useless, so
//! `/readyz` never says plain `ok` while a feed is stale.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Web;
use super::ask::Ask;
use super::coverage::{Feed, feeds, unrecorded};
use super::reach::ClientAddress;
use crate::domain::freshness::Freshness;
use crate::domain::time::Timestamp;
use crate::web::problem::Problem;
use crate::web::respond;

/// `GET /livez`: the server answers.
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: 503 when the database cannot be written or is damaged; else `ok`, or `degraded` and why.
pub(super) async fn readyz(State(web): State<Arc<Web>>) -> Response {
    let feeds = match web.site.health.ping().await {
        Ok(()) => feeds(&web).await,
        Err(error) => Err(error),
    };
    let doubt = web.clock_doubt();
    let clock = json!({
        "believed": doubt.is_none(),
        "reason": doubt.map(|doubt| doubt.reason.name()),
        "ahead_secs": doubt.map(|doubt| doubt.by.as_secs()),
    });
    match feeds {
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            tracing::error!(cause, "not ready: {error}");
            let body = json!({
                "status": "unavailable", "reason": "the database cannot be written", "clock": clock,
                "not_recorded": unrecorded(&web),
            });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
        Ok(_) if web.site.health.soundness.damage().is_some() => {
            let body = json!({"status": "damaged", "reason": "the database is damaged; the log says where"});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
        Ok(feeds) => {
            let alarming: Vec<_> = feeds.iter().filter(|feed| feed.freshness.is_alarming()).map(Feed::json).collect();
            let region_faults = web.site.vitals.region_faults().len();
            // Without any feed nothing vouches for a zero.
            let is_well = alarming.is_empty() && !feeds.is_empty() && doubt.is_none() && region_faults == 0;
            let status = if is_well { "ok" } else { "degraded" };
            let body = json!({
                "status": status, "feeds": alarming, "clock": clock, "not_recorded": unrecorded(&web),
                "region_faults": region_faults,
            });
            Json(body).into_response()
        }
    }
}

/// `GET /metrics`: the state of the feeds as of now, and everything counted so far. For this machine where no proxy
/// stands in front, and for accounts of the whole region.
pub(super) async fn metrics(
    State(web): State<Arc<Web>>,
    Extension(ClientAddress(client)): Extension<ClientAddress>,
    ask: Ask,
) -> Response {
    let is_local = client.is_loopback() && web.site.reach.proxies.is_empty();
    let sees_all = ask.visitor.as_ref().is_some_and(|me| me.sees_everything().is_ok());
    if !is_local && !sees_all {
        return respond::refused(&web, &ask, Problem::SignIn).await;
    }
    measure_clock(&web);
    match feeds(&web).await {
        Ok(feeds) => feeds.iter().for_each(measure),
        // The rest of the metrics still counts; the fault shows in `/readyz` and in the log.
        Err(error) => tracing::error!(cause = %error, "cannot collect feed metrics"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (web.site.metrics)()).into_response()
}

/// The number of a state in metrics; numbers stay what they were when states are added.
fn number(state: Freshness) -> f64 {
    match state {
        Freshness::Fresh => 0.0,
        Freshness::Late => 1.0,
        Freshness::Stale => 2.0,
        Freshness::Refused => 3.0,
        Freshness::Unknown => 4.0,
        Freshness::Partial => 5.0,
        Freshness::NotRecorded => 6.0,
    }
}

fn measure_clock(web: &Web) {
    let doubt = web.clock_doubt();
    metrics::gauge!("firegrid_clock_doubted").set(f64::from(u8::from(doubt.is_some())));
    let by = doubt.map_or(0.0, |doubt| doubt.by.as_secs_f64());
    metrics::gauge!("firegrid_clock_offset_seconds").set(by);
}

fn measure(feed: &Feed) {
    let seconds = |at: Timestamp| at.as_second() as f64;
    metrics::gauge!("firegrid_feed_state", "feed" => feed.state.id.clone()).set(number(feed.freshness));
    if let Some(at) = feed.state.newest_acquired_at {
        metrics::gauge!("firegrid_feed_newest_acquisition_timestamp_seconds", "feed" => feed.state.id.clone())
            .set(seconds(at));
    }
    for (signs, state) in &feed.satellites {
        let labels = [("feed", feed.state.id.clone()), ("satellite", signs.satellite.name().to_owned())];
        metrics::gauge!("firegrid_satellite_state", &labels).set(number(*state));
    }
    let unreadable = feed.state.content.as_ref().map_or(0, |content| content.unreadable);
    metrics::gauge!("firegrid_feed_unreadable_rows", "feed" => feed.state.id.clone()).set(unreadable as f64);
    if let Some(at) = feed.state.last_success_at {
        metrics::gauge!("firegrid_feed_last_success_timestamp_seconds", "feed" => feed.state.id.clone())
            .set(seconds(at));
    }
}
