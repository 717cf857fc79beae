//! Reads a row of an official list of days: a point without a minute, never a detection.

use super::cells::{Columns, raw_text};
use super::place;
use crate::config::ListConfig;
use crate::domain::official::OfficialPoint;
use crate::files::table::RawRow;
use crate::source::dialect::Row;
use crate::source::dialect::row_error::{Fault, fault};

/// The point of a row, or why it is none.
pub(super) fn read(row: &RawRow, list: &ListConfig, columns: &Columns) -> Row<OfficialPoint> {
    let raw = raw_text(row);
    let read = columns.check_width(row, &raw);
    let point = read.and_then(|()| point(row, list, columns, &raw).map_err(|fault| fault.in_row(&raw)));
    Row::of(row.number, point.map(|point| (point, Vec::new())))
}

fn point(row: &RawRow, list: &ListConfig, columns: &Columns, raw: &str) -> Result<OfficialPoint, Fault> {
    // A mapping of official points has a date.
    let Some(date) = &columns.date else { return Err(fault("row", "", "a list with a column of dates")) };
    let place = place::read(row, list, columns)?;
    let cell = date.needed(row)?;
    let expected = "a day with its year first and without a time, as 2026/10/10";
    let day = cell.date().map_err(|_unreadable| date.fault(&cell.text().unwrap_or_default(), expected))?;
    let texts = columns.places.iter().map(|column| column.side_text(row)).collect();
    let satellite = columns.satellite.as_ref().map(|column| column.side_text(row)).filter(|word| !word.is_empty());
    Ok(OfficialPoint { day, position: place.position, places: texts, satellite, raw: raw.to_owned() })
}
