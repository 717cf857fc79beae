//! The loop over real HTTP: what a poll leaves in the store, and that feeds do not wait for
//! each other.

use std::sync::Arc;
use std::time::Duration;

use firegrid::config::{FirmsDataset, FirmsFile, FirmsWindow, Secret, SourceConfig, SourceKind};
use firegrid::domain::freshness::{Freshness, Patience, freshness};
use firegrid::domain::ground::{Ground, RegionVersion};
use firegrid::domain::observation::DayNight;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::media::Bodies;
use firegrid::simulate::flown::Sensor;
use firegrid::simulate::write::{Form, csv};
use firegrid::simulate::{burning_day, day::DayOptions};
use firegrid::source::dialect::ReadOptions;
use firegrid::source::firms::read;
use firegrid::source::http::Limits;
use firegrid::source::{Cursor, Feed, Network};
use firegrid::store::query::{AlertRow, DetectionRow, Span};
use firegrid::store::{Old, Recorded, SourceState, Store};
use firegrid::watch::{self, Watch};
use tokio_util::sync::CancellationToken;

use crate::fault_origin::{Answer, Origin};
use crate::ground_fixture::{data, ground};

const HEADER: &str =
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
const IN_BAN_ZONE: &str = "45.97000,122.02000,334.1,0.39,0.36,2026-04-13,0412,N20,nominal,2.0NRT,291.0,2.31,D\n";
const FAR_AWAY: &str = "10.00000,100.00000,334.1,0.39,0.36,2026-04-13,0512,N20,nominal,2.0NRT,291.0,2.31,D\n";
const TOMORROW: &str = "45.97100,122.02100,334.1,0.39,0.36,2026-04-14,0412,N20,nominal,2.0NRT,291.0,2.31,D\n";
const UNREADABLE: &str = "45.97000,122.02000,334.1,0.39,0.36,2026-04-13,0412,N99,nominal,2.0NRT,291.0,2.31,D\n";
const INTERVAL: Duration = Duration::from_mins(10);

fn now() -> Timestamp {
    "2026-04-13T07:00:00Z".parse().unwrap()
}

struct Desk {
    watch: Watch,
    ground: tokio::sync::watch::Sender<Arc<Ground>>,
    network: Network,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let (sender, receiver) = tokio::sync::watch::channel(ground());
        let watch = Watch {
            bodies: Bodies::beside(store.path()),
            store,
            ground: receiver,
            rules: Arc::default(),
            clock: Arc::new(now),
            vitals: Arc::default(),
        };
        Self { watch, ground: sender, network: Network::new(Limits::default()).unwrap(), _folder: folder }
    }

    async fn poll(&self, origin: &Origin) -> Recorded {
        let mut feed = Feed::new(source("noaa20", origin));
        watch::cycle(&self.watch, &mut feed, &self.network, INTERVAL).await.unwrap()
    }
}

fn source(id: &str, origin: &Origin) -> SourceConfig {
    let kind = SourceKind::FirmsFiles {
        satellite: FirmsFile::Noaa20,
        region: "Russia_Asia".to_owned(),
        window: FirmsWindow::Day,
        base_url: origin.base_url(),
    };
    SourceConfig { id: id.to_owned(), kind }
}

/// The `ETag` in the cursor that a source was left with.
fn etag_of(state: &SourceState) -> Option<String> {
    Cursor::kept(state.cursor.clone()).validators().etag
}

#[tokio::test]
async fn a_poll_becomes_an_alert_and_every_row_is_accounted_for() {
    let desk = Desk::new();
    let body = format!("{HEADER}{IN_BAN_ZONE}{FAR_AWAY}{TOMORROW}{UNREADABLE}");
    let origin = Origin::start(Answer::new(200, body.clone()).header("ETag", "\"one\"")).await;
    let recorded = desk.poll(&origin).await;
    assert_eq!((recorded.read, recorded.new, recorded.outside, recorded.rejected), (4, 1, 1, 2));
    assert_eq!(recorded.alerts, 1);

    let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "noaa20");
    assert_eq!(state.last_outcome.as_deref(), Some("fetched"));
    assert_eq!(etag_of(&state), None, "a body with rows later than this clock is asked for again whole");
    let newest: Timestamp = "2026-04-13T05:12:00Z".parse().unwrap();
    assert_eq!(state.newest_acquired_at, Some(newest), "rows from elsewhere prove life, future ones prove nothing");
    assert_eq!(state.next_attempt_at, Some(now() + SignedDuration::from_mins(1)), "and soon: no server says the time");

    origin.now_answer(Answer::new(200, body));
    desk.poll(&origin).await;
    let rejected = desk.watch.store.whole().latest_polls(0, 10).await.unwrap().rejected;
    assert_eq!(rejected.len(), 2, "the same bad rows of the next poll are no news: {rejected:?}");
    assert!(rejected.iter().any(|row| row.problem.contains("N99")));

    let polls = desk.watch.store.whole().latest_polls(1, 0).await.unwrap().polls;
    assert_eq!((polls[0].rows_read, polls[0].rows_rejected), (4, 2));
}

