//! Whether a plan may be lit at a moment, and everything that stands against it.
//!
//! What the machine of acts refuses ([`super::decide`]: status, order, window) and what a fire would be judged by
//! (closure, permitted hours, weather), in one answer for whoever stands in the field with the lighter.

use super::{BurnRules, BurningRefusal, PlanAct, StandingPlan, decide};
use crate::domain::actor::Actor;
use crate::domain::calendar::PermittedHours;
use crate::domain::ground::Ground;
use crate::domain::plan::PlanStatus;
use crate::domain::policy::WeatherLevel;
use crate::domain::time::{DateTime, Timestamp};

/// One thing that stands against lighting.
#[derive(Debug, Clone, PartialEq)]
pub enum Hindrance {
    /// Where the plan stands.
    Status(PlanStatus),
    /// What the machine of acts says.
    Refused(BurningRefusal),
    /// A closure runs.
    Closure {
        /// Its name.
        name: String,
        /// Its first local moment after.
        until: DateTime,
    },
    /// It is outside the permitted hours.
    Hours(PermittedHours),
    /// Today's burn-weather level is not recorded.
    NoWeather,
    /// Today's burn-weather level forbids it.
    Weather {
        /// The level.
        level: u8,
        /// The highest permitted.
        highest: u8,
    },
}

/// What stands against lighting a plan now; nothing: it may be lit, by whoever has the right to.
///
/// `weather` is the level that holds for the plan's unit now. A plan that burns already has nothing to be lit.
#[must_use]
pub fn hindrances(
    ground: &Ground,
    rules: &BurnRules,
    standing: &StandingPlan,
    weather: Option<&WeatherLevel>,
    now: Timestamp,
) -> Vec<Hindrance> {
    let plan = &standing.plan;
    // In the name of its own unit: who may press the button is another question.
    let own = Actor::person(plan.responsible.clone(), plan.unit_code.clone());
    let mut against = Vec::new();
    if is_told_by_status(standing.status, *rules) {
        against.push(Hindrance::Status(standing.status));
    } else if let Err(refusal) = decide(ground, rules, standing, &own, PlanAct::Light, (now, now)) {
        against.push(Hindrance::Refused(refusal));
    }
    against.extend(by_closure(ground, standing, now));
    against.extend(by_hours(ground, now));
    against.extend(by_weather(ground, weather));
    against
}

/// Whether the status says it: to a farmer the long refusal of an act would say less.
fn is_told_by_status(status: PlanStatus, rules: BurnRules) -> bool {
    match status {
        PlanStatus::Ordered => false,
        PlanStatus::Approved => rules.need_order,
        _ => true,
    }
}

fn by_closure(ground: &Ground, standing: &StandingPlan, now: Timestamp) -> Vec<Hindrance> {
    let line = ground.line_of(&standing.plan.unit_code);
    let running = ground.data().calendar.running(ground.local_moment(now));
    let here = running
        .filter(|closure| closure.units.is_empty() || line.iter().any(|unit| closure.units.contains(&unit.code)));
    here.map(|closure| Hindrance::Closure { name: closure.name.clone(), until: closure.to }).collect()
}

fn by_hours(ground: &Ground, now: Timestamp) -> Option<Hindrance> {
    let hours = ground.data().calendar.hours?;
    (!hours.hold(ground.local_moment(now).time())).then_some(Hindrance::Hours(hours))
}

fn by_weather(ground: &Ground, weather: Option<&WeatherLevel>) -> Option<Hindrance> {
    let highest = ground.data().calendar.max_weather_level?;
    let Some(weather) = weather else { return Some(Hindrance::NoWeather) };
    (weather.level > highest).then_some(Hindrance::Weather { level: weather.level, highest })
}
