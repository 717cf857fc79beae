//! Documents are asked for again and again: whoever has the one that is true is told so (304) instead of sent it.
//!
//! The tag is a hash of the body, so it needs no knowledge of what was read; it saves the way, not the work.
//! Streams pass as they are, and so do answers that have a tag of their own (the map's day leaves out of it when it was
//! made) and those that nobody may keep.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::etag;

/// Answers `If-None-Match`, and tags what is sent.
pub(super) async fn tag(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let asked = if is_read { request.headers().clone() } else { HeaderMap::new() };
    let response = next.run(request).await;
    if !is_read || response.status() != StatusCode::OK || passes(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        // Our own bodies stand in memory; one that breaks off is no document.
        return Response::from_parts(parts, Body::empty());
    };
    let tag = etag::of(&bytes);
    // An account's documents are nobody else's, and the state of a fire must never come from a cache unasked. What never
    // changes, as a photo, or must not be kept at all says so itself.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    let is_known = etag::is_held(&asked, &tag);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether an answer is sent as it is.
fn passes(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_stream = text(header::CONTENT_TYPE).starts_with("text/event-stream");
    is_stream || headers.contains_key(header::ETAG) || text(header::CACHE_CONTROL).contains("no-store")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_tag_of_its_own_or_may_not_be_kept_is_sent_as_it_is() {
        let sent = |name, value: &'static str| passes(&HeaderMap::from_iter([(name, HeaderValue::from_static(value))]));
        assert!(sent(header::ETAG, "\"own\""));
        assert!(sent(header::CACHE_CONTROL, "private, no-store"));
        assert!(sent(header::CONTENT_TYPE, "text/event-stream"));
        assert!(!sent(header::CACHE_CONTROL, "private, max-age=86400, immutable"));
        assert!(!sent(header::CONTENT_TYPE, "application/json"));
    }
}
