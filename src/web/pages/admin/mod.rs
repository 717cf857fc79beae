//! What whoever answers for the service looks after: accounts ([`users`]), the log ([`audit`]), the feeds ([`status`]).

mod audit;
mod status;
pub(in crate::web) mod users;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::web::Web;

/// The routes of administration.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/status", get(status::page))
        .route("/audit", get(audit::page))
        .route("/audit/verify", post(audit::verify))
        .route("/users", get(users::list::page))
        .route("/users/new", get(users::new::page).post(users::new::post))
        .route("/users/{name}", get(users::one::page))
        .route("/users/{name}/acts", post(users::acts::post))
}
