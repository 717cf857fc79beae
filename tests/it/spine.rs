//! From rows to alerts: what is recorded, and that order and repetition do not matter.

use std::collections::BTreeSet;
use std::sync::Arc;

use firegrid::domain::actor::Actor;
use firegrid::domain::alert::Act;
use firegrid::domain::alert::AlertNumber;
use firegrid::domain::alert::AlertState;
use firegrid::domain::detection::Origin;
use firegrid::domain::finding::{Finding, FindingKind, Review};
use firegrid::domain::ground::Ground;
use firegrid::domain::observation::{Observation, ProcessingLevel};
use firegrid::domain::rules::Rules;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::domain::verdict::Verdict;
use firegrid::media::Photos;
use firegrid::store::query::{AlertRow, DetectionRow, FireRow, Span};
use firegrid::store::{ActError, Batch, Command, Done, OriginRule, Recorded, Store};
use proptest::prelude::*;

use crate::ground_fixture::{batch, data, ground, held, row};
use crate::harness::notice_counts;

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

/// Store and ground of one test.
pub struct Desk {
    pub store: Store,
    pub ground: Arc<Ground>,
    pub rules: Arc<Rules>,
    pub folder: tempfile::TempDir,
}

/// A person acting for a unit.
pub fn person(name: &str, unit: &str) -> Actor {
    Actor::person(name, UnitCode(unit.to_owned()))
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        Self { store, ground: Arc::new(Ground::build(held())), rules: Arc::default(), folder }
    }

    pub async fn command(&self, command: Command, now: Timestamp) -> Result<Done, ActError> {
        self.store.whole().carry_out(command, (self.ground.clone(), self.rules.clone()), now).await
    }

    /// Somebody does something now.
    pub async fn act(&self, number: &AlertNumber, act: Act, by: Actor) -> Result<Done, ActError> {
        self.command(Command::plain(number.clone(), act, by), NOW.parse().unwrap()).await
    }

    /// A finding with one photo, its original safe on disk.
    pub async fn report(&self, number: &AlertNumber, kind: FindingKind, by: Actor) -> Result<Done, ActError> {
        let picture = crate::pictures::jpeg(&number.0);
        let photo = Photos::beside(self.store.path()).keep(&picture, None).unwrap();
        let finding = Finding {
            kind,
            burnt_mu: Some(1.5),
            material: None,
            action: None,
            put_out_at: None,
            position: None,
            photos: vec![photo.hash.clone()],
        };
        let command = Command { photos: vec![photo], ..Command::plain(number.clone(), Act::Report { finding }, by) };
        self.command(command, NOW.parse().unwrap()).await
    }

    /// The whole way to a closed alert.
    pub async fn close(&self, number: &AlertNumber) {
        self.report(number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
        let review = Act::Review { review: Review::Confirmed };
        self.act(number, review, person("县长", "A")).await.unwrap();
        self.act(number, Act::Close, person("县长", "A")).await.unwrap();
    }

    pub async fn record(&self, rows: Vec<Observation>) -> Recorded {
        self.record_as(rows, OriginRule::ByAge, NOW).await
    }

    pub async fn record_as(&self, rows: Vec<Observation>, origin: OriginRule, now: &str) -> Recorded {
        let now: Timestamp = now.parse().unwrap();
        let batch = Batch { origin, ..batch(rows, now) };
        self.store.record(batch, self.ground.clone(), self.rules.clone(), now).await.unwrap()
    }

    pub async fn alerts(&self) -> Vec<firegrid::store::query::AlertRow> {
        self.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap()
    }

    /// Everything that must not depend on the order of arrival.
    async fn order_free(&self) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        let detections = self.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
        for d in &detections {
            let fire: BTreeSet<_> = detections
                .iter()
                .filter(|other| other.fire_id == d.fire_id)
                .map(|other| other.observation.key.to_string())
                .collect();
            facts.insert(format!(
                "{} {} {} unit {:?} fire {fire:?}",
                d.observation.key,
                d.observation.level.name(),
                d.judgement.verdict.name(),
                d.judgement.unit,
            ));
        }
        for fire in self.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap() {
            facts.insert(format!("fire {} {} {}", fire.first_key, fire.detections, fire.verdict.name()));
        }
        for alert in self.alerts().await {
            facts.insert(format!(
                "alert {} {} {} owner {} likely {} others {:?} n {} {}..{} {:?}",
                alert.first_key,
                alert.responsible_code,
                alert.verdict.map_or("none", Verdict::name),
                alert.owner_code,
                alert.unit_code,
                alert.other_units,
                alert.detections,
                alert.first_seen_at,
                alert.last_seen_at,
                alert.reason,
            ));
        }
        facts
    }
}

