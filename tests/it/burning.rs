//! Burning in order: the machine, what the store keeps of it, files, the ledger, the commands.

use std::sync::Arc;

use firegrid::domain::actor::Actor;
use firegrid::domain::burning::{
    BurnRules, BurningRefusal, PlanAct, PlanSource, StandingPlan, decide, standing_orders, status_of,
};
use firegrid::domain::calendar::{BurnWeather, Quota};
use firegrid::domain::ground::{Ground, RegionVersion};
use firegrid::domain::ledger::{SeenPixel, day_ledger, progress};
use firegrid::domain::plan::{BurnOrder, BurnPlan, PlanId, PlanStatus};
use firegrid::domain::rules::Rules;
use firegrid::domain::time::{Date, SignedDuration, Timestamp, day_bounds};
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::domain::verdict::Verdict;
use firegrid::store::{
    By, ImportRow, PlanAnswer, PlanCommand, PlanError, PlanFilter, RowOutcome, Store, TakenUp, WeatherError,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::ground_fixture::{data, ground, rectangle};

/// 08:00 at the place, on the day that everything here is about.
const MORNING: &str = "2026-04-13T00:00:00Z";

fn morning() -> Timestamp {
    MORNING.parse().unwrap()
}

fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

fn person(name: &str, unit: &str) -> Actor {
    Actor::person(name, UnitCode(unit.to_owned()))
}

/// The head of county A, who may review and order; the head of township A-a, who applies.
fn county() -> Actor {
    person("甲县长", "A")
}

fn township() -> Actor {
    person("甲镇长", "A-a")
}

/// A plan of township A-a: from now for three days, 30 mu.
pub fn plan(id: &str) -> BurnPlan {
    BurnPlan {
        id: PlanId(id.to_owned()),
        unit_code: UnitCode("A-a".to_owned()),
        plot: Some(rectangle(122.06, 45.92, 122.07, 45.93)),
        window_start: morning(),
        window_end: morning() + hours(72),
        area_mu: 30.0,
        responsible: "张三".to_owned(),
        note: None,
        received_at: morning(),
        reviewed_by: None,
        approved_at: None,
        refused_at: None,
        withdrawn_at: None,
        lit_at: None,
        done_at: None,
        burnt_mu: None,
        orders: Vec::new(),
    }
}

struct Desk {
    store: Store,
    ground: Arc<Ground>,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        Self { store, ground: ground(), _folder: folder }
    }

    async fn apply(&self, plan: BurnPlan) -> PlanAnswer {
        self.store.apply_for_plan(plan, By::now(township()), self.ground.clone(), morning()).await.unwrap()
    }

    async fn act_by(&self, id: &str, act: PlanAct, by: By, now: Timestamp) -> Result<PlanAnswer, PlanError> {
        let command = PlanCommand { id: PlanId(id.to_owned()), act, note: None, evidence: None };
        self.store.act_on_plan(command, by, self.ground.clone(), BurnRules::default(), now).await
    }

    async fn act(&self, id: &str, act: PlanAct, now: Timestamp) -> PlanStatus {
        self.act_by(id, act, By::now(county()), now).await.unwrap().standing.status
    }

    async fn standing(&self, id: &str) -> StandingPlan {
        self.store.plan(PlanId(id.to_owned())).await.unwrap().unwrap().standing
    }

    async fn kinds(&self, id: &str) -> Vec<String> {
        let detail = self.store.plan(PlanId(id.to_owned())).await.unwrap().unwrap();
        detail.events.into_iter().map(|event| event.kind).collect()
    }

    async fn activate(&self, version: &str, plans: Vec<BurnPlan>, now: Timestamp) -> Vec<(String, TakenUp)> {
        let version = RegionVersion(version.to_owned());
        let activation = self.store.activate_region("fixture", version, vec![1], plans, now).await.unwrap();
        activation.plans.into_iter().map(|plan| (plan.plan_id.0, plan.outcome)).collect()
    }

    async fn known_at(&self, at: Timestamp) -> Vec<BurnPlan> {
        let zone = self.ground.data().time_zone.clone();
        self.store.policy(vec![at], Rules::default(), zone).await.unwrap().plans
    }
}

