//! Reads `burn_weather.csv`: the burn-weather level of a unit and local day, 1 to 4.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::table::{self, Row};
use crate::domain::calendar::{BurnWeather, WORST_WEATHER_LEVEL};
use crate::domain::unit::UnitCode;

const REQUIRED: [&str; 3] = ["unit_code", "date", "level"];

/// Reads the levels; `units` are the codes that exist. A unit and day stand there once.
pub fn read(file: &str, bytes: &[u8], units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Vec<BurnWeather> {
    let rows = table::read(file, bytes, &REQUIRED, &[], faults);
    let mut seen = BTreeMap::new();
    let mut levels = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(weather) = read_level(row, units, faults) else { continue };
        let key = (weather.unit_code.clone(), weather.date);
        if let Some(first) = seen.get(&key) {
            let message = format!("{} has a level for {} already: {first}", key.0, key.1);
            row.fault("duplicate_id", message, faults);
            continue;
        }
        seen.insert(key, row.place());
        levels.push(weather);
    }
    levels
}

fn read_level(row: &Row<'_>, units: &BTreeSet<&UnitCode>, faults: &mut Faults) -> Option<BurnWeather> {
    let unit_code = row.unit("unit_code", units, faults);
    let date = row.required_date("date", faults);
    let word = row.required("level", faults);
    let level =
        word.as_deref().and_then(|word| word.parse().ok()).filter(|level| (1..=WORST_WEATHER_LEVEL).contains(level));
    if let (Some(word), None) = (&word, level) {
        let message = format!("the level is {word:?}, expected 1 (suitable) to {WORST_WEATHER_LEVEL} (forbidden)");
        row.fault_at("level", "bad_level", message, faults);
    }
    Some(BurnWeather { unit_code: unit_code?, date: date?, level: level? })
}
