//! What somebody does to an account: one transaction, with its event.

use rusqlite::{Transaction, params};
use serde_json::json;

use super::{
    Account, AccountError, Accounts, HandedOut, NewSecondStep, NewToken, Said, Standing, links, named, note,
    second_step, sessions, spelled, tokens,
};
use crate::domain::account::Role;
use crate::domain::actor::Actor;
use crate::domain::event_kind::AccountEvent;
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::codec::Millis;

/// Something done to an account.
#[derive(Debug, Clone)]
pub enum AccountChange {
    /// Gives it a password, by its hash; every other session of it ends, `keep` stays.
    Password {
        /// The hash.
        hash: String,
        /// The session that stays.
        keep: Option<i64>,
    },
    /// Disables it: it may not come in, and whoever is in under it is out.
    Disable,
    /// Lets it in again.
    Enable,
    /// Makes it another role, or another unit's: whoever is in under it signs in again, and links and tokens, which were
    /// given for what it was, end. That the unit exists and has the role's level was checked.
    Role(Standing),
    /// Sets its second step up; recovery codes of before are void, and its other sessions end.
    SecondStep(NewSecondStep),
    /// Takes its second step away.
    NoSecondStep,
    /// Makes a sign-in link; earlier ones that were not used are void.
    Link {
        /// Digest of its secret.
        secret_hash: String,
        /// When it ends.
        expires: Timestamp,
    },
    /// Makes a token.
    Token(NewToken),
    /// Ends one of its tokens.
    EndToken(i64),
    /// Ends one of its sessions.
    EndSession(i64),
    /// Notes that whoever is in has just proved again who he is; leaves no event.
    Prove(i64),
    /// Forgets the browsers that are known as its own, but one.
    ForgetBrowsers {
        /// The one that stays.
        keep: Option<String>,
    },
    /// Notes what it is about to be given; where that fails, it is not to be given.
    HandOut(HandedOut),
}

impl Accounts {
    /// Does something to an account; false where there was nothing to change.
    ///
    /// # Errors
    /// [`AccountError`]; then nothing was written.
    pub async fn change(
        &self,
        name: &str,
        change: AccountChange,
        by: Actor,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let name = spelled(name);
        self.store
            .try_write(move |tx| {
                let account = named(tx, &name)?;
                let Some((kind, detail)) = change.make(tx, &account, &by, now)? else { return Ok(false) };
                note(tx, &account, kind, &by, &detail, now)?;
                Ok(true)
            })
            .await
    }
}

impl AccountChange {
    fn make(self, tx: &Transaction<'_>, account: &Account, by: &Actor, now: Timestamp) -> Result<Said, AccountError> {
        Ok(match self {
            Self::Password { hash, keep } => set_password(tx, account.id, &hash, keep, now)?,
            Self::Disable => disable(tx, account, now)?,
            Self::Enable => enable(tx, account)?,
            Self::Role(to) => change_role(tx, account, &to, now)?,
            Self::SecondStep(new) => second_step::set(tx, account.id, &new, now)?,
            Self::NoSecondStep => second_step::remove(tx, account)?,
            Self::Link { secret_hash, expires } => links::make(tx, account, (&secret_hash, expires), by, now)?,
            Self::Token(new) => tokens::make(tx, account, &new, by, now)?,
            Self::EndToken(id) => tokens::end(tx, account.id, id, now)?,
            Self::EndSession(id) => sessions::end(tx, account.id, id, now)?,
            Self::Prove(session) => sessions::prove(tx, session, now)?,
            Self::ForgetBrowsers { keep } => sessions::forget_browsers(tx, account.id, keep.as_deref())?,
            Self::HandOut(what) => Some((what.kind(), what.detail())),
        })
    }
}

fn set_password(
    tx: &Transaction<'_>,
    account_id: i64,
    hash: &str,
    keep: Option<i64>,
    now: Timestamp,
) -> Result<Said, Error> {
    tx.execute("UPDATE accounts SET password_hash = ?2 WHERE id = ?1", params![account_id, hash])?;
    sessions::end_all(tx, account_id, keep, now)?;
    links::void_all(tx, account_id, now)?;
    second_step::forget_asked(tx, account_id)?;
    Ok(Some((AccountEvent::PasswordSet, json!({}))))
}

fn disable(tx: &Transaction<'_>, account: &Account, now: Timestamp) -> Result<Said, AccountError> {
    spare_last_admin(tx, account)?;
    if account.disabled_at.is_some() {
        return Ok(None);
    }
    tx.execute("UPDATE accounts SET disabled_at = ?2 WHERE id = ?1", params![account.id, Millis(now)])?;
    end_all(tx, account, now)?;
    Ok(Some((AccountEvent::Disabled, json!({}))))
}

fn enable(tx: &Transaction<'_>, account: &Account) -> Result<Said, Error> {
    if account.disabled_at.is_none() {
        return Ok(None);
    }
    tx.execute("UPDATE accounts SET disabled_at = NULL WHERE id = ?1", [account.id])?;
    Ok(Some((AccountEvent::Enabled, json!({}))))
}

fn change_role(tx: &Transaction<'_>, account: &Account, to: &Standing, now: Timestamp) -> Result<Said, AccountError> {
    if account.role == to.role && account.unit_code == to.unit {
        return Ok(None);
    }
    if to.role != Role::Admin {
        spare_last_admin(tx, account)?;
    }
    tx.execute(
        "UPDATE accounts SET role = ?2, unit_code = ?3 WHERE id = ?1",
        params![account.id, to.role.name(), to.unit.0],
    )?;
    end_all(tx, account, now)?;
    let detail = json!({"role": to.role, "unit": to.unit, "old_role": account.role, "old_unit": account.unit_code});
    Ok(Some((AccountEvent::RoleChanged, detail)))
}

/// Refuses to take the last administrator away.
fn spare_last_admin(tx: &Transaction<'_>, account: &Account) -> Result<(), AccountError> {
    let others: i64 = tx.query_row(
        "SELECT count(*) FROM accounts WHERE role = 'admin' AND disabled_at IS NULL AND id <> ?1",
        [account.id],
        |row| row.get(0),
    )?;
    if account.role == Role::Admin && others == 0 { Err(AccountError::LastAdmin) } else { Ok(()) }
}

/// Ends whatever brings somebody in under an account; tokens for good: whoever is let in again gets new ones.
fn end_all(tx: &Transaction<'_>, account: &Account, now: Timestamp) -> Result<(), Error> {
    sessions::end_all(tx, account.id, None, now)?;
    links::void_all(tx, account.id, now)?;
    tokens::end_all(tx, account.id, now)
}
