//! The ground of one region version: its units, zones, people and fixed sources, indexed.
//!
//! Built once per region version by [`Ground::build`] from checked [`RegionData`]; asked by
//! screening, judging and `explain`. It answers where a position stands, which unit leads
//! there, what is closed or grows there, and ([`shares`]) which shares of a footprint lie in
//! which unit and zone class.

mod shares;

use std::collections::{BTreeSet, HashMap};

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::calendar::{BurnWeather, Calendar, Closure};
use super::heat_source::HeatSource;
use super::landcover::{CoverClass, CoverPatch};
use super::locate::PolygonIndex;
use super::nearest::{self, NearestPlace, Place};
use super::plan::BurnPlan;
use super::position::{KM_PER_DEGREE, Position};
use super::time::{self, Date, DateTime, Season, TimeZone, Timestamp};
use super::unit::{DutyShift, Holder, Unit, UnitCode, UnitLevel};
use super::zone::{OutsideZones, Zone, ZoneClass};

pub use shares::{Shares, UnitShare, ZoneShares, percent_text, whole_percent};

/// A unit leads surely at a level when it holds at least this share of the footprint.
pub const SURE_SHARE: f64 = 0.8;

/// Units with more than this share of the footprint are named as candidates.
pub const CANDIDATE_SHARE: f64 = 0.1;

/// The content hash that names one version of the region files.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegionVersion(pub String);

impl RegionVersion {
    /// The first twelve digits, enough for people.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl std::fmt::Display for RegionVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The box that all geometry of a region must lie in, degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// Western longitude.
    pub west: f64,
    /// Southern latitude.
    pub south: f64,
    /// Eastern longitude.
    pub east: f64,
    /// Northern latitude.
    pub north: f64,
}

impl Extent {
    /// Whether a WGS-84 coordinate (x = longitude) lies in the box, its edge included.
    #[must_use]
    pub fn holds(&self, c: geo::Coord<f64>) -> bool {
        (self.west..=self.east).contains(&c.x) && (self.south..=self.north).contains(&c.y)
    }

    /// Whether the box and another (x = longitude) have a point in common.
    #[must_use]
    pub fn meets(&self, other: geo::Rect<f64>) -> bool {
        other.min().x <= self.east
            && self.west <= other.max().x
            && other.min().y <= self.north
            && self.south <= other.max().y
    }

    /// The box grown on all sides by some kilometres.
    #[must_use]
    pub fn grown_km(&self, km: f64) -> Self {
        let dlat = km / KM_PER_DEGREE;
        let widest = self.south.abs().max(self.north.abs()).to_radians();
        let dlon = km / (KM_PER_DEGREE * widest.cos().max(0.01));
        Self { west: self.west - dlon, south: self.south - dlat, east: self.east + dlon, north: self.north + dlat }
    }
}

/// Everything a region's files say, checked and in WGS-84.
#[derive(Debug, Clone)]
pub struct RegionData {
    /// Content hash of the files.
    pub version: RegionVersion,
    /// The region's id, its folder name.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: Option<String>,
    /// Zone of local days.
    pub time_zone: TimeZone,
    /// What city ground outside every zone in force is.
    pub outside_zones: OutsideZones,
    /// When that holds; `None` is all year.
    pub outside_season: Option<Season>,
    /// Geometry outside it is a fault.
    pub extent: Extent,
    /// How far outside the city detections are kept as neighbours, km.
    pub neighbour_belt_km: f64,
    /// 审图号, where the maps have been reviewed.
    pub map_review_number: Option<String>,
    /// The responsibility tree: codes unique, every parent present, no cycle.
    pub units: Vec<Unit>,
    /// The zones: ids unique.
    pub zones: Vec<Zone>,
    /// Who answers for which unit.
    pub people: Vec<Holder>,
    /// Approved fixed sources.
    pub heat_sources: Vec<HeatSource>,
    /// Named points.
    pub places: Vec<Place>,
    /// Closures, permitted hours, quotas.
    pub calendar: Calendar,
    /// Burn-weather levels.
    pub burn_weather: Vec<BurnWeather>,
    /// Burn plans of the file; the store takes them up when the version is activated.
    pub burn_plans: Vec<BurnPlan>,
    /// Duty roster.
    pub duty: Vec<DutyShift>,
    /// Land cover.
    pub landcover: Vec<CoverPatch>,
}

/// Where a position stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// Held by a unit of the city.
    City,
    /// Within the neighbour belt.
    Belt {
        /// Distance to the city, km.
        distance_km: f64,
    },
    /// Beyond the belt.
    Outside,
}

