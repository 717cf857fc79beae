//! A call and its parameters: the route and what the document says of it, in one.

use std::sync::Arc;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::{Map, Value, json};

use super::heads::{Kept, named_heads};
use crate::report::typed::Schemas;
use crate::report::typed::schema::{day, flag, named, one_of, text};
use crate::web::Web;
use crate::web::api::body::at_most;
use crate::words::Words;
use crate::words::api::shared as say;

/// Refusals that every call has: unreadable, another host, broken, too long, the disk full.
const ALWAYS: [&str; 5] = ["400", "421", "500", "503", "507"];

/// Refusals of calls that an account makes: nobody in, no right, its share spent or too many of its calls waiting.
const OF_ACCOUNTS: [&str; 3] = ["401", "403", "429"];

/// Refusals of calls that change something: method and content are there, what they ask is not done.
const OF_WRITES: [&str; 5] = ["404", "409", "410", "413", "422"];

/// What a schema is made by: [`Typed::schema`](crate::report::typed::Typed::schema), or a function beside it.
pub(super) type Schema = fn(&mut Schemas) -> Value;

/// A call: its route and what the document says of it.
#[derive(Clone)]
pub(super) struct Call {
    /// In small letters, as the document has it.
    pub method: &'static str,
    /// With its names in braces.
    pub path: String,
    /// What it is, in Chinese short and in English at length.
    pub words: Words,
    /// Who answers it.
    pub route: MethodRouter<Arc<Web>>,
    id: &'static str,
    tag: &'static str,
    parameters: Vec<Value>,
    body: Option<Body>,
    answers: Vec<Answer>,
    refusals: Vec<&'static str>,
    kept: Kept,
    speaks_tus: bool,
    is_for_anybody: bool,
}

/// What is sent.
#[derive(Clone)]
enum Body {
    /// A JSON document, with an example.
    Json(Schema, Value),
    /// A file, as the document describes it.
    File(Value),
}

/// An answer that is no refusal.
#[derive(Clone)]
struct Answer {
    status: &'static str,
    /// As the document has it, but for the schema of a document.
    said: Value,
    /// Its kind and schema, where it is a document.
    document: Option<(&'static str, Schema)>,
}

impl Call {
    /// A call that reads; `path` comes behind `/api/v1`.
    pub fn get(tag: &'static str, path: &str, id: &'static str, words: Words) -> Self {
        Self::of("get", tag, path, id, words)
    }

    /// A command: it changes something, and is named by a key.
    pub fn post(tag: &'static str, path: &str, id: &'static str, words: Words) -> Self {
        Self::command("post", tag, path, id, words)
    }

    /// A command with another method.
    pub fn command(method: &'static str, tag: &'static str, path: &str, id: &'static str, words: Words) -> Self {
        let call = Self::of(method, tag, path, id, words);
        let parameters = [call.parameters, vec![json!({"$ref": "#/components/parameters/idempotency_key"})]].concat();
        Self { parameters, refusals: OF_WRITES.to_vec(), ..call }
    }

    /// A call of any method.
    pub fn of(method: &'static str, tag: &'static str, path: &str, id: &'static str, words: Words) -> Self {
        Self {
            method,
            path: format!("/api/v1{path}"),
            words,
            route: MethodRouter::new(),
            id,
            tag,
            parameters: names_in(path),
            body: None,
            answers: Vec::new(),
            refusals: if path.contains('{') { vec!["404"] } else { Vec::new() },
            kept: Kept::Asked,
            speaks_tus: false,
            is_for_anybody: false,
        }
    }

    /// Answered by a handler.
    pub fn to<H: Handler<T, Arc<Web>>, T: 'static>(self, handler: H) -> Self {
        let method = Method::from_bytes(self.method.to_uppercase().as_bytes());
        let filter = method.ok().and_then(|method| MethodFilter::try_from(method).ok());
        // The methods of the document are those of HTTP; a call that is not answered fails every test of it.
        let route = filter.map_or_else(MethodRouter::new, |filter| on(filter, handler));
        Self { route, ..self }
    }

    /// Takes bodies of another length than JSON documents have.
    pub fn takes(self, bytes: u64) -> Self {
        Self { route: self.route.layer(at_most(bytes)), ..self }
    }

