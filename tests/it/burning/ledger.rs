//! The ledger of a hand-made season, in numbers that can be checked by hand.

use firegrid::domain::burning::{PlanSource, StandingPlan, status_of};
use firegrid::domain::calendar::Quota;
use firegrid::domain::ground::Ground;
use firegrid::domain::ledger::{SeenPixel, day_ledger, progress};
use firegrid::domain::plan::{BurnOrder, BurnPlan};
use firegrid::domain::time::{Date, day_bounds};
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::domain::verdict::Verdict;

use super::{hours, morning, plan};
use crate::ground_fixture::{data, ground};

/// A hand-made season: three plans of two townships and a county, one of them burnt.
fn season() -> Vec<StandingPlan> {
    let approved = |id: &str, unit: &str, mu: f64| {
        let mut plan = plan(id);
        (plan.unit_code, plan.area_mu, plan.approved_at) = (UnitCode(unit.to_owned()), mu, Some(morning() - hours(48)));
        plan
    };
    let ordered = |mut plan: BurnPlan, from: i64| {
        plan.orders.push(BurnOrder {
            id: from,
            from: morning() + hours(from),
            to: morning() + hours(from + 4),
            issued_at: morning(),
            issued_by: String::new(),
            withdrawn_at: None,
        });
        plan
    };
    let mut burnt = ordered(approved("1", "A-a", 100.0), 1);
    (burnt.lit_at, burnt.done_at, burnt.burnt_mu) =
        (Some(morning() + hours(2)), Some(morning() + hours(20)), Some(80.0));
    let twice = ordered(ordered(approved("2", "A-a", 40.0), 1), 6);
    let mut taken_back = ordered(approved("3", "A-c", 25.0), 1);
    taken_back.orders[0].withdrawn_at = Some(morning());
    let mut withdrawn = approved("4", "A-c", 500.0);
    withdrawn.withdrawn_at = Some(morning());
    let applied = plan("5");
    let mut lapsed = approved("6", "B", 60.0);
    (lapsed.window_start, lapsed.window_end) = (morning() - hours(72), morning() - hours(24));
    let mut later = approved("7", "B", 11.0);
    (later.window_start, later.window_end) = (morning() + hours(48), morning() + hours(72));
    [burnt, twice, taken_back, withdrawn, applied, lapsed, later]
        .into_iter()
        .map(|plan| StandingPlan {
            status: status_of(&plan),
            source: PlanSource::Entered,
            applicant: None,
            acted_at: None,
            plan,
        })
        .collect()
}

#[test]
fn the_ledger_of_a_day_sums_every_unit_with_everything_below_it() {
    let mut data = data();
    data.calendar.quotas = vec![
        Quota { units: Vec::new(), area_mu: 139.0 },
        Quota { units: vec![UnitCode("A".to_owned()), UnitCode("A-a".to_owned())], area_mu: 140.0 },
        Quota { units: vec![UnitCode("S".to_owned())], area_mu: 79.0 },
    ];
    let ground = Ground::build(data);
    let day: Date = "2026-04-13".parse().unwrap();
    let bounds = day_bounds(day, &ground.data().time_zone).unwrap();
    let pixel = |fire_id, unit: &str, verdict| SeenPixel { fire_id, unit: UnitCode(unit.to_owned()), verdict };
    let seen = [
        pixel(1, "A-a-1", Verdict::Planned),
        pixel(1, "A-a-2", Verdict::OffPlan),
        pixel(2, "A-c-1", Verdict::Unplanned),
        pixel(2, "A-c-1", Verdict::Unplanned),
        pixel(3, "B", Verdict::HeatSource),
    ];
    let lines = day_ledger(&ground, day, bounds, &season(), &seen);
    let of = |code: &str| lines.iter().find(|line| line.unit_code.0 == code).unwrap();

    let a = of("A-a");
    assert_eq!((a.plans.number, a.plans.mu), (2, 140.0));
    assert_eq!((a.orders.number, a.orders.mu), (3, 140.0), "three orders, each plan's area once");
    assert_eq!((a.burnt.number, a.burnt.mu), (1, 80.0), "burnt the day it was lit, reported the day after");
    assert_eq!((a.remaining_mu, a.seen.banned), (140.0, 0), "reported done only after this day ended");
    assert_eq!((a.seen.planned, a.seen.off_plan), (0, 1), "one fire, its worst verdict");
    let quota = a.quota_exceeded.unwrap();
    assert_eq!((quota.quota_mu, quota.ordered_mu, quota.burnt_mu), (139.0, Some(140.0), None), "the smallest quota");

    let c = of("A-c");
    assert_eq!((c.plans.number, c.orders.number, c.seen.unplanned), (1, 0, 1));
    assert_eq!(c.quota_exceeded, None);
    let county = of("A");
    assert_eq!((county.plans.mu, county.orders.mu, county.quota_mu), (165.0, 140.0, Some(140.0)));
    assert_eq!(county.quota_exceeded, None, "exactly the quota does not exceed it");
    let city = of("S");
    assert_eq!((city.plans.number, city.seen.off_plan, city.seen.unplanned), (3, 1, 1));
    let quota = city.quota_exceeded.unwrap();
    assert_eq!((quota.ordered_mu, quota.burnt_mu), (Some(140.0), Some(80.0)));
    assert_eq!((of("B").plans.number, of("B").remaining_mu), (0, 11.0), "still to come, the lapsed one left out");
    assert_eq!(of("A-a-1").seen.planned, 1, "in this cell it was as planned");
    assert_eq!(lines[0].level, UnitLevel::City);
}

#[test]
fn the_progress_of_the_season_counts_by_city_county_and_township() {
    let lines = progress(&ground(), &season(), morning() + hours(21));
    let codes: Vec<_> = lines.iter().map(|line| line.unit_code.0.as_str()).collect();
    assert_eq!(codes, ["S", "A", "B", "A-a", "A-c"]);
    let of = |code: &str| lines.iter().find(|line| line.unit_code.0 == code).unwrap();
    let a = of("A-a");
    assert_eq!((a.applied.number, a.approved.number, a.done.number), (3, 2, 1));
    assert_eq!((a.applied.mu, a.approved.mu, a.burnt_mu, a.remaining_mu), (170.0, 140.0, 80.0, 40.0));
    assert!((a.burnt_share.unwrap() - 80.0 / 140.0).abs() < 1e-12);
    let b = of("B");
    assert_eq!((b.lapsed_mu, b.remaining_mu, b.burnt_share), (60.0, 11.0, Some(0.0)));
    assert_eq!((of("S").approved.mu, of("S").done.number), (236.0, 1), "the withdrawn one is nobody's plan");
}
