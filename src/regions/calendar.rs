//! Reads `calendar.toml`: closures, permitted hours, the highest burn-weather level, daily quotas.
//!
//! ```toml
//! [[closure]]                      # limited ground counts as banned
//! name = "国庆期间管控"
//! from = 2026-10-01                # a date is the whole day, from its first moment
//! to = 2026-10-07                  # to its last; or a local time: 2026-10-07T18:00
//! units = ["220802"]               # with everything below them; left out: everywhere
//! basis = "文号"
//! [hours]                          # when planned burning is permitted, local; may cross midnight
//! from = "08:00"
//! to = "16:00"                     # "24:00" is the end of the day
//! [weather]
//! max_level = 2                    # highest level at which planned burning is permitted, 1 to 4
//! [[quota]]                        # largest planned area of a unit and day
//! units = ["220802"]               # each by itself; left out: every unit that has none of its own
//! area_mu = 3000
//! ```
//! Dates and times may be written as TOML's own or as text, never with an offset. Unknown keys are
//! faults: a misspelt `untis` would close the whole city. Called by [`super::parse`].

mod keys;

use std::collections::{BTreeMap, BTreeSet};

use toml::Table;

use super::faults::Faults;
use super::text;
use crate::domain::calendar::{Calendar, Closure, PermittedHours, Quota, WORST_WEATHER_LEVEL};
use crate::domain::time::{self, Time};
use crate::domain::unit::UnitCode;
use keys::{Keys, Moment};

const SECTIONS: [&str; 4] = ["closure", "hours", "weather", "quota"];

/// Reads the calendar; `units` are the codes that exist. What has a fault is left out.
pub fn read(file: &str, bytes: &[u8], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Calendar {
    let Some(text) = text::decode(file, bytes, faults) else { return Calendar::default() };
    let table: Table = match toml::from_str(text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map(|span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
            faults.add(
                file,
                line.map(|line| format!("line {line}")).unwrap_or_default(),
                "toml_syntax",
                error.message(),
            );
            return Calendar::default();
        }
    };
    for key in table.keys().filter(|key| !SECTIONS.contains(&key.as_str())) {
        faults.add(file, key.as_str(), "key_unknown", text::unknown_key(key, &SECTIONS));
    }
    let all = |name, faults: &mut Faults| Keys::all((file, text), &table, name, faults);
    let closures = all("closure", faults).iter().filter_map(|keys| closure(keys, units, faults)).collect();
    let hours = Keys::one((file, text), &table, "hours", faults).and_then(|keys| hours(&keys, faults));
    let max_weather_level = Keys::one((file, text), &table, "weather", faults).and_then(|keys| weather(&keys, faults));
    let quotas = quotas(&all("quota", faults), units, faults);
    Calendar { closures, hours, max_weather_level, quotas }
}

fn closure(keys: &Keys<'_>, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<Closure> {
    keys.check_known(&["name", "from", "to", "units", "basis"], faults);
    let name = keys.required_text("name", faults);
    let from = keys.moment("from", faults).map(Moment::first);
    let to = keys.moment("to", faults).and_then(Moment::after);
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        keys.fault("to", "dates_reversed", format!("ends at {to}, which is not after its beginning at {from}"), faults);
    }
    let units = keys.units("units", units, faults);
    let basis = keys.optional_text("basis", faults);
    Some(Closure { name: name?, from: from?, to: to?, units: units?, basis })
}

fn hours(keys: &Keys<'_>, faults: &mut Faults) -> Option<PermittedHours> {
    keys.check_known(&["from", "to"], faults);
    let from = keys.time("from", time::parse_time, faults);
    let to = keys.time("to", time::parse_end_time, faults);
    let (from, to) = (from?, to?);
    // "00:00" to "24:00" is always; every other pair of equal ends could mean never as well.
    let always = from == Time::midnight() && keys.is_text("to", "24:00");
    if from == to && !always {
        let message = "ends when it begins; leave [hours] out to permit every hour";
        keys.fault("to", "key_value", message, faults);
        return None;
    }
    Some(PermittedHours { from, to })
}

fn weather(keys: &Keys<'_>, faults: &mut Faults) -> Option<u8> {
    keys.check_known(&["max_level"], faults);
    let number = keys.number("max_level", faults)?;
    let level = (1..=WORST_WEATHER_LEVEL).find(|level| f64::from(*level).total_cmp(&number).is_eq());
    if level.is_none() {
        let message = format!("max_level is {number}, expected 1 to {WORST_WEATHER_LEVEL}");
        keys.fault("max_level", "key_value", message, faults);
    }
    level
}

