//! Heat sources as they are printed, a line for people each.

use crate::domain::ground::Ground;
use crate::domain::heat_approval::{ApprovedHeatSource, HeatStanding};
use crate::domain::heat_source::{HeatSource, HeatSourceShape};
use crate::domain::heat_suggest::Suggestion;
use crate::words::commands::{from_to, heat_sources as words};
use crate::words::{Label, Say};

/// A source approved here, in a line for people.
pub(super) fn approved_line(ground: &Ground, source: &ApprovedHeatSource, standing: HeatStanding) -> String {
    let unit = ground.unit(&source.unit).map_or(source.unit.0.as_str(), |unit| unit.name.as_str());
    format!(
        "{}  {}  {}  {}  {:.5},{:.5}  {}  {}  {}  {}",
        source.id,
        standing.label().zh,
        source.kind.label().zh,
        source.name,
        source.centre.lon(),
        source.centre.lat(),
        words::metres(source.radius_m),
        from_to(source.approved_on, source.expires),
        words::watched(unit, source.watched_by.as_deref().unwrap_or_default()),
        words::approved(&source.approved_by),
    )
}

/// A source of the region's file, in a line for people.
pub(super) fn region_line(source: &HeatSource, standing: HeatStanding) -> String {
    let ground = match &source.shape {
        HeatSourceShape::Circle { centre, radius_m } => {
            format!("{:.5},{:.5}  {}", centre.lon(), centre.lat(), words::metres(radius_m))
        }
        HeatSourceShape::Outline(_) => words::BY_OUTLINE.to_owned(),
    };
    format!(
        "{}  {}  {}  {}  {ground}  {}  {}  {}",
        source.id,
        standing.label().zh,
        source.kind.label().zh,
        source.name,
        from_to(source.approved_on, source.expires),
        words::REGION_FILE,
        words::approved(&source.approved_by),
    )
}

/// A suggestion, in lines for people.
pub(super) fn suggestion_lines(suggestion: &Suggestion) -> String {
    format!(
        "{:.5},{:.5}  {}  {}：{}{}\n    {}",
        suggestion.centre.lon(),
        suggestion.centre.lat(),
        words::metres(suggestion.radius_m),
        words::place(suggestion),
        suggestion.say().zh,
        words::nearest(suggestion),
        suggestion.say().en,
    )
}
