//! People: who holds which unit of my ground, what is vacant or runs out, and the duty roster of a day.
//!
//! Lists of telephone numbers, so of the own ground alone and not for accounts that only look.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::chain::review::{self, Review};
use crate::domain::chain::{self, ChainLink};
use crate::domain::ground::Ground;
use crate::domain::phone::Phone;
use crate::domain::time::{Date, DateTime};
use crate::domain::unit::{DutyShift, Unit, UnitCode, UnitLevel};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::choices::{Choice, units};
use crate::web::forms::params;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::request::percent_encoded;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, full_name, pages as w, unit_name};

/// Units of one page: a county with its villages fits, a city is shown down to its townships.
const MAX_UNITS: usize = 500;

/// Things to mend that are named; the rest are counted.
const NAMED: usize = 30;

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    f: Frame,
    here: &'static str,
    unit: String,
    unit_name: String,
    q: String,
    units: Vec<Choice>,
    day: Date,
    rows: Vec<UnitRow>,
    is_cut: bool,
    people: usize,
    unit_count: usize,
    vacant: Vec<(String, String, String)>,
    vacant_more: usize,
    running_out: Vec<(String, String, &'static str, Date)>,
    running_more: usize,
    no_shift: Vec<(String, Date)>,
    no_shift_more: usize,
    desks: usize,
    without_phone: usize,
    list_href: String,
}

struct UnitRow {
    level: &'static str,
    level_words: &'static str,
    code: String,
    name: String,
    href: Option<String>,
    people: Vec<Person>,
    /// Who answers where nobody holds it.
    instead: Option<String>,
}

struct Person {
    role: &'static str,
    name: String,
    post: String,
    phone: Option<String>,
    /// Where a press on it calls.
    tel: Option<String>,
}

/// `GET /people`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = build(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["unit", "q"])?;
    me.sees_people()?;
    let (ground, lang) = (web.ground(), ask.lang);
    let day = ground.local_day(web.now());
    let code = params::unit_of(ask, &ground)?.unwrap_or_else(|| me.store.scope().unit().clone());
    me.holds(&code)?;
    let below = ground.subtree(&code);
    let q = ask.param("q").unwrap_or_default().trim().to_owned();
    let (shown, is_cut) = shown(&ground, &code, &below, &q, day);
    let review = review::review_of(&ground, day, |unit| below.contains(unit));
    let row = |unit: &&Unit| unit_row(&ground, unit, day, ask);
    let encoded = percent_encoded(&code.0);
    let page = PeoplePage {
        f: Frame::of(web, ask).await,
        here: "people",
        unit: code.0.clone(),
        unit_name: full_name(&ground, &code, lang),
        units: units(me, &ground, lang),
        day,
        rows: shown.iter().map(row).collect(),
        is_cut,
        people: review.people,
        unit_count: review.units,
        vacant: vacant(&ground, &review, lang),
        vacant_more: review.without_holder.len().saturating_sub(NAMED),
        running_out: review
            .running_out
            .iter()
            .take(NAMED)
            .map(|one| {
                (one.person.clone(), unit_name(&ground, &one.unit.code, lang), lang.say(one.role.label()), one.last_day)
            })
            .collect(),
        running_more: review.running_out.len().saturating_sub(NAMED),
        no_shift: review
            .without_shift
            .iter()
            .take(NAMED)
            .map(|one| (unit_name(&ground, &one.unit.code, lang), one.day))
            .collect(),
        no_shift_more: review.without_shift.len().saturating_sub(NAMED),
        desks: review.desks,
        without_phone: review.without_phone,
        list_href: format!("/api/v1/people/list?unit={encoded}"),
        q,
    };
    Ok(page.render()?)
}

/// The units of a page in the order of the tree: those below one, or those that somebody of a name holds.
fn shown<'a>(
    ground: &'a Ground,
    top: &UnitCode,
    below: &BTreeSet<UnitCode>,
    q: &str,
    day: Date,
) -> (Vec<&'a Unit>, bool) {
    let held: Option<BTreeSet<&UnitCode>> = (!q.is_empty()).then(|| {
        let people = ground.data().people.iter().filter(|holder| holder.holds_on(day) && holder.name.contains(q));
        people.map(|holder| &holder.unit_code).collect()
    });
    let is_wanted = |unit: &Unit| held.as_ref().is_none_or(|held| held.contains(&unit.code) || unit.name.contains(q));
    let all: Vec<&Unit> = in_tree_order(ground, top).into_iter().filter(|unit| below.contains(&unit.code)).collect();
    let found: Vec<&Unit> = all.into_iter().filter(|unit| is_wanted(unit)).collect();
    if found.len() <= MAX_UNITS {
        return (found, false);
    }
    let upper = found.iter().copied().filter(|unit| held.is_some() || unit.level <= UnitLevel::Township);
    (upper.take(MAX_UNITS).collect(), true)
}

fn in_tree_order<'a>(ground: &'a Ground, top: &UnitCode) -> Vec<&'a Unit> {
    let (mut order, mut open) = (Vec::new(), ground.unit(top).into_iter().collect::<Vec<_>>());
    while let Some(unit) = open.pop() {
        order.push(unit);
        // Levels fall on the way down, so this ends even on a tree that was not checked.
        let mut below: Vec<_> = ground.children(&unit.code).filter(|below| below.level > unit.level).collect();
        below.sort_by(|a, b| b.code.cmp(&a.code));
        open.extend(below);
    }
    order
}

