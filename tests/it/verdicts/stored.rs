//! Judgements are JSON in the database: those of earlier versions still read, and what is
//! written comes back.

use firegrid::domain::calendar::PermittedHours;
use firegrid::domain::ground::Ground;
use firegrid::domain::policy::Policy;
use firegrid::domain::verdict::{Judgement, Reason, Verdict, judge};
use firegrid::words::Say;

use super::{bare, closure, fitting_plan, hours, noon, seen};

/// As version 0.1 wrote it before burn plans existed.
const OLD: &str = r#"{"verdict":"unplanned","reason":{"rule":"zone","id":"lim","name":"限烧区","class":"limited",
  "season":"09-15..05-31","valid_from":"2025-09-01","valid_to":null},"unit":"A-a-2","township":"A-a","responsible":"A-a",
  "zones":[{"id":"lim","class":"limited","in_force":true}],
  "shares":{"units":[{"code":"A","level":"county","share":1.0}],"zone_classes":{"ban":0.0,"limited":1.0,"none":0.0}},
  "sure_level":"county","candidates":[],"may_be_banned":false,"region_version":"abc"}"#;

#[test]
fn a_judgement_from_before_burn_plans_reads_and_is_written_as_it_was() {
    let old: Judgement = serde_json::from_str(OLD).unwrap();
    assert_eq!((old.verdict, &old.plan), (Verdict::Unplanned, &None));
    assert_eq!(old.reason.say().zh, "位于限烧区“限烧区”内，且无匹配的烧除计划；季节 09-15..05-31，自2025-09-01起");
    let (before, after) =
        (serde_json::from_str::<serde_json::Value>(OLD).unwrap(), serde_json::to_value(&old).unwrap());
    assert_eq!(before, after);
}

#[test]
fn every_old_reason_reads() {
    for (json, text) in [
        (r#"{"rule":"outside_zones","class":"ban","season":null}"#, "已划区域之外"),
        (r#"{"rule":"outside_zones","class":"limited","season":"09-15..05-31"}"#, "09-15..05-31"),
        (r#"{"rule":"heat_source","id":"k","name":"砖厂","distance_km":0.25,"expires":"2026-12-31"}"#, "2026-12-31"),
        (r#"{"rule":"no_rule","not_in_force":["z"]}"#, "z"),
        (r#"{"rule":"neighbour","distance_km":1.5,"belt_km":10.0}"#, "1.5公里"),
    ] {
        let reason: Reason = serde_json::from_str(json).unwrap();
        assert!(reason.say().zh.contains(text), "{json}");
        assert_eq!(serde_json::to_string(&reason).unwrap(), json);
    }
}

#[test]
fn what_the_new_rules_write_comes_back() {
    let mut closed = bare();
    closed.calendar.closures = vec![closure("2026-04-13T00:00", "2026-04-14T00:00", &[])];
    let mut open = bare();
    open.calendar.max_weather_level = Some(2);
    open.calendar.hours = Some(PermittedHours { from: "08:00".parse().unwrap(), to: "00:00".parse().unwrap() });
    let policy = Policy { plans: vec![fitting_plan()], ..Policy::default() };
    for (data, at, verdict) in [
        (closed, noon(), Verdict::Banned),
        (open.clone(), noon(), Verdict::Planned),
        (open, noon() + hours(14), Verdict::OffPlan),
    ] {
        let judged = judge(&Ground::build(data), &policy, &seen(0.4, at)).unwrap();
        assert_eq!(judged.verdict, verdict);
        let json = serde_json::to_string(&judged).unwrap();
        assert_eq!(serde_json::from_str::<Judgement>(&json).unwrap(), judged, "{json}");
    }
}
