//! The one function that counts: pixels, suspected fires and alerts of a period, on a ground, of some verdicts.
//!
//! Every page, list, export, call and command that says how many takes the number from [`count`], or holds exactly the
//! rows that a [`Question`] counts. Pure: what it counts was read before, in one snapshot
//! ([`crate::store::PeriodRows`]).
//!
//! A pixel counts when it was acquired in the period, a fire and an alert when they were first seen in it. A fire lies
//! where its earliest detection inside the city stands, so that it is on one ground alone; an alert where it is worked.
//! What lies in the belt outside the city is in no total. Pixels, fires and alerts are never added together; why there
//! are more or fewer alerts than fires is counted beside them ([`Reasons`]).

mod question;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::store::PeriodRows;
use crate::store::query::{AlertRow, FireRow};
pub use question::{Pixel, Place, Question};
use question::{Standing, place_of_alert, place_of_fire};
pub use words::level_below;

/// Rows to count; more than is asked for may be among them.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Pixels.
    pub pixels: &'a [Pixel<'a>],
    /// Fires first seen in the period, all that whoever asks may see, whatever their verdict.
    pub fires: &'a [FireRow],
    /// Alerts first seen in the period.
    pub alerts: &'a [AlertRow],
}

/// How many of each. They are never added together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Pixels (热异常像元).
    pub pixels: u64,
    /// Suspected fires (疑似火点).
    pub fires: u64,
    /// Alerts (告警).
    pub alerts: u64,
    /// Fires by verdict; verdicts without one are left out.
    pub fires_by_verdict: BTreeMap<Verdict, u64>,
}

impl Counts {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pixels == 0 && self.fires == 0 && self.alerts == 0
    }

    fn add_fire(&mut self, verdict: Verdict) {
        self.fires += 1;
        *self.fires_by_verdict.entry(verdict).or_default() += 1;
    }
}

/// What a unit right below the ground has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The unit; `None` for what lies in none of them.
    pub unit_code: Option<UnitCode>,
    /// Its counts.
    #[serde(flatten)]
    pub counts: Counts,
}

/// Why the numbers beside each other differ.
///
/// `alerts = fires - without_alert - worked_elsewhere + further_alerts + of_earlier_fires + of_fires_elsewhere +
/// of_other_verdict + reported`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Reasons {
    /// Fires that lie in several units, each with an alert of its own (跨界分办).
    pub crossing_fires: u64,
    /// Alerts of them beyond the first.
    pub further_alerts: u64,
    /// Fires without an alert in the period: planned burning, heat sources, archives.
    pub without_alert: u64,
    /// Fires whose alerts are worked on other ground.
    pub worked_elsewhere: u64,
    /// Alerts of fires that are listed in an earlier period.
    pub of_earlier_fires: u64,
    /// Alerts of fires that lie on other ground.
    pub of_fires_elsewhere: u64,
    /// Alerts of fires that have another verdict than is asked for.
    pub of_other_verdict: u64,
    /// Alerts that people reported and no satellite saw.
    pub reported: u64,
    /// Pixels of fires that are listed in an earlier period: they burn on.
    pub pixels_of_earlier_fires: u64,
    /// Pixels of fires that lie on other ground.
    pub pixels_of_fires_elsewhere: u64,
}

/// The numbers of a period on a ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// The ground.
    pub unit_code: UnitCode,
    /// All of it.
    pub total: Counts,
    /// Each unit right below it, in the order of the region file, and what lies in none of them, where there is any.
    pub below: Vec<Line>,
    /// In the belt outside the city; in no total.
    pub neighbours: Counts,
    /// On other ground, and shown because it may concern this one; in no total.
    pub elsewhere: Counts,
    /// Why numbers differ.
    pub reasons: Reasons,
}

/// Counts.
#[must_use]
pub fn count(question: &Question<'_>, rows: &Rows<'_>) -> Figures {
    let mut tally = Tally::new(question, rows.fires);
    for fire in rows.fires {
        tally.add(question.of_fire(fire), place_of_fire(fire), |counts| counts.add_fire(fire.verdict));
    }
    for pixel in rows.pixels {
        tally.add_pixel(pixel);
    }
    for alert in rows.alerts {
        tally.add_alert(alert);
    }
    tally.compare_alerts_with(rows.fires);
    tally.figures()
}

/// Counts what was read of a period.
#[must_use]
pub fn of_period(question: &Question<'_>, rows: &PeriodRows) -> Figures {
    let pixels: Vec<Pixel<'_>> = rows.pixels.iter().map(Pixel::from).collect();
    count(question, &Rows { pixels: &pixels, fires: &rows.fires, alerts: &rows.alerts })
}

