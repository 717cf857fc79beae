//! Fixed heat sources: the known ones with what may be done to them, places that look like one, and an approval.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::domain::ground::Ground;
use crate::domain::heat_approval::{ApprovedHeatSource, HeatAct, HeatStanding, NewHeatSource, may_act, may_approve};
use crate::domain::heat_source::{HeatSource, HeatSourceKind, HeatSourceShape};
use crate::domain::heat_suggest::Suggestion;
use crate::domain::position::Position;
use crate::domain::time::{Date, SignedDuration};
use crate::domain::unit::UnitCode;
use crate::web::ask::Ask;
use crate::web::auth::{Me, Worker};
use crate::web::forms::choices::{Choice, units};
use crate::web::forms::heat_sources::{ActBody, act_of, suggested};
use crate::web::forms::values::refusal;
use crate::web::forms::{Typed, new_client_id, values};
use crate::web::frame::Frame;
use crate::web::pages::place::decimal;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, Say, full_name, pages as w};

#[derive(Template)]
#[template(path = "heat_sources.html")]
struct HeatPage {
    f: Frame,
    refused: Option<String>,
    done: bool,
    may_approve: bool,
    soon: usize,
    sources: Vec<SourceCard>,
    looked: Option<Looked>,
    units: Vec<Choice>,
    /// The form of an approval, when it is open.
    form: Option<Typed>,
    client_id: String,
    kinds: Vec<(&'static str, &'static str)>,
    soon_days: u32,
    longest_days: u32,
    look_back_days: u32,
}

struct SourceCard {
    id: String,
    name: String,
    kind: &'static str,
    standing: &'static str,
    standing_words: &'static str,
    place: String,
    unit: Option<String>,
    watched_by: Option<String>,
    approved: String,
    expires: Date,
    ended_on: Option<Date>,
    action: String,
    may_act: bool,
    renew_to: Date,
    client_ids: Vec<String>,
}

struct Looked {
    detections: usize,
    suggestions: Vec<SuggestionCard>,
}

struct SuggestionCard {
    why: String,
    place: String,
    unit: String,
    nearest: Option<String>,
    satellites: String,
    href: Option<String>,
}

/// `GET /heat-sources`; `suggest=1` looks for places, `new=1` opens the form of an approval.
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = async {
        ask.only(&["suggest", "new", "lon", "lat", "radius_m", "unit", "done"])?;
        let form = ask.param("new").map(|_| first_form(&web, &me, &ask));
        show(&web, &me, &ask, form, None).await
    };
    respond::page(&web, &ask, built.await).await
}

fn first_form(web: &Web, me: &Me, ask: &Ask) -> Typed {
    let ground = web.ground();
    let given = |name: &str| ask.param(name).unwrap_or_default().to_owned();
    let unit = ask.param("unit").map_or_else(|| me.store.scope().unit().0.clone(), str::to_owned);
    let radius = ask.param("radius_m").map_or_else(|| "500".to_owned(), str::to_owned);
    let expires = days_after(ground.local_day(web.now()), i64::from(web.site.approval_rules.longest_days).min(180));
    Typed::default()
        .with("lon", given("lon"))
        .with("lat", given("lat"))
        .with("radius_m", radius)
        .with("unit", unit)
        .with("kind", "plant")
        .with("expires", expires.to_string())
}

async fn show(web: &Web, me: &Me, ask: &Ask, form: Option<Typed>, refused: Option<String>) -> Result<String, Problem> {
    let (ground, lang) = (web.ground(), ask.lang);
    let today = ground.local_day(web.now());
    let approved = me.store.heat_sources().await?;
    let rules = &web.site.approval_rules;
    let mut cards = Vec::new();
    for source in &approved {
        cards.push((source.standing(today, rules), here_card(web, me, source, lang)?));
    }
    for source in &ground.data().heat_sources {
        let standing = HeatStanding::of(source, today, rules);
        cards.push((standing, region_card(source, standing, lang)));
    }
    cards.sort_by(|a, b| (a.0, a.1.expires, &a.1.id).cmp(&(b.0, b.1.expires, &b.1.id)));
    let soon = cards.iter().filter(|(standing, _)| *standing == HeatStanding::ExpiresSoon).count();
    let looked = match ask.param("suggest") {
        Some(_) => Some(look(web, me, ask, today).await?),
        None => None,
    };
    let page = HeatPage {
        f: Frame::of(web, ask).await,
        refused,
        done: ask.param("done").is_some(),
        may_approve: may_decide_somewhere(web, me, &ground, today),
        soon,
        sources: cards.into_iter().map(|(_, card)| card).collect(),
        looked,
        units: units(me, &ground, lang),
        client_id: match form.as_ref().and_then(|form| form.text("client_id")) {
            Some(id) => id,
            None => new_client_id()?,
        },
        form,
        kinds: HeatSourceKind::ALL.map(|kind| (kind.name(), kind_words(kind, lang))).to_vec(),
        soon_days: rules.soon_days,
        longest_days: rules.longest_days,
        look_back_days: web.site.suggest_rules.look_back_days,
    };
    Ok(page.render()?)
}

