//! Configuration: types and defaults ([`Config`]), reading ([`load()`]), secrets ([`secret`]).
//!
//! One TOML file; unknown keys are errors. Order: defaults, file, `FIREGRID_...`
//! environment, flags. Read by [`crate::app`] and [`crate::cli`]; the parts are handed to the modules
//! they concern.

mod alerts;
mod lists;
pub mod load;
mod map;
mod reach;
pub mod secret;
mod sign_on;

use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::burning::BurnRules;
use crate::domain::heat_approval::ApprovalRules;
use crate::domain::heat_suggest::SuggestRules;
use crate::domain::policy::PlanRules;
use crate::domain::rules::Rules;
use crate::domain::share::Shares;
use crate::domain::time::SignedDuration;
use crate::domain::unit::UnitLevel;

pub use alerts::{AuditConfig, ClockRuleConfig, ClocksConfig, EscalationConfig, ReviewConfig};
pub use lists::{Degrees, ListColumns, ListConfidence, ListConfig, ListEncoding, ListHolds};
pub use load::{Fault, load};
pub use map::{MapConfig, TilesKind};
pub use reach::{AccountsConfig, WebConfig};
pub use secret::Secret;
pub use sign_on::{SignOnConfig, is_plain_here};

/// The whole configuration, as in `config/firegrid.toml`.
///
/// Read section by section in [`load()`], so that one bad key does not hide the next.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder of the region files, relative to the working directory.
    pub region: PathBuf,
    /// The SQLite file; raw bodies are kept beside it in `bodies/`.
    pub database: PathBuf,
    /// Web server.
    pub web: WebConfig,
    /// Polling.
    pub polling: PollingConfig,
    /// Linking and judging.
    pub rules: RulesConfig,
    /// Which level reviews what.
    pub review: ReviewConfig,
    /// Times of the clocks of alerts.
    pub clocks: ClocksConfig,
    /// How high a missed clock may climb.
    pub escalation: EscalationConfig,
    /// The log's head outside the database.
    pub audit: AuditConfig,
    /// How long people stay in.
    pub accounts: AccountsConfig,
    /// What one account may use.
    pub shares: Shares,
    /// The city's own sign-on, where there is one.
    pub sign_on: Option<SignOnConfig>,
    /// What the live map draws under everything.
    pub map: MapConfig,
    /// Suggesting and approving fixed heat sources.
    pub heat_sources: HeatSourcesConfig,
    /// Who reviews and orders burning.
    pub burning: BurningConfig,
    /// The feeds. Naming any in the file replaces the default list.
    pub sources: Vec<SourceConfig>,
    /// How the lists are written that people bring.
    pub lists: Vec<ListConfig>,
    /// The fires are simulated; set only by `firegrid demo`, said on every page.
    pub simulated: bool,
}

/// `[polling]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PollingConfig {
    /// Seconds from the end of one poll of a source to the start of the next.
    pub interval_secs: u64,
    /// A feed whose newest acquisition is older than this many hours is late.
    pub late_after_hours: u32,
    /// A feed whose newest acquisition is older than this many hours is stale.
    pub stale_after_hours: u32,
    /// Days that raw bodies are kept when no alert came from them.
    pub keep_bodies_days: u32,
}

/// `[rules]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesConfig {
    /// Detections at most this many hours apart may be one fire.
    pub link_gap_hours: u32,
    /// A fire at most this far from a plan's plot, km, is off plan rather than unplanned.
    pub plan_near_km: f64,
    /// A plan whose window is at most this many hours away counts as near.
    pub plan_near_hours: u32,
    /// Planned burning needs the day's order.
    pub plans_need_order: bool,
}

/// `[heat_sources]`
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HeatSourcesConfig {
    /// Days that are looked back on for suggestions, today included.
    pub look_back_days: u32,
    /// Width of a cell, km.
    pub cell_km: f64,
    /// Distinct local days a cell must have lit on.
    pub min_days: u32,
    /// Smallest share of its detections by night, 0..1.
    pub min_night_share: f64,
    /// Largest median FRP, MW.
    pub max_median_frp_mw: f64,
    /// Largest distance between the quartiles of the FRP, MW.
    pub max_frp_spread_mw: f64,
    /// Lowest level that may approve, for the units below it.
    pub approve_level: UnitLevel,
    /// Longest approval or renewal, days from today.
    pub longest_approval_days: u32,
    /// An approval that ends within this many days is listed as expiring soon.
    pub expires_soon_days: u32,
}

