//! State by act by role: who may, where it leads, which clocks start and end, and who is told.

use std::fmt::Write as _;

use super::*;
use crate::domain::clock::ClockKind;
use crate::domain::rules::Rules;

const NOW: &str = "2026-04-13T07:00:00Z";

fn code(text: &str) -> UnitCode {
    UnitCode(text.to_owned())
}

/// An alert of the ban zone, as consistent as a real one needs to be for deciding.
fn alert(state: AlertState, is_disputed: bool) -> AlertView {
    let at = |is: bool| is.then(|| "2026-04-13T05:00:00Z".parse().unwrap());
    let finder = (state >= AlertState::Reported).then(|| Actor::person("王", code("A-a-1")));
    AlertView {
        number: AlertNumber("20260413-0001".to_owned()),
        source: AlertSource::Satellite,
        state,
        verdict: Some(Verdict::Banned),
        responsible: code("A-a"),
        owner: code("A-a-1"),
        unit: code("A-a-1"),
        others: vec![code("A-c-1")],
        is_disputed,
        proposed: is_disputed.then(|| code("A-c-1")),
        acknowledged_at: at(state > AlertState::Open),
        on_site_at: at(state > AlertState::Acknowledged),
        put_out_at: None,
        finding: finder.as_ref().map(|_| FindingKind::CouldNotReach),
        reporters: finder.iter().map(|finder| finder.name.clone()).collect(),
        finder,
        reporter_accounts: Vec::new(),
        rectified_at: None,
        rekindles: Some(AlertNumber("20260412-0001".to_owned())),
        record: AlertRecord::default(),
    }
}

/// The clocks that run in a state.
fn clocks(state: AlertState, is_disputed: bool) -> Vec<Clock> {
    use ClockKind as K;
    let mut kinds = match state {
        AlertState::Open => vec![K::Acknowledge, K::OnSite, K::Report],
        AlertState::Acknowledged => vec![K::OnSite, K::Report],
        AlertState::OnSite => vec![K::PutOut, K::Report],
        AlertState::Reported => vec![K::Review],
        AlertState::Confirmed | AlertState::Rectifying => vec![K::Rectify],
        AlertState::Closed | AlertState::LookbackDue => vec![K::LookBack],
        AlertState::Excluded | AlertState::LookedBack => Vec::new(),
    };
    kinds.extend(is_disputed.then_some(K::Decide));
    let clock = |(id, kind): (i64, K)| Clock {
        id: Some(id),
        number: AlertNumber("20260413-0001".to_owned()),
        kind,
        unit: code(match kind {
            K::Review | K::Decide => "A",
            _ => "A-a-1",
        }),
        person: None,
        step: 0,
        starts_at: "2026-04-13T06:00:00Z".parse().unwrap(),
        due_at: Some("2026-04-13T08:00:00Z".parse().unwrap()),
        remaining_ms: None,
        fired_at: None,
        was_late: false,
        ended_at: None,
        outcome: None,
    };
    (1..).zip(kinds).map(clock).collect()
}

fn acts() -> Vec<Act> {
    let review = |review| Act::Review { review };
    vec![
        Act::Dispatch { to: "李".to_owned(), unit: code("A-a-2") },
        Act::Acknowledge,
        Act::Arrive { position: None },
        Act::PutOut,
        Act::Report { finding: bare_finding(FindingKind::CouldNotReach) },
        review(Review::Confirmed),
        review(Review::Excluded),
        review(Review::SentBack),
        Act::Rectify { by: "2026-04-20".parse().unwrap(), document_number: None },
        Act::Rectified { result: "已离田".to_owned(), handed_over_to: None },
        Act::Close,
        Act::LookBack { is_clean: true },
        Act::LookBack { is_clean: false },
        Act::Dispute { proposed: code("A-c-1") },
        Act::Decide { accepted: true },
        Act::Decide { accepted: false },
        Act::Reassign { to: code("A-a-2") },
        Act::Reassign { to: code("A-c-1") },
        Act::Call { whom: "王".to_owned(), answered: false },
        Act::Merge { into: AlertNumber("20260413-0002".to_owned()) },
        Act::Split { detections: vec!["a".to_owned()] },
        Act::Keep,
    ]
}

