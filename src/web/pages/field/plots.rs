//! Plots that may burn today: what stands against lighting each now, and the two acts of the field.
//!
//! What stands against it comes from [`hindrances`]; the buttons only stand where the act would be taken.

use std::cmp::Ordering;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::actor::Actor;
use crate::domain::burning::{BurnRules, Hindrance, PlanAct, StandingPlan, decide, hindrances, standing_orders};
use crate::domain::ground::Ground;
use crate::domain::plan::{PlanId, PlanStatus};
use crate::domain::policy::Policy;
use crate::domain::time::{Timestamp, day_bounds};
use crate::store::query::Span;
use crate::store::{By, PlanCommand, PlanFilter};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::values::refusal;
use crate::web::forms::{Typed, new_client_id};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, Say, full_name, pages as w};

/// Plots of a page.
const PAGE: usize = 40;

#[derive(Template)]
#[template(path = "plots.html")]
struct PlotsPage {
    f: Frame,
    unit: String,
    day: String,
    hours: Option<(String, String)>,
    closures: Vec<String>,
    done: Option<&'static str>,
    refused: Option<String>,
    typed: Typed,
    plots: Vec<Plot>,
    next: Option<String>,
    client_id: String,
}

#[expect(clippy::struct_excessive_bools, reason = "each is one line that the card has or has not")]
struct Plot {
    id: String,
    unit: String,
    area: String,
    responsible: String,
    window: String,
    orders: Vec<String>,
    status: &'static str,
    status_words: &'static str,
    weather: Option<String>,
    /// What stands against lighting it now.
    against: Vec<String>,
    is_lit: bool,
    is_done: bool,
    may_light: bool,
    may_finish: bool,
}

/// `GET /plots`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["after", "done"])?;
        show(&web, &me, &ask, (Typed::default(), None)).await
    };
    respond::page(&web, &ask, built.await).await
}

/// `POST /plots`
pub(in crate::web) async fn act(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask, typed: Typed) -> Response {
    match try_act(&web, &me, &typed).await {
        Ok(act) => respond::see_other(&ask.href(&format!("/plots?done={}", act.event().name()))),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| show(&web, &me, &ask, (typed, Some(why))).await).await
        }
    }
}

async fn try_act(web: &Web, me: &Me, typed: &Typed) -> Result<PlanAct, Problem> {
    let ground = web.ground();
    let act = match typed.get("act") {
        "light" => PlanAct::Light,
        "done" => PlanAct::Finish { burnt_mu: typed.needed_number("burnt_mu", w::plots::BURNT_AREA_FIELD)? },
        _ => return Err(refusal(w::shared::CHOOSE_ACT)),
    };
    let by = By { actor: me.own_actor(), client_id: typed.client_id()?, claimed_at: typed.claim(&ground, web.now())? };
    let id = PlanId(typed.needed("plan", w::plots::PLAN_FIELD)?.to_owned());
    let command = PlanCommand { id, act, note: typed.text("note"), photos: Vec::new() };
    me.store.carry_out(command, (by, ground, web.site.burn_rules), web.now()).await?;
    Ok(act)
}