fn order_of_today() -> PlanAct {
    PlanAct::Order { from: morning() + hours(1), to: morning() + hours(5) }
}

// ---- the machine -----------------------------------------------------------------------------

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
                    let text = refusal.to_string();
                    let (zh, en) = text.split_once(" · ").expect("both languages");
                    assert!(zh.chars().any(|c| c > '\u{2E80}') && en.is_ascii(), "{text}");
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
        refusal.to_string(),
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
    assert!(matches!(approve(person("乙县长", "B")), Err(BurningRefusal::NotAbove { .. })), "a sister county");
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
            desk.apply(plan("P")).await;
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

// ---- the store -------------------------------------------------------------------------------

#[tokio::test]
async fn a_plan_lives_from_application_to_ash_with_an_event_for_every_step() {
    let desk = Desk::new();
    let mut dated_back = plan("P");
    dated_back.approved_at = Some(morning() - hours(500));
    dated_back.received_at = morning() - hours(500);
    let applied = desk.apply(dated_back).await.standing;
    assert_eq!((applied.status, applied.plan.approved_at), (PlanStatus::Applied, None), "nobody approves by applying");
    assert_eq!(applied.plan.received_at, morning(), "the server's time");
    assert_eq!(desk.act("P", PlanAct::Approve, morning() + hours(1)).await, PlanStatus::Approved);
    assert_eq!(desk.act("P", order_of_today(), morning() + hours(1)).await, PlanStatus::Ordered);
    assert_eq!(desk.act("P", PlanAct::Light, morning() + hours(2)).await, PlanStatus::Lit);
    assert_eq!(desk.act("P", PlanAct::Finish { burnt_mu: 28.5 }, morning() + hours(4)).await, PlanStatus::Done);
    let done = desk.standing("P").await;
    assert_eq!(done.plan.approved_at, Some(morning() + hours(1)));
    assert_eq!(done.plan.orders[0].issued_at, morning() + hours(1));
    assert_eq!((done.plan.lit_at, done.plan.burnt_mu), (Some(morning() + hours(2)), Some(28.5)));
    assert_eq!(desk.kinds("P").await, ["applied", "approved", "ordered", "lit", "done"]);
}

#[tokio::test]
async fn orders_are_taken_back_one_by_one_until_they_are_lit() {
    let desk = Desk::new();
    desk.apply(plan("P")).await;
    desk.act("P", PlanAct::Approve, morning()).await;
    desk.act("P", order_of_today(), morning()).await;
    let tomorrow = PlanAct::Order { from: morning() + hours(25), to: morning() + hours(29) };
    desk.act("P", tomorrow, morning()).await;
    let which = desk.act_by("P", PlanAct::TakeBack { order: None }, By::now(county()), morning()).await;
    assert!(which.unwrap_err().to_string().contains("--order"), "two stand: which one?");
    let orders = desk.standing("P").await.plan.orders;
    desk.act("P", PlanAct::Light, morning() + hours(2)).await;
    let lit = PlanAct::TakeBack { order: Some(orders[0].id) };
    assert!(desk.act_by("P", lit, By::now(county()), morning() + hours(3)).await.is_err(), "it burns");
    let later = PlanAct::TakeBack { order: Some(orders[1].id) };
    assert_eq!(desk.act("P", later, morning() + hours(3)).await, PlanStatus::Lit);

    let desk = Desk::new();
    desk.apply(plan("P")).await;
    desk.act("P", PlanAct::Approve, morning()).await;
    desk.act("P", order_of_today(), morning()).await;
    assert_eq!(desk.act("P", PlanAct::TakeBack { order: None }, morning()).await, PlanStatus::Approved);
    assert_eq!(desk.act("P", order_of_today(), morning()).await, PlanStatus::Ordered, "and given again");
    assert_eq!(desk.act("P", PlanAct::Withdraw, morning()).await, PlanStatus::Withdrawn);
    let withdrawn = desk.standing("P").await.plan;
    assert!(withdrawn.orders.iter().all(|order| order.withdrawn_at.is_some()), "no order outlives its plan");
}

