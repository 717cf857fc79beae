//! The sheet of an XLSX workbook that holds the heads, as a raw table.
//!
//! Offices keep notes on a sheet before it, or hide one: of the sheets that are shown, the table is the one whose first
//! rows hold all the heads that are needed; two such sheets are a question. Formulas count with the value the
//! spreadsheet stored. Every size is bounded before or while reading, because a small file can unpack to a huge
//! one and one text can stand in a million cells; cells are read one by one, never as a rectangle.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Style, Xlsx, XlsxError};

use super::archive::{self, ArchiveError};
use super::cell::{Cell, DAYS_1904};
use super::merges::{self, Merge};
use super::number_format::DigitFormat;
use super::{MAX_HEAD_ROWS, MAX_ROWS, Raw, RawRow, too_many_rows};
use crate::domain::plain_text;
use crate::files::faults::Faults;

/// Largest workbook, bytes: a hundred thousand people with every column took 4.4 million.
pub const MAX_WORKBOOK_BYTES: usize = 16 * 1024 * 1024;

/// Most bytes a workbook may unpack to; that of a hundred thousand people has 42 million.
const MAX_UNPACKED_BYTES: u64 = 128 * 1024 * 1024;

/// Most cells that are looked at, empty ones with a format included.
const MAX_CELLS: usize = 4_000_000;

/// Most cells that are kept: twenty columns of a full table.
const MAX_KEPT_CELLS: usize = 2_000_000;

/// Most bytes of text taken from cells.
const MAX_TEXT_BYTES: usize = 64 * 1024 * 1024;

const ROW: &str = "row";

/// Sheets that are looked at, and most cells of one before it is known to be the table.
const MAX_SHEETS: usize = 32;
const MAX_CELLS_BEFORE: usize = 400_000;

/// Most merged ranges; each is four numbers.
const MAX_MERGES: usize = 200_000;

/// Whether the bytes begin like a ZIP archive.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// What a file is that spreadsheet programs open too and that is not read: a code word and what to do about it.
pub(crate) fn of_another_kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let told = if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        // The name of the part in which an XLSX workbook lies that needs a password, in UTF-16.
        if has(b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e") {
            "the workbook is protected by a password; save it without one"
        } else {
            "this is an old Excel or WPS workbook (.xls, .et); open it and save it as .xlsx or as CSV UTF-8"
        }
    } else if is_one(bytes) && has(b"mimetypeapplication/vnd.oasis.opendocument") {
        "this is an OpenDocument file (.ods); save it as .xlsx or as CSV UTF-8"
    } else if is_one(bytes) && has(b"xl/workbook.bin") {
        "this is a binary workbook (.xlsb); save it as .xlsx or as CSV UTF-8"
    } else if start.starts_with(b"<") {
        "this is a web page or an XML file under another name; open it in a spreadsheet program and save it as .xlsx"
    } else {
        return None;
    };
    Some(("workbook_kind", told))
}

/// Reads the sheet with the heads; `None` after a fault was added.
pub(crate) fn read(file: &str, bytes: &[u8], is_heads: &dyn Fn(&RawRow) -> bool, faults: &mut Faults) -> Option<Raw> {
    if bytes.len() > MAX_WORKBOOK_BYTES {
        let message = format!("the workbook has {} bytes, at most {MAX_WORKBOOK_BYTES} are read", bytes.len());
        faults.add(file, "", "workbook_too_large", message);
        return None;
    }
    match archive::unpacked_size(bytes, MAX_UNPACKED_BYTES) {
        Ok(_) => {}
        Err(error @ ArchiveError::TooLarge) => {
            let message = format!("the workbook cannot be read: {error}; take out pictures and other sheets");
            faults.add(file, "", "workbook_too_large", message);
            return None;
        }
        Err(error @ ArchiveError::Damaged) => {
            unreadable(file, &error, faults);
            return None;
        }
    }
    match table_of(file, bytes, is_heads, faults) {
        Ok(raw) => raw,
        Err(error) => {
            unreadable(file, &error, faults);
            None
        }
    }
}

