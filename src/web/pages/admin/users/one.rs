//! One account: who it is, which devices are in, and what whoever looks may do to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{account_of, may};
use crate::domain::account::{AccountAct, Role, TokenPower};
use crate::domain::phone::Phone;
use crate::report::words::{full_name, local};
use crate::store::Account;
use crate::web::Web;
use crate::web::ask::{Ask, percent_encoded};
use crate::web::auth::devices::{FailureLine, failures, how};
use crate::web::auth::{LetsIn, Me, Proving};
use crate::web::error::{self, Problem};
use crate::web::frame::Frame;

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

struct DeviceLine {
    id: i64,
    how: &'static str,
    device: String,
    address: String,
    since: String,
    seen: String,
    ends: String,
}

/// A token of an account.
pub(in crate::web) struct TokenLine {
    /// Its row.
    pub id: i64,
    /// What it is for.
    pub label: String,
    /// What it may do, in words.
    pub power: &'static str,
    /// When it was made, local.
    pub created: String,
    /// When it ends, local.
    pub expires: String,
    /// When it was last used, local.
    pub used: Option<String>,
}

/// `GET /users/{name}`
pub(in crate::web) async fn page(
    State(web): State<Arc<Web>>,
    LetsIn(me): LetsIn,
    Path(name): Path<String>,
    ask: Ask,
) -> Response {
    let built = async {
        ask.only(&["done"])?;
        show(&web, &me, &ask, &name, Told::default()).await
    };
    error::page(&web, &ask, built.await).await
}

pub(super) async fn show(web: &Web, me: &Me, ask: &Ask, name: &str, told: Told) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let account = account_of(web, me, name).await?;
    let can = |act| may(me, act, &account);
    let in_use = account.disabled_at.is_none();
    let page = OnePage {
        f: Frame::of(web, ask).await,
        action: format!("/users/{}/acts", percent_encoded(&account.name)),
        role: lang.pick(account.role.label_zh(), account.role.label_en()),
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
        roles: Role::ALL.map(|role| (role.name(), lang.pick(role.label_zh(), role.label_en()))).to_vec(),
        failures: failures(web, account.id).await?,
        devices: devices(web, &account, ask).await?,
        tokens: if can(AccountAct::Tokens) { token_lines(web, &account, ask).await? } else { Vec::new() },
        powers: TokenPower::ALL.map(|power| (power.name(), power_words(power, ask))).to_vec(),
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

async fn devices(web: &Web, account: &Account, ask: &Ask) -> Result<Vec<DeviceLine>, Problem> {
    let ground = web.ground();
    let sessions = web.site.store.sessions_of(account.id, web.now()).await?;
    let line = |row: crate::store::SessionRow| DeviceLine {
        id: row.id,
        how: how(row.how, ask),
        device: row.device,
        address: row.address,
        since: local(&ground, row.created_at),
        seen: local(&ground, row.last_seen_at),
        ends: local(&ground, row.expires_at),
    };
    Ok(sessions.into_iter().map(line).collect())
}

/// The tokens of an account that have not ended.
pub(in crate::web) async fn token_lines(web: &Web, account: &Account, ask: &Ask) -> Result<Vec<TokenLine>, Problem> {
    let ground = web.ground();
    let rows = web.site.store.tokens_of(account.id, web.now()).await?;
    let line = |row: crate::store::TokenRow| TokenLine {
        id: row.id,
        label: row.label,
        power: power_words(row.power, ask),
        created: local(&ground, row.created_at),
        expires: local(&ground, row.expires_at),
        used: row.last_used_at.map(|at| local(&ground, at)),
    };
    Ok(rows.into_iter().map(line).collect())
}

fn power_words(power: TokenPower, ask: &Ask) -> &'static str {
    match power {
        TokenPower::Read => ask.lang.pick("只读", "read"),
        TokenPower::Write => ask.lang.pick("以本账号名义办理", "act in this account's name"),
        TokenPower::ActFor => {
            ask.lang.pick("可代他人办理（对接系统）", "name who acts (another system with its own accounts)")
        }
    }
}

fn lasts(web: &Web, ask: &Ask) -> String {
    let hours = web.site.account_rules.link_lasts.as_hours();
    format!("{hours} {}", ask.lang.pick("小时", "hours"))
}