#[tokio::test]
async fn a_command_sent_twice_is_done_once_and_its_id_names_no_other() {
    let desk = Desk::new();
    desk.apply(plan("P")).await;
    let by = By { actor: county(), client_id: Some("phone-7".to_owned()), claimed_at: None };
    assert!(!desk.act_by("P", PlanAct::Approve, by.clone(), morning()).await.unwrap().repeated);
    assert!(desk.act_by("P", PlanAct::Approve, by.clone(), morning() + hours(1)).await.unwrap().repeated);
    assert_eq!(desk.kinds("P").await, ["applied", "approved"]);
    let other = desk.act_by("P", PlanAct::Withdraw, by, morning()).await;
    assert!(matches!(other, Err(PlanError::ClientIdTaken(_))), "{other:?}");
    assert!(matches!(
        desk.act_by("Q", PlanAct::Approve, By::now(county()), morning()).await,
        Err(PlanError::Unknown(_))
    ));
    let twice = desk.store.apply_for_plan(plan("P"), By::now(township()), desk.ground.clone(), morning()).await;
    assert!(matches!(twice, Err(PlanError::Exists(_))), "{twice:?}");
}

// ---- the region's file ------------------------------------------------------------------------

/// A row of burn_plans.csv that says it was approved long ago and is ordered for its whole window.
fn row_of_file(id: &str) -> BurnPlan {
    let approved = morning() - hours(240);
    let mut plan = plan(id);
    (plan.approved_at, plan.received_at, plan.reviewed_by) = (Some(approved), approved, Some("县长".to_owned()));
    plan.orders = vec![BurnOrder {
        id: 0,
        from: plan.window_start,
        to: plan.window_end,
        issued_at: approved,
        issued_by: "县长".to_owned(),
        withdrawn_at: None,
    }];
    plan
}

#[tokio::test]
async fn the_first_version_is_believed_and_what_a_later_one_brings_is_received_then() {
    let desk = Desk::new();
    let told = desk.activate("v1", vec![row_of_file("P")], morning()).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Believed)]);
    let believed = desk.standing("P").await;
    assert_eq!((believed.status, believed.source), (PlanStatus::Ordered, PlanSource::Region));
    assert_eq!(believed.plan.received_at, morning() - hours(240));

    let later = morning() + hours(30);
    let told = desk.activate("v2", vec![row_of_file("P"), row_of_file("Q")], later).await;
    assert_eq!(told, [("Q".to_owned(), TakenUp::Received)], "P is as before and not told");
    let late = desk.standing("Q").await.plan;
    assert_eq!((late.received_at, late.approved_at, late.orders[0].issued_at), (later, Some(later), later));
    // Nothing is deleted; the first version taken up again does not make Q older.
    let told = desk.activate("v1", vec![row_of_file("P")], later + hours(1)).await;
    assert_eq!(told, [("Q".to_owned(), TakenUp::Absent)]);
    let told = desk.activate("v2", vec![row_of_file("P"), row_of_file("Q")], later + hours(2)).await;
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(desk.standing("Q").await.plan, late);
    assert_eq!((desk.kinds("P").await, desk.kinds("Q").await), (vec!["received".to_owned()], vec!["received".to_owned()]));
}

#[tokio::test]
async fn a_changed_row_is_received_when_it_changes_and_what_was_known_before_stays_known() {
    let desk = Desk::new();
    desk.activate("v1", vec![row_of_file("P")], morning()).await;
    let mut wider = row_of_file("P");
    wider.plot = Some(rectangle(122.0, 45.9, 122.1, 46.0));
    let later = morning() + hours(30);
    let told = desk.activate("v2", vec![wider.clone()], later).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Changed)]);

    let mut known = desk.known_at(morning() + hours(2)).await;
    known.sort_by_key(|plan| plan.received_at);
    assert_eq!(known.len(), 2, "as it was and as it is");
    assert_eq!((known[0].received_at, known[0].withdrawn_at), (morning() - hours(240), Some(later)));
    assert_eq!(known[0].plot, row_of_file("P").plot);
    assert_eq!((known[1].received_at, &known[1].plot), (later, &wider.plot));
    let runs = |plan: &BurnPlan, at: Timestamp| {
        plan.orders.iter().any(|order| order.issued_at <= at && order.withdrawn_at.is_none_or(|gone| at < gone))
    };
    assert!(runs(&known[0], morning() + hours(2)), "a fire seen before is excused by what was known then");
    assert!(known[1].orders.iter().any(|order| order.issued_at == later), "and is ordered anew from then on");

    // A new note takes nothing from what was known.
    let mut noted = wider;
    noted.note = Some("改了备注".to_owned());
    let told = desk.activate("v3", vec![noted], later + hours(1)).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Changed)]);
    let standing = desk.standing("P").await.plan;
    assert_eq!((standing.received_at, standing.note.as_deref()), (later, Some("改了备注")));
    assert_eq!(desk.known_at(morning()).await.len(), 2);
}

