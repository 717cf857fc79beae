//! The page of an answer: the same things as in JSON, for people who look before they add a layer.

use askama::Template;
use serde_json::Value;

use crate::web::frame::Frame;
use crate::words::pages as w;

/// A cell: a text, and where it leads.
pub(super) type Cell = (String, Option<String>);

/// What a page says.
#[derive(Default)]
pub(super) struct PageText {
    /// Its heading.
    pub title: String,
    /// Said under it.
    pub paragraphs: Vec<String>,
    /// Words and where they lead.
    pub links: Vec<(String, String)>,
    /// Heads of the table.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Template)]
#[template(path = "ogc.html")]
pub(super) struct OgcPage {
    pub f: Frame,
    pub text: PageText,
    /// This page for programs.
    pub json: String,
}

/// A value in a cell: a text as it is, anything else as JSON, nothing as a dash.
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
