//! Reads a body of FIRMS into rows, whichever of its forms it is written in. Pure: no I/O.
//!
//! Called by [`crate::source`] on every body, fetched or dropped. The header decides what a
//! column means ([`super::header`]); a row whose place, time or satellite is not sure is an error of that row, and any other
//! value that cannot be read is unknown and noted beside its row; a body that is not a whole fire
//! table is an error of the body, never a table without rows. Only a header and nothing else
//! reads as a table of zero rows.
//!
//! What a cut can look like: a cut inside a row shows as a last line without its line feed or
//! with too few fields, and the whole body is [`BodyError::Truncated`]. A cut exactly behind a line
//! feed leaves a whole table with fewer rows; bytes alone cannot show it, the transfer must
//! ([`crate::source::http`] checks its length).

use super::header::{self, Header, dialect_name};
use super::{json, row};
use crate::source::dialect::lines::{self, Line, Lines, TooLong};
use crate::source::dialect::row_error::whole;
use crate::source::dialect::{BodyError, Foreign, Provenance, ReadOptions, Row, RowError, Table};
use crate::source::refusal::Refusal;
use crate::source::safe_text::shown;

/// Reads a body.
///
/// # Errors
/// [`BodyError`] when the body is not a whole fire table. Bad rows are not errors of the body.
pub fn read(body: &[u8], options: &ReadOptions) -> Result<Table, BodyError> {
    let body = lines::without_bom(body);
    if options.provenance == Provenance::Person && matches!(body.trim_ascii_start(), [b'{' | b'[', ..]) {
        return json::read(body, options);
    }
    refuse_foreign(body)?;
    let mut lines = Lines::new(body, options.max_row_bytes);
    let too_long = |TooLong { line }| BodyError::RowTooLong { line, limit: options.max_row_bytes };
    let Some(first) = lines.next() else { return Err(BodyError::not_csv(b"")) };
    let first = first.map_err(too_long)?;
    let header = read_header(first, options)?;

    let mut reader = Reader { header: &header, options, rows: Vec::new(), foreign: None, readable: false };
    let mut last = None;
    for line in lines {
        let line = line.map_err(too_long)?;
        last = Some((line, reader.take(line)?));
    }
    let Reader { rows, foreign, readable, .. } = reader;
    if let (Some(line), false) = (foreign, readable) {
        return Err(BodyError::NotUtf8 { line });
    }
    if let Some((line, shape)) = last {
        check_end(line, shape, &header, options, rows.last())?;
    }
    Ok(Table {
        dialect: dialect_name(&header, &rows),
        header: header.names,
        unknown_columns: header.unknown,
        missing_columns: header.missing,
        rows,
    })
}

/// Whether a text begins like a fire table; tells a table from a note beside it in an archive.
pub(in crate::source) fn begins_like_a_table(body: &[u8]) -> bool {
    let body = lines::without_bom(body);
    let beginning = body.get(..4 * 1024).unwrap_or(body);
    if matches!(body.trim_ascii_start(), [b'{' | b'[', ..]) {
        return String::from_utf8_lossy(beginning).to_ascii_lowercase().contains("\"acq_date");
    }
    let first = beginning.split(|&b| b == b'\n').next().unwrap_or_default();
    std::str::from_utf8(first).is_ok_and(header::begins_like_one)
}

/// Refuses by their first bytes the things that people and servers send instead of a table.
fn refuse_foreign(body: &[u8]) -> Result<(), BodyError> {
    if let Some(what) = Foreign::by_first_bytes(body) {
        return Err(BodyError::Unsupported { what });
    }
    // A CR at the very end is half a CRLF: then the body is cut.
    let before_end = body.get(..body.len().saturating_sub(1)).unwrap_or_default();
    if before_end.contains(&b'\r') && !body.contains(&b'\n') {
        return Err(BodyError::Unsupported { what: Foreign::CrText });
    }
    match body {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(BodyError::NotUtf8 { line: 1 }),
        _ => {
            let start = body.iter().find(|b| !b.is_ascii_whitespace());
            // Pages and JSON often are one huge line: say what they are, not how long.
            if matches!(start, Some(b'<' | b'{' | b'[')) { Err(BodyError::not_csv(body)) } else { Ok(()) }
        }
    }
}

