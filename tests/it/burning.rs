//! Burning in order: what the store keeps of it; the machine, files and the ledger have their own files.

mod cautions;
mod files;
mod ledger;
mod machine;

use std::sync::Arc;

use firegrid::domain::actor::Actor;
use firegrid::domain::burning::{BurnRules, PlanAct, StandingPlan};
use firegrid::domain::calendar::{BurnWeather, Calendar, Closure, PermittedHours, Quota};
use firegrid::domain::ground::{Ground, RegionVersion};
use firegrid::domain::plan::{BurnPlan, PlanApplication, PlanId, PlanStatus};
use firegrid::domain::rules::Rules;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::store::{By, PlanAnswer, PlanCommand, PlanError, RegionFiles, Store, TakenUp, WeatherError};
use firegrid::words::Say;

use crate::ground_fixture::{ground, rectangle};

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
    application(id).received(morning())
}

pub fn application(id: &str) -> PlanApplication {
    PlanApplication {
        id: PlanId(id.to_owned()),
        unit_code: UnitCode("A-a".to_owned()),
        plot: Some(rectangle(122.06, 45.92, 122.07, 45.93)),
        window_start: morning(),
        window_end: morning() + hours(72),
        area_mu: 30.0,
        responsible: "张三".to_owned(),
        note: None,
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

    async fn apply(&self, application: PlanApplication) -> PlanAnswer {
        self.store
            .whole()
            .carry_out(application, (By::now(township()), self.ground.clone(), BurnRules::default()), morning())
            .await
            .unwrap()
    }

    async fn act_by(&self, id: &str, act: PlanAct, by: By, now: Timestamp) -> Result<PlanAnswer, PlanError> {
        let command = PlanCommand { id: PlanId(id.to_owned()), act, note: None, photos: Vec::new() };
        self.store.whole().carry_out(command, (by, self.ground.clone(), BurnRules::default()), now).await
    }

    async fn act(&self, id: &str, act: PlanAct, now: Timestamp) -> PlanStatus {
        self.act_by(id, act, By::now(county()), now).await.unwrap().standing.status
    }

    async fn standing(&self, id: &str) -> StandingPlan {
        self.store.whole().plan(PlanId(id.to_owned())).await.unwrap().unwrap().standing
    }

    async fn kinds(&self, id: &str) -> Vec<String> {
        let detail = self.store.whole().plan(PlanId(id.to_owned())).await.unwrap().unwrap();
        detail.events.into_iter().map(|event| event.kind).collect()
    }

    async fn activate(&self, version: &str, plans: Vec<BurnPlan>, now: Timestamp) -> Vec<(String, TakenUp)> {
        let version = RegionVersion(version.to_owned());
        let activation = self
            .store
            .activate_region(
                RegionFiles { region_id: "fixture".to_owned(), version, bundle: vec![1], plans },
                None,
                now,
            )
            .await
            .unwrap();
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

#[tokio::test]
async fn a_plan_lives_from_application_to_ash_with_an_event_for_every_step() {
    let desk = Desk::new();
    let applied = desk.apply(application("P")).await.standing;
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
    desk.apply(application("P")).await;
    desk.act("P", PlanAct::Approve, morning()).await;
    desk.act("P", order_of_today(), morning()).await;
    let tomorrow = PlanAct::Order { from: morning() + hours(25), to: morning() + hours(29) };
    desk.act("P", tomorrow, morning()).await;
    let which = desk.act_by("P", PlanAct::TakeBack { order: None }, By::now(county()), morning()).await;
    assert!(which.unwrap_err().say().en.contains("--order"), "two stand: which one?");
    let orders = desk.standing("P").await.plan.orders;
    desk.act("P", PlanAct::Light, morning() + hours(2)).await;
    let lit = PlanAct::TakeBack { order: Some(orders[0].id) };
    assert!(desk.act_by("P", lit, By::now(county()), morning() + hours(3)).await.is_err(), "it burns");
    let later = PlanAct::TakeBack { order: Some(orders[1].id) };
    assert_eq!(desk.act("P", later, morning() + hours(3)).await, PlanStatus::Lit);

    let desk = Desk::new();
    desk.apply(application("P")).await;
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
    desk.apply(application("P")).await;
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
    let twice = desk
        .store
        .whole()
        .carry_out(application("P"), (By::now(township()), desk.ground.clone(), BurnRules::default()), morning())
        .await;
    assert!(matches!(twice, Err(PlanError::Exists(_))), "{twice:?}");
}

#[tokio::test]
async fn a_level_counts_from_when_it_was_entered_and_the_last_one_counts() {
    let desk = Desk::new();
    let level = |level| BurnWeather { unit_code: UnitCode("A".to_owned()), date: "2026-04-13".parse().unwrap(), level };
    let enter = async |value, by, now| desk.store.whole().carry_out(level(value), (by, desk.ground.clone()), now).await;
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
    desk.apply(application("P")).await;
    // The window is 0..72 h; near is 72 h.
    for (at, found) in [(-73, 0), (-72, 1), (0, 1), (144, 1), (145, 0)] {
        assert_eq!(desk.known_at(morning() + hours(at)).await.len(), found, "{at} h");
    }
    let zone = desk.ground.data().time_zone.clone();
    assert!(desk.store.policy(Vec::new(), Rules::default(), zone).await.unwrap().plans.is_empty());
}

#[tokio::test]
async fn who_orders_is_told_what_the_order_runs_into_and_the_log_keeps_it() {
    let mut data = crate::ground_fixture::data();
    let local = |text: &str| text.parse().unwrap();
    data.calendar = Calendar {
        closures: vec![Closure {
            name: "重污染天气应急".to_owned(),
            from: local("2026-04-13T12:00"),
            to: local("2026-04-13T18:00"),
            units: vec![UnitCode("A".to_owned())],
            basis: None,
        }],
        hours: Some(PermittedHours { from: "08:00".parse().unwrap(), to: "16:00".parse().unwrap() }),
        max_weather_level: Some(2),
        quotas: vec![Quota { units: Vec::new(), area_mu: 20.0 }],
    };
    let mut desk = Desk::new();
    desk.ground = Arc::new(Ground::build(data));
    desk.apply(application("P")).await;
    desk.act("P", PlanAct::Approve, morning()).await;
    let order = |from: i64, to: i64| PlanAct::Order { from: morning() + hours(from), to: morning() + hours(to) };
    // 13:00 to 17:00 there: in the closure, past 16:00, weather unknown, 30 mu of 20.
    let told = desk.act_by("P", order(5, 9), By::now(county()), morning()).await.unwrap().cautions;
    assert_eq!(told.len(), 4, "{told:#?}");
    for (caution, says) in told.iter().zip(["重污染天气应急", "2026-04-13 16:00", "not recorded", "quota of 20"])
    {
        assert!(caution.contains(says), "{caution}");
    }
    let detail = desk.store.whole().plan(PlanId("P".to_owned())).await.unwrap().unwrap();
    assert_eq!(detail.events[2].detail["cautions"].as_array().unwrap().len(), 4);

    // The next day at nine, in good weather: only the quota.
    let level = BurnWeather { unit_code: UnitCode("A".to_owned()), date: "2026-04-14".parse().unwrap(), level: 2 };
    desk.store.whole().carry_out(level, (By::now(county()), desk.ground.clone()), morning()).await.unwrap();
    let told = desk.act_by("P", order(25, 32), By::now(county()), morning()).await.unwrap().cautions;
    assert_eq!(told.len(), 1, "{told:#?}");
    let past_four = desk.act_by("P", order(32, 33), By::now(county()), morning()).await.unwrap().cautions;
    assert_eq!(past_four.len(), 2, "{past_four:#?}");
}
