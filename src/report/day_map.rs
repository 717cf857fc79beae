//! A day for the live map as columns of small integers: a tenth of the bytes of a feature list.
//!
//! Called by [`crate::web`] with rows of the store; returns a document that serializes to JSON. What a reader needs
//! to turn the columns back stands in docs/api.md; `web/src/data.ts` is the reader. It filters nothing, reads no
//! store and knows no HTTP.

use std::collections::HashMap;

use serde::Serialize;

use crate::domain::alert::AlertState;
use crate::domain::footprint::Footprint;
use crate::domain::ground::Ground;
use crate::domain::observation::Satellite;
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::figures::{Pixel, Question};
use crate::store::PeriodRows;
use crate::store::query::{AlertRow, PixelRow};
use crate::words::{Lang, full_name};

/// Steps of a degree in which positions are written: 1.1 m, so that a corner is never off by 2 m.
pub const STEPS_PER_DEGREE: f64 = 1e5;

/// Steps of a kilometre in which half axes are written: decimetres.
pub const STEPS_PER_KM: f64 = 1e4;

/// Steps of a megawatt in which FRP is written.
const STEPS_PER_MW: f64 = 10.0;

/// Stands where a column has no value: no FRP, no fire, no verdict.
const NONE: i64 = -1;

/// Confidence classes, in the order their numbers stand for.
pub const CONFIDENCES: [&str; 4] = ["low", "nominal", "high", "unknown"];

/// The rows of a day.
#[derive(Debug, Clone, Copy)]
pub struct DayRows<'a> {
    /// What is counted, on which ground; minutes count from the first instant of its period.
    pub question: Question<'a>,
    /// The local day.
    pub date: Date,
    /// Pixels acquired that day, fires and alerts first seen, worst alerts first.
    pub rows: &'a PeriodRows,
    /// Language of names and places.
    pub lang: Lang,
}

impl DayRows<'_> {
    fn minute(&self, at: Timestamp) -> i64 {
        minute(self.question.period.from, at)
    }
}

/// The document. Every field of a column has one entry per row, in the order of the rows.
#[derive(Debug, Serialize)]
pub struct DayColumns {
    date: Date,
    region_version: String,
    words: Words,
    /// Zones in force that day, by their place among the region's zones.
    zones_in_force: Vec<usize>,
    detections: Pixels,
    fires: Fires,
    alerts: Alerts,
}

