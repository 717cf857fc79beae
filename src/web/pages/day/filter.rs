//! What of a day the live map shows: the filters that live in its address.
//!
//! A filter that names nothing lets everything pass. `web/src/filters.ts` says the same for the browser; the page
//! without scripts is filtered here.

use std::collections::BTreeSet;

use crate::domain::alert::AlertState;
use crate::domain::ground::Ground;
use crate::domain::observation::Satellite;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::report::day_map::CONFIDENCES;
use crate::store::query::{AlertRow, DetectionRow, FireRow, Span};
use crate::web::ask::Ask;
use crate::web::pages::day::asked::Day;
use crate::web::problem::Problem;
use crate::words::problems::expected;

/// The parameters of the page: the filters, and how the map is looked at, which only the browser reads.
pub(in crate::web) const KNOWN: &[&str] = &[
    "date",
    "verdict",
    "state",
    "satellite",
    "confidence",
    "unit",
    "from_hour",
    "to_hour",
    "lon",
    "lat",
    "zoom",
    "hide",
    "alert",
];

/// What is shown.
#[derive(Debug, Clone)]
pub(in crate::web) struct DayFilter {
    /// Verdicts; empty: all.
    pub verdicts: Vec<Verdict>,
    /// States of alerts; empty: all.
    pub states: Vec<AlertState>,
    /// Satellites; empty: all.
    pub satellites: Vec<Satellite>,
    /// Classes of confidence; empty: all.
    pub confidences: Vec<&'static str>,
    /// A unit, and all below it.
    pub unit: Option<UnitCode>,
    /// First hour of the day, 0..=23.
    pub from_hour: u8,
    /// The hour before which it ends, 1..=24.
    pub to_hour: u8,
}

impl DayFilter {
    /// Reads the filters of an address.
    pub fn read(ask: &Ask, ground: &Ground) -> Result<Self, Problem> {
        let unit = ask.param("unit").map(|code| UnitCode(code.to_owned()));
        if let Some(code) = unit.as_ref().filter(|code| ground.unit(code).is_none()) {
            let value = code.0.clone();
            return Err(Problem::BadParameter { name: "unit", value, expected: expected::UNIT });
        }
        let (from_hour, to_hour) = (hour(ask, "from_hour")?.unwrap_or(0), hour(ask, "to_hour")?.unwrap_or(24));
        if from_hour >= to_hour {
            let value = to_hour.to_string();
            return Err(Problem::BadParameter { name: "to_hour", value, expected: expected::LATER_HOUR });
        }
        Ok(Self {
            verdicts: all(ask, "verdict", Verdict::from_name)?,
            states: all(ask, "state", AlertState::from_name)?,
            satellites: all(ask, "satellite", Satellite::from_name)?,
            confidences: all(ask, "confidence", |word| CONFIDENCES.into_iter().find(|known| *known == word))?,
            unit,
            from_hour,
            to_hour,
        })
    }

    /// The hours that are counted.
    pub fn period(&self, day: &Day) -> Span {
        let hour = |hour: u8| day.span.from.checked_add(SignedDuration::from_hours(i64::from(hour)));
        // The last hour of the day ends with it, also on a day of 23 or 25 hours.
        let until = if self.to_hour == 24 { day.span.until } else { hour(self.to_hour).unwrap_or(Timestamp::MAX) };
        Span { from: hour(self.from_hour).unwrap_or(Timestamp::MIN), until }
    }

    /// Leaves out of a day what other satellites saw, with other confidence, and what is in other states. Units, hours and
    /// verdicts are left for counting, which has to know of the rest too.
    pub fn narrow(&self, day: &mut Day) {
        if !self.asks_for_pixels() && self.states.is_empty() {
            return;
        }
        let shown = self.shown_pixels(day);
        let is_shown = |fire: Option<i64>| !self.asks_for_pixels() || fire.is_some_and(|id| shown.contains(&id));
        day.alerts.retain(|row| is_in(&self.states, &row.state) && is_shown(row.fire_id));
        let told = self.told(day);
        day.fires.retain(|row| is_shown(Some(row.id)) && told(Some(row.id)));
        day.detections.retain(|row| {
            is_in(&self.satellites, &row.observation.key.satellite)
                && is_in(&self.confidences, &row.observation.confidence.class_name())
                && told(row.fire_id)
        });
    }

