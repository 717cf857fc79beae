//! Whose database it is: what is missing, foreign, older or gone is refused with what to do, and left as it is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use firegrid::domain::alert::Act;
use firegrid::store::{Acceptance, Error, Look, Outside, Store};
use firegrid::words::Say;
use rusqlite::Connection;
use serde_json::json;

use crate::alert_life::at;
use crate::commands::Desk as Office;
use crate::ground_fixture::row;
use crate::harness::head_of;
use crate::pages::App;
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

/// An installation that was used and stopped: an alert with a photo, a body, nothing open.
struct Installation {
    folder: tempfile::TempDir,
}

impl Installation {
    async fn stopped() -> Self {
        Self::stopped_at(122.02, 45.97).await
    }

    /// With its fire there.
    async fn stopped_at(lon: f64, lat: f64) -> Self {
        let Desk { store, folder, ground, rules } = Desk::new();
        let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ground, rules };
        desk.record(vec![row(lon, lat, NOON)]).await;
        let number = desk.alerts().await[0].number.clone();
        desk.act(&number, Act::Acknowledge, person("王", "A-a-1")).await.unwrap();
        firegrid::media::Bodies::beside(desk.store.path()).keep(b"latitude,longitude\n").unwrap();
        firegrid::media::Photos::beside(desk.store.path()).keep(&crate::pictures::jpeg("a"), None).unwrap();
        desk.store.close().await;
        let this = Self { folder };
        assert!(!this.file("firegrid.sqlite-wal").exists(), "closing brings the log into the file");
        this
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.file("firegrid.sqlite")
    }

    fn open(&self) -> Result<Store, Error> {
        Store::open(&self.database())
    }

    /// Every file of the folder with its content, but for what only coordinates processes.
    fn content(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        walk(self.folder.path(), &mut files);
        files.retain(|(path, _)| !path.to_string_lossy().ends_with("-shm"));
        files.sort();
        files
    }
}

fn walk(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.is_symlink() {
            files.push((path.clone(), std::fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()));
        } else {
            files.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
}

/// The same in another place, with one more event in its log.
async fn further(of: &Installation) -> Vec<u8> {
    let store = of.open().unwrap();
    let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ..Desk::new() };
    let number = desk.alerts().await[0].number.clone();
    desk.act(&number, Act::Arrive { position: None }, person("王", "A-a-1")).await.unwrap();
    desk.store.close().await;
    std::fs::read(of.database()).unwrap()
}

fn name_of(error: &Error) -> &'static str {
    match error {
        Error::Missing { what: "is missing", .. } => "missing",
        Error::Missing { .. } => "empty",
        Error::NotADatabase { .. } => "no database",
        Error::ForeignDatabase { .. } => "foreign",
        Error::ForeignLog { .. } => "foreign log",
        Error::OtherInstallation { .. } => "other installation",
        Error::RolledBack { .. } => "rolled back",
        Error::Damaged { .. } => "damaged",
        Error::File { .. } => "file",
        _ => "another",
    }
}

type Spoil = fn(&Installation);

