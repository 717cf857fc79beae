//! The life of an alert from its first minute to the look-back: who may do what, clocks, escalation,
//! alerts of people, and the record of it all.

use std::collections::BTreeSet;

use firegrid::domain::alert::{Act, Refusal};
use firegrid::domain::alert::{AlertNumber, AlertSource, AlertState};
use firegrid::domain::clock::ClockKind;
use firegrid::domain::detection::Origin;
use firegrid::domain::finding::{Finding, FindingKind, Review};
use firegrid::domain::observation::Confidence;
use firegrid::domain::position::Position;
use firegrid::domain::rules::Rules;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::UnitCode;
use firegrid::store::audit::{AuditFault, Head};
use firegrid::store::query::{FireRow, Span};
use firegrid::store::{ActError, AlertFilter, Command, Complainant, Delivery, NewAlert, OriginRule};
use firegrid::words::Say;

use crate::ground_fixture::row;
use crate::harness::{complainant_of, head_of};
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

pub fn code(text: &str) -> UnitCode {
    UnitCode(text.to_owned())
}

impl Desk {
    /// A fire in the ban zone, on the ground of cell A-a-1; its alert.
    pub async fn banned_alert(&self) -> AlertNumber {
        self.record(vec![row(122.02, 45.97, NOON)]).await;
        self.alerts().await[0].number.clone()
    }

    pub async fn state(&self, number: &AlertNumber) -> AlertState {
        self.store.whole().alert(number).await.unwrap().unwrap().alert.state
    }

    pub async fn kinds(&self, number: &AlertNumber) -> Vec<String> {
        let detail = self.store.whole().alert(number).await.unwrap().unwrap();
        detail.events.into_iter().map(|event| event.kind).collect()
    }

    pub async fn fire(&self, now: Timestamp) -> Vec<(ClockKind, String, bool, Option<String>)> {
        let fired = self.store.fire_due(self.ground.clone(), self.rules.clone(), now, 1000).await.unwrap();
        let words = |code: UnitCode| code.0;
        fired.clocks.into_iter().map(|c| (c.kind, c.unit.0, c.was_late, c.escalated_to.map(words))).collect()
    }

    pub async fn add(&self, new: NewAlert) -> firegrid::store::Added {
        self.store.whole().carry_out(new, (self.ground.clone(), self.rules.clone()), at(NOW)).await.unwrap()
    }

    pub async fn sound(&self) {
        let audit = self.store.whole().verify_audit(None).await.unwrap().unwrap();
        assert!(audit.faults.is_empty(), "{:?}", audit.faults);
    }
}

pub fn patrol(lon: f64, lat: f64, seen_at: &str) -> NewAlert {
    NewAlert {
        source: AlertSource::Patrol,
        position: Position::from_lon_lat(lon, lat).unwrap(),
        seen_at: at(seen_at),
        description: "地头着火，已扑灭".to_owned(),
        actor: person("王", "A-a-1"),
        reported_by: Some("王".to_owned()),
        external_number: None,
        letter_number: None,
        reply_by: None,
        complainant: None,
        client_id: None,
    }
}

#[tokio::test]
async fn an_alert_goes_its_whole_way() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let (inspector, county) = (person("王", "A-a-1"), person("县长", "A"));
    let step = |act, by| desk.act(&number, act, by);
    assert_eq!(step(Act::Acknowledge, inspector.clone()).await.unwrap().state, AlertState::Acknowledged);
    assert_eq!(step(Act::Arrive { position: None }, inspector.clone()).await.unwrap().state, AlertState::OnSite);
    assert_eq!(step(Act::PutOut, inspector.clone()).await.unwrap().state, AlertState::OnSite);
    desk.report(&number, FindingKind::Straw, inspector.clone()).await.unwrap();
    let back = Act::Review { review: Review::SentBack };
    assert_eq!(step(back, county.clone()).await.unwrap().state, AlertState::OnSite, "he was there already");
    desk.report(&number, FindingKind::Straw, inspector).await.unwrap();
    let confirm = Act::Review { review: Review::Confirmed };
    assert_eq!(step(confirm, county.clone()).await.unwrap().state, AlertState::Confirmed);
    let rectify = Act::Rectify { by: "2026-04-20".parse().unwrap(), document_number: Some("罚字1号".to_owned()) };
    assert_eq!(step(rectify, county.clone()).await.unwrap().state, AlertState::Rectifying);
    let early = step(Act::Close, county.clone()).await;
    assert!(matches!(early, Err(ActError::Refused(Refusal::Content { .. }))), "{early:?}");
    let result = Act::Rectified { result: "已离田".to_owned(), handed_over_to: None };
    step(result, person("镇长", "A-a")).await.unwrap();
    assert_eq!(step(Act::Close, county.clone()).await.unwrap().state, AlertState::Closed);
    let fired = desk.fire(at(NOW) + SignedDuration::from_hours(30 * 24 + 1)).await;
    assert_eq!(fired, [(ClockKind::LookBack, "A-a".to_owned(), true, None)]);
    assert_eq!(desk.state(&number).await, AlertState::LookbackDue);
    assert_eq!(step(Act::LookBack { is_clean: true }, county).await.unwrap().state, AlertState::LookedBack);
    assert_eq!(
        desk.kinds(&number).await,
        [
            "recorded",
            "acknowledged",
            "arrived",
            "put_out",
            "reported",
            "reviewed",
            "reported",
            "reviewed",
            "rectification_ordered",
            "rectified",
            "closed",
            "lookback_due",
            "looked_back",
        ]
    );
    desk.sound().await;
}

