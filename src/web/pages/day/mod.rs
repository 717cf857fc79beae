//! What everybody looks at: a day ([`home`]), its live map ([`map`]), the wall ([`wall`]).

pub(in crate::web) mod alert_list;
mod asked;
mod drawn;
mod filter;
mod home;
mod kept;
mod map;
mod summary;
mod wall;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::web::Web;
pub(in crate::web) use kept::KeptDays;

/// The routes of a day.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/", get(home::page))
        .route("/map.svg", get(home::map))
        .route("/map", get(map::page))
        .route("/wall", get(wall::page))
}
