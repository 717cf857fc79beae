//! What happened to an alert, as its page and the lists of it read it.

use rusqlite::Row;
use serde::Serialize;

use crate::domain::alert::{ActEvent, Logged};
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::store::codec::{Json, Millis};
use crate::store::events;

/// One thing that happened to an alert.
#[derive(Debug, Clone, Serialize)]
pub struct AlertEventRow {
    /// Its place in the log.
    pub seq: i64,
    /// When, server time.
    pub at: Timestamp,
    /// What: recorded, grown, merged, acknowledged, overdue, escalated, ...
    pub kind: String,
    /// Who.
    pub actor: String,
    /// The unit acted for.
    pub actor_unit: Option<UnitCode>,
    /// For or by whom, when another entered it.
    pub on_behalf_of: Option<String>,
    /// When it happened, as the person or phone says.
    pub claimed_at: Option<Timestamp>,
    /// More about it: an object.
    pub detail: serde_json::Value,
}

impl AlertEventRow {
    /// What firegrid itself noted, as a text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.detail.get("text").and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// What it says, as a type; `None` for a form that this version does not know.
    #[must_use]
    pub fn logged(&self) -> Option<Logged> {
        events::logged(&self.kind, &self.detail)
    }

    /// The act that it is, if somebody did it.
    #[must_use]
    pub fn act(&self) -> Option<ActEvent> {
        match self.logged()? {
            Logged::Act(done) => Some(done),
            Logged::Alert(_) => None,
        }
    }
}

pub(in crate::store) fn read_event(row: &Row<'_>) -> rusqlite::Result<AlertEventRow> {
    Ok(AlertEventRow {
        seq: row.get(0)?,
        at: row.get::<_, Millis>(1)?.0,
        kind: row.get(2)?,
        actor: row.get(3)?,
        actor_unit: row.get::<_, Option<String>>(4)?.map(UnitCode),
        on_behalf_of: row.get(5)?,
        claimed_at: row.get::<_, Option<Millis>>(6)?.map(|at| at.0),
        detail: row.get::<_, Json<_>>(7)?.0,
    })
}
