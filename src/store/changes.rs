//! The log as those see it who follow it: what changed in alerts and plans of a scope.
//!
//! An event is told only to whom its alert or plan is shown; an alert that left a unit's scope is told as gone, once its
//! next event comes. What people wrote is in no change: whoever is told asks for the alert.

use rusqlite::params_from_iter;
use rusqlite::types::Value;
use serde::Serialize;

use super::Error;
use super::codec::Millis;
use super::scoped::Scoped;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// Events looked through at once.
const PORTION: i64 = 500;

/// Something that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its place in the log.
    pub seq: i64,
    /// `alert` or `plan`.
    pub subject_kind: String,
    /// Number of the alert, or id of the plan.
    pub subject: String,
    /// What happened; `gone` when the alert is shown no more.
    pub kind: String,
    /// When, server time.
    pub at: Timestamp,
    /// Where the alert or plan stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Number of the alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// Changes, and how far the log was read for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The changes, oldest first.
    pub changes: Vec<Change>,
    /// The last event that was looked at.
    pub read_to: i64,
    /// There is more behind it.
    pub has_more: bool,
}

/// What the log says of a row before it is known whether this reader is told.
struct Heard {
    change: Change,
    is_shown: bool,
    left_after: Option<i64>,
    plan_unit: Option<UnitCode>,
}

impl Scoped {
    /// What changed here behind an event. An alert that left before `told_to` was told as gone already.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn changes(&self, after: i64, told_to: i64) -> Result<Changes, Error> {
        let (seen, unit) = (self.seen(), self.scope().unit().0.clone());
        let heard: Vec<Heard> = self
            .store()
            .read(move |db| {
                let mut values = vec![Value::from(after), Value::from(PORTION), Value::from(unit)];
                let is_shown = seen.any_alert("a", &mut values);
                let mut select = db.prepare_cached(&format!(
                    "SELECT e.seq, e.subject_kind, e.subject, e.kind, e.at, coalesce(a.state, p.status), p.unit_code,
                         a.number IS NOT NULL AND {is_shown},
                         (SELECT l.after_seq FROM left_scope l WHERE l.unit_code = ?3 AND l.number = e.subject)
                     FROM (SELECT * FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2) e
                     LEFT JOIN alerts a ON e.subject_kind = 'alert' AND a.number = e.subject
                     LEFT JOIN burn_plans p ON e.subject_kind = 'plan' AND p.id = e.subject
                     ORDER BY e.seq"
                ))?;
                let rows = select.query_map(params_from_iter(values), read_heard)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await?;
        let read_to = heard.last().map_or(after, |heard| heard.change.seq);
        let has_more = i64::try_from(heard.len()).is_ok_and(|count| count >= PORTION);
        let changes = heard.into_iter().filter_map(|heard| self.told(heard, told_to)).collect();
        Ok(Changes { changes, read_to, has_more })
    }

    /// The change as this reader is told it, if at all.
    fn told(&self, heard: Heard, told_to: i64) -> Option<Change> {
        let change = heard.change;
        match change.subject_kind.as_str() {
            "alert" if heard.is_shown => Some(Change { number: Some(change.subject.clone()), ..change }),
            "alert" if heard.left_after.is_some_and(|left| left >= told_to) => {
                Some(Change { kind: "gone".to_owned(), state: None, number: Some(change.subject.clone()), ..change })
            }
            "plan" => heard.plan_unit.filter(|unit| self.scope().concerns(unit)).map(|_| change),
            _ => None,
        }
    }
}

fn read_heard(row: &rusqlite::Row<'_>) -> rusqlite::Result<Heard> {
    Ok(Heard {
        change: Change {
            seq: row.get(0)?,
            subject_kind: row.get(1)?,
            subject: row.get(2)?,
            kind: row.get(3)?,
            at: row.get::<_, Millis>(4)?.0,
            state: row.get(5)?,
            number: None,
        },
        plan_unit: row.get::<_, Option<String>>(6)?.map(UnitCode),
        is_shown: row.get(7)?,
        left_after: row.get(8)?,
    })
}
