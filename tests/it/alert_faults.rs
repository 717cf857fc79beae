//! What an insider would try, and what a busy day does, to the life of an alert: each test is a
//! fault that was there once.

use std::sync::Arc;

use firegrid::domain::alert::{Act, Refusal};
use firegrid::domain::alert::{AlertNumber, AlertSource, AlertState};
use firegrid::domain::clock::ClockKind;
use firegrid::domain::finding::{Finding, FindingKind, Review};
use firegrid::domain::ground::{Ground, RegionVersion};
use firegrid::domain::observation::ProcessingLevel;
use firegrid::domain::verdict::Verdict;
use firegrid::store::audit::AuditFault;
use firegrid::store::{ActError, AddError, Command, Complainant, Delivery, NewAlert, OriginRule};

use crate::alert_life::{at, code, minutes, patrol};
use crate::ground_fixture::{held, row};
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

impl Desk {
    async fn alert_of(&self, unit: &str) -> AlertNumber {
        let alerts = self.alerts().await;
        alerts.into_iter().find(|alert| alert.responsible_code.0 == unit).unwrap().number
    }

    async fn due(&self, number: &AlertNumber, kind: ClockKind) -> Vec<(String, String)> {
        let clocks = self.store.whole().alert(number).await.unwrap().unwrap().clocks;
        let running = clocks.into_iter().filter(|clock| clock.kind == kind && clock.ended_at.is_none());
        running.map(|clock| (clock.unit_code.0, clock.due_at.map_or_else(String::new, |at| at.to_string()))).collect()
    }

    async fn later(&self, number: &AlertNumber, act: Act, by: &str, after: i64) -> Result<AlertState, ActError> {
        let (name, unit) = by.split_once('@').unwrap();
        let command = Command::plain(number.clone(), act, person(name, unit));
        self.command(command, at(NOW) + minutes(after)).await.map(|done| done.state)
    }

    /// Whom the notices of an alert told, with their reasons.
    fn told(&self, number: &AlertNumber) -> Vec<(String, Option<String>)> {
        let db = rusqlite::Connection::open(self.store.path()).unwrap();
        let mut select =
            db.prepare("SELECT reason, unit_code FROM notices WHERE alert_number = ?1 ORDER BY generation").unwrap();
        let rows = select.query_map([&number.0], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }
}

fn is_rights(result: &Result<AlertState, ActError>) -> bool {
    matches!(result, Err(ActError::Refused(Refusal::Rights { .. })))
}

fn merge(into: &AlertNumber) -> Act {
    Act::Merge { into: into.clone() }
}

fn review(review: Review) -> Act {
    Act::Review { review }
}

// ---- hiding a point ------------------------------------------------------------------------

#[tokio::test]
async fn pixels_that_were_merged_away_and_split_off_again_are_an_alert_of_their_own() {
    for (merged, parted) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let desk = Desk::new();
        desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, NOON)]).await;
        let alerts = desk.alerts().await;
        let heir = alerts[1 - merged].number.clone();
        let pixel = alerts[parted].first_key.clone();
        desk.later(&alerts[merged].number, merge(&heir), "镇长@A-a", 1).await.unwrap();
        desk.later(&heir, Act::Split { detections: vec![pixel] }, "镇长@A-a", 2).await.unwrap();
        assert_eq!(desk.alerts().await.len(), 2, "no pixel is without an alert: {merged} {parted}");
        desk.sound().await;
    }
}

#[tokio::test]
async fn a_fire_whose_heir_is_no_more_gets_an_alert_again() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.9003, NOON), row(122.08, 45.85, NOON)]).await;
    let (north, south) = (desk.alert_of("A-a").await, desk.alert_of("A-c").await);
    desk.later(&south, merge(&north), "县长@A", 1).await.unwrap();
    // A revision moves the heir's only pixel across the border: nobody asks for the heir any more.
    let mut moved = row(122.02, 45.8997, NOON);
    moved.level = ProcessingLevel::Sp;
    desk.record(vec![moved]).await;
    let alerts = desk.alerts().await;
    assert_eq!(alerts.iter().map(|alert| alert.detections).sum::<u32>(), 2, "{alerts:?}");
    desk.sound().await;
}

