//! Heads: what is known of the record outside the database, a line for each time it was written down.
//!
//! A head names the last event and its hash, and what was sealed by then, and is itself made with the key: whoever has
//! the file alone can remove lines and not make any. Lines of before there was a seal end after the time.

use std::fmt;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::Error;
use super::codec::Millis;
use super::events::GENESIS;
use super::seal::SealKey;
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
    /// What was sealed then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<HeadSeal>,
}

/// What was sealed when a head was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadSeal {
    /// Sealed transactions so far.
    pub revision: i64,
    /// Since when they are counted.
    pub lineage: String,
    /// The state of all tables, in short.
    pub state: String,
    /// Which key.
    pub key: String,
    /// What the key makes of all of this.
    pub mac: String,
}

impl Head {
    /// Reads a line of a file of heads: `SEQ HASH [TIME [REVISION LINEAGE STATE KEY MAC]]`.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let seq = words.next()?.parse().ok()?;
        let hash = words.next().filter(|hash| hash.len() == 64)?.to_owned();
        let at = words.next().and_then(|word| word.parse().ok());
        let words: Vec<&str> = words.collect();
        let seal = match words[..] {
            [revision, lineage, state, key, mac] => Some(HeadSeal {
                revision: revision.parse().ok()?,
                lineage: lineage.to_owned(),
                state: state.to_owned(),
                key: key.to_owned(),
                mac: mac.to_owned(),
            }),
            _ => None,
        };
        Some(Self { seq, hash, at, seal })
    }

    /// The last head of a file of them.
    #[must_use]
    pub fn last_in(text: &str) -> Option<Self> {
        text.lines().rev().find_map(Self::parse)
    }

    /// What the key makes of it; `None` for a head without a seal.
    pub(super) fn mac(&self, key: &SealKey) -> Option<String> {
        let seal = self.seal.as_ref()?;
        let at = self.at.map(|at| at.to_string()).unwrap_or_default();
        let (seq, revision) = (self.seq.to_le_bytes(), seal.revision.to_le_bytes());
        let texts = [&self.hash, &at, &seal.lineage, &seal.state, &seal.key].map(String::as_bytes);
        Some(hex::encode(key.mac("head", &[&[&seq[..], &revision[..]], &texts[..]].concat())))
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.seq, self.hash)?;
        if let Some(at) = self.at {
            write!(f, " {at}")?;
        }
        match &self.seal {
            Some(HeadSeal { revision, lineage, state, key, mac }) => {
                write!(f, " {revision} {lineage} {state} {key} {mac}")
            }
            None => Ok(()),
        }
    }
}

/// Reads a file of heads.
///
/// # Errors
/// [`Error::File`] when it cannot be read or a line is no head.
pub fn read_heads(file: &Path) -> Result<Vec<Head>, Error> {
    let failed = |source| Error::File { path: file.to_owned(), source };
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(i, line)| {
            Head::parse(line).ok_or_else(|| {
                let expected = format!("line {}: expected the number and the hash of an event", i + 1);
                failed(std::io::Error::new(std::io::ErrorKind::InvalidData, expected))
            })
        })
        .collect()
}

/// The end of the log.
///
/// # Errors
/// [`Error`] of the database.
pub(super) fn head_of(db: &Connection) -> Result<Head, Error> {
    let last = db
        .prepare_cached("SELECT seq, hash, at FROM events ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Head { seq: row.get(0)?, hash: row.get(1)?, at: Some(row.get::<_, Millis>(2)?.0), seal: None })
        })
        .optional()?;
    Ok(last.unwrap_or_else(|| Head { seq: 0, hash: GENESIS.to_owned(), at: None, seal: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_was_written_and_those_of_before_there_was_a_seal_too() {
        let hash = "ab".repeat(32);
        let seal = HeadSeal {
            revision: 7,
            lineage: "0011".to_owned(),
            state: "22".to_owned(),
            key: "33".to_owned(),
            mac: "44".to_owned(),
        };
        let at = Some("2026-04-13T07:00:00Z".parse().unwrap());
        for head in [
            Head { seq: 12, hash: hash.clone(), at, seal: Some(seal) },
            Head { seq: 12, hash: hash.clone(), at, seal: None },
            Head { seq: 12, hash, at: None, seal: None },
        ] {
            assert_eq!(Head::parse(&head.to_string()), Some(head));
        }
        for bad in ["", "12", "12 abc", "x y"] {
            assert_eq!(Head::parse(bad), None, "{bad:?}");
        }
    }
}
