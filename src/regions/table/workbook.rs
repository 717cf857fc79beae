//! The first sheet of an XLSX workbook as a raw table.
//!
//! The head is the first row with anything in it. Formulas count with the value the spreadsheet
//! stored. Every size is bounded before or while reading, because a small file can unpack to a huge
//! one and one text can stand in a million cells; cells are read one by one, never as a rectangle.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::archive::{self, ArchiveError};
use super::cell::{Cell, DAYS_1904};
use super::{MAX_ROWS, Raw, too_many_rows};
use crate::regions::faults::Faults;

/// Largest workbook, bytes: a hundred thousand people with every column took 4.4 million.
pub const MAX_WORKBOOK_BYTES: usize = 16 * 1024 * 1024;

/// Most bytes a workbook may unpack to; that of a hundred thousand people has 42 million.
const MAX_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;

/// Most cells that are looked at, empty ones with a format included.
const MAX_CELLS: usize = 4_000_000;

/// Most bytes of text taken from cells.
const MAX_TEXT_BYTES: usize = 64 * 1024 * 1024;

const ROW: &str = "row";

/// Whether the bytes begin like a ZIP archive.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the first sheet; `None` after a fault was added.
pub(super) fn read(file: &str, bytes: &[u8], faults: &mut Faults) -> Option<Raw> {
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
    match first_sheet(file, bytes, faults) {
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

fn first_sheet(file: &str, bytes: &[u8], faults: &mut Faults) -> Result<Option<Raw>, XlsxError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let shift = if workbook.has_1904_epoch() { DAYS_1904 } else { 0.0 };
    let Some(name) = workbook.sheet_names().into_iter().next() else {
        faults.add(file, "", "workbook_unreadable", "the workbook has no sheet");
        return Ok(None);
    };
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    let mut sheet = Sheet::default();
    let mut seen = 0;
    while let Some(next) = cells.next_cell()? {
        seen += 1;
        let (row, column) = next.get_position();
        let fits = seen <= MAX_CELLS && sheet.text_bytes <= MAX_TEXT_BYTES;
        if !fits {
            let message = format!("the first sheet has more than {MAX_CELLS} cells or {MAX_TEXT_BYTES} bytes of text");
            faults.add(file, format!("{ROW} {}", row + 1), "workbook_too_large", message);
            return Ok(None);
        }
        let Some(cell) = cell_of(next.get_value(), shift) else { continue };
        if !sheet.add(row, column, cell) {
            too_many_rows(file, ROW, u64::from(row) + 1, faults);
            break;
        }
    }
    Ok(Some(sheet.into_raw()))
}

/// The rows read so far.
#[derive(Default)]
struct Sheet {
    rows: Vec<(u64, Vec<(usize, Cell)>)>,
    text_bytes: usize,
}

impl Sheet {
    /// Adds a cell that is not blank; false when there is no room for its row.
    fn add(&mut self, row: u32, column: u32, cell: Cell) -> bool {
        if let Cell::Text(text) = &cell {
            self.text_bytes += text.len();
        }
        let number = u64::from(row) + 1;
        if self.rows.last().is_none_or(|(last, _)| *last != number) {
            // One more than the rows of the file, for the head.
            if self.rows.len() > MAX_ROWS {
                return false;
            }
            self.rows.push((number, Vec::new()));
        }
        if let Some((_, cells)) = self.rows.last_mut() {
            cells.push((column as usize, cell));
        }
        true
    }

    fn into_raw(self) -> Raw {
        let mut rows = self.rows.into_iter();
        let (head_number, cells) = rows.next().unwrap_or((1, Vec::new()));
        let mut head: Vec<String> = Vec::new();
        for (column, cell) in cells.into_iter().filter(|(column, _)| *column < MAX_COLUMNS) {
            if head.len() <= column {
                head.resize(column + 1, String::new());
            }
            if let Some(title) = head.get_mut(column) {
                *title = cell.text().unwrap_or_default();
            }
        }
        Raw { called: ROW, head_number, head, rows: rows.collect() }
    }
}

/// Columns whose heads are looked at.
const MAX_COLUMNS: usize = 1000;

/// What a cell holds; `None` when nothing.
fn cell_of(value: &DataRef<'_>, shift: f64) -> Option<Cell> {
    let cell = match value {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(flag) => text_cell(if *flag { "TRUE" } else { "FALSE" }),
        DataRef::Int(value) => {
            let value = *value as f64;
            Cell::Number { value, serial: value + shift }
        }
        DataRef::Float(value) => Cell::Number { value: *value, serial: value + shift },
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
    Cell::Text(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

    use super::super::read as read_table;
    use super::*;

    #[test]
    fn the_first_sheet_is_read_with_chinese_heads_numbers_as_codes_and_serial_dates() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        // An empty first row and a blank column do not matter.
        for (column, title) in [(0, "单位代码"), (2, "姓 名"), (3, "职责"), (4, "电话"), (5, "生效日期"), (6, "血型")]
        {
            sheet.write_string(1, column, title).unwrap();
        }
        sheet.write_number(2, 0, 220_802_104.0).unwrap();
        sheet.write_string(2, 2, " 示例·甲 ").unwrap();
        sheet.write_string(2, 3, "网格员").unwrap();
        sheet.write_number(2, 4, 10_000_000_000.0).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 10, 1).unwrap();
        sheet.write_datetime_with_format(2, 5, &day, &date).unwrap();
        sheet.write_formula(4, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        workbook.add_worksheet().write_string(0, 0, "第二张表不读").unwrap();
        let bytes = workbook.save_to_buffer().unwrap();
        let mut faults = Faults::default();
        let rows = read_table("f.xlsx", &bytes, &["unit_code", "name", "role"], &["phone", "valid_from"], &mut faults);
        assert_eq!(rows.len(), 2);
        let texts =
            ["unit_code", "name", "phone", "valid_from"].map(|column| rows[0].optional(column, &mut faults).unwrap());
        assert_eq!(texts, ["220802104", "示例·甲", "10000000000", "2026-10-01"]);
        assert_eq!(rows[0].optional_date("valid_from", &mut faults).unwrap().to_string(), "2026-10-01");
        assert!(faults.is_empty());
        assert_eq!(rows[1].place(), "row 5");
        assert!(rows[1].required("name", &mut faults).is_none());
        assert_eq!(faults.into_list()[0].code, "value_missing");
    }

    #[test]
    fn what_is_no_workbook_is_refused_and_named() {
        for bytes in [&b"PK\x03\x04"[..], &[b"PK\x03\x04".as_slice(), &[0; 400]].concat()] {
            let mut faults = Faults::default();
            assert!(read("f.xlsx", bytes, &mut faults).is_none());
            assert_eq!(faults.into_list()[0].code, "workbook_unreadable");
        }
        let mut faults = Faults::default();
        assert!(read("f.xlsx", &vec![0; MAX_WORKBOOK_BYTES + 1], &mut faults).is_none());
        assert_eq!(faults.into_list()[0].code, "workbook_too_large");
    }

    #[test]
    fn one_long_text_in_a_million_cells_stops_at_the_limit() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let long = "长".repeat(10_000);
        for row in 0..3000 {
            sheet.write_string(row, 0, &long).unwrap();
        }
        let bytes = workbook.save_to_buffer().unwrap();
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        let mut faults = Faults::default();
        assert!(read("f.xlsx", &bytes, &mut faults).is_none());
        assert_eq!(faults.into_list()[0].code, "workbook_too_large");
    }
}
