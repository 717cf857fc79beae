//! The sketch of one alert: its footprints on the ground near by.
//!
//! The fire is somewhere in the rectangles; the sketch shows which cells, townships and
//! zones they reach, so that nobody takes the centre for the spot.

use std::fmt::Write;

use super::canvas::Canvas;
use super::{
    SKETCH_ASPECT, WIDTH, dash_of, definitions, escape, internal_note, mark, number, open, scale_and_north,
    simulated_note, zone_look,
};
use crate::domain::detection::pixel_km;
use crate::domain::footprint::Footprint;
use crate::domain::ground::{Extent, Ground};
use crate::domain::observation::Observation;
use crate::domain::position::{KM_PER_DEGREE, Position};
use crate::domain::time::Date;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::report::palette;
use crate::report::palette::{CLOSE, EDGE, HALO, LABEL, LAND, Line, PIXEL_OPACITY};
use crate::words::{Lang, maps};

/// Ground shown round the footprints, km.
const AIR_KM: f64 = 1.5;

/// The least width of a sketch, km: enough to see the neighbouring cells.
const MIN_WIDTH_KM: f64 = 7.0;

/// Cells are left out where a kilometre is drawn shorter than this: they would be a grey mesh.
const MIN_PX_PER_KM_FOR_CELLS: f64 = 6.0;

/// What a sketch shows.
#[derive(Debug, Clone, Copy)]
pub struct Sketch<'a> {
    /// The ground.
    pub ground: &'a Ground,
    /// The local day that decides which zones are in force.
    pub day: Date,
    /// The detections of the fire, the first one leading.
    pub pixels: &'a [(&'a Observation, Verdict)],
    /// The unit that is highlighted.
    pub unit: &'a UnitCode,
    /// The fires are simulated; written across the sketch.
    pub simulated: bool,
    /// Heading for screen readers.
    pub title: &'a str,
    /// Language of the words on it.
    pub lang: Lang,
}

