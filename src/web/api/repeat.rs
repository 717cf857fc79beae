//! Calls that are sent again under the same `Idempotency-Key` are answered the same and not done again.
//!
//! Semantics of draft-ietf-httpapi-idempotency-key-header: another call under the same key is 422, one that is still
//! worked on 409. The key becomes the command's client id where the body names none, so that even a call whose answer
//! was lost with the process is done once. Keys are an account's own.
//!
//! Telling a repeat from another call takes the whole body, so this is for commands alone: JSON, and a table of plans,
//! which waits on disk. Photos pass as they come, whole or in parts: they are named by their content and by the place
//! they go on from, which makes a repeat harmless without a key.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::body;
use crate::domain::account::TokenPower;
use crate::media::{self, Spool};
use crate::store::{Answered, Call, Known};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Visitor};
use crate::web::forms::plan_file;
use crate::web::incoming::spooled;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::words::api::refusals;

/// The header a call is named by.
pub(super) const KEY: &str = "idempotency-key";

/// Says that an answer is the one of an earlier call.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Longest key, characters: as of a client id.
const MAX_KEY: usize = 100;

/// Lets a call pass, or answers it as before.
pub(super) async fn once(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    if is_named_by_content(&route_of(request.extensions())) {
        return next.run(request).await;
    }
    let Some(me) = writer(&request) else {
        // Refused before anything is read, key or not.
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    let ask = match Ask::from_request_parts(&mut parts, &web).await {
        Ok(ask) => ask,
        Err(never) => match never {},
    };
    match pass(&web, &me, parts, body, next).await {
        Ok(response) => response,
        Err(problem) => document(&ask, Err(problem)),
    }
}

/// Whoever may change something at all.
fn writer(request: &Request) -> Option<Arc<Me>> {
    match request.extensions().get::<Visitor>() {
        Some(Visitor::In(me)) if me.power >= TokenPower::Write => Some(me.clone()),
        _ => None,
    }
}

/// Whether what is sent says itself what it is: its key, if it has one, is not looked at.
fn is_named_by_content(route: &str) -> bool {
    route == "/api/v1/photos" || route.starts_with("/api/v1/uploads")
}

fn route_of(extensions: &Extensions) -> String {
    extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default()
}

async fn pass(web: &Web, me: &Me, mut parts: Parts, body: Body, next: Next) -> Result<Response, Problem> {
    let key = key_of(&parts.headers)?;
    let route = route_of(&parts.extensions);
    let sent = Sent::read(web, &route, body).await?;
    let (sent, fingerprint) = sent.fingerprint(&parts).await?;
    let named = names_command(&parts, &sent, &key)?;
    let call = Call { account_id: me.account.id, key: key.clone(), fingerprint };
    match web.site.accounts.begin_call(call.clone(), web.now()).await? {
        Known::New => {}
        Known::Answered(answered) => return Ok(replay(answered)),
        Known::Differs => return Err(differs(&key)),
        Known::Running => return Err(running()),
    }
    let body = match (sent, named) {
        (Sent::Json(bytes), Named::InBody) => with_client_id(&bytes, &client_id_of(me, &key)),
        (Sent::Json(bytes), _) => bytes,
        (Sent::File(file), named) => {
            if let Named::InQuery = named {
                parts.uri = with_parameter(&parts.uri, &client_id_of(me, &key));
            }
            parts.extensions.insert(file);
            Bytes::new()
        }
    };
    // Its length may be another now, and the body says it itself.
    parts.headers.remove(header::CONTENT_LENGTH);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    keep(web, call, response).await
}

/// What a call sent.
enum Sent {
    /// A command, in memory.
    Json(Bytes),
    /// A table, on disk; handed on as an extension of the request.
    File(Arc<Spool>),
}

impl Sent {
    async fn read(web: &Web, route: &str, body: Body) -> Result<Self, Problem> {
        if route == "/api/v1/plans/import" {
            return spooled(web, body, plan_file::MAX_BYTES).await.map(Self::File);
        }
        let most = usize::try_from(body::MAX_JSON_BYTES).unwrap_or(usize::MAX);
        let read = to_bytes(body, most).await;
        read.map(Self::Json).map_err(|_too_large_or_broken_off| Problem::too_large(body::MAX_JSON_BYTES))
    }

    /// With what tells this call from another one.
    async fn fingerprint(self, parts: &Parts) -> Result<(Self, String), Problem> {
        let mut hash = Sha256::new();
        for part in [parts.method.as_str(), &parts.uri.to_string()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        match self {
            Self::Json(bytes) => {
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(&bytes);
                Ok((Self::Json(bytes), hex::encode(hash.finalize())))
            }
            Self::File(file) => {
                let hashed = run_blocking(move || {
                    hash.update(file.length().to_le_bytes());
                    file.pieces(|piece| hash.update(piece))?;
                    Ok::<_, media::Error>((Self::File(file), hex::encode(hash.finalize())))
                });
                Ok(hashed.await??)
            }
        }
    }
}

/// Keeps an answer that a repeat gets too. What could not be read or was not worked on is not one.
async fn keep(web: &Web, call: Call, response: Response) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(|_broken_off| Problem::Interrupted)?;
    let status = parts.status;
    let is_final = status.is_success()
        || matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::GONE | StatusCode::UNPROCESSABLE_ENTITY
        );
    if is_final {
        let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.map(str::to_owned);
        let answered = Answered { status: status.as_u16(), content_type, body: bytes.to_vec() };
        note(web.site.accounts.end_call(call, Some(answered)).await);
    } else {
        note(web.site.accounts.end_call(call, None).await);
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// What the call did stands, and its answer is true whether or not a repeat can be given the same: on a disk that has
/// just become full it cannot, and the client id keeps the repeat from doing it twice.
fn note(written: Result<(), crate::store::Error>) {
    if let Err(error) = written {
        tracing::warn!(error = &error as &dyn std::error::Error, "the answer of a call was not noted for its repeat");
    }
}

fn replay(answered: Answered) -> Response {
    let mut response = Response::new(Body::from(answered.body));
    *response.status_mut() = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
    let content_type = answered.content_type.and_then(|text| HeaderValue::from_str(&text).ok());
    if let Some(content_type) = content_type {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn differs(key: &str) -> Problem {
    Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, refusals::key_taken(key))
}

fn running() -> Problem {
    Problem::refused(StatusCode::CONFLICT, refusals::KEY_RUNNING)
}

/// The key, bare or as a quoted string.
fn key_of(headers: &HeaderMap) -> Result<String, Problem> {
    let bad = || Problem::BadBody(format!("{KEY} has to have 1 to {MAX_KEY} visible ASCII characters, given once"));
    let mut given = headers.get_all(KEY).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return Err(bad()) };
    let text = value.to_str().map_err(|_not_ascii| bad())?.trim();
    let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let is_key = (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_key { Ok(key.to_owned()) } else { Err(bad()) }
}

/// Where a call says its client id.
enum Named {
    /// It does, or knows none.
    Already,
    /// It belongs into the body.
    InBody,
    /// It belongs into the address.
    InQuery,
}

/// Whether the call names its command itself; a name that is not the key is refused.
fn names_command(parts: &Parts, sent: &Sent, key: &str) -> Result<Named, Problem> {
    let (given, otherwise) = match sent {
        Sent::File(_) => (client_id_in(&parts.uri), Named::InQuery),
        Sent::Json(_) if parts.method != Method::POST => return Ok(Named::Already),
        Sent::Json(bytes) => {
            // What is no object is refused where it is read.
            let Ok(Value::Object(fields)) = serde_json::from_slice(bytes) else { return Ok(Named::Already) };
            match fields.get("client_id") {
                None => (None, Named::InBody),
                Some(Value::String(given)) => (Some(given.clone()), Named::Already),
                // `null` stands for none, but a second field of the name would be refused.
                Some(_) => return Ok(Named::Already),
            }
        }
    };
    match given {
        None => Ok(otherwise),
        Some(given) if given == key => Ok(Named::Already),
        Some(_) => {
            let text = format!("client_id and {KEY} differ: give one of the two, or the same in both");
            Err(Problem::BadBody(text))
        }
    }
}

fn client_id_in(uri: &Uri) -> Option<String> {
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    query.0.into_iter().find(|(name, _)| name == "client_id").map(|(_, value)| value)
}

/// Client ids are everybody's, keys an account's own.
fn client_id_of(me: &Me, key: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(me.account.id.to_le_bytes());
    hash.update(key.as_bytes());
    format!("key-{}", hex::encode(hash.finalize()))
}

/// The object with one field more, in front; everything else stays as it was sent, fields given twice too.
fn with_client_id(bytes: &Bytes, id: &str) -> Bytes {
    let Some(at) = bytes.iter().position(|byte| *byte == b'{') else { return bytes.clone() };
    let (head, rest) = bytes.split_at(at + 1);
    let is_empty = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'}');
    let field = format!("\"client_id\":\"{id}\"{}", if is_empty { "" } else { "," });
    [head, field.as_bytes(), rest].concat().into()
}

fn with_parameter(uri: &Uri, id: &str) -> Uri {
    let joint = if uri.query().is_some() { '&' } else { '?' };
    let with = format!("{uri}{joint}client_id={id}");
    // It was an address and stays one.
    with.parse().unwrap_or_else(|_| uri.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_put_in_front_and_nothing_else_is_touched() {
        let put = |text: &'static str| {
            let bytes = with_client_id(&Bytes::from_static(text.as_bytes()), "k");
            String::from_utf8(bytes.to_vec()).unwrap()
        };
        assert_eq!(put(r#"{"a":1,"a":2}"#), r#"{"client_id":"k","a":1,"a":2}"#);
        assert_eq!(put(" { } "), r#" {"client_id":"k" } "#);
    }

    #[test]
    fn keys_are_visible_ascii_bare_or_quoted() {
        let key = |text: &str| {
            let headers = HeaderMap::from_iter([(HeaderName::from_static(KEY), HeaderValue::from_str(text).unwrap())]);
            key_of(&headers).ok()
        };
        assert_eq!(key("\"a-1\"").as_deref(), Some("a-1"));
        assert_eq!(key("a-1").as_deref(), Some("a-1"));
        assert_eq!((key(""), key("a b"), key(&"x".repeat(101))), (None, None, None));
    }
}
