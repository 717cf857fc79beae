//! The service itself over the API: its feeds, the log for auditors, and the versions of the region.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::page::{self, PAGING};
use crate::domain::ground::RegionVersion;
use crate::regions;
use crate::regions::bundle::Bundle;
use crate::regions::difference::difference;
use crate::report::typed::answer;
use crate::store::{LogFilter, LogRow, RegionRow};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::feeds as feeds_of;
use crate::web::forms::params;
use crate::web::forms::params::MAX_PAGE;
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;
use crate::words::Label;
use crate::words::api::refusals;

/// `GET /api/v1/feeds`
pub(super) async fn feeds(State(web): State<Arc<Web>>, _: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&[])?;
        let found = feeds_of(&web).await?;
        let rows: Vec<Value> = found
            .iter()
            .map(|feed| {
                let mut row = feed.json();
                if let Some(fields) = row.as_object_mut() {
                    let state = &feed.state;
                    fields.insert("label".to_owned(), feed.freshness.label().zh.into());
                    fields.insert("last_detail".to_owned(), json!(state.last_detail));
                    fields.insert("consecutive_failures".to_owned(), state.consecutive_failures.into());
                    fields.insert("next_attempt_at".to_owned(), json!(state.next_attempt_at));
                }
                row
            })
            .collect();
        let patience = web.site.patience;
        let body = json!({
            "feeds": rows, "as_of": web.now(), "late_after_hours": patience.late_after.as_hours(),
            "stale_after_hours": patience.stale_after.as_hours(), "simulated": web.site.simulated,
        });
        Ok(Json(body).into_response())
    };
    document(&ask, read.await)
}

/// `GET /api/v1/audit`
pub(super) async fn audit(me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only_with(&["subject_kind", "subject"], PAGING)?;
        me.reads_log()?;
        let limit = params::limit_of(&ask)?;
        let kind = |text: &str| LogFilter::kinds().contains(&text).then(|| text.to_owned());
        let filter = LogFilter {
            subject_kind: params::word(&ask, "subject_kind", kind, LogFilter::KINDS)?,
            subject: ask.param("subject").map(str::to_owned),
            // How people came in, and from where, is for whoever keeps the accounts.
            without_accounts: !me.account.role.administers(),
            ..LogFilter::default()
        };
        let before = params::word(&ask, "after", |text| text.parse().ok(), "`next` of the page before")?;
        let mut events = me.store.log(filter, before, limit + 1).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = events.len() > limit;
        events.truncate(limit);
        let next = events.last().filter(|_| has_more).map(|event| event.seq.to_string());
        Ok(page::listed(&ask, next.as_deref(), &AuditPage { items: events, next: next.clone() }))
    };
    document(&ask, read.await)
}

answer! {
    /// A page of the log.
    pub(super) struct AuditPage named "AuditPage" {
        items: Vec<LogRow>,
        next: Option<String>,
    }
}

/// `GET /api/v1/regions`
pub(super) async fn versions(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(PAGING)?;
        let mut rows = me.store.regions().await?.versions;
        let next = page::cut(&ask, &mut rows, MAX_PAGE, |row| row.version.0.clone())?;
        let page = RegionPage { items: rows, next: next.clone(), region_version: web.ground().version().clone() };
        Ok(page::listed(&ask, next.as_deref(), &page))
    };
    document(&ask, read.await)
}

answer! {
    /// A page of versions of the region.
    pub(super) struct RegionPage named "RegionPage" {
        items: Vec<RegionRow>,
        next: Option<String>,
        region_version: RegionVersion,
    }
}

/// `GET /api/v1/regions/difference`
pub(super) async fn versions_differ(me: Me, ask: Ask) -> Response {
    let read = async {
        ask.only(&["from", "to"])?;
        me.sees_everything()?;
        // People are records of a region too.
        me.sees_people()?;
        let (from, to) = (bundle_of(&me, &ask, "from").await?, bundle_of(&me, &ask, "to").await?);
        let found = run_blocking(move || {
            let (old, new) = (unpacked(&from)?, unpacked(&to)?);
            Ok::<_, Problem>(difference(&old, &new))
        })
        .await??;
        Ok(Json(found).into_response())
    };
    document(&ask, read.await)
}

async fn bundle_of(me: &Me, ask: &Ask, name: &'static str) -> Result<Vec<u8>, Problem> {
    let version = ask.param(name).unwrap_or_default().to_owned();
    let missing = || Problem::BadParameter { name, value: version.clone(), expected: "a version of /api/v1/regions" };
    me.store.region_bundle(RegionVersion(version.clone())).await?.ok_or_else(missing)
}

/// The records of a stored version. A later firegrid may read files more strictly than the one that stored them.
fn unpacked(bundle: &[u8]) -> Result<crate::domain::ground::RegionData, Problem> {
    let unreadable =
        |what: String| Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, refusals::unreadable_version(&what));
    let bundle = Bundle::from_bytes(bundle).map_err(|error| unreadable(error.to_string()))?;
    let loaded = regions::parse(bundle).map_err(|faults| unreadable(format!("{} faults", faults.len())))?;
    Ok(loaded.data)
}
