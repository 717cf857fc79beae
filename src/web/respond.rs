//! Answers: a page, a document, another address, or what went wrong as a page or as problem+json (RFC 9457).
//!
//! A page says what happened, what to do now, and a reference that is also in the log; the API says the same.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::ask::Ask;
use super::frame::Frame;
use super::layers::logged;
use super::problem::{Problem, Refused};
use super::refusals;
use super::request::percent_encoded;
use super::site::Web;
use crate::words::Lang;
use crate::words::pages as w;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    status: u16,
    happened: String,
    advice: String,
}

/// Answers with a page, or with the page of what went wrong.
pub(super) async fn page(web: &Web, ask: &Ask, result: Result<String, Problem>) -> Response {
    let (status, wait, body) = match result {
        Ok(body) => (StatusCode::OK, None, body),
        Err(problem) => (problem.status(), problem.retry_after(), error_page(web, ask, &problem).await),
    };
    let language = HeaderValue::from_static(ask.lang.tag());
    let vary = HeaderValue::from_static("accept-language");
    // The state of a fire must never come from a cache, nor one account's pages to another.
    let cache = HeaderValue::from_static("no-cache, private");
    let headers = [(header::CONTENT_LANGUAGE, language), (header::VARY, vary), (header::CACHE_CONTROL, cache)];
    waiting((status, headers, Html(body)).into_response(), wait)
}

/// An answer that says when another try has a chance.
fn waiting(mut response: Response, wait: Option<u64>) -> Response {
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    response
}

async fn error_page(web: &Web, ask: &Ask, problem: &Problem) -> String {
    log(ask, problem);
    let page = ErrorPage {
        f: Frame::of(web, ask).await,
        status: problem.status().as_u16(),
        happened: problem.happened(ask.lang),
        advice: problem.advice(ask.lang),
    };
    page.render().unwrap_or_else(|_| problem.happened(ask.lang))
}

/// Answers a request that no page and no call takes: programs get a document, people a page, and whoever is not in
/// the page to sign in on.
pub(super) async fn refused(web: &Web, ask: &Ask, problem: Problem) -> Response {
    if ask.is_for_programs() {
        let mut response = document(ask, Err(problem));
        if response.status() == StatusCode::UNAUTHORIZED {
            // Map programs can send a token as the password of Basic.
            let scheme = if ask.path.starts_with("/ogc") { "Basic realm=\"firegrid\"" } else { "Bearer" };
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        return response;
    }
    if matches!(problem, Problem::SignIn) {
        log(ask, &problem);
        return see_other(&ask.href(&format!("/sign-in?next={}", percent_encoded(&ask.here()))));
    }
    page(web, ask, Err(problem)).await
}

/// Sends a browser to another page of this site, after a form or instead of a page.
pub(super) fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
    )
        .into_response()
}

/// Answers with a document, or with problem+json.
pub(super) fn document(ask: &Ask, result: Result<Response, Problem>) -> Response {
    result.unwrap_or_else(|problem| {
        log(ask, &problem);
        let status = problem.status();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": format!("{}. {}", problem.happened(Lang::En), problem.advice(Lang::En)),
            "detail_zh": format!("{}。{}", problem.happened(Lang::Zh), problem.advice(Lang::Zh)),
            "instance": ask.path,
            "reference": ask.id,
        });
        if let (Problem::Refused(Refused { faults, .. }), Some(fields)) = (&problem, body.as_object_mut())
            && !faults.is_empty()
        {
            fields.insert("faults".to_owned(), json!(faults));
        }
        let response = (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response();
        waiting(response, problem.retry_after())
    })
}

/// Answers addresses that are none.
pub(super) async fn no_such_page(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let problem = Problem::UnknownPage(ask.path.clone());
    if ask.is_for_programs() { document(&ask, Err(problem)) } else { page(&web, &ask, Err(problem)).await }
}

/// Answers methods that an address does not answer.
pub(super) async fn wrong_method(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    if ask.is_for_programs() {
        document(&ask, Err(Problem::WrongMethod))
    } else {
        page(&web, &ask, Err(Problem::WrongMethod)).await
    }
}

/// Answers a refused form with its page again, which says why; a failure of ours with the page of what went wrong.
pub(super) async fn again(
    web: &Web,
    ask: &Ask,
    problem: Problem,
    page: impl AsyncFnOnce(String) -> Result<String, Problem>,
) -> Response {
    if !problem.status().is_client_error() {
        return refused(web, ask, problem).await;
    }
    let shown = page(problem.happened(ask.lang)).await;
    let is_shown = shown.is_ok();
    let mut response = self::page(web, ask, shown).await;
    if is_shown {
        mark(&problem, &mut response);
    }
    response
}

/// Puts the status of a problem on a page that shows a form again, and the wait where one helps.
pub(super) fn mark(problem: &Problem, response: &mut Response) {
    *response.status_mut() = problem.status();
    if let Some(wait) = problem.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
}

/// A document that is saved as a file; its name is ours and plain.
pub(super) fn file(name: &str, extension: &str, media_type: &'static str, body: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}.{extension}\"");
    ([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

/// Errors of ours and refusals are logged here, once, with the reference the page shows.
fn log(ask: &Ask, problem: &Problem) {
    refusals::note_problem(problem, ask);
    if problem.status().is_server_error() {
        tracing::error!(path = logged(&ask.path), id = %ask.id, cause = causes(problem), "{problem}");
    }
}

/// Everything behind an error, the nearest first.
fn causes(error: &dyn std::error::Error) -> String {
    let behind = std::iter::successors(error.source(), |cause| cause.source());
    behind.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
