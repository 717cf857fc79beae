//! Fires far away: what else a file of half a continent holds.
//!
//! The real rolling files cover Asia, so their newest row is hardly ever older than a few
//! hours even when nothing burns here; a feed's freshness rests on that. Used by
//! [`super::server`] beside the burning days. These rows have no truth of their own and no
//! passes: they only show that the satellites are alive.

use super::day::{Cause, SimulatedRow};
use super::flown::{Flown, Sensor};
use super::{between, measure, minutes, moved, optics, rounded, stream};
use crate::domain::ground::Extent;
use crate::domain::observation::DayNight;
use crate::domain::position::Position;
use crate::domain::time::{Date, SignedDuration, Timestamp};

/// Nothing is lit nearer to the city than this, km, so that it never reaches its belt.
const AWAY_KM: f64 = 300.0;

/// Where such fires burn: farmland and forest of Asia, inside the files' region.
const ASIA: Extent = Extent { west: 60.0, south: 15.0, east: 150.0, north: 62.0 };

/// The stream of random numbers these rows draw from.
const PURPOSE: u64 = 900;

/// Rows of one burning day, some an hour and satellite, around the clock.
#[must_use]
pub fn rows(city: Extent, begins: Timestamp, day: Date, seed: u64, an_hour: usize) -> Vec<SimulatedRow> {
    let mut rng = stream(seed, day, PURPOSE);
    let near = city.grown_km(AWAY_KM);
    let mut rows = Vec::new();
    for satellite in [Flown::Noaa21, Flown::Noaa20, Flown::Terra, Flown::Aqua] {
        for hour in 0..24 {
            for _ in 0..an_hour {
                let (lon, lat) = loop {
                    let place = (between(&mut rng, ASIA.west, ASIA.east), between(&mut rng, ASIA.south, ASIA.north));
                    if !near.holds(place.into()) {
                        break place;
                    }
                };
                let Ok(centre) = Position::from_lon_lat(rounded(lon, 5), rounded(lat, 5)) else { continue };
                // Feeds give whole minutes.
                let minute = SignedDuration::from_mins(hour * 60 + rng.i64(0..60));
                rows.push(row(satellite, moved(begins, minute), centre, &mut rng));
            }
        }
    }
    rows
}

fn row(satellite: Flown, acquired_at: Timestamp, centre: Position, rng: &mut fastrand::Rng) -> SimulatedRow {
    let solar_hour = (acquired_at.as_second() as f64 / 3600.0 + centre.lon() / 15.0).rem_euclid(24.0);
    let day_night = if (6.0..18.0).contains(&solar_hour) { DayNight::Day } else { DayNight::Night };
    let widest_deg = match satellite.sensor() {
        Sensor::Viirs => 56.0,
        Sensor::Modis => 55.0,
    };
    let (scan_km, track_km) = optics::pixel_km(satellite.sensor(), between(rng, 0.0, widest_deg));
    let frp_mw = between(rng, 3.0, 40.0);
    let figures = measure::figures(satellite, day_night, frp_mw, rng);
    SimulatedRow {
        satellite,
        acquired_at,
        day_night,
        centre,
        scan_km: rounded(scan_km, 2),
        track_km: rounded(track_km, 2),
        brightness_k: figures.brightness_k,
        background_k: figures.background_k,
        frp_mw: figures.frp_mw,
        confidence: figures.confidence,
        available_at: moved(acquired_at, minutes(between(rng, 110.0, 175.0))),
        cause: Cause::Elsewhere,
    }
}
