//! Coming in by the city's own sign-on: there and back.
//!
//! What an answer must fit (state, nonce, PKCE verifier) goes into a cookie of the browser that began, so a link with
//! somebody else's code opens nothing. Whom the provider means is asked of [`crate::sign_on`]; an account is never made
//! here, the administrator gives one its subject.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::cookies::Cookie;
use crate::credentials;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::sign_on::{self, Kind, Provider, Ticket};
use crate::store::{Account, AccountError, SignInMethod, Who};
use crate::web::ask::Ask;
use crate::web::auth::caller::Caller;
use crate::web::auth::entry::{own_path, set, start_session};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::pages as w;

/// So long somebody may take to sign in at the provider.
const TRIP_LASTS: SignedDuration = SignedDuration::from_mins(10);

/// A longer path to go on to is not kept: cookies are small.
const LONGEST_NEXT: usize = 1000;

#[derive(Template)]
#[template(path = "sign_on.html")]
struct SorryPage {
    f: Frame,
    happened: String,
    advice: String,
    /// What the administrator needs to let somebody in.
    subject: Option<String>,
    again: String,
}

/// What the browser keeps while it is at the provider.
struct Trip {
    began: i64,
    ticket: Ticket,
    next: String,
}

impl Trip {
    fn begin(next: String, now: Timestamp) -> Result<Self, credentials::Failed> {
        let ticket = Ticket {
            state: credentials::new_secret()?,
            nonce: credentials::new_secret()?,
            verifier: credentials::new_secret()?,
        };
        let next = if next.len() > LONGEST_NEXT { "/".to_owned() } else { next };
        Ok(Self { began: now.as_second(), ticket, next })
    }

    fn written(&self) -> String {
        let Ticket { state, nonce, verifier } = &self.ticket;
        format!("{}.{state}.{nonce}.{verifier}.{}", self.began, BASE64.encode(&self.next))
    }

    /// The trip that a browser is on; none when it began none, or too long ago.
    fn read(text: &str, now: Timestamp) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        let [began, state, nonce, verifier, next] = parts.as_slice() else { return None };
        let began: i64 = began.parse().ok()?;
        let next = String::from_utf8(BASE64.decode(next).ok()?).ok()?;
        let ticket =
            Ticket { state: (*state).to_owned(), nonce: (*nonce).to_owned(), verifier: (*verifier).to_owned() };
        let is_in_time = (0..=TRIP_LASTS.as_secs()).contains(&now.as_second().checked_sub(began)?);
        is_in_time.then(|| Self { began, ticket, next: own_path(Some(&next)) })
    }
}

/// Why nobody came in.
enum Failed {
    /// The answer fits no sign-in that this browser began.
    NotBegun,
    /// The provider says that it was not done.
    Denied(String),
    /// The provider, or what it said.
    Provider(sign_on::Error),
    /// No account has this subject.
    Unknown(String),
    /// The account may not come in.
    Disabled,
    /// Something of ours.
    Ours(Problem),
}

impl<E: Into<Problem>> From<E> for Failed {
    fn from(problem: E) -> Self {
        Self::Ours(problem.into())
    }
}

/// `GET /sign-in/city`
pub(super) async fn begin(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let Some(provider) = &web.site.sign_on else { return none_here(&web, &ask).await };
    match send_away(&web, provider, &ask).await {
        Ok(response) => response,
        Err(failed) => sorry(&web, &ask, failed).await,
    }
}

async fn send_away(web: &Web, provider: &Provider, ask: &Ask) -> Result<Response, Failed> {
    ask.only(&["next"])?;
    let trip = Trip::begin(own_path(ask.param("next")), web.now())?;
    let address = provider.address(&trip.ticket, web.now()).await.map_err(Failed::Provider)?;
    let mut response = respond::see_other(&address);
    set(&mut response, Cookie::SignOn.set(&trip.written(), Some(TRIP_LASTS), &web.site.reach));
    Ok(response)
}

/// `GET /sign-in/city/back`
pub(super) async fn back(State(web): State<Arc<Web>>, caller: Caller, headers: HeaderMap, ask: Ask) -> Response {
    let Some(provider) = &web.site.sign_on else { return none_here(&web, &ask).await };
    // The link to the other language would repeat code and state.
    let bare = ask.bare_at(&ask.path);
    let mut response = match who(&web, provider, &headers, &ask).await {
        Ok((account, next)) => start_session(&web, &bare, account, &caller, SignInMethod::SignOn, &next).await,
        Err(failed) => sorry(&web, &bare, failed).await,
    };
    // However it went, this trip is over.
    set(&mut response, Cookie::SignOn.clear(&web.site.reach));
    response
}

