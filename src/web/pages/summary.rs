//! The counts of a day by county: pixels, suspected fires, fires by verdict, alerts.
//!
//! Pure. Pixels and fires stand side by side and are never added together; what lies outside
//! the city is counted by itself and is in no total.

use std::collections::BTreeMap;

use crate::domain::ground::Ground;
use crate::domain::unit::{UnitCode, UnitLevel};
use crate::domain::verdict::Verdict;
use crate::report::lang::Lang;
use crate::store::query::{AlertRow, DetectionRow, FireRow};
use crate::web::frame::named;

/// The verdicts that always have a column; the others get one on days that have such a fire.
const ALWAYS: [Verdict; 2] = [Verdict::Banned, Verdict::Unplanned];

/// One line of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Counts {
    /// The county; `None` for ground without one, and for totals.
    pub code: Option<UnitCode>,
    /// Who it counts.
    pub name: String,
    /// Fire pixels.
    pub pixels: usize,
    /// Suspected fires.
    pub fires: usize,
    /// Fires by verdict.
    by_verdict: BTreeMap<Verdict, usize>,
    /// Alerts.
    pub alerts: usize,
}

impl Counts {
    /// Number of fires of a verdict.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub fn of(&self, verdict: &Verdict) -> usize {
        self.by_verdict.get(verdict).copied().unwrap_or_default()
    }

    fn add_fire(&mut self, verdict: Verdict) {
        self.fires += 1;
        *self.by_verdict.entry(verdict).or_default() += 1;
    }

    fn add(&mut self, other: &Self) {
        self.pixels += other.pixels;
        self.fires += other.fires;
        self.alerts += other.alerts;
        for (verdict, n) in &other.by_verdict {
            *self.by_verdict.entry(*verdict).or_default() += n;
        }
    }
}

/// The table of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Summary {
    /// The verdicts that have a column, worst first; the neighbours have their own line.
    pub columns: Vec<Verdict>,
    /// A line per county, in the order of the region file; ground without county last.
    pub counties: Vec<Counts>,
    /// The whole city.
    pub total: Counts,
    /// Pixels and fires outside the city, within the belt.
    pub neighbours: Counts,
}

/// Counts a day.
pub(in crate::web) fn summarise(
    ground: &Ground,
    lang: Lang,
    detections: &[DetectionRow],
    fires: &[FireRow],
    alerts: &[AlertRow],
) -> Summary {
    let mut by_county: BTreeMap<Option<&UnitCode>, Counts> = BTreeMap::new();
    let mut neighbours = Counts::default();
    for row in detections {
        if row.judgement.verdict == Verdict::Neighbour {
            neighbours.pixels += 1;
        } else {
            by_county.entry(row.county_code.as_ref()).or_default().pixels += 1;
        }
    }
    for row in fires {
        if row.verdict == Verdict::Neighbour {
            neighbours.add_fire(row.verdict);
        } else {
            by_county.entry(row.county_code.as_ref()).or_default().add_fire(row.verdict);
        }
    }
    for row in alerts {
        by_county.entry(row.county_code.as_ref()).or_default().alerts += 1;
    }
    let units = &ground.data().units;
    let mut counties: Vec<Counts> = units
        .iter()
        .filter(|unit| unit.level == UnitLevel::County)
        .map(|unit| Counts {
            code: Some(unit.code.clone()),
            name: named(lang, &unit.name, unit.name_en.as_deref()).to_owned(),
            ..by_county.remove(&Some(&unit.code)).unwrap_or_default()
        })
        .collect();
    // Ground without a county, and counties that only an older region version knows.
    counties.extend(by_county.into_iter().map(|(code, counts)| Counts {
        code: code.cloned(),
        name: code.map_or_else(|| lang.pick("未归县区", "no county").to_owned(), |code| code.0.clone()),
        ..counts
    }));
    let mut total = Counts { name: lang.pick("全市合计", "whole city").to_owned(), ..Counts::default() };
    for county in &counties {
        total.add(county);
    }
    let has_column = |verdict: &Verdict| ALWAYS.contains(verdict) || total.of(verdict) > 0;
    let columns = Verdict::ALL.into_iter().filter(has_column).collect();
    Summary { columns, counties, total, neighbours }
}
