//! Alerts over the API: the problem list, one alert, and everything people do to it.
//!
//! An account reads and works its own ground; a token that may act for others names the acting person (`as`). The
//! command line does the same over the same store.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::alert_act::ActBody;
use super::body::{Body, Named};
use super::page::{self, PAGING, answered};
use crate::domain::alert::Act;
use crate::domain::alert::{AlertNumber, AlertSource};
use crate::domain::chain::Chain;
use crate::domain::ground::RegionVersion;
use crate::domain::position::Position;
use crate::domain::share::Share;
use crate::domain::time::{Date, Timestamp};
use crate::report::export::{self, Heads};
use crate::report::typed::{answer, typed};
use crate::store::query::{AlertEventRow, AlertRow};
use crate::store::{AlertCount, AlertTotal, Command, Complainant, Cursor, DeadlineRow, Ended, HandedOut, NewAlert};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::alert_filter::{ALERT_FILTERS, alert_filter_of};
use crate::web::forms::params::{format_of, heads_of, limit_of};
use crate::web::forms::values::{Claim, client_id, phone};
use crate::web::photos::photos;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::web::{Web, respond};
use crate::words::api::alerts::{COUNT, COUNT_IS_LEAST};
use crate::words::api::refusals;
use crate::words::pages as w;

/// Alerts read at once for an export.
const EXPORT_PAGE: u32 = 5000;

/// Most alerts of a table: a burning month of a city, and some two hundred megabytes while it is written.
const EXPORT_MOST: usize = 20_000;

/// `GET /api/v1/alerts`
pub(in crate::web) async fn list(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only_with(ALERT_FILTERS, PAGING)?;
        let (filter, limit) = (alert_filter_of(&web, &ask)?, limit_of(&ask)?);
        let page = me.store.listed_alerts(filter.clone(), after_of(&ask)?, limit).await?;
        let next = page.next.map(|next| format!("{}_{}", next.first_seen_at.as_millisecond(), next.number));
        let total = me.store.count_alerts(filter, Ended::Some).await?;
        let page = AlertPage {
            items: page.alerts,
            total,
            next: next.clone(),
            region_version: web.ground().version().clone(),
            simulated: web.site.simulated,
        };
        Ok(page::listed(&ask, next.as_deref(), &page))
    };
    document(&ask, read.await)
}

/// A page of the problem list.
pub(in crate::web) struct AlertPage {
    items: Vec<AlertRow>,
    total: AlertTotal,
    next: Option<String>,
    region_version: RegionVersion,
    simulated: bool,
}

typed! { AlertPage as page named "CasePage" {
    items, count: COUNT = page.total.alerts, count_is_least: COUNT_IS_LEAST = page.total.are_more, next,
    region_version, simulated,
} }

/// `GET /api/v1/alerts/counts`
pub(in crate::web) async fn counts(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(ALERT_FILTERS)?;
        let counts = me.store.alert_counts(alert_filter_of(&web, &ask)?).await?;
        Ok(answered(&Counted { counts }))
    };
    document(&ask, read.await)
}

answer! {
    /// Counts of alerts.
    pub(in crate::web) struct Counted named "CaseCounts" {
        counts: Vec<AlertCount>,
    }
}

/// `GET /api/v1/alerts/export`
pub(in crate::web) async fn export(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only_with(ALERT_FILTERS, &["format", "heads"])?;
        let (filter, format, heads) = (alert_filter_of(&web, &ask)?, format_of(&ask)?, heads_of(&ask, Heads::Chinese)?);
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = me.store.listed_alerts(filter.clone(), after, EXPORT_PAGE).await?;
            rows.extend(page.alerts);
            after = page.next;
            if rows.len() > EXPORT_MOST || (rows.len() == EXPORT_MOST && after.is_some()) {
                return Err(Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, refusals::TOO_MANY_ALERTS));
            }
            if after.is_none() {
                break;
            }
        }
        let asked = ask.here();
        me.is_given(&web, HandedOut::Alerts { rows: rows.len(), asked }).await?;
        let ground = web.ground();
        let written = run_blocking(move || export::listed_alerts(&ground, &rows, heads, format)).await??;
        Ok(respond::file("cases", format.name(), format.media_type(), written))
    };
    document(&ask, read.await)
}