#[tokio::test]
async fn a_township_does_not_merge_its_point_into_a_neighbours_alert() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.85, NOON)]).await;
    let (banned, foreign) = (desk.alert_of("A-a").await, desk.alert_of("A-c").await);
    let result = desk.later(&banned, merge(&foreign), "镇长@A-a", 1).await;
    assert!(is_rights(&result), "{result:?}");
    // Nor does the county lose the graver verdict that way.
    let result = desk.later(&banned, merge(&foreign), "县长@A", 1).await;
    assert!(matches!(result, Err(ActError::Target { .. })), "{result:?}");
}

#[tokio::test]
async fn what_a_higher_level_has_reviewed_is_merged_away_by_that_level_only() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, NOON)]).await;
    let alerts = desk.alerts().await;
    let (closed, open) = (alerts[0].number.clone(), alerts[1].number.clone());
    desk.close(&closed).await;
    let result = desk.later(&closed, merge(&open), "镇长@A-a", 1).await;
    assert!(is_rights(&result), "{result:?}");
}

#[tokio::test]
async fn what_was_done_for_an_alert_is_done_for_the_one_it_is_merged_into() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, NOON)]).await;
    let alerts = desk.alerts().await;
    let (reported, open) = (alerts[0].number.clone(), alerts[1].number.clone());
    desk.report(&reported, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    desk.later(&reported, merge(&open), "镇长@A-a", 1).await.unwrap();
    let case = desk.store.whole().alert(&open).await.unwrap().unwrap().alert;
    assert_eq!((case.state, case.finding), (AlertState::Reported, Some(FindingKind::Straw)));
    desk.sound().await;
}

#[tokio::test]
async fn a_finding_of_straw_is_sent_back_and_not_excluded() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    let result = desk.later(&number, review(Review::Excluded), "县长@A", 1).await;
    assert!(matches!(result, Err(ActError::Refused(Refusal::Content { .. }))), "{result:?}");
}

#[tokio::test]
async fn who_entered_a_finding_for_another_does_not_review_it_under_any_hat() {
    for (entered_as, reviews_as) in [("市长@S", "市长@S"), ("县长@A", "县长@S"), ("县长@A", "县长@A")] {
        let desk = Desk::new();
        let number = desk.banned_alert().await;
        let photo = firegrid::media::Photos::beside(desk.store.path()).keep(&crate::pictures::jpeg("1"), None).unwrap();
        let (name, unit) = entered_as.split_once('@').unwrap();
        let act = Act::Report { finding: finding(FindingKind::NothingFound, &photo.hash) };
        let command = Command {
            on_behalf_of: Some("王".to_owned()),
            photos: vec![photo],
            ..Command::plain(number.clone(), act, person(name, unit))
        };
        desk.command(command, at(NOW)).await.unwrap();
        let result = desk.later(&number, review(Review::Excluded), reviews_as, 1).await;
        assert!(matches!(result, Err(ActError::Refused(Refusal::OwnFinding { .. }))), "{reviews_as}: {result:?}");
    }
}

fn finding(kind: FindingKind, photo: &str) -> Finding {
    Finding {
        kind,
        burnt_mu: None,
        material: None,
        action: None,
        put_out_at: None,
        position: None,
        photos: vec![photo.to_owned()],
    }
}

// ---- reports that nobody hears of ----------------------------------------------------------

#[tokio::test]
async fn a_fire_reported_after_an_alert_was_closed_is_a_new_alert() {
    let desk = Desk::new();
    let closed = desk.banned_alert().await;
    desk.close(&closed).await;
    let late_now = at(NOW) + minutes(90);
    let new = NewAlert { seen_at: late_now - minutes(5), ..patrol(122.0201, 45.97, NOW) };
    let added = desk.store.whole().carry_out(new, (desk.ground.clone(), desk.rules.clone()), late_now).await.unwrap();
    assert!(!added.joined, "a report is not swallowed by an alert that is over");
    let case = desk.store.whole().alert(&added.number).await.unwrap().unwrap().alert;
    assert_eq!(case.rekindles, Some(closed.clone()));
    // What was seen before the alert was closed is the same fire.
    let early = NewAlert { seen_at: at(NOW) - minutes(30), ..patrol(122.0201, 45.97, NOW) };
    let early = desk.store.whole().carry_out(early, (desk.ground.clone(), desk.rules.clone()), late_now).await.unwrap();
    assert_eq!((early.number, early.joined), (closed, true));
}

