//! Who a handler is for: anybody who is in ([`Me`]), or those whose role and token allow it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use super::me::{Me, Visitor};
use crate::domain::account::{Role, TokenPower};
use crate::web::ask::Ask;
use crate::web::problem::Problem;
use crate::web::respond;
use crate::web::site::Web;

/// Somebody who may change something: an account that works alerts and plans, with a session or a token that writes.
pub(in crate::web) struct Worker(pub Me);

/// Somebody who makes accounts and reads the log of everything.
pub(in crate::web) struct Admin(pub Me);

/// Somebody who lets the people of his own ground in.
pub(in crate::web) struct CanInvite(pub Me);

impl FromRequestParts<Arc<Web>> for Me {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let found = parts.extensions.get::<Visitor>().cloned().unwrap_or(Visitor::Nobody);
        let problem = match found {
            Visitor::In(me) => return Ok(Arc::unwrap_or_clone(me)),
            Visitor::Nobody => Problem::SignIn,
            Visitor::UnitRemoved(unit) => Problem::UnitRemoved(unit),
        };
        Err(refuse(parts, web, problem).await)
    }
}

impl FromRequestParts<Arc<Web>> for Worker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        writing(parts, web, Role::works).await.map(Self)
    }
}

impl FromRequestParts<Arc<Web>> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        writing(parts, web, Role::administers).await.map(Self)
    }
}

impl FromRequestParts<Arc<Web>> for CanInvite {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        writing(parts, web, Role::lets_in).await.map(Self)
    }
}

/// Whoever asks, unless he came with a token that only reads or his role does not do it.
async fn writing(parts: &mut Parts, web: &Arc<Web>, does: fn(Role) -> bool) -> Result<Me, Response> {
    let me = Me::from_request_parts(parts, web).await?;
    let problem = match me.account.role {
        _ if me.power < TokenPower::Write => Problem::OnlyReads,
        role if !does(role) => Problem::NotForRole(role),
        _ => return Ok(me),
    };
    Err(refuse(parts, web, problem).await)
}

async fn refuse(parts: &Parts, web: &Web, problem: Problem) -> Response {
    respond::refused(web, &Ask::of(parts), problem).await
}
