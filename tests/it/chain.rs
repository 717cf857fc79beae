//! Whoever is asked for, somebody with a name answers, and every gap on the way is told.

use firegrid::domain::chain::{self, DeskPeople, Gap};
use firegrid::domain::ground::{Ground, RegionData};
use firegrid::domain::position::Position;
use firegrid::domain::time::{SignedDuration, Timestamp, parse_date, parse_end_time, parse_local, parse_time};
use firegrid::domain::unit::{DutyShift, Holder, Role, Unit, UnitCode, UnitLevel};
use firegrid::words::Say;
use proptest::prelude::*;

use crate::ground_fixture::{data, rectangle, unit};

fn code(text: &str) -> UnitCode {
    UnitCode(text.to_owned())
}

fn person(unit: &str, name: &str, role: Role, dates: (Option<&str>, Option<&str>)) -> Holder {
    let day = |text: Option<&str>| text.map(|text| parse_date(text).unwrap());
    Holder {
        unit_code: code(unit),
        name: name.to_owned(),
        role,
        post: None,
        employer: None,
        phone: None,
        valid_from: day(dates.0),
        valid_to: day(dates.1),
    }
}

fn shift(unit: &str, date: &str, from: &str, to: &str, officer: &str) -> DutyShift {
    DutyShift {
        unit_code: code(unit),
        date: parse_date(date).unwrap(),
        from: parse_time(from).unwrap(),
        to: parse_end_time(to).unwrap(),
        leader: format!("{officer}的领导"),
        officer: officer.to_owned(),
        phone: firegrid::domain::phone::Phone::kept("100"),
    }
}

/// A local moment of the fixture's zone.
fn at(local: &str) -> Timestamp {
    let zone = firegrid::domain::time::TimeZone::get("Asia/Shanghai").unwrap();
    zone.to_timestamp(parse_local(local).unwrap()).unwrap()
}

#[test]
fn a_unit_with_an_inspector_is_worked_by_its_inspector_at_any_level() {
    let mut data = data();
    data.people.push(person("A-a", "镇网格员", Role::Inspector, (None, None)));
    data.people.push(person("A-a-1", "格长", Role::Head, (None, None)));
    let ground = Ground::build(data);
    let day = parse_date("2026-10-01").unwrap();
    let chain = chain::chain_of(&ground, &code("A-a-1"), day);
    let named: Vec<_> = chain.iter().map(|link| link.holder().map(|holder| holder.name.as_str())).collect();
    assert_eq!(named, [Some("格长"), Some("镇网格员"), Some("甲县长"), None]);
}

#[test]
fn holders_hold_on_both_their_dates_and_not_a_day_longer() {
    let mut data = data();
    data.people = vec![
        person("A-a-1", "甲", Role::Inspector, (Some("2026-10-01"), Some("2026-10-31"))),
        person("A", "乙", Role::Head, (None, None)),
    ];
    let ground = Ground::build(data);
    let who = |day: &str| {
        let found = chain::answerable(&ground, &code("A-a-1"), parse_date(day).unwrap());
        (found.answer.unwrap().person.name, found.gaps.len())
    };
    for (day, name, gaps) in
        [("2026-09-30", "乙", 2), ("2026-10-01", "甲", 0), ("2026-10-31", "甲", 0), ("2026-11-01", "乙", 2)]
    {
        assert_eq!(who(day), (name.to_owned(), gaps), "{day}");
    }
}

