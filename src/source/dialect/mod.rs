//! What all dialects of fire points have in common: lines, rows, why a row or a body is none, how it is read.
//!
//! Each feed has a dialect of its own and chooses it: [`super::firms`], [`super::himawari`], [`super::lists`]. Of a file
//! that somebody brings [`super::file`] chooses by how it begins. A row whose place, time or satellite is not sure is an
//! error of that row, and any other value that cannot be read is unknown and noted beside its row; a body that is not a
//! whole fire table is an error of the body, never a table without rows.

mod error;
mod foreign;
pub(super) mod lines;
mod reasons;
pub(super) mod row_error;
mod table;
pub(super) mod unknown;

use std::sync::Arc;

use crate::config::ListConfig;

pub use error::BodyError;
pub use foreign::Foreign;
pub use reasons::Reason;
pub use row_error::RowError;
pub use table::{Row, Table};
pub use unknown::UnknownValue;

/// Reads a body of one dialect.
pub(super) type Reader = fn(&[u8], &ReadOptions) -> Result<Table, BodyError>;

/// Who a body comes from, and so how much of its form must be as published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// A feed over the network: a table that lacks a column has changed its form, and anything but CSV is no table.
    Feed,
    /// A file that a person brought, in any form whose meaning is sure: columns that decide neither place, time nor satellite
    /// may be missing, and JSON is read.
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
    /// The name of the file, where there is one: some say in it which satellite it is of.
    pub file_name: Option<String>,
    /// How the lists are written that people bring.
    pub lists: Arc<[ListConfig]>,
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
            file_name: None,
            lists: Arc::default(),
            max_row_bytes: 4 * 1024,
            max_rows: 1_000_000,
        }
    }
}
