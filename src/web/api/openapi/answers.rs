//! What is answered about plans, weather, heat sources, people, feeds, the log and accounts.

use serde_json::{Map, Value, json};

use super::schemas::{coverage_fields, fault, page};
use crate::domain::account::{Role, TokenPower};
use crate::domain::plan::PlanStatus;
use crate::web::api::openapi::types::{
    anything, count, day, flag, instant, joined, list, maybe, named, number, object, one_of, partly, text,
};

/// Schemas of answers, by name.
pub(super) fn all() -> Map<String, Value> {
    let mut schemas = Map::new();
    let mut add = |name: &str, schema: Value| {
        schemas.insert(name.to_owned(), schema);
    };
    add("Plan", object(plan()));
    add("PlanPage", page("items", &named("Plan"), json!({})));
    add("PlanDetail", object(joined(plan(), json!({"events": list(&plan_event())}))));
    add("PlanAnswer", object(joined(plan(), json!({"repeated": flag(), "cautions": list(&text())}))));
    add("PlanImport", plan_import());
    add("Ledger", ledger());
    add("Progress", progress());
    add("WeatherList", weather());
    add("WeatherEntry", weather_entry());
    add("HeatSource", heat_source(&[]));
    add("HeatAnswer", heat_source(&["repeated"]));
    add("HeatSourcePage", heat_sources());
    add("Suggestions", suggestions());
    add("Rejudgement", rejudgement());
    add("People", page("items", &person(), json!({"day": day()})));
    add("PeopleReview", people_review());
    add("Duty", duty());
    add("Feeds", feeds());
    add("AuditPage", object(json!({"items": list(&logged()), "next": maybe(&text())})));
    add("RegionPage", page("items", &region(), json!({})));
    add("RegionDifference", anything());
    add("Me", me());
    schemas
}

fn plan() -> Value {
    let order = object(json!({
        "id": count(), "from": instant(), "to": instant(), "issued_at": instant(), "issued_by": maybe(&text()),
        "withdrawn_at": maybe(&instant()),
    }));
    let actor = object(json!({"name": text(), "unit": maybe(&text())}));
    let at = || maybe(&instant());
    json!({
        "plan_id": text(), "unit_code": text(), "unit_name": text(), "county_code": maybe(&text()),
        "township_code": maybe(&text()), "status": one_of(&PlanStatus::ALL.map(PlanStatus::name)),
        "status_zh": text(), "window_start": instant(), "window_end": instant(), "area_mu": number(),
        "responsible": text(), "note": maybe(&text()), "plot": maybe(&text()),
        "source": one_of(&["region", "import", "entered"]), "applied_by": maybe(&actor), "received_at": instant(),
        "reviewed_by": maybe(&text()), "approved_at": at(), "refused_at": at(), "withdrawn_at": at(), "lit_at": at(),
        "done_at": at(), "burnt_mu": maybe(&number()), "orders": list(&order),
    })
}

fn plan_event() -> Value {
    object(json!({
        "seq": count(), "at": instant(), "kind": text(), "actor": text(), "actor_unit": maybe(&text()),
        "claimed_at": maybe(&instant()), "detail": anything(),
    }))
}

fn plan_import() -> Value {
    let row = object(json!({"plan_id": text(), "outcome": one_of(&["new", "unchanged", "updated"])}));
    object(json!({
        "read": count(), "new": count(), "unchanged": count(), "updated": count(), "written": flag(),
        "dry_run": flag(), "repeated": flag(), "rows": list(&row), "warnings": list(&fault()),
    }))
}

/// A number of plans and their area.
fn tally() -> Value {
    object(json!({"number": count(), "mu": number()}))
}

