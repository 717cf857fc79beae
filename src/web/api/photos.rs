//! Photos over the API: taken whole, shown as copies, handed out as originals.
//!
//! Farmers, number plates and positions are in them: they are seen by whoever sees a case or plan that names them. A copy is a JPEG of our
//! making; an original is a stranger's file and is only ever downloaded. [`super::uploads`] takes photos in parts.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, HttpBody as _};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::body::Named;
use super::incoming::spooled;
use super::params::{aside, decoding, word};
use super::refused::Refused;
use crate::media::{CopySize, MAX_PHOTO_BYTES, Photo, PhotoError, PhotoKind, Photos};
use crate::store::HandedOut;
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
        let photos = Photos::beside(web.site.store.path());
        let name = headers.get("x-file-name").and_then(|name| name.to_str().ok()).map(str::to_owned);
        let photo = keep_sent(&web, &me, move || body.keep(&photos, name).map_err(counted)).await?;
        Ok((StatusCode::CREATED, Json(described(&photo))).into_response())
    };
    document(&ask, written.await)
}

/// Keeps an original and then the row that says who sent it, to the end whatever becomes of the caller: one whose line
/// breaks between the two would be given the hash later and be told that it was never uploaded.
pub(in crate::web) async fn keep_sent<E: Into<Problem> + Send + 'static>(
    web: &Arc<Web>,
    me: &Me,
    keep: impl FnOnce() -> Result<Photo, E> + Send + 'static,
) -> Result<Photo, Problem> {
    // Who goes away while waiting in line has been told nothing, and leaves the line.
    let place = web.places.decoder(me).await?;
    let (web, account) = (web.clone(), me.account.id);
    let kept = tokio::spawn(async move {
        let photo = aside(move || {
            let _place = place;
            keep()
        });
        let photo = photo.await?.map_err(Into::into)?;
        web.site.store.photo_sent(&photo.hash, account, web.now()).await?;
        Ok(photo)
    });
    kept.await.map_err(|_panicked| Problem::Interrupted)?
}

/// Whether an account may name a photo and see it: its sender, or who sees a case or plan that names it.
pub(super) async fn is_known_to(web: &Web, me: &Me, hash: &str) -> Result<bool, Problem> {
    let account = me.account.id;
    Ok(web.site.store.sent_photo(hash, account).await?
        || me.store.sees_photo(hash).await?
        || web.site.store.claim_photo(hash, account, web.now()).await?)
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
            None => decoding(&web, &me, move || photos.copy(&hash, size)).await??,
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
        me.is_given(&web, HandedOut::Original { hash: hash.clone() }).await?;
        let response = super::file(hash.get(..16).unwrap_or_default(), kind.extension(), kind.media_type(), bytes);
        Ok(([(header::CACHE_CONTROL, "private, no-store")], response).into_response())
    };
    document(&ask, read.await)
}

/// The hash of an original that is here, of a case or plan that exists for the caller, or sent by him.
async fn held(web: &Web, me: &Me, hash: String) -> Result<(Photos, String), Problem> {
    let photos = Photos::beside(web.site.store.path());
    let (folder, name) = (photos.clone(), hash.clone());
    if is_known_to(web, me, &hash).await? && aside(move || folder.holds(&name)).await?? {
        return Ok((photos, hash));
    }
    let text = "没有这张照片，请核对哈希值 · there is no such photo: check the hash";
    Err(Refused::plain(StatusCode::NOT_FOUND, text))
}
