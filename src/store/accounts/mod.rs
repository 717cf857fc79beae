//! Accounts: made, disabled, given a password; how they come in is in [`sessions`], [`links`] and [`tokens`].
//!
//! Every change is an event of the log. Secrets come as digests only.

mod address;
mod handed_out;
mod links;
mod second_step;
mod sessions;
mod tokens;
mod wait;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use serde_json::json;

pub use address::class_of_address;
pub use handed_out::HandedOut;
pub use second_step::{Asked, NewStep, Proof, SecondStep};
pub use sessions::{HowIn, NewSession, SessionRow, Visit};
pub use tokens::{NewToken, TokenHolder, TokenRow};
pub use wait::{Attempt, FailedSignIn};

use super::codec::{Millis, word};
use super::events::{self, NewEvent, SubjectKind};
use super::{Error, Store};
use crate::domain::account::{BadName, Role, TokenPower, sign_in_name};
use crate::domain::actor::Actor;
use crate::domain::event_kind::AccountEvent;
use crate::domain::phone::Phone;
use crate::domain::plain_text;
use crate::domain::time::{SignedDuration, Timestamp};
use crate::domain::unit::UnitCode;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Surrogate id.
    pub id: i64,
    /// Typed to sign in.
    pub name: String,
    /// Stands in the log.
    pub person: String,
    /// What it is for.
    pub role: Role,
    /// The unit it stands for.
    pub unit_code: UnitCode,
    /// Telephone.
    pub phone: Option<Phone>,
    /// It may sign in with a password.
    pub has_password: bool,
    /// It is asked for a code of its authenticator too.
    pub has_second_step: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it may not come in.
    pub disabled_at: Option<Timestamp>,
    /// When it was last seen.
    pub last_seen_at: Option<Timestamp>,
    /// The last sign-in link that was made for it.
    pub link: Option<LinkMade>,
}

/// A sign-in link as the person and those above hear of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkMade {
    /// When it was made.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Through which account; `None` for a command on the machine.
    pub through: Option<String>,
}

/// How long the person and those above hear of a link: a weekend and more.
const LINK_TOLD_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Account {
    /// A link for it that was made lately, and not through itself.
    #[must_use]
    pub fn link_by_another(&self, now: Timestamp) -> Option<&LinkMade> {
        let is_told = |link: &&LinkMade| now.duration_since(link.at) < LINK_TOLD_FOR;
        self.link.as_ref().filter(is_told).filter(|link| link.through.as_ref() != Some(&self.name))
    }

    /// Who acts when this account does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::person(self.person.clone(), self.unit_code.clone())
    }
}

/// What an account is, and for which unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it is for.
    pub role: Role,
    /// The unit it stands for.
    pub unit: UnitCode,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Typed to sign in, in any spelling.
    pub name: String,
    /// Stands in the log.
    pub person: String,
    /// What it is for.
    pub role: Role,
    /// The unit it stands for; that it exists and has the role's level was checked.
    pub unit: UnitCode,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Hash of its password, if it has one.
    pub password_hash: Option<String>,
    /// Who it is for the city's own sign-on.
    pub subject: Option<String>,
}

