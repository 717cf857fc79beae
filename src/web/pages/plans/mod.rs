//! Burning in order: the list, an application, one plan with what may be done now, the day's orders, progress, import.
//!
//! What a plan allows is decided by [`crate::domain::burning`]; these pages offer what it allows and show its words.

pub(in crate::web) mod acts;
pub(in crate::web) mod import;
pub(in crate::web) mod list;
pub(in crate::web) mod new;
pub(in crate::web) mod one;
pub(in crate::web) mod orders;
pub(in crate::web) mod progress;

use crate::domain::burning::{StandingPlan, order_cautions, standing_orders};
use crate::domain::ground::Ground;
use crate::domain::ledger::{LedgerLine, day_ledger};
use crate::domain::plan::{BurnOrder, PlanStatus};
use crate::domain::policy::EnteredWeather;
use crate::domain::time::{Date, Timestamp};
use crate::report::lang::Lang;
use crate::report::words::{full_name, local};
use crate::store::PlanFilter;
use crate::store::query::Span;
use crate::web::api::params;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::error::Problem;

/// A plan as lists show it.
pub(super) struct PlanLine {
    id: String,
    href: String,
    unit: String,
    status: &'static str,
    status_words: &'static str,
    window: String,
    area: String,
    burnt: Option<String>,
    responsible: String,
    /// Its standing orders.
    orders: Vec<String>,
    has_plot: bool,
}

pub(super) fn plan_line(ground: &Ground, standing: &StandingPlan, ask: &Ask) -> PlanLine {
    let (plan, lang) = (&standing.plan, ask.lang);
    PlanLine {
        id: plan.id.0.clone(),
        href: plan_href(ask, &plan.id.0),
        unit: full_name(ground, &plan.unit_code, lang),
        status: standing.status.name(),
        status_words: status_words(standing.status, lang),
        window: span(ground, plan.window_start, plan.window_end),
        area: mu(plan.area_mu),
        burnt: plan.burnt_mu.map(mu),
        responsible: plan.responsible.clone(),
        orders: standing_orders(plan).map(|order| span(ground, order.from, order.to)).collect(),
        has_plot: plan.plot.is_some(),
    }
}

/// The address of a plan's page.
pub(super) fn plan_href(ask: &Ask, id: &str) -> String {
    ask.href(&format!("/plans/{}", crate::web::ask::percent_encoded(id)))
}

pub(super) fn status_words(status: PlanStatus, lang: Lang) -> &'static str {
    lang.pick(status.label_zh(), status.name())
}

/// From one local minute to another; the day is said once where it is the same.
pub(super) fn span(ground: &Ground, from: Timestamp, to: Timestamp) -> String {
    let (a, b) = (local(ground, from), local(ground, to));
    match (a.split_once(' '), b.split_once(' ')) {
        (Some((day, _)), Some((same, time))) if day == same => format!("{a}–{time}"),
        _ => format!("{a} – {b}"),
    }
}

/// An area, mu, without a tail of zeros.
pub(super) fn mu(area: f64) -> String {
    let text = format!("{area:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// What a local day's orders are held against.
pub(super) struct DayRules {
    weather: Vec<EnteredWeather>,
    ledger: Vec<LedgerLine>,
}

impl DayRules {
    /// Reads them for somebody's ground.
    pub(super) async fn read(me: &Me, ground: &Ground, day: Date, plans: &[StandingPlan]) -> Result<Self, Problem> {
        let weather = me.store.entered_weather(day, day).await?;
        let bounds = params::day_span("date", day, ground)?;
        let mut ledger = day_ledger(ground, day, (bounds.from, bounds.until), plans, &[]);
        // Of the units above only a part of the plans can be seen here, so nothing is said of their quotas.
        ledger.retain(|line| me.store.scope().holds(&line.unit_code));
        Ok(Self { weather, ledger })
    }

    /// What an order, or the part of it between two moments, runs into, in one language.
    pub(super) fn cautions(
        &self,
        ground: &Ground,
        standing: &StandingPlan,
        span: (Timestamp, Timestamp),
        lang: Lang,
    ) -> Vec<String> {
        let found = order_cautions(ground, &standing.plan.unit_code, span, &self.weather, &self.ledger);
        found.iter().map(|text| lang.of_both(text).to_owned()).collect()
    }
}

/// The part of an order that lies in a day.
pub(super) fn part_of(order: &BurnOrder, day: Span) -> (Timestamp, Timestamp) {
    (order.from.max(day.from), order.to.min(day.until))
}

/// The plans of somebody's ground whose window touches a local day.
pub(super) async fn plans_of_day(me: &Me, ground: &Ground, day: Date) -> Result<(Span, Vec<StandingPlan>), Problem> {
    let span = params::day_span("date", day, ground)?;
    let plans = me.store.plans(PlanFilter { window: Some(span), ..PlanFilter::default() }).await?;
    Ok((span, plans))
}
