//! The model of an alert's life: random people do random things, twice, late and out of order, while
//! the clocks run, satellites send more data and people report fires of their own. Whatever they try, the
//! record is whole, nobody reviews himself, no pixel that asks for an alert is without one, and no alert
//! is left without a clock.

use std::collections::{BTreeMap, BTreeSet};

use firegrid::domain::actor::Actor;
use firegrid::domain::alert::{Act, ActKind};
use firegrid::domain::alert::{AlertNumber, AlertState, Judged, alerts_of};
use firegrid::domain::clock::ClockKind;
use firegrid::domain::detection::Origin;
use firegrid::domain::finding::{Finding, FindingKind, Review};
use firegrid::domain::observation::{Observation, ProcessingLevel};
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::media::Photo;
use firegrid::store::query::{AlertRow, DetectionRow, Span};
use firegrid::store::{ActError, Command, NewAlert, OriginRule};
use proptest::prelude::*;

use crate::alert_life::{at, code, minutes, patrol};
use crate::ground_fixture::row;
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

/// Where things burn: two cells, both sides of the border between two townships, in and out of the ban zone.
const PLACES: [(f64, f64); 7] = [
    (122.02, 45.97),
    (122.048, 45.97),
    (122.053, 45.97),
    (122.08, 45.92),
    (122.02, 45.9003),
    (122.02, 45.8997),
    (122.08, 45.85),
];

/// What a random person or satellite tries.
#[derive(Debug, Clone)]
struct Try {
    what: u8,
    who: u8,
    case: u8,
    place: u8,
    /// Repeats the client id of an earlier try.
    repeat: bool,
    advance_minutes: i64,
    late_by: i64,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (0u8..28, 0u8..8, 0u8..6, 0u8..7, proptest::bool::weighted(0.1), 0i64..400, 0i64..300).prop_map(
        |(what, who, case, place, repeat, advance_minutes, late_by)| Try {
            what,
            who,
            case,
            place,
            repeat,
            advance_minutes,
            late_by,
        },
    );
    proptest::collection::vec(one, 1..60)
}

/// The act of a number; `None` for what is no act of a person on an alert.
fn act_of(attempt: &Try, case: &AlertRow, others: &[AlertRow], photo: &str) -> Option<Act> {
    let finding = |kind| Finding {
        kind,
        burnt_mu: None,
        material: None,
        action: None,
        put_out_at: None,
        position: None,
        photos: vec![photo.to_owned()],
    };
    let other = || others.iter().map(|other| &other.number).find(|number| **number != case.number).cloned();
    Some(match attempt.what {
        0 => Act::Acknowledge,
        1 => Act::Arrive { position: None },
        2 => Act::PutOut,
        3 => Act::Report { finding: finding(FindingKind::Straw) },
        4 => Act::Report { finding: finding(FindingKind::NothingFound) },
        5 | 6 => Act::Review { review: Review::Confirmed },
        7 => Act::Review { review: Review::Excluded },
        8 => Act::Review { review: Review::SentBack },
        9 => Act::Rectify { by: "2026-05-01".parse().unwrap(), document_number: None },
        10 => Act::Rectified { result: "完成".to_owned(), handed_over_to: None },
        11 => Act::Close,
        12 => Act::LookBack { is_clean: attempt.late_by % 2 == 0 },
        13 => Act::Dispute { proposed: code(["A-c-1", "A-a-2", "B"][usize::from(attempt.place % 3)]) },
        14 => Act::Decide { accepted: attempt.late_by % 2 == 0 },
        15 => Act::Reassign { to: code(["A-a-2", "A-c-1", "A-a-1"][usize::from(attempt.place % 3)]) },
        16 => Act::Call { whom: "王".to_owned(), answered: true },
        17 => Act::Merge { into: other()? },
        18 => Act::Dispatch { to: "李".to_owned(), unit: code(["A-a-2", "A-c-1"][usize::from(attempt.place % 2)]) },
        19 => Act::Split { detections: vec![case.first_key.clone()] },
        20 => Act::Keep,
        _ => return None,
    })
}

fn who(n: u8) -> Actor {
    match n {
        0 | 1 => person("王", "A-a-1"),
        2 => person("镇长", "A-a"),
        3 | 4 => person("县长", "A"),
        5 => person("市长", "S"),
        6 => person("乡长", "A-c"),
        _ => person("外人", "B"),
    }
}

/// A desk with people and satellites at it, and what is known of what they did.
struct Model {
    desk: Desk,
    photo: Photo,
    now: Timestamp,
    /// Events of people that were taken, by alert.
    accepted: BTreeMap<AlertNumber, usize>,
    taken: Vec<Command>,
}

