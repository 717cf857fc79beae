//! What every request passes: a request id, a log line, limits, and the security headers.
//!
//! The content policy forbids everything that pages do not need, inline scripts and styles
//! above all, so that a name in a region file or a feed can never become code.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{Method, Request, Response, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use super::packed;
use super::tiles::BaseTiles;
use crate::words::problems;

/// Says that an answer is firegrid's own. A proxy on the way answers in its place too, with a page of its own and any
/// status; scripts on phones believe no such page (`web/src/phone/answer.ts`).
const OWN_ANSWER: HeaderName = HeaderName::from_static("x-firegrid");

/// No page may take longer; the busiest day of a season is drawn in well under a second.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What brings photos may take longer: several of them over a poor line.
const PHOTO_TIME_LIMIT: Duration = Duration::from_mins(5);

/// Pages load their own scripts, style sheet, pictures and data and nothing else; base tiles that are configured add
/// where their pictures come from.
pub(super) fn content_policy(tiles: &BaseTiles) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob:{}; \
         worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        tiles.image_sources()
    );
    // Nothing in it comes from outside the program; were it no header, no page would do anything.
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

/// Puts the layers round the routes; the first here is the innermost.
pub(super) fn around(routes: Router, policy: HeaderValue, strict: Option<&'static str>) -> Router {
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    // Over TLS a browser that came once comes over TLS alone.
    let strict = strict.map(|strict| fixed(header::STRICT_TRANSPORT_SECURITY, strict));
    routes
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(keep_nowhere))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(tower::util::option_layer(strict))
        .layer(middleware::from_fn(packed::pack))
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, policy))
        .layer(fixed(OWN_ANSWER, "1"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        // No other site learns where somebody comes from; our own does, or older browsers would not say that a form is ours.
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(fixed(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(fixed(HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=()"))
        .layer(TraceLayer::new_for_http().make_span_with(span_of))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// Pages about people and accounts are kept nowhere: a browser of the office is many people's. The pages that a phone
/// works with offline, and those with forms that may be refused, are kept by their own rules.
async fn keep_nowhere(request: Request<Body>, next: Next) -> Response<Body> {
    let is_personal = is_personal(request.uri().path());
    let mut response = next.run(request).await;
    if is_personal {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn is_personal(path: &str) -> bool {
    ["/account", "/users", "/people", "/complaints", "/audit", "/sign-in", "/l"]
        .iter()
        .any(|personal| path.strip_prefix(personal).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Breaks off what takes too long.
async fn in_time(request: Request<Body>, next: Next) -> Response<Body> {
    let path = request.uri().path();
    let brings_photos = request.method() != Method::GET
        && (path.ends_with("/report")
            || path == "/patrol"
            || path.starts_with("/plans/")
            || path.starts_with("/api/v1/photos")
            || path.starts_with("/api/v1/uploads"));
    let limit = if brings_photos { PHOTO_TIME_LIMIT } else { TIME_LIMIT };
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_elapsed| (StatusCode::SERVICE_UNAVAILABLE, problems::TOOK_TOO_LONG).into_response())
}

/// A path as the log may name it: the secret of a personal link is not for whoever reads logs.
pub(super) fn logged(path: &str) -> &str {
    if path.starts_with("/l/") { "/l/***" } else { path }
}

/// The log names the path and never the query.
fn span_of(request: &Request<Body>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or("");
    tracing::debug_span!("request", method = %request.method(), path = logged(request.uri().path()), id)
}

#[expect(clippy::needless_pass_by_value, reason = "the panic handler's signature is given")]
fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(message, "a page panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, problems::FAILED_INSIDE).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_about_people_and_accounts_are_kept_nowhere() {
        for path in ["/account", "/users/li", "/users/new", "/people/duty", "/complaints", "/audit", "/l/s3cret"] {
            assert!(is_personal(path), "{path}");
        }
        for path in ["/", "/my", "/plans", "/peoples", "/live", "/api/v1/people", "/static/app.js"] {
            assert!(!is_personal(path), "{path}");
        }
    }

    #[test]
    fn the_log_names_no_secret_of_a_personal_link() {
        assert_eq!(logged("/l/s3cret"), "/l/***");
        assert_eq!((logged("/alerts/20260413-0001"), logged("/live")), ("/alerts/20260413-0001", "/live"));
    }
}