/// `[burning]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BurningConfig {
    /// Units of this level and above may approve and refuse burn plans.
    pub review_level: UnitLevel,
    /// Units of this level and above may give the day's orders and take them back.
    pub order_level: UnitLevel,
}

/// `[[source]]`: one feed. Its keys are checked in [`load()`]: `flatten` cannot refuse unknown ones.
#[derive(Debug, Clone, Deserialize)]
pub struct SourceConfig {
    /// Short unique name, used in the database, pages and metrics.
    pub id: String,
    /// What kind of feed it is, with the settings of that kind.
    #[serde(flatten)]
    pub kind: SourceKind,
}

/// The kinds of feed firegrid can poll.
///
/// # Shape
/// In the file: `kind = "firms_files" | "firms_area" | "drop_folder"` and the keys of that kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SourceKind {
    /// FIRMS keyless rolling files.
    FirmsFiles {
        /// Which satellite's files.
        satellite: FirmsFile,
        /// Region part of the file name, for example `Russia_Asia`.
        #[serde(default = "default_firms_region")]
        region: String,
        /// Window part of the file name: `24h`, `48h` or `7d`.
        #[serde(default)]
        window: FirmsWindow,
        /// Address of the server, without a trailing slash.
        #[serde(default = "default_firms_url")]
        base_url: String,
    },
    /// FIRMS area API; needs a key.
    FirmsArea {
        /// Data set of the API, for example `VIIRS_NOAA20_NRT`.
        dataset: FirmsDataset,
        /// The key; as `key` or `key_file`, not both.
        #[serde(flatten)]
        key: Secret,
        /// Days to ask for, 1..=5, today (UTC) included.
        #[serde(default = "default_day_range")]
        days: u8,
        /// Address of the server, without a trailing slash.
        #[serde(default = "default_firms_url")]
        base_url: String,
    },
    /// A folder that files are dropped into.
    DropFolder {
        /// The folder; `done/` and `bad/` are made inside it.
        path: PathBuf,
        /// Whether the last line of a file may lack its line feed, as some programs write it.
        #[serde(default)]
        allow_missing_newline: bool,
    },
}

/// The keyless file series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum FirmsFile {
    /// VIIRS on NOAA-20.
    #[serde(rename = "noaa20")]
    Noaa20,
    /// VIIRS on NOAA-21.
    #[serde(rename = "noaa21")]
    Noaa21,
    /// VIIRS on Suomi-NPP; ended 1 November 2026.
    #[serde(rename = "suomi_npp")]
    SuomiNpp,
    /// MODIS on Terra and Aqua.
    #[serde(rename = "modis")]
    Modis,
}

/// Window of a keyless file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum FirmsWindow {
    /// Yesterday and today, UTC days.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// One day more.
    #[serde(rename = "48h")]
    TwoDays,
    /// A week.
    #[serde(rename = "7d")]
    Week,
}

/// Data sets of the area API that cover Baicheng.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum FirmsDataset {
    /// VIIRS NOAA-20, near real time.
    #[serde(rename = "VIIRS_NOAA20_NRT")]
    ViirsNoaa20Nrt,
    /// VIIRS NOAA-21, near real time.
    #[serde(rename = "VIIRS_NOAA21_NRT")]
    ViirsNoaa21Nrt,
    /// VIIRS Suomi-NPP, near real time; ended 1 November 2026.
    #[serde(rename = "VIIRS_SNPP_NRT")]
    ViirsSnppNrt,
    /// MODIS Terra and Aqua, near real time.
    #[serde(rename = "MODIS_NRT")]
    ModisNrt,
    /// VIIRS NOAA-20, standard product.
    #[serde(rename = "VIIRS_NOAA20_SP")]
    ViirsNoaa20Sp,
    /// VIIRS Suomi-NPP, standard product.
    #[serde(rename = "VIIRS_SNPP_SP")]
    ViirsSnppSp,
    /// MODIS, standard product.
    #[serde(rename = "MODIS_SP")]
    ModisSp,
}

fn default_firms_region() -> String {
    "Russia_Asia".to_owned()
}

fn default_firms_url() -> String {
    "https://firms.modaps.eosdis.nasa.gov".to_owned()
}

fn default_day_range() -> u8 {
    2
}

