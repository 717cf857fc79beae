//! Everything hostile at once, against the real program: half requests, guessed passwords, floods of photos, reads of whole
//! spans, tables that unpack to much, from one address and from many.
//!
//! Meanwhile a desk opens its pages and brings alerts, an inspector elsewhere sends photos, and a feed is polled. Every poll
//! must be recorded within its interval, the desk's pages must come, memory must stay bounded, and nothing that was
//! acknowledged may be missing afterwards. `make hostile MINUTES=10` does it for longer.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpSocket;
use tokio_util::sync::CancellationToken;

use crate::fault_origin::{Answer, Origin};
use crate::installation::{HEADER, Installation, Running, row};
use crate::pictures::jpeg;

/// How long it lasts in the ordinary run of the tests.
const ORDINARY: Duration = Duration::from_secs(25);

/// The pace of the feed, the fastest there is.
const INTERVAL: Duration = Duration::from_secs(10);

/// What a poll that comes late on a busy machine may take beyond.
const GRACE: Duration = Duration::from_secs(5);

/// The most memory, bytes.
const MEMORY: u64 = 600_000_000;

/// Pixels of the weeks before, for whoever reads whole spans.
const HISTORY: usize = 1500;

/// Half requests that are held open.
const HALF_REQUESTS: usize = 150;

/// What was done and how it went.
#[derive(Default)]
struct Tally {
    /// How long the desk waited for each page.
    duty: Mutex<Vec<Duration>>,
    /// Alerts and photos that were acknowledged.
    cases: Mutex<BTreeSet<String>>,
    photos: Mutex<BTreeSet<String>>,
    /// The most memory that was seen, bytes.
    memory: AtomicU64,
    /// Answers to the hostile, by status.
    hostile: Mutex<std::collections::BTreeMap<u16, u64>>,
}

impl Tally {
    fn count(&self, status: StatusCode) {
        *self.hostile.lock().unwrap().entry(status.as_u16()).or_default() += 1;
    }
}

/// A client that comes from an address of this machine of its own.
fn client_at(n: u8) -> Client {
    let client = Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(30));
    client.local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 1, n))).build().unwrap()
}

fn how_long() -> Duration {
    let minutes = std::env::var("FIREGRID_HOSTILE_MINUTES").ok().and_then(|text| text.parse::<u64>().ok());
    minutes.map_or(ORDINARY, Duration::from_mins)
}

/// An installation with history, accounts and their tokens.
struct Site {
    installation: Installation,
    office: String,
    viewer: String,
    flooder: String,
    inspector: String,
    _folder: tempfile::TempDir,
}

