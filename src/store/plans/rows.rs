//! Burn plans as rows: reading one whole, writing one, and its facts for the log.

use std::collections::HashMap;

use geo::{BoundingRect, MultiPolygon};
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};
use wkt::{ToWkt, TryFromWkt};

use super::super::Error;
use super::super::codec::{Json, Millis, word};
use crate::domain::actor::{Actor, Through};
use crate::domain::burning::{PlanSource, StandingPlan};
use crate::domain::plan::{BurnOrder, BurnPlan, PlanId, PlanStatus};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// The columns that [`read_plan`] takes, in its order; tables of plans past and present have them all.
pub(in crate::store) const PLAN_COLUMNS: &str = "unit_code, plot, window_start, window_end, area_mu, responsible, \
     note, received_at, reviewed_by, approved_at, refused_at, withdrawn_at, lit_at, done_at, burnt_mu";

/// The orders of several plans.
pub(in crate::store) type Orders = HashMap<String, Vec<BurnOrder>>;

/// A plan from a row of its id and [`PLAN_COLUMNS`]; its orders are not in the row.
pub(in crate::store) fn read_plan(row: &Row<'_>) -> rusqlite::Result<BurnPlan> {
    let instant = |i: usize| row.get::<_, Option<Millis>>(i).map(|at| at.map(|at| at.0));
    let plot: Option<String> = row.get(2)?;
    Ok(BurnPlan {
        id: PlanId(row.get(0)?),
        unit_code: UnitCode(row.get(1)?),
        plot: plot.as_deref().map(plot_of).transpose()?,
        window_start: row.get::<_, Millis>(3)?.0,
        window_end: row.get::<_, Millis>(4)?.0,
        area_mu: row.get(5)?,
        responsible: row.get(6)?,
        note: row.get(7)?,
        received_at: row.get::<_, Millis>(8)?.0,
        reviewed_by: row.get(9)?,
        approved_at: instant(10)?,
        refused_at: instant(11)?,
        withdrawn_at: instant(12)?,
        lit_at: instant(13)?,
        done_at: instant(14)?,
        burnt_mu: row.get(15)?,
        orders: Vec::new(),
    })
}

fn plot_of(text: &str) -> rusqlite::Result<MultiPolygon<f64>> {
    MultiPolygon::try_from_wkt_str(text).map_err(|error| {
        let problem = Error::unreadable("plot of a burn plan", error);
        rusqlite::Error::FromSqlConversionFailure(2, rusqlite::types::Type::Text, Box::new(problem))
    })
}

