//! Reads `duty.csv`: who leads and who is on duty at a unit's desk, shift by shift.
//!
//! A shift that ends at or before it begins runs into the next day; from 08:00 to 08:00 is a whole
//! day and night. Two shifts of one desk may not overlap: somebody has to be the one who is called.
//! Names and numbers never stand in a fault.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::table::{self, Row};
use crate::domain::time::DateTime;
use crate::domain::unit::{DutyShift, UnitCode};

/// Columns that have to be there.
pub const REQUIRED: [&str; 7] = ["unit_code", "date", "from", "to", "leader", "officer", "phone"];

/// Reads the roster; `units` are the codes that exist.
///
/// # Shape
/// In the order of the file; no two shifts of a unit overlap.
pub fn read(file: &str, bytes: &[u8], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Vec<DutyShift> {
    of_rows(&table::read(file, bytes, &REQUIRED, &[], faults), units, faults)
}

/// The shifts of rows that were read as a table.
pub(super) fn of_rows(rows: &[Row<'_>], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Vec<DutyShift> {
    let read: Vec<_> = rows.iter().filter_map(|row| Some((row, read_shift(row, units, faults)?))).collect();
    check_overlaps(&read, faults);
    read.into_iter().map(|(_, shift)| shift).collect()
}

fn read_shift(row: &Row<'_>, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<DutyShift> {
    let unit_code = row.unit("unit_code", units, faults);
    let date = row.required_date("date", faults);
    let (from, to) = (row.required_time("from", faults), row.required_end_time("to", faults));
    let (leader, officer) = (row.required_name("leader", faults), row.required_name("officer", faults));
    let phone = row.required_phone("phone", faults);
    Some(DutyShift {
        unit_code: unit_code?,
        date: date?,
        from: from?,
        to: to?,
        leader: leader?,
        officer: officer?,
        phone: phone?,
    })
}

fn check_overlaps(read: &[(&Row<'_>, DutyShift)], faults: &mut Faults) {
    let mut desks: BTreeMap<&UnitCode, Vec<(DateTime, DateTime, &Row<'_>)>> = BTreeMap::new();
    for (row, shift) in read {
        let Some((from, to)) = shift.span() else {
            row.fault("bad_date", "the shift ends after the last day of the calendar", faults);
            continue;
        };
        desks.entry(&shift.unit_code).or_default().push((from, to, *row));
    }
    for (unit, mut shifts) in desks {
        shifts.sort_by_key(|(from, to, _)| (*from, *to));
        let mut running: Option<(DateTime, &Row<'_>)> = None;
        for (from, to, row) in shifts {
            if let Some((end, first)) = running.filter(|(end, _)| *end > from) {
                let message = format!(
                    "the shift of {unit} begins at {from}, while that of {} runs until {end}; end one before the other",
                    first.place()
                );
                row.fault("shifts_overlap", message, faults);
            }
            if running.is_none_or(|(end, _)| end < to) {
                running = Some((to, row));
            }
        }
    }
}
