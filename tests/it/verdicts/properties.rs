//! What must hold for any plans, orders and weather: a plan excuses or explains and never
//! worsens; what came after the fire excuses nothing.

use proptest::prelude::*;

use firegrid::domain::calendar::BurnWeather;
use firegrid::domain::ground::Ground;
use firegrid::domain::plan::{BurnOrder, BurnPlan, PlanId};
use firegrid::domain::policy::{EnteredWeather, Policy};
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::{Judgement, Verdict, judge, plans_near};
use firegrid::domain::zone::ZoneClass;

use super::{bare, closure, fitting_plan, fixture, km_box, noon, seen_at};

/// Hours about noon; zero, the very moment, is as likely as the rest together allows.
fn instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![Just(0), -90_i64..90].prop_map(|hours| noon() + SignedDuration::from_hours(hours))
}

fn maybe() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::of(instant())
}

fn order() -> impl Strategy<Value = BurnOrder> {
    (instant(), 1_i64..12, instant(), maybe()).prop_map(|(from, length, issued_at, withdrawn_at)| BurnOrder {
        id: 1,
        from,
        to: from + SignedDuration::from_hours(length),
        issued_at,
        issued_by: String::new(),
        withdrawn_at,
    })
}

prop_compose! {
    fn plan()(
        id in "[a-c]",
        unit in prop::sample::select(vec!["A-a", "A-a-2", "B", "S", "gone"]),
        plot in prop::option::of((-3.0..3.0f64, 0.1..2.0f64)),
        (window_start, length) in (instant(), 1_i64..100),
        received_at in instant(),
        (approved_at, refused_at, withdrawn_at) in (maybe(), maybe(), maybe()),
        (lit_at, done_at) in (maybe(), maybe()),
        orders in prop::collection::vec(order(), 0..3),
    ) -> BurnPlan {
        BurnPlan {
            id: PlanId(id),
            unit_code: UnitCode(unit.to_owned()),
            plot: plot.map(|(x, side)| km_box(x, -side, x + side, side)),
            window_start,
            window_end: window_start + SignedDuration::from_hours(length),
            received_at, approved_at, refused_at, withdrawn_at, lit_at, done_at, orders,
            ..fitting_plan()
        }
    }
}

/// A plan that may well fit: the fitting one with some of another's instants.
fn likely_plan() -> impl Strategy<Value = BurnPlan> {
    (plan(), 0_u8..16).prop_map(|(other, mask)| {
        let mut plan = fitting_plan();
        plan.id = other.id;
        if mask & 1 > 0 {
            plan.orders = other.orders;
        }
        if mask & 2 > 0 {
            (plan.approved_at, plan.refused_at) = (other.approved_at, other.refused_at);
        }
        if mask & 4 > 0 {
            plan.received_at = other.received_at;
        }
        if mask & 8 > 0 {
            plan.withdrawn_at = other.withdrawn_at;
        }
        plan
    })
}

fn any_plan() -> impl Strategy<Value = BurnPlan> {
    prop_oneof![plan(), likely_plan()]
}

prop_compose! {
    fn weather()(
        unit in prop::sample::select(vec!["S", "A", "A-a"]),
        day in prop::sample::select(vec!["2026-04-12", "2026-04-13"]),
        level in 1_u8..=4,
        entered_at in instant(),
    ) -> EnteredWeather {
        let date = day.parse().unwrap();
        EnteredWeather {
            weather: BurnWeather { unit_code: UnitCode(unit.to_owned()), date, level },
            entered_at,
            entered_by: String::new(),
        }
    }
}

fn policy() -> impl Strategy<Value = Policy> {
    (prop::collection::vec(any_plan(), 0..4), prop::collection::vec(weather(), 0..3)).prop_map(
        |(plans, mut weather)| {
            weather.sort_by_key(|entry| entry.entered_at);
            Policy { plans, weather, ..Policy::default() }
        },
    )
}

/// Limited ground with a ban zone to the east, hours and a weather limit; closed or not.
fn ground(closed: bool) -> Ground {
    let mut data = bare();
    data.zones = vec![fixture::zone("ban", ZoneClass::Ban, None, km_box(1.0, -3.0, 3.0, 3.0))];
    data.calendar.max_weather_level = Some(2);
    if closed {
        data.calendar.closures = vec![closure("2026-04-13T00:00", "2026-04-14T00:00", &["A-a-2"])];
    }
    Ground::build(data)
}

fn judged(ground: &Ground, policy: &Policy, east_km: f64) -> Judgement {
    let lon = super::CENTRE.0 + east_km / 77.3;
    judge(ground, policy, &seen_at((lon, super::CENTRE.1), 0.4, noon())).unwrap()
}

