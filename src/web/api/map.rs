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

use crate::domain::account::Scope;
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::base_layers::BaseLayers;
use crate::report::day_map::{DayColumns, DayRows};
use crate::report::figures::{self, Question};
use crate::store::PeriodRows;
use crate::store::query::Span;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::{Feed, coverage};
use crate::web::figures::{counted_scope, document as document_of};
use crate::web::forms::params::{day_span, unit_of, words};
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::web::{Web, etag};
use crate::words::{Label, Lang};

/// `GET /api/v1/map/day`
pub(super) async fn day(State(web): State<Arc<Web>>, me: Me, ask: Ask, headers: HeaderMap) -> Response {
    document(&ask, day_document(&web, &me, &ask, &headers).await)
}

/// `GET /api/v1/map/base`
pub(super) async fn base(State(web): State<Arc<Web>>, _: Me, ask: Ask, headers: HeaderMap) -> Response {
    document(&ask, base_document(&web, &ask, &headers).await)
}

/// What of a day is asked for.
struct Wanted {
    /// The ground that is counted.
    scope: Arc<Scope>,
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
    let unit = unit_of(ask, &ground)?;
    let wanted = Wanted {
        scope: counted_scope(me.store.scope(), &ground, unit.as_ref())?,
        units: unit.map(|code| ground.subtree(&code)),
        verdicts: words(ask, "verdict", Verdict::from_name, "words of verdicts joined by commas, such as banned")?,
    };
    let rows = me.store.period(span).await?;
    let coverage = coverage(web).await?;
    let beside = Beside {
        simulated: web.site.simulated,
        coverage: coverage.feeds.iter().map(|feed| coverage_of(feed, ask, web)).collect(),
        data_up_to: coverage.data_up_to(&ground.data().time_zone),
    };
    let written = Document { ground: ground.clone(), date, span, rows, wanted, lang: ask.lang, beside };
    let body = run_blocking(move || written.write()).await??;
    let tag = etag::of(&body);
    // The tag is that of the rest: a document that only says a later time is not another one.
    let made = format!("{{\"generated_at\":\"{}\",", web.now());
    let mut full = made.into_bytes();
    full.extend(body.iter().skip(1));
    Ok(answer(headers, &tag, full))
}

impl Wanted {
    fn of(&self, rows: &mut PeriodRows) {
        let here = |code: Option<&UnitCode>| {
            self.units.as_ref().is_none_or(|units| code.is_some_and(|code| units.contains(code)))
        };
        let judged = |verdict: Option<Verdict>| {
            self.verdicts.is_empty() || verdict.is_some_and(|verdict| self.verdicts.contains(&verdict))
        };
        rows.pixels.retain(|row| here(row.unit_code.as_ref()) && judged(Some(row.verdict)));
        rows.fires.retain(|row| here(row.unit_code.as_ref()) && judged(Some(row.verdict)));
        rows.alerts.retain(|row| here(Some(&row.unit_code)) && judged(row.verdict));
    }
}

fn coverage_of(feed: &Feed, ask: &Ask, web: &Web) -> Value {
    let newest = feed
        .state
        .newest_acquired_at
        .map(|at| web.ground().data().time_zone.to_datetime(at).strftime("%m-%d %H:%M").to_string());
    json!({"feed": feed.state.id, "state": feed.freshness, "words": ask.lang.say(feed.freshness.label()), "newest": newest})
}

/// Everything a document is written from.
struct Document {
    ground: Arc<Ground>,
    date: Date,
    span: Span,
    rows: PeriodRows,
    wanted: Wanted,
    lang: Lang,
    beside: Beside,
}

/// The document as it is sent, without when it was made.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    beside: &'a Beside,
    figures: Value,
    #[serde(flatten)]
    columns: DayColumns,
}

impl Document {
    fn write(mut self) -> Result<Vec<u8>, Problem> {
        let (ground, wanted) = (&self.ground, &self.wanted);
        let question = Question { ground, scope: &wanted.scope, period: self.span, verdicts: &wanted.verdicts };
        // Before rows are left out: why numbers differ lies also in those that are not asked for.
        let figures = figures::of_period(&question, &self.rows);
        wanted.of(&mut self.rows);
        let rows = DayRows { question, date: self.date, rows: &self.rows, lang: self.lang };
        let figures = document_of(&figures, ground, self.lang);
        Ok(serde_json::to_vec(&Whole { beside: &self.beside, figures, columns: DayColumns::of(&rows) })?)
    }
}

async fn base_document(web: &Web, ask: &Ask, headers: &HeaderMap) -> Result<Response, Problem> {
    ask.only(&[])?;
    let ground = web.ground();
    let body = if let Some(body) = web.kept_layers(&ground) {
        body
    } else {
        let drawn = ground.clone();
        let body: Arc<[u8]> = run_blocking(move || serde_json::to_vec(&BaseLayers::of(&drawn))).await??.into();
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
