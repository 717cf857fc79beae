//! The pages over a database of 1,000,000 alerts: an inspector's list, the office's day map, and two hundred people at
//! once while ingest runs as fast as it can.
//!
//! The alerts are written straight into the tables, on the cells of the sample region: an inspector's cell has a few
//! hundred of them, forty still open; other cells have four. Times of single pages are from the request to the last
//! byte, without a network; the reference is the sign-in page, which reads nothing. The crowd comes over loopback to a
//! served site in the same process, so clients, server and ingest share the machine's cores: that bounds the figure.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use firegrid::credentials;
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::actor::Actor;
use firegrid::domain::ground::Ground;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::domain::unit::{UnitCode, UnitLevel};
use firegrid::store::{AccountChange, NewAccount, NewToken, Store};
use firegrid::web::{Site, router};
use rusqlite::{Connection, Transaction, params};
use tower::ServiceExt as _;

use super::measure::{median_of, report};
use super::record::fire_day;

const ALERTS: usize = 1_000_000;

/// Alerts that are not over, of a cell whose inspector is measured and of any other: in all some fourteen thousand, a
/// week of fire days that nobody has worked off.
const OPEN_WATCHED: usize = 40;
const OPEN_A_CELL: usize = 4;

/// Marks of the requirements.
const LIST_MS: f64 = 5.0;
const LIST_BYTES: usize = 30 * 1024;
const MAP_MS: f64 = 100.0;
const MAP_BYTES: usize = 300 * 1024;
const CROWD_P99_MS: f64 = 200.0;

const CROWD: usize = 200;

const DAY_MAP: &str = "/api/v1/map/day?date=2026-04-13";

/// What one of ten of the crowd looks at in the city's office, one in a township, and the others in the field.
const OFFICE: [&str; 3] = ["/problems", "/api/v1/alerts?limit=50", DAY_MAP];
const TOWNSHIP: [&str; 2] = ["/duty", "/api/v1/alerts?open=true&limit=50"];
const FIELD: [&str; 3] = ["/my", "/my", "/api/v1/alerts?limit=20"];

/// How long the crowd works, and how long one of it looks at a page before the next.
const CROWD_LASTS: Duration = Duration::from_secs(20);
const LOOKS_FOR: Duration = Duration::from_secs(2);

fn now() -> Timestamp {
    "2026-04-13T05:00:00Z".parse().unwrap()
}

/// Measures all three.
pub fn run() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let _inside = runtime.enter();
    let loaded = firegrid::regions::load(std::path::Path::new("regions/baicheng")).unwrap();
    let ground = Arc::new(Ground::build(loaded.data));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firegrid.sqlite");
    let store = Store::open(&path).unwrap();
    let cells: Vec<UnitCode> =
        ground.data().units.iter().filter(|unit| unit.level == UnitLevel::Grid).map(|unit| unit.code.clone()).collect();
    fill(&path, &ground, &cells);
    runtime.block_on(accounts(&store, &ground, &cells));
    let site = router(Arc::new(site(&store, &ground)));

    let list = OnePage {
        what: "an inspector's list (/my)",
        path: "/my",
        who: "cell0",
        reference: ("the sign-in page", "/sign-in"),
        marks: (LIST_MS, LIST_BYTES),
    };
    one_page(&runtime, &site, &list);
    day_map(&runtime, &store, &ground, &site);
    alone(&runtime, &site);
    crowd(&runtime, &store, &ground, site);
}

/// Each page of the crowd with nobody beside it.
fn alone(runtime: &tokio::runtime::Runtime, site: &Router) {
    let pages = [("city", &OFFICE[..]), ("township", &TOWNSHIP[..]), ("cell2", &FIELD[1..])];
    for (who, path) in pages.iter().flat_map(|(who, paths)| paths.iter().map(move |path| (*who, *path))) {
        let (time, _) = median_of(5, || runtime.block_on(ask(site, path, Some(who), false)));
        println!("  {:<52} {:>10.3} ms alone", format!("{path} as {who}"), time.as_secs_f64() * 1000.0);
    }
}

/// A page, who asks for it, and what it is held against.
struct OnePage<'a> {
    what: &'a str,
    path: &'a str,
    who: &'a str,
    reference: (&'a str, &'a str),
    marks: (f64, usize),
}

