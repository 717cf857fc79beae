//! Passes: when a satellite goes over the city, and which pixel of it holds a place.
//!
//! A pass comes earlier or later than the satellite's usual hour because its ground track
//! runs east or west of the city, so time and scan angle belong together. Called by
//! [`super::day`]; knows nothing of fires.

use geo::{Coord, Intersects};
use serde::Serialize;

use super::flown::{Flown, Sensor};
use super::optics::{self, Swath};
use super::{between, minutes, moved, rounded, stream};
use crate::domain::footprint::{Footprint, ground_track_heading_deg};
use crate::domain::observation::DayNight;
use crate::domain::position::{KM_PER_DEGREE, LocalFrame, Position};
use crate::domain::time::{Date, SignedDuration, Timestamp};

/// One satellite going over once.
#[derive(Debug, Clone, Serialize)]
pub struct Pass {
    /// The satellite.
    pub satellite: Flown,
    /// Minute of acquisition.
    pub acquired_at: Timestamp,
    /// By day or by night.
    pub day_night: DayNight,
    /// The city's centre seen from the ground track, km; positive to the right of the flight.
    pub cross_km: f64,
    /// Scan angle at which the city's centre is seen, degrees.
    pub scan_angle_deg: f64,
    /// From acquisition until the first rows are published.
    #[serde(skip)]
    pub delay: SignedDuration,
    /// Where along the track the rows of pixels begin, as a share of a pixel.
    #[serde(skip)]
    phase: f64,
}

/// A pixel that holds some ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pixel {
    /// Which pixel of the pass it is: node (longitude, latitude), column, row.
    pub id: (i64, i64, i64, i64),
    /// Its centre, rounded to five decimals as published.
    pub centre: Position,
    /// Side across the track, km.
    pub scan_km: f64,
    /// Side along the track, km.
    pub track_km: f64,
}

/// How often a satellite comes: hours in local minutes after the burning day's midnight.
struct Visit {
    satellite: Flown,
    day_night: DayNight,
    /// When its track would run right over the city.
    overhead_min: f64,
    /// Earliest and latest time.
    between_min: (f64, f64),
}

/// NOAA-20 and NOAA-21 fly half an orbit apart.
const VIIRS_GAP_MIN: f64 = 50.0;

/// The passes of a burning day, from its morning until the next morning.
///
/// # Source
/// Local hours of 2026: Terra about 09:00-10:00 and 21:00-22:00, VIIRS about 13:30 and
/// 01:30, Aqua drifting, about 14:00-15:50 and 02:00-03:00. Publication 110-175 minutes
/// after acquisition, as measured for near-real-time rows in this part of the world.
#[must_use]
pub fn passes(midnight: Timestamp, day: Date, centre: Position, seed: u64) -> Vec<Pass> {
    let mut rng = stream(seed, day, 1);
    let mut visits = Vec::new();
    for (day_night, hour) in [(DayNight::Day, 13.0), (DayNight::Night, 25.0)] {
        let first = hour * 60.0 + between(&mut rng, -10.0, 20.0);
        let mut pair = [Flown::Noaa20, Flown::Noaa21];
        rng.shuffle(&mut pair);
        for (satellite, at) in pair.into_iter().zip([first, first + VIIRS_GAP_MIN]) {
            let overhead_min = (hour + 0.5) * 60.0;
            visits.push(Visit { satellite, day_night, overhead_min, between_min: (at - 1.0, at + 1.0) });
        }
    }
    let modis = [
        (Flown::Terra, DayNight::Day, 9.0 * 60.0, 10.0 * 60.0),
        (Flown::Terra, DayNight::Night, 21.0 * 60.0, 22.0 * 60.0),
        (Flown::Aqua, DayNight::Day, 14.0 * 60.0, 15.0 * 60.0 + 50.0),
        (Flown::Aqua, DayNight::Night, 26.0 * 60.0, 27.0 * 60.0),
    ];
    visits.extend(modis.map(|(satellite, day_night, from, to)| Visit {
        satellite,
        day_night,
        overhead_min: f64::midpoint(from, to),
        between_min: (from, to),
    }));
    let mut passes: Vec<_> = visits.iter().map(|visit| pass(visit, midnight, centre, &mut rng)).collect();
    passes.sort_by_key(|pass| (pass.acquired_at, pass.satellite));
    passes
}

