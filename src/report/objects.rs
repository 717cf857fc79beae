//! What is known as JSON objects: plans, weather, heat sources, rejudgements.
//!
//! The `--json` of the command line and the answers of the API are these, so that both say the same.
//! Instants are UTC, as everywhere inside; local times are for lists that people read.

use serde_json::{Value, json};
use wkt::ToWkt;

use crate::domain::burning::StandingPlan;
use crate::domain::ground::Ground;
use crate::domain::heat_approval::{ApprovalRules, ApprovedHeatSource, HeatStanding};
use crate::domain::heat_source::{HeatSource, HeatSourceShape};
use crate::domain::heat_suggest::Suggestion;
use crate::domain::policy::EnteredWeather;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Judgement;
use crate::store::{Imported, PlanAnswer, Rejudgement, RowOutcome, WeatherEntry};
use crate::words::{Label, Say};

/// A plan with its orders; its plot is WKT in WGS-84.
#[must_use]
pub fn plan(ground: &Ground, standing: &StandingPlan) -> Value {
    let plan = &standing.plan;
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let above = |level| ground.at_level(&plan.unit_code, level).map(|unit| unit.code.clone());
    let name = ground.unit(&plan.unit_code).map_or(plan.unit_code.0.as_str(), |unit| unit.name.as_str());
    let orders: Vec<Value> = plan
        .orders
        .iter()
        .map(|order| {
            json!({
                "id": order.id, "from": order.from.to_string(), "to": order.to.to_string(),
                "issued_at": order.issued_at.to_string(), "issued_by": order.issued_by,
                "withdrawn_at": at(order.withdrawn_at),
            })
        })
        .collect();
    json!({
        "plan_id": plan.id, "unit_code": plan.unit_code, "unit_name": name,
        "county_code": above(UnitLevel::County), "township_code": above(UnitLevel::Township),
        "status": standing.status, "status_zh": standing.status.label().zh,
        "window_start": plan.window_start.to_string(), "window_end": plan.window_end.to_string(),
        "area_mu": plan.area_mu, "responsible": plan.responsible, "note": plan.note,
        "plot": plan.plot.as_ref().map(ToWkt::wkt_string), "source": standing.source.name(),
        "applied_by": standing.applicant, "received_at": plan.received_at.to_string(),
        "reviewed_by": plan.reviewed_by, "approved_at": at(plan.approved_at), "refused_at": at(plan.refused_at),
        "withdrawn_at": at(plan.withdrawn_at), "lit_at": at(plan.lit_at), "done_at": at(plan.done_at),
        "burnt_mu": plan.burnt_mu, "orders": orders,
    })
}

/// What an act on a plan left.
#[must_use]
pub fn plan_answer(ground: &Ground, answer: &PlanAnswer) -> Value {
    let mut object = plan(ground, &answer.standing);
    if let Value::Object(fields) = &mut object {
        fields.insert("repeated".to_owned(), json!(answer.repeated));
        fields.insert("cautions".to_owned(), json!(answer.cautions));
    }
    object
}

/// What an import did, or would do; `read` rows were in the file.
#[must_use]
pub fn import(imported: &Imported, read: usize, dry_run: bool) -> Value {
    let count = |outcome| imported.rows.iter().filter(|(_, found)| *found == outcome).count();
    let rows: Vec<Value> =
        imported.rows.iter().map(|(id, outcome)| json!({"plan_id": id, "outcome": outcome})).collect();
    json!({
        "read": read, "new": count(RowOutcome::New), "unchanged": count(RowOutcome::Unchanged),
        "updated": count(RowOutcome::Updated), "written": imported.problems.is_empty() && !dry_run,
        "dry_run": dry_run, "repeated": imported.repeated, "rows": rows,
    })
}

/// Burn-weather levels of some local days, both inclusive: those of the region's file, then the
/// entered ones in the order of their entry; of one unit where one is named.
#[must_use]
pub fn weather(ground: &Ground, entered: &[EnteredWeather], days: (Date, Date), unit: Option<&UnitCode>) -> Vec<Value> {
    let wanted = |code: &UnitCode| unit.is_none_or(|unit| unit == code);
    let in_file = ground.data().burn_weather.iter().filter(|level| (days.0..=days.1).contains(&level.date));
    let in_file = in_file
        .filter(|level| wanted(&level.unit_code))
        .map(|level| json!({"unit_code": level.unit_code, "day": level.date, "level": level.level, "source": "file"}));
    let entered = entered.iter().filter(|entry| wanted(&entry.weather.unit_code)).map(|entry| {
        json!({
            "unit_code": entry.weather.unit_code, "day": entry.weather.date, "level": entry.weather.level,
            "source": "entered", "entered_at": entry.entered_at.to_string(), "entered_by": entry.entered_by,
        })
    });
    in_file.chain(entered).collect()
}