#[tokio::test]
async fn nobody_reviews_himself_and_only_the_named_level_reviews() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::NothingFound, person("镇长", "A-a")).await.unwrap();
    let review = |by| desk.act(&number, Act::Review { review: Review::Excluded }, by);
    for (who, unit) in [("镇长", "A-a"), ("副镇长", "A-a"), ("王", "A-a-1")] {
        let refused = review(person(who, unit)).await;
        assert!(matches!(refused, Err(ActError::Refused(Refusal::Rights { .. }))), "{unit}: {refused:?}");
    }
    let foreign = review(person("乙县长", "B")).await;
    assert!(matches!(foreign, Err(ActError::Refused(Refusal::Rights { .. }))));
    assert_eq!(review(person("县长", "A")).await.unwrap().state, AlertState::Excluded);

    // On unplanned ground the township reviews; not when it reported itself.
    desk.record(vec![row(122.08, 45.85, NOON)]).await;
    let other = desk.alerts().await.into_iter().find(|alert| alert.responsible_code.0 == "A-c").unwrap().number;
    desk.report(&other, FindingKind::Stubble, person("乡长", "A-c")).await.unwrap();
    let confirm = |by| desk.act(&other, Act::Review { review: Review::Confirmed }, by);
    let own = confirm(person("副乡长", "A-c")).await;
    assert!(matches!(own, Err(ActError::Refused(Refusal::OwnFinding { .. }))), "{own:?}");
    // Nor the same person under another hat.
    let hat = confirm(person("乡长", "A")).await;
    assert!(matches!(hat, Err(ActError::Refused(Refusal::OwnFinding { .. }))), "{hat:?}");
    confirm(person("县长", "A")).await.unwrap();
    desk.sound().await;
}

#[tokio::test]
async fn a_refusal_says_why_and_what_is_allowed() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let refused = desk.act(&number, Act::Close, person("县长", "A")).await.unwrap_err().say().to_string();
    for words in ["open", "待签收", "不能“销号”", "签收、", "反馈、", "close", "acknowledge, ", "report, "]
    {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    let finding = Finding {
        kind: FindingKind::NothingFound,
        burnt_mu: None,
        material: None,
        action: None,
        put_out_at: None,
        position: None,
        photos: Vec::new(),
    };
    let bare = desk.act(&number, Act::Report { finding }, person("王", "A-a-1")).await.unwrap_err().say().zh;
    assert!(bare.contains("照片"), "{bare}");
    let nobody = desk.act(&AlertNumber("20260413-0099".to_owned()), Act::Close, person("县长", "A")).await;
    assert!(matches!(nobody, Err(ActError::Unknown(_))));
    assert_eq!(desk.kinds(&number).await, ["recorded"], "what was refused left no trace");
}

#[tokio::test]
async fn an_offline_phone_may_send_late_twice_and_out_of_order() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let inspector = person("王", "A-a-1");
    desk.report(&number, FindingKind::Straw, inspector.clone()).await.unwrap();
    let arrival = Command {
        claimed_at: Some(at("2026-04-13T06:10:00Z")),
        client_id: Some("phone-7".to_owned()),
        ..Command::plain(number.clone(), Act::Arrive { position: None }, inspector.clone())
    };
    let first = desk.command(arrival.clone(), at(NOW)).await.unwrap();
    assert_eq!((first.state, first.changed), (AlertState::Reported, true), "kept as a fact, moves nothing");
    let again = desk.command(arrival.clone(), at(NOW) + minutes(5)).await.unwrap();
    assert!(again.repeated && !again.changed);
    let stolen = Command { act: Act::PutOut, ..arrival };
    assert!(matches!(desk.command(stolen, at(NOW)).await, Err(ActError::ForeignId(_))));
    let detail = desk.store.whole().alert(&number).await.unwrap().unwrap();
    let event = detail.events.iter().find(|event| event.kind == "arrived").unwrap();
    assert_eq!((event.at, event.claimed_at), (at(NOW), Some(at("2026-04-13T06:10:00Z"))), "both times are kept");
    assert_eq!(detail.events.iter().filter(|event| event.kind == "arrived").count(), 1);
}