/// Plans that meet a condition, by id, with their orders.
pub(super) fn standing_where(
    db: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<StandingPlan>, Error> {
    let sql = format!(
        "SELECT id, {PLAN_COLUMNS}, status, source, applied_by, applied_unit, acted_at, applied_accounts FROM burn_plans
         WHERE {condition} ORDER BY +id"
    );
    let mut plans: Vec<StandingPlan> = db.prepare(&sql)?.query_map(values, read_standing)?.collect::<Result<_, _>>()?;
    let mut orders = match plans.as_slice() {
        [one] => orders_of(db, &one.plan.id)?,
        _ => orders_where(db, &format!("plan_id IN (SELECT id FROM burn_plans WHERE {condition})"), values)?,
    };
    for standing in &mut plans {
        standing.plan.orders = orders.remove(&standing.plan.id.0).unwrap_or_default();
    }
    Ok(plans)
}

fn read_standing(row: &Row<'_>) -> rusqlite::Result<StandingPlan> {
    let (name, unit): (Option<String>, Option<String>) = (row.get(18)?, row.get(19)?);
    let accounts = row.get::<_, Option<Json<Vec<String>>>>(21)?.map(|json| json.0).unwrap_or_default();
    let through = Through { accounts, ..Through::default() };
    Ok(StandingPlan {
        plan: read_plan(row)?,
        status: word(&row.get::<_, String>(16)?, "plan status", PlanStatus::from_name)?,
        source: word(&row.get::<_, String>(17)?, "plan source", PlanSource::from_name)?,
        applicant: name.map(|name| Actor::named(name, unit.map(UnitCode)).through(through)),
        acted_at: row.get::<_, Option<Millis>>(20)?.map(|at| at.0),
    })
}

/// One plan as it stands.
pub(super) fn standing(db: &Connection, id: &PlanId) -> Result<Option<StandingPlan>, Error> {
    Ok(standing_where(db, "id = ?1", &[&id.0])?.pop())
}

fn orders_of(db: &Connection, id: &PlanId) -> Result<Orders, Error> {
    orders_where(db, "plan_id = ?1", &[&id.0])
}

/// Orders that meet a condition, by plan, oldest first.
pub(in crate::store) fn orders_where(
    db: &Connection,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Orders, Error> {
    let mut statement = db.prepare(&format!(
        "SELECT plan_id, id, starts_at, ends_at, issued_at, issued_by, withdrawn_at FROM burn_orders
         WHERE {condition} ORDER BY starts_at, id"
    ))?;
    let mut orders = Orders::new();
    let mut rows = statement.query(values)?;
    while let Some(row) = rows.next()? {
        let order = BurnOrder {
            id: row.get(1)?,
            from: row.get::<_, Millis>(2)?.0,
            to: row.get::<_, Millis>(3)?.0,
            issued_at: row.get::<_, Millis>(4)?.0,
            issued_by: row.get(5)?,
            withdrawn_at: row.get::<_, Option<Millis>>(6)?.map(|at| at.0),
        };
        orders.entry(row.get(0)?).or_default().push(order);
    }
    Ok(orders)
}

/// Writes a new plan, and its orders.
pub(super) fn insert(db: &Connection, standing: &StandingPlan, source_hash: Option<&str>) -> Result<(), Error> {
    db.execute(
        "INSERT INTO burn_plans (id, unit_code, window_start, window_end, area_mu, responsible, source,
             received_at, status) VALUES (?1, '', 0, 0, 0, '', '', 0, '')",
        [&standing.plan.id.0],
    )?;
    overwrite(db, standing, source_hash)
}

/// Writes everything of a known plan anew, and adds its orders; those that stood are the caller's.
pub(super) fn overwrite(db: &Connection, standing: &StandingPlan, source_hash: Option<&str>) -> Result<(), Error> {
    let plan = &standing.plan;
    let rect = plan.plot.as_ref().and_then(BoundingRect::bounding_rect);
    let instant = |at: Option<Timestamp>| at.map(Millis);
    let accounts = standing.applicant.as_ref().map(|applicant| &applicant.through.accounts);
    let accounts = accounts.filter(|accounts| !accounts.is_empty());
    db.execute(
        "UPDATE burn_plans SET unit_code = ?2, plot = ?3, west = ?4, south = ?5, east = ?6, north = ?7,
             window_start = ?8, window_end = ?9, area_mu = ?10, responsible = ?11, note = ?12, source = ?13,
             source_hash = ?14, applied_by = ?15, applied_unit = ?16, acted_at = ?17, received_at = ?18, status = ?19,
             reviewed_by = ?20, approved_at = ?21, refused_at = ?22, withdrawn_at = ?23, lit_at = ?24, done_at = ?25,
             burnt_mu = ?26, applied_accounts = ?27 WHERE id = ?1",
        params![
            plan.id.0,
            plan.unit_code.0,
            plan.plot.as_ref().map(ToWkt::wkt_string),
            rect.map(|rect| rect.min().x),
            rect.map(|rect| rect.min().y),
            rect.map(|rect| rect.max().x),
            rect.map(|rect| rect.max().y),
            Millis(plan.window_start),
            Millis(plan.window_end),
            plan.area_mu,
            plan.responsible,
            plan.note,
            standing.source.name(),
            source_hash,
            standing.applicant.as_ref().map(|applicant| &applicant.name),
            standing.applicant.as_ref().and_then(|applicant| applicant.unit.as_ref()).map(|unit| &unit.0),
            instant(standing.acted_at),
            Millis(plan.received_at),
            standing.status.name(),
            plan.reviewed_by,
            instant(plan.approved_at),
            instant(plan.refused_at),
            instant(plan.withdrawn_at),
            instant(plan.lit_at),
            instant(plan.done_at),
            plan.burnt_mu,
            accounts.map(|accounts| Json(accounts.clone())),
        ],
    )?;
    for order in &plan.orders {
        insert_order(db, &plan.id, (order.from, order.to), order.issued_at, &order.issued_by)?;
    }
    Ok(())
}

/// Keeps what a plan said until now, and ends its orders, before a file changes it.
pub(super) fn set_aside(db: &Connection, id: &PlanId, now: Timestamp) -> Result<(), Error> {
    db.execute(
        &format!(
            "INSERT INTO burn_plans_replaced (plan_id, replaced_at, {PLAN_COLUMNS})
             SELECT id, ?2, {PLAN_COLUMNS} FROM burn_plans WHERE id = ?1"
        ),
        params![id.0, Millis(now)],
    )?;
    db.execute(
        "UPDATE burn_orders SET withdrawn_at = ?2 WHERE plan_id = ?1 AND withdrawn_at IS NULL",
        params![id.0, Millis(now)],
    )?;
    Ok(())
}

/// Writes an order and returns its id.
pub(super) fn insert_order(
    db: &Connection,
    plan: &PlanId,
    (from, to): (Timestamp, Timestamp),
    issued_at: Timestamp,
    issued_by: &str,
) -> Result<i64, Error> {
    db.execute(
        "INSERT INTO burn_orders (plan_id, starts_at, ends_at, issued_at, issued_by) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![plan.0, Millis(from), Millis(to), Millis(issued_at), issued_by],
    )?;
    Ok(db.last_insert_rowid())
}

/// What a plan says, for the log: enough to know what was approved when the row is changed later.
pub(super) fn facts(plan: &BurnPlan) -> Value {
    json!({
        "unit_code": plan.unit_code, "window_start": plan.window_start.to_string(),
        "window_end": plan.window_end.to_string(), "area_mu": plan.area_mu, "responsible": plan.responsible,
        "plot": plan.plot.as_ref().map(ToWkt::wkt_string), "note": plan.note,
    })
}
