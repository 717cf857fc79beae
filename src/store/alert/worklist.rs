//! The office's worklists: alerts in the order in which somebody has to do something, each with its running clocks,
//! and what was done to them, in a fixed number of statements however long the list is.
//!
//! Read by the problem list, the duty page, the review queue and the complaints. The filter is that of [`super::filter`],
//! and so is the scope; who may do what to a row is asked of the domain by whoever shows it.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::super::Error;
use super::super::codec::Json;
use super::super::query::{AlertEventRow, read_event, sees_alert};
use super::super::scoped::Scoped;
use super::{
    ALERT_COLUMNS, AlertFilter, AlertRow, Complainant, DEADLINES, DeadlineRow, Standing, read_alert, read_deadline,
    standing,
};
use crate::domain::alert::AlertNumber;
use crate::domain::alert::AlertView;
use crate::domain::phone::Phone;
use crate::domain::time::Timestamp;

/// Most events that a list of what happened holds.
const MAX_EVENTS: u32 = 500;

/// In which order a worklist stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WorkOrder {
    /// By the clock that is due first; alerts without a running clock last.
    #[default]
    Clock,
    /// Undelivered ones first, then by clock: whom somebody has to telephone.
    Undelivered,
    /// Latest seen first.
    Newest,
    /// By the day on which whoever wrote wants his answer; alerts without one last.
    Reply,
}

impl WorkOrder {
    /// What rows are sorted by, smallest first, as an integer.
    fn key(self) -> &'static str {
        match self {
            // 9e15 ms lies after every time there is.
            Self::Clock => {
                "coalesce((SELECT min(o.due_at) FROM deadlines o WHERE o.alert_number = a.number
                    AND o.ended_at IS NULL), 9000000000000000)"
            }
            Self::Undelivered => {
                "(a.undelivered_at IS NULL) * 100000000000000000
                 + coalesce((SELECT min(o.due_at) FROM deadlines o WHERE o.alert_number = a.number
                    AND o.ended_at IS NULL), 9000000000000000)"
            }
            Self::Newest => "-a.first_seen_at",
            Self::Reply => "CAST(replace(coalesce(a.reply_by, '9999-12-31'), '-', '') AS INTEGER)",
        }
    }
}

/// Where a page of a worklist ended: the next begins behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkPlace {
    /// What the last row was sorted by.
    pub key: i64,
    /// Its number.
    pub number: AlertNumber,
}

/// Which page of a worklist is wanted.
#[derive(Debug, Clone)]
pub struct WorkList {
    /// Which alerts.
    pub filter: AlertFilter,
    /// In which order.
    pub order: WorkOrder,
    /// Behind this place; `None` for the first page.
    pub after: Option<WorkPlace>,
    /// So many at most.
    pub limit: u32,
    /// What is read of each beside the alert and its clocks.
    pub with: Vec<With>,
}

impl WorkList {
    /// The first page, of the alerts and their clocks alone.
    #[must_use]
    pub fn first(filter: AlertFilter, order: WorkOrder, limit: u32) -> Self {
        Self { filter, order, after: None, limit, with: Vec::new() }
    }
}

/// What a worklist reads of an alert beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// What deciding looks at.
    View,
    /// What happened to it, of some kinds.
    Events(&'static [&'static str]),
    /// Who complained. Nobody below the whole region learns it; whoever shows it makes sure that it is the city's office
    /// who asks.
    Complainant,
}

/// An alert with the clocks that run on it, and what else was asked for.
#[derive(Debug, Clone)]
pub struct WorkRow {
    /// The alert.
    pub alert: AlertRow,
    /// Its clocks that have neither ended nor are paused, the one that is due first at the front.
    pub clocks: Vec<DeadlineRow>,
    /// What deciding looks at.
    pub view: Option<AlertView>,
    /// What happened to it, oldest first.
    pub events: Vec<AlertEventRow>,
    /// Who complained.
    pub complainant: Option<Complainant>,
}

/// One page of a worklist.
#[derive(Debug, Clone)]
pub struct WorkPage {
    /// Its rows.
    pub rows: Vec<WorkRow>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<WorkPlace>,
}

