//! The page to sign in on.

use askama::Template;

use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
#[cfg(feature = "oidc")]
use crate::web::request::percent_encoded;
use crate::web::site::Web;
use crate::words::{Label, full_name, pages as w};

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
    let label = match provider.name() {
        "" => ask.lang.say(w::sign_on::CITY_SIGN_ON).to_owned(),
        name => w::sign_on::sign_on_with(name).of(ask.lang),
    };
    Some(SignOnButton { href: ask.href(&format!("/sign-in/city?next={}", percent_encoded(next))), label })
}

#[cfg(not(feature = "oidc"))]
fn sign_on(_: &Web, _: &Ask, _: &str) -> Option<SignOnButton> {
    None
}

async fn demo_accounts(web: &Web, ask: &Ask) -> Result<Vec<DemoAccount>, Problem> {
    let ground = web.ground();
    let accounts = web.site.accounts.all().await?.into_iter();
    Ok(accounts
        .filter(|account| account.disabled_at.is_none())
        .map(|account| DemoAccount {
            role: ask.lang.say(account.role.label()),
            unit: full_name(&ground, &account.unit_code, ask.lang),
            name: account.name,
        })
        .collect())
}