    /// With parameters.
    pub fn with(mut self, parameters: &[Value]) -> Self {
        self.parameters.extend_from_slice(parameters);
        self
    }

    /// With parameters that others have too, by name.
    pub fn with_shared(mut self, names: &[&str]) -> Self {
        self.parameters.extend(names.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})));
        self
    }

    /// With a JSON body.
    pub fn body(self, schema: Schema, example: Value) -> Self {
        Self { body: Some(Body::Json(schema, example)), ..self }
    }

    /// With a body that is a file.
    pub fn file_body(self, kinds: &[&str], description: &str) -> Self {
        let said = json!({"required": true, "description": description, "content": any_of(kinds)});
        Self { body: Some(Body::File(said)), ..self }
    }

    /// Answers with a document.
    pub fn answers(self, status: &'static str, schema: Schema, description: &str) -> Self {
        self.answers_as("application/json", status, schema, description)
    }

    /// Answers with a document of another kind.
    pub fn answers_as(mut self, kind: &'static str, status: &'static str, schema: Schema, description: &str) -> Self {
        let said = json!({"description": description});
        self.answers.push(Answer { status, said, document: Some((kind, schema)) });
        self
    }

    /// Answers with a file.
    pub fn answers_file(mut self, kinds: &[&str], description: &str) -> Self {
        let said = json!({"description": description, "content": any_of(kinds)});
        self.answers.push(Answer { status: "200", said, document: None });
        self
    }

    /// Answers without a body.
    pub fn answers_nothing(mut self, status: &'static str, description: &str) -> Self {
        self.answers.push(Answer { status, said: json!({"description": description}), document: None });
        self
    }

    /// Refuses for more than others do.
    pub fn refuses(mut self, statuses: &[&'static str]) -> Self {
        self.refusals.extend_from_slice(statuses);
        self
    }

    /// Kept otherwise than documents are.
    pub fn kept(self, kept: Kept) -> Self {
        Self { kept, ..self }
    }

    /// In the words of tus: every answer says which version.
    pub fn of_tus(self) -> Self {
        Self { speaks_tus: true, ..self }
    }

    /// Asked without an account, too.
    pub fn for_anybody(self) -> Self {
        Self { is_for_anybody: true, ..self }
    }

    /// With heads of the answer that was named last.
    pub fn heads(mut self, keys: &[&str]) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            add_heads(&mut answer.said, keys);
        }
        self
    }

    /// The operation as the document has it; schemas it names are put among `schemas`.
    pub fn operation(&self, schemas: &mut Schemas) -> Value {
        let mut operation = json!({
            "operationId": self.id, "tags": [self.tag], "summary": self.words.zh, "description": self.words.en,
            "parameters": self.parameters, "responses": self.responses(schemas),
        });
        let body = self.body.as_ref().map(|body| match body {
            Body::Json(schema, example) => {
                let content = json!({"application/json": {"schema": schema(schemas), "example": example}});
                json!({"required": true, "content": content})
            }
            Body::File(said) => said.clone(),
        });
        if let (Some(body), Some(fields)) = (body, operation.as_object_mut()) {
            fields.insert("requestBody".to_owned(), body);
        }
        if let (true, Some(fields)) = (self.is_for_anybody, operation.as_object_mut()) {
            fields.insert("security".to_owned(), json!([]));
        }
        operation
    }

    fn responses(&self, schemas: &mut Schemas) -> Map<String, Value> {
        let common = self.common_heads();
        let answers = self.answers.iter().map(|answer| {
            let mut said = answer.said.clone();
            if let (Some((kind, schema)), Some(fields)) = (answer.document, said.as_object_mut()) {
                let content = json!({kind: {"schema": schema(schemas)}});
                fields.insert("content".to_owned(), content);
            }
            add_heads(&mut said, &common);
            (answer.status.to_owned(), said)
        });
        let mut responses: Map<String, Value> = answers.collect();
        if self.method == "get" && self.kept.is_tagged() {
            responses.insert("304".to_owned(), json!({"$ref": "#/components/responses/same"}));
        }
        // The answer to HEAD has no body, whatever it says.
        let refused = if self.method == "head" { "bare_problem" } else { "problem" };
        let of_accounts = if self.is_for_anybody { &[][..] } else { &OF_ACCOUNTS[..] };
        for status in ALWAYS.iter().chain(of_accounts).chain(&self.refusals) {
            responses.insert((*status).to_owned(), json!({"$ref": format!("#/components/responses/{refused}")}));
        }
        responses
    }

    /// Heads of each answer that is no refusal.
    fn common_heads(&self) -> Vec<&'static str> {
        let has = |name: &str| {
            let reference = format!("#/components/parameters/{name}");
            self.parameters.iter().any(|one| one.get("$ref").and_then(Value::as_str) == Some(reference.as_str()))
        };
        let kept = if self.method == "get" { self.kept.heads() } else { &[] };
        let tus: &[&str] = if self.speaks_tus { &["tus_spoken", "tus_versions", "tus_never_kept"] } else { &[] };
        let page: &[&str] = if has("after") { &["next_page"] } else { &[] };
        let key: &[&str] = if has("idempotency_key") { &["replayed"] } else { &[] };
        [kept, tus, page, key].concat()
    }
}

