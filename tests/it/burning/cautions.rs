//! What orders of a day and of several run into: hours, closures, the weather of each of their days.

use firegrid::domain::burning::{OrderView, order_cautions};
use firegrid::domain::calendar::{BurnWeather, Closure, PermittedHours};
use firegrid::domain::ground::Ground;
use firegrid::domain::time::instant_of;

use crate::ground_fixture;

/// Which cautions an order meets: `h` hours, `c` closure, the level of a bad day, `?` for a day without one.
fn met(hours: Option<(&str, &str)>, order: (&str, &str), part: Option<(&str, &str)>) -> String {
    let mut data = ground_fixture::data();
    data.calendar.hours =
        hours.map(|(from, to)| PermittedHours { from: from.parse().unwrap(), to: to.parse().unwrap() });
    data.calendar.max_weather_level = Some(2);
    data.calendar.closures = vec![Closure {
        name: "夜间管控".to_owned(),
        from: "2026-04-14T20:00".parse().unwrap(),
        to: "2026-04-15T06:00".parse().unwrap(),
        units: Vec::new(),
        basis: None,
    }];
    let unit = data.units[0].code.clone();
    let level = |day: &str, level| BurnWeather { unit_code: unit.clone(), date: day.parse().unwrap(), level };
    data.burn_weather = vec![level("2026-04-13", 1), level("2026-04-14", 4), level("2026-04-15", 2)];
    let ground = Ground::build(data);
    let at = |text: &str| instant_of(text.parse().unwrap(), &ground.data().time_zone).unwrap();
    let span = |(from, to): (&str, &str)| (at(from), at(to));
    let view = OrderView { unit: &unit, order: span(order), part: span(part.unwrap_or(order)) };
    let sign = |caution: &String| match caution {
        text if text.contains("允许烧除的时段") => "h",
        text if text.contains("管控") => "c",
        text if text.contains("等级为4") => "4",
        _ => "?",
    };
    order_cautions(&ground, &view, &[], &[]).iter().map(sign).collect()
}

#[test]
fn an_order_of_several_days_is_held_to_where_it_meets_the_permitted_hours() {
    let day = Some(("08:00", "16:00"));
    let (m13, m14, m15, m16) = ("2026-04-13T00:00", "2026-04-14T00:00", "2026-04-15T00:00", "2026-04-16T00:00");
    let cases = [
        // Within a day every minute counts.
        (day, ("2026-04-13T08:00", "2026-04-13T16:00"), None, ""),
        (day, ("2026-04-13T08:00", "2026-04-13T16:01"), None, "h"),
        (day, ("2026-04-13T07:59", "2026-04-13T16:00"), None, "h"),
        (day, ("2026-04-13T16:00", "2026-04-13T17:00"), None, "h"),
        // A whole day, and several, are days; the closure is at night, when nothing is permitted anyway.
        (day, (m13, m14), None, ""),
        (day, (m13, m16), None, "4"),
        (day, (m13, m16), Some((m13, m14)), ""),
        (day, (m13, m16), Some((m14, m15)), "4"),
        (day, (m13, m16), Some((m15, m16)), ""),
        // Over a night: the evening of the first day meets no hour and is said there, the next morning does.
        (day, ("2026-04-13T18:00", "2026-04-15T10:00"), Some(("2026-04-13T18:00", m14)), "h"),
        (day, ("2026-04-13T18:00", "2026-04-15T10:00"), Some((m15, "2026-04-15T10:00")), ""),
        (day, ("2026-04-14T18:00", "2026-04-15T07:00"), None, "ch4"),
        (day, ("2026-04-15T16:00", "2026-04-16T08:00"), None, "h?"),
        // Where every hour is permitted the night counts, closure and all.
        (None, (m13, m15), None, "c4"),
        (None, (m15, m16), None, "c"),
        // Hours over midnight: the evening before reaches into the day.
        (Some(("20:00", "04:00")), (m14, m15), None, "c4"),
        (Some(("20:00", "04:00")), ("2026-04-13T22:00", "2026-04-14T04:00"), None, "4"),
        (Some(("00:00", "00:00")), (m13, m14), None, ""),
    ];
    for (hours, order, part, expected) in cases {
        assert_eq!(met(hours, order, part), expected, "{hours:?} {order:?} {part:?}");
    }
}