/// Something that happened to an alert.
#[derive(Debug, Clone)]
pub struct AlertEvent {
    /// The alert.
    pub number: AlertNumber,
    /// What.
    pub event: AlertEventRow,
}

/// An alert that was looked for.
#[derive(Debug, Clone)]
pub enum AlertFound {
    /// It does not exist here.
    Unknown,
    /// It does not stand for itself any more.
    Gone,
    /// What deciding looks at.
    Stands(Box<AlertView>),
}

impl AlertFound {
    /// What deciding looks at, if it stands.
    #[must_use]
    pub fn standing(self) -> Option<AlertView> {
        match self {
            Self::Stands(view) => Some(*view),
            Self::Unknown | Self::Gone => None,
        }
    }

    /// Whether it exists here.
    #[must_use]
    pub fn exists(&self) -> bool {
        !matches!(self, Self::Unknown)
    }
}

impl Scoped {
    /// One page of the alerts a filter wants, in a working order.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn worklist(&self, wanted: WorkList) -> Result<WorkPage, Error> {
        let may_see_who = self.scope().is_whole();
        let wanted = WorkList { filter: self.narrowed(wanted.filter), ..wanted };
        self.store().read(move |db| page(db, &wanted, may_see_who)).await
    }

    /// What happened to the alerts here since a moment, oldest first; the latest [`MAX_EVENTS`] of it.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn events_since(&self, since: Timestamp) -> Result<Vec<AlertEvent>, Error> {
        let seen = self.seen();
        self.store()
            .read(move |db| {
                let mut values = vec![Value::from(since.as_millisecond()), Value::from(MAX_EVENTS)];
                let may_see = seen.any_alert("a", &mut values);
                // Numbers rise with the time but for a clock that was set back, so the first one bounds the walk and
                // the time decides.
                let wanted = format!(
                    "events e CROSS JOIN alerts a ON a.number = e.subject
                     WHERE e.seq >= (SELECT min(+seq) FROM events WHERE at >= ?1) AND +e.at >= ?1
                       AND +e.subject_kind = 'alert' AND {may_see} ORDER BY e.seq DESC LIMIT ?2"
                );
                let mut found = events(db, &wanted, values)?;
                found.reverse();
                Ok(found)
            })
            .await
    }

    /// An alert as deciding looks at it.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert_view(&self, number: &AlertNumber) -> Result<AlertFound, Error> {
        let (number, seen) = (number.clone(), self.seen());
        let read = move |db: &Connection| {
            if !sees_alert(db, &number, &seen)? {
                return Ok(AlertFound::Unknown);
            }
            let found = standing(db, &number)?.filter(Standing::stands);
            Ok(found.map_or(AlertFound::Gone, |alert| AlertFound::Stands(Box::new(alert.view))))
        };
        self.store().read(read).await
    }
}

