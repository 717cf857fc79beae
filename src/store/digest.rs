//! Digests of rows: what damage to stored content is noticed by.
//!
//! `SQLite` checks how pages hang together, not what stands in them: a flipped bit in a verdict passes its check. So
//! every row of a table with a rowid has a digest beside it. The write connection hears from `SQLite` which rows a
//! transaction touched, whatever statement did it, and writes their digests before it commits; no code that changes
//! rows has to think of it. The log has its chain instead ([`super::audit`]). A digest is against damage: whoever
//! changes a row on purpose can change it too. Against him each row also has a keyed digest, its mac, and each table a
//! sum over them, which [`super::seal`] seals. Why: docs/decisions/0033 and 0039.

mod content;
pub(super) mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;

use self::content::{KEPT, digest_from, kept};
use super::Error;
use super::seal::{Distrust, Mac, Seal, SealKey, Sum};
pub(super) use content::{digest_of_scope, note_scope};

/// Rows taken up in one transaction: a few milliseconds.
const BATCH: u32 = 500;

/// How long opening takes up rows that have no digest yet; the service goes on while it runs.
const WHILE_OPENING: Duration = Duration::from_millis(200);

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFault {
    /// Its columns do not give its digest.
    Changed,
    /// It has no digest: firegrid did not write it.
    Added,
    /// Its digest is there, it is not.
    Removed,
    /// Its digest was changed with it: that takes a person.
    Forged,
}

/// A row that is not as firegrid wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error(
    "row {row} of {table} is not as firegrid wrote it ({}): the file was damaged or changed by hand",
    match .fault {
        RowFault::Changed => "changed",
        RowFault::Added => "added",
        RowFault::Removed => "removed",
        RowFault::Forged => "changed or added on purpose, its digest with it",
    }
)]
pub struct RowDamage {
    /// The table.
    pub table: String,
    /// The row's id in it.
    pub row: i64,
    /// What is wrong.
    pub fault: RowFault,
}

type Touched = BTreeSet<(i64, i64)>;

/// The digested tables of a write connection, the rows its transaction has touched, and the seal it began with.
pub(super) struct Digests {
    names: BTreeMap<i64, String>,
    touched: Arc<Mutex<Touched>>,
    key: SealKey,
    begun: Option<Begun>,
}

/// The seal that a transaction began with.
struct Begun {
    seal: Seal,
    /// What does not agree was found just now.
    is_news: bool,
}

/// In place of a table's id: the list of digested tables itself, whose change asks for nothing but a new seal.
const LIST: i64 = 0;

/// On whose word what stands in a database is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// On the word of the seal that stands in it.
    Seal,
    /// A person says that it counts as it is.
    Person,
}

/// A digested table as it is known to the database.
struct Known {
    id: i64,
    name: String,
    schema_version: i64,
    is_complete: bool,
    sum: Sum,
}

impl Digests {
    /// Listens to a write connection from now on; takes up rows without a digest for a moment.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn of(connection: &mut Connection, key: SealKey, trust: Trust) -> Result<Self, Error> {
        if trust == Trust::Person || !is_current(connection)? {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Another process may have done it while this one waited for the lock.
            if trust == Trust::Person || !is_current(&tx)? {
                begin_anew(&tx, &key, trust)?;
            }
            tx.commit()?;
        }
        let started = Instant::now();
        while started.elapsed() < WHILE_OPENING && known(connection)?.iter().any(|table| !table.is_complete) {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let begun = trusted(&tx, &key)?;
            take_up(&tx, &key)?;
            begun.seal.put(&tx, &key)?;
            tx.commit()?;
        }
        let names: BTreeMap<i64, String> = known(connection)?.into_iter().map(|table| (table.id, table.name)).collect();
        let mut ids: BTreeMap<String, i64> = names.iter().map(|(id, name)| (name.clone(), *id)).collect();
        ids.insert("digested_tables".to_owned(), LIST);
        let touched = Arc::new(Mutex::new(Touched::new()));
        let hears = touched.clone();
        connection.update_hook(Some(move |_, database: &str, table: &str, row| {
            if database == "main"
                && let Some(id) = ids.get(table)
            {
                hears.lock().unwrap_or_else(PoisonError::into_inner).insert((*id, row));
            }
        }))?;
        Ok(Self { names, touched, key, begun: None })
    }

    /// Begins a transaction: what the one before it touched and rolled back is forgotten, and the seal is looked at
    /// before anything is changed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn begin(&mut self, tx: &Transaction<'_>) -> Result<(), Error> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.begun = Some(trusted(tx, &self.key)?);
        Ok(())
    }

    /// Writes the digests of the rows that the transaction touched, as they stand now, and seals it.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn write(&mut self, tx: &Transaction<'_>) -> Result<(), Error> {
        let touched = std::mem::take(&mut *self.touched.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(Begun { seal, is_news }) = self.begun.take() else { return Ok(()) };
        if touched.is_empty() && !is_news && !seal.is_behind(tx)? {
            return Ok(());
        }
        let mut sums = Sums { key: &self.key, changed: BTreeMap::new() };
        for (table, rows) in runs(&touched) {
            if let Some(name) = self.names.get(&table) {
                write_run(tx, &mut sums, (table, name), rows)?;
            }
        }
        sums.write(tx)?;
        seal.put(tx, &self.key)
    }
}