fn one_page(runtime: &tokio::runtime::Runtime, site: &Router, page: &OnePage<'_>) {
    let OnePage { what, path, who, reference, marks } = *page;
    let (bare, _) = median_of(21, || runtime.block_on(ask(site, reference.1, Some(who), false)));
    let (time, plain) = median_of(21, || runtime.block_on(ask(site, path, Some(who), false)));
    let packed = runtime.block_on(ask(site, path, Some(who), true));
    report(what, time, (reference.0, bare));
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked.len().abs_diff(plain.len()) < 200, "the same page, but for its time and reference");
    let (ms, bytes) = (time.as_secs_f64() * 1000.0, packed.len());
    println!(
        "  {:<52} {bytes} bytes compressed of {}; {} {:.0} ms, {} {} KB",
        "",
        plain.len(),
        if ms < marks.0 { "under" } else { "OVER" },
        marks.0,
        if bytes < marks.1 { "under" } else { "OVER" },
        marks.1 / 1024
    );
}

fn day_map(runtime: &tokio::runtime::Runtime, store: &Store, ground: &Arc<Ground>, site: &Router) {
    let rows = fire_day(ground, 10_000);
    for part in rows.chunks(2_500) {
        let batch = super::record::batch(part.to_vec());
        runtime.block_on(store.record(batch, ground.clone(), Arc::default(), now())).unwrap();
    }
    let map = OnePage {
        what: "the day map's data, 10,000 detections",
        path: DAY_MAP,
        who: "city",
        reference: ("the same detections as GeoJSON", "/api/v1/detections.geojson?from=2026-04-13"),
        marks: (MAP_MS, MAP_BYTES),
    };
    one_page(runtime, site, &map);
}

fn crowd(runtime: &tokio::runtime::Runtime, store: &Store, ground: &Arc<Ground>, site: Router) {
    let (times, recorded) = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = tokio::spawn(async move { axum::serve(listener, site).await });
        let stop = Arc::new(AtomicBool::new(false));
        let ingest = tokio::spawn(ingest(store.clone(), ground.clone(), stop.clone()));
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).gzip(true).build().unwrap();
        let people: Vec<_> = (0..CROWD).map(|n| tokio::spawn(person(client.clone(), url.clone(), n))).collect();
        let mut times = Vec::new();
        for one in people {
            times.extend(one.await.unwrap());
        }
        stop.store(true, Ordering::Relaxed);
        let recorded = ingest.await.unwrap();
        served.abort();
        (times, recorded)
    });
    let rate = times.len() as f64 / CROWD_LASTS.as_secs_f64();
    let recorded = recorded as f64 / CROWD_LASTS.as_secs_f64();
    println!("  {CROWD} people for {CROWD_LASTS:?}: {rate:.0} pages/s beside {recorded:.0} detections/s");
    let all = times.iter().map(|(_, time)| *time).collect();
    let p99 = percentiles("all their pages", all);
    println!("  {:<52} p99 {} {CROWD_P99_MS:.0} ms", "", if p99 < CROWD_P99_MS { "under" } else { "OVER" });
    let mut by_path: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (path, time) in times {
        by_path.entry(path).or_default().push(time);
    }
    for (path, times) in by_path {
        percentiles(path, times);
    }
}

/// Prints how long pages took; the 99th percentile in milliseconds.
fn percentiles(what: &str, mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!(
        "  {what:<52} p50 {:>7.1} ms, p99 {:>7.1} ms, worst {:>7.1} ms of {}",
        at(50),
        at(99),
        at(100),
        times.len()
    );
    at(99)
}

/// Records day after day until told to stop; how many detections.
async fn ingest(store: Store, ground: Arc<Ground>, stop: Arc<AtomicBool>) -> u64 {
    let mut recorded = 0;
    let mut day = 0;
    while !stop.load(Ordering::Relaxed) {
        day += 1;
        // What prepares the load must not take a thread from the pages that are measured.
        let of_day = ground.clone();
        let mut rows = tokio::task::spawn_blocking(move || fire_day(&of_day, 10_000)).await.unwrap();
        for row in &mut rows {
            row.key.acquired_at -= SignedDuration::from_hours(24 * day);
        }
        for part in rows.chunks(500) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let batch = super::record::batch(part.to_vec());
            recorded += store.record(batch, ground.clone(), Arc::default(), now()).await.unwrap().new;
        }
    }
    recorded
}

