//! A database with 100,000 open alerts: the first page of one township, the next due clocks.
//!
//! The rows are written straight into the tables, as making them through the store would take hours; the
//! questions are the store's own calls, from the call to the last row read. The reference is the same answer by a scan: a plus sign before a column keeps SQLite from using its index.

use firegrid::domain::unit::UnitCode;
use firegrid::store::{AlertFilter, Store};
use rusqlite::{Connection, Transaction, params};

use super::measure::{median_of, report};

/// Open alerts, over 6 counties of 20 townships of 30 grid cells.
const ALERTS: usize = 100_000;
const COUNTIES: usize = 6;
const TOWNSHIPS: usize = 20;
const CELLS: usize = 30;

/// No answer may take longer than this, ms.
const LIMIT_MS: f64 = 5.0;

/// Runs of each question.
const RUNS: usize = 21;

/// 2026-04-13T04:00:00Z, epoch milliseconds.
const NOW: i64 = 1_776_052_800_000;

/// Measures both questions.
pub fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Connections are given back on a runtime, the last one when the store is dropped.
    let _inside = runtime.enter();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firegrid.sqlite");
    let store = Store::open(&path).unwrap();
    let mut db = Connection::open(&path).unwrap();
    db.pragma_update(None, "synchronous", "OFF").unwrap();
    let tx = db.transaction().unwrap();
    fill(&tx);
    tx.commit().unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();

    let township = unit_codes(3, 7, 0)[1].clone();
    let filter = AlertFilter { unit: Some(UnitCode(township.clone())), open_only: true, ..AlertFilter::default() };
    let page = || -> Vec<String> {
        let page = runtime.block_on(store.whole().listed_alerts(filter.clone(), None, 50)).unwrap();
        page.alerts.into_iter().map(|alert| alert.number.0).collect()
    };
    let scan = |sql: &str| -> Vec<String> {
        let mut select = db.prepare_cached(sql).unwrap();
        let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap().collect::<Result<Vec<_>, _>>();
        rows.unwrap()
    };
    let page_by_scan = format!(
        "SELECT a.number FROM alert_scope s JOIN alerts a ON a.number = s.number
         WHERE +s.unit_code = '{township}' AND +s.is_open = 1 AND s.relation = 'own'
         ORDER BY +s.first_seen_at DESC, +a.number DESC LIMIT 50"
    );
    let due = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', due_at / 1000, 'unixepoch') FROM deadlines
         WHERE fired_at IS NULL AND ended_at IS NULL AND due_at IS NOT NULL ORDER BY due_at LIMIT 100";
    let due_by_scan = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', due_at / 1000, 'unixepoch') FROM deadlines
         WHERE fired_at IS NULL AND ended_at IS NULL AND +due_at IS NOT NULL ORDER BY +due_at LIMIT 100";
    measure("first page (50) of a township's open alerts", page, || scan(&page_by_scan));
    measure("next 100 due clocks", || scan(due), || scan(due_by_scan));
}

fn measure(what: &str, fast: impl Fn() -> Vec<String>, slow: impl Fn() -> Vec<String>) {
    let (time, answer) = median_of(RUNS, fast);
    let (reference, expected) = median_of(3, slow);
    assert_eq!(answer, expected, "{what}: the index changes no answer");
    assert!(answer.len() >= 50, "{what}: {} rows", answer.len());
    report(what, time, ("by a scan", reference));
    let ms = time.as_secs_f64() * 1000.0;
    println!("  {:<52} {}", "", if ms < LIMIT_MS { "under 5 ms" } else { "OVER 5 ms" });
}

/// City, county, township and cell codes of a cell: cell first, township second.
fn unit_codes(county: usize, township: usize, cell: usize) -> [String; 4] {
    let county = format!("2208{county:02}");
    let township = format!("{county}{township:03}");
    [format!("{township}{cell:03}"), township, county, "2208".to_owned()]
}

fn fill(tx: &Transaction<'_>) {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut alert = tx
        .prepare(
            "INSERT INTO alerts (number, source, ground_code, responsible_code, township_code, county_code, owner_code, unit_code, state,
                 origin, verdict, reason, may_be_banned, candidates, other_units, lon, lat, first_key, first_seen_at,
                 last_seen_at, detections, region_version, recorded_at)
             VALUES (?1, 'satellite', ?2, ?2, ?2, ?3, ?4, ?4, ?5, 'live', ?6, ?7, 0, '[]', '[]', ?8, ?9, '', ?10, ?10, 3, 'bench',
                 ?10)",
        )
        .unwrap();
    let mut scope = tx
        .prepare("INSERT OR IGNORE INTO alert_scope (unit_code, is_open, first_seen_at, number, relation) VALUES (?1, 1, ?2, ?3, ?4)")
        .unwrap();
    let mut clock = tx
        .prepare(
            "INSERT INTO deadlines (alert_number, kind, unit_code, step, starts_at, due_at, fired_at, ended_at, outcome)
             VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?6, ?7)",
        )
        .unwrap();
    let reason = r#"{"rule":"zone","id":"ban-1","name":"城区禁烧区","class":"ban","season":"09-15..05-31","valid_from":null,"valid_to":null}"#;
    for n in 0..ALERTS {
        // Four of ten in one busy county, as a burning season has it.
        let county = if rng.f64() < 0.4 { 3 } else { rng.usize(0..COUNTIES) };
        let codes = unit_codes(county, rng.usize(0..TOWNSHIPS), rng.usize(0..CELLS));
        let neighbour = unit_codes(county, rng.usize(0..TOWNSHIPS), rng.usize(0..CELLS));
        // Over sixty days, satellites pass at a few minutes only: many alerts share their moment.
        let seen = NOW - rng.i64(0..60) * 86_400_000 - rng.i64(0..40) * 600_000;
        let number = format!("{:08}-{:04}", 20_260_213 + n / 5000, n % 5000);
        let state = ["open", "acknowledged", "on_site", "reported", "rectifying"][rng.usize(0..5)];
        let verdict = ["banned", "unplanned", "off_plan"][rng.usize(0..3)];
        let (lon, lat) = (121.6 + rng.f64() * 2.6, 44.2 + rng.f64() * 2.1);
        alert.execute(params![number, codes[1], codes[2], codes[0], state, verdict, reason, lon, lat, seen]).unwrap();
        for code in &codes {
            scope.execute(params![code, seen, number, "own"]).unwrap();
        }
        if rng.f64() < 0.3 {
            for code in &neighbour[..2] {
                scope.execute(params![code, seen, number, "candidate"]).unwrap();
            }
        }
        clock
            .execute(params![number, "acknowledge", codes[1], seen, seen + 600_000, Some(seen + 300_000), Some("met")])
            .unwrap();
        let due = NOW + 1000 * rng.i64(-3_600..7 * 86_400);
        clock.execute(params![number, "report", codes[1], seen, due, None::<i64>, None::<&str>]).unwrap();
    }
}
