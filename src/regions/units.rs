//! Reads `units.geojson` and checks that the units form one tree under one city.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::geojson;
use super::geometry::{Accepts, Geometry, GeometryReader};
use super::properties::{Properties, check_unique};
use super::unknown_properties::UnknownProperties;
use crate::domain::unit::{Unit, UnitCode, UnitLevel};

/// The properties of a unit.
pub const PROPERTIES: [&str; 7] = ["code", "name", "level", "parent", "name_en", "cropland_ha", "approximate"];

/// A unit and where it stands in the file.
struct Read {
    unit: Unit,
    place: String,
    /// The level could be read; without it nothing is said about the tree.
    level_known: bool,
}

/// Reads the units; those with a fault of their own may be missing or incomplete.
pub fn read(file: &str, bytes: &[u8], geometry: &mut GeometryReader<'_>, faults: &mut Faults) -> Vec<Unit> {
    let Some(features) = geojson::read(file, bytes, faults) else { return Vec::new() };
    let mut unknown = UnknownProperties::beside(&PROPERTIES);
    let read: Vec<Read> = features
        .iter()
        .filter_map(|feature| {
            let properties = Properties::of(file, feature, "code");
            unknown.look(&properties);
            let outline = geometry.read(properties.place(), &feature.geometry, Accepts::OutlineOrNull, faults);
            read_unit(&properties, outline, faults)
        })
        .collect();
    unknown.tell(file, faults);
    geometry.tell_repeats(faults);
    check_unique(file, read.iter().map(|read| (read.unit.code.0.as_str(), read.place.as_str())), faults);
    check_tree(file, &read, faults);
    read.into_iter().map(|read| read.unit).collect()
}

fn read_unit(properties: &Properties<'_>, outline: Geometry, faults: &mut Faults) -> Option<Read> {
    let code = properties.required_text("code", faults);
    let name = properties.required_text("name", faults);
    let word = properties.required_text("level", faults);
    let level = word.as_deref().and_then(UnitLevel::from_name);
    if let (Some(word), None) = (&word, level) {
        let known = UnitLevel::ALL.map(UnitLevel::name).join(", ");
        properties.fault("unknown_level", format!("the level is {word:?}, expected one of {known}"), faults);
    }
    let parent = if properties.has("parent") { properties.required_text("parent", faults).map(UnitCode) } else { None };
    let unit = Unit {
        name_en: properties.optional_text("name_en", faults),
        cropland_ha: properties.amount("cropland_ha", faults),
        approximate: properties.flag("approximate", faults),
        // A unit without a code cannot be named by others, but its other faults are told all the same.
        code: UnitCode(code?),
        name: name.unwrap_or_default(),
        level: level.unwrap_or(UnitLevel::Grid),
        parent,
        outline: match outline {
            Geometry::Outline(outline) => Some(outline),
            Geometry::Absent | Geometry::Point(_) | Geometry::Faulty => None,
        },
    };
    Some(Read { unit, place: properties.place().to_owned(), level_known: level.is_some() })
}

fn check_tree(file: &str, read: &[Read], faults: &mut Faults) {
    let by_code: BTreeMap<&UnitCode, &Read> = read.iter().map(|read| (&read.unit.code, read)).collect();
    let cities: Vec<_> = read.iter().filter(|read| read.level_known && read.unit.level == UnitLevel::City).collect();
    match cities.as_slice() {
        [] => faults.add(file, "", "no_city", "no unit has the level \"city\"; the tree needs one root"),
        [_] => {}
        [first, others @ ..] => {
            for other in others {
                let message = format!("a second unit of level \"city\"; the first is {}", first.place);
                faults.add(file, other.place.as_str(), "several_cities", message);
            }
        }
    }
    for read in read.iter().filter(|read| read.level_known) {
        check_parent(file, read, &by_code, faults);
    }
    for cycle in cycles(&by_code) {
        let codes: Vec<_> = cycle.iter().map(|code| code.0.as_str()).collect();
        let place = cycle.first().and_then(|code| by_code.get(code)).map_or("", |read| read.place.as_str());
        let message = format!("its parents lead back to itself: {} and again", codes.join(" -> "));
        faults.add(file, place, "unit_cycle", message);
    }
}

fn check_parent(file: &str, read: &Read, by_code: &BTreeMap<&UnitCode, &Read>, faults: &mut Faults) {
    let (unit, place) = (&read.unit, read.place.as_str());
    match (&unit.parent, unit.level) {
        (None, UnitLevel::City) => {}
        (Some(parent), UnitLevel::City) => {
            let message = format!("the city names {:?} as its parent, expected null", parent.0);
            faults.add(file, place, "city_has_parent", message);
        }
        (None, _) => {
            let message = "the property \"parent\" is missing; only the city has none, name the code of the unit above";
            faults.add(file, place, "parent_missing", message);
        }
        (Some(parent), _) => match by_code.get(parent) {
            None => {
                let message = format!("no unit of this file has the parent's code {:?}", parent.0);
                faults.add(file, place, "unknown_parent", message);
            }
            Some(above) if above.level_known && above.unit.level >= unit.level => {
                let message = format!(
                    "a {} under {:?}, which is a {}; the parent has to be of a higher level",
                    unit.level.name(),
                    parent.0,
                    above.unit.level.name()
                );
                faults.add(file, place, "parent_not_higher", message);
            }
            Some(_) => {}
        },
    }
}

/// Each cycle of parents once, beginning with its lowest code.
fn cycles<'a>(by_code: &BTreeMap<&'a UnitCode, &'a Read>) -> Vec<Vec<&'a UnitCode>> {
    let mut settled: BTreeSet<&UnitCode> = BTreeSet::new();
    let mut found = Vec::new();
    for &start in by_code.keys() {
        let mut path: Vec<&UnitCode> = Vec::new();
        let mut on_path: BTreeSet<&UnitCode> = BTreeSet::new();
        let mut next = Some(start);
        while let Some(code) = next.filter(|code| !settled.contains(code)) {
            if !on_path.insert(code) {
                let from = path.iter().position(|&seen| seen == code).unwrap_or_default();
                found.push(path.split_off(from));
                break;
            }
            path.push(code);
            next =
                by_code.get(code).and_then(|read| read.unit.parent.as_ref()).filter(|code| by_code.contains_key(code));
        }
        settled.extend(on_path);
    }
    found
}