/// Files of some kinds.
fn any_of(kinds: &[&str]) -> Value {
    kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect::<Map<_, _>>().into()
}

fn add_heads(answer: &mut Value, keys: &[&str]) {
    let Some(fields) = answer.as_object_mut().filter(|_| !keys.is_empty()) else { return };
    let heads = fields.entry("headers").or_insert_with(|| json!({}));
    if let Some(heads) = heads.as_object_mut() {
        heads.extend(named_heads(keys));
    }
}

/// The parameters that stand in a path.
fn names_in(path: &str) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names
        .map(|(name, _)| {
            let words = match name {
                "number" => &say::PATH_NUMBER,
                "hash" => &say::PATH_HASH,
                _ => &say::PATH_ID,
            };
            json!({"name": name, "in": "path", "required": true, "description": words.to_string(), "schema": text()})
        })
        .collect()
}

/// A parameter that may be left out; an empty one is as if it were.
pub(super) fn parameter(name: &str, schema: &Value, words: &Words) -> Value {
    let schema = if *schema == text() { schema.clone() } else { json!({"anyOf": [schema, {"const": ""}]}) };
    json!({"name": name, "in": "query", "description": words.to_string(), "schema": schema})
}

/// A parameter that must be given.
pub(super) fn needed(name: &str, schema: &Value, words: &Words) -> Value {
    json!({"name": name, "in": "query", "required": true, "description": words.to_string(), "schema": schema})
}

/// Parameters of several calls.
pub(super) fn shared_parameters() -> Value {
    let key = json!({"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"});
    json!({
        "idempotency_key": {
            "name": "Idempotency-Key", "in": "header", "schema": key, "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
            "description": say::IDEMPOTENCY_KEY.to_string(),
        },
        "tus_resumable": {
            "name": "Tus-Resumable", "in": "header", "required": true, "schema": {"type": "string", "const": "1.0.0"},
            "description": say::TUS_RESUMABLE.to_string(),
        },
        "limit": parameter("limit", &json!({"type": "integer", "minimum": 1}), &say::LIMIT),
        "after": parameter("after", &text(), &say::AFTER),
        "from": parameter("from", &day(), &say::FROM),
        "to": parameter("to", &day(), &say::TO),
        "open_from": parameter("from", &day(), &say::OPEN_FROM),
        "open_to": parameter("to", &day(), &say::OPEN_TO),
        "county": parameter("county", &text(), &say::COUNTY),
        "outside": parameter("outside", &flag(), &say::OUTSIDE),
        "unit": parameter("unit", &text(), &say::UNIT),
        "format": parameter("format", &one_of(&["csv", "xlsx", "json", "geojson"]), &say::FORMAT),
        "heads": parameter("heads", &one_of(&["names", "chinese"]), &say::HEADS),
    })
}

/// Answers of several calls.
pub(super) fn shared_responses() -> Value {
    json!({
        "problem": {
            "description": say::PROBLEM.to_string(),
            "content": {"application/problem+json": {"schema": named("Problem")}},
        },
        "bare_problem": {"description": say::BARE_PROBLEM.to_string()},
        "same": {
            "description": say::SAME.to_string(), "headers": named_heads(&["etag"]),
        },
    })
}