const ROLES: [&str; 6] = ["王@A-a-1", "镇长@A-a", "乡长@A-c", "县长@A", "市长@S", "外人@B"];

/// One line: where it leads, `+` clocks that start, `-` those that end, `>` those that change, `!` who is told.
fn line(before: &AlertView, follows: &Consequences) -> String {
    let mut text = match follows.effect {
        Effect::Moves(state) => state.name().to_owned(),
        Effect::Notes => "noted".to_owned(),
        Effect::Unchanged => "known".to_owned(),
    };
    for clock in &follows.clocks {
        let (kind, unit) = (clock.kind.name(), &clock.unit);
        match (clock.id, clock.outcome) {
            (None, _) => write!(text, " +{kind}@{unit}"),
            (Some(_), Some(outcome)) => write!(text, " -{kind}:{}", outcome.name()),
            (Some(_), None) if clock.remaining_ms.is_some() => write!(text, " >{kind}:paused"),
            (Some(_), None) => write!(text, " >{kind}@{unit}"),
        }
        .unwrap();
    }
    for notice in &follows.notices {
        let whom = notice.unit.as_ref().map_or("people", |unit| unit.0.as_str());
        write!(text, " !{}@{whom}", notice.reason.name()).unwrap();
    }
    if follows.alert.owner != before.owner {
        write!(text, " owner {}", follows.alert.owner).unwrap();
    }
    text
}