impl Model {
    async fn start() -> Self {
        let desk = Desk::new();
        desk.record(vec![row(122.02, 45.97, NOON), row(122.08, 45.92, NOON), row(122.08, 45.85, NOON)]).await;
        let photo = firegrid::media::Photos::beside(desk.store.path()).keep(&crate::pictures::jpeg("1"), None).unwrap();
        Self { desk, photo, now: at(NOW), accepted: BTreeMap::new(), taken: Vec::new() }
    }

    async fn step(&mut self, i: usize, attempt: &Try) {
        self.now += minutes(attempt.advance_minutes);
        let place = PLACES[usize::from(attempt.place)];
        match attempt.what {
            21..=23 => self.see(place, attempt).await,
            24 => self.report(place, attempt, i).await,
            25..=27 => {
                self.desk.fire(self.now).await;
            }
            _ => self.act(i, attempt).await,
        }
    }

    /// A satellite sees something there, or says better where it saw something before.
    async fn see(&mut self, (lon, lat): (f64, f64), attempt: &Try) {
        let seen =
            if attempt.repeat { NOON.to_owned() } else { minute(self.now - minutes(attempt.late_by)).to_string() };
        let mut seen: Observation = row(lon, lat, &seen);
        if attempt.what == 23 {
            seen.level = ProcessingLevel::Sp;
        }
        self.desk.record_as(vec![seen], OriginRule::ByAge, &self.now.to_string()).await;
    }

    async fn report(&mut self, (lon, lat): (f64, f64), attempt: &Try, i: usize) {
        let new = NewAlert {
            seen_at: self.now - minutes(attempt.late_by),
            client_id: Some(format!("n{i}")),
            ..patrol(lon + 0.001, lat, NOW)
        };
        let desk = &self.desk;
        let added =
            desk.store.whole().carry_out(new, (desk.ground.clone(), desk.rules.clone()), self.now).await.unwrap();
        *self.accepted.entry(added.number).or_default() += 1;
    }

    async fn act(&mut self, i: usize, attempt: &Try) {
        let alerts = self.desk.alerts().await;
        let case = &alerts[usize::from(attempt.case) % alerts.len()];
        let Some(act) = act_of(attempt, case, &alerts, &self.photo.hash) else { return };
        let repeated = self.taken.last().filter(|_| attempt.repeat).cloned();
        let command = repeated.clone().unwrap_or_else(|| Command {
            client_id: Some(format!("c{i}")),
            claimed_at: Some(self.now - minutes(attempt.late_by)),
            photos: vec![self.photo.clone()],
            ..Command::plain(case.number.clone(), act, who(attempt.who))
        });
        let before = self.desk.store.whole().alert(&command.number).await.unwrap().unwrap();
        let outcome = self.desk.command(command.clone(), self.now).await;
        let after = self.desk.store.whole().alert(&command.number).await.unwrap().unwrap();
        match outcome {
            Ok(done) => {
                assert!(repeated.is_none() || done.repeated, "an id is taken once");
                assert!(
                    follows(before.alert.state, after.alert.state, command.act.kind()),
                    "{:?} -> {:?} by {:?}",
                    before.alert.state,
                    after.alert.state,
                    command.act
                );
                if done.repeated {
                    return;
                }
                if command.act.kind() == ActKind::Review {
                    let mine = before.events.iter().filter(|event| event.kind == "reported");
                    assert_eq!(
                        mine.filter(|event| event.actor == command.actor.name).count(),
                        0,
                        "nobody reviews himself"
                    );
                }
                *self.accepted.entry(command.number.clone()).or_default() += 1;
                self.taken.push(command);
            }
            Err(ActError::Store(error)) => panic!("{error:?} of {:?}", command.act),
            Err(_refused) => {
                assert_eq!(before.events.len(), after.events.len(), "what is refused leaves no trace");
                assert_eq!(before.alert.revision, after.alert.revision);
            }
        }
    }

    /// Every ground of every fire that asks for an alert has one that stands, or a person said which alert says it.
    async fn every_fire_has_its_alert(&self) {
        let detections = self.desk.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
        let alerts = self.desk.alerts().await;
        let fires: BTreeSet<i64> = detections.iter().filter_map(|row| row.fire_id).collect();
        for fire in fires {
            let members: Vec<_> = detections.iter().filter(|row| row.fire_id == Some(fire)).collect();
            if members.iter().all(|row| row.origin == Origin::History) {
                continue;
            }
            let judged: Vec<_> = members
                .iter()
                .map(|row| Judged { detection_id: row.id, observation: &row.observation, judgement: &row.judgement })
                .collect();
            if alerts_of(&self.desk.ground, &judged).is_empty() {
                continue;
            }
            let says = alerts.iter().filter(|alert| alert.fire_id == Some(fire)).count();
            assert!(says > 0, "nobody has fire {fire}: {alerts:#?}");
        }
    }

