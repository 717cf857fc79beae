//! Which units a case concerns, kept as rows so that a unit's list is one walk along an index.
//!
//! `own`: the units above the case's place and its owner; `candidate`: units that may hold the
//! fire or that it reaches, and those above them; `proposed`: the unit named in a dispute and those
//! above it. Where a unit is several of these, the first counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};

use super::super::{Store, digest};
use super::{Error, Standing};
use crate::domain::alert::AlertNumber;
use crate::domain::ground::Ground;
use crate::domain::unit::UnitCode;

/// Writes a case's scope anew; called after anything that moves it, opens or ends it.
pub(in crate::store) fn refresh(tx: &Transaction<'_>, ground: &Ground, case: &Standing) -> Result<(), Error> {
    let number = &case.view.number;
    let before: Vec<String> = tx
        .prepare_cached("DELETE FROM alert_scope WHERE number = ?1 RETURNING unit_code")?
        .query_map([&number.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if case.merged_into.is_some() || case.is_superseded {
        digest::note_scope(tx, &number.0)?;
        // What it said is said by others; it is found by its number alone.
        return note_left(tx, number, before.iter().map(String::as_str));
    }
    let is_open = !case.view.state.is_over();
    let mut insert = tx.prepare_cached(
        "INSERT INTO alert_scope (unit_code, is_open, first_seen_at, number, relation)
         SELECT ?2, ?3, first_seen_at, number, ?4 FROM alerts WHERE number = ?1",
    )?;
    let units = units_of(ground, case);
    for (unit, relation) in &units {
        insert.execute(params![number.0, unit.0, is_open, relation])?;
    }
    digest::note_scope(tx, &number.0)?;
    let gone = before.into_iter().map(UnitCode).filter(|unit| !units.contains_key(unit));
    note_left(tx, number, gone.collect::<Vec<_>>().iter().map(|unit| unit.0.as_str()))
}

/// Notes which units a case left, for those who follow events there.
fn note_left<'a>(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    units: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO left_scope (unit_code, number, after_seq)
         SELECT ?1, ?2, coalesce(max(seq), 0) FROM events",
    )?;
    for unit in units {
        insert.execute(params![unit, number.0])?;
    }
    Ok(())
}

/// The units a case concerns, each with its strongest relation.
fn units_of(ground: &Ground, case: &Standing) -> BTreeMap<UnitCode, &'static str> {
    let view = &case.view;
    let mut units = BTreeMap::new();
    let mut add = |from: &UnitCode, relation: &'static str| {
        // A unit that a later region version no longer has still has its case.
        units.entry(from.clone()).or_insert(relation);
        for unit in ground.line_of(from) {
            units.entry(unit.code.clone()).or_insert(relation);
        }
    };
    for own in [&view.responsible, &view.owner] {
        add(own, "own");
    }
    // Its place is its own too while it answers for it; after a reassignment it is a neighbour's.
    let is_here = ground.line_of(&view.unit).iter().any(|unit| unit.code == view.responsible);
    add(&view.unit, if is_here { "own" } else { "candidate" });
    for other in &view.others {
        add(other, "candidate");
    }
    if let Some(proposed) = &view.proposed {
        add(proposed, "proposed");
    }
    units
}

/// Reads a case and writes its scope anew.
pub(in crate::store) fn refresh_by_number(
    tx: &Transaction<'_>,
    ground: &Ground,
    number: &AlertNumber,
) -> Result<(), Error> {
    match super::standing(tx, number)? {
        Some(case) => refresh(tx, ground, &case),
        None => Ok(()),
    }
}

/// Cases whose scope is written in one transaction when the tree of units changed: small enough that
/// polls and people wait a blink at most.
const BATCH: u32 = 500;

impl Store {
    /// Writes the scope of every case anew when the units are not those it was written for: another
    /// region version, or a database from before there were scopes. Otherwise one cheap look.
    ///
    /// # Errors
    /// [`Error`] of the database; what was done stays done, and the next call goes on from the beginning.
    pub async fn refresh_scopes(&self, ground: Arc<Ground>) -> Result<u64, Error> {
        let version = ground.version().0.clone();
        let written: Option<String> = self
            .read(|db| {
                Ok(db.query_row("SELECT region_version FROM alert_scope_state", [], |row| row.get(0)).optional()?)
            })
            .await?;
        if written.as_ref() == Some(&version) {
            return Ok(0);
        }
        let (mut after, mut count) = (String::new(), 0);
        loop {
            let (ground, from) = (ground.clone(), after.clone());
            let numbers: Vec<AlertNumber> = self.write(move |tx| refresh_batch(tx, &ground, &from)).await?;
            count += numbers.len() as u64;
            match numbers.into_iter().next_back() {
                Some(last) => after = last.0,
                None => break,
            }
        }
        self.write(move |tx| {
            tx.execute(
                "INSERT INTO alert_scope_state (id, region_version) VALUES (1, ?1)
                 ON CONFLICT DO UPDATE SET region_version = excluded.region_version",
                [version],
            )?;
            Ok(count)
        })
        .await
    }
}

fn refresh_batch(tx: &Transaction<'_>, ground: &Ground, after: &str) -> Result<Vec<AlertNumber>, Error> {
    let numbers: Vec<AlertNumber> = tx
        .prepare_cached("SELECT number FROM alerts WHERE number > ?1 ORDER BY number LIMIT ?2")?
        .query_map(params![after, BATCH], |row| Ok(AlertNumber(row.get(0)?)))?
        .collect::<Result<_, _>>()?;
    for number in &numbers {
        refresh_by_number(tx, ground, number)?;
    }
    Ok(numbers)
}
