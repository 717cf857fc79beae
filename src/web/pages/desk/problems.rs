//! The problem list (问题清单): alerts by clock and level, under a filter that lives in the address.
//!
//! The filter is the API's own, so that the numbers, the list and the tables that are saved say the same. Alerts that are
//! over are left out until somebody asks for them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::ground::Ground;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::store::{
    AlertFilter, AlertTotal, ENDED_COUNTED, Ended, OpenAlerts, StateCounts, WorkList, WorkOrder, WorkPlace,
};
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::alert_filter::{ALERT_FILTERS, alert_filter_of};
use crate::web::frame::Frame;
use crate::web::pages::desk::worklist::{AlertLine, Filters, alert_line};
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::{Label, Lang, full_name, pages as w};

/// Rows of a page.
const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "problems.html")]
struct Problems {
    f: Frame,
    unit: String,
    states: Vec<StateCount>,
    marks: Vec<StateCount>,
    ended_are_more: bool,
    counted: u32,
    choices: Vec<Choice>,
    flags: Vec<Flag>,
    from: String,
    to: String,
    total: AlertTotal,
    /// Alerts that only may concern the own ground: in no number here.
    may_concern: u64,
    may_concern_href: String,
    rows: Vec<AlertLine>,
    is_filtered: bool,
    all_href: String,
    by_clock: bool,
    clock_href: String,
    newest_href: String,
    first: Option<String>,
    next: Option<String>,
    csv: String,
    xlsx: String,
}

/// A number that leads to its alerts.
struct StateCount {
    words: &'static str,
    alerts: u64,
    /// There may be more of them.
    are_more: bool,
    href: String,
    is_chosen: bool,
}

/// A field with its options.
struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
}

/// A yes-or-no field.
struct Flag {
    name: &'static str,
    label: &'static str,
    is_on: bool,
}

/// `GET /problems`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let result = build(&web, &me, &ask).await;
    respond::page(&web, &ask, result).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only_with(ALERT_FILTERS, &["sort", "after"])?;
    let (ground, lang) = (web.ground(), ask.lang);
    let order = order_of(ask)?;
    let filter = filter_of(web, ask)?;
    let wanted = WorkList { after: after_of(ask)?, ..WorkList::first(filter.clone(), order, PAGE) };
    let (found, counts, open_alerts, total) = tokio::try_join!(
        me.store.worklist(wanted),
        me.store.state_counts(filter.clone()),
        me.store.alert_counts(AlertFilter::open()),
        me.store.count_alerts(filter.clone(), Ended::Some),
    )?;
    let known: Vec<&'static str> = ALERT_FILTERS.iter().copied().chain(["sort"]).collect();
    let filters = Filters::of(ask, "/problems", &known);
    let open = if filter.open_only { "true" } else { "false" };
    let export = |format: &str| {
        let filters = Filters::of(ask, "/problems", ALERT_FILTERS);
        let table = filters.at("/api/v1/alerts/export", &[("open", open)]);
        format!("{table}&format={format}")
    };
    let page = Problems {
        may_concern: may_concern(me, &filter, total).await?,
        may_concern_href: filters.with(&[("candidates", "true")]),
        f: Frame::of(web, ask).await,
        unit: full_name(&ground, &me.account.unit_code, lang),
        states: state_counts(&counts, &filters, &filter, lang),
        marks: marks(OpenAlerts::of(&open_alerts), &filters, &filter, lang),
        ended_are_more: counts.are_more,
        counted: ENDED_COUNTED,
        choices: choices(&ground, me, ask, &filter),
        flags: flags(ask, &filter),
        from: ask.param("from").unwrap_or_default().to_owned(),
        to: ask.param("to").unwrap_or_default().to_owned(),
        total,
        rows: found.rows.iter().map(|row| alert_line(&ground, lang, web.now(), row)).collect(),
        is_filtered: known.iter().any(|name| ask.param(name).is_some()),
        all_href: ask.href("/problems"),
        by_clock: order == WorkOrder::Clock,
        clock_href: filters.with(&[("sort", "")]),
        newest_href: filters.with(&[("sort", "newest")]),
        first: ask.param("after").map(|_| filters.with(&[])),
        next: found.next.map(|next| filters.with(&[("after", &format!("{}_{}", next.key, next.number))])),
        csv: export("csv"),
        xlsx: export("xlsx"),
    };
    Ok(page.render()?)
}

/// How many more alerts there are when those are taken in that only may concern the own ground.
async fn may_concern(me: &Me, filter: &AlertFilter, own: AlertTotal) -> Result<u64, Problem> {
    if me.store.scope().is_whole() || filter.as_candidate {
        return Ok(0);
    }
    let all = me.store.count_alerts(AlertFilter { as_candidate: true, ..filter.clone() }, Ended::Some).await?;
    Ok(all.alerts.saturating_sub(own.alerts))
}

/// The API's filter; alerts that are over only where a state or all of them are asked for.
fn filter_of(web: &Web, ask: &Ask) -> Result<AlertFilter, Problem> {
    let filter = alert_filter_of(web, ask)?;
    let open_only = filter.open_only || (ask.param("open").is_none() && filter.states.is_empty());
    Ok(AlertFilter { open_only, ..filter })
}

fn order_of(ask: &Ask) -> Result<WorkOrder, Problem> {
    match ask.param("sort") {
        None | Some("clock") => Ok(WorkOrder::Clock),
        Some("newest") => Ok(WorkOrder::Newest),
        Some(other) => {
            Err(Problem::BadParameter { name: "sort", value: other.to_owned(), expected: "clock or newest" })
        }
    }
}

