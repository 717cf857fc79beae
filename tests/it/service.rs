//! The real program as a service: started, fed, reloaded, killed, stopped.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use crate::commands::Desk;
use crate::harness::real_data;
use crate::region_files::Outlines;

const HEADER: &str =
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";
const PATIENCE: Duration = Duration::from_secs(30);

/// A `firegrid run` on a copy of the sample region, fed by a drop folder.
pub struct Service {
    child: Child,
    pub url: String,
    token: String,
    folder: tempfile::TempDir,
}

/// What a page says, some time.
pub type Asked = std::pin::Pin<Box<dyn Future<Output = reqwest::Result<String>> + Send>>;

impl Drop for Service {
    fn drop(&mut self) {
        // Already gone in most tests.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn start() -> Self {
        Self::start_with("")
    }

    /// With more in its configuration.
    fn start_with(more: &str) -> Self {
        Self::start_at(more, "127.0.0.1:0")
    }

    /// And at an address.
    pub fn start_at(more: &str, listen: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let region = folder.path().join("region");
        std::fs::create_dir(&region).unwrap();
        for entry in std::fs::read_dir("regions/baicheng").unwrap() {
            let from = entry.unwrap().path();
            std::fs::copy(&from, region.join(from.file_name().unwrap())).unwrap();
        }
        let drop = folder.path().join("drop");
        std::fs::create_dir(&drop).unwrap();
        let more = more.replace("FOLDER", &folder.path().display().to_string());
        let config = format!(
            "{more}\n[polling]\ninterval_secs = 10\n[[source]]\nid = \"dropped\"\nkind = \"drop_folder\"\npath = \"{}\"\n",
            drop.display()
        );
        std::fs::write(folder.path().join("firegrid.toml"), config).unwrap();
        let (child, url) = spawn_at(folder.path(), listen);
        let add = ["user", "add", "office", "--role", "city", "--person", "市值班员"];
        assert!(program(folder.path()).args(add).output().unwrap().status.success());
        let token = ["user", "token", "office", "--label", "test", "--power", "read", "--days", "1"];
        let token = program(folder.path()).args(token).output().unwrap();
        let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
        assert_eq!(token.len(), 43, "{token}");
        Self { child, url, token, folder }
    }

    pub fn command(&self, args: &[&str]) -> std::process::Output {
        program(self.folder.path()).args(args).output().unwrap()
    }

    fn region_version(&self) -> String {
        let output = self.command(&["status", "--json"]);
        let status: Value = serde_json::from_slice(&output.stdout).unwrap();
        status["region_version"].as_str().unwrap().to_owned()
    }

    /// Drops a file with one fire in the ban zone of the first county, seen today at 08:00.
    pub fn drop_fire(&self) -> PathBuf {
        let file = self.folder.path().join("drop/noaa20.csv");
        let row = format!("45.62000,122.84000,334.1,0.39,0.36,{},0000,N20,nominal,2.0NRT,291.0,2.31,D\n", today());
        std::fs::write(&file, format!("{HEADER}{row}")).unwrap();
        // A file that has lain there for a while is known to be whole.
        let settled = SystemTime::now() - Duration::from_mins(10);
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(settled).unwrap();
        file
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Where its database is.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("data/firegrid.sqlite")
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }

    /// Asks it for a page, as often as it is called.
    pub fn asking(&self, path: &str) -> impl Fn() -> Asked + Send + use<> {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let (url, token) = (format!("{}{path}", self.url), self.token.clone());
        move || {
            let request = client.get(&url).bearer_auth(&token);
            Box::pin(async move { request.send().await?.text().await })
        }
    }

    async fn get(&self, path: &str) -> String {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        client.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await.unwrap().text().await.unwrap()
    }
}

pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firegrid"));
    command
        .arg("--config")
        .arg(folder.join("firegrid.toml"))
        .env("FIREGRID_REGION", folder.join("region"))
        .env("FIREGRID_DATABASE", folder.join("data/firegrid.sqlite"))
        .env("FIREGRID_LISTEN", "127.0.0.1:0");
    command
}

