//! The second step of signing in: asked for after password or link, set up and taken away on the own account.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::{Me, Proving};
use crate::credentials;
use crate::credentials::second_step::{Authenticator, new_recovery_codes, recovery_code};
use crate::domain::time::{SignedDuration, Timestamp};
use crate::store::{Account, AccountChange, Asked, MaySignIn, NewSecondStep, NewStep, Proof, SignIn, SignInMethod};
use crate::web::ask::Ask;
use crate::web::auth::caller::Caller;
use crate::web::auth::entry::{Entry, own_path, start_of, wanted_or_start};
use crate::web::auth::password::Refusal;
use crate::web::auth::sign_in_page;
use crate::web::forms::{Typed, refusal};
use crate::web::frame::{Frame, local};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::pages as w;

/// Where it is set up.
pub(super) const SET_UP: &str = "/account/second-step";

/// How long whoever passed the first step may take for the second.
const ASKED_FOR: SignedDuration = SignedDuration::from_mins(5);

#[derive(Template)]
#[template(path = "second_step.html")]
struct CodePage {
    f: Frame,
    /// What the form brings back.
    step: String,
    next: String,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "second_step_set.html")]
struct SetUpPage {
    f: Frame,
    is_asked: bool,
    since: Option<String>,
    codes_left: u32,
    proving: Proving,
    secret: String,
    qr: String,
    refused: Option<String>,
    /// Recovery codes, shown once.
    codes: Vec<String>,
}

/// A first step to be remembered, and the secret that its form brings back.
fn new_step(account: &Account, how: SignInMethod, now: Timestamp) -> Result<(NewStep, String), Problem> {
    let secret = credentials::new_secret()?;
    let expires_at = now.checked_add(ASKED_FOR).unwrap_or(now);
    Ok((NewStep { secret_hash: credentials::digest(&secret), account_id: account.id, how, expires_at }, secret))
}

/// Asks for the code of an account whose password was right.
pub(super) async fn after_password(web: &Web, ask: &Ask, account: &Account, next: &str) -> Result<String, Problem> {
    let (step, secret) = new_step(account, SignInMethod::Password, web.now())?;
    web.site.accounts.ask_second_step(step, None, web.now()).await?;
    show_code(web, ask, secret, next.to_owned(), None).await
}

/// Uses a personal link up and asks for the code of its account.
pub(super) async fn after_link(web: &Web, ask: &Ask, link: String, owner: &Account) -> Result<String, Problem> {
    let (step, secret) = new_step(owner, SignInMethod::Link, web.now())?;
    if !web.site.accounts.ask_second_step(step, Some(link), web.now()).await? {
        return Err(Problem::DeadLink);
    }
    show_code(web, ask, secret, start_of(owner.role).to_owned(), None).await
}

async fn show_code(
    web: &Web,
    ask: &Ask,
    step: String,
    next: String,
    refused: Option<String>,
) -> Result<String, Problem> {
    Ok(CodePage { f: Frame::of(web, &ask.at("/sign-in")).await, step, next, refused }.render()?)
}

/// `POST /sign-in/code`
pub(in crate::web) async fn by_code(State(web): State<Arc<Web>>, caller: Caller, ask: Ask, typed: Typed) -> Response {
    match try_code(&web, &ask, &caller, &typed).await {
        Ok(response) => response,
        Err(problem) => respond::refused(&web, &ask, problem).await,
    }
}

async fn try_code(web: &Arc<Web>, ask: &Ask, caller: &Caller, typed: &Typed) -> Result<Response, Problem> {
    let (store, now, next) = (&web.site.accounts, web.now(), own_path(typed.given("next")));
    let step = credentials::digest(typed.get("step"));
    let Some(asked) = store.asked_second_step(step.clone(), now).await? else {
        let over = Refusal::Over;
        let page = sign_in_page::show(web, ask, next, Some(over.words(ask, now)), String::new()).await;
        return Ok(over.answer(web, ask, page).await);
    };
    let attempt = caller.attempt(&asked.account.name);
    let refusal = if let MaySignIn::From(until) = store.may_sign_in(attempt.clone(), now).await? {
        Refusal::Wait(until)
    } else if let Some(entry) = pass(web, caller, &asked, (&step, typed.get("code"))).await? {
        return Ok(entry.answer(web, ask, wanted_or_start(&next, asked.account.role)));
    } else {
        store.sign_in_failed(attempt, Some(step), now).await?;
        Refusal::WrongCode
    };
    let page = show_code(web, ask, typed.get("step").to_owned(), next, Some(refusal.words(ask, now))).await;
    Ok(refusal.answer(web, ask, page).await)
}

/// Lets somebody in whose code is right; `None` when it is not, or was used before.
async fn pass(web: &Web, caller: &Caller, asked: &Asked, (step, code): (&str, &str)) -> Result<Option<Entry>, Problem> {
    let Some(proof) = proof_of(&asked.secret, code, web.now()) else { return Ok(None) };
    let entry = Entry::new(web, &asked.account, caller, asked.how)?;
    let by = SignIn::SecondStep(step.to_owned(), proof);
    let passed = web.site.accounts.sign_in(by, entry.session.clone(), web.now()).await?;
    Ok(passed.map(|_| entry))
}

