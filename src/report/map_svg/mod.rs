//! Draws maps as SVG: the fire map of a day ([`day`]), the sketch of one alert ([`sketch`]) and of one burn
//! plan ([`plan`]), and two region versions over each other ([`versions`]).
//!
//! Pure: data in, text out. Called by [`crate::web`]; every text from outside is escaped
//! here. Colours stand as attributes, so that a map saved as a file looks right by itself,
//! and as classes, so that a page's style sheet can replace them (dark screens, print); no
//! `style` attribute is ever written, because pages forbid them.
//!
//! Verdicts differ in shape as well as in colour: one man in twelve cannot tell red from
//! green.

mod canvas;
mod day;
mod plan;
mod sketch;
mod versions;

pub use day::{BaseMap, DayMap, FireMark};
pub use plan::PlanSketch;
pub use sketch::Sketch;
pub use versions::{ChangeKind, VersionsMap};

use std::fmt::Write;

use crate::domain::verdict::Verdict;
use crate::domain::zone::ZoneClass;

use crate::report::palette;
use crate::report::palette::{ALARM_INK, HATCH, HATCH_LINE, HATCH_WIDTH, INK, NOT_IN_FORCE, PAPER, RIM, SHEET};
use crate::words::{Lang, maps};

/// Width of every drawing in its own units: text of 15 units stays legible on a phone of
/// 360 pixels and is not huge on a desk screen.
const WIDTH: f64 = 640.0;

/// A sketch, of a fire or of a plan, is two thirds as high as it is wide.
const SKETCH_ASPECT: f64 = 2.0 / 3.0;

/// Escapes a text for XML, attributes included; characters XML forbids are left out.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() && !matches!(c, '\t' | '\n' | '\r') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A number with at most one decimal: a tenth of a unit is less than a screen shows.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Class, shape about the origin, and colour of a verdict's mark.
fn mark(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    let shape = match verdict {
        Verdict::Banned => "M0-8.5L8.5 6.5H-8.5Z",
        Verdict::OffPlan => "M0-8.5L8 0L0 8.5L-8 0Z",
        Verdict::Unplanned => "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0Z",
        Verdict::Planned => "M-6-6H6V6H-6Z",
        Verdict::HeatSource => "M-2.5-7.5H2.5V-2.5H7.5V2.5H2.5V7.5H-2.5V2.5H-7.5V-2.5H-2.5Z",
        Verdict::Unzoned => "M-4-7H4L8 0L4 7H-4L-8 0Z",
        Verdict::Neighbour => "M0 8.5L8.5-6.5H-8.5Z",
    };
    (verdict.name(), shape, palette::of_verdict(verdict))
}

/// A verdict's mark as a small picture of its own, for keys and lists.
///
/// # Shape
/// An `<svg>` of 20 by 20 units, hidden from screen readers: the word stands beside it.
#[must_use]
pub fn key_svg(verdict: Verdict) -> String {
    let (name, shape, colour) = mark(verdict);
    format!(
        "<svg class=\"key\" viewBox=\"-10 -10 20 20\" width=\"18\" height=\"18\" aria-hidden=\"true\">\
         <path class=\"m v-{name}\" d=\"{shape}\" fill=\"{colour}\"/></svg>"
    )
}

/// The pattern of a zone class as a small picture, for keys; dashed when out of force.
#[must_use]
pub fn zone_key_svg(class: ZoneClass, is_in_force: bool) -> String {
    let (name, fill, stroke) = zone_look(class, is_in_force);
    // The hatch belongs to the map on the same page, whose pattern it uses.
    let dash = dash_of(is_in_force);
    format!(
        "<svg class=\"key\" viewBox=\"0 0 26 18\" width=\"26\" height=\"18\" aria-hidden=\"true\">\
         <rect class=\"{name}\" x=\"1\" y=\"1\" width=\"24\" height=\"16\" fill=\"{fill}\" stroke=\"{stroke}\"{dash}/></svg>"
    )
}

/// Dashes of the edge of a zone that is not in force.
fn dash_of(is_in_force: bool) -> String {
    if is_in_force { String::new() } else { format!(" stroke-dasharray=\"{NOT_IN_FORCE}\"") }
}