/// What may stand in the place of the database at a start, and what it is called.
const STATES: [(&str, &str, Spoil); 19] = [
    ("the database is gone", "missing", |of| remove(&of.database())),
    ("the database and the files beside it are gone, photos and bodies stand", "missing", |of| {
        for ending in ["", ".installation", ".tip"] {
            remove(&of.file(&format!("firegrid.sqlite{ending}")));
        }
    }),
    ("only the file with the id stands", "missing", |of| {
        remove(&of.database());
        for folder in ["photos", "bodies"] {
            std::fs::remove_dir_all(of.file(folder)).unwrap();
        }
        remove(&of.file("firegrid.sqlite.tip"));
    }),
    ("only the lock of a service of an earlier version stands", "missing", |of| {
        spoil_all(of);
        std::fs::write(of.file("firegrid.sqlite.lock"), "").unwrap();
    }),
    ("only a write-ahead log stands", "missing", |of| {
        spoil_all(of);
        std::fs::write(of.file("firegrid.sqlite-wal"), [7; 5000]).unwrap();
    }),
    ("only unfinished uploads stand", "missing", |of| {
        spoil_all(of);
        std::fs::create_dir_all(of.file("uploads/1")).unwrap();
    }),
    ("the name leads to a disk that is not mounted", "missing", |of| {
        remove(&of.database());
        std::os::unix::fs::symlink("/nowhere/firegrid.sqlite", of.database()).unwrap();
    }),
    ("the file is empty", "empty", |of| std::fs::write(of.database(), "").unwrap()),
    ("the file is empty beside a log", "empty", |of| {
        spoil_all(of);
        std::fs::write(of.database(), "").unwrap();
        std::fs::write(of.file("firegrid.sqlite-wal"), [7; 5000]).unwrap();
    }),
    ("the file is an empty database", "empty", |of| {
        remove(&of.database());
        Connection::open(of.database()).unwrap().execute_batch("VACUUM; PRAGMA user_version = 1").unwrap();
    }),
    ("the file is a text", "no database", |of| std::fs::write(of.database(), "id,name\n".repeat(99)).unwrap()),
    ("the file is cut within its header", "no database", |of| cut(&of.database(), 60)),
    ("the file begins with zeros", "no database", |of| {
        let mut bytes = std::fs::read(of.database()).unwrap();
        bytes[..512].fill(0);
        std::fs::write(of.database(), bytes).unwrap();
    }),
    ("the file is cut at half", "damaged", |of| {
        let half = of.database().metadata().unwrap().len() / 2;
        cut(&of.database(), half);
    }),
    ("another program's database, by its mark", "foreign", |of| {
        remove(&of.database());
        let other = Connection::open(of.database()).unwrap();
        other.execute_batch("PRAGMA application_id = 1196437808; CREATE TABLE features (id)").unwrap();
    }),
    ("another program's database, without a mark", "foreign", |of| {
        spoil_all(of);
        let other = Connection::open(of.database()).unwrap();
        other.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE alerts (id); CREATE TABLE orders (id)").unwrap();
    }),
    ("the database of another installation", "other installation", |of| {
        let other = tempfile::tempdir().unwrap();
        let path = other.path().join("firegrid.sqlite");
        // Dropped at once, and closed by that.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { drop(Store::open(&path).unwrap()) });
        std::fs::copy(&path, of.database()).unwrap();
    }),
    ("a write-ahead log that is none", "foreign log", |of| {
        std::fs::write(of.file("firegrid.sqlite-wal"), "not a log at all ".repeat(999)).unwrap();
    }),
    ("the name is a folder", "file", |of| {
        remove(&of.database());
        std::fs::create_dir(of.database()).unwrap();
    }),
];

fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap();
}

fn spoil_all(of: &Installation) {
    for entry in std::fs::read_dir(of.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { std::fs::remove_dir_all(&path).unwrap() } else { remove(&path) }
    }
}

fn cut(path: &Path, to: u64) {
    std::fs::File::options().write(true).open(path).unwrap().set_len(to).unwrap();
}

#[tokio::test]
async fn none_of_these_files_is_taken_for_a_new_database_and_all_stay_as_they_are() {
    for (state, expected, spoil) in STATES {
        let installation = Installation::stopped().await;
        std::thread::scope(|scope| scope.spawn(|| spoil(&installation)).join().unwrap());
        let before = installation.content();
        // Twice: the first refusal must not make the second one pass.
        for _ in 0..2 {
            let error = installation.open().err().unwrap_or_else(|| panic!("{state} is opened"));
            assert_eq!(name_of(&error), expected, "{state}: {error}");
            let said = error.to_string();
            assert!(said.contains("firegrid.sqlite") && !said.contains("  "), "{state}: {said}");
        }
        let after = installation.content();
        let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        assert_eq!(names(&before), names(&after), "{state}");
        assert!(before == after, "{state}: a file was changed");
    }
}

