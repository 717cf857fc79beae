//! Fixed heat sources over the API: known ones, suggestions, approvals and what follows them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Body, Named};
use super::page::{self, PAGING};
use super::params;
use crate::domain::heat_approval::{ApprovedHeatSource, HeatAct, HeatStanding, NewHeatSource};
use crate::domain::heat_source::HeatSourceKind;
use crate::domain::heat_suggest::{Suggestion, suggest};
use crate::domain::position::Position;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::report::objects;
use crate::store::HeatAnswer;
use crate::store::query::Span;
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::error::{Problem, document};

/// `GET /api/v1/heat-sources`
pub(super) async fn list(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(PAGING)?;
        let ground = web.ground();
        let today = ground.local_day(web.now());
        let approved = me.store.heat_sources().await?;
        let rows = objects::heat_sources(&ground, &approved, today, &web.site.approval_rules);
        let soon = rows.iter().filter(|(standing, _)| *standing == HeatStanding::ExpiresSoon).count();
        let mut sources: Vec<_> = rows.into_iter().map(|(_, source)| source).collect();
        // A name in the region's file and one given here may be the same.
        let name = |source: &Value| format!("{}:{}", text(source, "origin"), text(source, "id"));
        let next = page::cut(&ask, &mut sources, params::MAX_PAGE, name)?;
        let body = json!({"heat_sources": sources, "next": next, "expires_soon": soon, "day": today});
        Ok(page::listed(&ask, next.as_deref(), body))
    };
    document(&ask, read.await)
}

fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// `GET /api/v1/heat-sources/suggestions`
pub(super) async fn suggestions(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&["until"])?;
        let (ground, rules) = (web.ground(), web.site.suggest_rules);
        let until = ask.date("until")?.unwrap_or_else(|| ground.local_day(web.now()));
        let (found, detections) = suggested(&web, &me, until).await?;
        let suggestions: Vec<_> = found.iter().map(objects::suggestion).collect();
        let body = json!({
            "suggestions": suggestions, "until": until, "look_back_days": rules.look_back_days,
            "detections": detections, "region_version": ground.version(),
        });
        Ok(Json(body).into_response())
    };
    document(&ask, read.await)
}

/// Places that look like fixed sources as of a local day, and how many detections were looked at.
pub(in crate::web) async fn suggested(web: &Web, me: &Me, until: Date) -> Result<(Vec<Suggestion>, usize), Problem> {
    let (ground, rules) = (web.ground(), web.site.suggest_rules);
    let looked_at = rules.looked_at(until, &ground.data().time_zone);
    let (from, end) = looked_at.map_err(|source| Problem::BadDate { name: "until", source })?;
    let mut known: Vec<_> = me.store.heat_sources().await?.iter().map(ApprovedHeatSource::source).collect();
    known.extend(ground.data().heat_sources.iter().cloned());
    // What its feed took back is no sign of a source.
    let observations = me.store.standing_observations(Span { from, until: end }).await?;
    let detections = observations.len();
    let found = params::aside(move || suggest(&ground, &known, &observations, until, &rules)).await?;
    Ok((found, detections))
}

/// An approval.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproveBody {
    #[serde(rename = "as")]
    actor: Option<String>,
    name: String,
    kind: String,
    lon: f64,
    lat: f64,
    radius_m: f64,
    unit: String,
    watched_by: Option<String>,
    expires: String,
    client_id: Option<String>,
}

/// `POST /api/v1/heat-sources`
pub(super) async fn approve(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    Body(body): Body<ApproveBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let by = params::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, params::Claim::default())?;
        let kinds = || HeatSourceKind::ALL.map(HeatSourceKind::name).join(", ");
        let kind = HeatSourceKind::from_name(&body.kind)
            .ok_or_else(|| Problem::BadBody(format!("kind is {:?}, expected one of {}", body.kind, kinds())))?;
        let draft = NewHeatSource {
            name: body.name,
            kind,
            centre: Position::from_lon_lat(body.lon, body.lat).map_err(|p| Problem::BadBody(p.to_string()))?,
            radius_m: body.radius_m,
            unit: UnitCode(body.unit),
            watched_by: body.watched_by,
            expires: params::day("expires", &body.expires)?,
        };
        let rules = web.site.approval_rules;
        let answer = me.store.approve_heat_source(draft, by, web.ground(), rules, web.now()).await?;
        let status = if answer.repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, answer_of(&web, &answer)).into_response())
    };
    document(&ask, written.await)
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

/// `POST /api/v1/heat-sources/{id}/acts`
pub(super) async fn act(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Named(id): Named,
    ask: Ask,
    Body(body): Body<ActBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let act = act_of(&body)?;
        let by = params::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, params::Claim::default())?;
        let rules = web.site.approval_rules;
        let answer = me.store.act_on_heat_source(id, act, by, web.ground(), rules, web.now()).await?;
        Ok(answer_of(&web, &answer).into_response())
    };
    document(&ask, written.await)
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
            let expires = params::day("expires", &needed("expires", &body.expires)?)?;
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

fn answer_of(web: &Web, answer: &HeatAnswer) -> Json<serde_json::Value> {
    let standing = answer.source.standing(web.ground().local_day(web.now()), &web.site.approval_rules);
    let mut object = objects::approved_heat_source(&answer.source, standing);
    if let Some(fields) = object.as_object_mut() {
        fields.insert("repeated".to_owned(), json!(answer.repeated));
    }
    Json(object)
}
