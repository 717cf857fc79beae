//! Whether a plan may be lit at a moment, and everything that stands against it.
//!
//! What the machine of acts refuses ([`super::decide`]: status, order, window) and what a fire would be judged by
//! (closure, permitted hours, weather), in one answer for whoever stands in the field with the lighter.

use super::{BurnRules, PlanAct, StandingPlan, decide};
use crate::domain::actor::Actor;
use crate::domain::ground::Ground;
use crate::domain::plan::PlanStatus;
use crate::domain::policy::WeatherLevel;
use crate::domain::time::Timestamp;

/// One thing that stands against lighting, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hindrance {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
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
    if let Some(hindrance) = by_status(standing.status, *rules) {
        against.push(hindrance);
    } else if let Err(refusal) = decide(ground, rules, standing, &own, PlanAct::Light, (now, now)) {
        let text = refusal.to_string();
        let (zh, en) = text.split_once(" · ").unwrap_or((&text, &text));
        against.push(Hindrance { zh: zh.to_owned(), en: en.to_owned() });
    }
    against.extend(by_closure(ground, standing, now));
    against.extend(by_hours(ground, now));
    against.extend(by_weather(ground, weather));
    against
}

/// Short words where the long refusal of an act would say less to a farmer.
fn by_status(status: PlanStatus, rules: BurnRules) -> Option<Hindrance> {
    let (zh, en) = match status {
        PlanStatus::Ordered => return None,
        PlanStatus::Approved if !rules.need_order => return None,
        PlanStatus::Applied => ("计划尚未批准", "the plan is not approved yet"),
        PlanStatus::Approved => ("尚无当日烧除指令", "there is no order of the day yet"),
        PlanStatus::Refused => ("计划未获批准", "the plan was refused"),
        PlanStatus::Lit => ("已点火", "it is lit already"),
        PlanStatus::Done => ("已完成", "it is done"),
        PlanStatus::Withdrawn => ("计划已撤回", "the plan was withdrawn"),
    };
    Some(Hindrance { zh: zh.to_owned(), en: en.to_owned() })
}

fn by_closure(ground: &Ground, standing: &StandingPlan, now: Timestamp) -> Vec<Hindrance> {
    let line = ground.line_of(&standing.plan.unit_code);
    let running = ground.data().calendar.running(ground.local_moment(now));
    let here = running
        .filter(|closure| closure.units.is_empty() || line.iter().any(|unit| closure.units.contains(&unit.code)));
    here.map(|closure| {
        let (name, until) = (&closure.name, closure.to.strftime("%Y-%m-%d %H:%M"));
        Hindrance {
            zh: format!("管控时段“{name}”内禁止烧除，至{until}"),
            en: format!("the closure {name} runs until {until}"),
        }
    })
    .collect()
}

fn by_hours(ground: &Ground, now: Timestamp) -> Option<Hindrance> {
    let hours = ground.data().calendar.hours?;
    if hours.hold(ground.local_moment(now).time()) {
        return None;
    }
    let (from, to) = hours.texts();
    Some(Hindrance {
        zh: format!("现在不在允许烧除的时段{from}-{to}内"),
        en: format!("it is outside the permitted hours {from}-{to}"),
    })
}

fn by_weather(ground: &Ground, weather: Option<&WeatherLevel>) -> Option<Hindrance> {
    let highest = ground.data().calendar.max_weather_level?;
    let (zh, en) = match weather {
        None => ("今日焚烧气象等级尚未录入".to_owned(), "today's burn-weather level is not recorded yet".to_owned()),
        Some(weather) if weather.level > highest => (
            format!("今日焚烧气象等级为{}，高于允许的{highest}", weather.level),
            format!("today's burn-weather level is {}, above the permitted {highest}", weather.level),
        ),
        Some(_) => return None,
    };
    Some(Hindrance { zh, en })
}
