//! Bodies of requests: capped before they are read, and looked over before anything believes them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::forms::values::implausible_text;
use crate::web::problem::Problem;
use crate::web::respond::document;

/// Largest JSON body: a plan with a plot of a thousand corners has a tenth of it.
pub(super) const MAX_JSON_BYTES: u64 = 256 * 1024;

/// A JSON body.
#[derive(Debug)]
pub(in crate::web) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Web>> for Body<T> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let ask = ask_of(&mut parts, web).await;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), web).await;
        let read = taken(bytes, MAX_JSON_BYTES).and_then(|bytes| read(&bytes));
        read.map(Self).map_err(|problem| document(&ask, Err(problem)))
    }
}

/// The one name in an address: a number, an id.
#[derive(Debug)]
pub(in crate::web) struct Named(pub String);

impl FromRequestParts<Arc<Web>> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let ask = ask_of(parts, web).await;
        match Path::<String>::from_request_parts(parts, web).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(problem) => Err(document(&ask, Err(Problem::BadBody(problem.body_text())))),
        }
    }
}

async fn ask_of(parts: &mut Parts, web: &Arc<Web>) -> Ask {
    match Ask::from_request_parts(parts, web).await {
        Ok(ask) => ask,
        Err(never) => match never {},
    }
}

/// The bytes of a body, unless it was too large or broke off.
pub(super) fn taken(bytes: Result<Bytes, BytesRejection>, limit: u64) -> Result<Bytes, Problem> {
    bytes.map_err(|problem| match problem.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(limit),
        _ => Problem::BadBody(problem.body_text()),
    })
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let unreadable = |error: serde_json::Error| Problem::BadBody(error.to_string());
    let value: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
    if let Some(problem) = implausible_text("", &value) {
        return Err(Problem::BadBody(problem));
    }
    // From the bytes once more: a field that is given twice shows only there.
    serde_json::from_slice(bytes).map_err(unreadable)
}

/// Keeps larger bodies out of memory; the innermost of several counts.
pub(super) fn at_most(bytes: u64) -> DefaultBodyLimit {
    DefaultBodyLimit::max(usize::try_from(bytes).unwrap_or(usize::MAX))
}
