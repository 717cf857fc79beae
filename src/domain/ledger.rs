//! The ledger of burning in order (烧除台账): what was planned, ordered and burnt per unit and
//! day, what satellites saw there, what remains, and how far the season has come.
//!
//! Pure sums over plans and judged fires that the store has read. Every line holds its unit's own
//! plans and those of everything below it. A quota that is exceeded is a finding of the ledger;
//! it changes no fire's verdict. Satellites see suspected fires: their counts stand beside the
//! burnt area and are never added to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::burning::{StandingPlan, standing_orders};
use super::calendar::Quota;
use super::ground::Ground;
use super::plan::PlanStatus;
use super::time::{Date, Timestamp};
use super::unit::{UnitCode, UnitLevel};
use super::verdict::Verdict;

/// A judged detection as the ledger counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPixel {
    /// The fire it belongs to; pixels of one fire count once per unit.
    pub fire_id: i64,
    /// The lowest unit that holds it.
    pub unit: UnitCode,
    /// Its verdict.
    pub verdict: Verdict,
}

/// A number of plans and their area.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Tally {
    /// How many.
    pub number: u32,
    /// Their area, mu.
    pub mu: f64,
}

impl Tally {
    fn add(&mut self, mu: f64) {
        self.number += 1;
        self.mu += mu;
    }
}

/// Suspected fires by satellite, each once per unit under its worst verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// 计划烧除
    pub planned: u32,
    /// 未按计划烧除
    pub off_plan: u32,
    /// 限烧区计划外焚烧
    pub unplanned: u32,
    /// 禁烧区火点
    pub banned: u32,
}

/// A daily quota that was exceeded (超出当日限额): a finding of its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct QuotaExceeded {
    /// The quota, mu.
    pub quota_mu: f64,
    /// Area ordered that day, mu, when it is above the quota.
    pub ordered_mu: Option<f64>,
    /// Area burnt that day, mu, when it is above the quota.
    pub burnt_mu: Option<f64>,
}

/// One unit on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerLine {
    /// The local day.
    pub day: Date,
    /// The unit; its line holds everything below it.
    pub unit_code: UnitCode,
    /// Its level.
    pub level: UnitLevel,
    /// Approved plans whose window touches the day.
    pub plans: Tally,
    /// Orders that touch the day; area of their plans, each once.
    pub orders: Tally,
    /// Plans lit that day and reported done; area really burnt.
    pub burnt: Tally,
    /// What satellites saw.
    pub seen: Seen,
    /// Approved, still to come at the end of the day, mu.
    pub remaining_mu: f64,
    /// The smallest quota that applies, mu.
    pub quota_mu: Option<f64>,
    /// The finding, when it was exceeded.
    pub quota_exceeded: Option<QuotaExceeded>,
}

/// One unit over a season.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgressLine {
    /// The unit; its line holds everything below it.
    pub unit_code: UnitCode,
    /// City, county or township.
    pub level: UnitLevel,
    /// Applied for, withdrawn ones left out, refused ones included.
    pub applied: Tally,
    /// Approved and not withdrawn.
    pub approved: Tally,
    /// Reported done; planned area.
    pub done: Tally,
    /// Area really burnt, mu.
    pub burnt_mu: f64,
    /// Approved and neither done nor past its window, mu.
    pub remaining_mu: f64,
    /// Approved, window over, never reported done, mu.
    pub lapsed_mu: f64,
    /// Burnt of approved, 0..; `None` while nothing is approved.
    pub burnt_share: Option<f64>,
}

/// The ledger of one local day.
///
/// # Shape
/// One line for every unit that has an approved plan whose window is not over when the day begins,
/// or a fire seen that day, and for every unit above it; city first, then by level and code.
#[must_use]
pub fn day_ledger(
    ground: &Ground,
    day: Date,
    bounds: (Timestamp, Timestamp),
    plans: &[StandingPlan],
    seen: &[SeenPixel],
) -> Vec<LedgerLine> {
    let mut lines: BTreeMap<(UnitLevel, UnitCode), LedgerLine> = BTreeMap::new();
    let mut with_plans: BTreeSet<&UnitCode> = BTreeSet::new();
    for standing in plans.iter().filter(|standing| counts_on(standing, bounds)) {
        with_plans.insert(&standing.plan.unit_code);
        for unit in ground.line_of(&standing.plan.unit_code) {
            let line =
                lines.entry((unit.level, unit.code.clone())).or_insert_with(|| empty_line(day, unit.level, &unit.code));
            add_plan(line, standing, bounds);
        }
    }
    for ((level, code), fires) in fires_by_unit(ground, seen) {
        let line = lines.entry((level, code.clone())).or_insert_with(|| empty_line(day, level, &code));
        for verdict in fires.into_values() {
            line.seen.add(verdict);
        }
    }
    let mut lines: Vec<_> = lines.into_values().collect();
    for line in &mut lines {
        let has_plan = with_plans.contains(&line.unit_code);
        line.quota_mu = quota_of(&ground.data().calendar.quotas, &line.unit_code, has_plan);
        line.quota_exceeded = line.quota_mu.and_then(|quota_mu| exceeded(line, quota_mu));
    }
    lines
}

fn empty_line(day: Date, level: UnitLevel, code: &UnitCode) -> LedgerLine {
    LedgerLine {
        day,
        unit_code: code.clone(),
        level,
        plans: Tally::default(),
        orders: Tally::default(),
        burnt: Tally::default(),
        seen: Seen::default(),
        remaining_mu: 0.0,
        quota_mu: None,
        quota_exceeded: None,
    }
}