#[tokio::test]
async fn a_point_in_the_ban_zone_becomes_an_alert_on_its_grid_cells_desk() {
    let desk = Desk::new();
    let recorded = desk.record(vec![row(122.02, 45.97, NOON)]).await;
    assert_eq!((recorded.new, recorded.fires, recorded.alerts), (1, 1, 1));
    let alerts = desk.alerts().await;
    let alert = &alerts[0];
    assert_eq!(alert.number.0, "20260413-0001");
    assert_eq!(alert.verdict, Some(Verdict::Banned));
    assert_eq!((alert.responsible_code.0.as_str(), alert.owner_code.0.as_str()), ("A-a", "A-a-1"));
    let detail = desk.store.whole().alert(&alert.number).await.unwrap().unwrap();
    let levels: Vec<_> = detail.chains[0].iter().map(|link| (link.code.0.as_str(), link.holders.len())).collect();
    assert_eq!(levels, [("A-a-1", 1), ("A-a", 1), ("A", 1), ("S", 0)], "a gap stays in the chain");
    assert_eq!(notice_counts(&desk.store), [("first".to_owned(), 1)]);
}

#[tokio::test]
async fn a_second_poll_of_the_same_pass_opens_no_alert() {
    let desk = Desk::new();
    let rows = vec![row(122.02, 45.97, NOON), row(122.25, 45.95, NOON)];
    desk.record(rows.clone()).await;
    let before = desk.order_free().await;
    let again = desk.record(rows).await;
    assert_eq!((again.new, again.duplicate, again.fires, again.alerts), (0, 2, 0, 0));
    assert_eq!(desk.order_free().await, before);
}

#[tokio::test]
async fn every_standing_has_its_verdict() {
    let desk = Desk::new();
    let cases = [
        (122.02, 45.97, Verdict::Banned),
        (122.17, 45.82, Verdict::Banned),
        (122.08, 45.92, Verdict::Unplanned),
        (122.25, 45.85, Verdict::HeatSource),
        (122.31, 45.9, Verdict::Neighbour),
    ];
    for (lon, lat, verdict) in cases {
        desk.record(vec![row(lon, lat, NOON)]).await;
        let found = desk.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
        let here = found.iter().find(|d| (d.observation.position.lon() - lon).abs() < 1e-6).unwrap();
        assert_eq!(here.judgement.verdict, verdict, "{lon} {lat}");
    }
    assert_eq!(desk.alerts().await.len(), 3, "heat sources and neighbours alert nobody");
}

#[tokio::test]
async fn a_fire_over_two_townships_is_one_fire_and_two_alerts() {
    let desk = Desk::new();
    let recorded = desk.record(vec![row(122.05, 45.903, NOON), row(122.05, 45.897, NOON)]).await;
    assert_eq!((recorded.fires, recorded.alerts), (1, 2));
    let alerts = desk.alerts().await;
    let mut townships: Vec<_> = alerts.iter().map(|alert| alert.responsible_code.0.as_str()).collect();
    townships.sort_unstable();
    assert_eq!(townships, ["A-a", "A-c"]);
    let detail = desk.store.whole().alert(&alerts[0].number).await.unwrap().unwrap();
    assert_eq!(detail.linked.len(), 1, "each knows the other");
}

