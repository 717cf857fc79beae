//! The plan machine: which act each status allows, by whom, when.

use firegrid::domain::actor::Actor;
use firegrid::domain::burning::{
    BurnRules, BurningRefusal, PlanAct, PlanSource, StandingPlan, decide, standing_orders, status_of,
};
use firegrid::domain::plan::{BurnOrder, PlanStatus};
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitLevel;
use firegrid::store::By;
use firegrid::words::{Say, Sentence};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::{Desk, application, county, hours, morning, person, plan, township};
use crate::ground_fixture::ground;

/// A plan in a status, as the machine's own acts leave it.
fn standing(status: PlanStatus) -> StandingPlan {
    let mut plan = plan("P");
    let order = BurnOrder {
        id: 1,
        from: morning(),
        to: morning() + hours(5),
        issued_at: morning() - hours(1),
        issued_by: "甲县长".to_owned(),
        withdrawn_at: None,
    };
    match status {
        PlanStatus::Applied => {}
        PlanStatus::Refused => plan.refused_at = Some(morning()),
        PlanStatus::Approved => plan.approved_at = Some(morning() - hours(2)),
        PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done => {
            plan.approved_at = Some(morning() - hours(2));
            plan.orders = vec![order];
        }
        PlanStatus::Withdrawn => plan.withdrawn_at = Some(morning()),
    }
    if matches!(status, PlanStatus::Lit | PlanStatus::Done) {
        plan.lit_at = Some(morning());
    }
    if status == PlanStatus::Done {
        plan.done_at = Some(morning());
    }
    StandingPlan { plan, status, source: PlanSource::Entered, applicant: Some(township()), acted_at: None }
}

fn acts() -> [PlanAct; 7] {
    [
        PlanAct::Approve,
        PlanAct::Refuse,
        PlanAct::Order { from: morning() + hours(24), to: morning() + hours(28) },
        PlanAct::TakeBack { order: None },
        PlanAct::Light,
        PlanAct::Finish { burnt_mu: 12.0 },
        PlanAct::Withdraw,
    ]
}

#[test]
fn every_status_allows_these_acts_and_no_other() {
    use PlanStatus::{Applied, Approved, Done, Lit, Ordered, Refused, Withdrawn};
    // In the order of `acts`: approve, refuse, order another day, take back, light, finish, withdraw.
    let table = [
        (Applied, [Some(Approved), Some(Refused), None, None, None, None, Some(Withdrawn)]),
        (Approved, [None, None, Some(Ordered), None, None, None, Some(Withdrawn)]),
        (Refused, [None; 7]),
        (Ordered, [None, None, Some(Ordered), Some(Approved), Some(Lit), None, Some(Withdrawn)]),
        (Lit, [None, None, Some(Lit), None, None, Some(Done), None]),
        (Done, [None; 7]),
        (Withdrawn, [None; 7]),
    ];
    let ground = ground();
    for (status, expected) in table {
        assert_eq!(status_of(&standing(status).plan), status, "the instants say the same");
        for (act, expected) in acts().into_iter().zip(expected) {
            let standing = standing(status);
            let now = (morning(), morning());
            let result = decide(&ground, &BurnRules::default(), &standing, &county(), act, now);
            match (expected, result) {
                (Some(expected), Ok(found)) => assert_eq!(found, expected, "{status:?} {act:?}"),
                (None, Err(refusal)) => {
                    let Sentence { zh, en } = refusal.say();
                    assert!(zh.chars().any(|c| c > '\u{2E80}') && en.is_ascii(), "{zh} {en}");
                    assert!(refusal.to_string().is_ascii(), "a log is English: {refusal}");
                }
                (expected, found) => panic!("{status:?} {act:?}: expected {expected:?}, found {found:?}"),
            }
        }
    }
}

#[test]
fn a_refusal_says_where_the_plan_stands_and_what_is_allowed() {
    let refusal = decide(
        &ground(),
        &BurnRules::default(),
        &standing(PlanStatus::Applied),
        &county(),
        PlanAct::Light,
        (morning(), morning()),
    )
    .unwrap_err();
    assert_eq!(
        refusal.say().to_string(),
        "计划P现为“已申请”，不能“点火”；现在可以：批准、不予批准、撤回计划 · plan P is applied, which does not allow: light; \
         allowed now: approve, refuse, withdraw"
    );
}

#[test]
fn rights_follow_the_line_of_units_and_nobody_reviews_himself() {
    let ground = ground();
    let may = |actor: Actor, status, act| {
        decide(&ground, &BurnRules::default(), &standing(status), &actor, act, (morning(), morning()))
    };
    let approve = |actor| may(actor, PlanStatus::Applied, PlanAct::Approve);
    assert!(approve(person("市长", "S")).is_ok(), "above the county");
    assert!(matches!(approve(person("乙县长", "B")), Err(BurningRefusal::NotAbove { .. })), "a sibling county");
    assert!(matches!(approve(person("网格员", "A-a-1")), Err(BurningRefusal::NotAbove { .. })), "below the plan");
    assert!(matches!(approve(person("副镇长", "A-a")), Err(BurningRefusal::Level { .. })), "too low");
    assert!(matches!(approve(person("甲镇长", "A")), Err(BurningRefusal::OwnPlan { .. })), "the applicant, promoted");
    assert!(matches!(approve(person("张三", "A")), Err(BurningRefusal::OwnPlan { .. })), "who answers for the burning");
    assert!(may(township(), PlanStatus::Ordered, PlanAct::Light).is_ok());
    assert!(matches!(
        may(township(), PlanStatus::Ordered, PlanAct::TakeBack { order: None }),
        Err(BurningRefusal::Level { .. })
    ));
    let low = BurnRules { review_level: UnitLevel::Township, ..BurnRules::default() };
    let deputy = person("副镇长", "A-a");
    let applied = standing(PlanStatus::Applied);
    assert!(decide(&ground, &low, &applied, &deputy, PlanAct::Approve, (morning(), morning())).is_ok());
}