fn ledger() -> Value {
    let seen = object(json!({"planned": count(), "off_plan": count(), "unplanned": count(), "banned": count()}));
    let exceeded = object(json!({"quota_mu": number(), "ordered_mu": maybe(&number()), "burnt_mu": maybe(&number())}));
    let line = object(json!({
        "day": day(), "unit_code": text(), "level": named("Level"), "plans": tally(), "orders": tally(),
        "burnt": tally(), "seen": seen, "remaining_mu": number(), "quota_mu": maybe(&number()),
        "quota_exceeded": maybe(&exceeded),
    }));
    object(json!({"day": day(), "lines": list(&line), "note": text(), "region_version": text()}))
}

fn progress() -> Value {
    let line = object(json!({
        "unit_code": text(), "level": named("Level"), "applied": tally(), "approved": tally(), "done": tally(),
        "burnt_mu": number(), "remaining_mu": number(), "lapsed_mu": number(), "burnt_share": maybe(&number()),
    }));
    object(json!({"as_of": instant(), "lines": list(&line), "region_version": text()}))
}

fn weather() -> Value {
    let fields = json!({
        "unit_code": text(), "day": day(), "level": count(), "source": one_of(&["file", "entered"]),
        "entered_at": instant(), "entered_by": text(),
    });
    let level = partly(&fields, &["unit_code", "day", "level", "source"]);
    object(json!({"weather": list(&level), "region_version": text()}))
}

fn weather_entry() -> Value {
    object(json!({
        "unit_code": text(), "day": day(), "level": count(), "entered_at": instant(), "entered_by": text(),
        "repeated": flag(),
    }))
}

/// Those of the region's file have no unit and no moment of approval, and are outlines too.
fn heat_source(more: &[&str]) -> Value {
    let fields = json!({
        "origin": one_of(&["firegrid", "region"]),
        "standing": one_of(&["expires_soon", "in_force", "not_yet", "expired", "ended"]), "label": text(),
        "label_en": text(), "id": text(), "name": text(), "kind": text(), "centre": maybe(&named("Position")),
        "radius_m": maybe(&number()), "unit": text(), "watched_by": maybe(&text()), "approved_by": maybe(&text()),
        "approved_on": day(), "expires": day(), "approved_at": instant(), "ended_on": maybe(&day()),
    });
    let own = if more.is_empty() { json!({}) } else { json!({"repeated": flag()}) };
    let required = ["origin", "standing", "label", "label_en", "id", "name", "kind", "centre", "radius_m", "expires"];
    partly(&joined(fields, own), &[&required[..], more].concat())
}

fn heat_sources() -> Value {
    object(json!({
        "heat_sources": list(&named("HeatSource")), "next": maybe(&text()), "expires_soon": count(), "day": day(),
    }))
}

fn suggestions() -> Value {
    let source = object(json!({"id": text(), "name": text(), "distance_km": number(), "expires": day()}));
    let suggestion = object(json!({
        "centre": named("Position"), "radius_m": number(), "unit": maybe(&text()), "detections": count(),
        "days": count(), "nights": count(), "night_share": number(), "median_frp_mw": number(),
        "frp_spread_mw": number(), "first_seen_at": instant(), "last_seen_at": instant(), "satellites": list(&text()),
        "nearest_source": maybe(&source), "nearest_place": maybe(&named("Place")), "why": text(), "why_en": text(),
    }));
    object(json!({
        "suggestions": list(&suggestion), "until": day(), "look_back_days": count(), "detections": count(),
        "region_version": text(),
    }))
}

fn rejudgement() -> Value {
    let side = object(json!({
        "verdict": named("Verdict"), "reason": text(), "reason_en": text(), "responsible": maybe(&text()),
        "unit_code": maybe(&text()), "region_version": text(),
    }));
    let change = object(json!({
        "detection": text(), "acquired_at": instant(), "alert": maybe(&text()), "old": side, "new": side,
    }));
    let unjudgeable = object(json!({"detection_id": count(), "key": text()}));
    object(json!({
        "region_version": text(), "looked_at": count(), "changed": count(), "hash": text(), "applied": flag(),
        "event": maybe(&count()), "repeated": flag(), "alerts_opened": {}, "changes": list(&change),
        "unjudgeable": list(&unjudgeable),
    }))
}