/// Events with their alert: `wanted` says where they stand, as `e`, and which of them.
fn events(db: &Connection, wanted: &str, values: Vec<Value>) -> Result<Vec<AlertEvent>, Error> {
    let sql = format!(
        "SELECT e.seq, e.at, e.kind, e.actor, e.actor_unit, e.on_behalf_of, e.claimed_at, e.detail, e.subject
         FROM {wanted}"
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params_from_iter(values), |row| {
        Ok(AlertEvent { event: read_event(row)?, number: AlertNumber(row.get(8)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn page(db: &Connection, wanted: &WorkList, may_see_who: bool) -> Result<WorkPage, Error> {
    let WorkList { filter, order, after, limit, with } = wanted;
    let (join, mut conditions, mut values) = filter.sql();
    let key = order.key();
    if let Some(after) = after {
        values.push(Value::from(after.key));
        values.push(Value::from(after.number.0.clone()));
        conditions.push(format!("({key}, a.number) > (?{}, ?{})", values.len() - 1, values.len()));
    }
    values.push(Value::from(i64::from(*limit) + 1));
    // Which alerts first, what they say then: sorting many rows with all they hold is most of the work.
    let sql = format!(
        "SELECT {key} AS sort_key, a.number FROM alerts a{join} WHERE {} ORDER BY sort_key, a.number LIMIT ?{}",
        conditions.join(" AND "),
        values.len()
    );
    let mut found: Vec<WorkPlace> = db
        .prepare_cached(&sql)?
        .query_map(params_from_iter(values), |row| {
            Ok(WorkPlace { key: row.get(0)?, number: AlertNumber(row.get(1)?) })
        })?
        .collect::<Result<_, _>>()?;
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).cloned();
    let numbers: Vec<AlertNumber> = found.into_iter().map(|place| place.number).collect();
    let mut clocks = clocks_of(db, &numbers)?;
    let row = |alert: AlertRow| WorkRow {
        clocks: clocks.remove(&alert.number).unwrap_or_default(),
        alert,
        view: None,
        events: Vec::new(),
        complainant: None,
    };
    let mut rows: Vec<WorkRow> = alerts_of(db, &numbers)?.into_iter().map(row).collect();
    for with in with {
        match with {
            With::View => {
                for row in &mut rows {
                    row.view = standing(db, &row.alert.number)?.map(|found| found.view);
                }
            }
            With::Events(kinds) => {
                let mut found = events_of(db, &numbers, kinds)?;
                for row in &mut rows {
                    row.events.append(found.entry(row.alert.number.clone()).or_default());
                }
            }
            With::Complainant if may_see_who => {
                let mut found = complainants_of(db, &numbers)?;
                for row in &mut rows {
                    row.complainant = found.remove(&row.alert.number);
                }
            }
            With::Complainant => {}
        }
    }
    Ok(WorkPage { rows, next })
}

/// Some alerts, in the order in which they are named.
fn alerts_of(db: &Connection, numbers: &[AlertNumber]) -> Result<Vec<AlertRow>, Error> {
    let mut select = db
        .prepare_cached(&format!("SELECT {ALERT_COLUMNS} JOIN json_each(?1) n ON n.value = a.number ORDER BY n.key"))?;
    let rows = select.query_map([Json(numbers)], read_alert)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The running clocks of some alerts, each alert's soonest first.
fn clocks_of(db: &Connection, numbers: &[AlertNumber]) -> Result<BTreeMap<AlertNumber, Vec<DeadlineRow>>, Error> {
    let mut select = db.prepare_cached(&format!(
        "{DEADLINES} WHERE alert_number IN (SELECT value FROM json_each(?1)) AND ended_at IS NULL
         AND due_at IS NOT NULL ORDER BY due_at, id"
    ))?;
    let rows = select.query_map([Json(numbers)], read_deadline)?;
    let mut clocks: BTreeMap<AlertNumber, Vec<DeadlineRow>> = BTreeMap::new();
    for row in rows {
        let row = row?;
        clocks.entry(row.number.clone()).or_default().push(row);
    }
    Ok(clocks)
}

/// What happened to some alerts, of some kinds, oldest first.
fn events_of(
    db: &Connection,
    numbers: &[AlertNumber],
    kinds: &[&str],
) -> Result<BTreeMap<AlertNumber, Vec<AlertEventRow>>, Error> {
    let wanted = "json_each(?1) n CROSS JOIN events e ON e.subject_kind = 'alert' AND e.subject = n.value
         WHERE e.kind IN (SELECT value FROM json_each(?2)) ORDER BY e.seq";
    let values = [serde_json::json!(numbers), serde_json::json!(kinds)].map(|list| Value::from(list.to_string()));
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for AlertEvent { number, event } in events(db, wanted, values.to_vec())? {
        found.entry(number).or_default().push(event);
    }
    Ok(found)
}

/// Who complained in some alerts.
fn complainants_of(db: &Connection, numbers: &[AlertNumber]) -> Result<BTreeMap<AlertNumber, Complainant>, Error> {
    let mut select = db.prepare_cached(
        "SELECT alert_number, name, phone, address FROM complainants
         WHERE alert_number IN (SELECT value FROM json_each(?1))",
    )?;
    let rows = select.query_map([Json(numbers)], |row| {
        let phone = row.get::<_, Option<String>>(2)?.map(|text| Phone::kept(&text));
        Ok((AlertNumber(row.get(0)?), Complainant { name: row.get(1)?, phone, address: row.get(3)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
