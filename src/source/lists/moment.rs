//! Date and time of a row of a list: local time of the zone that the mapping names, to the minute.
//!
//! A cell that a spreadsheet keeps as a date is that date, whatever it shows; of text the year comes first, or it is
//! written as `time_format` says. A text that carries its own offset (`Z`, `+08:00`) is of that.

use super::cells::{Column, Columns};
use crate::config::ListConfig;
use crate::domain::plain_text;
use crate::domain::time::{
    DateTime, SignedDuration, TimeZone, Timestamp, instant_of, parse_acquisition_instant, parse_moment_as,
};
use crate::files::table::RawRow;
use crate::files::table::cell::Cell;
use crate::source::dialect::row_error::{Fault, fault};
use crate::source::vocabulary::HOUR_SIGNS;

/// The minute of acquisition.
pub(super) fn read(row: &RawRow, list: &ListConfig, columns: &Columns, zone: &TimeZone) -> Result<Timestamp, Fault> {
    // A mapping of detections has a time.
    let Some(time) = &columns.time else { return Err(fault("row", "", "a list with a column of times")) };
    let cell = time.needed(row)?;
    if columns.date.is_none()
        && let Some(at) = with_offset(cell)
    {
        return Ok(at);
    }
    let local = match &columns.date {
        None => in_one(time, cell, list)?,
        Some(date) => in_two((date, date.needed(row)?), (time, cell), list)?,
    };
    let at = instant_of(local, zone).map_err(|error| time.fault(&error.text, error.expected))?;
    let seconds = SignedDuration::from_secs(at.as_second().rem_euclid(60));
    at.checked_sub(seconds).map_err(|_unreadable| time.fault(&local.to_string(), "a time that there is"))
}

/// The moment of a text that says its own offset.
fn with_offset(cell: &Cell) -> Option<Timestamp> {
    let Cell::Text(text) = cell else { return None };
    let (_, clock) = text.split_once(['T', ' '])?;
    let says_offset = clock.ends_with('Z') || clock.ends_with("UTC") || clock.contains(['+', '-']);
    says_offset.then(|| parse_acquisition_instant(text).ok()).flatten()
}

fn in_one(column: &Column, cell: &Cell, list: &ListConfig) -> Result<DateTime, Fault> {
    if let (Some(format), false) = (&list.time_format, matches!(cell, Cell::Moment(_))) {
        return by_format(column, format, &column.text(cell)?);
    }
    to_the_minute(column, cell)?;
    cell.local().map_err(|_unreadable| column.fault(&shown(cell), expected(list)))
}

fn in_two(
    (date_column, date): (&Column, &Cell),
    (time_column, time): (&Column, &Cell),
    list: &ListConfig,
) -> Result<DateTime, Fault> {
    if let Some(format) = &list.time_format {
        let text = format!("{} {}", date_column.text(date)?, time_column.text(time)?);
        return by_format(time_column, format, &text);
    }
    let day = date
        .date()
        .map_err(|_unreadable| date_column.fault(&shown(date), "a date with its year first, as 2026/10/10"))?;
    to_the_minute(time_column, time)?;
    if let Cell::Moment(_) = time {
        let clock = time.time().map_err(|_unreadable| time_column.fault(&shown(time), "a time of day"))?;
        return Ok(day.to_datetime(clock));
    }
    let joined = Cell::Text(format!("{day} {}", time_column.text(time)?));
    joined.local().map_err(|_unreadable| time_column.fault(&shown(time), "a time of day as 12:12"))
}

fn by_format(column: &Column, format: &str, text: &str) -> Result<DateTime, Fault> {
    parse_moment_as(format, text.trim())
        .map_err(|_unreadable| column.fault(text, format!("a time written as {format}")))
}

