//! The list of burn plans; its filters stand in the address.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{DayRules, PlanLine, plan_line, plans_of_day, status_words, view_of_day};
use crate::domain::burning::standing_orders;
use crate::domain::plan::PlanStatus;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::choices::{Choice, units};
use crate::web::forms::plans::plans_of;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::pages as w;

/// Plans of a page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "plans_list.html")]
struct ListPage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    units: Vec<Choice>,
    statuses: Vec<(&'static str, &'static str)>,
    unit: String,
    status: String,
    day: String,
    plans: Vec<PlanLine>,
    total: usize,
    total_mu: String,
    counts: Vec<(&'static str, usize)>,
    next: Option<String>,
    orders_today: usize,
    orders_mu: String,
    /// Plans whose orders of today run into something.
    cautioned: BTreeSet<String>,
}

/// `GET /plans`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = build(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["unit", "status", "day", "after"])?;
    let (ground, lang) = (web.ground(), ask.lang);
    let all = plans_of(me, ask, &ground).await?;
    let total_mu = super::mu(all.iter().map(|standing| standing.plan.area_mu).sum());
    let count = |status| all.iter().filter(|standing| standing.status == status).count();
    let counts = PlanStatus::ALL.into_iter().map(|status| (status_words(status, lang), count(status)));
    let counts: Vec<_> = counts.filter(|(_, n)| *n > 0).collect();
    let after = ask.param("after").unwrap_or_default();
    let rest: Vec<_> = all.iter().filter(|standing| standing.plan.id.0.as_str() > after).collect();
    let shown: Vec<_> = rest.iter().take(PAGE).collect();
    let next = shown.last().filter(|_| rest.len() > PAGE).map(|last| ask.here_with("after", &last.plan.id.0));
    let today = ground.local_day(web.now());
    let (span, of_today) = plans_of_day(me, &ground, today).await?;
    let rules = DayRules::read(me, &ground, &[today], &of_today).await?;
    let (mut orders_today, mut orders_mu, mut cautioned) = (0, 0.0, BTreeSet::new());
    for standing in &of_today {
        let orders = standing_orders(&standing.plan).filter(|order| order.from < span.until && span.from < order.to);
        let orders: Vec<_> = orders.collect();
        orders_today += orders.len();
        if !orders.is_empty() {
            orders_mu += standing.plan.area_mu;
        }
        let runs_into = |order| !rules.cautions(&ground, &view_of_day(standing, order, span), lang).is_empty();
        if orders.into_iter().any(runs_into) {
            cautioned.insert(standing.plan.id.0.clone());
        }
    }
    let page = ListPage {
        f: Frame::of(web, ask).await,
        here: "list",
        may_apply: me.account.role.works(),
        units: units(me, &ground, lang),
        statuses: PlanStatus::ALL.map(|status| (status.name(), status_words(status, lang))).to_vec(),
        unit: ask.param("unit").unwrap_or_default().to_owned(),
        status: ask.param("status").unwrap_or_default().to_owned(),
        day: ask.param("day").unwrap_or_default().to_owned(),
        plans: shown.into_iter().map(|standing| plan_line(&ground, standing, ask)).collect(),
        total: all.len(),
        total_mu,
        counts,
        next,
        orders_today,
        orders_mu: super::mu(orders_mu),
        cautioned,
    };
    Ok(page.render()?)
}