/// Moves an instant after the fire to another one after it.
fn shifted(at: Timestamp, by_hours: i64) -> Timestamp {
    if at > noon() { noon() + SignedDuration::from_hours(by_hours) } else { at }
}

/// The policy with everything that happened after the fire moved or undone, except what was
/// received, approved or ordered late: that is named with its date.
fn with_another_later_life(mut policy: Policy, by_hours: i64, undo: bool) -> Policy {
    let later = |at: Option<Timestamp>| at.filter(|at| !undo || *at <= noon()).map(|at| shifted(at, by_hours));
    for plan in &mut policy.plans {
        plan.refused_at = later(plan.refused_at);
        plan.withdrawn_at = later(plan.withdrawn_at);
        plan.lit_at = later(plan.lit_at);
        plan.done_at = later(plan.done_at);
        for order in &mut plan.orders {
            order.withdrawn_at = later(order.withdrawn_at);
        }
    }
    policy.weather.retain(|entry| !undo || entry.entered_at <= noon());
    for entry in &mut policy.weather {
        entry.entered_at = shifted(entry.entered_at, by_hours);
    }
    policy
}

/// The policy as it was known at the fire: nothing that came later is in it.
fn as_known_then(policy: &Policy) -> Policy {
    let mut policy = with_another_later_life(policy.clone(), 1, true);
    policy.plans.retain(|plan| plan.received_at <= noon());
    for plan in &mut policy.plans {
        plan.approved_at = plan.approved_at.filter(|approved| *approved <= noon());
        plan.orders.retain(|order| order.issued_at <= noon());
    }
    policy
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn adding_a_plan_never_makes_a_verdict_worse_than_off_plan_and_never_touches_banned_ground(
        policy in policy(), more in any_plan(), east_km in -1.0..3.0f64, closed: bool,
    ) {
        let ground = ground(closed);
        let bare = judged(&ground, &Policy::default(), east_km);
        let before = judged(&ground, &policy, east_km);
        let mut with = policy.clone();
        with.plans.push(more);
        let after = judged(&ground, &with, east_km);
        if bare.verdict == Verdict::Banned {
            prop_assert_eq!(&before, &bare);
            prop_assert_eq!(&after, &bare);
        } else {
            prop_assert!(after.verdict >= Verdict::OffPlan);
            let excused = before.verdict == Verdict::Planned;
            prop_assert!(!excused || after.verdict == Verdict::Planned, "a plan more takes no excuse away");
        }
        prop_assert_eq!(&after.shares, &bare.shares);
        prop_assert_eq!(after.may_be_banned, bare.may_be_banned);
    }

    #[test]
    fn what_happened_after_the_fire_changes_nothing(
        policy in policy(), by_hours in 1_i64..200, undo: bool, east_km in -1.0..1.5f64,
    ) {
        let ground = ground(false);
        let other = with_another_later_life(policy.clone(), by_hours, undo);
        prop_assert_eq!(judged(&ground, &policy, east_km), judged(&ground, &other, east_km));
    }

    #[test]
    fn papers_that_came_late_can_name_a_plan_but_never_excuse_or_accuse(policy in policy(), east_km in -1.0..1.5f64) {
        let ground = ground(false);
        let (all, known) = (judged(&ground, &policy, east_km), judged(&ground, &as_known_then(&policy), east_km));
        if all.verdict != known.verdict {
            prop_assert_eq!((known.verdict, all.verdict), (Verdict::Unplanned, Verdict::OffPlan));
            let plans = plans_near(&ground, &policy, &seen_at((super::CENTRE.0 + east_km / 77.3, super::CENTRE.1), 0.4, noon()));
            prop_assert!(plans.iter().all(|plan| plan.status.is_none()), "only plans received late: {plans:#?}");
        }
    }

    #[test]
    fn the_order_of_the_plans_does_not_matter(policy in policy(), east_km in -1.0..1.5f64) {
        let ground = ground(false);
        let mut turned = policy.clone();
        turned.plans.reverse();
        let mut ids: Vec<_> = policy.plans.iter().map(|plan| plan.id.clone()).collect();
        ids.sort();
        ids.dedup();
        prop_assume!(ids.len() == policy.plans.len());
        prop_assert_eq!(judged(&ground, &policy, east_km), judged(&ground, &turned, east_km));
    }
}

#[test]
fn the_generators_reach_every_verdict_of_limited_ground() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let ground = ground(false);
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..400 {
        let policy = policy().new_tree(&mut runner).unwrap().current();
        *counts.entry(judged(&ground, &policy, 0.0).verdict).or_insert(0) += 1;
    }
    let rarest = counts.values().min().unwrap();
    assert!(counts.len() == 3 && *rarest >= 20, "{counts:?}");
}
