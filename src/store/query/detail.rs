//! One alert with all that belongs to it.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::event::{AlertEventRow, read_event};
use super::near::all_earlier_near;
use super::rows::{DETECTION_COLUMNS, DetectionRow, read_detection};
use crate::domain::alert::AlertNumber;
use crate::domain::chain::Chain;
use crate::store::alert::{ALERT_COLUMNS, AlertRow, DEADLINES, DeadlineRow, read_alert, read_deadline};
use crate::store::codec::Json;
use crate::store::seen::Seen;
use crate::store::{Error, Scoped};

/// Everything an alert's page shows.
#[derive(Debug, Clone)]
pub struct AlertDetail {
    /// The alert.
    pub alert: AlertRow,
    /// The detections of its fire, earliest first, those of other townships included.
    pub detections: Vec<DetectionRow>,
    /// The accountable chains, the first as recorded; a change appended another.
    pub chains: Vec<Chain>,
    /// What happened, oldest first.
    pub events: Vec<AlertEventRow>,
    /// Its clocks, in the order they were started.
    pub clocks: Vec<DeadlineRow>,
    /// Other alerts of the same fire.
    pub linked: Vec<AlertRow>,
    /// Alerts of other fires that burnt near here shortly before, latest first.
    pub earlier: Vec<AlertRow>,
}

impl Scoped {
    /// One alert with all that belongs to it, merged and superseded ones too.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn alert(&self, number: &AlertNumber) -> Result<Option<AlertDetail>, Error> {
        let (number, seen) = (number.clone(), self.seen());
        self.store().read(move |db| alert_of(db, &number, &seen)).await
    }
}

/// One alert, if it may be seen; of the alerts beside it, those that may.
fn alert_of(db: &Connection, number: &AlertNumber, seen: &Seen) -> Result<Option<AlertDetail>, Error> {
    let mut values = vec![Value::from(number.0.clone())];
    let may_see = seen.any_alert("a", &mut values);
    let alert = db
        .prepare_cached(&format!("SELECT {ALERT_COLUMNS} WHERE a.number = ?1 AND {may_see}"))?
        .query_row(params_from_iter(values), read_alert)
        .optional()?;
    let Some(alert) = alert else { return Ok(None) };
    let mut detail = detail_of(db, alert)?;
    for beside in [&mut detail.linked, &mut detail.earlier] {
        let mut kept = Vec::with_capacity(beside.len());
        for row in beside.drain(..) {
            if sees_alert(db, &row.number, seen)? {
                kept.push(row);
            }
        }
        *beside = kept;
    }
    Ok(Some(detail))
}

/// Whether an alert exists and may be seen.
pub(in crate::store) fn sees_alert(db: &Connection, number: &AlertNumber, seen: &Seen) -> Result<bool, Error> {
    let mut values = vec![Value::from(number.0.clone())];
    let may_see = seen.any_alert("a", &mut values);
    let mut select = db.prepare_cached(&format!("SELECT 1 FROM alerts a WHERE a.number = ?1 AND {may_see}"))?;
    Ok(select.exists(params_from_iter(values))?)
}

fn detail_of(db: &Connection, alert: AlertRow) -> Result<AlertDetail, Error> {
    let detections = db
        .prepare_cached(&format!(
            "SELECT {DETECTION_COLUMNS} WHERE d.superseded_by IS NULL AND d.fire_id = ?1 ORDER BY d.acquired_at, d.key"
        ))?
        .query_map([alert.fire_id], read_detection)?
        .collect::<Result<_, _>>()?;
    let chains = db
        .prepare_cached("SELECT chain FROM alert_chains WHERE alert_number = ?1 ORDER BY id")?
        .query_map([&alert.number.0], |row| Ok(row.get::<_, Json<Chain>>(0)?.0))?
        .collect::<Result<_, _>>()?;
    let events = db
        .prepare_cached(
            "SELECT seq, at, kind, actor, actor_unit, on_behalf_of, claimed_at, detail FROM events
             WHERE subject_kind = 'alert' AND subject = ?1 ORDER BY seq",
        )?
        .query_map([&alert.number.0], read_event)?
        .collect::<Result<_, _>>()?;
    let clocks = db
        .prepare_cached(&format!("{DEADLINES} WHERE alert_number = ?1 ORDER BY id"))?
        .query_map([&alert.number.0], read_deadline)?
        .collect::<Result<_, _>>()?;
    let linked = db
        .prepare_cached(&format!(
            "SELECT {ALERT_COLUMNS} WHERE a.fire_id = ?1 AND a.number <> ?2 AND a.merged_into IS NULL
             AND a.superseded_at IS NULL ORDER BY a.number"
        ))?
        .query_map(params![alert.fire_id, alert.number.0], read_alert)?
        .collect::<Result<_, _>>()?;
    let earlier = all_earlier_near(db, &alert)?;
    Ok(AlertDetail { alert, detections, chains, events, clocks, linked, earlier })
}
