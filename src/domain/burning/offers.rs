//! Which acts a page offers to somebody for a plan now: those the table of [`super::decide`] allows, and those that
//! only a circumstance forbids, with its words.
//!
//! It tries each act on [`super::decide`] itself, so that a page and the server never disagree.

use super::{BurnRules, BurningRefusal, MAX_ORDER, PlanAct, StandingPlan, decide, standing_orders};
use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::plan::BurnPlan;
use crate::domain::time::{Timestamp, day_bounds, instant_of};

/// An act that somebody may do, or could if it were not for a circumstance.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The act; an order with the times that a form begins with.
    pub act: PlanAct,
    /// Why not now.
    pub refusal: Option<BurningRefusal>,
}

/// The acts for a plan as it stands, in the order of a plan's life. What status, level or line forbid is left out.
#[must_use]
pub fn offers(
    ground: &Ground,
    rules: &BurnRules,
    standing: &StandingPlan,
    actor: &Actor,
    now: Timestamp,
) -> Vec<Offer> {
    let plan = &standing.plan;
    let mut acts = vec![PlanAct::Approve, PlanAct::Refuse];
    acts.extend(next_order(ground, plan, now));
    acts.extend(standing_orders(plan).map(|order| PlanAct::TakeBack { order: Some(order.id) }));
    acts.extend([PlanAct::Light, PlanAct::Finish { burnt_mu: plan.area_mu }, PlanAct::Withdraw]);
    let offer = |act: PlanAct| match decide(ground, rules, standing, actor, act, (now, now)) {
        Ok(_) => Some(Offer { act, refusal: None }),
        // Another time may be ordered than the one a form begins with.
        Err(BurningRefusal::Value { .. }) if matches!(act, PlanAct::Order { .. }) => Some(Offer { act, refusal: None }),
        // An order that is over or lit is not taken back: nothing to say about it.
        Err(BurningRefusal::Value { .. }) if matches!(act, PlanAct::TakeBack { .. }) => None,
        Err(refusal @ (BurningRefusal::Value { .. } | BurningRefusal::OwnPlan { .. })) => {
            Some(Offer { act, refusal: Some(refusal) })
        }
        Err(_) => None,
    };
    acts.into_iter().filter_map(offer).collect()
}

/// The order a form begins with: the rest of the first day that is left of the window, within the permitted hours
/// where there are any; `None` when the window is over.
fn next_order(ground: &Ground, plan: &BurnPlan, now: Timestamp) -> Option<PlanAct> {
    let earliest = plan.window_start.max(now);
    if plan.window_end <= earliest {
        return None;
    }
    let zone = &ground.data().time_zone;
    let day = ground.local_day(earliest);
    let (_, midnight) = day_bounds(day, zone).ok()?;
    let (mut from, mut to) = (earliest, midnight.min(plan.window_end));
    if let Some(hours) = ground.data().calendar.hours {
        let at = |time| instant_of(day.to_datetime(time), zone).ok();
        let (opens, closes) = (at(hours.from).unwrap_or(from).max(from), at(hours.to).unwrap_or(to).min(to));
        if opens < closes {
            (from, to) = (opens, closes);
        }
    }
    let longest = from.checked_add(MAX_ORDER).unwrap_or(to);
    Some(PlanAct::Order { from, to: to.min(longest) })
}
