//! The web server's pages and API: everything a browser or a program asks over HTTP.
//!
//! [`crate::app`] builds a [`Site`] and serves [`router`]. Pages ([`pages`]) are rendered on
//! the server and work without scripts; the API ([`api`]) answers JSON and `GeoJSON`; map
//! programs read layers ([`ogc`]); health ([`health`]) tells machines whether to trust what is shown. All read through
//! [`crate::store`] and draw through [`crate::report`]; what people do is written by the store and
//! decided by the domain. Nothing here fetches a feed or decides a verdict.
//!
//! No file uses one that uses it. From below: what went wrong ([`problem`]), what is asked ([`request`]), who asks
//! ([`auth`]), both ([`ask`]), the frame of a page ([`frame`]), the answer ([`respond`]), what was sent ([`forms`]); then
//! pages, API and layers, which do not use one another; this file puts them together.

mod api;
mod ask;
mod assets;
mod auth;
mod coverage;
mod etag;
mod figures;
mod forms;
mod frame;
mod health;
mod incoming;
mod layers;
mod moved;
mod nav;
mod ogc;
mod packed;
mod pages;
mod photos;
mod places;
mod problem;
mod reach;
mod refusals;
mod request;
mod respond;
mod share;
mod site;
mod tiles;
mod when;

use std::sync::Arc;

use axum::routing::get;
use axum::{Router, middleware};

pub use api::Stopping;
pub use auth::AccountRules;
pub use reach::{Origin, Reach};
pub use site::Site;
use site::Web;
pub use tiles::{BaseTiles, MapTiles};

/// All routes of a site, with their limits and headers.
pub fn router(site: Arc<Site>) -> Router {
    refusals::start_counts();
    let strict = site.reach.strict_transport();
    let policy = layers::content_policy(&site.tiles);
    let tiles = site.tiles.routes();
    let web = Web::of(site);
    let routes = Router::new()
        .merge(tiles)
        .merge(pages::routes())
        .merge(auth::routes())
        .route("/api", get(api::described))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .merge(api::routes(&web))
        .merge(ogc::routes())
        .merge(moved::routes())
        .route("/static/{name}", get(assets::file))
        .route("/sw.js", get(assets::worker))
        .route("/manifest.webmanifest", get(assets::manifest))
        .fallback(respond::no_such_page)
        .method_not_allowed_fallback(respond::wrong_method)
        .layer(middleware::from_fn_with_state(web.clone(), auth::gate::pass))
        .with_state(web);
    layers::around(routes, policy, strict)
}
