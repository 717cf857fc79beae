//! Reads `region.toml`: the region's settings, and which files it has in which datum.
//!
//! Unknown keys are faults, and a geometry file without a declared datum is one: GCJ-02 lies
//! half a kilometre off and cannot be told from the numbers. Called by [`super::bundle`] for the
//! paths and by [`super::parse`] for everything; the keys are read in [`reader`]. It reads no other file.

mod reader;

use crate::domain::datum::Datum;
use crate::domain::ground::Extent;
use crate::domain::time::{Season, TimeZone};
use crate::domain::zone::OutsideZones;
pub use reader::read;

/// Name of the manifest in a region's folder.
pub const MANIFEST: &str = "region.toml";

/// Belt when the file names none, km: the value of the contract's example.
pub const DEFAULT_NEIGHBOUR_BELT_KM: f64 = 10.0;

/// Widest belt, km. Beyond it the belt is not a neighbourhood but the next city.
pub const MAX_NEIGHBOUR_BELT_KM: f64 = 100.0;

/// An extent wider or higher than this many degrees draws a warning: it is larger than any
/// prefecture-level city and no longer catches swapped axes.
const WIDE_EXTENT_DEG: f64 = 12.0;

/// What the manifest says, as far as it could be read.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Complete settings; `None` when one of them has a fault.
    pub settings: Option<Settings>,
    /// The box that geometry must lie in; `None` when it has a fault.
    pub extent: Option<Extent>,
    /// The files, in the order of [`Section::ALL`].
    pub files: Vec<FileEntry>,
}

/// The settings that are not about files.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The region's id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: Option<String>,
    /// Zone of local days.
    pub time_zone: TimeZone,
    /// What city ground outside every zone in force is.
    pub outside_zones: OutsideZones,
    /// When that holds.
    pub outside_season: Option<Season>,
    /// 审图号
    pub map_review_number: Option<String>,
    /// Belt in which detections are neighbours, km.
    pub neighbour_belt_km: f64,
}

/// One file of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// What it holds.
    pub section: Section,
    /// Path relative to the folder.
    pub path: String,
    /// Declared datum; WGS-84 where the section has no geometry or the declaration has a fault.
    pub datum: Datum,
}

/// The sections that name a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The responsibility tree.
    Units,
    /// Ban and limited zones.
    Zones,
    /// Who answers for which unit.
    People,
    /// Approved fixed sources.
    HeatSources,
    /// Named points.
    Places,
    /// Closures, permitted hours, weather limit, quotas.
    Calendar,
    /// Burn-weather levels.
    BurnWeather,
    /// Burn plans.
    BurnPlans,
    /// Duty roster.
    Duty,
    /// Land cover.
    Landcover,
}

impl Section {
    /// All of them, in reading order.
    pub const ALL: [Self; 10] = [
        Self::Units,
        Self::Zones,
        Self::People,
        Self::HeatSources,
        Self::Places,
        Self::Calendar,
        Self::BurnWeather,
        Self::BurnPlans,
        Self::Duty,
        Self::Landcover,
    ];

    /// Its name in `region.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Zones => "zones",
            Self::People => "people",
            Self::HeatSources => "heat_sources",
            Self::Places => "places",
            Self::Calendar => "calendar",
            Self::BurnWeather => "burn_weather",
            Self::BurnPlans => "burn_plans",
            Self::Duty => "duty",
            Self::Landcover => "landcover",
        }
    }

    fn is_required(self) -> bool {
        matches!(self, Self::Units | Self::Zones)
    }

    fn has_geometry(self) -> bool {
        !matches!(self, Self::People | Self::Calendar | Self::BurnWeather | Self::Duty)
    }
}

impl Manifest {
    /// The file of a section.
    #[must_use]
    pub fn entry(&self, section: Section) -> Option<&FileEntry> {
        self.files.iter().find(|entry| entry.section == section)
    }

    /// The path of a section's file; the manifest's own where it names none.
    #[must_use]
    pub fn path_of(&self, section: Section) -> &str {
        self.entry(section).map_or(MANIFEST, |entry| entry.path.as_str())
    }

    /// The paths of the files it names.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|entry| entry.path.as_str())
    }
}

/// A warning text when the extent is too wide to be of use.
#[must_use]
pub fn wide_extent(extent: &Extent) -> Option<String> {
    let (width, height) = (extent.east - extent.west, extent.north - extent.south);
    (width > WIDE_EXTENT_DEG || height > WIDE_EXTENT_DEG).then(|| {
        format!(
            "the extent is {width:.1} by {height:.1} degrees; so wide a box does not catch swapped axes or a wrong file"
        )
    })
}
