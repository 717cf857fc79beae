//! The API: alerts of a day as JSON; detections, fires, zones and units as `GeoJSON`; cases and what
//! people do to them ([`cases`], writes behind a token, [`guard`]).
//!
//! Parameters: `from` and `to`, local dates, both inclusive, today by default; `county`, a
//! county's code. Faults are problem+json. Documents are those of [`crate::report::export`],
//! which the command line writes too.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(super) mod cases;
mod guard;

use super::Web;
use super::ask::Ask;
use super::coverage::{Feed, feeds};
use super::error::{Problem, document};
use crate::domain::ground::Ground;
use crate::domain::time::{Date, day_bounds};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::report::export::{self, Format};
use crate::store::query::Span;

/// `GET /api/v1/alerts`
pub(super) async fn alerts(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    document(&ask, alerts_document(&web, &ask).await)
}

async fn alerts_document(web: &Web, ask: &Ask) -> Result<Response, Problem> {
    let ground = web.ground();
    let (span, county) = (span_of(web, ask, &ground)?, county_of(ask, &ground)?);
    let mut rows = web.site.store.alerts(span).await?;
    rows.retain(|row| county.is_none() || row.county_code == county);
    let coverage: Vec<_> = feeds(web).await?.iter().map(Feed::json).collect();
    let body = json!({
        "items": export::alert_objects(&rows),
        "region_version": ground.version(),
        "simulated": web.site.simulated,
        "coverage": coverage,
    });
    Ok(Json(body).into_response())
}

/// `GET /api/v1/detections.geojson`
pub(super) async fn detections(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let read = async {
        let ground = web.ground();
        let (span, county) = (span_of(&web, &ask, &ground)?, county_of(&ask, &ground)?);
        let mut rows = web.site.store.detections(span).await?;
        rows.retain(|row| county.is_none() || row.county_code == county);
        Ok(geojson(export::detections(&rows, Format::GeoJson)))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/fires.geojson`
pub(super) async fn fires(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let read = async {
        let ground = web.ground();
        let (span, county) = (span_of(&web, &ask, &ground)?, county_of(&ask, &ground)?);
        let mut rows = web.site.store.fires(span).await?;
        rows.retain(|row| county.is_none() || row.county_code == county);
        Ok(geojson(export::fires(&rows, Format::GeoJson)))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/zones.geojson`; `date` decides which are in force.
pub(super) async fn zones(State(web): State<Arc<Web>>, ask: Ask) -> Response {
    let ground = web.ground();
    let day = ask.date("date").map(|day| day.unwrap_or_else(|| ground.local_day(web.now())));
    document(&ask, day.map(|day| geojson(export::zones(&ground, day, Format::GeoJson))))
}

/// `GET /api/v1/units.geojson`
pub(super) async fn units(State(web): State<Arc<Web>>) -> Response {
    geojson(export::units(&web.ground(), Format::GeoJson))
}

/// Only workbooks can fail to be written, so the second arm is never taken.
fn geojson(body: Result<Vec<u8>, export::SheetError>) -> Response {
    match body {
        Ok(body) => ([(header::CONTENT_TYPE, Format::GeoJson.media_type())], body).into_response(),
        Err(error) => {
            tracing::error!("an export document could not be written: {error}");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn span_of(web: &Web, ask: &Ask, ground: &Ground) -> Result<Span, Problem> {
    let (from, to) = (ask.date("from")?, ask.date("to")?);
    let today = ground.local_day(web.now());
    // One end alone means that day alone.
    let (first, last) = (from.or(to).unwrap_or(today), to.or(from).unwrap_or(today));
    if last < first {
        return Err(Problem::EmptySpan);
    }
    let bounds = |name: &'static str, day: Date| {
        day_bounds(day, &ground.data().time_zone).map_err(|source| Problem::BadDate { name, source })
    };
    Ok(Span { from: bounds("from", first)?.0, until: bounds("to", last)?.1 })
}

fn county_of(ask: &Ask, ground: &Ground) -> Result<Option<UnitCode>, Problem> {
    let Some(code) = ask.param("county").map(|code| UnitCode(code.to_owned())) else { return Ok(None) };
    match ground.unit(&code) {
        Some(unit) if unit.level == UnitLevel::County => Ok(Some(code)),
        _ => Err(Problem::UnknownCounty(code.0)),
    }
}
