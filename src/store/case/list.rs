//! Lists and counts of cases: one filter for all of them, and pages that neither skip nor repeat.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::super::codec::{Millis, word};
use super::super::seen::Seen;
use super::super::{Error, Store};
use super::{ALERT_COLUMNS, AlertRow, Complainant, read_alert};
use crate::domain::alert::{AlertNumber, AlertState, CaseSource};
use crate::domain::clock::ClockKind;
use crate::domain::phone::Phone;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::domain::verdict::Verdict;
use crate::store::query::Span;

/// Which cases are wanted; everything given must hold. Merged and superseded ones are left out.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one condition that a list has or has not")]
pub struct CaseFilter {
    /// Cases of this unit and all below it: by responsibility, place or owner; as candidate too, when asked.
    pub unit: Option<UnitCode>,
    /// Also cases where the unit is only a candidate or proposed.
    pub as_candidate: bool,
    /// In one of these states; empty for any.
    pub states: Vec<AlertState>,
    /// Not over: neither excluded nor closed.
    pub open_only: bool,
    /// From one of these sources; empty for any.
    pub sources: Vec<CaseSource>,
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
    /// What its reader may see; [`Scoped`](crate::store::Scoped) sets it.
    pub seen: Seen,
}

/// Where a page ended: the next begins behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// `first_seen_at` of the last row.
    pub first_seen_at: Timestamp,
    /// Its number.
    pub number: AlertNumber,
}

/// One page of cases, latest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// The cases.
    pub cases: Vec<AlertRow>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor>,
}

/// How many cases stand in a state, by ground and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseCount {
    /// The county that answers; `None` where none does.
    pub county_code: Option<UnitCode>,
    /// The township that answers.
    pub township_code: Option<UnitCode>,
    /// The source.
    pub source: CaseSource,
    /// The state.
    pub state: AlertState,
    /// How many.
    pub cases: u32,
    /// Of them, with a clock that ran out.
    pub overdue: u32,
    /// Of them, undelivered.
    pub undelivered: u32,
    /// Of them, disputed.
    pub disputed: u32,
}

/// How many cases are not over, and what is wrong with some of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OpenCases {
    /// Neither excluded nor closed.
    pub open: u64,
    /// Of them, with a clock that ran out and still waits.
    pub overdue: u64,
    /// Of them, undelivered.
    pub undelivered: u64,
    /// Of them, disputed.
    pub disputed: u64,
}

/// How many cases stand in each state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateCounts {
    /// How many, by state; states without a case are left out.
    pub cases: BTreeMap<AlertState, u64>,
    /// There may be more that are over: only [`ENDED_COUNTED`] of them were looked at.
    pub are_more: bool,
}

/// How many cases a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseTotal {
    /// All that are not over, and up to [`ENDED_COUNTED`] of those that are.
    pub cases: u64,
    /// There are more that are over than were counted.
    pub are_more: bool,
}

/// Of the cases that are over at most so many are counted: they grow for ever, and nobody waits for them.
pub const ENDED_COUNTED: u32 = 5000;

/// A clock that ran out still waits.
const OVERDUE: &str = "EXISTS (SELECT 1 FROM deadlines o WHERE o.alert_number = a.number AND o.fired_at IS NOT NULL
    AND o.ended_at IS NULL)";

/// Nobody could be reached.
const UNDELIVERED: &str = "a.undelivered_at IS NOT NULL";

/// Whose ground it is waits for a decision.
const DISPUTED: &str = "a.is_disputed";

/// A clock of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineRow {
    /// The case.
    pub number: AlertNumber,
    /// The clock.
    pub kind: ClockKind,
    /// Whose it is.
    pub unit_code: UnitCode,
    /// The person, where it is one person's.
    pub person: Option<String>,
    /// 0 for the first holder, then one more at every escalation.
    pub step: u32,
    /// When it started; `None` until its person was reached.
    pub starts_at: Option<Timestamp>,
    /// When it is due; `None` while it waits or is paused.
    pub due_at: Option<Timestamp>,
    /// When it fired.
    pub fired_at: Option<Timestamp>,
    /// It fired later than it should have: the service was down.
    pub was_late: bool,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// `met`, `missed` or `cancelled`.
    pub outcome: Option<String>,
}

