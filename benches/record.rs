//! A fire day of 10,000 detections on the sample region: recorded as history and live, read again, and continued by
//! small polls; what of it takes memory and disk. The reference is what no recording can do without: the same rows
//! written to one bare table.

use std::sync::Arc;

use firegrid::domain::detection::Origin;
use firegrid::domain::ground::{Ground, Standing};
use firegrid::domain::observation::{
    Confidence, DayNight, Decimal, Observation, ObservationKey, ProcessingLevel, Satellite,
};
use firegrid::domain::position::Position;
use firegrid::domain::rules::Rules;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::store::{Batch, OriginRule, Recorded, Store};

use super::measure::{once, report};

/// Detections of the day: some ten times the busiest real one.
const DETECTIONS: usize = 10_000;

/// Rows of a small poll that continues the day.
const POLL: usize = 20;

/// Measures a whole day, the same day again, and small polls on top of it.
pub fn run() {
    let loaded = firegrid::regions::load(std::path::Path::new("regions/baicheng")).unwrap();
    let ground = Arc::new(Ground::build(loaded.data));
    let mut rows = fire_day(&ground, DETECTIONS + 10 * POLL);
    let mut later = rows.split_off(DETECTIONS);
    // A poll brings what one or two passes saw.
    later.sort_by_key(|row| row.key.acquired_at);
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Connections are given back on a runtime, the last one when the store is dropped.
    let _inside = runtime.enter();
    let (bare, ()) = once(|| write_bare(&folder.path().join("bare.sqlite"), &rows));
    let reference = ("the same rows into a bare table", bare);
    let rules = Arc::new(Rules::default());

    let path = folder.path().join("history.sqlite");
    let store = Store::open(&path).unwrap();
    let history = Batch { origin: OriginRule::Fixed(Origin::History), ..batch(rows.clone()) };
    let size_before = size_of(&path);
    let resident_before = begin_peak();
    let (time, recorded) =
        once(|| runtime.block_on(store.record(history, ground.clone(), rules.clone(), now())).unwrap());
    let peak = status_kb("VmHWM:").saturating_sub(resident_before);
    assert_eq!((recorded.new as usize, recorded.alerts), (DETECTIONS, 0));
    report("record the whole day as history", time, reference);
    per_row(time);
    println!("  {:<52} {:>10} bytes of memory a row at the peak", "", peak * 1024 / DETECTIONS);
    drop(store);
    println!("  {:<52} {:>10} bytes on disk a row", "", (size_of(&path) - size_before) / DETECTIONS);

    let path = folder.path().join("firegrid.sqlite");
    let store = Store::open(&path).unwrap();
    let record = |rows: &[Observation]| -> Recorded {
        let batch = batch(rows.to_vec());
        runtime.block_on(store.record(batch, ground.clone(), rules.clone(), now())).unwrap()
    };
    let (time, recorded) = once(|| record(&rows));
    assert_eq!(recorded.new as usize, DETECTIONS);
    report("record the whole day", time, reference);
    per_row(time);
    println!("  {:<52} {} fires, {} alerts", "", recorded.fires, recorded.alerts);

    let (time, recorded) = once(|| record(&rows));
    assert_eq!(recorded.new, 0);
    report("record the same day again", time, reference);

    let (time, recorded) = once(|| later.chunks(POLL).map(|poll| record(poll).new).sum::<u64>());
    assert_eq!(recorded as usize, 10 * POLL);
    report("ten polls of 20 new rows each on top of it", time, reference);
}

fn per_row(time: std::time::Duration) {
    println!("  {:<52} {:>10.0} rows a second", "", DETECTIONS as f64 / time.as_secs_f64());
}

/// Bytes of a database once everything stands in its file.
fn size_of(path: &std::path::Path) -> usize {
    let db = rusqlite::Connection::open(path).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    path.metadata().unwrap().len() as usize
}

/// Kilobytes that the process has now; the peak is counted anew from here.
fn begin_peak() -> usize {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    status_kb("VmRSS:")
}

fn status_kb(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

pub fn now() -> Timestamp {
    "2026-04-13T20:00:00Z".parse().unwrap()
}

pub fn batch(rows: Vec<Observation>) -> Batch {
    Batch {
        source_id: "bench".to_owned(),
        file_name: None,
        started_at: now(),
        outcome: "fetched".to_owned(),
        http_status: Some(200),
        detail: String::new(),
        body_hash: None,
        header: None,
        read: rows.len() as u64,
        outside: 0,
        rejected: Vec::new(),
        unknown: Vec::new(),
        kept: rows,
        acquired_within: None,
        origin: OriginRule::ByAge,
        cursor: None,
    }
}

/// Fires of one to a dozen pixels all over the city, seen by twelve passes of one day.
/// Rows of such a day.
pub fn fire_day(ground: &Ground, detections: usize) -> Vec<Observation> {
    let mut rng = fastrand::Rng::with_seed(11);
    let city = ground.city_extent().unwrap();
    let midnight: Timestamp = "2026-04-12T16:10:00Z".parse().unwrap();
    let mut rows = Vec::with_capacity(detections);
    while rows.len() < detections {
        let (lon, lat) =
            (city.west + rng.f64() * (city.east - city.west), city.south + rng.f64() * (city.north - city.south));
        if ground.standing(Position::from_lon_lat(lon, lat).unwrap()) != Standing::City {
            continue;
        }
        let pass = rng.i64(0..12);
        let satellite = [Satellite::Noaa20, Satellite::Noaa21][rng.usize(0..2)];
        let at = midnight + SignedDuration::from_mins(pass * 115);
        for _ in 0..rng.usize(1..12) {
            let (lon, lat) = (lon + (rng.f64() - 0.5) * 0.02, lat + (rng.f64() - 0.5) * 0.02);
            let row = row(satellite, at, lon, lat, &mut rng);
            if rows.len() < detections && ground.standing(row.position) == Standing::City {
                rows.push(row);
            }
        }
    }
    rng.shuffle(&mut rows);
    rows
}

pub fn row(satellite: Satellite, at: Timestamp, lon: f64, lat: f64, rng: &mut fastrand::Rng) -> Observation {
    let decimal = |value: f64| Decimal::parse(&format!("{value:.5}")).unwrap();
    let (lon, lat) = (decimal(lon), decimal(lat));
    Observation {
        position: Position::from_lon_lat(lon.to_f64(), lat.to_f64()).unwrap(),
        key: ObservationKey { satellite, acquired_at: at, lon, lat },
        level: ProcessingLevel::Nrt,
        scan_km: Some(0.4 + rng.f64() * 0.4),
        track_km: Some(0.4),
        brightness_k: Some(330.0 + rng.f64() * 30.0),
        brightness_background_k: Some(295.0),
        frp_mw: Some(rng.f64() * 20.0),
        confidence: Confidence::Nominal,
        confidence_raw: "nominal".to_owned(),
        day_night: DayNight::Day,
        version_raw: "2.0NRT".to_owned(),
        source_type: None,
        raw: "45.62000,122.84000,334.1,0.39,0.36,2026-04-13,0412,N20,nominal,2.0NRT,291.0,2.31,D".to_owned(),
    }
}

fn write_bare(path: &std::path::Path, rows: &[Observation]) {
    let mut db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (row TEXT NOT NULL) STRICT",
    )
    .unwrap();
    let tx = db.transaction().unwrap();
    for row in rows {
        let text = serde_json::to_string(row).unwrap();
        tx.prepare_cached("INSERT INTO bare (row) VALUES (?1)").unwrap().execute([text]).unwrap();
    }
    tx.commit().unwrap();
}
