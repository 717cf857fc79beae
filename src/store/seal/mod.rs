//! The seal: what shows that rows or the log were changed by hand, even by whoever knows how digests are made.
//!
//! Every row has a keyed digest ([`super::digest`]), every table a sum over them, and the sums and the tip of the log
//! are sealed in each transaction, with a key that stands outside the database ([`key`]). A seal that does not agree
//! with what a transaction finds is not mended: it says from then on that nothing is proven ([`Distrust`]), until a
//! person accepts the database as it is. Why, and against whom: docs/decisions/0039 and docs/tampering.md.

pub(super) mod key;
mod sum;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub(super) use self::key::{Mac, SealKey};
pub(super) use self::sum::Sum;
use super::Error;
use super::codec::word;
use super::heads::head_of;

/// Why the seal proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Distrust {
    /// It was not made with the key: somebody changed it, or put another one in its place.
    Forged,
    /// It was gone.
    Removed,
    /// It was made with another key than the one that is there.
    OtherKey,
    /// The log ended in another event than was sealed.
    OtherLog,
    /// The digests of rows were to be made anew although no migration asked for it.
    BegunAnew,
}

impl Distrust {
    const ALL: [Self; 5] = [Self::Forged, Self::Removed, Self::OtherKey, Self::OtherLog, Self::BegunAnew];

    /// The word it is stored as.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Removed => "removed",
            Self::OtherKey => "other_key",
            Self::OtherLog => "other_log",
            Self::BegunAnew => "begun_anew",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|distrust| distrust.name() == name)
    }

    /// What it says, for logs.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Forged => "the seal in the database was not made with the key",
            Self::Removed => "the seal was removed from the database",
            Self::OtherKey => "the record was sealed with another key than the one that is there",
            Self::OtherLog => "the log ends in another event than was sealed: events were removed, added or exchanged",
            Self::BegunAnew => "the digests of rows were reset by hand",
        }
    }
}

/// The seal as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seal {
    /// Another one where all was sealed anew without the seal before.
    pub lineage: String,
    key_id: String,
    /// Rises with each sealed transaction.
    pub revision: i64,
    /// The tip of the log.
    pub tip: (i64, String),
    /// What did not agree once.
    pub distrust: Option<Distrust>,
    mac: Vec<u8>,
}

impl Seal {
    /// The seal; `None` where there is none, or more than one row in its place.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn read(db: &Connection) -> Result<Option<Self>, Error> {
        let found = db
            .prepare_cached(
                "SELECT lineage, key_id, revision, seq, hash, distrust, mac FROM seal
                 WHERE id = 1 AND (SELECT count(*) FROM seal) = 1",
            )?
            .query_row([], |row| {
                let distrust = row.get::<_, Option<String>>(5)?;
                Ok(Self {
                    lineage: row.get(0)?,
                    key_id: row.get(1)?,
                    revision: row.get(2)?,
                    tip: (row.get(3)?, row.get(4)?),
                    distrust: distrust.map(|text| word(&text, "distrust", Distrust::from_name)).transpose()?,
                    mac: row.get(6)?,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// A first seal, over what stands there now.
    ///
    /// # Errors
    /// [`Error`] of the database, or when the system gives no random bytes.
    pub(super) fn first(db: &Connection, key: &SealKey) -> Result<Self, Error> {
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| Error::File { path: "random bytes".into(), source: std::io::Error::other(error) })?;
        Ok(Self {
            lineage: hex::encode(random),
            key_id: key.id().to_owned(),
            revision: 0,
            tip: tip_of(db)?,
            distrust: None,
            mac: Vec::new(),
        })
    }

    /// Whether it was made with a key, by what stands in the database.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn is_made_with(&self, key: &SealKey, db: &Connection) -> Result<bool, Error> {
        Ok(self.key_id == key.id() && self.mac == self.mac_with(key, db)?)
    }

    /// Whether the log has another tip than was sealed.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn is_behind(&self, db: &Connection) -> Result<bool, Error> {
        Ok(tip_of(db)? != self.tip)
    }

    /// Whether the keyed digests of rows were made with this key.
    pub(super) fn covers_rows(&self, key: &SealKey) -> bool {
        !self.is_of_another_key(key) && self.distrust != Some(Distrust::OtherKey)
    }

    /// Whether it was made with another key.
    pub(super) fn is_of_another_key(&self, key: &SealKey) -> bool {
        self.key_id != key.id()
    }

    /// What does not agree now, or did not once: the seal with its key, the log with the seal.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn disagreement(&self, key: &SealKey, db: &Connection) -> Result<Option<Distrust>, Error> {
        Ok(if self.is_of_another_key(key) {
            Some(Distrust::OtherKey)
        } else if !self.is_made_with(key, db)? {
            Some(Distrust::Forged)
        } else if self.distrust.is_some() {
            self.distrust
        } else if tip_of(db)? != self.tip {
            Some(Distrust::OtherLog)
        } else {
            None
        })
    }

    /// Seals what stands in the transaction.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(super) fn put(mut self, tx: &Transaction<'_>, key: &SealKey) -> Result<(), Error> {
        self.revision += 1;
        self.tip = tip_of(tx)?;
        key.id().clone_into(&mut self.key_id);
        self.mac = self.mac_with(key, tx)?;
        tx.prepare_cached(
            "INSERT INTO seal (id, lineage, key_id, revision, seq, hash, distrust, mac)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET lineage = excluded.lineage, key_id = excluded.key_id,
                 revision = excluded.revision, seq = excluded.seq, hash = excluded.hash,
                 distrust = excluded.distrust, mac = excluded.mac",
        )?
        .execute(params![
            self.lineage,
            self.key_id,
            self.revision,
            self.tip.0,
            self.tip.1,
            self.distrust.map(Distrust::name),
            self.mac
        ])?;
        Ok(())
    }

    fn mac_with(&self, key: &SealKey, db: &Connection) -> Result<Vec<u8>, Error> {
        let mut parts: Vec<Vec<u8>> = vec![
            self.lineage.clone().into(),
            self.key_id.clone().into(),
            self.revision.to_le_bytes().into(),
            self.tip.0.to_le_bytes().into(),
            self.tip.1.clone().into(),
            self.distrust.map_or("", Distrust::name).into(),
        ];
        let mut tables =
            db.prepare_cached("SELECT id, name, schema_version, is_complete, sum FROM digested_tables ORDER BY id")?;
        let mut rows = tables.query([])?;
        while let Some(row) = rows.next()? {
            let (id, version, is_complete): (i64, i64, i64) = (row.get(0)?, row.get(2)?, row.get(3)?);
            parts.extend([id, version, is_complete].map(|number| number.to_le_bytes().to_vec()));
            parts.extend([row.get::<_, String>(1)?.into(), row.get(4)?]);
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        Ok(key.mac("seal", &parts).into())
    }

    /// What is sealed, in short: another one for any other content.
    pub(super) fn state(&self) -> String {
        hex::encode(self.mac.first_chunk::<16>().unwrap_or(&[0; 16]))
    }
}

/// Number and hash of the last event.
fn tip_of(db: &Connection) -> Result<(i64, String), Error> {
    let head = head_of(db)?;
    Ok((head.seq, head.hash))
}
