//! The HTTP side of the simulator: URLs to rows, refusals and unchanged answers.
//!
//! Used by [`super::server`] alone. Every handler asks the clock once and answers from
//! [`Simulator::published`]; nothing is kept between requests but the quota.
//!
//! # Source
//! Paths, file names and window lengths of the rolling files and the area API as in use in
//! 2026; "24h" really holds yesterday and today, UTC days.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use super::area::{self, AreaPath, AreaRequest, Refusal};
use super::flown::{Flown, Sensor};
use super::moved;
use super::server::Simulator;
use super::write::{self, Form};
use crate::domain::ground::Extent;
use crate::domain::time::{self, Date, SignedDuration, TimeError, TimeZone, Timestamp};

pub(super) fn router(simulator: Arc<Simulator>) -> Router {
    Router::new()
        .route("/data/active_fire/{folder}/csv/{file}", get(rolling))
        .route("/api/area/csv/{key}/{source}/{area}/{days}", get(area_until_today))
        .route("/api/area/csv/{key}/{source}/{area}/{days}/{date}", get(area_from_date))
        .route("/mapserver/mapkey_status/", get(key_status))
        .route("/truth.json", get(truth))
        .with_state(simulator)
}

/// A rolling file, read from its folder and name.
#[derive(Debug)]
struct RollingFile {
    instrument: Sensor,
    satellites: &'static [Flown],
    region: Extent,
    /// UTC days in it, today's included.
    days: i64,
}

/// How long after midnight UTC the files still end with the day before.
///
/// The real ones roll with the first rows of the new day, which take about that long.
const ROLL_AFTER: SignedDuration = SignedDuration::from_mins(105);

impl RollingFile {
    fn of(folder: &str, file: &str) -> Option<Self> {
        let (prefix, instrument, satellites): (_, _, &[Flown]) = match folder {
            "noaa-20-viirs-c2" => ("J1_VIIRS_C2", Sensor::Viirs, &[Flown::Noaa20]),
            "noaa-21-viirs-c2" => ("J2_VIIRS_C2", Sensor::Viirs, &[Flown::Noaa21]),
            // Delivery ended on 1 November 2026.
            "suomi-npp-viirs-c2" => ("SUOMI_VIIRS_C2", Sensor::Viirs, &[]),
            "modis-c6.1" => ("MODIS_C6_1", Sensor::Modis, &[Flown::Terra, Flown::Aqua]),
            _ => return None,
        };
        let rest = file.strip_prefix(prefix)?.strip_prefix('_')?.strip_suffix(".csv")?;
        let (region, window) = rest.rsplit_once('_')?;
        let region = match region {
            "Russia_Asia" => Extent { west: 26.0, south: 9.0, east: 180.0, north: 83.5 },
            "Global" => Extent { west: -180.0, south: -90.0, east: 180.0, north: 90.0 },
            _ => return None,
        };
        let days = match window {
            "24h" => 2,
            "48h" => 3,
            "7d" => 8,
            _ => return None,
        };
        Some(Self { instrument, satellites, region, days })
    }

    /// First UTC day in the file, and when it became the first.
    fn begins(&self, now: Timestamp) -> Result<(Date, Timestamp), TimeError> {
        let last = utc_day(moved(now, -ROLL_AFTER));
        let (midnight, _) = time::day_bounds(last, &TimeZone::UTC)?;
        Ok((last.saturating_sub(SignedDuration::from_hours(24 * (self.days - 1))), moved(midnight, ROLL_AFTER)))
    }
}

