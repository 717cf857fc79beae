//! What an inspector and a village have on a phone: own alerts ([`my`]), a fire they saw ([`patrol`]), plots ([`plots`]).

mod my;
mod patrol;
mod plots;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::web::Web;
use crate::web::forms::with_photos::MAX_FORM_BYTES;

/// The routes of the field.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/my", get(my::page))
        .route("/patrol", get(patrol::page).post(patrol::send).layer(DefaultBodyLimit::max(MAX_FORM_BYTES)))
        .route("/plots", get(plots::page).post(plots::act))
}
