//! Coming in once it is known who: the session, its cookies, and where the browser goes.

use std::sync::Arc;

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::caller::Caller;
use super::cookies::Cookie;
use crate::credentials;
use crate::domain::account::Role;
use crate::domain::time::SignedDuration;
use crate::store::{Account, NewSession, SignIn, SignInMethod};
use crate::web::ask::Ask;
use crate::web::problem::Problem;
use crate::web::respond;
use crate::web::site::Web;

/// How long a browser stays known.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Opens a session and sends the browser where it wanted to go.
pub(in crate::web) async fn start_session(
    web: &Arc<Web>,
    ask: &Ask,
    account: Account,
    caller: &Caller,
    how: SignInMethod,
    next: &str,
) -> Response {
    let entered = async {
        let entry = Entry::new(web, &account, caller, how)?;
        web.site.accounts.sign_in(SignIn::Proved, entry.session.clone(), web.now()).await?;
        Ok::<_, Problem>(entry.answer(web, ask, wanted_or_start(next, account.role)))
    };
    match entered.await {
        Ok(response) => response,
        Err(problem) => respond::refused(web, ask, problem).await,
    }
}

/// Where an account begins its day.
pub(in crate::web) fn start_of(role: Role) -> &'static str {
    if role == Role::Inspector { "/my" } else { "/" }
}

/// Where somebody goes who came in: to what he wanted, else to where his day begins.
pub(super) fn wanted_or_start(next: &str, role: Role) -> &str {
    if next == "/" { start_of(role) } else { next }
}

/// A session with the secrets that go into cookies.
pub(super) struct Entry {
    secret: String,
    device_secret: String,
    /// What the database opens.
    pub session: NewSession,
}

impl Entry {
    pub fn new(web: &Web, account: &Account, caller: &Caller, how: SignInMethod) -> Result<Self, Problem> {
        // Both are always new: whatever was in this browser may have been put there by somebody else.
        let (secret, device_secret) = (credentials::new_secret()?, credentials::new_secret()?);
        let session = NewSession {
            secret_hash: credentials::digest(&secret),
            account_id: account.id,
            how,
            device: caller.browser.clone(),
            address: caller.address.clone(),
            stay: web.site.account_rules.stay(account.role),
            device_hash: Some(credentials::digest(&device_secret)),
            known_as: caller.known_as(),
            replaces: caller.session.as_deref().map(credentials::digest),
        };
        Ok(Self { secret, device_secret, session })
    }

    pub fn answer(&self, web: &Web, ask: &Ask, next: &str) -> Response {
        let reach = &web.site.reach;
        let mut response = respond::see_other(&ask.href(next));
        // It ends in the database; here it may last as long as any browser keeps it.
        set(&mut response, Cookie::Session.set(&self.secret, Some(KNOWN_FOR), reach));
        set(&mut response, Cookie::Device.set(&self.device_secret, Some(KNOWN_FOR), reach));
        response
    }
}

pub(super) fn set(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// A path of this site; anything else is its beginning, so that no link sends people elsewhere.
pub(super) fn own_path(next: Option<&str>) -> String {
    let is_own = |path: &&str| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control)
    };
    next.filter(is_own).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (next, expected) in [
            (Some("/alerts/1?x=2"), "/alerts/1?x=2"),
            (Some("//evil.example"), "/"),
            (Some("https://evil.example"), "/"),
            (Some("/\\evil.example"), "/"),
            (Some(""), "/"),
            (None, "/"),
        ] {
            assert_eq!(own_path(next), expected);
        }
    }
}
