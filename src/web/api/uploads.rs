//! Photos in parts, for lines that break: the core of tus 1.0.0 with creation, expiration and termination.
//!
//! Headers are read in [`super::tus`], bytes are kept by [`Uploads`]. What of a part arrived before the line broke
//! stays and is gone on from. The last byte makes the photo; where that answer was lost, or the service stopped
//! before, `HEAD` makes up for it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;

use super::body::Named;
use super::photos::described;
use super::tus::{self, Metadata};
use crate::media::{NewUpload, Photo, UploadError, UploadState, UploadWriter, Uploads};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::photos::{counted, keep_sent};
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::words::Say;

/// Bytes gathered before they are written: fewer would be many small writes.
const WRITE_BYTES: usize = 256 * 1024;

/// `OPTIONS /api/v1/uploads`: what is spoken here; no secret.
pub(super) async fn options(ask: Ask) -> Response {
    let said = ask.only(&[]).map(|()| (StatusCode::NO_CONTENT, tus::abilities()).into_response());
    tus::answer(document(&ask, said))
}

/// `POST /api/v1/uploads`: begins an upload; answers with its address.
pub(super) async fn begin(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask, headers: HeaderMap) -> Response {
    let begun = async {
        ask.only(&[])?;
        tus::spoken(&headers)?;
        let said = tus::metadata(&headers)?;
        let length = tus::number(&headers, "upload-length")?;
        let most_open = usize::try_from(web.site.shares.open_uploads).unwrap_or(usize::MAX);
        let Metadata { file_name, sha256 } = said;
        let new = NewUpload { owner: owner(&me), length, file_name, sha256, most_open };
        let (here, now) = (uploads(&web), web.now());
        let state = run_blocking(move || here.begin(new, now)).await??;
        if let Err(refused) = web.take_photo(&me, state.length).await {
            let (here, id, whose) = (uploads(&web), state.id, owner(&me));
            run_blocking(move || here.give_up(&id, &whose, now)).await??;
            return Err(refused);
        }
        let address = format!("/api/v1/uploads/{}", state.id);
        Ok((StatusCode::CREATED, [(header::LOCATION, address)], tus::progress(&state)).into_response())
    };
    tus::answer(document(&ask, begun.await))
}

/// `HEAD /api/v1/uploads/{id}`: how far it is, and the photo it became.
pub(super) async fn state(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Named(id): Named,
    ask: Ask,
    headers: HeaderMap,
) -> Response {
    let read = async {
        ask.only(&[])?;
        tus::spoken(&headers)?;
        let (state, _) = settled(&web, &me, id).await?;
        Ok((StatusCode::OK, tus::progress(&state)).into_response())
    };
    tus::answer(document(&ask, read.await))
}

/// `PATCH /api/v1/uploads/{id}`: the next part.
pub(super) async fn append(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Named(id): Named,
    ask: Ask,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let written = async {
        ask.only(&[])?;
        tus::spoken(&headers)?;
        tus::part(&headers)?;
        let offset = tus::number(&headers, "upload-offset")?;
        let (state, photo) = settled_at(&web, &me, id.clone(), offset).await?;
        if let Some(photo) = photo {
            // Sent again because the first answer was lost.
            return Ok((StatusCode::OK, tus::progress(&state), Json(described(&photo))).into_response());
        }
        let (uploads, now, owner) = (uploads(&web), web.now(), owner(&me));
        let writer = run_blocking(move || uploads.writer(&id, &owner, offset, now)).await??;
        web.has_room().await?;
        let writer = received(writer, body).await?;
        let state = writer.state();
        if !writer.is_whole() {
            return Ok((StatusCode::NO_CONTENT, tus::progress(&state)).into_response());
        }
        let photo = finished(&web, &me, writer).await?;
        let state = UploadState { photo: Some(photo.hash.clone()), ..state };
        Ok((StatusCode::OK, tus::progress(&state), Json(described(&photo))).into_response())
    };
    tus::answer(document(&ask, written.await))
}

