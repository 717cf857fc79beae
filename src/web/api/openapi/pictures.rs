//! Calls that show a day and follow it.

use super::call::{Call, parameter};
use super::heads::Kept;
use super::schemas;
use crate::report::typed::Typed;
use crate::report::typed::schema::{day, text};
use crate::web::api::{days, figures, follow};
use crate::words::api::day as say;

const GEOJSON: &str = "application/geo+json";

/// The call for the document itself.
pub(super) fn document() -> Call {
    let call = Call::get("day", "/openapi.json", "openapi", say::OPENAPI);
    call.answers("200", schemas::anything_at_all, "The document.")
}

/// The others.
pub(super) fn calls() -> Vec<Call> {
    let span = ["from", "to", "county", "outside", "limit", "after"];
    vec![
        Call::get("day", "/events", "followEvents", say::FOLLOW_EVENTS)
            .to(follow::stream)
            .with(&[parameter("after", &text(), &say::EVENTS_AFTER)])
            .kept(Kept::Stream)
            .answers_file(&["text/event-stream"], "The stream; the data of an event is a Change.")
            .refuses(&["429"]),
        Call::get("day", "/figures", "figures", say::FIGURES)
            .to(figures::figures)
            .with(&[
                parameter("from", &text(), &say::FIGURES_FROM),
                parameter("to", &text(), &say::FIGURES_TO),
                parameter("unit", &text(), &say::FIGURES_UNIT),
                parameter("verdict", &text(), &say::FIGURES_VERDICT),
            ])
            .answers("200", super::figures::period_figures, "The numbers."),
        Call::get("day", "/alerts/of-days", "alertsOfDays", say::ALERTS_OF_DAYS)
            .to(days::alerts)
            .with_shared(&span)
            .answers("200", days::AlertPage::schema, "A page."),
        Call::get("day", "/detections.geojson", "detectionsOfDays", say::DETECTIONS_OF_DAYS)
            .to(days::detections)
            .with_shared(&span)
            .answers_as(GEOJSON, "200", schemas::detections, "A page."),
        Call::get("day", "/fires.geojson", "firesOfDays", say::FIRES_OF_DAYS)
            .to(days::fires)
            .with_shared(&span)
            .answers_as(GEOJSON, "200", schemas::fires, "A page."),
        Call::get("day", "/zones.geojson", "zones", say::ZONES)
            .to(days::zones)
            .with(&[parameter("date", &day(), &say::ZONES_DATE)])
            .answers_as(GEOJSON, "200", schemas::zones, "All of them."),
        Call::get("day", "/units.geojson", "units", say::UNITS).to(days::units).answers_as(
            GEOJSON,
            "200",
            schemas::units,
            "All of them.",
        ),
    ]
}
