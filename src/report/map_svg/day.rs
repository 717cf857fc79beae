//! The fire map of a day: units, zones, footprints and fires of the whole city.
//!
//! Outlines are simplified and turned into path data once per region version ([`BaseMap`]);
//! a day adds which zones were in force and what burnt.

use std::fmt::Write;

use geo::{Coord, InteriorPoint};

use super::canvas::Canvas;
use super::{
    WIDTH, dash_of, definitions, escape, internal_note, mark, number, open, scale_and_north, simulated_note, zone_look,
};
use crate::domain::footprint::Footprint;
use crate::domain::ground::{Ground, RegionVersion};
use crate::domain::observation::Observation;
use crate::domain::time::Date;
use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;
use crate::domain::zone::ZoneClass;
use crate::report::figures::Figures;
use crate::report::palette;
use crate::report::palette::{EDGE, HALO, INK, LABEL, LAND, Line, PAPER, PIXEL_OPACITY};
use crate::words::{Lang, maps};

/// Grid cells are drawn only up to this many: more would double the page for a grey mesh.
const MAX_CELLS: usize = 600;

/// Room for the key beneath a sheet: two rows.
const KEY_HEIGHT: f64 = 74.0;

/// A frame round the city, km: the belt where neighbours are listed, and a little air.
const AIR_KM: f64 = 3.0;

/// The unchanging part of a region version's map.
#[derive(Debug, Clone)]
pub struct BaseMap {
    /// The version it was drawn from.
    pub version: RegionVersion,
    canvas: Canvas,
    /// Path data of all outlines of a level, city first.
    levels: Vec<(UnitLevel, String)>,
    /// Path data of each zone, in the order of the region's zones.
    zones: Vec<String>,
    labels: Vec<Label>,
}

#[derive(Debug, Clone)]
struct Label {
    at: Coord<f64>,
    zh: String,
    en: String,
}

impl BaseMap {
    /// Draws the outlines of a region version.
    #[must_use]
    pub fn of(ground: &Ground) -> Option<Self> {
        let data = ground.data();
        let extent = ground.city_extent().unwrap_or(data.extent).grown_km(data.neighbour_belt_km + AIR_KM);
        let canvas = Canvas::of(extent)?;
        let path_of_level = |level: UnitLevel| -> Option<(UnitLevel, String)> {
            let outlines: Vec<_> =
                data.units.iter().filter(|unit| unit.level == level).filter_map(|unit| unit.outline.as_ref()).collect();
            let too_many = level > UnitLevel::Township && outlines.len() > MAX_CELLS;
            (!outlines.is_empty() && !too_many)
                .then(|| (level, outlines.into_iter().map(|outline| canvas.path(outline)).collect()))
        };
        let levels = UnitLevel::ALL.into_iter().filter_map(path_of_level).collect();
        let labels = data.units.iter().filter(|unit| unit.level == UnitLevel::County).filter_map(|unit| {
            let at = canvas.to_px(unit.outline.as_ref()?.interior_point()?.0);
            let en = unit.name_en.clone().unwrap_or_else(|| unit.name.clone());
            Some(Label { at, zh: unit.name.clone(), en })
        });
        Some(Self {
            version: data.version.clone(),
            levels,
            zones: data.zones.iter().map(|zone| canvas.path(&zone.outline)).collect(),
            labels: labels.collect(),
            canvas,
        })
    }
}

/// A fire as the map shows it.
#[derive(Debug, Clone)]
pub struct FireMark {
    /// Longitude of its middle.
    pub lon: f64,
    /// Latitude of its middle.
    pub lat: f64,
    /// Its verdict.
    pub verdict: Verdict,
    /// Address of its page, where it has one.
    pub link: Option<String>,
    /// What a pointer or a screen reader is told.
    pub label: String,
}

/// Everything a day's map shows.
#[derive(Debug, Clone, Copy)]
pub struct DayMap<'a> {
    /// The outlines, drawn before.
    pub base: &'a BaseMap,
    /// The ground they were drawn from.
    pub ground: &'a Ground,
    /// The local day.
    pub day: Date,
    /// The day's detections with their verdicts, for the footprints.
    pub pixels: &'a [(&'a Observation, Verdict)],
    /// The day's fires.
    pub fires: &'a [FireMark],
    /// The day's numbers, for whoever cannot see the marks.
    pub figures: &'a Figures,
    /// The fires are simulated; written across the map.
    pub simulated: bool,
    /// Language of the words on it.
    pub lang: Lang,
}

