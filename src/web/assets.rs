//! The static files, part of the program: a style sheet and an icon, each with an entity tag.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    media_type: &'static str,
    body: &'static str,
    etag: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    [
        ("app.css", "text/css; charset=utf-8", include_str!("../../web/static/app.css")),
        ("icon.svg", "image/svg+xml", include_str!("../../web/static/icon.svg")),
    ]
    .into_iter()
    .map(|(name, media_type, body)| Asset { name, media_type, body, etag: etag_of(body) })
    .collect()
});

/// `GET /static/{name}`
pub(super) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return (StatusCode::NOT_FOUND, "没有这个文件 / no such file\n").into_response();
    };
    // Pages ask again each time, so a new version is seen at once; the answer is mostly 304.
    let fixed = [(header::ETAG, asset.etag.as_str()), (header::CACHE_CONTROL, "no-cache")];
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if asked.split(',').any(|tag| tag.trim().trim_start_matches("W/") == asset.etag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, [(header::CONTENT_TYPE, asset.media_type)], asset.body).into_response()
}

fn etag_of(body: &str) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(body.as_bytes()).iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}
