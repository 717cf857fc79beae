//! One row of a table: its fields by the name of their column, read as what stands in them.
//!
//! A fault names the file as it was given, the sheet, the row and in a workbook the column. What a value means beyond
//! its kind is decided by the reader of each table.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::heads;
use crate::domain::phone::Phone;
use crate::domain::plain_text;
use crate::domain::time::{Date, DateTime, Time};
use crate::domain::unit::UnitCode;
use crate::files::faults::Faults;
use crate::files::table::cell::{Cell, CellError};
use crate::files::table::{LINE, column_letters};
use crate::regions::properties::MAX_TEXT_CHARS;
use crate::regions::vocabulary::Kind;

/// What the rows of a table have in common.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub file: &'a str,
    /// What a row is called in this kind of file, "line" or "row".
    pub called: &'static str,
    /// The sheet, where the workbook has several.
    pub sheet: Option<String>,
    /// The place in the table of each known column.
    pub columns: BTreeMap<&'a str, usize>,
}

/// One row.
#[derive(Debug)]
pub struct Row<'a> {
    table: Rc<Table<'a>>,
    /// Its number in the file, from 1.
    number: u64,
    fields: BTreeMap<&'a str, Cell>,
}

impl<'a> Row<'a> {
    pub(super) fn new(table: Rc<Table<'a>>, number: u64, fields: BTreeMap<&'a str, Cell>) -> Self {
        Self { table, number, fields }
    }

    /// Where the row stands, for faults: "line 3" of a CSV file, "row 3" of a workbook.
    #[must_use]
    pub fn place(&self) -> String {
        let row = format!("{} {}", self.table.called, self.number);
        self.table.sheet.as_ref().map_or(row.clone(), |sheet| format!("sheet {sheet:?}, {row}"))
    }

    /// Where a field stands: the row, and of a workbook the column's letters.
    fn place_of(&self, column: &str) -> String {
        match self.table.columns.get(column) {
            Some(i) if self.table.called != LINE => format!("{}, column {}", self.place(), column_letters(*i)),
            _ => self.place(),
        }
    }

    /// Adds a fault about this row.
    pub fn fault(&self, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.add(self.table.file, self.place(), code, message);
    }

    /// Adds a warning about this row.
    pub fn warn(&self, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.warn(self.table.file, self.place(), code, message);
    }

    /// Adds a fault about a field, named by the message.
    pub fn fault_at(&self, column: &str, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.add(self.table.file, self.place_of(column), code, message);
    }

    /// Adds a fault about a field; the message goes on after the column's name.
    pub fn fault_in(&self, column: &str, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        self.fault_at(column, code, format!("\"{column}\" {message}"), faults);
    }

    fn cell(&self, column: &str) -> Option<&Cell> {
        self.fields.get(column).filter(|cell| !cell.is_blank())
    }

    /// What a column holds, read one way; `None` when nothing, or after a fault.
    fn read<T>(&self, column: &str, read: fn(&Cell) -> Result<T, CellError>, faults: &mut Faults) -> Option<T> {
        let read = read(self.cell(column)?);
        read.map_err(|(code, message)| self.fault_in(column, code, message, faults)).ok()
    }

    /// A value that may be absent.
    pub fn optional(&self, column: &str, faults: &mut Faults) -> Option<String> {
        self.optional_within(column, MAX_TEXT_CHARS, faults)
    }

    /// A value that may be absent and may be longer than others, in characters.
    pub fn optional_within(&self, column: &str, max_chars: usize, faults: &mut Faults) -> Option<String> {
        let text = self.read(column, Cell::text, faults)?;
        if text.chars().count() > max_chars {
            let message = format!("has a value longer than {max_chars} characters; is a quote left open?");
            self.fault_in(column, "value_too_long", message, faults);
            return None;
        }
        Some(text)
    }

    /// A value that has to be there.
    pub fn required(&self, column: &str, faults: &mut Faults) -> Option<String> {
        if self.is_there(column, faults) { self.optional(column, faults) } else { None }
    }

    /// A person's name that may be absent.
    pub fn optional_name(&self, column: &str, faults: &mut Faults) -> Option<String> {
        self.optional(column, faults).map(|name| plain_text::person_name(&name))
    }

    /// A person's name that has to be there.
    pub fn required_name(&self, column: &str, faults: &mut Faults) -> Option<String> {
        if self.is_there(column, faults) { self.optional_name(column, faults) } else { None }
    }

    /// A telephone number that may be absent; a sign for none counts as absent.
    pub fn optional_phone(&self, column: &str, faults: &mut Faults) -> Option<Phone> {
        let read = Phone::parse(&self.optional(column, faults)?);
        read.map_err(|error| self.fault_in(column, "bad_phone", error, faults)).ok()?
    }

