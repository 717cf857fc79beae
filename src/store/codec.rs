//! Domain types to columns and back.

use std::cell::Cell;

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::position::Position;
use crate::domain::time::Timestamp;

/// An instant as epoch milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Millis(pub Timestamp);

impl ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_millisecond().into())
    }
}

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let millis = value.as_i64()?;
        Timestamp::from_millisecond(millis).map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// A domain type as JSON text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text =
            serde_json::to_string(&self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(text.into())
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// A word of one of the domain's enums, read with its `from_name`.
pub(super) fn word<T>(text: &str, what: &'static str, from_name: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    from_name(text).ok_or_else(|| {
        let problem = super::Error::unreadable(what, format!("unknown word {text:?}"));
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(problem))
    })
}

/// A stored place: longitude in one column, latitude in the next.
pub(super) fn position(row: &Row<'_>, lon: usize) -> rusqlite::Result<Position> {
    Position::from_lon_lat(row.get(lon)?, row.get(lon + 1)?)
        .map_err(|problem| rusqlite::Error::FromSqlConversionFailure(lon, Type::Real, Box::new(problem)))
}

/// The columns of a row, taken from left to right.
///
/// By name each would be looked for among all names, in every row: for the fifty of an alert that took longer than reading
/// them. The names are checked where debug assertions are on, so a column out of its order fails every test.
pub(super) struct Columns<'r, 'stmt> {
    row: &'r Row<'stmt>,
    next: Cell<usize>,
}

impl<'r, 'stmt> Columns<'r, 'stmt> {
    /// The columns of a row from its first.
    pub fn of(row: &'r Row<'stmt>) -> Self {
        Self { row, next: Cell::new(0) }
    }

    /// The next column, which has this name.
    pub fn take<T: FromSql>(&self, name: &str) -> rusqlite::Result<T> {
        let at = self.next.replace(self.next.get() + 1);
        debug_assert_eq!(
            self.row.as_ref().column_name(at),
            Ok(name),
            "columns are taken in the order of the statement"
        );
        self.row.get(at)
    }

    /// The same as a word of one of the domain's enums.
    pub fn word<T>(
        &self,
        name: &str,
        what: &'static str,
        from_name: impl Fn(&str) -> Option<T>,
    ) -> rusqlite::Result<T> {
        word(&self.take::<String>(name)?, what, from_name)
    }

    /// The same where there may be none.
    pub fn optional_word<T>(
        &self,
        name: &str,
        what: &'static str,
        from_name: impl Fn(&str) -> Option<T>,
    ) -> rusqlite::Result<Option<T>> {
        self.take::<Option<String>>(name)?.map(|text| word(&text, what, &from_name)).transpose()
    }
}

/// A word that may be absent.
pub(super) fn optional_word<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    what: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    row.get::<_, Option<String>>(column)?.map(|text| word(&text, what, &from_name)).transpose()
}
