//! The feeds and the service: what is polled, how it went, and whether to believe it.

use std::collections::HashSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::ground::Ground;
use crate::domain::time::Timestamp;
use crate::store::query::{DoubtfulView, LatestPolls, PollRow};
use crate::store::{AlertFilter, OpenAlerts};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::coverage::{Feed, age_text, coverage};
use crate::web::frame::{Frame, local};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, feeds, outcome, pages as w};

/// Polls listed: a few hours of three feeds.
const POLLS_SHOWN: u32 = 40;

/// Rejected rows and unknown values listed of each: enough to see what a feed has changed.
const DOUBTFUL_SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    f: Frame,
    feeds: Vec<FeedCard>,
    data_up_to: Option<String>,
    satellites: Option<String>,
    polls: Vec<PollLine>,
    doubtful: Vec<DoubtfulLines>,
    late_after: i64,
    stale_after: i64,
    region_id: String,
    region_version: String,
    region_faults: Vec<String>,
    review_number: Option<String>,
    units: usize,
    units_without_outline: usize,
    units_without_holder: usize,
    zones: usize,
    alerts: OpenAlerts,
    gaps: usize,
    version: &'static str,
    sqlite_version: String,
    started: String,
    running: String,
}

struct FeedCard {
    id: String,
    state: &'static str,
    state_words: &'static str,
    why: String,
    satellites: Vec<SatelliteLine>,
    newest: Option<String>,
    last_attempt: Option<String>,
    last_success: Option<String>,
    next_attempt: Option<String>,
    outcome: Option<String>,
    outcome_word: String,
    detail: String,
    /// What to do now about that outcome, where anything is: a heading and what it is.
    todo: Option<(&'static str, &'static str)>,
    failures: u32,
}

/// How far one satellite of a feed can be believed.
struct SatelliteLine {
    name: &'static str,
    state: &'static str,
    state_words: &'static str,
    newest: Option<String>,
}

struct PollLine {
    at: String,
    source: String,
    file: Option<String>,
    outcome: String,
    outcome_word: String,
    detail: String,
    read: u64,
    new: u64,
    rejected: u64,
    with_unknown: u64,
}

/// Rows to look at, of one kind.
struct DoubtfulLines {
    title: &'static str,
    lines: Vec<DoubtfulLine>,
}

struct DoubtfulLine {
    at: String,
    source: String,
    line: i64,
    raw: String,
    problem: String,
}

/// `GET /status`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let result = build(&web, &me, &ask).await;
    respond::page(&web, &ask, result).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    let (site, ground, now, lang) = (&web.site, web.ground(), web.now(), ask.lang);
    let coverage = coverage(web).await?;
    let LatestPolls { polls, rejected, unknown_values: unknown } =
        me.store.latest_polls(POLLS_SHOWN, DOUBTFUL_SHOWN).await?;
    let lines_of = |title, rows: Vec<DoubtfulView>| DoubtfulLines {
        title,
        lines: rows.into_iter().map(|row| doubtful_line(&ground, row)).collect(),
    };
    let data = ground.data();
    let today = ground.local_day(now);
    let held: HashSet<_> =
        data.people.iter().filter(|holder| holder.holds_on(today)).map(|holder| &holder.unit_code).collect();
    let status = Status {
        f: Frame::with_feeds(web, ask, &coverage.feeds),
        feeds: coverage.feeds.iter().map(|feed| card(web, &ground, feed, lang)).collect(),
        data_up_to: coverage.data_up_to(&data.time_zone),
        satellites: coverage.each_satellite(&data.time_zone, lang),
        polls: polls.into_iter().map(|poll| poll_line(&ground, poll, lang)).collect(),
        doubtful: vec![
            lines_of(lang.say(w::status::LATEST_REJECTED), rejected),
            lines_of(lang.say(w::status::LATEST_UNREADABLE), unknown),
        ],
        late_after: site.patience.late_after.as_hours(),
        stale_after: site.patience.stale_after.as_hours(),
        region_id: data.id.clone(),
        region_version: data.version.short().to_owned(),
        region_faults: if me.sees_everything().is_ok() { site.vitals.region_faults() } else { Vec::new() },
        review_number: data.map_review_number.clone(),
        units: data.units.len(),
        units_without_outline: data.units.iter().filter(|unit| unit.outline.is_none()).count(),
        units_without_holder: data.units.iter().filter(|unit| !held.contains(&unit.code)).count(),
        zones: data.zones.len(),
        alerts: OpenAlerts::of(&me.store.alert_counts(AlertFilter::open()).await?),
        gaps: me.store.responsibility_gaps().await?.len(),
        version: env!("CARGO_PKG_VERSION"),
        sqlite_version: site.sqlite_version.clone(),
        started: local(&ground, site.started_at),
        running: age_text(now.duration_since(site.started_at), lang),
    };
    Ok(status.render()?)
}

fn card(web: &Web, ground: &Ground, feed: &Feed, lang: Lang) -> FeedCard {
    let state = &feed.state;
    let when = |at: Option<Timestamp>| at.map(|at| local(ground, at));
    let todo = state.last_outcome.as_deref().and_then(feeds::what_to_do_about);
    FeedCard {
        id: state.id.clone(),
        state: feed.freshness.name(),
        state_words: lang.say(feed.freshness.label()),
        why: feed.why(web, lang),
        satellites: feed
            .satellites
            .iter()
            .map(|(signs, state)| SatelliteLine {
                name: signs.satellite.name(),
                state: state.name(),
                state_words: lang.say(state.label()),
                newest: when(signs.newest_acquired_at),
            })
            .collect(),
        newest: when(state.newest_acquired_at),
        last_attempt: when(state.last_attempt_at),
        last_success: when(state.last_success_at),
        next_attempt: when(state.next_attempt_at),
        outcome: state.last_outcome.as_deref().map(|word| outcome(word, lang)),
        outcome_word: state.last_outcome.clone().unwrap_or_default(),
        detail: state.last_detail.clone().unwrap_or_default(),
        todo: todo.map(|todo| (lang.say(feeds::WHAT_TO_DO), lang.say(todo))),
        failures: state.consecutive_failures,
    }
}

fn doubtful_line(ground: &Ground, row: DoubtfulView) -> DoubtfulLine {
    DoubtfulLine {
        at: local(ground, row.at),
        source: row.source_id,
        line: row.line,
        // What a feed sends may hold control characters.
        raw: row.raw.escape_debug().to_string(),
        problem: row.problem,
    }
}

fn poll_line(ground: &Ground, poll: PollRow, lang: Lang) -> PollLine {
    PollLine {
        at: local(ground, poll.started_at),
        source: poll.source_id,
        file: poll.file_name,
        outcome: outcome(&poll.outcome, lang),
        outcome_word: poll.outcome,
        detail: poll.detail,
        read: poll.rows_read,
        new: poll.rows_new,
        rejected: poll.rows_rejected,
        with_unknown: poll.rows_with_unknown,
    }
}
