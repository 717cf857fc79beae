//! What brings an account in, as its owner and those who let it in see it.

use super::Accounts;
use super::second_step::{self, SecondStep};
use super::sessions::{SessionRow, known_browsers, sessions_of};
use super::tokens::{self, TokenRow};
use super::wait::{self, FailedSignIn};
use crate::domain::time::Timestamp;
use crate::store::Error;

/// What brings an account in, and what was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its sessions that have not ended, the last that was seen first.
    pub sessions: Vec<SessionRow>,
    /// Its tokens that have not ended, latest first.
    pub tokens: Vec<TokenRow>,
    /// The sign-ins under its name that failed lately, the newest first.
    pub failed: Vec<FailedSignIn>,
    /// How many browsers are known as its own.
    pub known_browsers: u32,
    /// What it has set up of a second step.
    pub second_step: Option<SecondStep>,
}

impl Accounts {
    /// What brings an account in, and what was tried.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn access(&self, account_id: i64, now: Timestamp) -> Result<Access, Error> {
        self.store
            .read(move |db| {
                Ok(Access {
                    sessions: sessions_of(db, account_id, now)?,
                    tokens: tokens::all_of(db, account_id, now)?,
                    failed: wait::failed_of(db, account_id, now)?,
                    known_browsers: known_browsers(db, account_id)?,
                    second_step: second_step::set_up(db, account_id)?,
                })
            })
            .await
    }
}
