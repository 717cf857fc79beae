//! A fire found on patrol (自查上报), before any satellite saw it or after.
//!
//! One form makes up to two commands: the alert (or joining the one that is known), and what its finder did: he is
//! there, or he put it out and reports it with photos. Each has an id of its own made from the form's, so that a form
//! sent twice is still one report.

use std::sync::Arc;

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::response::Response;
use geo::InteriorPoint;

use crate::domain::alert::{Act, Refusal, bare_finding};
use crate::domain::alert::{AlertNumber, AlertSource};
use crate::domain::finding::FindingKind;
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::share::Share;
use crate::domain::unit::UnitCode;
use crate::store::{ActError, Added, Command, NewAlert};
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::values::{not_filled_in, refusal};
use crate::web::forms::with_photos::WithPhotos;
use crate::web::forms::{Typed, new_client_id};
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, pages as w, unit_name};

/// Cells to choose from; whoever has more names the position.
const CELLS_SHOWN: usize = 80;

#[derive(Template)]
#[template(path = "patrol.html")]
struct PatrolPage {
    f: Frame,
    done: Option<Done>,
    refused: Option<String>,
    typed: Typed,
    kept: Vec<String>,
    cells: Vec<Cell>,
    kinds: Vec<Kind>,
    client_id: String,
}

/// What became of the last report.
struct Done {
    number: String,
    joined: bool,
    /// It lies where this account sees it.
    is_seen: bool,
    /// The alert is taken; what was done there is not, and this is why.
    but: Option<&'static str>,
}

struct Cell {
    code: String,
    name: String,
}

struct Kind {
    name: &'static str,
    words: &'static str,
}

/// `GET /patrol`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, Worker(me): Worker, ask: Ask) -> Response {
    let built = async {
        ask.only(&["done", "joined", "but"])?;
        let done = match ask.param("done") {
            Some(number) if is_number(number) => {
                let is_seen = me.store.alert_view(&AlertNumber(number.to_owned())).await?.exists();
                let (joined, but) =
                    (ask.param("joined").is_some(), ask.param("but").map(|code| but_words(code, ask.lang)));
                Some(Done { number: number.to_owned(), joined, is_seen, but })
            }
            _ => None,
        };
        let blank = WithPhotos { typed: Typed::default(), photos: Vec::new() };
        show(&web, &me, &ask, (blank, None), done).await
    };
    respond::page(&web, &ask, built.await).await
}

/// `POST /patrol`
pub(in crate::web) async fn send(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let (form, went) = WithPhotos::read(&web, &me, form).await;
    let sent = match went {
        Ok(()) => report(&web, &me, &form).await,
        Err(problem) => Err(problem),
    };
    match sent {
        Ok((added, but)) => {
            let joined = if added.joined { "&joined=1" } else { "" };
            let but = but.map(|code| format!("&but={code}"));
            let path = format!("/patrol?done={}{joined}{}", added.number, but.unwrap_or_default());
            respond::see_other(&ask.href(&path))
        }
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| show(&web, &me, &ask, (form, Some(why)), None).await).await
        }
    }
}

/// Takes the alert and then what was done there; the second may be refused where the first is not, and is said.
async fn report(web: &Web, me: &Me, form: &WithPhotos) -> Result<(Added, Option<&'static str>), Problem> {
    let (typed, ground, now, actor) = (&form.typed, web.ground(), web.now(), me.own_actor());
    let (act, position) = (act_of(form, &ground)?, place_of(me, typed, &ground)?);
    let (id, claimed_at) = (typed.client_id()?, typed.claim(&ground, now)?);
    let new = NewAlert {
        source: AlertSource::Patrol,
        position,
        seen_at: typed.moment("seen_at", &ground)?.unwrap_or(now),
        description: typed.text("description").unwrap_or_default(),
        reported_by: Some(actor.name.clone()),
        actor: actor.clone(),
        external_number: None,
        letter_number: None,
        reply_by: None,
        complainant: None,
        client_id: id.clone(),
    };
    let rules = web.site.rules.clone();
    web.use_shares(me, vec![(Share::Alerts, 1)]).await?;
    let added = me.store.carry_out(new, (ground.clone(), rules.clone()), now).await?;
    let command = Command {
        number: added.number.clone(),
        act,
        actor,
        on_behalf_of: None,
        claimed_at,
        client_id: id.map(|id| format!("{id}-act")),
        note: String::new(),
        photos: form.photos.clone(),
    };
    match me.store.carry_out(command, (ground, rules), now).await {
        Ok(_) => Ok((added, None)),
        Err(ActError::Store(error)) => Err(error.into()),
        Err(problem) => Ok((added, Some(but_code(&problem)))),
    }
}

