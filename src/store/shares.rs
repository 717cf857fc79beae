//! What accounts used of their shares; it outlives a restart.
//!
//! Uses are added up over five minutes, so that a day of one account is a few hundred rows at most.

use rusqlite::{Transaction, params};

use super::codec::Millis;
use super::{Accounts, Error};
use crate::domain::share::{Share, Shares, Spent, room_from};
use crate::domain::time::{SignedDuration, Timestamp};

/// Uses of so long are one row.
const TOGETHER: SignedDuration = SignedDuration::from_mins(5);

impl Accounts {
    /// Uses some of an account's shares: all that is asked for, or nothing and which share is spent.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn use_shares(
        &self,
        account_id: i64,
        wanted: Vec<(Share, u64)>,
        shares: Shares,
        now: Timestamp,
    ) -> Result<Result<(), Spent>, Error> {
        self.store
            .write(move |tx| {
                for (share, amount) in &wanted {
                    let most = share.most(&shares);
                    let used = used(tx, account_id, *share, now)?;
                    if let Some(until) = room_from(*share, most, &used, *amount, now) {
                        let wait = until.duration_since(now).unsigned_abs();
                        return Ok(Err(Spent { share: *share, most, wait }));
                    }
                }
                wanted.into_iter().try_for_each(|(share, amount)| add(tx, account_id, (share, amount), now))?;
                Ok(Ok(()))
            })
            .await
    }
}

/// What was used when, oldest first; what counts no more is forgotten.
fn used(tx: &Transaction<'_>, account_id: i64, share: Share, now: Timestamp) -> Result<Vec<(Timestamp, u64)>, Error> {
    let since = now.checked_sub(share.window()).unwrap_or(Timestamp::MIN);
    tx.prepare_cached("DELETE FROM share_uses WHERE account_id = ?1 AND share = ?2 AND at <= ?3")?.execute(params![
        account_id,
        share.name(),
        Millis(since)
    ])?;
    let mut select =
        tx.prepare_cached("SELECT at, amount FROM share_uses WHERE account_id = ?1 AND share = ?2 ORDER BY at")?;
    let rows = select.query_map(params![account_id, share.name()], |row| {
        Ok((row.get::<_, Millis>(0)?.0, u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn add(tx: &Transaction<'_>, account_id: i64, (share, amount): (Share, u64), now: Timestamp) -> Result<(), Error> {
    let step = i64::try_from(TOGETHER.as_millis()).unwrap_or(i64::MAX);
    let at = now.as_millisecond().div_euclid(step) * step;
    tx.prepare_cached(
        "INSERT INTO share_uses (account_id, share, at, amount) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (account_id, share, at) DO UPDATE SET amount = amount + excluded.amount",
    )?
    .execute(params![account_id, share.name(), at, i64::try_from(amount).unwrap_or(i64::MAX)])?;
    Ok(())
}