#[tokio::test]
async fn a_higher_level_acts_in_the_field_only_for_somebody_and_both_names_stay() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let by = person("值班员", "A");
    assert!(matches!(
        desk.act(&number, Act::Acknowledge, by.clone()).await,
        Err(ActError::Refused(Refusal::Rights { .. }))
    ));
    let command =
        Command { on_behalf_of: Some("王".to_owned()), ..Command::plain(number.clone(), Act::Acknowledge, by) };
    desk.command(command, at(NOW)).await.unwrap();
    let event = desk.store.whole().alert(&number).await.unwrap().unwrap().events.pop().unwrap();
    assert_eq!((event.actor.as_str(), event.on_behalf_of.as_deref()), ("值班员", Some("王")));
}

#[tokio::test]
async fn an_unanswered_alert_climbs_desk_by_desk_to_its_ceiling_and_stops_when_someone_acts() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let start = at(NOW);
    assert!(desk.fire(start + minutes(9)).await.is_empty(), "not before its time");
    let climb = [(10, "A-a-1", Some("A-a")), (20, "A-a", Some("A"))];
    for (minute, unit, told) in climb {
        let fired = desk.fire(start + minutes(minute)).await;
        assert_eq!(fired, [(ClockKind::Acknowledge, unit.to_owned(), false, told.map(str::to_owned))]);
        assert!(desk.fire(start + minutes(minute)).await.is_empty(), "exactly once");
    }
    // Somebody acts: the city's own clock stops, and that of arrival still runs.
    desk.act(&number, Act::Acknowledge, person("王", "A-a-1")).await.unwrap();
    let fired = desk.fire(start + minutes(30)).await;
    assert_eq!(fired, [(ClockKind::OnSite, "A-a-1".to_owned(), false, Some("A-a".to_owned()))]);
    let clocks = desk.store.whole().alert(&number).await.unwrap().unwrap().clocks;
    let acknowledgements: Vec<_> =
        clocks.iter().filter(|c| c.kind == ClockKind::Acknowledge).map(|c| c.outcome.as_deref()).collect();
    assert_eq!(acknowledgements, [Some("missed"), Some("missed"), Some("met")]);
    desk.sound().await;
}

#[tokio::test]
async fn a_cell_that_nobody_holds_keeps_nobody_waiting() {
    let desk = Desk { ground: crate::ground_fixture::ground(), ..Desk::new() };
    let number = desk.banned_alert().await;
    let fired = desk.fire(at(NOW) + minutes(10)).await;
    let township = (ClockKind::Acknowledge, "A-a".to_owned(), false, Some("A".to_owned()));
    assert_eq!(fired, [township], "the head of the township was waited for, and then the county is told");
    desk.act(&number, Act::Arrive { position: None }, person("甲镇长", "A-a")).await.unwrap();
    let clocks = desk.store.whole().alert(&number).await.unwrap().unwrap().clocks;
    assert!(clocks.iter().all(|clock| clock.unit_code.0 != "A-a-1"), "{clocks:?}");
}

#[tokio::test]
async fn an_escalation_keeps_who_was_on_duty_then_by_name_and_says_where_nobody_was() {
    let mut data = crate::ground_fixture::held();
    data.duty.push(firegrid::domain::unit::DutyShift {
        unit_code: code("A"),
        date: "2026-04-13".parse().unwrap(),
        from: firegrid::domain::time::parse_time("08:00").unwrap(),
        to: firegrid::domain::time::parse_end_time("24:00").unwrap(),
        leader: "县值班领导".to_owned(),
        officer: "县值班员".to_owned(),
        phone: firegrid::domain::phone::Phone::kept("000-9999"),
    });
    let desk = Desk { ground: std::sync::Arc::new(firegrid::domain::ground::Ground::build(data)), ..Desk::new() };
    let number = desk.banned_alert().await;
    for minute in [10, 20, 30] {
        desk.fire(at(NOW) + minutes(minute)).await;
    }
    let events = desk.store.whole().alert(&number).await.unwrap().unwrap().events;
    let told = |to: &str| {
        let event = events.iter().find(|event| event.kind == "escalated" && event.detail["to"] == to).unwrap();
        assert!(!event.detail.to_string().contains("000-9999"), "no telephone in the record");
        let words = |lang| firegrid::words::event_detail(&desk.ground, event, lang);
        (words(firegrid::words::Lang::Zh), words(firegrid::words::Lang::En))
    };
    let expected = [
        ("A-a", "甲镇网格一 → 甲镇（签收超时；甲镇此时无人值班，由甲镇负责人 甲镇长接收）"),
        ("A", "甲镇 → 甲县（签收超时；值班员 县值班员、带班领导 县值班领导）"),
        ("S", "甲县 → 样市（签收超时；样市此时无人值班，样市当日没有责任人，无人可通知）"),
    ];
    for (to, words) in expected {
        assert_eq!(told(to).0, words);
    }
    let english = "甲镇 → 甲县 (acknowledge overdue; duty officer 县值班员, duty leader 县值班领导)";
    assert_eq!(told("A").1, english);
    desk.sound().await;
}

