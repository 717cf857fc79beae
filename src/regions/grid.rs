//! Cuts approximate grid cells where a city has drawn none yet (`firegrid regions grid`).
//!
//! Squares of a few kilometres are laid over the outline of each unit to be cut ([`lattice`]),
//! too small remainders are joined to a neighbour ([`merge`]), and every cell goes to the unit
//! whose seat is nearest. All of it is marked approximate, and the result has to pass the strict
//! reader before it is handed out. It writes no file and changes no region.

pub mod lattice;
pub mod merge;

use std::collections::BTreeMap;

use ::geojson::{Feature, Geometry};
use geo::{Centroid, MultiPolygon, Polygon, unary_union};

use super::faults::Faults;
use super::geometry::GeometryReader;
use super::manifest::{FileEntry, Section};
use super::survey::siblings::Tree;
use super::{Loaded, geojson, units};
use crate::config::Fault;
use crate::domain::datum::Datum;
use crate::domain::position::Position;
use crate::domain::unit::{Unit, UnitCode, UnitLevel};
use crate::regions::vocabulary::cell_name;
use crate::words::file_faults::all_glossed;
use lattice::Lattice;

/// Side of a cell when none is asked for, km: the size the city's own plans speak of.
pub const DEFAULT_CELL_KM: f64 = 3.0;

/// Sides that make sense, km. Smaller cells are below a satellite pixel, larger ones are townships.
pub const CELL_KM: std::ops::RangeInclusive<f64> = 0.5..=50.0;

/// What to cut and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The units to cut.
    pub inside: Inside,
    /// Side of a cell, km.
    pub cell_km: f64,
    /// Whether units with a seat and no outline get the union of their cells, marked approximate.
    pub outlines: bool,
}

/// The units to cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inside {
    /// All units of a level that have an outline.
    Level(UnitLevel),
    /// These units.
    Units(Vec<UnitCode>),
}

impl From<UnitLevel> for Inside {
    fn from(level: UnitLevel) -> Self {
        Self::Level(level)
    }
}

/// The new units file.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// A `FeatureCollection`: the original units, then the cells, a feature on each line, WGS-84.
    pub geojson: String,
    /// How many cells were cut.
    pub cells: usize,
    /// Units that got the union of their cells as outline.
    pub outlined: Vec<UnitCode>,
    /// Cut units in which no unit has a seat; their cells belong to them directly.
    pub without_seat: Vec<UnitCode>,
}

/// Why nothing was cut.
#[derive(Debug, thiserror::Error)]
pub enum GridError {
    /// The cell size is out of range.
    #[error("the cell size is {km} km, expected {} to {}", CELL_KM.start(), CELL_KM.end())]
    CellSize {
        /// What was asked for.
        km: f64,
    },
    /// No unit has this code.
    #[error("no unit has the code {:?}", .0.0)]
    UnknownUnit(UnitCode),
    /// The unit has no outline to cut.
    #[error("the unit {:?} has no outline to cut cells from", .0.0)]
    NoOutline(UnitCode),
    /// No unit of the level has an outline.
    #[error("no unit of the level {} has an outline to cut cells from", .0.name())]
    NothingToCut(UnitLevel),
    /// One of the units lies below another one.
    #[error("the unit {:?} lies below {:?}; cut only one of them", .0.0, .1.0)]
    Nested(UnitCode, UnitCode),
    /// There are grid cells already.
    #[error("the unit {:?} has grid cells already, for example {:?}; delete them first", .0.0, .1.0)]
    AlreadyCut(UnitCode, UnitCode),
    /// More cells than a units file may have.
    #[error("about {cells} cells, a units file holds {}; ask for larger cells", geojson::MAX_FEATURES)]
    TooMany {
        /// Squares that cover the units to be cut.
        cells: usize,
    },
    /// The result does not pass the strict reader.
    #[error("the cells do not pass the reader of region files; first of {} faults: {}", .0.len(), first(.0))]
    Unsound(Vec<Fault>),
}

fn first(faults: &[Fault]) -> String {
    faults.first().map(ToString::to_string).unwrap_or_default()
}