#[tokio::test]
async fn a_satellite_that_sees_fire_after_a_reported_alert_was_closed_opens_a_new_one() {
    let desk = Desk::new();
    let added = desk.add(patrol(122.02, 45.97, "2026-04-13T06:00:00Z")).await;
    desk.close(&added.number).await;
    desk.record_as(vec![row(122.02, 45.97, "2026-04-13T08:30:00Z")], OriginRule::ByAge, "2026-04-13T09:30:00Z").await;
    let alerts = desk.alerts().await;
    assert_eq!(alerts.len(), 2);
    let new = alerts.iter().find(|alert| alert.number != added.number).unwrap();
    assert_eq!((new.state, new.rekindles.clone()), (AlertState::Open, Some(added.number)));
}

#[tokio::test]
async fn fire_seen_after_its_alert_was_closed_is_told_once() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.close(&number).await;
    let before = desk.told(&number).len();
    let again = row(122.0205, 45.9702, "2026-04-13T08:30:00Z");
    for _ in 0..2 {
        desk.record_as(vec![again.clone()], OriginRule::ByAge, "2026-04-13T09:30:00Z").await;
    }
    assert_eq!(desk.state(&number).await, AlertState::Closed);
    let told = desk.told(&number).split_off(before);
    assert_eq!(told, [("grown".to_owned(), Some("A".to_owned()))], "the reviewing desk hears of it, once");
    assert!(desk.kinds(&number).await.contains(&"burns_after_close".to_owned()));
}

#[tokio::test]
async fn whoever_has_to_do_the_next_step_is_told() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let told = |reason: &str, unit: &str| (reason.to_owned(), Some(unit.to_owned()));
    desk.later(&number, Act::Dispute { proposed: code("A-c-1") }, "镇长@A-a", 1).await.unwrap();
    assert_eq!(desk.told(&number).last(), Some(&told("waiting", "A")), "who decides the dispute");
    desk.later(&number, Act::Decide { accepted: false }, "县长@A", 2).await.unwrap();
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    assert_eq!(desk.told(&number).last(), Some(&told("waiting", "A")), "who reviews");
    desk.later(&number, review(Review::Confirmed), "县长@A", 3).await.unwrap();
    let rectify = Act::Rectify { by: "2026-04-20".parse().unwrap(), document_number: None };
    desk.later(&number, rectify, "县长@A", 4).await.unwrap();
    assert_eq!(desk.told(&number).last(), Some(&told("waiting", "A-a-1")), "who rectifies");
}

#[tokio::test]
async fn two_reports_under_one_client_id_are_not_taken_for_one() {
    let desk = Desk::new();
    let id = Some("1".to_owned());
    let first = NewAlert { client_id: id.clone(), ..patrol(122.02, 45.97, "2026-04-13T06:50:00Z") };
    desk.add(first.clone()).await;
    let other =
        NewAlert { actor: person("李", "A-c-1"), client_id: id, ..patrol(122.08, 45.85, "2026-04-13T06:55:00Z") };
    let result = desk.store.whole().carry_out(other, (desk.ground.clone(), desk.rules.clone()), at(NOW)).await;
    assert!(matches!(result, Err(AddError::ForeignId(_))), "{result:?}");
    assert!(desk.add(first).await.repeated);

    let number = desk.alert_of("A-a").await;
    let ack = |name: &str| Command {
        client_id: Some("7".to_owned()),
        ..Command::plain(number.clone(), Act::Call { whom: name.to_owned(), answered: true }, person("镇长", "A-a"))
    };
    desk.command(ack("王"), at(NOW)).await.unwrap();
    let result = desk.command(ack("李"), at(NOW)).await;
    assert!(matches!(result, Err(ActError::ForeignId(_))), "another call under the same id: {result:?}");
    let thief = Command { actor: person("副镇长", "A-a"), ..ack("王") };
    assert!(matches!(desk.command(thief, at(NOW)).await, Err(ActError::ForeignId(_))));
}

