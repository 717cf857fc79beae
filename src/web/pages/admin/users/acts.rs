//! What a form does to an account.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::one::{MadeLink, Told, show};
use super::{OWN_PASSWORD, account_of, check, new};
use crate::credentials;
use crate::domain::account::{AccountAct, Role, TokenPower, check_unit};
use crate::domain::time::SignedDuration;
use crate::domain::unit::UnitCode;
use crate::store::{Account, AccountChange, NewToken, Standing};
use crate::web::ask::Ask;
use crate::web::auth::caller::Caller;
use crate::web::auth::{CanInvite, Me};
use crate::web::forms::Typed;
use crate::web::forms::values::refusal;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Say, local, pages as w};

/// Longest life of a token, days; as on the command line.
const MAX_TOKEN_DAYS: u16 = 366;

/// `POST /users/{name}/acts`
pub(in crate::web) async fn post(
    State(web): State<Arc<Web>>,
    CanInvite(me): CanInvite,
    Path(name): Path<String>,
    ask: Ask,
    caller: Caller,
    headers: HeaderMap,
    fields: Typed,
) -> Response {
    // Links of the answer lead to the page, not to the address of the form.
    let ask = ask.at(&format!("/users/{}", percent_encoded(&name)));
    match act(&web, (&me, &caller), &name, &fields, &headers).await {
        Ok(None) => respond::see_other(&ask.href(&format!("/users/{}?done=1", percent_encoded(&name)))),
        Ok(Some(told)) => {
            let built = show(&web, &me, &ask, &name, told).await;
            let mut response = respond::page(&web, &ask, built).await;
            // A secret stands on it: it is kept nowhere.
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(problem) => {
            let page = async |why| show(&web, &me, &ask, &name, Told { refused: Some(why), ..Told::default() }).await;
            respond::again(&web, &ask, problem, page).await
        }
    }
}

/// Does it; some have something to show once.
async fn act(
    web: &Web,
    (me, caller): (&Me, &Caller),
    name: &str,
    fields: &Typed,
    headers: &HeaderMap,
) -> Result<Option<Told>, Problem> {
    let account = account_of(web, me, name).await?;
    let change = match fields.get("act") {
        "link" => {
            check(me, AccountAct::MakeLink, &account)?;
            me.prove(web, caller, fields.get(OWN_PASSWORD)).await?;
            return Ok(Some(Told { link: Some(make_link(web, me, &account, headers).await?), ..Told::default() }));
        }
        "end_device" => {
            check(me, AccountAct::EndDevice, &account)?;
            let session = fields.get("session").parse().map_err(|_none| refusal(w::users::NO_SUCH_DEVICE))?;
            AccountChange::EndSession(session)
        }
        "password" => {
            check(me, AccountAct::SetPassword, &account)?;
            me.prove(web, caller, fields.get(OWN_PASSWORD)).await?;
            let password = fields.needed("password", w::users::NEW_PASSWORD_FIELD)?.to_owned();
            let hash = new::hashed(web, me, password, [&account.name, &account.person]).await?;
            AccountChange::Password { hash, keep: me.session.filter(|_| account.id == me.account.id) }
        }
        "remove_second_step" => {
            check(me, AccountAct::SetPassword, &account)?;
            me.prove(web, caller, fields.get(OWN_PASSWORD)).await?;
            AccountChange::NoSecondStep
        }
        "disable" => {
            check(me, AccountAct::Disable, &account)?;
            AccountChange::Disable
        }
        "enable" => {
            check(me, AccountAct::Disable, &account)?;
            AccountChange::Enable
        }
        "token" => {
            check(me, AccountAct::Tokens, &account)?;
            me.prove(web, caller, fields.get(OWN_PASSWORD)).await?;
            return Ok(Some(Told { token: Some(make_token(web, me, &account, fields).await?), ..Told::default() }));
        }
        "end_token" => {
            check(me, AccountAct::Tokens, &account)?;
            let token = fields.get("token").parse().map_err(|_none| refusal(w::users::NO_SUCH_TOKEN))?;
            AccountChange::EndToken(token)
        }
        "role" => {
            check(me, AccountAct::ChangeRole, &account)?;
            let role = Role::from_name(fields.get("role")).ok_or_else(|| refusal(w::users::CHOOSE_ROLE))?;
            let unit = UnitCode(fields.needed("unit", w::shared::UNIT_FIELD)?.to_owned());
            check_unit(&web.ground(), role, &unit).map_err(|bad| refusal(bad.say()))?;
            if role.administers() {
                me.prove(web, caller, fields.get(OWN_PASSWORD)).await?;
            }
            AccountChange::Role(Standing { role, unit })
        }
        other => return Err(refusal(w::users::unknown_act(other))),
    };
    web.site.accounts.change(&account.name, change, me.own_actor(), web.now()).await?;
    Ok(None)
}

async fn make_link(web: &Web, me: &Me, account: &Account, headers: &HeaderMap) -> Result<MadeLink, Problem> {
    let (secret, now) = (credentials::new_secret()?, web.now());
    let until = now.checked_add(web.site.account_rules.link_lasts).unwrap_or(now);
    let link = AccountChange::Link { secret_hash: credentials::digest(&secret), expires: until };
    web.site.accounts.change(&account.name, link, me.own_actor(), now).await?;
    let address = format!("{}/l/{secret}", base(web, headers));
    let qr = credentials::qr_part(&address)?;
    Ok(MadeLink { address, qr, until: local(&web.ground(), until) })
}

/// The public address, or the one this page was asked by: the gate let no foreign host through.
fn base(web: &Web, headers: &HeaderMap) -> String {
    if let Some(origin) = &web.site.reach.origin {
        let scheme = if origin.is_https { "https" } else { "http" };
        return format!("{scheme}://{}", origin.authority);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

async fn make_token(web: &Web, me: &Me, account: &Account, fields: &Typed) -> Result<String, Problem> {
    let label = fields.needed("label", w::users::PURPOSE_FIELD)?.to_owned();
    let power = TokenPower::from_name(fields.get("power"));
    let power = power.ok_or_else(|| refusal(w::users::CHOOSE_POWER))?;
    let days = fields.get("days").parse().ok().filter(|days| (1..=MAX_TOKEN_DAYS).contains(days));
    let days: u16 = days.ok_or_else(|| refusal(w::users::token_lasts(MAX_TOKEN_DAYS)))?;
    let (secret, now) = (credentials::new_secret()?, web.now());
    let expires_at = now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now);
    let new = NewToken { secret_hash: credentials::digest(&secret), label, power, expires_at };
    web.site.accounts.change(&account.name, AccountChange::Token(new), me.own_actor(), now).await?;
    Ok(secret)
}