#[tokio::test]
async fn a_log_of_another_database_is_not_played_into_this_one() {
    let installation = Installation::stopped().await;
    let other = Installation::stopped_at(122.08, 45.92).await;
    let store = other.open().unwrap();
    let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ..Desk::new() };
    let number = desk.alerts().await[0].number.clone();
    desk.act(&number, Act::Arrive { position: None }, person("王", "A-a-1")).await.unwrap();
    let log = std::fs::read(other.file("firegrid.sqlite-wal")).unwrap();
    assert!(log.len() > 4096);
    std::fs::write(installation.file("firegrid.sqlite-wal"), log).unwrap();
    let before = installation.content();
    let refused = installation.open().err().map(|error| name_of(&error));
    assert!(refused.is_some(), "the log of another installation is played in");
    assert!(before == installation.content(), "{refused:?}: a file was changed");
    // And of a database of which nothing is known.
    let foreign = tempfile::tempdir().unwrap();
    let path = foreign.path().join("other.sqlite");
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA application_id = 7; PRAGMA journal_mode = WAL; CREATE TABLE t (x)").unwrap();
    std::fs::copy(foreign.path().join("other.sqlite-wal"), installation.file("firegrid.sqlite-wal")).unwrap();
    assert_eq!(installation.open().err().map(|error| name_of(&error)), Some("foreign log"));
}

#[tokio::test]
async fn a_database_older_than_what_was_acknowledged_counts_only_when_a_person_accepts_it() {
    let installation = Installation::stopped().await;
    let old = std::fs::read(installation.database()).unwrap();
    let new = further(&installation).await;
    std::fs::write(installation.database(), &old).unwrap();
    let refused = installation.open().err().unwrap();
    assert_eq!(name_of(&refused), "rolled back", "{refused}");
    assert!(refused.say().en.contains("accept-restored"), "{refused}");

    let acceptance = Acceptance {
        actor: person("管理员", "S"), why: "磁盘更换，采用昨夜备份".to_owned(), at: at(NOW)
    };
    let store =
        Store::open_witnessed(&installation.database(), Outside { accepted: Some(&acceptance), ..Outside::default() })
            .unwrap();
    let row = store.whole().log(firegrid::store::LogFilter::default(), None, 1).await.unwrap().remove(0);
    assert_eq!(
        (row.subject_kind.as_str(), row.kind.as_str(), row.actor.as_str()),
        ("installation", "restored", "管理员")
    );
    assert_eq!(row.detail["why"], "磁盘更换，采用昨夜备份");
    assert_eq!(row.detail["expected_event"].as_i64().unwrap(), row.seq, "it replaces the event that was lost");
    store.close().await;
    let store = installation.open().unwrap();
    assert!(store.whole().verify_audit(None).await.unwrap().unwrap().is_faultless());
    store.close().await;
    // The newer one came back after all: its log is another one now.
    std::fs::write(installation.database(), &new).unwrap();
    assert_eq!(installation.open().err().map(|error| name_of(&error)), Some("rolled back"));
}

#[tokio::test]
async fn the_heads_written_elsewhere_witness_against_a_new_or_older_database() {
    let installation = Installation::stopped().await;
    let old = std::fs::read(installation.database()).unwrap();
    further(&installation).await;
    let store = installation.open().unwrap();
    let head = head_of(&store).await;
    store.close().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let heads = elsewhere.path().join("heads.txt");
    std::fs::write(&heads, format!("{} {} {NOW}\n", head.seq, head.hash)).unwrap();
    let open = || {
        Store::open_witnessed(&installation.database(), Outside { heads: Some(&heads), ..Outside::default() }).map(drop)
    };
    open().unwrap();
    // Everything beside the database is as old as it is.
    std::fs::write(installation.database(), &old).unwrap();
    remove(&installation.file("firegrid.sqlite.tip"));
    let refused = open().unwrap_err();
    assert_eq!(name_of(&refused), "rolled back", "{refused}");
    assert!(refused.to_string().contains("heads.txt"), "{refused}");
    spoil_all(&installation);
    assert_eq!(name_of(&open().unwrap_err()), "missing");
}

