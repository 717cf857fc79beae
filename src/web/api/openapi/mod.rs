//! The OpenAPI 3.1 document of the API, served to programs and as a page to people.
//!
//! A call is declared with its handler, and the routes are made of the calls ([`routes`]); schemas of answers are those of
//! the types that are answered ([`crate::report::typed`]). `tests/it/openapi.rs` holds it against the routes and their
//! parameters, `tests/it/api_contract.rs` against real answers and bodies (docs/decisions/0022, 0049). [`call`] says what
//! a call is, [`schemas`] and [`bodies`] describe what is no row, the calls stand in the files of their subject.

mod alerts;
mod bodies;
mod burning;
mod call;
mod figures;
mod heads;
mod map;
mod office;
pub(super) mod parts;
mod photos;
mod pictures;
mod schemas;

use std::sync::{Arc, LazyLock};

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::report::typed::Schemas;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::frame::Frame;
use crate::web::{Web, respond};
use crate::words::Words;
use crate::words::api as say;
use crate::words::pages as w;
use call::Call;

/// Made once: it is the same for everybody.
static DOCUMENT: LazyLock<Value> = LazyLock::new(written);

/// `GET /api/v1/openapi.json`
async fn document(_: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&[])?;
        Ok(Json(&*DOCUMENT).into_response())
    };
    respond::document(&ask, read())
}

/// The routes of all calls: there is none that the document does not describe.
pub(super) fn routes() -> Router<Arc<Web>> {
    calls().into_iter().fold(Router::new(), |router, call| router.route(&call.path, call.route))
}

/// All calls, in the order of the document.
fn calls() -> Vec<Call> {
    // The document is an answer too; its handler is here.
    let own = vec![pictures::document().to(document)];
    [own, pictures::calls(), map::calls(), alerts::calls(), photos::calls(), burning::calls(), office::calls()].concat()
}

fn written() -> Value {
    let (mut paths, mut schemas) = (Map::<String, Value>::new(), Schemas::default());
    schemas::beside_calls(&mut schemas);
    for call in calls() {
        let path = paths.entry(call.path.clone()).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(call.method.to_owned(), call.operation(&mut schemas));
        }
    }
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "firegrid",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": say::ABOUT.to_string(),
            "description": "A pixel is not a fire, and no pixel is not no fire. Every call is made by an account and sees \
                that account's ground. Instants are RFC 3339 in UTC, days are local, positions WGS-84. `lang` is known \
                everywhere and changes nothing in JSON. See docs/api.md.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "this site"}],
        "security": [{"token": []}, {"session": []}],
        "tags": say::TAGS.map(|(name, words)| json!({"name": name, "description": words.to_string()})),
        "paths": paths,
        "components": {
            "schemas": schemas.into_components(),
            "parameters": call::shared_parameters(),
            "responses": call::shared_responses(),
            "headers": heads::shared(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer",
                    "description": "A token of an account (`firegrid user token`), with the power read, write or act_for."},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-firegrid",
                    "description": "A browser that signed in; what it changes must come from a page of this site. On plain \
                        http of this machine the cookie is called firegrid."},
            },
        },
    })
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    f: Frame,
    calls: Vec<Line>,
}

/// A call as the page shows it.
struct Line {
    method: String,
    path: String,
    words: Words,
    parameters: Vec<(String, String)>,
    fields: Vec<String>,
    answers: Vec<(String, String)>,
}

/// `GET /api`: the same document for people.
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, _: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&[])?;
        let page = ApiPage { f: Frame::of(&web, &ask).await, calls: calls().iter().map(line).collect() };
        Ok(page.render()?)
    };
    respond::page(&web, &ask, built.await).await
}

fn line(call: &Call) -> Line {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let operation = call.operation(&mut Schemas::default());
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten().map(resolved);
    let parameters = parameters.map(|parameter| (text(parameter, "name"), text(parameter, "description")));
    let body = operation.pointer("/requestBody/content/application~1json/schema");
    let answers = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    let answers = answers.map(|(status, answer)| (status.clone(), text(resolved(answer), "description")));
    Line {
        method: call.method.to_uppercase(),
        path: call.path.clone(),
        words: call.words,
        parameters: parameters.collect(),
        fields: body.map(|schema| fields_of(resolved(schema))).unwrap_or_default(),
        answers: answers.collect(),
    }
}

/// What a reference names; anything else is itself.
fn resolved(value: &Value) -> &Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|at| at.strip_prefix('#'));
    target.and_then(|at| DOCUMENT.pointer(at)).unwrap_or(value)
}

/// The fields of a body in words, one line for each of its forms.
fn fields_of(schema: &Value) -> Vec<String> {
    if let Some(forms) = schema.get("oneOf").and_then(Value::as_array) {
        return forms.iter().flat_map(|form| fields_of(resolved(form))).collect();
    }
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let fields = fields.filter(|(_, field)| field.get("type").is_none_or(|kind| kind != "null"));
    let named = fields.map(|(name, field)| {
        let only = field.get("const").and_then(Value::as_str).map(|only| format!("={only}")).unwrap_or_default();
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        format!("{name}{mark}{only}")
    });
    vec![named.collect::<Vec<_>>().join(", ")]
}
