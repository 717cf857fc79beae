//! The pages: a day ([`home`]), the live map of a day ([`day_map`]), an alert ([`alert`]) and what is done to it ([`acts`]), what an
//! inspector has on his phone ([`my`]), the feeds and the service ([`status`]).
//!
//! The office's own: problem list ([`problems`]), duty ([`duty`], [`handover`]), review queue ([`review`]), complaints
//! ([`complaints`]), wall ([`wall`]).
//!
//! Each page is read from the store, turned into a view of ready words, and rendered by a
//! template that makes no decisions.

pub(super) mod acts;
pub(super) mod alert;
mod alert_list;
pub(super) mod audit;
mod case_life;
pub(super) mod complaints;
mod day_filter;
pub(super) mod day_map;
mod drawn_day;
pub(super) mod duty;
pub(super) mod form;
pub(super) mod handover;
pub(super) mod heat_sources;
pub(super) mod home;
pub(super) mod my;
mod office;
pub(super) mod people;
mod photos;
mod place;
mod plan_card;
pub(super) mod plans;
pub(super) mod problems;
pub(super) mod regions;
pub(super) mod review;
pub(super) mod status;
mod summary;
pub(super) mod users;
pub(super) mod wall;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::Web;
use super::api::plan_import;
pub(super) use drawn_day::DrawnDays;

/// The office's pages beside the day: burning in order, heat sources, people, region versions, accounts, the log.
pub(super) fn office_routes() -> Router<Arc<Web>> {
    let import_limit = usize::try_from(plan_import::MAX_BYTES).unwrap_or(usize::MAX);
    Router::new()
        .route("/plans", get(plans::list::page))
        .route("/plans/new", get(plans::new::page).post(plans::new::post))
        .route("/plans/orders", get(plans::orders::page))
        .route("/plans/progress", get(plans::progress::page))
        .route(
            "/plans/import",
            get(plans::import::page).post(plans::import::post).layer(DefaultBodyLimit::max(import_limit)),
        )
        .route("/heat-sources", get(heat_sources::page).post(heat_sources::approve))
        .route("/heat-sources/{id}/acts", post(heat_sources::act))
        .route("/people", get(people::page))
        .route("/people/duty", get(people::duty))
        .route("/regions", get(regions::page))
        .route("/regions/{version}/difference", get(regions::differs))
        .route("/audit", get(audit::page))
        .route("/audit/verify", post(audit::verify))
        .route("/users", get(users::list::page))
        .route("/users/new", get(users::new::page).post(users::new::post))
        .route("/users/{name}", get(users::one::page))
        .route("/users/{name}/acts", post(users::acts::post))
        .route("/plans/{id}", get(plans::one::page))
        .route("/plans/{id}/acts", post(plans::acts::post).layer(DefaultBodyLimit::max(plans::acts::MAX_BYTES)))
}
