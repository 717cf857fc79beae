//! The fire map of a local day: map, counts with their coverage, and the alert list.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::summary::Summary;
use crate::domain::time::Date;
use crate::web::ask::Ask;
use crate::web::assets;
use crate::web::auth::Me;
use crate::web::coverage::{CoverageWords, coverage};
use crate::web::frame::Frame;
use crate::web::pages::day::asked::{Form, asked_day, figures_of, key, link_rule, question_of, read_day, weekday};
use crate::web::pages::day::drawn::{View, drawn};
use crate::web::pages::day::kept::DrawnDay;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::pages as w;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
    day: Date,
    weekday: &'static str,
    is_today: bool,
    is_future: bool,
    previous: Option<String>,
    next: Option<String>,
    live_map: String,
    key: Vec<(String, &'static str)>,
    summary: Summary,
    coverage: CoverageWords,
    link_rule: String,
    /// The map and the list, which are long.
    drawn: Arc<DrawnDay>,
}

/// `GET /`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let result = build(&web, &me, &ask).await;
    respond::page(&web, &ask, result).await
}

/// `GET /map.svg`: the map by itself.
pub(in crate::web) async fn map(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let drawn = async {
        let day = read_day(&me, &asked_day(&web, &ask)?).await?;
        let figures = figures_of(&day, question_of(&day, me.store.scope()));
        let svg = day.map(&web, &ask, Form::Sheet, &figures).ok_or(Problem::NoMap)?;
        Ok(([(header::CONTENT_TYPE, assets::SVG), (header::CACHE_CONTROL, "no-cache, private")], svg).into_response())
    };
    respond::document(&ask, drawn.await)
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    let today = web.ground().local_day(web.now());
    let coverage = coverage(web).await?;
    let asked = asked_day(web, ask)?;
    let drawn = drawn(web, me, ask, &asked, View::Home).await?;
    let lang = ask.lang;
    let link = |day: Date| ask.href(&format!("/?date={day}"));
    let zone = &asked.ground.data().time_zone;
    let summary = drawn.summary.clone();
    let home = Home {
        f: Frame::with_feeds(web, ask, &coverage.feeds),
        day: asked.date,
        weekday: weekday(asked.date, lang),
        is_today: asked.date == today,
        is_future: asked.date > today,
        previous: asked.date.yesterday().ok().map(link),
        next: asked.date.tomorrow().ok().filter(|next| *next <= today).map(link),
        live_map: ask.href(&format!("/map?date={}", asked.date)),
        key: key(lang),
        summary,
        coverage: coverage.words(asked.span, zone, lang),
        link_rule: link_rule(lang, web.site.link_gap),
        drawn,
    };
    Ok(home.render()?)
}
