//! The document of the live map for a day of 10,000 detections, asked over the router: time from the call to the
//! last byte, and its size compressed. The reference is the `GeoJSON` of the same detections.

use std::io::Write;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use firegrid::domain::freshness::Patience;
use firegrid::domain::ground::Ground;
use firegrid::domain::time::{SignedDuration, Timestamp};
use firegrid::store::Store;
use firegrid::web::{Site, router};
use tower::ServiceExt;

use super::measure::{median_of, report};
use super::record::{batch, fire_day, now};

/// Detections of the day.
const DETECTIONS: usize = 10_000;

/// Runs of each question.
const RUNS: usize = 11;

/// What the document may take and weigh.
const LIMIT_MS: f64 = 100.0;
const LIMIT_KB: f64 = 300.0;

/// Measures the document and its reference.
pub fn run() {
    let loaded = firegrid::regions::load(std::path::Path::new("regions/baicheng")).unwrap();
    let ground = Arc::new(Ground::build(loaded.data));
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    // Connections are given back on a runtime, the last one when the store is dropped.
    let _inside = runtime.enter();
    let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
    let rows = batch(fire_day(&ground, DETECTIONS));
    let recorded = runtime.block_on(store.record(rows, ground.clone(), Arc::default(), now())).unwrap();
    let router = router(Arc::new(site(store, ground)));
    let ask = |path: &str| -> Vec<u8> {
        runtime.block_on(async {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = router.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
        })
    };
    let (time, day) = median_of(RUNS, || ask("/api/v1/map/day?date=2026-04-13"));
    let (reference, features) = median_of(RUNS, || ask("/api/v1/detections.geojson?from=2026-04-13"));
    let document: serde_json::Value = serde_json::from_slice(&day).unwrap();
    assert_eq!(document["detections"]["id"].as_array().unwrap().len(), DETECTIONS);

    report("the day as columns", time, ("the detections as GeoJSON", reference));
    let (kb, reference_kb) = (compressed_kb(&day), compressed_kb(&features));
    println!("  {:<52} {kb:>10.1} KB   {:<40} {reference_kb:>10.1} KB", "compressed", "");
    let ms = time.as_secs_f64() * 1000.0;
    let is_within = if ms < LIMIT_MS && kb < LIMIT_KB { "within" } else { "OVER" };
    println!(
        "  {:<52} {is_within} {LIMIT_MS} ms and {LIMIT_KB} KB; {} fires, {} alerts",
        "", recorded.fires, recorded.alerts
    );
}

/// As the server compresses.
fn compressed_kb(body: &[u8]) -> f64 {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(body).unwrap();
    gzip.finish().unwrap().len() as f64 / 1000.0
}

fn site(store: Store, ground: Arc<Ground>) -> Site {
    let hours = SignedDuration::from_hours;
    Site {
        store,
        ground: tokio::sync::watch::channel(ground).1,
        patience: Patience { late_after: hours(12), stale_after: hours(24) },
        link_gap: firegrid::domain::fire::DEFAULT_LINK_GAP,
        rules: Arc::default(),
        burn_rules: firegrid::domain::burning::BurnRules::default(),
        approval_rules: firegrid::domain::heat_approval::ApprovalRules::default(),
        suggest_rules: firegrid::domain::heat_suggest::SuggestRules::default(),
        api_token: Arc::new(|| None),
        sources: vec!["bench".to_owned()],
        tiles: firegrid::web::BaseTiles::default(),
        simulated: true,
        clock: Arc::new(now),
        metrics: Arc::new(String::new),
        started_at: Timestamp::UNIX_EPOCH,
        sqlite_version: String::new(),
    }
}