#[tokio::test]
async fn a_single_weak_pixel_never_wakes_the_city_and_a_sure_one_does() {
    for (confidence, highest) in [(Confidence::Low, "A"), (Confidence::High, "S")] {
        let desk = Desk::new();
        let mut weak = row(122.02, 45.97, NOON);
        weak.confidence = confidence;
        desk.record(vec![weak]).await;
        let mut told = BTreeSet::new();
        for minute in 0..60 {
            told.extend(desk.fire(at(NOW) + minutes(minute)).await.into_iter().filter_map(|fired| fired.3));
        }
        assert_eq!(told.contains("S"), highest == "S", "{confidence:?}: {told:?}");
        let number = desk.alerts().await[0].number.clone();
        assert!(desk.kinds(&number).await.contains(&"ceiling_reached".to_owned()));
    }
}

#[tokio::test]
async fn a_service_that_was_down_fires_every_deadline_once_and_marks_it_late() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let later = at(NOW) + SignedDuration::from_hours(9);
    // A new process over the same file.
    let second = firegrid::store::Store::open(desk.store.path()).unwrap();
    let fired = second.fire_due(desk.ground.clone(), desk.rules.clone(), later, 1000).await.unwrap();
    let kinds: Vec<_> = fired.clocks.iter().map(|clock| (clock.kind, clock.was_late)).collect();
    assert_eq!(kinds, [(ClockKind::Acknowledge, true), (ClockKind::OnSite, true), (ClockKind::Report, true)]);
    assert!(desk.fire(later).await.is_empty(), "the other process finds its work done");
    // The clock is set back: what fired does not fire again.
    assert!(desk.fire(at(NOW)).await.is_empty());
    let overdue = desk.kinds(&number).await.into_iter().filter(|kind| kind == "overdue").count();
    assert_eq!(overdue, 3);
}

#[tokio::test]
async fn who_was_never_reached_is_undelivered_and_not_overdue() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.store
        .note_delivery((number.clone(), Delivery::Failed), desk.ground.clone(), desk.rules.clone(), at(NOW))
        .await
        .unwrap();
    let case = desk.store.whole().alert(&number).await.unwrap().unwrap().alert;
    assert_eq!((case.undelivered_at, case.overdue), (Some(at(NOW)), 0));
    assert_eq!(case.escalated_to, Some(code("A-a")), "the next desk hears of it at once");
    let listed = desk
        .store
        .whole()
        .listed_alerts(AlertFilter { undelivered: true, ..AlertFilter::default() }, None, 10)
        .await
        .unwrap();
    assert_eq!(listed.alerts.len(), 1);
    // Reached after all: the clocks start now, not when it was recorded.
    let reached = at(NOW) + minutes(25);
    desk.store
        .note_delivery((number.clone(), Delivery::Reached), desk.ground.clone(), desk.rules.clone(), reached)
        .await
        .unwrap();
    let clocks = desk.store.whole().alert(&number).await.unwrap().unwrap().clocks;
    let report = clocks.iter().rfind(|clock| clock.kind == ClockKind::Report).unwrap();
    assert_eq!(report.due_at, Some(reached + minutes(120)));
}

#[tokio::test]
async fn a_dispute_pauses_blame_and_not_attendance_and_the_common_superior_decides() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let dispute = Act::Dispute { proposed: code("A-c-1") };
    desk.command(Command::plain(number.clone(), dispute, person("镇长", "A-a")), at(NOW) + minutes(20)).await.unwrap();
    let fired = desk.fire(at(NOW) + minutes(130)).await;
    let kinds: BTreeSet<_> = fired.iter().map(|fired| fired.0).collect();
    assert!(kinds.contains(&ClockKind::OnSite), "attendance goes on");
    assert!(!kinds.contains(&ClockKind::Report), "blame rests");
    let refused = desk.act(&number, Act::Decide { accepted: true }, person("镇长", "A-a")).await;
    assert!(matches!(refused, Err(ActError::Refused(Refusal::Rights { .. }))));
    let refuse = Command::plain(number.clone(), Act::Decide { accepted: false }, person("县长", "A"));
    desk.command(refuse, at(NOW) + minutes(140)).await.unwrap();
    let clocks = desk.store.whole().alert(&number).await.unwrap().unwrap().clocks;
    let report = clocks.iter().find(|clock| clock.kind == ClockKind::Report).unwrap();
    assert_eq!(report.due_at, Some(at(NOW) + minutes(240)), "the 100 minutes that were left");

    let again = Act::Dispute { proposed: code("A-c-1") };
    desk.act(&number, again, person("镇长", "A-a")).await.unwrap();
    let accept = Act::Decide { accepted: true };
    assert_eq!(desk.act(&number, accept, person("县长", "A")).await.unwrap().state, AlertState::Open);
    let detail = desk.store.whole().alert(&number).await.unwrap().unwrap();
    let case = &detail.alert;
    assert_eq!((case.responsible_code.0.as_str(), case.owner_code.0.as_str()), ("A-c", "A-c-1"));
    assert_eq!(detail.chains.len(), 2, "the first chain stays, the new one is appended");
    // The same data again, and more of it: the person's decision stays.
    desk.record(vec![row(122.02, 45.97, NOON), row(122.021, 45.97, NOON)]).await;
    let alerts = desk.alerts().await;
    assert_eq!((alerts.len(), alerts[0].owner_code.0.as_str()), (1, "A-c-1"));
    desk.sound().await;
}