#[tokio::test]
async fn a_pixel_across_cells_goes_to_the_townships_desk_and_names_candidates() {
    let desk = Desk::new();
    let mut wide = row(122.099, 45.95, NOON);
    (wide.scan_km, wide.track_km) = (Some(0.8), Some(0.8));
    // Turned to the track the left cell holds a little more than half; move it so that it holds less.
    wide.position = firegrid::domain::position::Position::from_lon_lat(122.1, 45.95).unwrap();
    wide.key.lon = firegrid::domain::observation::Decimal::parse("122.1").unwrap();
    desk.record(vec![wide]).await;
    let alert = &desk.alerts().await[0];
    assert_eq!(alert.unit_code.0, "A-a-1", "on the border the lowest code leads");
    let other: Vec<_> = alert.candidates.iter().map(|c| c.code.0.as_str()).collect();
    assert_eq!(other, ["A-a-2"]);
    assert_eq!(alert.sure_level.unwrap().name(), "township");
}

#[tokio::test]
async fn a_fire_that_comes_in_from_outside_counts_for_the_county_it_reaches() {
    let desk = Desk::new();
    desk.record(vec![row(122.303, 45.9, "2026-04-13T03:12:00Z"), row(122.297, 45.9, NOON)]).await;
    let fires = desk.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap();
    assert_eq!(fires.len(), 1);
    assert_eq!(fires[0].county_code.as_ref().unwrap().0, "B");
    assert_eq!(fires[0].first_seen_at.to_string(), "2026-04-13T03:12:00Z");
}

#[tokio::test]
async fn late_rows_are_listed_and_wake_nobody_and_archives_open_no_alert() {
    let desk = Desk::new();
    desk.record_as(vec![row(122.02, 45.97, NOON)], OriginRule::ByAge, "2026-04-15T00:00:00Z").await;
    assert_eq!(desk.alerts().await[0].origin, Origin::Late);
    assert!(notice_counts(&desk.store).is_empty());

    let desk = Desk::new();
    let recorded = desk.record_as(vec![row(122.02, 45.97, NOON)], OriginRule::Fixed(Origin::History), NOW).await;
    assert_eq!((recorded.new, recorded.fires, recorded.alerts), (1, 1, 0));
    assert!(desk.alerts().await.is_empty());
}

#[tokio::test]
async fn a_revision_that_leaves_the_zone_takes_its_alert_along() {
    let desk = Desk::new();
    // The provisional row lies 60 m inside the ban zone's cell, its NRT row 60 m outside of the township.
    let mut provisional = row(122.02, 45.9005, NOON);
    provisional.level = ProcessingLevel::Rt;
    desk.record(vec![provisional]).await;
    let first = desk.alerts().await;
    assert_eq!(first[0].responsible_code.0, "A-a");

    let recorded = desk.record(vec![row(122.02, 45.8995, NOON)]).await;
    assert_eq!((recorded.new, recorded.revised, recorded.alerts), (0, 1, 1));
    let alerts = desk.alerts().await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].responsible_code.0, "A-c");
    let old = desk.store.whole().alert(&first[0].number).await.unwrap().unwrap();
    assert!(old.alert.superseded_at.is_some(), "noted, not deleted");
    assert_eq!(old.events.last().unwrap().kind, "superseded");
}

