//! One burning day: the true fires, the passes over them, and the rows the passes give.
//!
//! [`burning_day`] is pure and decided by ground, day and seed: the same three give the same
//! day, whenever and however often they are asked for. A burning day runs from 05:00 local
//! to 05:00 of the next morning, so that the night passes see what was lit in its evening
//! and two days never share a pass. [`super::server`] shows a row when its time has come.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fires::{self, FireKind, TrueFire};
use super::flown::{Flown, Sensor};
use super::measure::{self, Figures};
use super::pass::{self, Grid, Pass, Pixel};
use super::place::Placer;
use super::{minutes, moved, stream};
use crate::domain::ground::{Extent, Ground};
use crate::domain::observation::{Confidence, DayNight};
use crate::domain::position::Position;
use crate::domain::time::{self, Date, SignedDuration, TimeError, Timestamp};

/// Local hour at which a burning day begins and the one before ends.
pub const BEGINS_AT_HOUR: i64 = 5;

/// Why a row is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// These fires burn in the pixel.
    Fires(Vec<String>),
    /// Nothing burns there: the sun is mirrored.
    SunGlint,
    /// Something burns far away, outside the region and its belt.
    Elsewhere,
}

/// A row that will be published.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulatedRow {
    /// The satellite.
    pub satellite: Flown,
    /// Minute of acquisition.
    pub acquired_at: Timestamp,
    /// By day or by night.
    pub day_night: DayNight,
    /// Pixel centre with five decimals, as published.
    pub centre: Position,
    /// Pixel side across the track, km.
    pub scan_km: f64,
    /// Pixel side along the track, km.
    pub track_km: f64,
    /// Brightness of the fire channel, K.
    pub brightness_k: f64,
    /// Brightness of the background channel, K.
    pub background_k: f64,
    /// Radiative power, MW.
    pub frp_mw: f64,
    /// Confidence.
    pub confidence: Confidence,
    /// When it is published.
    pub available_at: Timestamp,
    /// The truth behind it; never published with it.
    pub cause: Cause,
}

/// A burning day, whole.
#[derive(Debug, Clone)]
pub struct SimulatedDay {
    /// The local day, before any shift.
    pub day: Date,
    /// What really burns.
    pub fires: Vec<TrueFire>,
    /// The passes, by time.
    pub passes: Vec<Pass>,
    /// The rows, in the order they are published in: not by time, as real files are not.
    pub rows: Vec<SimulatedRow>,
}

impl SimulatedDay {
    /// The same day with all its times moved.
    #[must_use]
    pub fn shifted(mut self, by: SignedDuration) -> Self {
        self.fires = self.fires.into_iter().map(|fire| fire.shifted(by)).collect();
        for pass in &mut self.passes {
            pass.acquired_at = moved(pass.acquired_at, by);
        }
        for row in &mut self.rows {
            row.acquired_at = moved(row.acquired_at, by);
            row.available_at = moved(row.available_at, by);
        }
        self
    }
}

/// What a burning day is to be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayOptions {
    /// Straw fires lit that day, seen or not.
    pub fires: usize,
}

/// Makes a burning day.
///
/// # Errors
/// [`TimeError`] when the day has no representable midnight.
pub fn burning_day(ground: &Ground, day: Date, seed: u64, options: DayOptions) -> Result<SimulatedDay, TimeError> {
    let (midnight, _) = time::day_bounds(day, &ground.data().time_zone)?;
    let Some(centre) = ground.city_extent().and_then(centre_of) else {
        return Ok(SimulatedDay { day, fires: Vec::new(), passes: Vec::new(), rows: Vec::new() });
    };
    let fires = fires::light(ground, midnight, day, seed, options.fires);
    let passes = pass::passes(midnight, day, centre, seed);
    let grid = Grid::new(centre);
    let mut placer = Placer::new(ground, moved(midnight, SignedDuration::from_hours(12)), stream(seed, day, 4));
    let mut rows = Vec::new();
    let mut glints = 0;
    for (pass, purpose) in passes.iter().zip(100..) {
        let mut rng = stream(seed, day, purpose);
        rows.extend(look(pass, &grid, &fires, &mut rng));
        if pass.satellite.sensor() == Sensor::Viirs && pass.day_night == DayNight::Day {
            // The day's first VIIRS pass always mirrors the sun once, the second at times.
            if glints == 0 || rng.bool() {
                let glint = placer.as_mut().and_then(|placer| glint(pass, &grid, &fires, placer, &mut rng));
                glints += usize::from(glint.is_some());
                rows.extend(glint);
            }
        }
    }
    stream(seed, day, 5).shuffle(&mut rows);
    Ok(SimulatedDay { day, fires, passes, rows })
}

