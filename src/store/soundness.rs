//! Whether the file is whole: looked at when a log was left behind, at every start of the service, once a day, and
//! when a statement meets damage.
//!
//! The look at the start is bounded in time ([`look_quickly`]); the daily one ([`super::Store::check`]) takes as long as it
//! takes, on a connection of its own, and also holds every row against its digest and walks the log. A damaged file
//! is never written over or mended: what is in it may be all there is.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::Notify;

use super::error::is_damage;
use super::seal::SealKey;
use super::{Error, audit, digest, schema};

/// Longest look at the start, of the two seconds that a start may take: some 200 MB of a file that is in the system's
/// memory. What is larger is looked at whole a moment later, by the daily look.
const QUICK: Duration = Duration::from_millis(700);

/// Steps of `SQLite` between two looks at the clock: a fraction of a millisecond.
const STEPS: i32 = 1_000;

/// What is known of damage.
#[derive(Debug, Default)]
pub struct Soundness {
    damage: Mutex<Option<String>>,
    heard: Notify,
}

impl Soundness {
    /// The first thing that was found wrong; `None` while nothing was.
    #[must_use]
    pub fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until a statement meets damage.
    pub async fn heard_of_damage(&self) {
        self.heard.notified().await;
    }

    /// Notes an error that is damage; any other is none.
    pub(super) fn hear(&self, error: &(dyn std::error::Error + 'static)) {
        let mut causes = std::iter::successors(Some(error), |error| error.source());
        let damage = causes.find_map(|cause| {
            let of_sqlite = cause.downcast_ref::<rusqlite::Error>().filter(|error| is_damage(error));
            of_sqlite.map(ToString::to_string)
        });
        if let Some(damage) = damage {
            self.note(damage);
            self.heard.notify_one();
        }
    }

    pub(super) fn note(&self, finding: String) {
        let mut damage = self.damage.lock().unwrap_or_else(PoisonError::into_inner);
        if damage.is_none() {
            tracing::error!("the database is damaged: {finding}");
            *damage = Some(finding);
        }
    }
}

/// Everything wrong with a database, in words; with the key that it is sealed with also what a person made right by
/// what stands in it.
///
/// # Errors
/// [`Error`] of the database that says nothing of damage: it is locked, or the read was interrupted.
pub(super) fn findings(db: &Connection, key: Option<&SealKey>) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let pages = || -> Result<Vec<String>, Error> {
        let mut check = db.prepare("PRAGMA integrity_check(20)")?;
        Ok(check.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    };
    let pages = found_or(pages(), &mut found)?;
    found.extend(pages.into_iter().filter(|line| line != "ok"));
    let (expected, schema) = (schema::expected_schema()?, found_or(schema::schema_of(db), &mut found)?);
    let name = |text: &String| text.split(':').next().unwrap_or_default().to_owned();
    let differing: BTreeSet<String> = schema.symmetric_difference(&expected).map(name).collect();
    found.extend(differing.iter().map(|name| format!("the definition of {name} is not that of this version")));
    content_findings(db, key, &mut found)?;
    Ok(found)
}

/// What is wrong with the log and with rows.
fn content_findings(db: &Connection, key: Option<&SealKey>, found: &mut Vec<String>) -> Result<(), Error> {
    let log = found_or(audit::faults_of_log(db), found)?;
    found.extend(log.iter().map(ToString::to_string));
    let rows = found_or(digest::verify::verify(db, key), found)?;
    found.extend(rows.damage.iter().map(ToString::to_string));
    found.extend(rows.tables.into_iter().map(|table| audit::AuditFault::TableDiffers { table }.to_string()));
    Ok(())
}

/// What a step of looking brought. Where what is stored cannot even be read, that is a finding.
fn found_or<T: Default>(step: Result<T, Error>, found: &mut Vec<String>) -> Result<T, Error> {
    let is_of_the_moment = |error: &rusqlite::Error| {
        matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::OperationInterrupted
                    | ErrorCode::OutOfMemory
                    | ErrorCode::CannotOpen
                    | ErrorCode::DiskFull
            )
        )
    };
    match step {
        Ok(brought) => Ok(brought),
        Err(Error::Sql(error)) if !is_of_the_moment(&error) => {
            found.push(error.to_string());
            Ok(T::default())
        }
        Err(Error::Unreadable { what, problem }) => {
            found.push(format!("the stored {what} cannot be read: {problem}"));
            Ok(T::default())
        }
        Err(error) => Err(error),
    }
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// How the pages hang together.
    Pages,
    /// Also the log and every row against its digest.
    Everything,
}

/// Looks at the file for a moment ([`QUICK`]); what it did not get to is left to the daily look.
///
/// # Errors
/// [`Error::Damaged`] with the first finding, [`Error`] of the database.
pub(super) fn look_quickly(db: &Connection, path: &Path, depth: Depth) -> Result<(), Error> {
    let started = Instant::now();
    db.progress_handler(STEPS, Some(move || started.elapsed() > QUICK))?;
    let found = first_finding(db, depth);
    db.progress_handler(0, None::<fn() -> bool>)?;
    match found {
        Ok(None) => Ok(()),
        Ok(Some(finding)) => Err(Error::Damaged { path: path.to_owned(), finding }),
        Err(Error::Sql(error)) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            tracing::info!("the database is too large to be looked over before it is used; that is done meanwhile");
            Ok(())
        }
        Err(error) => Err(error.naming(path)),
    }
}

fn first_finding(db: &Connection, depth: Depth) -> Result<Option<String>, Error> {
    let pages: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if pages != "ok" {
        return Ok(Some(pages));
    }
    // A database of an earlier version has no digests, or others.
    if depth == Depth::Pages || !db.table_exists(None, "seal")? {
        return Ok(None);
    }
    let mut found = Vec::new();
    content_findings(db, None, &mut found)?;
    Ok(found.into_iter().next())
}
