//! Judging again over the API: the difference first, the act second.
//!
//! Looking judges everything once more, which costs; so it needs the token too, and takes a month at most.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::body::Body;
use super::page::answered;
use crate::domain::alert::AlertNumber;
use crate::domain::ground::Ground;
use crate::domain::time::Date;
use crate::store::{RejudgeOrder, RejudgeScope};
use crate::web::Web;
use crate::web::ask::Ask;
use crate::web::auth::Worker;
use crate::web::forms::{params, values};
use crate::web::problem::Problem;
use crate::web::respond::document;

/// `GET /api/v1/rejudgement`
pub(super) async fn preview(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask) -> Response {
    let read = async {
        ask.only(&["from", "to", "alert"])?;
        me.sees_everything()?;
        let ground = web.ground();
        let alert = ask.param("alert").map(str::to_owned);
        let scope = scope_of((ask.date("from")?, ask.date("to")?), alert, &ground)?;
        let difference = me.store.rejudge(scope, None, ground, web.site.rules.clone(), web.now()).await?;
        Ok(answered(&difference))
    };
    document(&ask, read.await)
}

/// What is judged again, by whom, why, and which difference was shown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplyBody {
    #[serde(rename = "as")]
    actor: Option<String>,
    why: String,
    expect: String,
    from: Option<String>,
    to: Option<String>,
    alert: Option<String>,
    client_id: Option<String>,
}

/// `POST /api/v1/rejudgement`
pub(super) async fn apply(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    Body(body): Body<ApplyBody>,
) -> Response {
    let written = async {
        ask.only(&[])?;
        me.sees_everything()?;
        let ground = web.ground();
        let day = |name, text: &Option<String>| text.as_deref().map(|text| values::day(name, text)).transpose();
        let scope = scope_of((day("from", &body.from)?, day("to", &body.to)?), body.alert, &ground)?;
        let by = values::by(me.actor(&web, body.actor.as_deref()).await?, body.client_id, values::Claim::default())?;
        let order = RejudgeOrder { by, why: body.why, expect: Some(body.expect) };
        let rules = web.site.rules.clone();
        let done = me.store.rejudge(scope, Some(order), ground, rules, web.now()).await?;
        Ok(answered(&done))
    };
    document(&ask, written.await)
}

/// Days, both inclusive (one alone is that day), or the fire of an alert.
fn scope_of(
    (from, to): (Option<Date>, Option<Date>),
    alert: Option<String>,
    ground: &Ground,
) -> Result<RejudgeScope, Problem> {
    let (first, last) = match (from.or(to), to.or(from), alert) {
        (None, None, Some(number)) => return Ok(RejudgeScope::Alert(AlertNumber(number))),
        (Some(first), Some(last), None) => (first, last),
        _ => {
            let text = "say what to judge again: from and to, or alert, one of the two";
            return Err(Problem::BadBody(text.to_owned()));
        }
    };
    let span = params::at_most_a_month(params::open_span(Some(first), Some(last), ground)?)?;
    Ok(RejudgeScope::Span(span))
}