fn read_header(line: Line<'_>, options: &ReadOptions) -> Result<Header, BodyError> {
    let Ok(text) = std::str::from_utf8(line.bytes) else {
        return Err(BodyError::NotUtf8 { line: line.number });
    };
    if let Some(refusal) = Refusal::in_line(text) {
        return Err(BodyError::Refused { refusal, text: shown(text, 200) });
    }
    if !line.terminated && header::begins_like_one(text) {
        // Even where a last row may lack its line feed: a header alone would read as "no fires".
        return Err(BodyError::Truncated { line: line.number, why: "the header line has no end" });
    }
    Header::read(text, options.provenance)
}

/// Whether a row had the fields that the header promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Whole,
    Short,
}

struct Reader<'a> {
    header: &'a Header,
    options: &'a ReadOptions,
    rows: Vec<Row>,
    /// First line that is not UTF-8.
    foreign: Option<u64>,
    /// Whether any row was UTF-8.
    readable: bool,
}

impl Reader<'_> {
    fn take(&mut self, line: Line<'_>) -> Result<Shape, BodyError> {
        if self.rows.len() >= self.options.max_rows {
            return Err(BodyError::TooManyRows { limit: self.options.max_rows });
        }
        let Ok(text) = std::str::from_utf8(line.bytes) else {
            self.foreign.get_or_insert(line.number);
            let raw = String::from_utf8_lossy(line.bytes);
            self.push(line.number, Err(whole(&raw, &raw, "UTF-8 text")));
            return Ok(Shape::Whole);
        };
        self.readable = true;
        // Spreadsheets write the empty rows below a table as commas.
        if line.terminated && text.chars().all(|c| c == ',' || c.is_whitespace()) {
            return Ok(Shape::Whole);
        }
        self.take_text(line.number, text)
    }

    fn take_text(&mut self, line: u64, text: &str) -> Result<Shape, BodyError> {
        let columns = &self.header.columns;
        let Some(fields) = lines::fields(text) else {
            self.push(line, Err(whole(text, text, "quotes that pair")));
            return Ok(Shape::Short);
        };
        let shape = if fields.len() < columns.width { Shape::Short } else { Shape::Whole };
        // A server may start a table and then refuse in words.
        if let (Shape::Short, Some(refusal)) = (shape, Refusal::in_line(text)) {
            return Err(BodyError::Refused { refusal, text: shown(text, 200) });
        }
        self.push(line, row::read(&fields, columns, text));
        Ok(shape)
    }

    fn push(&mut self, line: u64, read: Result<row::Read, RowError>) {
        self.rows.push(Row::of(line, read));
    }
}

/// The last line must prove that it is whole.
fn check_end(
    line: Line<'_>,
    shape: Shape,
    header: &Header,
    options: &ReadOptions,
    row: Option<&Row>,
) -> Result<(), BodyError> {
    let truncated = |why| Err(BodyError::Truncated { line: line.number, why });
    if shape == Shape::Short {
        return truncated("the last row has too few fields");
    }
    if line.terminated {
        return Ok(());
    }
    if !options.allow_missing_final_newline {
        return truncated("the last row has no line feed at its end");
    }
    // A last value that is not known may be the beginning of one that is.
    let is_known = |row: &&Row| row.result.is_ok();
    let is_whole = |row: &Row| match header.closed_last {
        Some(last) => row.unknown.iter().all(|value| value.column != last),
        None => false,
    };
    if row.filter(is_known).is_some_and(|row| is_whole(row) || line.bytes.ends_with(b"\"")) {
        Ok(())
    } else {
        truncated("the last row has no line feed and its last value may be cut")
    }
}
