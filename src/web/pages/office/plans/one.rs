//! One burn plan: what it says, where it lies, what may be done to it now and by whom, what happened to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use super::{DayRules, mu, plans_of_days, span, status_words};
use crate::domain::burning::{Offer, OrderView, PlanAct, PlanSource, StandingPlan, days_of, offers, standing_orders};
use crate::domain::ground::Ground;
use crate::domain::plan::PlanId;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::report::map_svg::PlanSketch;
use crate::store::{PlanDetail, PlanError, PlanEvent};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::new_client_id;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, Say, full_name, local, pages as w, plan_event, unit_name};

#[derive(Template)]
#[template(path = "plans_one.html")]
struct OnePage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    id: String,
    action: String,
    status: &'static str,
    status_words: &'static str,
    refused: Option<String>,
    done: bool,
    facts: Vec<(&'static str, String)>,
    note: Option<String>,
    sketch: Option<String>,
    has_plot: bool,
    acts: Vec<ActForm>,
    orders: Vec<OrderLine>,
    events: Vec<EventLine>,
}

/// The form of one act.
pub(super) struct ActForm {
    word: &'static str,
    title: &'static str,
    /// Why not now; then there is no form.
    refusal: Option<String>,
    client_id: String,
    order: Option<i64>,
    from: String,
    to: String,
    area: String,
    /// Which order is taken back.
    what: String,
}

struct OrderLine {
    id: i64,
    time: String,
    issued: String,
    taken_back: Option<String>,
    cautions: Vec<String>,
}

struct EventLine {
    at: String,
    what: String,
    who: String,
    claimed: Option<String>,
    detail: Vec<String>,
}

/// `GET /plans/{id}`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, Path(id): Path<String>, ask: Ask) -> Response {
    let built = async {
        ask.only(&["done"])?;
        show(&web, &me, &ask, PlanId(id), None).await
    };
    respond::page(&web, &ask, built.await).await
}

pub(super) async fn show(
    web: &Web,
    me: &Me,
    ask: &Ask,
    id: PlanId,
    refused: Option<String>,
) -> Result<String, Problem> {
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let detail = me.store.plan(id.clone()).await?.ok_or(PlanError::Unknown(id))?;
    let (standing, plan) = (&detail.standing, &detail.standing.plan);
    let offered = if me.account.role.works() {
        offers(&ground, &web.site.burn_rules, standing, &me.own_actor(), now)
    } else {
        Vec::new()
    };
    let acts = offered.into_iter().map(|offer| act_form(&ground, standing, offer, lang));
    let sketch = PlanSketch {
        ground: &ground,
        day: ground.local_day(plan.window_start),
        plot: plan.plot.as_ref(),
        unit: &plan.unit_code,
        title: lang.say(w::plans::SKETCH),
        simulated: web.site.simulated,
        lang,
    };
    let page = OnePage {
        f: Frame::of(web, ask).await,
        here: "",
        may_apply: me.account.role.works(),
        id: plan.id.0.clone(),
        action: format!("/plans/{}/acts", crate::web::request::percent_encoded(&plan.id.0)),
        status: standing.status.name(),
        status_words: status_words(standing.status, lang),
        refused,
        done: ask.param("done").is_some(),
        facts: facts(&ground, standing, lang),
        note: plan.note.clone().filter(|note| !note.trim().is_empty()),
        sketch: sketch.svg(),
        has_plot: plan.plot.is_some(),
        acts: acts.collect::<Result<_, _>>()?,
        orders: orders(me, &ground, standing, lang).await?,
        events: events(&ground, &detail, lang),
    };
    Ok(page.render()?)
}

fn facts(ground: &Ground, standing: &StandingPlan, lang: Lang) -> Vec<(&'static str, String)> {
    let plan = &standing.plan;
    let t = |words| lang.say(words);
    let source = match standing.source {
        PlanSource::Region => t(w::plans::SOURCE_REGION),
        PlanSource::Import => t(w::plans::SOURCE_IMPORT),
        PlanSource::Entered => t(w::plans::SOURCE_ENTERED),
    };
    let at = |at: Option<Timestamp>| at.map(|at| local(ground, at));
    let reviewed = plan.reviewed_by.as_ref().map(|who| match at(plan.approved_at.or(plan.refused_at)) {
        Some(at) => format!("{who} {at}"),
        None => who.clone(),
    });
    let some = [
        (t(w::shared::UNIT), Some(format!("{} {}", full_name(ground, &plan.unit_code, lang), plan.unit_code))),
        (t(w::plans::WINDOW), Some(span(ground, plan.window_start, plan.window_end))),
        (t(w::plans::PLANNED_AREA), Some(format!("{} {}", mu(plan.area_mu), t(w::shared::MU)))),
        (t(w::plans::ANSWERS_FOR_BURNING), Some(plan.responsible.clone())),
        (t(w::plans::APPLICANT), standing.applicant.as_ref().map(|actor| actor.name.clone())),
        (t(w::plans::CAME_BY), Some(format!("{source}, {}", local(ground, plan.received_at)))),
        (t(w::plans::REVIEWED_BY), reviewed),
        (t(w::plans::LIT), at(plan.lit_at)),
        (t(w::plans::DONE), at(plan.done_at)),
        (t(w::plans::REALLY_BURNT), plan.burnt_mu.map(|area| format!("{} {}", mu(area), t(w::shared::MU)))),
    ];
    some.into_iter().filter_map(|(term, text)| text.map(|text| (term, text))).collect()
}

