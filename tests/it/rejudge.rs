//! Judging again: the difference is shown first, applied once, and wakes nobody for old ground.

use std::collections::BTreeSet;
use std::sync::Arc;

use firegrid::domain::actor::Actor;
use firegrid::domain::alert::AlertNumber;
use firegrid::domain::burning::BurnRules;
use firegrid::domain::detection::Origin;
use firegrid::domain::ground::{Ground, RegionVersion};
use firegrid::domain::observation::Observation;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::Verdict;
use firegrid::domain::zone::{OutsideZones, ZoneClass};
use firegrid::store::query::{AlertRow, DetectionRow, FireRow, Span};
use firegrid::store::{
    Batch, By, OriginRule, RegionFiles, RejudgeError, RejudgeOrder, RejudgeScope, Rejudgement, Store,
};
use firegrid::words::Say;

use crate::burning::application;
use crate::ground_fixture::{batch, data, rectangle, row, zone};
use crate::harness::notice_counts;

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// The fixture's ground without rules outside its zones: most of it is unzoned.
fn lenient() -> Arc<Ground> {
    let mut data = data();
    data.outside_zones = OutsideZones::None;
    Arc::new(Ground::build(data))
}

/// The same with a ban zone over two cells and their neighbour county, under another version.
fn stricter() -> Arc<Ground> {
    let mut data = data();
    data.outside_zones = OutsideZones::None;
    data.version = RegionVersion("fixture-stricter".to_owned());
    data.zones.push(zone("new-ban", ZoneClass::Ban, None, rectangle(122.05, 45.9, 122.12, 45.95)));
    Arc::new(Ground::build(data))
}

struct Desk {
    store: Store,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        Self { store, _folder: folder }
    }

    async fn record(&self, rows: Vec<Observation>, ground: &Arc<Ground>, origin: OriginRule) {
        let batch = Batch { origin, ..batch(rows, now()) };
        self.store.record(batch, ground.clone(), Arc::default(), now()).await.unwrap();
    }

    async fn activate(&self, ground: &Ground) {
        let version = ground.version().clone();
        self.store
            .activate_region(
                RegionFiles { region_id: "fixture".to_owned(), version, bundle: vec![1], plans: Vec::new() },
                None,
                now(),
            )
            .await
            .unwrap();
    }

    async fn preview(&self, ground: &Arc<Ground>) -> Rejudgement {
        let scope = RejudgeScope::Span(Span::ALL);
        self.store.whole().rejudge(scope, None, ground.clone(), Arc::default(), now()).await.unwrap()
    }

    async fn apply_at(
        &self,
        scope: RejudgeScope,
        ground: &Arc<Ground>,
        expect: Option<String>,
        at: Timestamp,
    ) -> Result<Rejudgement, RejudgeError> {
        let actor = Actor::person("甲县长", UnitCode("A".to_owned()));
        let order = RejudgeOrder { by: By::now(actor), why: "新禁烧区已公布".to_owned(), expect };
        self.store.whole().rejudge(scope, Some(order), ground.clone(), Arc::default(), at).await
    }

    async fn apply(&self, ground: &Arc<Ground>, at: Timestamp) -> Rejudgement {
        self.apply_at(RejudgeScope::Span(Span::ALL), ground, None, at).await.unwrap()
    }

    /// Leaves an event of its own and returns its number in the log.
    async fn mark(&self, id: &str) -> i64 {
        let by = By::now(Actor::person("甲县长", UnitCode("A".to_owned())));
        let application = application(id);
        let id = application.id.clone();
        self.store.whole().carry_out(application, (by, lenient(), BurnRules::default()), now()).await.unwrap();
        self.store.whole().plan(id).await.unwrap().unwrap().events[0].seq
    }

    /// Everything recorded, in words.
    async fn facts(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for d in self.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap() {
            facts.insert(format!("{} {:?} {:?}", d.observation.key, d.judgement, d.fire_id));
        }
        for fire in self.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap() {
            facts.insert(format!("fire {} {:?}", fire.first_key, fire.verdict));
        }
        for alert in self.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap() {
            facts.insert(format!("alert {} {:?} {:?}", alert.number, alert.verdict, alert.origin));
        }
        facts
    }
}

#[tokio::test]
async fn the_difference_is_shown_before_anything_changes() {
    let desk = Desk::new();
    let rows = vec![row(122.08, 45.92, NOON), row(122.02, 45.97, NOON), row(122.25, 45.9, NOON)];
    desk.record(rows, &lenient(), OriginRule::ByAge).await;
    let before = desk.facts().await;
    assert_eq!(desk.preview(&lenient()).await.changes, [], "the same ground says the same");

    let shown = desk.preview(&stricter()).await;
    assert_eq!((shown.looked_at, shown.changes.len(), shown.applied), (3, 1, None));
    let change = &shown.changes[0];
    assert_eq!((change.old.verdict, change.new.verdict), (Verdict::Unzoned, Verdict::Banned));
    assert!(change.new.reason.say().zh.contains("new-ban"), "{}", change.new.reason.say().zh);
    assert_eq!(desk.facts().await, before, "showing changes nothing");
}

#[tokio::test]
async fn applying_lets_fires_and_alerts_follow_and_twice_is_once() {
    let desk = Desk::new();
    desk.record(vec![row(122.08, 45.92, NOON), row(122.02, 45.97, NOON)], &lenient(), OriginRule::ByAge).await;
    desk.activate(&stricter()).await;
    assert_eq!(desk.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().len(), 1, "only the old ban zone's");
    let shown = desk.preview(&stricter()).await;

    let applied =
        desk.apply_at(RejudgeScope::Span(Span::ALL), &stricter(), Some(shown.hash.clone()), now()).await.unwrap();
    assert_eq!((applied.changes.len(), applied.alerts_opened), (1, 1));
    let alerts = desk.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap();
    assert_eq!(alerts.len(), 2);
    assert!(alerts.iter().all(|alert| alert.verdict == Some(Verdict::Banned) && alert.origin == Origin::Live));
    let after = desk.facts().await;

    let again = desk.apply(&stricter(), now()).await;
    assert_eq!((again.changes.len(), again.applied), (0, None));
    assert_eq!(desk.facts().await, after);
    assert_eq!(desk.preview(&stricter()).await.changes, []);
}

