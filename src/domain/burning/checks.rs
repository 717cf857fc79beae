//! What an application and each act have to say: values, windows, orders, times.

use super::{Area, BadValue, BurningRefusal, MAX_AREA_MU, MAX_CLAIM_AGE, MAX_ORDER, StandingPlan, local_minute};
use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::plan::{BurnOrder, BurnPlan, PlanApplication};
use crate::domain::time::{SignedDuration, TimeZone, Timestamp};

/// Years in which a plan may burn.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2199;

/// Checks what an application says, apart from who applies.
///
/// # Errors
/// [`BurningRefusal::Value`], [`BurningRefusal::NoUnit`].
pub fn check_application(ground: &Ground, application: &PlanApplication) -> Result<(), BurningRefusal> {
    let local = |at| local_minute(at, &ground.data().time_zone);
    if ground.unit(&application.unit_code).is_none() {
        return Err(BurningRefusal::NoUnit(application.unit_code.0.clone()));
    }
    if application.id.0.trim().is_empty() || application.id.0.chars().count() > 64 {
        return Err(BadValue::Id.into());
    }
    let window = || (local(application.window_start), local(application.window_end));
    if application.window_start >= application.window_end {
        let (from, to) = window();
        return Err(BadValue::EmptyWindow { from, to }.into());
    }
    // Beyond these years a slip of the keyboard is told at once, and days always have their bounds.
    let years = [application.window_start, application.window_end].map(|at| ground.local_day(at).year());
    if years.iter().any(|year| !YEARS.contains(year)) {
        let ((from, to), (first, last)) = (window(), (*YEARS.start(), *YEARS.end()));
        return Err(BadValue::Year { from, to, first, last }.into());
    }
    if application.responsible.trim().is_empty() {
        return Err(BadValue::NobodyResponsible.into());
    }
    check_area(Area::Planned, application.area_mu)
}

pub(super) fn check_area(of: Area, mu: f64) -> Result<(), BurningRefusal> {
    let low_enough = mu.is_finite() && mu <= MAX_AREA_MU;
    // A plan for nothing is none; of what was lit, nothing may have burnt.
    let fits = low_enough && (mu > 0.0 || (of == Area::Burnt && mu == 0.0));
    if fits { Ok(()) } else { Err(BadValue::Area { of, mu }.into()) }
}

/// Whether an act may be entered for a moment: not ahead of the clock, not long past.
///
/// # Errors
/// [`BurningRefusal::Value`].
pub fn check_claim(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    let local = |at| local_minute(at, zone);
    let age = now.duration_since(at);
    // A phone's clock may be a few minutes ahead.
    if age >= SignedDuration::from_mins(-10) && age <= MAX_CLAIM_AGE {
        return Ok(());
    }
    Err(BadValue::Claim { claimed: local(at), now: local(now) }.into())
}

pub(super) fn check_not_own(standing: &StandingPlan, actor: &Actor) -> Result<(), BurningRefusal> {
    let applied = standing.applicant.as_ref().is_some_and(|applicant| applicant.name == actor.name);
    let is_of_account = |applicant: &Actor| actor.through.shares_account(&applicant.through.accounts);
    let same_account = standing.applicant.as_ref().is_some_and(is_of_account);
    if applied || same_account || standing.plan.responsible == actor.name {
        return Err(BurningRefusal::OwnPlan { actor: actor.name.clone(), plan: standing.plan.id.0.clone() });
    }
    Ok(())
}

/// The orders that were not taken back, oldest first.
pub fn standing_orders(plan: &BurnPlan) -> impl Iterator<Item = &BurnOrder> {
    plan.orders.iter().filter(|order| order.withdrawn_at.is_none())
}

pub(super) fn check_order(
    plan: &BurnPlan,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(), BurningRefusal> {
    let local = |at| local_minute(at, zone);
    if from >= to || to.duration_since(from) > MAX_ORDER {
        return Err(BadValue::OrderSpan { from: local(from), to: local(to) }.into());
    }
    if to <= now {
        return Err(BadValue::PastOrder(local(to)).into());
    }
    if from < plan.window_start || to > plan.window_end {
        let (from, to) = (local(plan.window_start), local(plan.window_end));
        return Err(BadValue::OutsideWindow { from, to }.into());
    }
    if let Some(other) = standing_orders(plan).find(|order| order.from < to && from < order.to) {
        return Err(BadValue::Overlap { id: other.id, from: local(other.from), to: local(other.to) }.into());
    }
    Ok(())
}

/// The order that is taken back: the one named, or the only one that still can be.
///
/// # Errors
/// [`BurningRefusal::Value`] when there is none, several, or it was lit or is over.
pub fn order_to_take_back(plan: &BurnPlan, order: Option<i64>, now: Timestamp) -> Result<&BurnOrder, BurningRefusal> {
    let lit_under = |order: &BurnOrder| plan.lit_at.is_some_and(|lit| order.issued_at <= lit && order.from <= lit);
    let can = |order: &BurnOrder| order.to > now && !lit_under(order);
    let possible = || standing_orders(plan).filter(|order| can(order)).map(|order| order.id).collect();
    let candidates: Vec<_> = match order {
        Some(id) => standing_orders(plan).filter(|order| order.id == id && can(order)).collect(),
        None => standing_orders(plan).filter(|order| can(order)).collect(),
    };
    match candidates.as_slice() {
        [only] => Ok(only),
        [] if order.is_none() => Err(BadValue::NothingToTakeBack.into()),
        [] => Err(BadValue::NotToTakeBack { possible: possible() }.into()),
        _ => Err(BadValue::WhichOrder(possible()).into()),
    }
}

pub(super) fn check_lighting(plan: &BurnPlan, at: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    if standing_orders(plan).any(|order| order.from <= at && at < order.to) {
        return Ok(());
    }
    let local = |at| local_minute(at, zone);
    let orders = standing_orders(plan).map(|order| (local(order.from), local(order.to))).collect();
    Err(BadValue::NoOrderRuns { at: local(at), orders }.into())
}

pub(super) fn check_window(plan: &BurnPlan, at: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    if plan.window_start <= at && at < plan.window_end {
        return Ok(());
    }
    let [at, from, to] = [at, plan.window_start, plan.window_end].map(|at| local_minute(at, zone));
    Err(BadValue::LitOutsideWindow { at, from, to }.into())
}
