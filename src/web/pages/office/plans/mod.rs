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

use crate::domain::burning::{OrderView, StandingPlan, order_cautions, standing_orders};
use crate::domain::ground::Ground;
use crate::domain::ledger::{LedgerLine, day_ledger};
use crate::domain::plan::{BurnOrder, PlanStatus};
use crate::domain::policy::EnteredWeather;
use crate::domain::time::{Date, Timestamp};
use crate::store::PlanFilter;
use crate::store::query::Span;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::params;
use crate::web::problem::Problem;
use crate::words::{Label, Lang, full_name, local};

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
    ask.href(&format!("/plans/{}", crate::web::request::percent_encoded(id)))
}

pub(super) fn status_words(status: PlanStatus, lang: Lang) -> &'static str {
    lang.say(status.label())
}

/// From one local minute to another; the day is said once where it is the same.
pub(super) fn span(ground: &Ground, from: Timestamp, to: Timestamp) -> String {
    let (a, b) = (local(ground, from), local(ground, to));
    match (a.split_once(' '), b.split_once(' ')) {
        (Some((day, _)), Some((same, time))) if day == same => format!("{a}–{time}"),
        _ => format!("{a} – {b}"),
    }
}

/// An area, mu, without a tail of zeros; no area has a sign, not even the empty sum, which is `-0`.
pub(super) fn mu(area: f64) -> String {
    let text = format!("{:.1}", area.abs());
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// What the orders of some local days are held against.
pub(super) struct DayRules {
    weather: Vec<EnteredWeather>,
    ledger: Vec<LedgerLine>,
}

impl DayRules {
    /// Reads them for somebody's ground, of the days that follow one another; `plans` are those whose window touches
    /// them.
    pub(super) async fn read(me: &Me, ground: &Ground, days: &[Date], plans: &[StandingPlan]) -> Result<Self, Problem> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Ok(Self { weather: Vec::new(), ledger: Vec::new() });
        };
        let weather = me.store.entered_weather(*first, *last).await?;
        let mut ledger = Vec::new();
        for day in days {
            let bounds = params::day_span("date", *day, ground)?;
            ledger.extend(day_ledger(ground, *day, (bounds.from, bounds.until), plans, &[]));
        }
        // Of the units above only a part of the plans can be seen here, so nothing is said of their quotas.
        ledger.retain(|line| me.store.scope().holds(&line.unit_code));
        Ok(Self { weather, ledger })
    }

    /// What an order, or the part of it in a day, runs into, in one language.
    pub(super) fn cautions(&self, ground: &Ground, view: &OrderView<'_>, lang: Lang) -> Vec<String> {
        let found = order_cautions(ground, view, &self.weather, &self.ledger);
        found.iter().map(|text| lang.of_both(text).to_owned()).collect()
    }
}

/// The part of a plan's order that lies in a day.
pub(super) fn view_of_day<'a>(standing: &'a StandingPlan, order: &BurnOrder, day: Span) -> OrderView<'a> {
    let part = (order.from.max(day.from), order.to.min(day.until));
    OrderView { unit: &standing.plan.unit_code, order: (order.from, order.to), part }
}

/// The plans of somebody's ground whose window touches a local day.
pub(super) async fn plans_of_day(me: &Me, ground: &Ground, day: Date) -> Result<(Span, Vec<StandingPlan>), Problem> {
    let span = params::day_span("date", day, ground)?;
    let plans = me.store.plans(PlanFilter { window: Some(span), ..PlanFilter::default() }).await?;
    Ok((span, plans))
}

/// The plans of somebody's ground whose window touches some local days that follow one another.
pub(super) async fn plans_of_days(me: &Me, ground: &Ground, days: &[Date]) -> Result<Vec<StandingPlan>, Problem> {
    let span = params::open_span(days.first().copied(), days.last().copied(), ground)?;
    Ok(me.store.plans(PlanFilter { window: Some(span), ..PlanFilter::default() }).await?)
}

#[cfg(test)]
mod tests {
    use super::mu;

    #[test]
    fn no_area_has_a_sign_not_even_the_sum_of_nothing() {
        let nothing: f64 = std::iter::empty::<f64>().sum();
        let cases = [(nothing, "0"), (-0.0, "0"), (-0.04, "0"), (0.25, "0.2"), (120.5, "120.5"), (3000.0, "3000")];
        for (area, expected) in cases {
            assert_eq!(mu(area), expected, "{area}");
        }
    }
}