/// `DELETE /api/v1/uploads/{id}`: gives it up.
pub(super) async fn give_up(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Named(id): Named,
    ask: Ask,
    headers: HeaderMap,
) -> Response {
    let given_up = async {
        ask.only(&[])?;
        tus::spoken(&headers)?;
        let (uploads, now, owner) = (uploads(&web), web.now(), owner(&me));
        run_blocking(move || uploads.give_up(&id, &owner, now)).await??;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    tus::answer(document(&ask, given_up.await))
}

/// Whose uploads they are: one account does not go on with another's.
fn owner(me: &Me) -> String {
    format!("account {}", me.account.id)
}

fn uploads(web: &Web) -> Uploads {
    Uploads::beside(&web.site.database)
}

/// How far an upload is; where all bytes are here and the photo is not, it is made now.
async fn settled(web: &Arc<Web>, me: &Me, id: String) -> Result<(UploadState, Option<Photo>), Problem> {
    let (uploads, now, name) = (uploads(web), web.now(), id.clone());
    let (whose, writes) = (owner(me), owner(me));
    let (asked, state) = run_blocking(move || {
        let state = uploads.state(&name, &whose, now);
        (uploads, state)
    })
    .await?;
    let state = state?;
    if let Some(hash) = &state.photo {
        // A stop may have come between the photo and the row of its sender: whoever is told the hash can use it.
        web.site.accounts.photo_sent(hash, me.account.id, now).await?;
        return Ok((state, None));
    }
    if state.offset < state.length {
        return Ok((state, None));
    }
    let writer = run_blocking(move || asked.writer(&id, &writes, state.offset, now)).await??;
    let photo = finished(web, me, writer).await?;
    Ok((UploadState { photo: Some(photo.hash.clone()), ..state }, Some(photo)))
}

/// As [`settled`], for a part at `offset`; the photo, where there is nothing more to send.
async fn settled_at(web: &Arc<Web>, me: &Me, id: String, offset: u64) -> Result<(UploadState, Option<Photo>), Problem> {
    let (state, photo) = settled(web, me, id).await?;
    match state.photo.clone() {
        Some(_) if offset != state.length => Err(UploadError::Offset { stands: state.length, given: offset }.into()),
        Some(hash) if photo.is_none() => {
            let photos = crate::media::Photos::beside(&web.site.database);
            Ok((state, Some(run_blocking(move || photos.find(&hash)).await??)))
        }
        _ => Ok((state, photo)),
    }
}

/// Writes a part as it arrives. What came before the line broke is safe when this returns.
async fn received(mut writer: UploadWriter, body: Body) -> Result<UploadWriter, Problem> {
    let mut parts = body.into_data_stream();
    let mut waiting = Vec::new();
    let mut broke = None;
    while let Some(part) = parts.next().await {
        match part {
            Ok(bytes) => waiting.extend_from_slice(&bytes),
            Err(error) => {
                broke = Some(error);
                break;
            }
        }
        if waiting.len() >= WRITE_BYTES {
            writer = written(writer, std::mem::take(&mut waiting)).await?;
        }
    }
    let writer = written(writer, waiting).await?;
    match broke {
        Some(error) => Err(Problem::BadBody(format!("it broke off ({error}); HEAD tells from where to go on"))),
        None => Ok(writer),
    }
}

/// Appends and syncs.
async fn written(mut writer: UploadWriter, bytes: Vec<u8>) -> Result<UploadWriter, Problem> {
    let written = run_blocking(move || {
        writer.append(&bytes)?;
        writer.sync()?;
        Ok::<_, UploadError>(writer)
    });
    Ok(written.await??)
}

async fn finished(web: &Arc<Web>, me: &Me, writer: UploadWriter) -> Result<Photo, Problem> {
    let uploads = uploads(web);
    let finish = move || {
        uploads.finish(writer).map_err(|problem| match problem {
            UploadError::Photo(refusal) => UploadError::Photo(counted(refusal)),
            other => other,
        })
    };
    keep_sent(web, me, finish).await
}

impl From<UploadError> for Problem {
    fn from(problem: UploadError) -> Self {
        let status = match &problem {
            UploadError::Unknown(_) => StatusCode::NOT_FOUND,
            UploadError::Expired => StatusCode::GONE,
            UploadError::Offset { .. } => StatusCode::CONFLICT,
            UploadError::Busy => StatusCode::LOCKED,
            UploadError::Length(0) => StatusCode::BAD_REQUEST,
            UploadError::BeyondLength(_) | UploadError::Length(_) => StatusCode::PAYLOAD_TOO_LARGE,
            UploadError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            UploadError::Checksum | UploadError::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            UploadError::Photo(_) | UploadError::Media(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match problem {
            UploadError::Photo(refusal) => Self::Photo(refusal),
            UploadError::Media(error) => Self::Media(error),
            refusal => Problem::refused(status, refusal.say()),
        }
    }
}
