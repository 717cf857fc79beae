//! What the layers answer, described for programs: an `OpenAPI` 3.0 document, and a page of the same.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::call::{Call, GEOJSON, HTML, JSON, OPENAPI, ROOT};
use super::collections::Collection;
use super::page::{PageText, shown};
use super::schemas::{reference, schemas};
use super::want::{LIST_PARAMETERS, MAX_PAGE, PAGE};
use crate::web::Web;
use crate::web::ogc::about;
use crate::words::api::layers as say;
use crate::words::{Lang, Words};

/// A path: what it is, its parameters, the schema and media type of its answer.
struct Route {
    path: &'static str,
    operation: &'static str,
    summary: Words,
    /// Parameters in the path.
    within: &'static [&'static str],
    /// Parameters behind it, beside `lang`.
    query: &'static [&'static str],
    schema: &'static str,
    media_type: &'static str,
}

const ROUTES: [Route; 7] = [
    Route {
        path: "/",
        operation: "getLandingPage",
        summary: say::LANDING,
        within: &[],
        query: &["f"],
        schema: "landingPage",
        media_type: JSON,
    },
    Route {
        path: "/api",
        operation: "getApiDefinition",
        summary: say::DEFINITION,
        within: &[],
        query: &["f"],
        schema: "anything",
        media_type: OPENAPI,
    },
    Route {
        path: "/conformance",
        operation: "getConformanceDeclaration",
        summary: say::CONFORMANCE_IS,
        within: &[],
        query: &["f"],
        schema: "confClasses",
        media_type: JSON,
    },
    Route {
        path: "/collections",
        operation: "getCollections",
        summary: say::COLLECTIONS_ARE,
        within: &[],
        query: &["f"],
        schema: "collections",
        media_type: JSON,
    },
    Route {
        path: "/collections/{collectionId}",
        operation: "describeCollection",
        summary: say::COLLECTION_IS,
        within: &["collectionId"],
        query: &["f"],
        schema: "collection",
        media_type: JSON,
    },
    Route {
        path: "/collections/{collectionId}/items",
        operation: "getFeatures",
        summary: say::FEATURES_ARE,
        within: &["collectionId"],
        query: LIST_PARAMETERS,
        schema: "featureCollectionGeoJSON",
        media_type: GEOJSON,
    },
    Route {
        path: "/collections/{collectionId}/items/{featureId}",
        operation: "getFeature",
        summary: say::FEATURE_IS,
        within: &["collectionId", "featureId"],
        query: &["f"],
        schema: "featureGeoJSON",
        media_type: GEOJSON,
    },
];

/// `GET /ogc/api`
pub(super) async fn api(State(web): State<Arc<Web>>, call: Call) -> Response {
    let answered = async {
        call.ask.only(&["f"])?;
        let lang = call.ask.lang;
        let body = document(&web, &call);
        let page = |body: &Value| PageText {
            title: lang.say(say::API_DOCUMENTATION).to_owned(),
            paragraphs: vec![about::about(&web, lang)],
            links: vec![(about::title(&web, lang), call.path(""))],
            heads: vec![
                lang.say(say::PATH).to_owned(),
                lang.say(say::WHAT).to_owned(),
                lang.say(say::PARAMETERS).to_owned(),
            ],
            rows: ROUTES.iter().map(|route| row(route, body, lang)).collect(),
        };
        call.answer(&web, OPENAPI, &body, page).await
    };
    call.respond(answered.await)
}

fn row(route: &Route, body: &Value, lang: Lang) -> Vec<super::page::Cell> {
    let about = |name: &&str| {
        let text = body.pointer(&format!("/components/parameters/{name}/description"));
        format!("{name}: {}", shown(text))
    };
    let parameters: Vec<String> = route.within.iter().chain(route.query).map(about).collect();
    vec![
        (format!("{}{}", ROOT, route.path), None),
        (lang.say(route.summary).to_owned(), None),
        (parameters.join(lang.pick("；", "; ")), None),
    ]
}

fn document(web: &Web, call: &Call) -> Value {
    let lang = call.ask.lang;
    let paths: Map<String, Value> =
        ROUTES.iter().map(|route| (route.path.to_owned(), json!({"get": operation(route, lang)}))).collect();
    // Without the language: paths are appended to it.
    let server = call.root();
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": about::title(web, lang), "description": about::about(web, lang),
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": server}],
        "tags": [{"name": "layers", "description": "OGC API Features"}],
        "paths": paths,
        "components": {
            "parameters": parameters(lang), "schemas": schemas(),
            "responses": {
                "problem": {
                    "description": "RFC 9457",
                    "content": {"application/problem+json": {"schema": reference("schemas", "problem")}},
                },
            },
        },
    })
}

fn operation(route: &Route, lang: Lang) -> Value {
    let parameters: Vec<Value> =
        route.within.iter().chain(route.query).chain(&["lang"]).map(|name| reference("parameters", name)).collect();
    let mut content = Map::new();
    content.insert(route.media_type.to_owned(), json!({"schema": reference("schemas", route.schema)}));
    content.insert(HTML.to_owned(), json!({"schema": {"type": "string"}}));
    let summary = lang.say(route.summary);
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({"description": summary, "content": content}));
    for status in ["400", "429", "500"] {
        responses.insert(status.to_owned(), reference("responses", "problem"));
    }
    if !route.within.is_empty() {
        responses.insert("404".to_owned(), reference("responses", "problem"));
    }
    json!({
        "operationId": route.operation, "summary": summary, "tags": ["layers"], "parameters": parameters,
        "responses": responses,
    })
}

fn parameters(lang: Lang) -> Value {
    let behind = |name: &str, about: Words, schema: Value| {
        json!({
            "name": name, "in": "query", "required": false, "description": lang.say(about),
            "schema": schema, "style": "form", "explode": false,
        })
    };
    let within = |name: &str, about: Words, schema: Value| {
        json!({
            "name": name, "in": "path", "required": true, "description": lang.say(about),
            "schema": schema,
        })
    };
    json!({
        "collectionId": within(
            "collectionId",
            say::COLLECTION_ID,
            json!({"type": "string", "enum": Collection::ALL.map(Collection::name)}),
        ),
        "featureId": within("featureId", say::FEATURE_ID, json!({"type": "string"})),
        "bbox": behind(
            "bbox",
            say::BBOX,
            json!({
                "type": "array", "items": {"type": "number"},
                "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            }),
        ),
        "datetime": behind(
            "datetime",
            say::DATETIME,
            json!({"type": "string"}),
        ),
        "limit": behind(
            "limit",
            say::LIMIT,
            json!({"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE}),
        ),
        "after": behind(
            "after",
            say::AFTER,
            json!({"type": "string"}),
        ),
        "f": behind("f", say::FORM, json!({"type": "string", "enum": ["json", "html"]})),
        "lang": behind("lang", say::LANGUAGE, json!({"type": "string", "enum": ["zh", "en"]})),
    })
}