/// Approved by the end of the day, not withdrawn by then, and its window not over when it began.
fn counts_on(standing: &StandingPlan, (start, end): (Timestamp, Timestamp)) -> bool {
    let plan = &standing.plan;
    start < plan.window_end
        && plan.approved_at.is_some_and(|at| at < end)
        && plan.withdrawn_at.is_none_or(|at| at >= end)
}

fn add_plan(line: &mut LedgerLine, standing: &StandingPlan, (start, end): (Timestamp, Timestamp)) {
    let plan = &standing.plan;
    if plan.window_start < end {
        line.plans.add(plan.area_mu);
    }
    let orders = standing_orders(plan).filter(|order| order.from < end && start < order.to).count();
    if orders > 0 {
        line.orders.number += u32::try_from(orders).unwrap_or(u32::MAX);
        line.orders.mu += plan.area_mu;
    }
    // The fire burnt on the day it was lit, whenever somebody reported it done.
    let lit_that_day = plan.lit_at.or(plan.done_at).is_some_and(|at| start <= at && at < end);
    if let Some(burnt_mu) = plan.burnt_mu.filter(|_| lit_that_day) {
        line.burnt.add(burnt_mu);
    }
    let is_done = plan.done_at.is_some_and(|at| at < end);
    if !is_done && plan.window_end > end {
        line.remaining_mu += plan.area_mu;
    }
}

/// Fires per unit of every level on the pixels' lines: fire id to its worst verdict there.
fn fires_by_unit(ground: &Ground, seen: &[SeenPixel]) -> BTreeMap<(UnitLevel, UnitCode), BTreeMap<i64, Verdict>> {
    let mut fires: BTreeMap<(UnitLevel, UnitCode), BTreeMap<i64, Verdict>> = BTreeMap::new();
    for pixel in seen {
        for unit in ground.line_of(&pixel.unit) {
            let of_unit = fires.entry((unit.level, unit.code.clone())).or_default();
            // Verdicts are ordered worst first.
            let worst = of_unit.entry(pixel.fire_id).or_insert(pixel.verdict);
            *worst = (*worst).min(pixel.verdict);
        }
    }
    fires
}

impl Seen {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Planned => self.planned += 1,
            Verdict::OffPlan => self.off_plan += 1,
            Verdict::Unplanned => self.unplanned += 1,
            Verdict::Banned => self.banned += 1,
            Verdict::HeatSource | Verdict::Unzoned | Verdict::Neighbour => {}
        }
    }
}

/// The smallest quota of a unit: those that name it, and those for every unit that has a plan.
fn quota_of(quotas: &[Quota], unit: &UnitCode, has_plan: bool) -> Option<f64> {
    quotas
        .iter()
        .filter(|quota| if quota.units.is_empty() { has_plan } else { quota.units.contains(unit) })
        .map(|quota| quota.area_mu)
        .min_by(f64::total_cmp)
}

fn exceeded(line: &LedgerLine, quota_mu: f64) -> Option<QuotaExceeded> {
    let above = |mu: f64| (mu > quota_mu).then_some(mu);
    let (ordered_mu, burnt_mu) = (above(line.orders.mu), above(line.burnt.mu));
    (ordered_mu.is_some() || burnt_mu.is_some()).then_some(QuotaExceeded { quota_mu, ordered_mu, burnt_mu })
}

/// How far the plans have come by now, by city, county and township.
///
/// # Shape
/// One line for every unit of these levels that has a plan at or below it; city first, then by
/// level and code.
#[must_use]
pub fn progress(ground: &Ground, plans: &[StandingPlan], now: Timestamp) -> Vec<ProgressLine> {
    let mut lines: BTreeMap<(UnitLevel, UnitCode), ProgressLine> = BTreeMap::new();
    for standing in plans.iter().filter(|standing| standing.status != PlanStatus::Withdrawn) {
        let line_of = ground.line_of(&standing.plan.unit_code);
        for unit in line_of.into_iter().filter(|unit| unit.level <= UnitLevel::Township) {
            let line = lines.entry((unit.level, unit.code.clone())).or_insert_with(|| ProgressLine {
                unit_code: unit.code.clone(),
                level: unit.level,
                applied: Tally::default(),
                approved: Tally::default(),
                done: Tally::default(),
                burnt_mu: 0.0,
                remaining_mu: 0.0,
                lapsed_mu: 0.0,
                burnt_share: None,
            });
            add_progress(line, standing, now);
        }
    }
    let mut lines: Vec<_> = lines.into_values().collect();
    for line in &mut lines {
        line.burnt_share = (line.approved.mu > 0.0).then(|| line.burnt_mu / line.approved.mu);
    }
    lines
}

fn add_progress(line: &mut ProgressLine, standing: &StandingPlan, now: Timestamp) {
    let plan = &standing.plan;
    line.applied.add(plan.area_mu);
    match standing.status {
        PlanStatus::Applied | PlanStatus::Refused | PlanStatus::Withdrawn => return,
        PlanStatus::Approved | PlanStatus::Ordered | PlanStatus::Lit | PlanStatus::Done => {}
    }
    line.approved.add(plan.area_mu);
    line.burnt_mu += plan.burnt_mu.unwrap_or_default();
    if standing.status == PlanStatus::Done {
        line.done.add(plan.area_mu);
    } else if plan.window_end <= now {
        line.lapsed_mu += plan.area_mu;
    } else {
        line.remaining_mu += plan.area_mu;
    }
}