#[test]
fn an_order_lies_in_the_window_and_the_future_and_over_no_other() {
    let ground = ground();
    let order = |from: i64, to: i64| {
        let act = PlanAct::Order { from: morning() + hours(from), to: morning() + hours(to) };
        let now = morning() + hours(6);
        decide(&ground, &BurnRules::default(), &standing(PlanStatus::Ordered), &county(), act, (now, now)).is_ok()
    };
    // The order that stands runs from 0 to 5, the window from 0 to 72, now is 6.
    for (from, to, allowed) in [
        (5, 7, true),
        (4, 7, false),
        (24, 48, true),
        (24, 49, false),
        (48, 72, true),
        (60, 73, false),
        (8, 8, false),
        (9, 8, false),
        (5, 6, false),
    ] {
        assert_eq!(order(from, to), allowed, "{from}..{to}");
    }
}

#[test]
fn lighting_needs_a_running_order_or_the_window_where_none_is_needed() {
    let ground = ground();
    let light = |status, rules: &BurnRules, at: Timestamp| {
        decide(&ground, rules, &standing(status), &township(), PlanAct::Light, (at, morning() + hours(6))).is_ok()
    };
    let rules = BurnRules::default();
    let free = BurnRules { need_order: false, ..rules };
    let minute = SignedDuration::from_mins(1);
    assert!(light(PlanStatus::Ordered, &rules, morning()));
    assert!(!light(PlanStatus::Ordered, &rules, morning() - minute));
    assert!(light(PlanStatus::Ordered, &rules, morning() + hours(5) - minute), "entered later, claimed inside");
    assert!(!light(PlanStatus::Ordered, &rules, morning() + hours(5)));
    assert!(!light(PlanStatus::Approved, &rules, morning()));
    assert!(light(PlanStatus::Approved, &free, morning()));
    assert!(!light(PlanStatus::Approved, &free, morning() - minute));
    assert!(!light(PlanStatus::Ordered, &rules, morning() + hours(7)), "the clock of a phone that runs ahead");
}

#[derive(Debug, Clone, Copy)]
struct Step {
    act: u8,
    actor: u8,
    after_mins: i64,
    from_hours: i64,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..8, 0u8..4, 0i64..300, -2i64..70);
    let step = step.prop_map(|(act, actor, after_mins, from_hours)| Step { act, actor, after_mins, from_hours });
    proptest::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Random people do random things, some of them twice: what stands is always what the instants
    /// say, every act that was taken left exactly one event, and what was refused left none.
    #[test]
    fn a_plans_life_is_what_its_events_say(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = Desk::new();
            desk.apply(application("P")).await;
            let (mut now, mut taken) = (morning(), 1);
            for (i, step) in steps.into_iter().enumerate() {
                now += SignedDuration::from_mins(step.after_mins);
                let act = match step.act {
                    0 => PlanAct::Approve,
                    1 => PlanAct::Refuse,
                    2 | 3 => {
                        let from = morning() + hours(step.from_hours);
                        PlanAct::Order { from, to: from + hours(4) }
                    }
                    4 => PlanAct::TakeBack { order: None },
                    5 => PlanAct::Light,
                    6 => PlanAct::Finish { burnt_mu: 10.0 },
                    _ if i > 10 => PlanAct::Withdraw,
                    _ => PlanAct::Light,
                };
                let actor = match step.actor {
                    0 | 1 => county(),
                    2 => township(),
                    _ => person("乙县长", "B"),
                };
                let by = By { actor: actor.clone(), client_id: Some(format!("c{i}")), claimed_at: None };
                let before = desk.standing("P").await;
                let first = desk.act_by("P", act, by.clone(), now).await;
                let again = desk.act_by("P", act, by, now).await;
                let after = desk.standing("P").await;
                prop_assert_eq!(after.status, status_of(&after.plan));
                if let Ok(answer) = first {
                    taken += 1;
                    prop_assert!(actor.unit.as_ref().unwrap().0 != "B");
                    prop_assert!(again.unwrap().repeated && !answer.repeated);
                    let needs_county = matches!(act, PlanAct::Approve | PlanAct::Order { .. });
                    prop_assert!(actor != township() || !needs_county);
                } else {
                    prop_assert!(again.is_err());
                    prop_assert_eq!(&after, &before);
                }
                let orders: Vec<_> = standing_orders(&after.plan).collect();
                for (i, order) in orders.iter().enumerate() {
                    prop_assert!(after.plan.window_start <= order.from && order.to <= after.plan.window_end);
                    prop_assert!(order.issued_at < order.to, "no order for the past");
                    prop_assert!(orders.iter().skip(i + 1).all(|other| order.to <= other.from));
                }
            }
            prop_assert_eq!(desk.kinds("P").await.len(), taken);
            Ok::<(), TestCaseError>(())
        })?;
    }
}
