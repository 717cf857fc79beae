//! What is answered about cases and the ground; the rest is in [`super::answers`].

use serde_json::{Map, Value, json};

use crate::domain::alert::{AlertState, CaseSource};
use crate::domain::finding::FindingKind;
use crate::domain::freshness::Freshness;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::store::ENDED_COUNTED;
use crate::web::api::openapi::types::{
    anything, count, day, flag, instant, joined, list, maybe, named, number, object, one_of, partly, text,
};

/// Their schemas, by name.
pub(super) fn all() -> Map<String, Value> {
    let mut schemas = Map::new();
    let mut add = |name: &str, schema: Value| {
        schemas.insert(name.to_owned(), schema);
    };
    add("Anything", anything());
    add("Problem", problem());
    add("Verdict", one_of(&Verdict::ALL.map(Verdict::name)));
    add("Level", one_of(&UnitLevel::ALL.map(UnitLevel::name)));
    add("CaseState", one_of(&AlertState::ALL.map(AlertState::name)));
    add("CaseSource", one_of(&CaseSource::ALL.map(CaseSource::name)));
    add("Place", place());
    let candidate = json!({"code": text(), "level": named("Level"), "share": number()});
    add("Candidate", object(candidate));
    add("Case", case());
    add("CasePage", page("items", &named("Case"), joined(case_total(), json!({"simulated": flag()}))));
    let coverage = json!({"simulated": flag(), "coverage": list(&named("Coverage"))});
    add("AlertPage", page("items", &named("Case"), coverage));
    add("Coverage", object(coverage_fields()));
    add("CaseCounts", object(json!({"counts": list(&case_count())})));
    add("CaseDetail", case_detail());
    add("CaseDone", case_done());
    add("CaseAdded", object(json!({"number": text(), "joined": flag(), "repeated": flag()})));
    add("Detections", features(&detection()));
    add("Fires", features(&fire()));
    add("Zones", features(&zone()));
    add("Units", features(&unit()));
    add("Change", change());
    schemas
}

/// A page of a list, with what else it says; `next` is null on the last.
pub(super) fn page(items: &str, of: &Value, more: Value) -> Value {
    let fields = json!({items: list(of), "next": maybe(&text()), "region_version": text()});
    object(joined(fields, more))
}

/// How many cases of all pages there are.
fn case_total() -> Value {
    let of_all = format!("Of all pages. Cases that are over are counted up to {ENDED_COUNTED}.");
    let is_least = "There are more that are over than were counted; `/cases/counts` counts all of them.";
    json!({
        "count": joined(count(), json!({"description": of_all})),
        "count_is_least": joined(flag(), json!({"description": is_least})),
    })
}

/// A fault or warning about a file that was sent.
pub(super) fn fault() -> Value {
    object(json!({"file": text(), "where": text(), "code": text(), "message": text()}))
}

fn problem() -> Value {
    let fields = json!({
        "type": text(), "title": text(), "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do, in English."},
        "detail_zh": {"type": "string", "description": "The same in Chinese."},
        "instance": text(),
        "reference": {"type": "string", "description": "Also in the log of the service."},
        "faults": list(&fault()),
    });
    let required = ["type", "title", "status", "detail", "detail_zh", "instance", "reference"];
    let mut schema = partly(&fields, &required);
    if let Some(fields) = schema.as_object_mut() {
        let example = json!({
            "type": "about:blank", "title": "Conflict", "status": 409,
            "detail": "plan P-1 is applied, which does not allow: light; allowed now: approve, refuse, withdraw. \
                Nothing was changed.",
            "detail_zh": "计划P-1现为“已申请”，不能“点火”；现在可以：批准、不予批准、撤回计划。未做任何更改。",
            "instance": "/api/v1/plans/P-1/acts", "reference": "2b42f6fa-e9a6-48f3-b038-caae51ece050",
        });
        fields.insert("examples".to_owned(), json!([example]));
    }
    schema
}

/// The nearest named place.
fn place() -> Value {
    anything()
}