#[tokio::test]
async fn a_finding_that_comes_after_the_review_is_kept_and_told() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::NothingFound, person("李", "A-a-2")).await.unwrap();
    desk.later(&number, review(Review::Excluded), "县长@A", 1).await.unwrap();
    let done = desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    assert_eq!((done.state, done.changed), (AlertState::Excluded, true));
    let case = desk.store.whole().alert(&number).await.unwrap().unwrap().alert;
    assert_eq!(case.finding, Some(FindingKind::NothingFound), "what was reviewed stands");
    assert_eq!(desk.told(&number).last(), Some(&("waiting".to_owned(), Some("A".to_owned()))));
    assert!(desk.due(&number, ClockKind::Review).await.is_empty());
    desk.sound().await;
}

// ---- clocks --------------------------------------------------------------------------------

#[tokio::test]
async fn the_clocks_of_a_late_alert_start_when_somebody_acts() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, "2026-04-11T04:12:00Z")]).await;
    let late = desk.alerts().await.remove(0).number;
    desk.later(&late, Act::Acknowledge, "王@A-a-1", 0).await.unwrap();
    assert_eq!(desk.due(&late, ClockKind::OnSite).await.len(), 1);
    assert_eq!(desk.due(&late, ClockKind::Report).await.len(), 1);
}

#[tokio::test]
async fn who_was_undelivered_and_acts_all_the_same_has_his_clocks_and_is_undelivered_no_more() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    for minute in [0, 8, 9] {
        let now = at(NOW) + minutes(minute);
        desk.store
            .note_delivery((number.clone(), Delivery::Failed), desk.ground.clone(), desk.rules.clone(), now)
            .await
            .unwrap();
    }
    let desk_clock = desk.due(&number, ClockKind::Acknowledge).await;
    assert_eq!(desk_clock, [("A-a".to_owned(), (at(NOW) + minutes(10)).to_string())], "told once, by the first");
    desk.later(&number, Act::Acknowledge, "王@A-a-1", 10).await.unwrap();
    let case = desk.store.whole().alert(&number).await.unwrap().unwrap().alert;
    assert_eq!(case.undelivered_at, None);
    assert_eq!(desk.due(&number, ClockKind::Report).await.len(), 1);
}

#[tokio::test]
async fn a_township_cannot_put_its_own_report_off_by_moving_the_alert_among_its_cells() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let due = vec![("A-a-2".to_owned(), (at(NOW) + minutes(120)).to_string())];
    desk.later(&number, Act::Reassign { to: code("A-a-2") }, "镇长@A-a", 9).await.unwrap();
    assert_eq!(desk.due(&number, ClockKind::Report).await, due);
    // Another township has its whole time.
    desk.later(&number, Act::Reassign { to: code("A-c-1") }, "县长@A", 20).await.unwrap();
    let due = vec![("A-c-1".to_owned(), (at(NOW) + minutes(140)).to_string())];
    assert_eq!(desk.due(&number, ClockKind::Report).await, due);
}

#[tokio::test]
async fn nobody_disputes_what_is_his_own_to_decide() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let result = desk.later(&number, Act::Dispute { proposed: code("A-a-2") }, "镇长@A-a", 1).await;
    assert!(is_rights(&result), "{result:?}");
    // An inspector may: his township decides.
    desk.later(&number, Act::Dispute { proposed: code("A-a-2") }, "王@A-a-1", 1).await.unwrap();
    desk.later(&number, Act::Decide { accepted: false }, "镇长@A-a", 1).await.unwrap();
}

#[tokio::test]
async fn a_further_finding_gives_the_reviewer_no_more_time() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    let first = desk.due(&number, ClockKind::Review).await;
    let photo = firegrid::media::Photos::beside(desk.store.path()).keep(&crate::pictures::jpeg("2"), None).unwrap();
    let act = Act::Report { finding: finding(FindingKind::Straw, &photo.hash) };
    let again = Command { photos: vec![photo], ..Command::plain(number.clone(), act, person("王", "A-a-1")) };
    desk.command(again, at(NOW) + minutes(23 * 60)).await.unwrap();
    assert_eq!(desk.due(&number, ClockKind::Review).await, first);
    let photos: i64 = rusqlite::Connection::open(desk.store.path())
        .unwrap()
        .query_row("SELECT count(*) FROM photos", [], |row| row.get(0))
        .unwrap();
    assert_eq!(photos, 2, "the photos of both findings are kept");
}

