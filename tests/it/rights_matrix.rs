//! Every route, as every role, on own and on foreign ground: what the other county has shows nowhere and changes by nobody.
//!
//! The routes are read from the source, so that a new one is asked here before anybody thinks of it. One county's things
//! carry a mark; whoever belongs to the other county must never meet it, in whatever form an answer comes.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::unit::{DutyShift, UnitCode};
use firegrid::store::SignIn;
use serde_json::{Value, json};

use crate::pages::{App, Setting, add_account, add_token, region};
use crate::pictures::jpeg;

/// Stands in every text of the first county's things.
const MARK: &str = "镇西机密";

/// The telephone of whoever answers for the first county's cell, and of its desk.
const PHONE: &str = "13987650001";

/// Who complained of a fire there, as far as it is told to anybody.
const COMPLAINANT: &str = "检举人某甲";

/// The accounts: name, role, unit. `own` is the first county's ground, `far` the second's.
const OWN: [(&str, Role, &str); 5] = [
    ("own-inspector", Role::Inspector, "220101001"),
    ("own-village", Role::Village, "220101001"),
    ("own-township", Role::Township, "220101"),
    ("own-county", Role::County, "2201"),
    ("own-viewer", Role::Viewer, "2201"),
];
const FAR: [(&str, Role, &str); 3] = [
    ("far-inspector", Role::Inspector, "2202"),
    ("far-county", Role::County, "2202"),
    ("far-viewer", Role::Viewer, "2202"),
];
const WHOLE: [(&str, Role, &str); 2] = [("city", Role::City, "22"), ("admin", Role::Admin, "22")];

/// A device of the office's own account, which nobody else may send away.
const OFFICE_SESSION: &str = "1";

/// The things of the first county.
struct Things {
    number: String,
    plan: String,
    heat_source: String,
    photo: String,
    upload: String,
    detection: String,
    fire: String,
}

struct Matrix {
    app: App,
    things: Things,
}

impl Matrix {
    async fn start() -> Self {
        let mut region = region();
        region.people[0].phone = Some(firegrid::domain::phone::Phone::kept(PHONE));
        region.duty.push(DutyShift {
            unit_code: UnitCode("2201".to_owned()),
            date: "2026-04-13".parse().unwrap(),
            from: "08:00".parse().unwrap(),
            to: "08:00".parse().unwrap(),
            leader: "赵局长".to_owned(),
            officer: "钱值班".to_owned(),
            phone: firegrid::domain::phone::Phone::kept(PHONE),
        });
        let app = App::start(Setting { region, ..Setting::default() }).await;
        for (name, role, unit) in OWN.into_iter().chain(FAR).chain(WHOLE) {
            add_account(&app.store, name, role, &UnitCode(unit.to_owned()), app.now).await;
            add_token(&app.store, name, name, TokenPower::Write, app.now).await;
        }
        let things = things(&app).await;
        Self { app, things }
    }

    async fn ask(&self, method: &Method, path: &str, who: Option<&str>, body: &str) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = who {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let kind = if is_form(path) { "application/x-www-form-urlencoded" } else { "application/json" };
        let request = request.header(header::CONTENT_TYPE, kind).header("tus-resumable", "1.0.0");
        let (status, _, answer) = self.app.ask_as_is(request.body(Body::from(body.to_owned())).unwrap()).await;
        (status, String::from_utf8_lossy(&answer).into_owned())
    }

    /// An address with the first county's things in place of its names; `None`: this test does not know the name.
    fn concrete(&self, path: &str) -> Option<Vec<String>> {
        let things = &self.things;
        let known: &[(&str, &[&str])] = &[
            ("{number}", &[&things.number]),
            ("{hash}", &[&things.photo]),
            ("{feature}", &[&things.number, &things.detection, &things.fire]),
            ("{collection}", &["alerts", "detections", "fires"]),
            ("{name}", &["own-county"]),
            ("{secret}", &["not-a-secret"]),
            ("{version}", &["0123456789abcdef"]),
            ("{session}", &["1"]),
        ];
        let ids: &[&str] = if path.contains("/plans/") {
            &[&things.plan]
        } else if path.contains("/heat-sources/") {
            &[&things.heat_source]
        } else if path.contains("/uploads/") {
            &[&things.upload]
        } else if path.contains("/sessions/") {
            &[OFFICE_SESSION]
        } else {
            &[]
        };
        let mut paths = vec![path.to_owned()];
        for (name, values) in known.iter().copied().chain([("{id}", ids)]) {
            if !path.contains(name) {
                continue;
            }
            paths = paths.iter().flat_map(|path| values.iter().map(move |value| path.replace(name, value))).collect();
        }
        (!paths.is_empty() && paths.iter().all(|path| !path.contains('{'))).then_some(paths)
    }

