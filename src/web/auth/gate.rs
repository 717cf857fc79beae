//! What every request passes before a page sees it: is the host ours, did a page of ours send it, who asks.
//!
//! A request that changes something must not come from a page of another site, whatever it brings along: a browser
//! remembers cookies and passwords and sends them for any page. It says itself from where it sends (`Sec-Fetch-Site`,
//! else `Origin`, which every browser sends with a form since 2019). One that says nothing is refused: no secret stands in
//! an address to prove a form by, because addresses are copied, logged and shared. Only a program with a bearer token,
//! which no browser remembers, needs neither. Basic, which browsers do remember, opens the layers of map programs for
//! reading and nothing else.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::cookies::Cookie;
use super::{Me, second_step};
use crate::credentials;
use crate::domain::account::{Role, TokenPower};
use crate::domain::actor::{Access, AddressClass, Through};
use crate::domain::unit::UnitCode;
use crate::store::{Account, Error, HowIn, Lane, Reader, Visit, class_of_address};
use crate::turns::Whose;
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::error::{self, Problem};
use crate::web::places::{Kind, on_own_thread};
use crate::web::reach::{Reach, host_of};

/// The header in which a phone says for which account it kept what it sends now: whoever is in by then may be another.
const KEPT_FOR: &str = "x-firegrid-account";

/// Who asks.
#[derive(Clone)]
pub(in crate::web) enum Visitor {
    /// Nobody is known.
    Nobody,
    /// An account whose unit the region does not have any more.
    Groundless(UnitCode),
    /// Somebody.
    In(Arc<Me>),
}

/// Lets a request pass, or answers it.
pub(in crate::web) async fn pass(State(web): State<Arc<Web>>, mut request: Request<Body>, next: Next) -> Response {
    let reach = &web.site.reach;
    let path = request.uri().path().to_owned();
    let path = path.as_str();
    let is_for_machines = matches!(path, "/livez" | "/readyz");
    let Some(client) = reach.client_of(&request) else {
        return refuse(&web, request, Problem::NotThroughProxy).await;
    };
    request.extensions_mut().insert(client);
    if !is_for_machines && !reach.is_own_host(host_of(&request).as_deref()) {
        return refuse(&web, request, Problem::WrongHost).await;
    }
    if is_for_machines || path.starts_with("/static/") {
        return next.run(request).await;
    }
    let token = token_of(&request);
    if changes(&request) && !may_change(reach, &request, token.as_ref()) {
        return refuse(&web, request, Problem::CrossSite).await;
    }
    let kind = Kind::of(request.method(), path);
    let asking = Asking {
        headers: request.headers(),
        token,
        whose: client.line(),
        kind,
        from: Some(class_of_address(client.0)),
    };
    let visitor = match visitor(&web, &asking).await {
        Ok(visitor) => visitor,
        Err(error) => return refuse(&web, request, Problem::Store(error)).await,
    };
    // Whatever a page forgets to ask for, nobody sees anything before signing in; and nobody does what another kept.
    let is_anothers = changes(&request) && is_anothers(&visitor, request.headers());
    if (matches!(visitor, Visitor::Nobody) && !is_open(path)) || is_anothers {
        return refuse(&web, request, Problem::SignIn).await;
    }
    if matches!(&visitor, Visitor::In(me) if me.must_set_up) && !is_open_before_set_up(path) {
        let wants_page = request.method() == Method::GET && !error::is_api_path(path);
        return if wants_page {
            to_set_up(&web, request).await
        } else {
            refuse(&web, request, Problem::SetUpFirst).await
        };
    }
    request.extensions_mut().insert(visitor.clone());
    answered(&web, request, next, (&visitor, kind)).await
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
async fn to_set_up(web: &Arc<Web>, request: Request<Body>) -> Response {
    let (mut parts, _) = request.into_parts();
    match Ask::from_request_parts(&mut parts, web).await {
        Ok(ask) => error::see_other(&ask.href(second_step::SET_UP)),
        Err(never) => match never {},
    }
}

/// Whether a phone sends what it kept for another account.
fn is_anothers(visitor: &Visitor, headers: &HeaderMap) -> bool {
    let Some(kept_for) = headers.get(KEPT_FOR) else { return false };
    match visitor {
        Visitor::In(me) => kept_for.as_bytes() != me.account.id.to_string().as_bytes(),
        Visitor::Nobody | Visitor::Groundless(_) => true,
    }
}

fn changes(request: &Request<Body>) -> bool {
    !request.method().is_safe()
}

/// What a browser says of the page that sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    /// One of ours, or a person who typed the address.
    Ours,
    /// A page of another site.
    Foreign,
    /// Nothing, as programs and old browsers.
    Unsaid,
}

impl Sender {
    /// Each header that is there has to name us; `null` is what a browser says of pages that tell nobody where they are,
    /// as ours.
    fn of(reach: &Reach, request: &Request<Body>) -> Self {
        let said = |name: &str| request.headers().get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
        let sites: Vec<_> = said("sec-fetch-site").collect();
        let origins: Vec<_> = said("origin").filter(|origin| *origin != "null").collect();
        let host = host_of(request);
        // "none": typed, or a form that the browser restored; no other page can make it say so.
        let is_ours = sites.iter().all(|site| matches!(*site, "same-origin" | "none"))
            && origins.iter().all(|origin| reach.is_own_origin(origin, host.as_deref()));
        match (is_ours, sites.is_empty() && origins.is_empty()) {
            (false, _) => Self::Foreign,
            (true, false) => Self::Ours,
            (true, true) => Self::Unsaid,
        }
    }
}