async fn rolling(
    State(simulator): State<Arc<Simulator>>,
    Path((folder, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Unanswered> {
    let Some(file) = RollingFile::of(&folder, &file) else {
        return Ok((StatusCode::NOT_FOUND, "404 Not Found\n").into_response());
    };
    let now = simulator.now();
    let (first_day, rolled_at) = file.begins(now)?;
    let rows = simulator.published(now, |row| {
        file.satellites.contains(&row.satellite)
            && file.region.holds(row.centre.to_point().0)
            && utc_day(row.acquired_at) >= first_day
    })?;
    let changed_at = rows.iter().map(|row| row.available_at).fold(rolled_at, Timestamp::max);
    let body = write::csv(file.instrument, Form::Rolling, &rows);
    Ok(unless_unchanged(&headers, body, changed_at))
}

/// The body, or 304 when the reader has it already.
///
/// `If-None-Match` decides when both are sent. A date is compared as text, as servers with
/// exact matching do: readers give back what they were given.
fn unless_unchanged(headers: &HeaderMap, body: String, changed_at: Timestamp) -> Response {
    let etag = format!("\"{}\"", hex::encode(Sha256::digest(body.as_bytes())));
    let last_modified = changed_at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let sent = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let unchanged = match sent(header::IF_NONE_MATCH) {
        Some(tags) => tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*"),
        None => sent(header::IF_MODIFIED_SINCE) == Some(last_modified.as_str()),
    };
    let validators = [(header::ETAG, etag), (header::LAST_MODIFIED, last_modified)];
    if unchanged {
        (StatusCode::NOT_MODIFIED, validators).into_response()
    } else {
        (validators, [(header::CONTENT_TYPE, "text/csv;charset=UTF-8")], body).into_response()
    }
}

async fn area_until_today(
    State(simulator): State<Arc<Simulator>>,
    Path((key, source, area, days)): Path<(String, String, String, String)>,
) -> Result<Response, Unanswered> {
    answer_area(&simulator, &key, AreaPath { source: &source, area: &area, days: &days, date: None })
}

async fn area_from_date(
    State(simulator): State<Arc<Simulator>>,
    Path((key, source, area, days, date)): Path<(String, String, String, String, String)>,
) -> Result<Response, Unanswered> {
    answer_area(&simulator, &key, AreaPath { source: &source, area: &area, days: &days, date: Some(&date) })
}

fn answer_area(simulator: &Simulator, key: &str, path: AreaPath<'_>) -> Result<Response, Unanswered> {
    let now = simulator.now();
    let request = match accept(simulator, key, path, now) {
        Ok(request) => request,
        Err(refusal) => return Ok((StatusCode::BAD_REQUEST, refusal.to_string()).into_response()),
    };
    let rows = simulator.published(now, |row| {
        request.dataset.satellites.contains(&row.satellite) && request.wants(row.centre, row.acquired_at)
    })?;
    let body = write::csv(request.dataset.instrument, Form::Area, &rows);
    Ok(([(header::CONTENT_TYPE, "text/csv;charset=UTF-8")], body).into_response())
}

fn accept(simulator: &Simulator, key: &str, path: AreaPath<'_>, now: Timestamp) -> Result<AreaRequest, Refusal> {
    if !simulator.knows_key(key) {
        return Err(Refusal::Key);
    }
    let request = area::read(path, utc_day(now))?;
    simulator.spend(request.transactions, now)?;
    Ok(request)
}

#[derive(serde::Deserialize)]
struct KeyQuery {
    #[serde(rename = "MAP_KEY")]
    map_key: Option<String>,
}

async fn key_status(State(simulator): State<Arc<Simulator>>, Query(query): Query<KeyQuery>) -> Response {
    let (limit, current) = simulator.spent(simulator.now());
    let known = query.map_key.is_some_and(|key| simulator.knows_key(&key));
    if !known || current >= limit {
        // The wording, slips included, is that of the real server.
        let text = "MAP_KEY is invalid or your have exceeded your transaction/time limit. Please try again later.";
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let status = serde_json::json!({
        "transaction_limit": limit,
        "current_transactions": current,
        "transaction_interval": "10 minutes",
    });
    axum::Json(status).into_response()
}

async fn truth(State(simulator): State<Arc<Simulator>>) -> Result<Response, Unanswered> {
    Ok(axum::Json(simulator.truth()?).into_response())
}

/// A request the simulator cannot answer although it is right.
struct Unanswered(TimeError);

impl From<TimeError> for Unanswered {
    fn from(error: TimeError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Unanswered {
    fn into_response(self) -> Response {
        tracing::error!(error = %self.0, "the simulator cannot make the day that was asked for");
        (StatusCode::INTERNAL_SERVER_ERROR, "the simulated calendar has ended\n").into_response()
    }
}

fn utc_day(at: Timestamp) -> Date {
    time::local_day(at, &TimeZone::UTC)
}