#[tokio::test]
async fn a_row_that_takes_anothers_partner_is_counted_once() {
    // RT, then NRT 150 m north of it, then SP 150 m further: SP takes NRT's pixel and leaves RT alone.
    let desk = Desk::new();
    for (lat, level, expected) in [
        (45.92000, ProcessingLevel::Rt, (1, 0, 0)),
        (45.92135, ProcessingLevel::Nrt, (0, 1, 0)),
        (45.92270, ProcessingLevel::Sp, (0, 1, 0)),
    ] {
        let mut next = row(122.02, lat, NOON);
        next.level = level;
        let n = desk.record(vec![next]).await;
        assert_eq!((n.new, n.revised, n.duplicate), expected, "{level:?}");
    }
    assert_eq!(
        desk.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().len(),
        2,
        "the lone provisional row is a pixel again"
    );
}

#[tokio::test]
async fn a_late_alert_that_burns_on_is_told_when_it_is_seen_live() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, "2026-04-12T06:00:00Z")]).await;
    assert!(notice_counts(&desk.store).is_empty());
    desk.record(vec![row(122.02, 45.9701, "2026-04-12T11:30:00Z")]).await;
    let alerts = desk.alerts().await;
    assert_eq!((alerts.len(), alerts[0].origin), (1, Origin::Live));
    assert_eq!(notice_counts(&desk.store), [("first".to_owned(), 1)]);
}

#[tokio::test]
async fn merging_keeps_what_people_did_and_closes_nothing_open() {
    for (is_closed, left) in
        [(false, vec![AlertState::Acknowledged]), (true, vec![AlertState::Closed, AlertState::Open])]
    {
        let desk = Desk::new();
        desk.record(vec![row(122.08, 45.932, NOON)]).await;
        let later = desk.alerts().await[0].number.clone();
        desk.record(vec![row(122.08, 45.92, NOON)]).await;
        if is_closed {
            desk.close(&later).await;
        } else {
            desk.act(&later, Act::Acknowledge, person("王", "A-a-1")).await.unwrap();
        }
        desk.record(vec![row(122.08, 45.926, NOON)]).await;
        let mut states: Vec<_> = desk.alerts().await.into_iter().map(|alert| alert.state).collect();
        states.sort();
        states.reverse();
        assert_eq!(states, left, "closed: {is_closed}");
        let gone = desk.act(&later, Act::Acknowledge, person("王", "A-a-1")).await;
        assert_eq!(matches!(gone, Err(ActError::Gone { .. })), !is_closed, "{gone:?}");
    }
}

#[tokio::test]
async fn a_fire_near_an_older_one_says_so() {
    let desk = Desk::new();
    desk.record(vec![row(122.08, 45.92, "2026-04-11T12:00:00Z"), row(122.02, 45.97, "2026-04-11T12:00:00Z")]).await;
    desk.record(vec![row(122.08, 45.93, NOON)]).await;
    let alerts = desk.alerts().await;
    let newest = alerts.iter().find(|alert| alert.origin == Origin::Live).unwrap();
    let detail = desk.store.whole().alert(&newest.number).await.unwrap().unwrap();
    let near: Vec<_> = detail.earlier.iter().map(|alert| alert.lat).collect();
    assert_eq!(near, [45.92], "1.1 km and 40 hours away; the other one is 6 km away");
}

#[tokio::test]
async fn a_row_between_two_fires_joins_them_and_their_alerts() {
    let desk = Desk::new();
    desk.record(vec![row(122.08, 45.92, NOON), row(122.08, 45.932, NOON)]).await;
    assert_eq!(desk.alerts().await.len(), 2, "1.3 km apart: two fires");
    desk.record(vec![row(122.08, 45.926, NOON)]).await;
    let alerts = desk.alerts().await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].detections, 3);
    assert_eq!(desk.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap().len(), 1);
}

