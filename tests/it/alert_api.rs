//! Alerts over HTTP: what the command line does, behind a token.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::pages::App;

impl App {
    pub async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> (StatusCode, Value) {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let (status, _, answer) = self.ask_as_is(request.body(Body::from(body.to_string())).unwrap()).await;
        (status, serde_json::from_slice(&answer).unwrap())
    }

    pub async fn act(&self, number: &str, body: &Value) -> (StatusCode, Value) {
        self.post(&format!("/api/v1/alerts/{number}/acts"), Some("sesame"), body).await
    }

    pub async fn number(&self) -> String {
        self.json("/api/v1/alerts").await["items"][0]["number"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn without_the_token_nothing_changes() {
    let app = App::usual().await;
    let number = app.number().await;
    let body = json!({"act": "acknowledge", "as": "王@220101001"});
    for token in [None, Some(""), Some("sesam"), Some("sesame2")] {
        let (status, problem) = app.post(&format!("/api/v1/alerts/{number}/acts"), token, &body).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token:?}");
        assert!(problem["detail_zh"].as_str().unwrap().contains("令牌"));
    }
    assert_eq!(app.json(&format!("/api/v1/alerts/{number}")).await["alert"]["state"], "open");
}

#[tokio::test]
async fn an_alert_is_worked_over_http_and_every_refusal_has_its_status() {
    let app = App::usual().await;
    let number = app.number().await;
    let (status, done) =
        app.act(&number, &json!({"act": "acknowledge", "as": "王@220101001", "client_id": "h-1"})).await;
    assert_eq!((status, done["state"].as_str()), (StatusCode::OK, Some("acknowledged")));
    let (_, again) = app.act(&number, &json!({"act": "acknowledge", "as": "王@220101001", "client_id": "h-1"})).await;
    assert_eq!(again["repeated"], true);

    let cases = [
        (json!({"act": "close", "as": "县长@2201"}), StatusCode::CONFLICT),
        (json!({"act": "arrive", "as": "外人@2202"}), StatusCode::FORBIDDEN),
        (json!({"act": "arrive", "as": "某人@无此单位"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"act": "dispatch", "to": "李", "unit": "220101001", "as": "无名"}), StatusCode::FORBIDDEN),
        (json!({"act": "put_out", "as": "王@220101001", "client_id": "h-1"}), StatusCode::CONFLICT),
        (json!({"act": "dance", "as": "王@220101001"}), StatusCode::BAD_REQUEST),
        (json!({"as": "王@220101001"}), StatusCode::BAD_REQUEST),
        (
            json!({"act": "arrive", "as": "王@220101001", "position": {"lon": 999.0, "lat": 0.0}}),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({"act": "report", "as": "王@220101001", "finding": {"kind": "straw", "photos": ["ab"]}}),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({"act": "report", "as": "王@220101001", "finding": {"kind": "straw", "photos": []}}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ];
    for (body, expected) in cases {
        let (status, problem) = app.act(&number, &body).await;
        assert_eq!(status, expected, "{body} {problem}");
        let (en, zh) = (problem["detail"].as_str().unwrap(), problem["detail_zh"].as_str().unwrap());
        if status != StatusCode::BAD_REQUEST {
            // What a library says of a body is English; every refusal of ours is said once in each language.
            assert!(!en.contains(" · ") && !zh.contains(" · "), "{problem}");
            assert!(
                en.chars().next().unwrap().is_ascii() && !zh.contains(" the ") && !zh.contains("alert "),
                "{problem}"
            );
        }
    }
    let (status, _) = app.act("20260413-0999", &json!({"act": "acknowledge", "as": "王@220101001"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let upload = Request::post("/api/v1/photos").header("authorization", "Bearer sesame");
    let upload = upload.body(Body::from(crate::pictures::jpeg("picture"))).unwrap();
    let (status, _, text) = app.ask(upload).await;
    assert_eq!(status, StatusCode::CREATED);
    let hash = serde_json::from_str::<Value>(&text).unwrap()["hash"].as_str().unwrap().to_owned();
    let report = json!({"act": "report", "as": "王@220101001", "finding": {"kind": "straw", "photos": [hash]}});
    assert_eq!(app.act(&number, &report).await.1["state"], "reported");
    let svg =
        Request::post("/api/v1/photos").header("authorization", "Bearer sesame").body(Body::from("<svg/>")).unwrap();
    assert_eq!(app.ask(svg).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn people_bring_alerts_over_http_and_a_complainant_comes_back_nowhere() {
    let app = App::usual().await;
    let body = json!({
        "source": "complaint", "as": "值班员@22", "lon": 122.75, "lat": 45.61, "description": "夜间有人烧秸秆",
        "seen_at": "2026-04-13T04:30:00Z", "client_id": "c-1",
        "complainant": {"name": "钱某某", "phone": "000-777"},
    });
    let (status, added) = app.post("/api/v1/alerts", Some("sesame"), &body).await;
    assert_eq!(status, StatusCode::CREATED, "{added}");
    let (status, again) = app.post("/api/v1/alerts", Some("sesame"), &body).await;
    assert_eq!((status, &again["number"]), (StatusCode::OK, &added["number"]));
    let number = added["number"].as_str().unwrap();
    let everything = format!(
        "{}{}{}",
        app.json(&format!("/api/v1/alerts/{number}")).await,
        app.json("/api/v1/alerts").await,
        app.page(&format!("/alerts/{number}")).await
    );
    assert!(!everything.contains("钱某某") && !everything.contains("000-777"));
    assert!(everything.contains("夜间有人烧秸秆"));
}

#[tokio::test]
async fn the_list_filters_pages_and_says_what_it_does_not_understand() {
    let app = App::usual().await;
    let all = app.json("/api/v1/alerts").await["items"].as_array().unwrap().len();
    assert!(all > 0);
    assert_eq!(app.json("/api/v1/alerts?limit=1").await["count"], all, "all that match, not the page");
    assert_eq!(app.json("/api/v1/alerts?state=closed").await["items"].as_array().unwrap().len(), 0);
    assert_eq!(app.json("/api/v1/alerts?unit=22&open=true").await["items"].as_array().unwrap().len(), all);
    let first = app.json("/api/v1/alerts?limit=1").await;
    if let Some(next) = first["next"].as_str() {
        let second = app.json(&format!("/api/v1/alerts?limit=1&after={next}")).await;
        assert_ne!(first["items"][0]["number"], second["items"][0]["number"]);
    }
    let counts = app.json("/api/v1/alerts/counts").await;
    let sum: u64 = counts["counts"].as_array().unwrap().iter().map(|count| count["cases"].as_u64().unwrap()).sum();
    assert_eq!(sum, all as u64);
    for query in ["state=opne", "unit=nowhere", "overdue=perhaps", "after=zzz", "limit=0", "level=moon"] {
        let (status, _, text) = app.get(&format!("/api/v1/alerts?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query} {text}");
    }
}

#[tokio::test]
async fn addresses_of_before_lead_to_todays_with_their_query() {
    let app = App::usual().await;
    for (method, before, today) in [
        ("GET", "/api/v1/cases?state=open&limit=2", "/api/v1/alerts?state=open&limit=2"),
        ("POST", "/api/v1/cases", "/api/v1/alerts"),
        ("GET", "/api/v1/cases/20260413-0001", "/api/v1/alerts/20260413-0001"),
        ("POST", "/api/v1/cases/20260413-0001/acts", "/api/v1/alerts/20260413-0001/acts"),
        ("POST", "/duty/cases/20260413-0001/call", "/duty/alerts/20260413-0001/call"),
    ] {
        let request = Request::builder().method(method).uri(before).body(Body::empty()).unwrap();
        let (status, headers, _) = app.ask(request).await;
        assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::PERMANENT_REDIRECT, today));
    }
    let (status, _, text) = app.get("/api/v1/alerts?state=open&limit=2").await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let of_days = app.json("/api/v1/alerts/of-days?from=2026-04-13").await;
    assert_eq!(of_days["coverage"].as_array().map(Vec::is_empty), Some(false), "{of_days}");
}
