//! A feed that falls silent, wholly or in part: somebody is told; and a quiet day tells nobody anything.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use firegrid::config::{FirmsDataset, FirmsFile, FirmsWindow, Secret, SourceConfig, SourceKind};
use firegrid::domain::freshness::{Freshness, Patience, Silence, silences};
use firegrid::domain::observation::Satellite;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::media::Bodies;
use firegrid::source::http::Limits;
use firegrid::source::{Feed, Network};
use firegrid::store::SourceState;
use firegrid::vitals::Vitals;
use firegrid::watch::{self, Watch};
use firegrid::words::Label;

use crate::fault_origin::{Answer, Origin};
use crate::harness::real_data;
use crate::pages::{App, Setting, following};

const HEADER: &str =
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight\n";
const INTERVAL: Duration = Duration::from_mins(10);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn patience() -> Patience {
    Patience { late_after: SignedDuration::from_hours(12), stale_after: SignedDuration::from_hours(24) }
}

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A site, and a poller of one feed that records into its database.
struct Desk {
    app: App,
    watch: Watch,
    now: Arc<Mutex<Timestamp>>,
    kind: SourceKind,
    origin: Origin,
}

impl Desk {
    async fn new(kind: impl FnOnce(String) -> SourceKind) -> Self {
        let now = Arc::new(Mutex::new(at("2026-04-13T07:00:00Z")));
        let shared = now.clone();
        let clock: Clock = Arc::new(move || *shared.lock().unwrap());
        let vitals: Arc<Vitals> = Arc::new(following(&clock));
        // The token lasts a day from then on; the days of a test are before it.
        let signed_in_at = "2026-04-16T05:00:00Z";
        let setting = Setting {
            now: signed_in_at,
            clock: Some(clock.clone()),
            vitals: Some(vitals.clone()),
            ..Setting::default()
        };
        let app = App::start(setting).await;
        let (_, ground) = tokio::sync::watch::channel(app.ground.clone());
        let bodies = Bodies::beside(app.store.path());
        let watch = Watch { store: app.store.clone(), bodies, ground, rules: Arc::default(), clock, vitals };
        let origin = Origin::start(Answer::new(200, HEADER)).await;
        Self { app, watch, now, kind: kind(origin.base_url()), origin }
    }

    async fn modis() -> Self {
        Self::new(modis_file).await
    }

    fn pass(&self, hours: i64) {
        let mut now = self.now.lock().unwrap();
        *now += SignedDuration::from_hours(hours);
    }

