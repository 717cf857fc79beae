//! What an order runs into: a closure, hours, the weather, a quota.
//!
//! An order is a person's decision and is not refused for these; but a fire lit under it would be
//! judged by them, so whoever orders is told, and the log keeps that he was.

use super::local_minute;
use crate::domain::calendar::{BurnWeather, Closure};
use crate::domain::ground::Ground;
use crate::domain::ledger::LedgerLine;
use crate::domain::policy::EnteredWeather;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;

/// What an order for a unit's plan runs into.
///
/// # Shape
/// One text per thing, Chinese and English; `ledger` is that of the order's day with the order in it,
/// `weather` the levels entered for the day, oldest entry first.
#[must_use]
pub fn order_cautions(
    ground: &Ground,
    unit: &UnitCode,
    (from, to): (Timestamp, Timestamp),
    weather: &[EnteredWeather],
    ledger: &[LedgerLine],
) -> Vec<String> {
    let mut cautions: Vec<String> = ground
        .data()
        .calendar
        .closures
        .iter()
        .filter_map(|closure| in_closure(ground, unit, (from, to), closure))
        .collect();
    cautions.extend(outside_hours(ground, (from, to)));
    cautions.extend(bad_weather(ground, unit, from, weather));
    let line = ground.line_of(unit);
    let exceeded = ledger.iter().filter(|entry| line.iter().any(|above| above.code == entry.unit_code));
    cautions.extend(exceeded.filter_map(|entry| {
        let (finding, unit) = (entry.quota_exceeded?, &entry.unit_code);
        let (ordered, quota) = (finding.ordered_mu?, finding.quota_mu);
        Some(format!(
            "{unit}当日已下令{ordered}亩，超出限额{quota}亩 · {ordered} mu are ordered in {unit} that day, above its quota \
             of {quota}"
        ))
    }));
    cautions
}

fn in_closure(
    ground: &Ground,
    unit: &UnitCode,
    (from, to): (Timestamp, Timestamp),
    closure: &Closure,
) -> Option<String> {
    let zone = &ground.data().time_zone;
    let holds =
        closure.units.is_empty() || ground.line_of(unit).into_iter().any(|above| closure.units.contains(&above.code));
    let overlaps = closure.from < zone.to_datetime(to) && zone.to_datetime(from) < closure.to;
    (holds && overlaps).then(|| {
        let Closure { name, from, to, .. } = closure;
        let minute = |at: &crate::domain::time::DateTime| at.strftime("%Y-%m-%d %H:%M").to_string();
        let (from, to) = (minute(from), minute(to));
        format!("指令落在管控时段“{name}”（{from}至{to}）内 · the order falls into the closure {name} ({from} to {to})")
    })
}

fn outside_hours(ground: &Ground, (from, to): (Timestamp, Timestamp)) -> Option<String> {
    let hours = ground.data().calendar.hours?;
    let zone = &ground.data().time_zone;
    // An order lasts a day at most, so looking at every minute of it is nothing.
    let mut at = from;
    while at < to {
        if !hours.hold(zone.to_datetime(at).time()) {
            let (minute, start, end) =
                (local_minute(at, zone), hours.from.strftime("%H:%M"), hours.to.strftime("%H:%M"));
            return Some(format!(
                "{minute}不在允许烧除的时段{start}-{end}内 · {minute} is outside the permitted hours {start}-{end}"
            ));
        }
        at = at.checked_add(SignedDuration::from_mins(1)).ok()?;
    }
    None
}

fn bad_weather(ground: &Ground, unit: &UnitCode, from: Timestamp, entered: &[EnteredWeather]) -> Option<String> {
    let highest = ground.data().calendar.max_weather_level?;
    let day = ground.local_day(from);
    let of = |weather: &BurnWeather, code: &UnitCode| weather.date == day && weather.unit_code == *code;
    let level = ground.line_of(unit).into_iter().find_map(|above| {
        let last = entered.iter().rev().map(|entry| &entry.weather).find(|weather| of(weather, &above.code));
        last.or_else(|| ground.data().burn_weather.iter().find(|weather| of(weather, &above.code)))
    });
    match level {
        None => Some(format!("{day}焚烧气象等级未录入 · the burn-weather level of {day} is not recorded")),
        Some(weather) if weather.level > highest => {
            let level = weather.level;
            Some(format!(
                "{day}焚烧气象等级为{level}，高于允许的{highest} · the burn-weather level of {day} is {level}, above the \
                 permitted {highest}"
            ))
        }
        Some(_) => None,
    }
}