impl Default for Config {
    fn default() -> Self {
        let keyless = |id: &str, satellite| SourceConfig {
            id: id.to_owned(),
            kind: SourceKind::FirmsFiles {
                satellite,
                region: default_firms_region(),
                window: FirmsWindow::Day,
                base_url: default_firms_url(),
            },
        };
        Self {
            region: PathBuf::from("regions/baicheng"),
            database: PathBuf::from("data/firegrid.sqlite"),
            web: WebConfig::default(),
            polling: PollingConfig::default(),
            rules: RulesConfig::default(),
            review: ReviewConfig::default(),
            clocks: ClocksConfig::default(),
            escalation: EscalationConfig::default(),
            audit: AuditConfig::default(),
            accounts: AccountsConfig::default(),
            shares: Shares::default(),
            sign_on: None,
            map: MapConfig::default(),
            heat_sources: HeatSourcesConfig::default(),
            burning: BurningConfig::default(),
            sources: vec![
                keyless("noaa21", FirmsFile::Noaa21),
                keyless("noaa20", FirmsFile::Noaa20),
                keyless("modis", FirmsFile::Modis),
            ],
            lists: Vec::new(),
            simulated: false,
        }
    }
}

impl Default for PollingConfig {
    fn default() -> Self {
        Self { interval_secs: 600, late_after_hours: 12, stale_after_hours: 24, keep_bodies_days: 30 }
    }
}

impl Default for RulesConfig {
    fn default() -> Self {
        let plans = PlanRules::default();
        Self {
            link_gap_hours: 6,
            plan_near_km: plans.near_km,
            plan_near_hours: plans.near_hours,
            plans_need_order: plans.need_order,
        }
    }
}

impl Default for BurningConfig {
    fn default() -> Self {
        let rules = BurnRules::default();
        Self { review_level: rules.review_level, order_level: rules.order_level }
    }
}

impl Config {
    /// Whether the file itself holds a secret. The key of map tiles is none: every browser is given it.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        let of_sources = self.sources.iter().any(|source| match &source.kind {
            SourceKind::FirmsArea { key, .. } => key.is_inline(),
            SourceKind::FirmsFiles { .. } | SourceKind::DropFolder { .. } => false,
        });
        of_sources || self.sign_on.as_ref().is_some_and(|section| section.secret.is_inline())
    }

    /// Who may do what to a burn plan.
    #[must_use]
    pub fn burn_rules(&self) -> BurnRules {
        BurnRules {
            review_level: self.burning.review_level,
            order_level: self.burning.order_level,
            need_order: self.rules.plans_need_order,
        }
    }

    /// The rules as those who record and act take them.
    #[must_use]
    pub fn domain_rules(&self) -> Rules {
        Rules {
            link_gap: SignedDuration::from_hours(i64::from(self.rules.link_gap_hours)),
            plans: PlanRules {
                near_km: self.rules.plan_near_km,
                near_hours: self.rules.plan_near_hours,
                need_order: self.rules.plans_need_order,
            },
            review: self.review.rules(),
            clocks: self.clocks.rules(&self.escalation),
        }
    }
}

impl Default for HeatSourcesConfig {
    fn default() -> Self {
        let (suggest, approval) = (SuggestRules::default(), ApprovalRules::default());
        Self {
            look_back_days: suggest.look_back_days,
            cell_km: suggest.cell_km,
            min_days: suggest.min_days,
            min_night_share: suggest.min_night_share,
            max_median_frp_mw: suggest.max_median_frp_mw,
            max_frp_spread_mw: suggest.max_frp_spread_mw,
            approve_level: approval.level,
            longest_approval_days: approval.longest_days,
            expires_soon_days: approval.soon_days,
        }
    }
}

impl HeatSourcesConfig {
    /// What makes a place look like a fixed source.
    #[must_use]
    pub fn suggest_rules(&self) -> SuggestRules {
        SuggestRules {
            cell_km: self.cell_km,
            look_back_days: self.look_back_days,
            min_days: self.min_days,
            min_night_share: self.min_night_share,
            max_median_frp_mw: self.max_median_frp_mw,
            max_frp_spread_mw: self.max_frp_spread_mw,
        }
    }

    /// Who may approve one, and for how long.
    #[must_use]
    pub fn approval_rules(&self) -> ApprovalRules {
        ApprovalRules {
            level: self.approve_level,
            longest_days: self.longest_approval_days,
            soon_days: self.expires_soon_days,
        }
    }
}
