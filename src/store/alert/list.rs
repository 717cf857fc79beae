//! Lists and counts of alerts: one filter for all of them, and pages that neither skip nor repeat.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use super::super::Error;
use super::super::codec::word;
use super::super::scoped::Scoped;
use super::filter::{AlertFilter, DISPUTED, OVERDUE, UNDELIVERED};
use super::{ALERT_COLUMNS, AlertRow, read_alert};
use crate::domain::alert::{AlertNumber, AlertSource, AlertState};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// Where a page ended: the next begins behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// `first_seen_at` of the last row.
    pub first_seen_at: Timestamp,
    /// Its number.
    pub number: AlertNumber,
}

/// One page of alerts, latest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// The alerts.
    pub alerts: Vec<AlertRow>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<Cursor>,
}

/// How many alerts stand in a state, by ground and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertCount {
    /// The county that answers; `None` where none does.
    pub county_code: Option<UnitCode>,
    /// The township that answers.
    pub township_code: Option<UnitCode>,
    /// The source.
    pub source: AlertSource,
    /// The state.
    pub state: AlertState,
    /// How many.
    #[serde(rename = "cases")]
    pub alerts: u32,
    /// Of them, with a clock that ran out.
    pub overdue: u32,
    /// Of them, undelivered.
    pub undelivered: u32,
    /// Of them, disputed.
    pub disputed: u32,
}

/// How many alerts are not over, and what is wrong with some of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OpenAlerts {
    /// Neither excluded nor closed.
    pub open: u64,
    /// Of them, with a clock that ran out and still waits.
    pub overdue: u64,
    /// Of them, undelivered.
    pub undelivered: u64,
    /// Of them, disputed.
    pub disputed: u64,
}

/// How many alerts stand in each state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateCounts {
    /// How many, by state; states without an alert are left out.
    pub alerts: BTreeMap<AlertState, u64>,
    /// There may be more that are over: only [`ENDED_COUNTED`] of them were looked at.
    pub are_more: bool,
}

/// How many alerts a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertTotal {
    /// All that are not over, and up to [`ENDED_COUNTED`] of those that are.
    pub alerts: u64,
    /// There are more that are over than were counted.
    pub are_more: bool,
}

/// Of the alerts that are over at most so many are counted: they grow for ever, and nobody waits for them.
pub const ENDED_COUNTED: u32 = 5000;

/// How many of the alerts that are over are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All of them.
    All,
    /// The first [`ENDED_COUNTED`].
    Some,
}

impl OpenAlerts {
    /// Those of a count by county, township, source and state.
    #[must_use]
    pub fn of(counts: &[AlertCount]) -> Self {
        let sum = |of: fn(&AlertCount) -> u32| counts.iter().map(|count| u64::from(of(count))).sum();
        Self {
            open: sum(|count| count.alerts),
            overdue: sum(|count| count.overdue),
            undelivered: sum(|count| count.undelivered),
            disputed: sum(|count| count.disputed),
        }
    }
}