    /// Leaves out of a day what is not shown.
    pub fn apply(&self, day: &mut Day) {
        let shown = self.shown_pixels(day);
        let pass = self.pass(day);
        day.alerts.retain(|row| pass.alert(row, &shown));
        let told = self.told(day);
        day.fires.retain(|row| pass.fire(row, &shown) && told(Some(row.id)));
        day.detections.retain(|row| pass.pixel(row) && told(row.fire_id));
    }

    fn pass(&self, day: &Day) -> Pass<'_> {
        let Span { from, until } = self.period(day);
        Pass { filter: self, units: self.unit.as_ref().map(|code| day.ground.subtree(code)), hours: (from, until) }
    }

    /// Fires with a pixel that is shown.
    fn shown_pixels(&self, day: &Day) -> BTreeSet<i64> {
        let pass = self.pass(day);
        day.detections.iter().filter(|row| pass.pixel(row)).filter_map(|row| row.fire_id).collect()
    }

    /// Whether a fire has an alert that is shown, where states of alerts are asked for.
    fn told(&self, day: &Day) -> impl Fn(Option<i64>) -> bool + use<> {
        let asks = !self.states.is_empty();
        let alerted: BTreeSet<i64> = day.alerts.iter().filter_map(|row| row.fire_id).collect();
        move |fire| !asks || fire.is_some_and(|id| alerted.contains(&id))
    }

    fn asks_for_pixels(&self) -> bool {
        !self.satellites.is_empty() || !self.confidences.is_empty()
    }
}

/// A filter on a day.
struct Pass<'a> {
    filter: &'a DayFilter,
    units: Option<BTreeSet<UnitCode>>,
    hours: (Timestamp, Timestamp),
}

impl Pass<'_> {
    fn pixel(&self, row: &DetectionRow) -> bool {
        let (filter, at) = (self.filter, row.observation.key.acquired_at);
        self.is_here(row.judgement.unit.as_ref())
            && is_in(&filter.verdicts, &row.judgement.verdict)
            && is_in(&filter.satellites, &row.observation.key.satellite)
            && is_in(&filter.confidences, &row.observation.confidence.class_name())
            && self.overlaps(at, at)
    }

    fn fire(&self, row: &FireRow, pixels: &BTreeSet<i64>) -> bool {
        self.is_here(row.unit_code.as_ref())
            && is_in(&self.filter.verdicts, &row.verdict)
            && self.overlaps(row.first_seen_at, row.last_seen_at)
            && (!self.filter.asks_for_pixels() || pixels.contains(&row.id))
    }

    fn alert(&self, row: &AlertRow, pixels: &BTreeSet<i64>) -> bool {
        let verdicts = &self.filter.verdicts;
        self.is_here(Some(&row.unit_code))
            && (verdicts.is_empty() || row.verdict.is_some_and(|verdict| verdicts.contains(&verdict)))
            && is_in(&self.filter.states, &row.state)
            && self.overlaps(row.first_seen_at, row.last_seen_at)
            && (!self.filter.asks_for_pixels() || row.fire_id.is_some_and(|id| pixels.contains(&id)))
    }

    fn is_here(&self, code: Option<&UnitCode>) -> bool {
        self.units.as_ref().is_none_or(|units| code.is_some_and(|code| units.contains(code)))
    }

    fn overlaps(&self, first: Timestamp, last: Timestamp) -> bool {
        first < self.hours.1 && last >= self.hours.0
    }
}

/// An empty list lets all pass.
fn is_in<T: PartialEq>(list: &[T], value: &T) -> bool {
    list.is_empty() || list.contains(value)
}

fn all<T>(ask: &Ask, name: &'static str, from_name: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Problem> {
    let expected = expected::LISTED;
    ask.all(name)
        .map(|word| from_name(word).ok_or_else(|| Problem::BadParameter { name, value: word.to_owned(), expected }))
        .collect()
}

fn hour(ask: &Ask, name: &'static str) -> Result<Option<u8>, Problem> {
    let read = |text: &str| {
        let hour = text.parse().ok().filter(|hour: &u8| *hour <= 24);
        let expected = expected::HOUR;
        hour.ok_or_else(|| Problem::BadParameter { name, value: text.to_owned(), expected })
    };
    ask.param(name).map(read).transpose()
}
