//! Accounts: made, disabled, given a password; how they come in is in [`sessions`], [`links`] and [`tokens`].
//!
//! Every change is an event of the log. Secrets come as digests only.

mod access;
mod address;
mod change;
mod handed_out;
mod links;
mod second_step;
mod sessions;
mod sign_in;
mod tokens;
mod wait;

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction, params};
use serde::Serialize;
use serde_json::json;

pub use access::Access;
pub use address::class_of_address;
pub use change::AccountChange;
pub use handed_out::HandedOut;
pub use second_step::{Asked, NewSecondStep, NewStep, Proof, SecondStep};
pub use sessions::{NewSession, SessionRow, SignInMethod, Visit};
pub use sign_in::SignIn;
pub use tokens::{NewToken, TokenHolder, TokenRow};
pub use wait::{Attempt, FailedSignIn, MaySignIn};

use super::codec::{Millis, word};
use super::events::{self, NewEvent, SubjectKind};
use super::scoped::Scoped;
use super::{Error, Reader, Store};
use crate::domain::account::{BadName, Role, Scope, TokenPower, sign_in_name};
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

/// The event that a change leaves; `None` where there was nothing to change.
type Said = Option<(AccountEvent, serde_json::Value)>;

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

/// Which account is meant.
#[derive(Debug, Clone)]
pub enum Who {
    /// The one that is typed to sign in, in any spelling.
    Name(String),
    /// The one that the city's own sign-on means.
    Subject(String),
    /// One that may come in, of a person at a unit.
    Person(Actor),
}

impl From<&str> for Who {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl Who {
    fn found(&self, db: &Connection) -> Result<Account, AccountError> {
        let one = |condition: &str, values: &[&dyn ToSql]| -> Result<Option<Account>, AccountError> {
            let mut select = db.prepare_cached(&format!("{ACCOUNT} WHERE {condition}"))?;
            Ok(select.query_row(values, read_account).optional()?)
        };
        match self {
            Self::Name(name) => named(db, &spelled(name)),
            Self::Subject(subject) => {
                one("c.subject = ?1", &[subject])?.ok_or_else(|| AccountError::Unknown(subject.clone()))
            }
            Self::Person(Actor { name, unit, .. }) => {
                let unit = unit.as_ref().map(|unit| &unit.0);
                let found =
                    one("c.person = ?1 AND c.unit_code = ?2 AND c.disabled_at IS NULL LIMIT 1", &[name, &unit])?;
                found.ok_or_else(|| AccountError::Unknown(name.clone()))
            }
        }
    }
}

/// Accounts, what brings them in and what each of them used: all that the web is given of a database, beside what
/// somebody who came in sees of it ([`Scoped`]).
#[derive(Clone)]
pub struct Accounts {
    pub(in crate::store) store: Store,
}

impl Store {
    /// Its accounts.
    #[must_use]
    pub fn accounts(&self) -> Accounts {
        Accounts { store: self.clone() }
    }
}

impl Accounts {
    /// The same, read in somebody's line.
    #[must_use]
    pub fn read_by(&self, reader: Reader) -> Self {
        Self { store: self.store.read_by(reader) }
    }

    /// The store as somebody of a role sees it within a scope. Any unit may be a grid: an inspector of a township decides
    /// no more than one of a cell.
    #[must_use]
    pub fn seen_by(&self, scope: Arc<Scope>, role: Role) -> Scoped {
        Scoped::new(self.store.clone(), scope, role)
    }

    /// All of them, by name.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn all(&self) -> Result<Vec<Account>, Error> {
        self.store
            .read(|db| {
                let mut select = db.prepare_cached(&format!("{ACCOUNT} ORDER BY c.name"))?;
                let rows = select.query_map([], read_account)?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// One of them.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], or of the database.
    pub async fn find(&self, who: impl Into<Who>) -> Result<Account, AccountError> {
        let who = who.into();
        self.store.read(move |db| Ok(who.found(db))).await?
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`AccountError::Name`], [`AccountError::Taken`], or of the database.
    pub async fn add(&self, new: NewAccount, by: Actor, now: Timestamp) -> Result<Account, AccountError> {
        let (name, person) = (sign_in_name(&new.name)?, plain_text::person_name(&new.person));
        self.store
            .try_write(move |tx| {
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
}

/// The one spelling of a name; what is no name stays as it is and is found nowhere.
fn spelled(name: &str) -> String {
    sign_in_name(name).unwrap_or_else(|BadName(text)| text)
}

fn power(text: &str) -> rusqlite::Result<TokenPower> {
    word(text, "power of a token", TokenPower::from_name)
}
