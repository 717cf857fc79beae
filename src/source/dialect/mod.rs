//! Reads the body of a FIRMS feed into rows, whatever dialect it is written in. Pure: no I/O.
//!
//! Called by [`crate::source`] on every body, fetched or dropped. The header decides what a
//! column means ([`header`](self)); a bad row is an error of that row; a body that is not a whole fire
//! table is an error of the body, never a table without rows. Only a header and nothing else
//! reads as a table of zero rows.
//!
//! What a cut can look like: a cut inside a row shows as a last line without its line feed or
//! with too few fields, and the whole body is [`BodyError::Truncated`]. A cut exactly behind a line
//! feed leaves a whole table with fewer rows; bytes alone cannot show it, the transfer must
//! ([`crate::source::http`] checks its length).

mod header;
mod lines;
mod row;

use crate::domain::observation::{Instrument, Observation};
use crate::source::refusal::Refusal;
use crate::source::safe_text::{shown, shown_bytes};

use header::Header;
use lines::{Line, Lines, TooLong};
pub use row::RowError;

/// How a body is read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Whether the last row may lack its line feed, as some tools write it.
    ///
    /// Only honoured where the last value shows that it is whole (day/night letter, type
    /// digit, closing quote) and the row is valid; else the body is truncated all the same. Never set it for
    /// what came over a network.
    pub allow_missing_final_newline: bool,
    /// Longest row in bytes; real ones have about 100.
    pub max_row_bytes: usize,
    /// Most rows; the busiest global day has under 200,000.
    pub max_rows: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { allow_missing_final_newline: false, max_row_bytes: 4 * 1024, max_rows: 1_000_000 }
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
    /// The rows in file order.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line in the file, from 1; the header is a line too.
    pub line: u64,
    /// What it says, or why it says nothing.
    pub result: Result<Observation, RowError>,
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
    #[error("the file is {what}; expected CSV text")]
    Unsupported {
        /// Which kind.
        what: &'static str,
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
    refuse_foreign(body)?;
    let mut lines = Lines::new(body, options.max_row_bytes);
    let too_long = |TooLong { line }| BodyError::RowTooLong { line, limit: options.max_row_bytes };
    let Some(first) = lines.next() else { return Err(BodyError::not_csv(b"")) };
    let first = first.map_err(too_long)?;
    let header = read_header(first)?;

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
    Ok(Table { dialect: dialect_name(&header, &rows), header: header.names, unknown_columns: header.unknown, rows })
}

/// Refuses by their first bytes the things that people and servers send instead of a table.
fn refuse_foreign(body: &[u8]) -> Result<(), BodyError> {
    let unsupported = |what| Err(BodyError::Unsupported { what });
    match body {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => unsupported("a ZIP archive or an XLSX workbook"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => unsupported("an XLS workbook"),
        [0x1f, 0x8b, ..] => unsupported("gzip inside gzip"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(BodyError::NotUtf8 { line: 1 }),
        _ => {
            let start = body.iter().find(|b| !b.is_ascii_whitespace());
            // Pages and JSON often are one huge line: say what they are, not how long.
            if matches!(start, Some(b'<' | b'{' | b'[')) { Err(BodyError::not_csv(body)) } else { Ok(()) }
        }
    }
}

fn read_header(line: Line<'_>) -> Result<Header, BodyError> {
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
    Header::read(text)
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
        let (result, shape) = if let Ok(text) = std::str::from_utf8(line.bytes) {
            self.readable = true;
            self.take_text(text)?
        } else {
            self.foreign.get_or_insert(line.number);
            let raw = String::from_utf8_lossy(line.bytes);
            (Err(row::whole(&raw, &raw, "UTF-8 text")), Shape::Whole)
        };
        self.rows.push(Row { line: line.number, result });
        Ok(shape)
    }

    fn take_text(&self, text: &str) -> Result<(Result<Observation, RowError>, Shape), BodyError> {
        let columns = &self.header.columns;
        let Some(fields) = lines::fields(text) else {
            return Ok((Err(row::whole(text, text, "quotes that pair")), Shape::Short));
        };
        if fields.len() < columns.width {
            // A server may start a table and then refuse in words.
            if let Some(refusal) = Refusal::in_line(text) {
                return Err(BodyError::Refused { refusal, text: shown(text, 200) });
            }
            return Ok((row::read(&fields, columns, text), Shape::Short));
        }
        Ok((row::read(&fields, columns, text), Shape::Whole))
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
    let is_whole = header.last_value_is_whole || line.bytes.ends_with(b"\"");
    if is_whole && row.is_some_and(|row| row.result.is_ok()) {
        Ok(())
    } else {
        truncated("the last row has no line feed and its last value may be cut")
    }
}

fn dialect_name(header: &Header, rows: &[Row]) -> String {
    let first = rows.iter().find_map(|row| row.result.as_ref().ok());
    let instrument = first.map_or(header.columns.channels_of, |observation| observation.key.satellite.instrument());
    let name = match instrument {
        Instrument::Viirs => "VIIRS",
        Instrument::Modis => "MODIS",
    };
    // LANCE's daily text files have the rolling files' columns but write 04:31.
    let is_daily = header.form == "rolling" && first.is_some_and(|observation| observation.raw.contains(':'));
    format!("{name} {}", if is_daily { "daily text" } else { header.form })
}
