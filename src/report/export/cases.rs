//! The problem list (问题清单) as offices keep it: their column order, Chinese heads, names for codes, local times.
//!
//! Only CSV and XLSX look like this; programs read [`super::alerts`]. Who complained is in no row
//! that comes here. What is not so yet is an empty cell.

use serde_json::{Map, Value, json};

use super::{Row, Table};
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::query::AlertRow;
use crate::words::{Label, Lang, Say, dms, local, unit_name};

/// Which case, how it stands, whose it is, where, what was seen, what was done when, and the rest.
const COLUMNS: &[&str] = &[
    "编号",
    "来源",
    "判定",
    "状态",
    "是否超时",
    "县（市、区）",
    "乡镇",
    "责任网格/承办单位",
    "承办人",
    "位置描述",
    "经度/纬度（度分秒）",
    "经度",
    "纬度",
    "首次观测（当地时间）",
    "最近观测",
    "像元数",
    "最大火辐射功率（MW）",
    "签收时间",
    "到场时间",
    "扑灭时间",
    "反馈时间",
    "核查结果",
    "审核",
    "审核时间",
    "整改期限",
    "文书号",
    "销号时间",
    "回头看时间",
    "归属异议",
    "疑似复燃关联",
    "判定依据",
    "外部编号",
    "来信文号",
    "答复期限",
    "上报人",
    "情况说明",
];

/// The list of some cases.
pub(super) fn table(ground: &Ground, rows: &[AlertRow]) -> Table {
    Table { name: "问题清单", columns: COLUMNS, rows: rows.iter().map(|case| row(ground, case)).collect() }
}

fn row(ground: &Ground, case: &AlertRow) -> Row {
    let name = |code: &UnitCode| unit_name(ground, code, Lang::Zh);
    let time = |at: Timestamp| local(ground, at);
    let position = Position::from_lon_lat(case.lon, case.lat).ok();
    let values = [
        json!(case.number),
        json!(case.source.label().zh),
        json!(Lang::Zh.case_verdict(case.verdict)),
        json!(case.state.label().zh),
        json!(lateness(case)),
        json!(case.county_code.as_ref().map(name)),
        json!(case.township_code.as_ref().map(name)),
        json!(name(&case.owner_code)),
        json!(case.assigned_to),
        json!(case.nearest_place.as_ref().map(|place| Lang::Zh.nearest_place(place))),
        json!(position.map(|position| dms(position, Lang::Zh))),
        json!(case.lon),
        json!(case.lat),
        json!(time(case.first_seen_at)),
        json!(time(case.last_seen_at)),
        json!(case.detections),
        json!(case.max_frp_mw),
        json!(case.acknowledged_at.map(time)),
        json!(case.on_site_at.map(time)),
        json!(case.put_out_at.map(time)),
        json!(case.reported_at.map(time)),
        json!(case.finding.map(|kind| kind.label().zh)),
        json!(case.review.map(|review| review.label().zh)),
        json!(case.reviewed_at.map(time)),
        json!(case.rectify_by),
        json!(case.document_number),
        json!(case.closed_at.map(time)),
        json!(case.looked_back_at.map(time)),
        json!(dispute(ground, case)),
        json!(case.rekindles),
        json!(case.reason.as_ref().map(|reason| reason.say().zh)),
        json!(case.external_number),
        json!(case.letter_number),
        json!(case.reply_by),
        json!(case.reported_by),
        json!(case.description.as_ref().filter(|text| !text.is_empty())),
    ];
    let values: Map<String, Value> = COLUMNS.iter().map(|head| (*head).to_owned()).zip(values).collect();
    Row { geometry: None, values }
}

/// Who was never reached is not late, and a plain "否" would hide it.
fn lateness(case: &AlertRow) -> &'static str {
    match (case.overdue > 0, case.undelivered_at) {
        (true, _) => "是",
        (false, Some(_)) => "未送达",
        (false, None) => "否",
    }
}

fn dispute(ground: &Ground, case: &AlertRow) -> Option<String> {
    let proposed = case.proposed_code.as_ref().map(|code| format!("，提出归属{}", unit_name(ground, code, Lang::Zh)));
    case.is_disputed.then(|| format!("待裁定{}", proposed.unwrap_or_default()))
}
