//! Reads the keys of one section of `calendar.toml`, each by itself, with the line it stands on.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::domain::time::{self, Date, DateTime, Time, TimeError};
use crate::domain::unit::UnitCode;
use crate::regions::faults::Faults;
use crate::regions::properties::MAX_TEXT_CHARS;
use crate::regions::text::unknown_key;

/// A day or a moment, as the file has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    Day(Date),
    Time(DateTime),
}

impl Moment {
    /// The first local moment inside when something begins with it.
    pub(super) fn first(self) -> DateTime {
        match self {
            Self::Day(day) => day.to_datetime(Time::midnight()),
            Self::Time(at) => at,
        }
    }

    /// The first local moment after when something ends with it: a day is inside.
    pub(super) fn after(self) -> Option<DateTime> {
        match self {
            Self::Day(day) => Some(day.tomorrow().ok()?.to_datetime(Time::midnight())),
            Self::Time(at) => Some(at),
        }
    }
}

/// The keys of one section.
pub(super) struct Keys<'a> {
    file: &'a str,
    text: &'a str,
    section: &'static str,
    /// Its number among those of its name, from 1; `None` where there can be one only.
    number: Option<usize>,
    table: &'a Table,
}

impl<'a> Keys<'a> {
    /// The sections of a name that may stand several times, `[[name]]`.
    pub(super) fn all(
        (file, text): (&'a str, &'a str),
        table: &'a Table,
        section: &'static str,
        faults: &mut Faults,
    ) -> Vec<Self> {
        let list = match table.get(section) {
            None => return Vec::new(),
            Some(Value::Array(list)) => list.as_slice(),
            Some(other) => {
                let message = format!("{section} is a {}, expected [[{section}]], once for each", other.type_str());
                faults.add(file, section, "key_type", message);
                return Vec::new();
            }
        };
        let keys = list.iter().zip(1..).filter_map(|(value, number)| match value {
            Value::Table(table) => Some(Self { file, text, section, number: Some(number), table }),
            other => {
                let message = format!("found a {}, expected [[{section}]]", other.type_str());
                faults.add(file, format!("{section} {number}"), "key_type", message);
                None
            }
        });
        keys.collect()
    }

    /// The section of a name that stands once, `[name]`.
    pub(super) fn one(
        (file, text): (&'a str, &'a str),
        table: &'a Table,
        section: &'static str,
        faults: &mut Faults,
    ) -> Option<Self> {
        match table.get(section)? {
            Value::Table(table) => Some(Self { file, text, section, number: None, table }),
            other => {
                let message = format!("{section} is a {}, expected [{section}], once", other.type_str());
                faults.add(file, section, "key_type", message);
                None
            }
        }
    }

    /// Where a key stands, for faults.
    pub(super) fn place(&self, key: &str) -> String {
        let section = self.number.map_or(self.section.to_owned(), |number| format!("{} {number}", self.section));
        let line = self.line_of(key).map(|line| format!("line {line}, ")).unwrap_or_default();
        format!("{line}{section}, {key}")
    }