#[tokio::test]
async fn dispatching_gives_the_alert_to_a_person_of_the_unit_and_starts_his_clock() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let to = |unit: &str| Act::Dispatch { to: "李".to_owned(), unit: code(unit) };
    let foreign = desk.act(&number, to("A-c-1"), person("镇长", "A-a")).await;
    assert!(matches!(foreign, Err(ActError::Refused(Refusal::Content { .. }))), "{foreign:?}");
    desk.command(Command::plain(number.clone(), to("A-a-2"), person("镇长", "A-a")), at(NOW) + minutes(5))
        .await
        .unwrap();
    let fired = desk.fire(at(NOW) + minutes(15)).await;
    assert_eq!(fired, [(ClockKind::Acknowledge, "A-a-2".to_owned(), false, Some("A-a".to_owned()))]);
    let case = desk.alerts().await.remove(0);
    assert_eq!((case.assigned_to.as_deref(), case.owner_code.0.as_str()), (Some("李"), "A-a-2"));
}

#[tokio::test]
async fn a_satellite_joins_the_alert_that_people_made_and_says_so() {
    let desk = Desk::new();
    let added = desk.add(patrol(122.021, 45.97, "2026-04-13T03:30:00Z")).await;
    assert!(!added.joined);
    let recorded = desk.record(vec![row(122.02, 45.97, NOON)]).await;
    assert_eq!(recorded.alerts, 0, "no second alert for one fire");
    let alerts = desk.alerts().await;
    assert_eq!(alerts.len(), 1);
    let case = &alerts[0];
    assert_eq!((case.source, case.detections, case.reported_by.as_deref()), (AlertSource::Patrol, 1, Some("王")));
    assert!((case.lon - 122.021).abs() < 1e-9, "where people say it burns is better than a pixel's centre");
    assert_eq!(desk.kinds(&added.number).await[..2], ["recorded", "joined"]);
    // Again the same data, and then a second pixel: still one alert.
    desk.record(vec![row(122.02, 45.97, NOON)]).await;
    desk.record(vec![row(122.0205, 45.9702, "2026-04-13T05:50:00Z")]).await;
    assert_eq!(desk.alerts().await.len(), 1);

    // Too far, or too long ago: another fire.
    desk.add(patrol(122.08, 45.85, "2026-04-12T20:00:00Z")).await;
    let stranger = NewAlert { actor: person("外人", "B"), ..patrol(122.08, 45.85, NOON) };
    assert!(desk.store.whole().carry_out(stranger, (desk.ground.clone(), desk.rules.clone()), at(NOW)).await.is_err());
    let recorded = desk.record(vec![row(122.08, 45.85, NOON)]).await;
    assert_eq!(recorded.alerts, 1);
    desk.sound().await;
}

#[tokio::test]
async fn people_who_report_what_a_satellite_saw_join_its_alert() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let added = desk.add(patrol(122.0205, 45.9702, "2026-04-13T06:40:00Z")).await;
    assert_eq!((added.number.clone(), added.joined), (number.clone(), true));
    assert_eq!(desk.kinds(&number).await, ["recorded", "reported_too"]);
    let far = desk.add(patrol(122.03, 45.97, "2026-04-13T06:40:00Z")).await;
    assert!(!far.joined, "0.8 km away");
    desk.sound().await;
}

#[tokio::test]
async fn a_report_without_a_satellite_is_an_alert_with_verdict_chain_and_clocks() {
    let desk = Desk::new();
    let twice = NewAlert { client_id: Some("p-1".to_owned()), ..patrol(122.02, 45.97, "2026-04-13T06:50:00Z") };
    let added = desk.add(twice.clone()).await;
    let again = desk.add(twice).await;
    assert_eq!((again.number, again.repeated), (added.number.clone(), true));
    let detail = desk.store.whole().alert(&added.number).await.unwrap().unwrap();
    assert_eq!(detail.alert.verdict, Some(firegrid::domain::verdict::Verdict::Banned));
    assert_eq!(detail.alert.owner_code, code("A-a-1"));
    assert_eq!(detail.chains[0].len(), 4);
    assert_eq!(desk.store.whole().alert(&added.number).await.unwrap().unwrap().clocks.len(), 3);
    let with = (desk.ground.clone(), desk.rules.clone());
    let outside = desk.store.whole().carry_out(patrol(121.5, 45.97, NOON), with, at(NOW)).await;
    assert!(outside.unwrap_err().to_string().contains("WGS-84"));
}