fn person() -> Value {
    object(json!({
        "unit_code": text(), "name": text(), "role": one_of(&["head", "sponsor", "inspector", "deputy"]),
        "post": maybe(&text()), "employer": maybe(&text()), "phone": maybe(&text()), "valid_from": maybe(&day()),
        "valid_to": maybe(&day()),
    }))
}

fn people_review() -> Value {
    let unit = || json!({"level": named("Level"), "code": text(), "name": text()});
    let stand = object(joined(unit(), json!({"person": text()})));
    let unheld = object(joined(unit(), json!({"answered_by": maybe(&stand)})));
    let runs_out = object(joined(unit(), json!({"person": text(), "role": text(), "last_day": day()})));
    let no_shift = object(joined(unit(), json!({"day": day()})));
    object(json!({
        "day": day(), "units": count(), "people": count(), "without_holder": list(&unheld),
        "running_out": list(&runs_out), "without_outline": list(&object(unit())), "desks": count(),
        "without_shift": list(&no_shift), "without_phone": count(),
    }))
}

fn duty() -> Value {
    let shift = object(json!({"leader": text(), "officer": text(), "phone": text()}));
    let gap = json!({"type": "object", "required": ["gap"], "properties": {"gap": text()}});
    let people = json!({"type": "object", "required": ["by"], "properties": {"by": one_of(&["roster", "holder"])}});
    let desk = object(json!({
        "level": named("Level"), "code": text(), "name": text(), "people": people, "gaps": list(&gap),
    }));
    object(json!({
        "unit_code": text(), "at": instant(), "on_duty": maybe(&shift), "desk": maybe(&desk), "gaps": list(&gap),
    }))
}

fn feeds() -> Value {
    let more = json!({
        "label": text(), "last_detail": maybe(&text()), "consecutive_failures": count(),
        "next_attempt_at": maybe(&instant()),
    });
    object(json!({
        "feeds": list(&object(joined(coverage_fields(), more))), "as_of": instant(), "late_after_hours": count(),
        "stale_after_hours": count(), "simulated": flag(),
    }))
}

fn logged() -> Value {
    object(json!({
        "seq": count(), "at": instant(), "subject_kind": text(), "subject": text(), "kind": text(), "actor": text(),
        "actor_unit": maybe(&text()), "on_behalf_of": maybe(&text()), "claimed_at": maybe(&instant()),
        "detail": anything(), "hash": text(), "account": maybe(&text()), "let_in_by": maybe(&text()),
        "access": maybe(&text()), "address": maybe(&text()),
    }))
}

fn region() -> Value {
    object(json!({
        "version": text(), "region_id": text(), "stored_at": instant(), "activated_at": maybe(&instant()),
        "is_active": flag(),
    }))
}

fn me() -> Value {
    let session = object(json!({
        "id": count(), "how": one_of(&["password", "link", "sign_on", "demo"]), "device": text(), "address": text(),
        "created_at": instant(), "last_seen_at": instant(), "expires_at": instant(), "is_this": flag(),
    }));
    let power = one_of(&TokenPower::ALL.map(TokenPower::name));
    let token = object(json!({
        "id": count(), "label": text(), "power": power, "created_at": instant(), "expires_at": instant(),
        "last_used_at": maybe(&instant()),
    }));
    object(json!({
        "name": text(), "person": text(), "role": one_of(&Role::ALL.map(Role::name)), "unit_code": text(),
        "phone": maybe(&text()), "has_password": flag(), "created_at": instant(), "power": power, "works": flag(),
        "administers": flag(), "lets_in": flag(), "sees_people": flag(), "sees_everything": flag(),
        "sessions": list(&session), "tokens": list(&token),
    }))
}