fn unit_row(ground: &Ground, unit: &Unit, day: Date, ask: &Ask) -> UnitRow {
    let (lang, link) = (ask.lang, chain::link_of(ground, unit, day));
    let has_below = ground.children(&unit.code).next().is_some();
    UnitRow {
        level: unit.level.name(),
        level_words: lang.say(unit.level.label()),
        code: unit.code.0.clone(),
        name: lang.name(&unit.name, unit.name_en.as_deref()).to_owned(),
        href: has_below.then(|| ask.href(&format!("/people?unit={}", percent_encoded(&unit.code.0)))),
        people: people(&link, lang),
        instead: link.holders.is_empty().then(|| instead(ground, unit, day, lang)),
    }
}

fn people(link: &ChainLink, lang: Lang) -> Vec<Person> {
    let person = |holder: &chain::ChainHolder| Person {
        role: lang.say(holder.role.label()),
        name: holder.name.clone(),
        post: [&holder.employer, &holder.post].into_iter().flatten().cloned().collect::<Vec<_>>().join(" "),
        tel: holder.phone.as_ref().and_then(Phone::href),
        phone: holder.phone.as_ref().map(Phone::to_string),
    };
    link.holders.iter().map(person).collect()
}

fn instead(ground: &Ground, unit: &Unit, day: Date, lang: Lang) -> String {
    match chain::answerable(ground, &unit.code, day).answer {
        Some(answer) => {
            let (unit, person) = (unit_name(ground, &answer.code, lang), answer.person.name);
            format!("{} {unit} {person}", lang.say(w::people::ANSWERED_ABOVE))
        }
        None => lang.say(w::people::NOBODY_ABOVE).to_owned(),
    }
}

fn vacant(ground: &Ground, review: &Review, lang: Lang) -> Vec<(String, String, String)> {
    let line = |one: &review::Unheld| {
        let stand = one.answered_by.as_ref();
        let by = stand.map_or_else(
            || lang.say(w::people::NOBODY).to_owned(),
            |stand| format!("{} {}", unit_name(ground, &stand.unit.code, lang), stand.person),
        );
        (one.unit.code.0.clone(), full_name(ground, &one.unit.code, lang), by)
    };
    review.without_holder.iter().take(NAMED).map(line).collect()
}

#[derive(Template)]
#[template(path = "people_duty.html")]
struct DutyPage {
    f: Frame,
    here: &'static str,
    date: Date,
    previous: Option<String>,
    next: Option<String>,
    ground: String,
    shifts: Vec<ShiftRow>,
    without: Vec<String>,
}

struct ShiftRow {
    unit: String,
    time: String,
    leader: String,
    officer: String,
    phone: String,
    tel: Option<String>,
    is_now: bool,
}

/// `GET /people/duty`
pub(in crate::web) async fn duty(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = build_duty(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build_duty(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["date"])?;
    me.sees_people()?;
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let date = ask.date("date")?.unwrap_or_else(|| ground.local_day(now));
    let (moment, scope) = (ground.local_time(now), me.store.scope());
    // Whom I call is above me too, so the desks of my own line stand here as well.
    let mut rows: Vec<_> = ground.data().duty.iter().filter(|shift| scope.concerns(&shift.unit_code)).collect();
    rows.retain(|shift| {
        shift.date == date || shift.span().is_some_and(|(_, to)| to.date() == date && to > date.at(0, 0, 0, 0))
    });
    rows.sort_by(|a, b| (&a.unit_code, a.date, a.from).cmp(&(&b.unit_code, b.date, b.from)));
    let row = |shift: &&DutyShift| ShiftRow {
        unit: full_name(&ground, &shift.unit_code, lang),
        time: shift_time(shift),
        leader: shift.leader.clone(),
        officer: shift.officer.clone(),
        tel: shift.phone.href(),
        phone: shift.phone.to_string(),
        is_now: shift.span().is_some_and(|(from, to)| from <= moment && moment < to),
    };
    let desks = ground.data().units.iter().filter(|unit| scope.holds(&unit.code) && ground.has_roster(&unit.code));
    let without = desks.filter(|unit| !ground.shift_begins_on(&unit.code, date));
    let link = |day: Date| ask.href(&format!("/people/duty?date={day}"));
    let page = DutyPage {
        f: Frame::of(web, ask).await,
        here: "duty",
        date,
        previous: date.yesterday().ok().map(link),
        next: date.tomorrow().ok().map(link),
        ground: full_name(&ground, scope.unit(), lang),
        without: without.map(|unit| full_name(&ground, &unit.code, lang)).collect(),
        shifts: rows.iter().map(row).collect(),
    };
    Ok(page.render()?)
}

/// From when to when, with the day of its end where that is the next.
fn shift_time(shift: &DutyShift) -> String {
    let minute = |at: DateTime| at.strftime("%m-%d %H:%M").to_string();
    match shift.span() {
        Some((from, to)) if from.date() == to.date() => format!("{}–{}", minute(from), to.strftime("%H:%M")),
        Some((from, to)) => format!("{} – {}", minute(from), minute(to)),
        None => shift.date.to_string(),
    }
}