/// The account that an answer of the provider stands for, and where it wanted to go. Parameters that providers add of their
/// own are no concern of ours.
async fn who(web: &Web, provider: &Provider, headers: &HeaderMap, ask: &Ask) -> Result<(Account, String), Failed> {
    let trip = Cookie::SignOn.of(headers, &web.site.reach).and_then(|text| Trip::read(&text, web.now()));
    let trip = trip.ok_or(Failed::NotBegun)?;
    let state = ask.param("state").map(credentials::digest);
    let is_ours = state.is_some_and(|state| state == credentials::digest(&trip.ticket.state));
    if !is_ours || ask.param("iss").is_some_and(|named| !provider.is_issuer(named)) {
        return Err(Failed::NotBegun);
    }
    if let Some(reason) = ask.param("error") {
        return Err(Failed::Denied(reason.to_owned()));
    }
    let code = ask.param("code").ok_or(Failed::NotBegun)?;
    let subject = provider.subject(code, &trip.ticket, web.now()).await.map_err(Failed::Provider)?;
    match web.site.accounts.find(Who::Subject(subject)).await {
        Ok(account) if account.disabled_at.is_some() => Err(Failed::Disabled),
        Ok(account) => Ok((account, trip.next)),
        Err(AccountError::Unknown(subject)) => Err(Failed::Unknown(subject)),
        Err(problem) => Err(problem.into()),
    }
}

async fn none_here(web: &Arc<Web>, ask: &Ask) -> Response {
    respond::refused(web, ask, Problem::UnknownPage(ask.path.clone())).await
}

async fn sorry(web: &Arc<Web>, ask: &Ask, failed: Failed) -> Response {
    failed.log(ask);
    let (status, (happened, advice)) = (failed.status(), failed.words());
    let subject = match failed {
        Failed::Ours(problem) => return respond::refused(web, ask, problem).await,
        Failed::Unknown(subject) => Some(subject),
        _ => None,
    };
    let (happened, advice) = (ask.lang.say(happened).to_owned(), ask.lang.say(advice).to_owned());
    let f = Frame::of(web, &ask.bare_at("/sign-in")).await;
    let page = SorryPage { f, happened, advice, subject, again: ask.href("/sign-in") };
    let mut response = respond::page(web, ask, page.render().map_err(Problem::from)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

impl Failed {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotBegun => StatusCode::BAD_REQUEST,
            Self::Provider(error) => match error.kind() {
                Kind::Again => StatusCode::BAD_REQUEST,
                Kind::Down | Kind::Operator => StatusCode::BAD_GATEWAY,
            },
            Self::Denied(_) | Self::Unknown(_) | Self::Disabled => StatusCode::FORBIDDEN,
            Self::Ours(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Once, with the reference that the page shows; never who it was, nor anything secret.
    fn log(&self, ask: &Ask) {
        let id = &ask.id;
        match self {
            Self::Provider(error) => match error.kind() {
                Kind::Down => tracing::warn!(%id, "the city's sign-on: {error}"),
                Kind::Again => tracing::info!(%id, "the city's sign-on: {error}"),
                Kind::Operator => tracing::error!(%id, "the city's sign-on: {error}"),
            },
            Self::NotBegun => tracing::info!(%id, "an answer of the city's sign-on fits no sign-in of its browser"),
            Self::Denied(reason) => {
                let reason = sign_on::plain_word(reason);
                tracing::info!(%id, reason, "the city's sign-on let somebody not through: {reason}");
            }
            Self::Unknown(_) => tracing::info!(%id, "the city's sign-on named somebody who has no account"),
            Self::Disabled => tracing::info!(%id, "the city's sign-on named a disabled account"),
            // Told and logged as everywhere else.
            Self::Ours(_) => {}
        }
    }

    /// What happened, and what to do.
    fn words(&self) -> w::sign_on::Told {
        match self {
            Self::NotBegun => w::sign_on::NOT_BEGUN,
            Self::Denied(_) => w::sign_on::DENIED,
            Self::Provider(error) => match error.kind() {
                Kind::Down => w::sign_on::DOWN,
                Kind::Again => w::sign_on::OVER,
                Kind::Operator => w::sign_on::NOT_TRUSTED,
            },
            Self::Unknown(_) => w::sign_on::UNKNOWN,
            Self::Disabled => w::sign_on::DISABLED,
            Self::Ours(_) => w::sign_on::OURS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trip_ends_after_ten_minutes_and_leads_to_this_site_alone() {
        let now: Timestamp = "2026-04-13T05:00:00Z".parse().unwrap();
        let later = |secs| now.checked_add(SignedDuration::from_secs(secs)).unwrap();
        let trip = Trip::begin("/alerts/20260413-0001?lang=en".to_owned(), now).unwrap();
        let back = Trip::read(&trip.written(), later(600)).unwrap();
        assert_eq!(back.next, "/alerts/20260413-0001?lang=en");
        assert_eq!(back.ticket.state, trip.ticket.state);
        assert!(Trip::read(&trip.written(), later(601)).is_none() && Trip::read(&trip.written(), later(-1)).is_none());
        let bent = Trip { next: "//evil.example".to_owned(), ..trip };
        assert_eq!(Trip::read(&bent.written(), now).unwrap().next, "/");
        for bad in ["", "....", "x.y.z", "1.2.3.4.5.6"] {
            assert!(Trip::read(bad, now).is_none(), "{bad}");
        }
    }
}