impl Scoped {
    /// One page of the alerts a filter wants, latest first seen first.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn listed_alerts(&self, filter: AlertFilter, after: Option<Cursor>, limit: u32) -> Result<Page, Error> {
        let filter = self.narrowed(filter);
        self.store().read(move |db| page(db, &filter, after.as_ref(), limit)).await
    }

    /// How many alerts a filter wants: all that are not over, and of those that are all or the first [`ENDED_COUNTED`].
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn count_alerts(&self, filter: AlertFilter, ended: Ended) -> Result<AlertTotal, Error> {
        let filter = self.narrowed(filter);
        let read = move |db: &Connection| {
            if ended == Ended::All {
                return Ok(AlertTotal { alerts: count(db, &filter)?, are_more: false });
            }
            let [open, ended] = filter.by_end();
            let open = open.map_or(Ok(0), |open| count(db, &open))?;
            // One more than is told: that there are more is said only when there are.
            let ended = ended.map_or(Ok(0), |ended| count_up_to(db, &ended, ENDED_COUNTED + 1))?;
            let told = u64::from(ENDED_COUNTED);
            Ok(AlertTotal { alerts: open + ended.min(told), are_more: ended > told })
        };
        self.store().read(read).await
    }

    /// How many of the alerts a filter wants stand in each state, whatever states it asks for: all that are not over, and
    /// the first [`ENDED_COUNTED`] of those that are.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn state_counts(&self, filter: AlertFilter) -> Result<StateCounts, Error> {
        let halves = AlertFilter { open_only: false, states: Vec::new(), ..self.narrowed(filter) }.by_end();
        self.store().read(move |db| {
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
                    let alerts: u64 = row.get::<_, u32>(1)?.into();
                    counted += alerts;
                    counts.alerts.insert(state, alerts);
                }
                counts.are_more |= counted >= u64::from(limit);
            }
            Ok(counts)
        })
        .await
    }

    /// The office's counts of the alerts a filter wants: by county, township, source and state.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert_counts(&self, filter: AlertFilter) -> Result<Vec<AlertCount>, Error> {
        let filter = self.narrowed(filter);
        self.store()
            .read(move |db| {
                let (join, conditions, values) = filter.sql();
                let sql = format!(
                    "SELECT a.county_code, a.township_code, a.source, a.state, count(*),
                        sum({OVERDUE}), sum({UNDELIVERED}), sum({DISPUTED})
                 FROM alerts a{join} WHERE {} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                    conditions.join(" AND ")
                );
                let mut select = db.prepare_cached(&sql)?;
                let rows = select.query_map(params_from_iter(values), |row| {
                    Ok(AlertCount {
                        county_code: row.get::<_, Option<String>>(0)?.map(UnitCode),
                        township_code: row.get::<_, Option<String>>(1)?.map(UnitCode),
                        source: word(&row.get::<_, String>(2)?, "alert source", AlertSource::from_name)?,
                        state: word(&row.get::<_, String>(3)?, "alert state", AlertState::from_name)?,
                        alerts: row.get(4)?,
                        overdue: row.get(5)?,
                        undelivered: row.get(6)?,
                        disputed: row.get(7)?,
                    })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }
}

fn count(db: &Connection, filter: &AlertFilter) -> Result<u64, Error> {
    let (which, values) = counted(filter);
    one_count(db, &format!("SELECT count(*) FROM {which}"), values)
}

fn count_up_to(db: &Connection, filter: &AlertFilter, most: u32) -> Result<u64, Error> {
    let (which, values) = counted(filter);
    one_count(db, &format!("SELECT count(*) FROM (SELECT 1 FROM {which} LIMIT {most})"), values)
}

/// Where the alerts of a filter are counted.
fn counted(filter: &AlertFilter) -> (String, Vec<Value>) {
    let (join, conditions, values) = filter.sql();
    let of = if filter.is_whole_list() { "alert_scope s".to_owned() } else { format!("alerts a{join}") };
    (format!("{of} WHERE {}", conditions.join(" AND ")), values)
}

fn one_count(db: &Connection, sql: &str, values: Vec<Value>) -> Result<u64, Error> {
    let count: i64 = db.prepare_cached(sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

fn page(db: &Connection, filter: &AlertFilter, after: Option<&Cursor>, limit: u32) -> Result<Page, Error> {
    let mut alerts = Vec::new();
    if filter.list_of().is_some() && filter.are_over().is_none() {
        // A unit's index has the open alerts in the order of time and then those that are over: two walks that stop
        // after a page each, instead of one that sorts the whole list.
        for half in filter.by_end().into_iter().flatten() {
            alerts.extend(first_rows(db, &half, after, limit)?);
        }
        alerts.sort_by(|a, b| (b.first_seen_at, &b.number).cmp(&(a.first_seen_at, &a.number)));
    } else {
        alerts = first_rows(db, filter, after, limit)?;
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = alerts.len() > limit;
    alerts.truncate(limit);
    let last = alerts.last().filter(|_| has_more);
    let next = last.map(|row| Cursor { first_seen_at: row.first_seen_at, number: row.number.clone() });
    Ok(Page { alerts, next })
}

/// The first alerts behind a cursor, and one more than are wanted.
fn first_rows(
    db: &Connection,
    filter: &AlertFilter,
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
