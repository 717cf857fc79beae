//! The orders of a local day, to be read on a screen and printed on A4.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{DayRules, PlanLine, mu, plan_line, plans_of_day, span, view_of_day};
use crate::domain::time::Date;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Lang, full_name, local, pages as w};

#[derive(Template)]
#[template(path = "plans_orders.html")]
struct OrdersPage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    date: Date,
    previous: Option<String>,
    next: Option<String>,
    ground: String,
    weather: Vec<(String, u8)>,
    hours: Option<String>,
    orders: Vec<OrderRow>,
    standing: usize,
    standing_mu: String,
    waiting: Vec<PlanLine>,
}

struct OrderRow {
    plan: PlanLine,
    time: String,
    issued: String,
    taken_back: Option<String>,
    cautions: Vec<String>,
}

/// `GET /plans/orders`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = build(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["date"])?;
    let (ground, lang) = (web.ground(), ask.lang);
    let date = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
    let (day, plans) = plans_of_day(me, &ground, date).await?;
    let rules = DayRules::read(me, &ground, &[date], &plans).await?;
    let (mut orders, mut waiting, mut standing_mu, mut standing) = (Vec::new(), Vec::new(), 0.0, 0);
    for of in &plans {
        let touching = of.plan.orders.iter().filter(|order| order.from < day.until && day.from < order.to);
        let before = standing;
        for order in touching {
            let stands = order.withdrawn_at.is_none();
            standing += usize::from(stands);
            orders.push(OrderRow {
                plan: plan_line(&ground, of, ask),
                time: span(&ground, order.from, order.to),
                issued: format!("{} {}", order.issued_by, local(&ground, order.issued_at)),
                taken_back: order.withdrawn_at.map(|at| local(&ground, at)),
                cautions: if stands { rules.cautions(&ground, &view_of_day(of, order, day), lang) } else { Vec::new() },
            });
        }
        if standing > before {
            standing_mu += of.plan.area_mu;
        } else if matches!(of.status, crate::domain::plan::PlanStatus::Approved) {
            waiting.push(plan_line(&ground, of, ask));
        }
    }
    let link = |day: Date| ask.href(&format!("/plans/orders?date={day}"));
    let page = OrdersPage {
        f: Frame::of(web, ask).await,
        here: "orders",
        may_apply: me.account.role.works(),
        date,
        previous: date.yesterday().ok().map(link),
        next: date.tomorrow().ok().map(link),
        ground: full_name(&ground, me.store.scope().unit(), lang),
        weather: weather(me, &ground, date, lang).await?,
        hours: ground.data().calendar.hours.map(|hours| {
            let (from, to) = hours.texts();
            format!("{from}–{to}")
        }),
        standing,
        standing_mu: mu(standing_mu),
        orders,
        waiting,
    };
    Ok(page.render()?)
}

/// The burn-weather levels of a day that concern somebody's ground, the last entry of a unit speaking.
async fn weather(
    me: &Me,
    ground: &crate::domain::ground::Ground,
    day: Date,
    lang: Lang,
) -> Result<Vec<(String, u8)>, Problem> {
    let entered = me.store.entered_weather(day, day).await?;
    let of_file = ground.data().burn_weather.iter().filter(|weather| weather.date == day);
    let all = of_file.chain(entered.iter().map(|entry| &entry.weather));
    let mut levels = std::collections::BTreeMap::new();
    for weather in all.filter(|weather| me.store.scope().concerns(&weather.unit_code)) {
        levels.insert(weather.unit_code.clone(), weather.level);
    }
    let named = |(code, level)| (crate::words::unit_name(ground, &code, lang), level);
    Ok(levels.into_iter().map(named).collect())
}
