//! Reads FIRMS rows that a spreadsheet saved as a workbook: the same columns with the same meaning as in CSV.
//!
//! Called by [`crate::source::file`]. A date cell is the date that it shows, a number the number: `412` is 04:12 as in the
//! area API's own table.

use std::borrow::Cow;

use super::header::{self, Header, dialect_name};
use super::row;
use crate::files::table::{Raw, RawRow};
use crate::source::dialect::row_error::whole;
use crate::source::dialect::{BodyError, Provenance, Row, RowError, Table};

/// Whether a row of a sheet holds the heads of a FIRMS table.
pub(in crate::source) fn is_heads(row: &RawRow) -> bool {
    header::is_of_a_table(&fields_of(row).unwrap_or_default())
}

/// Reads the rows below the heads, which stand in the row `at`.
pub(in crate::source) fn read_sheet(raw: &Raw, at: usize) -> Result<Table, BodyError> {
    let names = raw.rows.get(at).and_then(|row| fields_of(row).ok()).unwrap_or_default();
    let header = Header::of_names(names, Provenance::Person)?;
    let below = raw.rows.iter().skip(at + 1).filter(|row| row.cells.iter().any(|(_, cell)| !cell.is_blank()));
    let rows: Vec<_> = below.map(|row| read_row(row, &header)).collect();
    Ok(Table {
        dialect: format!("{} XLSX", dialect_name(&header, &rows)),
        header: header.names,
        unknown_columns: header.unknown,
        missing_columns: header.missing,
        rows,
    })
}

fn read_row(raw: &RawRow, header: &Header) -> Row {
    let read = fields_of(raw).and_then(|mut fields| {
        let width = header.columns.width.max(fields.len());
        fields.resize(width, String::new());
        let text = fields.join(",");
        let fields: Vec<Cow<'_, str>> = fields.into_iter().map(Cow::Owned).collect();
        row::read(&fields, &header.columns, &text)
    });
    Row::of(raw.number, read)
}

/// The cells of a row as the fields that a CSV file would have; an error where one holds no value.
fn fields_of(row: &RawRow) -> Result<Vec<String>, RowError> {
    let width = row.cells.iter().map(|(column, _)| column + 1).max().unwrap_or_default();
    let mut fields = vec![String::new(); width];
    for (column, cell) in &row.cells {
        let text = cell.text().map_err(|(_, message)| whole("", &message, "a value in each cell"))?;
        if let Some(field) = fields.get_mut(*column) {
            *field = text;
        }
    }
    Ok(fields)
}
