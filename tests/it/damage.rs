//! Damage to the file is noticed: whatever differs from what was written is named by the check or refused at the start.

use std::path::Path;

use axum::http::StatusCode;
use firegrid::domain::alert::Act;
use firegrid::domain::detection::Origin;
use firegrid::domain::finding::FindingKind;
use firegrid::store::query::DetectionRow;
use firegrid::store::{Error, Look, OriginRule, RowFault, Store};
use rusqlite::Connection;

use crate::backup::rows_of;
use crate::commands::Desk as Office;
use crate::ground_fixture::row;
use crate::pages::App;
use crate::spine::{Desk, person};

const NOW: &str = "2026-04-13T07:00:00Z";

/// A database with some two hundred detections and their alerts, some of them worked; stopped.
async fn season() -> tempfile::TempDir {
    let Desk { store, folder, ground, rules } = Desk::new();
    let desk = Desk { store, folder: tempfile::tempdir().unwrap(), ground, rules };
    for hour in 0..5 {
        let rows = (0..40).map(|i| {
            let (x, y) = (f64::from(i % 10), f64::from(i / 10));
            row(122.01 + 0.018 * x, 45.82 + 0.04 * y + 0.002 * f64::from(hour), &format!("2026-04-13T0{hour}:12:00Z"))
        });
        desk.record_as(rows.collect(), OriginRule::Fixed(Origin::Live), NOW).await;
    }
    for alert in desk.alerts().await.iter().take(6) {
        // Not every one of them is his: what is refused is no event.
        if desk.act(&alert.number, Act::Acknowledge, person("王", "A-a-1")).await.is_ok() {
            desk.report(&alert.number, FindingKind::Straw, person("王", "A-a-1")).await.unwrap();
        }
    }
    desk.store.close().await;
    folder
}

/// What a disk, a cable or a careless copy does to a file.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Bit,
    Bytes,
    PageOfZeros,
    PageOfAnother,
    Cut,
}

fn damage(bytes: &mut Vec<u8>, kind: Damage, random: &mut fastrand::Rng) {
    let pages = bytes.len() / 4096;
    let at = random.usize(..bytes.len());
    let (page, other) = (random.usize(1..pages) * 4096, random.usize(1..pages) * 4096);
    match kind {
        Damage::Bit => bytes[at] ^= 1 << random.u8(..8),
        Damage::Bytes => {
            let end = (at + 16).min(bytes.len());
            bytes[at..end].iter_mut().for_each(|byte| *byte = random.u8(..));
        }
        Damage::PageOfZeros => bytes[page..page + 4096].fill(0),
        Damage::PageOfAnother => bytes.copy_within(other..other + 4096, page),
        Damage::Cut => bytes.truncate(at),
    }
}

/// Whether a start refuses the file, or the check of the day names something.
async fn is_noticed(path: &Path) -> Result<bool, Error> {
    let store = match Store::open(path) {
        Ok(store) => store,
        Err(Error::Damaged { .. } | Error::NotADatabase { .. } | Error::ForeignDatabase { .. }) => return Ok(true),
        Err(error) => return Err(error),
    };
    let found = match store.check(Look::Short).await {
        Ok(_) => store.check(Look::Whole).await,
        Err(Error::Damaged { .. }) => Ok(vec!["at the start".to_owned()]),
        Err(error) => Err(error),
    };
    if found.as_ref().is_ok_and(|found| !found.is_empty()) {
        assert!(
            store.health().soundness.damage().is_some() || found.as_ref().is_ok_and(|found| found[0] == "at the start")
        );
    }
    store.close().await;
    found.map(|found| !found.is_empty())
}