#[tokio::test]
async fn a_body_of_rows_later_than_this_clock_is_named_so_and_read_again_when_the_clock_is_right() {
    let desk = Desk::new();
    let later = IN_BAN_ZONE.replace("2026-04-13,0412", "2026-04-13,0800");
    let elsewhere = FAR_AWAY.replace("2026-04-13,0512", "2026-04-13,0930");
    let body = format!("{HEADER}{later}{elsewhere}{IN_BAN_ZONE}");
    let origin = Origin::start(Answer::new(200, body).header("ETag", "\"one\"")).await;
    let area = SourceKind::FirmsArea {
        dataset: FirmsDataset::ViirsNoaa20Nrt,
        key: Secret::from_text("0123456789abcdef"),
        days: 1,
        base_url: origin.base_url(),
    };
    for config in [source("rolling", &origin), SourceConfig { id: "area".to_owned(), kind: area }] {
        let mut feed = Feed::new(config);
        let recorded = watch::cycle(&desk.watch, &mut feed, &desk.network, INTERVAL).await.unwrap();
        assert_eq!((recorded.read, recorded.rejected), (3, 1), "the row from elsewhere is not ours to keep");
        let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), feed.id());
        assert_eq!((state.last_outcome.as_deref(), state.consecutive_failures), (Some("future_rows"), 1));
        assert_eq!((etag_of(&state), state.last_success_at), (None, None));
        assert_eq!(state.next_attempt_at, Some(now() + SignedDuration::from_mins(1)), "soon: no server says the time");
        assert!(state.last_detail.unwrap().contains("2 of 3 rows are later than this machine's clock"));
    }
    assert_eq!(
        desk.watch.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().len(),
        1,
        "what can be believed is recorded"
    );

    let right = Watch { clock: Arc::new(|| now() + SignedDuration::from_hours(3)), ..desk.watch.clone() };
    let mut feed = Feed::new(source("rolling", &origin));
    let recorded = watch::cycle(&right, &mut feed, &desk.network, INTERVAL).await.unwrap();
    assert_eq!((recorded.new, recorded.duplicate, recorded.rejected), (1, 1, 0));
    let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "rolling");
    assert_eq!((state.last_outcome.as_deref(), etag_of(&state).as_deref()), (Some("fetched"), Some("\"one\"")));
}

#[tokio::test]
async fn a_dropped_file_with_rows_later_than_this_clock_stays_until_they_can_be_believed() {
    let desk = Desk::new();
    let drop = tempfile::tempdir().unwrap();
    let later = IN_BAN_ZONE.replace("2026-04-13,0412", "2026-04-13,0800");
    let file = drop.path().join("a.csv");
    std::fs::write(&file, format!("{HEADER}{later}{IN_BAN_ZONE}")).unwrap();
    // As if it had been written before the test's own time.
    let written = std::time::SystemTime::UNIX_EPOCH + Duration::from_mins(29_600_000);
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(written).unwrap();
    let kind = SourceKind::DropFolder { path: drop.path().to_owned(), allow_missing_newline: false };
    let mut feed = Feed::new(SourceConfig { id: "drop".to_owned(), kind });
    let mut look = async |hours: i64| {
        let watch = Watch { clock: Arc::new(move || now() + SignedDuration::from_hours(hours)), ..desk.watch.clone() };
        let recorded = watch::cycle(&watch, &mut feed, &desk.network, INTERVAL).await.unwrap();
        (recorded.read, recorded.new, recorded.rejected)
    };
    assert_eq!(look(0).await, (2, 1, 1));
    assert!(file.exists(), "it waits where it lies");
    assert_eq!(look(0).await, (0, 0, 0), "and is not read at every poll");
    assert_eq!(look(2).await, (2, 1, 0));
    assert!(!file.exists() && drop.path().join("done").exists());
}

