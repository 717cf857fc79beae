//! The live map of a local day: filters, the map, and the list of the alerts that are shown.
//!
//! Without scripts it is a form and the map of [`super::home`], drawn by the server with the same filters. With
//! them `web/src/day_map.ts` takes the page over; the words, symbols and choices it needs are all on the page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use crate::domain::alert::AlertState;
use crate::domain::ground::Ground;
use crate::domain::observation::{Instrument, Satellite};
use crate::domain::time::Date;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::domain::zone::ZoneClass;
use crate::report::day_map::CONFIDENCES;
use crate::report::map_svg;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::{CoverageWords, coverage};
use crate::web::frame::Frame;
use crate::web::pages::day::asked::{AskedDay, asked_day, weekday};
use crate::web::pages::day::drawn::{View, drawn};
use crate::web::pages::day::filter::{DayFilter, KNOWN};
use crate::web::pages::day::kept::DrawnDay;
use crate::web::problem::Problem;
use crate::web::{Web, assets, respond};
use crate::words::{Label, Lang, maps, pages as w};

/// The script and the style sheet that the front-end build writes.
const SCRIPT: &str = "day_map.js";

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    f: Frame,
    day: Date,
    weekday: &'static str,
    is_today: bool,
    previous: Option<String>,
    next: Option<String>,
    has_script: bool,
    /// What the script needs beside the page, as JSON.
    settings: String,
    verdicts: Vec<(Choice, String)>,
    states: Vec<Choice>,
    satellites: Vec<Choice>,
    confidences: Vec<Choice>,
    units: Vec<Choice>,
    from_hours: Vec<(u8, bool)>,
    to_hours: Vec<(u8, bool)>,
    zones: Vec<(String, &'static str)>,
    coverage: CoverageWords,
    internal: Option<&'static str>,
    /// The map and the list, which are long.
    drawn: Arc<DrawnDay>,
}

/// Something that can be chosen.
struct Choice {
    value: String,
    words: String,
    is_chosen: bool,
}

/// `GET /map`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let result = build(&web, &me, &ask).await;
    respond::page(&web, &ask, result).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.known(KNOWN)?;
    let day = asked_day(web, ask)?;
    let filter = DayFilter::read(ask, &day.ground)?;
    let drawn = drawn(web, me, ask, &day, View::Map(&filter)).await?;
    let coverage = coverage(web).await?;
    let (lang, today) = (ask.lang, day.ground.local_day(web.now()));
    let link = |day: Date| ask.here_with("date", &day.to_string());
    // Those of the public feeds, and whichever else brought something or is asked for.
    let is_offered = |one: &Satellite| {
        matches!(one.instrument(), Instrument::Viirs | Instrument::Modis)
            || coverage.brought_by(*one)
            || filter.satellites.contains(one)
    };
    let satellites: Vec<_> = Satellite::ALL.into_iter().filter(is_offered).collect();
    let data = day.ground.data();
    let page = MapPage {
        f: Frame::with_feeds(web, ask, &coverage.feeds),
        day: day.date,
        weekday: weekday(day.date, lang),
        is_today: day.date == today,
        previous: day.date.yesterday().ok().map(link),
        next: day.date.tomorrow().ok().filter(|next| *next <= today).map(link),
        has_script: assets::has(SCRIPT),
        settings: settings(web, &day, lang).to_string(),
        verdicts: verdicts(&filter, lang),
        states: choices(&AlertState::ALL, &filter.states, |state| (state.name(), lang.say(state.label()))),
        satellites: choices(&satellites, &filter.satellites, |one| (one.name(), one.name())),
        confidences: choices(&CONFIDENCES, &filter.confidences, |class| (class, confidence(class, lang))),
        units: units(me, &day.ground, &filter, lang),
        from_hours: (0..24).map(|hour| (hour, hour == filter.from_hour)).collect(),
        to_hours: (1..=24).map(|hour| (hour, hour == filter.to_hour)).collect(),
        zones: zones(lang),
        coverage: coverage.words(day.span, &data.time_zone, lang),
        internal: data.map_review_number.is_none().then(|| lang.say(maps::INTERNAL)),
        drawn,
    };
    Ok(page.render()?)
}

/// What the script cannot read off the page.
fn settings(web: &Web, day: &AskedDay, lang: Lang) -> serde_json::Value {
    json!({
        "date": day.date,
        "is_today": day.date == day.ground.local_day(web.now()),
        "lang": lang.code(),
        "time_zone": day.ground.data().time_zone.iana_name().unwrap_or("UTC"),
        "tiles": web.site.tiles.json(),
    })
}

fn verdicts(filter: &DayFilter, lang: Lang) -> Vec<(Choice, String)> {
    let choices = choices(&Verdict::ALL, &filter.verdicts, |verdict| (verdict.name(), lang.verdict_short(verdict)));
    choices.into_iter().zip(Verdict::ALL.map(map_svg::key_svg)).collect()
}

fn choices<T: Copy + PartialEq, W: Into<String>>(
    all: &[T],
    chosen: &[T],
    named: impl Fn(T) -> (&'static str, W),
) -> Vec<Choice> {
    let choice = |one: &T| {
        let (value, words) = named(*one);
        Choice { value: value.to_owned(), words: words.into(), is_chosen: chosen.contains(one) }
    };
    all.iter().map(choice).collect()
}

/// Counties of the own ground, each with its townships below it.
fn units(me: &Me, ground: &Ground, filter: &DayFilter, lang: Lang) -> Vec<Choice> {
    let scope = me.store.scope();
    let is_offered = |unit: &&crate::domain::unit::Unit| unit.level <= UnitLevel::Township && scope.holds(&unit.code);
    let mut chosen: Vec<_> = ground.data().units.iter().filter(is_offered).collect();
    if let Some(lower) = filter.unit.as_ref().and_then(|code| ground.unit(code)) {
        // A link may name a lower unit than the list offers.
        if !chosen.iter().any(|unit| unit.code == lower.code) {
            chosen.push(lower);
        }
    }
    chosen.sort_by(|a, b| a.code.cmp(&b.code));
    let choice = |unit: &&crate::domain::unit::Unit| Choice {
        value: unit.code.0.clone(),
        words: match unit.level {
            UnitLevel::Township => format!("　{}", lang.name(&unit.name, unit.name_en.as_deref())),
            _ => lang.name(&unit.name, unit.name_en.as_deref()).to_owned(),
        },
        is_chosen: filter.unit.as_ref() == Some(&unit.code),
    };
    chosen.iter().map(choice).collect()
}

fn confidence(class: &str, lang: Lang) -> &'static str {
    let words = match class {
        "low" => w::map::LOW,
        "nominal" => w::map::NOMINAL,
        "high" => w::map::HIGH,
        _ => w::shared::UNKNOWN,
    };
    lang.say(words)
}

fn zones(lang: Lang) -> Vec<(String, &'static str)> {
    let zones = [
        (ZoneClass::Ban, true, w::shared::BAN_ZONE),
        (ZoneClass::Limited, true, w::shared::LIMITED_ZONE),
        (ZoneClass::Ban, false, w::shared::ZONE_NOT_IN_FORCE),
    ];
    zones
        .into_iter()
        .map(|(class, in_force, words)| (map_svg::zone_key_svg(class, in_force), lang.say(words)))
        .collect()
}
