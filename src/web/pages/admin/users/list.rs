//! The list of accounts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::is_seen;
use crate::domain::account::Role;
use crate::web::ask::Ask;
use crate::web::auth::{CanInvite, Me};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Label, full_name, local, pages as w};

#[derive(Template)]
#[template(path = "users_list.html")]
struct ListPage {
    f: Frame,
    may_add: bool,
    roles: Vec<(&'static str, &'static str)>,
    role: String,
    q: String,
    users: Vec<UserLine>,
    total: usize,
    links: Vec<LinkLine>,
}

/// A sign-in link that was made lately for an account of one's ground.
struct LinkLine {
    href: String,
    person: String,
    unit: String,
    at: String,
    by: String,
}

struct UserLine {
    href: String,
    name: String,
    person: String,
    role: &'static str,
    unit: String,
    seen: Option<String>,
    devices: usize,
    disabled: Option<String>,
}

/// `GET /users`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, CanInvite(me): CanInvite, ask: Ask) -> Response {
    let built = build(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["role", "q"])?;
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let role = ask.param("role").and_then(Role::from_name);
    let q = ask.param("q").unwrap_or_default().trim().to_lowercase();
    let mut accounts = web.site.accounts.all().await?;
    accounts.retain(|account| is_seen(me, account));
    let total = accounts.len();
    accounts.retain(|account| {
        role.is_none_or(|role| account.role == role)
            && (q.is_empty() || account.name.contains(&q) || account.person.to_lowercase().contains(&q))
    });
    // Whoever is in one's own ground highest first: the order in which people look.
    accounts.sort_by(|a, b| {
        (a.unit_code.0.len(), &a.unit_code, &a.name).cmp(&(b.unit_code.0.len(), &b.unit_code, &b.name))
    });
    let devices = web.site.accounts.devices_by_account(now).await?;
    let made = |account: &crate::store::Account| {
        let link = account.link_by_another(now)?;
        Some(LinkLine {
            href: ask.href(&format!("/users/{}", percent_encoded(&account.name))),
            person: account.person.clone(),
            unit: full_name(&ground, &account.unit_code, lang),
            at: local(&ground, link.at),
            by: link.by.clone(),
        })
    };
    let links = accounts.iter().filter_map(made).collect();
    let line = |account: crate::store::Account| UserLine {
        href: ask.href(&format!("/users/{}", percent_encoded(&account.name))),
        role: lang.say(account.role.label()),
        unit: full_name(&ground, &account.unit_code, lang),
        seen: account.last_seen_at.map(|at| local(&ground, at)),
        devices: devices.get(&account.id).copied().unwrap_or_default(),
        disabled: account.disabled_at.map(|at| local(&ground, at)),
        name: account.name,
        person: account.person,
    };
    let page = ListPage {
        f: Frame::of(web, ask).await,
        may_add: me.account.role.administers(),
        roles: Role::ALL.map(|role| (role.name(), lang.say(role.label()))).to_vec(),
        role: role.map(Role::name).unwrap_or_default().to_owned(),
        q: ask.param("q").unwrap_or_default().to_owned(),
        users: accounts.into_iter().map(line).collect(),
        total,
        links,
    };
    Ok(page.render()?)
}