fn pass(visit: &Visit, midnight: Timestamp, centre: Position, rng: &mut fastrand::Rng) -> Pass {
    let at_min = between(rng, visit.between_min.0, visit.between_min.1).floor();
    // The earth turns under the orbit: a later pass has its track farther west.
    let km_per_minute = 360.0 / 1440.0 * KM_PER_DEGREE * centre.lat().to_radians().cos();
    let east_of_track_km = (at_min - visit.overhead_min) * km_per_minute;
    let heading_deg = ground_track_heading_deg(visit.satellite.satellite(), visit.day_night, centre.lat());
    let cross_km = rounded(east_of_track_km * heading_deg.to_radians().cos().signum(), 1);
    Pass {
        satellite: visit.satellite,
        acquired_at: moved(midnight, minutes(at_min)),
        day_night: visit.day_night,
        cross_km,
        scan_angle_deg: rounded(optics::scan_angle_deg(visit.satellite.sensor(), cross_km), 1),
        delay: minutes(between(rng, 110.0, 165.0).floor()),
        phase: rng.f64(),
    }
}

/// The swaths of both sensors and the place their passes are counted from.
#[derive(Debug, Clone)]
pub struct Grid {
    centre: Position,
    viirs: Swath,
    modis: Swath,
}

/// Side of the blocks inside which one heading and one scale hold, degrees.
///
/// Over a tenth of a degree both change by less than two metres a pixel. Inside a block
/// the pixels tile the ground; across its edge they may overlap by part of a pixel, as
/// the scans of the real sensors do.
const BLOCK_DEG: f64 = 0.1;

impl Grid {
    /// The grid of a city with this centre.
    #[must_use]
    pub fn new(centre: Position) -> Self {
        Self { centre, viirs: Swath::of(Sensor::Viirs), modis: Swath::of(Sensor::Modis) }
    }

    /// The pixel of a pass that holds a position, on the block of `near`.
    ///
    /// # Shape
    /// `None` beyond the swath, and for the hair of ground at a pixel's edge that the
    /// rounding of published coordinates leaves outside every footprint.
    #[must_use]
    pub fn pixel_at(&self, pass: &Pass, position: Position, near: Position) -> Option<Pixel> {
        let (block_lon, block_lat) = ((near.lon() / BLOCK_DEG).round(), (near.lat() / BLOCK_DEG).round());
        let node = Position::from_lon_lat(block_lon * BLOCK_DEG, block_lat * BLOCK_DEG).ok()?;
        let turned = Turned::new(ground_track_heading_deg(pass.satellite.satellite(), pass.day_night, node.lat()));
        let node_km = turned.to(LocalFrame::about(self.centre).to_km(node.to_point().0));
        let frame = LocalFrame::about(node);
        let here_km = turned.to(frame.to_km(position.to_point().0)) + node_km;

        let swath = match pass.satellite.sensor() {
            Sensor::Viirs => &self.viirs,
            Sensor::Modis => &self.modis,
        };
        let across_km = here_km.x + pass.cross_km;
        let (number, column) = swath.column_at(across_km)?;
        let row = (here_km.y / column.track_km - pass.phase).floor();
        let middle = Coord {
            x: (column.near_km + column.scan_km / 2.0) * across_km.signum() - pass.cross_km,
            y: (row + pass.phase + 0.5) * column.track_km,
        };
        let centre = frame.to_degrees(turned.back(middle - node_km));
        let centre = Position::from_lon_lat(rounded(centre.x, 5), rounded(centre.y, 5)).ok()?;
        let heading_deg = ground_track_heading_deg(pass.satellite.satellite(), pass.day_night, centre.lat());
        let footprint = Footprint::new(centre, column.scan_km, column.track_km, heading_deg);
        let number = i64::try_from(number).ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "blocks and rows of one globe")]
        let id = (block_lon as i64, block_lat as i64, if across_km < 0.0 { -1 - number } else { number }, row as i64);
        footprint.to_polygon().intersects(&position.to_point()).then_some(Pixel {
            id,
            centre,
            scan_km: column.scan_km,
            track_km: column.track_km,
        })
    }
}

/// Turns between east-north and across-along the track, as [`Footprint`] does.
struct Turned {
    sin: f64,
    cos: f64,
}

impl Turned {
    fn new(heading_deg: f64) -> Self {
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        Self { sin, cos }
    }

