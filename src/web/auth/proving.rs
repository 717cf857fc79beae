//! Proving once more who one is, before making what lets others in.

use super::Me;
use super::caller::Caller;
use super::password::{Refusal, try_password};
use crate::domain::account::PROVED_FOR;
use crate::domain::time::Timestamp;
use crate::store::AccountChange;
use crate::web::forms::refusal;
use crate::web::problem::Problem;
use crate::web::site::Web;
use crate::words::pages as w;

/// What somebody has to do before he makes what lets others in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Proving {
    /// Nothing: he has just come in, or typed his password.
    Nothing,
    /// Type his password.
    Password,
    /// He has none: come in again.
    SignIn,
}

impl Me {
    /// What has to be done before making what lets others in: a device that somebody found must not be enough.
    pub fn proving(&self, web: &Web) -> Proving {
        let is_fresh = |at: Timestamp| web.now().duration_since(at) < PROVED_FOR;
        if web.site.simulated || self.proved_at.is_some_and(is_fresh) {
            Proving::Nothing
        } else if self.account.has_password {
            Proving::Password
        } else {
            Proving::SignIn
        }
    }

    /// Refuses whoever has not just proved who he is, by coming in or by his password.
    pub async fn prove(&self, web: &Web, caller: &Caller, password: &str) -> Result<(), Problem> {
        let Some(session) = self.session else { return Err(Problem::NotByProgram) };
        match self.proving(web) {
            Proving::Nothing => Ok(()),
            Proving::SignIn => Err(refusal(w::account::SIGN_IN_AGAIN)),
            Proving::Password => {
                let attempt = caller.attempt(&self.account.name);
                match try_password(web, password, attempt).await? {
                    Ok(_) => {
                        let proved = AccountChange::Prove(session);
                        web.site.accounts.change(&self.account.name, proved, self.own_actor(), web.now()).await?;
                        Ok(())
                    }
                    Err(Refusal::Wait(_)) => Err(refusal(w::account::TOO_MANY_WRONG_PASSWORDS)),
                    Err(_wrong) => Err(refusal(w::account::TYPE_OWN_PASSWORD)),
                }
            }
        }
    }
}
