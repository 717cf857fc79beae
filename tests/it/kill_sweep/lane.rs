//! One installation and its lives: each is started on what the kill before left, used, and killed.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;

use super::callers::{Callers, Host, Waiting};
use super::oracle::{Evidence, Told};
use crate::fault_origin::{Answer, Origin};
use crate::installation::{HEADER, Installation, Life, PATIENCE, Running, client, drop_file, row};

/// System calls after which something else stands on disk.
const WRITES: [&str; 6] = ["pwrite64", "fsync", "fdatasync", "rename", "write", "ftruncate"];

/// System calls that fail, and how: a full disk, a dying one, a quota, too many files. Not `write`, which wakes the
/// runtime too and never fails at that: a disk that is really full has a test of its own.
const FAILURES: [(&str, &str); 9] = [
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EIO"),
    ("pwrite64", "EDQUOT"),
    ("fsync", "EIO"),
    ("fdatasync", "EIO"),
    ("rename", "ENOSPC"),
    ("ftruncate", "EIO"),
    ("openat", "EMFILE"),
    ("unlink", "EROFS"),
];

/// Longest time from a start to its kill: a start takes a third of it, the first poll and some acts the rest.
const LONGEST_LIFE_MS: u64 = 500;

/// An installation that is killed again and again.
pub struct Lane {
    installation: Installation,
    origin: Origin,
    token: String,
    rng: Rng,
    waiting: Arc<Mutex<Waiting>>,
    shared: Arc<Mutex<Told>>,
    has_strace: bool,
    in_feed: String,
    /// Every row that was ever given to the service.
    pub rows: Vec<String>,
    /// What the callers were told, once the sweep is over.
    pub told: Told,
    /// How it was killed, in words.
    pub kills: String,
    by_time: usize,
    by_call: usize,
    failing: usize,
    refused_to_start: usize,
    while_starting: usize,
    _folder: tempfile::TempDir,
}

impl Lane {
    pub async fn make(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let origin = Origin::start(Answer::new(200, HEADER)).await;
        let config = format!(
            "[polling]\ninterval_secs = 10\n\
             [[source]]\nid = \"noaa20\"\nkind = \"firms_files\"\nsatellite = \"noaa20\"\nbase_url = \"{}\"\n\
             [[source]]\nid = \"dropped\"\nkind = \"drop_folder\"\npath = \"FOLDER/drop\"\n",
            origin.base_url()
        );
        let installation = Installation::make(folder.path(), &config);
        let token = installation.add_office();
        Self {
            installation,
            origin,
            token,
            rng: Rng::with_seed(seed),
            waiting: Arc::default(),
            shared: Arc::default(),
            has_strace: can_trace(),
            in_feed: HEADER.to_owned(),
            rows: Vec::new(),
            told: Told::default(),
            kills: String::new(),
            by_time: 0,
            by_call: 0,
            failing: 0,
            refused_to_start: 0,
            while_starting: 0,
            _folder: folder,
        }
    }

    /// Starts the service on what is there, with something new in every feed, and kills it.
    pub async fn one_life(&mut self) {
        self.feed();
        let mut command = self.installation.command(&["run"]);
        let mut host = Host::Sound;
        let after = Duration::from_millis(self.rng.u64(1..LONGEST_LIFE_MS));
        // A tracer that is killed before it traces stays behind.
        let mut life = Life::FromRunning(after);
        match self.rng.u8(0..4) {
            0 if self.has_strace => {
                host = Host::Failing;
                command = self.failing(&command);
                self.failing += 1;
            }
            1 | 2 if self.has_strace => {
                command = self.killed_at_a_call(&command);
                self.by_call += 1;
            }
            _ => {
                life = Life::FromSpawn(after);
                self.by_time += 1;
            }
        }
        match tokio::task::block_in_place(|| Running::start(command, life)) {
            Ok(running) => self.use_until_gone(running, host).await,
            // A start may fail that cannot read or write, and says why.
            Err(said) if host == Host::Failing && said.starts_with("exit status: 1:") => self.refused_to_start += 1,
            Err(said) => {
                assert!(said.starts_with("signal: 9"), "a start failed by itself: {said}");
                self.while_starting += 1;
            }
        }
    }

    /// A new fire in the feed, now and then one in the folder: each far from every other.
    fn feed(&mut self) {
        let fire = self.new_row();
        self.in_feed.push_str(&fire);
        self.origin.now_answer(Answer::new(200, self.in_feed.clone()));
        if self.rng.bool() {
            let fire = self.new_row();
            let name = format!("{}.csv", self.rows.len());
            drop_file(&self.installation.path("drop"), &name, &format!("{HEADER}{fire}"));
        }
    }

    fn new_row(&mut self) -> String {
        let place = self.rows.len();
        let (east, north) = ((place % 30) as f64, (place / 30) as f64);
        let ago = jiff::SignedDuration::from_mins(60 + i64::try_from(place % 50).unwrap());
        let row = row(122.03 + east * 0.03, 45.03 + north * 0.03, ago);
        self.rows.push(row.clone());
        row
    }

