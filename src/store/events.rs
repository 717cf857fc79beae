//! The one log of everything people and the service do: append-only and hash-chained.
//!
//! Every module of the store that changes something on a person's behalf appends here, in the
//! same transaction. `hash` covers every column and the hash before, so an edited, removed or
//! moved row shows when [`super::audit`] walks the chain. Rows are never changed.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Deserialize as _;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Error;
use super::codec::{Millis, word};
use crate::domain::actor::{Actor, SYSTEM, Through};
use crate::domain::alert::{ActEvent, AlertEvent, Logged};
use crate::domain::named::named;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;

/// `previous` of the first event.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

named! {
    /// What an event is about.
    pub(super) enum SubjectKind {
        Account = "account",
        Alert = "alert",
        Desk = "desk",
        Plan = "plan",
        Weather = "weather",
        HeatSource = "heat_source",
        Installation = "installation",
        Judgement = "judgement",
        Region = "region",
        Clock = "clock",
        OfficialList = "official_list",
    }
}

/// The word and the detail of an event of an alert.
pub(super) fn parts(event: &AlertEvent) -> (String, Value) {
    let mut detail = serde_json::to_value(event).unwrap_or(Value::Null);
    let kind = detail.as_object_mut().and_then(|fields| fields.shift_remove(TAG));
    (kind.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned(), detail)
}

/// An event of an alert, read back; `None` for one of a form that this version does not know.
pub(super) fn logged(kind: &str, detail: &Value) -> Option<Logged> {
    let fields = detail.as_object()?;
    if fields.contains_key("act") {
        return ActEvent::deserialize(detail).ok().map(Logged::Act);
    }
    let mut tagged = fields.clone();
    tagged.insert(TAG.to_owned(), kind.into());
    serde_json::from_value(Value::Object(tagged)).ok().map(Logged::Alert)
}

/// What tells events of an alert apart; the log has it as a column.
const TAG: &str = "kind";

/// An event to be appended.
#[derive(Debug, Clone)]
pub(super) struct NewEvent<'a> {
    pub subject: (SubjectKind, &'a str),
    pub kind: &'a str,
    pub actor: &'a Actor,
    pub on_behalf_of: Option<&'a str>,
    /// When it happened, as the person or phone says.
    pub claimed_at: Option<Timestamp>,
    /// Names the command; a second event of the same id cannot be appended.
    pub client_id: Option<&'a str>,
    /// A JSON object.
    pub detail: &'a Value,
}

impl<'a> NewEvent<'a> {
    /// An event that somebody enters for himself, now.
    pub(super) fn plain(subject: (SubjectKind, &'a str), kind: &'a str, actor: &'a Actor, detail: &'a Value) -> Self {
        Self { subject, kind, actor, on_behalf_of: None, claimed_at: None, client_id: None, detail }
    }
}

/// A row of the log as the chain sees it: every column as text, `None` where NULL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub seq: i64,
    pub at: i64,
    pub subject_kind: String,
    pub subject: String,
    pub kind: String,
    pub actor: String,
    pub actor_unit: Option<String>,
    pub on_behalf_of: Option<String>,
    pub claimed_at: Option<i64>,
    pub client_id: Option<String>,
    pub detail: String,
    pub previous: String,
    /// Which columns the hash covers.
    pub format: i64,
    pub account: Option<String>,
    pub let_in_by: Option<String>,
    pub access: Option<String>,
    pub address: Option<String>,
}

/// Format of the rows that are appended: their hash covers the account too, and what brought it in.
const FORMAT: i64 = 2;

impl Link {
    /// The hash of the row: SHA-256 over its columns in order, each with its length in front and
    /// NULL told apart from an empty text, so that nothing can be moved between columns.
    pub(super) fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |value: Option<&str>| match value {
            None => hash.update([0]),
            Some(text) => {
                hash.update([1]);
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text.as_bytes());
            }
        };
        let claimed_at = self.claimed_at.map(|millis| millis.to_string());
        // The first format begins with a number.
        if self.format != 1 {
            add(Some(&format!("format {}", self.format)));
        }
        add(Some(&self.seq.to_string()));
        add(Some(&self.at.to_string()));
        add(Some(&self.subject_kind));
        add(Some(&self.subject));
        add(Some(&self.kind));
        add(Some(&self.actor));
        add(self.actor_unit.as_deref());
        add(self.on_behalf_of.as_deref());
        add(claimed_at.as_deref());
        add(self.client_id.as_deref());
        add(Some(&self.detail));
        add(Some(&self.previous));
        if self.format != 1 {
            for text in [&self.account, &self.let_in_by, &self.access, &self.address] {
                add(text.as_deref());
            }
        }
        hex::encode(hash.finalize())
    }

    /// Whether it says nothing that its hash does not cover, and is of a format that there is.
    pub(super) fn is_covered(&self) -> bool {
        let says_more = [&self.account, &self.let_in_by, &self.access, &self.address].iter().any(|text| text.is_some());
        self.format == FORMAT || (self.format == 1 && !says_more)
    }
}

/// The event that a command left, found by the id the command came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trace {
    pub seq: i64,
    pub subject_kind: SubjectKind,
    pub subject: String,
    pub kind: String,
    pub actor: Actor,
}

