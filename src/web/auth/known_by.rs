//! What somebody is known by: a token, or the cookie of a session; and the account behind it.
//!
//! Basic, which browsers remember, opens the layers of map programs for reading and nothing else.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::cookies::Cookie;
use super::me::{Me, Visitor};
use crate::credentials;
use crate::domain::account::TokenPower;
use crate::domain::actor::{Access, AddressClass, Through};
use crate::store::{Account, Error, Lane, Reader, SignInMethod, Visit};
use crate::turns::Whose;
use crate::web::places::Kind;
use crate::web::site::Web;

/// The token that a program brings, and the most that it may do here.
pub(super) struct Token {
    secret: String,
    most: TokenPower,
}

/// The token of a request: as `Bearer`, or as the password of `Basic`, which map programs can do, to read layers.
pub(super) fn token_of(request: &Request<Body>) -> Option<Token> {
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
pub(super) struct Asking<'a> {
    /// The headers of the request.
    pub headers: &'a HeaderMap,
    /// What a program brings.
    pub token: Option<Token>,
    /// In whose line it is looked up: anybody can show anything.
    pub whose: Whose,
    /// How it is answered.
    pub kind: Kind,
    /// From where, for the log; not said where nothing is done.
    pub from: Option<AddressClass>,
}

/// Who asks, by token or cookie. A token that is wrong is nobody, whatever cookie comes with it.
pub(super) async fn visitor(web: &Web, asking: &Asking<'_>) -> Result<Visitor, Error> {
    let Some(found) = found(web, asking).await? else { return Ok(Visitor::Nobody) };
    if let Some(visit) = &found.visit {
        let stay = web.site.account_rules.stay(visit.account.role);
        web.site.accounts.session_used(visit, stay, web.now())?;
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
        let Some(scope) = web.scope_of(&account.unit_code) else { return Visitor::UnitRemoved(account.unit_code) };
        let store = web.site.accounts.read_by(asking.kind.reader(account.id)).seen_by(scope, account.role);
        let session = self.visit.map(|visit| visit.session);
        let must_set_up = session.as_ref().is_some_and(|session| session.how == SignInMethod::Password)
            && !account.has_second_step
            && web.site.account_rules.asks_second_step(account.role);
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
    let (store, now) = (web.site.accounts.read_by(reader), web.now());
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
