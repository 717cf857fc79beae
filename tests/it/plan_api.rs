//! Burning in order, weather, heat sources, people and rejudging over HTTP: what the command line
//! does, behind a token, with a status for every refusal.

mod silly;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};

use crate::pages::{App, TOKEN};

const COUNTY: &str = "县长@2201";

impl App {
    async fn send(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.post(path, Some(TOKEN), body).await
    }

    /// A GET with the token.
    pub async fn fetch(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        self.ask_bytes(request.body(Body::empty()).unwrap()).await
    }

    async fn fetch_json(&self, path: &str) -> Value {
        let (status, _, body) = self.fetch(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    async fn import(&self, query: &str, file: impl Into<Body>) -> (StatusCode, Value) {
        for (person, unit) in [("县长", "2201"), ("x", "220101")] {
            self.make_known(person, &firegrid::domain::unit::UnitCode(unit.to_owned())).await;
        }
        let request = Request::post(format!("/api/v1/plans/import?{query}"))
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .body(file.into())
            .unwrap();
        let (status, _, text) = self.ask(request).await;
        (status, serde_json::from_str(&text).unwrap())
    }

    async fn upload_photo(&self) -> String {
        let upload = Request::post("/api/v1/photos").header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        let (_, _, text) = self.ask(upload.body(Body::from(crate::pictures::jpeg("burnt"))).unwrap()).await;
        serde_json::from_str::<Value>(&text).unwrap()["hash"].as_str().unwrap().to_owned()
    }
}

/// The acting county head in a query.
const AS: &str = "as=%E5%8E%BF%E9%95%BF@2201";

fn application(id: &str) -> Value {
    json!({
        "plan_id": id, "unit": "220101", "window_start": "2026-04-13T06:00", "window_end": "2026-04-15T18:00",
        "area_mu": 120.5, "responsible": "李四", "as": "王五@220101", "client_id": format!("apply-{id}"),
        "plot": "POLYGON((122.65 45.52,122.66 45.52,122.66 45.53,122.65 45.53,122.65 45.52))", "datum": "wgs84",
    })
}

fn act(name: &str, more: Value) -> Value {
    let mut body = json!({"act": name, "as": COUNTY});
    let Value::Object(more) = more else { panic!("an act has fields, not {more}") };
    body.as_object_mut().unwrap().extend(more);
    body
}

#[tokio::test]
async fn a_plan_is_burnt_in_order_over_http_and_every_command_is_done_once() {
    let app = App::usual().await;
    let (status, applied) = app.send("/api/v1/plans", &application("P-1")).await;
    assert_eq!((status, &applied["status"]), (StatusCode::CREATED, &json!("applied")), "{applied}");
    assert_eq!(applied["window_start"], "2026-04-12T22:00:00Z", "local times are the region's");
    let (status, again) = app.send("/api/v1/plans", &application("P-1")).await;
    assert_eq!((status, &again["repeated"]), (StatusCode::OK, &json!(true)));

    let photo = app.upload_photo().await;
    let steps = [
        (act("approve", json!({"client_id": "a"})), "approved"),
        (
            act("order", json!({"from": "2026-04-13T08:00", "to": "2026-04-13T18:00+08:00", "client_id": "o"})),
            "ordered",
        ),
        (act("light", json!({"client_id": "l"})), "lit"),
        (act("done", json!({"burnt_mu": 110.0, "photos": [photo], "client_id": "d"})), "done"),
    ];
    for (body, expected) in steps {
        let (status, answer) = app.send("/api/v1/plans/P-1/acts", &body).await;
        assert_eq!((status, &answer["status"]), (StatusCode::OK, &json!(expected)), "{body} {answer}");
        assert_eq!(answer["repeated"], false);
        let (status, answer) = app.send("/api/v1/plans/P-1/acts", &body).await;
        assert_eq!((status, &answer["repeated"]), (StatusCode::OK, &json!(true)), "{body} {answer}");
    }
    let shown = app.json("/api/v1/plans/P-1").await;
    let kinds: Vec<_> = shown["events"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["applied", "approved", "ordered", "lit", "done"]);
    assert_eq!(shown["events"][4]["detail"]["evidence"]["photos"][0]["sha256"], json!(photo));

    let ledger = app.json("/api/v1/plans/ledger?day=2026-04-13&unit=2201").await;
    assert_eq!(ledger["lines"][0]["burnt"]["mu"], 110.0, "{ledger}");
    assert!(ledger["note"].as_str().unwrap().contains("疑似火点"));
    let progress = app.json("/api/v1/plans/progress?unit=2201").await;
    assert_eq!(progress["lines"][0]["burnt_mu"], 110.0, "{progress}");
    assert_eq!(app.json("/api/v1/plans/progress?unit=2202").await["lines"], json!([]));
}

#[tokio::test]
async fn orders_are_taken_back_and_plans_refused_or_withdrawn() {
    let app = App::usual().await;
    for id in ["P-1", "P-2"] {
        app.send("/api/v1/plans", &application(id)).await;
    }
    let steps = [
        ("P-1", act("approve", json!({})), "approved"),
        ("P-1", act("order", json!({"from": "2026-04-14T08:00", "to": "2026-04-14T18:00"})), "ordered"),
        ("P-1", act("take_back", json!({})), "approved"),
        ("P-1", act("withdraw", json!({"note": "下雨"})), "withdrawn"),
        ("P-2", act("refuse", json!({"note": "离村太近"})), "refused"),
    ];
    for (id, body, expected) in steps {
        let (_, answer) = app.send(&format!("/api/v1/plans/{id}/acts"), &body).await;
        assert_eq!(answer["status"], expected, "{body} {answer}");
    }
}

#[tokio::test]
async fn every_refusal_of_a_plan_has_its_status_and_says_why_in_both_languages() {
    let app = App::usual().await;
    app.send("/api/v1/plans", &application("P-1")).await;
    let changed = |change: Value| {
        let mut body = application("P-9");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let applications = [
        (changed(json!({"plan_id": "P-1", "client_id": "x"})), StatusCode::CONFLICT),
        (changed(json!({"client_id": "apply-P-1"})), StatusCode::CONFLICT),
        (changed(json!({"as": "外人@2202"})), StatusCode::FORBIDDEN),
        (changed(json!({"as": "无此人"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"unit": "999"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"area_mu": -1.0})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"area_mu": 1e300})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"window_end": "2026-04-12T18:00"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"window_end": "9999-12-30T18:00Z"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"plan_id": "P".repeat(65)})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"plot": "POINT(122 45)"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"happened_at": "2026-04-01T00:00:00Z"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"window_start": "2026-04-13"})), StatusCode::BAD_REQUEST),
        (changed(json!({"datum": "mars"})), StatusCode::BAD_REQUEST),
        (changed(json!({"datum": null})), StatusCode::BAD_REQUEST),
        (changed(json!({"client_id": " "})), StatusCode::BAD_REQUEST),
        (changed(json!({"status": "approved"})), StatusCode::BAD_REQUEST),
        (changed(json!({"plan_id": "P\u{0}"})), StatusCode::BAD_REQUEST),
        (json!({}), StatusCode::BAD_REQUEST),
    ];
    for (body, expected) in applications {
        refused(app.send("/api/v1/plans", &body).await, expected, &body);
    }
    let order = |from: &str, to: &str| act("order", json!({"from": from, "to": to}));
    let acts = [
        ("P-1", act("light", json!({})), StatusCode::CONFLICT),
        ("P-1", order("2026-04-14T08:00", "2026-04-14T18:00"), StatusCode::CONFLICT),
        ("P-1", act("approve", json!({"as": "王五@220101"})), StatusCode::FORBIDDEN),
        ("P-1", act("approve", json!({"as": "李四@2201"})), StatusCode::FORBIDDEN),
        ("P-1", act("approve", json!({"as": "外人@2202"})), StatusCode::FORBIDDEN),
        ("P-1", act("approve", json!({"client_id": "apply-P-1"})), StatusCode::CONFLICT),
        ("P-1", act("refuse", json!({})), StatusCode::BAD_REQUEST),
        ("P-1", act("approve", json!({"from": "2026-04-14T08:00"})), StatusCode::BAD_REQUEST),
        ("P-1", act("done", json!({})), StatusCode::BAD_REQUEST),
        ("P-1", act("done", json!({"burnt_mu": 1.0, "photos": ["ab"]})), StatusCode::BAD_REQUEST),
        ("P-1", act("burn", json!({})), StatusCode::BAD_REQUEST),
        ("P-1", act("order", json!({"from": "2026-04-14T08:00"})), StatusCode::BAD_REQUEST),
        ("P-0", act("approve", json!({})), StatusCode::NOT_FOUND),
    ];
    for (id, body, expected) in acts {
        refused(app.send(&format!("/api/v1/plans/{id}/acts"), &body).await, expected, &body);
    }
    app.send("/api/v1/plans/P-1/acts", &act("approve", json!({}))).await;
    for (from, to) in [
        ("2026-04-14T08:00", "2026-04-16T08:00"),
        ("2026-04-13T06:00", "2026-04-13T07:00"),
        ("2026-04-15T08:00", "2026-04-15T19:00"),
    ] {
        let body = order(from, to);
        refused(app.send("/api/v1/plans/P-1/acts", &body).await, StatusCode::UNPROCESSABLE_ENTITY, &body);
    }
    assert_eq!(app.json("/api/v1/plans").await["items"].as_array().unwrap().len(), 1, "nothing else was written");
}