/// Whether an account decides on heat sources of its own unit at all.
fn may_decide_somewhere(web: &Web, me: &Me, ground: &Ground, today: Date) -> bool {
    let Ok(centre) = Position::from_lon_lat(0.0, 0.0) else { return false };
    let draft = NewHeatSource {
        name: "-".to_owned(),
        kind: HeatSourceKind::Other,
        centre,
        radius_m: 1.0,
        unit: me.store.scope().unit().clone(),
        watched_by: None,
        expires: days_after(today, 1),
    };
    let rules = &web.site.approval_rules;
    me.account.role.works() && may_approve(ground, rules, &me.own_actor(), &draft, today).is_ok()
}

fn here_card(web: &Web, me: &Me, source: &ApprovedHeatSource, lang: Lang) -> Result<SourceCard, Problem> {
    let (ground, rules) = (web.ground(), &web.site.approval_rules);
    let today = ground.local_day(web.now());
    let standing = source.standing(today, rules);
    let same = HeatAct::HandOver { unit: source.unit.clone(), watched_by: None };
    let may_act = me.account.role.works() && may_act(&ground, rules, &me.own_actor(), source, &same, today).is_ok();
    Ok(SourceCard {
        id: source.id.clone(),
        name: source.name.clone(),
        kind: kind_words(source.kind, lang),
        standing: standing_class(standing),
        standing_words: lang.say(standing.label()),
        place: circle(source.centre, source.radius_m, lang),
        unit: Some(full_name(&ground, &source.unit, lang)),
        watched_by: source.watched_by.clone(),
        approved: format!("{} {}", source.approved_by, source.approved_on),
        expires: source.expires,
        ended_on: source.ended_on,
        action: format!("/heat-sources/{}/acts", percent_encoded(&source.id)),
        may_act,
        renew_to: days_after(today, i64::from(rules.longest_days).min(180)),
        client_ids: (0..3).map(|_| new_client_id()).collect::<Result<_, _>>()?,
    })
}

fn region_card(source: &HeatSource, standing: HeatStanding, lang: Lang) -> SourceCard {
    let place = match &source.shape {
        HeatSourceShape::Circle { centre, radius_m } => circle(*centre, *radius_m, lang),
        HeatSourceShape::Outline(_) => lang.say(w::heat_sources::BY_OUTLINE).to_owned(),
    };
    SourceCard {
        id: source.id.clone(),
        name: source.name.clone(),
        kind: kind_words(source.kind, lang),
        standing: standing_class(standing),
        standing_words: lang.say(standing.label()),
        place,
        unit: None,
        watched_by: None,
        approved: format!("{} {}", source.approved_by, source.approved_on),
        expires: source.expires,
        ended_on: None,
        action: String::new(),
        may_act: false,
        renew_to: source.expires,
        client_ids: Vec::new(),
    }
}

async fn look(web: &Web, me: &Me, ask: &Ask, today: Date) -> Result<Looked, Problem> {
    let (found, detections) = suggested(web, me, today).await?;
    let ground = web.ground();
    let card = |one: &Suggestion| {
        let (lon, lat) = (one.centre.lon(), one.centre.lat());
        let unit = one.unit.as_ref();
        let href = format!(
            "/heat-sources?new=1&lon={lon:.5}&lat={lat:.5}&radius_m={:.0}&unit={}#approve",
            one.radius_m.ceil(),
            percent_encoded(unit.map_or("", |unit| &unit.0))
        );
        SuggestionCard {
            why: one.say().of(ask.lang),
            place: circle(one.centre, one.radius_m, ask.lang),
            unit: unit.map_or_else(
                || ask.lang.say(w::shared::OUTSIDE_CITY).to_owned(),
                |unit| full_name(&ground, unit, ask.lang),
            ),
            nearest: one.nearest_place.as_ref().map(|place| ask.lang.nearest_place(place)),
            satellites: one.satellites.iter().map(|satellite| satellite.name()).collect::<Vec<_>>().join(", "),
            href: unit.map(|_| ask.href(&href)),
        }
    };
    Ok(Looked { detections, suggestions: found.iter().map(card).collect() })
}

