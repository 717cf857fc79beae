//! What would change between two versions of a region, for the dry run before a reload.
//!
//! Pure comparison; whether to go on is the operator's decision.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use geo::BooleanOps;
use serde::Serialize;

use super::survey::sisters::area_km2;
use crate::domain::ground::{RegionData, RegionVersion};
use crate::domain::heat_source::HeatSource;
use crate::domain::nearest::Place;
use crate::domain::unit::{Holder, Unit};
use crate::domain::zone::Zone;

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
        zone_areas: zone_areas(&old.zones, &new.zones),
    }
}

impl Difference {
    /// Whether nothing differs but, perhaps, the bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let all = [&self.units, &self.zones, &self.people, &self.heat_sources, &self.places];
        self.settings.is_empty() && all.into_iter().all(|changes| *changes == Changes::default())
    }
}

fn differing(fields: &[(&'static str, bool)]) -> Vec<&'static str> {
    fields.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect()
}

fn settings(old: &RegionData, new: &RegionData) -> Vec<&'static str> {
    differing(&[
        ("id", old.id == new.id),
        ("name", old.name == new.name && old.name_en == new.name_en),
        ("time_zone", old.time_zone == new.time_zone),
        ("outside_zones", old.outside_zones == new.outside_zones),
        ("outside_season", old.outside_season == new.outside_season),
        ("extent", old.extent == new.extent),
        ("neighbour_belt_km", old.neighbour_belt_km.total_cmp(&new.neighbour_belt_km).is_eq()),
        ("map_review_number", old.map_review_number == new.map_review_number),
    ])
}

fn unit_fields(old: &Unit, new: &Unit) -> Vec<&'static str> {
    differing(&[
        ("name", old.name == new.name && old.name_en == new.name_en),
        ("level", old.level == new.level),
        ("parent", old.parent == new.parent),
        ("cropland_ha", old.cropland_ha == new.cropland_ha),
        ("approximate", old.approximate == new.approximate),
        ("outline", old.outline == new.outline),
    ])
}

fn zone_fields(old: &Zone, new: &Zone) -> Vec<&'static str> {
    differing(&[
        ("name", old.name == new.name && old.name_en == new.name_en),
        ("class", old.class == new.class),
        ("valid_from", old.valid_from == new.valid_from),
        ("valid_to", old.valid_to == new.valid_to),
        ("season", old.season == new.season),
        ("authority", old.authority == new.authority),
        ("basis", old.basis == new.basis),
        ("approximate", old.approximate == new.approximate),
        ("outline", old.outline == new.outline),
    ])
}

fn person_key(holder: &Holder) -> String {
    format!("{} {} {}", holder.unit_code, holder.name, holder.role.name())
}

fn person_fields(old: &Holder, new: &Holder) -> Vec<&'static str> {
    differing(&[
        ("post", old.post == new.post),
        ("employer", old.employer == new.employer),
        ("phone", old.phone == new.phone),
        ("valid_from", old.valid_from == new.valid_from),
        ("valid_to", old.valid_to == new.valid_to),
    ])
}

fn source_fields(old: &HeatSource, new: &HeatSource) -> Vec<&'static str> {
    differing(&[
        ("name", old.name == new.name),
        ("kind", old.kind == new.kind),
        ("shape", old.shape == new.shape),
        ("approved_by", old.approved_by == new.approved_by),
        ("approved_on", old.approved_on == new.approved_on),
        ("expires", old.expires == new.expires),
    ])
}

fn place_key(place: &Place) -> String {
    format!("{} ({:.5}, {:.5})", place.name, place.position.lon(), place.position.lat())
}

fn place_fields(old: &Place, new: &Place) -> Vec<&'static str> {
    differing(&[
        ("name_en", old.name_en == new.name_en),
        ("kind", old.kind == new.kind),
        ("unit_code", old.unit_code == new.unit_code),
    ])
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
                area_km2(&after.outline.difference(&before.outline)),
                area_km2(&before.outline.difference(&after.outline)),
            ),
            (before, after) => {
                (after.map_or(0.0, |zone| area_km2(&zone.outline)), before.map_or(0.0, |zone| area_km2(&zone.outline)))
            }
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
        writeln!(f, "区域版本 / region version: {} -> {}", self.from.short(), self.to.short())?;
        if self.is_empty() {
            return writeln!(f, "内容没有变化 / no record differs");
        }
        if !self.settings.is_empty() {
            writeln!(f, "设置 / settings: {}", self.settings.join(", "))?;
        }
        for (title, changes) in [
            ("单位 / units", &self.units),
            ("分区 / zones", &self.zones),
            ("责任人 / people", &self.people),
            ("热源 / heat sources", &self.heat_sources),
            ("地名 / places", &self.places),
        ] {
            write_changes(f, title, changes)?;
        }
        for AreaChange { id, name, class, gained_km2, lost_km2 } in self.zone_areas.iter().take(NAMED) {
            writeln!(f, "面积 / area: {id} {name} ({class}) +{gained_km2:.3} km² -{lost_km2:.3} km²")?;
        }
        write_rest(f, self.zone_areas.len())
    }
}

fn write_changes(f: &mut fmt::Formatter<'_>, title: &str, changes: &Changes) -> fmt::Result {
    if *changes == Changes::default() {
        return Ok(());
    }
    let Changes { added, removed, changed } = changes;
    writeln!(
        f,
        "{title}: 新增 {} 删除 {} 修改 {} / {} added, {} removed, {} changed",
        added.len(),
        removed.len(),
        changed.len(),
        added.len(),
        removed.len(),
        changed.len()
    )?;
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
