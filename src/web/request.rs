//! What a request asks for beside its path: language and parameters.

use std::net::IpAddr;

use axum::extract::Query;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use tower_http::request_id::RequestId;

use super::reach::ClientAddress;
use crate::domain::time::{Date, parse_date};
use crate::web::problem::Problem;
use crate::words::Lang;

/// The language and parameters of a request.
#[derive(Clone)]
pub(super) struct Request {
    /// The language to answer in.
    pub lang: Lang,
    /// It was chosen by `?lang=`: links keep it.
    pub lang_is_chosen: bool,
    /// The path.
    pub path: String,
    /// Names the request in the log and on error pages.
    pub id: String,
    /// Where the request comes from.
    pub client: Option<IpAddr>,
    params: Vec<(String, String)>,
}

impl Request {
    /// What stands in the head of a request.
    pub fn of(parts: &Parts) -> Self {
        // A query that is no query has no parameters.
        let params = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
        let chosen = params.iter().find(|(key, _)| key == "lang").and_then(|(_, value)| Lang::from_code(value));
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let request_id = parts.extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
        Self {
            lang: chosen.unwrap_or_else(|| preferred(accepted.unwrap_or_default())),
            lang_is_chosen: chosen.is_some(),
            path: parts.uri.path().to_owned(),
            id: request_id.unwrap_or_default().to_owned(),
            client: parts.extensions.get::<ClientAddress>().map(|ClientAddress(ip)| *ip),
            params,
        }
    }

    /// Whether it is for what programs ask, which never says with a page that something is wrong.
    pub fn is_for_programs(&self) -> bool {
        is_api_path(&self.path)
    }

    /// A parameter, when it is given and not empty.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be given more than once, or joined by commas: as forms send check boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let given = self.params.iter().filter(move |(key, _)| key == name);
        given.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Refuses parameters that an address does not know.
    pub fn known(&self, known: &[&'static str]) -> Result<(), Problem> {
        match self.params.iter().find(|(key, _)| key != "lang" && !known.contains(&key.as_str())) {
            Some((key, _)) => Err(Problem::UnknownParameter { name: key.clone(), known: known.to_vec() }),
            None => Ok(()),
        }
    }

    /// Refuses parameters that an address does not know, and those given twice: a mistyped filter must not
    /// answer with everything. `lang` is known everywhere.
    pub fn only(&self, known: &[&'static str]) -> Result<(), Problem> {
        self.only_with(known, &[])
    }

    /// As [`Self::only`], with the parameters of this address beside those it shares with others.
    pub fn only_with(&self, shared: &[&'static str], own: &[&'static str]) -> Result<(), Problem> {
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in self.params.iter().filter(|(key, _)| key != "lang") {
            let Some(&name) = shared.iter().chain(own).find(|name| *name == key) else {
                let known = shared.iter().chain(own).copied().collect();
                return Err(Problem::UnknownParameter { name: key.clone(), known });
            };
            if seen.contains(&name) {
                return Err(Problem::BadParameter { name, value: value.clone(), expected: "given once" });
            }
            seen.push(name);
        }
        Ok(())
    }

    /// A parameter that must be a local date.
    pub fn date(&self, name: &'static str) -> Result<Option<Date>, Problem> {
        let read = |text: &str| parse_date(text).map_err(|source| Problem::BadDate { name, source });
        self.param(name).map(read).transpose()
    }

    /// An address of this site in the language of the request.
    pub fn href(&self, path: &str) -> String {
        if self.lang_is_chosen { with_lang(path, self.lang) } else { path.to_owned() }
    }

    /// The same asked of another path of this site.
    pub fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// As [`Self::at`] without any parameter, where they are secrets that no link of a page may repeat.
    #[cfg(feature = "oidc")]
    pub fn bare_at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), params: Vec::new(), ..self.clone() }
    }

    /// This page in another language.
    pub fn here_in(&self, lang: Lang) -> String {
        with_lang(&self.here_without("lang"), lang)
    }

    /// This address, with its parameters.
    pub fn here(&self) -> String {
        self.here_without("")
    }

    /// This address with one parameter set, or set anew.
    pub fn here_with(&self, name: &str, value: &str) -> String {
        let rest = self.here_without(name);
        let joint = if rest.contains('?') { '&' } else { '?' };
        format!("{rest}{joint}{name}={}", percent_encoded(value))
    }

    fn here_without(&self, name: &str) -> String {
        let mut path = self.path.clone();
        let kept = self.params.iter().filter(|(key, _)| key != name);
        for (i, (key, value)) in kept.enumerate() {
            path.push(if i == 0 { '?' } else { '&' });
            path.push_str(&percent_encoded(key));
            path.push('=');
            path.push_str(&percent_encoded(value));
        }
        path
    }
}

fn with_lang(path: &str, lang: Lang) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let (path, fragment) = path.split_once('#').map_or((path, String::new()), |(path, id)| (path, format!("#{id}")));
    format!("{path}{joint}lang={}{fragment}", lang.code())
}

/// The language of an `Accept-Language` header: the better liked of the two, else Chinese.
fn preferred(header: &str) -> Lang {
    let mut best = (Lang::Zh, 0.0);
    for entry in header.split(',') {
        let (tag, rest) = entry.split_once(';').unwrap_or((entry, ""));
        let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let Some(lang) = Lang::from_code(&primary) else { continue };
        let weight = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if weight > best.1 {
            best = (lang, weight);
        }
    }
    best.0
}

/// A text as it may stand in a query: letters, digits and `-._~` as they are, the rest as %XX.
pub(super) fn percent_encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Whether a path belongs to what programs ask.
pub(super) fn is_api_path(path: &str) -> bool {
    path.starts_with("/api/") || path == "/ogc" || path.starts_with("/ogc/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_liked_language_wins_and_chinese_is_the_default() {
        let cases = [
            ("", Lang::Zh),
            ("fr,de;q=0.5", Lang::Zh),
            ("en-GB,en;q=0.9", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en;q=0.2, zh-Hans;q=0.7", Lang::Zh),
            ("zh;q=0.2,EN-us", Lang::En),
            ("en;q=nonsense", Lang::Zh),
        ];
        for (header, expected) in cases {
            assert_eq!(preferred(header), expected, "{header:?}");
        }
    }

    #[test]
    fn the_language_goes_into_the_query_and_before_the_fragment() {
        assert_eq!(with_lang("/", Lang::En), "/?lang=en");
        assert_eq!(with_lang("/?date=2026-04-13#list", Lang::Zh), "/?date=2026-04-13&lang=zh#list");
    }

    #[test]
    fn text_in_a_query_is_percent_encoded() {
        assert_eq!(percent_encoded("到&b c~"), "%E5%88%B0%26b%20c~");
    }
}
