//! Every colour once: the style sheet gets them as variables, the SVG maps as attributes, and the live map reads the
//! variables off the page.
//!
//! A map is also a file of its own and a picture in a document, where no style sheet is: there it has the colours of the
//! day. `tests/it/project.rs` finds colours that stand anywhere else.

use std::fmt::Write as _;

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

/// The variables of the style sheet at night, where they are others than by day.
const NIGHT: &str = "--bg: #12171c; --card: #1b2229; --ink: #e6ebf0; --soft: #a7b3bf; --line: #33404b; --link: #82bbf5; \
    --banned: #ff7b7b; --off_plan: #f58ac4; --unplanned: #ffab66; --planned: #7fd086; --heat_source: #d0a999; \
    --unzoned: #82bbf5; --neighbour: #b0bbc6; --alarm-bg: #45161a; --alarm-ink: #ffd3d3; --note-bg: #3a2f10; \
    --note-ink: #f6e2a8; --demo-bg: #232f5c; --demo-ink: #dbe3ff; --ok: #7fd086; --ok-bg: #16351b; --ok-ink: #bfe8c4; \
    --sheet: #161c22; --land: #232c34; --border: #9fb0bf; --fine: #54626f; --label: #dbe3ea; --hatch: #5a2329; \
    --hatch-line: #c85a63; --limited-line: #b87a10; --go: #1f6fc3; --go-strong: #3c8ce0;";

/// Those of paper.
const PRINT: &str = "--bg: #fff; --card: #fff; --ink: #000; --soft: #333; --line: #999; --link: #000;";

/// The variables as the style sheet begins with them. Filled chips and buttons (`fill-`) have white words on them, by
/// day and night.
#[must_use]
pub fn variables() -> String {
    let verdicts: String = Verdict::ALL.iter().fold(String::new(), |mut out, verdict| {
        // Writing to a String cannot fail.
        let _ = write!(out, "--{0}: {1}; --fill-{0}: {1}; ", verdict.name(), of_verdict(*verdict));
        out
    });
    format!(
        ":root {{ --bg: #f3f5f7; --card: {PAPER}; --ink: {INK}; --soft: #52606d; --line: #d5dbe1; --link: #0b5cad; \
         {verdicts}--alarm-bg: #fde7e7; --alarm-ink: {ALARM_INK}; --note-bg: #fdf3d7; --note-ink: #5c4300; \
         --note-line: #b98900; --demo-bg: #e3e9fb; --demo-ink: #26346f; --ok: {OK}; --ok-bg: #e4f3e5; --ok-ink: #1b5222; \
         --sheet: {SHEET}; --land: {LAND}; --border: {BORDER}; --fine: {FINE}; --label: {LABEL}; --hatch: {HATCH}; \
         --hatch-line: {HATCH_LINE}; --limited: {LIMITED}; --limited-line: {LIMITED_LINE}; --on-fill: {PAPER}; \
         --fill-ok: {OK}; --fill-act: #0b5cad; --go: #0b5cad; --go-strong: #094c90; --bar: #22303c; \
         --bar-line: #3a4a58; --bar-mark: #82bbf5; }}\n\
         @media (prefers-color-scheme: dark) {{ :root {{ {NIGHT} }} }}\n@media print {{ :root {{ {PRINT} }} }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_of_the_night_or_of_paper_has_one_by_day() {
        let all = variables();
        let (day, others) = all.split_once('\n').unwrap();
        for name in others.split("--").skip(1).map(|rest| rest.split(':').next().unwrap()) {
            assert!(day.contains(&format!("--{name}:")), "{name}");
        }
        for verdict in Verdict::ALL {
            assert!(day.contains(&format!("--{}: #", verdict.name())), "{}", verdict.name());
        }
    }
}