fn quotas(all: &[Keys<'_>], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Vec<Quota> {
    let mut quotas = Vec::new();
    // Which quota speaks for a unit; the key of the general one is empty.
    let mut speaks: BTreeMap<String, String> = BTreeMap::new();
    for keys in all {
        keys.check_known(&["units", "area_mu"], faults);
        let named = keys.units("units", units, faults);
        let area = keys.number("area_mu", faults);
        if let Some(area) = area.filter(|area| *area < 0.0) {
            keys.fault("area_mu", "key_value", format!("area_mu is {area}, expected 0 or greater"), faults);
        }
        let (Some(units), Some(area_mu)) = (named, area) else { continue };
        let general = if units.is_empty() { Some(String::new()) } else { None };
        for code in units.iter().map(|code| code.0.clone()).chain(general) {
            if let Some(first) = speaks.insert(code.clone(), keys.place("units")) {
                let whose = if code.is_empty() { "every unit".to_owned() } else { format!("the unit {code:?}") };
                keys.fault("units", "duplicate_id", format!("a second quota for {whose}; the first: {first}"), faults);
            }
        }
        quotas.push(Quota { units, area_mu });
    }
    quotas
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Calendar, Vec<String>) {
        let codes = [UnitCode("22".to_owned()), UnitCode("2201".to_owned())];
        let mut faults = Faults::default();
        let calendar = read("c", text.as_bytes(), &codes.iter().collect(), &mut faults);
        (calendar, faults.into_list().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn dates_are_whole_days_both_ends_included_and_times_are_to_the_minute() {
        let cases = [
            ("2026-10-01", "2026-10-07", "2026-10-01T00:00:00", "2026-10-08T00:00:00"),
            ("\"2026-10-01\"", "\"2026-10-01\"", "2026-10-01T00:00:00", "2026-10-02T00:00:00"),
            ("2026-10-01T08:00:00", "\"2026-10-01T18:30\"", "2026-10-01T08:00:00", "2026-10-01T18:30:00"),
            ("2026-12-31", "\"2026-12-31 24:00\"", "2026-12-31T00:00:00", "2027-01-01T00:00:00"),
        ];
        for (from, to, first, after) in cases {
            let (calendar, faults) = read_text(&format!("[[closure]]\nname = \"a\"\nfrom = {from}\nto = {to}\n"));
            assert_eq!(faults, Vec::<String>::new());
            let closure = &calendar.closures[0];
            assert_eq!((closure.from.to_string(), closure.to.to_string()), (first.to_owned(), after.to_owned()));
            let one_minute = time::SignedDuration::from_mins(1);
            assert!(closure.is_running(closure.from) && !closure.is_running(closure.to));
            assert!(closure.is_running(closure.to.checked_sub(one_minute).unwrap()));
            assert!(!closure.is_running(closure.from.checked_sub(one_minute).unwrap()));
        }
    }

    #[test]
    fn hours_hold_to_the_minute_also_over_midnight_and_all_day() {
        let holds = |from: &str, to: &str, at: &str| {
            let (calendar, faults) = read_text(&format!("[hours]\nfrom = \"{from}\"\nto = \"{to}\"\n"));
            assert_eq!(faults, Vec::<String>::new());
            calendar.hours.unwrap().hold(time::parse_time(at).unwrap())
        };
        for (from, to, at, expected) in [
            ("08:00", "16:00", "07:59", false),
            ("08:00", "16:00", "08:00", true),
            ("08:00", "16:00", "15:59", true),
            ("08:00", "16:00", "16:00", false),
            ("18:00", "24:00", "23:59", true),
            ("18:00", "24:00", "00:00", false),
            ("22:00", "06:00", "23:00", true),
            ("22:00", "06:00", "05:59", true),
            ("22:00", "06:00", "06:00", false),
            ("00:00", "24:00", "00:00", true),
            ("00:00", "24:00", "23:59", true),
        ] {
            assert_eq!(holds(from, to, at), expected, "{from}..{to} at {at}");
        }
    }

    #[test]
    fn an_empty_file_closes_nothing_and_permits_every_hour() {
        assert_eq!(read_text("# nothing yet\n"), (Calendar::default(), Vec::new()));
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let (_, faults) = read_text(
            "[[closure]]\nname = \"a\"\nfrom = 2026-10-07\nto = 2026-10-01\n\
             [[closure]]\nname = \"b\"\nfrom = 2026-10-01T00:00:00Z\nto = 2026-10-01\nuntis = [\"22\"]\nunits = []\n\
             [hours]\nfrom = \"24:00\"\nto = 16\n[weather]\nmax_level = 5\n\
             [[quota]]\narea_mu = -1\nunits = [\"99\"]\n[[quota]]\narea_mu = 2\nunits = [\"22\", \"22\"]\n[burn]\n",
        );
        for part in [
            "burn: unknown key",
            "line 4, closure 1, to",
            "line 7, closure 2, from",
            "line 9, closure 2, untis",
            "line 10, closure 2, units",
            "line 12, hours, from",
            "line 13, hours, to",
            "line 15, weather, max_level",
            "line 17, quota 1, area_mu",
            "line 18, quota 1, units",
            "line 21, quota 2, units",
        ] {
            assert!(faults.iter().any(|fault| fault.contains(part)), "{part}: {faults:#?}");
        }
        assert_eq!(faults.len(), 11, "{faults:#?}");
    }
}
