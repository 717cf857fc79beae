//! What is asked of fixed heat sources: places that look like one, and the acts on an approved one.

use serde::Deserialize;

use super::values;
use crate::domain::heat_approval::{ApprovedHeatSource, HeatAct};
use crate::domain::heat_suggest::{Suggestion, suggest};
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::store::query::Span;
use crate::web::auth::Me;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::site::Web;

/// Places that look like fixed sources as of a local day, and how many detections were looked at.
pub(in crate::web) async fn suggested(web: &Web, me: &Me, until: Date) -> Result<(Vec<Suggestion>, usize), Problem> {
    let (ground, rules) = (web.ground(), web.site.suggest_rules);
    let looked_at = rules.looked_at(until, &ground.data().time_zone);
    let (from, end) = looked_at.map_err(|source| Problem::BadDate { name: "until", source })?;
    let mut known: Vec<_> = me.store.heat_sources().await?.iter().map(ApprovedHeatSource::source).collect();
    known.extend(ground.data().heat_sources.iter().cloned());
    // What its feed took back is no sign of a source.
    let observations = me.store.in_span(Span { from, until: end }).await?;
    let detections = observations.len();
    let found = run_blocking(move || suggest(&ground, &known, &observations, until, &rules)).await?;
    Ok((found, detections))
}

/// An act on an approved source. Flat, so that a field that the act does not know is refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ActBody {
    /// Who acts, where a program names somebody.
    #[serde(rename = "as")]
    pub actor: Option<String>,
    /// The word of the act.
    pub act: String,
    /// The unit that watches from now on.
    pub unit: Option<String>,
    /// The person there.
    pub watched_by: Option<String>,
    /// The new last day.
    pub expires: Option<String>,
    /// Why it ends.
    pub why: Option<String>,
    /// Names the command.
    pub client_id: Option<String>,
}

/// The act of a body, which has every field the act needs and none it does not know.
pub(in crate::web) fn act_of(body: &ActBody) -> Result<HeatAct, Problem> {
    let name = body.act.as_str();
    let needed = |field: &str, value: &Option<String>| {
        value.clone().ok_or_else(|| Problem::BadBody(format!("the act {name:?} needs the field {field}")))
    };
    let (act, knows): (HeatAct, &[&str]) = match name {
        "hand_over" => {
            let unit = UnitCode(needed("unit", &body.unit)?);
            (HeatAct::HandOver { unit, watched_by: body.watched_by.clone() }, &["unit", "watched_by"])
        }
        "renew" => {
            let expires = values::day("expires", &needed("expires", &body.expires)?)?;
            (HeatAct::Renew { expires }, &["expires"])
        }
        "end" => (HeatAct::End { why: needed("why", &body.why)? }, &["why"]),
        other => {
            return Err(Problem::BadBody(format!("act is {other:?}, expected hand_over, renew or end")));
        }
    };
    let given = [
        ("unit", body.unit.is_some()),
        ("watched_by", body.watched_by.is_some()),
        ("expires", body.expires.is_some()),
        ("why", body.why.is_some()),
    ];
    match given.iter().find(|(field, is_given)| *is_given && !knows.contains(field)) {
        Some((field, _)) => Err(Problem::BadBody(format!("the act {name:?} knows no field {field}"))),
        None => Ok(act),
    }
}
