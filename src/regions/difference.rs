//! What would change between two versions of a region, for the dry run before a reload.
//!
//! Pure comparison; whether to go on is the operator's decision. Names and telephone numbers of
//! people are compared, the numbers never shown. What differs in a record is in [`records`].

mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use geo::BooleanOps;
use serde::Serialize;

use super::area::outline_km2;
use crate::domain::ground::{RegionData, RegionVersion};
use crate::domain::zone::Zone;
use crate::words::{Words, region_files as said};
use records::{
    closure_fields, cover_fields, cover_key, person_fields, person_key, place_fields, place_key, plan_fields, settings,
    shift_fields, shift_key, source_fields, unit_fields, weather_fields, weather_key, zone_fields,
};

/// Smaller changes of a zone's area are not told, km²: 100 m², less than rounding moves.
const MIN_AREA_KM2: f64 = 0.0001;

/// Records named one by one in the text; the rest are counted.
const NAMED: usize = 20;

/// Everything that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The version now.
    pub from: RegionVersion,
    /// The version to come.
    pub to: RegionVersion,
    /// Settings of `region.toml` with another value.
    pub settings: Vec<&'static str>,
    /// Units, by code.
    pub units: Changes,
    /// Zones, by id.
    pub zones: Changes,
    /// People, by unit, name and role.
    pub people: Changes,
    /// Heat sources, by id.
    pub heat_sources: Changes,
    /// Places, by name and position.
    pub places: Changes,
    /// Closures of the calendar, by name; its hours, weather limit and quotas are in `settings`.
    pub closures: Changes,
    /// Burn-weather levels, by unit and day.
    pub burn_weather: Changes,
    /// Burn plans, by id.
    pub burn_plans: Changes,
    /// Shifts of the roster, by unit, day and beginning.
    pub duty: Changes,
    /// Patches of land cover, by class.
    pub landcover: Changes,
    /// Ground that zones gain and lose, by id.
    pub zone_areas: Vec<AreaChange>,
}

/// Records that came, went or differ, each list in the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Changes {
    /// Only in the new version.
    pub added: Vec<String>,
    /// Only in the old version.
    pub removed: Vec<String>,
    /// In both, with what differs.
    pub changed: Vec<Change>,
}

/// A record that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its key.
    pub key: String,
    /// The fields that differ.
    pub fields: Vec<&'static str>,
}

/// Ground that a zone gains and loses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaChange {
    /// The zone's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its class in the new version, in the old one when it is gone.
    pub class: &'static str,
    /// New ground, km².
    pub gained_km2: f64,
    /// Lost ground, km².
    pub lost_km2: f64,
}

/// Compares two versions.
#[must_use]
pub fn difference(old: &RegionData, new: &RegionData) -> Difference {
    Difference {
        from: old.version.clone(),
        to: new.version.clone(),
        settings: settings(old, new),
        units: changes(&old.units, &new.units, |unit| unit.code.0.clone(), unit_fields),
        zones: changes(&old.zones, &new.zones, |zone| zone.id.clone(), zone_fields),
        people: changes(&old.people, &new.people, person_key, person_fields),
        heat_sources: changes(&old.heat_sources, &new.heat_sources, |source| source.id.clone(), source_fields),
        places: changes(&old.places, &new.places, place_key, place_fields),
        closures: changes(
            &old.calendar.closures,
            &new.calendar.closures,
            |closure| closure.name.clone(),
            closure_fields,
        ),
        burn_weather: changes(&old.burn_weather, &new.burn_weather, weather_key, weather_fields),
        burn_plans: changes(&old.burn_plans, &new.burn_plans, |plan| plan.id.0.clone(), plan_fields),
        duty: changes(&old.duty, &new.duty, shift_key, shift_fields),
        landcover: changes(&old.landcover, &new.landcover, cover_key, cover_fields),
        zone_areas: zone_areas(&old.zones, &new.zones),
    }
}

impl Difference {
    /// Whether nothing differs but, perhaps, the bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.kinds().into_iter().all(|(_, changes)| *changes == Changes::default())
    }

    /// Every kind of record with its title.
    #[must_use]
    pub fn kinds(&self) -> [(Words, &Changes); 10] {
        [
            (said::UNITS, &self.units),
            (said::ZONES, &self.zones),
            (said::PEOPLE, &self.people),
            (said::HEAT_SOURCES, &self.heat_sources),
            (said::PLACES, &self.places),
            (said::CLOSURES, &self.closures),
            (said::BURN_WEATHER, &self.burn_weather),
            (said::BURN_PLANS, &self.burn_plans),
            (said::DUTY, &self.duty),
            (said::LANDCOVER, &self.landcover),
        ]
    }
}