/// Starts the service and waits until it says where it is.
fn spawn(folder: &Path) -> (Child, String) {
    spawn_at(folder, "127.0.0.1:0")
}

fn spawn_at(folder: &Path, listen: &str) -> (Child, String) {
    let mut child = program(folder).arg("run").env("FIREGRID_LISTEN", listen).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let url = loop {
        let line = lines.next().expect("the service says that it runs").unwrap();
        if let Some((_, rest)) = line.split_once("running: ") {
            break rest.split_whitespace().next().unwrap().trim_end_matches('/').to_owned();
        }
    };
    // Nobody may stop reading: a full pipe would stop the service.
    std::thread::spawn(move || lines.for_each(drop));
    (child, url)
}

/// Waits until something holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < PATIENCE, "{what} did not happen within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

#[tokio::test]
async fn a_dropped_file_becomes_an_alert_on_the_page_and_the_service_stops_when_asked() {
    let mut service = Service::start();
    let file = service.drop_fire();
    // The first minute of a UTC day is 08:00 of the same day here, whatever the hour is now.
    let (alerts, page) = (format!("/api/v1/alerts/of-days?from={}", today()), format!("/?date={}", today()));
    until("the alert", async || service.get(&alerts).await.contains("\"verdict\":\"banned\"")).await;
    assert!(service.get(&page).await.contains("禁烧区火点"));
    until("the file is put away", async || service.folder.path().join("drop/done").exists() && !file.exists()).await;
    assert!(service.get("/status").await.contains("dropped"));
    assert_eq!(service.get("/livez").await.trim(), "ok");

    let second = service.command(&["run"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another firegrid is running"));

    service.signal("-TERM");
    let start = Instant::now();
    let status = service.child.wait().unwrap();
    assert!(status.success() && start.elapsed() < Duration::from_secs(10), "{status:?} after {:?}", start.elapsed());
}

#[tokio::test]
async fn the_service_fires_its_clocks_and_writes_the_head_of_its_log_outside() {
    let config = "[clocks]\nacknowledge_minutes = 0\n[audit]\nheads = \"FOLDER/heads.txt\"\n";
    let mut service = Service::start_with(config);
    service.drop_fire();
    until("the alert", async || service.get("/api/v1/alerts").await.contains("\"verdict\":\"banned\"")).await;
    let listed: Value = serde_json::from_str(&service.get("/api/v1/alerts").await).unwrap();
    let case = format!("/api/v1/alerts/{}", listed["items"][0]["number"].as_str().unwrap());
    // Whatever stands between the cell and the city is told one after the other, and then nobody.
    until("the ceiling", async || service.get(&case).await.contains("\"kind\":\"ceiling_reached\"")).await;
    assert!(service.get(&case).await.matches("\"kind\":\"escalated\"").count() >= 2);
    let heads = service.folder.path().join("heads.txt");
    until("the head", async || heads.exists()).await;
    let metrics = service.get("/metrics").await;
    assert!(metrics.contains("firegrid_clock_jump_total 0"), "an alarm needs a zero to rise from: {metrics}");

    // Down over whatever is due, then up again: nothing fires twice.
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    let (child, url) = spawn(service.folder.path());
    (service.child, service.url) = (child, url);
    let overdue = service.command(&["alerts", "list", "--overdue", "--json"]);
    let listed: Value = serde_json::from_slice(&overdue.stdout).unwrap();
    let number = listed["alerts"][0]["number"].as_str().unwrap().to_owned();
    let shown = service.command(&["alerts", "show", &number, "--json"]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let fired = shown["clocks"].as_array().unwrap().iter().filter(|clock| !clock["fired_at"].is_null()).count();
    let said = shown["events"].as_array().unwrap().iter().filter(|event| event["kind"] == "overdue").count();
    assert_eq!(fired, said);
    let verified = service.command(&["audit", "verify", "--heads", heads.to_str().unwrap(), "--json"]);
    let audit: Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!((audit["faults"].as_array().unwrap().len(), audit["heads"].as_u64() >= Some(1)), (0, true), "{audit}");
    assert_eq!(audit["verdict"], "proven", "{audit}");
    let written = || std::fs::read_to_string(&heads).unwrap();
    let before = written();
    assert!(service.command(&["user", "add", "late", "--role", "city", "--person", "赵"]).status.success());
    service.signal("-TERM");
    assert!(service.child.wait().unwrap().success());
    let last = written();
    let last: Vec<&str> = last.lines().last().unwrap().split(' ').collect();
    assert!(
        written().len() > before.len() && last.len() == 8,
        "a last one at the stop, with what was sealed: {last:?}"
    );
}

#[tokio::test]
async fn a_hangup_takes_up_good_region_files_and_keeps_the_old_when_they_are_bad() {
    let service = Service::start();
    let first = service.region_version();
    let manifest = service.folder.path().join("region/region.toml");
    let good = std::fs::read_to_string(&manifest).unwrap();

    std::fs::write(&manifest, "id = 3").unwrap();
    service.signal("-HUP");
    until("the refusal", async || service.get("/metrics").await.contains("firegrid_zone_reload_failures_total 1"))
        .await;
    assert_eq!(service.region_version(), first);

    std::fs::write(&manifest, good.replace("neighbour_belt_km = 10", "neighbour_belt_km = 11")).unwrap();
    service.signal("-HUP");
    until("the new version", async || service.region_version() != first).await;
    let short = service.region_version()[..12].to_owned();
    until("the service uses it", async || service.get("/status").await.contains(&short)).await;
}

#[tokio::test]
async fn a_start_with_bad_region_files_goes_on_by_the_version_before_and_says_so() {
    let mut service = Service::start();
    let first = service.region_version();
    service.signal("-TERM");
    assert!(service.wait().success());
    let zones = service.folder.path().join("region/zones.geojson");
    let good = std::fs::read_to_string(&zones).unwrap();
    std::fs::write(&zones, "{").unwrap();

    (service.child, service.url) = spawn(service.folder.path());
    assert_eq!(service.region_version(), first);
    let ready: Value = serde_json::from_str(&service.get("/readyz").await).unwrap();
    assert_eq!((&ready["status"], &ready["region_faults"]), (&"degraded".into(), &1.into()));
    let page = service.get("/status").await;
    assert!(page.contains("区划文件有误，未采用") && page.contains("zones.geojson"), "{page}");

    std::fs::write(&zones, good).unwrap();
    service.signal("-HUP");
    until("the end of the warning", async || !service.get("/").await.contains("区划文件有误")).await;
}

#[test]
fn commands_that_meet_on_a_new_database_all_work() {
    let desk = Desk::new(Path::new("regions/baicheng"));
    let together: Vec<_> = (0..6)
        .map(|_| desk.command(&["status", "--json"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in together {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[tokio::test]
async fn a_killed_service_starts_again_at_once() {
    let mut service = Service::start();
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    let (child, url) = spawn(service.folder.path());
    (service.child, service.url) = (child, url);
    assert_eq!(service.get("/livez").await.trim(), "ok");
}

/// Killed at any moment, the next run ends where an undisturbed one ends.
#[test]
fn an_ingest_killed_again_and_again_loses_and_doubles_nothing() {
    let Some(replay) = real_data("firms/replay") else { return };
    let calm = Desk::of_counties(Outlines::CountiesWgs84, "wgs84").unwrap();
    calm.ingest(&replay, "live");
    let killed = Desk::new(calm.region());
    let mut interrupted = 0;
    for millis in [5, 20, 40, 60, 80, 120, 160, 200, 250, 300] {
        let mut child = killed
            .command(&["ingest", replay.to_str().unwrap(), "--origin", "live"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        interrupted += usize::from(!child.wait().unwrap().success());
    }
    assert!(interrupted > 3, "the kills really came in the middle");
    killed.ingest(&replay, "live");
    assert_eq!(killed.facts(), calm.facts());
    let damaged: PathBuf = killed.path("bodies");
    let unfinished = walk(&damaged).into_iter().filter(|path| path.extension().is_some_and(|e| e == "gz"));
    for body in unfinished {
        let mut text = String::new();
        let file = std::fs::File::open(&body).unwrap();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).unwrap();
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