#[tokio::test]
async fn the_reviewer_of_an_alert_that_went_to_another_county_is_that_countys() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    desk.later(&number, Act::Reassign { to: code("B") }, "市长@S", 5).await.unwrap();
    let units: Vec<_> = desk.due(&number, ClockKind::Review).await.into_iter().map(|due| due.0).collect();
    assert_eq!(units, ["B"]);
}

#[tokio::test]
async fn the_clock_of_arrival_goes_with_the_person_the_alert_is_dispatched_to() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let dispatch = Act::Dispatch { to: "李".to_owned(), unit: code("A-a-2") };
    desk.later(&number, dispatch, "镇长@A-a", 5).await.unwrap();
    let arrival = desk.due(&number, ClockKind::OnSite).await;
    assert_eq!(arrival, [("A-a-2".to_owned(), (at(NOW) + minutes(35)).to_string())]);
    let report = desk.due(&number, ClockKind::Report).await;
    assert_eq!(report, [("A-a-2".to_owned(), (at(NOW) + minutes(120)).to_string())], "the desk's own time runs on");
}

#[tokio::test]
async fn an_alert_that_ends_leaves_no_dispute_behind() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let dispute = Act::Dispute { proposed: code("A-c-1") };
    desk.report(&number, FindingKind::NothingFound, person("王", "A-a-1")).await.unwrap();
    desk.later(&number, dispute, "镇长@A-a", 1).await.unwrap();
    desk.later(&number, review(Review::Excluded), "县长@A", 2).await.unwrap();
    assert!(!desk.store.whole().alert(&number).await.unwrap().unwrap().alert.is_disputed);

    // Whose ground it was has to be decided before a confirmed alert is closed.
    desk.record(vec![row(122.08, 45.85, NOON)]).await;
    let other = desk.alert_of("A-c").await;
    desk.report(&other, FindingKind::Straw, person("王", "A-c-1")).await.unwrap();
    desk.later(&other, Act::Dispute { proposed: code("A-a") }, "乡长@A-c", 1).await.unwrap();
    desk.later(&other, review(Review::Confirmed), "县长@A", 2).await.unwrap();
    let result = desk.later(&other, Act::Close, "县长@A", 3).await;
    assert!(matches!(result, Err(ActError::Refused(Refusal::Content { .. }))), "{result:?}");
    // A reassignment decides it as well.
    desk.later(&other, Act::Reassign { to: code("A-a-1") }, "县长@A", 4).await.unwrap();
    let case = desk.store.whole().alert(&other).await.unwrap().unwrap().alert;
    assert_eq!((case.is_disputed, case.proposed_code), (false, None));
    assert!(desk.due(&other, ClockKind::Decide).await.is_empty());
    desk.later(&other, Act::Close, "县长@A", 5).await.unwrap();
}

#[tokio::test]
async fn a_complaint_answered_by_closing_is_not_overdue_for_ever_and_merging_keeps_its_date() {
    let desk = Desk::new();
    let complaint = NewAlert {
        source: AlertSource::Complaint,
        reported_by: None,
        reply_by: Some("2026-04-15".parse().unwrap()),
        complainant: Some(Complainant::default()),
        ..patrol(122.02, 45.97, "2026-04-13T06:50:00Z")
    };
    let first = desk.add(complaint.clone()).await.number;
    desk.close(&first).await;
    assert!(desk.due(&first, ClockKind::Reply).await.is_empty(), "closing is the answer");

    let second = desk.add(NewAlert { position: at_place(122.08, 45.92), ..complaint }).await.number;
    desk.record(vec![row(122.03, 45.92, NOON)]).await;
    let heir = desk.alerts().await.into_iter().find(|alert| alert.source == AlertSource::Satellite).unwrap().number;
    desk.later(&second, merge(&heir), "县长@A", 1).await.unwrap();
    assert_eq!(desk.due(&heir, ClockKind::Reply).await.len(), 1, "whoever complained still waits");
}

fn at_place(lon: f64, lat: f64) -> firegrid::domain::position::Position {
    firegrid::domain::position::Position::from_lon_lat(lon, lat).unwrap()
}

