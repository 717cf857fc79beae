//! The figures of a day as its pages show them: a line for each unit right below the account's own ground, and the total
//! of that ground.
//!
//! Counted by [`crate::report::figures`]; here they get names. What lies outside is in no total, and ground that the
//! account does not see has no line, so that nobody reads a zero for it.

use crate::domain::ground::Ground;
use crate::domain::verdict::Verdict;
use crate::report::figures::{Counts, Figures, level_below};
use crate::words::{Lang, figures as figures_words, pages as w};

/// The verdicts that always have a column; the others get one on days that have such a fire.
const ALWAYS: [Verdict; 2] = [Verdict::Banned, Verdict::Unplanned];

/// One line of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Named {
    /// Who it counts.
    pub name: String,
    /// How many.
    pub counts: Counts,
}

impl Named {
    /// Number of fires of a verdict.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub fn of(&self, verdict: &Verdict) -> u64 {
        self.counts.fires_by_verdict.get(verdict).copied().unwrap_or_default()
    }
}

/// The table of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Summary {
    /// Its heading.
    pub heading: String,
    /// What the units of its lines are called; `None` where nothing lies below the ground.
    pub unit_column: &'static str,
    /// The verdicts that have a column, worst first; the neighbours have their own line.
    pub columns: Vec<Verdict>,
    /// Their heads.
    pub column_words: Vec<&'static str>,
    /// A line for each unit right below, in the order of the region file; ground in none of them last.
    pub rows: Vec<Named>,
    /// The whole ground.
    pub total: Named,
    /// Outside the city, within the belt; `None` for whoever does not see the belt.
    pub neighbours: Option<Counts>,
    /// On other ground, and shown because it may concern this one.
    pub elsewhere: Option<Counts>,
    /// Why numbers differ.
    pub notes: Vec<String>,
    /// The total in one sentence.
    pub sentence: String,
}

impl Summary {
    /// Gives figures their names.
    pub fn of(figures: &Figures, ground: &Ground, lang: Lang) -> Self {
        let level = level_below(ground, &figures.unit_code);
        let unit_column = lang.say(figures_words::column(level));
        let has_column =
            |verdict: &Verdict| ALWAYS.contains(verdict) || figures.total.fires_by_verdict.contains_key(verdict);
        let columns: Vec<_> = Verdict::ALL.into_iter().filter(has_column).collect();
        let named = |code, counts: &Counts| Named { name: figures.name_of(code, ground, lang), counts: counts.clone() };
        let is_whole = ground.top().is_some_and(|top| top.code == figures.unit_code);
        let shown = |counts: &Counts, always: bool| (always || !counts.is_empty()).then(|| counts.clone());
        Self {
            heading: match level {
                None => lang.say(w::day::COUNTS).to_owned(),
                Some(_) => w::day::counts_by(unit_column).of(lang),
            },
            unit_column,
            column_words: columns.iter().map(|verdict| lang.verdict_short(*verdict)).collect(),
            columns,
            rows: figures.below.iter().map(|line| named(line.unit_code.as_ref(), &line.counts)).collect(),
            total: Named { name: figures.title(ground, lang), counts: figures.total.clone() },
            neighbours: shown(&figures.neighbours, is_whole),
            elsewhere: shown(&figures.elsewhere, false),
            notes: figures.notes(lang),
            sentence: figures.sentence(ground, lang),
        }
    }
}
