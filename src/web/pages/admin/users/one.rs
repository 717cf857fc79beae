//! One account: who it is, which devices are in, and what whoever looks may do to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{account_of, may};
use crate::domain::account::{AccountAct, Role, TokenPower};
use crate::domain::phone::Phone;
use crate::web::ask::Ask;
use crate::web::auth::access_lines::{
    DeviceLine, FailureLine, TokenLine, device_lines, failures, power_words, token_lines,
};
use crate::web::auth::{CanInvite, Me, Proving};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Label, full_name, local, pages as w};

#[derive(Template)]
#[expect(clippy::struct_excessive_bools, reason = "each is one form that the page has or has not")]
#[template(path = "users_one.html")]
struct OnePage {
    f: Frame,
    name: String,
    action: String,
    person: String,
    role: &'static str,
    unit: String,
    unit_is_gone: bool,
    phone: Option<String>,
    tel: Option<String>,
    has_password: bool,
    has_second_step: bool,
    proving: Proving,
    created: String,
    seen: Option<String>,
    disabled: Option<String>,
    is_self: bool,
    may_link: bool,
    may_end: bool,
    may_password: bool,
    may_disable: bool,
    may_tokens: bool,
    may_change: bool,
    role_word: &'static str,
    unit_code: String,
    roles: Vec<(&'static str, &'static str)>,
    failures: Vec<FailureLine>,
    devices: Vec<DeviceLine>,
    tokens: Vec<TokenLine>,
    powers: Vec<(&'static str, &'static str)>,
    told: Told,
    done: bool,
    link_lasts: String,
}

/// What an act has to say, once.
#[derive(Default)]
pub(super) struct Told {
    /// Why it was refused.
    pub refused: Option<String>,
    /// A personal link that was made.
    pub link: Option<MadeLink>,
    /// A token that was made.
    pub token: Option<String>,
}

/// A personal link, shown once.
pub(super) struct MadeLink {
    /// The address.
    pub address: String,
    /// The same as a QR code.
    pub qr: String,
    /// Until when it can be used, local.
    pub until: String,
}

/// `GET /users/{name}`
pub(in crate::web) async fn page(
    State(web): State<Arc<Web>>,
    CanInvite(me): CanInvite,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    let built = async {
        ask.only(&["done"])?;
        show(&web, &me, &ask, &name, Told::default()).await
    };
    respond::page(&web, &ask, built.await).await
}

pub(super) async fn show(web: &Web, me: &Me, ask: &Ask, name: &str, told: Told) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let account = account_of(web, me, name).await?;
    let can = |act| may(me, act, &account);
    let in_use = account.disabled_at.is_none();
    let access = web.site.accounts.access(account.id, web.now()).await?;
    let page = OnePage {
        f: Frame::of(web, ask).await,
        action: format!("/users/{}/acts", percent_encoded(&account.name)),
        role: lang.say(account.role.label()),
        unit: full_name(&ground, &account.unit_code, lang),
        unit_is_gone: ground.unit(&account.unit_code).is_none(),
        has_password: account.has_password,
        has_second_step: account.has_second_step,
        proving: me.proving(web),
        created: local(&ground, account.created_at),
        seen: account.last_seen_at.map(|at| local(&ground, at)),
        disabled: account.disabled_at.map(|at| local(&ground, at)),
        is_self: account.id == me.account.id,
        may_link: can(AccountAct::MakeLink) && in_use,
        may_end: can(AccountAct::EndDevice),
        may_password: can(AccountAct::SetPassword),
        may_disable: can(AccountAct::Disable),
        may_tokens: can(AccountAct::Tokens) && in_use,
        may_change: can(AccountAct::ChangeRole) && in_use,
        role_word: account.role.name(),
        unit_code: account.unit_code.0.clone(),
        roles: Role::ALL.map(|role| (role.name(), lang.say(role.label()))).to_vec(),
        failures: failures(&ground, access.failed),
        devices: device_lines(&ground, access.sessions, lang),
        tokens: if can(AccountAct::Tokens) { token_lines(&ground, access.tokens, lang) } else { Vec::new() },
        powers: TokenPower::ALL.map(|power| (power.name(), power_words(power, lang))).to_vec(),
        told,
        done: ask.param("done").is_some(),
        link_lasts: lasts(web, ask),
        tel: account.phone.as_ref().and_then(Phone::href),
        name: account.name,
        person: account.person,
        phone: account.phone.as_ref().map(Phone::to_string),
    };
    Ok(page.render()?)
}

fn lasts(web: &Web, ask: &Ask) -> String {
    let hours = web.site.account_rules.link_lasts.as_hours();
    format!("{hours} {}", ask.lang.say(w::users::HOURS))
}
