//! What people and programs send, read once for pages and API alike: the fields of a form ([`Typed`]), single values
//! ([`values`]), the parameters of an address ([`params`]), and what several of them say together.
//!
//! A form is read whole before any page sees it, texts that nobody types are refused, and what a page shows again is what
//! was typed. A refusal is the page itself with its reason ([`respond::again`]).

pub(super) mod alert_filter;
pub(super) mod choices;
pub(super) mod heat_sources;
pub(super) mod params;
pub(super) mod plan_file;
pub(super) mod plans;
mod typed;
pub(super) mod values;
pub(super) mod with_photos;

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Form, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;

use super::ask::Ask;
use super::incoming::Incoming;
use super::problem::Problem;
use super::respond;
use super::site::Web;
use crate::credentials;
use crate::media::Spool;
use crate::words::problems;
pub(super) use typed::{Typed, Upload};
pub(super) use values::refusal;

impl FromRequest<Arc<Web>> for Typed {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let ask = Ask::of(&parts);
        let request = Request::from_parts(parts, body);
        let is_multipart = request.headers().get(header::CONTENT_TYPE);
        let is_multipart = is_multipart.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
        let read = if is_multipart { multipart(request, web).await } else { plain(request, web).await };
        match read {
            Ok(typed) => Ok(typed),
            Err(problem) => Err(respond::refused(web, &ask, problem).await),
        }
    }
}

async fn plain(request: Request, web: &Arc<Web>) -> Result<Typed, Problem> {
    let Form(texts) =
        Form::from_request(request, web).await.map_err(|problem| unreadable(problem.status(), problem.body_text()))?;
    Typed::of(texts)
}

async fn multipart(request: Request, web: &Arc<Web>) -> Result<Typed, Problem> {
    let broken = |problem: MultipartError| unreadable(problem.status(), problem.body_text());
    let mut parts = Multipart::from_request(request, web)
        .await
        .map_err(|problem| unreadable(problem.status(), problem.body_text()))?;
    let mut typed = Typed::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        if let Some(name) = part.file_name().map(str::to_owned) {
            let body = spooled(part, web).await?;
            if body.length() > 0 {
                typed.files.push(Upload { field, name, body });
            }
        } else {
            typed.take(field, part.text().await.map_err(broken)?)?;
        }
    }
    Ok(typed)
}

/// The route says how large a form may be.
async fn spooled(mut part: Field<'_>, web: &Web) -> Result<Arc<Spool>, Problem> {
    let mut incoming = Incoming::begin(web, u64::MAX).await?;
    while let Some(bytes) =
        part.chunk().await.map_err(|problem: MultipartError| unreadable(problem.status(), problem.body_text()))?
    {
        incoming = incoming.take(&bytes).await?;
    }
    incoming.end().await
}

fn unreadable(status: StatusCode, why: String) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::refused(status, problems::FILES_TOO_LARGE),
        _ => Problem::BadBody(why),
    }
}

/// A new id for a form, so that sending it twice does it once; there is room for a word behind it.
pub(super) fn new_client_id() -> Result<String, Problem> {
    Ok(format!("form-{}", credentials::new_secret()?))
}