/// Why something about accounts was not done; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// No such account.
    #[error("there is no account {0:?}")]
    Unknown(String),
    /// The name is taken.
    #[error("the name {0:?} is taken: choose another")]
    Taken(String),
    /// The name is none.
    #[error(transparent)]
    Name(#[from] BadName),
    /// The last administrator.
    #[error("this is the last administrator: make another first")]
    LastAdmin,
    /// The account may not come in.
    #[error("the account {0:?} is disabled")]
    Disabled(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<rusqlite::Error> for AccountError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

const ACCOUNT: &str = "SELECT c.id, c.name, c.person, c.role, c.unit_code, c.phone, c.password_hash IS NOT NULL,
    c.totp_secret IS NOT NULL, c.created_at, c.disabled_at, (SELECT max(last_seen_at) FROM sessions s WHERE s.account_id = c.id),
    c.link_made_at, c.link_made_by, c.link_made_through
    FROM accounts c";

fn read_account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get(0)?,
        name: row.get(1)?,
        person: row.get(2)?,
        role: word(&row.get::<_, String>(3)?, "role", Role::from_name)?,
        unit_code: UnitCode(row.get(4)?),
        phone: row.get::<_, Option<String>>(5)?.map(|text| Phone::kept(&text)),
        has_password: row.get(6)?,
        has_second_step: row.get(7)?,
        created_at: row.get::<_, Millis>(8)?.0,
        disabled_at: row.get::<_, Option<Millis>>(9)?.map(|at| at.0),
        last_seen_at: row.get::<_, Option<Millis>>(10)?.map(|at| at.0),
        link: match (row.get::<_, Option<Millis>>(11)?, row.get(12)?) {
            (Some(at), Some(by)) => Some(LinkMade { at: at.0, by, through: row.get(13)? }),
            _ => None,
        },
    })
}

fn named(db: &Connection, name: &str) -> Result<Account, AccountError> {
    let found =
        db.prepare_cached(&format!("{ACCOUNT} WHERE c.name = ?1"))?.query_row([name], read_account).optional()?;
    found.ok_or_else(|| AccountError::Unknown(name.to_owned()))
}

/// Notes in the log what was done to an account.
fn note(
    tx: &Transaction<'_>,
    account: &Account,
    kind: AccountEvent,
    by: &Actor,
    detail: &serde_json::Value,
    now: Timestamp,
) -> Result<(), Error> {
    events::append(tx, now, &NewEvent::plain((SubjectKind::Account, &account.name), kind.name(), by, detail))?;
    Ok(())
}

impl Store {
    /// All accounts, by name.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.read(|db| {
            let mut select = db.prepare_cached(&format!("{ACCOUNT} ORDER BY c.name"))?;
            let rows = select.query_map([], read_account)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// One account by its name, in any spelling.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or of the database.
    pub async fn account(&self, name: &str) -> Result<Account, AccountError> {
        let name = spelled(name);
        self.read(move |db| Ok(named(db, &name))).await?
    }

    /// The account that the city's own sign-on means by a subject.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or of the database.
    pub async fn account_of_subject(&self, subject: String) -> Result<Account, AccountError> {
        self.read(move |db| {
            let found = db
                .prepare_cached(&format!("{ACCOUNT} WHERE c.subject = ?1"))?
                .query_row([&subject], read_account)
                .optional()?;
            Ok(found.ok_or(AccountError::Unknown(subject)))
        })
        .await?
    }