fn act_form(ground: &Ground, standing: &StandingPlan, offer: Offer, lang: Lang) -> Result<ActForm, Problem> {
    let (word, order) = match offer.act {
        PlanAct::Approve => ("approve", None),
        PlanAct::Refuse => ("refuse", None),
        PlanAct::Order { .. } => ("order", None),
        PlanAct::TakeBack { order } => ("take_back", order),
        PlanAct::Light => ("light", None),
        PlanAct::Finish { .. } => ("done", None),
        PlanAct::Withdraw => ("withdraw", None),
    };
    let field = |at: Timestamp| ground.local_time(at).strftime("%Y-%m-%dT%H:%M").to_string();
    let (from, to) = match offer.act {
        PlanAct::Order { from, to } => (field(from), field(to)),
        _ => (String::new(), String::new()),
    };
    let named = standing_orders(&standing.plan).find(|standing| Some(standing.id) == order);
    Ok(ActForm {
        word,
        title: lang.say(offer.act.label()),
        refusal: offer.refusal.map(|refusal| refusal.say().of(lang)),
        client_id: new_client_id()?,
        order,
        from,
        to,
        area: mu(standing.plan.area_mu),
        what: named.map(|order| span(ground, order.from, order.to)).unwrap_or_default(),
    })
}

/// The orders, with what those that stand run into as things are now.
async fn orders(me: &Me, ground: &Ground, standing: &StandingPlan, lang: Lang) -> Result<Vec<OrderLine>, Problem> {
    let mut lines = Vec::new();
    for order in &standing.plan.orders {
        let mut cautions = Vec::new();
        if order.withdrawn_at.is_none() {
            let whole = (order.from, order.to);
            let days = days_of(ground, whole);
            let plans = plans_of_days(me, ground, &days).await?;
            let rules = DayRules::read(me, ground, &days, &plans).await?;
            let view = OrderView { unit: &standing.plan.unit_code, order: whole, part: whole };
            cautions = rules.cautions(ground, &view, lang);
        }
        lines.push(OrderLine {
            id: order.id,
            time: span(ground, order.from, order.to),
            issued: format!("{} {}", order.issued_by, local(ground, order.issued_at)),
            taken_back: order.withdrawn_at.map(|at| local(ground, at)),
            cautions,
        });
    }
    Ok(lines)
}

fn events(ground: &Ground, detail: &PlanDetail, lang: Lang) -> Vec<EventLine> {
    let line = |event: &PlanEvent| EventLine {
        at: local(ground, event.at),
        what: plan_event(&event.kind, lang),
        who: match &event.actor_unit {
            Some(unit) => format!("{}（{}）", event.actor, unit_name(ground, &UnitCode(unit.clone()), lang)),
            None => lang.say(w::plans::SYSTEM).to_owned(),
        },
        claimed: event.claimed_at.map(|at| local(ground, at)),
        detail: event_detail(ground, &event.detail, lang),
    };
    detail.events.iter().map(line).collect()
}

/// What an event says beside its kind.
fn event_detail(ground: &Ground, detail: &Value, lang: Lang) -> Vec<String> {
    let text = |key: &str| detail.get(key).and_then(Value::as_str);
    let moment = |key: &str| text(key).and_then(|text| text.parse::<Timestamp>().ok());
    let mut lines = Vec::new();
    lines.extend(moment("from").zip(moment("to")).map(|(from, to)| span(ground, from, to)));
    let burnt = detail.get("burnt_mu").and_then(Value::as_f64);
    lines.extend(burnt.map(|area| format!("{} {}", mu(area), lang.say(w::shared::MU))));
    lines.extend(text("note").filter(|note| !note.is_empty()).map(str::to_owned));
    let cautions = detail.get("cautions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let said = lang.say(w::plans::WAS_TOLD);
    lines.extend(cautions.map(|caution| format!("{said}{}", lang.of_both(caution))));
    let photos = detail.pointer("/evidence/photos").and_then(Value::as_array).map_or(0, Vec::len);
    if photos > 0 {
        lines.push(format!("{}{photos}", lang.say(w::plans::PHOTOS_OF_ACT)));
    }
    lines
}