/// What a typed code proves: six digits that are right now, or a recovery code.
fn proof_of(secret: &str, code: &str, now: Timestamp) -> Option<Proof> {
    let at = u64::try_from(now.as_second()).ok()?;
    let step = Authenticator::of(secret).and_then(|authenticator| authenticator.step_of(code, at));
    let recovery = || recovery_code(code).map(|code| Proof::Recovery(credentials::digest(&code)));
    step.map(Proof::Step).or_else(recovery)
}

/// `GET /account/second-step`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&[])?;
        show(&web, &ask, &me, Told::default()).await
    };
    no_store(respond::page(&web, &ask, built.await).await)
}

/// What a form has to say, once.
#[derive(Default)]
struct Told {
    refused: Option<String>,
    codes: Vec<String>,
    /// The secret that was being set up: the code is asked for again.
    secret: Option<Authenticator>,
}

async fn show(web: &Web, ask: &Ask, me: &Me, told: Told) -> Result<String, Problem> {
    let (ground, account) = (web.ground(), &me.account);
    let set = web.site.accounts.access(account.id, web.now()).await?.second_step;
    let authenticator = match told.secret {
        Some(authenticator) => authenticator,
        None => Authenticator::new()?,
    };
    let issuer = format!("firegrid {}", ground.data().name);
    let page = SetUpPage {
        f: Frame::of(web, &ask.at(SET_UP)).await,
        is_asked: web.site.account_rules.asks_second_step(account.role),
        since: set.map(|set| local(&ground, set.since)),
        codes_left: set.map_or(0, |set| set.codes_left),
        proving: me.proving(web),
        secret: authenticator.secret(),
        qr: credentials::qr_part(&authenticator.address(&issuer, &account.name))?,
        refused: told.refused,
        codes: told.codes,
    };
    Ok(page.render()?)
}

/// `POST /account/second-step`
pub(in crate::web) async fn change(
    State(web): State<Arc<Web>>,
    me: Me,
    caller: Caller,
    ask: Ask,
    typed: Typed,
) -> Response {
    let response = match change_it(&web, (&me, &caller), &typed).await {
        Ok(codes) if codes.is_empty() => return respond::see_other(&ask.href("/account?done=1")),
        Ok(codes) => {
            let built = show(&web, &ask, &me, Told { codes, ..Told::default() }).await;
            respond::page(&web, &ask, built).await
        }
        Err(problem) => {
            let secret = Authenticator::of(typed.get("secret"));
            let page = async |why| show(&web, &ask, &me, Told { refused: Some(why), secret, codes: Vec::new() }).await;
            respond::again(&web, &ask, problem, page).await
        }
    };
    no_store(response)
}

/// Sets it up, with the recovery codes that were made, or takes it away.
async fn change_it(web: &Web, (me, caller): (&Me, &Caller), typed: &Typed) -> Result<Vec<String>, Problem> {
    me.writes()?;
    me.prove(web, caller, typed.exactly("own_password")).await?;
    let (store, account, now) = (&web.site.accounts, &me.account, web.now());
    match typed.get("act") {
        "set" => {
            let at = u64::try_from(now.as_second()).unwrap_or_default();
            let authenticator = Authenticator::of(typed.get("secret"));
            let step = authenticator.as_ref().and_then(|authenticator| authenticator.step_of(typed.get("code"), at));
            let shared = authenticator
                .as_ref()
                .map(Authenticator::secret)
                .zip(step)
                .ok_or_else(|| refusal(w::account::CODE_WRONG))?;
            let codes = new_recovery_codes()?;
            let code_hashes = codes.iter().map(|code| credentials::digest(code)).collect();
            let (secret, step) = shared;
            let new = NewSecondStep { secret, step, code_hashes, session: me.session };
            store.change(&account.name, AccountChange::SecondStep(new), me.own_actor(), now).await?;
            Ok(codes)
        }
        "remove" if !web.site.account_rules.asks_second_step(account.role) => {
            store.change(&account.name, AccountChange::NoSecondStep, me.own_actor(), now).await?;
            Ok(Vec::new())
        }
        _ => Err(refusal(w::account::SECOND_STEP_NEEDED)),
    }
}

/// Secrets stand on it: it is kept nowhere.
fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_prove_a_step_of_time_and_letters_a_recovery_code() {
        let (authenticator, now) =
            (Authenticator::new().unwrap(), "2026-04-13T05:00:00Z".parse::<Timestamp>().unwrap());
        let at = u64::try_from(now.as_second()).unwrap();
        let secret = authenticator.secret();
        assert!(
            matches!(proof_of(&secret, &authenticator.code(at), now), Some(Proof::Step(step)) if step * 30 <= now.as_second())
        );
        assert!(matches!(proof_of(&secret, "K3M7X2 9wq2pa-c4v8nd ye5j7b", now), Some(Proof::Recovery(_))));
        assert!(proof_of(&secret, "12345", now).is_none());
    }
}
