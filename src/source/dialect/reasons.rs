//! Counts why rows were refused and which values are unknown, for people: one line a reason, not one a row.

use std::borrow::Cow;

use super::Table;

/// What several rows have in common.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    /// The column, or `row` when rows as a whole are at fault.
    pub column: Cow<'static, str>,
    /// Rows.
    pub rows: u64,
    /// The first of them.
    pub first_line: u64,
    /// What is wrong with that one.
    pub first: String,
}

impl<T> Table<T> {
    /// Why rows were rejected, in the order of the first row of each reason.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for row in &self.rows {
            if let Err(error) = &row.result {
                count(&mut reasons, &error.column, row.line, || row.named(&error.to_string()));
            }
        }
        reasons
    }

    /// Which values of the rows that were kept are unknown, likewise.
    #[must_use]
    pub fn unknown_values(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for row in &self.rows {
            for value in &row.unknown {
                count(&mut reasons, &value.column, row.line, || row.named(&value.to_string()));
            }
        }
        reasons
    }
}

fn count(reasons: &mut Vec<Reason>, column: &str, line: u64, first: impl Fn() -> String) {
    match reasons.iter_mut().find(|reason| reason.column == column) {
        Some(reason) => reason.rows += 1,
        None => reasons.push(Reason { column: column.to_owned().into(), rows: 1, first_line: line, first: first() }),
    }
}
