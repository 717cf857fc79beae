//! Coming in and going out: password, personal link, the buttons of the demonstration; the city's own sign-on is in
//! `city`.
//!
//! A link is looked at first and used by a button: chat programs open every link they see.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use super::cookies::Cookie;
use super::second_step;
use crate::credentials::{self, BadPassword};
use crate::domain::account::Role;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::store::{Account, Attempt, HowIn, Lane, NewSession, Reader};
use crate::turns::Whose;
use crate::web::Web;
use crate::web::api::aside;
use crate::web::ask::{Ask, percent_encoded};
use crate::web::auth::Me;
use crate::web::error::{self, Problem};
use crate::web::frame::Frame;
use crate::web::places::stranger_at;
use crate::web::reach::{ClientAddress, device_of};
use crate::web::refusals::{self, Kind};

/// How long a browser stays known.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    f: Frame,
    next: String,
    /// Why the last attempt failed.
    refused: Option<String>,
    name: String,
    /// Accounts of the demonstration, to be chosen by a button.
    demo: Vec<DemoAccount>,
    /// The city's own sign-on, where there is one.
    sign_on: Option<SignOnButton>,
}

/// The way to the city's own sign-on.
#[cfg_attr(not(feature = "oidc"), allow(dead_code, reason = "no program without it makes one"))]
struct SignOnButton {
    href: String,
    label: String,
}

struct DemoAccount {
    name: String,
    role: &'static str,
    unit: String,
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    f: Frame,
    action: String,
    person: String,
    unit: String,
}

/// `GET /sign-in`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let built = async {
        ask.only(&["next"])?;
        show(&web, &ask, own_path(ask.param("next")), None, String::new()).await
    };
    error::page(&web, &ask, built.await).await
}

/// The page to sign in on.
pub(super) async fn show(
    web: &Web,
    ask: &Ask,
    next: String,
    refused: Option<String>,
    name: String,
) -> Result<String, Problem> {
    let demo = if web.site.simulated { demo_accounts(web, ask).await? } else { Vec::new() };
    let sign_on = sign_on(web, ask, &next);
    let page = SignInPage { f: Frame::of(web, ask).await, next, refused, name, demo, sign_on };
    Ok(page.render()?)
}

#[cfg(feature = "oidc")]
fn sign_on(web: &Web, ask: &Ask, next: &str) -> Option<SignOnButton> {
    let provider = web.site.sign_on.as_ref()?;
    let label = match (provider.name(), ask.lang.code()) {
        ("", _) => ask.lang.pick("用市统一身份认证登录", "Sign in with the city's own sign-on").to_owned(),
        (name, "zh") => format!("用“{name}”登录"),
        (name, _) => format!("Sign in with “{name}”"),
    };
    Some(SignOnButton { href: ask.href(&format!("/sign-in/city?next={}", percent_encoded(next))), label })
}

#[cfg(not(feature = "oidc"))]
fn sign_on(_: &Web, _: &Ask, _: &str) -> Option<SignOnButton> {
    None
}

async fn demo_accounts(web: &Web, ask: &Ask) -> Result<Vec<DemoAccount>, Problem> {
    let ground = web.ground();
    let accounts = web.site.store.accounts().await?.into_iter();
    Ok(accounts
        .filter(|account| account.disabled_at.is_none())
        .map(|account| DemoAccount {
            role: ask.lang.pick(account.role.label_zh(), account.role.label_en()),
            unit: crate::report::words::full_name(&ground, &account.unit_code, ask.lang),
            name: account.name,
        })
        .collect())
}