#[tokio::test]
async fn growing_into_another_cell_tells_again_but_never_reopens_a_closed_alert() {
    let desk = Desk::new();
    desk.record(vec![row(122.097, 45.92, NOON)]).await;
    desk.record(vec![row(122.103, 45.92, NOON)]).await;
    let alerts = desk.alerts().await;
    assert_eq!(alerts[0].other_units[0].0, "A-a-2");
    let told = notice_counts(&desk.store);
    assert_eq!(told, [("first".to_owned(), 1), ("grown".to_owned(), 1)]);

    let number = alerts[0].number.clone();
    let acknowledge = || desk.act(&number, Act::Acknowledge, person("王", "A-a-1"));
    assert_eq!(acknowledge().await.unwrap().state, AlertState::Acknowledged);
    let again = acknowledge().await.unwrap();
    assert_eq!((again.state, again.changed), (AlertState::Acknowledged, false), "twice is once");
    desk.close(&number).await;

    desk.record(vec![row(122.097, 45.926, NOON)]).await;
    let alerts = desk.alerts().await;
    assert_eq!((alerts.len(), alerts[0].state, alerts[0].detections), (1, AlertState::Closed, 3));
}

#[tokio::test]
async fn only_one_service_owns_a_database() {
    let desk = Desk::new();
    let lock = desk.store.lock_for_run().unwrap();
    let second = Store::open(desk.store.path()).unwrap();
    assert!(second.lock_for_run().is_err());
    second.health().ping().await.unwrap();
    drop(lock);
    second.lock_for_run().unwrap();
}

/// Rows that touch each other in time, place and processing level.
fn rows() -> impl Strategy<Value = Vec<Observation>> {
    let one = (0u32..60, 0u32..60, 0i64..3, 0u8..3);
    proptest::collection::vec(one, 1..14).prop_map(|rows| {
        rows.into_iter()
            .map(|(x, y, pass, level)| {
                let at: Timestamp = "2026-04-13T00:12:00Z".parse().unwrap();
                let at = at + SignedDuration::from_hours(4 * pass);
                let mut row = row(122.04 + f64::from(x) * 0.002, 45.87 + f64::from(y) * 0.002, &at.to_string());
                row.level = [ProcessingLevel::Nrt, ProcessingLevel::Nrt, ProcessingLevel::Rt][usize::from(level)];
                if row.level == ProcessingLevel::Rt {
                    // A provisional row near its final place.
                    let moved = row.position.lat() + 0.0004;
                    row.key.lat = firegrid::domain::observation::Decimal::parse(&format!("{moved:.5}")).unwrap();
                    row.position =
                        firegrid::domain::position::Position::from_lon_lat(row.position.lon(), moved).unwrap();
                }
                row
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Architecture, invariant 3: any order, any portions, any repetition, the same end.
    #[test]
    fn order_portions_and_repetition_do_not_matter(
        rows in rows(),
        cuts in proptest::collection::vec(1usize..5, 1..14),
        order in proptest::collection::vec(any::<u32>(), 14),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let at_once = Desk::new();
            at_once.record(rows.clone()).await;

            let in_portions = Desk::new();
            let mut shuffled: Vec<_> = rows.iter().cloned().zip(&order).collect();
            shuffled.sort_by_key(|(_, place)| **place);
            let mut rest: Vec<_> = shuffled.into_iter().map(|(row, _)| row).collect();
            for cut in cuts {
                let portion: Vec<_> = rest.drain(..cut.min(rest.len())).collect();
                in_portions.record(portion.clone()).await;
                in_portions.record(portion).await;
            }
            in_portions.record(rest).await;
            assert_eq!(in_portions.order_free().await, at_once.order_free().await);
        });
    }
}

#[test]
fn the_fixture_region_is_what_its_picture_says() {
    let data = data();
    assert_eq!(data.units.len(), 9);
    let ground = ground();
    let at = |lon, lat| {
        let position = firegrid::domain::position::Position::from_lon_lat(lon, lat).unwrap();
        ground.unit_at(position).map(|unit| unit.code.0.clone())
    };
    assert_eq!(at(122.1, 45.9).as_deref(), Some("A-a-1"), "the corner of four cells: the lowest code");
    assert_eq!(at(122.25, 45.9).as_deref(), Some("B"));
    assert_eq!(at(122.31, 45.9), None);
}