    /// The line of a key; of the section where the key is missing.
    fn line_of(&self, key: &str) -> Option<usize> {
        let head = if self.number.is_some() { format!("[[{}]]", self.section) } else { format!("[{}]", self.section) };
        let (mut count, mut found) = (0, None);
        for (i, line) in self.text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with(&head) {
                count += 1;
                if count == self.number.unwrap_or(1) {
                    found = Some(i + 1);
                }
            } else if line.starts_with('[') && found.is_some() {
                break;
            } else if found.is_some() && line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
                return Some(i + 1);
            }
            if count > self.number.unwrap_or(1) {
                break;
            }
        }
        found
    }

    pub(super) fn fault(&self, key: &str, code: &'static str, message: impl std::fmt::Display, faults: &mut Faults) {
        faults.add(self.file, self.place(key), code, message);
    }

    pub(super) fn check_known(&self, known: &[&str], faults: &mut Faults) {
        for key in self.table.keys().filter(|key| !known.contains(&key.as_str())) {
            self.fault(key, "key_unknown", unknown_key(key, known), faults);
        }
    }

    fn required(&self, key: &str, faults: &mut Faults) -> Option<&'a Value> {
        let value = self.table.get(key);
        if value.is_none() {
            self.fault(key, "key_missing", format!("{key} is missing"), faults);
        }
        value
    }

    /// A text that has to be there.
    pub(super) fn required_text(&self, key: &str, faults: &mut Faults) -> Option<String> {
        self.required(key, faults)?;
        let text = self.optional_text(key, faults)?;
        Some(text)
    }

    /// A text that may be absent, but not blank.
    pub(super) fn optional_text(&self, key: &str, faults: &mut Faults) -> Option<String> {
        let value = self.table.get(key)?;
        let Value::String(text) = value else {
            self.fault(key, "key_type", format!("{key} is a {}, expected a text in quotes", value.type_str()), faults);
            return None;
        };
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX_TEXT_CHARS {
            let message = format!("{key} is blank or longer than {MAX_TEXT_CHARS} characters");
            self.fault(key, "key_value", message, faults);
            return None;
        }
        Some(text.to_owned())
    }

    /// Whether a key is exactly this text.
    pub(super) fn is_text(&self, key: &str, text: &str) -> bool {
        self.table.get(key).and_then(Value::as_str) == Some(text)
    }

    /// A finite number that has to be there.
    pub(super) fn number(&self, key: &str, faults: &mut Faults) -> Option<f64> {
        let value = self.required(key, faults)?;
        let number = match value {
            Value::Float(number) => Some(*number).filter(|number| number.is_finite()),
            Value::Integer(number) => i32::try_from(*number).ok().map(f64::from),
            _ => None,
        };
        if number.is_none() {
            self.fault(key, "key_type", format!("{key} is {value}, expected a number"), faults);
        }
        number
    }

    /// A local time of day as text that has to be there.
    pub(super) fn time(
        &self,
        key: &str,
        parse: fn(&str) -> Result<Time, TimeError>,
        faults: &mut Faults,
    ) -> Option<Time> {
        let value = self.required(key, faults)?;
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Datetime(at) if at.date.is_none() && at.offset.is_none() => {
                at.to_string().strip_suffix(":00").map_or_else(|| at.to_string(), str::to_owned)
            }
            other => {
                let message = format!("{key} is a {}, expected a time such as \"08:00\"", other.type_str());
                self.fault(key, "key_type", message, faults);
                return None;
            }
        };
        parse(&text).map_err(|error| self.fault(key, "bad_time", error, faults)).ok()
    }

    /// A local day or moment that has to be there.
    pub(super) fn moment(&self, key: &str, faults: &mut Faults) -> Option<Moment> {
        const EXPECTED: &str =
            "a local date or date and time, such as 2026-10-01 or 2026-10-01T08:00, without an offset";
        let value = self.required(key, faults)?;
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Datetime(at) if at.date.is_some() && at.offset.is_none() => at.to_string(),
            other => {
                self.fault(key, "bad_time", format!("{key} is {other}, expected {EXPECTED}"), faults);
                return None;
            }
        };
        let read = time::parse_date(&text).map(Moment::Day).or_else(|_| time::parse_local(&text).map(Moment::Time));
        read.map_err(|error| self.fault(key, "bad_time", format!("{:?} is not {EXPECTED}", error.text), faults)).ok()
    }

    /// Codes of units that exist; absent is empty. `None` after a fault.
    pub(super) fn units(&self, key: &str, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<Vec<UnitCode>> {
        let Some(value) = self.table.get(key) else { return Some(Vec::new()) };
        let codes: Option<Vec<UnitCode>> = value
            .as_array()
            .and_then(|list| list.iter().map(|code| Some(UnitCode(code.as_str()?.to_owned()))).collect());
        let Some(codes) = codes else {
            let message = format!("{key} is a {}, expected a list of codes in quotes", value.type_str());
            self.fault(key, "key_type", message, faults);
            return None;
        };
        if codes.is_empty() {
            let message = format!("{key} is an empty list; leave it out to mean every unit");
            self.fault(key, "key_value", message, faults);
            return None;
        }
        let unknown: Vec<_> = codes.iter().filter(|code| !units.contains(code)).collect();
        for code in &unknown {
            self.fault(key, "unknown_unit", format!("no unit has the code {:?}", code.0), faults);
        }
        unknown.is_empty().then_some(codes)
    }
}
