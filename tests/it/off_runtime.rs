//! Nothing that takes long is done on a thread of the runtime, where every connection, timer and poll waits for it.
//!
//! Measured is the time that the runtime's one thread really had the processor, as the kernel counts it: other work on the
//! machine does not show in it, and what other threads do does not either. The bound is a multiple of what a request costs
//! that reads next to nothing, taken in the same run.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use firegrid::domain::account::Role;
use firegrid::source::http::Limits;
use firegrid::source::{Ask, Cursor, Feed, Network, Outcome};

use crate::accounts::{Browser, PASSWORD};
use crate::fault_origin::{Answer, Origin};
use crate::pages::{App, Setting, observation};

/// Pixels of the day: a busy one.
const PIXELS: usize = 150;

/// What a request may take of the runtime's thread beside a multiple of the smallest: the bytes of a long answer, which
/// are handed on in this process.
const LITTLE: Duration = Duration::from_millis(5);

/// How long the thread that asks has had the processor.
fn used() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

/// What some work takes of this thread.
async fn taken<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let before = used();
    let done = work.await;
    (used().checked_sub(before).unwrap(), done)
}

async fn busy() -> App {
    let rows = (0..PIXELS)
        .map(|i| {
            let (lon, lat) = (122.6 + 0.03 * (i % 12) as f64, 45.5 + 0.03 * (i / 12) as f64);
            observation(&format!("{lon:.3}"), &format!("{lat:.3}"), "2026-04-13T04:12:00Z")
        })
        .collect();
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    app.account("viewer", Role::Viewer, "22").await;
    app
}

async fn get(app: &App, path: &str) {
    let request = Request::get(path).header(header::AUTHORIZATION, "Bearer sesame");
    let (status, _, body) = app.ask_as_is(request.header("accept-encoding", "gzip").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
}

#[tokio::test]
async fn pages_documents_and_exports_are_made_beside_the_runtime() {
    let app = busy().await;
    // Once for what is set up only once.
    get(&app, "/api/v1/accounts/me").await;
    let mut smallest = Duration::MAX;
    for _ in 0..5 {
        smallest = smallest.min(taken(get(&app, "/api/v1/accounts/me")).await.0);
    }
    let most = smallest * 6 + LITTLE;
    let mut over = Vec::new();
    for path in [
        "/",
        "/map",
        "/map.svg",
        "/wall",
        "/problems",
        "/duty",
        "/status",
        "/api/v1/alerts/of-days?from=2026-04-13",
        "/api/v1/detections.geojson?from=2026-04-13",
        "/api/v1/fires.geojson?from=2026-04-13",
        "/api/v1/units.geojson",
        "/api/v1/map/day?date=2026-04-13",
        "/api/v1/alerts?limit=1000",
        "/api/v1/alerts/export?format=xlsx",
        "/api/v1/people/list?unit=22&format=xlsx",
        "/api/v1/openapi.json",
        "/ogc/collections/detections/items?limit=1000",
        "/ogc/collections/units/items?bbox=122,45,123,46",
    ] {
        let (time, ()) = taken(get(&app, path)).await;
        eprintln!("{path}: {time:?} of the runtime's thread");
        if time > most {
            over.push((path, time));
        }
    }
    assert!(over.is_empty(), "at most {most:?} each: {over:?}");
}

#[tokio::test]
async fn a_password_of_any_length_is_judged_beside_the_runtime_and_after_the_present_one() {
    let app = crate::accounts::app().await;
    let mut desk = Browser::default();
    assert_eq!(desk.sign_in(&app, "zhang", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // Long, and full of what the estimator looks for.
    let long: String = "password1qwertyzhangsan2026".chars().cycle().take(128).collect();
    let (smallest, _) = taken(desk.get(&app, "/account")).await;
    let most = smallest * 6 + LITTLE;
    for (present, said) in [("not it", "当前密码不正确"), (PASSWORD, "")] {
        let form = [("present", present), ("new", long.as_str())];
        let (time, answer) = taken(desk.post(&app, "/account/password", &form)).await;
        assert!(answer.text.contains(said), "the present one comes first: {}", answer.text);
        assert!(time <= most, "{present}: {time:?} of the runtime's thread, at most {most:?}");
    }
}

#[tokio::test]
async fn the_rows_of_a_keyless_feed_are_read_beside_the_runtime() {
    let line = "45.97000,122.02000,334.1,0.39,0.36,2026-04-13,0412,N20,nominal,2.0NRT,291.0,2.31,D\n";
    let network = Network::new(Limits::default()).unwrap();
    let poll = async |rows: usize| {
        let body = crate::installation::HEADER.to_owned() + &line.repeat(rows);
        let origin = Origin::start(Answer::new(200, body)).await;
        let mut feed = Feed::new(crate::feed_bodies::keyless(origin.base_url()));
        let ask = Ask {
            extent: firegrid::domain::ground::Extent { west: 121.0, south: 44.0, east: 125.0, north: 47.0 },
            belt_km: 10.0,
            cursor: &Cursor::default(),
            now: "2026-04-13T07:00:00Z".parse().unwrap(),
        };
        let (time, polls) = taken(feed.poll(&ask, &network)).await;
        assert_eq!(polls[0].outcome, Outcome::Fetched);
        time
    };
    poll(1).await;
    let one = poll(1).await;
    let many = poll(4000).await;
    // Fetching 340 kB costs something; reading 4,000 rows unoptimised takes a second.
    assert!(many < one * 6 + 12 * LITTLE, "one row {one:?}, four thousand {many:?} of the runtime's thread");
}
