//! A CSV file or XLSX workbook as rows of named fields, checked as a table and nothing more.
//!
//! What a file is shows in its first bytes, not in its name. Columns are found by name, English
//! or Chinese ([`heads`]); unknown ones are left alone. Field contents are never put into a message
//! whole: telephone numbers stand in these files. Read by [`super::people`], [`super::duty`],
//! [`super::burn_plans`] and the other tables; [`workbook`] knows XLSX, [`cell`] what a value may be.

mod archive;
mod cell;
mod heads;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::properties::MAX_TEXT_CHARS;
use super::text;
use crate::domain::time::{Date, DateTime, Time};
use crate::domain::unit::UnitCode;
use cell::Cell;
pub use workbook::MAX_WORKBOOK_BYTES;

/// Most rows of a file.
pub const MAX_ROWS: usize = 100_000;

/// One row.
#[derive(Debug)]
pub struct Row<'a> {
    file: &'a str,
    /// What a row is called in this kind of file, "line" or "row".
    called: &'static str,
    /// Its number in the file, from 1.
    number: u64,
    fields: BTreeMap<&'a str, Cell>,
}

/// A table before its columns are known: the first row with anything in it, and the rows after it.
struct Raw {
    called: &'static str,
    head_number: u64,
    head: Vec<String>,
    /// Number of the row and its cells, in the order of the columns.
    rows: Vec<(u64, Vec<(usize, Cell)>)>,
}

/// Reads the rows of a CSV file or of the first sheet of an XLSX workbook.
///
/// # Shape
/// In the order of the file; rows of nothing are left out, and so are CSV rows that have not as
/// many fields as the header. Every row has the columns that were found, under their English names.
pub fn read<'a>(
    file: &'a str,
    bytes: &[u8],
    required: &[&'a str],
    optional: &[&'a str],
    faults: &mut Faults,
) -> Vec<Row<'a>> {
    let raw = if workbook::is_one(bytes) { workbook::read(file, bytes, faults) } else { read_csv(file, bytes, faults) };
    let Some(raw) = raw else { return Vec::new() };
    let head_place = format!("{} {}", raw.called, raw.head_number);
    let Some(columns) = heads::columns(file, &head_place, &raw.head, required, optional, faults) else {
        return Vec::new();
    };
    let mut rows = Vec::with_capacity(raw.rows.len());
    for (number, mut cells) in raw.rows {
        if raw.called == LINE && cells.len() != raw.head.len() {
            let message = format!(
                "{} fields, but the header has {}; put quotes round a value that has a comma in it",
                cells.len(),
                raw.head.len()
            );
            faults.add(file, format!("{LINE} {number}"), "row_length", message);
            continue;
        }
        cells.retain(|(column, _)| columns.contains_key(column));
        let fields = cells.into_iter().filter_map(|(column, cell)| Some((*columns.get(&column)?, cell)));
        rows.push(Row { file, called: raw.called, number, fields: fields.collect() });
    }
    rows
}

const LINE: &str = "line";

fn read_csv(file: &str, bytes: &[u8], faults: &mut Faults) -> Option<Raw> {
    let text = text::decode(file, bytes, faults)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let head = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => {
            faults.add(file, "line 1", "csv_syntax", error);
            return None;
        }
    };
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
            too_many_rows(file, LINE, line, faults);
            break;
        }
        // Spreadsheets leave rows of nothing but commas behind.
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        rows.push((line, record.iter().map(|field| Cell::Text(field.trim().to_owned())).enumerate().collect()));
    }
    Some(Raw { called: LINE, head_number: 1, head, rows })
}

fn too_many_rows(file: &str, called: &str, number: u64, faults: &mut Faults) {
    faults.add(file, format!("{called} {number}"), "too_many_rows", format!("at most {MAX_ROWS} rows are read"));
}

impl Row<'_> {
    /// Where the row stands, for faults: "line 3" of a CSV file, "row 3" of a workbook.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{} {}", self.called, self.number)
    }

    /// Adds a fault about this row.
    pub fn fault(&self, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.add(self.file, self.place(), code, message);
    }

    fn cell(&self, column: &str) -> Option<&Cell> {
        self.fields.get(column).filter(|cell| !cell.is_blank())
    }

    /// A value that may be absent.
    pub fn optional(&self, column: &str, faults: &mut Faults) -> Option<String> {
        self.optional_within(column, MAX_TEXT_CHARS, faults)
    }

    /// A value that may be absent and may be longer than others, in characters.
    pub fn optional_within(&self, column: &str, max_chars: usize, faults: &mut Faults) -> Option<String> {
        let text = match self.cell(column)?.text() {
            Ok(text) => text,
            Err((code, message)) => {
                self.fault(code, format!("\"{column}\" {message}"), faults);
                return None;
            }
        };
        if text.chars().count() > max_chars {
            let message =
                format!("the value of \"{column}\" is longer than {max_chars} characters; is a quote left open?");
            self.fault("value_too_long", message, faults);
            return None;
        }
        Some(text)
    }

    /// A value that has to be there.
    pub fn required(&self, column: &str, faults: &mut Faults) -> Option<String> {
        if self.is_there(column, faults) { self.optional(column, faults) } else { None }
    }

    /// Whether there is anything in a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.cell(column).is_some()
    }

    /// The code of a unit that exists; a code of none is a fault and comes back all the same.
    pub fn unit(&self, column: &str, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<UnitCode> {
        let code = self.required(column, faults).map(UnitCode)?;
        if !units.contains(&code) {
            self.fault("unknown_unit", format!("no unit has the code {:?}", code.0), faults);
        }
        Some(code)
    }

    /// Whether there is anything in a column; a fault when not.
    pub fn is_there(&self, column: &str, faults: &mut Faults) -> bool {
        let there = self.has(column);
        if !there {
            self.fault("value_missing", format!("no value in the column \"{column}\""), faults);
        }
        there
    }

    /// A local date that may be absent.
    pub fn optional_date(&self, column: &str, faults: &mut Faults) -> Option<Date> {
        let read = self.cell(column)?.date();
        read.map_err(|error| self.fault("bad_date", format!("\"{column}\": {error}"), faults)).ok()
    }

    /// A local date that has to be there.
    pub fn required_date(&self, column: &str, faults: &mut Faults) -> Option<Date> {
        if self.is_there(column, faults) { self.optional_date(column, faults) } else { None }
    }

    /// A local time of day that has to be there.
    pub fn required_time(&self, column: &str, faults: &mut Faults) -> Option<Time> {
        if !self.is_there(column, faults) {
            return None;
        }
        let read = self.cell(column)?.time();
        read.map_err(|error| self.fault("bad_time", format!("\"{column}\": {error}"), faults)).ok()
    }

    /// A local time of day at which something ends, `24:00` too, that has to be there.
    pub fn required_end_time(&self, column: &str, faults: &mut Faults) -> Option<Time> {
        if !self.is_there(column, faults) {
            return None;
        }
        let read = self.cell(column)?.end_time();
        read.map_err(|error| self.fault("bad_time", format!("\"{column}\": {error}"), faults)).ok()
    }

    /// A local date and time that may be absent.
    pub fn optional_local(&self, column: &str, faults: &mut Faults) -> Option<DateTime> {
        let read = self.cell(column)?.local();
        read.map_err(|error| self.fault("bad_time", format!("\"{column}\": {error}"), faults)).ok()
    }

    /// A local date and time that has to be there.
    pub fn required_local(&self, column: &str, faults: &mut Faults) -> Option<DateTime> {
        if self.is_there(column, faults) { self.optional_local(column, faults) } else { None }
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
