//! Which alerts a list, a count or a table is of, by the parameters of its address.

use super::params::{flag, span_of, unit_of, words};
use crate::domain::alert::{AlertSource, AlertState};
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::store::AlertFilter;
use crate::store::query::Span;
use crate::web::problem::Problem;
use crate::web::request::Request;
use crate::web::site::Web;

/// What a list of alerts can be narrowed by; the same for counts and exports.
pub(in crate::web) const ALERT_FILTERS: &[&str] = &[
    "unit",
    "candidates",
    "state",
    "open",
    "source",
    "verdict",
    "level",
    "overdue",
    "undelivered",
    "disputed",
    "from",
    "to",
    "external_number",
];

/// The filter of a query string: lists are joined by commas.
pub(in crate::web) fn alert_filter_of(web: &Web, ask: &Request) -> Result<AlertFilter, Problem> {
    let ground = web.ground();
    let unit = unit_of(ask, &ground)?;
    let level = words(ask, "level", UnitLevel::from_name, "a level such as township")?.into_iter().next();
    let owners = level.map(|level| {
        let units = ground.data().units.iter().filter(|unit| unit.level == level);
        units.map(|unit| unit.code.clone()).collect()
    });
    let span = match (ask.param("from"), ask.param("to")) {
        (None, None) => None,
        _ => Some(span_of(web, ask, &ground)?),
    };
    Ok(AlertFilter {
        unit,
        as_candidate: flag(ask, "candidates")?,
        states: words(ask, "state", AlertState::from_name, "states such as open, acknowledged")?,
        open_only: flag(ask, "open")?,
        sources: words(ask, "source", AlertSource::from_name, "sources such as satellite,patrol")?,
        verdicts: words(ask, "verdict", Verdict::from_name, "verdicts such as banned,unplanned")?,
        owners,
        overdue: flag(ask, "overdue")?,
        undelivered: flag(ask, "undelivered")?,
        disputed: flag(ask, "disputed")?,
        span: span.filter(|span| *span != Span::ALL),
        external_number: ask.param("external_number").map(str::to_owned),
        ..AlertFilter::default()
    })
}
