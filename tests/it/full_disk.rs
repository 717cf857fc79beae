//! A disk that is full, really: a small file system, filled up. Nothing is claimed that was not done, reading goes on,
//! and room alone is enough to go on writing.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use reqwest::Client;
use serde_json::{Value, json};

use crate::installation::{HEADER, Installation, Running, client, drop_file, row, until};
use crate::pictures::jpeg;

/// Room of the file system: the database and its log, with a few megabytes to spare.
const ROOM: &str = "size=12m";

/// A small file system of its own; unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None` where this user may not mount one, said aloud.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", ROOM, "tmpfs"]).arg(folder.path());
        if mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: a full disk; mounting a small one needs root");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room there is.
    fn fill(&self) {
        let mut filler = File::options().create(true).append(true).open(self.filler()).unwrap();
        for size in [65_536, 4096, 1] {
            while filler.write_all(&vec![7; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a killed service may still be going.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// A service on a small disk, its log there too, with one alert.
struct Crowded {
    disk: SmallDisk,
    installation: Installation,
    service: Running,
    client: Client,
    token: String,
    number: String,
    drop: tempfile::TempDir,
}

impl Crowded {
    async fn start() -> Option<Self> {
        let disk = SmallDisk::mount()?;
        let drop = tempfile::tempdir().unwrap();
        let config = format!(
            "[shares]\nfree_disk_mb = 0\n[polling]\ninterval_secs = 10\n[[source]]\nid = \"dropped\"\nkind = \"drop_folder\"\npath = \"{}\"\n",
            drop.path().display()
        );
        drop_file(
            drop.path(),
            "first.csv",
            &format!("{HEADER}{}", row(122.7, 45.5, jiff::SignedDuration::from_hours(2))),
        );
        let installation = Installation::make(disk.path(), &config);
        let token = installation.add_office();
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = File::create(disk.path().join("log")).unwrap();
        let mut command = installation.command(&["run"]);
        command.env("FIREGRID_LISTEN", address.to_string()).stdout(Stdio::null()).stderr(log);
        let service = Running::new(command.spawn().unwrap(), format!("http://{address}"));
        let mut crowded = Self { disk, installation, service, client: client(), token, number: String::new(), drop };
        until("the alert", async || {
            let listed = crowded.get("/api/v1/alerts").await.map(|(_, body)| body).unwrap_or_default();
            let listed: Value = serde_json::from_str(&listed).unwrap_or_default();
            listed["items"][0]["number"].as_str().unwrap_or_default().clone_into(&mut crowded.number);
            !crowded.number.is_empty()
        })
        .await;
        Some(crowded)
    }

    async fn get(&self, path: &str) -> Option<(StatusCode, String)> {
        let answer =
            self.client.get(format!("{}{path}", self.service.url)).bearer_auth(&self.token).send().await.ok()?;
        Some((answer.status(), answer.text().await.ok()?))
    }

    async fn post(&self, path: &str, kind: &str, body: Vec<u8>) -> (StatusCode, String) {
        let request = self.client.post(format!("{}{path}", self.service.url)).bearer_auth(&self.token);
        let answer = request.header("content-type", kind).body(body).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Notes a telephone call, under a name of its own.
    async fn call(&self, id: &str) -> (StatusCode, Value) {
        let act = json!({"act": "call", "whom": "村委会", "answered": true, "client_id": id, "note": "满".repeat(300)});
        let path = format!("/api/v1/alerts/{}/acts", self.number);
        let (status, body) = self.post(&path, "application/json", act.to_string().into_bytes()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    /// The ids of commands in the log.
    fn recorded(&self) -> Vec<String> {
        let db = rusqlite::Connection::open(self.installation.database()).unwrap();
        let mut select =
            db.prepare("SELECT client_id FROM events WHERE client_id IS NOT NULL ORDER BY client_id").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}

fn unfinished(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let all = entries.flat_map(|path| if path.is_dir() { unfinished(&path) } else { vec![path] });
    all.filter(|path| path.to_string_lossy().contains(".part")).collect()
}

#[tokio::test]
async fn on_a_full_disk_writes_say_so_reading_goes_on_and_room_is_enough_to_go_on() {
    let Some(crowded) = Crowded::start().await else { return };
    let (mut done, mut refused) = (BTreeSet::new(), None);
    crowded.disk.fill();
    // The log of the database has room of its own until it must grow.
    for number in 0..3000 {
        let id = format!("call-{number:04}");
        let (status, answer) = crowded.call(&id).await;
        if status != StatusCode::OK {
            assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{answer}");
            refused = Some((id, answer));
            break;
        }
        done.insert(id);
    }
    let (id, answer) = refused.expect("the disk takes no more");
    assert!(answer["detail_zh"].as_str().unwrap().contains("磁盘已满"), "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("nothing was changed"), "{answer}");

    let (status, page) = crowded
        .post(
            &format!("/duty/alerts/{}/call", crowded.number),
            "application/x-www-form-urlencoded",
            b"whom=x&answered=yes".to_vec(),
        )
        .await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{page}");
    assert!(page.contains("磁盘已满或无法写入") && page.contains("返回上一页"), "{page}");
    let photo = jpeg(&"x".repeat(60_000));
    let (status, said) = crowded.post("/api/v1/photos", "image/jpeg", photo.clone()).await;
    assert_eq!(status, StatusCode::INSUFFICIENT_STORAGE, "{said}");
    assert!(unfinished(crowded.disk.path()).is_empty(), "what could not be written takes no room");
    for path in ["/", "/status", "/problems", "/api/v1/alerts", "/livez", &format!("/alerts/{}", crowded.number)] {
        assert_eq!(crowded.get(path).await.unwrap().0, StatusCode::OK, "{path}");
    }
    assert_eq!(crowded.get("/readyz").await.unwrap().0, StatusCode::SERVICE_UNAVAILABLE);

    // A pass comes in meanwhile; it is there when there is room again.
    drop_file(
        crowded.drop.path(),
        "second.csv",
        &format!("{HEADER}{}", row(122.3, 45.5, jiff::SignedDuration::from_hours(1))),
    );
    crowded.disk.free();
    assert_eq!(crowded.call(&id).await.0, StatusCode::OK, "nothing has to be restarted");
    done.insert(id);
    assert_eq!(crowded.post("/api/v1/photos", "image/jpeg", photo).await.0, StatusCode::CREATED);
    assert_eq!(crowded.get("/readyz").await.unwrap().0, StatusCode::OK);
    until("the second alert", async || {
        crowded.get("/api/v1/alerts").await.unwrap().1.matches("\"number\"").count() == 2
    })
    .await;

    let recorded = crowded.recorded();
    assert_eq!(recorded.iter().cloned().collect::<BTreeSet<_>>(), done, "what was answered, and nothing else");
    assert_eq!(recorded.len(), done.len(), "once each");
    let audit = crowded.installation.verify();
    assert!(audit["faults"].as_array().unwrap().is_empty(), "{audit}");
    let (status, _) = crowded.service.stop();
    assert!(status.success(), "{status}");
}
