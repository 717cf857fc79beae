//! Reads `people.csv`: who answers for which unit, from when to when.
//!
//! Chat ids and e-mail addresses of the contract are accepted and kept with the file; the
//! channels that need them read them there. Names and numbers never stand in a fault.

use std::collections::BTreeSet;

use super::faults::Faults;
use super::properties::reversed;
use super::table::{self, Row};
use crate::domain::unit::{Holder, Role, UnitCode};
use crate::words::Label;

/// Columns that have to be there.
pub const REQUIRED: [&str; 3] = ["unit_code", "name", "role"];
/// Columns that may be there.
pub const OPTIONAL: [&str; 9] =
    ["post", "employer", "phone", "email", "wecom_id", "dingtalk_id", "feishu_id", "valid_from", "valid_to"];

/// Reads the people; `units` are the codes that exist.
pub fn read(file: &str, bytes: &[u8], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Vec<Holder> {
    of_rows(&table::read(file, bytes, &REQUIRED, &OPTIONAL, faults), units, faults)
}

/// The people of rows that were read as a table.
pub(super) fn of_rows(rows: &[Row<'_>], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Vec<Holder> {
    rows.iter().filter_map(|row| read_holder(row, units, faults)).collect()
}

fn read_holder(row: &Row<'_>, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<Holder> {
    let unit_code = row.unit("unit_code", units, faults);
    let name = row.required_name("name", faults);
    let word = row.required("role", faults);
    let role = word.as_deref().and_then(role_of);
    if let (Some(word), None) = (&word, role) {
        let known = Role::ALL.map(|role| format!("{} ({})", role.name(), role.label().zh)).join(", ");
        row.fault_at("role", "unknown_role", format!("the role is {word:?}, expected one of {known}"), faults);
    }
    let (valid_from, valid_to) = (row.optional_date("valid_from", faults), row.optional_date("valid_to", faults));
    if let Some(message) = reversed(("valid_from", valid_from), ("valid_to", valid_to)) {
        row.fault("dates_reversed", message, faults);
    }
    let (post, employer, phone) =
        (row.optional("post", faults), row.optional("employer", faults), row.optional_phone("phone", faults));
    Some(Holder { unit_code: unit_code?, name: name?, role: role?, post, employer, phone, valid_from, valid_to })
}

/// The role of an English or Chinese word.
fn role_of(word: &str) -> Option<Role> {
    Role::from_name(word).or_else(|| Role::ALL.into_iter().find(|role| role.label().zh == word))
}
