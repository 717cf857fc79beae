//! Two versions of a region drawn over each other: which units and zones came, went, or lie elsewhere.
//!
//! Each of the three has its own mark as well as its own colour. What differs beside the ground is said by the list of
//! [`crate::regions`], which stands beside the picture.

use std::collections::BTreeMap;
use std::fmt::Write;

use geo::{InteriorPoint, MultiPolygon};

use super::canvas::Canvas;
use super::plan::{extent_of, joined};
use super::{escape, internal_note, number, open, scale_and_north, simulated_note};
use crate::domain::ground::RegionData;
use crate::domain::unit::UnitLevel;
use crate::report::palette;
use crate::report::palette::{PAPER, TOWNSHIP};
use crate::words::{Label, Lang, Words, maps};

/// Air round the ground, km.
const AIR_KM: f64 = 3.0;

/// Outlines below townships are drawn as backdrop only up to this many; more are a grey mesh.
const MAX_CELLS: usize = 600;

/// What became of an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It lies elsewhere.
    Changed,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Added, Self::Removed, Self::Changed];

    /// The word of its class.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }

    /// Shape about the origin, and colour.
    fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Added => ("M-2-7H2V-2H7V2H2V7H-2V2H-7V-2H-2Z", palette::OK),
            Self::Removed => {
                ("M-7-4.5L-4.5-7L0-2.5L4.5-7L7-4.5L2.5 0L7 4.5L4.5 7L0 2.5L-4.5 7L-7 4.5L-2.5 0Z", palette::BANNED)
            }
            Self::Changed => ("M0-8L8 0L0 8L-8 0Z", palette::UNZONED),
        }
    }

    /// Its mark as a small picture of its own.
    #[must_use]
    pub fn key_svg(self) -> String {
        let (shape, colour) = self.look();
        format!(
            "<svg class=\"key\" viewBox=\"-10 -10 20 20\" width=\"18\" height=\"18\" aria-hidden=\"true\">\
             <path class=\"m d-{}\" d=\"{shape}\" fill=\"{colour}\"/></svg>",
            self.name()
        )
    }
}

impl Label for ChangeKind {
    fn label(self) -> Words {
        match self {
            Self::Added => maps::ADDED,
            Self::Removed => maps::REMOVED,
            Self::Changed => maps::MOVED,
        }
    }
}

/// What the picture compares.
#[derive(Debug, Clone, Copy)]
pub struct VersionsMap<'a> {
    /// The version before.
    pub old: &'a RegionData,
    /// The version after.
    pub new: &'a RegionData,
    /// The fires are simulated; written across the picture.
    pub simulated: bool,
    /// Language of the words on it.
    pub lang: Lang,
}

/// An outline that differs.
struct Differing<'a> {
    name: &'a str,
    old: Option<&'a MultiPolygon<f64>>,
    new: Option<&'a MultiPolygon<f64>>,
}

impl Differing<'_> {
    fn kind(&self) -> ChangeKind {
        match (self.old, self.new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        }
    }
}

