//! The footprint of a detection: the ground its pixel covers, turned to the ground track.
//!
//! A pixel is not a fire: the fire is somewhere in this rectangle of `scan_km` across by
//! `track_km` along the satellite's path. [`crate::domain::ground`] computes from it which
//! shares lie in which unit and zone class.

use geo::{Coord, LineString, MultiPolygon, Polygon};

use super::observation::{DayNight, Observation, Orbit, Satellite};
use super::position::{LocalFrame, Position};

/// The rectangle a pixel covers.
#[derive(Debug, Clone)]
pub struct Footprint {
    centre: Position,
    frame: LocalFrame,
    /// Direction of the track side, degrees clockwise from north.
    heading_deg: f64,
    half_scan_km: f64,
    half_track_km: f64,
}

impl Footprint {
    /// The footprint of an observation.
    ///
    /// A side that the feed does not give is the longest its sensor has: banned ground that the pixel may have seen is
    /// not left out.
    #[must_use]
    pub fn of(observation: &Observation) -> Self {
        let size = (observation.scan_km, observation.track_km);
        Self::of_pixel(observation.key.satellite, observation.day_night, observation.position, size)
    }

    /// The footprint of a pixel of `scan_km` by `track_km`, each the longest of the sensor where it is not known.
    #[must_use]
    pub fn of_pixel(
        satellite: Satellite,
        day_night: DayNight,
        centre: Position,
        (scan_km, track_km): (Option<f64>, Option<f64>),
    ) -> Self {
        let (longest_scan_km, longest_track_km) = satellite.instrument().largest_pixel_km();
        let (scan_km, track_km) = (scan_km.unwrap_or(longest_scan_km), track_km.unwrap_or(longest_track_km));
        Self::new(centre, scan_km, track_km, ground_track_heading_deg(satellite, day_night, centre.lat()))
    }

    /// A footprint of `scan_km` by `track_km`, its track side turned to `heading_deg`.
    #[must_use]
    pub fn new(centre: Position, scan_km: f64, track_km: f64, heading_deg: f64) -> Self {
        Self {
            centre,
            frame: LocalFrame::about(centre),
            heading_deg,
            half_scan_km: scan_km / 2.0,
            half_track_km: track_km / 2.0,
        }
    }

    /// The pixel centre.
    #[must_use]
    pub fn centre(&self) -> Position {
        self.centre
    }

    /// Half the scan side and half the track side as vectors from the centre, km (x east, y north).
    ///
    /// The corners are the centre plus and minus the two, in the flat frame about the centre.
    #[must_use]
    pub fn half_axes_km(&self) -> (Coord<f64>, Coord<f64>) {
        let (a, b) = (self.half_scan_km, self.half_track_km);
        (self.turn_back(Coord { x: a, y: 0.0 }), self.turn_back(Coord { x: 0.0, y: b }))
    }

    /// Area in square kilometres.
    #[must_use]
    pub fn area_km2(&self) -> f64 {
        4.0 * self.half_scan_km * self.half_track_km
    }

    /// Kilometres from a position to the rectangle; 0 inside.
    #[must_use]
    pub fn distance_km(&self, position: Position) -> f64 {
        let c = self.turn(self.frame.to_km(position.to_point().0));
        let beyond = |value: f64, half: f64| (value.abs() - half).max(0.0);
        beyond(c.x, self.half_scan_km).hypot(beyond(c.y, self.half_track_km))
    }

    /// The rectangle as a closed, counter-clockwise WGS-84 ring.
    #[must_use]
    pub fn to_polygon(&self) -> Polygon<f64> {
        let (a, b) = (self.half_scan_km, self.half_track_km);
        let corners = [(-a, -b), (a, -b), (a, b), (-a, b), (-a, -b)];
        let ring = corners.map(|(x, y)| self.frame.to_degrees(self.turn_back(Coord { x, y })));
        Polygon::new(LineString::from(ring.to_vec()), Vec::new())
    }

    /// The circumscribed box in degrees: (west, south, east, north).
    #[must_use]
    pub fn envelope(&self) -> (f64, f64, f64, f64) {
        let reach_km = self.half_scan_km.hypot(self.half_track_km);
        let low = self.frame.to_degrees(Coord { x: -reach_km, y: -reach_km });
        let high = self.frame.to_degrees(Coord { x: reach_km, y: reach_km });
        (low.x, low.y, high.x, high.y)
    }

