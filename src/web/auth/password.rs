//! Passwords: comparing one, counting failures wherever it is typed, and the hash of a new one.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::Me;
use crate::credentials::{self, BadPassword};
use crate::domain::time::Timestamp;
use crate::store::{Account, Attempt, Lane, MaySignIn, Reader};
use crate::turns::Whose;
use crate::web::ask::Ask;
use crate::web::places::{run_blocking, stranger_at};
use crate::web::problem::Problem;
use crate::web::refusals::{self, Kind};
use crate::web::respond;
use crate::web::site::Web;
use crate::words::pages as w;

/// Why somebody did not come in.
pub(super) enum Refusal {
    /// The password is another one, or there is none.
    Wrong,
    /// The code is another one, or was used before.
    WrongCode,
    /// Too late for a code, or too many were wrong.
    Over,
    /// Too many failed before: not until then.
    Wait(Timestamp),
}

impl Refusal {
    /// Answers with a page that says so, tells it and counts it.
    pub(super) async fn answer(&self, web: &Web, ask: &Ask, page: Result<String, Problem>) -> Response {
        refusals::note(self.kind(), ask);
        let mut response = respond::page(web, ask, page).await;
        *response.status_mut() = self.status();
        if let Self::Wait(until) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs_until(*until, web.now())));
        }
        response
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Wrong | Self::WrongCode | Self::Over => StatusCode::UNAUTHORIZED,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// As what it is told and counted.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Wrong | Self::WrongCode | Self::Over => Kind::Password,
            Self::Wait(_) => Kind::Waits,
        }
    }

    pub(super) fn words(&self, ask: &Ask, now: Timestamp) -> String {
        let words = match self {
            Self::Wrong => w::sign_in::WRONG_NAME_OR_PASSWORD,
            Self::WrongCode => w::sign_in::WRONG_CODE,
            Self::Over => w::sign_in::TOO_LATE,
            Self::Wait(until) => {
                let secs = secs_until(*until, now);
                return w::sign_in::wait(secs).of(ask.lang);
            }
        };
        ask.lang.say(words).to_owned()
    }
}

fn secs_until(until: Timestamp, now: Timestamp) -> i64 {
    until.duration_since(now).as_secs().max(1)
}

/// Compares a password with the one of an account; failures count, wherever it is typed.
pub(super) async fn try_password(
    web: &Web,
    password: &str,
    attempt: Attempt,
) -> Result<Result<Account, Refusal>, Problem> {
    let whose = line_of(web, &attempt).await?;
    let (store, now) = (web.site.accounts.read_by(Reader { lane: Lane::Pages, whose: whose.clone() }), web.now());
    let place = web.places.password(whose).await?;
    let found = match store.may_sign_in(attempt.clone(), now).await? {
        MaySignIn::From(until) => return Ok(Err(Refusal::Wait(until))),
        MaySignIn::Now(found) => found,
    };
    let (account, hash) = found.map_or((None, None), |found| (Some(found.0), found.1));
    // Whatever is wrong, it takes as long and says the same.
    let password = password.to_owned();
    // The place goes with the work: a caller that goes away does not make room for another.
    let (_place, is_right) =
        run_blocking(move || (place, credentials::is_password(&password, hash.as_deref()))).await?;
    if let Some(account) = account.filter(|account| is_right && account.disabled_at.is_none()) {
        return Ok(Ok(account));
    }
    store.sign_in_failed(attempt, None, now).await?;
    Ok(Err(Refusal::Wrong))
}

/// In whose line a password waits: a browser that is known has one of its own, before no stranger and behind none.
async fn line_of(web: &Web, attempt: &Attempt) -> Result<Whose, Problem> {
    let stranger = stranger_at(&attempt.address);
    let store = web.site.accounts.read_by(Reader { lane: Lane::Pages, whose: stranger.clone() });
    Ok(store.known_browser(attempt.clone()).await?.map_or(stranger, Whose::Browser))
}

/// The hash of a password that somebody who is in wants, or why it is not taken.
pub(in crate::web) async fn hash_wanted(
    web: &Web,
    me: &Me,
    password: String,
    about: [&str; 2],
) -> Result<Result<String, BadPassword>, Problem> {
    let place = web.places.password(Whose::Account(me.account.id)).await?;
    let about = about.map(str::to_owned);
    let hashed = run_blocking(move || {
        let _place = place;
        match credentials::check_password(&password, &about.each_ref().map(String::as_str)) {
            Ok(()) => credentials::hash_password(&password).map(Ok),
            Err(bad) => Ok(Err(bad)),
        }
    });
    Ok(hashed.await??)
}
