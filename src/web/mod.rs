//! The web server's pages and API: everything a browser or a program asks over HTTP.
//!
//! [`crate::app`] builds a [`Site`] and serves [`router`]. Pages ([`pages`]) are rendered on
//! the server and work without scripts; the API ([`api`]) answers JSON and `GeoJSON`; map
//! programs read layers ([`ogc`]); health ([`health`]) tells machines whether to trust what is shown. All read through
//! [`crate::store`] and draw through [`crate::report`]; what people do is written by the store and
//! decided by the domain. Nothing here fetches a feed or decides a verdict.

mod api;
mod ask;
mod assets;
mod auth;
mod coverage;
mod error;
mod etag;
mod figures;
mod frame;
mod health;
mod layers;
mod nav;
mod ogc;
mod packed;
mod pages;
mod places;
mod reach;
mod refusals;
mod share;
mod tiles;
mod when;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::sync::watch;

use crate::domain::account::Scope;
use crate::domain::burning::BurnRules;
use crate::domain::clock_trust::Doubt;
use crate::domain::freshness::Patience;
use crate::domain::ground::{Ground, RegionVersion};
use crate::domain::heat_approval::ApprovalRules;
use crate::domain::heat_suggest::SuggestRules;
use crate::domain::rules::Rules;
use crate::domain::share::Shares;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::report::map_svg::BaseMap;
use crate::store::Store;
use crate::vitals::Vitals;
pub use api::Stopping;
pub use auth::AccountRules;
pub use reach::{Origin, Reach};

pub use tiles::{BaseTiles, MapTiles};

/// What the pages show and how they learn of it.
pub struct Site {
    /// The database.
    pub store: Store,
    /// The active region version; replaced while running.
    pub ground: watch::Receiver<Arc<Ground>>,
    /// When a feed counts as late and as stale.
    pub patience: Patience,
    /// Detections at most this far apart in time may be one fire; said under every count.
    pub link_gap: SignedDuration,
    /// By which cases are worked.
    pub rules: Arc<Rules>,
    /// Who may review and order burn plans.
    pub burn_rules: BurnRules,
    /// Who may approve heat sources, and for how long.
    pub approval_rules: ApprovalRules,
    /// What makes a place look like a heat source.
    pub suggest_rules: SuggestRules,
    /// How the site is reached.
    pub reach: Reach,
    /// How long people stay in.
    pub account_rules: AccountRules,
    /// What one account may use.
    pub shares: Shares,
    /// The city's own sign-on, where there is one.
    #[cfg(feature = "oidc")]
    pub sign_on: Option<crate::sign_on::Provider>,
    /// Ids of the configured sources, in the order of the configuration.
    pub sources: Vec<String>,
    /// What the live map draws under everything.
    pub tiles: BaseTiles,
    /// The fires are simulated; said on every page.
    pub simulated: bool,
    /// The machine's wall clock, as it is.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Whether that clock is believed, and what could not be recorded.
    pub vitals: Arc<Vitals>,
    /// Renders the metrics in Prometheus' text form.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// When the service started.
    pub started_at: Timestamp,
    /// Version of the `SQLite` library, for `/status`.
    pub sqlite_version: String,
}

/// The site, and what is worth keeping between requests.
struct Web {
    site: Arc<Site>,
    base_map: Mutex<Option<Arc<BaseMap>>>,
    scopes: Mutex<Scopes>,
    base_layers: Mutex<Option<(RegionVersion, Arc<[u8]>)>>,
    drawn_days: pages::day::drawn::DrawnDays,
    places: places::Places,
    /// Who follows what changes.
    events: Arc<api::Hub>,
}

/// The scopes of units in one region version: a county has thousands of units below it.
#[derive(Default)]
struct Scopes {
    version: Option<RegionVersion>,
    known: HashMap<UnitCode, Arc<Scope>>,
}

impl Web {
    /// The present: the wall clock, or the best that is known while it is doubted.
    fn now(&self) -> Timestamp {
        self.site.vitals.present((self.site.clock)())
    }

    /// What is wrong with the wall clock, if anything.
    fn clock_doubt(&self) -> Option<Doubt> {
        self.site.vitals.doubt((self.site.clock)())
    }

    fn ground(&self) -> Arc<Ground> {
        self.site.ground.borrow().clone()
    }

    /// The scope of a unit; `None` when the region does not have it.
    fn scope_of(&self, unit: &UnitCode) -> Option<Arc<Scope>> {
        let ground = self.ground();
        // As with the map: whatever is kept is right or kept for another version.
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        if scopes.version.as_ref() != Some(ground.version()) {
            *scopes = Scopes { version: Some(ground.version().clone()), known: HashMap::new() };
        }
        if let Some(scope) = scopes.known.get(unit) {
            return Some(scope.clone());
        }
        let scope = Arc::new(Scope::of(&ground, unit)?);
        scopes.known.insert(unit.clone(), scope.clone());
        Some(scope)
    }

    /// The drawn outlines of a region version, kept until another one rules.
    fn base_map(&self, ground: &Ground) -> Option<Arc<BaseMap>> {
        // A panic while the lock was held leaves an old map or none, both of which are fine.
        let mut kept = self.base_map.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|base| base.version != *ground.version()) {
            *kept = BaseMap::of(ground).map(Arc::new);
        }
        kept.clone()
    }

    /// The written layers under the live map, while they are those of this region version.
    fn kept_layers(&self, ground: &Ground) -> Option<Arc<[u8]>> {
        let kept = self.base_layers.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(version, _)| version == ground.version()).map(|(_, body)| body.clone())
    }

    fn keep_layers(&self, ground: &Ground, body: Arc<[u8]>) {
        let mut kept = self.base_layers.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((ground.version().clone(), body));
    }
}

/// All routes of a site, with their limits and headers.
pub fn router(site: Arc<Site>) -> Router {
    refusals::start_counts();
    let strict = site.reach.strict_transport();
    let policy = layers::content_policy(&site.tiles);
    let tiles = site.tiles.routes();
    let web = Arc::new(Web {
        places: places::Places::new(&site.shares),
        site,
        base_map: Mutex::new(None),
        base_layers: Mutex::new(None),
        scopes: Mutex::default(),
        drawn_days: pages::day::drawn::DrawnDays::default(),
        events: api::Hub::new(),
    });
    let routes = Router::new()
        .merge(tiles)
        .merge(pages::routes())
        .route("/sign-in", get(auth::sign_in::page).post(auth::sign_in::by_password))
        .route("/sign-in/code", post(auth::second_step::by_code))
        .route("/sign-in/demo", post(auth::sign_in::by_demo))
        .merge(auth::city_routes())
        .route("/l/{secret}", get(auth::sign_in::link).post(auth::sign_in::by_link))
        .route("/sign-out", post(auth::sign_in::sign_out))
        .route("/account", get(auth::devices::page))
        .route("/account/devices", post(auth::devices::end))
        .route("/account/second-step", get(auth::second_step::page).post(auth::second_step::change))
        .route("/account/browsers", post(auth::devices::forget_browsers))
        .route("/account/tokens", post(auth::devices::end_token))
        .route("/account/password", post(auth::devices::password))
        .route("/api", get(api::described))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .merge(api::routes(&web))
        .merge(ogc::routes())
        .route("/static/{name}", get(assets::file))
        .route("/sw.js", get(assets::worker))
        .route("/manifest.webmanifest", get(assets::manifest))
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::wrong_method)
        .layer(middleware::from_fn_with_state(web.clone(), auth::gate::pass))
        .with_state(web);
    layers::around(routes, policy, strict)
}