/// A region version, indexed for questions about places.
#[derive(Debug)]
pub struct Ground {
    data: RegionData,
    by_code: HashMap<UnitCode, usize>,
    children: HashMap<UnitCode, Vec<usize>>,
    /// Rows of `people` by unit, those of a unit in the order of the file.
    people_of: HashMap<UnitCode, Vec<usize>>,
    /// Shifts by unit: beginning, end and row of `duty`, earliest beginning first.
    shifts_of: HashMap<UnitCode, Vec<(DateTime, DateTime, usize)>>,
    unit_index: PolygonIndex,
    zone_index: PolygonIndex,
    cover_index: PolygonIndex,
    weather: HashMap<UnitCode, HashMap<Date, u8>>,
    /// Units with an outline none of whose ancestors has one: together they are the city.
    carriers: Vec<usize>,
    reach: Option<Extent>,
    unit_tree: String,
}

impl Ground {
    /// Indexes checked region data.
    #[must_use]
    pub fn build(data: RegionData) -> Self {
        let by_code: HashMap<_, _> = data.units.iter().enumerate().map(|(i, unit)| (unit.code.clone(), i)).collect();
        let mut children: HashMap<UnitCode, Vec<usize>> = HashMap::new();
        for (i, unit) in data.units.iter().enumerate() {
            if let Some(parent) = &unit.parent {
                children.entry(parent.clone()).or_default().push(i);
            }
        }
        let mut people_of: HashMap<UnitCode, Vec<usize>> = HashMap::new();
        for (i, holder) in data.people.iter().enumerate() {
            people_of.entry(holder.unit_code.clone()).or_default().push(i);
        }
        let shifts_of = shifts_by_unit(&data.duty);
        let unit_index = PolygonIndex::build(data.units.iter().map(|unit| unit.outline.as_ref()));
        let zone_index = PolygonIndex::build(data.zones.iter().map(|zone| Some(&zone.outline)));
        let cover_index = PolygonIndex::build(data.landcover.iter().map(|patch| Some(&patch.outline)));
        let mut weather: HashMap<UnitCode, HashMap<Date, u8>> = HashMap::new();
        for level in &data.burn_weather {
            weather.entry(level.unit_code.clone()).or_default().insert(level.date, level.level);
        }
        let unit_tree = tree_of(&data.units);
        let mut ground = Self {
            data,
            by_code,
            children,
            people_of,
            shifts_of,
            unit_index,
            zone_index,
            cover_index,
            weather,
            carriers: Vec::new(),
            reach: None,
            unit_tree,
        };
        ground.carriers = (0..ground.data.units.len()).filter(|&i| ground.carries_the_city(i)).collect();
        ground.reach = ground.city_extent().map(|city| city.grown_km(ground.data.neighbour_belt_km * 1.01));
        ground
    }

    /// What the files say.
    #[must_use]
    pub fn data(&self) -> &RegionData {
        &self.data
    }

    /// The version this ground was built from.
    #[must_use]
    pub fn version(&self) -> &RegionVersion {
        &self.data.version
    }

    /// Names the tree of units: two versions with the same one have the same units above every unit.
    #[must_use]
    pub fn unit_tree(&self) -> &str {
        &self.unit_tree
    }

    /// The local day of an instant in the region's time zone.
    #[must_use]
    pub fn local_day(&self, at: Timestamp) -> Date {
        time::local_day(at, &self.data.time_zone)
    }

    /// The local wall-clock moment of an instant in the region's time zone.
    #[must_use]
    pub fn local_moment(&self, at: Timestamp) -> DateTime {
        self.data.time_zone.to_datetime(at)
    }

    /// A unit by its code.
    #[must_use]
    pub fn unit(&self, code: &UnitCode) -> Option<&Unit> {
        self.by_code.get(code).and_then(|&i| self.data.units.get(i))
    }

    /// The units directly under one.
    pub fn children(&self, code: &UnitCode) -> impl Iterator<Item = &Unit> {
        self.children.get(code).into_iter().flatten().filter_map(|&i| self.data.units.get(i))
    }

    /// A unit and everything below it; nothing when there is no such unit.
    #[must_use]
    pub fn subtree(&self, top: &UnitCode) -> BTreeSet<UnitCode> {
        let mut codes = BTreeSet::new();
        let mut open: Vec<UnitCode> = self.unit(top).map(|unit| unit.code.clone()).into_iter().collect();
        while let Some(code) = open.pop() {
            open.extend(self.children(&code).map(|unit| unit.code.clone()));
            codes.insert(code);
        }
        codes
    }

    /// The people of a unit, whatever their dates, in the order of the file.
    pub fn people_of(&self, code: &UnitCode) -> impl Iterator<Item = &Holder> {
        self.people_of.get(code).into_iter().flatten().filter_map(|&i| self.data.people.get(i))
    }

