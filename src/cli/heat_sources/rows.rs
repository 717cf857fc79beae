//! Heat sources as they are printed, a line for people each.

use crate::domain::ground::Ground;
use crate::domain::heat_approval::{ApprovedHeatSource, HeatStanding};
use crate::domain::heat_source::{HeatSource, HeatSourceShape};
use crate::domain::heat_suggest::Suggestion;
use crate::words::{Label, Say};

/// A source approved here, in a line for people.
pub(super) fn approved_line(ground: &Ground, source: &ApprovedHeatSource, standing: HeatStanding) -> String {
    let unit = ground.unit(&source.unit).map_or(source.unit.0.as_str(), |unit| unit.name.as_str());
    format!(
        "{}  {}  {}  {}  {:.5},{:.5}  {}米  {}至{}  看护 {} {}  批准 {}",
        source.id,
        standing.label().zh,
        source.kind.label().zh,
        source.name,
        source.centre.lon(),
        source.centre.lat(),
        source.radius_m,
        source.approved_on,
        source.expires,
        unit,
        source.watched_by.as_deref().unwrap_or_default(),
        source.approved_by,
    )
}

/// A source of the region's file, in a line for people.
pub(super) fn region_line(source: &HeatSource, standing: HeatStanding) -> String {
    let ground = match &source.shape {
        HeatSourceShape::Circle { centre, radius_m } => {
            format!("{:.5},{:.5}  {radius_m}米", centre.lon(), centre.lat())
        }
        HeatSourceShape::Outline(_) => "按边界".to_owned(),
    };
    format!(
        "{}  {}  {}  {}  {ground}  {}至{}  区域文件  批准 {}",
        source.id,
        standing.label().zh,
        source.kind.label().zh,
        source.name,
        source.approved_on,
        source.expires,
        source.approved_by,
    )
}

/// A suggestion, in lines for people.
pub(super) fn suggestion_lines(suggestion: &Suggestion) -> String {
    let place = suggestion
        .nearest_place
        .as_ref()
        .map_or_else(String::new, |place| format!("，距{} {:.1}公里", place.name, place.distance_km));
    let near = suggestion.nearest_source.as_ref().map_or_else(String::new, |source| {
        format!("；最近的已知热源 {}（{}）{:.1}公里", source.name, source.id, source.distance_km)
    });
    format!(
        "{:.5},{:.5}  {}米  {}{place}：{}{near}\n    {}",
        suggestion.centre.lon(),
        suggestion.centre.lat(),
        suggestion.radius_m,
        suggestion.unit.as_ref().map_or("市外", |unit| unit.0.as_str()),
        suggestion.say().zh,
        suggestion.say().en,
    )
}