/// A case as lists and exports say it.
fn case() -> Value {
    let what = json!({
        "number": text(), "fire_id": maybe(&count()), "state": named("CaseState"), "origin": origin(),
        "verdict": maybe(&named("Verdict")), "reason": maybe(&text()), "reason_en": maybe(&text()),
        "rule": maybe(&anything()),
    });
    let place = json!({
        "county_code": maybe(&text()), "township_code": maybe(&text()), "responsible_code": text(),
        "unit_code": text(), "owner_code": text(), "other_units": list(&text()), "candidates": list(&named("Candidate")),
        "sure_level": maybe(&named("Level")), "may_be_banned": flag(), "longitude": number(), "latitude": number(),
        "nearest_place": maybe(&named("Place")),
    });
    let seen = json!({
        "first_seen_at": instant(), "last_seen_at": instant(), "detections": count(), "max_frp_mw": maybe(&number()),
        "first_key": maybe(&text()), "region_version": text(), "recorded_at": instant(),
    });
    object(joined(joined(joined(what, place), seen), case_life()))
}

fn case_life() -> Value {
    let brought = json!({
        "source": named("CaseSource"), "assigned_to": maybe(&text()), "reported_by": maybe(&text()),
        "description": maybe(&text()), "external_number": maybe(&text()), "letter_number": maybe(&text()),
        "reply_by": maybe(&day()), "is_disputed": flag(), "proposed_code": maybe(&text()),
    });
    let worked = json!({
        "acknowledged_at": maybe(&instant()), "on_site_at": maybe(&instant()), "put_out_at": maybe(&instant()),
        "reported_at": maybe(&instant()), "finding": maybe(&one_of(&FindingKind::ALL.map(FindingKind::name))),
        "reviewed_at": maybe(&instant()), "review": maybe(&one_of(&["confirmed", "excluded", "sent_back"])),
        "document_number": maybe(&text()), "rectify_by": maybe(&day()), "closed_at": maybe(&instant()),
        "looked_back_at": maybe(&instant()),
    });
    let land_cover = object(json!({"class": text(), "share": number()}));
    let rest = json!({
        "overdue": count(), "next_due_at": maybe(&instant()), "escalated_to": maybe(&text()),
        "undelivered_at": maybe(&instant()), "rekindles": maybe(&text()), "land_cover": list(&land_cover),
        "merged_into": maybe(&text()), "superseded_at": maybe(&instant()),
    });
    joined(joined(brought, worked), rest)
}

fn origin() -> Value {
    one_of(&["live", "late", "history"])
}

fn case_count() -> Value {
    object(json!({
        "county_code": maybe(&text()), "township_code": maybe(&text()), "source": named("CaseSource"),
        "state": named("CaseState"), "cases": count(), "overdue": count(), "undelivered": count(), "disputed": count(),
    }))
}

fn case_detail() -> Value {
    let holder = object(json!({
        "role": text(), "name": text(), "post": maybe(&text()), "employer": maybe(&text()), "phone": maybe(&text()),
    }));
    let link = object(json!({"level": named("Level"), "code": text(), "name": text(), "holders": list(&holder)}));
    let clock = object(json!({
        "number": text(), "kind": text(), "unit_code": text(), "person": maybe(&text()), "step": count(),
        "starts_at": maybe(&instant()), "due_at": maybe(&instant()), "fired_at": maybe(&instant()),
        "was_late": flag(), "ended_at": maybe(&instant()), "outcome": maybe(&one_of(&["met", "missed", "cancelled"])),
    }));
    object(json!({
        "alert": named("Case"), "chains": list(&list(&link)), "events": list(&case_event()), "clocks": list(&clock),
        "detections": list(&text()), "linked": list(&text()), "earlier": list(&text()),
    }))
}

fn case_event() -> Value {
    object(json!({
        "seq": count(), "at": instant(), "kind": text(), "actor": text(), "actor_unit": maybe(&text()),
        "on_behalf_of": maybe(&text()), "claimed_at": maybe(&instant()), "detail": anything(),
    }))
}