    /// An account with the hash of its password, for signing in; `None` when there is no such account.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn password_of(&self, name: &str) -> Result<Option<(Account, Option<String>)>, Error> {
        let name = spelled(name);
        self.read(move |db| {
            let account = match named(db, &name) {
                Ok(account) => account,
                Err(AccountError::Store(error)) => return Err(error),
                Err(_unknown) => return Ok(None),
            };
            let hash =
                db.query_row("SELECT password_hash FROM accounts WHERE id = ?1", [account.id], |row| row.get(0))?;
            Ok(Some((account, hash)))
        })
        .await
    }

    /// Whether an account that may come in is of a person of this name at this unit.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn has_person(&self, actor: &Actor) -> Result<bool, Error> {
        let (name, unit) = (actor.name.clone(), actor.unit.as_ref().map(|unit| unit.0.clone()));
        self.read(move |db| {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM accounts WHERE person = ?1 AND unit_code = ?2 AND disabled_at IS NULL)";
            Ok(db.prepare_cached(sql)?.query_row(params![name, unit], |row| row.get(0))?)
        })
        .await
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`AccountError::Name`], [`AccountError::Taken`], or of the database.
    pub async fn add_account(&self, new: NewAccount, by: Actor, now: Timestamp) -> Result<Account, AccountError> {
        let (name, person) = (sign_in_name(&new.name)?, plain_text::person_name(&new.person));
        self.try_write(move |tx| {
            if named(tx, &name).is_ok() {
                return Err(AccountError::Taken(name));
            }
            tx.execute(
                "INSERT INTO accounts (name, person, role, unit_code, phone, password_hash, subject, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    name,
                    person,
                    new.role.name(),
                    new.unit.0,
                    new.phone.as_ref().map(Phone::as_str),
                    new.password_hash,
                    new.subject,
                    Millis(now)
                ],
            )?;
            let account = named(tx, &name)?;
            let detail = json!({"role": new.role, "unit": new.unit, "person": person});
            note(tx, &account, AccountEvent::Added, &by, &detail, now)?;
            Ok(account)
        })
        .await
    }

    /// Gives an account a password; every other session of it ends, `keep` stays.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or of the database.
    pub async fn set_password(
        &self,
        name: &str,
        hash: String,
        keep: Option<i64>,
        by: Actor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let name = spelled(name);
        self.try_write(move |tx| {
            let account = named(tx, &name)?;
            tx.execute("UPDATE accounts SET password_hash = ?2 WHERE id = ?1", params![account.id, hash])?;
            sessions::end_all(tx, account.id, keep, now)?;
            links::void_all(tx, account.id, now)?;
            second_step::forget_asked(tx, account.id)?;
            Ok(note(tx, &account, AccountEvent::PasswordSet, &by, &json!({}), now)?)
        })
        .await
    }

    /// Disables an account: it may not come in, and whoever is in under it is out.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::LastAdmin`], or of the database.
    pub async fn disable_account(&self, name: &str, by: Actor, now: Timestamp) -> Result<(), AccountError> {
        let name = spelled(name);
        self.try_write(move |tx| {
            let account = named(tx, &name)?;
            spare_last_admin(tx, &account)?;
            if account.disabled_at.is_some() {
                return Ok(());
            }
            tx.execute("UPDATE accounts SET disabled_at = ?2 WHERE id = ?1", params![account.id, Millis(now)])?;
            end_all(tx, &account, now)?;
            Ok(note(tx, &account, AccountEvent::Disabled, &by, &json!({}), now)?)
        })
        .await
    }

    /// Makes an account another role, or another unit's: whoever is in under it signs in again, and links and tokens,
    /// which were given for what it was, end. That the unit exists and has the role's level was checked.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], [`AccountError::LastAdmin`], or of the database.
    pub async fn change_role(&self, name: &str, to: Standing, by: Actor, now: Timestamp) -> Result<(), AccountError> {
        let name = spelled(name);
        self.try_write(move |tx| {
            let account = named(tx, &name)?;
            let from = Standing { role: account.role, unit: account.unit_code.clone() };
            if from == to {
                return Ok(());
            }
            if to.role != Role::Admin {
                spare_last_admin(tx, &account)?;
            }
            tx.execute(
                "UPDATE accounts SET role = ?2, unit_code = ?3 WHERE id = ?1",
                params![account.id, to.role.name(), to.unit.0],
            )?;
            end_all(tx, &account, now)?;
            let detail = json!({"role": to.role, "unit": to.unit, "old_role": from.role, "old_unit": from.unit});
            Ok(note(tx, &account, AccountEvent::RoleChanged, &by, &detail, now)?)
        })
        .await
    }

    /// Lets a disabled account in again.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or of the database.
    pub async fn enable_account(&self, name: &str, by: Actor, now: Timestamp) -> Result<(), AccountError> {
        let name = spelled(name);
        self.try_write(move |tx| {
            let account = named(tx, &name)?;
            if account.disabled_at.is_none() {
                return Ok(());
            }
            tx.execute("UPDATE accounts SET disabled_at = NULL WHERE id = ?1", [account.id])?;
            Ok(note(tx, &account, AccountEvent::Enabled, &by, &json!({}), now)?)
        })
        .await
    }
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

/// The one spelling of a name; what is no name stays as it is and is found nowhere.
fn spelled(name: &str) -> String {
    sign_in_name(name).unwrap_or_else(|BadName(text)| text)
}

fn power(text: &str) -> rusqlite::Result<TokenPower> {
    word(text, "power of a token", TokenPower::from_name)
}