/// The touched rows as runs of numbers that follow each other, table by table: what was written together is read together.
fn runs(touched: &Touched) -> Vec<(i64, RangeInclusive<i64>)> {
    let mut runs: Vec<(i64, RangeInclusive<i64>)> = Vec::new();
    for &(table, row) in touched {
        match runs.last_mut() {
            Some((of, run)) if *of == table && run.end().checked_add(1) == Some(row) => *run = *run.start()..=row,
            _ => runs.push((table, row..=row)),
        }
    }
    runs
}

/// Writes the digests of a run of rows, and takes those away of its rows that are gone.
fn write_run(
    tx: &Transaction<'_>,
    sums: &mut Sums<'_>,
    (table, name): (i64, &str),
    run: RangeInclusive<i64>,
) -> Result<(), Error> {
    let mut select =
        tx.prepare_cached(&format!("SELECT rowid, * FROM \"{name}\" WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"))?;
    let mut rows = select.query([run.start(), run.end()])?;
    let mut next = *run.start();
    while let Some(columns) = rows.next()? {
        let row: i64 = columns.get(0)?;
        for gone in next..row {
            remove(tx, sums, (table, gone))?;
        }
        let digest = digest_from(columns, 1)?;
        let mac = mac_of(sums.key, name, row, &digest);
        replace(tx, sums, (table, row), (&digest, &mac))?;
        sums.add(tx, (table, row), &mac)?;
        next = row + 1;
    }
    for gone in next..=*run.end() {
        remove(tx, sums, (table, gone))?;
    }
    Ok(())
}

/// Puts a row's digest in place of the one before, if there is one.
fn replace(
    tx: &Transaction<'_>,
    sums: &mut Sums<'_>,
    (table, row): (i64, i64),
    (digest, mac): (&[u8], &[u8]),
) -> Result<(), Error> {
    let inserted = tx
        .prepare_cached(
            "INSERT INTO row_digests (table_id, row_id, digest, mac) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?
        .execute(params![table, row, kept(digest), mac])?;
    if inserted == 0 {
        let before: Vec<u8> = tx
            .prepare_cached("SELECT mac FROM row_digests WHERE table_id = ?1 AND row_id = ?2")?
            .query_row([table, row], |columns| columns.get(0))?;
        sums.take_away(tx, (table, row), &before)?;
        put(tx, (table, row), digest, mac)?;
    }
    Ok(())
}

fn remove(tx: &Transaction<'_>, sums: &mut Sums<'_>, (table, row): (i64, i64)) -> Result<(), Error> {
    let before: Option<Vec<u8>> = tx
        .prepare_cached("DELETE FROM row_digests WHERE table_id = ?1 AND row_id = ?2 RETURNING mac")?
        .query_row([table, row], |columns| columns.get(0))
        .optional()?;
    match before {
        Some(before) => sums.take_away(tx, (table, row), &before),
        None => Ok(()),
    }
}

/// The seal of a database as it may be taken for true: one that does not agree says so from now on.
fn trusted(tx: &Transaction<'_>, key: &SealKey) -> Result<Begun, Error> {
    let (mut seal, distrust) = match Seal::read(tx)? {
        Some(seal) => {
            let distrust = seal.disagreement(key, tx)?;
            (seal, distrust)
        }
        None => (Seal::first(tx, key)?, Some(Distrust::Removed)),
    };
    let news = distrust.filter(|_| seal.distrust.is_none());
    if let Some(distrust) = news {
        tracing::error!("the database was changed by hand: {}", distrust.words());
        seal.distrust = Some(distrust);
    }
    Ok(Begun { seal, is_news: news.is_some() })
}

/// The sums of the tables that a transaction changes.
struct Sums<'a> {
    key: &'a SealKey,
    changed: BTreeMap<i64, Sum>,
}

