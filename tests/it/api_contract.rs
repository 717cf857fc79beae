//! What the API really answers and takes is what its document says; tags, pages and repeated calls.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use firegrid::domain::account::{Role, TokenPower};
use firegrid::domain::unit::UnitCode;
use firegrid::store::{LogFilter, Old, RegionFiles, SignIn};
use serde_json::{Map, Value, json};

use crate::openapi::{Described, address, calls, document, resolved};
use crate::pages::{App, Setting, TOKEN, add_account, add_token, observation};

mod photos_and_map;

/// Heads that no answer has unless the document says so.
const HEADS: [&str; 11] = [
    "etag",
    "location",
    "link",
    "idempotency-replayed",
    "tus-resumable",
    "tus-extension",
    "tus-max-size",
    "upload-offset",
    "upload-length",
    "upload-expires",
    "photo-hash",
];

/// Holds the heads of an answer against what the document says of them.
fn assert_heads(document: &Value, answer: &Value, headers: &HeaderMap, what: &str) {
    let described = answer["headers"].as_object().cloned().unwrap_or_default();
    for (name, head) in &described {
        let head = resolved(document, head);
        let Some(value) = headers.get(name) else {
            assert_ne!(head["required"], true, "{name} is missing: {what}");
            continue;
        };
        let text = value.to_str().unwrap();
        let is_number = head["schema"]["type"] == "integer";
        let value = if is_number { json!(text.parse::<u64>().unwrap()) } else { json!(text) };
        assert_eq!(faults(document, &head["schema"], &value), Vec::<String>::new(), "{name}: {text} {what}");
    }
    for name in HEADS.iter().filter(|name| headers.contains_key(**name)) {
        let is_described = described.keys().any(|known| known.eq_ignore_ascii_case(name));
        assert!(is_described, "{name} is not described: {what}");
    }
}

/// Holds an answer against what the document says of it.
fn assert_as_described(document: &Value, call: &Described, status: StatusCode, headers: &HeaderMap, body: &[u8]) {
    let what = format!("{} {} {status}: {}", call.method, call.path, String::from_utf8_lossy(body));
    let answer = &call.operation["responses"][status.as_str()];
    assert!(!answer.is_null(), "not described: {what}");
    let answer = resolved(document, answer);
    if status.is_success() {
        assert_heads(document, answer, headers, &what);
        let is_read = call.method == "GET" || call.method == "HEAD";
        let is_said = answer["headers"].get("Cache-Control").is_some();
        assert_eq!(is_said, is_read || call.path.contains("/uploads"), "whether it may be kept: {what}");
    }
    let Some(content) = answer["content"].as_object() else {
        assert!(body.is_empty(), "{what}");
        return;
    };
    let kind = headers[header::CONTENT_TYPE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let content = content.get(&kind).unwrap_or_else(|| panic!("the kind {kind} is not described: {what}"));
    let Some(schema) = content.get("schema") else { return };
    let value: Value = serde_json::from_slice(body).unwrap();
    let faults = faults(document, schema, &value);
    assert!(faults.is_empty(), "{faults:#?}\n{what}");
}

fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut root = schema.clone();
    root["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&root).unwrap();
    validator.iter_errors(value).map(|fault| format!("{fault} at {}", fault.instance_path())).collect()
}

fn described<'a>(calls: &'a [Described], method: &str, path: &str) -> &'a Described {
    calls.iter().find(|call| call.method == method && call.path == path).unwrap()
}

/// An app and its document, in which something was done, so that answers are not empty.
struct Contract {
    app: App,
    document: Value,
    calls: Vec<Described>,
}

impl Contract {
    async fn start() -> Self {
        // Two fires: one whose ground is sure, one that may burn in either of two counties.
        let rows = vec![
            observation("122.715", "45.615", "2026-04-13T04:12:00Z"),
            observation("123.0", "45.7", "2026-04-13T04:13:00Z"),
        ];
        let app = App::start(Setting { rows, ..Setting::default() }).await;
        let document = document(&app).await;
        let calls = calls(&document);
        Self { app, document, calls }
    }

