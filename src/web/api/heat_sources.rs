//! Fixed heat sources over the API: known ones, suggestions, approvals and what follows them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Body, Named};
use super::page::{self, PAGING, answered};
use crate::domain::ground::RegionVersion;
use crate::domain::heat_approval::{HeatStanding, NewHeatSource};
use crate::domain::heat_source::HeatSourceKind;
use crate::domain::heat_suggest::Suggestion;
use crate::domain::position::Position;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::report::objects::{self, KnownHeatSource};
use crate::report::typed::{Schemas, Typed, answer, schema};
use crate::store::HeatAnswer;
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::heat_sources::{ActBody, act_of, suggested};
use crate::web::forms::{params, values};
use crate::web::problem::Problem;
use crate::web::respond::document;

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
        let page = HeatSourcePage {
            heat_sources: sources.into_iter().map(KnownHeatSource).collect(),
            next: next.clone(),
            expires_soon: soon,
            day: today,
        };
        Ok(page::listed(&ask, next.as_deref(), &page))
    };
    document(&ask, read.await)
}

answer! {
    /// A page of heat sources.
    pub(super) struct HeatSourcePage named "HeatSourcePage" {
        heat_sources: Vec<KnownHeatSource>,
        next: Option<String>,
        expires_soon: usize,
        day: Date,
    }
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
        Ok(answered(&Suggestions {
            suggestions: found,
            until,
            look_back_days: rules.look_back_days,
            detections,
            region_version: ground.version(),
        }))
    };
    document(&ask, read.await)
}

answer! {
    /// Places that look like heat sources.
    pub(super) struct Suggestions<'a> named "Suggestions" {
        suggestions: Vec<Suggestion>,
        until: Date,
        look_back_days: u32,
        detections: usize,
        region_version: &'a RegionVersion,
    }
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
        let by = values::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, values::Claim::default())?;
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
            expires: values::day("expires", &body.expires)?,
        };
        let rules = web.site.approval_rules;
        let answer = me.store.carry_out(draft, (by, web.ground(), rules), web.now()).await?;
        let status = if answer.repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, answer_of(&web, &answer)).into_response())
    };
    document(&ask, written.await)
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
        let by = values::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, values::Claim::default())?;
        let rules = web.site.approval_rules;
        let answer = me.store.carry_out((id, act), (by, web.ground(), rules), web.now()).await?;
        Ok(answer_of(&web, &answer))
    };
    document(&ask, written.await)
}

fn answer_of(web: &Web, answer: &HeatAnswer) -> Response {
    let standing = answer.source.standing(web.ground().local_day(web.now()), &web.site.approval_rules);
    answered(&HeatAnswered {
        source: objects::approved_heat_source(&answer.source, standing),
        repeated: answer.repeated,
    })
}

/// What an act on a heat source left.
pub(super) struct HeatAnswered {
    source: Value,
    repeated: bool,
}

impl Typed for HeatAnswered {
    fn schema(schemas: &mut Schemas) -> Value {
        let repeated = ("repeated", schema::flag());
        schemas.named("HeatAnswer", |schemas| KnownHeatSource::schema_with(schemas, vec![repeated]))
    }

    fn json(&self) -> Value {
        let mut object = self.source.clone();
        if let Some(fields) = object.as_object_mut() {
            fields.insert("repeated".to_owned(), json!(self.repeated));
        }
        object
    }
}
