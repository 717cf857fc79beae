//! The forms of an export document.
//!
//! CSV is read by spreadsheets that run cells as formulas: text that begins like one gets a
//! `'` in front (OWASP's rule); numbers are written as they are, negative ones too.

use geojson::{Feature, FeatureCollection};
use serde_json::{Map, Value};

use super::sheet::{Cell, Sheet};
use super::{Line, Table};
use crate::domain::observation::Decimal;

/// A feature collection; the named values are the properties.
pub(super) fn geojson(table: Table) -> String {
    let Table { heads, lines, .. } = table;
    let feature = |line: Line| Feature {
        geometry: line.geometry,
        properties: Some(named(&heads, line.values)),
        ..Feature::default()
    };
    // Collecting would give an empty one an empty box, which no reader takes.
    let features = lines.into_iter().map(feature).collect();
    FeatureCollection { bbox: None, foreign_members: None, features }.to_string()
}

/// An array of the named values.
pub(super) fn json(table: Table) -> String {
    let Table { heads, lines, .. } = table;
    lines.into_iter().map(|line| named(&heads, line.values)).collect::<Value>().to_string()
}

fn named(heads: &[&str], values: Vec<Value>) -> Map<String, Value> {
    heads.iter().map(|head| (*head).to_owned()).zip(values).collect()
}

/// A header line and a line per row; lists and objects are JSON text in their cell.
pub(super) fn csv(table: &Table) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells as the header.
    let _ = writer.write_record(&table.heads);
    for line in &table.lines {
        let _ = writer.write_record(line.values.iter().map(cell));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The columns of CSV; lists and objects are JSON text in their cell.
pub(super) fn sheet(table: Table) -> Sheet {
    let cell = |value| match value {
        Value::Null => Cell::Empty,
        Value::String(text) => Cell::Text(text),
        Value::Number(number) => number.as_f64().into(),
        other => Cell::Text(other.to_string()),
    };
    Sheet {
        name: table.name.to_owned(),
        heads: table.heads.into_iter().map(str::to_owned).collect(),
        rows: table.lines.into_iter().map(|line| line.values.into_iter().map(cell).collect()).collect(),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

/// Text that no spreadsheet takes for a formula; what is a number in full stays one.
///
/// # Source
/// OWASP, CSV Injection: cells must not begin with `=`, `+`, `-`, `@`, tab, carriage return,
/// line feed, or the full-width forms of the signs; nor may what programs drop or split at stand before one.
pub(super) fn plain(text: &str) -> String {
    let starts_line = text.starts_with(['\t', '\r', '\n']);
    let sign = text.trim_start_matches(is_dropped).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if (starts_line || sign) && Decimal::parse(text).is_none() { format!("'{text}") } else { text.to_owned() }
}

/// What spreadsheets drop at the beginning of a cell, what other programs split fields at, and what nobody sees.
fn is_dropped(letter: char) -> bool {
    let is_unseen = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    letter.is_whitespace() || letter.is_control() || is_unseen || matches!(letter, '|' | ';' | ',' | '"' | '\'')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_is_defused_and_numbers_stay_numbers() {
        let alerts = [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1+1", "'＝1+1"),
            (" =1+1", "' =1+1"),
            ("\u{3000}\u{a0}@x", "'\u{3000}\u{a0}@x"),
            ("|=cmd", "'|=cmd"),
            (" | -2+3", "' | -2+3"),
            (";=1", "';=1"),
            ("\"=1", "'\"=1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{0}=1", "'\u{0}=1"),
            ("| 到保镇", "| 到保镇"),
            ("-12.5", "-12.5"),
            ("+3", "+3"),
            ("到保镇", "到保镇"),
            ("a=b", "a=b"),
            ("", ""),
        ];
        for (text, expected) in alerts {
            assert_eq!(plain(text), expected, "{text:?}");
        }
        assert_eq!(cell(&json!(-1.25)), "-1.25");
        assert_eq!(cell(&Value::Null), "");
    }

    #[test]
    fn a_table_without_rows_still_has_its_header() {
        let table = || Table { name: "t", heads: vec!["a", "b"], lines: Vec::new() };
        assert_eq!(csv(&table()), "a,b\r\n");
        assert_eq!(super::json(table()), "[]");
        assert_eq!(geojson(table()), r#"{"type":"FeatureCollection","features":[]}"#);
    }

    #[test]
    fn cells_with_commas_quotes_and_line_breaks_read_back() {
        let text = "a,\"b\"\nc";
        let values = vec![json!(text), json!([1, "x"])];
        let table = Table { name: "t", heads: vec!["a", "b"], lines: vec![Line { geometry: None, values }] };
        let written = csv(&table);
        let read: Vec<csv::StringRecord> =
            csv::Reader::from_reader(written.as_bytes()).records().collect::<Result<_, _>>().unwrap();
        assert_eq!(&read[0][0], text);
        assert_eq!(&read[0][1], r#"[1,"x"]"#);
    }
}
