//! Digests of rows: what damage to stored content is noticed by.
//!
//! `SQLite` checks how pages hang together, not what stands in them: a flipped bit in a verdict passes its check. So
//! every row of a table with a rowid has a digest beside it. The write connection hears from `SQLite` which rows a
//! transaction touched, whatever statement did it, and writes their digests before it commits; no code that changes
//! rows has to think of it. The log has its chain instead ([`super::audit`]). A digest is against damage: whoever
//! changes a row on purpose can change it too. Against him each row also has a keyed digest, its mac, and each table a
//! sum over them, which [`super::seal`] seals. Why: docs/decisions/0033 and 0039.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::seal::{Distrust, Mac, Seal, SealKey, Sum};
use super::{Error, Store};

/// Bytes of SHA-256 that are kept: chance does not hit 128 bits.
const KEPT: usize = 16;

/// Rows taken up in one transaction: a few milliseconds.
const BATCH: u32 = 500;

/// How long opening takes up rows that have no digest yet; the service goes on while it runs.
const WHILE_OPENING: Duration = Duration::from_millis(200);

/// Faults that are named; whoever has more than these needs no longer list.
const NAMED: usize = 50;

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

impl Store {
    /// Takes up some rows that have no digest yet, from before there were any; true while there are more.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn take_up_digests(&self) -> Result<bool, Error> {
        if self.read(|db| Ok(known(db)?.iter().all(|table| table.is_complete))).await? {
            return Ok(false);
        }
        let key = self.seal_key().clone();
        self.write(move |tx| take_up(tx, &key)).await
    }
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
fn take_up(tx: &Transaction<'_>, key: &SealKey) -> Result<bool, Error> {
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

/// Notes what the scope of a case is, in its row: the scope's own rows have no rowid.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn note_scope(tx: &Transaction<'_>, number: &str) -> Result<(), Error> {
    let (digest, _) = scope_of(tx, number)?;
    tx.prepare_cached("UPDATE alerts SET scope_digest = ?2 WHERE number = ?1 AND scope_digest IS DISTINCT FROM ?2")?
        .execute(params![number, digest])?;
    Ok(())
}

/// The digest of the scope of a case, and how many rows that is.
fn scope_of(db: &Connection, number: &str) -> Result<(Vec<u8>, i64), Error> {
    let mut hash = Sha256::new();
    let mut count = 0;
    let mut select = db.prepare_cached(
        "SELECT unit_code, is_open, first_seen_at, relation FROM alert_scope WHERE number = ?1 ORDER BY unit_code",
    )?;
    let mut rows = select.query([number])?;
    while let Some(row) = rows.next()? {
        absorb(&mut hash, row, 0)?;
        count += 1;
    }
    Ok((kept(&hash.finalize()).to_vec(), count))
}

/// The same of rows that are only being written: unit, whether it is open, when it was first seen, relation; by unit.
pub(super) fn digest_of_scope<'a>(rows: impl Iterator<Item = (&'a str, i64, i64, &'a str)>) -> Vec<u8> {
    let mut hash = Sha256::new();
    for (unit, is_open, first_seen_at, relation) in rows {
        absorb_value(&mut hash, ValueRef::Text(unit.as_bytes()));
        absorb_value(&mut hash, ValueRef::Integer(is_open));
        absorb_value(&mut hash, ValueRef::Integer(first_seen_at));
        absorb_value(&mut hash, ValueRef::Text(relation.as_bytes()));
    }
    kept(&hash.finalize()).to_vec()
}

/// The digest of a row's columns from one of them on.
fn digest_from(row: &Row<'_>, first: usize) -> rusqlite::Result<Vec<u8>> {
    let mut hash = Sha256::new();
    absorb(&mut hash, row, first)?;
    Ok(hash.finalize().to_vec())
}

/// What is kept of a digest: against chance that is enough, and the mac is made from all of it.
fn kept(digest: &[u8]) -> &[u8] {
    digest.get(..KEPT).unwrap_or(digest)
}

/// Takes in a row's columns from one of them on.
fn absorb(hash: &mut Sha256, row: &Row<'_>, first: usize) -> rusqlite::Result<()> {
    for column in first..row.as_ref().column_count() {
        absorb_value(hash, row.get_ref(column)?);
    }
    Ok(())
}

