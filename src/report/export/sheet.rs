//! A list as an XLSX workbook of one sheet, or as CSV: what offices open, print and send on.
//!
//! Called by [`super`] for the export documents and by every command that writes a list with its
//! own heads. Texts are text cells, so codes and telephones keep their digits and nothing is run
//! as a formula; the head is bold and frozen, columns are as wide as what stands in them.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::write::plain;

/// Rows of a sheet, its head not counted.
///
/// # Source
/// Microsoft, "Excel specifications and limits": 1,048,576 rows by 16,384 columns, 32,767 characters in a cell.
pub const MAX_ROWS: usize = 1_048_575;

/// Characters of a cell; a longer text is cut and ends with "…".
const MAX_CELL_CHARS: usize = 32_767;

/// Widths of columns, in characters of Latin type.
const WIDTHS: std::ops::RangeInclusive<usize> = 6..=50;

/// Rows that decide the width of their column; more cost time and change little.
const ROWS_MEASURED: usize = 500;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, never run as a formula.
    Text(String),
    /// A number to reckon with; a code or telephone is a text.
    Number(f64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A list with its heads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// What the sheet is called: at most 31 characters, none of `[ ] : * ? / \`.
    pub name: String,
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The rows, each with a cell per head.
    pub rows: Vec<Vec<Cell>>,
}

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// More rows than a sheet can have.
    #[error("the list has {0} rows, but a sheet holds {MAX_ROWS}; ask for fewer days or units, or for CSV")]
    TooManyRows(usize),
    /// The library refused something else.
    #[error("the workbook of {name:?} cannot be written")]
    Write {
        /// The sheet.
        name: String,
        /// What it said.
        #[source]
        source: Box<XlsxError>,
    },
}

/// The bytes of a workbook with one sheet.
///
/// # Errors
/// [`SheetError`]: too many rows, or a name that a sheet cannot have.
pub fn workbook(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    if sheet.rows.len() > MAX_ROWS {
        return Err(SheetError::TooManyRows(sheet.rows.len()));
    }
    write(sheet).map_err(|source| SheetError::Write { name: sheet.name.clone(), source: Box::new(source) })
}

/// The list as CSV: RFC 4180, UTF-8, its heads first; text that begins like a formula is defused.
#[must_use]
pub fn csv(sheet: &Sheet) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(&sheet.heads);
    for row in &sheet.rows {
        let fields = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => plain(text),
            Cell::Number(number) => number.to_string(),
        });
        let _ = writer.write_record(fields);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn write(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let page = workbook.add_worksheet();
    page.set_name(&sheet.name)?;
    for (column, head) in (0_u16..).zip(&sheet.heads) {
        page.write_string_with_format(0, column, head, &bold)?;
        page.set_column_width(column, width(sheet, usize::from(column)))?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_landscape().set_paper_size(A4).set_repeat_rows(0, 0)?;
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            write_cell(page, row, column, cell)?;
        }
    }
    workbook.save_to_buffer()
}

/// The number of A4 in the list of paper sizes of the format.
const A4: u8 = 9;

fn write_cell(page: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(number) => {
            page.write_number(row, column, *number)?;
        }
        Cell::Text(text) if text.encode_utf16().count() > MAX_CELL_CHARS => {
            // Half of it, because a character may count twice.
            let cut: String = text.chars().take(MAX_CELL_CHARS / 2).chain(['…']).collect();
            page.write_string(row, column, cut)?;
        }
        Cell::Text(text) => {
            page.write_string(row, column, text)?;
        }
    }
    Ok(())
}

/// The width of a column in characters of Latin type; Chinese ones count two.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let of_text = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let of_cell = |cell: &Cell| match cell {
        Cell::Empty => 0,
        Cell::Text(text) => of_text(text),
        Cell::Number(number) => number.to_string().len(),
    };
    let head = sheet.heads.get(column).map_or(0, |head| of_text(head));
    let cells = sheet.rows.iter().take(ROWS_MEASURED).filter_map(|row| row.get(column)).map(of_cell);
    let widest = cells.fold(head, usize::max);
    (widest.clamp(*WIDTHS.start(), *WIDTHS.end()) + 2) as f64
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn read(bytes: Vec<u8>) -> Vec<Vec<Data>> {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        workbook.worksheet_range_at(0).unwrap().unwrap().rows().map(<[Data]>::to_vec).collect()
    }

    #[test]
    fn texts_stay_texts_numbers_numbers_and_formulas_do_not_run() {
        let sheet = Sheet {
            name: "责任清单".to_owned(),
            heads: ["单位代码", "面积（亩）", "备注"].map(str::to_owned).to_vec(),
            rows: vec![
                vec!["0220802".into(), 12.5.into(), "=HYPERLINK(\"x\")".into()],
                vec![Cell::Empty, None::<f64>.into(), "长".repeat(40_000).into()],
            ],
        };
        assert!(csv(&sheet).starts_with("单位代码,面积（亩）,备注\r\n0220802,12.5,"));
        assert!(csv(&sheet).contains("'=HYPERLINK"));
        let rows = read(workbook(&sheet).unwrap());
        assert_eq!(rows[1][0], Data::String("0220802".to_owned()));
        assert_eq!(rows[1][1], Data::Float(12.5));
        assert_eq!(rows[1][2], Data::String("=HYPERLINK(\"x\")".to_owned()));
        assert!(matches!(&rows[2][2], Data::String(text) if text.ends_with('…')));
    }

    #[test]
    fn a_list_without_rows_still_has_its_heads_and_a_bad_name_is_an_error() {
        let heads = vec!["a".to_owned()];
        let sheet = Sheet { name: "b".to_owned(), heads: heads.clone(), rows: Vec::new() };
        assert_eq!(read(workbook(&sheet).unwrap()), [[Data::String("a".to_owned())]]);
        let error = workbook(&Sheet { name: "a/b".to_owned(), heads, rows: Vec::new() }).unwrap_err();
        assert!(error.to_string().contains("a/b"));
    }
}