impl Trace {
    /// Whether somebody left it about this subject: an id that another used tells nothing of what he did.
    pub(super) fn is_of(&self, actor: &Actor, (kind, subject): (SubjectKind, &str)) -> bool {
        // What was done before accounts stood in the log tells by name and unit alone.
        let (then, now) = (self.actor.through.accounts.first(), actor.through.accounts.first());
        let is_same = self.actor.name == actor.name && self.actor.unit == actor.unit && (then.is_none() || then == now);
        is_same && self.subject_kind == kind && self.subject == subject
    }
}

/// What a command of this id left, if it was done before.
pub(super) fn trace_of(db: &Connection, client_id: Option<&str>) -> Result<Option<Trace>, Error> {
    let Some(client_id) = client_id else { return Ok(None) };
    let found = db
        .prepare_cached(
            "SELECT seq, subject_kind, subject, kind, actor, actor_unit, account FROM events WHERE client_id = ?1",
        )?
        .query_row([client_id], |row| {
            let unit = row.get::<_, Option<String>>(5)?.map(UnitCode);
            let through =
                Through { accounts: row.get::<_, Option<String>>(6)?.into_iter().collect(), ..Through::default() };
            let actor = Actor { name: row.get(4)?, unit, through };
            let subject_kind = word(&row.get::<_, String>(1)?, "subject", SubjectKind::from_name)?;
            Ok(Trace { seq: row.get(0)?, subject_kind, subject: row.get(2)?, kind: row.get(3)?, actor })
        })
        .optional()?;
    Ok(found)
}

/// Appends an event and returns its number.
pub(super) fn append(tx: &Transaction<'_>, now: Timestamp, event: &NewEvent<'_>) -> Result<i64, Error> {
    let last: Option<(i64, String)> = tx
        .prepare_cached("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last_seq, previous) = last.unwrap_or_else(|| (0, GENESIS.to_owned()));
    let through = &event.actor.through;
    let link = Link {
        seq: last_seq + 1,
        at: now.as_millisecond(),
        subject_kind: event.subject.0.name().to_owned(),
        subject: event.subject.1.to_owned(),
        kind: event.kind.to_owned(),
        actor: event.actor.name.clone(),
        actor_unit: event.actor.unit.as_ref().map(|code| code.0.clone()),
        on_behalf_of: event.on_behalf_of.map(str::to_owned),
        claimed_at: event.claimed_at.map(Timestamp::as_millisecond),
        client_id: event.client_id.map(str::to_owned),
        detail: event.detail.to_string(),
        previous,
        format: FORMAT,
        account: through.accounts.first().cloned(),
        let_in_by: through.accounts.get(1).cloned(),
        access: through.access.map(|access| access.to_string()),
        address: through.address.map(|address| address.name().to_owned()),
    };
    tx.prepare_cached(
        "INSERT INTO events (seq, at, subject_kind, subject, kind, actor, actor_unit, on_behalf_of, claimed_at,
             client_id, detail, previous, hash, format, account, let_in_by, access, address)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?
    .execute(params![
        link.seq,
        link.at,
        link.subject_kind,
        link.subject,
        link.kind,
        link.actor,
        link.actor_unit,
        link.on_behalf_of,
        link.claimed_at,
        link.client_id,
        link.detail,
        link.previous,
        link.hash(),
        link.format,
        link.account,
        link.let_in_by,
        link.access,
        link.address
    ])?;
    Ok(link.seq)
}

/// Moves the log of version 1 into the chain, once: SQL alone cannot hash.
pub(super) fn adopt_first_log(connection: &mut Connection) -> Result<(), Error> {
    if !holds_first_log(connection)? {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    if holds_first_log(&tx)? {
        let old: Vec<(String, Timestamp, String, String, String)> = tx
            .prepare("SELECT alert_number, at, kind, actor, detail FROM case_events_v1 ORDER BY id")?
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, Millis>(1)?.0, row.get(2)?, row.get(3)?, row.get(4)?)))?
            .collect::<Result<_, _>>()?;
        for (number, at, kind, actor, detail) in old {
            let actor = if actor == SYSTEM { Actor::system() } else { Actor::named(actor, None) };
            let detail = serde_json::json!({"text": detail});
            append(&tx, at, &NewEvent::plain((SubjectKind::Alert, &number), &kind, &actor, &detail))?;
        }
        tx.execute_batch("DROP TABLE case_events_v1")?;
    }
    tx.commit()?;
    Ok(())
}

/// Asks the file, not what the connection remembers of its tables: another process may have been here since.
fn holds_first_log(connection: &Connection) -> Result<bool, Error> {
    let exists = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'case_events_v1')";
    Ok(connection.query_row(exists, [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_log_that_another_process_has_just_adopted_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("firegrid.sqlite");
        let mut slow = Connection::open(&path).unwrap();
        slow.execute_batch("CREATE TABLE case_events_v1 (id INTEGER PRIMARY KEY)").unwrap();
        assert!(slow.table_exists(None, "case_events_v1").unwrap());
        Connection::open(&path).unwrap().execute_batch("DROP TABLE case_events_v1").unwrap();
        adopt_first_log(&mut slow).unwrap();
    }
}