#[tokio::test]
async fn a_look_back_that_is_not_clean_puts_the_alert_back_into_rectification() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.close(&number).await;
    let state = desk.later(&number, Act::LookBack { is_clean: false }, "县长@A", 1).await.unwrap();
    assert_eq!(state, AlertState::Rectifying);
    assert_eq!(desk.due(&number, ClockKind::Rectify).await.len(), 1);
    assert!(desk.due(&number, ClockKind::LookBack).await.is_empty());
    let result = desk.later(&number, Act::Close, "县长@A", 2).await;
    assert!(matches!(result, Err(ActError::Refused(Refusal::Content { .. }))), "the earlier result does not count");
    let rectified = Act::Rectified { result: "已离田".to_owned(), handed_over_to: None };
    desk.later(&number, rectified, "镇长@A-a", 3).await.unwrap();
    desk.later(&number, Act::Close, "县长@A", 4).await.unwrap();
    desk.sound().await;
}

// ---- ground and data that change underneath ------------------------------------------------

/// A later region version whose trees of units lacks some.
fn without(units: &[&str]) -> Arc<Ground> {
    let mut data = held();
    data.version = RegionVersion("later".to_owned());
    data.units.retain(|unit| !units.contains(&unit.code.0.as_str()));
    Arc::new(Ground::build(data))
}

#[tokio::test]
async fn clocks_of_a_unit_that_is_no_more_go_to_the_unit_that_answers_or_to_the_top() {
    for (gone, told) in [(&["A-a-1"][..], "A-a"), (&["A-a-1", "A-a-2", "A-a"], "S")] {
        let mut desk = Desk::new();
        let number = desk.banned_alert().await;
        desk.ground = without(gone);
        let fired = desk.fire(at(NOW) + minutes(10)).await;
        assert_eq!(fired[0].3.as_deref(), Some(told), "{gone:?}");
        desk.sound().await;
        assert!(!desk.told(&number).is_empty());
    }
}

#[tokio::test]
async fn an_alert_of_a_unit_that_is_no_more_is_not_stuck_the_top_may_do_all() {
    let mut desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.ground = without(&["A-a-1", "A-a-2", "A-a"]);
    let result = desk.later(&number, Act::Reassign { to: code("A-c-1") }, "县长@B", 1).await;
    assert!(is_rights(&result), "{result:?}");
    desk.later(&number, Act::Reassign { to: code("A-c-1") }, "市长@S", 1).await.unwrap();
    desk.report(&number, FindingKind::Straw, person("王", "A-c-1")).await.unwrap();
    desk.later(&number, review(Review::Confirmed), "县长@A", 2).await.unwrap();
}

#[tokio::test]
async fn an_alert_in_which_people_found_something_outlives_the_pixel() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.9003, NOON)]).await;
    let number = desk.alert_of("A-a").await;
    desk.close(&number).await;
    // A revision moves the pixel across the border.
    let mut moved = row(122.02, 45.8997, NOON);
    moved.level = ProcessingLevel::Sp;
    desk.record(vec![moved]).await;
    let alerts = desk.alerts().await;
    assert_eq!(alerts.len(), 2, "what was found and closed stands, and the other township has an alert: {alerts:?}");
    assert_eq!(desk.due(&number, ClockKind::LookBack).await.len(), 1, "it is looked back on all the same");
    desk.sound().await;
}

#[tokio::test]
async fn merging_into_a_reported_alert_beside_a_linked_one_says_what_stands_in_the_way() {
    let desk = Desk::new();
    // One fire in two townships, and a report of people in the southern one, too far to join.
    desk.record(vec![row(122.02, 45.903, NOON), row(122.02, 45.897, NOON)]).await;
    let north = desk.alert_of("A-a").await;
    let reported = desk.add(patrol(122.05, 45.88, "2026-04-13T06:50:00Z")).await;
    assert!(!reported.joined);
    let result = desk.later(&north, merge(&reported.number), "县长@A", 1).await;
    assert!(!matches!(result, Err(ActError::Store(_))), "{result:?}");
}

