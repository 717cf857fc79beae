//! The vocabulary of the document: kinds of values, parameters, calls.

use serde_json::{Map, Value, json};

use super::heads::{Kept, named_heads};
use super::types::{day, flag, named, one_of, text};

/// Refusals that every call has: unreadable, another host, broken, too long, the disk full.
const ALWAYS: [&str; 5] = ["400", "421", "500", "503", "507"];

/// Refusals of calls that an account makes: nobody in, no right, its share spent or too many of its calls waiting.
const OF_ACCOUNTS: [&str; 3] = ["401", "403", "429"];

/// Refusals of calls that change something: method and content are there, what they ask is not done.
const OF_WRITES: [&str; 5] = ["404", "409", "410", "413", "422"];

/// A call.
#[derive(Clone)]
pub(super) struct Call {
    /// In small letters, as the document has it.
    pub method: &'static str,
    /// With its names in braces.
    pub path: String,
    /// In Chinese.
    pub summary: &'static str,
    /// In English.
    pub description: &'static str,
    id: &'static str,
    tag: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: Vec<(&'static str, Value)>,
    refusals: Vec<&'static str>,
    kept: Kept,
    speaks_tus: bool,
    is_for_anybody: bool,
}

impl Call {
    /// A call that reads; `path` comes behind `/api/v1`.
    pub fn get(
        tag: &'static str,
        path: &str,
        id: &'static str,
        (summary, description): (&'static str, &'static str),
    ) -> Self {
        Self {
            method: "get",
            path: format!("/api/v1{path}"),
            summary,
            description,
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

    /// A call that changes something.
    pub fn post(tag: &'static str, path: &str, id: &'static str, said: (&'static str, &'static str)) -> Self {
        let call = Self::get(tag, path, id, said);
        let parameters = [call.parameters, vec![json!({"$ref": "#/components/parameters/idempotency_key"})]].concat();
        Self { method: "post", parameters, refusals: OF_WRITES.to_vec(), ..call }
    }

    /// The same with another method.
    pub fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
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
    pub fn body(mut self, schema: &str, example: &Value) -> Self {
        self.body = Some(json!({
            "required": true, "content": {"application/json": {"schema": named(schema), "example": example}},
        }));
        self
    }

    /// With a body that is a file.
    pub fn file_body(mut self, kinds: &[&str], description: &str) -> Self {
        let content: Map<String, Value> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
        self.body = Some(json!({"required": true, "description": description, "content": content}));
        self
    }

    /// Answers with a document.
    pub fn answers(self, status: &'static str, schema: &str, description: &str) -> Self {
        self.answers_as("application/json", status, schema, description)
    }

    /// Answers with a document of another kind.
    pub fn answers_as(mut self, kind: &str, status: &'static str, schema: &str, description: &str) -> Self {
        let content = json!({kind: {"schema": named(schema)}});
        self.answers.push((status, json!({"description": description, "content": content})));
        self
    }

    /// Answers with a file.
    pub fn answers_file(mut self, kinds: &[&str], description: &str) -> Self {
        let content: Map<String, Value> = kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
        self.answers.push(("200", json!({"description": description, "content": content})));
        self
    }

    /// Answers without a body.
    pub fn answers_nothing(mut self, status: &'static str, description: &str) -> Self {
        self.answers.push((status, json!({"description": description})));
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
        if let Some((_, answer)) = self.answers.last_mut() {
            add_heads(answer, keys);
        }
        self
    }

    /// The operation as the document has it.
    pub fn operation(&self) -> Value {
        let mut operation = json!({
            "operationId": self.id, "tags": [self.tag], "summary": self.summary, "description": self.description,
            "parameters": self.parameters, "responses": self.responses(),
        });
        if let (Some(body), Some(fields)) = (&self.body, operation.as_object_mut()) {
            fields.insert("requestBody".to_owned(), body.clone());
        }
        if let (true, Some(fields)) = (self.is_for_anybody, operation.as_object_mut()) {
            fields.insert("security".to_owned(), json!([]));
        }
        operation
    }

    fn responses(&self) -> Map<String, Value> {
        let common = self.common_heads();
        let answers = self.answers.iter().map(|(status, answer)| {
            let mut answer = answer.clone();
            add_heads(&mut answer, &common);
            ((*status).to_owned(), answer)
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
            let description = match name {
                "number" => "编号 · number of the case",
                "hash" => "照片哈希 · SHA-256 of the photo, 64 hexadecimal digits in small letters",
                _ => "编号 · its id",
            };
            json!({"name": name, "in": "path", "required": true, "description": description, "schema": text()})
        })
        .collect()
}

/// A parameter that may be left out; an empty one is as if it were.
pub(super) fn parameter(name: &str, schema: &Value, description: &str) -> Value {
    let schema = if *schema == text() { schema.clone() } else { json!({"anyOf": [schema, {"const": ""}]}) };
    json!({"name": name, "in": "query", "description": description, "schema": schema})
}

/// A parameter that must be given.
pub(super) fn needed(name: &str, schema: &Value, description: &str) -> Value {
    json!({"name": name, "in": "query", "required": true, "description": description, "schema": schema})
}

/// Parameters of several calls.
pub(super) fn shared_parameters() -> Value {
    let key = json!({"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"});
    json!({
        "idempotency_key": {
            "name": "Idempotency-Key", "in": "header", "schema": key, "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
            "description": "幂等键 · names the command; a repeat within seven days gets the same answer. Stands for \
                `client_id`: give one of the two, or the same in both.",
        },
        "tus_resumable": {
            "name": "Tus-Resumable", "in": "header", "required": true, "schema": {"type": "string", "const": "1.0.0"},
            "description": "协议版本 · version of tus; without it, or with another, 412",
        },
        "limit": parameter("limit", &json!({"type": "integer", "minimum": 1}), "每页行数 · rows of a page; capped"),
        "after": parameter("after", &text(), "下一页 · `next` of the page before"),
        "from": parameter("from", &day(), "起始日期 · first local day; today by default. At most 31 days a call where days are listed"),
        "to": parameter("to", &day(), "截止日期 · last local day, inclusive; one end alone is that day"),
        "open_from": parameter("from", &day(), "起始日期 · first local day; open by default"),
        "open_to": parameter("to", &day(), "截止日期 · last local day, inclusive; open by default"),
        "county": parameter("county", &text(), "县区代码 · code of a county"),
        "outside": parameter("outside", &flag(), "含不计入的 · also what is in no total: neighbours, and what lies on other ground and may concern this one"),
        "unit": parameter("unit", &text(), "单位代码 · code of a unit; everything below it too"),
        "format": parameter("format", &one_of(&["csv", "xlsx", "json", "geojson"]), "格式 · form of the file; csv by default"),
        "heads": parameter("heads", &one_of(&["names", "chinese"]), "表头 · heads of csv and xlsx"),
    })
}

/// Answers of several calls.
pub(super) fn shared_responses() -> Value {
    json!({
        "problem": {
            "description": "未办理及原因 · not done, and why (RFC 9457)",
            "content": {"application/problem+json": {"schema": named("Problem")}},
        },
        "bare_problem": {"description": "未办理 · not done; the status alone says why"},
        "same": {
            "description": "未变化 · the document of `If-None-Match` is still true", "headers": named_heads(&["etag"]),
        },
    })
}
