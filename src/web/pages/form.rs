//! What pages with forms share: reading a form, its one-time id, the page again with why it was refused.
//!
//! A form is read whole before any page sees it, texts that nobody types are refused, and what a page shows again is what
//! was typed. A refusal is the page itself with its reason; only failures of ours are a page of their own.

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::credentials;
use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::media::Spool;
use crate::regions::plot::MAX_PLOT_CHARS;
use crate::report::lang::Lang;
use crate::report::words::full_name;
use crate::web::Web;
use crate::web::api::{Incoming, Refused};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::error::{self, Problem};

/// Longest text of a field, characters; plots may be longer.
const MAX_TEXT_CHARS: usize = 2000;

/// Units that a list to choose from holds: more make a page heavy and a list useless.
const MAX_CHOICES: usize = 400;

/// A file that came with a form.
#[derive(Debug, Clone)]
pub(in crate::web) struct Upload {
    /// Name of its field.
    pub field: String,
    /// The name it came with.
    pub name: String,
    /// Its bytes, on disk as long as the form is worked on.
    pub body: Arc<Spool>,
}

/// What a form brings.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Fields {
    texts: Vec<(String, String)>,
    /// Its files, empty ones left out.
    pub files: Vec<Upload>,
}

impl Fields {
    /// The text of a field as typed, without space round it; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// A text that may be left out.
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A text that has to be there; `called` names it in Chinese and English.
    pub fn needed(&self, name: &str, called: (&str, &str)) -> Result<String, Problem> {
        self.optional(name).ok_or_else(|| refusal(format!("请填写“{}” · fill in: {}", called.0, called.1)))
    }

    /// A number that has to be there.
    pub fn number(&self, name: &str, called: (&str, &str)) -> Result<f64, Problem> {
        let text = self.needed(name, called)?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        let (zh, en) = called;
        number.ok_or_else(|| refusal(format!("“{zh}”应为数字，而不是“{text}” · {en}: a number, not {text:?}")))
    }

    /// A box that is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// Sets a field, for the page that begins with it.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.texts.retain(|(key, _)| key != name);
        self.texts.push((name.to_owned(), value.into()));
        self
    }

    fn checked(self) -> Result<Self, Problem> {
        for (name, text) in &self.texts {
            let limit = if name == "plot" { MAX_PLOT_CHARS } else { MAX_TEXT_CHARS };
            if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                return Err(refusal("内容含有控制字符 · a field holds a control character"));
            }
            if text.chars().count() > limit {
                return Err(refusal(format!("内容超过{limit}个字符 · a field has more than {limit} characters")));
            }
        }
        Ok(self)
    }
}

impl FromRequest<Arc<Web>> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let ask = match Ask::from_request_parts(&mut parts, web).await {
            Ok(ask) => ask,
            Err(never) => match never {},
        };
        let request = Request::from_parts(parts, body);
        let is_multipart = request.headers().get(header::CONTENT_TYPE);
        let is_multipart = is_multipart.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
        let read = if is_multipart { multipart(request, web).await } else { plain(request, web).await };
        match read.and_then(Self::checked) {
            Ok(fields) => Ok(fields),
            Err(problem) => Err(error::refused(web, &ask, problem).await),
        }
    }
}

async fn plain(request: Request, web: &Arc<Web>) -> Result<Fields, Problem> {
    let Form(texts) = Form::<Vec<(String, String)>>::from_request(request, web)
        .await
        .map_err(|problem| unreadable(problem.status(), problem.body_text()))?;
    Ok(Fields { texts, files: Vec::new() })
}

async fn multipart(request: Request, web: &Arc<Web>) -> Result<Fields, Problem> {
    let broken = |problem: MultipartError| unreadable(problem.status(), problem.body_text());
    let mut parts = Multipart::from_request(request, web)
        .await
        .map_err(|problem| unreadable(problem.status(), problem.body_text()))?;
    let mut fields = Fields::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        if let Some(name) = part.file_name().map(str::to_owned) {
            let body = spooled(part, web).await?;
            if body.length() > 0 {
                fields.files.push(Upload { field, name, body });
            }
        } else {
            let text = part.text().await.map_err(broken)?;
            fields.texts.push((field, text));
        }
    }
    Ok(fields)
}

/// The route says how large a form may be.
async fn spooled(mut part: Field<'_>, web: &Web) -> Result<Arc<Spool>, Problem> {
    let mut incoming = Incoming::begin(web, u64::MAX).await?;
    while let Some(bytes) =
        part.chunk().await.map_err(|problem: MultipartError| unreadable(problem.status(), problem.body_text()))?
    {
        incoming = incoming.take(&bytes).await?;
    }
    incoming.end().await
}

fn unreadable(status: StatusCode, why: String) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::plain(status, "上传的文件太大 · the files are too large"),
        _ => Problem::BadBody(why),
    }
}

/// A refusal in Chinese and English.
pub(in crate::web) fn refusal(text: impl std::fmt::Display) -> Problem {
    Refused::plain(StatusCode::UNPROCESSABLE_ENTITY, text)
}

/// A new id for a form, so that sending it twice does it once.
pub(in crate::web) fn client_id() -> Result<String, Problem> {
    Ok(credentials::new_secret()?)
}

/// Answers a refused form with its page again, which says why; a failure of ours with the page of what went wrong.
pub(in crate::web) async fn again(
    web: &Web,
    ask: &Ask,
    problem: Problem,
    page: impl AsyncFnOnce(String) -> Result<String, Problem>,
) -> Response {
    let status = problem.status();
    if status.is_server_error() || status == StatusCode::NOT_FOUND {
        return error::page(web, ask, Err(problem)).await;
    }
    let shown = page(problem.happened(ask.lang)).await;
    let mut response = error::page(web, ask, shown).await;
    if response.status() == StatusCode::OK {
        problem.mark(&mut response);
    }
    response
}

/// A unit that can be chosen.
pub(in crate::web) struct Choice {
    /// Its code.
    pub code: String,
    /// Its name with those above it.
    pub name: String,
}

/// The units of somebody's ground that can be chosen, in the order of the tree: all, or down to the townships when
/// there are too many.
pub(in crate::web) fn units(me: &Me, ground: &Ground, lang: Lang) -> Vec<Choice> {
    let scope = me.store.scope();
    let own: Vec<_> = ground.data().units.iter().filter(|unit| scope.holds(&unit.code)).collect();
    let lowest = if own.len() > MAX_CHOICES { UnitLevel::Township } else { UnitLevel::Grid };
    let shown = own.into_iter().filter(|unit| unit.level <= lowest || unit.code == *scope.unit());
    let choice = |code: &UnitCode| Choice { code: code.0.clone(), name: full_name(ground, code, lang) };
    let mut choices: Vec<_> = shown.map(|unit| choice(&unit.code)).collect();
    choices.sort_by(|a, b| a.code.cmp(&b.code));
    choices
}
