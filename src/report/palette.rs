//! Every colour and every width of a map's lines once: the style sheet gets them as variables, the SVG maps as
//! attributes, and the live map reads the variables off the page.
//!
//! A map is also a file of its own and a picture in a document, where no style sheet is: there it has the colours of the
//! day. `tests/it/project.rs` finds colours that stand anywhere else.

use std::fmt::Write as _;

use crate::domain::unit::UnitLevel;
use crate::domain::verdict::Verdict;

/// Text.
pub const INK: &str = "#1c2530";
/// What lies round a map.
pub const SHEET: &str = "#e9edf0";
/// Ground.
pub const LAND: &str = "#fdfdfb";
/// Cards and rims.
pub const PAPER: &str = "#fff";
/// Borders of cities and counties.
pub const BORDER: &str = "#4a5663";
/// Borders of townships.
pub const TOWNSHIP: &str = "#8e99a6";
/// Borders below them.
pub const FINE: &str = "#a3adb8";
/// Names of places.
pub const LABEL: &str = "#2f3943";
/// A unit that is meant among others.
pub const MEANT: &str = "#dcebfa";
/// Ground of the hatch of banned zones.
pub const HATCH: &str = "#f8d4d4";
/// Lines of that hatch.
pub const HATCH_LINE: &str = "#d9606a";
/// Limited zones.
pub const LIMITED: &str = "#f5c96b";
/// Their border.
pub const LIMITED_LINE: &str = "#a86400";
/// Warnings that no sheet may lose.
pub const ALARM_INK: &str = "#7d0f17";
/// The frame of a plot.
pub const PLOT: &str = "#1b5e20";
/// What is well, or new.
pub const OK: &str = "#23692a";
/// Fires on banned ground, and banned zones.
pub const BANNED: &str = "#b3121d";
/// Fires where nothing is decided, and what changed.
pub const UNZONED: &str = "#1d5fa8";

/// The colour of a verdict.
#[must_use]
pub const fn of_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Banned => BANNED,
        Verdict::OffPlan => "#96155f",
        Verdict::Unplanned => "#a84a08",
        Verdict::Planned => OK,
        Verdict::HeatSource => "#5d4037",
        Verdict::Unzoned => UNZONED,
        Verdict::Neighbour => "#55606d",
    }
}

/// A line of a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Its width: units of a drawing, pixels of the live map.
    pub width: f64,
    /// Its colour.
    pub colour: &'static str,
}

/// The border of a unit. A sketch of a few kilometres draws it [`CLOSE`] times as wide.
#[must_use]
pub const fn of_border(level: UnitLevel) -> Line {
    match level {
        UnitLevel::City => Line { width: 2.2, colour: BORDER },
        UnitLevel::County => Line { width: 1.5, colour: BORDER },
        UnitLevel::Township => Line { width: 0.8, colour: TOWNSHIP },
        UnitLevel::Village | UnitLevel::Hamlet | UnitLevel::Grid => Line { width: 0.5, colour: FINE },
    }
}

/// How much wider lines are where a map shows one place and not a city.
pub const CLOSE: f64 = 1.6;
/// The edge of a zone and of a footprint.
pub const EDGE: f64 = 0.9;
/// Dashes of a zone that is not in force.
pub const NOT_IN_FORCE: &str = "5 4";
/// The rim of a mark.
pub const RIM: f64 = 1.2;
/// Lines of the hatch of banned zones.
pub const HATCH_WIDTH: f64 = 1.5;
/// The halo of a name.
pub const HALO: f64 = 3.0;
/// How much of the ground a footprint covers.
pub const PIXEL_OPACITY: f64 = 0.22;

/// The variables of the style sheet at night, where they are others than by day.
const NIGHT: &str = "--bg: #12171c; --card: #1b2229; --ink: #e6ebf0; --soft: #a7b3bf; --line: #33404b; --link: #82bbf5; \
    --banned: #ff7b7b; --off_plan: #f58ac4; --unplanned: #ffab66; --planned: #7fd086; --heat_source: #d0a999; \
    --unzoned: #82bbf5; --neighbour: #b0bbc6; --alarm-bg: #45161a; --alarm-ink: #ffd3d3; --note-bg: #3a2f10; \
    --note-ink: #f6e2a8; --demo-bg: #232f5c; --demo-ink: #dbe3ff; --ok: #7fd086; --ok-bg: #16351b; --ok-ink: #bfe8c4; \
    --sheet: #161c22; --land: #232c34; --border: #9fb0bf; --township: #75879a; --fine: #54626f; --label: #dbe3ea; --hatch: #5a2329; \
    --hatch-line: #c85a63; --limited-line: #b87a10; --go: #1f6fc3; --go-strong: #3c8ce0;";

