//! Which plan speaks, and that many plans do not slow judging down out of proportion.

use firegrid::domain::ground::Ground;
use firegrid::domain::plan::{BurnPlan, PlanId};
use firegrid::domain::policy::Policy;
use firegrid::domain::time::SignedDuration;
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::{Verdict, judge, plans_near};
use firegrid::domain::zone::ZoneClass;

use super::{bare, fitting_plan, fixture, km_box, noon, seen, seen_at};

fn named(id: &str, plan: BurnPlan) -> BurnPlan {
    BurnPlan { id: PlanId(id.to_owned()), ..plan }
}

#[test]
fn the_plan_with_the_fewest_misfits_speaks_then_the_nearest_then_the_lowest_id() {
    let ground = Ground::build(bare());
    let at_km = |km: f64| BurnPlan { plot: Some(km_box(km, -1.0, km + 1.0, 1.0)), ..fitting_plan() };
    let unordered = |plan: BurnPlan| BurnPlan { orders: Vec::new(), ..plan };
    let plans = vec![
        named("a", unordered(at_km(0.5))),
        named("b", at_km(1.5)),
        named("d", at_km(1.0)),
        named("c", at_km(1.0)),
        named("e", unordered(at_km(-0.5))),
    ];
    let policy = Policy { plans, ..Policy::default() };
    let order: Vec<_> = plans_near(&ground, &policy, &seen(0.4, noon())).into_iter().map(|plan| plan.plan.0).collect();
    assert_eq!(order, ["e", "c", "d", "b", "a"], "e is inside and only unordered; a has two misfits");
}

#[test]
fn a_plan_without_a_plot_is_for_the_ground_of_its_unit_or_of_the_units_below() {
    let ground = Ground::build(bare());
    let verdict = |unit: &str, at: (f64, f64)| {
        let plan = BurnPlan { unit_code: UnitCode(unit.to_owned()), plot: None, ..fitting_plan() };
        let policy = Policy { plans: vec![plan], ..Policy::default() };
        judge(&ground, &policy, &seen_at(at, 0.4, noon())).unwrap().verdict
    };
    // Town A-a has no outline: its two cells carry it.
    assert_eq!(verdict("A-a", (122.15, 45.95)), Verdict::Planned);
    assert_eq!(verdict("A-a-2", (122.15, 45.95)), Verdict::Planned);
    assert_eq!(verdict("S", (122.15, 45.95)), Verdict::Planned);
    assert_eq!(verdict("A-a-2", (122.099, 45.95)), Verdict::Planned, "80 m off is within half a pixel");
    assert_eq!(verdict("A-a-2", (122.09, 45.95)), Verdict::OffPlan, "0.8 km off is near");
    assert_eq!(verdict("A-a-2", (122.05, 45.95)), Verdict::Unplanned, "3.9 km off is not");
    assert_eq!(verdict("gone", (122.15, 45.95)), Verdict::Unplanned);
}

/// A county's burning season: plots on a lattice, villages' worth of units, zones all over.
fn crowded(plans: usize, zones: usize) -> (Ground, Policy) {
    let mut data = bare();
    let spot = |i: usize| (122.0 + 0.3 * ((i * 37) % 997) as f64 / 997.0, 45.8 + 0.2 * ((i * 61) % 991) as f64 / 991.0);
    data.zones = (0..zones)
        .map(|i| {
            let (lon, lat) = spot(i * 7);
            let class = if i % 3 == 0 { ZoneClass::Ban } else { ZoneClass::Limited };
            fixture::zone(&format!("z{i}"), class, None, fixture::rectangle(lon, lat, lon + 0.004, lat + 0.003))
        })
        .collect();
    let plans = (0..plans)
        .map(|i| {
            let (lon, lat) = spot(i);
            let moved = SignedDuration::from_hours(i64::try_from(i % 240).unwrap() - 120);
            let plot = (i % 5 != 0).then(|| fixture::rectangle(lon, lat, lon + 0.003, lat + 0.003));
            let base = fitting_plan();
            let (window_start, window_end) = (base.window_start + moved, base.window_end + moved);
            let unit_code = UnitCode(["A-a-1", "A-a-2", "A-c-1", "A-c-2"][i % 4].to_owned());
            named(&format!("p{i}"), BurnPlan { plot, window_start, window_end, unit_code, ..base })
        })
        .collect();
    (Ground::build(data), Policy { plans, ..Policy::default() })
}

#[test]
fn many_detections_against_many_plans_and_zones_are_judged_in_reasonable_time() {
    // The figures are for whoever looks at them; a machine under load must not fail the test.
    let detections = if cfg!(debug_assertions) { 500 } else { 10_000 };
    for plans in [0, 1_000, 5_000] {
        let (ground, policy) = crowded(plans, 500);
        let started = std::time::Instant::now();
        let mut verdicts = std::collections::BTreeMap::new();
        for i in 0..detections {
            let at = (
                122.001 + 0.298 * ((i * 13) % 9973) as f64 / 9973.0,
                45.801 + 0.198 * ((i * 29) % 9967) as f64 / 9967.0,
            );
            let judged = judge(&ground, &policy, &seen_at(at, 0.4, noon())).unwrap();
            *verdicts.entry(judged.verdict).or_insert(0) += 1;
        }
        eprintln!("{detections} detections, {plans} plans, 500 zones: {:?} {verdicts:?}", started.elapsed());
        assert_eq!(verdicts.values().sum::<usize>(), detections);
    }
}
