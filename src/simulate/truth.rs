//! The truth document: what really burnt, what each pass saw of it, and what was not there.
//!
//! Made from [`SimulatedDay`]s, served by [`super::server`] at `/truth.json` and written by
//! `firegrid simulate`; drills and tests compare the service's answers with it. The service
//! itself never reads it.

use serde::Serialize;

use super::day::{Cause, SimulatedDay, SimulatedRow};
use super::fires::TrueFire;
use super::pass::Pass;
use crate::domain::position::Position;
use crate::domain::time::{Date, Timestamp};

/// Everything that is known of the simulated days.
#[derive(Debug, Clone, Serialize)]
pub struct Truth {
    /// For whoever finds the document alone.
    pub note: &'static str,
    /// The seed; with the ground and the day it decides everything below.
    pub seed: u64,
    /// How simulated hours stand to the hours of the clock.
    pub anchor: &'static str,
    /// By how many seconds all times below are later than the hours they were made for.
    pub shift_seconds: i64,
    /// The days, oldest first.
    pub days: Vec<DayTruth>,
}

/// One burning day.
#[derive(Debug, Clone, Serialize)]
pub struct DayTruth {
    /// The local day it was made for.
    pub day: Date,
    /// What really burnt.
    pub fires: Vec<FireTruth>,
    /// The passes and what they published.
    pub passes: Vec<PassTruth>,
}

/// A fire and whether anybody saw it.
#[derive(Debug, Clone, Serialize)]
pub struct FireTruth {
    /// The fire.
    #[serde(flatten)]
    pub fire: TrueFire,
    /// The rows it caused, of all passes.
    pub rows: usize,
    /// No pass saw it: no point is not no fire.
    pub missed: bool,
}

/// A pass and what it published.
#[derive(Debug, Clone, Serialize)]
pub struct PassTruth {
    /// The pass.
    #[serde(flatten)]
    pub pass: Pass,
    /// Rows with fire in the pixel.
    pub seen: Vec<RowTruth>,
    /// Rows with no fire in the pixel.
    pub false_alarms: Vec<RowTruth>,
    /// Fires that burnt at that minute and were not seen.
    pub unseen: Vec<String>,
}

/// A published row and the truth behind it.
#[derive(Debug, Clone, Serialize)]
pub struct RowTruth {
    /// Pixel centre as published.
    pub centre: Position,
    /// When it is published.
    pub available_at: Timestamp,
    /// Why it is there.
    pub cause: Cause,
}

/// Tells the truth of a day.
#[must_use]
pub fn of_day(day: &SimulatedDay) -> DayTruth {
    let fires = day.fires.iter().map(|fire| {
        let rows = day.rows.iter().filter(|row| is_of(row, &fire.id)).count();
        FireTruth { fire: fire.clone(), rows, missed: rows == 0 }
    });
    DayTruth {
        day: day.day,
        fires: fires.collect(),
        passes: day.passes.iter().map(|pass| of_pass(day, pass)).collect(),
    }
}

fn of_pass(day: &SimulatedDay, pass: &Pass) -> PassTruth {
    let of_this_pass = |row: &&SimulatedRow| {
        (row.satellite, row.acquired_at) == (pass.satellite, pass.acquired_at) && row.cause != Cause::Elsewhere
    };
    let rows: Vec<_> = day.rows.iter().filter(of_this_pass).collect();
    let unseen = day
        .fires
        .iter()
        .filter(|fire| fire.frp_mw_at(pass.acquired_at).is_some() && !rows.iter().any(|row| is_of(row, &fire.id)));
    let tell =
        |row: &&SimulatedRow| RowTruth { centre: row.centre, available_at: row.available_at, cause: row.cause.clone() };
    let is_false = |row: &&&SimulatedRow| row.cause == Cause::SunGlint;
    PassTruth {
        pass: pass.clone(),
        unseen: unseen.map(|fire| fire.id.clone()).collect(),
        seen: rows.iter().filter(|row| !is_false(row)).map(tell).collect(),
        false_alarms: rows.iter().filter(is_false).map(tell).collect(),
    }
}

fn is_of(row: &SimulatedRow, fire_id: &str) -> bool {
    matches!(&row.cause, Cause::Fires(ids) if ids.iter().any(|id| id == fire_id))
}