#[tokio::test]
async fn a_file_changes_nothing_that_a_person_has_acted_on() {
    let desk = Desk::new();
    desk.activate("v1", vec![row_of_file("P")], morning()).await;
    desk.act("P", PlanAct::Light, morning() + hours(1)).await;
    let before = desk.standing("P").await;
    let mut changed = row_of_file("P");
    changed.area_mu = 900.0;
    let told = desk.activate("v2", vec![changed], morning() + hours(2)).await;
    assert_eq!(told, [("P".to_owned(), TakenUp::Kept)]);
    assert_eq!(desk.standing("P").await, before);
    assert_eq!(desk.kinds("P").await, ["received", "lit"], "what was not done left no event");
}

// ---- imported files ---------------------------------------------------------------------------

fn import_row(id: &str, status: PlanStatus) -> ImportRow {
    ImportRow { place: format!("line {id}"), plan: plan(id), status, approver: None, burnt_mu: None }
}

#[tokio::test]
async fn an_import_is_whole_or_not_at_all_and_twice_is_once() {
    let desk = Desk::new();
    let rules = || (desk.ground.clone(), BurnRules::default());
    let mut foreign = import_row("B-1", PlanStatus::Applied);
    foreign.plan.unit_code = UnitCode("B".to_owned());
    let rows = vec![import_row("P", PlanStatus::Applied), foreign];
    let by = By::now(county());
    let refused = desk.store.import_plans(rows, false, by.clone(), rules(), morning()).await.unwrap();
    assert_eq!(refused.problems.len(), 1);
    assert_eq!(refused.problems[0].place, "line B-1");
    assert!(desk.store.plans(PlanFilter::default()).await.unwrap().is_empty(), "nothing half imported");

    let rows = vec![import_row("P", PlanStatus::Applied), import_row("Q", PlanStatus::Approved)];
    let preview = desk.store.preview_import(rows.clone(), false, Some(county()), rules()).await.unwrap();
    assert!(desk.store.plans(PlanFilter::default()).await.unwrap().is_empty(), "a dry run is dry");
    let imported = desk.store.import_plans(rows.clone(), false, by.clone(), rules(), morning()).await.unwrap();
    assert_eq!(imported, preview);
    assert_eq!(desk.standing("Q").await.plan.approved_at, Some(morning()), "the server's time");
    let again = desk.store.import_plans(rows.clone(), false, by.clone(), rules(), morning() + hours(1)).await.unwrap();
    assert!(again.rows.iter().all(|(_, outcome)| *outcome == RowOutcome::Unchanged), "{again:?}");
    assert_eq!(desk.kinds("P").await, ["imported"]);

    // The same file after the county has approved it here: older, not different.
    desk.act("P", PlanAct::Approve, morning() + hours(1)).await;
    let older = desk.store.import_plans(rows, false, by, rules(), morning() + hours(2)).await.unwrap();
    assert!(older.problems.is_empty(), "{older:?}");
    assert_eq!(desk.standing("P").await.status, PlanStatus::Approved);
}

