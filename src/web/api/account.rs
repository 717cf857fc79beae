//! Accounts over the API: what the own one is, which devices and programs come in as it, ending a device; and for
//! administrators, making an account another role.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::body::{Body, Named};
use super::page::answered;
use crate::domain::account::{Role, TokenPower, check_unit};
use crate::domain::unit::UnitCode;
use crate::report::typed::typed;
use crate::store::{Account, AccountChange, SessionRow, Standing, TokenRow};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::caller::Caller;
use crate::web::auth::{CanInvite, Me};
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::words::Say;
use crate::words::api::refusals;

/// `GET /api/v1/accounts/me`
pub(super) async fn me(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let account = &me.account;
        let access = web.site.accounts.access(account.id, web.now()).await?;
        let device = |row: SessionRow| Device { is_this: me.session == Some(row.id), row };
        let sessions = access.sessions.into_iter().map(device).collect();
        let (power, sees_everything) = (me.power, me.store.scope().is_whole());
        Ok(answered(&Own { account, power, sees_everything, sessions, tokens: access.tokens }))
    };
    document(&ask, read.await)
}

/// The own account.
pub(super) struct Own<'a> {
    account: &'a Account,
    power: TokenPower,
    sees_everything: bool,
    sessions: Vec<Device>,
    tokens: Vec<TokenRow>,
}

typed! { Own<'_> as own named "Me" {
    name = &own.account.name, person = &own.account.person, role = own.account.role,
    unit_code = &own.account.unit_code, phone = &own.account.phone, has_password = own.account.has_password,
    created_at = own.account.created_at, power, works = own.account.role.works(),
    administers = own.account.role.administers(), lets_in = own.account.role.lets_in(),
    sees_people = own.account.role.sees_people(), sees_everything, sessions, tokens,
} }

/// A device that is in as the account.
struct Device {
    row: SessionRow,
    is_this: bool,
}

typed! { Device as device {
    id = device.row.id, how = device.row.how, device = &device.row.device, address = &device.row.address,
    created_at = device.row.created_at, last_seen_at = device.row.last_seen_at,
    expires_at = device.row.expires_at, is_this,
} }

/// `DELETE /api/v1/accounts/me/sessions/{id}`
pub(super) async fn end_session(State(web): State<Arc<Web>>, me: Me, Named(id): Named, ask: Ask) -> Response {
    let written = async {
        ask.only(&[])?;
        me.writes()?;
        let by = me.own_actor();
        let ended = match id.parse() {
            Ok(id) => {
                let change = AccountChange::EndSession(id);
                web.site.accounts.change(&me.account.name, change, by, web.now()).await?
            }
            Err(_no_number) => false,
        };
        if !ended {
            return Err(Problem::refused(StatusCode::NOT_FOUND, refusals::NO_SESSION));
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    document(&ask, written.await)
}

/// What an account becomes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRole {
    role: Role,
    /// The unit it stands for; the one it has unless given.
    unit: Option<String>,
}

/// `POST /api/v1/accounts/{name}/role`
pub(super) async fn change_role(
    State(web): State<Arc<Web>>,
    CanInvite(me): CanInvite,
    Named(name): Named,
    caller: Caller,
    ask: Ask,
    Body(body): Body<NewRole>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        me.administers()?;
        if body.role.administers() {
            // No program makes an administrator, and nobody from a device that was left open.
            me.prove(&web, &caller, "").await?;
        }
        let account = web.site.accounts.find(name.as_str()).await?;
        let to = Standing { role: body.role, unit: body.unit.map_or(account.unit_code, UnitCode) };
        check_unit(&web.ground(), to.role, &to.unit).map_err(|bad| Problem::Form(bad.say()))?;
        web.site.accounts.change(&account.name, AccountChange::Role(to), me.own_actor(), web.now()).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    document(&ask, written.await)
}