    /// A telephone number that has to be there.
    pub fn required_phone(&self, column: &str, faults: &mut Faults) -> Option<Phone> {
        if !self.is_there(column, faults) {
            return None;
        }
        let before = faults.count();
        let phone = self.optional_phone(column, faults);
        if phone.is_none() && faults.count() == before {
            self.is_missing(column, faults);
        }
        phone
    }

    /// Whether there is anything in a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.cell(column).is_some()
    }

    /// The code of a unit that exists; a code of none is a fault and comes back all the same.
    pub fn unit(&self, column: &str, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<UnitCode> {
        let code = self.required(column, faults).map(UnitCode)?;
        if !units.contains(&code) {
            self.fault_at(column, "unknown_unit", format!("no unit has the code {:?}", code.0), faults);
        }
        Some(code)
    }

    /// Whether there is anything in a column; a fault when not.
    pub fn is_there(&self, column: &str, faults: &mut Faults) -> bool {
        let there = self.has(column);
        if !there {
            self.is_missing(column, faults);
        }
        there
    }

    fn is_missing(&self, column: &str, faults: &mut Faults) {
        self.fault_at(column, "value_missing", format!("no value in the column \"{column}\""), faults);
    }

    /// A local date that may be absent.
    pub fn optional_date(&self, column: &str, faults: &mut Faults) -> Option<Date> {
        self.read(column, Cell::date, faults)
    }

    /// A local date that has to be there.
    pub fn required_date(&self, column: &str, faults: &mut Faults) -> Option<Date> {
        if self.is_there(column, faults) { self.optional_date(column, faults) } else { None }
    }

    /// A local time of day that has to be there.
    pub fn required_time(&self, column: &str, faults: &mut Faults) -> Option<Time> {
        if self.is_there(column, faults) { self.read(column, Cell::time, faults) } else { None }
    }

    /// A local time of day at which something ends, `24:00` too, that has to be there.
    pub fn required_end_time(&self, column: &str, faults: &mut Faults) -> Option<Time> {
        if self.is_there(column, faults) { self.read(column, Cell::end_time, faults) } else { None }
    }

    /// A local date and time that may be absent.
    pub fn optional_local(&self, column: &str, faults: &mut Faults) -> Option<DateTime> {
        self.read(column, Cell::local, faults)
    }

    /// A local date and time that has to be there.
    pub fn required_local(&self, column: &str, faults: &mut Faults) -> Option<DateTime> {
        if self.is_there(column, faults) { self.optional_local(column, faults) } else { None }
    }

    /// A finite number that has to be there.
    pub fn required_number(&self, column: &str, faults: &mut Faults) -> Option<f64> {
        let text = self.required(column, faults)?;
        let number = number(&text);
        if number.is_none() {
            self.fault_in(column, "bad_number", format!("is {text:?}, expected a number such as 122.84"), faults);
        }
        number
    }

    /// A column's value in the one form that the contract has for its kind, so that it is read again as what it was;
    /// as it stands where it is no such value, and `None` where there is nothing or nothing that can be read.
    #[must_use]
    pub fn canonical(&self, column: &str) -> Option<String> {
        let cell = self.cell(column)?;
        let of_kind = match heads::kind_of(column) {
            Kind::Text => None,
            Kind::Name => cell.text().ok().map(|name| plain_text::person_name(&name)),
            // A sign for none is nothing.
            Kind::Phone => match Phone::parse(&cell.text().ok()?) {
                Ok(phone) => return phone.map(|phone| phone.to_string()),
                Err(_) => None,
            },
            Kind::Date => cell.date().ok().map(|date| date.to_string()),
            Kind::Time => cell.time().ok().map(|time| time.strftime("%H:%M").to_string()),
            Kind::EndTime => cell.end_time().ok().map(|time| time.strftime("%H:%M").to_string()),
            Kind::Local => cell.local().ok().map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
            Kind::Number => cell.text().ok().and_then(|text| number(&text)).map(|number| number.to_string()),
        };
        of_kind.or_else(|| cell.text().ok())
    }

    /// What the row says, for comparing it with others; `None` where a field cannot be read.
    pub(super) fn says(&self) -> Option<String> {
        let is_readable = self.fields.values().all(|cell| cell.is_blank() || cell.text().is_ok());
        let values = || self.table.columns.keys().map(|column| self.canonical(column).unwrap_or_default());
        // No value has a control character but line breaks and tabs.
        is_readable.then(|| values().collect::<Vec<_>>().join("\u{1F}"))
    }
}

/// A finite number, also of full-width digits.
fn number(text: &str) -> Option<f64> {
    plain_text::compatible(text).trim().parse().ok().filter(|number: &f64| number.is_finite())
}
