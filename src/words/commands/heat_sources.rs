//! `firegrid heat-sources`.

use std::fmt::Display;

use crate::domain::heat_suggest::Suggestion;
use crate::domain::time::Date;
use crate::words::{Sentence, sentence};

/// A source that has the ground of an outline.
pub(crate) const BY_OUTLINE: &str = "按边界";

/// Where a source stands that no person approved here.
pub(crate) const REGION_FILE: &str = "区域文件";

/// Ground of no unit.
const OUTSIDE: &str = "市外";

/// How far the ground of a source reaches.
pub(crate) fn metres(radius_m: impl Display) -> String {
    format!("{radius_m}米")
}

/// Who watches a source.
pub(crate) fn watched(unit: &str, by: &str) -> String {
    format!("看护 {unit} {by}")
}

/// Who approved a source.
pub(crate) fn approved(by: impl Display) -> String {
    format!("批准 {by}")
}

/// Where a suggested source lies, and what is near.
pub(crate) fn place(suggestion: &Suggestion) -> String {
    let unit = suggestion.unit.as_ref().map_or(OUTSIDE, |unit| unit.0.as_str());
    let place = suggestion.nearest_place.as_ref();
    let place = place.map_or_else(String::new, |place| format!("，距{} {:.1}公里", place.name, place.distance_km));
    format!("{unit}{place}")
}

/// The nearest source that is known, where one is near.
pub(crate) fn nearest(suggestion: &Suggestion) -> String {
    suggestion.nearest_source.as_ref().map_or_else(String::new, |source| {
        format!("；最近的已知热源 {}（{}）{:.1}公里", source.name, source.id, source.distance_km)
    })
}

/// How many sources are suggested, by how many detections of the days before one.
pub(crate) fn suggested(suggestions: usize, detections: usize, (until, days): (Date, impl Display)) -> Sentence {
    sentence(
        format!("疑似固定热源{suggestions}处（{until}止{days}天，{detections}个热异常像元）；未经人员批准不生效"),
        format!(
            "{suggestions} suggestion(s) in {detections} detections of {days} days until {until}; nothing counts before a \
             person approves it"
        ),
    )
}

/// How many sources there are, and how many run out soon.
pub(crate) fn listed(sources: usize, soon: usize, days: impl Display) -> Sentence {
    sentence(
        format!("固定热源{sources}处，{soon}处将在{days}天内到期"),
        format!("{sources} heat source(s), {soon} expire within {days} days"),
    )
}
