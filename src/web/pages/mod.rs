//! The pages, by whom they serve: everybody's day ([`day`]), one alert ([`alert`]), the field ([`field`]), the desks
//! ([`desk`]), the office's files ([`office`]), administration ([`admin`]).
//!
//! Each page is read from the store, turned into a view of ready words, and rendered by a
//! template that makes no decisions.

pub(super) mod admin;
pub(super) mod alert;
pub(super) mod day;
pub(super) mod desk;
pub(super) mod field;
pub(super) mod office;
mod place;

use std::sync::Arc;

use axum::Router;

use super::Web;

/// The routes of all pages.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .merge(day::routes())
        .merge(alert::routes())
        .merge(field::routes())
        .merge(desk::routes())
        .merge(office::routes())
        .merge(admin::routes())
}
