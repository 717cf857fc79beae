//! What burning in order sums up to, and the weather it depends on.

use serde_json::{Value, json};

use crate::domain::ground::Ground;
use crate::domain::ledger::{LedgerLine, ProgressLine, QuotaExceeded, Seen, Tally};
use crate::domain::policy::EnteredWeather;
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::report::typed::{Schemas, Typed, schema, typed};
use crate::store::WeatherEntry;

typed! { LedgerLine as line {
    day, unit_code, level, plans, orders, burnt, seen, remaining_mu, quota_mu, quota_exceeded,
} }

typed! { Tally as tally { number, mu } }
typed! { Seen as seen { planned, off_plan, unplanned, banned } }
typed! { QuotaExceeded as found { quota_mu, ordered_mu, burnt_mu } }

typed! { ProgressLine as line {
    unit_code, level, applied, approved, done, burnt_mu, remaining_mu, lapsed_mu, burnt_share,
} }

/// A level as a list says it: one of the region's file has nobody who entered it.
pub struct WeatherLevelOf(pub Value);

impl Typed for WeatherLevelOf {
    fn schema(_: &mut Schemas) -> Value {
        let fields = json!({
            "unit_code": schema::text(), "day": schema::day(), "level": schema::count(),
            "source": schema::one_of(&["file", "entered"]), "entered_at": schema::instant(),
            "entered_by": schema::text(),
        });
        schema::partly(&fields, &["unit_code", "day", "level", "source"])
    }

    fn json(&self) -> Value {
        self.0.clone()
    }
}

/// Burn-weather levels of some local days, both inclusive: those of the region's file, then the
/// entered ones in the order of their entry; of one unit where one is named.
#[must_use]
pub fn weather(ground: &Ground, entered: &[EnteredWeather], days: (Date, Date), unit: Option<&UnitCode>) -> Vec<Value> {
    let wanted = |code: &UnitCode| unit.is_none_or(|unit| unit == code);
    let in_file = ground.data().burn_weather.iter().filter(|level| (days.0..=days.1).contains(&level.date));
    let in_file = in_file
        .filter(|level| wanted(&level.unit_code))
        .map(|level| json!({"unit_code": level.unit_code, "day": level.date, "level": level.level, "source": "file"}));
    let entered = entered.iter().filter(|entry| wanted(&entry.weather.unit_code)).map(|entry| {
        json!({
            "unit_code": entry.weather.unit_code, "day": entry.weather.date, "level": entry.weather.level,
            "source": "entered", "entered_at": entry.entered_at.to_string(), "entered_by": entry.entered_by,
        })
    });
    in_file.chain(entered).collect()
}

typed! { WeatherEntry as row named "WeatherEntry" {
    unit_code = &row.entered.weather.unit_code, day = row.entered.weather.date,
    level = row.entered.weather.level, entered_at = row.entered.entered_at,
    entered_by = &row.entered.entered_by, repeated,
} }

/// What entering a level left.
#[must_use]
pub fn weather_entry(entry: &WeatherEntry) -> Value {
    entry.json()
}
