//! The rows that say which alert or plan has which photo.

mod sweep;

use rusqlite::{Connection, Transaction, params};

use crate::domain::account::Scope;
use crate::domain::alert::AlertNumber;
use crate::domain::position::Position;
use crate::domain::time::Timestamp;
use crate::domain::unit::UnitCode;
use crate::media::{Photo, Photos};
use crate::store::codec::Millis;
use crate::store::events::SubjectKind;
use crate::store::query::sees_alert;
use crate::store::seen::Seen;
use crate::store::{Accounts, Error, Scoped};

/// Writes that an alert or plan has photos, their originals safe on disk already.
pub(in crate::store) fn file(
    tx: &Transaction<'_>,
    (kind, subject): (SubjectKind, &str),
    photos: &[Photo],
    event_seq: i64,
    now: Timestamp,
) -> Result<(), Error> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO photos (hash, subject_kind, subject, media_type, bytes, file_name, added_at, event_seq,
                             claimed_taken_at, claimed_lon, claimed_lat)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
    )?;
    for photo in photos {
        insert.execute(params![
            photo.hash,
            kind.name(),
            subject,
            photo.kind.media_type(),
            photo.bytes,
            photo.file_name,
            Millis(now),
            event_seq,
            photo.claims.taken_at,
            photo.claims.position.map(Position::lon),
            photo.claims.position.map(Position::lat),
        ])?;
    }
    Ok(())
}

impl Accounts {
    /// Notes who sent a photo; whoever sends it again has sent it now.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn photo_sent(&self, hash: &str, account_id: i64, now: Timestamp) -> Result<(), Error> {
        let hash = hash.to_owned();
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO photo_senders (hash, account_id, sent_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (hash, account_id) DO UPDATE SET sent_at = excluded.sent_at
                     WHERE excluded.sent_at > photo_senders.sent_at",
                    params![hash, account_id, Millis(now)],
                )?;
                Ok(())
            })
            .await
    }
}

impl Scoped {
    /// Whether an account may name a photo and see it: its sender, or who sees an alert or plan that names it.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn may_use_photo(&self, hash: &str, account_id: i64, now: Timestamp) -> Result<bool, Error> {
        let (name, seen, scope) = (hash.to_owned(), self.seen(), self.scope().clone());
        let read = move |db: &Connection| {
            Ok(is_sender(db, &name, account_id)? || is_of_alert(db, &name, &seen)? || is_of_plan(db, &name, &scope)?)
        };
        Ok(self.store().read(read).await? || self.claim_photo(hash, account_id, now).await?)
    }

    /// Takes an account for the sender of an original that stands and that nobody is on record for: the way from file
    /// to row was broken off, and only who has the picture knows its hash. True when it now is the sender.
    async fn claim_photo(&self, hash: &str, account_id: i64, now: Timestamp) -> Result<bool, Error> {
        let (photos, hash, name) = (Photos::beside(self.store().path()), hash.to_owned(), hash.to_owned());
        // Nearly always there is no such photo, and the writer is not asked.
        let stands =
            tokio::task::spawn_blocking(move || photos.holds(&name)).await.map_err(|_stopping| Error::Closed)??;
        if !stands {
            return Ok(false);
        }
        self.store()
            .write(move |tx| {
                tx.execute(
                    "INSERT INTO photo_senders (hash, account_id, sent_at) SELECT ?1, ?2, ?3
                 WHERE NOT EXISTS (SELECT 1 FROM photo_senders WHERE hash = ?1)
                   AND NOT EXISTS (SELECT 1 FROM photos WHERE hash = ?1)",
                    params![hash, account_id, Millis(now)],
                )?;
                // The task that keeps the photo may have noted the same sender just before.
                is_sender(tx, &hash, account_id)
            })
            .await
    }
}

fn is_sender(db: &Connection, hash: &str, account_id: i64) -> Result<bool, Error> {
    let mut select = db.prepare_cached("SELECT 1 FROM photo_senders WHERE hash = ?1 AND account_id = ?2")?;
    Ok(select.exists(params![hash, account_id])?)
}

/// Whether an alert that may be seen names a photo.
fn is_of_alert(db: &Connection, hash: &str, seen: &Seen) -> Result<bool, Error> {
    let mut select =
        db.prepare_cached("SELECT subject FROM photos WHERE hash = ?1 AND subject_kind = 'alert' ORDER BY subject")?;
    let numbers = select.query_map([hash], |row| row.get(0).map(AlertNumber))?.collect::<Result<Vec<_>, _>>()?;
    for number in numbers {
        if sees_alert(db, &number, seen)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a burn plan that may be seen names a photo.
fn is_of_plan(db: &Connection, hash: &str, scope: &Scope) -> Result<bool, Error> {
    let mut select = db.prepare_cached(
        "SELECT p.unit_code FROM photos f JOIN burn_plans p ON p.id = f.subject
         WHERE f.hash = ?1 AND f.subject_kind = 'plan'",
    )?;
    let units = select.query_map([hash], |row| row.get(0).map(UnitCode))?.collect::<Result<Vec<_>, _>>()?;
    Ok(units.iter().any(|unit| scope.concerns(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Role;
    use crate::domain::actor::Actor;
    use crate::store::{NewAccount, Store};

    #[tokio::test]
    async fn who_is_noted_as_the_sender_while_claiming_has_the_photo_and_another_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("firegrid.sqlite")).unwrap();
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(3, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let photo = Photos::beside(store.path()).keep(png.get_ref(), None).unwrap();
        let now: Timestamp = "2026-04-13T07:00:00Z".parse().unwrap();
        let mut accounts = Vec::new();
        for name in ["li", "wang"] {
            let account = NewAccount {
                name: name.to_owned(),
                person: name.to_owned(),
                role: Role::Inspector,
                unit: UnitCode("A".to_owned()),
                phone: None,
                password_hash: None,
                subject: None,
            };
            accounts.push(store.accounts().add(account, Actor::system(), now).await.unwrap().id);
        }
        // The task that keeps a photo notes its sender between the question and the claim.
        store.accounts().photo_sent(&photo.hash, accounts[0], now).await.unwrap();
        let claims = async |account| store.whole().claim_photo(&photo.hash, account, now).await.unwrap();
        assert!(claims(accounts[0]).await);
        assert!(!claims(accounts[1]).await);
    }
}