/// A cell and the unit it was given to.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its ground; every coordinate has at most five decimals.
    pub ground: Polygon<f64>,
    /// Row and column in the lattice of its cut unit, from the south-west.
    pub square: (usize, usize),
    /// The unit above it.
    pub parent: UnitCode,
}

/// Cuts cells inside units of a checked region.
///
/// # Errors
/// [`GridError`]; nothing is cut by halves.
pub fn cut(region: &Loaded, options: &Options) -> Result<Cut, GridError> {
    if !CELL_KM.contains(&options.cell_km) {
        return Err(GridError::CellSize { km: options.cell_km });
    }
    let tree = Tree::of(&region.data.units);
    let mut cells: Vec<Cell> = Vec::new();
    let mut without_seat = Vec::new();
    for (unit, outline) in units_to_cut(region, options, &tree)? {
        let lattice = Lattice::over(outline, options.cell_km);
        let expected = cells.len() + lattice.squares();
        if expected + region.data.units.len() > geojson::MAX_FEATURES {
            return Err(GridError::TooMany { cells: expected });
        }
        let seats = seats_in(unit, region, &tree);
        if seats.is_empty() {
            without_seat.push(unit.code.clone());
        }
        let pieces = lattice.pieces(outline).into_iter().map(|(square, ground)| {
            let parent = nearest_seat(&ground, &seats).unwrap_or(&unit.code).clone();
            Cell { ground, square, parent }
        });
        cells.extend(merge::join_slivers(pieces.collect(), lattice.square_area()));
    }
    let mut features = originals(region);
    let outlined = if options.outlines { draw_outlines(&mut features, &cells) } else { Vec::new() };
    features.extend(number(&cells, region));
    let geojson = collection(&features);
    verify(&geojson, region)?;
    Ok(Cut { geojson, cells: cells.len(), outlined, without_seat })
}

fn units_to_cut<'a>(
    region: &'a Loaded,
    options: &Options,
    tree: &Tree<'a>,
) -> Result<Vec<(&'a Unit, &'a MultiPolygon<f64>)>, GridError> {
    let units = &region.data.units;
    let chosen: Vec<&Unit> = match &options.inside {
        Inside::Level(level) => {
            let chosen: Vec<_> = units.iter().filter(|unit| unit.level == *level && unit.outline.is_some()).collect();
            if chosen.is_empty() {
                return Err(GridError::NothingToCut(*level));
            }
            chosen
        }
        Inside::Units(codes) => {
            let find = |code: &UnitCode| units.iter().find(|unit| unit.code == *code);
            let found: Result<Vec<_>, _> =
                codes.iter().map(|code| find(code).ok_or_else(|| GridError::UnknownUnit(code.clone()))).collect();
            found?
        }
    };
    let is_chosen = |unit: &Unit| chosen.iter().any(|other| other.code == unit.code);
    for unit in units {
        let Some(above) = tree.above(unit).find(|above| is_chosen(above)) else { continue };
        if is_chosen(unit) {
            return Err(GridError::Nested(unit.code.clone(), above.code.clone()));
        }
        if unit.level == UnitLevel::Grid {
            return Err(GridError::AlreadyCut(above.code.clone(), unit.code.clone()));
        }
    }
    let outline = |unit: &'a Unit| unit.outline.as_ref().ok_or_else(|| GridError::NoOutline(unit.code.clone()));
    chosen.into_iter().map(|unit| Ok((unit, outline(unit)?))).collect()
}

/// The seats of the units below one, by position and code.
fn seats_in<'a>(unit: &Unit, region: &'a Loaded, tree: &Tree<'a>) -> Vec<(Position, &'a UnitCode)> {
    let places = region.data.places.iter();
    places
        .filter_map(|place| {
            let code = place.unit_code.as_ref()?;
            let seat_of = region.data.units.iter().find(|unit| unit.code == *code)?;
            let is_below = tree.above(seat_of).any(|above| above.code == unit.code);
            is_below.then_some((place.position, code))
        })
        .collect()
}