/// What entering a level left.
#[must_use]
pub fn weather_entry(entry: &WeatherEntry) -> Value {
    let entered = &entry.entered;
    json!({
        "unit_code": entered.weather.unit_code, "day": entered.weather.date, "level": entered.weather.level,
        "entered_at": entered.entered_at.to_string(), "entered_by": entered.entered_by, "repeated": entry.repeated,
    })
}

/// A heat source approved here.
#[must_use]
pub fn approved_heat_source(source: &ApprovedHeatSource, standing: HeatStanding) -> Value {
    let mut object = json!({"origin": "firegrid", "standing": standing, "label": standing.label().zh,
        "label_en": standing.label().en});
    if let (Value::Object(all), Ok(Value::Object(own))) = (&mut object, serde_json::to_value(source)) {
        all.extend(own);
    }
    object
}

/// A heat source of the region's file.
#[must_use]
pub fn region_heat_source(source: &HeatSource, standing: HeatStanding) -> Value {
    let (centre, radius_m) = match &source.shape {
        HeatSourceShape::Circle { centre, radius_m } => (Some(centre), Some(radius_m)),
        HeatSourceShape::Outline(_) => (None, None),
    };
    json!({
        "origin": "region", "standing": standing, "label": standing.label().zh, "label_en": standing.label().en,
        "id": source.id, "name": source.name, "kind": source.kind, "centre": centre, "radius_m": radius_m,
        "approved_by": source.approved_by, "approved_on": source.approved_on, "expires": source.expires,
    })
}

/// Every known heat source, those that expire soon first, then by standing, last day and id.
#[must_use]
pub fn heat_sources(
    ground: &Ground,
    approved: &[ApprovedHeatSource],
    today: Date,
    rules: &ApprovalRules,
) -> Vec<(HeatStanding, Value)> {
    let here = approved.iter().map(|source| {
        let standing = source.standing(today, rules);
        ((standing, source.expires, source.id.clone()), approved_heat_source(source, standing))
    });
    let of_region = ground.data().heat_sources.iter().map(|source| {
        let standing = HeatStanding::of(source, today, rules);
        ((standing, source.expires, source.id.clone()), region_heat_source(source, standing))
    });
    let mut rows: Vec<_> = here.chain(of_region).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|((standing, ..), object)| (standing, object)).collect()
}

/// A place that looks like a heat source, and why.
#[must_use]
pub fn suggestion(suggestion: &Suggestion) -> Value {
    let mut object = serde_json::to_value(suggestion).unwrap_or_default();
    if let Value::Object(fields) = &mut object {
        fields.insert("why".to_owned(), suggestion.say().zh.into());
        fields.insert("why_en".to_owned(), suggestion.say().en.into());
    }
    object
}

/// The difference that judging again makes, or made.
#[must_use]
pub fn rejudgement(rejudgement: &Rejudgement) -> Value {
    let side = |judgement: &Judgement| {
        json!({
            "verdict": judgement.verdict, "reason": judgement.reason.say().zh,
            "reason_en": judgement.reason.say().en, "responsible": judgement.responsible,
            "unit_code": judgement.unit, "region_version": judgement.region_version,
        })
    };
    let changes = rejudgement.changes.iter().map(|change| {
        json!({
            "detection": change.key, "acquired_at": change.acquired_at.to_string(), "alert": change.alert,
            "old": side(&change.old), "new": side(&change.new),
        })
    });
    json!({
        "region_version": rejudgement.region_version, "looked_at": rejudgement.looked_at,
        "changed": rejudgement.changes.len(), "hash": rejudgement.hash, "applied": rejudgement.applied.is_some(),
        "event": rejudgement.applied, "repeated": rejudgement.repeated,
        "alerts_opened": rejudgement.alerts_opened, "changes": changes.collect::<Vec<_>>(),
        "unjudgeable": rejudgement.unjudgeable,
    })
}