    /// The command, killed at one of its writes.
    fn killed_at_a_call(&mut self, command: &Command) -> Command {
        let call = self.rng.choice(WRITES).unwrap();
        let place = self.rng.u32(1..if call == "pwrite64" { 120 } else { 25 });
        traced(command, call, &format!("signal=SIGKILL:when={place}"))
    }

    /// The command, some of whose calls fail, one or several in a row.
    fn failing(&mut self, command: &Command) -> Command {
        let (call, error) = self.rng.choice(FAILURES).unwrap();
        let (first, more) = (self.rng.u32(1..if call == "pwrite64" { 120 } else { 40 }), self.rng.u32(0..4));
        traced(command, call, &format!("error={error}:when={first}..{}", first + more * 10))
    }

    fn callers(&self, running: &Running, host: Host) -> Callers {
        Callers {
            host,
            client: client(),
            url: running.url.clone(),
            token: self.token.clone(),
            told: self.shared.clone(),
            waiting: self.waiting.clone(),
        }
    }

    async fn use_until_gone(&mut self, running: Running, host: Host) {
        let callers = self.callers(&running, host);
        let (acting, sending) = (self.rng.fork(), self.rng.fork());
        let reload = self.rng.bool().then(|| self.rng.u64(0..100));
        if reload.is_some() {
            self.change_region();
        }
        let reloading = async {
            if let Some(after) = reload {
                tokio::time::sleep(Duration::from_millis(after)).await;
                running.signal("-HUP");
            }
        };
        // Each ends when the service is gone.
        let _ = tokio::join!(callers.assert_ready(), callers.act_on(acting), callers.send_photos(sending), reloading);
    }

    /// The files in a version that was never there.
    fn change_region(&mut self) {
        let manifest = self.installation.path("region/region.toml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("neighbour_belt_km"));
        let lines = lines.collect::<Vec<_>>().join("\n");
        let belt = format!("neighbour_belt_km = {}.{}\n", 10 + self.rows.len() % 20, self.rng.u16(0..1000));
        let text = lines.replacen("[units]", &format!("{belt}[units]"), 1);
        let whole = manifest.with_extension("new");
        std::fs::write(&whole, text).unwrap();
        std::fs::rename(whole, manifest).unwrap();
    }

    async fn wait_for_every_fire(&self) {
        let began = std::time::Instant::now();
        loop {
            let recorded = Evidence::read(&self.installation).detections.len();
            if recorded >= self.rows.len() {
                return;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{recorded} of {} fires are recorded after {PATIENCE:?}",
                self.rows.len()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The last start: everything that was not answered is sent again, everything that was is asked for.
    pub async fn settle(&mut self) -> Evidence {
        let running = self.installation.start();
        let callers = self.callers(&running, Host::Sound);
        callers.assert_ready().await.unwrap();
        callers.act_again().await.unwrap();
        callers.send_again().await.unwrap();
        self.wait_for_every_fire().await;
        let (number, unit) = callers.cases().await.unwrap().swap_remove(0);
        callers.name_photos(&number, &unit).await.unwrap();
        let photos = self.shared.lock().unwrap().photos.clone();
        for (hash, bytes) in photos {
            if !callers.hands_out(&hash, &bytes).await.unwrap() {
                self.shared.lock().unwrap().wrong.push(format!("the photo {hash} is not handed out as it was sent"));
            }
        }
        let (status, _) = running.stop();
        assert!(status.success(), "{status}");
        let audit = self.installation.verify();
        assert!(audit["faults"].as_array().unwrap().is_empty(), "{audit}");
        self.told = std::mem::take(&mut *self.shared.lock().unwrap());
        self.kills = format!(
            "{} after a time, {} at a system call, {} with failing calls; {} while starting, {} starts refused",
            self.by_time, self.by_call, self.failing, self.while_starting, self.refused_to_start
        );
        Evidence::read(&self.installation)
    }
}

/// Every thread, and the tracer no parent, so that the process is known by its own number.
const TRACE: [&str; 5] = ["-D", "-f", "--seccomp-bpf", "-o", "/dev/null"];

/// A command under a tracer that does something to one of its system calls.
fn traced(command: &Command, call: &str, harm: &str) -> Command {
    let mut traced = Command::new("strace");
    traced.args(TRACE).args(["-e", &format!("trace={call}"), "-e", &format!("inject={call}:{harm}")]);
    traced.arg(command.get_program()).args(command.get_args());
    traced.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    traced
}

fn can_trace() -> bool {
    let traced = Command::new("strace").args(TRACE).arg("true").output();
    let can = traced.is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("SKIPPED: kills at a system call; strace is missing or may not trace. Kills after a time remain");
    }
    can
}