#[tokio::test]
async fn a_database_of_an_earlier_version_is_taken_over_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firegrid.sqlite");
    let mut db = Connection::open(&path).unwrap();
    let before = crate::migration::embedded::migrations::runner().set_target(refinery::Target::Version(12));
    before.run(&mut db).unwrap();
    db.execute_batch(
        "INSERT INTO sources (id) VALUES ('noaa20');
         INSERT INTO polls VALUES (1, 'noaa20', NULL, 0, 0, 'fetched', 200, '', NULL, NULL, NULL, 1, 1, 0, 0, 0, 0, 0)",
    )
    .unwrap();
    drop(db);
    // A service ran on it, and people sent photos.
    std::fs::write(folder.path().join("firegrid.sqlite.lock"), "").unwrap();
    firegrid::media::Photos::beside(&path).keep(&crate::pictures::jpeg("a"), None).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
    store.close().await;
    let id = std::fs::read_to_string(folder.path().join("firegrid.sqlite.installation")).unwrap();
    let db = Connection::open(&path).unwrap();
    let inside: String = db.query_row("SELECT installation FROM installation", [], |row| row.get(0)).unwrap();
    assert_eq!(id.split_whitespace().next(), Some(inside.as_str()));
    let mark: i64 = db.query_row("PRAGMA application_id", [], |row| row.get(0)).unwrap();
    assert_eq!(mark, 0x4647_7264);
    drop(db);
    // The row was there before there were digests, and has one now.
    Connection::open(&path).unwrap().execute("UPDATE polls SET detail = 'y'", []).unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(store.check(Look::Whole).await.unwrap().len(), 1);
    store.close().await;
}

#[tokio::test]
async fn an_empty_place_or_an_empty_file_with_nothing_beside_it_becomes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/firegrid.sqlite");
    Store::open(&path).unwrap().close().await;
    let path = folder.path().join("empty.sqlite");
    std::fs::write(&path, "").unwrap();
    Store::open(&path).unwrap().close().await;
    Store::open(&path).unwrap().close().await;
}

/// What may happen to the files while the store is open.
const WHILE_OPEN: [(&str, Spoil); 4] = [
    ("the database is removed", |of| remove(&of.database())),
    ("the write-ahead log is removed", |of| remove(&of.file("firegrid.sqlite-wal"))),
    ("the database is replaced by a copy of itself", |of| {
        std::fs::copy(of.database(), of.file("copy")).unwrap();
        std::fs::rename(of.file("copy"), of.database()).unwrap();
    }),
    ("the folder is moved away", |of| {
        let away = of.folder.path().with_extension("away");
        std::fs::rename(of.folder.path(), &away).unwrap();
    }),
];

#[tokio::test]
async fn nothing_is_acknowledged_in_a_file_that_no_longer_stands_under_its_name() {
    for (state, spoil) in WHILE_OPEN {
        let installation = Installation::stopped().await;
        let store = installation.open().unwrap();
        let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ..Desk::new() };
        let number = desk.alerts().await[0].number.clone();
        desk.act(&number, Act::Arrive { position: None }, person("王", "A-a-1")).await.unwrap();
        spoil(&installation);
        let refused = desk.act(&number, Act::PutOut, person("王", "A-a-1")).await.unwrap_err();
        assert!(format!("{refused:?}").contains("Gone"), "{state}: {refused:?}");
        assert!(matches!(desk.store.health().ping().await, Err(Error::Gone { .. })), "{state}");
        assert!(matches!(desk.store.health().check_standing(), Err(Error::Gone { .. })), "{state}");
        let away = installation.folder.path().with_extension("away");
        if away.exists() {
            std::fs::rename(&away, installation.folder.path()).unwrap();
            desk.act(&number, Act::PutOut, person("王", "A-a-1")).await.unwrap();
        }
        desk.store.close().await;
    }
}

