//! Proves the record: walks the hash chain of the log and names the row that was edited, removed or moved; holds every
//! row of every table against its digests, and all of it against the seal and the heads that were written outside.
//!
//! Also what follows from the log is held against it: the state of every alert, and the originals of photos. What each
//! kind of tampering takes and how it shows: docs/tampering.md.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::codec::{Json, Millis};
use super::events::{GENESIS, Link};
use super::heads::head_of;
pub use super::heads::{Head, HeadSeal, read_heads};
use super::seal::{Seal, SealKey};
use super::{Distrust, Error, RowDamage, digest};
use crate::domain::time::Timestamp;
use crate::media::Photos;

/// What is wrong, each with the row it is wrong in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum AuditFault {
    /// The columns of a row do not give its hash.
    #[error("event {seq} ({kind} of {subject}) was edited: its content does not give its hash")]
    Edited {
        /// The row.
        seq: i64,
        /// What it is about.
        subject: String,
        /// Its kind.
        kind: String,
    },
    /// Rows are missing.
    #[error("events {from} to {to} were removed")]
    Removed {
        /// First missing row.
        from: i64,
        /// Last missing row.
        to: i64,
    },
    /// A row does not follow the one before it.
    #[error("event {seq} ({kind} of {subject}) does not follow the event before it: rows were moved or exchanged")]
    Moved {
        /// The row.
        seq: i64,
        /// What it is about.
        subject: String,
        /// Its kind.
        kind: String,
    },
    /// The log is not the one whose head was written outside.
    #[error(
        "event {seq} had another hash when its head was written outside the database: the log was rewritten or cut"
    )]
    HeadDiffers {
        /// The row.
        seq: i64,
    },
    /// A head was not made with the key that it names.
    #[error("the head of event {seq} was not made with the key: somebody wrote or changed it")]
    HeadForged {
        /// The event that it names.
        seq: i64,
    },
    /// A head was made before all was sealed anew, and nobody accepted that.
    #[error(
        "the head of event {seq} was written under another seal: the database was replaced or its seal removed since"
    )]
    HeadOfOtherSeal {
        /// The event that it names.
        seq: i64,
    },
    /// The database is older than a head, or another one went on from the same point.
    #[error(
        "the head of event {seq} was written later than what stands in the database: it was put back to an earlier \
         state"
    )]
    OlderThanHead {
        /// The event that the head names.
        seq: i64,
    },
    /// The seal does not agree, or did not once.
    #[error("{}", .why.words())]
    Unsealed {
        /// What did not agree.
        why: Distrust,
    },
    /// A table is not as it was sealed, though each of its rows was written by firegrid once.
    #[error("rows of {table} were removed, or put back to what they were")]
    TableDiffers {
        /// The table.
        table: String,
    },
    /// An alert's state is not what its events say.
    #[error("alert {number} is {found} in its row, but its events end in {expected}")]
    StateDiffers {
        /// The alert.
        number: String,
        /// What its events say.
        expected: String,
        /// What its row says.
        found: String,
    },
    /// An original is gone or was changed.
    #[error("the photo {hash} of {subject} is missing or was changed")]
    Photo {
        /// The alert or burn plan.
        subject: String,
        /// The photo.
        hash: String,
    },
}

/// What can be said of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It agrees with itself, with its seal, and with a head that was written outside with the key.
    Proven,
    /// It agrees with itself and with its seal; nothing outside shows that it is the same one as before.
    Unproven,
    /// It does not agree.
    Broken,
}

/// What verifying found.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// What can be said of the record.
    pub verdict: Verdict,
    /// Events walked.
    pub events: i64,
    /// Alerts whose state was held against their events.
    #[serde(rename = "cases")]
    pub alerts: i64,
    /// Originals read back.
    pub photos: i64,
    /// Heads from outside that were compared.
    pub heads: usize,
    /// Those of them that were made with the key for what is sealed now: what proves.
    pub proving_heads: usize,
    /// The end of the log.
    pub head: Head,
    /// Everything wrong, in the order of the log.
    pub faults: Vec<AuditFault>,
    /// Rows that were held against their digests.
    pub rows: i64,
    /// Those that are not as firegrid wrote them.
    pub damage: Vec<RowDamage>,
}

impl Audit {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_faultless(&self) -> bool {
        self.verdict != Verdict::Broken
    }
}

/// Everything that is wrong with the log and with the states that follow from it.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn faults_of_log(db: &rusqlite::Connection) -> Result<Vec<AuditFault>, Error> {
    let mut faults = Vec::new();
    walk(db, &[], &mut faults)?;
    check_states(db, &mut faults)?;
    Ok(faults)
}

