//! Places for fires: positions drawn on the ground by the rule that holds there.
//!
//! Called by [`super::fires`]. The rule of a position is asked of
//! [`crate::domain::verdict::judge`], so truth and service can differ only by the pixel,
//! never by another reading of the zones.

use geo::{BoundingRect, Coord, MultiPolygon};

use super::between;
use crate::domain::ground::{Extent, Ground, Standing};
use crate::domain::policy::Policy;
use crate::domain::position::{LocalFrame, Position};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::{Judgement, Sighting, Verdict, judge};
use crate::domain::zone::ZoneClass;

/// Positions tried before a wish is given up: enough for ground that is a hundredth of its
/// box, and still no noticeable wait where there is no such ground at all.
const TRIES: usize = 2000;

/// How far from a border a border fire burns, km: inside half a VIIRS pixel, so that shares matter.
const BORDER_KM: (f64, f64) = (0.03, 0.25);

/// How far outside the city a neighbour's fire burns at most, km.
const OUTSIDE_KM: f64 = 3.0;

/// Draws positions on one ground, as its rules stand at one moment.
#[derive(Debug)]
pub struct Placer<'a> {
    ground: &'a Ground,
    city: Extent,
    at: Timestamp,
    rng: fastrand::Rng,
}

impl<'a> Placer<'a> {
    /// A placer; `None` when no unit has an outline, so there is no city to burn in.
    #[must_use]
    pub fn new(ground: &'a Ground, at: Timestamp, rng: fastrand::Rng) -> Option<Self> {
        Some(Self { ground, city: ground.city_extent()?, at, rng })
    }

    /// What the rules say of a fire at a position.
    #[must_use]
    pub fn rule_at(&self, position: Position) -> Option<Judgement> {
        judge(
            self.ground,
            &Policy::default(),
            &Sighting { position, acquired_at: self.at, footprint: None, half_pixel_km: 0.0 },
        )
    }

    /// Anywhere in the city.
    pub fn in_city(&mut self) -> Option<Position> {
        let ground = self.ground;
        self.draw(&[self.city], |_, position| ground.unit_at(position).is_some())
    }

    /// On limited ground; anywhere in the city when there is none.
    pub fn on_limited(&mut self) -> Option<Position> {
        self.draw(&[self.city], |placer, position| placer.verdict(position) == Some(Verdict::Unplanned))
            .or_else(|| self.in_city())
    }

    /// In a ban zone that is in force, or on other banned ground when none is drawn.
    pub fn on_banned(&mut self) -> Option<Position> {
        let ground = self.ground;
        let day = ground.local_day(self.at);
        let zones = ground.data().zones.iter().filter(|zone| zone.class == ZoneClass::Ban && zone.is_in_force(day));
        let mut boxes: Vec<_> = zones.filter_map(|zone| extent_of(&zone.outline)).collect();
        if boxes.is_empty() {
            boxes.push(self.city);
        }
        self.draw(&boxes, |placer, position| placer.verdict(position) == Some(Verdict::Banned))
    }

    /// In the city, close to a border: of lowest units, of townships and of zones by turns.
    pub fn at_border(&mut self, turn: usize) -> Option<Position> {
        let ground = self.ground;
        let units = |level: UnitLevel| {
            ground.data().units.iter().filter(move |unit| unit.level == level).filter_map(|unit| unit.outline.as_ref())
        };
        let lowest = UnitLevel::ALL.into_iter().rfind(|&level| units(level).next().is_some())?;
        let wished: Vec<_> = match turn % 3 {
            0 => units(lowest).collect(),
            1 => units(UnitLevel::Township).collect(),
            _ => ground.data().zones.iter().map(|zone| &zone.outline).collect(),
        };
        let outlines: Vec<_> = if wished.is_empty() { units(lowest).collect() } else { wished };
        (0..TRIES).find_map(|_| {
            let outline = self.rng.choice(&outlines)?;
            let edge = self.on_edge(outline)?;
            let aside_km = between(&mut self.rng, BORDER_KM.0, BORDER_KM.1);
            let position = self.aside(edge, aside_km)?;
            ground.unit_at(position).is_some().then_some(position)
        })
    }

    /// Just outside the city, within its neighbour belt.
    pub fn outside(&mut self) -> Option<Position> {
        let ground = self.ground;
        let reach_km = ground.data().neighbour_belt_km.min(OUTSIDE_KM);
        self.draw(
            &[self.city.grown_km(reach_km)],
            |_, position| matches!(ground.standing(position), Standing::Belt { distance_km } if distance_km <= reach_km),
        )
    }

    /// A position some kilometres away, in a direction of chance.
    pub fn aside(&mut self, from: Position, km: f64) -> Option<Position> {
        let (sin, cos) = between(&mut self.rng, 0.0, std::f64::consts::TAU).sin_cos();
        offset(from, Coord { x: km * sin, y: km * cos })
    }

    /// The verdict on city ground; asking for the unit first is cheap and spares the belt's distances.
    fn verdict(&self, position: Position) -> Option<Verdict> {
        self.ground.unit_at(position)?;
        self.rule_at(position).map(|judgement| judgement.verdict)
    }

    /// A position in one of some boxes that is wanted.
    fn draw(&mut self, boxes: &[Extent], wanted: impl Fn(&Self, Position) -> bool) -> Option<Position> {
        (0..TRIES).find_map(|_| {
            let extent = self.rng.choice(boxes)?;
            let lon = between(&mut self.rng, extent.west, extent.east);
            let lat = between(&mut self.rng, extent.south, extent.north);
            // A box that reaches over the globe's edge: that draw does not count.
            let position = Position::from_lon_lat(lon, lat).ok()?;
            wanted(self, position).then_some(position)
        })
    }

    fn on_edge(&mut self, outline: &MultiPolygon<f64>) -> Option<Position> {
        let edges = outline.iter().flat_map(|polygon| polygon.exterior().lines());
        let edge = self.rng.choice(edges.collect::<Vec<_>>())?;
        let point = edge.start + (edge.end - edge.start) * self.rng.f64();
        // Outlines of a checked region are on the globe.
        Position::from_lon_lat(point.x, point.y).ok()
    }
}

/// A position moved by kilometres east and north; `None` over the globe's edge.
pub(super) fn offset(from: Position, km: Coord<f64>) -> Option<Position> {
    let moved = LocalFrame::about(from).to_degrees(km);
    Position::from_lon_lat(moved.x, moved.y).ok()
}

fn extent_of(outline: &MultiPolygon<f64>) -> Option<Extent> {
    let bounds = outline.bounding_rect()?;
    Some(Extent { west: bounds.min().x, south: bounds.min().y, east: bounds.max().x, north: bounds.max().y })
}
