//! Photos over the API: taken whole, shown as copies, handed out as originals.
//!
//! Farmers, number plates and positions are in them: they are seen by whoever sees an alert or plan that names them. A copy is a JPEG of our
//! making; an original is a stranger's file and is only ever downloaded. [`super::uploads`] takes photos in parts.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::Named;
use crate::media::{CopySize, MAX_PHOTO_BYTES, Photo, PhotoError, PhotoKind, Photos};
use crate::store::HandedOut;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::params::word;
use crate::web::incoming::spooled;
use crate::web::photos::{counted, is_known_to, keep_sent};
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::web::{Web, respond};
use crate::words::api::refusals;

/// A copy never changes, but who may see it can: a browser asks again after a day.
const KEEP_A_DAY: &str = "private, max-age=86400, immutable";

/// `POST /api/v1/photos`: the bytes of one picture; answers with the hash that a finding names it by.
pub(super) async fn add(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let said = body.size_hint().exact().filter(|bytes| *bytes <= MAX_PHOTO_BYTES);
        if let Some(bytes) = said {
            // Before a byte is written.
            web.take_photo(&me, bytes).await?;
        }
        let body = spooled(&web, body, MAX_PHOTO_BYTES).await?;
        if said.is_none() {
            web.take_photo(&me, body.length()).await?;
        }
        let photos = Photos::beside(&web.site.database);
        let name = headers.get("x-file-name").and_then(|name| name.to_str().ok()).map(str::to_owned);
        let photo = keep_sent(&web, &me, move || body.keep(&photos, name).map_err(counted)).await?;
        Ok((StatusCode::CREATED, Json(described(&photo))).into_response())
    };
    document(&ask, written.await)
}

/// What a sender is told of a photo; what the camera says, so that the page can ask about a wrong clock at once.
pub(super) fn described(photo: &Photo) -> Value {
    json!({
        "hash": photo.hash,
        "media_type": photo.kind.media_type(),
        "bytes": photo.bytes,
        "claimed": {"taken_at": photo.claims.taken_at, "position": photo.claims.position},
    })
}

/// `GET /api/v1/photos/{hash}`: the copy for looking at; `size=thumb` for lists.
pub(super) async fn copy(State(web): State<Arc<Web>>, me: Me, Named(hash): Named, ask: Ask) -> Response {
    let read = async {
        ask.only(&["size"])?;
        let size = |text: &str| match text {
            "view" => Some(CopySize::View),
            "thumb" => Some(CopySize::Thumb),
            _ => None,
        };
        let size = word(&ask, "size", size, "view or thumb")?.unwrap_or(CopySize::View);
        let (photos, hash) = held(&web, &me, hash).await?;
        let (made, name) = (photos.clone(), hash.clone());
        let bytes = match run_blocking(move || made.made_copy(&name, size)).await? {
            Some(bytes) => bytes,
            None => web.places.decoding(me.account.id, move || photos.copy(&hash, size)).await??,
        };
        Ok(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, KEEP_A_DAY)], bytes).into_response())
    };
    document(&ask, read.await)
}

/// `GET /api/v1/photos/{hash}/original`: byte for byte what was sent, to be saved and never shown in place.
pub(super) async fn original(State(web): State<Arc<Web>>, me: Me, Named(hash): Named, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let (photos, hash) = held(&web, &me, hash).await?;
        let name = hash.clone();
        let bytes = run_blocking(move || photos.read(&name)).await??;
        let kind = PhotoKind::of(&bytes).ok_or(PhotoError::NoPicture)?;
        me.is_given(&web, HandedOut::Original { hash: hash.clone() }).await?;
        let response = respond::file(hash.get(..16).unwrap_or_default(), kind.extension(), kind.media_type(), bytes);
        Ok(([(header::CACHE_CONTROL, "private, no-store")], response).into_response())
    };
    document(&ask, read.await)
}

/// The hash of an original that is here, of an alert or plan that exists for the caller, or sent by him.
async fn held(web: &Web, me: &Me, hash: String) -> Result<(Photos, String), Problem> {
    let photos = Photos::beside(&web.site.database);
    let (folder, name) = (photos.clone(), hash.clone());
    if is_known_to(web, me, &hash).await? && run_blocking(move || folder.holds(&name)).await?? {
        return Ok((photos, hash));
    }
    Err(Problem::refused(StatusCode::NOT_FOUND, refusals::NO_PHOTO))
}
