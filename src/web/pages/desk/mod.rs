//! Where alerts are worked: the problem list ([`problems`]), duty ([`duty`], [`handover`]), the review queue ([`review`]),
//! complaints ([`complaints`]).

mod complaints;
mod duty;
mod handover;
mod problems;
mod review;
pub(in crate::web) mod worklist;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::web::Web;

/// The routes of the desks.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/problems", get(problems::page))
        .route("/duty", get(duty::page))
        .route("/duty/alerts/{number}/call", post(duty::call))
        .route("/duty/alerts/{number}/acknowledge", post(duty::acknowledge))
        .route("/duty/handover", get(handover::page).post(handover::record))
        .route("/review", get(review::page))
        .route("/review/{number}", post(review::record))
        .route("/complaints", get(complaints::page).post(complaints::take))
}
