//! The API under `/api/v1`: what is known as JSON, `GeoJSON` and tables, and everything people do.
//!
//! Every call is made by an account, with a token or from a page ([`Me`]), and sees that account's
//! ground; writing needs an account that works cases ([`Worker`](super::auth::Worker)). Each route names the parameters it
//! knows and refuses others ([`crate::web::request::Request::only`]); faults are problem+json. Bodies are read by [`body`], parameters by
//! [`params`], refusals get their status in [`crate::web::problem`]. Documents are those of [`crate::report`], which the
//! command line writes too. docs/api.md is the reference for callers.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, head, post};
use axum::{Router, middleware};
use serde_json::json;

mod account;
mod body;
mod burning;
mod case_act;
mod cases;
mod figures;
mod follow;
mod fresh;
mod heat_sources;
mod hub;
mod map;
mod openapi;
mod page;
mod people;
mod photos;
mod plan_import;
mod plans;
mod rejudgement;
mod repeat;
mod service;
mod tus;
mod uploads;

use super::Web;
use super::ask::Ask;
use super::auth::Me;
use super::coverage::{Feed, feeds};
use crate::domain::ground::Ground;
use crate::domain::time::SignedDuration;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::report::export::{self, Format};
use crate::report::figures::{Pixel, Question};
use crate::store::DayList;
use crate::store::query::{AlertRow, DetectionRow, FireRow, Span};
use crate::web::forms::params::{flag, span_of};
use crate::web::forms::{params, plan_file};
use crate::web::problem::Problem;
use crate::web::respond::document;
pub use follow::Stopping;
pub(super) use hub::Hub;
pub(super) use openapi::page as described;
use page::{MAX_FEATURES, PAGING};

/// All routes of the API.
pub(super) fn routes(web: &Arc<Web>) -> Router<Arc<Web>> {
    Router::new()
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/events", get(follow::stream))
        .route("/api/v1/figures", get(figures::figures))
        .route("/api/v1/alerts", get(alerts))
        .route("/api/v1/detections.geojson", get(detections))
        .route("/api/v1/fires.geojson", get(fires))
        .route("/api/v1/zones.geojson", get(zones))
        .route("/api/v1/units.geojson", get(units))
        .route("/api/v1/map/day", get(map::day))
        .route("/api/v1/map/base", get(map::base))
        .route("/api/v1/cases", get(cases::list).post(cases::add))
        .route("/api/v1/cases/counts", get(cases::counts))
        .route("/api/v1/cases/export", get(cases::export))
        .route("/api/v1/cases/{number}", get(cases::one))
        .route("/api/v1/cases/{number}/acts", post(cases::act))
        .route("/api/v1/photos", post(photos::add))
        .route("/api/v1/photos/{hash}", get(photos::copy))
        .route("/api/v1/photos/{hash}/original", get(photos::original))
        .route("/api/v1/uploads", post(uploads::begin).options(uploads::options))
        .route("/api/v1/uploads/{id}", head(uploads::state).patch(uploads::append).delete(uploads::give_up))
        .route("/api/v1/plans", get(plans::list).post(plans::apply))
        .route("/api/v1/plans/export", get(plans::export))
        .route("/api/v1/plans/import", post(plan_import::import).layer(at_most(plan_file::MAX_BYTES)))
        .route("/api/v1/plans/ledger", get(burning::ledger))
        .route("/api/v1/plans/progress", get(burning::progress))
        .route("/api/v1/plans/{id}", get(plans::one))
        .route("/api/v1/plans/{id}/acts", post(plans::act))
        .route("/api/v1/weather", get(burning::weather).post(burning::enter_weather))
        .route("/api/v1/heat-sources", get(heat_sources::list).post(heat_sources::approve))
        .route("/api/v1/heat-sources/suggestions", get(heat_sources::suggestions))
        .route("/api/v1/heat-sources/{id}/acts", post(heat_sources::act))
        .route("/api/v1/people", get(people::all))
        .route("/api/v1/people/check", get(people::check))
        .route("/api/v1/people/list", get(people::list))
        .route("/api/v1/duty", get(people::duty))
        .route("/api/v1/rejudgement", get(rejudgement::preview).post(rejudgement::apply))
        .route("/api/v1/feeds", get(service::feeds))
        .route("/api/v1/audit", get(service::audit))
        .route("/api/v1/regions", get(service::versions))
        .route("/api/v1/regions/difference", get(service::versions_differ))
        .route("/api/v1/accounts/me", get(account::me))
        .route("/api/v1/accounts/me/sessions/{id}", delete(account::end_session))
        .route("/api/v1/accounts/{name}/role", post(account::change_role))
        .layer(at_most(body::MAX_JSON_BYTES))
        .route_layer(middleware::from_fn_with_state(web.clone(), repeat::once))
        .route_layer(middleware::from_fn(fresh::tag))
}

/// Keeps larger bodies out of memory; the innermost of several counts.
pub(super) fn at_most(bytes: u64) -> DefaultBodyLimit {
    DefaultBodyLimit::max(usize::try_from(bytes).unwrap_or(usize::MAX))
}

