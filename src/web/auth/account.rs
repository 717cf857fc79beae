//! The own account: which devices are in, tokens and known browsers, ending them, a new password.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Me;
use crate::store::AccountChange;
use crate::web::ask::Ask;
use crate::web::auth::access_lines::{DeviceLine, FailureLine, TokenLine, device_lines, failures, token_lines};
use crate::web::auth::caller::Caller;
use crate::web::auth::password::{Refusal, hash_wanted, try_password};
use crate::web::forms::{Typed, refusal};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, refusals, respond};
use crate::words::{Label, Say, pages as w};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    f: Frame,
    name: String,
    person: String,
    role: &'static str,
    unit: String,
    has_password: bool,
    has_second_step: bool,
    devices: Vec<DeviceLine>,
    /// The session that asks.
    this_device: Option<i64>,
    tokens: Vec<TokenLine>,
    known_browsers: u32,
    failures: Vec<FailureLine>,
    refused: Option<String>,
    done: JustDone,
}

/// What the page was sent back to for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JustDone {
    Nothing,
    /// The password was changed; tokens go on.
    Password,
    Other,
}

/// `GET /account`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["done"])?;
        show(&web, &ask, &me, None).await
    };
    respond::page(&web, &ask, built.await).await
}

async fn show(web: &Web, ask: &Ask, me: &Me, refused: Option<String>) -> Result<String, Problem> {
    let (ground, account) = (web.ground(), &me.account);
    let access = web.site.accounts.access(account.id, web.now()).await?;
    let page = AccountPage {
        f: Frame::of(web, ask).await,
        name: account.name.clone(),
        person: account.person.clone(),
        role: ask.lang.say(account.role.label()),
        unit: crate::words::full_name(&ground, &account.unit_code, ask.lang),
        has_password: account.has_password,
        has_second_step: account.has_second_step,
        tokens: token_lines(&ground, access.tokens, ask.lang),
        known_browsers: access.known_browsers,
        devices: device_lines(&ground, access.sessions, ask.lang),
        this_device: me.session,
        failures: failures(&ground, access.failed),
        refused,
        done: match ask.param("done") {
            None => JustDone::Nothing,
            Some("password") => JustDone::Password,
            Some(_) => JustDone::Other,
        },
    };
    Ok(page.render()?)
}

/// `POST /account/devices`: ends one device.
pub(in crate::web) async fn end(State(web): State<Arc<Web>>, me: Me, ask: Ask, typed: Typed) -> Response {
    let ended = async {
        me.writes()?;
        do_it(&web, &me, AccountChange::EndSession(number(&typed, "session")?)).await
    };
    back(&web, &ask, ended.await).await
}

/// `POST /account/tokens`: ends one token of the own account.
pub(in crate::web) async fn end_token(State(web): State<Arc<Web>>, me: Me, ask: Ask, typed: Typed) -> Response {
    let ended = async {
        me.writes()?;
        do_it(&web, &me, AccountChange::EndToken(number(&typed, "token")?)).await
    };
    back(&web, &ask, ended.await).await
}

/// `POST /account/browsers`: forgets the browsers that are known as this account's, but this one.
pub(in crate::web) async fn forget_browsers(State(web): State<Arc<Web>>, me: Me, caller: Caller, ask: Ask) -> Response {
    let forgotten = async {
        me.writes()?;
        do_it(&web, &me, AccountChange::ForgetBrowsers { keep: caller.known_as() }).await
    };
    back(&web, &ask, forgotten.await).await
}

/// Does something to the own account.
async fn do_it(web: &Web, me: &Me, change: AccountChange) -> Result<(), Problem> {
    web.site.accounts.change(&me.account.name, change, me.own_actor(), web.now()).await?;
    Ok(())
}

/// The row that a form names.
fn number(typed: &Typed, name: &str) -> Result<i64, Problem> {
    typed.get(name).parse().map_err(|_none| refusal(w::account::NO_SUCH_ROW))
}

/// To the account's page, where that was done.
async fn back(web: &Arc<Web>, ask: &Ask, done: Result<(), Problem>) -> Response {
    match done {
        Ok(()) => respond::see_other(&ask.href("/account?done=1")),
        Err(problem) => respond::refused(web, ask, problem).await,
    }
}

/// `POST /account/password`
pub(in crate::web) async fn password(
    State(web): State<Arc<Web>>,
    me: Me,
    caller: Caller,
    ask: Ask,
    typed: Typed,
) -> Response {
    match change(&web, &ask, (&me, &caller), &typed).await {
        Ok(None) => respond::see_other(&ask.href("/account?done=password")),
        Ok(Some(refused)) => {
            let built = show(&web, &ask, &me, Some(refused)).await;
            respond::page(&web, &ask, built).await
        }
        Err(problem) => respond::refused(&web, &ask, problem).await,
    }
}

/// Changes it; otherwise why not.
async fn change(web: &Web, ask: &Ask, (me, caller): (&Me, &Caller), typed: &Typed) -> Result<Option<String>, Problem> {
    me.writes()?;
    let account = &me.account;
    // An account without one gets its first from whoever administers, not from a phone that was found; and whoever
    // found one does not guess faster here than where people sign in.
    match try_password(web, typed.exactly("present"), caller.attempt(&account.name)).await? {
        Ok(_) => {}
        Err(refusal) => {
            refusals::note(refusal.kind(), ask);
            return Ok(Some(match refusal {
                Refusal::Wrong => ask.lang.say(w::account::PASSWORD_WRONG).to_owned(),
                other => other.words(ask, web.now()),
            }));
        }
    }
    let hash = match hash_wanted(web, me, typed.exactly("new").to_owned(), [&account.name, &account.person]).await? {
        Ok(hash) => hash,
        Err(bad) => return Ok(Some(bad.say().of(ask.lang))),
    };
    do_it(web, me, AccountChange::Password { hash, keep: me.session }).await?;
    Ok(None)
}