/// An hour alone names no pass of a satellite.
fn to_the_minute(column: &Column, cell: &Cell) -> Result<(), Fault> {
    let text = plain_text::compatible(&shown(cell));
    if text.trim_end().ends_with(HOUR_SIGNS) {
        return Err(column.fault(&text, "a time to the minute"));
    }
    Ok(())
}

fn expected(list: &ListConfig) -> String {
    let zone = list.time_zone.as_deref().unwrap_or("UTC");
    format!("date and time ({zone}) with the year first, as 2026/10/10 12:12; another form is named by time_format")
}

fn shown(cell: &Cell) -> String {
    cell.text().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(more: &str) -> ListConfig {
        let text = format!(
            "id = \"p\"\ndatum = \"wgs84\"\ntime_zone = \"Asia/Shanghai\"\nsatellite = \"Terra\"\n{more}\n\
             [columns]\nlongitude = \"经度\"\nlatitude = \"纬度\"\ntime = \"时间\"\n"
        );
        toml::from_str(&text).unwrap()
    }

    fn found(cell: &Cell, more: &str) -> Option<String> {
        let (list, column) = (list(more), Column::named("时间"));
        let local = in_one(&column, cell, &list).ok()?;
        Some(instant_of(local, &list.zone()).unwrap().to_string())
    }

    #[test]
    fn a_time_is_read_where_it_has_one_meaning_in_the_zone_of_the_list() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let noon = Some("2026-10-10T04:12:00Z");
        let cases = [
            (text("2026/10/10 12:12"), "", noon),
            (text("2026-10-10 12:12:00"), "", noon),
            (text("2026年10月10日12时12分"), "", noon),
            (text("２０２６．１０．１０　１２：１２"), "", noon),
            (Cell::Moment(46_305.508_333_333_33), "", noon),
            (Cell::Number { value: 46_305.508_333_333_33, serial: 46_305.508_333_333_33, shown: None }, "", noon),
            (text("10/11/2026 12:12"), "", None),
            (text("2026/10/10"), "", None),
            (text("2026年10月10日12时"), "", None),
            (Cell::Moment(46_305.0), "", None),
            (text("12:12"), "", None),
            (text("今天"), "", None),
            (text("10/10/2026 12:12"), "time_format = \"%d/%m/%Y %H:%M\"", noon),
            (text("2026/10/10 12:12"), "time_format = \"%d/%m/%Y %H:%M\"", None),
            (text("202610101212"), "time_format = \"%Y%m%d%H%M\"", noon),
        ];
        for (cell, more, expected) in cases {
            assert_eq!(found(&cell, more).as_deref(), expected, "{cell:?} {more}");
        }
        for (text, expected) in [
            ("2026-10-10T04:12:00Z", noon),
            ("2026-10-10 12:12+08:00", noon),
            ("2026-10-10 12:12", None),
            ("2026/10/10", None),
        ] {
            let at = with_offset(&Cell::Text(text.to_owned())).map(|at| at.to_string());
            assert_eq!(at.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn date_and_time_in_two_columns_are_one_moment() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let (date, time) = (Column::named("日期"), Column::named("时间"));
        let cases = [
            (text("2026/10/10"), text("12:12"), "", Some("2026-10-10T12:12:00")),
            (Cell::Moment(46_305.0), Cell::Moment(0.508_333_333_33), "", Some("2026-10-10T12:12:00")),
            (text("2026/10/10"), text("12:12:31"), "", Some("2026-10-10T12:12:31")),
            (text("10/10/26"), text("1212"), "time_format = \"%d/%m/%y %H%M\"", Some("2026-10-10T12:12:00")),
            (text("2026/10/10"), text("1212"), "", None),
            (text("10/10"), text("12:12"), "", None),
            (text("2026/10/10"), text("12时"), "", None),
        ];
        for (day, clock, more, expected) in cases {
            let found = in_two((&date, &day), (&time, &clock), &list(more)).ok().map(|local| local.to_string());
            assert_eq!(found.as_deref(), expected, "{day:?} {clock:?}");
        }
    }
}