pub(super) fn verify(
    db: &rusqlite::Connection,
    heads: &[Head],
    photos: &Photos,
    key: &SealKey,
) -> Result<Audit, Error> {
    let mut faults = Vec::new();
    let hashes = walk(db, heads, &mut faults)?;
    let seal = Seal::read(db)?;
    let why = match &seal {
        Some(seal) => seal.disagreement(key, db)?,
        None => Some(Distrust::Removed),
    };
    faults.extend(why.map(|why| AuditFault::Unsealed { why }));
    let outside = Outside { hashes, seal: seal.as_ref(), key, given_up: last_acceptance(db)? };
    let proving_heads = outside.compare(heads, &mut faults);
    let alerts = check_states(db, &mut faults)?;
    let pictures = check_photos(db, photos, &mut faults)?;
    let head = head_of(db)?;
    let events = db.query_row("SELECT count(*) FROM events", [], |row| row.get(0))?;
    let digest::verify::Verified { rows, damage, tables } = digest::verify::verify(db, Some(key))?;
    faults.extend(tables.into_iter().map(|table| AuditFault::TableDiffers { table }));
    let verdict = match (faults.is_empty() && damage.is_empty(), proving_heads) {
        (false, _) => Verdict::Broken,
        (true, 0) => Verdict::Unproven,
        (true, _) => Verdict::Proven,
    };
    let heads = heads.len();
    Ok(Audit { verdict, events, alerts, photos: pictures, heads, proving_heads, head, faults, rows, damage })
}

/// That a person accepted the database as it was: what heads say of later events before that was given up.
#[derive(Debug, Clone, Copy)]
struct GivenUp {
    at: Timestamp,
    /// The last event that was in it.
    last: i64,
}

fn last_acceptance(db: &rusqlite::Connection) -> Result<Option<GivenUp>, Error> {
    use rusqlite::OptionalExtension;
    let found = db
        .prepare_cached(
            "SELECT at, seq FROM events WHERE subject_kind = 'installation' AND kind = 'restored' ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([], |row| Ok(GivenUp { at: row.get::<_, Millis>(0)?.0, last: row.get::<_, i64>(1)? - 1 }))
        .optional()?;
    Ok(found)
}

/// What heads are held against.
struct Outside<'a> {
    /// Hashes of the events that they name.
    hashes: BTreeMap<i64, String>,
    seal: Option<&'a Seal>,
    key: &'a SealKey,
    given_up: Option<GivenUp>,
}

impl Outside<'_> {
    /// Holds every head against the log and the seal; returns how many were made with the key for what is sealed now.
    fn compare(&self, heads: &[Head], faults: &mut Vec<AuditFault>) -> usize {
        let mut proving = 0;
        for head in heads {
            match self.fault_of(head) {
                Some(fault) => faults.push(fault),
                None if self.proves(head) => proving += 1,
                None => {}
            }
        }
        proving
    }

    fn fault_of(&self, head: &Head) -> Option<AuditFault> {
        let seq = head.seq;
        let is_given_up = |given_up: GivenUp| head.at.is_some_and(|at| at <= given_up.at);
        let given_up = self.given_up.filter(|given_up| is_given_up(*given_up));
        if given_up.is_none_or(|given_up| seq <= given_up.last) && self.hashes.get(&seq) != Some(&head.hash) {
            return Some(AuditFault::HeadDiffers { seq });
        }
        let made = head.seal.as_ref()?;
        if made.key == self.key.id() && head.mac(self.key).as_ref() != Some(&made.mac) {
            return Some(AuditFault::HeadForged { seq });
        }
        if given_up.is_some() {
            return None;
        }
        // Without a seal there is a fault already.
        let seal = self.seal?;
        if made.key != self.key.id() || made.lineage != seal.lineage {
            return Some(AuditFault::HeadOfOtherSeal { seq });
        }
        let is_older = made.revision > seal.revision;
        let is_another = made.revision == seal.revision && made.state != seal.state();
        (is_older || is_another).then_some(AuditFault::OlderThanHead { seq })
    }

    fn proves(&self, head: &Head) -> bool {
        let is_of_seal = |seal: &Seal| head.seal.as_ref().is_some_and(|made| made.lineage == seal.lineage);
        self.seal.is_some_and(is_of_seal)
    }
}

