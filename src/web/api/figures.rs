//! The numbers themselves: pixels, suspected fires and alerts of a period, on the own ground or a unit of it.
//!
//! At most 31 days a call. Every pixel, fire and alert belongs to one moment, so the figures of portions add up.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::domain::verdict::Verdict;
use crate::report::figures::{Question, of_period};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::coverage;
use crate::web::figures::{counted_scope, document as document_of};
use crate::web::forms::params::{at_most_a_month, period, unit_of, words};
use crate::web::places::run_blocking;
use crate::web::problem::Problem;
use crate::web::respond::document;

/// `GET /api/v1/figures`
pub(super) async fn figures(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    document(&ask, answer(&web, &me, &ask).await)
}

async fn answer(web: &Web, me: &Me, ask: &Ask) -> Result<Response, Problem> {
    ask.only(&["from", "to", "unit", "verdict"])?;
    let (ground, lang) = (web.ground(), ask.lang);
    let span = at_most_a_month(period(web, ask, &ground)?)?;
    let scope = counted_scope(me.store.scope(), &ground, unit_of(ask, &ground)?.as_ref())?;
    let verdicts = words(ask, "verdict", Verdict::from_name, "words of verdicts joined by commas, such as banned")?;
    let rows = me.store.period(span).await?;
    let coverage = coverage(web).await?;
    let body = run_blocking(move || {
        let question = Question { ground: &ground, scope: &scope, period: span, verdicts: &verdicts };
        (document_of(&of_period(&question, &rows), &ground, lang), ground.version().clone())
    });
    let (figures, version) = body.await?;
    let body = json!({
        "from": span.from,
        "until": span.until,
        "figures": figures,
        "coverage": coverage.json(),
        "region_version": version,
        "simulated": web.site.simulated,
    });
    Ok(Json(body).into_response())
}
