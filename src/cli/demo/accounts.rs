//! The accounts of the demonstration: one for each role, on ground where something burns.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::account::Role;
use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::simulate::day::Cause;
use crate::simulate::truth::{PassTruth, Truth};
use crate::store::{AccountError, NewAccount, Store};
use crate::words::commands::demo;

/// Makes an account of each role that the region has a unit for; those that are there already stay.
pub(super) async fn make(store: &Store, ground: &Ground, truth: &Truth, now: Timestamp) -> anyhow::Result<()> {
    let Some(top) = ground.top().map(|unit| unit.code.clone()) else { return Ok(()) };
    let cell = burning_cell(truth, ground, now).unwrap_or_else(|| top.clone());
    let at = |level| ground.at_level(&cell, level).map(|unit| unit.code.clone());
    let lowest = ground.unit(&cell).filter(|unit| unit.level >= UnitLevel::Village).map(|unit| unit.code.clone());
    let accounts = [
        ("inspector", Role::Inspector, Some(cell.clone())),
        ("village", Role::Village, at(UnitLevel::Village).or(lowest)),
        ("township", Role::Township, at(UnitLevel::Township)),
        ("county", Role::County, at(UnitLevel::County)),
        ("city", Role::City, Some(top.clone())),
        ("viewer", Role::Viewer, Some(top.clone())),
        ("admin", Role::Admin, Some(top)),
    ];
    for (name, role, unit) in accounts {
        let Some(unit) = unit else { continue };
        let (name, person) = (name.to_owned(), demo::person(role).to_owned());
        let new = NewAccount { name, person, role, unit, phone: None, password_hash: None, subject: None };
        match store.accounts().add(new, Actor::system(), now).await {
            Ok(_) | Err(AccountError::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The cell that the published points show most of, on banned ground if there is one: of today's passes and tonight's, so
/// that its inspector has something to do as soon as the feeds are read.
fn burning_cell(truth: &Truth, ground: &Ground, now: Timestamp) -> Option<UnitCode> {
    let fires = truth.days.iter().flat_map(|day| &day.fires);
    let banned: BTreeSet<&str> =
        fires.filter(|one| one.fire.rule == Some(Verdict::Banned)).map(|one| one.fire.id.as_str()).collect();
    let recent = |pass: &&PassTruth| now - pass.pass.acquired_at < SHOWN;
    let passes = truth.days.iter().flat_map(|day| &day.passes).filter(recent);
    let mut shown: BTreeMap<UnitCode, (usize, usize)> = BTreeMap::new();
    for row in passes.flat_map(|pass| &pass.seen).filter(|row| row.available_at <= now) {
        let (Cause::Fires(ids), Some(unit)) = (&row.cause, ground.unit_at(row.centre)) else { continue };
        let (on_banned, rows) = shown.entry(unit.code.clone()).or_default();
        *on_banned += usize::from(ids.iter().any(|id| banned.contains(id.as_str())));
        *rows += 1;
    }
    shown.into_iter().max_by_key(|(_, shows)| *shows).map(|(cell, _)| cell)
}

/// How far back a point is still followed up as an alert, well within the day's file.
const SHOWN: SignedDuration = SignedDuration::from_hours(20);
