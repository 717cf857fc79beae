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

/// The verdicts that get a column: all but the neighbours, who have their own line.
pub(in crate::web) const COLUMNS: [Verdict; 6] =
    [Verdict::Banned, Verdict::OffPlan, Verdict::Unplanned, Verdict::Planned, Verdict::HeatSource, Verdict::Unzoned];

/// One line of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct Counts {
    /// Who it counts.
    pub name: String,
    /// Fire pixels.
    pub pixels: usize,
    /// Suspected fires.
    pub fires: usize,
    /// Fires by verdict, in the order of [`COLUMNS`].
    pub by_verdict: [usize; COLUMNS.len()],
    /// Alerts.
    pub alerts: usize,
}

impl Counts {
    fn add_fire(&mut self, verdict: Verdict) {
        self.fires += 1;
        if let Some(count) = COLUMNS.iter().zip(&mut self.by_verdict).find_map(|(of, n)| (*of == verdict).then_some(n))
        {
            *count += 1;
        }
    }

    fn add(&mut self, other: &Self) {
        self.pixels += other.pixels;
        self.fires += other.fires;
        self.alerts += other.alerts;
        for (sum, n) in self.by_verdict.iter_mut().zip(other.by_verdict) {
            *sum += n;
        }
    }
}

/// The table of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Summary {
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
            // A fire that began outside the city counts for the county it reached first.
            let reached = || {
                let of_fire = detections.iter().filter(|detection| detection.fire_id == Some(row.id));
                of_fire.into_iter().find_map(|detection| detection.county_code.as_ref())
            };
            by_county.entry(row.county_code.as_ref().or_else(reached)).or_default().add_fire(row.verdict);
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
            name: named(lang, &unit.name, unit.name_en.as_deref()).to_owned(),
            ..by_county.remove(&Some(&unit.code)).unwrap_or_default()
        })
        .collect();
    // Ground without a county, and counties that only an older region version knows.
    counties.extend(by_county.into_iter().map(|(code, counts)| Counts {
        name: code.map_or_else(|| lang.pick("未归县区", "no county").to_owned(), |code| code.0.clone()),
        ..counts
    }));
    let mut total = Counts { name: lang.pick("全市合计", "whole city").to_owned(), ..Counts::default() };
    for county in &counties {
        total.add(county);
    }
    Summary { counties, total, neighbours }
}