impl Sums<'_> {
    fn of(&mut self, tx: &Transaction<'_>, table: i64) -> Result<&mut Sum, Error> {
        use std::collections::btree_map::Entry;
        match self.changed.entry(table) {
            Entry::Occupied(sum) => Ok(sum.into_mut()),
            Entry::Vacant(place) => {
                let sum: Vec<u8> = tx
                    .prepare_cached("SELECT sum FROM digested_tables WHERE id = ?1")?
                    .query_row([table], |row| row.get(0))?;
                Ok(place.insert(Sum::of(&sum)))
            }
        }
    }

    fn add(&mut self, tx: &Transaction<'_>, (table, row): (i64, i64), mac: &[u8]) -> Result<(), Error> {
        let part = part_of(self.key, table, row, mac);
        let sum = self.of(tx, table)?;
        *sum = sum.plus(part);
        Ok(())
    }

    fn take_away(&mut self, tx: &Transaction<'_>, (table, row): (i64, i64), mac: &[u8]) -> Result<(), Error> {
        let part = part_of(self.key, table, row, mac);
        let sum = self.of(tx, table)?;
        *sum = sum.minus(part);
        Ok(())
    }

    fn write(self, tx: &Transaction<'_>) -> Result<(), Error> {
        for (table, sum) in self.changed {
            tx.prepare_cached("UPDATE digested_tables SET sum = ?2 WHERE id = ?1")?
                .execute(params![table, sum.bytes()])?;
        }
        Ok(())
    }
}

/// The keyed digest of a row.
fn mac_of(key: &SealKey, table: &str, row: i64, digest: &[u8]) -> Vec<u8> {
    key.mac("row", &[table.as_bytes(), &row.to_le_bytes(), digest]).iter().take(KEPT).copied().collect()
}

/// What a row adds to the sum of its table: nobody can choose rows that add up without the key.
fn part_of(key: &SealKey, table: i64, row: i64, mac: &[u8]) -> Mac {
    key.mac("part", &[&table.to_le_bytes(), &row.to_le_bytes(), mac])
}

/// Whether every row has its digest.
pub(super) fn are_complete(db: &Connection) -> Result<bool, Error> {
    Ok(known(db)?.iter().all(|table| table.is_complete))
}

/// Whether the tables are those of this migration.
fn is_current(db: &Connection) -> Result<bool, Error> {
    let (version, known) = (schema_version(db)?, known(db)?);
    let names: BTreeSet<&str> = known.iter().map(|table| table.name.as_str()).collect();
    Ok(known.iter().all(|table| table.schema_version == version)
        && names == tables(db)?.iter().map(String::as_str).collect())
}

/// A migration may have changed rows and columns without anybody hearing of it.
fn begin_anew(tx: &Transaction<'_>, key: &SealKey, trust: Trust) -> Result<(), Error> {
    let version = schema_version(tx)?;
    let seal = seal_anew(tx, key, trust, version)?;
    tx.execute("DELETE FROM row_digests", [])?;
    tx.execute("DELETE FROM digested_tables", [])?;
    tx.execute("DELETE FROM seal", [])?;
    for name in tables(tx)? {
        tx.execute(
            "INSERT INTO digested_tables (name, schema_version, is_complete) VALUES (?1, ?2, 0)",
            params![name, version],
        )?;
    }
    seal.put(tx, key)
}