    /// Posts, and holds the answer against the document.
    async fn post(&self, path: &str, id: &str, body: &Value) -> (StatusCode, Value) {
        let asked = path.replace("{number}", id).replace("{id}", id);
        let request = Request::post(asked).header("content-type", "application/json");
        let (status, headers, answer) = self.app.ask_bytes(request.body(Body::from(body.to_string())).unwrap()).await;
        assert_as_described(&self.document, described(&self.calls, "POST", path), status, &headers, &answer);
        (status, serde_json::from_slice(&answer).unwrap())
    }

    /// Everything that can be posted as JSON, and a photo, so that every list has something in it.
    async fn work(&self) -> String {
        let photo = Request::post("/api/v1/photos").body(Body::from(crate::pictures::jpeg("a photo"))).unwrap();
        let (status, headers, answer) = self.app.ask_bytes(photo).await;
        assert_as_described(
            &self.document,
            described(&self.calls, "POST", "/api/v1/photos"),
            status,
            &headers,
            &answer,
        );
        let photo: Value = serde_json::from_slice(&answer).unwrap();
        self.work_an_alert(&photo["hash"]).await;
        for path in ["/api/v1/plans", "/api/v1/weather", "/api/v1/heat-sources"] {
            let example = &described(&self.calls, "POST", path).operation["requestBody"]["content"]["application/json"];
            let (status, answer) = self.post(path, "", &example["example"]).await;
            assert_eq!(status, StatusCode::CREATED, "{path} {answer}");
            let (status, answer) = self.post(path, "", &example["example"]).await;
            assert_eq!((status, &answer["repeated"]), (StatusCode::OK, &json!(true)), "{path}");
        }
        for (act, expected) in [
            (json!({"act": "approve", "as": "县长@2201"}), StatusCode::OK),
            (json!({"act": "order", "from": "2026-04-13T12:30", "to": "2026-04-13T18:00"}), StatusCode::OK),
            (json!({"act": "light"}), StatusCode::OK),
            (json!({"act": "done", "burnt_mu": 10.5, "photos": [photo["hash"]]}), StatusCode::OK),
            (json!({"act": "take_back"}), StatusCode::CONFLICT),
            (json!({"act": "refuse", "note": "否"}), StatusCode::CONFLICT),
            (json!({"act": "withdraw"}), StatusCode::CONFLICT),
        ] {
            let (status, answer) = self.post("/api/v1/plans/{id}/acts", "P-1", &act).await;
            assert_eq!(status, expected, "{act} {answer}");
        }
        for act in [
            json!({"act": "hand_over", "unit": "2201"}),
            json!({"act": "renew", "expires": "2026-12-01"}),
            json!({"act": "end", "why": "拆除"}),
        ] {
            let (status, answer) = self.post("/api/v1/heat-sources/{id}/acts", "HS-20260413-1", &act).await;
            assert_eq!(status, StatusCode::OK, "{act} {answer}");
        }
        photo["hash"].as_str().unwrap().to_owned()
    }

    async fn work_an_alert(&self, photo: &Value) {
        let finding = json!({"kind": "straw", "burnt_mu": 2.5, "photos": [photo]});
        let acts = [
            (json!({"act": "call", "whom": "张三", "answered": false}), StatusCode::OK),
            (json!({"act": "dispatch", "to": "李四", "unit": "220101001", "as": "镇长@220101"}), StatusCode::OK),
            (json!({"act": "acknowledge", "as": "王@220101001"}), StatusCode::OK),
            (json!({"act": "arrive", "as": "王@220101001", "position": {"lon": 122.7, "lat": 45.6}}), StatusCode::OK),
            (json!({"act": "put_out", "as": "王@220101001"}), StatusCode::OK),
            (json!({"act": "report", "as": "王@220101001", "finding": finding, "note": "已扑灭"}), StatusCode::OK),
            (json!({"act": "review", "review": "confirmed", "as": "县长@2201"}), StatusCode::OK),
            (
                json!({"act": "rectify", "by": "2026-04-20", "document_number": "1号", "as": "县长@2201"}),
                StatusCode::OK,
            ),
            (json!({"act": "rectified", "result": "已清理", "as": "王@220101001"}), StatusCode::OK),
            (json!({"act": "close", "as": "县长@2201"}), StatusCode::OK),
            (json!({"act": "look_back", "is_clean": true}), StatusCode::OK),
        ];
        for (act, expected) in acts {
            let (status, answer) = self.post("/api/v1/alerts/{number}/acts", "20260413-0001", &act).await;
            assert_eq!(status, expected, "{act} {answer}");
        }
        // Those for which the alert is in no state: told so, in the form that is described.
        for act in [
            json!({"act": "dispute", "proposed": "220101002", "as": "王@220101001"}),
            json!({"act": "decide", "accepted": true}),
            json!({"act": "reassign", "to": "220101002"}),
            json!({"act": "merge", "into": "20260413-0009"}),
            json!({"act": "split", "detections": ["x"]}),
            json!({"act": "keep"}),
        ] {
            let (status, answer) = self.post("/api/v1/alerts/{number}/acts", "20260413-0001", &act).await;
            assert!(status.is_client_error() || status.is_success(), "{act} {answer}");
        }
        let brought = json!({"source": "complaint", "lon": 122.72, "lat": 45.55, "description": "烟",
            "complainant": {"name": "匿名", "phone": "0436-1", "address": "某村"}, "client_id": "c-1"});
        let (status, answer) = self.post("/api/v1/alerts", "", &brought).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        let (status, _) = self.post("/api/v1/alerts", "", &brought).await;
        assert_eq!(status, StatusCode::OK);
    }
}

