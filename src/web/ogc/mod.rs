//! OGC API Features, Part 1: detections, fires, alerts, zones and units as layers of map programs (QGIS, GDAL).
//!
//! Core, `GeoJSON`, HTML and `OpenAPI` 3.0 of version 1.0, under `/ogc`. Nothing is shown that the pages and `/api/v1`
//! do not show openly; features are those of [`crate::report::export`]. Every answer is JSON or a small page
//! ([`page`]), as the caller likes ([`call`]); [`want`] reads what is wanted, [`items`] finds it, [`collections`]
//! says what each collection is, [`document`] describes all of it to programs.

mod about;
mod call;
mod collections;
mod document;
mod items;
mod page;
mod schemas;
mod want;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use self::about::{about, title};
use self::call::{Call, JSON, OPENAPI};
use self::page::PageText;
use super::Web;
use crate::words::api::layers as say;

/// What is implemented.
///
/// # Source
/// OGC 17-069r4 (OGC API Features, Part 1: Core, 1.0.1). Version 1.1 is a draft and not declared.
const CONFORMS_TO: [&str; 4] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
];

/// All routes of the layers.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        // People type it with and without the slash, and the path `/` of the API document has it.
        .route("/ogc", get(landing))
        .route("/ogc/", get(landing))
        .route("/ogc/api", get(document::api))
        .route("/ogc/conformance", get(conformance))
        .route("/ogc/collections", get(collections::all))
        .route("/ogc/collections/{collection}", get(collections::one))
        .route("/ogc/collections/{collection}/items", get(items::list))
        .route("/ogc/collections/{collection}/items/{feature}", get(items::one))
}

/// `GET /ogc`
async fn landing(State(web): State<Arc<Web>>, call: Call) -> Response {
    let answered = async {
        call.ask.only(&["f"])?;
        let lang = call.ask.lang;
        let title = title(&web, lang);
        let mut links = call.own_links(JSON);
        links.push(call.link("service-desc", "/api?f=json", OPENAPI, lang.say(say::API_DEFINITION)));
        links.push(call.link("service-doc", "/api?f=html", call::HTML, lang.say(say::API_DOCUMENTATION)));
        links.push(call.link("conformance", "/conformance", JSON, lang.say(say::CONFORMANCE_LINK)));
        links.push(call.link("data", "/collections", JSON, lang.say(say::COLLECTIONS_LINK)));
        let body = json!({"title": title, "description": about(&web, lang), "links": links});
        let page = |_: &Value| PageText {
            title,
            paragraphs: vec![about(&web, lang)],
            links: vec![
                (lang.say(say::COLLECTIONS).to_owned(), call.path("/collections")),
                (lang.say(say::API_DOCUMENTATION).to_owned(), call.path("/api?f=html")),
                (lang.say(say::API_DEFINITION_VERSION).to_owned(), call.path("/api?f=json")),
                (lang.say(say::CONFORMANCE).to_owned(), call.path("/conformance")),
            ],
            ..PageText::default()
        };
        call.answer(&web, JSON, &body, page).await
    };
    call.respond(answered.await)
}

/// `GET /ogc/conformance`
async fn conformance(State(web): State<Arc<Web>>, call: Call) -> Response {
    let answered = async {
        call.ask.only(&["f"])?;
        let body = json!({"conformsTo": CONFORMS_TO, "links": call.own_links(JSON)});
        let lang = call.ask.lang;
        let page = |_: &Value| PageText {
            title: lang.say(say::CONFORMANCE).to_owned(),
            rows: CONFORMS_TO.iter().map(|class| vec![((*class).to_owned(), None)]).collect(),
            heads: vec![lang.say(say::CONFORMANCE_CLASS).to_owned()],
            ..PageText::default()
        };
        call.answer(&web, JSON, &body, page).await
    };
    call.respond(answered.await)
}
