//! What reading a body gives: a table of rows, each an observation or the reason why it is none.
//!
//! Made by the readers of each dialect, sorted by [`crate::watch::screen`].

use std::sync::Arc;

use crate::domain::observation::Observation;
use crate::source::outcome::RowCounts;

use super::{RowError, UnknownValue};

/// A table that was read to its end: of observations, or of official points.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<T = Observation> {
    /// Sensor and form in words, for example `VIIRS rolling` or `MODIS archive`.
    pub dialect: String,
    /// Column names as published.
    pub header: Vec<String>,
    /// Those of them that firegrid does not know.
    pub unknown_columns: Vec<String>,
    /// FIRMS columns that the table lacks, all of whose values are unknown; only in files that people bring.
    pub missing_columns: Vec<&'static str>,
    /// The rows in file order.
    pub rows: Vec<Row<T>>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<T = Observation> {
    /// Line in the file or row of the sheet, from 1; the header is one too. In GeoJSON the number of the feature, from 1.
    pub line: u64,
    /// What it says, or why it says nothing.
    pub result: Result<T, RowError>,
    /// Its values that decide neither place, time nor satellite and cannot be read.
    pub unknown: Vec<UnknownValue>,
    /// The file of an archive, or the sheet of a workbook, in which it stands.
    pub member: Option<Arc<str>>,
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

impl<T> Row<T> {
    /// The row that was read in a line: what it says with its unknown values, or why it says nothing.
    pub(in crate::source) fn of(line: u64, read: Result<(T, Vec<UnknownValue>), RowError>) -> Self {
        let (result, unknown) = match read {
            Ok((said, unknown)) => (Ok(said), unknown),
            Err(error) => (Err(error), Vec::new()),
        };
        Self { line, result, unknown, member: None }
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
}

impl<T> Table<T> {
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
    pub(in crate::source) fn of_member(mut self, name: &str) -> Self {
        let name: Arc<str> = name.into();
        for row in &mut self.rows {
            row.member = Some(name.clone());
        }
        self
    }

    /// This table with the rows of another behind its own.
    #[must_use]
    pub(in crate::source) fn with(mut self, other: Self) -> Self {
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