/// Numbers while they are counted.
struct Tally<'a> {
    question: &'a Question<'a>,
    /// Fires of the period.
    listed: HashMap<i64, &'a FireRow>,
    total: Counts,
    below: HashMap<Option<&'a UnitCode>, Counts>,
    /// The units right below, in the order of the region file.
    children: Vec<&'a UnitCode>,
    is_child: HashSet<&'a UnitCode>,
    neighbours: Counts,
    elsewhere: Counts,
    /// Alerts that were counted, by their fire.
    alerts_of: HashMap<i64, u64>,
    /// Fires with an alert on other ground.
    alerted_elsewhere: HashSet<i64>,
    reasons: Reasons,
}

impl<'a> Tally<'a> {
    fn new(question: &'a Question<'a>, fires: &'a [FireRow]) -> Self {
        let listed = fires.iter().filter(|fire| question.is_in_period(fire.first_seen_at));
        let children: Vec<_> = question.ground.children(question.scope.unit()).map(|unit| &unit.code).collect();
        Self {
            question,
            listed: listed.map(|fire| (fire.id, fire)).collect(),
            total: Counts::default(),
            below: HashMap::new(),
            is_child: children.iter().copied().collect(),
            children,
            neighbours: Counts::default(),
            elsewhere: Counts::default(),
            alerts_of: HashMap::new(),
            alerted_elsewhere: HashSet::new(),
            reasons: Reasons::default(),
        }
    }

    fn add(&mut self, standing: Standing, place: Place<'_>, add: impl Fn(&mut Counts)) {
        match standing {
            Standing::Counted => {
                add(&mut self.total);
                let child = self.child_of(place);
                add(self.below.entry(child).or_default());
            }
            Standing::Neighbour => add(&mut self.neighbours),
            Standing::Elsewhere => add(&mut self.elsewhere),
            Standing::NotAsked => {}
        }
    }

    fn add_pixel(&mut self, pixel: &Pixel<'_>) {
        let standing = self.question.of_pixel(pixel);
        self.add(standing, pixel.place, |counts| counts.pixels += 1);
        let Some(fire) = pixel.fire.filter(|_| standing == Standing::Counted) else { return };
        match self.listed.get(&fire) {
            None => self.reasons.pixels_of_earlier_fires += 1,
            Some(fire) if !self.question.holds(place_of_fire(fire)) => self.reasons.pixels_of_fires_elsewhere += 1,
            Some(_) => {}
        }
    }

    fn add_alert(&mut self, alert: &AlertRow) {
        let place = place_of_alert(self.question.ground, alert);
        let standing = self.question.of_alert(alert, place);
        self.add(standing, place, |counts| counts.alerts += 1);
        if standing != Standing::Counted {
            let fire = alert.fire_id.filter(|_| !self.question.holds(place));
            self.alerted_elsewhere.extend(fire);
            return;
        }
        let Some(id) = alert.fire_id else {
            self.reasons.reported += 1;
            return;
        };
        match self.listed.get(&id) {
            None => self.reasons.of_earlier_fires += 1,
            Some(fire) if self.question.counts_fire(fire) => *self.alerts_of.entry(id).or_default() += 1,
            Some(fire) if self.question.holds(place_of_fire(fire)) => self.reasons.of_other_verdict += 1,
            Some(_) => self.reasons.of_fires_elsewhere += 1,
        }
    }

    fn compare_alerts_with(&mut self, fires: &[FireRow]) {
        for fire in fires.iter().filter(|fire| self.question.counts_fire(fire)) {
            match self.alerts_of.get(&fire.id) {
                None if self.alerted_elsewhere.contains(&fire.id) => self.reasons.worked_elsewhere += 1,
                None => self.reasons.without_alert += 1,
                Some(alerts) if *alerts > 1 => {
                    self.reasons.crossing_fires += 1;
                    self.reasons.further_alerts += alerts - 1;
                }
                Some(_) => {}
            }
        }
    }

    /// The unit right below the ground that a place lies in.
    fn child_of(&self, place: Place<'_>) -> Option<&'a UnitCode> {
        let known = |code: &UnitCode| self.is_child.get(code).copied();
        let line = || place.unit.map(|unit| self.question.ground.line_of(unit)).unwrap_or_default();
        let above = || line().into_iter().find_map(|unit| known(&unit.code));
        place.county.and_then(known).or_else(|| place.township.and_then(known)).or_else(above)
    }

    fn figures(mut self) -> Figures {
        let line = |code: Option<&UnitCode>, counts| Line { unit_code: code.cloned(), counts };
        let mut below: Vec<Line> = Vec::new();
        for child in &self.children {
            below.push(line(Some(child), self.below.remove(&Some(*child)).unwrap_or_default()));
        }
        // Ground right under the unit itself, and units that only an older region version knows. Where nothing lies
        // below, the total says it all.
        let rest = self.below.remove(&None).filter(|_| !self.children.is_empty());
        below.extend(rest.map(|counts| line(None, counts)));
        Figures {
            unit_code: self.question.scope.unit().clone(),
            total: self.total,
            below,
            neighbours: self.neighbours,
            elsewhere: self.elsewhere,
            reasons: self.reasons,
        }
    }
}
