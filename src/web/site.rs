//! What the pages and the API work with: the configured site, and what is worth keeping between requests.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::api::Hub;
use super::auth::AccountRules;
use super::pages::day::KeptDays;
use super::places::Places;
use super::reach::Reach;
use super::tiles::BaseTiles;
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
use crate::store::{Accounts, Health};
use crate::vitals::Vitals;

/// What the pages show and how they learn of it.
pub struct Site {
    /// The file of the database: photos and uploads lie beside it.
    pub database: PathBuf,
    /// Who may come in, and what he then sees of the database; the web is given no more of it.
    pub accounts: Accounts,
    /// How the database is.
    pub health: Health,
    /// The active region version; replaced while running.
    pub ground: watch::Receiver<Arc<Ground>>,
    /// When a feed counts as late and as stale.
    pub patience: Patience,
    /// Detections at most this far apart in time may be one fire; said under every count.
    pub link_gap: SignedDuration,
    /// By which alerts are worked.
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
pub(super) struct Web {
    /// The site as it is configured.
    pub site: Arc<Site>,
    base_map: Mutex<Option<Arc<BaseMap>>>,
    scopes: Mutex<Scopes>,
    base_layers: Mutex<Option<(RegionVersion, Arc<[u8]>)>>,
    /// Days as their pages show them.
    pub drawn_days: KeptDays,
    /// Where requests get a place.
    pub places: Places,
    /// Who follows what changes.
    pub events: Arc<Hub>,
}

/// The scopes of units in one region version: a county has thousands of units below it.
#[derive(Default)]
struct Scopes {
    version: Option<RegionVersion>,
    known: HashMap<UnitCode, Arc<Scope>>,
}

impl Web {
    /// A site of which nothing is kept yet.
    pub fn of(site: Arc<Site>) -> Arc<Self> {
        Arc::new(Self {
            places: Places::new(&site.shares),
            site,
            base_map: Mutex::new(None),
            base_layers: Mutex::new(None),
            scopes: Mutex::default(),
            drawn_days: KeptDays::default(),
            events: Hub::new(),
        })
    }

    /// The present: the wall clock, or the best that is known while it is doubted.
    pub fn now(&self) -> Timestamp {
        self.site.vitals.present((self.site.clock)())
    }

    /// What is wrong with the wall clock, if anything.
    pub fn clock_doubt(&self) -> Option<Doubt> {
        self.site.vitals.doubt((self.site.clock)())
    }

    /// The region version that rules now.
    pub fn ground(&self) -> Arc<Ground> {
        self.site.ground.borrow().clone()
    }

    /// The scope of a unit; `None` when the region does not have it.
    pub fn scope_of(&self, unit: &UnitCode) -> Option<Arc<Scope>> {
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
    pub fn base_map(&self, ground: &Ground) -> Option<Arc<BaseMap>> {
        // A panic while the lock was held leaves an old map or none, both of which are fine.
        let mut kept = self.base_map.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|base| base.version != *ground.version()) {
            *kept = BaseMap::of(ground).map(Arc::new);
        }
        kept.clone()
    }

    /// The written layers under the live map, while they are those of this region version.
    pub fn kept_layers(&self, ground: &Ground) -> Option<Arc<[u8]>> {
        let kept = self.base_layers.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(version, _)| version == ground.version()).map(|(_, body)| body.clone())
    }

    /// Keeps the written layers of a region version.
    pub fn keep_layers(&self, ground: &Ground, body: Arc<[u8]>) {
        let mut kept = self.base_layers.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((ground.version().clone(), body));
    }
}
