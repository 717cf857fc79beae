//! Bodies and answers as the document shows them.

use serde_json::{Value, json};

/// An alert that people bring.
pub(crate) fn new_alert() -> Value {
    json!({"source": "patrol", "lon": 122.72, "lat": 45.62, "description": "路边有烟", "client_id": "p-1"})
}

/// An application for burning.
pub(crate) fn new_plan() -> Value {
    json!({
        "plan_id": "P-1", "unit": "220101", "window_start": "2026-04-13T06:00", "window_end": "2026-04-15T18:00",
        "area_mu": 120.5, "responsible": "李四", "datum": "wgs84", "client_id": "apply-P-1",
        "plot": "POLYGON((122.65 45.52,122.66 45.52,122.66 45.53,122.65 45.53,122.65 45.52))",
    })
}

/// An approval of a plan.
pub(crate) fn plan_act() -> Value {
    json!({"act": "approve", "note": "同意", "client_id": "a-1"})
}

/// An approval of a heat source.
pub(crate) fn new_heat_source() -> Value {
    json!({
        "name": "火炬", "kind": "flare", "lon": 122.715, "lat": 45.615, "radius_m": 300, "unit": "220101",
        "watched_by": "张三", "expires": "2026-10-01", "client_id": "approve-1",
    })
}

/// Judging again.
pub(crate) fn rejudge() -> Value {
    json!({"from": "2026-04-13", "why": "热源补录", "expect": "f9b7c6da329d", "client_id": "j-1"})
}

/// A refusal.
pub(crate) fn problem() -> Value {
    json!({
        "type": "about:blank", "title": "Conflict", "status": 409,
        "detail": "plan P-1 is applied, which does not allow: light; allowed now: approve, refuse, withdraw. \
            Nothing was changed.",
        "detail_zh": "计划P-1现为“已申请”，不能“点火”；现在可以：批准、不予批准、撤回计划。未做任何更改。",
        "instance": "/api/v1/plans/P-1/acts", "reference": "2b42f6fa-e9a6-48f3-b038-caae51ece050",
    })
}
