//! Every route of the API against callers without a token, and against what no caller should send.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use crate::openapi::{calls, document};
use crate::pages::{App, TOKEN};

/// The routes, which are those that the document describes, so that a new one cannot be forgotten here: method and path.
async fn routes(app: &App) -> Vec<(Method, String)> {
    let calls = calls(&document(app).await).into_iter();
    let routes = calls.map(|call| (call.method.parse().unwrap(), call.path));
    // What tus speaks of is asked by anybody, with whatever parameters.
    routes.filter(|(method, _)| *method != Method::OPTIONS).collect()
}

fn concrete(path: &str) -> String {
    path.replace("{number}", "20260413-0001").replace("{id}", "P-1").replace("{hash}", &"0".repeat(64))
}

fn request(method: &Method, path: &str, token: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method.clone()).uri(path).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(body.into()).unwrap()
}

#[tokio::test]
async fn every_route_that_changes_something_answers_401_without_the_token() {
    let app = App::usual().await;
    let before = app.json("/api/v1/alerts").await;
    for (method, path) in routes(&app).await.into_iter().filter(|(method, _)| *method != Method::GET) {
        for token in [None, Some(""), Some("sesame2"), Some("sesam")] {
            // Larger than anything is read: the token is asked for first.
            let body = "x".repeat(64 * 1024);
            let (status, headers, text) = app.ask_as_is(request(&method, &concrete(&path), token, body)).await;
            let text = String::from_utf8_lossy(&text);
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} {token:?}: {text}");
            assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        }
        let put = request(&Method::PUT, &concrete(&path), Some(TOKEN), "{}");
        assert_eq!(app.ask(put).await.0, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(app.json("/api/v1/alerts").await, before);
}

#[tokio::test]
async fn every_route_is_described_for_those_who_call_it() {
    let app = App::usual().await;
    let described = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md")).unwrap();
    for (method, path) in routes(&app).await {
        let entry = format!("`{method} {path}`");
        assert!(described.contains(&entry), "docs/api.md has no entry {entry}");
    }
}

#[tokio::test]
async fn unknown_parameters_are_refused_everywhere_with_the_known_ones() {
    let app = App::usual().await;
    for (method, path) in routes(&app).await {
        let body = if method == Method::GET { "" } else { "{}" };
        let asked = format!("{}?colour=red", concrete(&path));
        let (status, _, text) = app.ask(request(&method, &asked, Some(TOKEN), body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{method} {path}: {text}");
        // A body that is none may be told first.
        assert!([Method::POST, Method::HEAD].contains(&method) || text.contains("colour"), "{method} {path}: {text}");
    }
    let (_, _, text) = app.get("/api/v1/weather?colour=red").await;
    assert!(text.contains("unit, from, to"), "{text}");
}

/// What fields may hold that no person means.
fn silly_values() -> Vec<Value> {
    let numbers = [json!(-1), json!(0), json!(i64::MAX), json!(u64::MAX), json!(1e308), json!(-1e308), json!(0.5)];
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{7f}\u{1b}[31m",
        "\u{202e}",
        "😀",
        "'; DROP TABLE events; --",
        "NaN",
        "9999-12-31",
        "0000-01-01",
        "-009999-01-02T01:59:59Z",
        "9999-12-30T22:00:00Z",
        "9999-12-31T24:00",
        "@",
        "@22",
        "x@",
        "县长@2201",
    ];
    let shapes = [json!(null), json!(true), json!([]), json!([[]]), json!({}), json!(["a"]), json!({"a": 1})];
    let long = [json!("长".repeat(2000)), json!("x".repeat(2001))];
    numbers.into_iter().chain(texts.map(Value::from)).chain(shapes).chain(long).collect()
}

/// A good body of each route, whose fields are spoilt one by one.
fn good_bodies() -> Vec<(&'static str, Value)> {
    vec![
        ("/api/v1/plans", super::application("P-1")),
        ("/api/v1/plans/P-1/acts", super::act("approve", json!({"note": "好", "client_id": "a-1"}))),
        (
            "/api/v1/plans/P-1/acts",
            super::act("order", json!({"from": "2026-04-13T08:00", "to": "2026-04-13T18:00", "client_id": "a-2"})),
        ),
        ("/api/v1/plans/P-1/acts", super::act("take_back", json!({"order": 1}))),
        ("/api/v1/plans/P-1/acts", super::act("done", json!({"burnt_mu": 1.0, "photos": []}))),
        ("/api/v1/weather", json!({"unit": "2201", "day": "2026-04-13", "level": 3, "as": super::COUNTY})),
        ("/api/v1/heat-sources", super::source("火炬")),
        ("/api/v1/heat-sources/HS-20260413-1/acts", super::act("renew", json!({"expires": "2026-12-01"}))),
        (
            "/api/v1/heat-sources/HS-20260413-1/acts",
            super::act("hand_over", json!({"unit": "2201", "watched_by": "张"})),
        ),
        (
            "/api/v1/rejudgement",
            json!({"as": super::COUNTY, "why": "查", "expect": "0", "from": "2026-04-13", "to": "2026-04-13"}),
        ),
        ("/api/v1/rejudgement", json!({"as": super::COUNTY, "why": "查", "expect": "0", "alert": "20260413-0001"})),
        (
            "/api/v1/alerts",
            json!({"as": super::COUNTY, "source": "patrol", "lon": 122.7, "lat": 45.6, "description": "烟",
                "seen_at": "2026-04-13T04:00:00Z", "reply_by": "2026-04-20", "client_id": "c"}),
        ),
        (
            "/api/v1/alerts/20260413-0001/acts",
            json!({"act": "report", "as": "王@220101001", "finding": {"kind": "straw", "photos": []}, "client_id": "k",
                "happened_at": "2026-04-13T04:50:00Z", "note": "好"}),
        ),
        (
            "/api/v1/alerts/20260413-0001/acts",
            json!({"act": "rectify", "as": "县长@2201", "task": "清理", "by": "2026-05-01"}),
        ),
    ]
}

#[tokio::test]
async fn no_field_of_a_body_can_make_the_service_fail() {
    let app = App::usual().await;
    for (path, good) in good_bodies() {
        for field in good.as_object().unwrap().keys() {
            for value in silly_values() {
                let mut body = good.clone();
                body[field] = value;
                let text = body.to_string();
                let (status, headers, answer) = app.ask(request(&Method::POST, path, Some(TOKEN), text.clone())).await;
                assert!(status.as_u16() < 500, "{path} {text:.300}: {status} {answer}");
                let is_problem = headers[header::CONTENT_TYPE] == "application/problem+json";
                assert_eq!(status.is_success(), !is_problem, "{path} {text:.300}: {status} {answer}");
            }
        }
    }
}

#[tokio::test]
async fn no_body_can_make_the_service_fail() {
    let app = App::usual().await;
    let deep = "[".repeat(100_000);
    let large = format!("{{\"note\": \"{}\"}}", "x".repeat(1_000_000));
    let bodies: Vec<(Vec<u8>, Option<StatusCode>)> = vec![
        (Vec::new(), None),
        (b"null".to_vec(), None),
        (b"{\"as\": NaN}".to_vec(), None),
        (b"{\"as\": 1e999}".to_vec(), None),
        (b"{\"as\": \"\xFF\xFE\"}".to_vec(), None),
        (b"{\"as\": \"a\", \"as\": \"b\"}".to_vec(), None),
        (b"\xEF\xBB\xBF{}".to_vec(), None),
        (b"PK\x03\x04\x00\x00\x00".to_vec(), None),
        (deep.into_bytes(), None),
        (large.into_bytes(), Some(StatusCode::PAYLOAD_TOO_LARGE)),
    ];
    for (method, path) in routes(&app).await.into_iter().filter(|(method, _)| *method == Method::POST) {
        let takes_files = ["/photos", "/import", "/uploads"].iter().any(|end| path.ends_with(end));
        for (body, expected) in &bodies {
            let (status, _, answer) = app.ask(request(&method, &concrete(&path), Some(TOKEN), body.clone())).await;
            assert!(status.is_client_error(), "{path} {:.60}: {status} {answer}", String::from_utf8_lossy(body));
            if let Some(expected) = expected.filter(|_| !takes_files) {
                assert_eq!(status, expected, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn no_parameter_and_no_path_can_make_the_service_fail() {
    let app = App::usual().await;
    let names = [
        "unit",
        "from",
        "to",
        "day",
        "date",
        "at",
        "until",
        "status",
        "state",
        "near",
        "within",
        "limit",
        "after",
        "format",
        "heads",
        "alert",
        "level",
        "source",
        "verdict",
        "county",
        "open",
        "as",
        "client_id",
        "datum",
        "file",
    ];
    let values = [
        "",
        "%00",
        "%FF",
        "%F0%9F%98%80",
        "-1",
        "1e400",
        "NaN,NaN",
        "0000-01-01",
        "9999-12-31",
        "9999-12-30",
        "-9999-01-01",
        "99999999999999999999",
        "'%20OR%201=1",
        "22",
        "..%2F..",
        "9223372036854775807_x",
    ];
    // A stream has no end to wait for; what it refuses is tested beside it.
    for (method, path) in routes(&app).await.into_iter().filter(|(_, path)| path != "/api/v1/events") {
        for name in names {
            for value in values {
                // Beside a unit where the route needs one, and alone where it knows none.
                for unit in ["", "unit=22&"].into_iter().filter(|unit| unit.is_empty() || name != "unit") {
                    let asked = format!("{}?{unit}{name}={value}", concrete(&path));
                    let (status, _, answer) = app.ask_bytes(request(&method, &asked, Some(TOKEN), "{}")).await;
                    assert!(status.as_u16() < 500, "{method} {asked}: {status} {}", String::from_utf8_lossy(&answer));
                }
            }
        }
        for name in ["%FF", "%00", "%2e%2e%2f", &"x".repeat(5000), "%F0%9F%98%80"] {
            let asked = path.replace("{number}", name).replace("{id}", name);
            let (status, _, answer) = app.ask_bytes(request(&method, &asked, Some(TOKEN), "{}")).await;
            assert!(status.as_u16() < 500, "{method} {asked:.80}: {status} {}", String::from_utf8_lossy(&answer));
        }
    }
}
