//! Accepting a database that is not proven to be the one of its place: put back from a copy, or come from elsewhere.
//!
//! What was acknowledged since and is not in it is given up by that, so it is an act of a person, with a reason, and
//! stands in the log before anything outside is brought into line with it.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;

use super::super::Error;
use super::super::events::{self, NewEvent, SubjectKind};
use super::super::heads::head_of;
use super::{identity, tip};
use crate::domain::actor::Actor;
use crate::domain::time::Timestamp;

/// Who says that a database is to count from now on, and why.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Who.
    pub actor: Actor,
    /// Why; stands in the log.
    pub why: String,
    /// When.
    pub at: Timestamp,
}

/// Appends the act to the log: what the database is, and what it was expected to be.
pub(super) fn record(connection: &mut Connection, path: &Path, acceptance: &Acceptance) -> Result<(), Error> {
    let expected = tip::read(path);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = head_of(&tx)?;
    let id = identity::id_inside(&tx)?.unwrap_or_default();
    let detail = json!({
        "why": acceptance.why,
        "last_event": found.seq,
        "expected_event": expected.as_ref().map(|tip| tip.seq),
        "expected_hash": expected.as_ref().map(|tip| &tip.hash),
        "expected_installation": identity::id_beside(path)?.filter(|beside| *beside != id),
    });
    let subject = (SubjectKind::Installation, id.as_str());
    events::append(&tx, acceptance.at, &NewEvent::plain(subject, "restored", &acceptance.actor, &detail))?;
    tx.commit()?;
    Ok(())
}
