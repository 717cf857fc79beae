//! An installation on disk and the real program on it: started, asked, killed, stopped, started again.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::region_files::small_region;
use crate::service::program;

/// A start that takes longer than this is a fault, on a machine that runs the other tests too.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How long something may take to happen: longer than a poll that could not be recorded waits.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Units and one zone, without a date that would pass.
const MANIFEST: &str = r#"id = "small"
name = { zh = "小城", en = "Small" }
time_zone = "Asia/Shanghai"
outside_zones = "ban"
extent = [121.0, 44.0, 125.0, 46.6]
neighbour_belt_km = 10.0
[units]
path = "units.geojson"
datum = "wgs84"
[zones]
path = "zones.geojson"
datum = "wgs84"
"#;

const ZONES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"ban-1","name":"禁烧区","class":"ban"},"geometry":{"type":"Polygon","coordinates":[[[122.2,45.2],[122.8,45.2],[122.8,45.8],[122.2,45.8],[122.2,45.2]]]}}
]}
"#;

/// The first line of a file of a VIIRS satellite.
pub const HEADER: &str =
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";

/// A folder with region files, a configuration and, once it was started, a database.
pub struct Installation {
    folder: PathBuf,
}

impl Installation {
    /// Over two townships of one county, with this configuration; `FOLDER` in it is the folder.
    pub fn make(folder: &Path, config: &str) -> Self {
        let region = folder.join("region");
        std::fs::create_dir_all(&region).unwrap();
        std::fs::write(region.join("units.geojson"), &small_region()["units.geojson"]).unwrap();
        std::fs::write(region.join("zones.geojson"), ZONES).unwrap();
        std::fs::write(region.join("region.toml"), MANIFEST).unwrap();
        let config = config.replace("FOLDER", &folder.display().to_string());
        std::fs::write(folder.join("firegrid.toml"), config).unwrap();
        Self { folder: folder.to_owned() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("data/firegrid.sqlite")
    }

    /// The program with these arguments.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = program(&self.folder);
        command.args(args);
        command
    }

    /// Runs a command that must succeed.
    pub fn run(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// What the proof of the record says: whole, though no head outside proves it.
    pub fn verify(&self) -> Value {
        let output = self.command(&["audit", "verify", "--json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Adds the city's office and returns a token of its that may act for everybody.
    pub fn add_office(&self) -> String {
        self.run(&["user", "add", "office", "--role", "city", "--person", "市值班员"]);
        let token = self.run(&["user", "token", "office", "--label", "test", "--power", "act_for", "--days", "1"]);
        String::from_utf8(token.stdout).unwrap().trim().to_owned()
    }

    /// Starts the service and waits until it says where it is.
    pub fn start(&self) -> Running {
        let started = Running::start(self.command(&["run"]), Life::Long);
        started.unwrap_or_else(|said| panic!("the service did not start: {said}"))
    }
}

/// A row of a fire that was seen so long ago.
pub fn row(lon: f64, lat: f64, ago: jiff::SignedDuration) -> String {
    let seen = jiff::Timestamp::now().checked_sub(ago).unwrap();
    let (day, minute) = (seen.strftime("%Y-%m-%d"), seen.strftime("%H%M"));
    format!("{lat:.5},{lon:.5},334.1,0.39,0.36,{day},{minute},N20,nominal,2.0NRT,291.0,2.31,D\n")
}

/// Puts a file where it is complete for whoever looks, as if it had lain there for a while.
pub fn drop_file(folder: &Path, name: &str, text: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let unfinished = folder.join(format!(".{name}"));
    std::fs::write(&unfinished, text).unwrap();
    let settled = std::time::SystemTime::now() - Duration::from_mins(10);
    std::fs::File::options().write(true).open(&unfinished).unwrap().set_modified(settled).unwrap();
    std::fs::rename(&unfinished, folder.join(name)).unwrap();
}

/// A client that keeps no line open, so that a killed service is never waited for.
pub fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).pool_max_idle_per_host(0);
    client.timeout(Duration::from_secs(20)).build().unwrap()
}

/// Waits until something holds.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < PATIENCE, "{what} did not happen within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// When a service is killed, whatever it is doing by then.
#[derive(Debug, Clone, Copy)]
pub enum Life {
    /// Not at all, once it runs.
    Long,
    /// So long after it was spawned.
    FromSpawn(Duration),
    /// So long after it said that it runs.
    FromRunning(Duration),
}

/// A service that runs; killed when dropped.
pub struct Running {
    child: Arc<Mutex<Child>>,
    pub url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        // Already gone in most tests.
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Running {
    /// One that says where it is by other ways than its log.
    pub fn new(child: Child, url: String) -> Self {
        Self { child: Arc::new(Mutex::new(child)), url }
    }

    /// Starts the service and waits until it says where it is; what it said where it ended instead.
    pub fn start(mut command: Command, life: Life) -> Result<Self, String> {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut running = Self::new(child, String::new());
        let runs = Arc::new(AtomicBool::new(false));
        running.kill_after(START_LIMIT, &runs);
        if let Life::FromSpawn(life) = life {
            running.kill_after(life, &Arc::default());
        }
        let mut said = String::new();
        for line in lines.by_ref() {
            let line = line.unwrap_or_default();
            if let Some((_, rest)) = line.split_once("running: ") {
                rest.split_whitespace().next().unwrap().trim_end_matches('/').clone_into(&mut running.url);
                runs.store(true, Ordering::Relaxed);
                if let Life::FromRunning(life) = life {
                    running.kill_after(life, &Arc::default());
                }
                // Nobody may stop reading: a full pipe would stop the service.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(running);
            }
            said.push_str(&line);
            said.push('\n');
        }
        assert!(began.elapsed() < START_LIMIT, "the start took {:?}: {said}", began.elapsed());
        let status = running.child.lock().unwrap().wait().unwrap();
        Err(format!("{status}: {said}"))
    }

    /// Kills it after a time, unless it is spared by then. One that was waited for is not signalled.
    fn kill_after(&self, after: Duration, spared: &Arc<AtomicBool>) {
        let (child, spared) = (self.child.clone(), spared.clone());
        std::thread::spawn(move || {
            std::thread::sleep(after);
            if !spared.load(Ordering::Relaxed) {
                let _ = child.lock().unwrap().kill();
            }
        });
    }

    pub fn signal(&self, name: &str) {
        let mut child = self.child.lock().unwrap();
        // The number of one that was waited for may be another process's by now.
        if child.try_wait().unwrap().is_none() {
            let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
            assert!(sent.success());
        }
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    pub fn has_ended(&self) -> bool {
        self.child.lock().unwrap().try_wait().unwrap().is_some()
    }

    /// Asks the service to stop; how it ended, and how long that took.
    pub fn stop(self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        self.signal("-TERM");
        let status = self.child.lock().unwrap().wait().unwrap();
        (status, began.elapsed())
    }
}
