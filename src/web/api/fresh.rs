//! Documents are asked for again and again: whoever has the one that is true is told so (304) instead of sent it.
//!
//! The tag is a hash of the body, so it needs no knowledge of what was read; it saves the way, not the work.
//! Streams pass as they are, and so do answers that have a tag of their own (the map's day leaves out of it when it was
//! made) and those that nobody may keep.

use std::fmt::Write;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};

/// Answers `If-None-Match`, and tags what is sent.
pub(super) async fn tag(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_read || response.status() != StatusCode::OK || passes(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        // Our own bodies stand in memory; one that breaks off is no document.
        return Response::from_parts(parts, Body::empty());
    };
    let tag = format!("\"{}\"", short_hash(&bytes));
    // An account's documents are nobody else's, and the state of a fire must never come from a cache unasked. What never
    // changes, as a photo, or must not be kept at all says so itself.
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    let is_known = known.as_ref().is_some_and(|known| names(known, &tag));
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

/// Whether `If-None-Match` names a tag; a weak one counts too, as RFC 9110 (13.1.2) has it.
fn names(known: &HeaderValue, tag: &str) -> bool {
    let Ok(list) = known.to_str() else { return false };
    list.trim() == "*" || list.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)
}

/// 128 bits of a SHA-256, in hexadecimal digits.
fn short_hash(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).iter().take(16))
}

/// Bytes in hexadecimal digits.
pub(super) fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_strong() {
        let known = |text: &'static str| names(&HeaderValue::from_static(text), "\"a\"");
        assert!(known("\"a\"") && known("W/\"a\"") && known("\"b\", \"a\"") && known("*"));
        assert!(!known("\"b\"") && !known("a"));
    }

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