#[tokio::test]
async fn a_row_with_a_value_that_cannot_be_read_is_an_alert_and_the_value_is_counted_and_shown() {
    let desk = Desk::new();
    let odd = IN_BAN_ZONE.replace(",0.39,0.36,", ",0,NaN,").replace("nominal", "62").replace(",2.31,D", ",-1.25,U");
    let far = FAR_AWAY.replace("2.31", "nan");
    let origin = Origin::start(Answer::new(200, format!("{HEADER}{odd}{far}"))).await;
    let recorded = desk.poll(&origin).await;
    assert_eq!((recorded.new, recorded.alerts, recorded.rejected, recorded.with_unknown), (1, 1, 0, 1));
    let poll = desk.watch.store.whole().latest_polls(1, 0).await.unwrap().polls.remove(0);
    assert_eq!((poll.outcome.as_str(), poll.rows_with_unknown), ("fetched", 1));
    assert!(poll.detail.contains("frp 2"), "all rows are counted in the detail: {}", poll.detail);
    desk.poll(&origin).await;
    let unknown = desk.watch.store.whole().latest_polls(0, 20).await.unwrap().unknown_values;
    let mut columns: Vec<_> = unknown.iter().map(|row| row.problem.split(' ').next().unwrap()).collect();
    columns.sort_unstable();
    assert_eq!(columns, ["confidence", "daynight", "frp", "scan", "track"], "the next poll's same row is no news");
    assert!(unknown.iter().all(|row| row.raw == odd.trim_end()));
    let detection = desk.watch.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().remove(0);
    assert!(detection.judgement.shares.is_some(), "the largest pixel of the sensor stands in");
    assert_eq!(detection.observation.frp_mw, None);
}

#[tokio::test]
async fn the_received_body_is_kept_and_gives_the_same_again() {
    let desk = Desk::new();
    let body = format!("{HEADER}{IN_BAN_ZONE}");
    let origin = Origin::start(Answer::new(200, body.clone())).await;
    desk.poll(&origin).await;
    let name = desk.watch.bodies.keep(body.as_bytes()).unwrap();
    let kept = desk.watch.bodies.read(&name).unwrap();
    assert_eq!(kept, body.as_bytes());
    let day = SignedDuration::from_hours(24);
    let store = &desk.watch.store;
    assert_eq!(
        store.remove_old(Old::Bodies(day * 30), now() + day * 60).await.unwrap(),
        0,
        "it bore an alert: a season"
    );
    assert_eq!(store.remove_old(Old::Bodies(day * 30), now() + day * 301).await.unwrap(), 1);
    assert!(desk.watch.bodies.read(&name).is_err());
}

#[tokio::test]
async fn an_unchanged_file_is_a_success_without_rows() {
    let desk = Desk::new();
    let origin = Origin::start(Answer::new(200, format!("{HEADER}{IN_BAN_ZONE}")).header("ETag", "\"one\"")).await;
    desk.poll(&origin).await;
    origin.now_answer(Answer::new(304, ""));
    let recorded = desk.poll(&origin).await;
    assert_eq!((recorded.read, recorded.new), (0, 0));
    assert_eq!(origin.requests()[1].header("If-None-Match"), Some("\"one\""));
    let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "noaa20");
    assert_eq!(state.last_outcome.as_deref(), Some("unchanged"));
    assert_eq!((state.consecutive_failures, etag_of(&state).as_deref()), (0, Some("\"one\"")));
}

#[tokio::test]
async fn a_refusal_backs_off_keeps_what_is_known_and_shows_as_refused() {
    let desk = Desk::new();
    let origin = Origin::start(Answer::new(200, format!("{HEADER}{IN_BAN_ZONE}")).header("ETag", "\"one\"")).await;
    desk.poll(&origin).await;
    let mut waits = Vec::new();
    origin.now_answer(Answer::new(200, "Exceeding allowed transaction limit."));
    for failures in 1..=3 {
        desk.poll(&origin).await;
        let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "noaa20");
        assert_eq!(state.consecutive_failures, failures);
        waits.push(state.next_attempt_at.unwrap());
        let patience =
            Patience { late_after: SignedDuration::from_hours(12), stale_after: SignedDuration::from_hours(24) };
        assert_eq!(freshness(&state.signs(), patience, now()), Freshness::Refused);
        assert_eq!(etag_of(&state).as_deref(), Some("\"one\""), "the last whole body is still the one before");
    }
    assert!(waits.is_sorted_by(|a, b| a < b), "each wait is longer: {waits:?}");
    assert_eq!(
        desk.watch.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().len(),
        1,
        "a refusal is not zero points"
    );
}

