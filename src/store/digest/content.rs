//! The digest of what stands in a row, and of the scope of an alert.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Transaction, params};
use sha2::{Digest as _, Sha256};

use crate::store::Error;

/// Bytes of SHA-256 that are kept: chance does not hit 128 bits.
pub(super) const KEPT: usize = 16;

/// Notes what the scope of an alert is, in its row: the scope's own rows have no rowid.
///
/// # Errors
/// [`Error`] of the database.
pub(in crate::store) fn note_scope(tx: &Transaction<'_>, number: &str) -> Result<(), Error> {
    let (digest, _) = scope_of(tx, number)?;
    tx.prepare_cached("UPDATE alerts SET scope_digest = ?2 WHERE number = ?1 AND scope_digest IS DISTINCT FROM ?2")?
        .execute(params![number, digest])?;
    Ok(())
}

/// The digest of the scope of an alert, and how many rows that is.
pub(super) fn scope_of(db: &Connection, number: &str) -> Result<(Vec<u8>, i64), Error> {
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
pub(in crate::store) fn digest_of_scope<'a>(rows: impl Iterator<Item = (&'a str, i64, i64, &'a str)>) -> Vec<u8> {
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
pub(super) fn digest_from(row: &Row<'_>, first: usize) -> rusqlite::Result<Vec<u8>> {
    let mut hash = Sha256::new();
    absorb(&mut hash, row, first)?;
    Ok(hash.finalize().to_vec())
}

/// What is kept of a digest: against chance that is enough, and the mac is made from all of it.
pub(super) fn kept(digest: &[u8]) -> &[u8] {
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