fn unreadable(file: &str, error: &dyn std::error::Error, faults: &mut Faults) {
    let message = format!("the file cannot be read as an XLSX workbook ({error}); save it again as .xlsx or as CSV");
    faults.add(file, "", "workbook_unreadable", message);
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn table_of(
    file: &str,
    bytes: &[u8],
    is_heads: &dyn Fn(&RawRow) -> bool,
    faults: &mut Faults,
) -> Result<Option<Raw>, XlsxError> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes))?;
    let Some(name) = sheet_with_heads(file, &mut book, is_heads, faults) else { return Ok(None) };
    let Some(mut sheet) = Sheet::read(file, &mut book, &name, WHOLE, faults)? else { return Ok(None) };
    sheet.show_digits(&mut book, &name)?;
    let merges: Vec<Merge> = book.merge_cells_by_sheet_name(&name)?.into_iter().map(Merge::from).collect();
    if merges.len() > MAX_MERGES || !merges::fill(&mut sheet.rows, &merges) {
        let message = "there are too many merged cells; take the merges apart";
        faults.add(file, "", "workbook_too_large", message);
        return Ok(None);
    }
    let sheet_name = Some(name).filter(|_| book.sheets_metadata().len() > 1);
    Ok(Some(Raw { called: ROW, sheet: sheet_name, rows: sheet.rows, merges }))
}

/// The name of the sheet that is the table; `None` after a fault was added.
fn sheet_with_heads(
    file: &str,
    book: &mut Book<'_>,
    is_heads: &dyn Fn(&RawRow) -> bool,
    faults: &mut Faults,
) -> Option<String> {
    let all: Vec<_> =
        book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).cloned().collect();
    let mut with_heads = Vec::new();
    for sheet in all.iter().take(MAX_SHEETS) {
        // What is wrong with a sheet that is no table does not matter; of the table it is told when it is read.
        let Ok(Some(first)) = Sheet::read(file, book, &sheet.name, BEGINNING, &mut Faults::default()) else { continue };
        let at = first.rows.iter().take(MAX_HEAD_ROWS).position(is_heads);
        with_heads.extend(at.map(|at| (sheet, first.rows.len() > at + 1)));
    }
    let is_shown = |sheet: &calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let shown: Vec<_> = with_heads.iter().filter(|(sheet, _)| is_shown(sheet)).collect();
    let filled: Vec<_> = shown.iter().filter(|(_, has_rows)| *has_rows).collect();
    match (filled.as_slice(), shown.as_slice()) {
        ([(only, _)], _) | ([], [(only, _), ..]) => return Some(only.name.clone()),
        ([], []) => {}
        (several, _) => {
            let names: Vec<_> = several.iter().map(|(sheet, _)| format!("{:?}", sheet.name)).collect();
            let message = format!(
                "the sheets {} all hold such a table, and one is read; put all rows on one sheet, or hide the others",
                names.join(", ")
            );
            faults.add(file, "", "several_sheets", message);
            return None;
        }
    }
    if let Some((hidden, _)) = with_heads.first() {
        let message = format!("the table stands on the hidden sheet {:?}, which is not read; show it", hidden.name);
        faults.add(file, "", "sheet_hidden", message);
        return None;
    }
    // None has them all: what is missing is told of the first that is shown.
    let first = all.iter().find(|sheet| is_shown(sheet)).or(all.first());
    if first.is_none() {
        faults.add(file, "", "workbook_unreadable", "the workbook has no sheet");
    }
    first.map(|sheet| sheet.name.clone())
}

/// How much of a sheet is read.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Rows, and one more.
    rows: usize,
    cells: usize,
}

/// A table, with one more row for the heads.
const WHOLE: Limits = Limits { rows: MAX_ROWS, cells: MAX_CELLS };

/// The rows among which the heads are looked for, with one more to see whether anything stands below them.
const BEGINNING: Limits = Limits { rows: MAX_HEAD_ROWS, cells: MAX_CELLS_BEFORE };

/// The rows read so far.
#[derive(Default)]
struct Sheet {
    rows: Vec<RawRow>,
    kept: usize,
    text_bytes: usize,
}

