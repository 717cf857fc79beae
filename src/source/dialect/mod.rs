//! Reads the body of a FIRMS feed into rows, whatever dialect it is written in. Pure: no I/O.
//!
//! Called by [`crate::source`] on every body, fetched or dropped. The header decides what a
//! column means ([`header`](self)); a row whose place, time or satellite is not sure is an error of that row, and any other
//! value that cannot be read is unknown and noted beside its row; a body that is not a whole fire
//! table is an error of the body, never a table without rows. Only a header and nothing else
//! reads as a table of zero rows.
//!
//! What a cut can look like: a cut inside a row shows as a last line without its line feed or
//! with too few fields, and the whole body is [`BodyError::Truncated`]. A cut exactly behind a line
//! feed leaves a whole table with fewer rows; bytes alone cannot show it, the transfer must
//! ([`crate::source::http`] checks its length).

mod foreign;
mod geojson;
mod header;
mod lines;
mod reasons;
mod row;
mod side;

use crate::domain::observation::{Instrument, Observation};
use crate::source::outcome::RowCounts;
use crate::source::refusal::Refusal;
use crate::source::safe_text::{shown, shown_bytes};

pub use foreign::Foreign;
use header::Header;
use lines::{Line, Lines, TooLong};
pub use reasons::Reason;
pub use row::RowError;
pub use side::UnknownValue;

/// Who a body comes from, and so how much of its form must be as published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// A feed over the network: a table that lacks a column has changed its form, and anything but CSV is no table.
    Feed,
    /// A file that a person brought, in any form whose meaning is sure: columns that decide neither place, time nor satellite
    /// may be missing, and GeoJSON is read.
    Person,
}

/// How a body is read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Whether the last row may lack its line feed, as some tools write it.
    ///
    /// Only honoured where the last value shows that it is whole (day/night letter, type
    /// digit, closing quote) and the row is valid; else the body is truncated all the same. Never set it for
    /// what came over a network.
    pub allow_missing_final_newline: bool,
    /// Who it comes from.
    pub provenance: Provenance,
    /// Longest row in bytes; real ones have about 100.
    pub max_row_bytes: usize,
    /// Most rows; the busiest global day has under 200,000.
    pub max_rows: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            allow_missing_final_newline: false,
            provenance: Provenance::Feed,
            max_row_bytes: 4 * 1024,
            max_rows: 1_000_000,
        }
    }
}

/// A fire table that was read to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Sensor and form in words, for example `VIIRS rolling` or `MODIS archive`.
    pub dialect: String,
    /// Column names as published.
    pub header: Vec<String>,
    /// Those of them that firegrid does not know.
    pub unknown_columns: Vec<String>,
    /// FIRMS columns that the table lacks, all of whose values are unknown; only in files that people bring.
    pub missing_columns: Vec<&'static str>,
    /// The rows in file order.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line in the file, from 1; the header is a line too. In GeoJSON the number of the feature, from 1.
    pub line: u64,
    /// What it says, or why it says nothing.
    pub result: Result<Observation, RowError>,
    /// Its values that decide neither place, time nor satellite and cannot be read.
    pub unknown: Vec<UnknownValue>,
    /// The file of an archive in which it stands.
    pub member: Option<std::sync::Arc<str>>,
}

impl Row {
    /// The row as published, without its line end.
    #[must_use]
    pub fn raw(&self) -> &str {
        match &self.result {
            Ok(observation) => &observation.raw,
            Err(error) => &error.raw,
        }
    }

    /// A text about the row, with the file of an archive before it.
    #[must_use]
    pub fn named(&self, text: &str) -> String {
        self.member.as_ref().map_or_else(|| text.to_owned(), |member| format!("{member}: {text}"))
    }
}

impl Table {
    /// The rows that could be read.
    pub fn observations(&self) -> impl Iterator<Item = &Observation> {
        self.rows.iter().filter_map(|row| row.result.as_ref().ok())
    }

    /// The rows that could not be read: (line, why).
    pub fn rejected(&self) -> impl Iterator<Item = (u64, &RowError)> {
        self.rows.iter().filter_map(|row| row.result.as_ref().err().map(|error| (row.line, error)))
    }

    /// How many rows there are, and how many could not be read.
    #[must_use]
    pub fn counts(&self) -> RowCounts {
        RowCounts { rows: self.rows.len() as u64, unreadable: self.rejected().count() as u64, future: 0 }
    }

    /// The same table, its rows marked with the file of an archive that it is.
    #[must_use]
    pub(super) fn of_member(mut self, name: &str) -> Self {
        let name: std::sync::Arc<str> = name.into();
        for row in &mut self.rows {
            row.member = Some(name.clone());
        }
        self
    }

