//! Photos over the API: taken whole, shown as copies, handed out as originals.
//!
//! Farmers, number plates and positions are in them: they are seen by whoever sees a case or plan that names them. A copy is a JPEG of our
//! making; an original is a stranger's file and is only ever downloaded. [`super::uploads`] takes photos in parts.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::Named;
use super::params::{aside, decoding, word};
use super::refused::Refused;
use crate::store::{CopySize, MAX_PHOTO_BYTES, Photo, PhotoError, PhotoKind, Photos};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::error::{Problem, document};

/// A copy never changes, but who may see it can: a browser asks again after a day.
const KEEP_A_DAY: &str = "private, max-age=86400, immutable";

/// `POST /api/v1/photos`: the bytes of one picture; answers with the hash that a finding names it by.
pub(super) async fn add(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let body = super::body::taken(body, MAX_PHOTO_BYTES)?;
        let photos = Photos::beside(web.site.store.path());
        let name = headers.get("x-file-name").and_then(|name| name.to_str().ok()).map(str::to_owned);
        let photo = decoding(move || photos.keep(&body, name)).await?.map_err(counted)?;
        web.site.store.photo_sent(&photo.hash, me.account.id, web.now()).await?;
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

/// Counts a refusal.
pub(super) fn counted(problem: PhotoError) -> PhotoError {
    metrics::counter!("firegrid_upload_rejected_total", "reason" => problem.reason()).increment(1);
    problem
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
        let bytes = match aside(move || made.made_copy(&name, size)).await? {
            Some(bytes) => bytes,
            None => decoding(move || photos.copy(&hash, size)).await??,
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
        let bytes = aside(move || photos.read(&name)).await??;
        let kind = PhotoKind::of(&bytes).ok_or(PhotoError::NoPicture)?;
        let response = super::file(hash.get(..16).unwrap_or_default(), kind.extension(), kind.media_type(), bytes);
        Ok(([(header::CACHE_CONTROL, "private, no-store")], response).into_response())
    };
    document(&ask, read.await)
}

/// The hash of an original that is here, of a case or plan that exists for the caller, or sent by him.
async fn held(web: &Web, me: &Me, hash: String) -> Result<(Photos, String), Problem> {
    let photos = Photos::beside(web.site.store.path());
    let (folder, name) = (photos.clone(), hash.clone());
    let is_seen = me.store.sees_photo(&hash).await? || web.site.store.sent_photo(&hash, me.account.id).await?;
    if is_seen && aside(move || folder.holds(&name)).await? {
        return Ok((photos, hash));
    }
    let text = "没有这张照片，请核对哈希值 · there is no such photo: check the hash";
    Err(Refused::plain(StatusCode::NOT_FOUND, text))
}
