//! The burn plan that a verdict rests on, as it stood when the fire was seen.
//!
//! What does not fit is said by the reason beside it.

use crate::domain::time::DateTime;
use crate::domain::verdict::{OrderSpan, PlanMatch, Reason};
use crate::words::{Label, Lang, pages as w};

/// The plan, in words.
pub(in crate::web) struct PlanCard {
    /// Its id.
    pub id: String,
    /// Name of its unit.
    pub unit: String,
    /// Where it stood then; `None` when it had not been received.
    pub status: Option<&'static str>,
    /// Its window, local.
    pub window: String,
    /// The order that let it burn, local.
    pub order: Option<String>,
    /// From the pixel centre to its plot.
    pub distance: Option<String>,
}

/// The plan of a verdict that rests on one.
pub(in crate::web) fn plan_card(reason: Option<&Reason>, lang: Lang) -> Option<PlanCard> {
    let (Reason::Planned { plan, .. } | Reason::OffPlan { plan, .. }) = reason? else { return None };
    let PlanMatch { window_from, window_to, distance_km, .. } = &**plan;
    let span = |from: &DateTime, to: &DateTime| {
        format!("{} – {}", from.strftime("%Y-%m-%d %H:%M"), to.strftime("%Y-%m-%d %H:%M"))
    };
    Some(PlanCard {
        id: plan.plan.to_string(),
        unit: plan.unit_name.clone(),
        status: plan.status.map(|status| lang.say(status.label())),
        window: span(window_from, window_to),
        order: plan.order.as_ref().map(|OrderSpan { from, to, .. }| span(from, to)),
        distance: distance_km.map(|km| format!("{km:.2} {}", lang.say(w::alert::KM))),
    })
}
