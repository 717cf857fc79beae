//! Pixel sizes over the swath: how large the ground under one sample is, and where it lies.
//!
//! Used by [`super::pass`] to find the pixel that holds a fire. Pixels grow towards the
//! edge of the swath because the ground is farther away and seen aslant; VIIRS joins fewer
//! samples out there, so its pixels shrink twice on the way. Says nothing of where the
//! satellite flies.
//!
//! # Source
//! The geometry of a scan over a sphere. Altitudes, sample sizes at nadir, swath limits and
//! the VIIRS aggregation angles are those published for the sensors; the result agrees to
//! 0.02 km with the `scan` and `track` columns of real FIRMS files.

use super::flown::Sensor;

const EARTH_RADIUS_KM: f64 = 6371.0;

struct Optics {
    altitude_km: f64,
    /// Pixel sides at nadir, km.
    nadir_scan_km: f64,
    nadir_track_km: f64,
    /// Edge of the swath, degrees from nadir.
    limit_deg: f64,
}

fn optics(instrument: Sensor) -> Optics {
    match instrument {
        Sensor::Viirs => Optics { altitude_km: 829.0, nadir_scan_km: 0.38, nadir_track_km: 0.36, limit_deg: 56.06 },
        Sensor::Modis => Optics { altitude_km: 705.0, nadir_scan_km: 1.0, nadir_track_km: 1.0, limit_deg: 55.0 },
    }
}

/// Share of the nadir number of samples that VIIRS joins into a pixel: three, two, one.
fn aggregation(instrument: Sensor, angle_deg: f64) -> f64 {
    match instrument {
        Sensor::Viirs if angle_deg > 44.86 => 1.0 / 3.0,
        Sensor::Viirs if angle_deg > 31.72 => 2.0 / 3.0,
        _ => 1.0,
    }
}

/// Pixel sides (scan, track) at a scan angle, km with two decimals as published.
#[must_use]
pub fn pixel_km(instrument: Sensor, angle_deg: f64) -> (f64, f64) {
    let sensor = optics(instrument);
    let orbit_km = EARTH_RADIUS_KM + sensor.altitude_km;
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    let height_km = (EARTH_RADIUS_KM.powi(2) - (orbit_km * sin).powi(2)).max(0.0).sqrt();
    let farther = (orbit_km * cos - height_km) / sensor.altitude_km;
    let slant = height_km / EARTH_RADIUS_KM;
    let scan_km = sensor.nadir_scan_km * farther / slant * aggregation(instrument, angle_deg);
    (super::rounded(scan_km, 2), super::rounded(sensor.nadir_track_km * farther, 2))
}

/// Scan angle in degrees under which ground at some distance from the track is seen.
#[must_use]
pub fn scan_angle_deg(instrument: Sensor, ground_km: f64) -> f64 {
    let (sin, cos) = (ground_km.abs() / EARTH_RADIUS_KM).sin_cos();
    let below_km = optics(instrument).altitude_km + EARTH_RADIUS_KM * (1.0 - cos);
    (EARTH_RADIUS_KM * sin).atan2(below_km).to_degrees()
}

/// One column of pixels along the track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Edge towards the track, km from it.
    pub near_km: f64,
    /// Width across the track, km.
    pub scan_km: f64,
    /// Length of its pixels along the track, km.
    pub track_km: f64,
}

/// Half a swath: columns side by side from the track to the edge; the other half mirrors it.
#[derive(Debug, Clone)]
pub struct Swath {
    columns: Vec<Column>,
}

impl Swath {
    /// The swath of a sensor.
    #[must_use]
    pub fn of(instrument: Sensor) -> Self {
        let mut columns = Vec::new();
        let mut near_km = 0.0;
        loop {
            let angle_deg = scan_angle_deg(instrument, near_km);
            if angle_deg > optics(instrument).limit_deg {
                return Self { columns };
            }
            let (scan_km, track_km) = pixel_km(instrument, angle_deg);
            columns.push(Column { near_km, scan_km, track_km });
            near_km += scan_km;
        }
    }

    /// The column at a distance from the track and its number; `None` beyond the swath.
    #[must_use]
    pub fn column_at(&self, ground_km: f64) -> Option<(usize, Column)> {
        let ground_km = ground_km.abs();
        let number = self.columns.partition_point(|column| column.near_km <= ground_km).checked_sub(1)?;
        let column = *self.columns.get(number)?;
        (ground_km < column.near_km + column.scan_km).then_some((number, column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixel_sizes_over_the_swath_are_those_that_firms_publishes() {
        // (scan, track) pairs as they stand in FIRMS files, from nadir to the edge.
        let cases = [
            (Sensor::Viirs, 0.0, (0.38, 0.36)),
            (Sensor::Viirs, 31.7, (0.57, 0.43)),
            (Sensor::Viirs, 44.8, (0.64, 0.54)),
            (Sensor::Viirs, 44.9, (0.32, 0.55)),
            (Sensor::Viirs, 56.06, (0.80, 0.78)),
            (Sensor::Modis, 0.0, (1.0, 1.0)),
            (Sensor::Modis, 41.0, (2.0, 1.38)),
            (Sensor::Modis, 55.0, (4.82, 2.0)),
        ];
        for (instrument, angle, (scan, track)) in cases {
            let (got_scan, got_track) = pixel_km(instrument, angle);
            assert!((got_scan - scan).abs() < 0.025, "{instrument:?} at {angle}: scan {got_scan}, published {scan}");
            assert!((got_track - track).abs() < 0.025, "{instrument:?} at {angle}: track {got_track}");
        }
    }

    #[test]
    fn columns_lie_side_by_side_up_to_the_published_swath() {
        for (instrument, half_swath_km) in [(Sensor::Viirs, 1530.0), (Sensor::Modis, 1165.0)] {
            let swath = Swath::of(instrument);
            for pair in swath.columns.windows(2) {
                assert!((pair[0].near_km + pair[0].scan_km - pair[1].near_km).abs() < 1e-9);
            }
            let last = swath.columns.last().unwrap();
            let edge = last.near_km + last.scan_km;
            assert!((edge - half_swath_km).abs() < 25.0, "{instrument:?}: {edge}");
            assert!(swath.column_at(edge + 0.001).is_none(), "nothing is seen beyond the swath");
            assert_eq!(swath.column_at(-0.1).unwrap().0, 0, "both sides of the track have columns");
        }
    }
}