async fn show(web: &Web, me: &Me, ask: &Ask, (typed, refused): (Typed, Option<String>)) -> Result<String, Problem> {
    let (ground, now, lang) = (web.ground(), web.now(), ask.lang);
    let today = ground.local_day(now);
    let bounds = day_bounds(today, &ground.data().time_zone);
    let (from, until) = bounds.map_err(|source| Problem::BadDate { name: "date", source })?;
    let filter = PlanFilter { window: Some(Span { from, until }), ..PlanFilter::default() };
    let mut plans = me.store.plans(filter).await?;
    plans.retain(|plan| !matches!(plan.status, PlanStatus::Refused | PlanStatus::Withdrawn));
    let weather = me.store.entered_weather(today, today).await?;
    let policy = Policy { weather, ..Policy::default() };
    let actor = me.may_work().then(|| me.own_actor());
    let field = Field { ground: &ground, rules: web.site.burn_rules, policy: &policy, actor, now, lang };
    let mut plots: Vec<Plot> = plans.iter().map(|plan| field.plot(plan)).collect();
    plots.sort_by(Plot::first_to_burn);
    if let Some(after) = ask.param("after") {
        plots = plots.into_iter().skip_while(|plot| plot.id != after).skip(1).collect();
    }
    let next = (plots.len() > PAGE).then(|| plots.get(PAGE - 1).map(|plot| plot.id.clone())).flatten();
    plots.truncate(PAGE);
    let calendar = &ground.data().calendar;
    let page = PlotsPage {
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, &me.account.unit_code, lang),
        day: today.to_string(),
        hours: calendar.hours.map(|hours| hours.texts()),
        closures: calendar.running(ground.local_moment(now)).map(|closure| closure.name.clone()).collect(),
        done: ask.param("done").and_then(|word| done_words(word, lang)),
        refused,
        typed,
        plots,
        next: next.map(|id| ask.here_with("after", &id)),
        client_id: new_client_id()?,
    };
    Ok(page.render()?)
}

fn done_words(word: &str, lang: Lang) -> Option<&'static str> {
    match word {
        "lit" => Some(lang.say(w::plots::LIT_NOTED)),
        "done" => Some(lang.say(w::plots::DONE_NOTED)),
        _ => None,
    }
}

/// What every plot needs.
struct Field<'a> {
    ground: &'a Ground,
    rules: BurnRules,
    policy: &'a Policy,
    /// Who acts; `None` for accounts that work no plan.
    actor: Option<Actor>,
    now: Timestamp,
    lang: Lang,
}

impl Field<'_> {
    fn plot(&self, standing: &StandingPlan) -> Plot {
        let (plan, lang) = (&standing.plan, self.lang);
        let weather = self.policy.weather_at(self.ground, &plan.unit_code, self.now);
        let against = hindrances(self.ground, &self.rules, standing, weather.as_ref(), self.now);
        let words = |hindrance: Hindrance| hindrance.say().of(lang);
        Plot {
            unit: full_name(self.ground, &plan.unit_code, lang),
            area: format!("{} {}", plan.area_mu, lang.say(w::shared::MU)),
            responsible: plan.responsible.clone(),
            window: self.span(plan.window_start, plan.window_end),
            orders: standing_orders(plan).map(|order| self.span(order.from, order.to)).collect(),
            status: standing.status.name(),
            status_words: lang.say(standing.status.label()),
            weather: weather.map(|weather| weather.level.to_string()),
            is_lit: standing.status == PlanStatus::Lit,
            is_done: standing.status == PlanStatus::Done,
            // Whoever may light it is not offered the button against the hours or the weather.
            may_light: against.is_empty() && self.would_take(standing, PlanAct::Light),
            may_finish: self.would_take(standing, PlanAct::Finish { burnt_mu: plan.area_mu }),
            against: against.into_iter().map(words).collect(),
            id: plan.id.0.clone(),
        }
    }

    fn would_take(&self, standing: &StandingPlan, act: PlanAct) -> bool {
        let decided = |actor| decide(self.ground, &self.rules, standing, actor, act, (self.now, self.now));
        self.actor.as_ref().is_some_and(|actor| decided(actor).is_ok())
    }

    fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let zone = &self.ground.data().time_zone;
        let (from, to) = (zone.to_datetime(from), zone.to_datetime(to));
        let end = if from.date() == to.date() { "%H:%M" } else { "%m-%d %H:%M" };
        format!("{} – {}", from.strftime("%m-%d %H:%M"), to.strftime(end))
    }
}

impl Plot {
    /// What burns, what may be lit, what waits, what is over.
    fn first_to_burn(&self, other: &Self) -> Ordering {
        let rank = |plot: &Self| (!plot.is_lit, plot.is_done, !plot.against.is_empty());
        rank(self).cmp(&rank(other)).then_with(|| self.id.cmp(&other.id))
    }

    /// Whether this is the plot whose form was refused.
    fn is_tried(&self, typed: &Typed) -> bool {
        typed.get("plan") == self.id
    }
}