/// Walks the chain; returns the hashes of the rows that heads name.
fn walk(
    db: &rusqlite::Connection,
    heads: &[Head],
    faults: &mut Vec<AuditFault>,
) -> Result<BTreeMap<i64, String>, Error> {
    let named: BTreeSet<i64> = heads.iter().map(|head| head.seq).collect();
    let mut hashes: BTreeMap<i64, String> = BTreeMap::from([(0, GENESIS.to_owned())]);
    let (mut expected_seq, mut previous) = (1_i64, GENESIS.to_owned());
    let mut select = db.prepare(
        "SELECT seq, at, subject_kind, subject, kind, actor, actor_unit, on_behalf_of, claimed_at, client_id, detail,
                previous, hash, format, account, let_in_by, access, address FROM events ORDER BY seq",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let link = Link {
            seq: row.get(0)?,
            at: row.get(1)?,
            subject_kind: row.get(2)?,
            subject: row.get(3)?,
            kind: row.get(4)?,
            actor: row.get(5)?,
            actor_unit: row.get(6)?,
            on_behalf_of: row.get(7)?,
            claimed_at: row.get(8)?,
            client_id: row.get(9)?,
            detail: row.get(10)?,
            previous: row.get(11)?,
            format: row.get(13)?,
            account: row.get(14)?,
            let_in_by: row.get(15)?,
            access: row.get(16)?,
            address: row.get(17)?,
        };
        let hash: String = row.get(12)?;
        let (seq, subject, kind) = (link.seq, link.subject.clone(), link.kind.clone());
        if link.hash() != hash || !link.is_covered() {
            faults.push(AuditFault::Edited { seq, subject, kind });
        } else if seq > expected_seq {
            faults.push(AuditFault::Removed { from: expected_seq, to: seq - 1 });
        } else if link.previous != previous {
            faults.push(AuditFault::Moved { seq, subject, kind });
        }
        if named.contains(&seq) {
            hashes.insert(seq, hash.clone());
        }
        (expected_seq, previous) = (seq + 1, hash);
    }
    Ok(hashes)
}

/// Holds the state of every alert against the last state that its events name.
fn check_states(db: &rusqlite::Connection, faults: &mut Vec<AuditFault>) -> Result<i64, Error> {
    let mut select = db.prepare(
        "SELECT a.number, a.state, (
             SELECT e.detail FROM events e WHERE e.subject_kind = 'alert' AND e.subject = a.number
             AND (json_extract(e.detail, '$.state') IS NOT NULL OR e.kind = 'took_over') ORDER BY e.seq DESC LIMIT 1)
         FROM alerts a ORDER BY a.number",
    )?;
    let mut rows = select.query([])?;
    let mut alerts = 0;
    while let Some(row) = rows.next()? {
        alerts += 1;
        let (number, found): (String, String) = (row.get(0)?, row.get(1)?);
        let detail = row.get::<_, Option<Json<serde_json::Value>>>(2)?.map(|json| json.0).unwrap_or_default();
        let said = detail.get("state").or(detail.get("text")).and_then(serde_json::Value::as_str);
        // Before anybody acts an alert is open; the log of version 1 named its states by the kind alone.
        let expected = match said {
            Some(state) => state.to_owned(),
            None => first_log_state(db, &number)?,
        };
        if expected != found {
            faults.push(AuditFault::StateDiffers { number, expected, found });
        }
    }
    Ok(alerts)
}

fn first_log_state(db: &rusqlite::Connection, number: &str) -> Result<String, Error> {
    use rusqlite::OptionalExtension;
    let last: Option<String> = db
        .prepare_cached(
            "SELECT kind FROM events WHERE subject_kind = 'alert' AND subject = ?1
             AND kind IN ('acknowledged', 'closed') ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([number], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or_else(|| "open".to_owned()))
}

fn check_photos(db: &rusqlite::Connection, photos: &Photos, faults: &mut Vec<AuditFault>) -> Result<i64, Error> {
    // Those that findings name, too: whoever removes a photo removes its row with it.
    let mut select = db.prepare(
        "SELECT subject, hash FROM photos
         UNION SELECT e.subject, p.value FROM events e, json_each(e.detail, '$.finding.photos') p
         WHERE e.subject_kind = 'alert' AND e.kind = 'reported' ORDER BY 1, 2",
    )?;
    let mut rows = select.query([])?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        let (subject, hash): (String, String) = (row.get(0)?, row.get(1)?);
        read += 1;
        if photos.read(&hash).is_err() {
            faults.push(AuditFault::Photo { subject, hash });
        }
    }
    Ok(read)
}
