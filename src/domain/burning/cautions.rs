//! What an order runs into: a closure, hours, the weather, a quota.
//!
//! An order is a person's decision and is not refused for these; but a fire lit under it would be
//! judged by them, so whoever orders is told, and the log keeps that he was.
//!
//! An order within a day names hours, and every minute of it has to be permitted. One of several days, as files of plans
//! bring them, names days: it is held to where it meets the permitted hours, and runs into them only where it never does.

use super::local_minute;
use crate::domain::calendar::{BurnWeather, Closure};
use crate::domain::ground::Ground;
use crate::domain::ledger::LedgerLine;
use crate::domain::policy::EnteredWeather;
use crate::domain::time::{Date, SignedDuration, Timestamp, day_bounds, instant_of};
use crate::domain::unit::UnitCode;

/// From a first moment to the first after.
type Span = (Timestamp, Timestamp);

/// An order for a unit's plan as somebody looks at it.
#[derive(Debug, Clone, Copy)]
pub struct OrderView<'a> {
    /// The plan's unit.
    pub unit: &'a UnitCode,
    /// The whole order.
    pub order: (Timestamp, Timestamp),
    /// The part that is looked at: the whole of it, or what lies in a day.
    pub part: (Timestamp, Timestamp),
}

/// What an order for a unit's plan runs into.
///
/// # Shape
/// One text per thing, Chinese and English; `weather` holds the levels entered for the days of the part, oldest entry
/// first, `ledger` the lines of these days with the order in them.
#[must_use]
pub fn order_cautions(
    ground: &Ground,
    view: &OrderView<'_>,
    weather: &[EnteredWeather],
    ledger: &[LedgerLine],
) -> Vec<String> {
    let permitted = permitted_parts(ground, view.part);
    // Where nothing of it is permitted, the whole is what somebody might burn in.
    let burning = if permitted.is_empty() { vec![view.part] } else { permitted.clone() };
    let closures = ground.data().calendar.closures.iter();
    let mut cautions: Vec<String> =
        closures.filter_map(|closure| in_closure(ground, view.unit, &burning, closure)).collect();
    cautions.extend(outside_hours(ground, view, &permitted));
    let mut days: Vec<Date> = burning.iter().flat_map(|span| days_of(ground, *span)).collect();
    days.dedup();
    cautions.extend(bad_weather(ground, view.unit, &days, weather));
    let line = ground.line_of(view.unit);
    let exceeded = ledger
        .iter()
        .filter(|entry| days.contains(&entry.day) && line.iter().any(|above| above.code == entry.unit_code));
    cautions.extend(exceeded.filter_map(|entry| quota_exceeded(ground, entry)));
    cautions
}

/// The local days that a span touches, in their order.
#[must_use]
pub fn days_of(ground: &Ground, (from, to): (Timestamp, Timestamp)) -> Vec<Date> {
    let last = to.checked_sub(SignedDuration::from_millis(1)).unwrap_or(to).max(from);
    let (first, last) = (ground.local_day(from), ground.local_day(last));
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= last).collect()
}

/// Where a span meets the permitted hours of its days, in order; all of it where every hour is permitted.
fn permitted_parts(ground: &Ground, (from, to): Span) -> Vec<Span> {
    let Some(hours) = ground.data().calendar.hours else { return vec![(from, to)] };
    let zone = &ground.data().time_zone;
    let of_day = |day: Date| {
        // Hours that end before they begin end on the next day, midnight too.
        let last = if hours.to <= hours.from { day.tomorrow().ok()? } else { day };
        let opens = instant_of(day.to_datetime(hours.from), zone).ok()?.max(from);
        let closes = instant_of(last.to_datetime(hours.to), zone).ok()?.min(to);
        (opens < closes).then_some((opens, closes))
    };
    // The hours of the evening before may reach into the first day.
    let first = ground.local_day(from).yesterday().ok();
    first.into_iter().chain(days_of(ground, (from, to))).filter_map(of_day).collect()
}

