//! Accounts over the API: what the own one is, which devices and programs come in as it, ending a device; and for
//! administrators, making an account another role.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::body::{Body, Named};
use crate::domain::account::{Role, check_unit};
use crate::domain::unit::UnitCode;
use crate::store::{AccountChange, Standing};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::caller::Caller;
use crate::web::auth::{LetsIn, Me};
use crate::web::problem::Problem;
use crate::web::respond::document;

/// `GET /api/v1/accounts/me`
pub(super) async fn me(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let account = &me.account;
        let access = web.site.accounts.access(account.id, web.now()).await?;
        let sessions: Vec<_> = access
            .sessions
            .into_iter()
            .map(|row| {
                json!({
                    "id": row.id, "how": row.how, "device": row.device, "address": row.address,
                    "created_at": row.created_at, "last_seen_at": row.last_seen_at, "expires_at": row.expires_at,
                    "is_this": me.session == Some(row.id),
                })
            })
            .collect();
        let tokens: Vec<_> = access
            .tokens
            .into_iter()
            .map(|row| {
                json!({
                    "id": row.id, "label": row.label, "power": row.power, "created_at": row.created_at,
                    "expires_at": row.expires_at, "last_used_at": row.last_used_at,
                })
            })
            .collect();
        let role = account.role;
        let body = json!({
            "name": account.name, "person": account.person, "role": role, "unit_code": account.unit_code,
            "phone": account.phone, "has_password": account.has_password, "created_at": account.created_at,
            "power": me.power, "works": role.works(), "administers": role.administers(), "lets_in": role.lets_in(),
            "sees_people": role.sees_people(), "sees_everything": me.store.scope().is_whole(),
            "sessions": sessions, "tokens": tokens,
        });
        Ok(Json(body).into_response())
    };
    document(&ask, read.await)
}

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
            let text = "没有这个登录设备 · this account has no such session";
            return Err(Problem::refused(StatusCode::NOT_FOUND, text));
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
    LetsIn(me): LetsIn,
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
        check_unit(&web.ground(), to.role, &to.unit).map_err(|bad| Problem::Form(bad.to_string()))?;
        web.site.accounts.change(&account.name, AccountChange::Role(to), me.own_actor(), web.now()).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    };
    document(&ask, written.await)
}