#[tokio::test]
async fn a_problem_has_no_verdict_and_a_complainant_stands_nowhere_but_in_his_own_table() {
    let desk = Desk::new();
    let problem = NewAlert {
        source: AlertSource::Problem,
        external_number: Some("省督〔2026〕17-3".to_owned()),
        description: "高速路两侧秸秆未离田".to_owned(),
        ..patrol(122.02, 45.97, "2026-04-13T06:50:00Z")
    };
    let problem = desk.add(problem).await;
    let case = desk.store.whole().alert(&problem.number).await.unwrap().unwrap().alert;
    assert_eq!((case.verdict, case.fire_id), (None, None));
    let filter = AlertFilter { external_number: Some("省督〔2026〕17-3".to_owned()), ..AlertFilter::default() };
    assert_eq!(desk.store.whole().listed_alerts(filter, None, 10).await.unwrap().alerts.len(), 1);

    let complaint = NewAlert {
        source: AlertSource::Complaint,
        reported_by: None,
        reply_by: Some("2026-04-15".parse().unwrap()),
        complainant: Some(Complainant {
            name: Some("赵举报".to_owned()),
            phone: Some(firegrid::domain::phone::Phone::kept("000-1234")),
            address: None,
        }),
        ..patrol(122.08, 45.85, "2026-04-13T06:50:00Z")
    };
    let complaint = NewAlert { actor: person("值班员", "S"), ..complaint };
    let complaint = desk.add(complaint).await;
    let detail = desk.store.whole().alert(&complaint.number).await.unwrap().unwrap();
    let everything = format!("{detail:?}");
    assert!(!everything.contains("赵举报") && !everything.contains("000-1234"), "{everything}");
    assert_eq!(complainant_of(&desk.store, &complaint.number).await.name.as_deref(), Some("赵举报"));
    // The reply is due at the end of its local day: 16:00 UTC.
    let due = desk.fire(at("2026-04-15T16:00:00Z")).await;
    assert!(due.iter().any(|fired| fired.0 == ClockKind::Reply), "{due:?}");
}

#[tokio::test]
async fn late_alerts_start_no_clock_and_archives_open_no_alert() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, "2026-04-11T04:12:00Z")]).await;
    let late = desk.alerts().await.remove(0);
    assert_eq!(late.origin, Origin::Late);
    assert!(desk.store.whole().alert(&late.number).await.unwrap().unwrap().clocks.is_empty());
    let archive = OriginRule::Fixed(Origin::History);
    desk.record_as(vec![row(122.08, 45.85, "2024-04-11T04:12:00Z")], archive, NOW).await;
    assert_eq!(desk.alerts().await.len(), 1);
    assert!(desk.fire(at(NOW) + SignedDuration::from_hours(9999)).await.is_empty());
}

#[tokio::test]
async fn an_officers_split_and_merge_are_kept_when_the_same_data_comes_again() {
    let desk = Desk::new();
    let rows = vec![row(122.02, 45.97, NOON), row(122.02, 45.975, NOON), row(122.02, 45.98, NOON)];
    desk.record(rows.clone()).await;
    let number = desk.alerts().await[0].number.clone();
    let officer = person("镇长", "A-a");
    let keys: Vec<_> = desk.store.whole().alert(&number).await.unwrap().unwrap().detections;
    let north = keys.last().unwrap().observation.key.to_string();
    let split = desk.act(&number, Act::Split { detections: vec![north] }, officer.clone()).await.unwrap();
    assert_eq!(split.split_off.len(), 1);
    let count = |alerts: &[firegrid::store::query::AlertRow]| {
        alerts.iter().map(|alert| alert.detections).collect::<BTreeSet<_>>()
    };
    assert_eq!(count(&desk.alerts().await), BTreeSet::from([1, 2]));
    desk.record(rows.clone()).await;
    let mut moved = row(122.0201, 45.9801, NOON);
    moved.level = firegrid::domain::observation::ProcessingLevel::Sp;
    desk.record(vec![moved]).await;
    assert_eq!(desk.alerts().await.len(), 2, "the same rows, and a revision of the parted one, change nothing");

    let other = split.split_off[0].clone();
    desk.act(&other, Act::Merge { into: number.clone() }, officer).await.unwrap();
    let alerts = desk.alerts().await;
    assert_eq!((alerts.len(), &alerts[0].number, alerts[0].detections), (1, &number, 3));
    desk.record(rows).await;
    assert_eq!(desk.alerts().await.len(), 1);
    let gone = desk.act(&other, Act::Acknowledge, person("王", "A-a-1")).await;
    assert!(matches!(gone, Err(ActError::Gone { .. })));
    desk.sound().await;
}

