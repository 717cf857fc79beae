//! Burn plans in office column order, under our names or Chinese heads.
//!
//! Times are local, so that the file reads back through `firegrid plans import`; the plot is WKT
//! in WGS-84. A plan imported again as it was written changes nothing.

use serde_json::{Value, json};
use wkt::ToWkt;

use super::{Heads, Line, Table, rows};
use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitLevel;
use crate::words::exports::{self, plans as head};
use crate::words::{Label, Words};

/// A column: our name, its head, and what stands under either.
type Column = (&'static str, Words, fn(&Listed<'_>) -> Value);

/// In office order, each by our name and its head: which plan, where, when, how much, who, how far, and the rest.
///
/// The Chinese heads that `plans import` reads are among these.
const COLUMNS: &[Column] = &[
    ("plan_id", head::PLAN, |row| json!(row.standing.plan.id)),
    ("county", head::COUNTY, |row| row.name_at(UnitLevel::County)),
    ("township", head::TOWNSHIP, |row| row.name_at(UnitLevel::Township)),
    ("unit_code", head::UNIT_CODE, |row| json!(row.standing.plan.unit_code)),
    ("unit_name", head::UNIT_NAME, |row| json!(row.ground.unit(&row.standing.plan.unit_code).map(|unit| &unit.name))),
    ("window_start", head::WINDOW_START, |row| row.time(Some(row.standing.plan.window_start))),
    ("window_end", head::WINDOW_END, |row| row.time(Some(row.standing.plan.window_end))),
    ("area_mu", head::AREA, |row| json!(row.standing.plan.area_mu)),
    ("responsible", head::RESPONSIBLE, |row| json!(row.standing.plan.responsible)),
    ("status", head::STATUS, |row| json!(row.standing.status)),
    ("status_zh", head::STATUS_WORDS, |row| json!(row.standing.status.label().zh)),
    ("approver", head::APPROVER, |row| json!(row.standing.plan.reviewed_by)),
    ("approved_at", head::APPROVED, |row| row.time(row.standing.plan.approved_at)),
    ("orders", head::ORDERS, |row| json!(row.orders())),
    ("lit_at", head::LIT, |row| row.time(row.standing.plan.lit_at)),
    ("done_at", head::DONE, |row| row.time(row.standing.plan.done_at)),
    ("burnt_mu", head::BURNT, |row| json!(row.standing.plan.burnt_mu)),
    ("note", head::NOTE, |row| json!(row.standing.plan.note)),
    ("plot", head::PLOT, |row| json!(row.standing.plan.plot.as_ref().map(ToWkt::wkt_string))),
    ("source", head::SOURCE, |row| json!(row.standing.source.name())),
    ("received_at", head::RECEIVED, |row| row.time(Some(row.standing.plan.received_at))),
];

/// The table of some plans.
pub(super) fn table(ground: &Ground, plans: &[StandingPlan], heads: Heads) -> Table {
    let head = |(name, head, _): &Column| match heads {
        Heads::Names => *name,
        Heads::Chinese => head.zh,
    };
    let line = |standing: &StandingPlan| Line {
        geometry: standing.plan.plot.as_ref().map(rows::multi_polygon),
        values: COLUMNS.iter().map(|(.., value)| value(&Listed { ground, standing })).collect(),
    };
    Table { name: "burn_plans", heads: COLUMNS.iter().map(head).collect(), lines: plans.iter().map(line).collect() }
}

/// A plan on the ground whose names the table says.
struct Listed<'a> {
    ground: &'a Ground,
    standing: &'a StandingPlan,
}

impl Listed<'_> {
    fn name_at(&self, level: UnitLevel) -> Value {
        let unit = self.ground.at_level(&self.standing.plan.unit_code, level);
        json!(unit.map(|unit| unit.name.as_str()).unwrap_or_default())
    }

    fn time(&self, at: Option<Timestamp>) -> Value {
        json!(at.map(|at| self.local(at)))
    }

    /// A local date and time as `plans import` reads it; seconds only where there are any.
    fn local(&self, at: Timestamp) -> String {
        let local = self.ground.data().time_zone.to_datetime(at);
        let form = if local.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
        local.strftime(form).to_string()
    }

    fn orders(&self) -> String {
        let orders = self.standing.plan.orders.iter().map(|order| {
            let mark = if order.withdrawn_at.is_some() { exports::WITHDRAWN.zh } else { "" };
            format!("{}/{}{mark}", self.local(order.from), self.local(order.to))
        });
        orders.collect::<Vec<_>>().join("; ")
    }
}