/// Where the page before ended.
pub(in crate::web) fn after_of(ask: &Ask) -> Result<Option<WorkPlace>, Problem> {
    let Some(text) = ask.param("after") else { return Ok(None) };
    let place = text
        .split_once('_')
        .and_then(|(key, number)| Some(WorkPlace { key: key.parse().ok()?, number: AlertNumber(number.to_owned()) }));
    let bad =
        || Problem::BadParameter { name: "after", value: text.to_owned(), expected: "the link of the page before" };
    place.map(Some).ok_or_else(bad)
}

fn state_counts(counts: &StateCounts, filters: &Filters<'_>, filter: &AlertFilter, lang: Lang) -> Vec<StateCount> {
    let count = |state: AlertState| StateCount {
        words: lang.say(state.label()),
        alerts: counts.alerts.get(&state).copied().unwrap_or_default(),
        are_more: counts.are_more && state.is_over(),
        href: filters.with(&[("state", state.name()), ("open", "")]),
        is_chosen: filter.states == [state],
    };
    AlertState::ALL.into_iter().map(count).collect()
}

/// What is wrong with alerts that are not over.
fn marks(open: OpenAlerts, filters: &Filters<'_>, filter: &AlertFilter, lang: Lang) -> Vec<StateCount> {
    let mark = |name, words, alerts, is_chosen| StateCount {
        words: lang.say(words),
        alerts,
        are_more: false,
        // The numbers are of the whole ground, and so is what they lead to.
        href: filters.anew(&if name == "open" { vec![] } else { vec![(name, "true"), ("open", "true")] }),
        is_chosen,
    };
    let is_all = |chosen: bool| chosen && filter.states.is_empty();
    vec![
        mark("open", w::problems::OPEN, open.open, is_all(filter.open_only)),
        mark("overdue", w::shared::OVERDUE, open.overdue, filter.overdue),
        mark("undelivered", w::shared::UNDELIVERED, open.undelivered, filter.undelivered),
        mark("disputed", w::shared::DISPUTED, open.disputed, filter.disputed),
    ]
}

fn choices(ground: &Ground, me: &Me, ask: &Ask, filter: &AlertFilter) -> Vec<Choice> {
    let lang = ask.lang;
    let any = |words| (String::new(), lang.say(words).to_owned(), false);
    let option = |name: &'static str, value: &str, words: &str| {
        (value.to_owned(), words.to_owned(), ask.param(name) == Some(value))
    };
    let states = AlertState::ALL.into_iter().map(|state| option("state", state.name(), lang.say(state.label())));
    let sources = AlertSource::ALL.into_iter().map(|source| option("source", source.name(), lang.say(source.label())));
    let verdicts = Verdict::ALL
        .into_iter()
        .filter(|verdict| *verdict != Verdict::Neighbour)
        .map(|verdict| option("verdict", verdict.name(), lang.verdict_short(verdict)));
    let levels = UnitLevel::ALL.into_iter().map(|level| option("level", level.name(), lang.say(level.label())));
    let choice = |name, label, first, options: Vec<_>| Choice {
        name,
        label: lang.say(label),
        options: std::iter::once(first).chain(options).collect(),
    };
    let is_open = ask.param("open").map_or(filter.open_only, |value| matches!(value, "true" | "1"));
    let open = vec![
        ("true".to_owned(), lang.say(w::shared::OPEN_ONLY).to_owned(), is_open),
        ("false".to_owned(), lang.say(w::problems::ALSO_CLOSED).to_owned(), !is_open),
    ];
    vec![
        Choice { name: "open", label: lang.say(w::problems::WHICH), options: open },
        choice("state", w::shared::STATE, any(w::problems::ANY), states.collect()),
        choice("verdict", w::shared::VERDICT, any(w::problems::ANY), verdicts.collect()),
        choice("source", w::shared::SOURCE, any(w::problems::ANY), sources.collect()),
        choice("level", w::problems::LEVEL, any(w::problems::ANY), levels.collect()),
        choice("unit", w::shared::UNIT, any(w::problems::MY_GROUND), units(ground, me, ask)),
    ]
}

/// Counties and townships of the own ground, and whatever unit is chosen now.
fn units(ground: &Ground, me: &Me, ask: &Ask) -> Vec<(String, String, bool)> {
    let scope = me.store.scope();
    let chosen = ask.param("unit");
    let is_listed = |level: UnitLevel| level == UnitLevel::County || level == UnitLevel::Township;
    let units = ground.data().units.iter().filter(|unit| {
        let is_chosen = chosen == Some(unit.code.0.as_str());
        scope.holds(&unit.code) && (is_chosen || (is_listed(unit.level) && unit.code != *scope.unit()))
    });
    let indent = |level: UnitLevel| if level > UnitLevel::County { "　" } else { "" };
    units
        .map(|unit| {
            let name = ask.lang.name(&unit.name, unit.name_en.as_deref());
            let name = format!("{}{name}", indent(unit.level));
            (unit.code.0.clone(), name, chosen == Some(unit.code.0.as_str()))
        })
        .collect()
}

fn flags(ask: &Ask, filter: &AlertFilter) -> Vec<Flag> {
    let flag = |name, label, is_on| Flag { name, label: ask.lang.say(label), is_on };
    vec![
        flag("overdue", w::shared::OVERDUE, filter.overdue),
        flag("undelivered", w::shared::UNDELIVERED, filter.undelivered),
        flag("disputed", w::shared::DISPUTED, filter.disputed),
        flag("candidates", w::problems::ALSO_CANDIDATE, filter.as_candidate),
    ]
}
