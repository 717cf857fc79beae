//! The document of the API describes exactly the routes there are, with the parameters they really know.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::Value;

use crate::pages::App;

/// The document, as it is served.
pub async fn document(app: &App) -> Value {
    app.json("/api/v1/openapi.json").await
}

/// A call of the document.
pub struct Described {
    pub method: String,
    pub path: String,
    pub operation: Value,
}

/// All calls of the document.
pub fn calls(document: &Value) -> Vec<Described> {
    let paths = document["paths"].as_object().unwrap();
    let calls = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| Described {
            method: method.to_uppercase(),
            path: path.clone(),
            operation: operation.clone(),
        })
    });
    calls.collect()
}

/// What a reference names; anything else is itself.
pub fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(at) => document.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} names nothing")),
        None => value,
    }
}

#[tokio::test]
async fn the_document_describes_exactly_the_routes() {
    let app = App::usual().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut described: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for call in calls(&document) {
        let methods = described.entry(address(&document, &call).split('?').next().unwrap().to_owned()).or_default();
        // Whoever may read may also ask for the heads alone.
        methods.extend((call.method == "GET").then(|| "HEAD".to_owned()));
        methods.insert(call.method);
    }
    assert!(described.len() > 30, "the calls were found");
    for (path, methods) in described {
        let request = Request::builder().method("TRACE").uri(&path).body(Body::empty()).unwrap();
        let (status, headers, _) = app.ask(request).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let there = headers[header::ALLOW].to_str().unwrap().split(',').map(str::to_owned).collect::<BTreeSet<_>>();
        assert_eq!(there, methods, "{path}");
    }
}

#[tokio::test]
async fn every_reference_names_something_and_every_schema_is_used() {
    let app = App::usual().await;
    let document = document(&app).await;
    let mut named = BTreeSet::new();
    references(&document, &mut named);
    for reference in &named {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} names nothing");
    }
    for group in ["schemas", "parameters", "responses", "headers"] {
        for name in document["components"][group].as_object().unwrap().keys() {
            // The data of an event stands in a stream, which has no schema of its own.
            let is_used = name == "Change" || named.contains(&format!("#/components/{group}/{name}"));
            assert!(is_used, "nothing uses {group}/{name}");
        }
    }
    for schema in document["components"]["schemas"].as_object().unwrap().values() {
        assert!(jsonschema::meta::is_valid(schema), "{schema}");
    }
    let ids: Vec<_> = calls(&document).iter().map(|call| call.operation["operationId"].to_string()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "operation ids are unique");
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(at) = fields.get("$ref").and_then(Value::as_str) {
                found.insert(at.to_owned());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// An address of a call with its names and needed parameters filled in.
pub fn address(document: &Value, call: &Described) -> String {
    let path = call.path.replace("{number}", "20260413-0001").replace("{id}", "P-1").replace("{hash}", &"0".repeat(64));
    let parameters = call.operation["parameters"].as_array().unwrap().iter().map(|one| resolved(document, one));
    let needed = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
    let query: Vec<String> = needed.map(|one| format!("{}=22", one["name"].as_str().unwrap())).collect();
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

#[tokio::test]
async fn the_parameters_of_the_document_are_those_that_each_route_knows() {
    let app = App::usual().await;
    let document = document(&app).await;
    for call in calls(&document) {
        let address = address(&document, &call);
        let joint = if address.contains('?') { '&' } else { '?' };
        let body = call.operation["requestBody"]["content"]["application/json"]["example"].to_string();
        let request = Request::builder()
            .method(call.method.as_str())
            .uri(format!("{address}{joint}colour=red"))
            .body(if body == "null" { Body::empty() } else { Body::from(body) })
            .unwrap();
        let (status, _, text) = app.ask(request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{} {}: {text}", call.method, call.path);
        let described = call.operation["parameters"].as_array().unwrap().iter().map(|one| resolved(&document, one));
        let described: BTreeSet<_> =
            described.filter(|one| one["in"] == "query").map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        if call.method == "HEAD" {
            // Its answer has no body that could name them: without the unknown one it is refused for another reason.
            let bare = Request::head(&address).body(Body::empty()).unwrap();
            assert_ne!(app.ask(bare).await.0, StatusCode::BAD_REQUEST, "{}", call.path);
            assert_eq!((text.as_str(), described.len()), ("", 0), "{}", call.path);
            continue;
        }
        let problem: Value = serde_json::from_str(&text).unwrap();
        let detail = problem["detail"].as_str().unwrap();
        let known =
            detail.split("Known here: ").nth(1).unwrap_or_else(|| panic!("{} {}: {text}", call.method, call.path));
        let known: BTreeSet<_> = known.split(", ").filter(|name| *name != "none").map(str::to_owned).collect();
        assert_eq!(described, known, "{} {}", call.method, call.path);
    }
}

#[tokio::test]
async fn people_read_the_same_document_as_a_page_and_nobody_without_an_account() {
    let app = App::usual().await;
    let page = app.page("/api").await;
    for call in calls(&document(&app).await) {
        assert!(page.contains(&format!("{} {}", call.method, call.path)), "{} {}", call.method, call.path);
        let summary = call.operation["summary"].as_str().unwrap();
        assert!(!summary.is_ascii(), "{summary:?} is said in Chinese");
        assert!(!call.operation["description"].as_str().unwrap().is_empty());
    }
    assert!(!page.contains("<script>"));
    let bare = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    assert_eq!(app.ask_as_is(bare).await.0, StatusCode::UNAUTHORIZED);
    let bare = Request::get("/api").body(Body::empty()).unwrap();
    assert_eq!(app.ask_as_is(bare).await.0, StatusCode::SEE_OTHER);
}
