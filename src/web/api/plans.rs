//! Burn plans over the API: the list, one plan, its application and every act, and the export.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::body::{Body, Named};
use super::page::{self, PAGING, answered};
use crate::domain::datum::Datum;
use crate::domain::ground::{Ground, RegionVersion};
use crate::domain::plan::{PlanApplication, PlanId};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::regions::plan_rows;
use crate::report::export::{self, Heads};
use crate::report::objects::{PlanActed, PlanLife, PlanOf};
use crate::report::typed::answer;
use crate::store::{HandedOut, PlanAnswer, PlanCommand};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::plans::{ActBody, FILTERS, act_of, plans_of};
use crate::web::forms::{params, values};
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::web::{Web, photos, respond};

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
        let page = PlanPage {
            items: plans.iter().map(|standing| PlanOf { ground: &ground, standing }).collect(),
            next,
            region_version: ground.version(),
        };
        Ok(page::listed(&ask, next.map(|id| id.0.as_str()), &page))
    };
    document(&ask, read.await)
}

answer! {
    /// A page of plans.
    pub(super) struct PlanPage<'a> named "PlanPage" {
        items: Vec<PlanOf<'a>>,
        next: Option<&'a PlanId>,
        region_version: &'a RegionVersion,
    }
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
        let written = run_blocking(move || export::burn_plans(&ground, &plans, heads, format)).await??;
        Ok(respond::file("burn_plans", format.name(), format.media_type(), written))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/plans/{id}`
pub(super) async fn one(State(web): State<Arc<Web>>, me: Me, Named(id): Named, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let id = PlanId(id);
        let detail = me.store.plan(id.clone()).await?;
        let detail = detail.ok_or(crate::store::PlanError::Unknown(id))?;
        let plan = PlanOf { ground: &web.ground(), standing: &detail.standing };
        Ok(answered(&PlanLife { plan, events: &detail.events }))
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
        let claim = values::Claim::of(body.happened_at, web.now())?;
        let by = values::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id.clone(), claim)?;
        let application = application_of(body, &ground)?;
        let answer = me.store.carry_out(application, (by, ground.clone(), web.site.burn_rules), web.now()).await?;
        let status = if answer.repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, answered(&PlanActed { ground: &ground, answer: &answer })).into_response())
    };
    document(&ask, written.await)
}

fn application_of(body: ApplyBody, ground: &Ground) -> Result<PlanApplication, Problem> {
    let plot = match (&body.plot, body.datum) {
        (Some(text), Some(datum)) => Some(plan_rows::read_plot("plot", text, datum, ground).map_err(Problem::rows)?),
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
        window_start: values::moment("window_start", &body.window_start, ground)?,
        window_end: values::moment("window_end", &body.window_end, ground)?,
        area_mu: body.area_mu,
        responsible: body.responsible,
        note: body.note,
    })
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
        let claim = values::Claim::of(body.happened_at, web.now())?;
        let by = values::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, claim)?;
        let photos = photos::photos(&web, &me, body.photos).await?;
        let command = PlanCommand { id: PlanId(id), act, note: body.note, photos };
        let rules = web.site.burn_rules;
        let answer: PlanAnswer = me.store.carry_out(command, (by, ground.clone(), rules), web.now()).await?;
        Ok(answered(&PlanActed { ground: &ground, answer: &answer }))
    };
    document(&ask, written.await)
}