/// The unit whose seat is nearest to the middle of a piece, ties by code.
fn nearest_seat<'a>(ground: &Polygon<f64>, seats: &[(Position, &'a UnitCode)]) -> Option<&'a UnitCode> {
    let middle = ground.centroid()?;
    let middle = Position::from_lon_lat(middle.x(), middle.y()).ok()?;
    let distances = seats.iter().map(|&(seat, code)| (seat.distance_km(middle), code));
    distances.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1))).map(|(_, code)| code)
}

/// The features of the units file with every property they had, their outlines in WGS-84.
fn originals(region: &Loaded) -> Vec<Feature> {
    let path = region.manifest.path_of(Section::Units);
    let bytes = region.bundle.files.get(path).map_or(&[][..], Vec::as_slice);
    // The file has passed the same reader before, feature by feature.
    let features = geojson::read(path, bytes, &mut Faults::default()).unwrap_or_default();
    features
        .into_iter()
        .zip(&region.data.units)
        .map(|(feature, unit)| Feature {
            geometry: unit.outline.as_ref().map(geometry),
            properties: Some(feature.into_properties()),
            ..Feature::default()
        })
        .collect()
}

/// Gives units without an outline the union of their cells.
fn draw_outlines(features: &mut [Feature], cells: &[Cell]) -> Vec<UnitCode> {
    let mut ground_of: BTreeMap<&str, Vec<&Polygon<f64>>> = BTreeMap::new();
    for cell in cells {
        ground_of.entry(&cell.parent.0).or_default().push(&cell.ground);
    }
    let mut outlined = Vec::new();
    for feature in features.iter_mut().filter(|feature| feature.geometry.is_none()) {
        let code = feature.property("code").and_then(|code| code.as_str()).map(str::to_owned);
        let Some((code, ground)) = code.and_then(|code| Some((code.clone(), ground_of.get(code.as_str())?))) else {
            continue;
        };
        let union = lattice::snapped(&unary_union(ground.iter().copied()));
        feature.geometry = Some(geometry(&union));
        feature.set_property("approximate", true);
        outlined.push(UnitCode(code));
    }
    outlined
}

/// The cells as features, numbered within their unit from the north-west, row by row.
fn number(cells: &[Cell], region: &Loaded) -> Vec<Feature> {
    let mut order: Vec<&Cell> = cells.iter().collect();
    order.sort_by_key(|cell| (&cell.parent, std::cmp::Reverse(cell.square.0), cell.square.1));
    let mut numbers: BTreeMap<&UnitCode, usize> = BTreeMap::new();
    order
        .into_iter()
        .map(|cell| {
            let number = numbers.entry(&cell.parent).or_default();
            *number += 1;
            let parent = region.data.units.iter().find(|unit| unit.code == cell.parent);
            let name = parent.map_or("", |unit| unit.name.as_str());
            let mut feature = Feature::from(Geometry::from(&cell.ground));
            feature.set_property("code", format!("{}-G{number:04}", cell.parent));
            feature.set_property("name", cell_name(name, *number));
            if let Some(name_en) = parent.and_then(|unit| unit.name_en.as_ref()) {
                feature.set_property("name_en", format!("{name_en} grid {number:03}"));
            }
            feature.set_property("level", UnitLevel::Grid.name());
            feature.set_property("parent", cell.parent.0.as_str());
            feature.set_property("approximate", true);
            feature
        })
        .collect()
}

fn geometry(outline: &MultiPolygon<f64>) -> Geometry {
    match outline.0.as_slice() {
        [single] => Geometry::from(single),
        _ => Geometry::from(outline),
    }
}

/// A feature on each line, so that two versions can be compared line by line.
fn collection(features: &[Feature]) -> String {
    let lines: Vec<String> = features.iter().map(Feature::to_string).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n"))
}

/// What is handed out has to be readable by the strict reader.
fn verify(geojson: &str, region: &Loaded) -> Result<(), GridError> {
    let entry = FileEntry { section: Section::Units, path: "units.geojson".to_owned(), datum: Datum::Wgs84 };
    // Rounding may move a vertex on the extent's edge by half a metre.
    let extent = region.data.extent.grown_km(0.01);
    let mut faults = Faults::default();
    units::read(&entry.path, geojson.as_bytes(), &mut GeometryReader::new(&entry, Some(extent)), &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(GridError::Unsound(all_glossed(faults.into_list()))) }
}