#[tokio::test]
async fn of_140_damaged_databases_all_that_differ_are_noticed_or_refused() {
    let season = season().await;
    let original = std::fs::read(season.path().join("firegrid.sqlite")).unwrap();
    let rows = rows_of(&season.path().join("firegrid.sqlite"));
    assert!(rows.iter().filter(|row| row.starts_with("detections ")).count() >= 200);
    let kinds = [Damage::Bit, Damage::Bytes, Damage::PageOfZeros, Damage::PageOfAnother, Damage::Cut];
    let (mut noticed, mut harmless, mut missed) = (0, 0, Vec::new());
    for (seed, kind) in (0..140_u64).zip(kinds.into_iter().cycle()) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut bytes = original.clone();
        damage(&mut bytes, kind, &mut random);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("firegrid.sqlite");
        for ending in [".installation", ".tip"] {
            let name = format!("firegrid.sqlite{ending}");
            std::fs::copy(season.path().join(&name), folder.path().join(&name)).unwrap();
        }
        std::fs::write(&path, &bytes).unwrap();
        match is_noticed(&path).await {
            // Refused for another reason, which is a notice too.
            Ok(true) | Err(_) => noticed += 1,
            Ok(false) if bytes == original || rows_of(&path) == rows => harmless += 1,
            Ok(false) => missed.push((seed, kind)),
        }
    }
    println!("{noticed} noticed, {harmless} harmless");
    assert!(missed.is_empty(), "not noticed: {missed:?}");
    assert!(noticed > 70, "the damage does damage: {noticed} noticed, {harmless} harmless");
}

/// What a changed cell does, table by table: each is one that decides or is shown.
const CHANGES: [(&str, &str, RowFault); 11] = [
    ("detections", "UPDATE detections SET verdict = 'limited' WHERE id = 1", RowFault::Changed),
    ("detections", "UPDATE detections SET lon = lon + 0.001 WHERE id = 1", RowFault::Changed),
    ("observations", "UPDATE observations SET lat = '45.0' WHERE id = 1", RowFault::Changed),
    ("detections", "UPDATE detections SET judgement = replace(judgement, '\"ban\"', '\"limited\"') WHERE id = 1", RowFault::Changed),
    ("alerts", "UPDATE alerts SET owner_code = 'A-a-2' WHERE number = '20260413-0001'", RowFault::Changed),
    ("fires", "UPDATE fires SET first_seen_at = first_seen_at + 1 WHERE id = 1", RowFault::Changed),
    ("polls", "UPDATE polls SET rows_new = 9 WHERE id = 1", RowFault::Changed),
    ("alert_scope", "UPDATE alert_scope SET unit_code = 'A-b' WHERE unit_code = 'A-a'", RowFault::Changed),
    ("alert_scope", "DELETE FROM alert_scope WHERE unit_code = 'S'", RowFault::Changed),
    ("observations", "DELETE FROM observations WHERE id = 1", RowFault::Removed),
    ("polls", "INSERT INTO polls SELECT 99, source_id, file_name, started_at, recorded_at, outcome, http_status, detail, body_hash,
        body_removed_at, header, rows_read, rows_new, rows_duplicate, rows_revised, rows_rejected, rows_outside, rows_neighbour,
        rows_with_unknown FROM polls WHERE id = 1", RowFault::Added),
];

#[tokio::test]
async fn a_row_that_firegrid_did_not_write_is_named_by_the_check_and_by_audit_verify() {
    for (table, sql, fault) in CHANGES {
        let desk = Desk::new();
        desk.banned_alert().await;
        assert_eq!(desk.store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
        assert_eq!(desk.store.health().soundness.damage(), None);
        Connection::open(desk.store.path()).unwrap().execute_batch(sql).unwrap();
        let audit = desk.store.whole().verify_audit(None).await.unwrap().unwrap();
        let [row] = &audit.damage[..] else { panic!("{sql}: {:?}", audit.damage) };
        assert_eq!((row.table.as_str(), row.fault), (table, fault), "{sql}");
        assert!(!audit.is_faultless());
        let found = desk.store.check(Look::Whole).await.unwrap();
        assert!(found.len() == 1 && found[0].contains(table), "{sql}: {found:?}");
        assert_eq!(desk.store.health().soundness.damage().as_ref(), Some(&found[0]), "it stays known");
    }
}

#[tokio::test]
async fn rejudging_merging_and_working_alerts_leave_no_digest_behind() {
    let folder = season().await;
    let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
    let audit = store.whole().verify_audit(None).await.unwrap().unwrap();
    assert!(audit.is_faultless() && audit.rows > 600, "{:?} of {}", audit.damage, audit.rows);
    store.close().await;
}

#[tokio::test]
async fn rows_from_before_digests_are_taken_up_and_then_watched() {
    let folder = season().await;
    let path = folder.path().join("firegrid.sqlite");
    // As after a migration: what it did to rows nobody heard.
    let db = Connection::open(&path).unwrap();
    db.execute_batch(
        "DELETE FROM row_digests; UPDATE digested_tables SET schema_version = 0; UPDATE polls SET detail = 'x'",
    )
    .unwrap();
    drop(db);
    let store = Store::open(&path).unwrap();
    while store.take_up_digests().await.unwrap() {}
    assert_eq!(store.check(Look::Whole).await.unwrap(), Vec::<String>::new());
    Connection::open(&path).unwrap().execute("UPDATE polls SET detail = 'y' WHERE id = 1", []).unwrap();
    assert_eq!(store.check(Look::Whole).await.unwrap().len(), 1);
    store.close().await;
}

#[tokio::test]
async fn damage_that_a_statement_meets_is_known_at_once_and_the_file_is_kept() {
    let folder = season().await;
    let path = folder.path().join("firegrid.sqlite");
    let store = Store::open(&path).unwrap();
    // Under the running service, every page but the first; the pages that it remembers are few.
    let len = path.metadata().unwrap().len();
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &vec![0x5A; usize::try_from(len).unwrap() - 4096], 4096).unwrap();
    std::mem::forget(file);
    let error = store.whole().in_span::<DetectionRow>(firegrid::store::query::Span::ALL).await.unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("firegrid.sqlite") && error.to_string().contains("backup"), "{error}");
    assert!(store.health().soundness.damage().is_some());
    tokio::time::timeout(std::time::Duration::from_secs(5), store.health().soundness.heard_of_damage()).await.unwrap();
    store.close().await;
    assert!(path.metadata().unwrap().len() >= len, "the bad file is kept");
}

