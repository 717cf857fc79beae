//! Burn plans in office column order, under our names or Chinese heads.
//!
//! Times are local, so that the file reads back through `firegrid plans import`; the plot is WKT
//! in WGS-84. A plan imported again as it was written changes nothing.

use serde_json::{Map, Value, json};
use wkt::ToWkt;

use super::{Heads, Row, rows};
use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitLevel;
use crate::words::Label;

/// The heads of a table of plans, in office order.
pub(super) fn columns(heads: Heads) -> &'static [&'static str] {
    match heads {
        Heads::Names => NAMES,
        Heads::Chinese => CHINESE,
    }
}

/// Our names, in office order: which plan, where, when, how much, who, how far, and the rest.
const NAMES: &[&str] = &[
    "plan_id",
    "county",
    "township",
    "unit_code",
    "unit_name",
    "window_start",
    "window_end",
    "area_mu",
    "responsible",
    "status",
    "status_zh",
    "approver",
    "approved_at",
    "orders",
    "lit_at",
    "done_at",
    "burnt_mu",
    "note",
    "plot",
    "source",
    "received_at",
];

/// The same in the words of the office; those that `plans import` reads are among its heads.
const CHINESE: &[&str] = &[
    "计划编号",
    "县（市、区）",
    "乡镇",
    "单位代码",
    "单位名称",
    "烧除开始时间",
    "烧除结束时间",
    "计划面积（亩）",
    "烧除责任人",
    "状态",
    "状态说明",
    "批准人",
    "批准时间",
    "当日烧除指令",
    "点火时间",
    "完成时间",
    "实际烧除面积（亩）",
    "备注",
    "地块",
    "来源",
    "收到时间",
];

/// One plan.
pub(super) fn row(ground: &Ground, standing: &StandingPlan, heads: Heads) -> Row {
    let plan = &standing.plan;
    let name_at = |level| ground.at_level(&plan.unit_code, level).map(|unit| unit.name.clone()).unwrap_or_default();
    let local = |at: Timestamp| local_text(at, ground);
    let orders: Vec<_> = plan
        .orders
        .iter()
        .map(|order| {
            let mark = if order.withdrawn_at.is_some() { "（已撤回）" } else { "" };
            format!("{}/{}{mark}", local(order.from), local(order.to))
        })
        .collect();
    let values = [
        json!(plan.id),
        json!(name_at(UnitLevel::County)),
        json!(name_at(UnitLevel::Township)),
        json!(plan.unit_code),
        json!(ground.unit(&plan.unit_code).map(|unit| &unit.name)),
        json!(local(plan.window_start)),
        json!(local(plan.window_end)),
        json!(plan.area_mu),
        json!(plan.responsible),
        json!(standing.status),
        json!(standing.status.label().zh),
        json!(plan.reviewed_by),
        json!(plan.approved_at.map(local)),
        json!(orders.join("; ")),
        json!(plan.lit_at.map(local)),
        json!(plan.done_at.map(local)),
        json!(plan.burnt_mu),
        json!(plan.note),
        json!(plan.plot.as_ref().map(ToWkt::wkt_string)),
        json!(standing.source.name()),
        json!(local(plan.received_at)),
    ];
    let names = columns(heads).iter().map(|name| (*name).to_owned());
    let values: Map<String, Value> = names.zip(values).collect();
    Row { geometry: plan.plot.as_ref().map(rows::multi_polygon), values }
}

/// A local date and time as `plans import` reads it; seconds only where there are any.
fn local_text(at: Timestamp, ground: &Ground) -> String {
    let local = ground.data().time_zone.to_datetime(at);
    let form = if local.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
    local.strftime(form).to_string()
}
