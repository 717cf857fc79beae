//! Where the columns of a list stand, and what stands in a cell.
//!
//! A column is named in messages as in the file, in a workbook with its letters: `经度 (D)`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::config::ListConfig;
use crate::files::table::cell::Cell;
use crate::files::table::{LINE, Raw, RawRow, column_letters, plain_head};
use crate::source::dialect::row_error::{Fault, fault, whole};
use crate::source::dialect::{BodyError, Row, RowError, Table};

/// A column of a list.
#[derive(Debug, Clone)]
pub(super) struct Column {
    at: usize,
    /// As in messages.
    pub name: String,
}

impl Column {
    /// What a row has in it; `None` where nothing.
    pub(super) fn of<'r>(&self, row: &'r RawRow) -> Option<&'r Cell> {
        row.cells.iter().find(|(at, _)| *at == self.at).map(|(_, cell)| cell).filter(|cell| !cell.is_blank())
    }

    /// What a row has to have in it.
    pub(super) fn needed<'r>(&self, row: &'r RawRow) -> Result<&'r Cell, Fault> {
        self.of(row).ok_or_else(|| self.fault("", "a value"))
    }

    /// The text that a row has to have in it.
    pub(super) fn needed_text(&self, row: &RawRow) -> Result<String, Fault> {
        self.needed(row).and_then(|cell| self.text(cell))
    }

    pub(super) fn text(&self, cell: &Cell) -> Result<String, Fault> {
        cell.text().map_err(|(_, message)| self.fault(&message, "a value that can be read"))
    }

    /// The text of a column that decides nothing; empty where there is none.
    pub(super) fn side_text(&self, row: &RawRow) -> String {
        self.of(row).and_then(|cell| cell.text().ok()).unwrap_or_default()
    }

    pub(super) fn fault(&self, value: &str, expected: impl Into<String>) -> Fault {
        fault(self.name.clone(), value, expected)
    }
}

/// The columns of a list, as its heads stand in the file.
#[derive(Debug)]
pub(super) struct Columns {
    pub longitude: Column,
    pub latitude: Column,
    pub date: Option<Column>,
    pub time: Option<Column>,
    pub satellite: Option<Column>,
    pub confidence: Option<Column>,
    pub frp_mw: Option<Column>,
    pub places: Vec<Column>,
    /// All heads, in order.
    header: Vec<String>,
    /// Those of them that the mapping does not name.
    unread: Vec<String>,
    /// Fields that each row of a CSV file has.
    width: Option<usize>,
}

impl Columns {
    /// Finds the columns among the heads, which stand in the row `at`.
    pub(super) fn find(raw: &Raw, at: usize, list: &ListConfig) -> Result<Self, BodyError> {
        let nothing = RawRow { number: 1, cells: Vec::new() };
        let head = raw.rows.get(at).unwrap_or(&nothing);
        let is_text = raw.called == LINE;
        let titles: Vec<(usize, String)> =
            head.cells.iter().filter_map(|(at, cell)| Some((*at, cell.text().ok()?))).collect();
        let mut twice = Vec::new();
        let mut column = |wanted: &str| {
            let mut found = titles.iter().filter(|(_, title)| plain_head(title) == plain_head(wanted));
            // Every head is there: by that the list was recognised.
            let at = found.next().map_or(usize::MAX, |(at, _)| *at);
            if found.next().is_some() {
                twice.push(format!("the column {wanted:?} stands there more than once"));
            }
            let name = if is_text { wanted.to_owned() } else { format!("{wanted} ({})", column_letters(at)) };
            Column { at, name }
        };
        let names = &list.columns;
        let mut optional = |name: &Option<String>| name.as_deref().map(&mut column);
        let (date, time, satellite) = (optional(&names.date), optional(&names.time), optional(&names.satellite));
        let (confidence, frp_mw) = (optional(&names.confidence), optional(&names.frp_mw));
        let known: Vec<String> = names.heads().map(plain_head).collect();
        let found = Self {
            longitude: column(&names.longitude),
            latitude: column(&names.latitude),
            date,
            time,
            satellite,
            confidence,
            frp_mw,
            places: names.places.iter().map(|name| column(name)).collect(),
            unread: titles
                .iter()
                .map(|(_, title)| title)
                .filter(|title| !known.contains(&plain_head(title)))
                .cloned()
                .collect(),
            header: titles.iter().map(|(_, title)| title.clone()).collect(),
            width: is_text.then_some(head.cells.len()),
        };
        if twice.is_empty() { Ok(found) } else { Err(BodyError::Unclear { problems: twice, codes: Vec::new() }) }
    }

    /// Where each column stands, by the name in messages.
    pub(super) fn places(&self) -> BTreeMap<&str, usize> {
        let single = [&self.date, &self.time, &self.satellite, &self.confidence, &self.frp_mw];
        let needed = [&self.longitude, &self.latitude].into_iter();
        needed
            .chain(single.into_iter().flatten())
            .chain(&self.places)
            .map(|column| (column.name.as_str(), column.at))
            .collect()
    }

    /// Refuses a row of a CSV file that has not as many fields as the heads: then nobody knows which column is which.
    pub(super) fn check_width(&self, row: &RawRow, raw: &str) -> Result<(), RowError> {
        match self.width {
            Some(width)
                if row.cells.iter().skip(width).any(|(_, cell)| !cell.is_blank()) || row.cells.len() < width =>
            {
                Err(whole(raw, &format!("{} fields", row.cells.len()), format!("{width} fields")))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn table<T>(&self, dialect: String, rows: Vec<Row<T>>) -> Table<T> {
        let (header, unknown_columns) = (self.header.clone(), self.unread.clone());
        Table { dialect, header, unknown_columns, missing_columns: Vec::new(), rows }
    }
}

/// Longest row that is kept as published, in characters.
const MAX_RAW_CHARS: usize = 4096;

/// A row as the line that a CSV file would have.
pub(super) fn raw_text(row: &RawRow) -> String {
    let width = row.cells.iter().map(|(at, _)| at + 1).max().unwrap_or_default();
    let mut fields = vec![Cow::Borrowed(""); width];
    for (at, cell) in &row.cells {
        // What cannot be read as text is told where it is needed.
        let text = cell.text().unwrap_or_default();
        if let Some(field) = fields.get_mut(*at) {
            let is_plain = !text.contains([',', '"', '\n', '\r']);
            *field = Cow::Owned(if is_plain { text } else { format!("\"{}\"", text.replace('"', "\"\"")) });
        }
    }
    fields.join(",").chars().take(MAX_RAW_CHARS).collect()
}

#[cfg(test)]
impl Column {
    /// A column for tests of what stands in it.
    pub(super) fn named(name: &str) -> Self {
        Self { at: 0, name: name.to_owned() }
    }
}