/// One of the crowd: mostly inspectors with their lists, some offices.
async fn person(client: reqwest::Client, url: String, n: usize) -> Vec<(&'static str, Duration)> {
    let mut rng = fastrand::Rng::with_seed(n as u64);
    let (who, paths): (String, &[&'static str]) = match n % 10 {
        0 => ("city".to_owned(), &OFFICE),
        1 => ("township".to_owned(), &TOWNSHIP),
        _ => (format!("cell{}", n % 50), &FIELD),
    };
    // Nobody begins at the same moment.
    tokio::time::sleep(LOOKS_FOR.mul_f64(rng.f64())).await;
    let (started, mut times) = (Instant::now(), Vec::new());
    while started.elapsed() < CROWD_LASTS {
        let path = paths[rng.usize(0..paths.len())];
        let asked = Instant::now();
        let answer = client.get(format!("{url}{path}")).bearer_auth(&who).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path} as {who}");
        answer.bytes().await.unwrap();
        times.push((path, asked.elapsed()));
        tokio::time::sleep(LOOKS_FOR.mul_f64(0.5 + rng.f64())).await;
    }
    times
}

/// The body of a page.
pub async fn ask(site: &Router, path: &str, who: Option<&str>, packed: bool) -> Vec<u8> {
    let mut request = Request::get(path);
    if let Some(who) = who {
        request = request.header(header::AUTHORIZATION, format!("Bearer {who}"));
    }
    if packed {
        request = request.header(header::ACCEPT_ENCODING, "gzip");
    }
    let answer = site.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

/// Fifty inspectors stand for every seventh cell.
fn is_watched(cell: usize) -> bool {
    cell.is_multiple_of(7) && cell < 7 * 50
}

/// Fifty inspectors, a township and the city, each with a token of its own name.
pub async fn accounts(store: &Store, ground: &Ground, cells: &[UnitCode]) {
    let city = ground.top().unwrap().code.clone();
    let township = ground.at_level(&cells[0], UnitLevel::Township).unwrap().code.clone();
    let inspectors = (0..50).map(|n| (format!("cell{n}"), Role::Inspector, cells[n * 7].clone()));
    let offices = [("city".to_owned(), Role::City, city), ("township".to_owned(), Role::Township, township)];
    for (name, role, unit) in inspectors.chain(offices) {
        let person = name.clone();
        let new =
            NewAccount { name: name.clone(), person, role, unit, phone: None, password_hash: None, subject: None };
        store.accounts().add(new, Actor::system(), now()).await.unwrap();
        let token = NewToken {
            secret_hash: credentials::digest(&name),
            label: "bench".to_owned(),
            power: TokenPower::Read,
            expires_at: now() + SignedDuration::from_hours(24),
        };
        store.accounts().change(&name, AccountChange::Token(token), Actor::system(), now()).await.unwrap();
    }
}

/// A site over a store, with the clock of the bench.
pub fn site(store: &Store, ground: &Arc<Ground>) -> Site {
    Site {
        database: store.path().to_owned(),
        accounts: store.accounts(),
        health: store.health(),
        ground: tokio::sync::watch::channel(ground.clone()).1,
        patience: firegrid::domain::freshness::Patience {
            late_after: SignedDuration::from_hours(12),
            stale_after: SignedDuration::from_hours(24),
        },
        link_gap: firegrid::domain::fire::DEFAULT_LINK_GAP,
        rules: Arc::default(),
        burn_rules: firegrid::domain::burning::BurnRules::default(),
        approval_rules: firegrid::domain::heat_approval::ApprovalRules::default(),
        suggest_rules: firegrid::domain::heat_suggest::SuggestRules::default(),
        reach: firegrid::web::Reach::default(),
        account_rules: firegrid::web::AccountRules::default(),
        shares: firegrid::domain::share::Shares::default(),
        #[cfg(feature = "oidc")]
        sign_on: None,
        sources: vec!["noaa20".to_owned()],
        simulated: false,
        tiles: firegrid::web::BaseTiles::default(),
        clock: Arc::new(now),
        vitals: Arc::default(),
        metrics: Arc::new(String::new),
        started_at: now(),
        sqlite_version: String::new(),
    }
}

fn fill(path: &std::path::Path, ground: &Ground, cells: &[UnitCode]) {
    let mut db = Connection::open(path).unwrap();
    db.pragma_update(None, "synchronous", "OFF").unwrap();
    let tx = db.transaction().unwrap();
    write(&tx, ground, cells);
    tx.commit().unwrap();
    db.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

fn write(tx: &Transaction<'_>, ground: &Ground, cells: &[UnitCode]) {
    let mut rng = fastrand::Rng::with_seed(7);
    // Alerts of satellites have a fire each.
    let mut fire = tx
        .prepare(
            "INSERT INTO fires (id, created_at, first_seen_at, last_seen_at, lon, lat, detections, verdict, first_key)
             VALUES (?1, ?2, ?2, ?2, ?3, ?4, 3, ?5, '')",
        )
        .unwrap();
    let mut alert = tx
        .prepare(
            "INSERT INTO alerts (number, source, ground_code, responsible_code, township_code, county_code, owner_code,
                 unit_code, state, origin, verdict, reason, may_be_banned, candidates, other_units, lon, lat, first_key,
                 first_seen_at, last_seen_at, detections, region_version, recorded_at, fire_id)
             VALUES (?1, 'satellite', ?2, ?2, ?2, ?3, ?4, ?4, ?5, 'live', ?6, ?7, 0, '[]', '[]', ?8, ?9, '', ?10, ?10, 3,
                 'bench', ?10, ?11)",
        )
        .unwrap();
    let mut scope = tx
        .prepare(
            "INSERT OR IGNORE INTO alert_scope (unit_code, is_open, first_seen_at, number, relation)
             VALUES (?1, ?2, ?3, ?4, 'own')",
        )
        .unwrap();
    let mut clock = tx
        .prepare(
            "INSERT INTO deadlines (alert_number, kind, unit_code, step, starts_at, due_at) VALUES (?1, 'report', ?2, 0, ?3, ?4)",
        )
        .unwrap();
    let reason = r#"{"rule":"zone","id":"ban-1","name":"城区禁烧区","class":"ban","season":"09-15..05-31","valid_from":null,"valid_to":null}"#;
    let lines: Vec<Vec<String>> =
        cells.iter().map(|cell| ground.line_of(cell).into_iter().map(|unit| unit.code.0.clone()).collect()).collect();
    let level = |cell: &UnitCode, level| ground.at_level(cell, level).unwrap().code.0.clone();
    for n in 0..ALERTS {
        let (turn, i) = (n / cells.len(), n % cells.len());
        let (cell, is_open) = (&cells[i], turn < if is_watched(i) { OPEN_WATCHED } else { OPEN_A_CELL });
        // The day of the map is left to the fire day.
        let days = if is_open { 1 + i64::try_from(turn).unwrap() / 6 } else { 30 + rng.i64(0..1500) };
        let seen = now().as_millisecond() - days * 86_400_000 - rng.i64(0..40) * 600_000;
        let number = format!("{:08}-{:04}", 20_200_101 + n / 5000, n % 5000);
        let state = if is_open { ["open", "acknowledged", "on_site", "reported"][rng.usize(0..4)] } else { "closed" };
        let verdict = ["banned", "unplanned", "off_plan"][rng.usize(0..3)];
        let (lon, lat) = (121.6 + rng.f64() * 2.6, 44.2 + rng.f64() * 2.1);
        let (township, county) = (level(cell, UnitLevel::Township), level(cell, UnitLevel::County));
        let id = i64::try_from(n).unwrap() + 1;
        fire.execute(params![id, seen, lon, lat, verdict]).unwrap();
        alert.execute(params![number, township, county, cell.0, state, verdict, reason, lon, lat, seen, id]).unwrap();
        for code in &lines[i] {
            scope.execute(params![code, is_open, seen, number]).unwrap();
        }
        if is_open {
            clock.execute(params![number, cell.0, seen, seen + 7_200_000 * rng.i64(1..90)]).unwrap();
        }
    }
}