#[tokio::test]
async fn a_provisional_pixel_that_vanishes_is_noted_and_nothing_is_deleted() {
    let desk = Desk::new();
    let provisional = IN_BAN_ZONE.replace("2.0NRT", "2.0RT");
    let before = FAR_AWAY.replace("0512", "0312");
    let origin = Origin::start(Answer::new(200, format!("{HEADER}{before}{provisional}{FAR_AWAY}"))).await;
    desk.poll(&origin).await;
    origin.now_answer(Answer::new(200, format!("{HEADER}{before}{FAR_AWAY}")));
    desk.poll(&origin).await;
    desk.poll(&origin).await;
    let number = desk.watch.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap()[0].number.clone();
    let kinds = async || -> Vec<String> {
        let detail = desk.watch.store.whole().alert(&number).await.unwrap().unwrap();
        detail.events.into_iter().map(|event| event.kind).collect()
    };
    assert_eq!(kinds().await, ["recorded", "vanished"], "once, and the alert stays open");
    assert!(desk.watch.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap()[0].vanished_at.is_some());

    origin.now_answer(Answer::new(200, format!("{HEADER}{before}{IN_BAN_ZONE}{FAR_AWAY}")));
    desk.poll(&origin).await;
    let detections = desk.watch.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
    assert_eq!((detections.len(), detections[0].vanished_at), (1, None), "its NRT row speaks for it now");

    // A near-real-time row that is missing has only rolled off.
    origin.now_answer(Answer::new(200, format!("{HEADER}{before}{FAR_AWAY}")));
    desk.poll(&origin).await;
    assert_eq!(kinds().await, ["recorded", "vanished"]);
}

#[tokio::test]
async fn a_cut_body_records_nothing_of_itself_but_its_outcome() {
    let desk = Desk::new();
    let body = format!("{HEADER}{IN_BAN_ZONE}{IN_BAN_ZONE}");
    let origin = Origin::start(Answer::new(200, body.clone()).cut_at(body.len() - 30)).await;
    let recorded = desk.poll(&origin).await;
    assert_eq!((recorded.read, recorded.new), (0, 0));
    assert_eq!(
        SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "noaa20").last_outcome.as_deref(),
        Some("truncated")
    );
    assert!(desk.watch.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hanging_feed_does_not_delay_another() {
    let desk = Desk::new();
    let hanging = Origin::start(Answer::hang()).await;
    let good = Origin::start(Answer::new(200, format!("{HEADER}{IN_BAN_ZONE}"))).await;
    let cancel = CancellationToken::new();
    let network = Arc::new(Network::new(Limits::default()).unwrap());
    let mut pollers = tokio::task::JoinSet::new();
    for (id, origin) in [("hanging", &hanging), ("good", &good)] {
        let watch = desk.watch.clone();
        pollers.spawn(watch::keep_polling(watch, source(id, origin), network.clone(), INTERVAL, cancel.clone()));
    }
    let recorded = async {
        while desk.watch.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), recorded).await.expect("the good feed is recorded meanwhile");
    assert_eq!(hanging.requests().len(), 1, "the other one was really asked and hangs");
    cancel.cancel();
    let ended = async { while pollers.join_next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("a hanging request does not hold up the stop");
}

#[tokio::test]
async fn a_new_region_version_judges_from_the_next_cycle_on_and_the_old_judgement_stays() {
    let desk = Desk::new();
    let origin = Origin::start(Answer::new(200, format!("{HEADER}{IN_BAN_ZONE}"))).await;
    desk.poll(&origin).await;
    let mut changed = data();
    changed.version = RegionVersion("without the ban zone".to_owned());
    changed.zones.retain(|zone| zone.id != "ban");
    desk.ground.send_replace(Arc::new(Ground::build(changed)));
    let elsewhere = IN_BAN_ZONE.replace("45.97000,122.02000", "45.99000,122.03000");
    origin.now_answer(Answer::new(200, format!("{HEADER}{IN_BAN_ZONE}{elsewhere}")));
    desk.poll(&origin).await;
    let detections = desk.watch.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
    let judged: Vec<_> =
        detections.iter().map(|d| (d.judgement.verdict.name(), d.judgement.region_version.0.as_str())).collect();
    assert_eq!(judged, [("banned", "fixture"), ("unplanned", "without the ban zone")]);
}

#[test]
fn what_the_simulator_writes_the_reader_reads() {
    let ground = ground();
    let day = burning_day(&ground, "2026-04-13".parse().unwrap(), 7, DayOptions { fires: 30 }).unwrap();
    for instrument in [Sensor::Viirs, Sensor::Modis] {
        let rows: Vec<_> = day.rows.iter().filter(|row| row.satellite.sensor() == instrument).collect();
        assert!(!rows.is_empty());
        for form in [Form::Rolling, Form::Area] {
            let text = csv(instrument, form, rows.iter().copied());
            let table = read(text.as_bytes(), &ReadOptions::default()).unwrap();
            assert_eq!((table.rows.len(), table.rejected().count()), (rows.len(), 0), "{form:?} {}", table.dialect);
            for (observation, row) in table.observations().zip(&rows) {
                assert_eq!(observation.key.satellite, row.satellite.satellite());
                // Feeds give the minute.
                assert_eq!(observation.key.acquired_at.as_second() / 60, row.acquired_at.as_second() / 60);
                assert!(matches!(observation.day_night, DayNight::Day | DayNight::Night));
                assert!(observation.scan_km.is_some() && observation.frp_mw.is_some());
            }
        }
    }
}