/// The seal under which all rows are taken up once more. Only a migration, a first start and a person's word are
/// reasons for that; any other leaves its mark.
fn seal_anew(tx: &Transaction<'_>, key: &SealKey, trust: Trust, version: i64) -> Result<Seal, Error> {
    let first = Seal::first(tx, key)?;
    let known = known(tx)?;
    let found = Seal::read(tx)?.filter(|_| trust == Trust::Seal);
    let (mut seal, distrust) = match found {
        Some(found) => match found.disagreement(key, tx)? {
            None if known.iter().all(|table| table.schema_version == version) => (found, Some(Distrust::BegunAnew)),
            distrust => (found, distrust),
        },
        // The migration that brought the seal left no digested table.
        None if trust == Trust::Seal && !known.is_empty() => (first, Some(Distrust::Removed)),
        None => (first, None),
    };
    if let Some(distrust) = distrust.filter(|_| seal.distrust.is_none()) {
        tracing::error!(
            "the record is no longer proven: {}; `firegrid audit verify` says more, `firegrid audit accept-restored` \
             accepts it as it is",
            distrust.words()
        );
        seal.distrust = Some(distrust);
    }
    Ok(seal)
}

fn schema_version(db: &Connection) -> Result<i64, Error> {
    Ok(db.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))?)
}

/// Every table with a rowid, but for the log, the list of these tables, the seal, and the number that only says that a page is to
/// be drawn anew, which triggers raise behind every write.
fn tables(db: &Connection) -> Result<Vec<String>, Error> {
    let names = db
        .prepare_cached(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND wr = 0
                 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                 AND name NOT IN ('events', 'digested_tables', 'seal', 'content_version')",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(names)
}

fn known(db: &Connection) -> Result<Vec<Known>, Error> {
    let known = db
        .prepare_cached("SELECT id, name, schema_version, is_complete, sum FROM digested_tables")?
        .query_map([], |row| {
            Ok(Known {
                id: row.get(0)?,
                name: row.get(1)?,
                schema_version: row.get(2)?,
                is_complete: row.get(3)?,
                sum: Sum::of(&row.get::<_, Vec<u8>>(4)?),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(known)
}

/// Takes up a batch of rows; true while there are more.
pub(super) fn take_up(tx: &Transaction<'_>, key: &SealKey) -> Result<bool, Error> {
    let mut sums = Sums { key, changed: BTreeMap::new() };
    let has_more = take_up_into(tx, &mut sums)?;
    sums.write(tx)?;
    Ok(has_more)
}

fn take_up_into(tx: &Transaction<'_>, sums: &mut Sums<'_>) -> Result<bool, Error> {
    let mut room = i64::from(BATCH);
    for table in known(tx)?.into_iter().filter(|table| !table.is_complete) {
        let rows: Vec<(i64, Vec<u8>)> = tx
            .prepare(&format!(
                "SELECT t.rowid, t.* FROM \"{}\" t WHERE NOT EXISTS (
                     SELECT 1 FROM row_digests d WHERE d.table_id = ?1 AND d.row_id = t.rowid) LIMIT ?2",
                table.name
            ))?
            .query_map([table.id, room], |row| Ok((row.get(0)?, digest_from(row, 1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, digest) in &rows {
            let mac = mac_of(sums.key, &table.name, *row, digest);
            put(tx, (table.id, *row), digest, &mac)?;
            sums.add(tx, (table.id, *row), &mac)?;
        }
        room -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
        if room <= 0 {
            return Ok(true);
        }
        tx.execute("UPDATE digested_tables SET is_complete = 1 WHERE id = ?1", [table.id])?;
    }
    Ok(false)
}

fn put(tx: &Transaction<'_>, (table, row): (i64, i64), digest: &[u8], mac: &[u8]) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO row_digests (table_id, row_id, digest, mac) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (table_id, row_id) DO UPDATE SET digest = excluded.digest, mac = excluded.mac",
    )?
    .execute(params![table, row, kept(digest), mac])?;
    Ok(())
}