    /// This table with the rows of another behind its own.
    #[must_use]
    pub(super) fn with(mut self, other: Self) -> Self {
        if !self.dialect.contains(&other.dialect) {
            self.dialect = format!("{} + {}", self.dialect, other.dialect);
        }
        self.rows.extend(other.rows);
        let unknown = other.unknown_columns.into_iter().filter(|name| !self.unknown_columns.contains(name));
        let unknown: Vec<_> = unknown.collect();
        self.unknown_columns.extend(unknown);
        let missing: Vec<_> =
            other.missing_columns.into_iter().filter(|name| !self.missing_columns.contains(name)).collect();
        self.missing_columns.extend(missing);
        self
    }

    /// Whether so many rows were rejected (over 1 %) that the feed must have changed its form.
    #[must_use]
    pub fn is_suspicious(&self) -> bool {
        self.rejected().count() * 100 > self.rows.len()
    }
}

/// Why a body as a whole is not a fire table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Something else: a web page, prose, another table, nothing at all.
    #[error("the body is not a fire table, it begins {head:?}; expected a header line with latitude, longitude, …")]
    NotCsv {
        /// How it begins, escaped and capped.
        head: String,
    },
    /// The server's refusal in words.
    #[error("the server refused: {text}")]
    Refused {
        /// Which.
        refusal: Refusal,
        /// Its words, escaped and capped.
        text: String,
    },
    /// The header, or every row, is not UTF-8.
    #[error("line {line} is not UTF-8 text (GBK or UTF-16, perhaps); expected UTF-8")]
    NotUtf8 {
        /// The first such line.
        line: u64,
    },
    /// It ends in the middle.
    #[error("the body is cut off in line {line}: {why}")]
    Truncated {
        /// The last line.
        line: u64,
        /// What shows it.
        why: &'static str,
    },
    /// Required columns are not there.
    #[error("the header lacks {}", missing.join(", "))]
    MissingColumns {
        /// Which.
        missing: Vec<&'static str>,
    },
    /// Columns that must be there once are there twice.
    #[error("the header has more than one of {}", columns.join(", "))]
    DuplicateColumns {
        /// Which.
        columns: Vec<&'static str>,
    },
    /// A line is longer than any row can be.
    #[error("line {line} is longer than {limit} bytes")]
    RowTooLong {
        /// The line.
        line: u64,
        /// The limit.
        limit: usize,
    },
    /// More rows than any feed has.
    #[error("the body has more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// A known kind of file that firegrid does not read.
    #[error("{}；{}", what.what(), what.what_to_do())]
    Unsupported {
        /// Which kind.
        what: Foreign,
    },
}

impl BodyError {
    /// "Not a table", with a showable head of what it is instead.
    fn not_csv(bytes: &[u8]) -> Self {
        Self::NotCsv { head: shown_bytes(bytes, 120) }
    }
}

/// Reads a body.
///
/// # Errors
/// [`BodyError`] when the body is not a whole fire table. Bad rows are not errors of the body.
pub fn read(body: &[u8], options: &ReadOptions) -> Result<Table, BodyError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if options.provenance == Provenance::Person && body.trim_ascii_start().starts_with(b"{") {
        return geojson::read(body, options);
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
pub(super) fn begins_like_a_table(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let first = body.split(|&b| b == b'\n').next().unwrap_or_default();
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
    if let Some(what) = Foreign::by_first_line(text) {
        return Err(BodyError::Unsupported { what });
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
            self.push(line.number, Err(row::whole(&raw, &raw, "UTF-8 text")));
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
            self.push(line, Err(row::whole(text, text, "quotes that pair")));
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
        let (result, unknown) = match read {
            Ok((observation, unknown)) => (Ok(observation), unknown),
            Err(error) => (Err(error), Vec::new()),
        };
        self.rows.push(Row { line, result, unknown, member: None });
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

fn dialect_name(header: &Header, rows: &[Row]) -> String {
    let first = rows.iter().find_map(|row| row.result.as_ref().ok());
    let by_row = first.map(|observation| observation.key.satellite.instrument());
    let name = by_row.or(header.columns.channels_of).map_or("FIRMS", Instrument::name);
    // LANCE's daily text files have the rolling files' columns but write 04:31.
    let is_daily = header.form == "rolling" && first.is_some_and(|observation| observation.raw.contains(':'));
    format!("{name} {}", if is_daily { "daily text" } else { header.form })
}