impl CaseFilter {
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
            // A list holds the cases that stand for themselves, and no others.
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
    fn are_over(&self) -> Option<bool> {
        let are = |over: bool| !self.states.is_empty() && self.states.iter().all(|state| state.is_over() == over);
        if self.open_only || are(false) { Some(false) } else { are(true).then_some(true) }
    }

    /// The same filter twice: of the cases that are not over, and of those that are; without what it does not want.
    fn by_end(&self) -> [Option<Self>; 2] {
        [false, true].map(|over| {
            let wanted =
                |state: &AlertState| state.is_over() == over && (self.states.is_empty() || self.states.contains(state));
            let states: Vec<_> = AlertState::ALL.into_iter().filter(wanted).collect();
            let is_left_out = over && self.open_only;
            (!is_left_out && !states.is_empty()).then(|| Self { open_only: false, states, ..self.clone() })
        })
    }

    /// Whether nothing is asked of the cases that the list of a unit does not know itself: which they are, since when,
    /// and whether they are over.
    fn is_whole_list(&self) -> bool {
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
    fn is_of_other(&self) -> bool {
        self.unit.as_ref().zip(self.seen.unit()).is_some_and(|(unit, own)| unit.0 != own)
    }

    /// The unit whose list is walked: the one that is asked for, else the reader's own.
    fn list_of(&self) -> Option<&str> {
        self.unit.as_ref().map(|unit| unit.0.as_str()).or_else(|| self.seen.unit())
    }

    /// Time and number by which a list is sorted: the unit's own index is sorted by those it carries.
    fn order_columns(&self) -> [&'static str; 2] {
        if self.list_of().is_some() { ["s.first_seen_at", "s.number"] } else { ["a.first_seen_at", "a.number"] }
    }
}

fn one_of<'a>(column: &str, words: impl Iterator<Item = &'a str>, bind: &mut impl FnMut(Value) -> String) -> String {
    let list: Vec<String> = words.map(|word| bind(Value::from(word.to_owned()))).collect();
    if list.is_empty() { "0".to_owned() } else { format!("{column} IN ({})", list.join(", ")) }
}

