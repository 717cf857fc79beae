//! A stop leaves one file that can be copied: every connection is closed, nothing waits in a write-ahead log.

use std::path::Path;
use std::time::{Duration, Instant};

use firegrid::domain::alert::Act;
use firegrid::store::{Error, Look, Store};
use rusqlite::Connection;

use crate::commands::Desk as Office;
use crate::ground_fixture::row;
use crate::harness::head_of;
use crate::service::Service;
use crate::spine::{Desk, person};

const NOON: &str = "2026-04-13T04:12:00Z";

/// The size of the write-ahead log beside a database; `None` when there is none.
fn log_of(database: &Path) -> Option<u64> {
    std::fs::metadata(format!("{}-wal", database.display())).ok().map(|log| log.len())
}

#[tokio::test]
async fn a_plain_copy_after_closing_holds_every_acknowledged_act() {
    let desk = Desk::new();
    let number = desk.banned_alert().await;
    // Readers of pages, idle and at work.
    let reads: Vec<_> = (0..8)
        .map(|_| {
            let store = desk.store.clone();
            tokio::spawn(async move {
                while store.whole().listed_alerts(firegrid::store::AlertFilter::default(), None, 50).await.is_ok() {}
            })
        })
        .collect();
    for _ in 0..20 {
        let call = Act::Call { whom: "王".to_owned(), answered: true };
        desk.act(&number, call, person("镇长", "A-a")).await.unwrap();
    }
    let head = head_of(&desk.store).await;
    desk.store.close().await;
    assert_eq!(log_of(desk.store.path()), None);
    let copy = tempfile::tempdir().unwrap();
    let copied = copy.path().join("firegrid.sqlite");
    std::fs::copy(desk.store.path(), &copied).unwrap();
    let db = Connection::open(&copied).unwrap();
    let last: (i64, String) = db
        .query_row("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(last, (head.seq, head.hash));
    for read in reads {
        read.await.unwrap();
    }
    assert!(matches!(desk.store.whole().content_version().await, Err(Error::Closed)), "closed is closed");
    assert!(matches!(desk.store.health().ping().await, Err(Error::Closed)));
}

#[tokio::test]
async fn the_last_handle_that_goes_closes_the_database() {
    let desk = Desk::new();
    desk.record(vec![row(122.02, 45.97, NOON)]).await;
    desk.alerts().await;
    let other = desk.store.clone();
    let Desk { store, folder, .. } = desk;
    let path = store.path().to_owned();
    drop(store);
    assert!(log_of(&path).is_some(), "the other one still has it open");
    drop(other);
    assert_eq!(log_of(&path), None);
    drop(folder);
}

#[test]
fn short_commands_leave_no_log_behind() {
    let office = Office::new(Path::new("regions/baicheng"));
    for args in [&["status", "--json"][..], &["alerts", "list", "--json"], &["audit", "head"]] {
        assert!(office.run(args).status.success(), "{args:?}");
        assert_eq!(log_of(&office.path("firegrid.sqlite")), None, "{args:?}");
    }
}

#[tokio::test]
async fn a_long_read_does_not_hold_up_the_close_and_is_told_so() {
    let desk = Desk::new();
    let rows: Vec<_> = (0..60).map(|i| row(122.005 + 0.003 * f64::from(i), 45.86, NOON)).collect();
    desk.record(rows).await;
    // A look over the file over and over: it ends because it is interrupted, not because it is done.
    let store = desk.store.clone();
    let reads = tokio::spawn(async move {
        loop {
            if let Err(error) = store.check(Look::Whole).await {
                return error;
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    let started = Instant::now();
    desk.store.close().await;
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    reads.await.unwrap();
    assert_eq!(log_of(desk.store.path()), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_service_exits_well_and_leaves_one_file_also_while_it_is_asked() {
    let mut service = Service::start_at("", "127.0.0.1:0");
    let asks: Vec<_> = (0..8)
        .map(|_| {
            let ask = service.asking("/api/v1/alerts");
            tokio::spawn(async move { while ask().await.is_ok() {} })
        })
        .collect();
    let file = service.drop_fire();
    let started = Instant::now();
    while file.exists() && started.elapsed() < Duration::from_secs(30) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    service.signal("-TERM");
    let started = Instant::now();
    let status = service.wait();
    assert!(status.success() && started.elapsed() < Duration::from_secs(10), "{status:?} {:?}", started.elapsed());
    assert_eq!(log_of(&service.database()), None);
    for ask in asks {
        ask.await.unwrap();
    }
    let store = Store::open(&service.database()).unwrap();
    assert!(store.whole().verify_audit(None).await.unwrap().unwrap().is_faultless());
}

#[tokio::test]
async fn a_service_whose_database_is_taken_away_is_not_ready_and_ends_with_an_error() {
    let mut service = Service::start_at("", "127.0.0.1:0");
    let data = service.database().parent().unwrap().to_owned();
    std::fs::rename(&data, data.with_extension("away")).unwrap();
    let ready = service.asking("/readyz");
    assert!(ready().await.unwrap().contains("unavailable"));
    let started = Instant::now();
    let status = service.wait();
    assert_eq!(status.code(), Some(1), "after {:?}", started.elapsed());
    // What is there again counts again.
    std::fs::rename(data.with_extension("away"), &data).unwrap();
    let store = Store::open(&service.database()).unwrap();
    assert!(store.whole().verify_audit(None).await.unwrap().unwrap().is_faultless());
}