impl Sketch<'_> {
    /// Draws the sketch; `None` when there is no detection.
    ///
    /// # Shape
    /// One `<svg>` element.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let canvas = self.canvas()?;
        let description = self.lang.say(maps::PIXELS);
        let mut out = open(canvas.height, self.title, description, "sketch");
        out.push_str(&definitions(1.0));
        self.draw_units(&canvas, &mut out);
        self.draw_zones(&canvas, &mut out);
        self.draw_places(&canvas, &mut out);
        self.draw_pixels(&canvas, &mut out);
        out.push_str(&scale_and_north(canvas.px_per_km, canvas.height, self.lang));
        let review_number = self.ground.data().map_review_number.as_deref();
        out.push_str(&internal_note(review_number, canvas.height, self.lang));
        if self.simulated {
            out.push_str(&simulated_note(self.lang));
        }
        out.push_str("</svg>");
        Some(out)
    }

    fn canvas(&self) -> Option<Canvas> {
        let here = |position: Position| Extent {
            west: position.lon(),
            east: position.lon(),
            south: position.lat(),
            north: position.lat(),
        };
        let all = self
            .pixels
            .iter()
            .map(|(observation, _)| {
                let (scan_km, track_km) = pixel_km(observation);
                here(observation.position).grown_km(scan_km.hypot(track_km) / 2.0 + AIR_KM)
            })
            .reduce(|a, b| Extent {
                west: a.west.min(b.west),
                south: a.south.min(b.south),
                east: a.east.max(b.east),
                north: a.north.max(b.north),
            })?;
        let (lon, lat) = (f64::midpoint(all.west, all.east), f64::midpoint(all.south, all.north));
        let centre = Position::from_lon_lat(lon, lat).ok()?;
        let width_km = (all.east - all.west) * KM_PER_DEGREE * lat.to_radians().cos();
        let height_km = (all.north - all.south) * KM_PER_DEGREE;
        let width_km = width_km.max(height_km / SKETCH_ASPECT).max(MIN_WIDTH_KM);
        Some(Canvas::about(centre, width_km, width_km * SKETCH_ASPECT))
    }

    pub(super) fn draw_units(&self, canvas: &Canvas, out: &mut String) {
        let mut units: Vec<_> = self.ground.data().units.iter().filter(|unit| unit.outline.is_some()).collect();
        let highest = units.iter().map(|unit| unit.level).min();
        for unit in units.iter().filter(|unit| Some(unit.level) == highest) {
            if let Some(path) = unit.outline.as_ref().map(|outline| canvas.path(outline)) {
                // Writing to a String cannot fail, here and below.
                let _ = write!(out, "<path class=\"land\" d=\"{path}\" fill=\"{LAND}\"/>");
            }
        }
        // The lowest units first: borders of higher ones are drawn over theirs.
        units.sort_by_key(|unit| std::cmp::Reverse(unit.level));
        for unit in units {
            if unit.level > UnitLevel::Township && canvas.px_per_km < MIN_PX_PER_KM_FOR_CELLS {
                continue;
            }
            let Some(path) = unit.outline.as_ref().map(|outline| canvas.path(outline)) else { continue };
            if path.is_empty() {
                continue;
            }
            let Line { width, colour } = palette::of_border(unit.level);
            let width = number(width * CLOSE);
            let leads = unit.code == *self.unit && unit.level > UnitLevel::County;
            let (class, fill) = if leads { (" leads", palette::MEANT) } else { ("", "none") };
            let name = match self.lang {
                Lang::Zh => &unit.name,
                Lang::En => unit.name_en.as_ref().unwrap_or(&unit.name),
            };
            let _ = write!(
                out,
                "<path class=\"line l-{}{class}\" d=\"{path}\" fill=\"{fill}\" stroke=\"{colour}\" \
                 stroke-width=\"{width}\" stroke-linejoin=\"round\"><title>{}</title></path>",
                unit.level.name(),
                escape(name)
            );
        }
    }

    pub(super) fn draw_zones(&self, canvas: &Canvas, out: &mut String) {
        let mut zones: Vec<_> = self.ground.data().zones.iter().collect();
        zones.sort_by_key(|zone| std::cmp::Reverse(zone.class));
        for zone in zones {
            let path = canvas.path(&zone.outline);
            if path.is_empty() {
                continue;
            }
            let is_in_force = zone.is_in_force(self.day);
            let (class, fill, stroke) = zone_look(zone.class, is_in_force);
            let (dash, width) = (dash_of(is_in_force), number(EDGE * CLOSE));
            let name = match self.lang {
                Lang::Zh => &zone.name,
                Lang::En => zone.name_en.as_ref().unwrap_or(&zone.name),
            };
            let _ = write!(
                out,
                "<path class=\"{class}\" d=\"{path}\" fill=\"{fill}\" fill-opacity=\".45\" fill-rule=\"evenodd\" \
                 stroke=\"{stroke}\" stroke-width=\"{width}\"{dash}><title>{}</title></path>",
                escape(name)
            );
        }
    }

    pub(super) fn draw_places(&self, canvas: &Canvas, out: &mut String) {
        let _ = write!(
            out,
            "<g class=\"labels\" font-size=\"16\" fill=\"{LABEL}\" stroke=\"{LAND}\" stroke-width=\"{HALO}\" \
             paint-order=\"stroke\">",
        );
        for place in &self.ground.data().places {
            let at = canvas.to_px(place.position.to_point().0);
            if !canvas.shows(at, 8.0) {
                continue;
            }
            let name = match self.lang {
                Lang::Zh => &place.name,
                Lang::En => place.name_en.as_ref().unwrap_or(&place.name),
            };
            // A name at the right edge is written to the left of its dot.
            let (dx, anchor) = if at.x > WIDTH * 0.8 { (-7.0, "end") } else { (7.0, "start") };
            let _ = write!(
                out,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" stroke=\"none\"/>\
                 <text x=\"{text_x}\" y=\"{text_y}\" text-anchor=\"{anchor}\">{}</text>",
                escape(name),
                x = number(at.x),
                y = number(at.y),
                text_x = number(at.x + dx),
                text_y = number(at.y + 5.0)
            );
        }
        out.push_str("</g>");
    }

    fn draw_pixels(&self, canvas: &Canvas, out: &mut String) {
        let width = number(EDGE * CLOSE);
        for (observation, verdict) in self.pixels.iter().rev() {
            let (name, _, colour) = mark(*verdict);
            let centre = canvas.to_px(observation.position.to_point().0);
            let label = escape(&format!("{} {}", observation.key.satellite, observation.key.acquired_at));
            let _ = write!(
                out,
                "<path class=\"pixels p-{name}\" d=\"{}\" fill=\"{colour}\" fill-opacity=\"{PIXEL_OPACITY}\" \
                 stroke=\"{colour}\" stroke-width=\"{width}\"><title>{label}</title></path>",
                canvas.footprint(&Footprint::of(observation))
            );
            let _ = write!(
                out,
                "<path class=\"centre p-{name}\" d=\"M{} {}m-5 0h10m-5-5v10\" fill=\"none\" stroke=\"{colour}\" \
                 stroke-width=\"1.8\"/>",
                number(centre.x),
                number(centre.y)
            );
        }
    }
}
