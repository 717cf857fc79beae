//! Burn-weather levels that people enter: the last entry of a unit and day speaks, from the moment
//! it was entered. Entries are never changed.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::json;

use super::by::By;
use super::codec::Millis;
use super::events::{NewEvent, SubjectKind, append};
use super::instruction::Instruction;
use super::scoped::Scoped;
use super::{Error, policy};
use crate::domain::burning::{BurningRefusal, check_claim, check_line};
use crate::domain::calendar::{BurnWeather, WORST_WEATHER_LEVEL};
use crate::domain::ground::Ground;
use crate::domain::policy::EnteredWeather;
use crate::domain::time::{Date, Timestamp};

/// What entering a level did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeatherEntry {
    /// The level that was entered.
    pub entered: EnteredWeather,
    /// The same command was done before; nothing was done now.
    pub repeated: bool,
}

/// Why a level was not entered; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WeatherError {
    /// The level does not exist.
    #[error("the burn-weather level is {0}, expected 1 (suitable) to 4 (strictly forbidden)")]
    Level(u8),
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] BurningRefusal),
    /// The id of the command stands for another one.
    #[error("the client id {0} names another command: give every command its own")]
    ClientIdTaken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Burn weather is everybody's.
impl Scoped {
    /// Entered levels of some local days, both inclusive, oldest entry first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn entered_weather(&self, first: Date, last: Date) -> Result<Vec<EnteredWeather>, Error> {
        self.store().read(move |db| policy::load_weather(db, first, last)).await
    }
}

/// Enters the burn-weather level of a unit and local day.
impl Instruction for BurnWeather {
    type With = (By, Arc<Ground>);
    type Answer = WeatherEntry;
    type Refusal = WeatherError;

    fn carry_out(
        self,
        tx: &Transaction<'_>,
        within: &Scoped,
        (by, ground): Self::With,
        now: Timestamp,
    ) -> Result<WeatherEntry, WeatherError> {
        if !(1..=WORST_WEATHER_LEVEL).contains(&self.level) {
            return Err(WeatherError::Level(self.level));
        }
        check_line(&ground, &by.actor, &self.unit_code)?;
        check_claim(by.claimed_at.unwrap_or(now), now, &ground.data().time_zone)?;
        enter(tx, self, &by, now).map_err(|error| within.naming(error))?
    }
}

fn enter(
    tx: &Transaction<'_>,
    weather: BurnWeather,
    by: &By,
    now: Timestamp,
) -> Result<Result<WeatherEntry, WeatherError>, Error> {
    let subject = format!("{} {}", weather.unit_code, weather.date);
    let mut entry = WeatherEntry {
        entered: EnteredWeather { weather, entered_at: now, entered_by: by.actor.name.clone() },
        repeated: false,
    };
    if let Some(client_id) = &by.client_id {
        let done: Option<(String, Millis)> = tx
            .query_row(
                "SELECT subject_kind || ' ' || subject, at FROM events WHERE client_id = ?1",
                [client_id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        match done {
            Some((done, at)) if done == format!("{} {subject}", SubjectKind::Weather.name()) => {
                (entry.entered.entered_at, entry.repeated) = (at.0, true);
                return Ok(Ok(entry));
            }
            Some(_) => return Ok(Err(WeatherError::ClientIdTaken(client_id.clone()))),
            None => {}
        }
    }
    let weather = &entry.entered.weather;
    tx.execute(
        "INSERT INTO burn_weather (unit_code, day, level, entered_at, entered_by) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![weather.unit_code.0, weather.date.to_string(), weather.level, Millis(now), by.actor.name],
    )?;
    let event = NewEvent {
        subject: (SubjectKind::Weather, &subject),
        kind: "entered",
        actor: &by.actor,
        on_behalf_of: None,
        claimed_at: by.claimed_at,
        client_id: by.client_id.as_deref(),
        detail: &json!({"unit_code": weather.unit_code, "day": weather.date, "level": weather.level}),
    };
    append(tx, now, &event)?;
    Ok(Ok(entry))
}
