//! The numbers of a period: what [`crate::report::figures`] counts, in schemas.

use serde_json::{Map, Value, json};

use super::parts::{joined, object};
use crate::domain::observation::Satellite;
use crate::domain::verdict::Verdict;
use crate::report::typed::Schemas;
use crate::report::typed::schema::{count, flag, instant, list, maybe, one_of, partly, text};

fn counts() -> Value {
    let by_verdict: Map<String, Value> =
        Verdict::ALL.iter().map(|verdict| (verdict.name().to_owned(), count())).collect();
    json!({
        "pixels": count(), "fires": count(), "alerts": count(),
        "fires_by_verdict": partly(&Value::Object(by_verdict), &[]),
    })
}

/// The numbers of the pages.
pub(super) fn figures(schemas: &mut Schemas) -> Value {
    schemas.named("Figures", |schemas| {
        let counted = schemas.named("Counts", |_| object(counts()));
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
            "total": counted, "below": list(&line), "neighbours": counted, "elsewhere": counted,
            "reasons": object(Value::Object(reasons)),
        }))
    })
}

/// The numbers of a period.
pub(super) fn period_figures(schemas: &mut Schemas) -> Value {
    schemas.named("PeriodFigures", |schemas| {
        let received = schemas.named("Received", |_| received());
        object(json!({
            "from": instant(), "until": instant(), "figures": figures(schemas), "coverage": received,
            "region_version": text(), "simulated": flag(),
        }))
    })
}

fn received() -> Value {
    let satellites = Satellite::ALL.map(Satellite::name);
    let satellite = json!({"satellite": one_of(&satellites), "newest_acquired_at": instant()});
    let brought = json!({"source": text(), "newest_acquired_at": maybe(&instant())});
    object(json!({
        "newest_acquired_at": maybe(&instant()), "satellites": list(&object(satellite)),
        "brought": list(&object(brought)),
    }))
}