#[tokio::test]
async fn fires_that_burn_apart_can_be_said_to_be_one_across_townships() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.85, NOON)]).await;
    let alerts = desk.alerts().await;
    let of = |township: &str| alerts.iter().find(|a| a.responsible_code.0 == township).unwrap().number.clone();
    let (north, south) = (of("A-a"), of("A-c"));
    let merge = Act::Merge { into: north.clone() };
    desk.act(&south, merge, person("县长", "A")).await.unwrap();
    let one = desk.alerts().await;
    assert_eq!((one.len(), &one[0].number), (1, &north));
    assert_eq!(desk.store.whole().in_span::<FireRow>(Span::ALL).await.unwrap().len(), 1);
    desk.record(vec![row(122.0801, 45.85, "2026-04-13T05:50:00Z")]).await;
    assert_eq!(desk.alerts().await.len(), 1, "more of the southern part stays merged");
    desk.sound().await;
}

#[tokio::test]
async fn a_later_fire_near_a_closed_one_is_a_new_alert_that_an_officer_keeps_or_merges() {
    let desk = Desk::new();
    desk.record_as(vec![row(122.02, 45.97, "2026-04-12T04:12:00Z")], OriginRule::ByAge, "2026-04-12T07:00:00Z").await;
    let first = desk.alerts().await[0].number.clone();
    desk.close(&first).await;
    desk.record(vec![row(122.025, 45.972, NOON)]).await;
    let second = desk.alerts().await.into_iter().find(|alert| alert.number != first).unwrap();
    assert_eq!(second.rekindles, Some(first.clone()));
    assert_eq!(desk.state(&first).await, AlertState::Closed, "nothing reopens it by itself");
    let merge = desk.act(&second.number, Act::Merge { into: first }, person("镇长", "A-a")).await;
    assert!(matches!(merge, Err(ActError::Target { .. })), "an open alert does not vanish in a closed one");
    desk.act(&second.number, Act::Keep, person("镇长", "A-a")).await.unwrap();
    let twice = desk.act(&second.number, Act::Keep, person("镇长", "A-a")).await;
    assert!(matches!(twice, Err(ActError::Refused(Refusal::Content { .. }))));
}

#[tokio::test]
async fn what_burnt_near_is_found_over_the_edges_of_the_place_index_and_no_further() {
    // The index has an edge at every tenth of a degree: 122.1 E, 45.9 N.
    for (lon, lat, is_near) in [
        (122.095, 45.895, true),
        (122.105, 45.895, true),
        (122.095, 45.905, true),
        (122.105, 45.905, true),
        (122.122, 45.901, true),
        (122.129, 45.901, false),
        (122.101, 45.918, true),
        (122.101, 45.921, false),
    ] {
        let desk = Desk::new();
        desk.record_as(vec![row(122.101, 45.901, "2026-04-12T04:12:00Z")], OriginRule::ByAge, "2026-04-12T07:00:00Z")
            .await;
        let first = desk.alerts().await[0].number.clone();
        desk.record(vec![row(lon, lat, NOON)]).await;
        let second = desk.alerts().await.into_iter().find(|alert| alert.number != first).unwrap();
        assert_eq!(second.rekindles, is_near.then_some(first), "{lon} {lat}");
    }
}

#[tokio::test]
async fn a_units_list_holds_its_own_ground_and_on_demand_what_may_be_its() {
    let desk = Desk::new();
    // 0.97 of the pixel in A-a-1's south... the pixel straddles the border of A-a and A-c.
    desk.record(vec![row(122.02, 45.9005, NOON), row(122.08, 45.85, NOON), row(122.25, 45.95, NOON)]).await;
    let list = |unit: &str, as_candidate| {
        let filter = AlertFilter { unit: Some(code(unit)), as_candidate, ..AlertFilter::default() };
        let store = desk.store.clone();
        async move { store.whole().listed_alerts(filter, None, 10).await.unwrap().alerts.len() }
    };
    assert_eq!((list("S", false).await, list("A", false).await, list("B", false).await), (3, 2, 1));
    assert_eq!((list("A-c", false).await, list("A-c", true).await), (1, 2), "the border fire may be its own");
    assert_eq!(list("A-a-2", false).await, 0);
}

#[tokio::test]
async fn pages_of_a_list_neither_skip_nor_repeat() {
    let desk = Desk::new();
    let rows: Vec<_> = (0..9).map(|i| row(122.01 + 0.02 * f64::from(i % 9), 45.86, NOON)).collect();
    desk.record(rows).await;
    let all = desk.store.whole().listed_alerts(AlertFilter::default(), None, 100).await.unwrap().alerts;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = desk.store.whole().listed_alerts(AlertFilter::default(), after, 2).await.unwrap();
        seen.extend(page.alerts.into_iter().map(|case| case.number));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert!(all.len() > 4);
    assert_eq!(seen, all.into_iter().map(|case| case.number).collect::<Vec<_>>());
}

