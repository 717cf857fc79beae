//! Which units an alert concerns, kept as rows so that a unit's list is one walk along an index.
//!
//! Which they are is the domain's to say ([`units_of`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::super::Error;
use super::super::{Store, digest};
use super::standing::{Standing, standing, standing_row};
use crate::domain::alert::AlertNumber;
use crate::domain::alert::{Concern, units_of};
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// Writes an alert's scope anew; called after anything that moves it, opens or ends it.
pub(in crate::store) fn refresh(tx: &Transaction<'_>, ground: &Ground, alert: &Standing) -> Result<(), Error> {
    let number = &alert.view.number;
    note_behind(tx, ground, number)?;
    let before: Vec<String> = tx
        .prepare_cached("DELETE FROM alert_scope WHERE number = ?1 RETURNING unit_code")?
        .query_map([&number.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let is_open = !alert.view.state.is_over();
    let mut insert = tx.prepare_cached(
        "INSERT INTO alert_scope (unit_code, is_open, first_seen_at, number, relation)
         SELECT ?2, ?3, first_seen_at, number, ?4 FROM alerts WHERE number = ?1",
    )?;
    let units = units(ground, alert);
    for (unit, concern) in &units {
        insert.execute(params![number.0, unit.0, is_open, concern.name()])?;
    }
    digest::note_scope(tx, &number.0)?;
    let gone = before.into_iter().map(UnitCode).filter(|unit| !units.contains_key(unit));
    note_left(tx, number, gone.collect::<Vec<_>>().iter().map(|unit| unit.0.as_str()))
}

/// The scope of an alert that is only being made: nothing of it stands yet.
pub(in crate::store) struct NewScope {
    units: BTreeMap<UnitCode, Concern>,
    first_seen_at: i64,
}

/// The scope of a new alert, which is open.
pub(in crate::store) fn of_new(ground: &Ground, alert: &Standing, first_seen_at: Timestamp) -> NewScope {
    NewScope { units: units(ground, alert), first_seen_at: first_seen_at.as_millisecond() }
}

impl NewScope {
    /// What its rows are noted as in the alert's own.
    pub(in crate::store) fn digest(&self) -> Vec<u8> {
        let rows = self.units.iter().map(|(unit, relation)| (unit.0.as_str(), 1, self.first_seen_at, relation.name()));
        digest::digest_of_scope(rows)
    }

    /// Writes it, once the alert stands.
    pub(in crate::store) fn write(
        &self,
        tx: &Transaction<'_>,
        ground: &Ground,
        number: &AlertNumber,
    ) -> Result<(), Error> {
        note_behind(tx, ground, number)?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO alert_scope (unit_code, is_open, first_seen_at, number, relation) VALUES (?1, 1, ?2, ?3, ?4)",
        )?;
        for (unit, relation) in &self.units {
            insert.execute(params![unit.0, self.first_seen_at, number.0, relation.name()])?;
        }
        Ok(())
    }
}

/// The units of an alert. What one that was set aside said is said by others; it is found by its number alone.
fn units(ground: &Ground, alert: &Standing) -> BTreeMap<UnitCode, Concern> {
    if alert.is_superseded { BTreeMap::new() } else { units_of(ground, &alert.view) }
}

/// Somebody who took a new region version up later, or earlier, than the scopes did: the alert is looked at once more.
fn note_behind(tx: &Transaction<'_>, ground: &Ground, number: &AlertNumber) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO alert_scope_behind (number)
         SELECT ?1 WHERE coalesce((SELECT unit_tree FROM alert_scope_progress WHERE id = 1),
                                  (SELECT unit_tree FROM alert_scope_state WHERE id = 1)) <> ?2
         ON CONFLICT DO NOTHING",
    )?
    .execute(params![number.0, ground.unit_tree()])?;
    Ok(())
}

/// Notes which units an alert left, for those who follow events there.
fn note_left<'a>(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    units: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO left_scope (unit_code, number, after_seq)
         SELECT ?1, ?2, coalesce(max(seq), 0) FROM events WHERE true
         ON CONFLICT (unit_code, number) DO UPDATE SET after_seq = excluded.after_seq",
    )?;
    for unit in units {
        insert.execute(params![unit, number.0])?;
    }
    Ok(())
}

/// Reads an alert and writes its scope anew.
pub(in crate::store) fn refresh_by_number(
    tx: &Transaction<'_>,
    ground: &Ground,
    number: &AlertNumber,
) -> Result<(), Error> {
    match standing(tx, number)? {
        Some(alert) => refresh(tx, ground, &alert),
        None => Ok(()),
    }
}

/// Alerts looked at in one read: some twenty milliseconds of a reader.
const LOOKED_AT: u32 = 500;

/// What the scopes of all alerts are written for.
struct Written {
    tree: Option<String>,
    /// The tree that they are being written for, and the last alert that was looked at.
    under_way: Option<(String, String)>,
    /// Alerts that were acted on by another tree meanwhile.
    behind: Vec<AlertNumber>,
}

