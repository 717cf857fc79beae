//! A call for a layer: the form it is answered in, and the links of the answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::page::{OgcPage, PageText};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::api::layers as say;

/// Where everything of it begins.
pub(super) const ROOT: &str = "/ogc";

pub(super) const JSON: &str = "application/json";
pub(super) const GEOJSON: &str = "application/geo+json";
pub(super) const HTML: &str = "text/html";
pub(super) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// For programs.
    Json,
    /// For people.
    Html,
}

/// A call: what it asks, and whence.
pub(super) struct Call {
    /// Who calls.
    pub me: Me,
    /// Language and parameters.
    pub ask: Ask,
    /// What stands before the path in links: `https://host`, or nothing.
    origin: String,
    /// What the caller says it likes.
    liked: Form,
}

impl FromRequestParts<Arc<Web>> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        let me = Me::from_request_parts(parts, web).await?;
        let ask = Ask::of(parts);
        let accepted = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        // HTTP/2 has the host in the address.
        let host = parts.uri.authority().map(axum::http::uri::Authority::as_str);
        let public = web.site.reach.origin.as_ref().map(ToString::to_string);
        let origin = public.unwrap_or_else(|| origin_of(&parts.headers, host));
        Ok(Self { me, ask, origin, liked: liked(accepted.unwrap_or_default()) })
    }
}

/// The scheme and host that links begin with.
///
/// Pages link by paths alone, but the links of a layer are followed by programs, which need not resolve paths as browsers
/// do; the standard's examples are absolute too. Without a public address they begin with the host that the caller
/// used, which is a name of this machine: the gate lets no other pass. Whatever is no plain host name with a port is
/// not repeated all the same; links are paths then.
fn origin_of(headers: &HeaderMap, authority: Option<&str>) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").or(authority).unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    if host.is_empty() || host.len() > 255 || !host.chars().all(is_plain) {
        return String::new();
    }
    format!("http://{host}")
}

/// The form that an `Accept` header likes better: HTML only where it is named and liked more than JSON, so that
/// programs that accept anything get what they can read.
fn liked(accept: &str) -> Form {
    let (mut html, mut json) = (0.0_f32, 0.0_f32);
    for entry in accept.split(',') {
        let mut fields = entry.split(';').map(str::trim);
        let media_type = fields.next().unwrap_or_default().to_ascii_lowercase();
        let weight = fields.find_map(|field| field.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        match media_type.as_str() {
            "text/html" | "application/xhtml+xml" => html = html.max(weight),
            "application/json" | "application/geo+json" | "application/vnd.oai.openapi+json" => json = json.max(weight),
            _ => {}
        }
    }
    if html > json { Form::Html } else { Form::Json }
}

impl Call {
    /// The form to answer in: `f`, else what the caller likes.
    pub fn form(&self) -> Result<Form, Problem> {
        let Some(word) = self.ask.param("f") else { return Ok(self.liked) };
        match word.trim().replace(' ', "+").to_ascii_lowercase().as_str() {
            // Some programs name the media type that a link has.
            "json" | "geojson" | JSON | GEOJSON => Ok(Form::Json),
            "html" | HTML => Ok(Form::Html),
            _ => Err(Problem::BadParameter { name: "f", value: word.to_owned(), expected: "json or html" }),
        }
    }

    /// An address below `/ogc` for links in pages: the path, in the language that was chosen.
    pub fn path(&self, below: &str) -> String {
        self.ask.href(&format!("{ROOT}{below}"))
    }

    /// Where everything begins, in no language.
    pub fn root(&self) -> String {
        format!("{}{ROOT}", self.origin)
    }

    /// An address below `/ogc` for programs.
    pub fn address(&self, below: &str) -> String {
        format!("{}{}", self.origin, self.path(below))
    }

    /// A link to an address below `/ogc`.
    pub fn link(&self, rel: &str, below: &str, media_type: &str, title: &str) -> Value {
        link(rel, &self.address(below), media_type, title)
    }

    /// This call with one parameter set.
    pub fn here_with(&self, rel: &str, name: &str, value: &str, media_type: &str) -> Value {
        link(rel, &format!("{}{}", self.origin, self.ask.here_with(name, value)), media_type, rel)
    }

    /// The links of an answer to itself and its other form.
    pub fn own_links(&self, media_type: &str) -> Vec<Value> {
        vec![
            link(
                "self",
                &format!("{}{}", self.origin, self.ask.here()),
                media_type,
                self.ask.lang.say(say::THIS_DOCUMENT),
            ),
            self.here_with("alternate", "f", "html", HTML),
        ]
    }

    /// An answer in the form that is wanted; the page is made from the same body.
    pub async fn answer(
        &self,
        web: &Web,
        media_type: &'static str,
        body: &Value,
        page: impl FnOnce(&Value) -> PageText,
    ) -> Result<Response, Problem> {
        match self.form()? {
            Form::Json => Ok(([(header::CONTENT_TYPE, media_type)], body.to_string()).into_response()),
            Form::Html => {
                let text = page(body);
                let json = self.ask.here_with("f", "json");
                Ok(Html(OgcPage { f: Frame::of(web, &self.ask).await, text, json }.render()?).into_response())
            }
        }
    }

    /// The answer, or what is wrong: always as problem+json, which programs and people can read.
    pub fn respond(&self, answered: Result<Response, Problem>) -> Response {
        let mut response = respond::document(&self.ask, answered);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.ask.lang.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
        // The state of a fire must never come from a cache, and links are those of this caller's host.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

fn link(rel: &str, href: &str, media_type: &str, title: &str) -> Value {
    json!({"href": href, "rel": rel, "type": media_type, "title": title})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_for_those_who_ask_for_them_and_json_for_all_others() {
        let alerts = [
            ("", Form::Json),
            ("*/*", Form::Json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Form::Html),
            ("application/geo+json, application/json", Form::Json),
            ("text/html;q=0.5, application/json", Form::Json),
            ("text/html, application/json; q=0.5", Form::Html),
            ("text/html;q=0", Form::Json),
            ("text/html;q=often", Form::Json),
        ];
        for (accept, expected) in alerts {
            assert_eq!(liked(accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn links_repeat_the_callers_host_only_when_it_is_one() {
        let of = |host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("host", HeaderValue::from_static(host));
            origin_of(&headers, None)
        };
        assert_eq!(of("localhost:8080"), "http://localhost:8080");
        assert_eq!(of("[::1]:80"), "http://[::1]:80");
        for host in ["", "a/b", "user@host", "a b", "a\"b", "a?b", "a#b"] {
            assert_eq!(of(host), "", "{host:?}");
        }
        assert_eq!(origin_of(&HeaderMap::new(), Some("two.example")), "http://two.example");
    }
}