    fn time(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    /// Polls a body under the id of the only feed of the site.
    async fn poll(&self, body: String) -> Vec<Silence> {
        self.origin.now_answer(Answer::new(200, body));
        // What is recorded or not is asked afterwards.
        let _ = self.try_poll().await;
        self.silences().await
    }

    async fn try_poll(&self) -> Result<(), firegrid::store::Error> {
        let mut feed = Feed::new(SourceConfig { id: "noaa20".to_owned(), kind: self.kind.clone() });
        let network = Network::new(Limits::default()).unwrap();
        watch::cycle(&self.watch, &mut feed, &network, INTERVAL).await.map(|_| ())
    }

    async fn state(&self) -> SourceState {
        SourceState::among(self.app.store.health().source_states().await.unwrap(), "noaa20")
    }

    async fn silences(&self) -> Vec<Silence> {
        silences(&self.state().await.signs(), patience(), self.time())
    }

    /// Pages, coverage, readiness and metrics say it.
    async fn is_told(&self, state: Freshness, words: &str) {
        for path in ["/", "/status", "/map", "/wall", "/duty"] {
            let page = self.app.page(path).await;
            assert!(page.contains(words) && page.contains(state.label().zh), "{path} does not say {words}: {page}");
        }
        let ready = self.app.json("/readyz").await;
        assert_eq!((&ready["status"], &ready["feeds"][0]["state"]), (&"degraded".into(), &state.name().into()));
    }
}

fn modis_file(base_url: String) -> SourceKind {
    let (satellite, window) = (FirmsFile::Modis, FirmsWindow::Day);
    SourceKind::FirmsFiles { satellite, region: "Russia_Asia".to_owned(), window, base_url }
}

fn modis_box(base_url: String) -> SourceKind {
    let key = Secret::from_text("0123456789abcdef");
    SourceKind::FirmsArea { dataset: FirmsDataset::ModisNrt, key, days: 2, base_url }
}

/// Rows of a satellite, acquired some minutes apart from `hours` ago back; every other one far from this ground.
fn rows(now: Timestamp, satellite: &str, hours: i64, count: i64) -> String {
    let row = |i: i64| {
        let at = now - SignedDuration::from_mins(hours * 60 + i);
        let (lat, lon) = if i % 2 == 0 { (41.0 + i as f64 / 1000.0, 123.0) } else { (20.0 + i as f64 / 1000.0, 80.0) };
        format!("{lat:.4},{lon:.4},320.0,1.1,1.0,{},{satellite},80,6.1NRT,290.0,9.5,D\n", at.strftime("%Y-%m-%d,%H%M"))
    };
    (0..count).map(row).collect()
}

fn ordinary(now: Timestamp) -> String {
    format!("{HEADER}{}{}", rows(now, "T", 4, 60), rows(now, "A", 3, 60))
}

#[tokio::test]
async fn an_ordinary_modis_file_is_fresh_and_both_satellites_are_shown() {
    let desk = Desk::modis().await;
    assert_eq!(desk.poll(ordinary(desk.time())).await, []);
    assert_eq!(desk.app.json("/readyz").await["status"], "ok");
    let page = desk.app.page("/status").await;
    assert!(page.contains("Terra") && page.contains("Aqua"), "{page}");
    let feeds = desk.app.json("/api/v1/feeds").await;
    assert_eq!(feeds["feeds"][0]["satellites"][0]["satellite"], "Aqua");
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_is_shown_with_what_to_do_now() {
    let desk = Desk::modis().await;
    desk.poll(ordinary(desk.time())).await;
    assert!(!desk.app.page("/status").await.contains("怎么办"), "nothing to do about a feed that is read");
    desk.pass(1);
    desk.origin.now_answer(Answer::new(404, "no such file"));
    desk.try_poll().await.unwrap();
    let page = desk.app.page("/status").await;
    assert!(page.contains("怎么办") && page.contains("请核对卫星和区域名称"), "{page}");
    let page = desk.app.page("/status?lang=en").await;
    assert!(page.contains("check satellite and region") && !page.contains("请核对卫星"), "{page}");
}

#[tokio::test]
async fn terra_gone_from_the_modis_file_is_told() {
    let desk = Desk::modis().await;
    desk.poll(ordinary(desk.time())).await;
    for _ in 0..9 {
        desk.pass(1);
        let body = format!("{HEADER}{}", rows(desk.time(), "A", 3, 60));
        desk.poll(body).await;
    }
    let found = desk.silences().await;
    assert!(matches!(found[..], [Silence::Satellite { satellite: Satellite::Terra, .. }]), "{found:?}");
    desk.is_told(Freshness::Partial, "没有Terra卫星的新数据").await;
    assert_eq!(desk.poll(ordinary(desk.time())).await, [], "it is back");
}

#[tokio::test]
async fn what_is_missing_from_a_table_is_told_at_once() {
    let now = at("2026-04-13T07:00:00Z");
    let far: String = ordinary(now).split_inclusive('\n').filter(|line| !line.starts_with("41.")).collect();
    let half: String = ordinary(now).replace(",T,80,", ",X,80,");
    let cases = [
        ("rows near this ground gone", far, "本地周边一千公里内没有记录"),
        ("one row left", format!("{HEADER}{}", rows(now, "A", 3, 1)), "只有1条记录"),
        ("a header alone", HEADER.to_owned(), "只有0条记录"),
        ("half of the rows unreadable", half, "条无法读取"),
    ];
    for (what, body, words) in cases {
        let desk = Desk::modis().await;
        assert_eq!(desk.poll(ordinary(now)).await, [], "{what}");
        let found = desk.poll(body).await;
        assert!(!found.is_empty(), "{what}");
        desk.is_told(Freshness::Partial, words).await;
        assert_eq!(desk.poll(ordinary(now)).await, [], "{what}: whole again");
    }
}

#[tokio::test]
async fn rows_of_another_satellite_are_told() {
    let desk = Desk::modis().await;
    // Served under the address of another one, as by a mixed-up file.
    let noaa = |base_url| {
        let (satellite, window) = (FirmsFile::Noaa20, FirmsWindow::Day);
        SourceKind::FirmsFiles { satellite, region: "Russia_Asia".to_owned(), window, base_url }
    };
    let desk = Desk { kind: noaa(desk.origin.base_url()), ..desk };
    let found = desk.poll(ordinary(desk.time())).await;
    let is_foreign = |silence: &Silence| matches!(silence, Silence::Foreign { rows: 120, .. });
    assert!(found.iter().any(is_foreign), "{found:?}");
    desk.is_told(Freshness::Partial, "混入了其他卫星的120条记录").await;
}

#[tokio::test]
async fn a_feed_that_cannot_be_reached_for_an_hour_is_told_however_fresh_its_rows_are() {
    let desk = Desk::modis().await;
    desk.poll(ordinary(desk.time())).await;
    desk.origin.now_answer(Answer::close_at_once());
    for _ in 0..3 {
        *desk.now.lock().unwrap() += SignedDuration::from_mins(21);
        desk.try_poll().await.unwrap();
    }
    desk.is_told(Freshness::Late, "连续读取失败").await;
}

#[tokio::test]
async fn an_empty_small_box_is_healthy_for_days_and_told_when_it_cannot_be_read() {
    let desk = Desk::new(modis_box).await;
    for _ in 0..72 {
        desk.pass(1);
        assert_eq!(desk.poll(HEADER.to_owned()).await, []);
    }
    assert_eq!(desk.app.json("/readyz").await["status"], "ok");
    desk.origin.now_answer(Answer::new(503, "down"));
    for _ in 0..3 {
        desk.pass(1);
        desk.try_poll().await.unwrap();
    }
    desk.is_told(Freshness::Late, "连续读取失败").await;
    desk.origin.now_answer(Answer::new(200, "Invalid MAP_KEY."));
    desk.try_poll().await.unwrap();
    desk.is_told(Freshness::Refused, "数据源拒绝了最近一次请求").await;
}

/// Makes the database refuse every poll, as a full disk does.
fn refuse_polls(path: &Path, refuse: &str) {
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(refuse).unwrap();
}

#[tokio::test]
async fn a_poll_that_cannot_be_recorded_is_told_on_every_page_and_forgotten_when_it_can() {
    let desk = Desk::modis().await;
    desk.poll(ordinary(desk.time())).await;
    let path = desk.app.store.path().to_owned();
    refuse_polls(
        &path,
        "CREATE TRIGGER full BEFORE INSERT ON polls BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    );
    desk.poll(ordinary(desk.time())).await;
    desk.is_told(Freshness::NotRecorded, "起无法记录").await;
    let ready = desk.app.json("/readyz").await;
    assert_eq!(ready["not_recorded"][0]["feed"], "noaa20", "{ready}");
    assert!(desk.app.page("/").await.contains("disk is full"), "and why");
    refuse_polls(&path, "DROP TRIGGER full");
    desk.poll(ordinary(desk.time())).await;
    assert_eq!(desk.app.json("/readyz").await["status"], "ok");
}

#[tokio::test]
async fn a_body_that_cannot_be_kept_is_told_on_every_page() {
    let mut desk = Desk::modis().await;
    let blocked = desk.app.store.path().with_file_name("blocked");
    std::fs::write(&blocked, "a file where a folder should be").unwrap();
    let good = std::mem::replace(&mut desk.watch.bodies, Bodies::beside(&blocked.join("firegrid.sqlite")));
    desk.poll(ordinary(desk.time())).await;
    desk.is_told(Freshness::NotRecorded, "起无法记录").await;
    desk.watch.bodies = good;
    desk.poll(ordinary(desk.time())).await;
    assert_eq!(desk.app.json("/readyz").await["status"], "ok");
}

#[tokio::test]
async fn real_days_of_a_small_box_raise_no_alarm() {
    let Some(folder) = real_data("firms/replay") else { return };
    let files: BTreeSet<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 50);
    let desk = Desk::new(modis_box).await;
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let stamp = name.rsplit('_').next().unwrap();
        let parsed = firegrid::domain::time::DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).unwrap();
        *desk.now.lock().unwrap() = firegrid::domain::time::TimeZone::UTC.to_timestamp(parsed).unwrap();
        // The keyless form of the same rows; the box has a column more.
        assert_eq!(desk.poll(std::fs::read_to_string(&file).unwrap()).await, [], "{name}");
    }
}

