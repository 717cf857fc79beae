//! A backup is whole, made beside a service at work, and runs in the place of what was lost.

use std::path::Path;
use std::time::{Duration, Instant};

use firegrid::domain::alert::Act;
use firegrid::domain::finding::FindingKind;
use firegrid::media::{Bodies, Photos};
use firegrid::store::{Error, Look, Store};
use firegrid::words::Say;
use rusqlite::Connection;

use crate::commands::Desk as Office;
use crate::ground_fixture::{batch, row};
use crate::harness::head_of;
use crate::service::Service;
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";
const NOW: &str = "2026-04-13T07:00:00Z";

/// A desk whose case has a photo, and whose poll a body.
async fn worked() -> Desk {
    let desk = Desk::new();
    let body = Bodies::beside(desk.store.path()).keep(b"latitude,longitude\n45.97,122.02\n").unwrap();
    let now = NOW.parse().unwrap();
    let polled = firegrid::store::Batch { body_hash: Some(body), ..batch(vec![row(122.02, 45.97, NOON)], now) };
    desk.store.record(polled, desk.ground.clone(), desk.rules.clone(), now).await.unwrap();
    let number = desk.alerts().await[0].number.clone();
    desk.report(&number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
    desk
}

/// Every row of every table, but for what firegrid keeps about them.
pub fn rows_of(database: &Path) -> Vec<String> {
    let db = Connection::open(database).unwrap();
    let tables: Vec<String> = db
        .prepare(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut rows = Vec::new();
    for table in tables.iter().filter(|table| !["row_digests", "digested_tables"].contains(&table.as_str())) {
        let mut select = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = select.column_count();
        let found = select.query_map([], |row| {
            let values = (0..columns).map(|i| row.get_ref(i).map(|value| format!("{value:?}")));
            Ok(format!("{table} {}", values.collect::<Result<Vec<_>, _>>()?.join("|")))
        });
        rows.extend(found.unwrap().map(Result::unwrap));
    }
    rows.sort();
    rows
}

#[tokio::test]
async fn a_backup_holds_rows_photos_and_bodies_and_opens_in_the_place_of_what_was_lost() {
    let desk = worked().await;
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("2026-04-13");
    let backup = desk.store.backup(&to).await.unwrap();
    assert_eq!((backup.photos, backup.bodies, backup.missing.len()), (1, 1, 0), "{backup:?}");
    assert_eq!(backup.head, head_of(&desk.store).await);
    assert!(backup.database_bytes > 0 && backup.photo_bytes > 0 && backup.body_bytes > 0);
    assert!(!place.path().join("2026-04-13.part").exists());
    let copy = to.join("firegrid.sqlite");
    assert!(!to.join("firegrid.sqlite-wal").exists(), "the file stands by itself");
    assert_eq!(rows_of(&copy), rows_of(desk.store.path()));

    // What came after is not in it: put back, the log is shorter than the tip beside the lost one.
    let number = desk.alerts().await[0].number.clone();
    desk.act(&number, Act::Call { whom: "王".to_owned(), answered: true }, person("镇长", "A-a")).await.unwrap();
    desk.store.close().await;
    let data = desk.folder.path().to_owned();
    let aside = place.path().join("data-damaged");
    std::fs::rename(&data, &aside).unwrap();
    std::fs::rename(&to, &data).unwrap();
    let store = Store::open(&data.join("firegrid.sqlite")).unwrap();
    let audit = store.whole().verify_audit(None).await.unwrap().unwrap();
    assert!(audit.is_faultless() && audit.photos == 1, "{audit:?}");
    store.close().await;
    // Only the file put back, beside what is newer: that asks for a person.
    std::fs::copy(data.join("firegrid.sqlite"), aside.join("firegrid.sqlite")).unwrap();
    assert!(matches!(Store::open(&aside.join("firegrid.sqlite")), Err(Error::RolledBack { .. })));
}

#[tokio::test]
async fn a_backup_beside_a_store_at_work_is_of_one_moment() {
    let desk = worked().await;
    let place = tempfile::tempdir().unwrap();
    let recording = async {
        for i in 0..40 {
            desk.record(vec![row(122.005 + 0.0045 * f64::from(i), 45.86, NOON)]).await;
        }
    };
    let backing = async {
        for i in 0..4 {
            desk.store.backup(&place.path().join(i.to_string())).await.unwrap();
        }
    };
    tokio::join!(recording, backing);
    for i in 0..4 {
        let store = Store::open(&place.path().join(i.to_string()).join("firegrid.sqlite")).unwrap();
        assert!(store.whole().verify_audit(None).await.unwrap().unwrap().is_faultless());
        assert_eq!(store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
        store.close().await;
    }
}

#[tokio::test]
async fn a_taken_place_and_a_place_on_no_disk_are_refused_and_a_bad_copy_is_not_kept() {
    let desk = worked().await;
    let place = tempfile::tempdir().unwrap();
    let refused = desk.store.backup(place.path()).await.unwrap_err();
    assert!(matches!(refused, Error::Backup { .. }) && refused.say().zh.contains("无法写入备份"), "{refused}");
    let nowhere = place.path().join("not/mounted");
    assert!(matches!(desk.store.backup(&nowhere).await, Err(Error::Backup { .. })));
    // A row that was changed by hand: the copy would carry the damage on under a good name.
    let db = Connection::open(desk.store.path()).unwrap();
    db.execute("UPDATE detections SET verdict = 'limited'", []).unwrap();
    let to = place.path().join("copy");
    let refused = desk.store.backup(&to).await.unwrap_err();
    assert!(matches!(&refused, Error::BadBackup { finding, .. } if finding.contains("detections")), "{refused}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "nothing is left");
}

#[tokio::test]
async fn files_that_were_lost_before_are_named_and_the_rest_is_kept() {
    let desk = worked().await;
    let photos = Photos::beside(desk.store.path());
    let db = Connection::open(desk.store.path()).unwrap();
    let (photo, body): (String, String) = (
        db.query_row("SELECT hash FROM photos", [], |row| row.get(0)).unwrap(),
        db.query_row("SELECT body_hash FROM polls WHERE body_hash IS NOT NULL", [], |row| row.get(0)).unwrap(),
    );
    let original = photos.folder().join(&photo[..2]).join(&photo);
    std::fs::remove_file(&original).unwrap();
    std::fs::write(&original, "another").unwrap();
    std::fs::remove_dir_all(desk.folder.path().join("bodies").join(&body[..2])).unwrap();
    let place = tempfile::tempdir().unwrap();
    let backup = desk.store.backup(&place.path().join("copy")).await.unwrap();
    let missing: Vec<String> = backup.missing.iter().map(|file| file.path.display().to_string()).collect();
    assert!(missing.len() == 2 && missing[0].contains(&photo) && missing[1].contains(&body), "{missing:?}");
    assert_eq!((backup.photos, backup.bodies), (0, 0));
}

#[test]
fn the_command_says_what_it_copied_and_refuses_without_a_database() {
    let office = Office::new(Path::new("regions/baicheng"));
    let to = office.path("copy");
    let nothing = office.run(&["backup", "--to", to.to_str().unwrap()]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(!office.path("firegrid.sqlite").exists() && !to.exists(), "an empty backup is none");
    office.json(&["status", "--json"]);
    let said = office.json(&["backup", "--to", to.to_str().unwrap(), "--json"]);
    assert!(said["database_bytes"].as_u64().unwrap() > 0, "{said}");
    let verified = office
        .command(&["audit", "verify", "--json"])
        .env("FIREGRID_DATABASE", to.join("firegrid.sqlite"))
        .output()
        .unwrap();
    // Nothing is wrong, and nothing outside proves it.
    assert_eq!(verified.status.code(), Some(2), "{}", String::from_utf8_lossy(&verified.stderr));
    let taken = office.run(&["backup", "--to", to.to_str().unwrap()]);
    assert_eq!(taken.status.code(), Some(1));
}

#[tokio::test]
async fn a_backup_is_made_beside_a_running_service_and_put_back_after_it_was_lost() {
    let mut service = Service::start_at("", "127.0.0.1:0");
    let file = service.drop_fire();
    let started = Instant::now();
    while file.exists() && started.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let place = tempfile::tempdir().unwrap();
    let to = place.path().join("copy");
    let made = service.command(&["backup", "--to", to.to_str().unwrap(), "--json"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let said: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!((&said["bodies"], &said["missing"]), (&1.into(), &serde_json::json!([])), "{said}");
    service.signal("-TERM");
    assert!(service.wait().success());
    // As the operators' guide says: the folder aside, the copy in its place.
    let data = service.database().parent().unwrap().to_owned();
    std::fs::rename(&data, place.path().join("aside")).unwrap();
    let copied = std::process::Command::new("cp").arg("-a").arg(&to).arg(&data).status().unwrap();
    assert!(copied.success());
    let verified = service.command(&["audit", "verify"]);
    assert_eq!(verified.status.code(), Some(2), "{}", String::from_utf8_lossy(&verified.stdout));
    let listed = service.command(&["alerts", "list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed["count"], 1, "{listed}");
}
