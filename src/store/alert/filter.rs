//! Which alerts are wanted: one filter for lists, counts, worklists and exports.

use rusqlite::types::Value;

use crate::domain::alert::{AlertSource, AlertState};
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::store::Scoped;
use crate::store::query::Span;
use crate::store::seen::Seen;

/// Which alerts are wanted; everything given must hold. Merged and superseded ones are left out.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one condition that a list has or has not")]
pub struct AlertFilter {
    /// Alerts of this unit and all below it: by responsibility, place or owner; as candidate too, when asked.
    pub unit: Option<UnitCode>,
    /// Also alerts where the unit is only a candidate or proposed.
    pub as_candidate: bool,
    /// In one of these states; empty for any.
    pub states: Vec<AlertState>,
    /// Not over: neither excluded nor closed.
    pub open_only: bool,
    /// From one of these sources; empty for any.
    pub sources: Vec<AlertSource>,
    /// Of one of these verdicts; empty for any.
    pub verdicts: Vec<Verdict>,
    /// Whose owner is one of these units; how "level" is asked: the caller knows the levels of units.
    pub owners: Option<Vec<UnitCode>>,
    /// A clock ran out and still waits.
    pub overdue: bool,
    /// Nobody of it could be reached.
    pub undelivered: bool,
    /// A dispute waits.
    pub disputed: bool,
    /// First seen in this span.
    pub span: Option<Span>,
    /// Of this number in an outside list.
    pub external_number: Option<String>,
    /// What its reader may see; [`Scoped`] sets it.
    pub seen: Seen,
}

/// A clock that ran out still waits.
pub(super) const OVERDUE: &str =
    "EXISTS (SELECT 1 FROM deadlines o WHERE o.alert_number = a.number AND o.fired_at IS NOT NULL
    AND o.ended_at IS NULL)";

/// Nobody could be reached.
pub(super) const UNDELIVERED: &str = "a.undelivered_at IS NOT NULL";

/// Whose ground it is waits for a decision.
pub(super) const DISPUTED: &str = "a.is_disputed";

impl Scoped {
    /// The alerts of the own ground, unless a unit or the alerts that only may concern it are asked for: these are in no
    /// number, so they are in no list that has not named them.
    pub(super) fn narrowed(&self, filter: AlertFilter) -> AlertFilter {
        let seen = self.seen();
        let own = seen.unit().filter(|_| !filter.as_candidate).map(|unit| UnitCode(unit.to_owned()));
        AlertFilter { unit: filter.unit.or(own), seen, ..filter }
    }
}

impl AlertFilter {
    /// All that are not over.
    #[must_use]
    pub fn open() -> Self {
        Self { open_only: true, ..Self::default() }
    }

    /// What the statement joins to `alerts a`, its conditions, and their values.
    pub(super) fn sql(&self) -> (&'static str, Vec<String>, Vec<Value>) {
        let (mut conditions, mut values) = (Vec::new(), Vec::<Value>::new());
        let mut join = "";
        if self.is_of_other() {
            // Otherwise the reader's own list is walked, below.
            conditions.push(self.seen.alert("a", &mut values));
        }
        let mut bind = |value: Value| {
            values.push(value);
            format!("?{}", values.len())
        };
        if let Some(unit) = self.list_of() {
            // A list holds the alerts that stand for themselves, and no others.
            join = " JOIN alert_scope s ON s.number = a.number";
            conditions.push(format!("s.unit_code = {}", bind(Value::from(unit.to_owned()))));
            // Both values of is_open stand in the index in front of the time: naming them keeps it useful.
            let open = match self.are_over() {
                Some(false) => "= 1",
                Some(true) => "= 0",
                None => "IN (0, 1)",
            };
            conditions.push(format!("s.is_open {open}"));
            if self.unit.is_some() && !self.as_candidate {
                conditions.push("s.relation = 'own'".to_owned());
            }
        } else {
            conditions.extend(["a.merged_into IS NULL", "a.superseded_at IS NULL"].map(str::to_owned));
            if self.open_only {
                let open = AlertState::ALL.into_iter().filter(|state| !state.is_over());
                conditions.push(one_of("a.state", open.map(AlertState::name), &mut bind));
            }
        }
        if !self.states.is_empty() && !self.is_whole_list() {
            conditions.push(one_of("a.state", self.states.iter().map(|state| state.name()), &mut bind));
        }
        if !self.sources.is_empty() {
            conditions.push(one_of("a.source", self.sources.iter().map(|source| source.name()), &mut bind));
        }
        if !self.verdicts.is_empty() {
            conditions.push(one_of("a.verdict", self.verdicts.iter().map(|verdict| verdict.name()), &mut bind));
        }
        if let Some(owners) = &self.owners {
            conditions.push(one_of("a.owner_code", owners.iter().map(|code| code.0.as_str()), &mut bind));
        }
        if self.overdue {
            conditions.push(OVERDUE.to_owned());
        }
        if self.undelivered {
            conditions.push(UNDELIVERED.to_owned());
        }
        if self.disputed {
            conditions.push(DISPUTED.to_owned());
        }
        if let Some(span) = self.span {
            let (from, until) = (span.from.as_millisecond(), span.until.as_millisecond());
            let [time, _] = self.order_columns();
            conditions.push(format!("{time} >= {} AND {time} < {}", bind(Value::from(from)), bind(Value::from(until))));
        }
        if let Some(number) = &self.external_number {
            conditions.push(format!("a.external_number = {}", bind(Value::from(number.clone()))));
        }
        (join, conditions, values)
    }