fn circle(centre: Position, radius_m: f64, lang: Lang) -> String {
    format!("{} · {} {radius_m:.0} m", decimal(centre), lang.say(w::heat_sources::RADIUS_SHORT))
}

fn kind_words(kind: HeatSourceKind, lang: Lang) -> &'static str {
    lang.say(kind.label())
}

fn standing_class(standing: HeatStanding) -> &'static str {
    match standing {
        HeatStanding::ExpiresSoon => "soon",
        HeatStanding::InForce => "in_force",
        HeatStanding::NotYet => "not_yet",
        HeatStanding::Expired => "expired",
        HeatStanding::Ended => "ended",
    }
}

fn days_after(day: Date, days: i64) -> Date {
    day.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(day)
}

/// `POST /heat-sources`: approves one.
pub(in crate::web) async fn approve(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    ask: Ask,
    fields: Typed,
) -> Response {
    let written = async {
        let by = fields.by(&me)?;
        let kind = HeatSourceKind::from_name(fields.get("kind"));
        let (lon, lat) = (
            fields.needed_number("lon", w::heat_sources::LONGITUDE_FIELD)?,
            fields.needed_number("lat", w::heat_sources::LATITUDE_FIELD)?,
        );
        let centre = Position::from_lon_lat(lon, lat)
            .map_err(|problem| refusal(w::heat_sources::no_position(&problem.to_string())))?;
        let draft = NewHeatSource {
            name: fields.needed("name", w::heat_sources::NAME_FIELD)?.to_owned(),
            kind: kind.ok_or_else(|| refusal(w::heat_sources::CHOOSE_KIND))?,
            centre,
            radius_m: fields.needed_number("radius_m", w::heat_sources::RADIUS_FIELD)?,
            unit: UnitCode(fields.needed("unit", w::heat_sources::WATCHING_UNIT_FIELD)?.to_owned()),
            watched_by: fields.text("watched_by"),
            expires: values::day("expires", fields.get("expires"))?,
        };
        me.holds(&draft.unit)?;
        me.store.carry_out(draft, (by, web.ground(), web.site.approval_rules), web.now()).await?;
        Ok::<_, Problem>(())
    };
    match written.await {
        Ok(()) => respond::see_other(&ask.href("/heat-sources?done=1")),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| show(&web, &me, &ask, Some(fields), Some(why)).await).await
        }
    }
}

/// `POST /heat-sources/{id}/acts`: renews, hands over or ends one.
pub(in crate::web) async fn act(
    State(web): State<Arc<Web>>,
    Worker(me): Worker,
    Path(id): Path<String>,
    ask: Ask,
    fields: Typed,
) -> Response {
    let written = async {
        let body = ActBody {
            act: fields.get("act").to_owned(),
            unit: fields.text("unit"),
            watched_by: fields.text("watched_by"),
            expires: fields.text("expires"),
            why: (fields.get("act") == "end").then(|| fields.get("why").to_owned()),
            ..ActBody::default()
        };
        if let Some(unit) = &body.unit {
            me.holds(&UnitCode(unit.clone()))?;
        }
        let act = act_of(&body)?;
        let by = fields.by(&me)?;
        me.store.carry_out((id, act), (by, web.ground(), web.site.approval_rules), web.now()).await?;
        Ok::<_, Problem>(())
    };
    // Links of the answer lead to the page, not to the address of the form.
    let ask = ask.at("/heat-sources");
    match written.await {
        Ok(()) => respond::see_other(&ask.href("/heat-sources?done=1")),
        Err(problem) => {
            respond::again(&web, &ask, problem, async |why| show(&web, &me, &ask, None, Some(why)).await).await
        }
    }
}
