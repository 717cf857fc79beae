//! How far burning in order has come, by county and township, and what satellites saw beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::mu;
use crate::domain::ledger::{self, LedgerLine, ProgressLine};
use crate::domain::time::Date;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::store::PlanFilter;
use crate::web::ask::Ask;
use crate::web::auth::Me;
use crate::web::forms::params;
use crate::web::frame::Frame;
use crate::web::problem::Problem;
use crate::web::{Web, respond};
use crate::words::figures::LEDGER;
use crate::words::{Label, pages as w, unit_name};

#[derive(Template)]
#[template(path = "plans_progress.html")]
struct ProgressPage {
    f: Frame,
    here: &'static str,
    may_apply: bool,
    from: Date,
    to: Date,
    lines: Vec<Line>,
    note: &'static str,
}

struct Line {
    level: &'static str,
    level_words: &'static str,
    name: String,
    href: String,
    applied: u32,
    approved: String,
    /// Plain numbers for the bar.
    approved_mu: f64,
    burnt_mu: f64,
    ordered: String,
    burnt: String,
    remaining: String,
    lapsed: Option<String>,
    percent: Option<u32>,
    seen: ledger::Seen,
}

/// `GET /plans/progress`
pub(in crate::web) async fn page(State(web): State<Arc<Web>>, me: Me, ask: Ask) -> Response {
    let built = build(&web, &me, &ask).await;
    respond::page(&web, &ask, built).await
}

async fn build(web: &Web, me: &Me, ask: &Ask) -> Result<String, Problem> {
    ask.only(&["from", "to"])?;
    let (ground, lang, now) = (web.ground(), ask.lang, web.now());
    let today = ground.local_day(now);
    let to = ask.date("to")?.unwrap_or(today);
    // Both burning seasons of a year, unless asked otherwise.
    let from = ask.date("from")?.unwrap_or_else(|| to.first_of_year());
    let span = params::open_span(Some(from), Some(to), &ground)?;
    let plans = me.store.plans(PlanFilter { window: Some(span), ..PlanFilter::default() }).await?;
    let seen = me.store.in_span(span).await?;
    // The ledger sums any span, not only a day.
    let summed = ledger::day_ledger(&ground, to, (span.from, span.until), &plans, &seen);
    let mut burning: BTreeMap<_, LedgerLine> = summed
        .into_iter()
        .filter(|line| line.level <= UnitLevel::Township && me.store.scope().holds(&line.unit_code))
        .map(|line| ((line.level, line.unit_code.clone()), line))
        .collect();
    let mut rows: Vec<(Option<ProgressLine>, Option<LedgerLine>)> = Vec::new();
    // Of the units above only a part of the plans can be seen here: no sums of them.
    let own = ledger::progress(&ground, &plans, now).into_iter();
    for line in own.filter(|line| me.store.scope().holds(&line.unit_code)) {
        let beside = burning.remove(&(line.level, line.unit_code.clone()));
        rows.push((Some(line), beside));
    }
    rows.extend(burning.into_values().map(|line| (None, Some(line))));
    let mut lines: Vec<_> = rows
        .iter()
        .filter_map(|(progress, seen)| {
            let code = progress.as_ref().map(|line| &line.unit_code).or(seen.as_ref().map(|line| &line.unit_code))?;
            let order: Vec<_> = ground.line_of(code).into_iter().rev().map(|unit| unit.code.clone()).collect();
            Some((order, code, progress, seen))
        })
        .collect();
    // A township stands below its county.
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    let line = |(_, code, progress, seen): (Vec<UnitCode>, &UnitCode, &Option<ProgressLine>, &Option<LedgerLine>)| {
        let level = progress.as_ref().map(|line| line.level).or(seen.as_ref().map(|line| line.level));
        let level = level.unwrap_or(UnitLevel::City);
        let progress = progress.as_ref();
        let approved_mu = progress.map_or(0.0, |line| line.approved.mu);
        let burnt_mu = progress.map_or(0.0, |line| line.burnt_mu);
        let lapsed = progress.map_or(0.0, |line| line.lapsed_mu);
        Line {
            level: level.name(),
            level_words: lang.say(level.label()),
            name: unit_name(&ground, code, lang),
            href: ask.href(&format!("/plans?unit={}", crate::web::request::percent_encoded(&code.0))),
            applied: progress.map_or(0, |line| line.applied.number),
            approved: mu(approved_mu),
            approved_mu,
            burnt_mu,
            ordered: mu(seen.as_ref().map_or(0.0, |line| line.orders.mu)),
            burnt: mu(burnt_mu),
            remaining: mu(progress.map_or(0.0, |line| line.remaining_mu)),
            lapsed: (lapsed > 0.0).then(|| mu(lapsed)),
            percent: percent(burnt_mu, approved_mu),
            seen: seen.as_ref().map(|line| line.seen).unwrap_or_default(),
        }
    };
    let page = ProgressPage {
        f: Frame::of(web, ask).await,
        here: "progress",
        may_apply: me.account.role.works(),
        from,
        to,
        lines: lines.into_iter().map(line).collect(),
        note: lang.say(LEDGER),
    };
    Ok(page.render()?)
}

/// Burnt of approved; more than all of it says so.
fn percent(burnt_mu: f64, approved_mu: f64) -> Option<u32> {
    let share = (approved_mu > 0.0).then(|| (burnt_mu / approved_mu * 100.0).round())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    Some(share.clamp(0.0, 9999.0) as u32)
}