/// Those of paper.
const PRINT: &str = "--bg: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #999; --link: #000;";

/// Whether a verdict asks for somebody: its chip is filled, and the edge of its card has its colour.
const fn is_filled(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Banned | Verdict::OffPlan | Verdict::Unplanned)
}

/// What has the colour of a verdict, for the style sheet: chips, and as `--mark` marks, footprints, edges and numbers.
fn of_verdicts() -> String {
    Verdict::ALL.iter().fold(String::new(), |mut out, verdict| {
        let name = verdict.name();
        // Writing to a String cannot fail.
        let _ = write!(out, ".v-{name}, .p-{name} {{ --mark: var(--{name}); }} ");
        let _ = if is_filled(*verdict) {
            writeln!(
                out,
                ".a-{name} {{ --mark: var(--{name}); }} .chip.v-{name} {{ background: var(--fill-{name}); border-color: \
                 var(--fill-{name}); color: var(--on-fill); }}"
            )
        } else {
            writeln!(out, ".chip.v-{name} {{ color: var(--{name}); }}")
        };
        out
    })
}

/// How the style sheet begins: the variables, and what has the colour of a verdict. Filled chips and buttons (`fill-`) have white words on them, by
/// day and night.
#[must_use]
pub fn variables() -> String {
    let verdicts: String = Verdict::ALL.iter().fold(String::new(), |mut out, verdict| {
        // Writing to a String cannot fail.
        let _ = write!(out, "--{0}: {1}; --fill-{0}: {1}; ", verdict.name(), of_verdict(*verdict));
        out
    });
    let widths = [UnitLevel::City, UnitLevel::County, UnitLevel::Township, UnitLevel::Village]
        .map(|level| format!("--width-{}: {}; ", level.name(), of_border(level).width))
        .concat();
    format!(
        ":root {{ --bg: #f3f5f7; --card: {PAPER}; --ink: {INK}; --soft: #52606d; --line: #d5dbe1; --link: #0b5cad; \
         {verdicts}--alarm-bg: #fde7e7; --alarm-ink: {ALARM_INK}; --note-bg: #fdf3d7; --note-ink: #5c4300; \
         --note-line: #b98900; --demo-bg: #e3e9fb; --demo-ink: #26346f; --ok: {OK}; --ok-bg: #e4f3e5; --ok-ink: #1b5222; \
         --sheet: {SHEET}; --land: {LAND}; --border: {BORDER}; --township: {TOWNSHIP}; --fine: {FINE}; --label: {LABEL}; --hatch: {HATCH}; \
         --hatch-line: {HATCH_LINE}; --limited: {LIMITED}; --limited-line: {LIMITED_LINE}; --on-fill: {PAPER}; \
         --fill-ok: {OK}; --fill-act: #0b5cad; --go: #0b5cad; --go-strong: #094c90; --bar: #22303c; \
         --bar-line: #3a4a58; --bar-mark: #82bbf5; {widths}--width-edge: {EDGE}; --width-rim: {RIM}; \
         --width-hatch: {HATCH_WIDTH}; --width-halo: {HALO}; --dash: {NOT_IN_FORCE}; --pixel-opacity: {PIXEL_OPACITY}; }}\n\
         @media (prefers-color-scheme: dark) {{ :root {{ {NIGHT} }} }}\n@media print {{ :root {{ {PRINT} }} }}\n{}",
        of_verdicts()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_of_the_night_or_of_paper_has_one_by_day() {
        let all = variables();
        let (day, others) = all.split_once('\n').unwrap();
        let (others, verdicts) = others.split_once("\n.v-").unwrap();
        assert_eq!(verdicts.matches(".chip.v-").count(), Verdict::ALL.len());
        for name in others.split("--").skip(1).map(|rest| rest.split(':').next().unwrap()) {
            assert!(day.contains(&format!("--{name}:")), "{name}");
        }
        for verdict in Verdict::ALL {
            assert!(day.contains(&format!("--{}: #", verdict.name())), "{}", verdict.name());
        }
    }
}
