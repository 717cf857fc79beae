//! Coming in: by what was proved, by a link, by a second step.

use rusqlite::Transaction;

use super::second_step::{self, NewStep, Proof};
use super::sessions::{self, NewSession};
use super::{Account, AccountError, Accounts, links};
use crate::domain::time::Timestamp;
use crate::store::Error;
use crate::store::codec::Millis;

/// What somebody comes in by.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// What was proved elsewhere: a password, the city's own sign-on.
    Proved,
    /// A personal link, by the digest of its secret; it is used up.
    Link(String),
    /// The second step, by the digest of the secret of the first, and what proves it; it is used up.
    SecondStep(String, Proof),
}

impl Accounts {
    /// Opens a session, remembers the browser, and uses up what it is opened by, all or nothing; `None` when that is
    /// unknown, used, too old or wrong. Of a link or a second step the account is its own, whatever `session` says.
    ///
    /// # Errors
    /// [`AccountError::Disabled`], or of the database.
    pub async fn sign_in(
        &self,
        by: SignIn,
        session: NewSession,
        now: Timestamp,
    ) -> Result<Option<Account>, AccountError> {
        let open = move |tx: &Transaction<'_>| match &by {
            SignIn::Proved => Ok(Some(sessions::open(tx, &session, None, now)?.0)),
            SignIn::SecondStep(secret_hash, proof) => second_step::pass(tx, (secret_hash, proof), session, now),
            SignIn::Link(secret_hash) => {
                let Some((account, made_by)) = links::use_up(tx, secret_hash, now)? else { return Ok(None) };
                let session = NewSession { account_id: account.id, ..session };
                Ok(Some(sessions::open(tx, &session, made_by.as_deref(), now)?.0))
            }
        };
        self.store.try_write(open).await
    }

    /// Remembers who passed the first step, by a link that is used up with it or otherwise; false when the link is
    /// unknown, used or too old. Of a link the account is its own, whatever `step` says. Those who never passed the
    /// second step are forgotten.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn ask_second_step(
        &self,
        mut step: NewStep,
        link: Option<String>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let ask = move |tx: &Transaction<'_>| {
            let mut let_in_by = None;
            if let Some(link) = &link {
                let Some((account, made_by)) = links::use_up(tx, link, now)? else { return Ok(false) };
                (step.account_id, let_in_by) = (account.id, made_by);
            }
            second_step::ask(tx, &step, let_in_by.as_deref())?;
            tx.execute("DELETE FROM sign_in_steps WHERE expires_at <= ?1", [Millis(now)])?;
            Ok(true)
        };
        self.store.write(ask).await
    }
}