#[tokio::test]
async fn real_global_files_raise_no_alarm_and_every_part_that_is_taken_out_of_them_does() {
    for file in ["firms/MODIS_C6_1_Global_24h.2022-02-26.csv.gz", "firms/MODIS_C6_1_Global_24h.2023-03-10.csv.gz"] {
        let Some(path) = real_data(file) else { return };
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        let newest = newest_row(&text);
        let desk = Desk::modis().await;
        *desk.now.lock().unwrap() = newest + SignedDuration::from_hours(2);
        assert_eq!(desk.poll(text.clone()).await, [], "{file}");
        let (head, body) = text.split_once('\n').unwrap();
        let keep = |keep: &dyn Fn(usize, &str) -> bool| {
            let lines = body.split_inclusive('\n').enumerate();
            let kept: String = lines.filter(|(i, line)| keep(*i, line)).map(|(_, line)| line).collect();
            format!("{head}\n{kept}")
        };
        let near = |line: &str| {
            let mut cells = line.split(',').map(|cell| cell.parse::<f64>().unwrap_or_default());
            let (lat, lon) = (cells.next().unwrap(), cells.next().unwrap());
            (34.0..57.0).contains(&lat) && (105.0..142.0).contains(&lon)
        };
        let cases = [
            ("one row left", keep(&|i, _| i == 0)),
            ("no row", keep(&|_, _| false)),
            ("the region gone", keep(&|_, line| !near(line))),
            ("half unreadable", keep(&|_, _| true).replace(",T,", ",?,")),
        ];
        for (what, body) in cases {
            assert!(!desk.poll(body).await.is_empty(), "{file}: {what}");
        }
        assert_eq!(desk.poll(text.clone()).await, [], "{file}: whole again");
        let first = Desk::modis().await;
        *first.now.lock().unwrap() = desk.time();
        let found = first.poll(keep(&|_, line| !line.contains(",T,"))).await;
        assert!(matches!(found[..], [Silence::Satellite { satellite: Satellite::Terra, newest: None }]), "{found:?}");
    }
}

fn newest_row(text: &str) -> Timestamp {
    let of = |line: &str| {
        let cells: Vec<_> = line.split(',').collect();
        firegrid::domain::time::parse_acquisition(cells[5], cells[6]).unwrap()
    };
    text.lines().skip(1).map(of).max().unwrap()
}
