//! Loads what decides beside the region version: plans, weather entered by people, heat sources
//! approved here.
//!
//! Generous on purpose: everything that may matter for the moments judged is loaded, and
//! [`crate::domain::verdict`] takes from it what was known at each of them.

use rusqlite::{Connection, params};

use super::codec::{Millis, word};
use super::plans::{Orders, PLAN_COLUMNS, orders_where, read_plan};
use super::{Error, Store, heat_sources};
use crate::domain::calendar::BurnWeather;
use crate::domain::plan::BurnPlan;
use crate::domain::policy::{EnteredWeather, Policy};
use crate::domain::rules::Rules;
use crate::domain::time::{Date, SignedDuration, TimeZone, Timestamp, local_day};
use crate::domain::unit::UnitCode;

impl Store {
    /// The policy for judging at some moments, in a region's time zone.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn policy(&self, moments: Vec<Timestamp>, rules: Rules, zone: TimeZone) -> Result<Policy, Error> {
        self.read(move |db| load(db, &rules, &zone, moments.into_iter())).await
    }
}

/// The policy for judging detections acquired at some moments.
pub(super) fn load(
    db: &Connection,
    rules: &Rules,
    zone: &TimeZone,
    moments: impl Iterator<Item = Timestamp>,
) -> Result<Policy, Error> {
    let mut policy = Policy { plan_rules: rules.plans, ..Policy::default() };
    let span = moments.fold(None, |span, at| match span {
        None => Some((at, at)),
        Some((first, last)) => Some((at.min(first), at.max(last))),
    });
    let Some((first, last)) = span else { return Ok(policy) };
    let near = SignedDuration::from_hours(i64::from(rules.plans.near_hours));
    let from = first.saturating_sub(near).unwrap_or(Timestamp::MIN);
    let until = last.saturating_add(near).unwrap_or(Timestamp::MAX);
    policy.plans = load_plans(db, from, until)?;
    policy.weather = load_weather(db, local_day(first, zone), local_day(last, zone))?;
    policy.heat_sources = heat_sources::for_judging(db)?;
    Ok(policy)
}

/// Plans whose window touches a span, as they stand, and as they stood before a file changed them.
fn load_plans(db: &Connection, from: Timestamp, until: Timestamp) -> Result<Vec<BurnPlan>, Error> {
    let touching = "window_end >= ?1 AND window_start <= ?2";
    let span = params![Millis(from), Millis(until)];
    let columns = PLAN_COLUMNS;
    let mut found: Vec<BurnPlan> = db
        .prepare_cached(&format!("SELECT id, {columns} FROM burn_plans WHERE {touching} ORDER BY +id"))?
        .query_map(span, read_plan)?
        .collect::<Result<_, _>>()?;
    let mut replaced = db.prepare_cached(&format!(
        "SELECT plan_id, {columns}, replaced_at FROM burn_plans_replaced WHERE {touching} ORDER BY plan_id, id"
    ))?;
    let replaced = replaced.query_map(span, |row| {
        let plan = read_plan(row)?;
        let replaced_at = row.get::<_, Millis>(16)?.0;
        // From then on its successor speaks.
        let withdrawn_at = plan.withdrawn_at.map_or(replaced_at, |at| at.min(replaced_at));
        Ok(BurnPlan { withdrawn_at: Some(withdrawn_at), ..plan })
    })?;
    found.extend(replaced.collect::<Result<Vec<_>, _>>()?);
    if found.is_empty() {
        return Ok(found);
    }
    let orders: Orders = orders_where(
        db,
        &format!(
            "plan_id IN (SELECT id FROM burn_plans WHERE {touching}
                 UNION ALL SELECT plan_id FROM burn_plans_replaced WHERE {touching})"
        ),
        span,
    )?;
    for plan in &mut found {
        plan.orders = orders.get(&plan.id.0).cloned().unwrap_or_default();
    }
    Ok(found)
}

/// Levels entered for some local days, oldest entry first.
pub(super) fn load_weather(db: &Connection, first: Date, last: Date) -> Result<Vec<EnteredWeather>, Error> {
    // Days are text of one form, YYYY-MM-DD, so they compare as days.
    let mut statement = db.prepare_cached(
        "SELECT unit_code, day, level, entered_at, entered_by FROM burn_weather
         WHERE day BETWEEN ?1 AND ?2 ORDER BY entered_at, id",
    )?;
    let entries = statement.query_map(params![first.to_string(), last.to_string()], |row| {
        let day: String = row.get(1)?;
        Ok(EnteredWeather {
            weather: BurnWeather {
                unit_code: UnitCode(row.get(0)?),
                date: word(&day, "day", |day| day.parse().ok())?,
                level: row.get(2)?,
            },
            entered_at: row.get::<_, Millis>(3)?.0,
            entered_by: row.get(4)?,
        })
    })?;
    Ok(entries.collect::<Result<_, _>>()?)
}