/// Whether a text can be the number of an alert; the address of the page could hold anything.
fn is_number(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn but_code(problem: &ActError) -> &'static str {
    match problem {
        ActError::Unknown(_) | ActError::Refused(Refusal::Rights { .. }) => "foreign",
        _ => "refused",
    }
}

fn but_words(code: &str, lang: Lang) -> &'static str {
    if code == "foreign" { lang.say(w::patrol::OUTSIDE_OWN_GROUND) } else { lang.say(w::patrol::ALERT_TAKES_NO_MORE) }
}

/// What the finder did: he is there, or, with photos or when it is out, what he found.
fn act_of(form: &WithPhotos, ground: &Ground) -> Result<Act, Problem> {
    let typed = &form.typed;
    let kind = FindingKind::from_name(typed.get("kind")).ok_or_else(|| not_filled_in(w::patrol::FUEL_FIELD))?;
    let is_out = match typed.get("is_out") {
        "yes" => true,
        "no" => false,
        _ => return Err(not_filled_in(w::patrol::IS_IT_OUT_FIELD)),
    };
    if !is_out && form.photos.is_empty() {
        return Ok(Act::Arrive { position: typed.position()? });
    }
    if form.photos.is_empty() && kind.needs_photo() {
        return Err(refusal(w::patrol::NEEDS_PHOTO));
    }
    let put_out_at = typed.moment("put_out_at", ground)?.or(typed.moment("seen_at", ground)?);
    let mut finding = bare_finding(kind);
    finding.burnt_mu = typed.number("burnt_mu", w::shared::BURNT_AREA_FIELD)?;
    if finding.burnt_mu.is_some_and(|mu| mu < 0.0) {
        return Err(refusal(w::patrol::AREA_RULE));
    }
    finding.put_out_at = put_out_at.filter(|_| is_out);
    finding.position = typed.position()?;
    finding.photos = form.hashes();
    Ok(Act::Report { finding })
}

/// The position that was typed, else the middle of the chosen cell.
fn place_of(me: &Me, typed: &Typed, ground: &Ground) -> Result<Position, Problem> {
    if let Some(position) = typed.position()? {
        return Ok(position);
    }
    let code = typed.given("cell").map(|code| UnitCode(code.to_owned()));
    let code = code.ok_or_else(|| not_filled_in(w::patrol::WHERE_FIELD))?;
    me.holds(&code)?;
    middle_of(ground, &code).ok_or_else(|| refusal(w::patrol::NO_OUTLINE))
}

fn middle_of(ground: &Ground, code: &UnitCode) -> Option<Position> {
    let middle = ground.unit(code)?.outline.as_ref()?.interior_point()?;
    Position::from_lon_lat(middle.x(), middle.y()).ok()
}

async fn show(
    web: &Web,
    me: &Me,
    ask: &Ask,
    (form, refused): (WithPhotos, Option<String>),
    done: Option<Done>,
) -> Result<String, Problem> {
    let page = PatrolPage {
        f: Frame::of(web, ask).await,
        done,
        refused,
        kept: form.hashes(),
        typed: form.typed,
        cells: cells(&web.ground(), me, ask.lang),
        kinds: kinds(ask.lang),
        client_id: new_client_id()?,
    };
    Ok(page.render()?)
}

/// The lowest drawn units of somebody's ground, if they are few enough to choose from.
fn cells(ground: &Ground, me: &Me, lang: Lang) -> Vec<Cell> {
    let lowest = me.store.scope().below().iter().filter(|code| {
        let is_drawn = ground.unit(code).is_some_and(|unit| unit.outline.is_some());
        is_drawn && ground.children(code).all(|below| below.outline.is_none())
    });
    let cells: Vec<Cell> = lowest
        .take(CELLS_SHOWN + 1)
        .map(|code| Cell { code: code.0.clone(), name: unit_name(ground, code, lang) })
        .collect();
    if cells.len() > CELLS_SHOWN { Vec::new() } else { cells }
}

/// What can burn; what is no fire is no report of one.
fn kinds(lang: Lang) -> Vec<Kind> {
    let found = FindingKind::ALL.into_iter().filter(|kind| kind.is_fire() || *kind == FindingKind::BurntOut);
    found.map(|kind| Kind { name: kind.name(), words: lang.say(kind.label()) }).collect()
}