#[tokio::test]
async fn another_database_in_the_place_of_an_open_one_keeps_its_log_when_that_one_closes() {
    let installation = Installation::stopped().await;
    let store = installation.open().unwrap();
    store.health().ping().await.unwrap();
    let other = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(installation.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::rename(&path, other.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let db = Connection::open(installation.database()).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    let log = installation.file("firegrid.sqlite-wal");
    let len = log.metadata().unwrap().len();
    assert!(len > 0);
    store.close().await;
    assert_eq!(log.metadata().unwrap().len(), len, "the log of another database was removed");
}

#[tokio::test]
async fn messages_of_the_database_name_the_file() {
    let installation = Installation::stopped().await;
    let store = installation.open().unwrap();
    let db = Connection::open(installation.database()).unwrap();
    db.execute_batch("ALTER TABLE polls RENAME TO polls_away").unwrap();
    let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ..Desk::new() };
    let now = at(NOW);
    let batch = crate::ground_fixture::batch(vec![row(122.03, 45.97, NOON)], now);
    let error = desk.store.record(batch, desk.ground.clone(), desk.rules.clone(), now).await.unwrap_err();
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(format!("{error}: {cause}").contains("firegrid.sqlite"), "{error}: {cause}");
}

#[test]
fn a_database_that_cannot_be_written_is_named_and_not_called_newer() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let installation = runtime.block_on(Installation::stopped());
    // Who is root writes to read-only files: an immutable one needs a file system that has that.
    let made = std::process::Command::new("chattr").arg("+i").arg(installation.database()).output();
    if !made.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: no file can be made immutable here");
        return;
    }
    let refused = installation.open().err().map(|error| error.to_string());
    let undone = std::process::Command::new("chattr").arg("-i").arg(installation.database()).status().unwrap();
    assert!(undone.success());
    let refused = refused.expect("a database that cannot be written is opened");
    assert!(refused.contains("firegrid.sqlite") && !refused.contains("newer"), "{refused}");
}

#[tokio::test]
async fn an_act_on_a_database_that_was_taken_away_is_answered_503_and_says_so() {
    let app = App::usual().await;
    app.make_known("王", &firegrid::domain::unit::UnitCode("220101001".to_owned())).await;
    let number = app.number().await;
    let body = json!({"act": "acknowledge", "as": "王@220101001"});
    std::fs::rename(app.store.path(), app.store.path().with_extension("away")).unwrap();
    let (status, problem) = app.act(&number, &body).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    assert!(problem.to_string().contains("数据库文件已被移走"), "{problem}");
    assert_eq!(app.get("/readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
    std::fs::rename(app.store.path().with_extension("away"), app.store.path()).unwrap();
    assert_eq!(app.act(&number, &body).await.0, StatusCode::OK);
    assert_eq!(app.get("/readyz").await.0, StatusCode::OK);
}

#[test]
fn a_first_start_that_is_killed_at_any_moment_leaves_a_place_where_the_next_one_starts() {
    let office = Office::new(Path::new("regions/baicheng"));
    for pause in 0..24 {
        let folder = office.path(&pause.to_string());
        let command = |args: &[&str]| {
            let mut command = office.command(args);
            command
                .env("FIREGRID_DATABASE", folder.join("firegrid.sqlite"))
                .stdout(Stdio::null())
                .stderr(Stdio::piped());
            command
        };
        let mut first = command(&["status", "--json"]).spawn().unwrap();
        // Where it is killed does not matter: every place must do.
        std::thread::sleep(std::time::Duration::from_millis(5 * pause));
        first.kill().unwrap();
        first.wait().unwrap();
        let next = command(&["audit", "verify"]).output().unwrap();
        assert_eq!(next.status.code(), Some(2), "after {} ms: {}", 5 * pause, String::from_utf8_lossy(&next.stderr));
    }
}

#[test]
fn a_file_that_cannot_grow_is_named_and_not_called_newer() {
    let office = Office::new(Path::new("regions/baicheng"));
    let database = office.path("firegrid.sqlite");
    // Too little room for the tables; writing more fails instead of ending the process.
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" status", env!("CARGO_BIN_EXE_firegrid")])
        .env("FIREGRID_REGION", "regions/baicheng")
        .env("FIREGRID_DATABASE", &database)
        .output()
        .unwrap();
    assert_eq!(limited.status.code(), Some(1));
    let said = String::from_utf8_lossy(&limited.stderr);
    assert!(said.contains("firegrid.sqlite") && !said.contains("newer"), "{said}");
    assert!(office.run(&["status"]).status.success(), "with room it starts");
}

