//! The sentences people read, in both languages.

use std::fmt::Write;

use firegrid::domain::calendar::{BurnWeather, Closure, PermittedHours};
use firegrid::domain::ground::{Ground, RegionData};
use firegrid::domain::plan::BurnPlan;
use firegrid::domain::policy::Policy;
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::judge;
use firegrid::domain::zone::{Zone, ZoneClass};
use firegrid::words::Say;

use super::{bare, closure, fitting_plan, fixture, hours, km_box, noon, order, seen};

fn region() -> RegionData {
    let mut data = bare();
    let everywhere = km_box(-3.0, -3.0, 3.0, 3.0);
    data.zones = vec![Zone {
        name: "甲镇限烧区".to_owned(),
        valid_from: Some("2025-09-15".parse().unwrap()),
        authority: Some("样市人民政府".to_owned()),
        basis: Some("样政发〔2025〕12号".to_owned()),
        ..fixture::zone("lim-1", ZoneClass::Limited, Some("09-15..05-31"), everywhere)
    }];
    data.calendar.hours = Some(PermittedHours { from: "08:00".parse().unwrap(), to: "16:00".parse().unwrap() });
    data.calendar.max_weather_level = Some(2);
    data
}

fn with_level(level: u8) -> RegionData {
    let date = "2026-04-13".parse().unwrap();
    RegionData { burn_weather: vec![BurnWeather { unit_code: UnitCode("A".to_owned()), date, level }], ..region() }
}

#[test]
fn every_reason_names_its_rule_and_dates_in_both_languages() {
    let in_closure = |closure: Closure| {
        let mut data = region();
        data.calendar.closures = vec![closure];
        data
    };
    let banned = |mut data: RegionData| {
        data.zones[0].class = ZoneClass::Ban;
        data.zones[0].name = "机场净空禁烧区".to_owned();
        data
    };
    let ban_strip = |mut data: RegionData| {
        data.zones.push(fixture::zone("ban", ZoneClass::Ban, None, km_box(0.12, -3.0, 3.0, 3.0)));
        data
    };
    let plan = fitting_plan;
    let later = noon() + hours(1);
    let off_everything = BurnPlan {
        plot: Some(km_box(0.9, -1.0, 2.0, 1.0)),
        window_start: noon() + hours(20),
        window_end: noon() + hours(26),
        orders: Vec::new(),
        refused_at: Some(noon() - hours(2)),
        ..plan()
    };
    let late_order = {
        let mut order = order();
        order.issued_at = later;
        order
    };
    let taken_back = {
        let mut order = order();
        order.withdrawn_at = Some(noon() - hours(1));
        order
    };
    let over = {
        let mut order = order();
        (order.from, order.to) = (noon() - hours(4), noon() - hours(2));
        order
    };
    let cases: Vec<(&str, RegionData, Vec<BurnPlan>)> = vec![
        ("ban zone", banned(region()), vec![plan()]),
        ("closure, everywhere", in_closure(closure("2026-04-12T18:00", "2026-04-15T08:00", &[])), vec![plan()]),
        (
            "closure, no basis",
            in_closure(Closure { basis: None, ..closure("2026-04-13T00:00", "2026-04-13T20:00", &["A"]) }),
            vec![],
        ),
        ("limited zone, no plan", region(), vec![]),
        ("outside every zone, no plan", bare(), vec![]),
        ("planned", with_level(2), vec![plan()]),
        ("planned, no level recorded", region(), vec![plan()]),
        ("planned, outside every zone", bare(), vec![plan()]),
        ("everything misfits", ban_strip(with_level(4)), vec![off_everything]),
        ("order issued late, no level recorded", region(), vec![BurnPlan { orders: vec![late_order], ..plan() }]),
        ("order taken back", with_level(1), vec![BurnPlan { orders: vec![taken_back], ..plan() }]),
        ("order over", with_level(1), vec![BurnPlan { orders: vec![over], ..plan() }]),
        ("received late", with_level(1), vec![BurnPlan { received_at: later, approved_at: Some(later), ..plan() }]),
        ("approved late", with_level(1), vec![BurnPlan { approved_at: Some(later), ..plan() }]),
        ("applied for", with_level(1), vec![BurnPlan { approved_at: None, ..plan() }]),
    ];
    let mut text = String::new();
    for (name, data, plans) in cases {
        let at = if name.starts_with("everything") { noon() + hours(5) } else { noon() };
        let judged = judge(&Ground::build(data), &Policy { plans, ..Policy::default() }, &seen(0.4, at)).unwrap();
        let (verdict, reason) = (judged.verdict.name(), judged.reason);
        writeln!(text, "# {name}: {verdict}\n{}\n{}\n", reason.say().zh, reason.say().en).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_plan_for_a_unit_that_nobody_drew_is_named_and_excuses_nothing() {
    let mut data = bare();
    data.units.push(fixture::unit("A-v", "无界村", firegrid::domain::unit::UnitLevel::Village, Some("A"), None));
    let plan = BurnPlan { unit_code: UnitCode("A-v".to_owned()), plot: None, ..fitting_plan() };
    let policy = Policy { plans: vec![plan], ..Policy::default() };
    let judged = judge(&Ground::build(data), &policy, &seen(0.4, noon())).unwrap();
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        judged.verdict.name(),
        judged.reason.say().zh,
        judged.reason.say().en
    ));
}
