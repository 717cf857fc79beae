//! A clock that is wrong: no alert is lost, nothing is removed, and when it is right again all is as it would have been.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use firegrid::config::{SourceConfig, SourceKind};
use firegrid::domain::clock_trust::{Belief, DoubtReason};
use firegrid::domain::detection::Origin as Age;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::media::Bodies;
use firegrid::source::http::Limits;
use firegrid::source::{Feed, Network};
use firegrid::store::query::{AlertRow, DetectionRow, Span};
use firegrid::store::{ClockFound, Recorded, SourceState, Store};
use firegrid::vitals::Vitals;
use firegrid::watch::{self, Watch};
use serde_json::Value;

use crate::fault_origin::{Answer, Origin};
use crate::ground_fixture::ground;
use crate::pages::{App, Setting};

const HEADER: &str =
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
const INTERVAL: Duration = Duration::from_mins(10);
const DAY: i64 = 24 * 3600;

/// How far the clock is off, s: a day and two, the year, and a machine without a battery, which wakes in 1972.
const FAULTS: [(&str, i64); 6] = [
    ("a day behind", -DAY),
    ("a day ahead", DAY),
    ("two days ahead", 2 * DAY),
    ("a year ahead", 365 * DAY),
    ("in 1972", -54 * 365 * DAY),
    ("eight hours ahead", 8 * 3600),
];

fn start() -> Timestamp {
    "2026-04-13T07:00:00Z".parse().unwrap()
}

/// True seconds since [`start`], and how far the wall clock is off.
#[derive(Clone, Default)]
struct Times(Arc<Mutex<(u64, i64)>>);

impl Times {
    fn truth(&self) -> Timestamp {
        start() + SignedDuration::from_secs(i64::try_from(self.0.lock().unwrap().0).unwrap())
    }

    fn wall(&self) -> Timestamp {
        self.truth() + SignedDuration::from_secs(self.0.lock().unwrap().1)
    }

    fn pass(&self, seconds: u64) {
        self.0.lock().unwrap().0 += seconds;
    }

    fn set_off(&self, seconds: i64) {
        self.0.lock().unwrap().1 = seconds;
    }

    fn vitals(&self) -> Arc<Vitals> {
        let times = self.clone();
        Arc::new(Vitals::with_steady(move || Duration::from_secs(1000 + times.0.lock().unwrap().0)))
    }
}

struct Desk {
    watch: Watch,
    times: Times,
    network: Network,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let (_, receiver) = tokio::sync::watch::channel(ground());
        let times = Times::default();
        let wall = times.clone();
        let watch = Watch {
            bodies: Bodies::beside(store.path()),
            store,
            ground: receiver,
            rules: Arc::default(),
            clock: Arc::new(move || wall.wall()),
            vitals: times.vitals(),
        };
        Self { watch, times, network: Network::new(Limits::default()).unwrap(), folder }
    }

    /// As after a restart: what was learned is gone, but for what the database knows.
    async fn restart(&mut self) {
        self.watch.vitals = self.times.vitals();
        if let Some(known) = self.watch.store.known_clock().await.unwrap() {
            self.watch.vitals.recall(known.certain_at);
        }
    }

    async fn poll(&self, origin: &Origin) -> Recorded {
        let mut feed = Feed::new(crate::feed_bodies::keyless(origin.base_url()));
        watch::cycle(&self.watch, &mut feed, &self.network, INTERVAL).await.unwrap()
    }

    fn answer(&self, body: String, says_time: Dated) -> Answer {
        let answer = Answer::new(200, body).header("ETag", "\"one\"");
        match says_time {
            Dated::Truly => answer.header("Date", &http_date(self.times.truth())),
            Dated::Not => answer,
        }
    }

    /// Everything that people would see, and when the next deadline is due.
    async fn facts(&self) -> String {
        let store = &self.watch.store;
        let (alerts, fires) = (
            store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap(),
            store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap(),
        );
        let ground = self.watch.ground.borrow().clone();
        let nothing = store.fire_due(ground, Arc::default(), Timestamp::MIN, 0).await.unwrap();
        format!("{alerts:#?}\n{fires:#?}\n{:?}", nothing.next_due_at)
    }

    /// When those deadlines were due that fire now.
    async fn fired(&self) -> Vec<Timestamp> {
        let by = self.watch.vitals.due_by(self.times.wall());
        let (store, ground) = (&self.watch.store, self.watch.ground.borrow().clone());
        let fired = store.fire_due(ground, Arc::default(), by, 100).await.unwrap();
        fired.clocks.iter().map(|clock| clock.due_at).collect()
    }
}