#[tokio::test]
async fn a_changed_row_needs_to_be_asked_for_and_leaves_acts_alone() {
    let desk = Desk::new();
    let rules = || (desk.ground.clone(), BurnRules::default());
    let by = || By::now(county());
    let import = async |row: ImportRow, update, now| {
        desk.store.import_plans(vec![row], update, by(), rules(), now).await.unwrap()
    };
    import(import_row("P", PlanStatus::Applied), false, morning()).await;
    let mut larger = import_row("P", PlanStatus::Applied);
    larger.plan.area_mu = 45.0;
    let refused = import(larger.clone(), false, morning()).await;
    assert_eq!(refused.problems[0].code, "plan_differs");
    assert!(refused.problems[0].message.contains("area_mu"), "{}", refused.problems[0].message);
    let updated = import(larger, true, morning() + hours(1)).await;
    assert_eq!(updated.rows[0].1, RowOutcome::Updated);
    let plan = desk.standing("P").await.plan;
    assert_eq!((plan.area_mu, plan.received_at), (45.0, morning() + hours(1)));

    desk.act("P", PlanAct::Approve, morning() + hours(2)).await;
    let mut again = import_row("P", PlanStatus::Applied);
    again.plan.area_mu = 60.0;
    let refused = import(again, true, morning() + hours(3)).await;
    assert_eq!(refused.problems[0].code, "plan_acted_on");
}

#[tokio::test]
async fn a_status_beyond_applied_is_taken_only_from_who_may_give_it() {
    let desk = Desk::new();
    let rules = || (desk.ground.clone(), BurnRules::default());
    for status in PlanStatus::ALL {
        let rows = vec![import_row("P", status)];
        let low = desk.store.preview_import(rows.clone(), false, Some(township()), rules()).await.unwrap();
        let may = matches!(status, PlanStatus::Applied | PlanStatus::Withdrawn);
        assert_eq!(low.problems.is_empty(), may, "{status:?} by the township");
        let high = desk.store.preview_import(rows.clone(), false, Some(county()), rules()).await.unwrap();
        assert!(high.problems.is_empty(), "{status:?} by the county: {:?}", high.problems);
        let own = desk.store.preview_import(rows, false, Some(person("张三", "A")), rules()).await.unwrap();
        assert_eq!(own.problems.is_empty(), may, "{status:?} by who answers for the burning");
    }
}

// ---- weather, policy --------------------------------------------------------------------------

#[tokio::test]
async fn a_level_counts_from_when_it_was_entered_and_the_last_one_counts() {
    let desk = Desk::new();
    let level = |level| BurnWeather { unit_code: UnitCode("A".to_owned()), date: "2026-04-13".parse().unwrap(), level };
    let enter = async |value, by, now| desk.store.enter_weather(level(value), by, desk.ground.clone(), now).await;
    enter(2, By::now(county()), morning()).await.unwrap();
    let by = By { actor: county(), client_id: Some("w".to_owned()), claimed_at: None };
    assert!(!enter(3, by.clone(), morning() + hours(1)).await.unwrap().repeated);
    assert!(enter(3, by, morning() + hours(2)).await.unwrap().repeated);
    assert!(matches!(enter(5, By::now(county()), morning()).await, Err(WeatherError::Level(5))));
    assert!(matches!(enter(1, By::now(township()), morning()).await, Err(WeatherError::Refused(_))), "of the county");

    let zone = desk.ground.data().time_zone.clone();
    let policy = desk.store.policy(vec![morning()], Rules::default(), zone.clone()).await.unwrap();
    let levels: Vec<_> = policy.weather.iter().map(|entry| (entry.weather.level, entry.entered_at)).collect();
    assert_eq!(levels, [(2, morning()), (3, morning() + hours(1))]);
    // 16:00 UTC is the next day there.
    let next_day = vec![morning() + hours(16)];
    assert!(desk.store.policy(next_day, Rules::default(), zone).await.unwrap().weather.is_empty());
}

#[tokio::test]
async fn plans_are_loaded_when_their_window_may_matter_and_not_otherwise() {
    let desk = Desk::new();
    desk.apply(plan("P")).await;
    // The window is 0..72 h; near is 72 h.
    for (at, found) in [(-73, 0), (-72, 1), (0, 1), (144, 1), (145, 0)] {
        assert_eq!(desk.known_at(morning() + hours(at)).await.len(), found, "{at} h");
    }
    let zone = desk.ground.data().time_zone.clone();
    assert!(desk.store.policy(Vec::new(), Rules::default(), zone).await.unwrap().plans.is_empty());
}

// ---- the ledger -------------------------------------------------------------------------------

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
    assert_eq!(a.remaining_mu, 140.0, "reported done only after this day ended");
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
    assert_eq!(of("S").approved.mu, 236.0, "the withdrawn one is nobody's plan");
}
