//! The tables of this version: made by migrations, and what a database is held against.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;

use super::{Error, events};

mod embedded {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    refinery::embed_migrations!("migrations/sqlite");
}

/// Every table, index and trigger of this version as `SQLite` keeps its text.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn expected_schema() -> Result<BTreeSet<String>, Error> {
    let mut nothing = Connection::open_in_memory()?;
    migrate(&mut nothing, Path::new(":memory:"))?;
    events::adopt_first_log(&mut nothing)?;
    schema_of(&nothing)
}

/// Every table, index and trigger of a database as `SQLite` keeps its text.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn schema_of(connection: &Connection) -> Result<BTreeSet<String>, Error> {
    let texts = connection
        .prepare("SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(texts)
}

/// Brings the tables to this version.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    // Grouped: tables and the note that they were made are one transaction, so that a kill
    // leaves both or neither. Another process may be doing the same right now; then the
    // second look finds its work done.
    let migrate = |connection: &mut Connection| embedded::migrations::runner().set_grouped(true).run(connection);
    migrate(connection).or_else(|_first| migrate(connection)).map(|_report| ()).map_err(|error| {
        let (path, source) = (path.to_owned(), Box::new(error));
        match source.kind() {
            refinery::error::Kind::MissingVersion(_) | refinery::error::Kind::DivergentVersion(..) => {
                Error::NewerTables { path, source }
            }
            _ => Error::Migration { path, source },
        }
    })
}