    fn events(&self) -> i64 {
        // What is given out is noted, and changes nothing.
        let db = rusqlite::Connection::open(self.app.store.path()).unwrap();
        let given = "'cases_exported', 'plans_exported', 'people_listed', 'original_taken'";
        let sql = format!("SELECT count(*) FROM events WHERE kind NOT IN ({given})");
        db.query_row(&sql, [], |row| row.get(0)).unwrap()
    }
}

async fn things(app: &App) -> Things {
    let number = app.number().await;
    let upload = Request::post("/api/v1/photos").header(header::CONTENT_TYPE, "image/jpeg");
    let (_, _, photo) = app.ask(upload.body(Body::from(jpeg("matrix"))).unwrap()).await;
    let photo = serde_json::from_str::<Value>(&photo).unwrap()["hash"].as_str().unwrap().to_owned();
    let made = async |path: &str, body: Value| {
        let (status, answer) = app.post(path, Some("sesame"), &body).await;
        assert!(status.is_success(), "{path} {answer}");
        answer
    };
    let acts = format!("/api/v1/alerts/{number}/acts");
    made(&acts, json!({"act": "arrive", "as": "王@220101001", "note": MARK})).await;
    let finding = json!({"kind": "straw", "photos": [photo], "material": MARK});
    made(&acts, json!({"act": "report", "as": "王@220101001", "finding": finding})).await;
    made(
        "/api/v1/alerts",
        json!({"source": "patrol", "lon": 122.67, "lat": 45.62, "description": MARK, "as": "王@220101001"}),
    )
    .await;
    made(
        "/api/v1/plans",
        json!({
            "plan_id": "P-1", "unit": "220101", "window_start": "2026-04-13T06:00", "window_end": "2026-04-15T18:00",
            "area_mu": 120.5, "responsible": MARK, "as": "王五@220101", "note": MARK,
        }),
    )
    .await;
    let source = made(
        "/api/v1/heat-sources",
        json!({
            "name": MARK, "kind": "kiln", "lon": 122.66, "lat": 45.61, "radius_m": 300.0, "unit": "220101",
            "expires": "2026-10-01", "as": "县长@2201", "watched_by": MARK,
        }),
    )
    .await;
    let session = firegrid::store::NewSession {
        secret_hash: "a".to_owned(),
        account_id: 1,
        how: firegrid::store::SignInMethod::Password,
        device: MARK.to_owned(),
        address: "127.0.0.1".to_owned(),
        stay: firegrid::web::AccountRules::default().phone,
        device_hash: None,
        known_as: None,
        replaces: None,
    };
    app.store.accounts().sign_in(SignIn::Proved, session, app.now).await.unwrap();
    let begin = Request::post("/api/v1/uploads").header("tus-resumable", "1.0.0").header("upload-length", "100");
    let (_, headers, _) = app.ask(begin.body(Body::empty()).unwrap()).await;
    let upload = headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let first = async |collection: &str| {
        let items = app.json(&format!("/ogc/collections/{collection}/items?limit=1")).await;
        items["features"][0]["id"].to_string()
    };
    Things {
        number,
        plan: "P-1".to_owned(),
        heat_source: source["id"].as_str().unwrap().to_owned(),
        photo,
        upload,
        detection: first("detections").await,
        fire: first("fires").await,
    }
}

