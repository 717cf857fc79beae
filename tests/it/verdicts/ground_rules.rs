//! Zone class, season, closure, heat source and plan: every combination, against a table of
//! what an office would say.

use firegrid::domain::ground::Ground;
use firegrid::domain::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape};
use firegrid::domain::policy::Policy;
use firegrid::domain::position::Position;
use firegrid::domain::verdict::{Verdict, judge};
use firegrid::domain::zone::{OutsideZones, ZoneClass};
use firegrid::words::Say;

use super::{CENTRE, bare, closure, fitting_plan, fixture, km_box, noon, seen};

const DRAWN: [&str; 4] = ["nothing", "ban", "limited", "ban over limited"];
const SEASONS: [(&str, Option<&str>); 3] =
    [("all year", None), ("in season", Some("04-13..04-13")), ("out of season", Some("04-14..04-12"))];
const OUTSIDE: [OutsideZones; 3] = [OutsideZones::Limited, OutsideZones::Ban, OutsideZones::None];
const CLOSURES: [&str; 7] =
    ["none", "everywhere", "county above", "own cell", "other county", "just begun", "just over"];
const SOURCES: [&str; 4] = ["none", "of the region", "approved here", "expired"];

/// What an office would say, from the names of the alert alone.
fn expected(drawn: &str, season: &str, outside: OutsideZones, closure: &str, plan: bool, source: &str) -> Verdict {
    if source == "of the region" || source == "approved here" {
        return Verdict::HeatSource;
    }
    let zone = if season == "out of season" { "nothing" } else { drawn };
    let ground = match (zone, outside) {
        ("ban" | "ban over limited", _) | ("nothing", OutsideZones::Ban) => "ban",
        ("limited", _) | ("nothing", OutsideZones::Limited) => "limited",
        _ => "none",
    };
    let closed = matches!(closure, "everywhere" | "county above" | "own cell" | "just begun");
    match (ground, closed, plan) {
        ("ban", ..) | ("limited", true, _) => Verdict::Banned,
        ("limited", false, true) => Verdict::Planned,
        ("limited", false, false) => Verdict::Unplanned,
        _ => Verdict::Unzoned,
    }
}

fn source(expires: &str) -> HeatSource {
    let centre = Position::from_lon_lat(CENTRE.0, CENTRE.1).unwrap();
    HeatSource {
        id: "kiln".to_owned(),
        name: "砖厂".to_owned(),
        kind: HeatSourceKind::Kiln,
        shape: HeatSourceShape::Circle { centre, radius_m: 100.0 },
        approved_by: "市局".to_owned(),
        approved_on: "2026-01-01".parse().unwrap(),
        expires: expires.parse().unwrap(),
    }
}

#[test]
fn every_ground_gets_the_verdict_of_the_table_and_a_reason_with_its_dates() {
    let mut seen_verdicts = std::collections::BTreeSet::new();
    let everywhere = km_box(-3.0, -3.0, 3.0, 3.0);
    for drawn in DRAWN {
        for (season, written) in SEASONS {
            for outside in OUTSIDE {
                for closed in CLOSURES {
                    for origin in SOURCES {
                        let mut data = bare();
                        data.outside_zones = outside;
                        if drawn.contains("ban") {
                            data.zones.push(fixture::zone("z-ban", ZoneClass::Ban, written, everywhere.clone()));
                        }
                        if drawn.contains("limited") {
                            data.zones.push(fixture::zone("z-lim", ZoneClass::Limited, written, everywhere.clone()));
                        }
                        let (from, to) = ("2026-04-13T00:00", "2026-04-15T00:00");
                        data.calendar.closures = match closed {
                            "everywhere" => vec![closure(from, to, &[])],
                            "county above" => vec![closure(from, to, &["A"])],
                            "own cell" => vec![closure(from, to, &["B", "A-a-2"])],
                            "other county" => vec![closure(from, to, &["B"])],
                            "just begun" => vec![closure("2026-04-13T12:00", to, &[])],
                            "just over" => vec![closure(from, "2026-04-13T12:00", &[])],
                            _ => Vec::new(),
                        };
                        let mut policy = Policy::default();
                        match origin {
                            "of the region" => data.heat_sources.push(source("2026-12-31")),
                            "approved here" => policy.heat_sources.push(source("2026-04-13")),
                            "expired" => policy.heat_sources.push(source("2026-04-12")),
                            _ => {}
                        }
                        let ground = Ground::build(data);
                        for plan in [false, true] {
                            policy.plans = if plan { vec![fitting_plan()] } else { Vec::new() };
                            let case = format!("{drawn}, {season}, {outside:?}, {closed}, plan {plan}, {origin}");
                            let judged = judge(&ground, &policy, &seen(0.4, noon())).unwrap();
                            let verdict = expected(drawn, season, outside, closed, plan, origin);
                            assert_eq!(judged.verdict, verdict, "{case}: {judged:#?}");
                            seen_verdicts.insert(verdict);
                            assert_eq!(judged.plan.is_some(), verdict == Verdict::Planned, "{case}");
                            let (zh, en) = (judged.reason.say().zh, judged.reason.say().en);
                            for part in parts(verdict, drawn, season, written, closed) {
                                assert!(zh.contains(part) && en.contains(part), "{case}: {part:?} in {zh} / {en}");
                            }
                        }
                    }
                }
            }
        }
    }
    assert_eq!(seen_verdicts.len(), 5, "{seen_verdicts:?}");
}

/// What the reason has to name in both languages.
fn parts<'a>(verdict: Verdict, drawn: &str, season: &str, written: Option<&'a str>, closed: &str) -> Vec<&'a str> {
    let in_force = season != "out of season";
    let by_zone_of_ban = in_force && drawn.contains("ban");
    let mut parts = Vec::new();
    match verdict {
        Verdict::HeatSource => parts.extend(["砖厂", "kiln", "2026-"]),
        Verdict::Unzoned => {}
        _ if by_zone_of_ban => parts.push("z-ban区"),
        _ if in_force && drawn == "limited" => parts.push("z-lim区"),
        _ => {}
    }
    if !matches!(verdict, Verdict::HeatSource | Verdict::Unzoned) && in_force && drawn != "nothing" {
        parts.extend(written);
    }
    let by_closure = verdict == Verdict::Banned && !by_zone_of_ban && (closed != "none");
    if by_closure && drawn == "limited" && in_force {
        parts.extend(["重污染天气应急", "2026-04-15 00:00", "白环发〔2026〕3号"]);
    }
    if verdict == Verdict::Planned {
        parts.extend(["P-1", "2026-04-13 08:00", "18:00", "2026-04-13 11:00", "15:00"]);
    }
    parts
}

#[test]
fn a_point_on_the_border_of_a_closed_county_is_closed_and_the_belt_never_is() {
    let mut data = bare();
    data.calendar.closures = vec![closure("2026-04-13T00:00", "2026-04-15T00:00", &["B"])];
    let ground = Ground::build(data);
    let verdict =
        |lon: f64| judge(&ground, &Policy::default(), &super::seen_at((lon, 45.9), 0.4, noon())).unwrap().verdict;
    assert_eq!(verdict(122.199), Verdict::Unplanned);
    assert_eq!(verdict(122.2), Verdict::Banned, "a border belongs to both sides, ban wins");
    assert_eq!(verdict(122.25), Verdict::Banned);
    assert_eq!(verdict(122.31), Verdict::Neighbour);
}