impl Sheet {
    /// Reads the rows of a sheet as far as the limits allow; `None` after a fault was added.
    fn read(
        file: &str,
        book: &mut Book<'_>,
        name: &str,
        limits: Limits,
        faults: &mut Faults,
    ) -> Result<Option<Self>, XlsxError> {
        let shift = if book.has_1904_epoch() { DAYS_1904 } else { 0.0 };
        let mut cells = book.worksheet_cells_reader(name)?;
        let (mut sheet, mut seen) = (Self::default(), 0);
        while let Some(next) = cells.next_cell_with_formula_metadata()? {
            seen += 1;
            let (row, column) = next.pos;
            if seen > limits.cells || sheet.kept > MAX_KEPT_CELLS || sheet.text_bytes > MAX_TEXT_BYTES {
                let message = format!(
                    "the sheet has more than {} cells, {MAX_KEPT_CELLS} that are filled, or {MAX_TEXT_BYTES} bytes of text",
                    limits.cells
                );
                faults.add(file, format!("{ROW} {}", row + 1), "workbook_too_large", message);
                return Ok(None);
            }
            let is_unvalued = next.formula.is_some() && matches!(next.value, DataRef::Empty);
            let cell = if is_unvalued { Some(Cell::Unvalued) } else { cell_of(&next.value, shift) };
            let Some(cell) = cell else { continue };
            if !sheet.add(row, column, cell, limits.rows) {
                too_many_rows(file, ROW, u64::from(row) + 1, faults);
                break;
            }
        }
        Ok(Some(sheet))
    }

    /// Adds a cell that is not blank; false when there is no room for its row.
    fn add(&mut self, row: u32, column: u32, cell: Cell, max_rows: usize) -> bool {
        if let Cell::Text(text) = &cell {
            self.text_bytes += text.len();
        }
        self.kept += 1;
        let number = u64::from(row) + 1;
        if self.rows.last().is_none_or(|last| last.number != number) {
            if self.rows.len() > max_rows {
                return false;
            }
            self.rows.push(RawRow { number, cells: Vec::new() });
        }
        if let Some(last) = self.rows.last_mut() {
            last.cells.push((column as usize, cell));
        }
        true
    }

    /// Gives numbers the digits and signs that their number formats show.
    fn show_digits(&mut self, book: &mut Book<'_>, name: &str) -> Result<(), XlsxError> {
        let mut cells = book.worksheet_cells_reader(name)?;
        let formats: Vec<_> = cells.styles().iter().map(digit_format).collect();
        if formats.iter().all(Option::is_none) {
            return Ok(());
        }
        while let Some((row, column, style)) = cells.next_style_id()? {
            let Some(format) = formats.get(style).and_then(Option::as_ref) else { continue };
            let number = u64::from(row) + 1;
            let Ok(at) = self.rows.binary_search_by_key(&number, |row| row.number) else { continue };
            let cells = self.rows.get_mut(at).map(|row| row.cells.as_mut_slice()).unwrap_or_default();
            let cell = cells.iter_mut().find(|(i, _)| *i == column as usize).map(|(_, cell)| cell);
            if let Some(Cell::Number { value, shown, .. }) = cell {
                *shown = format.shown(*value);
            }
        }
        Ok(())
    }
}

fn digit_format(style: &Style) -> Option<DigitFormat> {
    DigitFormat::parse(&style.number_format.as_ref()?.format_code)
}

/// What a cell holds; `None` when nothing.
fn cell_of(value: &DataRef<'_>, shift: f64) -> Option<Cell> {
    let cell = match value {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DurationIso(text) => text_cell(text),
        // Midnight is how such a cell has a bare day, as a serial of a whole day is one.
        DataRef::DateTimeIso(text) => match text_cell(text).date() {
            Ok(date) => text_cell(&date.to_string()),
            Err(_) => text_cell(text),
        },
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(flag) => text_cell(if *flag { "TRUE" } else { "FALSE" }),
        DataRef::Int(value) => {
            let value = *value as f64;
            Cell::Number { value, serial: value + shift, shown: None }
        }
        DataRef::Float(value) => Cell::Number { value: *value, serial: value + shift, shown: None },
        // A duration of a day is the end of the day, 24:00.
        DataRef::DateTime(at) if at.is_duration() && at.as_f64() >= 1.0 => {
            let minutes = (at.as_f64() * 1440.0).round();
            text_cell(&format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0))
        }
        DataRef::DateTime(at) if at.as_f64() < 1.0 => Cell::Moment(at.as_f64()),
        DataRef::DateTime(at) => Cell::Moment(at.as_f64() + shift),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    };
    (!cell.is_blank()).then_some(cell)
}

fn text_cell(text: &str) -> Cell {
    Cell::Text(plain_text::visible(text))
}