/// What the numbers of word columns stand for.
#[derive(Debug, Serialize)]
struct Words {
    verdicts: [&'static str; 7],
    satellites: [&'static str; Satellite::ALL.len()],
    confidences: [&'static str; 4],
    states: [&'static str; 10],
    /// Code and full name of each unit that an alert names.
    units: Vec<(String, String)>,
}

#[derive(Debug, Serialize)]
struct Pixels {
    id: Vec<i64>,
    minute: Vec<i64>,
    lon: Vec<i64>,
    lat: Vec<i64>,
    /// Half the scan side as a vector: east, north.
    ax: Vec<i64>,
    ay: Vec<i64>,
    /// Length of half the track side, a quarter turn to the left of the scan side. 0: no footprint is known.
    b: Vec<i64>,
    verdict: Vec<usize>,
    confidence: Vec<usize>,
    satellite: Vec<usize>,
    frp: Vec<i64>,
    fire: Vec<i64>,
    /// 1: it is in the total; 0: it is a neighbour's, or lies on other ground.
    counted: Vec<u8>,
}

#[derive(Debug, Serialize)]
struct Fires {
    id: Vec<i64>,
    first: Vec<i64>,
    last: Vec<i64>,
    lon: Vec<i64>,
    lat: Vec<i64>,
    verdict: Vec<usize>,
    pixels: Vec<u32>,
    counted: Vec<u8>,
}

#[derive(Debug, Serialize)]
struct Alerts {
    number: Vec<String>,
    fire: Vec<i64>,
    verdict: Vec<i64>,
    state: Vec<usize>,
    first: Vec<i64>,
    last: Vec<i64>,
    lon: Vec<i64>,
    lat: Vec<i64>,
    unit: Vec<usize>,
    place: Vec<Option<String>>,
    counted: Vec<u8>,
}

impl DayColumns {
    /// Writes the rows of a day as columns.
    #[must_use]
    pub fn of(rows: &DayRows<'_>) -> Self {
        let data = rows.question.ground.data();
        let fire_at: HashMap<i64, i64> = rows.rows.fires.iter().map(|fire| fire.id).zip(0..).collect();
        let fire_of = |id: Option<i64>| id.and_then(|id| fire_at.get(&id).copied()).unwrap_or(NONE);
        let mut units = UnitTable::default();
        let alerts = alerts(rows, &fire_of, &mut units);
        let in_force = data.zones.iter().enumerate().filter(|(_, zone)| zone.is_in_force(rows.date));
        Self {
            date: rows.date,
            region_version: data.version.0.clone(),
            words: Words {
                verdicts: Verdict::ALL.map(Verdict::name),
                satellites: Satellite::ALL.map(Satellite::name),
                confidences: CONFIDENCES,
                states: AlertState::ALL.map(AlertState::name),
                units: units.rows,
            },
            zones_in_force: in_force.map(|(at, _)| at).collect(),
            detections: pixels(rows, &fire_of),
            fires: fires(rows),
            alerts,
        }
    }
}

/// The units of the alerts, each once.
#[derive(Default)]
struct UnitTable {
    rows: Vec<(String, String)>,
    known: HashMap<UnitCode, usize>,
}

impl UnitTable {
    fn number_of(&mut self, ground: &Ground, code: &UnitCode, lang: Lang) -> usize {
        if let Some(&at) = self.known.get(code) {
            return at;
        }
        self.rows.push((code.0.clone(), full_name(ground, code, lang)));
        self.known.insert(code.clone(), self.rows.len() - 1);
        self.rows.len() - 1
    }
}

fn pixels(rows: &DayRows<'_>, fire_of: &impl Fn(Option<i64>) -> i64) -> Pixels {
    let all = &rows.rows.pixels;
    let axes: Vec<[i64; 3]> = all.iter().map(axes_of).collect();
    let axis = |i: usize| axes.iter().map(|axes| axes.get(i).copied().unwrap_or_default()).collect();
    Pixels {
        id: steps(all.iter().map(|row| row.id)),
        minute: steps(all.iter().map(|row| rows.minute(row.acquired_at))),
        lon: steps(all.iter().map(|row| round(row.position.lon() * STEPS_PER_DEGREE))),
        lat: steps(all.iter().map(|row| round(row.position.lat() * STEPS_PER_DEGREE))),
        ax: axis(0),
        ay: axis(1),
        b: axis(2),
        verdict: all.iter().map(|row| place_of(&Verdict::ALL, &row.verdict)).collect(),
        confidence: all.iter().map(|row| place_of(&CONFIDENCES, &row.look.confidence.class_name())).collect(),
        satellite: all.iter().map(|row| place_of(&Satellite::ALL, &row.satellite)).collect(),
        frp: all.iter().map(|row| row.look.frp_mw.map_or(NONE, |mw| round(mw * STEPS_PER_MW))).collect(),
        fire: all.iter().map(|row| fire_of(row.fire_id)).collect(),
        counted: all.iter().map(|row| u8::from(rows.question.counts_pixel(&Pixel::from(row)))).collect(),
    }
}

/// Half the scan side (east, north) and the length of half the track side.
fn axes_of(row: &PixelRow) -> [i64; 3] {
    let size = (row.look.scan_km, row.look.track_km);
    let footprint = Footprint::of_pixel(row.satellite, row.look.day_night, row.position, size);
    let (a, b) = footprint.half_axes_km();
    [round(a.x * STEPS_PER_KM), round(a.y * STEPS_PER_KM), round(b.x.hypot(b.y) * STEPS_PER_KM)]
}

fn fires(rows: &DayRows<'_>) -> Fires {
    let all = &rows.rows.fires;
    Fires {
        id: steps(all.iter().map(|fire| fire.id)),
        first: steps(all.iter().map(|fire| rows.minute(fire.first_seen_at))),
        last: steps(all.iter().map(|fire| rows.minute(fire.last_seen_at))),
        lon: steps(all.iter().map(|fire| round(fire.lon * STEPS_PER_DEGREE))),
        lat: steps(all.iter().map(|fire| round(fire.lat * STEPS_PER_DEGREE))),
        verdict: all.iter().map(|fire| place_of(&Verdict::ALL, &fire.verdict)).collect(),
        pixels: all.iter().map(|fire| fire.detections).collect(),
        counted: all.iter().map(|fire| u8::from(rows.question.counts_fire(fire))).collect(),
    }
}

fn alerts(rows: &DayRows<'_>, fire_of: &impl Fn(Option<i64>) -> i64, units: &mut UnitTable) -> Alerts {
    let all = &rows.rows.alerts;
    let verdict_of = |alert: &AlertRow| {
        let place = alert.verdict.and_then(|verdict| Verdict::ALL.iter().position(|one| *one == verdict));
        place.and_then(|place| i64::try_from(place).ok()).unwrap_or(NONE)
    };
    Alerts {
        number: all.iter().map(|alert| alert.number.0.clone()).collect(),
        fire: all.iter().map(|alert| fire_of(alert.fire_id)).collect(),
        verdict: all.iter().map(verdict_of).collect(),
        state: all.iter().map(|alert| place_of(&AlertState::ALL, &alert.state)).collect(),
        first: steps(all.iter().map(|alert| rows.minute(alert.first_seen_at))),
        last: steps(all.iter().map(|alert| rows.minute(alert.last_seen_at))),
        lon: steps(all.iter().map(|alert| round(alert.lon * STEPS_PER_DEGREE))),
        lat: steps(all.iter().map(|alert| round(alert.lat * STEPS_PER_DEGREE))),
        unit: all.iter().map(|alert| units.number_of(rows.question.ground, &alert.unit_code, rows.lang)).collect(),
        place: all
            .iter()
            .map(|alert| alert.nearest_place.as_ref().map(|place| rows.lang.nearest_place(place)))
            .collect(),
        counted: all.iter().map(|alert| u8::from(rows.question.counts_alert(alert))).collect(),
    }
}

/// Each value as its step from the one before, the first from 0: small numbers, few bytes.
fn steps(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut before = 0;
    values.map(|value| value - std::mem::replace(&mut before, value)).collect()
}

/// Whole minutes since the day began; more than a day's for what burns on.
fn minute(from: Timestamp, at: Timestamp) -> i64 {
    at.duration_since(from).as_mins()
}

#[expect(clippy::cast_possible_truncation, reason = "degrees, kilometres and megawatts in small steps fit")]
fn round(value: f64) -> i64 {
    value.round() as i64
}

/// Every list holds all values of its type: 0 stands for none that is missing.
fn place_of<T: PartialEq>(all: &[T], value: &T) -> usize {
    all.iter().position(|one| one == value).unwrap_or_default()
}