#[tokio::test]
async fn a_difference_that_is_no_longer_the_one_shown_is_refused() {
    let desk = Desk::new();
    desk.record(vec![row(122.08, 45.92, NOON)], &lenient(), OriginRule::ByAge).await;
    desk.activate(&stricter()).await;
    let shown = desk.preview(&stricter()).await;
    desk.record(vec![row(122.07, 45.91, "2026-04-13T05:12:00Z")], &lenient(), OriginRule::ByAge).await;
    let before = desk.facts().await;
    let all = || RejudgeScope::Span(Span::ALL);
    let stale = desk.apply_at(all(), &stricter(), Some(shown.hash), now()).await;
    assert!(matches!(stale, Err(RejudgeError::DifferenceChanged { .. })), "{stale:?}");
    let other = desk.apply_at(all(), &lenient(), None, now()).await;
    assert!(matches!(other, Err(RejudgeError::RegionChanged { .. })), "not the active version: {other:?}");
    let unknown = RejudgeScope::Alert(AlertNumber("20260413-0099".to_owned()));
    assert!(matches!(desk.apply_at(unknown, &stricter(), None, now()).await, Err(RejudgeError::UnknownAlert(_))));
    assert_eq!(desk.facts().await, before);
}

#[tokio::test]
async fn one_alert_can_be_judged_again_by_itself() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON), row(122.04, 45.96, NOON)], &lenient(), OriginRule::ByAge).await;
    let alerts = desk.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap();
    assert_eq!(alerts.len(), 2);
    let mut without_ban = data();
    without_ban.outside_zones = OutsideZones::Limited;
    without_ban.version = RegionVersion("fixture-without".to_owned());
    without_ban.zones.clear();
    let without_ban = Arc::new(Ground::build(without_ban));
    desk.activate(&without_ban).await;
    let scope = RejudgeScope::Alert(alerts[0].number.clone());
    let applied = desk.apply_at(scope, &without_ban, None, now()).await.unwrap();
    assert_eq!((applied.looked_at, applied.changes.len()), (1, 1));
    assert_eq!(applied.changes[0].alert.as_ref(), Some(&alerts[0].number));
    let verdict_of = async |number| desk.store.whole().alert(number).await.unwrap().unwrap().alert.verdict;
    assert_eq!(verdict_of(&alerts[0].number).await, Some(Verdict::Unplanned));
    assert_eq!(verdict_of(&alerts[1].number).await, Some(Verdict::Banned), "the other one was not asked about");
}

#[tokio::test]
async fn archives_open_no_alert_and_old_ground_wakes_nobody() {
    // Recorded as history: no alert even now.
    let desk = Desk::new();
    desk.record(vec![row(122.08, 45.92, NOON)], &lenient(), OriginRule::Fixed(Origin::History)).await;
    desk.activate(&stricter()).await;
    let applied = desk.apply(&stricter(), now()).await;
    assert_eq!((applied.changes.len(), applied.alerts_opened), (1, 0));
    assert!(desk.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().is_empty());

    // Recorded live, judged again a day and a week later: an alert, but late and silent.
    for days in [2, 7] {
        let desk = Desk::new();
        desk.record(vec![row(122.08, 45.92, NOON)], &lenient(), OriginRule::ByAge).await;
        desk.activate(&stricter()).await;
        let later = now() + SignedDuration::from_hours(24 * days);
        assert_eq!(desk.apply(&stricter(), later).await.alerts_opened, 1);
        assert_eq!(desk.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap()[0].origin, Origin::Late);
        assert!(notice_counts(&desk.store).is_empty(), "nobody is told at night of cold ground");
    }
}

#[tokio::test]
async fn the_log_grows_by_exactly_what_was_done() {
    let desk = Desk::new();
    desk.record(vec![row(122.08, 45.92, NOON)], &lenient(), OriginRule::Fixed(Origin::History)).await;
    desk.activate(&stricter()).await;
    let first = desk.mark("1").await;
    desk.preview(&stricter()).await;
    assert_eq!(desk.mark("2").await, first + 1, "looking leaves no trace");
    let applied = desk.apply(&stricter(), now()).await;
    assert_eq!(applied.applied, Some(first + 2));
    assert_eq!(desk.mark("3").await, first + 3, "one event for the whole rejudgement, no alert was opened");
    desk.apply(&stricter(), now()).await;
    assert_eq!(desk.mark("4").await, first + 4, "nothing differed, nothing was done");
}

#[tokio::test]
async fn ground_beyond_the_new_version_keeps_its_judgement_and_is_named() {
    let desk = Desk::new();
    desk.record(vec![row(122.25, 45.9, NOON)], &lenient(), OriginRule::ByAge).await;
    let mut smaller = data();
    smaller.version = RegionVersion("fixture-smaller".to_owned());
    smaller.neighbour_belt_km = 1.0;
    smaller.units.retain(|unit| unit.code.0 != "B");
    let smaller = Arc::new(Ground::build(smaller));
    desk.activate(&smaller).await;
    let before = desk.facts().await;
    let applied = desk.apply(&smaller, now()).await;
    assert_eq!((applied.changes.len(), applied.unjudgeable.len()), (0, 1));
    assert_eq!(desk.facts().await, before);
}