fn refused((status, problem): (StatusCode, Value), expected: StatusCode, asked: &Value) {
    assert_eq!(status, expected, "{asked} {problem}");
    assert_eq!(problem["status"], status.as_u16());
    for detail in ["detail", "detail_zh"] {
        assert!(problem[detail].as_str().is_some_and(|text| text.chars().count() > 8), "{problem}");
    }
}

#[tokio::test]
async fn plans_are_listed_by_filter_and_page_by_page() {
    let app = App::usual().await;
    for id in ["P-1", "P-2", "P-3"] {
        app.send("/api/v1/plans", &application(id)).await;
    }
    app.send("/api/v1/plans/P-2/acts", &act("approve", json!({}))).await;
    let ids = async |query: &str| -> Vec<String> {
        let page = app.json(&format!("/api/v1/plans?{query}")).await;
        page["items"].as_array().unwrap().iter().map(|plan| plan["plan_id"].as_str().unwrap().to_owned()).collect()
    };
    for (query, expected) in [
        ("", "P-1 P-2 P-3"),
        ("status=approved", "P-2"),
        ("unit=2201&limit=2", "P-1 P-2"),
        ("limit=2&after=P-2", "P-3"),
        ("unit=2202", ""),
        ("day=2026-04-14", "P-1 P-2 P-3"),
        ("day=2026-04-16", ""),
        ("from=2026-04-16", ""),
        ("to=2026-04-12", ""),
        ("near=122.655,45.525", "P-1 P-2 P-3"),
        ("near=122.9,45.9&within=2", ""),
    ] {
        assert_eq!(ids(query).await.join(" "), expected, "{query}");
    }
    let page = app.json("/api/v1/plans?limit=2").await;
    assert_eq!(page["next"], "P-2");
    assert_eq!(app.json("/api/v1/plans?limit=3").await["next"], Value::Null, "a full last page has no next");
    for query in [
        "status=burning",
        "unit=nowhere",
        "day=2026-04-14&from=2026-04-14",
        "from=2026-04-15&to=2026-04-14",
        "near=122",
        "near=NaN,45",
        "within=3",
        "near=122.6,45.5&within=NaN",
        "limit=0",
        "day=9999-12-31",
        "statuss=approved",
        "unit=2201&unit=2202",
    ] {
        let (status, _, text) = app.get(&format!("/api/v1/plans?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query} {text}");
    }
}

const HEAD: &str = "plan_id,unit_code,window_start,window_end,area_mu,responsible,status,plot,note\n";
const GOOD: &str = "P-1,220101,2026-04-13T08:00,2026-04-15T16:00,30,张三,approved,\"POLYGON((122.65 45.52,122.66 45.52,122.66 45.53,122.65 45.53,122.65 45.52))\",\"=1+1, 注\"\n";

#[tokio::test]
async fn an_import_with_faults_names_every_row_and_imports_none() {
    let app = App::usual().await;
    let file = format!(
        "{HEAD}{GOOD}P-2,999,2026-04-13T08:00,2026-04-15T16:00,30,张三,,,\nP-3,220101,2026-04-13,2026-04-15T16:00,-3,张三,,,\n"
    );
    let (status, problem) = app.import(&format!("{AS}&datum=wgs84&file=plans.csv"), file).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let faults = problem["faults"].as_array().unwrap();
    for (place, code) in [("line 3", "unknown_unit"), ("line 4", "bad_time"), ("line 4", "plan_value")] {
        let is_there = faults.iter().any(|fault| fault["where"] == place && fault["code"] == code);
        assert!(is_there, "{place} {code}: {problem}");
    }
    assert!(faults.iter().all(|fault| fault["file"] == "plans.csv"));
    assert_eq!(app.json("/api/v1/plans").await["items"], json!([]), "the good row was not imported either");

    let low = format!("{HEAD}P-5,220101,2026-04-13T08:00,2026-04-15T16:00,30,张三,approved,,\n");
    let (status, problem) = app.import("as=x@220101", low).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["faults"][0]["code"], "plan_refused", "a township may not approve: {problem}");

    for (query, file, expected) in [
        (AS, String::new(), StatusCode::UNPROCESSABLE_ENTITY),
        (AS, "PK\u{3}\u{4} no workbook".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        (AS, format!("{HEAD}{GOOD}"), StatusCode::UNPROCESSABLE_ENTITY),
        ("", format!("{HEAD}{GOOD}"), StatusCode::UNPROCESSABLE_ENTITY),
        ("as=x@999", format!("{HEAD}{GOOD}"), StatusCode::UNPROCESSABLE_ENTITY),
        ("dry_run=perhaps", format!("{HEAD}{GOOD}"), StatusCode::BAD_REQUEST),
        ("datum=mars", format!("{HEAD}{GOOD}"), StatusCode::BAD_REQUEST),
        ("dryrun=true", format!("{HEAD}{GOOD}"), StatusCode::BAD_REQUEST),
    ] {
        let (status, problem) = app.import(query, file.clone()).await;
        assert_eq!(status, expected, "{query} {file:.40} {problem}");
    }
    let (status, _) = app.import(AS, vec![b','; 8 * 1024 * 1024 + 1]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_import_is_shown_first_done_once_and_updates_only_when_told() {
    let app = App::usual().await;
    let file = format!("{HEAD}{GOOD}");
    let (_, dry) = app.import("dry_run=true&datum=wgs84", file.clone()).await;
    assert_eq!((&dry["new"], &dry["written"]), (&json!(1), &json!(false)), "{dry}");
    assert_eq!(app.json("/api/v1/plans").await["items"], json!([]));

    let query = format!("{AS}&datum=wgs84&client_id=import-1");
    let (status, done) = app.import(&query, file.clone()).await;
    assert_eq!((status, &done["new"], &done["written"]), (StatusCode::OK, &json!(1), &json!(true)), "{done}");

    let changed = file.replace(",30,", ",40,");
    let (status, problem) = app.import(&format!("{AS}&datum=wgs84"), changed.clone()).await;
    assert_eq!((status, &problem["faults"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("plan_differs")));
    let (_, updated) = app.import(&format!("{AS}&datum=wgs84&update=true&client_id=import-2"), changed).await;
    assert_eq!(updated["updated"], 1, "{updated}");

    let (_, again) = app.import(&format!("{query}&update=true"), file.clone()).await;
    assert_eq!((&again["repeated"], &again["updated"]), (&json!(true), &json!(0)), "{again}");
    assert_eq!(app.json("/api/v1/plans/P-1").await["area_mu"], 40.0, "the older file was not done again");
    let other = file.replace("P-1", "P-7");
    let (status, problem) = app.import(&query, other).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
}

#[tokio::test]
async fn a_file_sent_again_under_its_key_is_taken_once_and_leaves_nothing_beside_the_database() {
    let app = App::usual().await;
    let file = format!("{HEAD}{GOOD}");
    app.import("dry_run=true&datum=wgs84", file.clone()).await;
    let send = async |file: String| {
        let request = Request::post(format!("/api/v1/plans/import?{AS}&datum=wgs84"))
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .header("idempotency-key", "file-1");
        let (status, headers, text) = app.ask(request.body(Body::from(file)).unwrap()).await;
        let is_replayed = headers.contains_key("idempotency-replayed");
        (status, is_replayed, serde_json::from_str::<Value>(&text).unwrap())
    };
    let first = send(file.clone()).await;
    assert_eq!((first.0, first.1, &first.2["new"]), (StatusCode::OK, false, &json!(1)), "{}", first.2);
    assert_eq!(send(file.clone()).await, (StatusCode::OK, true, first.2));
    let (status, _, problem) = send(file.replace("P-1", "P-2")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "another file under the same key: {problem}");
    assert_eq!(send(",".repeat(8 * 1024 * 1024 + 1)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let folder = app.store.path().parent().unwrap().join("photos/partial");
    let left: Vec<_> = std::fs::read_dir(folder).unwrap().flatten().map(|file| file.file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn what_is_exported_imports_again_as_unchanged_in_every_form() {
    let app = App::usual().await;
    app.import(&format!("{AS}&datum=wgs84"), format!("{HEAD}{GOOD}")).await;
    for query in ["format=csv", "format=xlsx", "format=xlsx&heads=chinese", "heads=chinese"] {
        let (status, headers, file) = app.fetch(&format!("/api/v1/plans/export?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query}");
        assert!(
            headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; filename=\"burn_plans.")
        );
        assert_eq!(query.contains("xlsx"), file.starts_with(b"PK"), "{query}");
        let (status, again) = app.import(&format!("{AS}&datum=wgs84"), file).await;
        assert_eq!((status, &again["unchanged"]), (StatusCode::OK, &json!(1)), "{query} {again}");
    }
    let geojson = app.fetch_json("/api/v1/plans/export?format=geojson").await;
    assert_eq!(geojson["features"][0]["geometry"]["type"], "Polygon", "{geojson}");
    assert_eq!(app.fetch_json("/api/v1/plans/export?format=json").await[0]["plan_id"], "P-1");
    for query in ["format=pdf", "heads=latin", "limit=3"] {
        assert_eq!(app.fetch(&format!("/api/v1/plans/export?{query}")).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn weather_is_entered_once_and_listed_from_then_on() {
    let app = App::usual().await;
    let body = json!({"unit": "2201", "day": "2026-04-13", "level": 3, "as": COUNTY, "client_id": "w-1"});
    let (status, entered) = app.send("/api/v1/weather", &body).await;
    assert_eq!((status, &entered["level"]), (StatusCode::CREATED, &json!(3)), "{entered}");
    let (status, again) = app.send("/api/v1/weather", &body).await;
    assert_eq!((status, &again["repeated"]), (StatusCode::OK, &json!(true)));
    let listed = app.json("/api/v1/weather?unit=2201&from=2026-04-13&to=2026-04-13").await;
    assert_eq!(listed["weather"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["weather"][0]["entered_by"], "县长");
    assert_eq!(app.json("/api/v1/weather?unit=2202").await["weather"], json!([]));
    for (body, expected) in [
        (json!({"unit": "2201", "day": "2026-04-13", "level": 5, "as": COUNTY}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"unit": "2201", "day": "2026-04-13", "level": 70000, "as": COUNTY}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"unit": "9", "day": "2026-04-13", "level": 2, "as": COUNTY}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"unit": "2202", "day": "2026-04-13", "level": 2, "as": COUNTY}), StatusCode::FORBIDDEN),
        (
            json!({"unit": "2201", "day": "2026-04-14", "level": 2, "as": COUNTY, "client_id": "w-1"}),
            StatusCode::CONFLICT,
        ),
        (json!({"unit": "2201", "day": "13.4.", "level": 2, "as": COUNTY}), StatusCode::BAD_REQUEST),
        (json!({"unit": "2201", "day": "2026-04-13", "level": 2.5, "as": COUNTY}), StatusCode::BAD_REQUEST),
    ] {
        refused(app.send("/api/v1/weather", &body).await, expected, &body);
    }
}

fn source(name: &str) -> Value {
    json!({
        "name": name, "kind": "flare", "lon": 122.715, "lat": 45.615, "radius_m": 300.0, "unit": "220101",
        "watched_by": "张三", "expires": "2026-10-01", "as": COUNTY, "client_id": format!("approve-{name}"),
    })
}

#[tokio::test]
async fn a_heat_source_is_approved_handed_over_renewed_and_ended_each_once() {
    let app = App::usual().await;
    assert_eq!(app.json("/api/v1/heat-sources/suggestions").await["suggestions"], json!([]));
    let (status, approved) = app.send("/api/v1/heat-sources", &source("火炬")).await;
    assert_eq!((status, &approved["standing"]), (StatusCode::CREATED, &json!("in_force")), "{approved}");
    let (status, again) = app.send("/api/v1/heat-sources", &source("火炬")).await;
    assert_eq!((status, &again["id"], &again["repeated"]), (StatusCode::OK, &approved["id"], &json!(true)));
    let acts = format!("/api/v1/heat-sources/{}/acts", approved["id"].as_str().unwrap());
    for (body, field, expected) in [
        (act("hand_over", json!({"unit": "220101001", "watched_by": "张三", "client_id": "h"})), "unit", "220101001"),
        (act("renew", json!({"expires": "2027-01-01", "client_id": "r"})), "expires", "2027-01-01"),
        (act("end", json!({"why": "已拆除", "client_id": "e"})), "standing", "ended"),
    ] {
        let (status, answer) = app.send(&acts, &body).await;
        assert_eq!((status, &answer[field]), (StatusCode::OK, &json!(expected)), "{body} {answer}");
        let (_, again) = app.send(&acts, &body).await;
        assert_eq!(again["repeated"], true, "{body} {again}");
    }
    assert_eq!(app.json("/api/v1/heat-sources").await["heat_sources"].as_array().unwrap().len(), 1);
    let body = act("renew", json!({"expires": "2027-02-01"}));
    refused(app.send(&acts, &body).await, StatusCode::CONFLICT, &body);
}

#[tokio::test]
async fn every_refusal_of_a_heat_source_has_its_status() {
    let app = App::usual().await;
    let (_, approved) = app.send("/api/v1/heat-sources", &source("火炬")).await;
    let changed = |change: Value| {
        let mut body = source("另一处");
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    for (body, expected) in [
        (changed(json!({"name": "火炬"})), StatusCode::CONFLICT),
        (changed(json!({"client_id": "approve-火炬"})), StatusCode::CONFLICT),
        (changed(json!({"as": "王五@220101"})), StatusCode::FORBIDDEN),
        (changed(json!({"unit": "9"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"radius_m": 0.0})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"name": " "})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"expires": "2036-01-01"})), StatusCode::UNPROCESSABLE_ENTITY),
        (changed(json!({"expires": "soon"})), StatusCode::BAD_REQUEST),
        (changed(json!({"lon": 999.0})), StatusCode::BAD_REQUEST),
        (changed(json!({"kind": "volcano"})), StatusCode::BAD_REQUEST),
    ] {
        refused(app.send("/api/v1/heat-sources", &body).await, expected, &body);
    }
    let id = approved["id"].as_str().unwrap();
    for (id, body, expected) in [
        ("HS-0", act("end", json!({"why": "已拆除"})), StatusCode::NOT_FOUND),
        (id, act("end", json!({"why": " "})), StatusCode::UNPROCESSABLE_ENTITY),
        (id, act("end", json!({})), StatusCode::BAD_REQUEST),
        (id, act("end", json!({"why": "已拆除", "expires": "2027-01-01"})), StatusCode::BAD_REQUEST),
        (id, act("paint", json!({})), StatusCode::BAD_REQUEST),
        (id, act("renew", json!({"expires": "2026-09-01"})), StatusCode::UNPROCESSABLE_ENTITY),
        (id, act("end", json!({"why": "已拆除", "client_id": "approve-火炬"})), StatusCode::CONFLICT),
    ] {
        refused(app.send(&format!("/api/v1/heat-sources/{id}/acts"), &body).await, expected, &body);
    }
}

#[tokio::test]
async fn judging_again_shows_the_difference_first_and_takes_only_that_one() {
    let app = App::usual().await;
    let none = app.fetch_json("/api/v1/rejudgement?from=2026-04-13").await;
    assert_eq!((&none["changed"], &none["applied"]), (&json!(0), &json!(false)), "{none}");
    app.send("/api/v1/heat-sources", &source("火炬")).await;
    let shown = app.fetch_json("/api/v1/rejudgement?from=2026-04-13&to=2026-04-13").await;
    assert_eq!(shown["changes"][0]["new"]["verdict"], "heat_source", "{shown}");
    let number = app.json("/api/v1/alerts").await["items"][0]["number"].as_str().unwrap().to_owned();
    assert_eq!(app.fetch_json(&format!("/api/v1/rejudgement?alert={number}")).await["changed"], 1);

    let order = |expect: &Value| json!({"as": COUNTY, "why": "火炬已批准", "expect": expect, "from": "2026-04-13", "client_id": "j-1"});
    let stale = order(&json!("0".repeat(64)));
    refused(app.send("/api/v1/rejudgement", &stale).await, StatusCode::CONFLICT, &stale);
    let (status, done) = app.send("/api/v1/rejudgement", &order(&shown["hash"])).await;
    assert_eq!((status, &done["applied"], &done["repeated"]), (StatusCode::OK, &json!(true), &json!(false)), "{done}");
    let (status, again) = app.send("/api/v1/rejudgement", &order(&shown["hash"])).await;
    assert_eq!((status, &again["repeated"], &again["event"]), (StatusCode::OK, &json!(true), &done["event"]));

    for (body, expected) in [
        (
            json!({"as": COUNTY, "why": " ", "expect": shown["hash"], "from": "2026-04-13"}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (json!({"as": COUNTY, "why": "查", "from": "2026-04-13"}), StatusCode::BAD_REQUEST),
        (json!({"as": COUNTY, "why": "查", "expect": "x"}), StatusCode::BAD_REQUEST),
        (json!({"as": COUNTY, "why": "查", "expect": "x", "alert": "19990101-0001"}), StatusCode::NOT_FOUND),
        (
            json!({"as": COUNTY, "why": "查", "expect": "x", "from": "2026-04-12", "client_id": "j-1"}),
            StatusCode::CONFLICT,
        ),
    ] {
        refused(app.send("/api/v1/rejudgement", &body).await, expected, &body);
    }
    for query in ["", "from=2026-01-01&to=2026-12-31", "from=2026-04-13&alert=1", "to=soon"] {
        assert_eq!(app.fetch(&format!("/api/v1/rejudgement?{query}")).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(app.fetch("/api/v1/rejudgement?alert=19990101-0001").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn people_and_duty_are_for_those_with_the_token() {
    let app = App::usual().await;
    let check = app.fetch_json("/api/v1/people/check").await;
    assert_eq!((&check["units"], &check["people"]), (&json!(6), &json!(1)), "{check}");
    for (format, begins) in
        [("text", "洮北区".as_bytes()), ("csv", "层级,单位代码".as_bytes()), ("xlsx", b"PK"), ("html", b"<!")]
    {
        let (status, headers, list) = app.fetch(&format!("/api/v1/people/list?unit=2201&format={format}")).await;
        assert_eq!(status, StatusCode::OK, "{format}");
        assert!(list.starts_with(begins), "{format}: {}", String::from_utf8_lossy(&list));
        assert!(headers.contains_key(header::CONTENT_DISPOSITION));
    }
    let duty = app.fetch_json("/api/v1/duty?unit=220101001&at=2026-04-13T08:00").await;
    assert_eq!((&duty["on_duty"], &duty["desk"]["people"]["person"]["name"]), (&Value::Null, &json!("张三")), "{duty}");
    // With its offset, and with a plus sign that was not encoded and reads as a blank.
    for at in ["2026-04-13T00:00:00Z", "2026-04-13T08:00:00%2B08:00", "2026-04-13T08:00:00+08:00", "2026-04-13+08:00"] {
        let same = app.fetch_json(&format!("/api/v1/duty?unit=220101001&at={at}")).await;
        assert_eq!(same, duty, "{at}");
    }
    let nobody = app.fetch_json("/api/v1/duty?unit=2202").await;
    assert_eq!(nobody["desk"], Value::Null);
    assert!(!nobody["gaps"].as_array().unwrap().is_empty(), "{nobody}");
    for path in ["people/list", "people/list?unit=9", "people/list?unit=22&format=pdf", "duty", "duty?unit=22&at=noon"]
    {
        assert_eq!(app.fetch(&format!("/api/v1/{path}")).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
    for path in ["people/check", "people/list?unit=22", "duty?unit=22", "rejudgement?from=2026-04-13"] {
        let request = Request::get(format!("/api/v1/{path}")).body(Body::empty()).unwrap();
        assert_eq!(app.ask_as_is(request).await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn alerts_are_exported_whole_as_a_table() {
    let app = App::usual().await;
    let listed = app.json("/api/v1/alerts").await;
    let (status, headers, csv) = app.fetch("/api/v1/alerts/export?format=csv").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let csv = String::from_utf8(csv).unwrap();
    for case in listed["items"].as_array().unwrap() {
        assert!(csv.contains(case["number"].as_str().unwrap()), "{csv}");
    }
    assert!(app.fetch("/api/v1/alerts/export?format=xlsx&open=true").await.2.starts_with(b"PK"));
    let closed = String::from_utf8(app.fetch("/api/v1/alerts/export?state=closed").await.2).unwrap();
    assert_eq!(closed.lines().count(), 1, "heads and no alert: {closed}");
    for query in ["format=pdf", "limit=1"] {
        assert_eq!(app.fetch(&format!("/api/v1/alerts/export?{query}")).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn an_import_changes_and_shows_nothing_of_a_plan_of_others_under_the_same_id() {
    let app = App::usual().await;
    let far = format!("{HEAD}P-1,2202,2026-04-13T08:00,2026-04-15T16:00,30,李四,applied,,机密\n");
    app.make_known("镇", &firegrid::domain::unit::UnitCode("2202".to_owned())).await;
    let (status, done) = app.import("as=%E9%95%87@2202", far).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    let known = app.json("/api/v1/plans/P-1").await;
    for query in ["", "&update=true", "&dry_run=true", "&dry_run=true&update=true"] {
        for (hours, area) in [("08:00", 30), ("09:00", 31)] {
            let near = format!("{HEAD}P-1,220101,2026-04-13T{hours},2026-04-15T16:00,{area},李四,applied,,\n");
            let (status, problem) = app.import(&format!("{AS}{query}"), near).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {problem}");
            let fault = &problem["faults"][0];
            assert_eq!(fault["code"], "plan_id_taken", "{query}: {problem}");
            let told = fault["message"].as_str().unwrap();
            assert!(!["unit_code", "area_mu", "window", "2202"].iter().any(|word| told.contains(word)), "{told}");
        }
    }
    assert_eq!(app.json("/api/v1/plans/P-1").await, known);
}

#[tokio::test]
async fn the_id_of_anothers_command_shows_nothing_of_what_he_did() {
    let app = App::usual().await;
    let own = json!({"as": "李@2202", "unit": "2202", "plot": null, "datum": null, "client_id": "c-1"});
    let mut far = application("P-2");
    far.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    let (status, made) = app.send("/api/v1/plans", &far).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!(app.send("/api/v1/plans", &far).await.0, StatusCode::OK, "his own again is no new one");
    let mut near = application("P-2");
    near["client_id"] = json!("c-1");
    let (status, said) = app.send("/api/v1/plans", &near).await;
    assert_eq!(status, StatusCode::CONFLICT, "{said}");
    assert!(!said.to_string().contains("2202"), "{said}");
}