impl VersionsMap<'_> {
    /// Draws the picture; `None` when neither version has an outline.
    ///
    /// # Shape
    /// One `<svg>` element.
    #[must_use]
    pub fn svg(&self) -> Option<String> {
        let all = [self.old, self.new].into_iter().flat_map(outlines_in).filter_map(extent_of).reduce(joined)?;
        let canvas = Canvas::of(all.grown_km(AIR_KM))?;
        let title = self.lang.say(maps::VERSIONS);
        let description = self.lang.say(maps::VERSIONS_KEY);
        let mut out = open(canvas.height, title, description, "versions");
        self.draw_backdrop(&canvas, &mut out);
        let mut differing = self.differing();
        differing.sort_by_key(Differing::kind);
        for one in &differing {
            draw_outlines(&canvas, one, &mut out);
        }
        for one in &differing {
            draw_mark(&canvas, one, self.lang, &mut out);
        }
        out.push_str(&scale_and_north(canvas.px_per_km, canvas.height, self.lang));
        out.push_str(&internal_note(self.new.map_review_number.as_deref(), canvas.height, self.lang));
        if self.simulated {
            out.push_str(&simulated_note(self.lang));
        }
        out.push_str("</svg>");
        Some(out)
    }

    fn draw_backdrop(&self, canvas: &Canvas, out: &mut String) {
        for level in UnitLevel::ALL.into_iter().rev() {
            let units: Vec<_> = self.old.units.iter().filter(|unit| unit.level == level).collect();
            if level > UnitLevel::Township && units.len() > MAX_CELLS {
                continue;
            }
            let path: String =
                units.iter().filter_map(|unit| unit.outline.as_ref()).map(|outline| canvas.path(outline)).collect();
            let width = if level <= UnitLevel::County { "1.8" } else { "0.8" };
            // Writing to a String cannot fail, here and below.
            let _ = write!(
                out,
                "<path class=\"line l-{}\" d=\"{path}\" fill=\"none\" stroke=\"{TOWNSHIP}\" stroke-width=\"{width}\"/>",
                level.name()
            );
        }
        for zone in &self.old.zones {
            let _ = write!(
                out,
                "<path class=\"line\" d=\"{}\" fill=\"none\" stroke=\"{TOWNSHIP}\" stroke-width=\"1\" \
                 stroke-dasharray=\"2 3\"/>",
                canvas.path(&zone.outline)
            );
        }
    }

    /// The units and zones whose outlines differ.
    fn differing(&self) -> Vec<Differing<'_>> {
        let mut found: BTreeMap<(u8, &str), Differing<'_>> = BTreeMap::new();
        for (data, is_new) in [(self.old, false), (self.new, true)] {
            let of_units = data
                .units
                .iter()
                .filter_map(|unit| Some(((0_u8, unit.code.0.as_str()), unit.name.as_str(), unit.outline.as_ref()?)));
            let of_zones = data.zones.iter().map(|zone| ((1_u8, zone.id.as_str()), zone.name.as_str(), &zone.outline));
            for (key, name, outline) in of_units.chain(of_zones) {
                let one = found.entry(key).or_insert(Differing { name, old: None, new: None });
                if is_new {
                    one.new = Some(outline);
                } else {
                    one.old = Some(outline);
                }
                one.name = name;
            }
        }
        found.into_values().filter(|one| one.old != one.new).collect()
    }
}

fn outlines_in(data: &RegionData) -> impl Iterator<Item = &MultiPolygon<f64>> {
    data.units.iter().filter_map(|unit| unit.outline.as_ref()).chain(data.zones.iter().map(|zone| &zone.outline))
}

fn draw_outlines(canvas: &Canvas, one: &Differing<'_>, out: &mut String) {
    let kind = one.kind();
    let (class, (_, colour)) = (kind.name(), kind.look());
    if let (Some(old), ChangeKind::Changed) = (one.old, kind) {
        let _ = write!(
            out,
            "<path class=\"d-{class} old\" d=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" \
             stroke-dasharray=\"5 4\"/>",
            canvas.path(old)
        );
    }
    let (Some(outline), dash) =
        (one.new.or(one.old), if kind == ChangeKind::Removed { " stroke-dasharray=\"1 3\"" } else { "" })
    else {
        return;
    };
    let _ = write!(
        out,
        "<path class=\"d-{class}\" d=\"{}\" fill=\"{colour}\" fill-opacity=\".18\" fill-rule=\"evenodd\" \
         stroke=\"{colour}\" stroke-width=\"2\"{dash}/>",
        canvas.path(outline)
    );
}

fn draw_mark(canvas: &Canvas, one: &Differing<'_>, lang: Lang, out: &mut String) {
    let kind = one.kind();
    let Some(at) = one.new.or(one.old).and_then(InteriorPoint::interior_point) else { return };
    let (at, (shape, colour)) = (canvas.to_px(at.0), kind.look());
    let _ = write!(
        out,
        "<path class=\"m d-{}\" d=\"{shape}\" transform=\"translate({} {})\" fill=\"{colour}\" stroke=\"{PAPER}\" \
         stroke-width=\"1\"><title>{}</title></path>",
        kind.name(),
        number(at.x),
        number(at.y),
        escape(&format!("{} {}", lang.say(kind.label()), one.name))
    );
}
