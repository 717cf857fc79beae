//! Holds rows against their digests.

use rusqlite::Connection;

use super::content::{digest_from, kept, scope_of};
use super::{Known, RowDamage, RowFault, known, mac_of, part_of};
use crate::store::Error;
use crate::store::seal::{Seal, SealKey, Sum};

/// Faults that are named; whoever has more than these needs no longer list.
const NAMED: usize = 50;

/// What was held against digests.
#[derive(Debug, Default)]
pub(in crate::store) struct Verified {
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
pub(in crate::store) fn verify(db: &Connection, key: Option<&SealKey>) -> Result<Verified, Error> {
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

/// Holds the scope of every alert against the digest in its row, and looks for rows of no alert.
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
