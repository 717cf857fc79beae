//! Configuration: types and defaults ([`Config`]), reading ([`load`]), secrets ([`secret`]).
//!
//! One TOML file; unknown keys are errors. Order: defaults, file, `FIREGRID_...`
//! environment, flags. Read by [`crate::app`] and [`crate::cli`]; the parts are handed to the modules
//! they concern.

pub mod load;
pub mod secret;

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::burning::BurnRules;
use crate::domain::policy::PlanRules;
use crate::domain::rules::Rules;
use crate::domain::time::SignedDuration;
use crate::domain::unit::UnitLevel;

pub use load::{Fault, load};
pub use secret::Secret;

/// The whole configuration, as in `config/firegrid.toml`.
///
/// Read section by section in [`load`], so that one bad key does not hide the next.
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
    /// Who reviews and orders burning.
    pub burning: BurningConfig,
    /// The feeds. Naming any in the file replaces the default list.
    pub sources: Vec<SourceConfig>,
    /// The fires are simulated; set only by `firegrid demo`, said on every page.
    pub simulated: bool,
}

/// `[web]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebConfig {
    /// Address and port to listen on.
    #[serde(deserialize_with = "load::address")]
    pub listen: SocketAddr,
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

/// `[burning]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BurningConfig {
    /// Units of this level and above may approve and refuse burn plans.
    pub review_level: UnitLevel,
    /// Units of this level and above may give the day's orders and take them back.
    pub order_level: UnitLevel,
}

/// `[[source]]`: one feed. Its keys are checked in [`load`]: `flatten` cannot refuse unknown ones.
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
            burning: BurningConfig::default(),
            sources: vec![
                keyless("noaa21", FirmsFile::Noaa21),
                keyless("noaa20", FirmsFile::Noaa20),
                keyless("modis", FirmsFile::Modis),
            ],
            simulated: false,
        }
    }
}

impl Default for WebConfig {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8080)) }
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
    /// Who may do what to a burn plan.
    #[must_use]
    pub fn burn_rules(&self) -> BurnRules {
        BurnRules {
            review_level: self.burning.review_level,
            order_level: self.burning.order_level,
            need_order: self.rules.plans_need_order,
        }
    }
}

impl RulesConfig {
    /// The rules as those who record take them.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules {
            link_gap: SignedDuration::from_hours(i64::from(self.link_gap_hours)),
            plans: PlanRules {
                near_km: self.plan_near_km,
                near_hours: self.plan_near_hours,
                need_order: self.plans_need_order,
            },
        }
    }
}