fn case_done() -> Value {
    object(json!({
        "number": text(), "state": named("CaseState"), "changed": flag(), "repeated": flag(), "split_off": list(&text()),
    }))
}

/// How far a feed or a satellite of it can be believed.
pub(super) fn freshness() -> Value {
    one_of(&Freshness::ALL.map(Freshness::name))
}

/// What a feed is worth.
pub(super) fn coverage_fields() -> Value {
    json!({
        "feed": text(), "state": freshness(),
        "satellites": list(&object(json!({
            "satellite": text(), "state": freshness(), "newest_acquired_at": maybe(&instant()),
        }))),
        "silences": list(&text()),
        "newest_acquired_at": maybe(&instant()), "last_success_at": maybe(&instant()),
        "last_attempt_at": maybe(&instant()), "last_outcome": maybe(&text()),
    })
}

/// A `GeoJSON` document (RFC 7946) whose features have these properties.
fn features(properties: &Value) -> Value {
    let geometry = json!({
        "type": "object", "required": ["type", "coordinates"],
        "properties": {"type": one_of(&["Point", "Polygon", "MultiPolygon"]), "coordinates": {"type": "array"}},
    });
    let feature = json!({
        "type": "object", "required": ["type", "geometry", "properties"],
        "properties": {"type": {"const": "Feature"}, "geometry": maybe(&geometry), "properties": properties},
    });
    json!({
        "type": "object", "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": list(&feature)},
    })
}

fn detection() -> Value {
    let seen = json!({
        "key": text(), "satellite": text(), "instrument": text(), "acquired_at": instant(), "longitude": number(),
        "latitude": number(), "scan_km": maybe(&number()), "track_km": maybe(&number()),
        "brightness_k": maybe(&number()), "brightness_background_k": maybe(&number()), "frp_mw": maybe(&number()),
        "confidence": maybe(&text()), "confidence_raw": text(), "day_night": maybe(&text()), "processing_level": text(),
    });
    let judged = json!({
        "origin": origin(), "recorded_at": instant(), "verdict": named("Verdict"), "reason": text(),
        "reason_en": text(), "county_code": maybe(&text()), "township_code": maybe(&text()),
        "unit_code": maybe(&text()), "sure_level": maybe(&named("Level")), "may_be_banned": flag(),
        "candidates": list(&named("Candidate")), "fire_id": maybe(&count()), "vanished_at": maybe(&instant()),
        "region_version": text(),
    });
    object(joined(seen, judged))
}

fn fire() -> Value {
    object(json!({
        "fire_id": count(), "first_seen_at": instant(), "last_seen_at": instant(), "longitude": number(),
        "latitude": number(), "detections": count(), "verdict": named("Verdict"), "max_frp_mw": maybe(&number()),
        "county_code": maybe(&text()), "township_code": maybe(&text()), "unit_code": maybe(&text()), "first_key": text(),
    }))
}

fn zone() -> Value {
    object(json!({
        "zone_id": text(), "name": text(), "name_en": maybe(&text()), "class": one_of(&["ban", "limited"]),
        "in_force": flag(), "valid_from": maybe(&day()), "valid_to": maybe(&day()), "season": {},
        "authority": maybe(&text()), "basis": maybe(&text()), "approximate": flag(), "region_version": text(),
    }))
}

fn unit() -> Value {
    object(json!({
        "unit_code": text(), "name": text(), "name_en": maybe(&text()), "level": named("Level"),
        "parent_code": maybe(&text()), "county_code": maybe(&text()), "township_code": maybe(&text()),
        "cropland_ha": maybe(&number()), "approximate": flag(), "region_version": text(),
    }))
}

/// What stands in the data of an event.
fn change() -> Value {
    let fields = json!({
        "seq": count(), "subject_kind": one_of(&["alert", "plan"]), "subject": text(), "kind": text(), "at": instant(),
        "state": text(), "number": text(),
    });
    partly(&fields, &["seq", "subject_kind", "subject", "kind", "at"])
}