fn zone_look(class: ZoneClass, is_in_force: bool) -> (&'static str, &'static str, &'static str) {
    match (class, is_in_force) {
        (ZoneClass::Ban, true) => ("z-ban", "url(#hatch)", palette::BANNED),
        (ZoneClass::Ban, false) => ("z-ban off", "none", palette::BANNED),
        (ZoneClass::Limited, true) => ("z-limited", palette::LIMITED, palette::LIMITED_LINE),
        (ZoneClass::Limited, false) => ("z-limited off", "none", palette::LIMITED_LINE),
    }
}

/// Shared definitions: the ban hatch and a mark per verdict, scaled.
fn definitions(scale: f64) -> String {
    let mut out = format!(
        "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"6\" height=\"6\" fill=\"{HATCH}\" \
         fill-opacity=\".7\"/><path class=\"hatch-line\" d=\"M0 0V6\" stroke=\"{HATCH_LINE}\" stroke-width=\"{HATCH_WIDTH}\"/></pattern>",
    );
    for verdict in Verdict::ALL {
        let (name, shape, colour) = mark(verdict);
        let scale = number(scale);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<path id=\"m-{name}\" class=\"m v-{name}\" d=\"{shape}\" transform=\"scale({scale})\" fill=\"{colour}\" \
             stroke=\"{PAPER}\" stroke-width=\"{RIM}\"/>"
        );
    }
    out.push_str("</defs>");
    out
}

/// A scale bar of a round length and a north arrow, in the lower left corner.
fn scale_and_north(px_per_km: f64, height: f64, lang: Lang) -> String {
    let km = [0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]
        .into_iter()
        .rev()
        .find(|km| km * px_per_km <= WIDTH / 4.0)
        .unwrap_or(0.1);
    let (y, length) = (height - 14.0, number(km * px_per_km));
    let unit = lang.say(maps::KM);
    format!(
        "<g class=\"furniture\" fill=\"{INK}\" stroke=\"none\" font-size=\"15\">\
         <path d=\"M14 {y1}v6h{length}v-6\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.6\"/>\
         <text x=\"14\" y=\"{text_y}\">{km} {unit}</text>\
         <path d=\"M{nx} 40l-7 0l7-24l7 24Z\"/><text x=\"{nx}\" y=\"56\" text-anchor=\"middle\">{north}</text></g>",
        y1 = number(y - 6.0),
        text_y = number(y - 12.0),
        nx = number(WIDTH - 22.0),
        north = lang.say(maps::NORTH),
    )
}

/// What every map without a review number must say.
fn internal_note(review_number: Option<&str>, height: f64, lang: Lang) -> String {
    let text = match review_number {
        Some(review_number) => escape(&format!("{}{review_number}", lang.say(maps::REVIEW_NUMBER))),
        None => lang.say(maps::INTERNAL).to_owned(),
    };
    format!(
        "<text class=\"internal\" x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"15\" fill=\"{ALARM_INK}\">{text}</text>",
        number(WIDTH - 12.0),
        number(height - 12.0)
    )
}

/// What every map of a demonstration must say: it may be saved and passed on by itself.
fn simulated_note(lang: Lang) -> String {
    let text = lang.say(maps::SIMULATED);
    format!("<text class=\"internal\" x=\"14\" y=\"24\" font-size=\"16\" fill=\"{ALARM_INK}\">{text}</text>")
}

/// Opens the drawing.
fn open(height: f64, title: &str, description: &str, id: &str) -> String {
    let (title, description) = (escape(title), escape(description));
    let (width, height) = (number(WIDTH), number(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map\" viewBox=\"0 0 {width} {height}\" role=\"group\" \
         aria-labelledby=\"{id}-t {id}-d\" font-family=\"PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif\">\
         <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>\
         <rect class=\"sheet\" width=\"{width}\" height=\"{height}\" fill=\"{SHEET}\"/>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_escaped_and_forbidden_characters_are_left_out() {
        assert_eq!(escape("<a href=\"x\">'&\u{0}\u{8}\t甲"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;\t甲");
    }

    #[test]
    fn numbers_carry_one_decimal_at_most() {
        for (value, text) in [(12.0, "12"), (0.04, "0"), (-0.04, "0"), (-3.26, "-3.3"), (1.0 / 3.0, "0.3")] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn every_verdict_has_its_own_shape_and_colour() {
        let shapes: std::collections::BTreeSet<_> = Verdict::ALL.map(|verdict| mark(verdict).1).into();
        let colours: std::collections::BTreeSet<_> = Verdict::ALL.map(|verdict| mark(verdict).2).into();
        assert_eq!((shapes.len(), colours.len()), (7, 7));
    }
}