#[test]
fn a_place_in_a_gap_or_in_an_undrawn_unit_ends_with_a_named_person_and_names_the_gap() {
    let day = parse_date("2026-10-01").unwrap();
    let ask = |data: RegionData, lon, lat| {
        let ground = Ground::build(data);
        chain::answerable_at(&ground, Position::from_lon_lat(lon, lat).unwrap(), day)
    };
    // In a cell that nobody holds: up to the town, one gap.
    let found = ask(data(), 122.05, 45.95).unwrap();
    assert_eq!(found.answer.unwrap().person.name, "甲镇长");
    assert_eq!(found.gaps.iter().map(|gap| gap.say().zh).collect::<Vec<_>>(), ["甲镇网格一当日没有责任人"]);
    // One cell shrunk: its ground is a gap between the cells, which the county answers for.
    let mut between = data();
    between.units[5].outline = Some(rectangle(122.0, 45.9, 122.05, 46.0));
    let found = ask(between, 122.08, 45.95).unwrap();
    assert_eq!(found.answer.unwrap().code, code("A"));
    assert!(matches!(&found.gaps[..], [Gap::BetweenUnits { name, .. }] if name == "甲县"), "{:?}", found.gaps);
    // A town without any outline below it: which unit it is cannot be said.
    let mut undrawn = data();
    undrawn.units.retain(|unit| !unit.code.0.starts_with("A-c-"));
    let found = ask(undrawn, 122.05, 45.85).unwrap();
    assert_eq!(found.answer.unwrap().person.name, "甲县长");
    assert!(matches!(found.gaps[..], [Gap::NoOutline { undrawn: 1, .. }]), "{:?}", found.gaps);
    // A county with nothing below it is a grid itself, but nobody holds it nor the city.
    let found = ask(data(), 122.25, 45.9).unwrap();
    assert_eq!(found.answer, None);
    assert_eq!(found.gaps.len(), 2);
    assert_eq!(ask(data(), 121.5, 45.9), None, "outside the city nobody answers");
}

#[test]
fn a_shift_holds_from_its_first_minute_to_the_last_before_its_end_over_midnight_too() {
    let mut data = data();
    data.duty = vec![
        shift("A", "2026-10-01", "17:30", "08:00", "夜班"),
        shift("A", "2026-10-01", "08:00", "17:30", "白班"),
        shift("A", "2026-10-02", "16:00", "24:00", "晚班"),
        shift("A", "2026-10-04", "08:00", "08:00", "全天"),
    ];
    let ground = Ground::build(data);
    let who = |local: &str| chain::duty_at(&ground, &code("A"), at(local)).map(|shift| shift.officer.clone());
    for (local, expected) in [
        ("2026-10-01T07:59", None),
        ("2026-10-01T08:00", Some("白班")),
        ("2026-10-01T17:29:59", Some("白班")),
        ("2026-10-01T17:30", Some("夜班")),
        ("2026-10-01T24:00", Some("夜班")),
        ("2026-10-02T07:59:59", Some("夜班")),
        ("2026-10-02T08:00", None),
        ("2026-10-02T15:59", None),
        ("2026-10-02T23:59:59", Some("晚班")),
        ("2026-10-03T00:00", None),
        ("2026-10-04T08:00", Some("全天")),
        ("2026-10-05T07:59", Some("全天")),
        ("2026-10-05T08:00", None),
    ] {
        assert_eq!(who(local).as_deref(), expected, "{local}");
    }
    assert!(chain::duty_at(&ground, &code("B"), at("2026-10-01T12:00")).is_none());
}

#[test]
fn a_desk_is_the_shift_else_the_holder_else_the_next_unit_up_and_says_why() {
    let mut data = data();
    data.duty = vec![shift("S", "2026-10-01", "08:00", "17:30", "市值班员")];
    let ground = Ground::build(data);
    let ask = |unit: &str, local: &str| chain::desk_of(&ground, &code(unit), at(local));
    let desk = ask("S", "2026-10-01T09:00").unwrap();
    assert_eq!((desk.people.name(), desk.gaps.len()), ("市值班员", 0));
    assert!(matches!(&desk.people, DeskPeople::Roster { leader, .. } if leader == "市值班员的领导"));
    let desk = ask("A", "2026-10-01T09:00").unwrap();
    assert_eq!((desk.people.name(), desk.code.0.as_str()), ("甲县长", "A"));
    assert_eq!(desk.gaps.iter().map(|gap| gap.say().zh).collect::<Vec<_>>(), ["甲县此时无人值班"]);
    let desk = ask("B", "2026-10-01T09:00").unwrap();
    assert_eq!(desk.people.name(), "市值班员");
    assert_eq!(
        desk.gaps.iter().map(|gap| gap.say().en).collect::<Vec<_>>(),
        ["no shift on duty at 乙县", "nobody holds 乙县 that day"]
    );
    let gaps = ask("B", "2026-10-01T20:00").unwrap_err();
    assert_eq!(gaps.len(), 4, "neither county nor city: {gaps:?}");
    assert!(ask("nowhere", "2026-10-01T09:00").unwrap_err().is_empty());
}

