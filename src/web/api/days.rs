//! Lists of some days: alerts, detections, fires; and the ground they lie on: zones, units.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::openapi::parts::coverage;
use super::page::{self, MAX_FEATURES, PAGING};
use crate::domain::ground::{Ground, RegionVersion};
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::report::export::{self, Format};
use crate::report::figures::{Pixel, Question};
use crate::report::typed::{Schemas, Typed, answer};
use crate::store::DayList;
use crate::store::query::{AlertRow, DetectionRow, FireRow, Span};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::{Feed, feeds};
use crate::web::forms::params;
use crate::web::forms::params::{flag, span_of};
use crate::web::problem::Problem;
use crate::web::respond::document;

/// `GET /api/v1/alerts/of-days`
pub(super) async fn alerts(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    document(&ask, alerts_document(&web, &me, &ask).await)
}

async fn alerts_document(web: &Web, me: &Me, ask: &Ask) -> Result<Response, Problem> {
    let (wanted, outside) = (day_list(web, ask, params::MAX_PAGE)?, flag(ask, "outside")?);
    let (ground, span) = (web.ground(), wanted.span);
    let mut page = page::held(ask, me.store.day_list::<AlertRow>(wanted).await?)?;
    let next = page::next_of(&page, |row| row.number.0.clone());
    let question = whole_of(me, &ground, span);
    page.rows.retain(|row| outside || question.counts_alert(row));
    let page = AlertPage {
        items: page.rows,
        next: next.clone(),
        region_version: ground.version().clone(),
        simulated: web.site.simulated,
        coverage: feeds(web).await?,
    };
    Ok(page::listed(ask, next.as_deref(), &page))
}

answer! {
    /// Alerts of some days.
    pub(in crate::web) struct AlertPage named "AlertPage" {
        items: Vec<AlertRow>,
        next: Option<String>,
        region_version: RegionVersion,
        simulated: bool,
        coverage: Vec<Feed>,
    }
}

impl Typed for Feed {
    fn schema(schemas: &mut Schemas) -> Value {
        coverage(schemas)
    }

    fn json(&self) -> Value {
        Feed::json(self)
    }
}

/// `GET /api/v1/detections.geojson`
pub(super) async fn detections(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
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
pub(super) async fn fires(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
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
pub(super) async fn zones(State(web): State<Arc<Web>>, _: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&["date"])?;
        let ground = web.ground();
        let day = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
        geojson(export::zones(&ground, day, Format::GeoJson))
    };
    document(&ask, read())
}

/// `GET /api/v1/units.geojson`
pub(super) async fn units(State(web): State<Arc<Web>>, _: Me, ask: Ask) -> Response {
    let read = || {
        ask.only(&[])?;
        geojson(export::units(&web.ground(), Format::GeoJson))
    };
    document(&ask, read())
}

fn geojson(body: Result<Vec<u8>, export::SheetError>) -> Result<Response, Problem> {
    Ok(([(header::CONTENT_TYPE, Format::GeoJson.media_type())], body?).into_response())
}

/// Which rows of a list of days are asked for, at most `largest` a page.
fn day_list(web: &Web, ask: &Ask, largest: u32) -> Result<DayList, Problem> {
    ask.only_with(SPAN_AND_COUNTY, PAGING)?;
    let ground = web.ground();
    let (span, county) = (span_of(web, ask, &ground)?, county_of(ask, &ground)?);
    let span = params::at_most_a_month(span)?;
    let limit = params::limit_up_to(ask, largest)?;
    Ok(DayList { span, county, after: ask.param("after").map(str::to_owned), limit })
}

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