    /// Whether all that is asked for is over, or nothing of it; `None` for some of both.
    pub(super) fn are_over(&self) -> Option<bool> {
        let are = |over: bool| !self.states.is_empty() && self.states.iter().all(|state| state.is_over() == over);
        if self.open_only || are(false) { Some(false) } else { are(true).then_some(true) }
    }

    /// The same filter twice: of the alerts that are not over, and of those that are; without what it does not want.
    pub(super) fn by_end(&self) -> [Option<Self>; 2] {
        [false, true].map(|over| {
            let wanted =
                |state: &AlertState| state.is_over() == over && (self.states.is_empty() || self.states.contains(state));
            let states: Vec<_> = AlertState::ALL.into_iter().filter(wanted).collect();
            let is_left_out = over && self.open_only;
            (!is_left_out && !states.is_empty()).then(|| Self { open_only: false, states, ..self.clone() })
        })
    }

    /// Whether nothing is asked of the alerts that the list of a unit does not know itself: which they are, since when,
    /// and whether they are over.
    pub(super) fn is_whole_list(&self) -> bool {
        let Self { states, sources, verdicts, owners, external_number, .. } = self;
        let is_marked = self.overdue || self.undelivered || self.disputed;
        let has_all = |over: bool| {
            AlertState::ALL.iter().filter(|state| state.is_over() == over).all(|state| states.contains(state))
        };
        // All that is asked for is on one side, and all of that side is asked for.
        let is_of_state = !states.is_empty() && !self.are_over().is_some_and(has_all);
        let is_seen_by_other = self.is_of_other();
        let is_narrowed = !sources.is_empty() || !verdicts.is_empty() || owners.is_some() || external_number.is_some();
        self.list_of().is_some() && !(is_marked || is_of_state || is_seen_by_other || is_narrowed)
    }

    /// Whether a unit is asked for that is not the reader's own: what is on its list he need not see.
    pub(super) fn is_of_other(&self) -> bool {
        self.unit.as_ref().zip(self.seen.unit()).is_some_and(|(unit, own)| unit.0 != own)
    }

    /// The unit whose list is walked: the one that is asked for, else the reader's own.
    pub(super) fn list_of(&self) -> Option<&str> {
        self.unit.as_ref().map(|unit| unit.0.as_str()).or_else(|| self.seen.unit())
    }

    /// Time and number by which a list is sorted: the unit's own index is sorted by those it carries.
    pub(super) fn order_columns(&self) -> [&'static str; 2] {
        if self.list_of().is_some() { ["s.first_seen_at", "s.number"] } else { ["a.first_seen_at", "a.number"] }
    }
}

fn one_of<'a>(column: &str, words: impl Iterator<Item = &'a str>, bind: &mut impl FnMut(Value) -> String) -> String {
    let list: Vec<String> = words.map(|word| bind(Value::from(word.to_owned()))).collect();
    if list.is_empty() { "0".to_owned() } else { format!("{column} IN ({})", list.join(", ")) }
}
