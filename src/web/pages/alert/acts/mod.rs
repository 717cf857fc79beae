//! Acts by form: what people do to an alert on its page, without scripts.
//!
//! One address takes the acts of the page ([`read`] says what their fields mean), the finding has a page of its own
//! ([`report`]). A form that was taken leads back to the alert with a confirmation, one that was refused is shown again
//! with what was typed and the domain's own words ([`panel`]). What is allowed is decided by the store's one way in.

pub(super) mod panel;
mod read;
pub(in crate::web) mod report;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::domain::alert::AlertNumber;
use crate::domain::alert::{Act, ActKind, AlertView};
use crate::media::Photo;
use crate::store::{ActError, AlertFound, Command, Instead};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::Typed;
use crate::web::pages::alert::page;
use crate::web::pages::alert::page::Attempt;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};

/// `POST /alerts/{number}/acts`
pub(in crate::web) async fn act(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(number): Path<String>,
    ask: Ask,
    headers: HeaderMap,
    typed: Typed,
) -> Response {
    let number = AlertNumber(number);
    match try_act(&web, &me, &number, &typed).await {
        Ok(kind) => respond::see_other(&ask.href(&done_path(&number, kind))),
        Err(problem) if problem.is_of_the_form() => {
            let page =
                async |refused| page::show(&web, &me, &ask, &headers, (number, Some(Attempt { typed, refused }))).await;
            respond::again(&web, &ask, problem, page).await
        }
        Err(problem) => respond::refused(&web, &ask, problem).await,
    }
}

/// `GET /alerts/{number}/acts`: the address that a refused form stands under, when it is reloaded or read in the other
/// language.
pub(in crate::web) async fn back(Path(number): Path<String>, ask: Ask) -> Response {
    respond::see_other(&ask.href(&format!("/alerts/{}", percent_encoded(&number))))
}

/// The page of an alert after an act.
pub(super) fn done_path(number: &AlertNumber, kind: ActKind) -> String {
    format!("/alerts/{number}?done={}#acts", kind.name())
}

async fn try_act(web: &Web, me: &Me, number: &AlertNumber, typed: &Typed) -> Result<ActKind, Problem> {
    let ground = web.ground();
    let alert = standing_alert(me, number).await?;
    let act = read::act(typed, &ground, &alert, web.now())?;
    carry_out(web, me, number, act, (typed, Vec::new())).await
}

/// The alert as deciding looks at it.
pub(super) async fn standing_alert(me: &Me, number: &AlertNumber) -> Result<AlertView, Problem> {
    match me.store.alert_view(number).await? {
        AlertFound::Stands(alert) => Ok(*alert),
        // One that was merged or set aside is said to be so by the act itself; any other does not exist here.
        AlertFound::Gone => Err(ActError::Gone { number: number.clone(), instead: Instead::Either }.into()),
        AlertFound::Unknown => Err(Problem::UnknownAlert(number.0.clone())),
    }
}

/// Does an act with what every form carries beside it.
pub(super) async fn carry_out(
    web: &Web,
    me: &Me,
    number: &AlertNumber,
    act: Act,
    (typed, photos): (&Typed, Vec<Photo>),
) -> Result<ActKind, Problem> {
    let (ground, kind) = (web.ground(), act.kind());
    let command = Command {
        number: number.clone(),
        act,
        actor: me.own_actor(),
        on_behalf_of: typed.text("for"),
        claimed_at: typed.claim(&ground, web.now())?,
        client_id: typed.client_id()?,
        note: typed.text("note").unwrap_or_default(),
        photos,
    };
    me.store.carry_out(command, (ground, web.site.rules.clone()), web.now()).await?;
    Ok(kind)
}