impl DayMap<'_> {
    /// Draws the map for a page that has words and a key of its own beside it.
    ///
    /// # Shape
    /// One `<svg>` element, worst fires on top.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut out = open(self.base.canvas.height, &self.title(), &self.description(), "map");
        self.draw(&mut out);
        out.push_str("</svg>");
        out
    }

    /// Draws the map as a sheet that can be saved and passed on: with its title and its key.
    ///
    /// # Shape
    /// One `<svg>` element.
    #[must_use]
    pub fn sheet(&self) -> String {
        let height = self.base.canvas.height;
        let mut out = open(height + KEY_HEIGHT, &self.title(), &self.description(), "map");
        self.draw(&mut out);
        let title = escape(&self.title());
        // Writing to a String cannot fail, here and below.
        let _ = write!(
            out,
            "<text x=\"14\" y=\"48\" font-size=\"18\" fill=\"{INK}\">{title}</text>\
             <rect y=\"{y}\" width=\"100%\" height=\"{KEY_HEIGHT}\" fill=\"{PAPER}\"/>",
            y = number(height)
        );
        self.draw_key(&mut out, height);
        out.push_str("</svg>");
        out
    }

    fn draw(&self, out: &mut String) {
        let canvas = &self.base.canvas;
        out.push_str(&definitions(self.mark_scale()));
        self.draw_ground(out);
        self.draw_pixels(out);
        self.draw_fires(out);
        out.push_str(&scale_and_north(canvas.px_per_km, canvas.height, self.lang));
        let review_number = self.ground.data().map_review_number.as_deref();
        out.push_str(&internal_note(review_number, canvas.height, self.lang));
        if self.simulated {
            out.push_str(&simulated_note(self.lang));
        }
    }

    fn title(&self) -> String {
        let data = self.ground.data();
        maps::day_title(&data.name, data.name_en.as_ref().unwrap_or(&data.name), self.day).of(self.lang)
    }

    fn description(&self) -> String {
        let outside = self.figures.neighbours.fires + self.figures.elsewhere.fires;
        maps::day_description(&self.figures.sentence(self.ground, self.lang), outside).of(self.lang)
    }

    /// The key of a sheet: verdicts, then zones, in rows of five.
    fn draw_key(&self, out: &mut String, top: f64) {
        let zones = [
            (ZoneClass::Ban, true, maps::BAN_ZONE),
            (ZoneClass::Limited, true, maps::LIMITED_ZONE),
            (ZoneClass::Ban, false, maps::NOT_IN_FORCE),
        ];
        let fires = Verdict::ALL.map(|verdict| {
            let (_, shape, colour) = mark(verdict);
            (format!("<path d=\"{shape}\" fill=\"{colour}\"/>"), self.lang.verdict_short(verdict))
        });
        let zones = zones.map(|(class, is_in_force, words)| {
            let (_, fill, stroke) = zone_look(class, is_in_force);
            let dash = dash_of(is_in_force);
            let drawn = format!(
                "<rect x=\"-11\" y=\"-7\" width=\"22\" height=\"14\" fill=\"{fill}\" stroke=\"{stroke}\"{dash}/>"
            );
            (drawn, self.lang.say(words))
        });
        let (mut x, mut y) = (24.0, top + 22.0);
        for (drawn, words) in fires.into_iter().chain(zones) {
            if x > WIDTH - 100.0 {
                (x, y) = (24.0, y + 30.0);
            }
            let _ = write!(
                out,
                "<g transform=\"translate({} {})\">{drawn}<text x=\"17\" y=\"5\" font-size=\"14\" fill=\"{INK}\">{words}</text></g>",
                number(x),
                number(y)
            );
            x += 124.0;
        }
    }

    /// Many marks must be smaller, or the worst day hides itself.
    fn mark_scale(&self) -> f64 {
        match self.fires.len() {
            0..80 => 1.0,
            80..400 => 0.7,
            _ => 0.5,
        }
    }

    fn draw_ground(&self, out: &mut String) {
        for (level, path) in self.base.levels.iter().filter(|(level, _)| *level <= UnitLevel::County) {
            let name = level.name();
            let _ = write!(out, "<path class=\"land u-{name}\" d=\"{path}\" fill=\"{LAND}\" stroke=\"none\"/>");
        }
        if self.base.levels.first().is_none_or(|(level, _)| *level > UnitLevel::County) {
            // Only lower units are drawn: together they are the land.
            for (_, path) in self.base.levels.iter().take(1) {
                let _ = write!(out, "<path class=\"land\" d=\"{path}\" fill=\"{LAND}\" stroke=\"none\"/>");
            }
        }
        self.draw_zones(out);
        for (level, path) in self.base.levels.iter().rev() {
            let Line { width, colour } = palette::of_border(*level);
            let _ = write!(
                out,
                "<path class=\"line l-{}\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" \
                 stroke-linejoin=\"round\"/>",
                level.name()
            );
        }
        let _ = write!(
            out,
            "<g class=\"labels\" font-size=\"17\" fill=\"{LABEL}\" stroke=\"{LAND}\" stroke-width=\"{HALO}\" \
             paint-order=\"stroke\" text-anchor=\"middle\">",
        );
        for label in &self.base.labels {
            let name = self.lang.pick(&label.zh, &label.en);
            let (x, y) = (number(label.at.x), number(label.at.y));
            let _ = write!(out, "<text x=\"{x}\" y=\"{y}\">{}</text>", escape(name));
        }
        out.push_str("</g>");
    }

    /// Limited zones first: ban wins, so ban lies on top.
    fn draw_zones(&self, out: &mut String) {
        let mut zones: Vec<_> = self.ground.data().zones.iter().zip(&self.base.zones).collect();
        zones.sort_by_key(|(zone, _)| std::cmp::Reverse(zone.class));
        for (zone, path) in zones.into_iter().filter(|(_, path)| !path.is_empty()) {
            let is_in_force = zone.is_in_force(self.day);
            let (class, fill, stroke) = zone_look(zone.class, is_in_force);
            let dash = dash_of(is_in_force);
            let name = match self.lang {
                Lang::Zh => &zone.name,
                Lang::En => zone.name_en.as_ref().unwrap_or(&zone.name),
            };
            let _ = write!(
                out,
                "<path class=\"{class}\" d=\"{path}\" fill=\"{fill}\" fill-opacity=\".55\" fill-rule=\"evenodd\" \
                 stroke=\"{stroke}\" stroke-width=\"{EDGE}\"{dash}><title>{}</title></path>",
                escape(name)
            );
        }
    }

    fn draw_pixels(&self, out: &mut String) {
        for verdict in Verdict::ALL.into_iter().rev() {
            let path: String = self
                .pixels
                .iter()
                .filter(|(_, of)| *of == verdict)
                .map(|(observation, _)| self.base.canvas.footprint(&Footprint::of(observation)))
                .collect();
            if !path.is_empty() {
                let (name, _, colour) = mark(verdict);
                let _ = write!(
                    out,
                    "<path class=\"pixels p-{name}\" d=\"{path}\" fill=\"{colour}\" fill-opacity=\"{PIXEL_OPACITY}\" \
                     stroke=\"{colour}\" stroke-width=\"{EDGE}\"/>"
                );
            }
        }
    }

    fn draw_fires(&self, out: &mut String) {
        let mut fires: Vec<&FireMark> = self.fires.iter().collect();
        fires.sort_by_key(|fire| std::cmp::Reverse(fire.verdict));
        for fire in fires {
            let at = self.base.canvas.to_px(Coord { x: fire.lon, y: fire.lat });
            if !self.base.canvas.shows(at, 0.0) {
                continue;
            }
            let (name, ..) = mark(fire.verdict);
            let label = escape(&fire.label);
            let (x, y) = (number(at.x), number(at.y));
            let drawn = format!("<title>{label}</title><use href=\"#m-{name}\" x=\"{x}\" y=\"{y}\"/>");
            let _ = match &fire.link {
                Some(link) => write!(out, "<a href=\"{}\">{drawn}</a>", escape(link)),
                None => write!(out, "<g>{drawn}</g>"),
            };
        }
    }
}
