//! The forms of an export document.
//!
//! CSV is read by spreadsheets that run cells as formulas: text that begins like one gets a
//! `'` in front (OWASP's rule); numbers are written as they are, negative ones too.

use geojson::{Feature, FeatureCollection};
use serde_json::{Map, Value, json};

use super::sheet::{Cell, Sheet};
use super::{Row, Table};
use crate::domain::observation::Decimal;

/// A feature collection; the named values are the properties.
pub(super) fn geojson(table: Table) -> String {
    // Collecting would give an empty one an empty box, which no reader takes.
    let features = table.rows.into_iter().map(feature).collect();
    FeatureCollection { bbox: None, foreign_members: None, features }.to_string()
}

/// One feature.
pub(super) fn feature(row: Row) -> Feature {
    Feature { geometry: row.geometry, properties: Some(row.values), ..Feature::default() }
}

/// An array of the named values.
pub(super) fn json(table: &Table) -> String {
    let objects: Vec<&Map<String, Value>> = table.rows.iter().map(|row| &row.values).collect();
    json!(objects).to_string()
}

/// A header line and a line per row; lists and objects are JSON text in their cell.
pub(super) fn csv(table: &Table) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells as the header.
    let _ = writer.write_record(table.columns);
    for row in &table.rows {
        let _ = writer.write_record(table.columns.iter().map(|column| cell(row.values.get(*column))));
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// The columns of CSV; lists and objects are JSON text in their cell.
pub(super) fn sheet(table: &Table) -> Sheet {
    let cell = |value: Option<&Value>| match value {
        None | Some(Value::Null) => Cell::Empty,
        Some(Value::String(text)) => Cell::Text(text.clone()),
        Some(Value::Number(number)) => number.as_f64().into(),
        Some(other) => Cell::Text(other.to_string()),
    };
    let row = |values: &Map<String, Value>| table.columns.iter().map(|column| cell(values.get(*column))).collect();
    Sheet {
        name: table.name.to_owned(),
        heads: table.columns.iter().map(|&column| column.to_owned()).collect(),
        rows: table.rows.iter().map(|found| row(&found.values)).collect(),
    }
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => plain(text),
        Some(other) => other.to_string(),
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
    use super::super::Row;
    use super::*;

    #[test]
    fn text_that_begins_like_a_formula_is_defused_and_numbers_stay_numbers() {
        let cases = [
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
        for (text, expected) in cases {
            assert_eq!(plain(text), expected, "{text:?}");
        }
        assert_eq!(cell(Some(&json!(-1.25))), "-1.25");
        assert_eq!(cell(Some(&Value::Null)), "");
    }

    #[test]
    fn a_table_without_rows_still_has_its_header() {
        let table = Table { name: "t", columns: &["a", "b"], rows: Vec::new() };
        assert_eq!(csv(&table), "a,b\r\n");
        assert_eq!(json(&table), "[]");
        assert_eq!(geojson(table), r#"{"type":"FeatureCollection","features":[]}"#);
    }

    #[test]
    fn cells_with_commas_quotes_and_line_breaks_read_back() {
        let text = "a,\"b\"\nc";
        let values = json!({"a": text, "b": [1, "x"]}).as_object().unwrap().clone();
        let table = Table { name: "t", columns: &["a", "b"], rows: vec![Row { geometry: None, values }] };
        let written = csv(&table);
        let read: Vec<csv::StringRecord> =
            csv::Reader::from_reader(written.as_bytes()).records().collect::<Result<_, _>>().unwrap();
        assert_eq!(&read[0][0], text);
        assert_eq!(&read[0][1], r#"[1,"x"]"#);
    }
}