    /// The part of an outline inside the footprint, in the footprint's own frame (km,
    /// x across the track, y along it).
    ///
    /// Rings are clipped one by one against the four sides, so a part that leaves and
    /// comes back is joined by zero-width bridges along a side: areas are exact, and
    /// boolean operations on the result are too.
    #[must_use]
    pub fn clip(&self, outline: &MultiPolygon<f64>) -> MultiPolygon<f64> {
        self.clip_parts(outline.iter())
    }

    /// As [`Footprint::clip`], for some parts of an outline.
    #[must_use]
    pub fn clip_parts<'a>(&self, parts: impl Iterator<Item = &'a Polygon<f64>>) -> MultiPolygon<f64> {
        let clipped = parts.filter_map(|polygon| {
            let exterior = self.clip_ring(polygon.exterior())?;
            let interiors = polygon.interiors().iter().filter_map(|hole| self.clip_ring(hole)).collect();
            Some(Polygon::new(exterior, interiors))
        });
        MultiPolygon::new(clipped.collect())
    }

    /// The whole rectangle in the footprint's own frame.
    #[must_use]
    pub fn rectangle(&self) -> MultiPolygon<f64> {
        let (a, b) = (self.half_scan_km, self.half_track_km);
        MultiPolygon::new(vec![geo::Rect::new((-a, -b), (a, b)).to_polygon()])
    }

    /// From the local frame (x east, y north) to the footprint's (x across, y along).
    fn turn(&self, c: Coord<f64>) -> Coord<f64> {
        let (sin, cos) = self.heading_deg.to_radians().sin_cos();
        Coord { x: c.x * cos - c.y * sin, y: c.x * sin + c.y * cos }
    }

    fn turn_back(&self, c: Coord<f64>) -> Coord<f64> {
        let (sin, cos) = self.heading_deg.to_radians().sin_cos();
        Coord { x: c.x * cos + c.y * sin, y: -c.x * sin + c.y * cos }
    }

    fn clip_ring(&self, ring: &LineString<f64>) -> Option<LineString<f64>> {
        let open = ring.0.split_last().map(|(_, open)| open)?;
        let points: Vec<_> = open.iter().map(|&c| self.turn(self.frame.to_km(c))).collect();
        let (a, b) = (self.half_scan_km, self.half_track_km);
        let points = clip_side(points, |c| a - c.x);
        let points = clip_side(points, |c| a + c.x);
        let points = clip_side(points, |c| b - c.y);
        let mut points = clip_side(points, |c| b + c.y);
        let first = *points.first()?;
        points.push(first);
        (points.len() >= 4).then(|| LineString::new(points))
    }
}

/// One step of Sutherland-Hodgman clipping: keeps what has `inside >= 0`.
fn clip_side(points: Vec<Coord<f64>>, inside: impl Fn(Coord<f64>) -> f64) -> Vec<Coord<f64>> {
    let Some(&last) = points.last() else { return points };
    let mut kept = Vec::with_capacity(points.len().min(64));
    let (mut previous, mut before) = (last, inside(last));
    for c in points {
        let now = inside(c);
        if (before < 0.0) != (now < 0.0) {
            let t = before / (before - now);
            kept.push(previous + (c - previous) * t);
        }
        if now >= 0.0 {
            kept.push(c);
        }
        (previous, before) = (c, now);
    }
    kept
}

/// Direction of flight over the ground, degrees clockwise from north; of a geostationary satellite north, along which its
/// grid lies.
///
/// The inertial heading follows from the orbit's inclination, the earth's rotation turns
/// it further west. [`Satellite::orbit`] says which satellites ascend by day.
#[must_use]
pub fn ground_track_heading_deg(satellite: Satellite, day_night: DayNight, lat_deg: f64) -> f64 {
    let Orbit::Polar { inclination_deg, period_min, ascends_by_day } = satellite.orbit() else { return 0.0 };
    let ascending = ascends_by_day == (day_night == DayNight::Day);

    let orbit_rate = std::f64::consts::TAU / period_min;
    // One turn of the earth under the stars: 23 h 56 min 4 s.
    let earth_rate = std::f64::consts::TAU / 1436.07;
    let cos_lat = lat_deg.to_radians().cos();
    // Above 81 degrees of latitude the track is at its turning point, due west.
    let sin_heading = (inclination_deg.to_radians().cos() / cos_lat).clamp(-1.0, 1.0);
    let east = orbit_rate * sin_heading - earth_rate * cos_lat;
    let north = orbit_rate * (1.0 - sin_heading * sin_heading).sqrt() * if ascending { 1.0 } else { -1.0 };
    east.atan2(north).to_degrees().rem_euclid(360.0)
}