/// A tree of units, each under an earlier one of a higher level, some of them held.
fn trees() -> impl Strategy<Value = (Vec<Unit>, Vec<Holder>)> {
    let node = (any::<prop::sample::Index>(), 1..6_usize, prop::option::weighted(0.3, 0..4_usize));
    (prop::option::of(0..4_usize), prop::collection::vec(node, 0..40)).prop_map(|(root_held, nodes)| {
        let mut units = vec![unit("0", "市", UnitLevel::City, None, None)];
        let held = |code: &str, role: usize| person(code, &format!("{code}的人"), Role::ALL[role], (None, None));
        let mut people: Vec<_> = root_held.map(|role| held("0", role)).into_iter().collect();
        for (number, (above, level, role)) in nodes.into_iter().enumerate() {
            let level = UnitLevel::ALL[level];
            let higher: Vec<_> =
                units.iter().filter(|unit| unit.level < level).map(|unit| unit.code.0.clone()).collect();
            let name = (number + 1).to_string();
            units.push(unit(&name, &name, level, Some(higher[above.index(higher.len())].as_str()), None));
            people.extend(role.map(|role| held(&name, role)));
        }
        (units, people)
    })
}

proptest! {
    #[test]
    fn every_unit_ends_with_somebody_when_anybody_above_holds((units, people) in trees()) {
        let mut data = data();
        (data.units, data.people) = (units, people);
        let ground = Ground::build(data);
        let day = parse_date("2026-10-01").unwrap();
        for unit in &ground.data().units {
            // Told by hand: walk up by the parents, without the index.
            let mut line = vec![unit];
            while let Some(parent) = line.last().unwrap().parent.as_ref() {
                line.push(ground.data().units.iter().find(|unit| &unit.code == parent).unwrap());
            }
            let holds = |unit: &&Unit| ground.data().people.iter().any(|holder| holder.unit_code == unit.code);
            let expected = line.iter().position(holds);
            let found = chain::answerable(&ground, &unit.code, day);
            prop_assert_eq!(found.answer.as_ref().map(|answer| &answer.code), expected.map(|i| &line[i].code));
            prop_assert_eq!(found.gaps.len(), expected.unwrap_or(line.len()));
            let desk = chain::desk_of(&ground, &unit.code, at("2026-10-01T12:00"));
            prop_assert_eq!(desk.ok().map(|desk| desk.code), found.answer.map(|answer| answer.code));
        }
    }
}

#[test]
fn with_a_hundred_thousand_people_a_chain_still_costs_next_to_nothing() {
    let mut data = data();
    for i in 0..10_000 {
        let name = format!("g{i}");
        data.units.push(unit(&name, &name, UnitLevel::Grid, Some("A-a"), None));
    }
    for i in 0..100_000 {
        data.people.push(person(&format!("g{}", i % 10_000), &format!("p{i}"), Role::Inspector, (None, None)));
        data.duty.push(shift(
            &format!("g{}", i % 10_000),
            &format!("2026-10-{:02}", i / 10_000 + 1),
            "08:00",
            "17:00",
            "o",
        ));
    }
    let ground = Ground::build(data);
    let (day, now) = (parse_date("2026-10-01").unwrap(), at("2026-10-03T12:00"));
    let started = std::time::Instant::now();
    for i in 0..1000 {
        let unit = code(&format!("g{}", i * 7));
        assert_eq!(chain::chain_of(&ground, &unit, day)[0].holders.len(), 10);
        assert!(chain::desk_of(&ground, &unit, now).unwrap().gaps.is_empty());
    }
    let each = SignedDuration::try_from(started.elapsed()).unwrap() / 1000;
    // Some 25 microseconds for both measured without optimisation; a walk over all people takes milliseconds.
    assert!(each < SignedDuration::from_micros(500), "{each:?} each");
}