/// Takes in a value with its kind and its length, so that nothing moves between columns.
fn absorb_value(hash: &mut Sha256, value: ValueRef<'_>) {
    let number;
    let (kind, bytes): (u8, &[u8]) = match value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(whole) => {
            number = whole.to_le_bytes();
            (1, &number)
        }
        ValueRef::Real(real) => {
            number = real.to_bits().to_le_bytes();
            (2, &number)
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(bytes) => (4, bytes),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

/// What was held against digests.
#[derive(Debug, Default)]
pub(super) struct Verified {
    /// Rows that were looked at.
    pub rows: i64,
    /// Those that are not as they were written; the first of them.
    pub damage: Vec<RowDamage>,
    /// Tables of which every row is as it was written once, and that are not as they were sealed: rows were removed or
    /// put back to what they were.
    pub tables: Vec<String>,
}

/// Holds every row against its digest, and with a key against its mac, and every table against its sum.
///
/// # Errors
/// [`Error`] of the database, which a damaged one may be.
pub(super) fn verify(db: &Connection, key: Option<&SealKey>) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    // What another key made says nothing to this one; what chance did to rows shows all the same.
    let seal = Seal::read(db)?;
    let key = key.filter(|key| seal.is_some_and(|seal| seal.covers_rows(key)));
    for table in known(db)? {
        let before = verified.damage.len();
        let sum = compare_rows(db, &table, key, &mut verified)?;
        find_removed(db, &table, &mut verified)?;
        if key.is_some() && sum != table.sum && verified.damage.len() == before {
            verified.tables.push(table.name);
        }
    }
    compare_scopes(db, &mut verified)?;
    verified.damage.truncate(NAMED);
    Ok(verified)
}

/// Returns the sum over the rows that are there.
fn compare_rows(db: &Connection, table: &Known, key: Option<&SealKey>, verified: &mut Verified) -> Result<Sum, Error> {
    let mut sum = Sum::default();
    let mut select = db.prepare(&format!(
        "SELECT t.rowid, d.digest, d.mac, t.* FROM \"{}\" t
         LEFT JOIN row_digests d ON d.table_id = ?1 AND d.row_id = t.rowid",
        table.name
    ))?;
    let mut rows = select.query([table.id])?;
    while let Some(row) = rows.next()? {
        verified.rows += 1;
        let (id, digest, mac): (i64, Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let found = digest_from(row, 3)?;
        if let (Some(key), Some(mac)) = (key, &mac) {
            sum = sum.plus(part_of(key, table.id, id, mac));
        }
        let is_forged = |key: &SealKey| mac.as_ref() != Some(&mac_of(key, &table.name, id, &found));
        let fault = match digest {
            None if table.is_complete => RowFault::Added,
            Some(digest) if digest != kept(&found) => RowFault::Changed,
            Some(_) if key.is_some_and(is_forged) => RowFault::Forged,
            _ => continue,
        };
        verified.damage.push(RowDamage { table: table.name.clone(), row: id, fault });
    }
    Ok(sum)
}

fn find_removed(db: &Connection, table: &Known, verified: &mut Verified) -> Result<(), Error> {
    let mut select = db.prepare(&format!(
        "SELECT d.row_id FROM row_digests d WHERE d.table_id = ?1
             AND NOT EXISTS (SELECT 1 FROM \"{}\" t WHERE t.rowid = d.row_id)",
        table.name
    ))?;
    let removed = select.query_map([table.id], |row| row.get(0))?;
    for row in removed {
        verified.damage.push(RowDamage { table: table.name.clone(), row: row?, fault: RowFault::Removed });
    }
    Ok(())
}

/// Holds the scope of every case against the digest in its row, and looks for rows of no case.
fn compare_scopes(db: &Connection, verified: &mut Verified) -> Result<(), Error> {
    let damaged = |row, fault| RowDamage { table: "alert_scope".to_owned(), row, fault };
    let mut select = db.prepare("SELECT rowid, number, scope_digest FROM alerts")?;
    let mut rows = select.query([])?;
    let mut known = 0;
    while let Some(row) = rows.next()? {
        let (id, number, digest): (i64, String, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (found, count) = scope_of(db, &number)?;
        known += count;
        if digest.is_some_and(|digest| digest != found) {
            verified.damage.push(damaged(id, RowFault::Changed));
        }
    }
    let all: i64 = db.query_row("SELECT count(*) FROM alert_scope", [], |row| row.get(0))?;
    if all != known {
        verified.damage.push(damaged(0, RowFault::Added));
    }
    verified.rows += all;
    Ok(())
}