/// Compares two lists by key. The same key several times (a person holding a unit twice, at
/// different dates) is numbered in the order of the file.
fn changes<T>(
    old: &[T],
    new: &[T],
    key: impl Fn(&T) -> String,
    fields: impl Fn(&T, &T) -> Vec<&'static str>,
) -> Changes {
    let (old, new) = (by_key(old, &key), by_key(new, &key));
    let mut found = Changes::default();
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let text = if name.1 == 1 { name.0.clone() } else { format!("{} #{}", name.0, name.1) };
        match (old.get(name), new.get(name)) {
            (None, _) => found.added.push(text),
            (_, None) => found.removed.push(text),
            (Some(before), Some(after)) => {
                let fields = fields(before, after);
                if !fields.is_empty() {
                    found.changed.push(Change { key: text, fields });
                }
            }
        }
    }
    found
}

fn by_key<T>(list: &[T], key: impl Fn(&T) -> String) -> BTreeMap<(String, usize), &T> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    list.iter()
        .map(|record| {
            let name = key(record);
            let number = count.entry(name.clone()).or_default();
            *number += 1;
            ((name, *number), record)
        })
        .collect()
}

fn zone_areas(old: &[Zone], new: &[Zone]) -> Vec<AreaChange> {
    let (old, new) = (by_key(old, |zone| zone.id.clone()), by_key(new, |zone| zone.id.clone()));
    let ids: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let compared = ids.into_iter().filter_map(|id| {
        let (before, after) = (old.get(id), new.get(id));
        let (gained_km2, lost_km2) = match (before, after) {
            (Some(before), Some(after)) if before.outline == after.outline => return None,
            (Some(before), Some(after)) => (
                outline_km2(&after.outline.difference(&before.outline)),
                outline_km2(&before.outline.difference(&after.outline)),
            ),
            (before, after) => (
                after.map_or(0.0, |zone| outline_km2(&zone.outline)),
                before.map_or(0.0, |zone| outline_km2(&zone.outline)),
            ),
        };
        let zone = after.or(before)?;
        Some(AreaChange {
            id: zone.id.clone(),
            name: zone.name.clone(),
            class: zone.class.name(),
            gained_km2,
            lost_km2,
        })
    });
    compared.filter(|change| change.gained_km2 >= MIN_AREA_KM2 || change.lost_km2 >= MIN_AREA_KM2).collect()
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", said::versions(&self.from, &self.to))?;
        if self.is_empty() {
            return writeln!(f, "{}", said::NOTHING_DIFFERS);
        }
        if !self.settings.is_empty() {
            writeln!(f, "{}", said::settings(&self.settings))?;
        }
        for (title, changes) in self.kinds() {
            write_changes(f, title, changes)?;
        }
        for AreaChange { id, name, class, gained_km2, lost_km2 } in self.zone_areas.iter().take(NAMED) {
            writeln!(f, "{}", said::area(format_args!("{id} {name} ({class})"), *gained_km2, *lost_km2))?;
        }
        write_rest(f, self.zone_areas.len())
    }
}

fn write_changes(f: &mut fmt::Formatter<'_>, title: Words, changes: &Changes) -> fmt::Result {
    if *changes == Changes::default() {
        return Ok(());
    }
    let Changes { added, removed, changed } = changes;
    writeln!(f, "{}", said::counts(title, (added.len(), removed.len(), changed.len())))?;
    for (sign, list) in [('+', added), ('-', removed)] {
        for key in list.iter().take(NAMED) {
            writeln!(f, "  {sign} {key}")?;
        }
        write_rest(f, list.len())?;
    }
    for Change { key, fields } in changed.iter().take(NAMED) {
        writeln!(f, "  ~ {key}: {}", fields.join(", "))?;
    }
    write_rest(f, changed.len())
}

fn write_rest(f: &mut fmt::Formatter<'_>, length: usize) -> fmt::Result {
    if length > NAMED { writeln!(f, "  … +{}", length - NAMED) } else { Ok(()) }
}