    /// The shift of a unit's desk at a local moment; of several the one that began last.
    #[must_use]
    pub fn shift_at(&self, code: &UnitCode, local: DateTime) -> Option<&DutyShift> {
        let shifts = self.shifts_of.get(code)?;
        let begun = shifts.partition_point(|(from, _, _)| *from <= local);
        let (_, _, row) = shifts.get(..begun)?.iter().rev().find(|(_, to, _)| local < *to)?;
        self.data.duty.get(*row)
    }

    /// The shift of a unit's desk that ended last by a local moment.
    #[must_use]
    pub fn shift_before(&self, code: &UnitCode, local: DateTime) -> Option<&DutyShift> {
        let shifts = self.shifts_of.get(code)?;
        let begun = shifts.partition_point(|(from, _, _)| *from <= local);
        let ended = shifts.get(..begun)?.iter().filter(|(_, to, _)| *to <= local);
        let (_, _, row) = ended.max_by_key(|(from, to, _)| (*to, *from))?;
        self.data.duty.get(*row)
    }

    /// Whether the roster has any shift of a unit's desk.
    #[must_use]
    pub fn has_roster(&self, code: &UnitCode) -> bool {
        self.shifts_of.contains_key(code)
    }

    /// Whether a shift of a unit's desk begins on a local day.
    #[must_use]
    pub fn shift_begins_on(&self, code: &UnitCode, day: Date) -> bool {
        let Some(shifts) = self.shifts_of.get(code) else { return false };
        let first = shifts.partition_point(|(from, _, _)| from.date() < day);
        shifts.get(first).is_some_and(|(from, _, _)| from.date() == day)
    }

    /// A unit and those above it, lowest first.
    #[must_use]
    pub fn line_of(&self, code: &UnitCode) -> Vec<&Unit> {
        let mut line: Vec<&Unit> = Vec::new();
        let mut next = self.unit(code);
        while let Some(unit) = next {
            // The reader refuses cycles; the bound keeps this total all the same.
            if line.len() > self.data.units.len() {
                break;
            }
            line.push(unit);
            next = unit.parent.as_ref().and_then(|parent| self.unit(parent));
        }
        line
    }

    /// The unit above all others: the city.
    #[must_use]
    pub fn top(&self) -> Option<&Unit> {
        self.data.units.iter().find(|unit| unit.parent.is_none())
    }

    /// The unit of a level on the line of another unit, itself included.
    #[must_use]
    pub fn at_level(&self, code: &UnitCode, level: UnitLevel) -> Option<&Unit> {
        self.line_of(code).into_iter().find(|unit| unit.level == level)
    }

    /// The unit that answers for a unit's ground: its unit of township level (towns, farms,
    /// bureaus), or the unit itself where no township is drawn.
    #[must_use]
    pub fn responsible_for(&self, code: &UnitCode) -> UnitCode {
        self.at_level(code, UnitLevel::Township).map_or_else(|| code.clone(), |unit| unit.code.clone())
    }

    /// The local date and time of an instant in the region's time zone.
    #[must_use]
    pub fn local_time(&self, at: Timestamp) -> DateTime {
        self.data.time_zone.to_datetime(at)
    }

    /// The lowest unit that holds a position: ties by code, borders belong to both sides.
    #[must_use]
    pub fn unit_at(&self, position: Position) -> Option<&Unit> {
        self.unit_index
            .holding(position)
            .into_iter()
            .filter_map(|i| self.data.units.get(i))
            .min_by(|a, b| b.level.cmp(&a.level).then_with(|| a.code.cmp(&b.code)))
    }

