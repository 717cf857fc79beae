//! The clock edges: three years of minutes round midnight, season, closure, window and hour
//! edges, against an oracle that only knows "UTC plus eight hours".

use firegrid::domain::calendar::PermittedHours;
use firegrid::domain::ground::Ground;
use firegrid::domain::policy::{PlanRules, Policy};
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::verdict::{Verdict, judge};
use firegrid::domain::zone::ZoneClass;

use super::{bare, closure, fitting_plan, fixture, km_box, seen};

const DAY_MIN: i64 = 24 * 60;

/// Minutes since 1970 of a UTC date and time, and back to a [`Timestamp`]; no time zone involved.
fn minute(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second() / 60
}

/// Day number and minute of day in Shanghai.
fn shanghai(utc_minute: i64) -> (i64, i64) {
    let local = utc_minute + 8 * 60;
    (local.div_euclid(DAY_MIN), local.rem_euclid(DAY_MIN))
}

/// Year, month and day of a day number since 1970, counted the long way.
fn civil(mut day: i64) -> (i64, usize, i64) {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut month) = (1970, 0);
    while day >= 365 + i64::from(leap(year)) {
        day -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    (year, month + 1, day + 1)
}

/// Every moment worth asking of three years: each day at, before and after each edge of the day.
fn minutes() -> impl Iterator<Item = i64> {
    let (first, last) = (minute("2026-01-01T00:00:00Z") / DAY_MIN, minute("2029-01-01T00:00:00Z") / DAY_MIN);
    // Local midnight is 16:00 UTC; the hours edges 08:00 and 16:30 are 00:00 and 08:30 UTC.
    let edges = [0, 8 * 60 + 30, 16 * 60];
    (first..last).flat_map(move |day| {
        edges.into_iter().flat_map(move |edge| (-2..=2).map(move |off| day * DAY_MIN + edge + off))
    })
}

fn verdict(ground: &Ground, policy: &Policy, utc_minute: i64, seconds: i64) -> Verdict {
    let at = Timestamp::from_second(utc_minute * 60 + seconds).unwrap();
    judge(ground, policy, &seen(0.4, at)).unwrap().verdict
}

#[test]
fn seasons_turn_at_local_midnight_on_every_day_of_three_years_leap_day_included() {
    let mut data = bare();
    let everywhere = || km_box(-3.0, -3.0, 3.0, 3.0);
    data.zones = vec![
        fixture::zone("winter", ZoneClass::Ban, Some("09-15..02-29"), everywhere()),
        fixture::zone("may", ZoneClass::Ban, Some("05-01..05-31"), everywhere()),
    ];
    data.zones[1].valid_from = Some("2027-05-03".parse().unwrap());
    data.zones[1].valid_to = Some("2028-05-09".parse().unwrap());
    let ground = Ground::build(data);
    for at in minutes() {
        let (year, month, day) = civil(shanghai(at).0);
        let winter = (month, day) >= (9, 15) || month <= 2;
        let may = month == 5 && (2027, 5, 3) <= (year, month, day) && (year, month, day) <= (2028, 5, 9);
        let expected = if winter || may { Verdict::Banned } else { Verdict::Unplanned };
        assert_eq!(verdict(&ground, &Policy::default(), at, 59), expected, "minute {at}: {year}-{month}-{day}");
    }
}

#[test]
fn a_leap_day_season_ends_with_the_last_day_of_february_of_every_year() {
    let mut data = bare();
    data.zones = vec![fixture::zone("z", ZoneClass::Ban, Some("02-29..03-01"), km_box(-3.0, -3.0, 3.0, 3.0))];
    let ground = Ground::build(data);
    let cases = [
        ("2027-02-27T15:59:00Z", Verdict::Unplanned),
        ("2027-02-27T16:00:00Z", Verdict::Banned),
        ("2027-03-01T15:59:00Z", Verdict::Banned),
        ("2027-03-01T16:00:00Z", Verdict::Unplanned),
        ("2028-02-28T15:59:00Z", Verdict::Unplanned),
        ("2028-02-28T16:00:00Z", Verdict::Banned),
        ("2028-02-29T16:00:00Z", Verdict::Banned),
        ("2028-03-01T16:00:00Z", Verdict::Unplanned),
    ];
    for (at, expected) in cases {
        assert_eq!(verdict(&ground, &Policy::default(), minute(at), 0), expected, "{at}");
    }
}

