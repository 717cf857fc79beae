//! What burning in order sums up to, and the weather it depends on: ledger, progress, levels.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::body::Body;
use super::page::answered;
use crate::domain::calendar::BurnWeather;
use crate::domain::ground::RegionVersion;
use crate::domain::ledger::{self, LedgerLine, ProgressLine};
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;
use crate::report::objects::{self, WeatherLevelOf};
use crate::report::typed::answer;
use crate::store::query::Span;
use crate::store::{PlanFilter, WeatherError};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::{params, values};
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::words;

/// `GET /api/v1/plans/ledger`
pub(super) async fn ledger(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&["day", "unit"])?;
        let ground = web.ground();
        let day = ask.date("day")?.unwrap_or_else(|| ground.local_day(web.now()));
        let wanted = params::subtree_of(&ask, &ground)?;
        let span = params::day_span("day", day, &ground)?;
        // Plans of later days remain to be burnt too.
        let window = Some(Span { from: span.from, until: Span::ALL.until });
        let plans = me.store.plans(PlanFilter { window, ..PlanFilter::default() }).await?;
        let seen = me.store.in_span(span).await?;
        let mut lines = ledger::day_ledger(&ground, day, (span.from, span.until), &plans, &seen);
        lines.retain(|line| wanted.as_ref().is_none_or(|wanted| wanted.contains(&line.unit_code)));
        let note = words::figures::LEDGER.to_string();
        Ok(answered(&Ledger { day, lines, note, region_version: ground.version() }))
    };
    document(&ask, read.await)
}

answer! {
    /// The ledger of a day.
    pub(super) struct Ledger<'a> named "Ledger" {
        day: Date,
        lines: Vec<LedgerLine>,
        note: String,
        region_version: &'a RegionVersion,
    }
}

/// `GET /api/v1/plans/progress`
pub(super) async fn progress(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&["from", "to", "unit"])?;
        let (ground, now) = (web.ground(), web.now());
        let wanted = params::subtree_of(&ask, &ground)?;
        let window = Some(params::open_span(ask.date("from")?, ask.date("to")?, &ground)?);
        let plans = me.store.plans(PlanFilter { window, ..PlanFilter::default() }).await?;
        let mut lines = ledger::progress(&ground, &plans, now);
        lines.retain(|line| wanted.as_ref().is_none_or(|wanted| wanted.contains(&line.unit_code)));
        Ok(answered(&Progress { as_of: now, lines, region_version: ground.version() }))
    };
    document(&ask, read.await)
}

answer! {
    /// How far burning is.
    pub(super) struct Progress<'a> named "Progress" {
        as_of: Timestamp,
        lines: Vec<ProgressLine>,
        region_version: &'a RegionVersion,
    }
}

/// `GET /api/v1/weather`
pub(super) async fn weather(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&["unit", "from", "to"])?;
        let ground = web.ground();
        let unit = params::unit_of(&ask, &ground)?;
        let (from, to) = (ask.date("from")?, ask.date("to")?);
        let days = (from.unwrap_or(Date::MIN), to.unwrap_or(Date::MAX));
        if days.1 < days.0 {
            return Err(Problem::EmptySpan);
        }
        let entered = me.store.entered_weather(days.0, days.1).await?;
        let levels = objects::weather(&ground, &entered, days, unit.as_ref());
        let weather = levels.into_iter().map(WeatherLevelOf).collect();
        Ok(answered(&Levels { weather, region_version: ground.version() }))
    };
    document(&ask, read.await)
}

answer! {
    /// Levels of some days.
    pub(super) struct Levels<'a> named "WeatherList" {
        weather: Vec<WeatherLevelOf>,
        region_version: &'a RegionVersion,
    }
}

/// A level that a person enters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeatherBody {
    #[serde(rename = "as")]
    actor: Option<String>,
    unit: String,
    day: String,
    level: u64,
    client_id: Option<String>,
    happened_at: Option<Timestamp>,
}

/// `POST /api/v1/weather`
pub(super) async fn enter_weather(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    Body(body): Body<WeatherBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let claim = values::Claim::of(body.happened_at, web.now())?;
        let by = values::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, claim)?;
        // What does not fit is no level either, and is refused as one.
        let level = u8::try_from(body.level).map_err(|_too_large| WeatherError::Level(u8::MAX))?;
        let date = values::day("day", &body.day)?;
        let weather = BurnWeather { unit_code: UnitCode(body.unit), date, level };
        let entry = me.store.carry_out(weather, (by, web.ground()), web.now()).await?;
        let status = if entry.repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, answered(&entry)).into_response())
    };
    document(&ask, written.await)
}