#[tokio::test]
async fn texts_name_their_charset() {
    let app = App::start(Setting {
        rows: vec![observation("122.715", "45.615", "2026-04-13T04:12:00Z")],
        ..Setting::default()
    })
    .await;
    let day = "date=2026-04-13";
    for path in
        [&format!("/?{day}"), &format!("/map.svg?{day}"), "/api/v1/alerts/export?format=csv", "/metrics", "/robots.txt"]
    {
        let (status, headers, text) = app.get(path).await;
        let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
        assert!(status != StatusCode::OK || kind.ends_with("charset=utf-8"), "{path}: {kind}");
        assert!(path.contains("robots") || status == StatusCode::OK, "{path} {status} {text}");
    }
}

#[tokio::test]
async fn every_answer_of_every_call_is_as_the_document_describes_it() {
    let contract = Contract::start().await;
    let photo = contract.work().await;
    let stored = firegrid::regions::load(std::path::Path::new("regions/baicheng")).unwrap();
    let version = stored.bundle.version();
    let bundle = stored.bundle.to_bytes().unwrap();
    let app = &contract.app;
    app.store
        .activate_region(
            RegionFiles { region_id: "baicheng".to_owned(), version: version.clone(), bundle, plans: Vec::new() },
            None,
            app.now,
        )
        .await
        .unwrap();
    for call in contract.calls.iter().filter(|call| call.method == "GET" && !call.path.ends_with("/events")) {
        let mut asked = address(&contract.document, call).replace(&"0".repeat(64), &photo);
        if call.path.ends_with("/difference") {
            asked = format!("{}?from={version}&to={version}", call.path, version = version.0);
        } else if call.path.ends_with("/rejudgement") {
            asked.push_str("?from=2026-04-13");
        } else if call.path.ends_with("/list") || call.path.ends_with("/duty") {
            asked = format!("{}?unit=220101001", call.path);
        }
        let (status, headers, body) = app.ask_bytes(Request::get(&asked).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{asked} {}", String::from_utf8_lossy(&body));
        assert_as_described(&contract.document, call, status, &headers, &body);
        // And what it refuses.
        let joint = if asked.contains('?') { '&' } else { '?' };
        let refused = Request::get(format!("{asked}{joint}colour=red")).body(Body::empty()).unwrap();
        let (status, headers, body) = app.ask_bytes(refused).await;
        assert_as_described(&contract.document, call, status, &headers, &body);
    }
}

/// A value of a schema, with every field there is.
fn value_of(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if let Some(either) = schema["anyOf"].as_array() {
        return value_of(document, &either[0]);
    }
    match (schema["type"].as_str().unwrap_or("object"), schema["format"].as_str()) {
        ("string", Some("date")) => json!("2026-04-20"),
        ("string", Some("date-time")) => json!("2026-04-13T04:00:00Z"),
        ("string", _) if schema["pattern"].is_string() => json!("ab".repeat(32)),
        ("string", _) => json!("2026-04-13T08:00"),
        ("number" | "integer", _) => json!(1),
        ("boolean", _) => json!(true),
        ("null", _) => Value::Null,
        ("array", _) if schema["maxItems"] == 0 => json!([]),
        ("array", _) => json!([value_of(document, &schema["items"])]),
        _ => {
            let fields = schema["properties"].as_object().unwrap().iter();
            Value::Object(fields.map(|(name, field)| (name.clone(), value_of(document, field))).collect::<Map<_, _>>())
        }
    }
}

/// Every object inside a value, by pointer: where an unknown field could stand.
fn objects(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(at.to_owned());
            fields.iter().for_each(|(name, field)| objects(field, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| objects(item, &format!("{at}/{i}"), found));
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_body_may_have_every_field_of_the_document_and_no_other() {
    let contract = Contract::start().await;
    let mut forms_seen = 0;
    for call in &contract.calls {
        let schema = &call.operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            continue;
        }
        let example = &call.operation["requestBody"]["content"]["application/json"]["example"];
        assert_eq!(faults(&contract.document, schema, example), Vec::<String>::new(), "{}", call.path);
        let resolved = resolved(&contract.document, schema);
        let forms = resolved["oneOf"].as_array().cloned().unwrap_or_else(|| vec![resolved.clone()]);
        for form in forms {
            forms_seen += 1;
            let body = value_of(&contract.document, &form);
            assert_eq!(faults(&contract.document, schema, &body), Vec::<String>::new(), "{body}");
            let (_, answer) = contract.post(&call.path, "20260413-0001", &body).await;
            let said = answer["detail"].as_str().unwrap_or_default();
            assert!(
                !said.contains("unknown field") && !said.contains("knows no field"),
                "{} {body}: {said}",
                call.path
            );
            let mut places = Vec::new();
            objects(&body, "", &mut places);
            for place in places {
                let mut spoilt = body.clone();
                spoilt.pointer_mut(&place).unwrap()["colour"] = json!("red");
                let (status, answer) = contract.post(&call.path, "20260413-0001", &spoilt).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{} {place} {spoilt}: {answer}", call.path);
                assert!(answer["detail"].as_str().unwrap().contains("unknown field `colour`"), "{answer}");
                assert_ne!(faults(&contract.document, schema, &spoilt), Vec::<String>::new(), "{spoilt}");
            }
        }
    }
    assert!(forms_seen > 30, "{forms_seen}");
}

#[tokio::test]
async fn whoever_has_the_document_that_is_true_is_told_so_instead_of_sent_it() {
    let app = App::usual().await;
    for path in ["/api/v1/alerts", "/api/v1/units.geojson", "/api/v1/openapi.json", "/api/v1/alerts/20260413-0001"] {
        let (_, headers, _) = app.get(path).await;
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-cache", "{path}");
        let tag = headers[header::ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with('"'), "{tag} is strong");
        let again = Request::get(path).header(header::IF_NONE_MATCH, &tag).body(Body::empty()).unwrap();
        let (status, headers, body) = app.ask(again).await;
        assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(headers[header::ETAG].to_str().unwrap(), tag);
        let (_, headers, _) = app.ask(Request::head(path).body(Body::empty()).unwrap()).await;
        assert_eq!(headers[header::ETAG].to_str().unwrap(), tag, "the head alone is that of the document");
    }
    let (_, headers, _) = app.get("/api/v1/alerts").await;
    let tag = headers[header::ETAG].clone();
    app.act("20260413-0001", &json!({"act": "acknowledge", "as": "王@220101001"})).await;
    let changed = Request::get("/api/v1/alerts").header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
    assert_eq!(app.ask(changed).await.0, StatusCode::OK, "an alert that moved makes another document");
}

/// Walks the pages of a list by their `Link` headers.
async fn walk(app: &App, first: &str, items: &str) -> Vec<Vec<Value>> {
    let (mut pages, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(path) = next {
        let (status, headers, text) = app.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        let body: Value = serde_json::from_str(&text).unwrap();
        pages.push(body[items].as_array().unwrap().clone());
        let link = headers.get(header::LINK).map(|link| link.to_str().unwrap().to_owned());
        next = link.map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
        assert!(pages.len() < 20, "{first} comes to an end");
    }
    pages
}

#[tokio::test]
async fn pages_hold_every_row_once_and_link_to_the_next() {
    let rows = (0..5).map(|i| observation(&format!("122.{}", 60 + 4 * i), "45.55", "2026-04-13T04:12:00Z")).collect();
    let app = App::start(Setting { rows, ..Setting::default() }).await;
    for (path, items) in [
        ("/api/v1/alerts/of-days", "items"),
        ("/api/v1/alerts", "items"),
        ("/api/v1/detections.geojson", "features"),
        ("/api/v1/fires.geojson", "features"),
        ("/api/v1/audit", "items"),
    ] {
        let whole = walk(&app, path, items).await.concat();
        assert!(whole.len() > 2, "{path} {}", whole.len());
        let pages = walk(&app, &format!("{path}?limit=2"), items).await;
        assert!(pages.iter().all(|page| page.len() <= 2) && pages.len() > 1, "{path}");
        assert_eq!(pages.concat(), whole, "{path}");
    }
    let (status, _, text) = app.get("/api/v1/alerts/of-days?after=20990101-0001").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
}

impl App {
    async fn keyed(&self, path: &str, key: &str, body: &Value) -> (StatusCode, HeaderMap, Value) {
        let request = Request::post(path).header("content-type", "application/json").header("idempotency-key", key);
        let (status, headers, text) = self.ask(request.body(Body::from(body.to_string())).unwrap()).await;
        (status, headers, serde_json::from_str(&text).unwrap())
    }
}

#[tokio::test]
async fn a_call_that_is_repeated_under_its_key_is_answered_the_same_and_done_once() {
    let app = App::usual().await;
    let body = json!({"source": "patrol", "lon": 122.72, "lat": 45.55, "description": "烟"});
    let first = app.keyed("/api/v1/alerts", "k-1", &body).await;
    let again = app.keyed("/api/v1/alerts", "k-1", &body).await;
    assert_eq!((first.0, &first.2), (again.0, &again.2));
    assert_eq!(first.0, StatusCode::CREATED, "also the second time: {}", first.2);
    assert_eq!(again.1["idempotency-replayed"], "true");
    let quoted = app.keyed("/api/v1/alerts", "\"k-1\"", &body).await;
    assert_eq!(quoted.2, first.2);
    let cases = app.json("/api/v1/alerts?source=patrol").await;
    assert_eq!(cases["count"], 1);

    let other = json!({"source": "patrol", "lon": 122.72, "lat": 45.56});
    let (status, _, problem) = app.keyed("/api/v1/alerts", "k-1", &other).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let named = json!({"source": "patrol", "lon": 122.72, "lat": 45.56, "client_id": "c-9"});
    let (status, _, problem) = app.keyed("/api/v1/alerts", "k-9", &named).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
    let (status, ..) = app.keyed("/api/v1/alerts", "c-9", &named).await;
    assert_eq!(status, StatusCode::CREATED, "the same in both is one name");
}

#[tokio::test]
async fn a_refusal_is_repeated_too_and_what_could_not_be_read_may_be_mended() {
    let app = App::usual().await;
    let path = "/api/v1/alerts/20260413-0001/acts";
    let (status, _, refused) = app.keyed(path, "k-1", &json!({"act": "close", "as": "县长@2201"})).await;
    let again = app.keyed(path, "k-1", &json!({"act": "close", "as": "县长@2201"})).await;
    assert_eq!((status, &refused), (StatusCode::CONFLICT, &again.2), "with the same reference");
    let (status, ..) = app.keyed(path, "k-2", &json!({"act": "dance"})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _, done) = app.keyed(path, "k-2", &json!({"act": "acknowledge", "as": "王@220101001"})).await;
    assert_eq!(status, StatusCode::OK, "{done}");
}

#[tokio::test]
async fn keys_are_an_accounts_own_and_are_forgotten_after_seven_days() {
    let app = App::usual().await;
    let now = app.now;
    add_account(&app.store, "county", Role::County, &UnitCode("2201".to_owned()), now).await;
    add_token(&app.store, "county", "open", TokenPower::Write, now).await;
    let body = json!({"act": "call", "whom": "张三", "answered": true});
    let path = "/api/v1/alerts/20260413-0001/acts";
    assert_eq!(app.keyed(path, "k-1", &body).await.0, StatusCode::OK);
    let request = Request::post(path).header("idempotency-key", "k-1").header("authorization", "Bearer open");
    let (status, headers, answer) = app.ask_as_is(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer));
    assert!(!headers.contains_key("idempotency-replayed"), "another account's key is another key");
    let later = |hours| now.checked_add(firegrid::domain::time::SignedDuration::from_hours(hours)).unwrap();
    assert_eq!(app.store.remove_old(Old::Answers, later(7 * 24)).await.unwrap(), 0);
    assert_eq!(app.store.remove_old(Old::Answers, later(7 * 24 + 1)).await.unwrap(), 2);
    assert_eq!(app.keyed(path, "k k", &body).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_account_sees_what_it_is_and_ends_its_own_sessions_and_no_others() {
    let app = App::usual().await;
    let me = app.json("/api/v1/accounts/me").await;
    assert_eq!(
        (&me["name"], &me["power"], &me["sees_everything"]),
        (&json!("office"), &json!("act_for"), &json!(true))
    );
    let end = |token: &str| {
        let request =
            Request::delete("/api/v1/accounts/me/sessions/1").header("authorization", format!("Bearer {token}"));
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(app.ask_as_is(end(TOKEN)).await.0, StatusCode::NOT_FOUND, "there is none");
    let new = firegrid::store::NewSession {
        secret_hash: "a".to_owned(),
        account_id: 1,
        how: firegrid::store::SignInMethod::Password,
        device: "Firefox".to_owned(),
        address: "127.0.0.1".to_owned(),
        stay: firegrid::web::AccountRules::default().phone,
        device_hash: None,
        known_as: None,
        replaces: None,
    };
    app.store.accounts().sign_in(SignIn::Proved, new, app.now).await.unwrap();
    assert_eq!(app.json("/api/v1/accounts/me").await["sessions"][0]["device"], "Firefox");
    add_account(&app.store, "county", Role::County, &UnitCode("2201".to_owned()), app.now).await;
    add_token(&app.store, "county", "open", TokenPower::Write, app.now).await;
    add_token(&app.store, "office", "looks", TokenPower::Read, app.now).await;
    assert_eq!(app.ask_as_is(end("open")).await.0, StatusCode::NOT_FOUND, "another's does not exist");
    assert_eq!(app.ask_as_is(end("looks")).await.0, StatusCode::FORBIDDEN, "a token that only reads");
    assert_eq!(app.ask_as_is(end(TOKEN)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(app.json("/api/v1/accounts/me").await["sessions"], json!([]));
}

#[tokio::test]
async fn the_log_and_the_versions_are_for_whoever_sees_the_whole_region() {
    let app = App::usual().await;
    add_account(&app.store, "county", Role::County, &UnitCode("2201".to_owned()), app.now).await;
    add_token(&app.store, "county", "open", TokenPower::Write, app.now).await;
    for path in ["/api/v1/audit", "/api/v1/regions/difference?from=a&to=b"] {
        let request = Request::get(path).header("authorization", "Bearer open").body(Body::empty()).unwrap();
        assert_eq!(app.ask_as_is(request).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let log = app.json("/api/v1/audit").await;
    let kinds: Vec<_> = log["items"].as_array().unwrap().iter().map(|event| event["subject_kind"].clone()).collect();
    assert!(!kinds.is_empty() && !kinds.contains(&json!("account")), "how people come in is the administrator's");
    for kind in LogFilter::kinds() {
        let (status, _, text) = app.get(&format!("/api/v1/audit?subject_kind={kind}")).await;
        assert_eq!(status, StatusCode::OK, "{kind}: {text}");
        assert!(LogFilter::KINDS.contains(kind), "{kind} is named where kinds are asked for");
    }
    add_account(&app.store, "boss", Role::Admin, &UnitCode("22".to_owned()), app.now).await;
    add_token(&app.store, "boss", "all", TokenPower::Read, app.now).await;
    let request = Request::get("/api/v1/audit?subject_kind=account").header("authorization", "Bearer all");
    let (status, _, body) = app.ask_as_is(request.body(Body::empty()).unwrap()).await;
    let log: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, log["items"][0]["kind"].as_str()), (StatusCode::OK, Some("token_added")), "{log}");
}
