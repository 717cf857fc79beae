//! Packs answers with gzip, off the runtime's threads: a page of a busy day takes milliseconds.
//!
//! Only what stands whole in memory, is a text and is long enough to gain by it; streams, pictures and parts of files pass
//! as they are.

use std::io::Write as _;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::header::{HeaderMap, HeaderValue};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter ones are one packet anyway.
const LEAST_BYTES: u64 = 512;

/// How hard is tried, 0 to 9: beyond, a few per cent cost twice the time.
const LEVEL: u32 = 4;

/// Packs an answer where whoever asked can unpack it.
pub(super) async fn pack(request: Request, next: Next) -> Response {
    let unpacks = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    if !may_be_packed(&response) {
        return response;
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let is_long = response.body().size_hint().exact().is_some_and(|bytes| bytes >= LEAST_BYTES);
    if !unpacks || !is_long {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let packed = async {
        // It stands in memory already.
        let bytes = to_bytes(body, usize::MAX).await.ok()?;
        tokio::task::spawn_blocking(move || gzip(&bytes)).await.ok()?.ok()
    };
    let Some(packed) = packed.await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::ACCEPT_RANGES);
    Response::from_parts(parts, Body::from(packed))
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn may_be_packed(response: &Response) -> bool {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_text = ["text/", "application/json", "application/geo+json", "application/problem+json", "image/svg"]
        .iter()
        .any(|text| kind.starts_with(text))
        || kind.contains("javascript")
        || kind.contains("openapi+json")
        || kind.contains("manifest+json");
    is_text
        && !kind.starts_with("text/event-stream")
        && !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.contains_key(header::CONTENT_RANGE)
}

/// Whether `Accept-Encoding` names gzip, or anything, with a weight above nothing.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING).iter();
    let named: Vec<&str> = named.filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(',')).collect();
    let weight_of = |wanted: &str| {
        named.iter().find_map(|entry| {
            let (name, rest) = entry.split_once(';').unwrap_or((entry, ""));
            let weight = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.trim().parse().unwrap_or(0.0_f32));
            name.trim().eq_ignore_ascii_case(wanted).then_some(weight)
        })
    };
    weight_of("gzip").or_else(|| weight_of("*")).is_some_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::assets;

    #[test]
    fn gzip_is_for_those_who_name_it() {
        let takes = |text: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]))
        };
        assert!(takes("gzip") && takes("br, GZIP;q=0.5") && takes("*"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes("gzip;q=0, *") && !takes("identity"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn streams_pictures_and_parts_pass_as_they_are() {
        let packs = |name, kind: &'static str| {
            let mut response = Response::new(Body::empty());
            response.headers_mut().insert(name, HeaderValue::from_static(kind));
            may_be_packed(&response)
        };
        for kind in ["text/html; charset=utf-8", "application/geo+json", assets::SVG, "text/javascript"] {
            assert!(packs(header::CONTENT_TYPE, kind), "{kind}");
        }
        for kind in ["text/event-stream", "image/jpeg", "application/vnd.ms-excel", "font/woff2"] {
            assert!(!packs(header::CONTENT_TYPE, kind), "{kind}");
        }
    }
}
