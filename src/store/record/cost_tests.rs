//! What recording costs in statements: a guard against writing anything twice again (docs/decisions/0045).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use crate::domain::ground::Ground;
use crate::domain::observation::Observation;
use crate::domain::time::Timestamp;
use crate::ground_fixture::{batch, held, row};
use crate::store::{Recorded, Store};

/// Statements of the one connection that is listened to, and how often each was run.
static RUN: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

#[expect(clippy::needless_pass_by_value, reason = "the shape that the trace asks for")]
fn count(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, sql) = event {
        // A trigger's own statements come as comments.
        if !sql.starts_with("--") {
            let begin: Vec<_> = sql.split_whitespace().take(3).collect();
            *RUN.lock().unwrap().entry(begin.join(" ")).or_default() += 1;
        }
    }
}

/// A hundred pixels, each a fire of its own: none is near another.
fn scattered() -> Vec<Observation> {
    let places = (0..100).map(|i| (f64::from(i % 10), f64::from(i / 10)));
    places.map(|(x, y)| row(122.01 + 0.018 * x, 45.82 + 0.018 * y, "2026-04-13T04:12:00Z")).collect()
}

/// What recording them runs, and what it makes.
async fn statements(now: &str) -> (Recorded, BTreeMap<String, u64>) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
    let (ground, now) = (Arc::new(Ground::build(held())), now.parse::<Timestamp>().unwrap());
    let listen = |tx: &rusqlite::Transaction<'_>| {
        tx.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(count));
        RUN.lock().unwrap().clear();
        Ok(())
    };
    store.write(listen).await.unwrap();
    let recorded = store.record(batch(scattered(), now), ground, Arc::default(), now).await.unwrap();
    assert_eq!((recorded.new, recorded.fires), (100, 100));
    (recorded, std::mem::take(&mut *RUN.lock().unwrap()))
}

#[tokio::test]
async fn a_detection_its_row_its_fire_and_its_alert_are_each_written_once_and_never_read_back() {
    let (archive, run) = statements("2027-04-13T07:00:00Z").await;
    assert_eq!(archive.alerts, 0);
    let times = |run: &BTreeMap<String, u64>, begin: String| run.get(&begin).copied().unwrap_or_default();
    let inserted = |run: &BTreeMap<String, u64>, table: &str| times(run, format!("INSERT INTO {table}"));
    for table in ["detections", "observations", "fires"] {
        assert_eq!(inserted(&run, table), 100, "{run:#?}");
    }
    // A row, a detection and a fire, and a digest of each.
    let all: u64 = run.values().sum();
    assert!(all <= 6 * 100 + 60, "{all} statements for 100 detections without an alert: {run:#?}");

    let (live, run) = statements("2026-04-13T07:00:00Z").await;
    assert_eq!(inserted(&run, "alerts"), live.alerts, "{run:#?}");
    assert!(live.alerts > 50, "{live:?}");
    for table in ["polls", "detections", "observations", "fires", "alerts"] {
        assert_eq!(times(&run, format!("UPDATE {table} SET")), 0, "{table} {run:#?}");
    }
    let all: u64 = run.values().sum();
    assert!(all <= 6 * 100 + 40 * live.alerts + 60, "{all} statements, {} alerts: {run:#?}", live.alerts);
}