    /// Every unit that a position lies in, by its own outline or by that of a unit below it;
    /// a border counts for both sides.
    ///
    /// # Shape
    /// Codes, rising, each once.
    #[must_use]
    pub fn units_over(&self, position: Position) -> Vec<&UnitCode> {
        let holding = self.unit_index.holding(position);
        let units = holding.into_iter().filter_map(|i| self.data.units.get(i));
        let mut codes: Vec<_> = units.flat_map(|unit| self.line_of(&unit.code)).map(|unit| &unit.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The outlines that carry a unit: its own, or those of its children where it has none.
    #[must_use]
    pub fn outlines_of(&self, code: &UnitCode) -> Vec<&MultiPolygon<f64>> {
        match self.unit(code).map(|unit| unit.outline.as_ref()) {
            None => Vec::new(),
            Some(Some(outline)) => vec![outline],
            Some(None) => self.children(code).flat_map(|child| self.outlines_of(&child.code)).collect(),
        }
    }

    /// The closures that are running at a local moment on ground within some units (those of
    /// [`Ground::units_over`]), in the order of the file.
    pub fn closures_over(&self, units_over: &[&UnitCode], moment: DateTime) -> impl Iterator<Item = &Closure> {
        self.data
            .calendar
            .running(moment)
            .filter(|closure| closure.units.is_empty() || closure.units.iter().any(|code| units_over.contains(&code)))
    }

    /// The burn-weather level the file gives a unit for a local day.
    #[must_use]
    pub fn burn_weather_level(&self, code: &UnitCode, day: Date) -> Option<u8> {
        self.weather.get(code)?.get(&day).copied()
    }

    /// The kinds of land cover at a position, in the order of [`CoverClass::ALL`].
    #[must_use]
    pub fn cover_at(&self, position: Position) -> Vec<CoverClass> {
        let mut classes: Vec<_> = self
            .cover_index
            .holding(position)
            .into_iter()
            .filter_map(|i| Some(self.data.landcover.get(i)?.class))
            .collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// All zones that hold a position, in force or not, in the order of their ids.
    #[must_use]
    pub fn zones_at(&self, position: Position) -> Vec<&Zone> {
        let mut zones: Vec<_> =
            self.zone_index.holding(position).into_iter().filter_map(|i| self.data.zones.get(i)).collect();
        zones.sort_by(|a, b| a.id.cmp(&b.id));
        zones
    }

    /// Whether a position is in the city, in its belt, or beyond.
    #[must_use]
    pub fn standing(&self, position: Position) -> Standing {
        if !self.reach.is_some_and(|reach| reach.holds(position.to_point().0)) {
            return Standing::Outside;
        }
        if !self.unit_index.holding(position).is_empty() {
            return Standing::City;
        }
        let belt_km = self.data.neighbour_belt_km;
        let here = Extent { west: position.lon(), east: position.lon(), south: position.lat(), north: position.lat() };
        let window = here.grown_km(belt_km * 1.01);
        let distance_km = self
            .unit_index
            .near((window.west, window.south, window.east, window.north))
            .into_iter()
            .filter_map(|i| self.data.units.get(i).and_then(|unit| unit.outline.as_ref()))
            .map(|outline| nearest::distance_to_outline_km(position, outline))
            .fold(f64::INFINITY, f64::min);
        if distance_km <= belt_km { Standing::Belt { distance_km } } else { Standing::Outside }
    }

    /// The nearest named place.
    #[must_use]
    pub fn nearest_place(&self, position: Position) -> Option<NearestPlace> {
        nearest::nearest_place(position, &self.data.places)
    }

    /// Which class of rule city ground outside every zone in force has on a day.
    #[must_use]
    pub fn outside_class(&self, day: Date) -> Option<ZoneClass> {
        let runs = self.data.outside_season.as_ref().is_none_or(|season| season.contains(day));
        if runs { self.data.outside_zones.class() } else { None }
    }

    /// The box of the whole city; `None` when no unit has an outline.
    #[must_use]
    pub fn city_extent(&self) -> Option<Extent> {
        use geo::BoundingRect;
        self.data
            .units
            .iter()
            .filter_map(|unit| unit.outline.as_ref()?.bounding_rect())
            .map(|r| Extent { west: r.min().x, south: r.min().y, east: r.max().x, north: r.max().y })
            .reduce(|a, b| Extent {
                west: a.west.min(b.west),
                south: a.south.min(b.south),
                east: a.east.max(b.east),
                north: a.north.max(b.north),
            })
    }

    fn carries_the_city(&self, i: usize) -> bool {
        let Some(unit) = self.data.units.get(i) else { return false };
        unit.outline.is_some() && self.line_of(&unit.code).iter().skip(1).all(|above| above.outline.is_none())
    }
}

/// Shifts of each unit by their beginning; of the same beginning the longer first.
fn shifts_by_unit(duty: &[DutyShift]) -> HashMap<UnitCode, Vec<(DateTime, DateTime, usize)>> {
    let mut shifts: HashMap<UnitCode, Vec<(DateTime, DateTime, usize)>> = HashMap::new();
    for (i, shift) in duty.iter().enumerate() {
        // The reader refuses a shift without an end.
        if let Some((from, to)) = shift.span() {
            shifts.entry(shift.unit_code.clone()).or_default().push((from, to, i));
        }
    }
    for list in shifts.values_mut() {
        list.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    }
    shifts
}

/// SHA-256 over every unit and the unit above it, whatever their order in the file.
fn tree_of(units: &[Unit]) -> String {
    let mut links: Vec<_> = units.iter().map(|unit| (&unit.code, &unit.parent)).collect();
    links.sort_unstable();
    let mut hash = Sha256::new();
    for (code, parent) in links {
        let parent = parent.as_ref().map_or("", |parent| parent.0.as_str());
        hash.update(format!("{}\n{parent}\n", code.0));
    }
    hex::encode(hash.finalize())
}
