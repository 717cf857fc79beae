//! A CSV file as rows of named fields, checked as a table and nothing more.
//!
//! Columns are found by name; unknown ones are left alone. Field contents are never put into a
//! message whole: telephone numbers stand in these files. Read by [`super::people`] and [`super::places`].

use std::collections::BTreeMap;

use super::faults::Faults;
use super::properties::MAX_TEXT_CHARS;
use super::text;
use crate::domain::time::{self, Date};

/// Most rows of a file.
pub const MAX_ROWS: usize = 100_000;

/// One row.
#[derive(Debug)]
pub struct Row<'a> {
    file: &'a str,
    /// Line in the file, from 1.
    line: u64,
    fields: BTreeMap<&'a str, String>,
}

/// Reads the rows that have as many fields as the header.
pub fn read<'a>(
    file: &'a str,
    bytes: &[u8],
    required: &[&'a str],
    optional: &[&'a str],
    faults: &mut Faults,
) -> Vec<Row<'a>> {
    let Some(text) = text::decode(file, bytes, faults) else { return Vec::new() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            faults.add(file, "line 1", "csv_syntax", error);
            return Vec::new();
        }
    };
    let Some(columns) = columns(file, &header, required, optional, faults) else { return Vec::new() };
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.add(file, "", "csv_syntax", error);
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if rows.len() >= MAX_ROWS {
            faults.add(file, format!("line {line}"), "too_many_rows", format!("at most {MAX_ROWS} rows are read"));
            break;
        }
        // Spreadsheets leave rows of nothing but commas behind.
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != header.len() {
            let message = format!(
                "{} fields, but the header has {}; put quotes round a value that has a comma in it",
                record.len(),
                header.len()
            );
            faults.add(file, format!("line {line}"), "row_length", message);
            continue;
        }
        let fields = columns.iter().map(|&(name, i)| (name, record.get(i).unwrap_or_default().trim().to_owned()));
        rows.push(Row { file, line, fields: fields.collect() });
    }
    rows
}

/// Name and place of the known columns; `None` when a required one is missing.
fn columns<'a>(
    file: &str,
    header: &csv::StringRecord,
    required: &[&'a str],
    optional: &[&'a str],
    faults: &mut Faults,
) -> Option<Vec<(&'a str, usize)>> {
    let mut columns = Vec::new();
    let mut complete = true;
    for &name in required.iter().chain(optional) {
        let places: Vec<usize> =
            header.iter().enumerate().filter(|(_, title)| title.trim() == name).map(|(i, _)| i).collect();
        match places.as_slice() {
            [] if required.contains(&name) => {
                let found = header.iter().map(str::trim).collect::<Vec<_>>().join(", ");
                let found: String = found.chars().take(MAX_TEXT_CHARS).collect();
                let hint = if header.len() == 1 { "; the fields have to be separated by commas" } else { "" };
                let message = format!("the column \"{name}\" is missing; found: {found}{hint}");
                faults.add(file, "line 1", "column_missing", message);
                complete = false;
            }
            [] => {}
            [i] => columns.push((name, *i)),
            [..] => {
                faults.add(
                    file,
                    "line 1",
                    "column_twice",
                    format!("the column \"{name}\" stands there more than once"),
                );
                complete = false;
            }
        }
    }
    complete.then_some(columns)
}

impl Row<'_> {
    /// Where the row stands, for faults.
    #[must_use]
    pub fn place(&self) -> String {
        format!("line {}", self.line)
    }

    /// Adds a fault about this row.
    pub fn fault(&self, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.add(self.file, self.place(), code, message);
    }

    /// A value that may be absent.
    pub fn optional(&self, column: &str, faults: &mut Faults) -> Option<String> {
        self.optional_within(column, MAX_TEXT_CHARS, faults)
    }

    /// A value that may be absent and may be longer than others, in characters.
    pub fn optional_within(&self, column: &str, max_chars: usize, faults: &mut Faults) -> Option<String> {
        let text = self.fields.get(column).filter(|text| !text.is_empty())?;
        if text.chars().count() > max_chars {
            let message =
                format!("the value of \"{column}\" is longer than {max_chars} characters; is a quote left open?");
            self.fault("value_too_long", message, faults);
            return None;
        }
        Some(text.clone())
    }

    /// A value that has to be there.
    pub fn required(&self, column: &str, faults: &mut Faults) -> Option<String> {
        if self.fields.get(column).is_none_or(String::is_empty) {
            self.fault("value_missing", format!("no value in the column \"{column}\""), faults);
            return None;
        }
        self.optional(column, faults)
    }

    /// A date that may be absent.
    pub fn optional_date(&self, column: &str, faults: &mut Faults) -> Option<Date> {
        let text = self.optional(column, faults)?;
        let parsed = time::parse_date(&text);
        parsed.map_err(|error| self.fault("bad_date", format!("\"{column}\": {error}"), faults)).ok()
    }

    /// A finite number that has to be there.
    pub fn required_number(&self, column: &str, faults: &mut Faults) -> Option<f64> {
        let text = self.required(column, faults)?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.fault("bad_number", format!("\"{column}\" is {text:?}, expected a number such as 122.84"), faults);
        }
        number
    }
}
