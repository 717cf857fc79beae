//! The sketch of a burn plan: its plot on the ground near by, with the units and zones around it.
//!
//! A plan without a plot shows the outlines that carry its unit.

use std::fmt::Write;

use geo::{BoundingRect, MultiPolygon};

use super::canvas::Canvas;
use super::sketch::Sketch;
use super::{SKETCH_ASPECT, WIDTH, definitions, escape, internal_note, open, scale_and_north, simulated_note};
use crate::domain::ground::{Extent, Ground};
use crate::domain::position::{KM_PER_DEGREE, Position};
use crate::domain::time::Date;
use crate::domain::unit::UnitCode;
use crate::report::palette::{OK, PLOT};
use crate::words::{Lang, maps};

/// Ground shown round the plot, km: the neighbouring cells, and a village that smoke would reach.
const AIR_KM: f64 = 1.2;

/// The least width, km.
const MIN_WIDTH_KM: f64 = 4.0;

/// Wider ground, km, is drawn without places: their names would lie over each other.
const WIDEST_WITH_PLACES_KM: f64 = 45.0;

/// What the sketch of a plan shows.
#[derive(Debug, Clone, Copy)]
pub struct PlanSketch<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// The local day that decides which zones are in force.
    pub day: Date,
    /// The plot, WGS-84; `None`: the ground of the unit.
    pub plot: Option<&'a MultiPolygon<f64>>,
    /// The plan's unit, highlighted.
    pub unit: &'a UnitCode,
    /// Heading for screen readers.
    pub title: &'a str,
    /// The fires are simulated; written across the sketch.
    pub simulated: bool,
    /// Language of the words on it.
    pub lang: Lang,
}

impl PlanSketch<'_> {
    /// Draws the sketch; `None` when neither plot nor unit has an outline.
    ///
    /// # Shape
    /// One `<svg>` element.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let canvas = self.canvas()?;
        let description = self.lang.say(maps::PLOT);
        let mut out = open(canvas.height, self.title, description, "plot");
        out.push_str(&definitions(1.0));
        // The same backdrop as that of an alert.
        let (ground, day, unit, lang) = (self.ground, self.day, self.unit, self.lang);
        let backdrop = Sketch { ground, day, pixels: &[], unit, simulated: self.simulated, title: self.title, lang };
        backdrop.draw_units(&canvas, &mut out);
        backdrop.draw_zones(&canvas, &mut out);
        if let Some(plot) = self.plot {
            // Writing to a String cannot fail.
            let _ = write!(
                out,
                "<path class=\"plot\" d=\"{}\" fill=\"{OK}\" fill-opacity=\".25\" fill-rule=\"evenodd\" \
                 stroke=\"{PLOT}\" stroke-width=\"3.2\" stroke-linejoin=\"round\"><title>{}</title></path>",
                canvas.path(plot),
                escape(self.title)
            );
        }
        if canvas.px_per_km * WIDEST_WITH_PLACES_KM >= WIDTH {
            backdrop.draw_places(&canvas, &mut out);
        }
        out.push_str(&scale_and_north(canvas.px_per_km, canvas.height, lang));
        out.push_str(&internal_note(ground.data().map_review_number.as_deref(), canvas.height, lang));
        if self.simulated {
            out.push_str(&simulated_note(lang));
        }
        out.push_str("</svg>");
        Some(out)
    }

    fn canvas(&self) -> Option<Canvas> {
        let outlines = self.plot.map_or_else(|| self.ground.outlines_of(self.unit), |plot| vec![plot]);
        let all = outlines.into_iter().filter_map(extent_of).reduce(joined)?.grown_km(AIR_KM);
        let (lon, lat) = (f64::midpoint(all.west, all.east), f64::midpoint(all.south, all.north));
        let centre = Position::from_lon_lat(lon, lat).ok()?;
        let width_km = (all.east - all.west) * KM_PER_DEGREE * lat.to_radians().cos();
        let height_km = (all.north - all.south) * KM_PER_DEGREE;
        let width_km = width_km.max(height_km / SKETCH_ASPECT).max(MIN_WIDTH_KM);
        Some(Canvas::about(centre, width_km, width_km * SKETCH_ASPECT))
    }
}

/// The box of an outline.
pub(super) fn extent_of(outline: &MultiPolygon<f64>) -> Option<Extent> {
    let r = outline.bounding_rect()?;
    Some(Extent { west: r.min().x, south: r.min().y, east: r.max().x, north: r.max().y })
}

/// The box round two boxes.
pub(super) fn joined(a: Extent, b: Extent) -> Extent {
    Extent {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    }
}