/// All routes of the source, method and path.
fn routes() -> Vec<(Method, String)> {
    fn read(folder: &std::path::Path, routes: &mut Vec<(Method, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, routes);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for entry in text.split(".route(").skip(1) {
                let Some(route) = entry.split('"').nth(1).filter(|route| route.starts_with('/')) else { continue };
                let calls = entry.split("\n        .").next().unwrap_or(entry);
                for (call, method) in [
                    ("get(", Method::GET),
                    ("post(", Method::POST),
                    ("head(", Method::HEAD),
                    ("patch(", Method::PATCH),
                    ("delete(", Method::DELETE),
                ] {
                    if calls.contains(call) {
                        routes.push((method, route.to_owned()));
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut found);
    assert!(found.len() > 60, "the routes were found: {found:?}");
    found
}

/// What anybody may ask before signing in.
const OPEN: [&str; 13] = [
    "/sign-in/city",
    "/sign-in/city/back",
    "/sw.js",
    "/manifest.webmanifest",
    "/livez",
    "/readyz",
    "/metrics",
    "/static/{name}",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/demo",
    "/l/{secret}",
    "/api/v1/uploads",
];

/// Streams never end, so they are asked by their own test.
const STREAMS: [&str; 1] = ["/api/v1/events"];

fn is_form(path: &str) -> bool {
    !path.starts_with("/api/")
}

#[tokio::test]
async fn nobody_meets_the_other_countys_things_or_changes_them() {
    let matrix = Matrix::start().await;
    let before = matrix.events();
    let mut asked = 0;
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for (method, route) in routes() {
        if OPEN.contains(&route.as_str()) || STREAMS.contains(&route.as_str()) {
            continue;
        }
        let paths = matrix.concrete(&route);
        let paths = paths.unwrap_or_else(|| panic!("teach this test what stands for the names of {route}"));
        for path in paths {
            let (status, text) = matrix.ask(&method, &path, None, "").await;
            let is_out = status == StatusCode::UNAUTHORIZED
                || status == StatusCode::SEE_OTHER
                || status == StatusCode::FORBIDDEN;
            assert!(is_out && !text.contains(MARK), "{method} {path} as nobody: {status}");
            for (who, role, _) in FAR {
                for body in bodies(&method) {
                    let (status, text) = matrix.ask(&method, &path, Some(who), body).await;
                    assert!(status.as_u16() < 500, "{method} {path} as {who}: {status} {text}");
                    assert!(!text.contains(MARK), "{method} {path} shows {who} ({role:?}) what is not his: {text}");
                    let names_a_thing =
                        route.contains('{') && !path.contains("own-county") && !route.contains("{collection}/items")
                            || route.ends_with("{feature}");
                    if names_a_thing && route.starts_with("/api/v1/") && !route.contains("{collection}") {
                        assert!(!status.is_success(), "{method} {path} answers {who} with {status}: {text}");
                    }
                    asked += 1;
                }
            }
            if method == Method::GET {
                for (who, ..) in OWN.into_iter().chain(WHOLE) {
                    let (status, text) = matrix.ask(&method, &path, Some(who), "").await;
                    assert!(status.as_u16() < 500, "{method} {path} as {who}: {status} {text}");
                    if text.contains(MARK) {
                        *met.entry(who.to_owned()).or_default() += 1;
                    }
                    asked += 1;
                }
            }
        }
    }
    assert_eq!(matrix.events(), before, "somebody of the other county changed something");
    assert!(asked > 500, "{asked}");
    for (who, ..) in OWN.into_iter().chain(WHOLE) {
        assert!(met.get(who).copied().unwrap_or_default() >= 3, "{who} meets his own things: {met:?}");
    }
}

/// Bodies that would do something to one's own things.
fn bodies(method: &Method) -> &'static [&'static str] {
    if *method == Method::GET || *method == Method::HEAD {
        return &[""];
    }
    &[
        "",
        "{}",
        r#"{"act":"acknowledge"}"#,
        r#"{"act":"call","whom":"x","answered":true}"#,
        r#"{"act":"close"}"#,
        r#"{"act":"review","review":"confirmed"}"#,
        r#"{"act":"withdraw"}"#,
        r#"{"act":"approve"}"#,
        r#"{"act":"end","why":"x"}"#,
        "act=acknowledge&client_id=m-1",
        "review=confirmed&client_id=m-2",
        "act=withdraw&note=x&client_id=m-3",
        "whom=x&answered=yes&client_id=m-4",
    ]
}

#[tokio::test]
async fn whoever_only_looks_changes_nothing_and_sees_no_telephone() {
    let matrix = Matrix::start().await;
    let before = matrix.events();
    add_token(&matrix.app.store, "own-county", "reads", TokenPower::Read, matrix.app.now).await;
    let after_token = matrix.events();
    assert_eq!(after_token, before + 1, "the token itself is in the log");
    for (method, route) in routes() {
        if method == Method::GET || method == Method::HEAD || OPEN.contains(&route.as_str()) {
            continue;
        }
        let is_own_account = route.starts_with("/account") || route == "/sign-out" || route.contains("/accounts/me");
        for path in matrix.concrete(&route).unwrap() {
            for (who, body) in ["own-viewer", "admin", "reads"]
                .into_iter()
                .flat_map(|who| bodies(&method).iter().map(move |body| (who, body)))
            {
                let administers = who == "admin"
                    && !(route.starts_with("/api/v1/alerts")
                        || route.starts_with("/api/v1/plans")
                        || route.starts_with("/alerts"));
                let (status, text) = matrix.ask(&method, &path, Some(who), body).await;
                assert!(status.as_u16() < 500, "{method} {path} as {who}: {status} {text}");
                if !is_own_account && !administers {
                    assert!(
                        matches!(
                            status,
                            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
                        ),
                        "{method} {path} as {who}: {status} {text}"
                    );
                }
            }
        }
    }
    let number = &matrix.things.number;
    for path in ["/api/v1/people/check", "/api/v1/people/list?unit=2201", "/api/v1/duty?unit=2201"] {
        assert_eq!(matrix.ask(&Method::GET, path, Some("own-viewer"), "").await.0, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(matrix.ask(&Method::GET, path, Some("own-county"), "").await.0, StatusCode::OK, "{path}");
    }
    let (_, seen) = matrix.ask(&Method::GET, &format!("/api/v1/alerts/{number}"), Some("own-viewer"), "").await;
    let seen: Value = serde_json::from_str(&seen).unwrap();
    let holders = seen["chains"][0].as_array().unwrap().iter().flat_map(|link| link["holders"].as_array().unwrap());
    assert!(holders.clone().count() > 0 && holders.clone().all(|holder| holder["phone"].is_null()), "{seen}");
}

#[tokio::test]
async fn telephones_and_who_complained_are_met_by_those_alone_whom_they_are_for() {
    let matrix = Matrix::start().await;
    add_account(&matrix.app.store, "looker", Role::Viewer, &UnitCode("22".to_owned()), matrix.app.now).await;
    add_token(&matrix.app.store, "looker", "looker", TokenPower::Read, matrix.app.now).await;
    let complaint = json!({
        "source": "complaint", "lon": 122.68, "lat": 45.62, "description": "举报焚烧",
        "complainant": {"name": COMPLAINANT, "phone": "0436-777", "address": COMPLAINANT},
    });
    let (status, added) = matrix.app.post("/api/v1/alerts", Some("sesame"), &complaint).await;
    assert_eq!(status, StatusCode::CREATED, "{added}");
    let complained = added["number"].as_str().unwrap();
    let mut paths: Vec<String> = routes()
        .into_iter()
        .filter(|(method, route)| *method == Method::GET && !STREAMS.contains(&route.as_str()))
        .flat_map(|(_, route)| matrix.concrete(&route).unwrap())
        .collect();
    paths.extend([format!("/alerts/{complained}"), format!("/api/v1/alerts/{complained}")]);
    paths.extend(
        [
            "/api/v1/alerts/export?format=csv",
            "/api/v1/people/list?unit=2201&format=csv",
            "/api/v1/duty?unit=2201",
            "/people?unit=2201",
            "/problems?open=false",
            "/complaints?open=false",
            "/audit?kind=alert",
        ]
        .map(str::to_owned),
    );
    let everybody = OWN.into_iter().chain(FAR).chain(WHOLE).map(|(who, ..)| who).chain(["looker"]);
    let (mut phones, mut complainants) = (BTreeSet::new(), BTreeSet::new());
    for who in everybody {
        for path in &paths {
            let (_, text) = matrix.ask(&Method::GET, path, Some(who), "").await;
            if text.contains(PHONE) {
                phones.insert(who);
                assert!(!who.contains("viewer") && who != "looker" && !who.starts_with("far"), "{who} on {path}");
            }
            if text.contains(COMPLAINANT) {
                complainants.insert(who);
                assert_eq!((who, path.split('?').next()), ("city", Some("/complaints")));
            }
        }
    }
    assert!(
        ["own-inspector", "own-township", "own-county", "city"].iter().all(|who| phones.contains(who)),
        "{phones:?}"
    );
    assert_eq!(complainants, BTreeSet::from(["city"]), "and it can be met");
}

#[tokio::test]
async fn lists_counts_and_exports_are_of_the_own_ground_alone() {
    let matrix = Matrix::start().await;
    let get = async |path: &str, who: &str| {
        let (status, text) = matrix.ask(&Method::GET, path, Some(who), "").await;
        assert_eq!(status, StatusCode::OK, "{path} {who}: {text}");
        serde_json::from_str::<Value>(&text).unwrap_or(Value::String(text))
    };
    for (who, cases) in [("city", 2), ("own-county", 2), ("own-township", 2), ("own-inspector", 1), ("far-county", 0)] {
        let list = get("/api/v1/alerts", who).await;
        assert_eq!((list["items"].as_array().unwrap().len(), &list["count"]), (cases, &json!(cases)), "{who}");
        let counts = get("/api/v1/alerts/counts", who).await;
        let counted: u64 = counts["counts"].as_array().unwrap().iter().map(|row| row["cases"].as_u64().unwrap()).sum();
        assert_eq!(counted, cases as u64, "{who}");
        // Asking for another's unit does not widen what is seen.
        let asked = get("/api/v1/alerts?unit=2201&candidates=true", who).await;
        assert_eq!(asked["items"].as_array().unwrap().len(), cases, "{who}");
        let csv = get("/api/v1/alerts/export?format=csv", who).await;
        assert_eq!(csv.as_str().unwrap().lines().count(), cases + 1, "{who}");
    }
    for (who, pixels) in [("city", 2), ("own-county", 1), ("own-inspector", 1), ("far-county", 0)] {
        let seen = get("/api/v1/detections.geojson?from=2026-04-13&outside=true", who).await;
        assert_eq!(seen["features"].as_array().unwrap().len(), pixels, "{who}");
        let layer = get("/ogc/collections/detections/items", who).await;
        assert_eq!(layer["numberMatched"], json!(pixels), "{who}");
    }
}