#[test]
fn closures_windows_and_hours_are_half_open_to_the_minute_on_every_day() {
    let mut data = bare();
    // Local 2026-03-01 00:00 to 2027-02-28 16:30.
    data.calendar.closures = vec![closure("2026-03-01T00:00", "2027-02-28T16:30", &["A"])];
    data.calendar.hours = Some(PermittedHours { from: "08:00".parse().unwrap(), to: "16:30".parse().unwrap() });
    let ground = Ground::build(data);
    let closed = minute("2026-02-28T16:00:00Z")..minute("2027-02-28T08:30:00Z");
    let window = minute("2026-02-10T16:00:00Z")..minute("2028-11-30T08:30:00Z");
    let near = (window.start - DAY_MIN)..=(window.end + DAY_MIN);
    let instant = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
    let mut plan = fitting_plan();
    (plan.window_start, plan.window_end) = (instant(window.start), instant(window.end));
    (plan.received_at, plan.approved_at) = (instant(0), Some(instant(0)));
    let policy = Policy {
        plan_rules: PlanRules { near_hours: 24, need_order: false, ..PlanRules::default() },
        plans: vec![plan],
        ..Policy::default()
    };
    for at in minutes() {
        let permitted = (8 * 60..16 * 60 + 30).contains(&shanghai(at).1);
        let expected = match () {
            () if closed.contains(&at) => Verdict::Banned,
            () if window.contains(&at) && permitted => Verdict::Planned,
            () if near.contains(&at) => Verdict::OffPlan,
            () => Verdict::Unplanned,
        };
        assert_eq!(verdict(&ground, &policy, at, 0), expected, "minute {at}, {:?}", shanghai(at));
    }
}

#[test]
fn an_order_runs_from_its_first_second_to_before_its_last() {
    let ground = Ground::build(bare());
    let policy = Policy { plans: vec![fitting_plan()], ..Policy::default() };
    let order = &policy.plans[0].orders[0];
    let second = SignedDuration::from_secs(1);
    let cases = [
        (order.from - second, Verdict::OffPlan),
        (order.from, Verdict::Planned),
        (order.to - second, Verdict::Planned),
        (order.to, Verdict::OffPlan),
    ];
    for (at, expected) in cases {
        assert_eq!(judge(&ground, &policy, &seen(0.4, at)).unwrap().verdict, expected, "{at}");
    }
}

#[test]
fn burn_weather_belongs_to_the_local_day() {
    use firegrid::domain::calendar::BurnWeather;
    use firegrid::domain::unit::UnitCode;
    let mut data = bare();
    data.calendar.max_weather_level = Some(2);
    let level =
        |date: &str, level| BurnWeather { unit_code: UnitCode("S".to_owned()), date: date.parse().unwrap(), level };
    data.burn_weather = vec![level("2026-04-12", 1), level("2026-04-13", 4), level("2026-04-14", 1)];
    let ground = Ground::build(data);
    let mut plan = fitting_plan();
    plan.window_start = plan.received_at;
    plan.window_end = "2026-05-01T00:00:00Z".parse().unwrap();
    plan.approved_at = Some(plan.received_at);
    let rules = PlanRules { need_order: false, ..PlanRules::default() };
    let policy = Policy { plan_rules: rules, plans: vec![plan], ..Policy::default() };
    let cases = [
        ("2026-04-12T15:59:00Z", Verdict::Planned),
        ("2026-04-12T16:00:00Z", Verdict::OffPlan),
        ("2026-04-13T15:59:00Z", Verdict::OffPlan),
        ("2026-04-13T16:00:00Z", Verdict::Planned),
    ];
    for (at, expected) in cases {
        assert_eq!(verdict(&ground, &policy, minute(at), 0), expected, "{at}");
    }
}