/// What one pass sees of the fires.
fn look(pass: &Pass, grid: &Grid, fires: &[TrueFire], rng: &mut fastrand::Rng) -> Vec<SimulatedRow> {
    let mut burning: BTreeMap<_, (Pixel, f64, Vec<String>)> = BTreeMap::new();
    for fire in fires {
        let Some(frp_mw) = fire.frp_mw_at(pass.acquired_at) else { continue };
        // Of cells lit on many days about 99 % of the real rows are of the night.
        if fire.kind == FireKind::FixedSource && pass.day_night == DayNight::Day {
            continue;
        }
        let frp_of_spot_mw = frp_mw / fire.spots.len() as f64;
        for spot in &fire.spots {
            let Some(pixel) = grid.pixel_at(pass, *spot, fire.position) else { continue };
            let (_, sum_mw, ids) = burning.entry(pixel.id).or_insert((pixel, 0.0, Vec::new()));
            *sum_mw += frp_of_spot_mw;
            if ids.last() != Some(&fire.id) {
                ids.push(fire.id.clone());
            }
        }
    }
    let mut rows = Vec::new();
    for (pixel, frp_mw, ids) in burning.into_values() {
        let sides_km = (pixel.scan_km, pixel.track_km);
        if measure::notices(pass.satellite, pass.day_night, frp_mw, sides_km, rng) {
            let figures = measure::figures(pass.satellite, pass.day_night, frp_mw, rng);
            rows.push(row(pass, &pixel, figures, Cause::Fires(ids), rng));
        }
    }
    rows
}

/// Sun glint somewhere in the city, in a pixel where nothing burns.
fn glint(
    pass: &Pass,
    grid: &Grid,
    fires: &[TrueFire],
    placer: &mut Placer<'_>,
    rng: &mut fastrand::Rng,
) -> Option<SimulatedRow> {
    const TRIES: usize = 20;
    let burning = fires.iter().filter(|fire| fire.frp_mw_at(pass.acquired_at).is_some());
    let spots: Vec<_> = burning.flat_map(|fire| &fire.spots).collect();
    let is_cold =
        |pixel: &Pixel| spots.iter().all(|spot| spot.distance_km(pixel.centre) > pixel.scan_km.hypot(pixel.track_km));
    let pixel = (0..TRIES).find_map(|_| {
        let position = placer.in_city()?;
        grid.pixel_at(pass, position, position).filter(is_cold)
    })?;
    Some(row(pass, &pixel, measure::glint(rng), Cause::SunGlint, rng))
}

fn row(pass: &Pass, pixel: &Pixel, figures: Figures, cause: Cause, rng: &mut fastrand::Rng) -> SimulatedRow {
    // Rows of one pass come in two portions, ten minutes apart.
    let portion = if rng.f64() < 0.3 { minutes(10.0) } else { SignedDuration::ZERO };
    SimulatedRow {
        satellite: pass.satellite,
        acquired_at: pass.acquired_at,
        day_night: pass.day_night,
        centre: pixel.centre,
        scan_km: pixel.scan_km,
        track_km: pixel.track_km,
        brightness_k: figures.brightness_k,
        background_k: figures.background_k,
        frp_mw: figures.frp_mw,
        confidence: figures.confidence,
        available_at: moved(moved(pass.acquired_at, pass.delay), portion),
        cause,
    }
}

fn centre_of(extent: Extent) -> Option<Position> {
    let lon = f64::midpoint(extent.west, extent.east);
    let lat = f64::midpoint(extent.south, extent.north);
    // The outlines of a checked region are on the globe.
    Position::from_lon_lat(lon, lat).ok()
}
