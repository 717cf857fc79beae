//! Approved fixed heat sources: flares, kilns, solar roofs. A person approves each one and
//! it expires; firegrid never makes one by itself, because a heat source silences alarms.

use super::named::named;
use super::nearest;
use super::position::Position;
use super::time::Date;
use geo::Intersects;

/// Largest radius of a point source, metres. The largest steelworks fit; a county does not.
pub const MAX_RADIUS_M: f64 = 10_000.0;

named! {
    /// What kind of installation it is.
    pub enum HeatSourceKind {
        /// Gas flare.
        Flare = "flare",
        /// Kiln.
        Kiln = "kiln",
        /// Industrial plant.
        Plant = "plant",
        /// Solar roof or farm.
        Solar = "solar",
        /// Landfill.
        Landfill = "landfill",
        /// Anything else; the name says what.
        Other = "other",
    }
}

/// Where the source stands.
#[derive(Debug, Clone, PartialEq)]
pub enum HeatSourceShape {
    /// A point with a radius in metres.
    Circle {
        /// Centre.
        centre: Position,
        /// Radius, metres.
        radius_m: f64,
    },
    /// An outline.
    Outline(geo::MultiPolygon<f64>),
}

/// A fixed source that a person approved.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatSource {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HeatSourceKind,
    /// Where it stands.
    pub shape: HeatSourceShape,
    /// Who approved it.
    pub approved_by: String,
    /// Day of approval, inclusive: earlier fires are not excused.
    pub approved_on: Date,
    /// Last day it counts, inclusive.
    pub expires: Date,
}

impl HeatSource {
    /// Whether the approval holds on a local day.
    #[must_use]
    pub fn is_approved_on(&self, day: Date) -> bool {
        self.approved_on <= day && day <= self.expires
    }

    /// Kilometres from a position to the source's edge; 0 inside.
    #[must_use]
    pub fn distance_km(&self, position: Position) -> f64 {
        match &self.shape {
            HeatSourceShape::Circle { centre, radius_m } => (centre.distance_km(position) - radius_m / 1000.0).max(0.0),
            HeatSourceShape::Outline(outline) if outline.intersects(&position.to_point()) => 0.0,
            HeatSourceShape::Outline(outline) => nearest::distance_to_outline_km(position, outline),
        }
    }
}

/// The source, approved on a local day, that a pixel of some half size stands on, with the
/// distance to it, km: nearest first, ties by id.
#[must_use]
pub fn nearest_approved<'a>(
    sources: impl Iterator<Item = &'a HeatSource>,
    position: Position,
    half_pixel_km: f64,
    day: Date,
) -> Option<(&'a HeatSource, f64)> {
    sources
        .filter(|source| source.is_approved_on(day))
        .map(|source| (source, source.distance_km(position)))
        .filter(|(_, distance_km)| *distance_km <= half_pixel_km)
        .min_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.id.cmp(&b.0.id)))
}