    /// An alert that is not over waits for somebody whose clock runs or ran out.
    async fn nothing_is_stuck(&self) {
        for alert in self.desk.alerts().await {
            let clocks = self.desk.store.whole().alert(&alert.number).await.unwrap().unwrap().clocks;
            let running: BTreeSet<_> =
                clocks.iter().filter(|clock| clock.ended_at.is_none()).map(|clock| clock.kind).collect();
            let awaited: &[ClockKind] = match alert.state {
                // Late ones wait for the daily list.
                AlertState::Open if alert.origin == Origin::Late => continue,
                AlertState::Open => &[ClockKind::Acknowledge],
                AlertState::Acknowledged | AlertState::OnSite => &[ClockKind::Report],
                AlertState::Reported => &[ClockKind::Review],
                AlertState::Confirmed | AlertState::Rectifying => &[ClockKind::Rectify, ClockKind::Review],
                AlertState::Closed => &[ClockKind::LookBack],
                _ => {
                    assert!(running.is_empty(), "{:?} {running:?}", alert.state);
                    continue;
                }
            };
            let events = self.desk.kinds(&alert.number).await;
            assert!(awaited.iter().any(|kind| running.contains(kind)), "{:?} {running:?} {events:?}", alert.state);
        }
    }

    async fn the_record_is_whole(&self) {
        for alert in self.desk.alerts().await {
            let detail = self.desk.store.whole().alert(&alert.number).await.unwrap().unwrap();
            let mine = detail.events.iter().filter(|event| event.actor_unit.is_some() && event.kind != "merged_here");
            let accepted = self.accepted.get(&alert.number).copied().unwrap_or_default();
            assert_eq!(mine.count(), accepted, "no event is lost");
            let clocks = self.desk.store.whole().alert(&alert.number).await.unwrap().unwrap().clocks;
            let fired: Vec<_> = clocks.iter().filter(|clock| clock.fired_at.is_some()).collect();
            let said = detail.events.iter().filter(|e| e.kind == "overdue" || e.kind == "lookback_due").count();
            assert_eq!(said, fired.len(), "every deadline fires once: {fired:?}");
            for clock in &clocks {
                assert!(clock.outcome.is_none() == clock.ended_at.is_none());
                assert!(clock.fired_at.is_none_or(|fired| clock.due_at.is_none_or(|due| fired >= due)));
            }
        }
        self.desk.sound().await;
    }
}

fn minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_people_try_the_record_is_whole_and_the_rules_hold(tries in tries()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut model = Model::start().await;
            for (i, attempt) in tries.iter().enumerate() {
                model.step(i, attempt).await;
            }
            model.every_fire_has_its_alert().await;
            model.nothing_is_stuck().await;
            model.the_record_is_whole().await;
            model.desk.fire(model.now + SignedDuration::from_hours(24 * 400)).await;
            model.the_record_is_whole().await;
        });
    }
}

/// The moves between states, written down once more as the office has them.
fn follows(before: AlertState, after: AlertState, act: ActKind) -> bool {
    use AlertState as S;
    let legal: &[(S, S)] = match act {
        ActKind::Acknowledge => &[(S::Open, S::Acknowledged)],
        ActKind::Arrive | ActKind::PutOut => &[(S::Open, S::OnSite), (S::Acknowledged, S::OnSite)],
        ActKind::Report => &[
            (S::Open, S::Reported),
            (S::Acknowledged, S::Reported),
            (S::OnSite, S::Reported),
            (S::Reported, S::Reported),
        ],
        ActKind::Review => &[
            (S::Reported, S::Confirmed),
            (S::Reported, S::Excluded),
            (S::Reported, S::OnSite),
            (S::Reported, S::Acknowledged),
        ],
        ActKind::Rectify => &[(S::Confirmed, S::Rectifying)],
        ActKind::Close => &[(S::Confirmed, S::Closed), (S::Rectifying, S::Closed)],
        ActKind::LookBack => &[
            (S::Closed, S::LookedBack),
            (S::LookbackDue, S::LookedBack),
            // Not clean.
            (S::Closed, S::Rectifying),
            (S::LookbackDue, S::Rectifying),
        ],
        ActKind::Reassign | ActKind::Decide => &[(S::Open, S::Open), (S::Acknowledged, S::Open), (S::OnSite, S::Open)],
        _ => &[],
    };
    before == after || legal.contains(&(before, after))
}
