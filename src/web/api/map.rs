//! What the live map loads: the day as columns, and the outlines under it.
//!
//! The one place that reads rows for it. Both answers have an entity tag; the day's leaves out when it was made, so
//! that a poll of an unchanged day costs a few bytes.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::params::{aside, day_span, subtree_of, words};
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::base_layers::BaseLayers;
use crate::report::day_map::{DayColumns, DayRows};
use crate::report::lang::Lang;
use crate::store::query::{AlertRow, FireRow, PixelRow, Span};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::{Feed, feeds, newest};
use crate::web::error::{Problem, document};
use crate::web::etag;

/// `GET /api/v1/map/day`
pub(super) async fn day(State(web): State<Arc<Web>>, me: Me, ask: Ask, headers: HeaderMap) -> Response {
    document(&ask, day_document(&web, &me, &ask, &headers).await)
}

/// `GET /api/v1/map/base`
pub(super) async fn base(State(web): State<Arc<Web>>, _: Me, ask: Ask, headers: HeaderMap) -> Response {
    document(&ask, base_document(&web, &ask, &headers).await)
}

/// The rows of a day.
struct Rows {
    detections: Vec<PixelRow>,
    fires: Vec<FireRow>,
    alerts: Vec<AlertRow>,
}

/// What of them is asked for.
struct Wanted {
    units: Option<BTreeSet<UnitCode>>,
    verdicts: Vec<Verdict>,
}

/// What stands beside the columns.
#[derive(Serialize)]
struct Beside {
    simulated: bool,
    coverage: Vec<Value>,
    data_up_to: Option<String>,
}

async fn day_document(web: &Web, me: &Me, ask: &Ask, headers: &HeaderMap) -> Result<Response, Problem> {
    ask.only(&["date", "unit", "verdict"])?;
    let ground = web.ground();
    let date = ask.date("date")?.unwrap_or_else(|| ground.local_day(web.now()));
    let span = day_span("date", date, &ground)?;
    let wanted = Wanted {
        units: subtree_of(ask, &ground)?,
        verdicts: words(ask, "verdict", Verdict::from_name, "words of verdicts joined by commas, such as banned")?,
    };
    let rows = wanted.of(read(me, span).await?);
    let feeds = feeds(web).await?;
    let zone = &ground.data().time_zone;
    let beside = Beside {
        simulated: web.site.simulated,
        coverage: feeds.iter().map(|feed| coverage_of(feed, ask, web)).collect(),
        data_up_to: newest(&feeds).map(|at| zone.to_datetime(at).strftime("%m-%d %H:%M").to_string()),
    };
    let written = Document { ground: ground.clone(), date, span, rows, lang: ask.lang, beside };
    let body = aside(move || written.write()).await??;
    let tag = etag::of(&body);
    // The tag is that of the rest: a document that only says a later time is not another one.
    let made = format!("{{\"generated_at\":\"{}\",", web.now());
    let mut full = made.into_bytes();
    full.extend(body.iter().skip(1));
    Ok(answer(headers, &tag, full))
}

async fn read(me: &Me, span: Span) -> Result<Rows, Problem> {
    let store = &me.store;
    // Side by side: reading is most of the time.
    let (detections, fires, alerts) = tokio::try_join!(store.pixels(span), store.fires(span), store.alerts(span))?;
    Ok(Rows { detections, fires, alerts })
}

impl Wanted {
    fn of(&self, mut rows: Rows) -> Rows {
        let here = |code: Option<&UnitCode>| {
            self.units.as_ref().is_none_or(|units| code.is_some_and(|code| units.contains(code)))
        };
        let judged = |verdict: Option<Verdict>| {
            self.verdicts.is_empty() || verdict.is_some_and(|verdict| self.verdicts.contains(&verdict))
        };
        rows.detections.retain(|row| here(row.unit_code.as_ref()) && judged(Some(row.verdict)));
        rows.fires.retain(|row| here(row.unit_code.as_ref()) && judged(Some(row.verdict)));
        rows.alerts.retain(|row| here(Some(&row.unit_code)) && judged(row.verdict));
        rows
    }
}

fn coverage_of(feed: &Feed, ask: &Ask, web: &Web) -> Value {
    let newest = feed
        .state
        .newest_acquired_at
        .map(|at| web.ground().data().time_zone.to_datetime(at).strftime("%m-%d %H:%M").to_string());
    json!({"feed": feed.state.id, "state": feed.freshness, "words": ask.lang.freshness(feed.freshness), "newest": newest})
}

/// Everything a document is written from.
struct Document {
    ground: Arc<Ground>,
    date: Date,
    span: Span,
    rows: Rows,
    lang: Lang,
    beside: Beside,
}

/// The document as it is sent, without when it was made.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    beside: &'a Beside,
    #[serde(flatten)]
    columns: DayColumns,
}

impl Document {
    fn write(&self) -> Result<Vec<u8>, Problem> {
        let rows = DayRows {
            ground: &self.ground,
            date: self.date,
            from: self.span.from,
            detections: &self.rows.detections,
            fires: &self.rows.fires,
            alerts: &self.rows.alerts,
            lang: self.lang,
        };
        Ok(serde_json::to_vec(&Whole { beside: &self.beside, columns: DayColumns::of(&rows) })?)
    }
}

async fn base_document(web: &Web, ask: &Ask, headers: &HeaderMap) -> Result<Response, Problem> {
    ask.only(&[])?;
    let ground = web.ground();
    let body = if let Some(body) = web.kept_layers(&ground) {
        body
    } else {
        let drawn = ground.clone();
        let body: Arc<[u8]> = aside(move || serde_json::to_vec(&BaseLayers::of(&drawn))).await??.into();
        web.keep_layers(&ground, body.clone());
        body
    };
    Ok(answer(headers, &etag::of(&body), body.to_vec()))
}

fn answer(headers: &HeaderMap, tag: &str, body: Vec<u8>) -> Response {
    let fixed = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache"), (header::VARY, "accept-language")];
    if etag::is_held(headers, tag) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
