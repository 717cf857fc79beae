//! The wall view (挂图作战): one day for a big screen, and for a sheet of A3: map, large numbers, counties, progress of
//! the season's plans, and how far all of it can be believed.
//!
//! The day is that of [`super::home`], the progress that of [`crate::domain::ledger`]: the wall counts nothing itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::summary::Summary;
use crate::domain::ground::Ground;
use crate::domain::ledger::{self, ProgressLine};
use crate::domain::time::Date;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::report::map_svg;
use crate::store::{OpenAlerts, PlanFilter};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::{CoverageWords, coverage};
use crate::web::frame::Frame;
use crate::web::pages::day::asked::{asked_day, key, link_rule, weekday};
use crate::web::pages::day::drawn::{View, drawn};
use crate::web::pages::day::kept::DrawnDay;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Lang, full_name, pages as w, unit_name};

/// Seconds after which a screen asks anew: satellites pass every few hours, feeds are polled every few minutes.
const REFRESH_SECS: u32 = 60;

#[derive(Template)]
#[template(path = "wall.html")]
struct Wall {
    f: Frame,
    refresh: Option<u32>,
    refresh_href: String,
    unit: String,
    day: Date,
    weekday: &'static str,
    is_today: bool,
    time: String,
    drawn: Arc<DrawnDay>,
    key: Vec<(String, &'static str)>,
    summary: Summary,
    verdicts: Vec<Big>,
    open: OpenAlerts,
    closed: u64,
    progress: Vec<Bar>,
    progress_total: Option<Bar>,
    coverage: CoverageWords,
    link_rule: String,
    has_nothing: bool,
}

/// A number of fires of a verdict.
struct Big {
    verdict: &'static str,
    key: String,
    words: &'static str,
    fires: u64,
}

/// How far a unit's plans have come.
struct Bar {
    name: String,
    approved: u32,
    approved_mu: String,
    burnt_mu: String,
    remaining_mu: String,
    lapsed_mu: String,
    /// Burnt of approved; `None` while nothing is approved.
    percent: Option<String>,
    /// The same for the bar, 0 to 100.
    value: String,
}

/// `GET /wall`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let result = build(&web, &me, &ask).await;
    respond::page(&web, &ask, result).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["date", "refresh"])?;
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let refreshes = match ask.param("refresh") {
        None | Some("on") => true,
        Some("off") => false,
        Some(other) => {
            return Err(Problem::BadParameter { name: "refresh", value: other.to_owned(), expected: "on or off" });
        }
    };
    let coverage = coverage(web).await?;
    let day = asked_day(web, ask)?;
    let drawn = drawn(web, me, ask, &day, View::Wall).await?;
    let summary = drawn.summary.clone();
    let plans = me.store.plans(PlanFilter::default()).await?;
    let mut lines = ledger::progress(&ground, &plans, now);
    lines.retain(|line| me.store.scope().holds(&line.unit_code));
    let page = Wall {
        refresh: refreshes.then_some(REFRESH_SECS),
        refresh_href: ask.here_with("refresh", if refreshes { "off" } else { "on" }),
        unit: full_name(&ground, &me.account.unit_code, lang),
        day: day.date,
        weekday: weekday(day.date, lang),
        is_today: day.date == ground.local_day(now),
        time: ground.local_time(now).strftime("%H:%M").to_string(),
        key: key(lang),
        verdicts: summary.columns.iter().map(|verdict| big(*verdict, &summary, lang)).collect(),
        open: drawn.alerts.open,
        closed: drawn.alerts.closed,
        drawn,
        progress: bars(&ground, lang, me, &lines),
        progress_total: lines
            .iter()
            .find(|line| line.unit_code == *me.store.scope().unit())
            .map(|line| bar(&ground, lang, line)),
        coverage: coverage.words(day.span, &ground.data().time_zone, lang),
        link_rule: link_rule(lang, web.site.link_gap),
        has_nothing: summary.total.counts.fires == 0 && summary.total.counts.pixels == 0,
        summary,
        f: Frame::with_feeds(web, ask, &coverage.feeds),
    };
    Ok(page.render()?)
}

fn big(verdict: Verdict, summary: &Summary, lang: Lang) -> Big {
    Big {
        verdict: verdict.name(),
        key: map_svg::key_svg(verdict),
        words: lang.verdict_short(verdict),
        fires: summary.total.of(&verdict),
    }
}

/// The units right below the own one that plans are counted for: counties for the city, townships for a county.
fn bars(ground: &Ground, lang: Lang, me: &Me, lines: &[ProgressLine]) -> Vec<Bar> {
    let scope = me.store.scope();
    let level = if scope.level() < UnitLevel::County { UnitLevel::County } else { UnitLevel::Township };
    lines.iter().filter(|line| line.level == level).map(|line| bar(ground, lang, line)).collect()
}

fn bar(ground: &Ground, lang: Lang, line: &ProgressLine) -> Bar {
    let percent = line.burnt_share.map(|share| share * 100.0);
    Bar {
        name: unit_name(ground, &line.unit_code, lang),
        approved: line.approved.number,
        approved_mu: format!("{:.0}", line.approved.mu),
        burnt_mu: format!("{:.0}", line.burnt_mu),
        remaining_mu: format!("{:.0}", line.remaining_mu),
        lapsed_mu: format!("{:.0}", line.lapsed_mu),
        percent: percent.map(|percent| format!("{percent:.0}%")),
        value: format!("{:.0}", percent.unwrap_or_default().clamp(0.0, 100.0)),
    }
}
