//! What names a record of each kind, and which of its fields differ; never what stands in them.

use crate::domain::calendar::{BurnWeather, Closure};
use crate::domain::ground::RegionData;
use crate::domain::heat_source::HeatSource;
use crate::domain::landcover::CoverPatch;
use crate::domain::nearest::Place;
use crate::domain::plan::BurnPlan;
use crate::domain::unit::{DutyShift, Holder, Unit};
use crate::domain::zone::Zone;

fn differing(fields: &[(&'static str, bool)]) -> Vec<&'static str> {
    fields.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect()
}

pub(super) fn settings(old: &RegionData, new: &RegionData) -> Vec<&'static str> {
    differing(&[
        ("id", old.id == new.id),
        ("name", old.name == new.name && old.name_en == new.name_en),
        ("time_zone", old.time_zone == new.time_zone),
        ("outside_zones", old.outside_zones == new.outside_zones),
        ("outside_season", old.outside_season == new.outside_season),
        ("extent", old.extent == new.extent),
        ("neighbour_belt_km", old.neighbour_belt_km.total_cmp(&new.neighbour_belt_km).is_eq()),
        ("map_review_number", old.map_review_number == new.map_review_number),
        ("calendar.hours", old.calendar.hours == new.calendar.hours),
        ("calendar.weather", old.calendar.max_weather_level == new.calendar.max_weather_level),
        ("calendar.quota", old.calendar.quotas == new.calendar.quotas),
    ])
}

pub(super) fn unit_fields(old: &Unit, new: &Unit) -> Vec<&'static str> {
    differing(&[
        ("name", old.name == new.name && old.name_en == new.name_en),
        ("level", old.level == new.level),
        ("parent", old.parent == new.parent),
        ("cropland_ha", old.cropland_ha == new.cropland_ha),
        ("approximate", old.approximate == new.approximate),
        ("outline", old.outline == new.outline),
    ])
}

pub(super) fn zone_fields(old: &Zone, new: &Zone) -> Vec<&'static str> {
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

pub(super) fn person_key(holder: &Holder) -> String {
    format!("{} {} {}", holder.unit_code, holder.name, holder.role.name())
}

pub(super) fn person_fields(old: &Holder, new: &Holder) -> Vec<&'static str> {
    differing(&[
        ("post", old.post == new.post),
        ("employer", old.employer == new.employer),
        ("phone", old.phone == new.phone),
        ("valid_from", old.valid_from == new.valid_from),
        ("valid_to", old.valid_to == new.valid_to),
    ])
}

pub(super) fn source_fields(old: &HeatSource, new: &HeatSource) -> Vec<&'static str> {
    differing(&[
        ("name", old.name == new.name),
        ("kind", old.kind == new.kind),
        ("shape", old.shape == new.shape),
        ("approved_by", old.approved_by == new.approved_by),
        ("approved_on", old.approved_on == new.approved_on),
        ("expires", old.expires == new.expires),
    ])
}

pub(super) fn place_key(place: &Place) -> String {
    format!("{} ({:.5}, {:.5})", place.name, place.position.lon(), place.position.lat())
}

pub(super) fn place_fields(old: &Place, new: &Place) -> Vec<&'static str> {
    differing(&[
        ("name_en", old.name_en == new.name_en),
        ("kind", old.kind == new.kind),
        ("unit_code", old.unit_code == new.unit_code),
    ])
}

pub(super) fn closure_fields(old: &Closure, new: &Closure) -> Vec<&'static str> {
    differing(&[
        ("from", old.from == new.from),
        ("to", old.to == new.to),
        ("units", old.units == new.units),
        ("basis", old.basis == new.basis),
    ])
}

pub(super) fn weather_key(weather: &BurnWeather) -> String {
    format!("{} {}", weather.unit_code, weather.date)
}

pub(super) fn weather_fields(old: &BurnWeather, new: &BurnWeather) -> Vec<&'static str> {
    differing(&[("level", old.level == new.level)])
}

/// What the file says of a plan; the instants that follow from its status come and go with it.
pub(super) fn plan_fields(old: &BurnPlan, new: &BurnPlan) -> Vec<&'static str> {
    let status = |plan: &BurnPlan| {
        (
            plan.approved_at.is_some(),
            plan.refused_at.is_some(),
            plan.withdrawn_at.is_some(),
            plan.lit_at.is_some(),
            plan.done_at.is_some(),
            plan.orders.len(),
        )
    };
    differing(&[
        ("unit_code", old.unit_code == new.unit_code),
        ("plot", old.plot == new.plot),
        ("window_start", old.window_start == new.window_start),
        ("window_end", old.window_end == new.window_end),
        ("area_mu", old.area_mu.total_cmp(&new.area_mu).is_eq()),
        ("responsible", old.responsible == new.responsible),
        ("approver", old.reviewed_by == new.reviewed_by),
        ("approved_at", old.received_at == new.received_at),
        ("status", status(old) == status(new)),
        ("note", old.note == new.note),
    ])
}

pub(super) fn shift_key(shift: &DutyShift) -> String {
    format!("{} {} {}", shift.unit_code, shift.date, shift.from.strftime("%H:%M"))
}

pub(super) fn shift_fields(old: &DutyShift, new: &DutyShift) -> Vec<&'static str> {
    differing(&[
        ("to", old.to == new.to),
        ("leader", old.leader == new.leader),
        ("officer", old.officer == new.officer),
        ("phone", old.phone == new.phone),
    ])
}

/// Patches have no id: those of a class are numbered in the order of the file.
pub(super) fn cover_key(patch: &CoverPatch) -> String {
    patch.class.name().to_owned()
}

pub(super) fn cover_fields(old: &CoverPatch, new: &CoverPatch) -> Vec<&'static str> {
    differing(&[("outline", old.outline == new.outline)])
}