/// Whether a server says the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dated {
    Truly,
    Not,
}

fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A row in the ban zone, acquired so many minutes before an instant.
fn row(at: Timestamp, minutes: i64, lon: &str) -> String {
    let at = at - SignedDuration::from_mins(minutes);
    let acquired = at.strftime("%Y-%m-%d,%H%M");
    format!("45.97000,{lon},334.1,0.39,0.36,{acquired},N20,nominal,2.0NRT,291.0,2.31,D\n")
}

/// One burning morning: a fire before the fault, one while it lasts, one after it.
async fn morning(fault: i64, dated: Dated, restarts: bool) -> (String, Vec<&'static str>) {
    let mut desk = Desk::new();
    let mut wrong = Vec::new();
    let mut body = format!("{HEADER}{}", row(start(), 120, "122.01000"));
    let origin = Origin::start(desk.answer(body.clone(), dated)).await;
    desk.poll(&origin).await;
    let certain = desk.watch.vitals.certain(desk.times.wall()).unwrap();
    desk.watch.store.note_clock(ClockFound::Certain(certain), desk.times.truth()).await.unwrap();

    desk.times.pass(300);
    desk.times.set_off(fault);
    if restarts {
        desk.restart().await;
    }
    body.push_str(&row(desk.times.truth(), 60, "122.02500"));
    origin.now_answer(desk.answer(body.clone(), dated));
    desk.poll(&origin).await;
    if fault != 0 {
        let doubt = desk.watch.vitals.doubt(desk.times.wall());
        if doubt.is_none_or(|doubt| doubt.by.as_secs() != fault) {
            wrong.push("the clock is not doubted by what it is off");
        }
        if desk.watch.vitals.certain(desk.times.wall()).is_some_and(|certain| certain > desk.times.truth()) {
            wrong.push("something may be removed by a time that has not come");
        }
    }
    if !desk.fired().await.is_empty() {
        wrong.push("deadlines fired in a mass");
    }

    desk.times.pass(300);
    desk.times.set_off(0);
    body.push_str(&row(desk.times.truth(), 60, "122.04000"));
    origin.now_answer(desk.answer(body, dated));
    desk.poll(&origin).await;
    if desk.watch.vitals.doubt(desk.times.wall()).is_some() {
        wrong.push("the clock is doubted after it was set right");
    }
    (desk.facts().await, wrong)
}

