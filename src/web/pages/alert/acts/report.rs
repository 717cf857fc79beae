//! The finding (填报核查): a page of its own, with photos, that works without scripts.

use std::sync::Arc;

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;

use super::{carry_out, done_path, standing_alert};
use crate::domain::alert::AlertNumber;
use crate::domain::alert::{Act, ActKind, InNameOf, acts_open_to, bare_finding};
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::ground::Ground;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::values::not_filled_in;
use crate::web::forms::with_photos::WithPhotos;
use crate::web::forms::{Typed, new_client_id};
use crate::web::frame::{Frame, local};
use crate::web::pages::day::alert_list::verdict_class;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, full_name, pages as w};

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    f: Frame,
    action: String,
    number: String,
    verdict: &'static str,
    verdict_words: &'static str,
    place: String,
    first_seen: String,
    kinds: Vec<KindChoice>,
    /// It can only be reported for another person, who has to be named.
    is_for_another: bool,
    /// It cannot be reported by this account, or not any more.
    is_closed: bool,
    typed: Typed,
    kept: Vec<String>,
    client_id: String,
    refused: Option<String>,
}

struct KindChoice {
    name: &'static str,
    words: &'static str,
    needs_photo: bool,
    is_chosen: bool,
}

/// `GET /alerts/{number}/report`
pub(in crate::web) async fn page(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(number): Path<String>,
    ask: Ask,
) -> Response {
    let blank = WithPhotos { typed: Typed::default(), photos: Vec::new() };
    let page = show(&web, &me, &ask, &AlertNumber(number), (blank, None)).await;
    respond::page(&web, &ask, page).await
}

/// `POST /alerts/{number}/report`
pub(in crate::web) async fn send(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(number): Path<String>,
    ask: Ask,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let number = AlertNumber(number);
    // Nothing of an alert that does not exist here is kept.
    if let Err(problem) = standing_alert(&me, &number).await {
        return respond::refused(&web, &ask, problem).await;
    }
    let (form, went) = WithPhotos::read(&web, &me, form).await;
    let sent = match went {
        Ok(()) => try_report(&web, &me, &number, &form).await,
        Err(problem) => Err(problem),
    };
    match sent {
        Ok(()) => respond::see_other(&ask.href(&done_path(&number, ActKind::Report))),
        Err(problem) if problem.is_of_the_form() => {
            let page = async |why| show(&web, &me, &ask, &number, (form, Some(why))).await;
            respond::again(&web, &ask, problem, page).await
        }
        Err(problem) => respond::refused(&web, &ask, problem).await,
    }
}

async fn try_report(web: &Web, me: &Me, number: &AlertNumber, form: &WithPhotos) -> Result<(), Problem> {
    let finding = finding(&form.typed, &web.ground(), form.hashes())?;
    carry_out(web, me, number, Act::Report { finding }, (&form.typed, form.photos.clone())).await?;
    Ok(())
}

/// The finding that was filled in.
pub(in crate::web::pages) fn finding(typed: &Typed, ground: &Ground, photos: Vec<String>) -> Result<Finding, Problem> {
    let kind = FindingKind::from_name(typed.get("kind"));
    Ok(Finding {
        burnt_mu: typed.number("burnt_mu", w::shared::BURNT_AREA_FIELD)?,
        material: typed.text("material"),
        action: typed.text("action"),
        put_out_at: typed.moment("put_out_at", ground)?,
        position: typed.position()?,
        photos,
        ..bare_finding(kind.ok_or_else(|| not_filled_in(w::report::KIND_FIELD))?)
    })
}

async fn show(
    web: &Web,
    me: &Me,
    ask: &Ask,
    number: &AlertNumber,
    (form, refused): (WithPhotos, Option<String>),
) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let alert = me.alert(number).await?.alert;
    let view = me.store.alert_view(number).await?.standing();
    let offers = view.map(|view| acts_open_to(&ground, web.site.rules.review, &view, &me.own_actor()));
    let offer = offers.unwrap_or_default().into_iter().find(|offer| offer.kind == ActKind::Report);
    let unit = full_name(&ground, &alert.unit_code, lang);
    let page = ReportPage {
        f: Frame::of(web, ask).await,
        action: format!("/alerts/{number}/report"),
        verdict: verdict_class(alert.verdict),
        verdict_words: lang.alert_verdict(alert.verdict),
        place: alert.nearest_place.as_ref().map_or(unit, |place| lang.nearest_place(place)),
        first_seen: local(&ground, alert.first_seen_at),
        kinds: kinds(lang, form.typed.get("kind")),
        is_for_another: offer.is_some_and(|offer| offer.in_name_of == InNameOf::Another),
        is_closed: offer.is_none(),
        kept: form.hashes(),
        typed: form.typed,
        client_id: new_client_id()?,
        number: alert.number.0,
        refused,
    };
    Ok(page.render()?)
}

fn kinds(lang: crate::words::Lang, chosen: &str) -> Vec<KindChoice> {
    let choice = |kind: FindingKind| KindChoice {
        name: kind.name(),
        words: lang.say(kind.label()),
        needs_photo: kind.needs_photo(),
        is_chosen: kind.name() == chosen,
    };
    FindingKind::ALL.into_iter().map(choice).collect()
}