/// Whether a request may change something, by the page that sent it.
fn may_change(reach: &Reach, request: &Request<Body>, token: Option<&Token>) -> bool {
    match Sender::of(reach, request) {
        Sender::Ours => true,
        Sender::Foreign => false,
        Sender::Unsaid => {
            let path = request.uri().path();
            // A program that forgot its token is told so; a browser always has a cookie to be misused.
            let is_bare = error::is_api_path(path) && Cookie::Session.of(request.headers(), reach).is_none();
            // Coming in is for people alone: a token has nothing to do there.
            let is_program = token.is_some() && !lets_in(path);
            is_bare || is_program
        }
    }
}

/// Whether a path is one by which people come in.
fn lets_in(path: &str) -> bool {
    path == "/sign-in" || path.starts_with("/sign-in/") || path.starts_with("/l/")
}

/// The token that a program brings, and the most that it may do here.
struct Token {
    secret: String,
    most: TokenPower,
}

/// The token of a request: as `Bearer`, or as the password of `Basic`, which map programs can do, to read layers.
fn token_of(request: &Request<Body>) -> Option<Token> {
    if let Some(secret) = bearer_of(request.headers()) {
        return Some(Token { secret, most: TokenPower::ActFor });
    }
    let path = request.uri().path();
    let is_layer = path == "/ogc" || path.starts_with("/ogc/");
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let secret = basic_of(request.headers()).filter(|_| is_layer && reads)?;
    Some(Token { secret, most: TokenPower::Read })
}

fn bearer_of(headers: &HeaderMap) -> Option<String> {
    authorization(headers, "bearer").map(str::to_owned)
}

fn basic_of(headers: &HeaderMap) -> Option<String> {
    let plain = String::from_utf8(BASE64.decode(authorization(headers, "basic")?).ok()?).ok()?;
    plain.split_once(':').map(|(_, password)| password.to_owned())
}

fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (named, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// What somebody shows to be known by, and how he asks.
struct Asking<'a> {
    headers: &'a HeaderMap,
    token: Option<Token>,
    /// In whose line it is looked up: anybody can show anything.
    whose: Whose,
    kind: Kind,
    /// From where, for the log; not said where nothing is done.
    from: Option<AddressClass>,
}

/// Who asks, by token or cookie. A token that is wrong is nobody, whatever cookie comes with it.
async fn visitor(web: &Web, asking: &Asking<'_>) -> Result<Visitor, Error> {
    let Some(found) = found(web, asking).await? else { return Ok(Visitor::Nobody) };
    if let Some(visit) = &found.visit {
        let stay = web.site.account_rules.stay(visit.account.role);
        web.site.store.session_used(visit, stay, web.now())?;
    }
    Ok(found.visitor(web, asking))
}

/// Whether whoever opened a stream with these headers may still come in; looking does not keep a session alive.
pub(in crate::web) async fn still_in(web: &Web, headers: &HeaderMap) -> Result<Visitor, Error> {
    let token = bearer_of(headers).map(|secret| Token { secret, most: TokenPower::ActFor });
    let asking = Asking { headers, token, whose: Whose::Service, kind: Kind::Passing, from: None };
    let found = found(web, &asking).await?;
    Ok(found.map_or(Visitor::Nobody, |found| found.visitor(web, &asking)))
}

/// An account, and what it came in with.
struct Found {
    account: Account,
    power: TokenPower,
    /// The session; `None` for a program.
    visit: Option<Visit>,
    /// What brought it in.
    access: Access,
    /// The account that made the link or token it came in by.
    let_in_by: Option<String>,
}

impl Found {
    fn visitor(self, web: &Web, asking: &Asking<'_>) -> Visitor {
        let account = self.account;
        let Some(scope) = web.scope_of(&account.unit_code) else { return Visitor::Groundless(account.unit_code) };
        let store = web.site.store.read_by(asking.kind.reader(account.id)).seen_by(scope);
        let store = if account.role == Role::Inspector { store.in_the_field() } else { store };
        let session = self.visit.map(|visit| visit.session);
        let must_set_up = session.as_ref().is_some_and(|session| session.how == HowIn::Password)
            && !account.has_second_step
            && second_step::is_asked(web, &account);
        let accounts = [account.name.clone()].into_iter().chain(self.let_in_by).collect();
        let through = Through { accounts, access: Some(self.access), address: asking.from };
        Visitor::In(Arc::new(Me {
            account,
            store,
            power: self.power,
            session: session.as_ref().map(|session| session.id),
            proved_at: session.map(|session| session.proved_at),
            must_set_up,
            through,
        }))
    }
}

async fn found(web: &Web, asking: &Asking<'_>) -> Result<Option<Found>, Error> {
    let reader = Reader { lane: Lane::Pages, whose: asking.whose.clone() };
    let (store, now) = (web.site.store.read_by(reader), web.now());
    if let Some(Token { secret, most }) = &asking.token {
        let holder = store.token_holder(credentials::digest(secret), now).await?;
        return Ok(holder.map(|holder| Found {
            account: holder.account,
            power: holder.power.min(*most),
            visit: None,
            access: Access::Token(holder.token),
            let_in_by: holder.made_by,
        }));
    }
    let Some(secret) = Cookie::Session.of(asking.headers, &web.site.reach) else { return Ok(None) };
    let visit = store.visit(credentials::digest(&secret), now).await?;
    Ok(visit.map(|visit| Found {
        account: visit.account.clone(),
        power: TokenPower::Write,
        access: Access::Session(visit.session.id),
        let_in_by: visit.let_in_by.clone(),
        visit: Some(visit),
    }))
}

async fn refuse(web: &Arc<Web>, request: Request<Body>, problem: Problem) -> Response {
    let (mut parts, _) = request.into_parts();
    match Ask::from_request_parts(&mut parts, web).await {
        Ok(ask) => error::refused(web, &ask, problem).await,
        Err(never) => match never {},
    }
}
