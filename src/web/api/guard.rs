//! Who may change something over the API: whoever has the token of the configuration.
//!
//! Until people sign in, one token stands for the whole office; the acting person is named in each
//! call. Compared by digest, in constant time for what an outsider can learn.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::Response;
use sha2::{Digest, Sha256};

use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::error::{Problem, document};

/// A caller with the right token.
#[derive(Debug)]
pub(in crate::web) struct Caller(());

impl FromRequestParts<Arc<Web>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let ask = match Ask::from_request_parts(parts, web).await {
            Ok(ask) => ask,
            Err(never) => match never {},
        };
        let refuse = |problem| document(&ask, Err(problem));
        let Some(wanted) = (web.site.api_token)() else { return Err(refuse(Problem::WritesAreOff)) };
        let given = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.strip_prefix("Bearer "));
        match given {
            // Digests of equal length: the time tells nothing about the token.
            Some(token) if Sha256::digest(token.trim().as_bytes()).as_slice() == wanted.as_slice() => Ok(Self(())),
            _ => Err(refuse(Problem::BadToken)),
        }
    }
}
