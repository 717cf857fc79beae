//! Burn plans over the API: the list, one plan, its application and every act, and the export.

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
use super::refused::Refused;
use crate::domain::burning::{PlanAct, StandingPlan, distance_km};
use crate::domain::datum::Datum;
use crate::domain::ground::Ground;
use crate::domain::plan::{PlanApplication, PlanId, PlanStatus};
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::regions::plan_rows;
use crate::report::export::{self, Heads};
use crate::report::objects;
use crate::store::{HandedOut, PlanAnswer, PlanCommand, PlanFilter};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::error::{Problem, document};

/// How near `near` means, km, unless `within` says otherwise.
const NEAR_KM: f64 = 5.0;

/// What a list of plans can be narrowed by; the same for the export.
pub(in crate::web) const FILTERS: &[&str] = &["unit", "status", "day", "from", "to", "near", "within"];

/// `GET /api/v1/plans`
pub(super) async fn list(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only_with(FILTERS, PAGING)?;
        let limit = usize::try_from(params::limit_of(&ask)?).unwrap_or(usize::MAX);
        let ground = web.ground();
        let mut plans = plans_of(&me, &ask, &ground).await?;
        // Plans come by id, so the last id of a page says where the next one begins.
        if let Some(after) = ask.param("after") {
            plans.retain(|standing| standing.plan.id.0.as_str() > after);
        }
        let has_more = plans.len() > limit;
        plans.truncate(limit);
        let next = plans.last().filter(|_| has_more).map(|standing| &standing.plan.id);
        let items: Vec<Value> = plans.iter().map(|standing| objects::plan(&ground, standing)).collect();
        let body = json!({"items": items, "next": next, "region_version": ground.version()});
        Ok(page::listed(&ask, next.map(|id| id.0.as_str()), body))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/plans/export`
pub(super) async fn export(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only_with(FILTERS, &["format", "heads"])?;
        let (format, ground) = (params::format_of(&ask)?, web.ground());
        let heads = params::heads_of(&ask, Heads::Names)?;
        let plans = plans_of(&me, &ask, &ground).await?;
        let asked = ask.here();
        me.is_given(&web, HandedOut::Plans { rows: plans.len(), asked }).await?;
        let written = params::aside(move || export::burn_plans(&ground, &plans, heads, format)).await??;
        Ok(super::file("burn_plans", format.name(), format.media_type(), written))
    };
    document(&ask, read.await)
}

/// The plans that the parameters ask for, by id.
pub(in crate::web) async fn plans_of(me: &Me, ask: &Ask, ground: &Ground) -> Result<Vec<StandingPlan>, Problem> {
    let (day, from, to) = (ask.date("day")?, ask.date("from")?, ask.date("to")?);
    let window = match day {
        Some(_) if from.is_some() || to.is_some() => {
            let value = ask.param("day").unwrap_or_default().to_owned();
            return Err(Problem::BadParameter { name: "day", value, expected: "day, or from and to, not both" });
        }
        Some(day) => params::day_span("day", day, ground)?,
        None => params::open_span(from, to, ground)?,
    };
    let expected = "applied, approved, refused, ordered, lit, done or withdrawn";
    let status = params::word(ask, "status", PlanStatus::from_name, expected)?;
    let near = params::word(ask, "near", place, "LON,LAT in WGS-84 degrees")?;
    let is_distance = |km: &f64| km.is_finite() && *km >= 0.0;
    let within = params::word(ask, "within", |text| text.parse().ok().filter(is_distance), "kilometres, 0 or more")?;
    let filter = PlanFilter { units: params::subtree_of(ask, ground)?, status, window: Some(window) };
    let mut plans = me.store.plans(filter).await?;
    if let Some(place) = near {
        let within = within.unwrap_or(NEAR_KM);
        plans.retain(|standing| distance_km(ground, &standing.plan, place) <= within);
    } else if within.is_some() {
        let value = ask.param("within").unwrap_or_default().to_owned();
        return Err(Problem::BadParameter { name: "within", value, expected: "near beside it" });
    }
    Ok(plans)
}

fn place(text: &str) -> Option<Position> {
    let (lon, lat) = text.split_once(',')?;
    Position::from_lon_lat(lon.trim().parse().ok()?, lat.trim().parse().ok()?).ok()
}

/// `GET /api/v1/plans/{id}`
pub(super) async fn one(State(web): State<Arc<Web>>, me: Me, Named(id): Named, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let id = PlanId(id);
        let detail = me.store.plan(id.clone()).await?;
        let detail = detail.ok_or(crate::store::PlanError::Unknown(id))?;
        let mut body = objects::plan(&web.ground(), &detail.standing);
        if let Value::Object(fields) = &mut body {
            fields.insert("events".to_owned(), json!(detail.events));
        }
        Ok(Json(body).into_response())
    };
    document(&ask, read.await)
}

/// An application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplyBody {
    #[serde(rename = "as")]
    actor: Option<String>,
    plan_id: String,
    unit: String,
    window_start: String,
    window_end: String,
    area_mu: f64,
    responsible: String,
    plot: Option<String>,
    datum: Option<Datum>,
    note: Option<String>,
    client_id: Option<String>,
    happened_at: Option<Timestamp>,
}

/// `POST /api/v1/plans`
pub(super) async fn apply(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    Body(body): Body<ApplyBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let ground = web.ground();
        let claim = params::Claim::of(body.happened_at, web.now())?;
        let by = params::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id.clone(), claim)?;
        let application = application_of(body, &ground)?;
        let answer = me.store.apply_for_plan(application, by, ground.clone(), web.now()).await?;
        let status = if answer.repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, Json(objects::plan_answer(&ground, &answer))).into_response())
    };
    document(&ask, written.await)
}

fn application_of(body: ApplyBody, ground: &Ground) -> Result<PlanApplication, Problem> {
    let plot = match (&body.plot, body.datum) {
        (Some(text), Some(datum)) => Some(plan_rows::read_plot("plot", text, datum, ground).map_err(Refused::rows)?),
        (None, None) => None,
        _ => {
            let text = "plot and datum go together: datum is wgs84, cgcs2000, gcj02 or bd09".to_owned();
            return Err(Problem::BadBody(text));
        }
    };
    Ok(PlanApplication {
        id: PlanId(body.plan_id),
        unit_code: UnitCode(body.unit),
        plot,
        window_start: params::moment("window_start", &body.window_start, ground)?,
        window_end: params::moment("window_end", &body.window_end, ground)?,
        area_mu: body.area_mu,
        responsible: body.responsible,
        note: body.note,
    })
}

/// An act on a plan. Flat, so that a field that the act does not know is refused like any other.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ActBody {
    /// Who acts, where a program names somebody.
    #[serde(rename = "as")]
    pub actor: Option<String>,
    /// The word of the act.
    pub act: String,
    /// Begin of an order.
    pub from: Option<String>,
    /// End of an order.
    pub to: Option<String>,
    /// The order taken back.
    pub order: Option<i64>,
    /// Area really burnt, mu.
    pub burnt_mu: Option<f64>,
    /// Hashes of photos.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Why, or a note.
    pub note: Option<String>,
    /// Names the command.
    pub client_id: Option<String>,
    /// When it happened, as the person says.
    pub happened_at: Option<Timestamp>,
}

/// `POST /api/v1/plans/{id}/acts`
pub(super) async fn act(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Named(id): Named,
    ask: Ask,
    Body(body): Body<ActBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let ground = web.ground();
        let act = act_of(&body, &ground)?;
        let claim = params::Claim::of(body.happened_at, web.now())?;
        let by = params::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, claim)?;
        let photos = params::photos(&web, &me, body.photos).await?;
        let command = PlanCommand { id: PlanId(id), act, note: body.note, photos };
        let rules = web.site.burn_rules;
        let answer: PlanAnswer = me.store.act_on_plan(command, by, ground.clone(), rules, web.now()).await?;
        Ok(Json(objects::plan_answer(&ground, &answer)).into_response())
    };
    document(&ask, written.await)
}

/// The act of a body, which has every field the act needs and none it does not know.
pub(in crate::web) fn act_of(body: &ActBody, ground: &Ground) -> Result<PlanAct, Problem> {
    let name = body.act.as_str();
    let missing = |field: &str| Problem::BadBody(format!("the act {name:?} needs the field {field}"));
    let moment = |field: &str, text: &Option<String>| {
        params::moment(field, text.as_deref().ok_or_else(|| missing(field))?, ground)
    };
    let (act, knows): (PlanAct, &[&str]) = match name {
        "approve" => (PlanAct::Approve, &[]),
        "refuse" if body.note.as_deref().is_none_or(|why| why.trim().is_empty()) => return Err(missing("note")),
        "refuse" => (PlanAct::Refuse, &[]),
        "order" => (PlanAct::Order { from: moment("from", &body.from)?, to: moment("to", &body.to)? }, &["from", "to"]),
        "take_back" => (PlanAct::TakeBack { order: body.order }, &["order"]),
        "light" => (PlanAct::Light, &[]),
        "done" => {
            let burnt_mu = body.burnt_mu.ok_or_else(|| missing("burnt_mu"))?;
            (PlanAct::Finish { burnt_mu }, &["burnt_mu", "photos"])
        }
        "withdraw" => (PlanAct::Withdraw, &[]),
        other => {
            let expected = "approve, refuse, order, take_back, light, done or withdraw";
            return Err(Problem::BadBody(format!("act is {other:?}, expected {expected}")));
        }
    };
    let given = [
        ("from", body.from.is_some()),
        ("to", body.to.is_some()),
        ("order", body.order.is_some()),
        ("burnt_mu", body.burnt_mu.is_some()),
        ("photos", !body.photos.is_empty()),
    ];
    match given.iter().find(|(field, is_given)| *is_given && !knows.contains(field)) {
        Some((field, _)) => Err(Problem::BadBody(format!("the act {name:?} knows no field {field}"))),
        None => Ok(act),
    }
}