#[cfg(test)]
mod tests {
    use geo::Area;
    use proptest::prelude::*;

    use super::*;

    fn baicheng() -> Position {
        Position::from_lon_lat(122.84, 45.62).unwrap()
    }

    #[test]
    fn ascending_tracks_lean_west_of_north_and_descending_ones_west_of_south() {
        let by_day = |satellite| ground_track_heading_deg(satellite, DayNight::Day, 45.6);
        assert!((343.0..347.0).contains(&by_day(Satellite::Noaa20)), "{}", by_day(Satellite::Noaa20));
        assert!((343.0..347.0).contains(&by_day(Satellite::Aqua)));
        assert!((193.0..197.0).contains(&by_day(Satellite::Terra)), "{}", by_day(Satellite::Terra));
        let by_night = ground_track_heading_deg(Satellite::Noaa20, DayNight::Night, 45.6);
        assert!((193.0..197.0).contains(&by_night));
    }

    #[test]
    fn the_rectangle_has_its_sides_and_is_turned() {
        let footprint = Footprint::new(baicheng(), 2.0, 1.0, 15.0);
        let ring = footprint.to_polygon();
        let corner = |i: usize| Position::from_lon_lat(ring.exterior().0[i].x, ring.exterior().0[i].y).unwrap();
        assert!((corner(0).distance_km(corner(1)) - 2.0).abs() < 0.01);
        assert!((corner(1).distance_km(corner(2)) - 1.0).abs() < 0.01);
        assert!((corner(1).bearing_deg(corner(2)) - 15.0).abs() < 0.3, "the track side points along the heading");
    }

    #[test]
    fn clipping_a_comb_keeps_its_area() {
        // A comb leaves and enters the rectangle many times; the bridges must not count.
        let footprint = Footprint::new(baicheng(), 2.0, 2.0, 0.0);
        let frame = LocalFrame::about(baicheng());
        let mut ring = vec![Coord { x: -0.9, y: 5.0 }];
        for i in 0..5 {
            let x = -0.9 + 0.4 * f64::from(i);
            ring.extend([
                Coord { x, y: 0.0 },
                Coord { x: x + 0.2, y: 0.0 },
                Coord { x: x + 0.2, y: 4.0 },
                Coord { x: x + 0.4, y: 4.0 },
            ]);
        }
        ring.extend([Coord { x: 1.1, y: 5.0 }]);
        let degrees: Vec<_> = ring.into_iter().map(|c| frame.to_degrees(c)).collect();
        let comb = MultiPolygon::new(vec![Polygon::new(LineString::from(degrees), Vec::new())]);
        let area = footprint.clip(&comb).unsigned_area();
        assert!((area - 5.0 * 0.2).abs() < 1e-9, "{area}");
    }

    #[test]
    fn a_hole_is_not_part_of_the_area() {
        let footprint = Footprint::new(baicheng(), 2.0, 2.0, 15.0);
        let frame = LocalFrame::about(baicheng());
        let square = |half: f64| {
            let corners = [(-half, -half), (half, -half), (half, half), (-half, half)];
            LineString::from(corners.map(|(x, y)| frame.to_degrees(Coord { x, y })).to_vec())
        };
        let ring = MultiPolygon::new(vec![Polygon::new(square(5.0), vec![square(0.5)])]);
        let area = footprint.clip(&ring).unsigned_area();
        assert!((area - 3.0).abs() < 1e-9, "{area}");
    }

    proptest! {
        #[test]
        fn an_outline_that_covers_the_footprint_clips_to_all_of_it(
            scan in 0.3..5.0f64, track in 0.3..3.0f64, heading in 0.0..360.0f64,
        ) {
            let footprint = Footprint::new(baicheng(), scan, track, heading);
            let (west, south, east, north) = footprint.envelope();
            let cover = MultiPolygon::new(vec![geo::Rect::new((west, south), (east, north)).to_polygon()]);
            let share = footprint.clip(&cover).unsigned_area() / footprint.area_km2();
            prop_assert!((share - 1.0).abs() < 1e-9, "{share}");
        }
    }
}
