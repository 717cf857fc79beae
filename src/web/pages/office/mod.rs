//! What an office keeps in order: burn plans ([`plans`]), heat sources, people, region versions.

mod heat_sources;
mod people;
mod plans;
mod regions;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::web::Web;
use crate::web::forms::plan_file;

/// The routes of an office.
pub(super) fn routes() -> Router<Arc<Web>> {
    let import_limit = usize::try_from(plan_file::MAX_BYTES).unwrap_or(usize::MAX);
    Router::new()
        .route("/plans", get(plans::list::page))
        .route("/plans/new", get(plans::new::page).post(plans::new::post))
        .route("/plans/orders", get(plans::orders::page))
        .route("/plans/progress", get(plans::progress::page))
        .route(
            "/plans/import",
            get(plans::import::page).post(plans::import::post).layer(DefaultBodyLimit::max(import_limit)),
        )
        .route("/plans/{id}", get(plans::one::page))
        .route("/plans/{id}/acts", post(plans::acts::post).layer(DefaultBodyLimit::max(plans::acts::MAX_BYTES)))
        .route("/heat-sources", get(heat_sources::page).post(heat_sources::approve))
        .route("/heat-sources/{id}/acts", post(heat_sources::act))
        .route("/people", get(people::page))
        .route("/people/duty", get(people::duty))
        .route("/regions", get(regions::page))
        .route("/regions/{version}/difference", get(regions::differs))
}