/// `GET /api/v1/alerts`
async fn alerts(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    document(&ask, alerts_document(&web, &me, &ask).await)
}

async fn alerts_document(web: &Web, me: &Me, ask: &Ask) -> Result<Response, Problem> {
    let (wanted, outside) = (day_list(web, ask, params::MAX_PAGE)?, flag(ask, "outside")?);
    let (ground, span) = (web.ground(), wanted.span);
    let mut page = page::held(ask, me.store.day_list::<AlertRow>(wanted).await?)?;
    let next = page::next_of(&page, |row| row.number.0.clone());
    let question = whole_of(me, &ground, span);
    page.rows.retain(|row| outside || question.counts_alert(row));
    let coverage: Vec<_> = feeds(web).await?.iter().map(Feed::json).collect();
    let body = json!({
        "items": export::alert_objects(&page.rows),
        "next": next,
        "region_version": web.ground().version(),
        "simulated": web.site.simulated,
        "coverage": coverage,
    });
    Ok(page::listed(ask, next.as_deref(), body))
}

/// `GET /api/v1/detections.geojson`
async fn detections(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        let (wanted, outside) = (day_list(&web, &ask, MAX_FEATURES)?, flag(&ask, "outside")?);
        let (ground, span) = (web.ground(), wanted.span);
        let mut page = page::held(&ask, me.store.day_list::<DetectionRow>(wanted).await?)?;
        let next = page::next_of(&page, |row| row.observation.key.to_string());
        let question = whole_of(&me, &ground, span);
        page.rows.retain(|row| outside || question.counts_pixel(&Pixel::from(row)));
        Ok(page::linked(&ask, next.as_deref(), geojson(export::detections(&page.rows, Format::GeoJson))?))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/fires.geojson`
async fn fires(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        let (wanted, outside) = (day_list(&web, &ask, MAX_FEATURES)?, flag(&ask, "outside")?);
        let (ground, span) = (web.ground(), wanted.span);
        let mut page = page::held(&ask, me.store.day_list::<FireRow>(wanted).await?)?;
        let next = page::next_of(&page, |row| row.id.to_string());
        let question = whole_of(&me, &ground, span);
        page.rows.retain(|row| outside || question.counts_fire(row));
        Ok(page::linked(&ask, next.as_deref(), geojson(export::fires(&page.rows, Format::GeoJson))?))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/zones.geojson`; `date` decides which are in force.
async fn zones(State(web): State<Arc<Web>>, _: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&["date"])?;
        let ground = web.ground();
        let day = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
        geojson(export::zones(&ground, day, Format::GeoJson))
    };
    document(&ask, read())
}

/// `GET /api/v1/units.geojson`
async fn units(State(web): State<Arc<Web>>, _: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&[])?;
        geojson(export::units(&web.ground(), Format::GeoJson))
    };
    document(&ask, read())
}

fn geojson(body: Result<Vec<u8>, export::SheetError>) -> Result<Response, Problem> {
    Ok(([(header::CONTENT_TYPE, Format::GeoJson.media_type())], body?).into_response())
}

/// Most days of one call for a list of days: the season's busiest month. A year is twelve calls, between which others read.
const MAX_DAYS: i64 = 31;

/// Which rows of a list of days are asked for, at most `largest` a page.
fn day_list(web: &Web, ask: &Ask, largest: u32) -> Result<DayList, Problem> {
    ask.only_with(SPAN_AND_COUNTY, PAGING)?;
    let ground = web.ground();
    let (span, county) = (span_of(web, ask, &ground)?, county_of(ask, &ground)?);
    // A day of a zone with summer time has an hour more.
    if span.until.duration_since(span.from) > SignedDuration::from_hours(24 * MAX_DAYS + 1) {
        return Err(Problem::refused(StatusCode::BAD_REQUEST, TOO_MANY_DAYS));
    }
    let limit = params::limit_up_to(ask, largest)?;
    Ok(DayList { span, county, after: ask.param("after").map(str::to_owned), limit })
}

/// What whoever asks for more days is told.
const TOO_MANY_DAYS: &str =
    "一次最多查询31天，请分段查询 · at most 31 days are answered at once: divide the span into several calls";

/// What the lists of days know.
const SPAN_AND_COUNTY: &[&str] = &["from", "to", "county", "outside"];

/// What a list of days holds unless more is asked for: exactly what the pages count.
fn whole_of<'a>(me: &'a Me, ground: &'a Ground, period: Span) -> Question<'a> {
    Question { ground, scope: me.store.scope(), period, verdicts: &[] }
}

fn county_of(ask: &Ask, ground: &Ground) -> Result<Option<UnitCode>, Problem> {
    let Some(code) = ask.param("county").map(|code| UnitCode(code.to_owned())) else { return Ok(None) };
    match ground.unit(&code) {
        Some(unit) if unit.level == UnitLevel::County => Ok(Some(code)),
        _ => Err(Problem::UnknownCounty(code.0)),
    }
}