impl Site {
    fn make(feed: &Origin) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "[polling]\ninterval_secs = {}\n[[source]]\nid = \"feed\"\nkind = \"firms_files\"\nsatellite = \"noaa20\"\n\
             region = \"Russia_Asia\"\nbase_url = \"{}\"\n",
            INTERVAL.as_secs(),
            feed.base_url()
        );
        let installation = Installation::make(folder.path(), &config);
        let office = installation.add_office();
        let history: String = (0..HISTORY)
            .map(|i| {
                let (lon, lat) = (122.2 + 0.012 * (i % 50) as f64, 45.2 + 0.02 * (i / 50 % 30) as f64);
                row(lon, lat, jiff::SignedDuration::from_mins(300 + 25 * i64::try_from(i).unwrap()))
            })
            .collect();
        let file = folder.path().join("history.csv");
        std::fs::write(&file, HEADER.to_owned() + &history).unwrap();
        installation.run(&["ingest", file.to_str().unwrap(), "--origin", "live"]);
        let token = |name: &str, role: &str, unit: &str, power: &str| {
            installation.run(&["user", "add", name, "--role", role, "--unit", unit, "--person", name]);
            let made = installation.run(&["user", "token", name, "--label", "t", "--power", power, "--days", "1"]);
            String::from_utf8(made.stdout).unwrap().trim().to_owned()
        };
        let (viewer, flooder) =
            (token("viewer", "viewer", "2201", "read"), token("flooder", "inspector", "220101", "write"));
        let inspector = token("inspector", "inspector", "220102", "write");
        Self { installation, office, viewer, flooder, inspector, _folder: folder }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_load_stops_no_poll_no_page_and_loses_nothing() {
    let body = HEADER.to_owned() + &row(122.5, 45.5, jiff::SignedDuration::from_hours(2));
    let feed = Origin::start(Answer::new(200, body)).await;
    let site = Arc::new(Site::make(&feed));
    let service = site.installation.start();
    let (tally, stop) = (Arc::new(Tally::default()), CancellationToken::new());
    let url: Arc<str> = service.url.clone().into();

    let calm = median(&calm(&url, &site).await);
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..HALF_REQUESTS {
        tasks.spawn(until_stopped(stop.clone(), half_requests(url.clone(), n)));
    }
    for n in 0..8 {
        tasks.spawn(until_stopped(stop.clone(), guess(url.clone(), n, tally.clone())));
        tasks.spawn(until_stopped(stop.clone(), flood(url.clone(), site.clone(), n, tally.clone())));
    }
    for n in 0..20 {
        tasks.spawn(until_stopped(stop.clone(), read_whole_spans(url.clone(), site.clone(), n, tally.clone())));
    }
    for n in 0..3 {
        tasks.spawn(until_stopped(stop.clone(), import_bombs(url.clone(), site.clone(), n, tally.clone())));
    }
    tasks.spawn(until_stopped(stop.clone(), keep_desk(url.clone(), site.clone(), tally.clone())));
    tasks.spawn(until_stopped(stop.clone(), patrol(url.clone(), site.clone(), tally.clone())));
    let pid = service.pid();
    while began.elapsed() < how_long() {
        tally.memory.fetch_max(memory_of(pid), Ordering::Relaxed);
        assert!(!service.has_ended(), "the service ended");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stop.cancel();
    // What one of them found wrong is wrong.
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    judge(&service, &site, &tally, calm, began.elapsed());
    let (status, took) = service.stop();
    assert!(status.success() && took < Duration::from_secs(12), "{status} after {took:?}");
    nothing_is_lost(&site, &tally);
}

async fn until_stopped(stop: CancellationToken, work: impl Future<Output = ()>) {
    stop.run_until_cancelled(work).await;
}

/// How long the desk's pages take when nobody does harm.
async fn calm(url: &str, site: &Site) -> Vec<Duration> {
    let client = client_at(1);
    let mut times = Vec::new();
    for _ in 0..3 {
        for path in DESK {
            times.push(page(&client, url, &site.office, path).await.unwrap());
        }
    }
    times
}

const DESK: [&str; 3] = ["/duty", "/problems", "/"];

async fn page(client: &Client, url: &str, token: &str, path: &str) -> Result<Duration, String> {
    let began = Instant::now();
    let answer =
        client.get(format!("{url}{path}")).bearer_auth(token).send().await.map_err(|error| error.to_string())?;
    let status = answer.status();
    let text = answer.text().await.map_err(|error| error.to_string())?;
    if status == StatusCode::OK { Ok(began.elapsed()) } else { Err(format!("{path} {status}: {text}")) }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}

/// Opens pages all the time, and brings an alert now and then.
async fn keep_desk(url: Arc<str>, site: Arc<Site>, tally: Arc<Tally>) {
    let client = client_at(1);
    for turn in 0_u32.. {
        for path in DESK {
            let time =
                page(&client, &url, &site.office, path).await.unwrap_or_else(|error| panic!("the desk: {error}"));
            tally.duty.lock().unwrap().push(time);
        }
        // As often as a desk may, however long it lasts.
        if turn % 4 == 0 && tally.cases.lock().unwrap().len() < 100 {
            let case = json!({"source": "patrol", "lon": 122.21 + 0.03 * f64::from(turn % 20), "lat": 45.25});
            let call = client.post(format!("{url}/api/v1/alerts")).bearer_auth(&site.office);
            let call = call.header("content-type", "application/json").body(case.to_string());
            let answer = call.send().await.unwrap();
            assert!(answer.status().is_success(), "the desk brings an alert: {}", answer.status());
            let added: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
            tally.cases.lock().unwrap().insert(added["number"].as_str().unwrap().to_owned());
        }
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}

/// Sends a photo now and then, from another township than the flood.
async fn patrol(url: Arc<str>, site: Arc<Site>, tally: Arc<Tally>) {
    let client = client_at(2);
    // As often as the share of a day allows, however long it lasts.
    let pause = Duration::from_secs(2).max(how_long() / 190);
    for n in 0_u32.. {
        let photo = jpeg(&format!("patrol {n}"));
        let began = Instant::now();
        let call = client.post(format!("{url}/api/v1/photos")).bearer_auth(&site.inspector).body(photo);
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "an inspector's photo");
        assert!(began.elapsed() < Duration::from_secs(15), "a photo took {:?}", began.elapsed());
        let told: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        tally.photos.lock().unwrap().insert(told["hash"].as_str().unwrap().to_owned());
        tokio::time::sleep(pause).await;
    }
}

/// Holds half a request open, and again when it is closed.
async fn half_requests(url: Arc<str>, n: usize) {
    let to: SocketAddr = url.trim_start_matches("http://").parse().unwrap();
    // Half of them from one address, the others each from one of its own.
    let from = if n.is_multiple_of(2) {
        Ipv4Addr::new(127, 0, 2, 1)
    } else {
        Ipv4Addr::new(127, 0, 3, u8::try_from(n).unwrap())
    };
    loop {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        if let Ok(mut line) = socket.connect(to).await
            && line.write_all(b"GET /duty HTTP/1.1\r\nhost: localhost\r\n").await.is_ok()
        {
            while line.write_all(b"x-slow: 1\r\n").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Guesses passwords without end.
async fn guess(url: Arc<str>, n: u8, tally: Arc<Tally>) {
    let client = client_at(10 + n / 2 * 2);
    for turn in 0_u32.. {
        let name = if n.is_multiple_of(2) { "office".to_owned() } else { format!("nobody{turn}") };
        let form = format!("name={name}&password=guess{turn}");
        let call = client.post(format!("{url}/sign-in")).header("sec-fetch-site", "same-origin");
        let call = call.header("content-type", "application/x-www-form-urlencoded").body(form);
        if let Ok(answer) = call.send().await {
            tally.count(answer.status());
        }
    }
}

/// Sends photos without end: small ones, and noise as large as is taken.
async fn flood(url: Arc<str>, site: Arc<Site>, n: u8, tally: Arc<Tally>) {
    let client = client_at(30);
    let noise: Vec<u8> = [vec![0xFF, 0xD8, 0xFF], (0..8_000_000).map(|i: u32| i.to_le_bytes()[0]).collect()].concat();
    for turn in 0_u32.. {
        let body = if n.is_multiple_of(4) { noise.clone() } else { jpeg(&format!("flood {n} {turn}")) };
        let call = client.post(format!("{url}/api/v1/photos")).bearer_auth(&site.flooder).body(body);
        if let Ok(answer) = call.send().await {
            tally.count(answer.status());
        }
    }
}

/// Reads all there is, in every way there is.
async fn read_whole_spans(url: Arc<str>, site: Arc<Site>, n: usize, tally: Arc<Tally>) {
    let client = client_at(40 + u8::try_from(n % 4).unwrap());
    let day = |ago: i64| {
        let then = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(24 * ago)).unwrap();
        then.strftime("%Y-%m-%d").to_string()
    };
    let (today, month_ago) = (day(0), day(30));
    let paths = [
        format!("/api/v1/detections.geojson?from={month_ago}&to={today}"),
        "/api/v1/detections.geojson?from=1970-01-01&to=2100-01-01".to_owned(),
        "/ogc/collections/detections/items?limit=1000&f=json".to_owned(),
        "/api/v1/alerts/export?format=xlsx".to_owned(),
        format!("/?date={month_ago}"),
        "/problems?open=false".to_owned(),
    ];
    for path in paths.iter().cycle().skip(n) {
        if let Ok(answer) = client.get(format!("{url}{path}")).bearer_auth(&site.viewer).send().await {
            tally.count(answer.status());
            // Whoever floods does not always wait for the end.
            if !n.is_multiple_of(3) {
                let _ = answer.bytes().await;
            }
        }
    }
}

/// Imports what unpacks to much more than it is, and what is just long.
async fn import_bombs(url: Arc<str>, site: Arc<Site>, n: u8, tally: Arc<Tally>) {
    let client = client_at(50 + n);
    let long = "计划编号,单位代码\n".to_owned() + &"P-1,220101\n".repeat(700_000);
    let bombs = [long.into_bytes(), bomb()];
    for bomb in bombs.iter().cycle() {
        let call = client.post(format!("{url}/api/v1/plans/import?dry_run=true")).bearer_auth(&site.office);
        if let Ok(answer) = call.body(bomb.clone()).send().await {
            tally.count(answer.status());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A workbook whose one sheet is 300 MB of blanks.
fn bomb() -> Vec<u8> {
    use std::io::Write as _;
    let mut book = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, text) in [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
    ] {
        book.start_file(name, packed).unwrap();
        book.write_all(text.as_bytes()).unwrap();
    }
    book.start_file("xl/worksheets/sheet1.xml", packed).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..300 {
        book.write_all(&blanks).unwrap();
    }
    book.finish().unwrap().into_inner()
}

/// The memory of a process that stands in RAM, bytes.
fn memory_of(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() * 1024
}

fn judge(service: &Running, site: &Site, tally: &Tally, calm: Duration, lasted: Duration) {
    let duty = tally.duty.lock().unwrap().clone();
    let (median, longest) = (median(&duty), duty.iter().max().copied().unwrap());
    let memory = tally.memory.load(Ordering::Relaxed);
    let hostile = tally.hostile.lock().unwrap().clone();
    eprintln!(
        "{lasted:.1?}: {} pages of the desk, median {median:.1?} (calm {calm:.1?}), longest {longest:.1?}; {} MB; hostile answers \
         {hostile:?}",
        duty.len(),
        memory / 1_000_000
    );
    // Unoptimised and beside other work a page takes long by itself: then the bound is what it takes when it is calm.
    assert!(
        median < Duration::from_secs(1).max(calm * 6),
        "pages of the desk took {median:?} at the median, calm {calm:?}"
    );
    assert!(memory < MEMORY, "{memory} bytes");
    assert!(hostile.get(&429).is_some_and(|answers| *answers > 20), "the hostile were told to wait: {hostile:?}");
    assert_eq!(hostile.iter().filter(|(status, _)| **status == 500).count(), 0, "{hostile:?}");
    let polls = polls(site);
    assert!(polls.len() as u64 >= lasted.as_secs() / (INTERVAL + GRACE).as_secs(), "{polls:?}");
    for pair in polls.windows(2) {
        let apart = Duration::from_millis(u64::try_from(pair[1] - pair[0]).unwrap());
        assert!(apart <= INTERVAL + GRACE, "{apart:?} between two polls of the feed");
    }
    assert!(!service.has_ended());
}

/// When the polls of the feed were recorded, milliseconds.
fn polls(site: &Site) -> Vec<i64> {
    let db = Connection::open(site.installation.database()).unwrap();
    let mut select = db.prepare("SELECT recorded_at FROM polls WHERE source_id = 'feed' ORDER BY id").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

fn nothing_is_lost(site: &Site, tally: &Tally) {
    let db = Connection::open(site.installation.database()).unwrap();
    let exists = |sql: &str, value: &str| db.prepare(sql).unwrap().exists([value]).unwrap();
    let (cases, photos) = (tally.cases.lock().unwrap(), tally.photos.lock().unwrap());
    assert!(!cases.is_empty() && !photos.is_empty(), "{} alerts, {} photos", cases.len(), photos.len());
    for number in cases.iter() {
        assert!(exists("SELECT 1 FROM alerts WHERE number = ?1", number), "alert {number} is gone");
    }
    for hash in photos.iter() {
        assert!(exists("SELECT 1 FROM photo_senders WHERE hash = ?1", hash), "the sender of {hash} is gone");
        assert!(site.installation.path("data/photos").join(&hash[..2]).join(hash).exists(), "photo {hash} is gone");
    }
    let verified = site.installation.command(&["audit", "verify", "--json"]).output().unwrap();
    let verified: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(verified["faults"], json!([]), "{verified}");
}
