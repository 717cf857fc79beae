//! The static files, part of the program: style sheet, icon, and what the front-end build wrote to `web/dist`.
//!
//! A program that was built without the front-end build has no scripts; [`has`] tells pages so. A debug build reads
//! `web/dist` from disk at every request, so a new bundle shows without compiling.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

use super::etag;
use crate::report::palette;
use crate::words::problems;

/// The files that are written by hand.
const OWN: [(&str, &str); 2] = [
    ("icon.svg", include_str!("../../web/static/icon.svg")),
    ("manifest.webmanifest", include_str!("../../web/static/manifest.webmanifest")),
];

/// The style sheet: the colours, and what they are on.
static STYLE: LazyLock<String> =
    LazyLock::new(|| format!("{}{}", palette::variables(), include_str!("../../web/static/app.css")));

/// What `npm run build` wrote; empty without it.
#[derive(Embed)]
#[folder = "web/dist"]
struct Built;

/// Files with a hash of their content in the name, which the build gives to parts that scripts load later.
const HASHED: &str = "part-";

/// Whether a file of the front-end build is there.
pub(super) fn has(name: &str) -> bool {
    Built::get(name).is_some()
}

/// `GET /static/{name}`
pub(super) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let (Some(body), Some(media_type)) = (content(&name), media_type(&name)) else {
        return (StatusCode::NOT_FOUND, problems::NO_SUCH_FILE).into_response();
    };
    let tag = etag::of(&body);
    // Pages ask again each time, so a new version is seen at once; the answer is mostly 304.
    let keep = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let cache = [(header::CACHE_CONTROL, HeaderValue::from_static(keep))];
    if etag::is_held(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)], cache).into_response();
    }
    ([(header::ETAG, tag)], cache, [(header::CONTENT_TYPE, media_type)], body).into_response()
}

/// `GET /sw.js`: the worker that keeps pages on the phone, at the top so that it may.
pub(super) async fn worker(headers: HeaderMap) -> Response {
    file(Path("sw.js".to_owned()), headers).await
}

/// `GET /manifest.webmanifest`: what a phone installs.
pub(super) async fn manifest(headers: HeaderMap) -> Response {
    file(Path("manifest.webmanifest".to_owned()), headers).await
}

fn content(name: &str) -> Option<Cow<'static, [u8]>> {
    if name == "app.css" {
        return Some(Cow::Borrowed(STYLE.as_bytes()));
    }
    let own = OWN.iter().find(|(own, _)| *own == name).map(|(_, body)| Cow::Borrowed(body.as_bytes()));
    own.or_else(|| Built::get(name).map(|file| file.data))
}

/// The type of drawings: their texts are Chinese too.
pub(super) const SVG: &str = "image/svg+xml; charset=utf-8";

fn media_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => SVG,
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