fn in_closure(ground: &Ground, unit: &UnitCode, burning: &[Span], closure: &Closure) -> Option<String> {
    let zone = &ground.data().time_zone;
    let holds =
        closure.units.is_empty() || ground.line_of(unit).into_iter().any(|above| closure.units.contains(&above.code));
    let overlaps = |(from, to): &Span| closure.from < zone.to_datetime(*to) && zone.to_datetime(*from) < closure.to;
    (holds && burning.iter().any(overlaps)).then(|| {
        let Closure { name, from, to, .. } = closure;
        let minute = |at: &crate::domain::time::DateTime| at.strftime("%Y-%m-%d %H:%M").to_string();
        let (from, to) = (minute(from), minute(to));
        format!("指令落在管控时段“{name}”（{from}至{to}）内 · the order falls into the closure {name} ({from} to {to})")
    })
}

fn outside_hours(ground: &Ground, view: &OrderView<'_>, permitted: &[Span]) -> Option<String> {
    let (start, end) = ground.data().calendar.hours?.texts();
    if !permitted.is_empty() && !names_hours(ground, view.order) {
        return None;
    }
    // The first moment that no permitted part holds.
    let (from, to) = view.part;
    let at = permitted.iter().fold(from, |at, (opens, closes)| if *opens <= at { at.max(*closes) } else { at });
    let minute = local_minute(at, &ground.data().time_zone);
    (at < to).then(|| {
        format!("{minute}不在允许烧除的时段{start}-{end}内 · {minute} is outside the permitted hours {start}-{end}")
    })
}

/// Whether an order is for hours of one day, not for days.
fn names_hours(ground: &Ground, order: Span) -> bool {
    match days_of(ground, order).as_slice() {
        [day] => day_bounds(*day, &ground.data().time_zone).is_ok_and(|whole| whole != order),
        _ => false,
    }
}

fn bad_weather(ground: &Ground, unit: &UnitCode, days: &[Date], entered: &[EnteredWeather]) -> Vec<String> {
    let Some(highest) = ground.data().calendar.max_weather_level else { return Vec::new() };
    let mut unknown = Vec::new();
    let mut cautions = Vec::new();
    for day in days {
        match level_of(ground, unit, *day, entered) {
            None => unknown.push(day),
            Some(level) if level > highest => cautions.push(format!(
                "{day}焚烧气象等级为{level}，高于允许的{highest} · the burn-weather level of {day} is {level}, above the \
                 permitted {highest}"
            )),
            Some(_) => {}
        }
    }
    cautions.extend(unknown.first().map(|first| match unknown.len() {
        1 => format!("{first}焚烧气象等级未录入 · the burn-weather level of {first} is not recorded"),
        n => format!(
            "{first}起有{n}天焚烧气象等级未录入 · the burn-weather level is not recorded for {n} days from {first} on"
        ),
    }));
    cautions
}

fn level_of(ground: &Ground, unit: &UnitCode, day: Date, entered: &[EnteredWeather]) -> Option<u8> {
    let of = |weather: &BurnWeather, code: &UnitCode| weather.date == day && weather.unit_code == *code;
    ground.line_of(unit).into_iter().find_map(|above| {
        let last = entered.iter().rev().map(|entry| &entry.weather).find(|weather| of(weather, &above.code));
        last.or_else(|| ground.data().burn_weather.iter().find(|weather| of(weather, &above.code)))
            .map(|weather| weather.level)
    })
}

fn quota_exceeded(ground: &Ground, entry: &LedgerLine) -> Option<String> {
    let (finding, day) = (entry.quota_exceeded?, entry.day);
    let name = ground.unit(&entry.unit_code).map_or(&entry.unit_code.0, |unit| &unit.name);
    let (ordered, quota) = (finding.ordered_mu?, finding.quota_mu);
    Some(format!(
        "{name}{day}已下令{ordered}亩，超出限额{quota}亩 · {ordered} mu are ordered in {name} on {day}, above its quota of \
         {quota}"
    ))
}
