//! Proves the log: walks the hash chain and names the row that was edited, removed or moved.
//!
//! Also what follows from the log is held against it: the state of every case, the originals of
//! photos, and head hashes that were written outside the database. Removing the last rows leaves a
//! shorter chain that is whole in itself; only a head written outside shows that.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::codec::{Json, Millis};
use super::events::{GENESIS, Link};
use super::{Error, Photos, RowDamage, Store, digest};
use crate::domain::time::Timestamp;

/// The end of the log at some moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Number of the last event; 0 while there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// When it was written.
    pub at: Option<Timestamp>,
}

impl Head {
    /// Reads a line `SEQ HASH ...` of a file of heads.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let seq = words.next()?.parse().ok()?;
        let hash = words.next().filter(|hash| hash.len() == 64)?;
        Some(Self { seq, hash: hash.to_owned(), at: None })
    }

    /// The last head of a file of them.
    #[must_use]
    pub fn last_in(text: &str) -> Option<Self> {
        text.lines().rev().find_map(Self::parse)
    }
}

/// What is wrong, each with the row it is wrong in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum AuditFault {
    /// The columns of a row do not give its hash.
    #[error("event {seq} ({kind} of {subject}) was edited: its content does not give its hash（内容被改动）")]
    Edited {
        /// The row.
        seq: i64,
        /// What it is about.
        subject: String,
        /// Its kind.
        kind: String,
    },
    /// Rows are missing.
    #[error("events {from} to {to} were removed（记录被删除）")]
    Removed {
        /// First missing row.
        from: i64,
        /// Last missing row.
        to: i64,
    },
    /// A row does not follow the one before it.
    #[error(
        "event {seq} ({kind} of {subject}) does not follow the event before it: rows were moved or exchanged（顺序被改动）"
    )]
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
        "event {seq} had another hash when its head was written outside the database: the log was rewritten or cut（与库外存档不符）"
    )]
    HeadDiffers {
        /// The row.
        seq: i64,
    },
    /// A case's state is not what its events say.
    #[error("case {number} is {found} in its row, but its events end in {expected}（状态与记录不符）")]
    StateDiffers {
        /// The case.
        number: String,
        /// What its events say.
        expected: String,
        /// What its row says.
        found: String,
    },
    /// An original is gone or was changed.
    #[error("the photo {hash} of {subject} is missing or was changed（照片原件缺失或被改动）")]
    Photo {
        /// The case or burn plan.
        subject: String,
        /// The photo.
        hash: String,
    },
}

/// What verifying found.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// Events walked.
    pub events: i64,
    /// Cases whose state was held against their events.
    pub cases: i64,
    /// Originals read back.
    pub photos: i64,
    /// Heads from outside that were compared.
    pub heads: usize,
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
        self.faults.is_empty() && self.damage.is_empty()
    }
}

impl Store {
    /// The end of the log.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn audit_head(&self) -> Result<Head, Error> {
        self.read(head_of).await
    }

    /// Walks the whole log and everything that must agree with it.
    ///
    /// # Errors
    /// [`Error`] of the database; faults of the log come back inside.
    pub async fn verify_audit(&self, heads: Vec<Head>) -> Result<Audit, Error> {
        let photos = Photos::beside(self.path());
        self.read_apart(move |db| verify(db, &heads, &photos)).await
    }
}

/// The end of the log.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn head_of(db: &rusqlite::Connection) -> Result<Head, Error> {
    use rusqlite::OptionalExtension;
    let last = db
        .prepare_cached("SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok(Head { seq: row.get(0)?, hash: row.get(1)?, at: Some(row.get::<_, Millis>(2)?.0) }))
        .optional()?;
    Ok(last.unwrap_or_else(|| Head { seq: 0, hash: GENESIS.to_owned(), at: None }))
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

pub(super) fn verify(db: &rusqlite::Connection, heads: &[Head], photos: &Photos) -> Result<Audit, Error> {
    let mut faults = Vec::new();
    let hashes = walk(db, heads, &mut faults)?;
    for head in heads {
        if hashes.get(&head.seq) != Some(&head.hash) {
            faults.push(AuditFault::HeadDiffers { seq: head.seq });
        }
    }
    let cases = check_states(db, &mut faults)?;
    let pictures = check_photos(db, photos, &mut faults)?;
    let head = head_of(db)?;
    let events = db.query_row("SELECT count(*) FROM events", [], |row| row.get(0))?;
    let digest::Verified { rows, damage } = digest::verify(db)?;
    Ok(Audit { events, cases, photos: pictures, heads: heads.len(), head, faults, rows, damage })
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
                previous, hash FROM events ORDER BY seq",
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
        };
        let hash: String = row.get(12)?;
        let (seq, subject, kind) = (link.seq, link.subject.clone(), link.kind.clone());
        if link.hash() != hash {
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

/// Holds the state of every case against the last state that its events name.
fn check_states(db: &rusqlite::Connection, faults: &mut Vec<AuditFault>) -> Result<i64, Error> {
    let mut select = db.prepare(
        "SELECT a.number, a.state, (
             SELECT e.detail FROM events e WHERE e.subject_kind = 'alert' AND e.subject = a.number
             AND (json_extract(e.detail, '$.state') IS NOT NULL OR e.kind = 'took_over') ORDER BY e.seq DESC LIMIT 1)
         FROM alerts a ORDER BY a.number",
    )?;
    let mut rows = select.query([])?;
    let mut cases = 0;
    while let Some(row) = rows.next()? {
        cases += 1;
        let (number, found): (String, String) = (row.get(0)?, row.get(1)?);
        let detail = row.get::<_, Option<Json<serde_json::Value>>>(2)?.map(|json| json.0).unwrap_or_default();
        let said = detail.get("state").or(detail.get("text")).and_then(serde_json::Value::as_str);
        // Before anybody acts a case is open; the log of version 1 named its states by the kind alone.
        let expected = match said {
            Some(state) => state.to_owned(),
            None => first_log_state(db, &number)?,
        };
        if expected != found {
            faults.push(AuditFault::StateDiffers { number, expected, found });
        }
    }
    Ok(cases)
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