#[tokio::test]
async fn a_reported_alert_across_the_border_keeps_the_fire_that_was_merged_into_it() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.903, NOON)]).await;
    let pixel = desk.alert_of("A-a").await;
    let reported = desk.add(patrol(122.02, 45.899, "2026-04-13T06:50:00Z")).await.number;
    desk.later(&pixel, merge(&reported), "县长@A", 1).await.unwrap();
    desk.record(vec![row(122.0202, 45.903, "2026-04-13T05:50:00Z")]).await;
    let detail = desk.store.whole().alert(&reported).await.unwrap().unwrap();
    assert!(detail.alert.fire_id.is_some(), "the fire stays with the alert: {:?}", desk.kinds(&reported).await);
    assert_eq!(desk.alerts().await.len(), 1);
    desk.sound().await;
}

#[tokio::test]
async fn a_review_moves_up_when_the_fire_turns_out_to_be_in_the_ban_zone() {
    let desk = Desk::new();
    desk.record(vec![row(122.053, 45.97, NOON)]).await;
    let number = desk.alert_of("A-a").await;
    assert_eq!(desk.alerts().await[0].verdict, Some(Verdict::Unplanned));
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    let unit = |due: Vec<(String, String)>| due.into_iter().map(|due| due.0).collect::<Vec<_>>();
    assert_eq!(unit(desk.due(&number, ClockKind::Review).await), ["A-a"]);
    desk.record(vec![row(122.048, 45.97, NOON)]).await;
    assert_eq!(desk.alerts().await[0].verdict, Some(Verdict::Banned));
    assert_eq!(unit(desk.due(&number, ClockKind::Review).await), ["A"]);
}

// ---- the record ----------------------------------------------------------------------------

#[tokio::test]
async fn a_photo_removed_with_its_row_is_missed() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    rusqlite::Connection::open(desk.store.path()).unwrap().execute("DELETE FROM photos", []).unwrap();
    std::fs::remove_dir_all(desk.folder.path().join("photos")).unwrap();
    let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
    assert!(matches!(&audit.faults[..], [AuditFault::Photo { subject, .. }] if *subject == number.0), "{audit:?}");
}

#[tokio::test]
async fn a_confirmed_alert_and_one_that_is_rectified_wait_for_somebody_by_the_clock() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    desk.later(&number, review(Review::Confirmed), "县长@A", 1).await.unwrap();
    assert_eq!(desk.due(&number, ClockKind::Rectify).await.len(), 1, "confirmed, and then nothing, is overdue");
    let rectify = || Act::Rectify { by: "2026-04-20".parse().unwrap(), document_number: None };
    let rectified = || Act::Rectified { result: "已离田".to_owned(), handed_over_to: None };
    desk.later(&number, rectify(), "县长@A", 2).await.unwrap();
    desk.later(&number, rectified(), "镇长@A-a", 3).await.unwrap();
    let units = |due: Vec<(String, String)>| due.into_iter().map(|due| due.0).collect::<Vec<_>>();
    assert_eq!(units(desk.due(&number, ClockKind::Review).await), ["A"], "the county looks at the result");
    assert_eq!(desk.told(&number).last(), Some(&("waiting".to_owned(), Some("A".to_owned()))));
    // Ordered once more: the earlier result does not count.
    desk.later(&number, rectify(), "县长@A", 4).await.unwrap();
    assert!(desk.due(&number, ClockKind::Review).await.is_empty());
    let early = desk.later(&number, Act::Close, "县长@A", 5).await;
    assert!(matches!(early, Err(ActError::Refused(Refusal::Content { .. }))), "{early:?}");
    desk.later(&number, rectified(), "镇长@A-a", 6).await.unwrap();
    desk.later(&number, Act::Close, "县长@A", 7).await.unwrap();
    assert!(desk.due(&number, ClockKind::Review).await.is_empty());
}

#[tokio::test]
async fn an_alert_that_took_over_a_confirmation_waits_for_somebody_by_the_clock() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, NOON)]).await;
    let alerts = desk.alerts().await;
    let (confirmed, heir) = (alerts[0].number.clone(), alerts[1].number.clone());
    desk.report(&confirmed, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    desk.later(&confirmed, review(Review::Confirmed), "县长@A", 1).await.unwrap();
    desk.later(&confirmed, merge(&heir), "县长@A", 2).await.unwrap();
    assert_eq!(desk.state(&heir).await, AlertState::Confirmed);
    assert_eq!(desk.due(&heir, ClockKind::Rectify).await.len(), 1);
}

