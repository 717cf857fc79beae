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
use super::coverage::{Feed, feeds};
use super::error::{self, Problem};
use super::reach::ClientAddress;
use crate::domain::freshness::Freshness;
use crate::domain::time::Timestamp;

/// `GET /livez`: the server answers.
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: 503 when the database cannot be written or is damaged; else `ok`, or `degraded` and why.
pub(super) async fn readyz(State(web): State<Arc<Web>>) -> Response {
    let feeds = match web.site.store.ping().await {
        Ok(()) => feeds(&web).await,
        Err(error) => Err(error),
    };
    match feeds {
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            tracing::error!(cause, "not ready: {error}");
            let body = json!({"status": "unavailable", "reason": "the database cannot be written"});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
        Ok(_) if web.site.store.soundness().damage().is_some() => {
            let body = json!({"status": "damaged", "reason": "the database is damaged; the log says where"});
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
        Ok(feeds) => {
            let alarming: Vec<_> = feeds.iter().filter(|feed| feed.freshness.is_alarming()).map(Feed::json).collect();
            // Without any feed nothing vouches for a zero.
            let status = if alarming.is_empty() && !feeds.is_empty() { "ok" } else { "degraded" };
            Json(json!({"status": status, "feeds": alarming})).into_response()
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
        return error::refused(&web, &ask, Problem::SignIn).await;
    }
    match feeds(&web).await {
        Ok(feeds) => feeds.iter().for_each(measure),
        // The rest of the metrics still counts; the fault shows in `/readyz` and in the log.
        Err(error) => tracing::error!(cause = %error, "the feeds cannot be measured"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (web.site.metrics)()).into_response()
}

fn measure(feed: &Feed) {
    let state = match feed.freshness {
        Freshness::Fresh => 0.0,
        Freshness::Late => 1.0,
        Freshness::Stale => 2.0,
        Freshness::Refused => 3.0,
        Freshness::Unknown => 4.0,
    };
    let seconds = |at: Timestamp| at.as_second() as f64;
    metrics::gauge!("firegrid_feed_state", "feed" => feed.state.id.clone()).set(state);
    if let Some(at) = feed.state.newest_acquired_at {
        metrics::gauge!("firegrid_feed_newest_acquisition_timestamp_seconds", "feed" => feed.state.id.clone())
            .set(seconds(at));
    }
    if let Some(at) = feed.state.last_success_at {
        metrics::gauge!("firegrid_feed_last_success_timestamp_seconds", "feed" => feed.state.id.clone())
            .set(seconds(at));
    }
}