impl Store {
    /// One page of the cases a filter wants, latest first seen first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn cases(&self, filter: CaseFilter, after: Option<Cursor>, limit: u32) -> Result<Page, Error> {
        self.read(move |db| page(db, &filter, after.as_ref(), limit)).await
    }

    /// How many cases a filter wants.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn count_cases(&self, filter: CaseFilter) -> Result<u64, Error> {
        self.read(move |db| count(db, &filter)).await
    }

    pub(in crate::store) async fn case_total_seen(&self, filter: CaseFilter) -> Result<CaseTotal, Error> {
        self.read(move |db| {
            let [open, ended] = filter.by_end();
            let open = open.map_or(Ok(0), |open| count(db, &open))?;
            // One more than is told: that there are more is said only when there are.
            let ended = ended.map_or(Ok(0), |ended| count_up_to(db, &ended, ENDED_COUNTED + 1))?;
            let told = u64::from(ENDED_COUNTED);
            Ok(CaseTotal { cases: open + ended.min(told), are_more: ended > told })
        })
        .await
    }

    /// How many cases are not over: each number is what the list says under the same filter.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn open_cases(&self) -> Result<OpenCases, Error> {
        self.open_cases_of(CaseFilter::default()).await
    }

    pub(in crate::store) async fn open_cases_of(&self, filter: CaseFilter) -> Result<OpenCases, Error> {
        let open = CaseFilter { open_only: true, ..filter };
        self.read(move |db| {
            let (join, conditions, values) = open.sql();
            let mut select = db.prepare_cached(&format!(
                "SELECT count(*), sum({OVERDUE}), sum({UNDELIVERED}), sum({DISPUTED}) FROM alerts a{join} WHERE {}",
                conditions.join(" AND ")
            ))?;
            let found = select.query_row(params_from_iter(values), |row| {
                // A sum over no case is NULL.
                let count = |i| row.get::<_, Option<u32>>(i).map(|count| count.map_or(0, u64::from));
                Ok(OpenCases { open: count(0)?, overdue: count(1)?, undelivered: count(2)?, disputed: count(3)? })
            })?;
            Ok(found)
        })
        .await
    }

    pub(in crate::store) async fn state_counts_seen(&self, filter: CaseFilter) -> Result<StateCounts, Error> {
        let halves = CaseFilter { open_only: false, states: Vec::new(), ..filter }.by_end();
        self.read(move |db| {
            let mut counts = StateCounts::default();
            for (filter, limit) in halves.into_iter().flatten().zip([u32::MAX, ENDED_COUNTED]) {
                let (join, conditions, values) = filter.sql();
                let mut select = db.prepare_cached(&format!(
                    "SELECT state, count(*) FROM (SELECT a.state FROM alerts a{join} WHERE {} LIMIT {limit}) GROUP BY 1",
                    conditions.join(" AND ")
                ))?;
                let mut rows = select.query(params_from_iter(values))?;
                let mut counted = 0;
                while let Some(row) = rows.next()? {
                    let state = word(&row.get::<_, String>(0)?, "alert state", AlertState::from_name)?;
                    let cases: u64 = row.get::<_, u32>(1)?.into();
                    counted += cases;
                    counts.cases.insert(state, cases);
                }
                counts.are_more |= counted >= u64::from(limit);
            }
            Ok(counts)
        })
        .await
    }

    /// The office's counts of the cases a filter wants: by county, township, source and state.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn case_counts(&self, filter: CaseFilter) -> Result<Vec<CaseCount>, Error> {
        self.read(move |db| {
            let (join, conditions, values) = filter.sql();
            let sql = format!(
                "SELECT a.county_code, a.township_code, a.source, a.state, count(*),
                        sum({OVERDUE}), sum({UNDELIVERED}), sum({DISPUTED})
                 FROM alerts a{join} WHERE {} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                conditions.join(" AND ")
            );
            let mut select = db.prepare_cached(&sql)?;
            let rows = select.query_map(params_from_iter(values), |row| {
                Ok(CaseCount {
                    county_code: row.get::<_, Option<String>>(0)?.map(UnitCode),
                    township_code: row.get::<_, Option<String>>(1)?.map(UnitCode),
                    source: word(&row.get::<_, String>(2)?, "case source", CaseSource::from_name)?,
                    state: word(&row.get::<_, String>(3)?, "alert state", AlertState::from_name)?,
                    cases: row.get(4)?,
                    overdue: row.get(5)?,
                    undelivered: row.get(6)?,
                    disputed: row.get(7)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The clocks of one case, in the order they were started.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn deadlines_of(&self, number: AlertNumber) -> Result<Vec<DeadlineRow>, Error> {
        self.read(move |db| {
            let mut select = db.prepare_cached(&format!("{DEADLINES} WHERE alert_number = ?1 ORDER BY id"))?;
            let rows = select.query_map([&number.0], read_deadline)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The clocks that are due next, soonest first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn next_deadlines(&self, limit: u32) -> Result<Vec<DeadlineRow>, Error> {
        self.read(move |db| {
            let mut select = db.prepare_cached(&format!(
                "{DEADLINES} WHERE fired_at IS NULL AND ended_at IS NULL AND due_at IS NOT NULL
                 ORDER BY due_at LIMIT ?1"
            ))?;
            let rows = select.query_map(params![limit], read_deadline)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Who complained. Whoever asks must have the right to it: the city's office, for the reply.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn complainant_of(&self, number: AlertNumber) -> Result<Option<Complainant>, Error> {
        use rusqlite::OptionalExtension;
        self.read(move |db| {
            let found = db
                .prepare_cached("SELECT name, phone, address FROM complainants WHERE alert_number = ?1")?
                .query_row([&number.0], |row| {
                    let phone = row.get::<_, Option<String>>(1)?.map(|text| Phone::kept(&text));
                    Ok(Complainant { name: row.get(0)?, phone, address: row.get(2)? })
                })
                .optional()?;
            Ok(found)
        })
        .await
    }
}

pub(super) const DEADLINES: &str =
    "SELECT alert_number, kind, unit_code, person, step, starts_at, due_at, fired_at, was_late,
    ended_at, outcome FROM deadlines";

pub(super) fn read_deadline(row: &rusqlite::Row<'_>) -> rusqlite::Result<DeadlineRow> {
    let instant = |i: usize| row.get::<_, Option<Millis>>(i).map(|at| at.map(|at| at.0));
    Ok(DeadlineRow {
        number: AlertNumber(row.get(0)?),
        kind: word(&row.get::<_, String>(1)?, "clock", ClockKind::from_name)?,
        unit_code: UnitCode(row.get(2)?),
        person: row.get(3)?,
        step: row.get(4)?,
        starts_at: instant(5)?,
        due_at: instant(6)?,
        fired_at: instant(7)?,
        was_late: row.get(8)?,
        ended_at: instant(9)?,
        outcome: row.get(10)?,
    })
}

fn count(db: &Connection, filter: &CaseFilter) -> Result<u64, Error> {
    let (which, values) = counted(filter);
    one_count(db, &format!("SELECT count(*) FROM {which}"), values)
}

fn count_up_to(db: &Connection, filter: &CaseFilter, most: u32) -> Result<u64, Error> {
    let (which, values) = counted(filter);
    one_count(db, &format!("SELECT count(*) FROM (SELECT 1 FROM {which} LIMIT {most})"), values)
}

/// Where the cases of a filter are counted.
fn counted(filter: &CaseFilter) -> (String, Vec<Value>) {
    let (join, conditions, values) = filter.sql();
    let of = if filter.is_whole_list() { "alert_scope s".to_owned() } else { format!("alerts a{join}") };
    (format!("{of} WHERE {}", conditions.join(" AND ")), values)
}

fn one_count(db: &Connection, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
    let count: i64 = db.prepare_cached(sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

fn page(db: &Connection, filter: &CaseFilter, after: Option<&Cursor>, limit: u32) -> Result<Page, Error> {
    let mut cases = Vec::new();
    if filter.list_of().is_some() && filter.are_over().is_none() {
        // A unit's index has the open cases in the order of time and then those that are over: two walks that stop
        // after a page each, instead of one that sorts the whole list.
        for half in filter.by_end().into_iter().flatten() {
            cases.extend(first_rows(db, &half, after, limit)?);
        }
        cases.sort_by(|a, b| (b.first_seen_at, &b.number).cmp(&(a.first_seen_at, &a.number)));
    } else {
        cases = first_rows(db, filter, after, limit)?;
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = cases.len() > limit;
    cases.truncate(limit);
    let last = cases.last().filter(|_| has_more);
    let next = last.map(|row| Cursor { first_seen_at: row.first_seen_at, number: row.number.clone() });
    Ok(Page { cases, next })
}

/// The first cases behind a cursor, and one more than are wanted.
fn first_rows(
    db: &Connection,
    filter: &CaseFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<AlertRow>, Error> {
    let (join, mut conditions, mut values) = filter.sql();
    let [time, number] = filter.order_columns();
    if let Some(after) = after {
        values.push(Value::from(after.first_seen_at.as_millisecond()));
        values.push(Value::from(after.number.0.clone()));
        conditions.push(format!("({time}, {number}) < (?{}, ?{})", values.len() - 1, values.len()));
    }
    values.push(Value::from(i64::from(limit) + 1));
    let sql = format!(
        "SELECT {ALERT_COLUMNS}{join} WHERE {} ORDER BY {time} DESC, {number} DESC LIMIT ?{}",
        conditions.join(" AND "),
        values.len()
    );
    Ok(db.prepare_cached(&sql)?.query_map(params_from_iter(values), read_alert)?.collect::<Result<_, _>>()?)
}