#[tokio::test]
async fn an_older_file_beside_the_log_of_a_newer_one_is_refused_and_the_log_kept() {
    let installation = Installation::stopped().await;
    let old = std::fs::read(installation.database()).unwrap();
    let store = installation.open().unwrap();
    let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ..Desk::new() };
    let place = |i: i32| row(122.005 + 0.004 * f64::from(i), 45.86, NOON);
    desk.record((0..40).map(place).collect()).await;
    desk.store.close().await;
    let store = installation.open().unwrap();
    let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ..Desk::new() };
    let number = desk.alerts().await[0].number.clone();
    let call = || Act::Call { whom: "王".to_owned(), answered: true };
    desk.act(&number, call(), person("镇长", "A-a")).await.unwrap();
    // As after a crash; the tip is the newer one's too.
    let log = std::fs::read(installation.file("firegrid.sqlite-wal")).unwrap();
    let tip = std::fs::read(installation.file("firegrid.sqlite.tip")).unwrap();
    desk.store.close().await;
    std::fs::write(installation.file("firegrid.sqlite.new"), &old).unwrap();
    std::fs::rename(installation.file("firegrid.sqlite.new"), installation.database()).unwrap();
    std::fs::write(installation.file("firegrid.sqlite-wal"), &log).unwrap();
    std::fs::write(installation.file("firegrid.sqlite.tip"), tip).unwrap();
    let refused = installation.open().err().map(|error| name_of(&error));
    assert!(matches!(refused, Some("rolled back" | "damaged")), "{refused:?}");
    assert_eq!(std::fs::read(installation.database()).unwrap(), old, "nothing was played into it");
    assert_eq!(std::fs::read(installation.file("firegrid.sqlite-wal")).unwrap(), log);
}

#[test]
fn the_command_accepts_an_older_database_by_name_and_reason() {
    let office = Office::new(Path::new("regions/baicheng"));
    let add = |lon: &str| {
        let place = ["--lon", lon, "--lat", "45.625", "--as", "值班员@2208", "--json"];
        office.json(&[&["cases", "add", "--source", "problem"][..], &place].concat());
    };
    add("122.85");
    let old = std::fs::read(office.path("firegrid.sqlite")).unwrap();
    add("122.95");
    std::fs::write(office.path("firegrid.sqlite"), old).unwrap();
    let refused = office.run(&["alerts", "list"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("accept-restored") && said.contains("数据库比已确认的记录旧"), "{said}");
    let accepted = office.run(&["audit", "accept-restored", "--as", "值班员@2208", "--why", "采用昨夜备份"]);
    assert!(accepted.status.success(), "{}", String::from_utf8_lossy(&accepted.stderr));
    assert_eq!(office.json(&["alerts", "list", "--json"])["count"], 1);
    assert_eq!(office.run(&["audit", "verify"]).status.code(), Some(2), "whole, and proven by nothing outside");
}

#[tokio::test]
async fn files_as_a_kill_leaves_them_open_again_from_the_first_start_on() {
    let desk = Desk::new();
    let killed = || {
        let folder = tempfile::tempdir().unwrap();
        for ending in ["", "-wal", ".installation", ".tip"] {
            let name = format!("firegrid.sqlite{ending}");
            std::fs::copy(desk.folder.path().join(&name), folder.path().join(&name)).unwrap();
        }
        folder
    };
    let mut folders = vec![killed()];
    for i in 0..3 {
        desk.record(vec![row(122.02 + 0.02 * f64::from(i), 45.97, NOON)]).await;
        folders.push(killed());
    }
    for folder in folders {
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        assert_eq!(store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
        store.close().await;
    }
}
