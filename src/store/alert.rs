//! What people do to an alert: acknowledge it, close it. Every change is an event.
//!
//! The full case life comes later; these are the two states of now.

use rusqlite::{OptionalExtension, Transaction, params};

use super::codec::word;
use super::events::{self, NewEvent, SubjectKind};
use super::{Error, Store};
use crate::domain::actor::{Actor, SYSTEM};
use crate::domain::alert::{AlertNumber, AlertState};
use crate::domain::time::Timestamp;

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 签收
    Acknowledge,
    /// 销号
    Close,
}

impl Act {
    fn leads_to(self) -> AlertState {
        match self {
            Self::Acknowledge => AlertState::Acknowledged,
            Self::Close => AlertState::Closed,
        }
    }
}

/// Why an act was refused.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No such alert.
    #[error("there is no alert {0}")]
    Unknown(AlertNumber),
    /// The state does not allow it.
    #[error("alert {number} is {}: it cannot be {} any more", state.name(), wanted.name())]
    NotAllowed {
        /// The alert.
        number: AlertNumber,
        /// Its state.
        state: AlertState,
        /// The state asked for.
        wanted: AlertState,
    },
    /// It lives on in another alert, or the fire moved elsewhere.
    #[error("alert {number} is no more: {instead}")]
    Gone {
        /// The alert.
        number: AlertNumber,
        /// Where it went.
        instead: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Store {
    /// Acknowledges or closes an alert; doing again what is done already changes nothing.
    ///
    /// # Errors
    /// [`ActError`] when there is no such alert, its state does not allow it, or the database fails.
    pub async fn act_on_alert(
        &self,
        number: AlertNumber,
        act: Act,
        actor: String,
        note: String,
        now: Timestamp,
    ) -> Result<AlertState, ActError> {
        let wanted = act.leads_to();
        let outcome = self
            .write(move |tx| {
                let found: Option<(String, Option<String>, bool)> = tx
                    .query_row(
                        "SELECT state, merged_into, superseded_at IS NOT NULL FROM alerts WHERE number = ?1",
                        [&number.0],
                        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                    )
                    .optional()?;
                let state = match found {
                    None => return Ok(Err(ActError::Unknown(number))),
                    Some((_, Some(heir), _)) => {
                        return Ok(Err(ActError::Gone { number, instead: format!("it was merged into {heir}") }));
                    }
                    Some((_, None, true)) => {
                        let instead = "a revision of the satellite data moved the fire elsewhere".to_owned();
                        return Ok(Err(ActError::Gone { number, instead }));
                    }
                    Some((state, None, false)) => state,
                };
                let state = word(&state, "alert state", AlertState::from_name)?;
                if state == wanted {
                    return Ok(Ok(state));
                }
                if state == AlertState::Closed {
                    return Ok(Err(ActError::NotAllowed { number, state, wanted }));
                }
                tx.execute("UPDATE alerts SET state = ?2 WHERE number = ?1", params![number.0, wanted.name()])?;
                log_event(tx, &number, now, wanted.name(), &actor, &note)?;
                Ok(Ok(wanted))
            })
            .await;
        outcome?
    }
}

/// Appends one event of an alert.
pub(super) fn log_event(
    tx: &Transaction<'_>,
    number: &AlertNumber,
    at: Timestamp,
    kind: &str,
    actor: &str,
    detail: &str,
) -> Result<(), Error> {
    let actor = if actor == SYSTEM { Actor::system() } else { Actor { name: actor.to_owned(), unit: None } };
    let detail = serde_json::json!({"text": detail});
    events::append(tx, at, &NewEvent::plain((SubjectKind::Alert, &number.0), kind, &actor, &detail))?;
    Ok(())
}