#[tokio::test]
async fn a_damaged_database_is_said_by_readiness_and_on_every_page() {
    let app = App::usual().await;
    assert_eq!(app.json("/readyz").await["status"], "ok");
    assert!(!app.page("/status").await.contains("数据库受损"));
    Connection::open(app.store.path()).unwrap().execute("UPDATE detections SET verdict = 'unplanned'", []).unwrap();
    assert!(!app.store.check(Look::Whole).await.unwrap().is_empty());
    let (status, _, ready) = app.get("/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.contains("damaged"), "{ready}");
    for path in ["/", "/status", "/problems", "/map", "/my"] {
        assert!(app.page(path).await.contains("数据库受损"), "{path}");
    }
    assert!(app.page("/?lang=en").await.contains("The database is damaged"));
}

#[test]
fn a_service_refuses_a_damaged_file_and_leaves_it_as_it_is() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = runtime.block_on(season());
    let office = Office::new(Path::new("regions/baicheng"));
    let path = office.path("firegrid.sqlite");
    let mut bytes = std::fs::read(folder.path().join("firegrid.sqlite")).unwrap();
    // Every tenth page of the table and index pages is of zeros.
    bytes.chunks_mut(4096).skip(5).step_by(10).for_each(|page| page.fill(0));
    std::fs::write(&path, &bytes).unwrap();
    let refused = office.command(&["run"]).env("FIREGRID_LISTEN", "127.0.0.1:0").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    for words in ["firegrid.sqlite is damaged", "backup", "Keep the file", "数据库受损"] {
        assert!(said.contains(words), "{said}");
    }
    let kept = std::fs::read(&path).unwrap();
    // The mark of the installation is all that may be new in a file that came without the one beside it.
    assert_eq!(kept.len(), bytes.len());
    assert!(kept.chunks(4096).zip(bytes.chunks(4096)).skip(1).filter(|(now, before)| now != before).count() < 3);
}