/// `GET /api/v1/alerts/{number}`
pub(in crate::web) async fn one(me: Me, Named(number): Named, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let number = AlertNumber(number);
        let detail = me.alert(&number).await?;
        let numbers = |rows: Vec<AlertRow>| rows.into_iter().map(|row| row.number).collect();
        Ok(answered(&AlertDetail {
            alert: detail.alert,
            chains: detail.chains,
            events: detail.events,
            clocks: detail.clocks,
            detections: detail.detections.iter().map(|row| row.observation.key.to_string()).collect(),
            linked: numbers(detail.linked),
            earlier: numbers(detail.earlier),
        }))
    };
    document(&ask, read.await)
}

answer! {
    /// One alert.
    pub(in crate::web) struct AlertDetail named "CaseDetail" {
        alert: AlertRow,
        chains: Vec<Chain>,
        events: Vec<AlertEventRow>,
        clocks: Vec<DeadlineRow>,
        detections: Vec<String>,
        linked: Vec<AlertNumber>,
        earlier: Vec<AlertNumber>,
    }
}

/// `POST /api/v1/alerts/{number}/acts`
pub(in crate::web) async fn act(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Named(number): Named,
    ask: Ask,
    Body(ActBody { beside, act }): Body<ActBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let number = AlertNumber(number);
        let alert = me.alert(&number).await?;
        let actor = me.actor_for(&web, beside.actor.as_deref(), &alert.alert.owner_code).await?;
        let hashes = match &act {
            Act::Report { finding } => finding.photos.clone(),
            _ => Vec::new(),
        };
        let photos = photos(&web, &me, hashes).await?;
        let command = Command {
            number,
            act,
            actor,
            on_behalf_of: beside.on_behalf_of,
            claimed_at: Claim::of(beside.happened_at, web.now())?.at(),
            client_id: client_id(beside.client_id)?,
            note: beside.note,
            photos,
        };
        let done = me.store.carry_out(command, (web.ground(), web.site.rules.clone()), web.now()).await?;
        Ok(answered(&done))
    };
    document(&ask, written.await)
}

/// An alert that people bring.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewAlertBody {
    #[serde(rename = "as")]
    actor: Option<String>,
    source: AlertSource,
    lon: f64,
    lat: f64,
    seen_at: Option<Timestamp>,
    #[serde(default)]
    description: String,
    found_by: Option<String>,
    external_number: Option<String>,
    letter_number: Option<String>,
    reply_by: Option<Date>,
    complainant: Option<ComplainantBody>,
    client_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ComplainantBody {
    name: Option<String>,
    phone: Option<String>,
    address: Option<String>,
}

/// `POST /api/v1/alerts`
pub(in crate::web) async fn add(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    Body(body): Body<NewAlertBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        let is_complaint = body.source == AlertSource::Complaint || body.complainant.is_some();
        if is_complaint && !me.account.role.takes_complaints() {
            return Err(Problem::NotForRole(me.account.role));
        }
        let actor = me.actor(&web, body.actor.as_deref()).await?;
        let position = Position::from_lon_lat(body.lon, body.lat).map_err(|p| Problem::BadBody(p.to_string()))?;
        let new = NewAlert {
            source: body.source,
            position,
            seen_at: body.seen_at.unwrap_or_else(|| web.now()),
            description: body.description,
            reported_by: match body.source {
                AlertSource::Complaint => None,
                _ => body.found_by.or_else(|| Some(actor.name.clone())),
            },
            actor,
            external_number: body.external_number,
            letter_number: body.letter_number,
            reply_by: body.reply_by,
            complainant: body.complainant.map(complainant).transpose()?,
            client_id: client_id(body.client_id)?,
        };
        web.use_shares(&me, vec![(Share::Alerts, 1)]).await?;
        let added = me.store.carry_out(new, (web.ground(), web.site.rules.clone()), web.now()).await?;
        let status = if added.joined || added.repeated { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, answered(&added)).into_response())
    };
    document(&ask, written.await)
}

fn complainant(who: ComplainantBody) -> Result<Complainant, Problem> {
    let phone = phone(w::complaints::PHONE_FIELD, who.phone.as_deref().unwrap_or_default())?;
    Ok(Complainant::new(who.name, phone, who.address))
}

/// The opaque `next` of the page before.
fn after_of(ask: &Ask) -> Result<Option<Cursor>, Problem> {
    let Some(text) = ask.param("after") else { return Ok(None) };
    let cursor = text.split_once('_').and_then(|(millis, number)| {
        let first_seen_at = Timestamp::from_millisecond(millis.parse().ok()?).ok()?;
        Some(Cursor { first_seen_at, number: AlertNumber(number.to_owned()) })
    });
    let bad = || Problem::BadParameter { name: "after", value: text.to_owned(), expected: "`next` of the page before" };
    cursor.map(Some).ok_or_else(bad)
}
