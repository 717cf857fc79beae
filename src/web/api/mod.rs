//! The API under `/api/v1`: what is known as JSON, `GeoJSON` and tables, and everything people do.
//!
//! Every call is made by an account, with a token or from a page ([`Me`](super::auth::Me)), and sees that account's
//! ground; writing needs an account that works alerts ([`Worker`](super::auth::Worker)). Each route names the parameters it
//! knows and refuses others ([`crate::web::request::Request::only`]); faults are problem+json. Bodies are read by [`body`], parameters by
//! [`params`](super::forms::params), refusals get their status in [`crate::web::problem`]. Documents are those of [`crate::report`], which the
//! command line writes too. docs/api.md is the reference for callers.

use std::sync::Arc;

use axum::{Router, middleware};

mod account;
mod alert_act;
mod alerts;
mod body;
mod burning;
mod days;
mod figures;
mod follow;
mod fresh;
mod heat_sources;
mod hub;
mod map;
mod openapi;
mod page;
mod people;
mod photos;
mod plan_import;
mod plans;
mod rejudgement;
mod repeat;
mod service;
mod tus;
mod uploads;

use super::Web;
pub use follow::Stopping;
pub(super) use hub::Hub;
pub(super) use openapi::page as described;

/// All routes of the API.
pub(super) fn routes(web: &Arc<Web>) -> Router<Arc<Web>> {
    openapi::routes()
        .layer(body::at_most(body::MAX_JSON_BYTES))
        .route_layer(middleware::from_fn_with_state(web.clone(), repeat::once))
        .route_layer(middleware::from_fn(fresh::tag))
}
