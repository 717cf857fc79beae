//! What an application and each act have to say: values, windows, orders, times.

use super::{BurningRefusal, MAX_AREA_MU, MAX_CLAIM_AGE, MAX_ORDER, StandingPlan, local_minute};
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
        return Err(BurningRefusal::value("计划编号须为1至64个字符", "a plan id has 1 to 64 characters"));
    }
    if application.window_start >= application.window_end {
        return Err(BurningRefusal::value(
            format!("烧除时段的结束{}不晚于开始{}", local(application.window_end), local(application.window_start)),
            format!(
                "the window ends at {}, not after its start {}",
                local(application.window_end),
                local(application.window_start)
            ),
        ));
    }
    // Beyond these years a slip of the keyboard is told at once, and days always have their bounds.
    let years = [application.window_start, application.window_end].map(|at| ground.local_day(at).year());
    if years.iter().any(|year| !YEARS.contains(year)) {
        return Err(BurningRefusal::value(
            format!("烧除时段{}至{}的年份不可信", local(application.window_start), local(application.window_end)),
            format!(
                "the window {} to {} is in no believable year, expected {} to {}",
                local(application.window_start),
                local(application.window_end),
                YEARS.start(),
                YEARS.end()
            ),
        ));
    }
    if application.responsible.trim().is_empty() {
        return Err(BurningRefusal::value("没有烧除负责人", "nobody is named who answers for the burning"));
    }
    check_area("计划面积", "the planned area", application.area_mu, false)
}

pub(super) fn check_area(zh: &str, en: &str, mu: f64, zero_is_fine: bool) -> Result<(), BurningRefusal> {
    let low_enough = mu.is_finite() && mu <= MAX_AREA_MU;
    if low_enough && (mu > 0.0 || (zero_is_fine && mu == 0.0)) {
        return Ok(());
    }
    Err(BurningRefusal::value(
        format!("{zh}为{mu}亩，应大于0且不超过{MAX_AREA_MU}亩"),
        format!("{en} is {mu} mu, expected more than 0 and at most {MAX_AREA_MU}"),
    ))
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
    Err(BurningRefusal::value(
        format!("所称时间{}与服务器时间{}不符，只能补录72小时以内的操作", local(at), local(now)),
        format!(
            "the claimed time {} does not fit the server's {}: at most 72 hours may be made up for",
            local(at),
            local(now)
        ),
    ))
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
        return Err(BurningRefusal::value(
            format!("指令时段{}至{}不成立：结束须晚于开始，且一道指令不超过24小时", local(from), local(to)),
            format!(
                "an order from {} to {} is none: it ends after it begins and lasts 24 hours at most",
                local(from),
                local(to)
            ),
        ));
    }
    if to <= now {
        return Err(BurningRefusal::value(
            format!("指令时段已于{}结束，不能补发指令", local(to)),
            format!("the time ordered ended at {}; no order is given for the past", local(to)),
        ));
    }
    if from < plan.window_start || to > plan.window_end {
        return Err(BurningRefusal::value(
            format!("指令时段超出计划时段{}至{}", local(plan.window_start), local(plan.window_end)),
            format!("the order leaves the plan's window, {} to {}", local(plan.window_start), local(plan.window_end)),
        ));
    }
    if let Some(other) = standing_orders(plan).find(|order| order.from < to && from < order.to) {
        return Err(BurningRefusal::value(
            format!("与已下达的指令{}（{}至{}）重叠，请先撤回", other.id, local(other.from), local(other.to)),
            format!(
                "order {} ({} to {}) stands already: take it back first",
                other.id,
                local(other.from),
                local(other.to)
            ),
        ));
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
    let list = || {
        let ids: Vec<_> = standing_orders(plan).filter(|o| can(o)).map(|o| o.id.to_string()).collect();
        if ids.is_empty() { "0".to_owned() } else { ids.join(", ") }
    };
    let candidates: Vec<_> = match order {
        Some(id) => standing_orders(plan).filter(|order| order.id == id && can(order)).collect(),
        None => standing_orders(plan).filter(|order| can(order)).collect(),
    };
    match candidates.as_slice() {
        [only] => Ok(only),
        [] if order.is_none() => Err(BurningRefusal::value(
            "没有可以撤回的指令：已点火、已过时段或已撤回的指令不能撤回",
            "no order can be taken back: they were lit, are over or were taken back",
        )),
        [] => Err(BurningRefusal::value(
            format!("该指令不能撤回（已点火、已过时段、已撤回或不属于本计划）；可撤回：{}", list()),
            format!(
                "that order cannot be taken back (lit, over, taken back or not of this plan); possible: {}",
                list()
            ),
        )),
        _ => Err(BurningRefusal::value(
            format!("有多道指令，请用 --order 指明：{}", list()),
            format!("several orders stand, name one with --order: {}", list()),
        )),
    }
}

pub(super) fn check_lighting(plan: &BurnPlan, at: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    if standing_orders(plan).any(|order| order.from <= at && at < order.to) {
        return Ok(());
    }
    let times = |to: &str| {
        let all: Vec<_> = standing_orders(plan)
            .map(|order| format!("{}{to}{}", local_minute(order.from, zone), local_minute(order.to, zone)))
            .collect();
        all.join(", ")
    };
    let at = local_minute(at, zone);
    Err(BurningRefusal::value(
        format!("{at}不在任何指令时段内（{}），不能点火", times("至")),
        format!("no order runs at {at} ({}): it must not be lit", times(" to ")),
    ))
}

pub(super) fn check_window(plan: &BurnPlan, at: Timestamp, zone: &TimeZone) -> Result<(), BurningRefusal> {
    if plan.window_start <= at && at < plan.window_end {
        return Ok(());
    }
    let [at, start, end] = [at, plan.window_start, plan.window_end].map(|at| local_minute(at, zone));
    Err(BurningRefusal::value(
        format!("{at}不在计划时段{start}至{end}内，不能点火"),
        format!("{at} is outside the plan's window, {start} to {end}: it must not be lit"),
    ))
}