impl Store {
    /// Writes the scope of every alert anew that is not what a tree of units makes it: after a change of the region's
    /// units, and in a database from before there were scopes. Otherwise one cheap look.
    ///
    /// Others are let in all the time, and lists are by the old tree until an alert is reached. Returns how many alerts
    /// were looked at.
    ///
    /// # Errors
    /// [`Error`] of the database; what was done stays done, and the next call goes on from there.
    pub async fn refresh_scopes(&self, ground: Arc<Ground>) -> Result<u64, Error> {
        let Written { tree, under_way, behind } = self.read(written).await?;
        let mut count = behind.len() as u64;
        if tree.as_deref() != Some(ground.unit_tree()) {
            let done_to = under_way.filter(|(tree, _)| tree == ground.unit_tree()).map(|(_, done_to)| done_to);
            count += self.refresh_all(&ground, done_to.unwrap_or_default()).await?;
        }
        let work = move |tx: &Transaction<'_>, number: &AlertNumber| {
            // First: whoever acts by yet another tree puts it back.
            tx.execute("DELETE FROM alert_scope_behind WHERE number = ?1", [&number.0])?;
            refresh_by_number(tx, &ground, number)
        };
        self.write_in_portions(behind, work).await?;
        Ok(count)
    }

    async fn refresh_all(&self, ground: &Arc<Ground>, mut done_to: String) -> Result<u64, Error> {
        let mut count = 0;
        self.note_progress(ground, done_to.clone()).await?;
        loop {
            let (tree, after) = (ground.clone(), done_to.clone());
            let (looked_at, differing) = self.read(move |db| look(db, &tree, &after)).await?;
            let Some(last) = looked_at.last() else { break };
            (count, done_to) = (count + looked_at.len() as u64, last.0.clone());
            let tree = ground.clone();
            self.write_in_portions(differing, move |tx, number| refresh_by_number(tx, &tree, number)).await?;
            self.note_progress(ground, done_to.clone()).await?;
        }
        let tree = ground.unit_tree().to_owned();
        self.write(move |tx| {
            tx.execute(
                "INSERT INTO alert_scope_state (id, unit_tree) VALUES (1, ?1)
                 ON CONFLICT DO UPDATE SET unit_tree = excluded.unit_tree",
                [tree],
            )?;
            tx.execute("DELETE FROM alert_scope_progress WHERE id = 1", [])?;
            Ok(count)
        })
        .await
    }

    async fn note_progress(&self, ground: &Ground, done_to: String) -> Result<(), Error> {
        let tree = ground.unit_tree().to_owned();
        self.write(move |tx| {
            tx.prepare_cached(
                "INSERT INTO alert_scope_progress (id, unit_tree, done_to) VALUES (1, ?1, ?2)
                 ON CONFLICT DO UPDATE SET unit_tree = excluded.unit_tree, done_to = excluded.done_to",
            )?
            .execute([tree, done_to])?;
            Ok(())
        })
        .await
    }
}

fn written(db: &Connection) -> Result<Written, Error> {
    let one = |sql: &str| db.query_row(sql, [], |row| row.get(0)).optional();
    let under_way = db
        .query_row("SELECT unit_tree, done_to FROM alert_scope_progress", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let behind = db
        .prepare_cached("SELECT number FROM alert_scope_behind")?
        .query_map([], |row| Ok(AlertNumber(row.get(0)?)))?
        .collect::<Result<_, _>>()?;
    Ok(Written { tree: one("SELECT unit_tree FROM alert_scope_state")?, under_way, behind })
}

/// The next alerts, and those of them whose scope is not what the tree makes it: mostly none, and nothing is written.
fn look(db: &Connection, ground: &Ground, after: &str) -> Result<(Vec<AlertNumber>, Vec<AlertNumber>), Error> {
    let numbers: Vec<AlertNumber> = db
        .prepare_cached("SELECT number FROM alerts WHERE number > ?1 ORDER BY number LIMIT ?2")?
        .query_map(params![after, LOOKED_AT], |row| Ok(AlertNumber(row.get(0)?)))?
        .collect::<Result<_, _>>()?;
    let mut differing = Vec::new();
    for number in &numbers {
        if !is_as_written(db, ground, number)? {
            differing.push(number.clone());
        }
    }
    Ok((numbers, differing))
}

fn is_as_written(db: &Connection, ground: &Ground, number: &AlertNumber) -> Result<bool, Error> {
    let Some(alert) = standing_row(db, number)? else { return Ok(true) };
    let mut select = db.prepare_cached(
        "SELECT s.unit_code, s.relation, s.is_open, s.first_seen_at = a.first_seen_at
         FROM alert_scope s CROSS JOIN alerts a ON a.number = s.number WHERE s.number = ?1",
    )?;
    let rows = select.query_map([&number.0], |row| {
        Ok(((UnitCode(row.get(0)?), row.get::<_, String>(1)?), row.get::<_, bool>(2)?, row.get::<_, bool>(3)?))
    })?;
    let is_open = !alert.view.state.is_over();
    let mut there = BTreeMap::new();
    for row in rows {
        let ((unit, relation), was_open, is_same_time) = row?;
        if was_open != is_open || !is_same_time {
            return Ok(false);
        }
        there.insert(unit, relation);
    }
    let units = units(ground, &alert);
    Ok(units.len() == there.len()
        && units.iter().all(|(unit, concern)| there.get(unit).is_some_and(|there| there == concern.name())))
}