#[tokio::test]
async fn a_wrong_clock_loses_no_alert_and_leaves_no_trace_when_it_is_right_again() {
    for dated in [Dated::Truly, Dated::Not] {
        let (right, _) = morning(0, dated, false).await;
        assert_eq!(right.matches("origin: Live").count(), 6, "three fires, three alerts: {right}");
        for (name, fault) in FAULTS {
            let (facts, wrong) = morning(fault, dated, false).await;
            assert!(wrong.is_empty(), "{name}, {dated:?}: {wrong:?}");
            assert_eq!(facts, right, "{name}, {dated:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_clock_at_the_start_loses_no_alert_and_leaves_no_trace_when_it_is_right_again() {
    let (right, _) = morning(0, Dated::Truly, true).await;
    for (name, fault) in FAULTS {
        let (facts, wrong) = morning(fault, Dated::Truly, true).await;
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
        assert_eq!(facts, right, "{name}");
    }
}

#[tokio::test]
async fn a_clock_that_is_behind_what_was_recorded_is_found_without_any_server() {
    for (name, fault) in FAULTS.into_iter().filter(|(_, fault)| *fault < 0) {
        let mut desk = Desk::new();
        desk.watch.store.note_clock(ClockFound::Certain(desk.times.truth()), desk.times.truth()).await.unwrap();
        desk.times.pass(60);
        desk.times.set_off(fault);
        desk.restart().await;
        let doubt = desk.watch.vitals.doubt(desk.times.wall()).unwrap();
        assert_eq!((doubt.reason, doubt.by.as_secs()), (DoubtReason::Recorded, fault + 60), "{name}");
        assert_eq!(desk.watch.vitals.certain(desk.times.wall()), None, "{name}");
        let body = format!("{HEADER}{}", row(start(), 60, "122.01000"));
        let origin = Origin::start(desk.answer(body, Dated::Not)).await;
        assert_eq!(desk.poll(&origin).await.alerts, 1, "{name}: the row is of the clock's future and not of ours");
    }
}

#[tokio::test]
async fn an_unconfirmed_clock_makes_no_live_feed_an_archive() {
    let mut desk = Desk::new();
    let origin = Origin::start(desk.answer(format!("{HEADER}{}", row(start(), 60, "122.01000")), Dated::Not)).await;
    desk.poll(&origin).await;
    desk.watch.store.note_clock(ClockFound::Certain(desk.times.truth()), desk.times.truth()).await.unwrap();
    desk.times.set_off(365 * DAY);
    desk.restart().await;
    desk.times.pass(3600);
    let body = format!("{HEADER}{}", row(desk.times.truth(), 60, "122.02500"));
    origin.now_answer(desk.answer(body, Dated::Not));
    assert_eq!(desk.poll(&origin).await.alerts, 1);
    let alerts = desk.watch.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap();
    assert!(alerts.iter().all(|alert| alert.origin == Age::Live), "{alerts:#?}");
    assert!(desk.watch.vitals.certain(desk.times.wall()).unwrap() <= desk.times.truth(), "nothing is removed by it");
    let fired = desk.fired().await;
    assert!(!fired.is_empty() && fired.iter().all(|due| *due <= desk.times.truth()), "{fired:?}");
}

#[tokio::test]
async fn an_archive_that_is_brought_stays_history_while_the_clock_is_doubted() {
    let desk = Desk::new();
    let origin = Origin::start(desk.answer(HEADER.to_owned(), Dated::Truly)).await;
    desk.poll(&origin).await;
    desk.times.set_off(-DAY);
    let folder = desk.folder.path().join("drop");
    std::fs::create_dir(&folder).unwrap();
    drop_file(&folder, &format!("{HEADER}{}", row(start(), 400 * 24 * 60, "122.01000")));
    drop_poll(&desk, &folder).await;
    let detections = desk.watch.store.whole().in_span::<DetectionRow>(Span::ALL).await.unwrap();
    assert_eq!(detections[0].origin, Age::History);
    assert!(desk.watch.store.whole().in_span::<AlertRow>(Span::ALL).await.unwrap().is_empty());
}

fn drop_file(folder: &Path, body: &str) -> PathBuf {
    let file = folder.join("rows.csv");
    std::fs::write(&file, body).unwrap();
    file
}

/// Two looks: a file is read when it has not changed since the look before.
async fn drop_poll(desk: &Desk, folder: &Path) -> Recorded {
    let kind = SourceKind::DropFolder { path: folder.to_owned(), allow_missing_newline: false };
    let mut feed = Feed::new(SourceConfig { id: "dropped".to_owned(), kind });
    let mut recorded = Recorded::default();
    for _ in 0..2 {
        recorded += watch::cycle(&desk.watch, &mut feed, &desk.network, INTERVAL).await.unwrap();
    }
    recorded
}

#[tokio::test]
async fn what_a_clock_refuses_as_future_comes_again_soon_and_with_its_body() {
    let desk = Desk::new();
    desk.times.set_off(-DAY);
    // Nobody says the time, and nothing was ever recorded: only the rows speak.
    let origin = Origin::start(desk.answer(format!("{HEADER}{}", row(start(), 60, "122.01000")), Dated::Not)).await;
    assert_eq!(desk.poll(&origin).await.rejected, 1);
    let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "noaa20");
    assert_eq!(state.cursor, None, "an unchanged body would never bring the row");
    let wait = state.next_attempt_at.unwrap().duration_since(desk.times.wall());
    assert_eq!(wait, SignedDuration::from_mins(1));
    let doubt = desk.watch.vitals.doubt(desk.times.wall()).unwrap();
    assert_eq!(doubt.reason, DoubtReason::FutureRows);
    desk.times.pass(60);
    desk.times.set_off(0);
    assert_eq!(desk.poll(&origin).await.alerts, 1);
    assert_eq!(origin.requests()[1].header("If-None-Match"), None);
    assert_eq!(desk.watch.vitals.belief(desk.times.wall()), Belief::Plausible);
}

#[tokio::test]
async fn a_dropped_file_that_a_wrong_clock_refuses_stays_until_the_clock_is_right() {
    let desk = Desk::new();
    desk.times.set_off(-DAY);
    let folder = desk.folder.path().join("drop");
    std::fs::create_dir(&folder).unwrap();
    let file = drop_file(&folder, &format!("{HEADER}{}", row(start(), 60, "122.01000")));
    assert_eq!(drop_poll(&desk, &folder).await.alerts, 0);
    assert!(file.exists(), "it is not put away");
    desk.times.pass(60);
    desk.times.set_off(0);
    assert_eq!(drop_poll(&desk, &folder).await.alerts, 1);
    assert!(!file.exists());
}

#[tokio::test]
async fn a_row_of_the_future_in_a_feed_whose_server_agrees_with_the_clock_is_the_feeds_fault() {
    let desk = Desk::new();
    let body = format!("{HEADER}{}", row(start(), -24 * 60, "122.01000"));
    let origin = Origin::start(desk.answer(body, Dated::Truly)).await;
    assert_eq!(desk.poll(&origin).await.rejected, 1);
    assert_eq!(desk.watch.vitals.belief(desk.times.wall()), Belief::Proven);
    let state = SourceState::among(desk.watch.store.health().source_states().await.unwrap(), "noaa20");
    assert_eq!(state.next_attempt_at, Some(start() + SignedDuration::from_mins(10)), "no haste");
}

#[tokio::test]
async fn the_log_says_when_the_clock_was_not_believed_and_when_it_was_again() {
    let desk = Desk::new();
    let store = &desk.watch.store;
    desk.watch.vitals.hear("noaa20", desk.times.truth(), desk.times.wall());
    desk.times.set_off(365 * DAY);
    let wall = desk.times.wall();
    store.note_clock(ClockFound::Certain(wall), wall).await.unwrap();
    let doubt = desk.watch.vitals.doubt(wall).unwrap();
    for _ in 0..2 {
        store.note_clock(ClockFound::Doubted { doubt, wall }, desk.watch.vitals.present(wall)).await.unwrap();
    }
    let known = store.known_clock().await.unwrap().unwrap();
    assert_eq!(known.certain_at, start(), "what a wrong clock noted before anybody was asked is corrected");
    store.note_clock(ClockFound::Certain(desk.times.truth()), desk.times.truth()).await.unwrap();
    let log = store.whole().log(firegrid::store::LogFilter::default(), None, 10).await.unwrap();
    let kinds: Vec<_> = log.iter().map(|row| (row.subject_kind.as_str(), row.kind.as_str(), row.at)).collect();
    assert_eq!(kinds, [("clock", "believed", start()), ("clock", "doubted", start())], "once each, by the true time");
    assert_eq!(log[1].detail["ahead_secs"], 365 * DAY);
}

#[tokio::test]
async fn pages_and_readiness_say_which_way_the_clock_is_wrong_and_by_how_much() {
    let times = Times::default();
    let (vitals, wall) = (times.vitals(), times.clone());
    let clock: Arc<dyn Fn() -> Timestamp + Send + Sync> = Arc::new(move || wall.wall());
    let app = App::start(Setting { clock: Some(clock), vitals: Some(vitals.clone()), ..Setting::default() }).await;
    vitals.hear("noaa20", times.truth(), times.wall());
    assert_eq!(app.json("/readyz").await["clock"]["believed"], true);
    for (off, zh, en) in [(-DAY, "慢24小时0分", "24 h 0 min behind"), (365 * DAY, "快365天0小时", "365 d 0 h ahead")]
    {
        times.set_off(off);
        for path in ["/", "/status", "/map", "/wall", "/duty"] {
            let page = app.page(path).await;
            assert!(page.contains("本机时间不可信") && page.contains(zh) && page.contains("NTP"), "{path}: {page}");
        }
        let english = app.page("/status?lang=en").await;
        assert!(english.contains(en), "{english}");
        let ready = app.json("/readyz").await;
        assert_eq!((&ready["status"], &ready["clock"]["ahead_secs"]), (&"degraded".into(), &off.into()));
        assert_eq!(ready["clock"]["reason"], "server_date");
    }
    times.set_off(0);
    assert_eq!(app.json("/readyz").await["status"], "ok");
    assert!(!app.page("/").await.contains("本机时间不可信"));
}

/// The library that gives a process another clock, where it is installed.
fn faketime() -> Option<PathBuf> {
    let places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/lib64"];
    let found =
        places.iter().map(|place| Path::new(place).join("faketime/libfaketimeMT.so.1")).find(|path| path.exists());
    if found.is_none() {
        eprintln!("SKIPPED: no libfaketime; install the package faketime");
    }
    found
}

/// The real program with a clock that can be set.
struct Program {
    child: Child,
    url: String,
    folder: tempfile::TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        // Already gone where the test stopped it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(library: &Path, origin: &Origin, off: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "[polling]\ninterval_secs = 10\n[[source]]\nid = \"noaa20\"\nkind = \"firms_files\"\nsatellite = \"noaa20\"\n\
             base_url = \"{}\"\n",
            origin.base_url()
        );
        std::fs::write(folder.path().join("firegrid.toml"), config).unwrap();
        let region = folder.path().join("region");
        std::fs::create_dir(&region).unwrap();
        for entry in std::fs::read_dir("regions/baicheng").unwrap() {
            let from = entry.unwrap().path();
            std::fs::copy(&from, region.join(from.file_name().unwrap())).unwrap();
        }
        let (child, url) = Self::spawn(folder.path(), library, off);
        Self { child, url, folder }
    }

    fn spawn(folder: &Path, library: &Path, off: &str) -> (Child, String) {
        use std::io::BufRead as _;
        std::fs::write(folder.join("clock"), off).unwrap();
        let mut child = crate::service::program(folder)
            .arg("run")
            .env("LD_PRELOAD", library)
            .env("FAKETIME_TIMESTAMP_FILE", folder.join("clock"))
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("DONT_FAKE_MONOTONIC", "1")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("running: ")?.1.split_whitespace().next()?.to_owned()))
            .expect("it says where it listens");
        // Read on, so that it never waits for a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        (child, url.trim_end_matches('/').to_owned())
    }

    fn set_off(&self, off: &str) {
        std::fs::write(self.folder.path().join("clock"), off).unwrap();
    }

    async fn ready(&self) -> Value {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let text = client.get(format!("{}/readyz", self.url)).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    async fn wait_for(&self, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..600 {
            let ready = self.ready().await;
            if is(&ready) {
                return ready;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{what}: {}", self.ready().await);
    }

    fn alerts(&self) -> Vec<Value> {
        let output = crate::service::program(self.folder.path())
            .args(["export", "alerts", "--format", "json"])
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_program_works_on_through_a_clock_a_year_ahead_and_one_in_1972() {
    let Some(library) = faketime() else { return };
    let now = Timestamp::now();
    let body = |rows: &[&str]| {
        let rows: String = rows.iter().map(|lon| row(now, 60, lon).replace("45.97000", "45.62000")).collect();
        format!("{HEADER}{rows}")
    };
    let answer = |rows: &[&str]| Answer::new(200, body(rows)).header("Date", &http_date(Timestamp::now()));
    let origin = Origin::start(answer(&["122.84000"])).await;
    let program = Program::start(&library, &origin, "+0");
    program.wait_for("believed", |ready| ready["clock"]["believed"] == true && ready["feeds"][0].is_null()).await;

    for (off, rows, ahead) in [
        ("+365d", &["122.84000", "122.90000"][..], 365 * DAY),
        ("-1d", &["122.84000", "122.90000", "122.96000"][..], -DAY),
    ] {
        program.set_off(off);
        origin.now_answer(answer(rows));
        let doubted = program.wait_for(off, |ready| ready["clock"]["believed"] == false).await;
        let found = doubted["clock"]["ahead_secs"].as_i64().unwrap();
        assert!((found - ahead).abs() < 60, "{off}: {doubted}");
        for _ in 0..300 {
            if program.alerts().len() == rows.len() {
                break;
            }
            origin.now_answer(answer(rows));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        program.set_off("+0");
        program.wait_for("believed again", |ready| ready["clock"]["believed"] == true).await;
    }
    let alerts = program.alerts();
    assert_eq!(alerts.len(), 3, "{alerts:#?}");
    for alert in &alerts {
        assert_eq!(alert["origin"], "live", "{alert}");
        let recorded: Timestamp = alert["recorded_at"].as_str().unwrap().parse().unwrap();
        assert!(recorded.duration_since(now).abs() < SignedDuration::from_mins(30), "{alert}");
    }
}
