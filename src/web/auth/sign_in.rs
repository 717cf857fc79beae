//! Coming in and going out: password, personal link, the buttons of the demonstration; the city's own sign-on is in
//! `city`.
//!
//! A link is looked at first and used by a button: chat programs open every link they see.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::response::Response;

use super::cookies::Cookie;
use super::second_step;
use crate::credentials::{self};
use crate::store::{AccountChange, SignIn, SignInMethod};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::auth::caller::Caller;
use crate::web::auth::entry::{Entry, own_path, set, start_of, start_session};
use crate::web::auth::password::try_password;
use crate::web::auth::sign_in_page::show;
use crate::web::forms::Typed;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::pages as w;

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
    respond::page(&web, &ask, built.await).await
}

/// `POST /sign-in`
pub(in crate::web) async fn by_password(
    State(web): State<Arc<Web>>,
    caller: Caller,
    ask: Ask,
    typed: Typed,
) -> Response {
    let next = own_path(typed.given("next"));
    let attempt = caller.attempt(typed.exactly("name"));
    match try_password(&web, typed.exactly("password"), attempt).await {
        Ok(Ok(account)) if account.has_second_step => {
            let page = second_step::after_password(&web, &ask, &account, &next).await;
            respond::page(&web, &ask, page).await
        }
        Ok(Ok(account)) => start_session(&web, &ask, account, &caller, SignInMethod::Password, &next).await,
        Ok(Err(refusal)) => {
            let page = show(&web, &ask, next, Some(refusal.words(&ask, web.now())), typed.get("name").to_owned()).await;
            refusal.answer(&web, &ask, page).await
        }
        Err(problem) => respond::refused(&web, &ask, problem).await,
    }
}

/// `GET /l/{secret}`
pub(in crate::web) async fn link(State(web): State<Arc<Web>>, Path(secret): Path<String>, ask: Ask) -> Response {
    let built = async {
        let owner = web.site.accounts.link_owner(credentials::digest(&secret), web.now()).await?;
        let owner = owner.ok_or(Problem::DeadLink)?;
        let unit = crate::words::full_name(&web.ground(), &owner.unit_code, ask.lang);
        let action = format!("/l/{}", percent_encoded(&secret));
        let page = LinkPage { f: Frame::of(&web, &ask).await, action, person: owner.person, unit };
        Ok(page.render()?)
    };
    respond::page(&web, &ask, built.await).await
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
        let owner = web.site.accounts.link_owner(digest.clone(), now).await?.ok_or(Problem::DeadLink)?;
        if owner.has_second_step {
            let page = second_step::after_link(&web, &ask, digest, &owner).await;
            return Ok(respond::page(&web, &ask, page).await);
        }
        let entry = Entry::new(&web, &owner, &caller, SignInMethod::Link)?;
        let account = web.site.accounts.sign_in(SignIn::Link(digest), entry.session.clone(), now).await?;
        let account = account.ok_or(Problem::DeadLink)?;
        Ok(entry.answer(&web, &ask, start_of(account.role)))
    };
    match entered.await {
        Ok(response) => response,
        Err(problem) => respond::refused(&web, &ask, problem).await,
    }
}

/// `POST /sign-in/demo`: as any account of the demonstration.
pub(in crate::web) async fn by_demo(State(web): State<Arc<Web>>, caller: Caller, ask: Ask, typed: Typed) -> Response {
    if !web.site.simulated {
        return respond::refused(&web, &ask, Problem::UnknownPage(ask.path.clone())).await;
    }
    match web.site.accounts.find(typed.get("name")).await {
        Ok(account) => {
            start_session(&web, &ask, account, &caller, SignInMethod::Demo, &own_path(typed.given("next"))).await
        }
        Err(problem) => respond::refused(&web, &ask, problem.into()).await,
    }
}

/// `POST /sign-out`
pub(in crate::web) async fn sign_out(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let ended = async {
        if let Some(session) = me.session {
            let by = me.own_actor();
            web.site.accounts.change(&me.account.name, AccountChange::EndSession(session), by, web.now()).await?;
        }
        Ok::<_, Problem>(())
    };
    if let Err(problem) = ended.await {
        return respond::refused(&web, &ask, problem).await;
    }
    let mut response = respond::see_other(&ask.href("/sign-in"));
    set(&mut response, Cookie::Session.clear(&web.site.reach));
    // What the phone kept for being offline goes with it.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}