/// What the sign-in form brings.
#[derive(Deserialize)]
pub(in crate::web) struct Credentials {
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`
pub(in crate::web) async fn by_password(
    State(web): State<Arc<Web>>,
    caller: Caller,
    ask: Ask,
    Form(form): Form<Credentials>,
) -> Response {
    let next = own_path(Some(&form.next));
    let attempt = caller.attempt(&form.name);
    match try_password(&web, &form.name, &form.password, attempt).await {
        Ok(Ok(account)) if account.has_second_step => {
            let page = second_step::after_password(&web, &ask, &account, &next).await;
            error::page(&web, &ask, page).await
        }
        Ok(Ok(account)) => come_in(&web, &ask, account, &caller, HowIn::Password, &next).await,
        Ok(Err(refusal)) => {
            let page = show(&web, &ask, next, Some(refusal.words(&ask, web.now())), form.name).await;
            refusal.answer(&web, &ask, page).await
        }
        Err(problem) => error::refused(&web, &ask, problem).await,
    }
}

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
        let mut response = error::page(web, ask, page).await;
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
        let (zh, en) = match self {
            Self::Wrong => ("登录名或密码不正确。", "Name or password is wrong."),
            Self::WrongCode => ("验证码不正确或已用过。", "The code is wrong, or was used before."),
            Self::Over => {
                ("验证已超时或错误次数过多，请重新登录。", "Too late, or too many wrong codes: sign in again.")
            }
            Self::Wait(until) => {
                let secs = secs_until(*until, now);
                return match ask.lang.code() {
                    "zh" => format!("尝试次数过多，请在{secs}秒后再试。已登录的设备不受影响。"),
                    _ => format!(
                        "Too many attempts: try again in {secs} seconds. Devices that are signed in are not affected."
                    ),
                };
            }
        };
        ask.lang.pick(zh, en).to_owned()
    }
}

fn secs_until(until: Timestamp, now: Timestamp) -> i64 {
    until.duration_since(now).as_secs().max(1)
}

/// Compares a password with the one of an account; failures count, wherever it is typed.
pub(super) async fn try_password(
    web: &Web,
    name: &str,
    password: &str,
    attempt: Attempt,
) -> Result<Result<Account, Refusal>, Problem> {
    let whose = line_of(web, &attempt).await?;
    let (store, now) = (web.site.store.read_by(Reader { lane: Lane::Pages, whose: whose.clone() }), web.now());
    let place = web.places.password(whose).await?;
    if let Some(until) = store.sign_in_wait(attempt.clone(), now).await? {
        return Ok(Err(Refusal::Wait(until)));
    }
    let found = store.password_of(name).await?;
    let (account, hash) = found.map_or((None, None), |(account, hash)| (Some(account), hash));
    // Whatever is wrong, it takes as long and says the same.
    let password = password.to_owned();
    // The place goes with the work: a caller that goes away does not make room for another.
    let (_place, is_right) = aside(move || (place, credentials::is_password(&password, hash.as_deref()))).await?;
    if let Some(account) = account.filter(|account| is_right && account.disabled_at.is_none()) {
        return Ok(Ok(account));
    }
    store.sign_in_failed(attempt, now).await?;
    Ok(Err(Refusal::Wrong))
}

/// In whose line a password waits: a browser that is known has one of its own, before no stranger and behind none.
async fn line_of(web: &Web, attempt: &Attempt) -> Result<Whose, Problem> {
    let stranger = stranger_at(&attempt.address);
    let store = web.site.store.read_by(Reader { lane: Lane::Pages, whose: stranger.clone() });
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
    let hashed = aside(move || {
        let _place = place;
        match credentials::check_password(&password, &about.each_ref().map(String::as_str)) {
            Ok(()) => credentials::hash_password(&password).map(Ok),
            Err(bad) => Ok(Err(bad)),
        }
    });
    Ok(hashed.await??)
}

/// `GET /l/{secret}`
pub(in crate::web) async fn link(State(web): State<Arc<Web>>, Path(secret): Path<String>, ask: Ask) -> Response {
    let built = async {
        let owner = web.site.store.link_owner(credentials::digest(&secret), web.now()).await?;
        let owner = owner.ok_or(Problem::DeadLink)?;
        let unit = crate::report::words::full_name(&web.ground(), &owner.unit_code, ask.lang);
        let action = format!("/l/{}", percent_encoded(&secret));
        let page = LinkPage { f: Frame::of(&web, &ask).await, action, person: owner.person, unit };
        Ok(page.render()?)
    };
    error::page(&web, &ask, built.await).await
}

/// `POST /l/{secret}`
pub(in crate::web) async fn by_link(
    State(web): State<Arc<Web>>,
    Path(secret): Path<String>,
    caller: Caller,
    ask: Ask,
) -> Response {
    let entered = async {
        let digest = credentials::digest(&secret);
        let now = web.now();
        let owner = web.site.store.link_owner(digest.clone(), now).await?.ok_or(Problem::DeadLink)?;
        if owner.has_second_step {
            let page = second_step::after_link(&web, &ask, digest, &owner).await;
            return Ok(error::page(&web, &ask, page).await);
        }
        let entry = Entry::new(&web, &owner, &caller, HowIn::Link)?;
        let account = web.site.store.sign_in_by_link(digest, entry.session.clone(), now).await?;
        let account = account.ok_or(Problem::DeadLink)?;
        Ok(entry.answer(&web, &ask, start_of(account.role)))
    };
    match entered.await {
        Ok(response) => response,
        Err(problem) => error::refused(&web, &ask, problem).await,
    }
}

/// `POST /sign-in/demo`: as any account of the demonstration.
pub(in crate::web) async fn by_demo(
    State(web): State<Arc<Web>>,
    caller: Caller,
    ask: Ask,
    Form(form): Form<Credentials>,
) -> Response {
    if !web.site.simulated {
        return error::refused(&web, &ask, Problem::UnknownPage(ask.path.clone())).await;
    }
    match web.site.store.account(&form.name).await {
        Ok(account) => come_in(&web, &ask, account, &caller, HowIn::Demo, &own_path(Some(&form.next))).await,
        Err(problem) => error::refused(&web, &ask, problem.into()).await,
    }
}

/// `POST /sign-out`
pub(in crate::web) async fn sign_out(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let ended = async {
        if let Some(session) = me.session {
            let by = me.own_actor();
            web.site.store.end_session(me.account, session, by, web.now()).await?;
        }
        Ok::<_, Problem>(())
    };
    if let Err(problem) = ended.await {
        return error::refused(&web, &ask, problem).await;
    }
    let mut response = error::see_other(&ask.href("/sign-in"));
    set(&mut response, Cookie::Session.clear(&web.site.reach));
    // What the phone kept for being offline goes with it.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// Opens a session and sends the browser where it wanted to go.
pub(in crate::web) async fn come_in(
    web: &Arc<Web>,
    ask: &Ask,
    account: Account,
    caller: &Caller,
    how: HowIn,
    next: &str,
) -> Response {
    let entered = async {
        let entry = Entry::new(web, &account, caller, how)?;
        web.site.store.open_session(entry.session.clone(), web.now()).await?;
        Ok::<_, Problem>(entry.answer(web, ask, wanted_or_start(next, account.role)))
    };
    match entered.await {
        Ok(response) => response,
        Err(problem) => error::refused(web, ask, problem).await,
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
    pub fn new(web: &Web, account: &Account, caller: &Caller, how: HowIn) -> Result<Self, Problem> {
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
        let mut response = error::see_other(&ask.href(next));
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

/// The browser that wants in.
pub(in crate::web) struct Caller {
    address: String,
    browser: String,
    device: Option<String>,
    session: Option<String>,
}

impl Caller {
    /// Digest of the secret by which the browser may be known.
    pub(super) fn known_as(&self) -> Option<String> {
        self.device.as_deref().map(credentials::digest)
    }

    /// What a password typed in it counts as.
    pub(super) fn attempt(&self, name: &str) -> Attempt {
        Attempt {
            name: name.to_owned(),
            address: self.address.clone(),
            browser: self.browser.clone(),
            device_hash: self.known_as(),
        }
    }
}

impl axum::extract::FromRequestParts<Arc<Web>> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        web: &Arc<Web>,
    ) -> Result<Self, Self::Rejection> {
        let headers: &HeaderMap = &parts.headers;
        let address = parts.extensions.get::<ClientAddress>().map(|ClientAddress(ip)| ip.to_string());
        Ok(Self {
            address: address.unwrap_or_default(),
            browser: device_of(headers),
            device: Cookie::Device.of(headers, &web.site.reach),
            session: Cookie::Session.of(headers, &web.site.reach),
        })
    }
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