    fn to(&self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: c.x * self.cos - c.y * self.sin, y: c.x * self.sin + c.y * self.cos }
    }

    fn back(&self, c: Coord<f64>) -> Coord<f64> {
        Coord { x: c.x * self.cos + c.y * self.sin, y: -c.x * self.sin + c.y * self.cos }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn centre() -> Position {
        Position::from_lon_lat(122.84, 45.62).unwrap()
    }

    fn passes_of(seed: u64) -> Vec<Pass> {
        passes("2026-04-12T16:00:00Z".parse().unwrap(), "2026-04-13".parse().unwrap(), centre(), seed)
    }

    #[test]
    fn every_satellite_comes_once_by_day_and_once_by_night_at_its_hours() {
        for seed in 0..50 {
            let passes = passes_of(seed);
            assert_eq!(passes.len(), 8);
            let midnight: Timestamp = "2026-04-12T16:00:00Z".parse().unwrap();
            let at = |satellite, day_night| {
                let pass = passes.iter().find(|p| p.satellite == satellite && p.day_night == day_night).unwrap();
                pass.acquired_at.duration_since(midnight).as_mins()
            };
            assert!((540..=600).contains(&at(Flown::Terra, DayNight::Day)));
            assert!((840..=950).contains(&at(Flown::Aqua, DayNight::Day)));
            assert!((1260..=1320).contains(&at(Flown::Terra, DayNight::Night)));
            for day_night in [DayNight::Day, DayNight::Night] {
                let gap = at(Flown::Noaa20, day_night) - at(Flown::Noaa21, day_night);
                assert!((47..=53).contains(&gap.abs()), "half an orbit apart, not {gap}");
            }
            for pass in &passes {
                assert!((110..=175).contains(&pass.delay.as_mins()));
                assert_eq!(pass.acquired_at.as_second() % 60, 0, "feeds publish the minute");
            }
        }
    }

    #[test]
    fn a_pass_later_than_usual_sees_the_city_east_of_its_track() {
        let passes: Vec<_> = (0..40).flat_map(passes_of).collect();
        for pass in passes.iter().filter(|p| p.satellite == Flown::Aqua && p.day_night == DayNight::Day) {
            // Aqua's day track ascends: its right hand is the east. Its usual time here is 14:55.
            let minutes = (pass.acquired_at.as_second() + 8 * 3600) % 86_400 / 60 - 895;
            assert!(pass.cross_km * minutes as f64 >= 0.0, "{} km at {minutes} min", pass.cross_km);
        }
    }

    proptest! {
        #[test]
        fn the_published_footprint_holds_what_the_pixel_was_chosen_for(
            dlon in -1.5..1.5f64, dlat in -1.0..1.0f64, seed in 0u64..30, which in 0usize..8,
        ) {
            let position = Position::from_lon_lat(122.84 + dlon, 45.62 + dlat).unwrap();
            let pass = &passes_of(seed)[which];
            if let Some(pixel) = Grid::new(centre()).pixel_at(pass, position, position) {
                let away_km = pixel.centre.distance_km(position);
                prop_assert!(away_km <= pixel.scan_km.hypot(pixel.track_km) / 2.0 + 0.005, "{away_km}");
                prop_assert!(pixel.scan_km >= pass.satellite.satellite().instrument().nadir_pixel_km() * 0.8);
            } else {
                // Only the swath's edge and the hair between footprints are unseen.
                prop_assert!(pass.scan_angle_deg > 30.0 || rare(pass, position), "{pass:?} {position:?}");
            }
        }
    }

    /// Whether a hundred metres aside the ground is seen: then it was a hair between pixels.
    fn rare(pass: &Pass, position: Position) -> bool {
        let aside = Position::from_lon_lat(position.lon() + 0.001, position.lat() + 0.0013).unwrap();
        Grid::new(centre()).pixel_at(pass, aside, position).is_some()
    }

    #[test]
    fn neighbouring_places_share_pixels_and_far_ones_do_not() {
        let pass = &passes_of(7)[1];
        let grid = Grid::new(centre());
        let at = |dlon: f64| {
            let position = Position::from_lon_lat(122.84 + dlon, 45.62).unwrap();
            grid.pixel_at(pass, position, centre()).map(|pixel| pixel.id)
        };
        let ids: Vec<_> = (0..100).filter_map(|i| at(f64::from(i) * 0.0001)).collect();
        let mut distinct = ids.clone();
        distinct.dedup();
        assert!(ids.len() > 95, "at most a hair is lost: {}", ids.len());
        assert!((2..=4).contains(&distinct.len()), "0.8 km hold two to four pixels: {distinct:?}");
    }
}
