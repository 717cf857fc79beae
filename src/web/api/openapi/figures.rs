//! The numbers of a period: what [`crate::report::figures`] counts, in schemas.

use serde_json::{Map, Value, json};

use crate::domain::observation::Satellite;
use crate::domain::verdict::Verdict;
use crate::web::api::openapi::types;
use crate::web::api::openapi::types::{count, flag, instant, joined, list, maybe, named, object, partly, text};

/// What is answered, by name.
pub(super) fn schemas() -> Map<String, Value> {
    let schemas = [
        ("Figures", figures()),
        ("Counts", object(counts())),
        ("PeriodFigures", period_figures()),
        ("Received", received()),
    ];
    schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn counts() -> Value {
    let by_verdict: Map<String, Value> =
        Verdict::ALL.iter().map(|verdict| (verdict.name().to_owned(), count())).collect();
    json!({
        "pixels": count(), "fires": count(), "alerts": count(),
        "fires_by_verdict": partly(&Value::Object(by_verdict), &[]),
    })
}

fn figures() -> Value {
    let line = object(joined(json!({"unit_code": maybe(&text())}), counts()));
    let reasons = [
        "crossing_fires",
        "further_alerts",
        "without_alert",
        "worked_elsewhere",
        "of_earlier_fires",
        "of_fires_elsewhere",
        "of_other_verdict",
        "reported",
        "pixels_of_earlier_fires",
        "pixels_of_fires_elsewhere",
    ];
    let reasons: Map<String, Value> = reasons.iter().map(|name| ((*name).to_owned(), count())).collect();
    object(json!({
        "unit_code": text(), "title": text(), "sentence": text(), "notes": list(&text()),
        "total": named("Counts"), "below": list(&line), "neighbours": named("Counts"), "elsewhere": named("Counts"),
        "reasons": object(Value::Object(reasons)),
    }))
}

fn period_figures() -> Value {
    object(json!({
        "from": instant(), "until": instant(), "figures": named("Figures"), "coverage": named("Received"),
        "region_version": text(), "simulated": flag(),
    }))
}

fn received() -> Value {
    let satellites = Satellite::ALL.map(Satellite::name);
    let satellite = json!({"satellite": types::one_of(&satellites), "newest_acquired_at": instant()});
    let brought = json!({"source": text(), "newest_acquired_at": maybe(&instant())});
    object(json!({
        "newest_acquired_at": maybe(&instant()), "satellites": list(&object(satellite)),
        "brought": list(&object(brought)),
    }))
}
