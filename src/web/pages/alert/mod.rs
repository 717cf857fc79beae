//! One alert, for the field and the desks alike: its page ([`page`]) and what is done to it there ([`acts`]).

pub(in crate::web) mod acts;
mod life;
mod page;
mod photos;
pub(in crate::web) mod plan_card;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::web::Web;
use crate::web::forms::with_photos::MAX_FORM_BYTES;

/// The routes of an alert.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/alerts/{number}", get(page::page))
        .route("/alerts/{number}/acts", get(acts::back).post(acts::act))
        .route(
            "/alerts/{number}/report",
            get(acts::report::page).post(acts::report::send).layer(DefaultBodyLimit::max(MAX_FORM_BYTES)),
        )
}
