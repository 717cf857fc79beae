//! A new account.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::OWN_PASSWORD;
use crate::domain::account::{Role, check_unit};
use crate::domain::unit::UnitCode;
use crate::store::NewAccount;
use crate::web::ask::Ask;
use crate::web::auth::caller::Caller;
use crate::web::auth::password::hash_wanted;
use crate::web::auth::{Admin, Me, Proving};
use crate::web::forms::Typed;
use crate::web::forms::choices::{Choice, units};
use crate::web::forms::values::{phone, refusal};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Label, Say, pages as w};

#[derive(Template)]
#[template(path = "users_new.html")]
struct NewPage {
    f: Frame,
    form: Typed,
    roles: Vec<(&'static str, &'static str)>,
    units: Vec<Choice>,
    proving: Proving,
    refused: Option<String>,
}

/// `GET /users/new`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, Admin(me): Admin, ask: Ask) -> Response {
    let built = async {
        ask.only(&[])?;
        show(&web, &me, &ask, Typed::default().with("role", "inspector"), None).await
    };
    respond::page(&web, &ask, built.await).await
}

async fn show(web: &Web, me: &Me, ask: &Ask, form: Typed, refused: Option<String>) -> Result<String, Problem> {
    let page = NewPage {
        f: Frame::of(web, ask).await,
        form,
        roles: Role::ALL.map(|role| (role.name(), ask.lang.say(role.label()))).to_vec(),
        units: units(me, &web.ground(), ask.lang),
        proving: me.proving(web),
        refused,
    };
    Ok(page.render()?)
}

/// `POST /users/new`
pub(in crate::web) async fn post(
    State(web): State<Arc<Web>>,
    Admin(me): Admin,
    caller: Caller,
    ask: Ask,
    fields: Typed,
) -> Response {
    match add(&web, (&me, &caller), &fields).await {
        Ok(name) => respond::see_other(&ask.href(&format!("/users/{}?done=added", percent_encoded(&name)))),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| show(&web, &me, &ask, fields, Some(why)).await).await
        }
    }
}

async fn add(web: &Web, (me, caller): (&Me, &Caller), fields: &Typed) -> Result<String, Problem> {
    let (name, person) = (
        fields.needed("name", w::users::SIGN_IN_NAME_FIELD)?.to_owned(),
        fields.needed("person", w::users::PERSON_FIELD)?.to_owned(),
    );
    let role = Role::from_name(fields.get("role")).ok_or_else(|| refusal(w::users::CHOOSE_ROLE))?;
    let unit = UnitCode(fields.needed("unit", w::shared::UNIT_FIELD)?.to_owned());
    check_unit(&web.ground(), role, &unit).map_err(|bad| refusal(bad.say()))?;
    let password = fields.get("password").to_owned();
    // Without a password nobody comes in under it before somebody who proved himself makes a link.
    if role.administers() || !password.is_empty() {
        me.prove(web, caller, fields.get(OWN_PASSWORD)).await?;
    }
    let password_hash =
        if password.is_empty() { None } else { Some(hashed(web, me, password, [&name, &person]).await?) };
    let phone = phone(w::users::PHONE_FIELD, fields.get("phone"))?;
    let new = NewAccount { name, person, role, unit, phone, password_hash, subject: None };
    Ok(web.site.accounts.add(new, me.own_actor(), web.now()).await?.name)
}

/// The hash of a password that is good enough for an account.
pub(super) async fn hashed(web: &Web, me: &Me, password: String, about: [&str; 2]) -> Result<String, Problem> {
    hash_wanted(web, me, password, about).await?.map_err(|bad| refusal(bad.say()))
}