#[test]
fn every_act_by_every_role_in_every_state_leads_where_the_table_says() {
    let (ground, rules) = (Ground::build(crate::ground_fixture::held()), Rules::default());
    let setting = Setting { ground: &ground, rules: &rules, now: NOW.parse().unwrap() };
    let mut text = String::new();
    for (state, is_disputed) in AlertState::ALL.into_iter().flat_map(|state| [(state, false), (state, true)]) {
        if is_disputed && state > AlertState::Rectifying {
            continue;
        }
        let (alert, clocks) = (alert(state, is_disputed), clocks(state, is_disputed));
        writeln!(text, "{}{}", state.name(), if is_disputed { ", disputed" } else { "" }).unwrap();
        for act in acts() {
            let mut found: Vec<(String, Vec<&str>)> = Vec::new();
            for role in ROLES {
                let (name, unit) = role.split_once('@').unwrap();
                let actor = Actor::person(name, code(unit));
                let by = By { actor: &actor, on_behalf_of: None };
                let outcome = match decide(setting, &alert, &clocks, by, &act) {
                    Ok(follows) => line(&alert, &follows),
                    Err(refusal) => refusal.code().to_owned(),
                };
                match found.iter_mut().find(|(known, _)| *known == outcome) {
                    Some((_, roles)) => roles.push(role),
                    None => found.push((outcome, vec![role])),
                }
            }
            // An act that the state does not allow is refused to everybody: not worth a line.
            for (outcome, roles) in found.iter().filter(|(outcome, _)| outcome != "state_does_not_allow") {
                let who = if roles.len() == ROLES.len() { "all".to_owned() } else { roles.join(" ") };
                writeln!(text, "  {} | {who} | {outcome}", name_of(&act)).unwrap();
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// An act with what tells two of a kind apart.
fn name_of(act: &Act) -> String {
    let which = match act {
        Act::Review { review } => review.name(),
        Act::LookBack { is_clean: true } | Act::Decide { accepted: true } => "yes",
        Act::LookBack { is_clean: false } | Act::Decide { accepted: false } => "no",
        Act::Reassign { to } => &to.0,
        _ => "",
    };
    format!("{} {which}", act.kind().name()).trim().to_owned()
}

#[test]
fn a_clock_that_fired_is_missed_and_the_next_desk_has_its_own() {
    let (ground, rules) = (Ground::build(crate::ground_fixture::held()), Rules::default());
    let setting = Setting { ground: &ground, rules: &rules, now: NOW.parse().unwrap() };
    let (alert, running) = (alert(AlertState::Open, false), clocks(AlertState::Open, false));
    let follows = due(setting, &alert, UnitLevel::City, &running, &running[0]);
    assert_eq!(line(&alert, &follows), "noted >acknowledge@A-a-1 +acknowledge@A-a !escalated@A-a");
    assert_eq!(follows.alert.record.escalated_to, Some(code("A-a")));
    let kinds: Vec<_> = follows.events.iter().map(|event| matches!(event, AlertEvent::Escalated { .. })).collect();
    assert_eq!(kinds, [false, true]);
    let mut fired = running;
    fired[0] = follows.clocks[0].clone();
    let actor = Actor::person("王", code("A-a-1"));
    let by = By { actor: &actor, on_behalf_of: None };
    let acknowledged = decide(setting, &alert, &fired, by, &Act::Acknowledge).unwrap();
    assert_eq!(line(&alert, &acknowledged), "acknowledged -acknowledge:missed");
    let at_the_top = due(setting, &alert, UnitLevel::Grid, &fired, &fired[1]);
    assert!(matches!(at_the_top.events[..], [_, AlertEvent::CeilingReached { .. }]) && at_the_top.notices.is_empty());
}

#[test]
fn whoever_was_not_reached_has_no_clock_and_the_next_desk_hears_of_it_once() {
    let (ground, rules) = (Ground::build(crate::ground_fixture::held()), Rules::default());
    let setting = Setting { ground: &ground, rules: &rules, now: NOW.parse().unwrap() };
    let (alert, running) = (alert(AlertState::Open, false), clocks(AlertState::Open, false));
    let first = unreached(setting, &alert, UnitLevel::City, &running);
    assert_eq!(
        line(&alert, &first),
        "noted -acknowledge:cancelled -on_site:cancelled -report:cancelled +acknowledge@A-a !escalated@A-a"
    );
    let again = unreached(setting, &first.alert, UnitLevel::City, &[]);
    assert_eq!((again.effect, again.clocks, again.notices), (Effect::Unchanged, Vec::new(), Vec::new()));
    let reached = reached(setting, &first.alert, &[]);
    assert_eq!(line(&alert, &reached), "noted +acknowledge@A-a-1 +on_site@A-a-1 +report@A-a-1");
    assert_eq!(reached.alert.record.undelivered_at, None);
}

#[test]
fn an_alert_concerns_the_units_above_its_place_its_candidates_and_whoever_is_proposed() {
    let ground = Ground::build(crate::ground_fixture::held());
    let words = |alert: &AlertView| {
        let units = units_of(&ground, alert).into_iter();
        units.map(|(unit, concern)| format!("{unit} {}", concern.name())).collect::<Vec<_>>().join(", ")
    };
    let mut alert = alert(AlertState::Open, false);
    assert_eq!(words(&alert), "A own, A-a own, A-a-1 own, A-c candidate, A-c-1 candidate, S own");
    (alert.owner, alert.responsible) = (code("B"), code("B"));
    alert.proposed = Some(code("A-c-2"));
    let expected =
        "A candidate, A-a candidate, A-a-1 candidate, A-c candidate, A-c-1 candidate, A-c-2 proposed, B own, S own";
    assert_eq!(words(&alert), expected);
    alert.record.merged_into = Some(AlertNumber("20260413-0002".to_owned()));
    assert_eq!(words(&alert), "");
}

#[test]
fn an_alert_that_takes_another_over_goes_on_from_where_that_one_stood() {
    let (ground, rules) = (Ground::build(crate::ground_fixture::held()), Rules::default());
    let setting = Setting { ground: &ground, rules: &rules, now: NOW.parse().unwrap() };
    let kept = alert(AlertState::Open, false);
    let running = clocks(AlertState::Open, false);
    let alerts = [
        (AlertState::Open, "noted"),
        (AlertState::Acknowledged, "noted -acknowledge:met"),
        (AlertState::OnSite, "noted -acknowledge:met -on_site:met"),
        (AlertState::Reported, "noted -acknowledge:met -on_site:met -report:met +review@A !waiting@A"),
        (AlertState::Confirmed, "noted -acknowledge:met -on_site:met -report:met +rectify@A-a-1"),
        (AlertState::Rectifying, "noted -acknowledge:met -on_site:met -report:met +rectify@A-a-1"),
    ];
    for (state, expected) in alerts {
        let other = alert(state, false);
        let follows = take_over(setting, (&kept, &running), (&other, None));
        assert_eq!(line(&kept, &follows), expected, "{state:?}");
        assert_eq!(follows.alert.state, state);
        assert_eq!(follows.alert.acknowledged_at, other.acknowledged_at);
    }
}
