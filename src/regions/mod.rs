//! The operator's files to checked [`RegionData`]: strict, all faults at once, every file in WGS-84.
//!
//! [`load`] reads a folder, [`parse`] the same files from a stored [`Bundle`]; the order of work is
//! [`bundle`] (bytes), [`manifest`] (`region.toml`), then a reader per file, whose `GeoJSON` goes
//! through [`geojson`], [`geometry`] and [`topology`] and whose tables through [`table`], and last
//! [`survey`] over the whole, which only warns. [`difference()`] tells two versions apart, [`grid`] cuts
//! cells where a city has none, [`import`] takes lists of people in.
//! Nothing here decides which version is active, and nothing is repaired except the winding and vertices that repeat
//! the one before them.
//!
//! Features, parts, rings and positions are counted from one in every message.

pub mod area;
pub mod bundle;
pub mod burn_plans;
pub mod burn_weather;
pub mod calendar;
pub mod difference;
pub mod duty;
pub mod geojson;
pub mod geometry;
pub mod grid;
pub mod heat_sources;
pub mod import;
mod json;
pub mod landcover;
pub mod manifest;
pub mod people;
pub mod places;
pub mod plan_rows;
pub mod plot;
pub mod properties;
pub mod survey;
pub mod table;
pub mod topology;
pub mod units;
pub mod unknown_properties;
mod vocabulary;
pub mod zones;

use std::collections::BTreeSet;
use std::path::Path;

pub use bundle::{Bundle, BundleError};
pub use difference::{Difference, difference};

pub use crate::files::{faults, guess, text};

use crate::config::Fault;
use crate::domain::ground::RegionData;
use crate::domain::time::{Date, TimeZone};
use crate::words::file_faults::all_glossed;
use faults::Faults;
use geometry::GeometryReader;
use manifest::{FileEntry, MANIFEST, Manifest, Section};

/// Something an operator should know about files that are usable all the same; same shape as a fault.
pub type Warning = Fault;

/// A region that passed.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What the files say.
    pub data: RegionData,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
    /// The files themselves.
    pub bundle: Bundle,
    /// Which file is which.
    pub manifest: Manifest,
}

impl Loaded {
    /// What has run out by a local day: heat sources past their expiry, zones past their last day.
    #[must_use]
    pub fn warnings_on(&self, day: Date) -> Vec<Warning> {
        all_glossed(survey::run_out(&self.data, &self.manifest, day))
    }
}

/// Reads and checks a region's folder.
///
/// # Errors
/// Every fault of every file.
pub fn load(folder: &Path) -> Result<Loaded, Vec<Fault>> {
    let (bundle, faults) = Bundle::collect(folder);
    check(bundle, faults)
}

/// Checks the files of a bundle; the same bytes give the same result wherever they come from.
///
/// # Errors
/// Every fault of every file.
pub fn parse(bundle: Bundle) -> Result<Loaded, Vec<Fault>> {
    check(bundle, Faults::default())
}

/// Goes on from the faults of reading the folder, so that those of the readable files are told too.
fn check(bundle: Bundle, mut faults: Faults) -> Result<Loaded, Vec<Fault>> {
    let manifest = match bundle.files.get(MANIFEST) {
        Some(bytes) => manifest::read(bytes, &mut faults),
        None if faults.names(MANIFEST) => None,
        None => {
            faults.add(MANIFEST, "", "file_missing", "the region has no region.toml");
            None
        }
    };
    let data = manifest.as_ref().and_then(|manifest| read_files(&bundle, manifest, &mut faults));
    match (manifest, data) {
        (Some(manifest), Some(data)) if faults.is_empty() => {
            let mut warnings = faults.take_warnings();
            warnings.extend(survey::survey(&data, &manifest));
            Ok(Loaded { data, warnings: all_glossed(warnings), bundle, manifest })
        }
        _ => Err(all_glossed(faults.into_list())),
    }
}

/// The faults of files that are known to have some.
fn faults_of(bundle: Bundle, faults: Faults) -> Vec<Fault> {
    check(bundle, faults).err().unwrap_or_default()
}

fn read_files(bundle: &Bundle, manifest: &Manifest, faults: &mut Faults) -> Option<RegionData> {
    for entry in &manifest.files {
        if !bundle.files.contains_key(&entry.path) && !faults.names(&entry.path) {
            let message = format!("[{}] of region.toml names this file, but it is not there", entry.section.name());
            faults.add(&entry.path, "", "file_missing", message);
        }
    }
    let file = |section| {
        let entry: &FileEntry = manifest.entry(section)?;
        Some((entry, entry.path.as_str(), bundle.files.get(&entry.path)?.as_slice()))
    };
    let geometry = |entry| GeometryReader::new(entry, manifest.extent);
    let units = file(Section::Units).map(|(entry, path, bytes)| units::read(path, bytes, &mut geometry(entry), faults));
    let zones = file(Section::Zones).map(|(entry, path, bytes)| zones::read(path, bytes, &mut geometry(entry), faults));
    let heat_sources = file(Section::HeatSources)
        .map(|(entry, path, bytes)| heat_sources::read(path, bytes, &mut geometry(entry), faults));
    let codes: BTreeSet<_> = units.iter().flatten().map(|unit| &unit.code).collect();
    let people = file(Section::People).map(|(_, path, bytes)| people::read(path, bytes, &codes, faults));
    let places = file(Section::Places)
        .map(|(entry, path, bytes)| places::read(path, bytes, (entry.datum, manifest.extent), &codes, faults));
    let calendar = file(Section::Calendar).map(|(_, path, bytes)| calendar::read(path, bytes, &codes, faults));
    let burn_weather =
        file(Section::BurnWeather).map(|(_, path, bytes)| burn_weather::read(path, bytes, &codes, faults));
    // Without a usable time zone the version fails anyway; the rows are checked all the same.
    let zone = manifest.settings.as_ref().map_or(TimeZone::UTC, |settings| settings.time_zone.clone());
    let burn_plans = file(Section::BurnPlans)
        .map(|(entry, path, bytes)| burn_plans::read(path, bytes, (&mut geometry(entry), &zone), &codes, faults));
    let duty = file(Section::Duty).map(|(_, path, bytes)| duty::read(path, bytes, &codes, faults));
    let landcover =
        file(Section::Landcover).map(|(entry, path, bytes)| landcover::read(path, bytes, &mut geometry(entry), faults));
    let (settings, extent) = (manifest.settings.clone()?, manifest.extent?);
    Some(RegionData {
        version: bundle.version(),
        id: settings.id,
        name: settings.name,
        name_en: settings.name_en,
        time_zone: settings.time_zone,
        outside_zones: settings.outside_zones,
        outside_season: settings.outside_season,
        extent,
        neighbour_belt_km: settings.neighbour_belt_km,
        map_review_number: settings.map_review_number,
        units: units?,
        zones: zones?,
        people: people.unwrap_or_default(),
        heat_sources: heat_sources.unwrap_or_default(),
        places: places.unwrap_or_default(),
        calendar: calendar.unwrap_or_default(),
        burn_weather: burn_weather.unwrap_or_default(),
        burn_plans: burn_plans.unwrap_or_default(),
        duty: duty.unwrap_or_default(),
        landcover: landcover.unwrap_or_default(),
    })
}