#[tokio::test]
async fn audit_names_the_row_that_was_edited_removed_or_moved() {
    let tamper = |sql: &'static str| async move {
        let desk = Desk::new();
        let number = desk.banned_alert().await;
        desk.close(&number).await;
        let head = head_of(&desk.store).await;
        let db = rusqlite::Connection::open(desk.store.path()).unwrap();
        db.execute_batch(
            "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed; PRAGMA foreign_keys = OFF;",
        )
        .unwrap();
        db.execute_batch(sql).unwrap();
        (
            desk.store.whole().verify_audit(None).await.unwrap().unwrap().faults,
            desk.store.whole().verify_audit(Some(vec![head])).await.unwrap().unwrap(),
        )
    };
    let (faults, _) = tamper("UPDATE events SET actor = '别人' WHERE seq = 2").await;
    assert!(matches!(faults[..], [AuditFault::Edited { seq: 2, .. }]), "{faults:?}");
    let (faults, _) = tamper("UPDATE events SET at = at - 3600000 WHERE seq = 3").await;
    assert!(matches!(faults[..], [AuditFault::Edited { seq: 3, .. }]), "{faults:?}");
    let (faults, _) = tamper("DELETE FROM photos; DELETE FROM events WHERE seq = 2").await;
    assert!(matches!(faults[..], [AuditFault::Removed { from: 2, to: 2 }]), "{faults:?}");
    let (faults, _) = tamper(
        "UPDATE events SET seq = 99 WHERE seq = 2; UPDATE events SET seq = 2 WHERE seq = 3; UPDATE events SET seq = 3 WHERE seq = 99",
    )
    .await;
    assert!(faults.iter().any(|fault| matches!(fault, AuditFault::Edited { seq: 2, .. })), "{faults:?}");
    let (faults, _) = tamper("UPDATE alerts SET state = 'excluded'").await;
    assert!(matches!(&faults[..], [AuditFault::StateDiffers { expected, .. }] if expected == "closed"), "{faults:?}");
    // Cut at the end: whole in itself, but neither what was sealed nor what its head was.
    let (faults, with_head) = tamper("DELETE FROM events WHERE seq > 3; UPDATE alerts SET state = 'confirmed'").await;
    assert!(matches!(faults[..], [AuditFault::Unsealed { .. }]), "{faults:?}");
    assert!(with_head.faults.iter().any(|fault| matches!(fault, AuditFault::HeadDiffers { .. })), "{with_head:?}");
}

#[tokio::test]
async fn the_log_cannot_be_changed_through_sql_and_a_photo_not_on_disk() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    let db = rusqlite::Connection::open(desk.store.path()).unwrap();
    assert!(db.execute("UPDATE events SET actor = 'x'", []).is_err());
    assert!(db.execute("DELETE FROM events", []).is_err());
    desk.sound().await;
    let hash: String = db.query_row("SELECT hash FROM photos", [], |row| row.get(0)).unwrap();
    let original = desk.folder.path().join("photos").join(&hash[..2]).join(&hash);
    std::fs::remove_file(&original).unwrap();
    std::fs::write(&original, b"\xFF\xD8\xFF\xE0 another").unwrap();
    let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
    assert!(matches!(audit.faults[..], [AuditFault::Photo { .. }]), "{:?}", audit.faults);
    assert_eq!(Head::parse("12 abc"), None);
}

#[tokio::test]
async fn ground_that_nobody_holds_is_listed_and_ends_with_somebody_above() {
    let desk = Desk { ground: crate::ground_fixture::ground(), ..Desk::new() };
    let number = desk.banned_alert().await;
    let gaps = desk.store.whole().responsibility_gaps().await.unwrap();
    assert_eq!((gaps[0].unit_code.0.as_str(), gaps[0].kind.as_str()), ("A-a-1", "no_holder"));
    let chain = &desk.store.whole().alert(&number).await.unwrap().unwrap().chains[0];
    let named = chain.iter().find(|link| !link.holders.is_empty()).unwrap();
    assert_eq!((named.code.0.as_str(), named.holders[0].name.as_str()), ("A-a", "甲镇长"));
}

#[test]
fn the_rules_of_the_shipped_configuration_are_those_of_the_domain() {
    let shipped = firegrid::config::load(std::path::Path::new("config/firegrid.toml")).unwrap().domain_rules();
    let built_in = Rules::default();
    assert_eq!(shipped.review, built_in.review);
    assert_eq!(shipped.clocks.ceilings, built_in.clocks.ceilings);
    for kind in ClockKind::ALL {
        let minutes = |rules: &Rules| rules.clocks.minutes(kind, firegrid::domain::unit::UnitLevel::Grid, None);
        assert_eq!(minutes(&shipped), minutes(&built_in), "{kind:?}");
    }
}
