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
use crate::words::Lang;

/// A path: what it is, its parameters, the schema and media type of its answer.
struct Route {
    path: &'static str,
    operation: &'static str,
    summary: (&'static str, &'static str),
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
        summary: ("入口", "landing page"),
        within: &[],
        query: &["f"],
        schema: "landingPage",
        media_type: JSON,
    },
    Route {
        path: "/api",
        operation: "getApiDefinition",
        summary: ("接口定义", "this document"),
        within: &[],
        query: &["f"],
        schema: "anything",
        media_type: OPENAPI,
    },
    Route {
        path: "/conformance",
        operation: "getConformanceDeclaration",
        summary: ("符合性声明", "what is implemented"),
        within: &[],
        query: &["f"],
        schema: "confClasses",
        media_type: JSON,
    },
    Route {
        path: "/collections",
        operation: "getCollections",
        summary: ("数据集", "the collections"),
        within: &[],
        query: &["f"],
        schema: "collections",
        media_type: JSON,
    },
    Route {
        path: "/collections/{collectionId}",
        operation: "describeCollection",
        summary: ("一个数据集", "one collection"),
        within: &["collectionId"],
        query: &["f"],
        schema: "collection",
        media_type: JSON,
    },
    Route {
        path: "/collections/{collectionId}/items",
        operation: "getFeatures",
        summary: ("数据集的要素，分页", "features of a collection, page by page"),
        within: &["collectionId"],
        query: LIST_PARAMETERS,
        schema: "featureCollectionGeoJSON",
        media_type: GEOJSON,
    },
    Route {
        path: "/collections/{collectionId}/items/{featureId}",
        operation: "getFeature",
        summary: ("一个要素", "one feature"),
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
            title: lang.pick("接口说明", "API documentation").to_owned(),
            paragraphs: vec![about::about(&web, lang)],
            links: vec![(about::title(&web, lang), call.path(""))],
            heads: vec![
                lang.pick("路径", "Path").to_owned(),
                lang.pick("内容", "What").to_owned(),
                lang.pick("参数", "Parameters").to_owned(),
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
        (lang.pick(route.summary.0, route.summary.1).to_owned(), None),
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
    let summary = lang.pick(route.summary.0, route.summary.1);
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
    let behind = |name: &str, about: (&str, &str), schema: Value| {
        json!({
            "name": name, "in": "query", "required": false, "description": lang.pick(about.0, about.1),
            "schema": schema, "style": "form", "explode": false,
        })
    };
    let within = |name: &str, about: (&str, &str), schema: Value| {
        json!({
            "name": name, "in": "path", "required": true, "description": lang.pick(about.0, about.1),
            "schema": schema,
        })
    };
    json!({
        "collectionId": within(
            "collectionId",
            ("数据集", "the collection"),
            json!({"type": "string", "enum": Collection::ALL.map(Collection::name)}),
        ),
        "featureId": within("featureId", ("要素", "the feature"), json!({"type": "string"})),
        "bbox": behind(
            "bbox",
            (
                "范围：西,南,东,北（WGS-84度）；六个数时第三、六个为高程，不起作用；西大于东时跨180度经线；超出地球的部分不计",
                "west,south,east,north in WGS-84 degrees; of six numbers the third and sixth are heights and do nothing; \
                 west greater than east crosses the antimeridian; what reaches beyond the earth holds nothing",
            ),
            json!({
                "type": "array", "items": {"type": "number"},
                "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            }),
        ),
        "datetime": behind(
            "datetime",
            (
                "时刻（如2026-04-13T04:00:00Z，不带时差的为当地时间）、当地日期（如2026-04-13），或以/分隔的起止，两端包含在内，..为不限；区划不受影响",
                "a moment as 2026-04-13T04:00:00Z, local without an offset, a local day as 2026-04-13, or two of them with / \
                 between, both inside, .. for an open end; zones and units are met by any",
            ),
            json!({"type": "string"}),
        ),
        "limit": behind(
            "limit",
            ("每页要素数；超过上限按上限", "features of a page; more than the most is the most"),
            json!({"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE}),
        ),
        "after": behind(
            "after",
            ("由next链接给出，别无含义；一页可能未满甚至为空而仍有下一页", "given by next links; means nothing else. A page may end before it is full, even empty, and still have one"),
            json!({"type": "string"}),
        ),
        "f": behind("f", ("格式", "the form"), json!({"type": "string", "enum": ["json", "html"]})),
        "lang": behind("lang", ("语言", "the language"), json!({"type": "string", "enum": ["zh", "en"]})),
    })
}
