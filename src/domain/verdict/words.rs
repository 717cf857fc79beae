//! How reasons write dates: local wall-clock time, to the minute.

use crate::domain::time::{Date, DateTime};

/// `2026-04-13 08:00`
pub(super) fn day_minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-04-13 08:00至16:00`, with the second day where it is another.
pub(super) fn span_zh(from: DateTime, to: DateTime) -> String {
    format!("{}至{}", day_minute(from), end(from, to))
}

/// `2026-04-13 08:00 to 16:00`, with the second day where it is another.
pub(super) fn span_en(from: DateTime, to: DateTime) -> String {
    format!("{} to {}", day_minute(from), end(from, to))
}

fn end(from: DateTime, to: DateTime) -> String {
    if from.date() == to.date() { to.strftime("%H:%M").to_string() } else { day_minute(to) }
}

/// When a rule holds: its season and its inclusive days.
pub(super) fn dates_zh(season: Option<&str>, from: Option<Date>, to: Option<Date>) -> String {
    let season = season.map_or_else(|| "全年有效".to_owned(), |season| format!("季节 {season}"));
    match (from, to) {
        (None, None) => season,
        (Some(from), None) => format!("{season}，自{from}起"),
        (None, Some(to)) => format!("{season}，至{to}止"),
        (Some(from), Some(to)) => format!("{season}，{from}至{to}"),
    }
}

/// When a rule holds, in English.
pub(super) fn dates_en(season: Option<&str>, from: Option<Date>, to: Option<Date>) -> String {
    let season = season.map_or_else(|| "all year".to_owned(), |season| format!("season {season}"));
    match (from, to) {
        (None, None) => season,
        (Some(from), None) => format!("{season}, from {from}"),
        (None, Some(to)) => format!("{season}, until {to}"),
        (Some(from), Some(to)) => format!("{season}, {from} to {to}"),
    }
}