#[tokio::test]
async fn a_vacant_cell_that_took_over_a_confirmation_keeps_nobody_waiting() {
    let desk = Desk { ground: crate::ground_fixture::ground(), ..Desk::new() };
    desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, NOON)]).await;
    let alerts = desk.alerts().await;
    let (confirmed, heir) = (alerts[0].number.clone(), alerts[1].number.clone());
    desk.report(&confirmed, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    desk.later(&confirmed, review(Review::Confirmed), "县长@A", 1).await.unwrap();
    desk.later(&confirmed, merge(&heir), "县长@A", 2).await.unwrap();
    let units: Vec<_> = desk.due(&heir, ClockKind::Rectify).await.into_iter().map(|due| due.0).collect();
    assert_eq!(units, ["A-a"], "the head of the township, as for an alert of its own");
}

#[tokio::test]
async fn a_position_sent_twice_is_the_same_position_to_the_last_bit() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    for i in 0..40 {
        let position = at_place(122.0 + f64::from(i) / 997.0, 45.9 + f64::from(i) / 9973.0);
        let id = Some(format!("p{i}"));
        let arrival = Act::Arrive { position: Some(position) };
        let command =
            Command { client_id: id.clone(), ..Command::plain(number.clone(), arrival, person("王", "A-a-1")) };
        desk.command(command.clone(), at(NOW)).await.unwrap();
        assert!(desk.command(command, at(NOW)).await.unwrap().repeated);
        let report = NewAlert { client_id: Some(format!("r{i}")), ..patrol(position.lon(), position.lat(), NOW) };
        desk.add(report.clone()).await;
        assert!(desk.add(report).await.repeated);
    }
}

#[tokio::test]
async fn a_listed_point_that_joins_an_alert_is_found_by_its_number_and_each_has_its_own() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    let listed = |external: &str| NewAlert {
        source: AlertSource::Official,
        actor: person("市长", "S"),
        external_number: Some(external.to_owned()),
        letter_number: Some("环函〔2026〕9号".to_owned()),
        reply_by: Some("2026-04-20".parse().unwrap()),
        ..patrol(122.0201, 45.97, "2026-04-13T06:00:00Z")
    };
    assert!(desk.add(listed("部-17")).await.joined);
    let case = desk.store.whole().alert(&number).await.unwrap().unwrap().alert;
    assert_eq!(case.external_number.as_deref(), Some("部-17"));
    assert_eq!(case.reply_by.as_deref(), Some("2026-04-20"));
    assert!(!desk.add(listed("部-18")).await.joined, "each listed point is an alert");

    // One that waits for an answer does not vanish in an alert that is closed.
    desk.close(&number).await;
    let late = NewAlert { source: AlertSource::Complaint, external_number: None, ..listed("") };
    assert!(!desk.add(late).await.joined);
}

#[tokio::test]
async fn a_closed_alert_is_not_swallowed_when_its_fire_grows_together_with_an_open_one() {
    let desk = Desk::new();
    desk.record(vec![row(122.06, 45.93, NOON), row(122.06, 45.942, NOON)]).await;
    let alerts = desk.alerts().await;
    assert_eq!(alerts.len(), 2);
    let (closed, open) = (alerts[0].number.clone(), alerts[1].number.clone());
    desk.close(&closed).await;
    // A pixel between the two.
    for _ in 0..2 {
        desk.record(vec![row(122.06, 45.936, NOON)]).await;
    }
    let standing: Vec<_> = desk.alerts().await.into_iter().map(|alert| (alert.number, alert.state)).collect();
    assert!(standing.contains(&(closed.clone(), AlertState::Closed)), "what was found is still listed: {standing:?}");
    assert!(standing.contains(&(open.clone(), AlertState::Open)), "nothing is closed by itself: {standing:?}");
    assert_eq!(standing.len(), 2);
    assert_eq!(desk.due(&closed, ClockKind::LookBack).await.len(), 1, "it is looked back on");
    assert_eq!(desk.store.whole().alert(&open).await.unwrap().unwrap().alert.detections, 3);
    desk.sound().await;
}
