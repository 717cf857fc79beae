//! What every request passes before a page sees it, in this order: did it come the right way, does it name this site, did
//! a page of ours send what changes something ([`super::sender`]), who asks ([`super::known_by`]), may he go on.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::known_by::{Asking, token_of, visitor};
use super::me::Visitor;
use super::second_step;
use super::sender::may_change;
use crate::store::class_of_address;
use crate::web::ask::Ask;
use crate::web::places::{Kind, on_own_thread};
use crate::web::problem::Problem;
use crate::web::reach::{ClientAddress, host_of};
use crate::web::request::is_api_path;
use crate::web::respond;
use crate::web::site::Web;

/// The header in which a phone says for which account it kept what it sends now: whoever is in by then may be another.
const KEPT_FOR: &str = "x-firegrid-account";

/// Why a request goes no further.
enum Stop {
    /// It is refused.
    Refused(Problem),
    /// Whoever asks has to set up the second step first.
    SetUpFirst,
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// Lets a request pass, or answers it.
pub(in crate::web) async fn pass(State(web): State<Arc<Web>>, mut request: Request<Body>, next: Next) -> Response {
    let client = match reached(&web, &mut request) {
        Ok(client) => client,
        Err(problem) => return refuse(&web, request, problem).await,
    };
    let path = request.uri().path();
    if is_for_machines(path) || path.starts_with("/static/") {
        return next.run(request).await;
    }
    let token = token_of(&request);
    if changes(request.method()) && !may_change(&web.site.reach, &request, token.as_ref()) {
        return refuse(&web, request, Problem::CrossSite).await;
    }
    let (method, headers, kind) = (request.method(), request.headers(), Kind::of(request.method(), path));
    let asking = Asking { headers, token, whose: client.line(), kind, from: Some(class_of_address(client.0)) };
    match known(&web, (method, path), &asking).await {
        Ok(visitor) => {
            request.extensions_mut().insert(visitor.clone());
            answered(&web, request, next, (&visitor, kind)).await
        }
        Err(Stop::Refused(problem)) => refuse(&web, request, problem).await,
        Err(Stop::SetUpFirst) => to_set_up(request),
    }
}

/// Where a request comes from; refuses one that came past the proxy or names another site.
fn reached(web: &Web, request: &mut Request<Body>) -> Result<ClientAddress, Problem> {
    let reach = &web.site.reach;
    let client = reach.client_of(request).ok_or(Problem::NotThroughProxy)?;
    request.extensions_mut().insert(client);
    let is_ours = is_for_machines(request.uri().path()) || reach.is_own_host(host_of(request).as_deref());
    if is_ours { Ok(client) } else { Err(Problem::WrongHost) }
}

/// Who asks, where he may go on.
async fn known(web: &Web, (method, path): (&Method, &str), asking: &Asking<'_>) -> Result<Visitor, Stop> {
    let visitor = visitor(web, asking).await.map_err(Problem::Store)?;
    // Whatever a page forgets to ask for, nobody sees anything before signing in; and nobody does what another kept.
    let is_of_another = changes(method) && belongs_to_other_account(&visitor, asking.headers);
    if (matches!(visitor, Visitor::Nobody) && !is_open(path)) || is_of_another {
        return Err(Problem::SignIn.into());
    }
    if matches!(&visitor, Visitor::In(me) if me.must_set_up) && !is_open_before_set_up(path) {
        let wants_page = method == Method::GET && !is_api_path(path);
        return Err(if wants_page { Stop::SetUpFirst } else { Problem::SetUpFirst.into() });
    }
    Ok(visitor)
}

/// Answers a request: what somebody who is in reads, at his place and on a thread of its own.
async fn answered(web: &Arc<Web>, request: Request<Body>, next: Next, (visitor, kind): (&Visitor, Kind)) -> Response {
    let Visitor::In(me) = visitor else { return next.run(request).await };
    let turn = match web.places.answer(kind, me.account.id).await {
        Ok(Some(turn)) => turn,
        Ok(None) => return next.run(request).await,
        Err(problem) => return refuse(web, request, problem).await,
    };
    match on_own_thread(turn, next.run(request)).await {
        Ok(response) => response,
        // The service stops: whoever asked may ask again.
        Err(_stopping) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn changes(method: &Method) -> bool {
    !method.is_safe()
}

/// What machines ask to know whether the service lives, by whatever name they reach it.
fn is_for_machines(path: &str) -> bool {
    matches!(path, "/livez" | "/readyz")
}

/// What is there for whoever is not in: coming in, what machines ask, what a phone installs. `/metrics` decides itself.
fn is_open(path: &str) -> bool {
    let exact = [
        "/sign-in",
        "/sign-in/code",
        "/sign-in/demo",
        "/sign-in/city",
        "/sign-in/city/back",
        "/metrics",
        "/sw.js",
        "/manifest.webmanifest",
    ];
    exact.contains(&path) || path.starts_with("/l/") || path == "/api/v1/uploads"
}

/// What is there for whoever has to set up the second step first.
fn is_open_before_set_up(path: &str) -> bool {
    is_open(path) || path == second_step::SET_UP || path == "/sign-out"
}

/// Sends whoever has to set up the second step to where that is done.
fn to_set_up(request: Request<Body>) -> Response {
    let ask = Ask::of(&request.into_parts().0);
    respond::see_other(&ask.href(second_step::SET_UP))
}

/// Whether a phone sends what it kept for another account.
fn belongs_to_other_account(visitor: &Visitor, headers: &HeaderMap) -> bool {
    let Some(kept_for) = headers.get(KEPT_FOR) else { return false };
    match visitor {
        Visitor::In(me) => kept_for.as_bytes() != me.account.id.to_string().as_bytes(),
        Visitor::Nobody | Visitor::UnitRemoved(_) => true,
    }
}

async fn refuse(web: &Web, request: Request<Body>, problem: Problem) -> Response {
    respond::refused(web, &Ask::of(&request.into_parts().0), problem).await
}
